"""The index page of a period: all agencies with status, key figures and links; static, offline, one file.

Long because the rows of the page and their withholding stand beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

import pandas as pd

from kinerja_lib.language import Labels, numerals
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.headline import FIGURES, withheld
from kinerja_lib.reporting.plan import GOVERNMENT
from kinerja_lib.reporting.records import Record, latest
from kinerja_lib.schema.periode import Periode

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

GOOD = ("Baik", "Sangat Baik")
FORMATS = ("html", "pdf", "docx", "xlsx")
SHOWN = ("jp_share", "facilities", "ikm", "ip_asn")
YEARS_PAGE = "tahun-ke-tahun.html"
RUN_PAGE = "proses.html"
Links = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class IndexRow:
    """One line of the index.

    Attributes
    ----------
    code, name : str
    staff : int or None
        None where suppressed, like all figures.
    good : float or None
    trend : tuple of float
        By quarter, up to the period's end.
    files : mapping
        Links by template, language and format.
    figures : mapping
        The annual edition's key figures; empty for a quarter.
    state : str
        ``made``, ``failed`` or ``absent``.
    """

    code: str
    name: str
    staff: int | None
    good: float | None
    trend: tuple[float, ...]
    files: Links
    figures: Mapping[str, float | None] = field(default_factory=dict)
    state: str = "made"


def write_index(project: Project, periode: str, failed: Iterable[str] = ()) -> Path | None:
    """Write ``index.html`` of a period from the manifests that lie there.

    Parameters
    ----------
    project : Project
    periode : str
    failed : iterable of str
        Agencies whose report failed in the last run.

    Returns
    -------
    Path or None
        The page; None where the period has no report.
    """
    folder = project.folder("reports") / periode
    rows = index_rows(project, periode, failed)
    if not rows:
        return None
    path = folder / "index.html"
    write_atomic(path, _page(project, periode, rows).encode("utf-8"))
    return path


def index_rows(project: Project, periode: str, failed: Iterable[str] = ()) -> list[IndexRow]:
    """Lines of the index: the whole government first, then agencies by name; empty without any report."""
    from kinerja_lib.workflow import load_panel

    folder = project.folder("reports") / periode
    found: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for path in sorted(folder.glob("*/*.manifest.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        links = {kind: f"{path.parent.name}/{entry['name']}" for kind, entry in content["files"].items()}
        own = found.setdefault(content["instansi"], {})
        own.setdefault(content["template"], {})[content["lang"]] = links
    if not found:
        return []
    panel = load_panel(project, columns=["id_pegawai", "instansi", "periode", "predikat"])
    span = Periode(periode)
    quarters = [str(quarter) for quarter in span.quarters()]
    present = panel.loc[panel["periode"].isin(quarters), "instansi"].astype("str").unique()
    names = {entry.code: entry.name for entry in project.register().entries}
    figures, broken = _key_figures(project, latest(project, periode)), set(failed)
    rows = []
    for code in dict.fromkeys([GOVERNMENT, *found, *sorted(present), *broken]):
        state = "failed" if code in broken else "made" if code in found else "absent"
        name = project.config.project.name if code == GOVERNMENT else str(names.get(code, code))
        staff, good, trend = _panel_figures(project, panel, code, span)
        rows.append(
            IndexRow(
                code,
                name,
                staff,
                good,
                trend,
                found.get(code, {}),
                figures.get(code, {}),
                state,
            )
        )
    return sorted(_without_the_second(rows), key=lambda row: (row.code != GOVERNMENT, row.name))


def _without_the_second(rows: list[IndexRow]) -> list[IndexRow]:
    """Where one agency's share is withheld, the smallest other one's too: the first would follow from the whole."""
    agencies = [row for row in rows if row.code != GOVERNMENT and row.staff is not None]
    shown = [row for row in agencies if row.good is not None]
    if len(shown) != len(agencies) - 1 or not shown:
        return rows
    least = min(shown, key=lambda row: (row.staff or 0, row.code))
    return [replace(row, good=None, trend=()) if row is least else row for row in rows]


def _panel_figures(
    project: Project, panel: pd.DataFrame, code: str, periode: Periode
) -> tuple[int | None, float | None, tuple[float, ...]]:
    minimum = project.config.privacy.minimum_group
    rated = panel[panel["predikat"].notna() & (panel["periode"] <= str(periode.quarters()[-1]))]
    if code != GOVERNMENT:
        rated = rated[rated["instansi"] == code]
    good = rated["predikat"].isin(GOOD)
    inside = rated["periode"].isin([str(quarter) for quarter in periode.quarters()])
    staff = int(rated.loc[inside, "id_pegawai"].nunique())
    people = rated.groupby("periode")["id_pegawai"].nunique()
    by_quarter = good.groupby(rated["periode"]).mean()[people >= minimum].sort_index()
    share = float(good[inside].mean()) if staff >= minimum else None
    below = int(rated.loc[inside & ~good, "id_pegawai"].nunique())
    if share is not None and 0 < below < minimum:
        share = None
    trend = tuple(by_quarter)[-12:] if share is not None else ()
    return staff if staff >= minimum else None, share, trend


def _key_figures(project: Project, record: Record | None) -> dict[str, dict[str, float | None]]:
    """The annual edition's figures by agency; None where one is withheld."""
    if record is None:
        return {}
    hidden = withheld(record.figures, project.config.privacy.minimum_group)
    found: dict[str, dict[str, float | None]] = {}
    for code, own in record.figures.items():
        place = GOVERNMENT if code == "all" else code
        shown = {name: own[name] for name in SHOWN if name in own}
        found[place] = {
            name: None if code in hidden.get(name, ()) else float(entry["value"])
            for name, entry in shown.items()
        }
    return found


def _page(project: Project, periode: str, rows: list[IndexRow]) -> str:
    lang = project.config.project.lang
    labels = Labels(lang)
    words = labels.section("site")
    others = [
        path.parent.name
        for path in sorted(project.folder("reports").glob("*/index.html"), reverse=True)
        if path.parent.name != periode
    ]
    links = [f'<a href="../{escape(name)}/index.html">{escape(name)}</a>' for name in others]
    if (project.folder("reports") / YEARS_PAGE).is_file():
        links.append(f'<a href="../{YEARS_PAGE}">{words["years"]}</a>')
    if (project.folder("reports") / periode / RUN_PAGE).is_file():
        links.append(f'<a href="{RUN_PAGE}">{words["run"]}</a>')
    shown = [name for name in SHOWN if any(row.figures.get(name) is not None for row in rows)]
    heads = "\n".join(
        f'<th scope="col" class="n"><button type="button" data-column="{place}" title="{escape(words["sort"])}">'
        f"{escape(labels.text(f'site.{name}'))}</button></th>"
        for place, name in enumerate(shown, start=4)
    )
    return page_template("index.html").substitute(
        lang=lang,
        style=site_style(),
        title=escape(f"{words['title']}, {numerals.periode(periode, lang)}"),
        government=escape(project.config.project.name),
        synthetic=synthetic_mark(project),
        others=f"<p>{words['others']}: {', '.join(links)}</p>" if links else "",
        figures=heads,
        rows="\n".join(_line(row, shown, labels, words) for row in rows),
        trend=escape(words["quarters"]),
        **{
            name: escape(words[name])
            for name in ("agency", "staff", "good", "files", "search", "note", "sort", "state")
        },
    )


def page_template(name: str) -> Template:
    """A page of the site with its places to fill."""
    return Template(files("kinerja_lib.reporting").joinpath("assets", name).read_text(encoding="utf-8"))


def site_style() -> str:
    """The style sheet of the site's pages."""
    return files("kinerja_lib.reporting").joinpath("assets", "site.css").read_text(encoding="utf-8")


def synthetic_mark(project: Project) -> str:
    """The line that says that the data are synthetic, or nothing."""
    words = Labels(project.config.project.lang).section("site")
    return f'<p class="mark">{words["synthetic"]}</p>' if project.config.project.synthetic else ""


def _line(row: IndexRow, shown: list[str], labels: Labels, words: Mapping[str, str]) -> str:
    hidden = f'<span class="hidden">{words["hidden"]}</span>'
    name = f"{escape(row.name)}" + (f" <small>({words['whole']})</small>" if row.code == GOVERNMENT else "")
    staff = labels.integer(row.staff) if row.staff is not None else hidden
    good = labels.percent(row.good, 1) if row.good is not None else hidden
    cells = [
        f'<th scope="row">{name}</th>',
        f'<td class="n" data-value="{row.staff if row.staff is not None else -1}">{staff}</td>',
        f'<td class="n" data-value="{row.good if row.good is not None else -1:.6f}">{good}</td>',
        f"<td>{spark(row.trend, labels.lang, words['quarters'])}</td>",
    ]
    for key in shown:
        value = row.figures.get(key)
        text = hidden if value is None else figure_text(key, value, labels)
        cells.append(f'<td class="n" data-value="{-1 if value is None else value:.6f}">{text}</td>')
    cells.append(f'<td class="state {row.state}">{words[row.state]}</td>')
    cells.append(f'<td class="files">{_links(row, labels)}</td>')
    return f'<tr data-name="{escape(row.name.lower())}">{"".join(cells)}</tr>'


def figure_text(name: str, value: float, labels: Labels) -> str:
    """A key figure as the reports write it."""
    return labels.percent(value, 1) if FIGURES[name] else labels.number(value, 1)


def _links(row: IndexRow, labels: Labels) -> str:
    parts = []
    for template, languages in sorted(
        row.files.items(), key=lambda item: (item[0] != "laporan_tahunan", item[0])
    ):
        title = labels.text(f"template.{template}") if labels.has(f"template.{template}") else template
        for lang, links in sorted(languages.items(), reverse=True):
            items = " ".join(
                f'<a href="{escape(links[kind])}" '
                f'aria-label="{escape(f"{row.name}, {title}, {lang.upper()}, {kind.upper()}")}">{kind.upper()}</a>'
                for kind in FORMATS
                if kind in links
            )
            parts.append(f'{escape(title)} <span class="lang">{lang.upper()}</span> {items}')
    return "<br>".join(parts)


def spark(values: tuple[float, ...], lang: str, title: str, *, percent: bool = True) -> str:
    """A small line of values in time, with what it shows as its text."""
    if len(values) < 2:
        return "–"
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = 100 / (len(values) - 1)
    points = " ".join(
        f"{number * step:.1f},{22 - 20 * (value - low) / span:.1f}" for number, value in enumerate(values)
    )
    write = numerals.percent if percent else numerals.number
    first, last = (write(value, 1, lang) for value in (values[0], values[-1]))
    words = Labels(lang).section("site")
    text = f"{title}: {words['from']} {first} {words['to']} {last}"
    return (
        f'<svg class="spark" viewBox="-2 0 104 24" role="img" aria-label="{escape(text)}">'
        f'<polyline points="{points}"/></svg>'
    )
