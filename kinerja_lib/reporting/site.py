"""The index page of a period: all agencies with status, key figures and links; static, offline, one file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from kinerja_lib.language import Labels, numerals
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.headline import FIGURES
from kinerja_lib.reporting.plan import GOVERNMENT
from kinerja_lib.reporting.site_rows import SHOWN, IndexRow, index_rows

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

FORMATS = ("html", "pdf", "docx", "xlsx")
YEARS_PAGE = "tahun-ke-tahun.html"
RUN_PAGE = "proses.html"
STATES = ("made", "failed", "absent")


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


def _page(project: Project, periode: str, rows: list[IndexRow]) -> str:
    lang = project.config.project.lang
    labels = Labels(lang)
    words = labels.section("site")
    shown = [name for name in SHOWN if any(row.figures.get(name) is not None for row in rows)]
    all_ = labels.integer(len(rows))
    named = ("agency", "staff", "good", "files", "search", "note", "sort", "state", "every", "nothing")
    columns = [words[name] for name in ("files", "staff", "good", "quarters")]
    return page_template("index.html").substitute(
        lang=lang,
        style=site_style(),
        title=escape(f"{words['title']}, {numerals.periode(periode, lang)}"),
        government=escape(project.config.project.name),
        synthetic=synthetic_mark(project),
        others=_other_pages(project, periode, words),
        figures=_heads(shown, labels, words),
        labels=_phone_labels([*columns, *(labels.text(f"site.{name}") for name in shown), words["state"]]),
        states=_states(rows, words),
        count=escape(words["count"].format(shown=all_, all=all_)),
        pattern=escape(words["count"].format(shown="{0}", all=all_)),
        rows="\n".join(_line(row, shown, labels, words) for row in rows),
        trend=escape(words["quarters"]),
        **{name: escape(words[name]) for name in named},
    )


def _other_pages(project: Project, periode: str, words: Mapping[str, str]) -> str:
    """Links to the other editions, the years, and the run; nothing where there is none."""
    folder = project.folder("reports")
    pages = sorted(folder.glob("*/index.html"), reverse=True)
    others = [escape(path.parent.name) for path in pages if path.parent.name != periode]
    links = [f'<a href="../{name}/index.html">{name}</a>' for name in others]
    if (folder / YEARS_PAGE).is_file():
        links.append(f'<a href="../{YEARS_PAGE}">{words["years"]}</a>')
    if (folder / periode / RUN_PAGE).is_file():
        links.append(f'<a href="{RUN_PAGE}">{words["run"]}</a>')
    return f"<p>{words['others']}: {', '.join(links)}</p>" if links else ""


def _heads(shown: list[str], labels: Labels, words: Mapping[str, str]) -> str:
    """Heads of the key figures; the five columns before them stand in the page itself."""
    return "\n".join(
        f'<th scope="col" class="n"><button type="button" data-column="{place}" title="{escape(words["sort"])}">'
        f"{escape(labels.text(f'site.{name}'))}</button></th>"
        for place, name in enumerate(shown, start=5)
    )


def _states(rows: list[IndexRow], words: Mapping[str, str]) -> str:
    """The states that there are, to choose from."""
    found = {row.state for row in rows}
    return "".join(
        f'<option value="{name}">{escape(words[name])}</option>' for name in STATES if name in found
    )


def _phone_labels(names: list[str]) -> str:
    """Style rules that name each value of a line where the heads of the columns do not fit."""
    rules = []
    for place, name in enumerate(names, start=2):
        text = name.replace("\\", "").replace('"', "").replace("<", "")
        rules.append(f'tbody tr > :nth-child({place})::before {{ content: "{text}: " }}')
    return "@media screen and (max-width: 48rem) { " + " ".join(rules) + " }"


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
        f'<td class="files">{_links(row, labels)}</td>',
        f'<td class="n" data-value="{row.staff if row.staff is not None else -1}">{staff}</td>',
        f'<td class="n" data-value="{row.good if row.good is not None else -1:.6f}">{good}</td>',
        f"<td>{spark(row.trend, labels.lang, words['quarters'])}</td>",
    ]
    for key in shown:
        value = row.figures.get(key)
        text = hidden if value is None else figure_text(key, value, labels)
        cells.append(f'<td class="n" data-value="{-1 if value is None else value:.6f}">{text}</td>')
    cells.append(f'<td class="state {row.state}">{words[row.state]}</td>')
    return f'<tr data-name="{escape(row.name.lower())}" data-state="{row.state}">{"".join(cells)}</tr>'


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
