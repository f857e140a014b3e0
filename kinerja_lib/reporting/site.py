"""The index page of a period: all reports with their key figures and links; static, offline, one file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import pandas as pd

from kinerja_lib.language import numerals
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.plan import GOVERNMENT
from kinerja_lib.schema.periode import Periode

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

GOOD = ("Baik", "Sangat Baik")
FORMATS = ("html", "pdf", "docx", "xlsx")
_WORDS = {
    "id": {
        "title": "Laporan evaluasi kinerja", "agency": "Instansi", "staff": "Pegawai dinilai",
        "good": "Baik ke atas", "trend": "Tren triwulanan", "files": "Berkas", "search": "Cari instansi",
        "whole": "Seluruh pemerintah", "others": "Edisi lain", "hidden": "disamarkan",
        "synthetic": "DATA SINTETIS: semua orang dan angka di sini dibuat oleh program.",
        "note": "Predikat Baik ke atas: bagian penilaian triwulanan pada periode ini. Kelompok kecil disamarkan.",
        "sort": "Urutkan", "from": "dari", "to": "menjadi",
    },
    "en": {
        "title": "Performance evaluation reports", "agency": "Agency", "staff": "Employees appraised",
        "good": "Baik or better", "trend": "Quarterly trend", "files": "Files", "search": "Find an agency",
        "whole": "The whole government", "others": "Other editions", "hidden": "suppressed",
        "synthetic": "SYNTHETIC DATA: every person and number here was made by a program.",
        "note": "Baik or better: share of the quarterly appraisals of this period. Small groups are suppressed.",
        "sort": "Sort", "from": "from", "to": "to",
    },
}  # fmt: skip


@dataclass(frozen=True)
class IndexRow:
    """One line of the index: an agency, its figures (None where suppressed), its files by language."""

    code: str
    name: str
    staff: int | None
    good: float | None
    trend: tuple[float, ...]
    files: dict[str, dict[str, str]]


def write_index(project: Project, periode: str) -> Path | None:
    """Write ``index.html`` of a period from the manifests that lie there.

    Returns
    -------
    Path or None
        The page; None where the period has no report.
    """
    folder = project.folder("reports") / periode
    rows = index_rows(project, periode)
    if not rows:
        return None
    path = folder / "index.html"
    write_atomic(path, _page(project, periode, rows).encode("utf-8"))
    return path


def index_rows(project: Project, periode: str) -> list[IndexRow]:
    """Lines of the index: the whole government first, then agencies by name."""
    from kinerja_lib.workflow import load_panel

    folder = project.folder("reports") / periode
    found: dict[str, dict[str, dict[str, str]]] = {}
    for path in sorted(folder.glob("*/*.manifest.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        links = {kind: f"{path.parent.name}/{entry['name']}" for kind, entry in content["files"].items()}
        found.setdefault(content["instansi"], {})[content["lang"]] = links
    if not found:
        return []
    panel = load_panel(project, columns=["id_pegawai", "instansi", "periode", "predikat"])
    names = {entry.code: entry.name for entry in project.register().entries}
    rows = [_row(code, names, panel, Periode(periode), links, project) for code, links in found.items()]
    return sorted(rows, key=lambda row: (row.code != GOVERNMENT, row.name))


def _row(
    code: str,
    names: Any,
    panel: pd.DataFrame,
    periode: Periode,
    links: dict[str, dict[str, str]],
    project: Project,
) -> IndexRow:
    minimum = project.config.privacy.minimum_group
    whole = code == GOVERNMENT
    rated = (
        panel[panel["predikat"].notna()]
        if whole
        else panel[(panel["instansi"] == code) & panel["predikat"].notna()]
    )
    good = rated["predikat"].isin(GOOD)
    inside = rated["periode"].isin([str(quarter) for quarter in periode.quarters()])
    staff = int(rated.loc[inside, "id_pegawai"].nunique())
    people = rated.groupby("periode")["id_pegawai"].nunique()
    by_quarter = good.groupby(rated["periode"]).mean()[people >= minimum].sort_index()
    share = float(good[inside].mean()) if staff >= minimum else None
    below = int(rated.loc[inside & ~good, "id_pegawai"].nunique())
    if share is not None and 0 < below < minimum:
        share = None
    name = project.config.project.name if whole else str(names.get(code, code))
    return IndexRow(
        code,
        name,
        staff if staff >= minimum else None,
        share,
        tuple(by_quarter) if share is not None else (),
        links,
    )


def _page(project: Project, periode: str, rows: list[IndexRow]) -> str:
    lang = project.config.project.lang
    words = _WORDS[lang]
    page = Template(
        files("kinerja_lib.reporting").joinpath("assets", "index.html").read_text(encoding="utf-8")
    )
    others = [
        path.parent.name
        for path in sorted(project.folder("reports").glob("*/index.html"), reverse=True)
        if path.parent.name != periode
    ]
    links = ", ".join(f'<a href="../{escape(name)}/index.html">{escape(name)}</a>' for name in others)
    return page.substitute(
        lang=lang,
        title=escape(f"{words['title']}, {numerals.periode(periode, lang)}"),
        government=escape(project.config.project.name),
        synthetic=f'<p class="mark">{words["synthetic"]}</p>' if project.config.project.synthetic else "",
        others=f"<p>{words['others']}: {links}</p>" if others else "",
        rows="\n".join(_line(row, lang, words) for row in rows),
        **{
            name: escape(words[name])
            for name in ("agency", "staff", "good", "trend", "files", "search", "note", "sort")
        },
    )


def _line(row: IndexRow, lang: str, words: dict[str, str]) -> str:
    hidden = f'<span class="hidden">{words["hidden"]}</span>'
    name = f"{escape(row.name)}" + (f" <small>({words['whole']})</small>" if row.code == GOVERNMENT else "")
    staff = numerals.integer(row.staff, lang) if row.staff is not None else hidden
    good = numerals.percent(row.good, 1, lang) if row.good is not None else hidden
    cells = [
        f'<th scope="row">{name}</th>',
        f'<td class="n" data-value="{row.staff if row.staff is not None else -1}">{staff}</td>',
        f'<td class="n" data-value="{row.good if row.good is not None else -1:.6f}">{good}</td>',
        f"<td>{_spark(row.trend, lang, words)}</td>",
        f"<td>{_links(row, words)}</td>",
    ]
    return f'<tr data-name="{escape(row.name.lower())}">{"".join(cells)}</tr>'


def _links(row: IndexRow, words: dict[str, str]) -> str:
    parts = []
    for lang, links in sorted(row.files.items(), reverse=True):
        items = " ".join(
            f'<a href="{escape(links[kind])}" aria-label="{escape(row.name)}, {lang.upper()}, {kind.upper()}">{kind.upper()}</a>'
            for kind in FORMATS
            if kind in links
        )
        parts.append(f'<span class="lang">{lang.upper()}</span> {items}')
    return "<br>".join(parts)


def _spark(values: tuple[float, ...], lang: str, words: dict[str, str]) -> str:
    """A small line of the quarters, with what it shows as its text."""
    if len(values) < 2:
        return "–"
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = 100 / (len(values) - 1)
    points = " ".join(
        f"{number * step:.1f},{22 - 20 * (value - low) / span:.1f}" for number, value in enumerate(values)
    )
    first, last = (numerals.percent(value, 1, lang) for value in (values[0], values[-1]))
    text = f"{words['trend']}: {words['from']} {first} {words['to']} {last}"
    return (
        f'<svg class="spark" viewBox="-2 0 104 24" role="img" aria-label="{escape(text)}">'
        f'<polyline points="{points}"/></svg>'
    )
