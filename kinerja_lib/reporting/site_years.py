"""The page ``tahun-ke-tahun.html``: each key figure of each agency in all years of the data."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import open_edition
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.comparison.figures import figures_by_agency, values
from kinerja_lib.reporting.headline import FIGURES, withheld
from kinerja_lib.reporting.site import (
    YEARS_PAGE,
    figure_text,
    page_template,
    site_style,
    spark,
    synthetic_mark,
)

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

Table = dict[str, dict[int, float | None]]


def write_years(project: Project, periode: str) -> Path | None:
    """Write the page; None where the data hold one year only.

    Parameters
    ----------
    project : Project
    periode : str
        A year of the data.
    """
    found = yearly_figures(project, periode)
    years = sorted({year for table in found.values() for row in table.values() for year in row})
    if len(years) < 2:
        return None
    lang = project.config.project.lang
    labels = Labels(lang)
    names = {entry.code: entry.name for entry in project.register().entries}
    names["all"] = project.config.project.name
    page = page_template("years.html").substitute(
        lang=lang,
        title=escape(labels.text("site.years_title", first=years[0], last=years[-1])),
        style=site_style(),
        government=escape(project.config.project.name),
        synthetic=synthetic_mark(project),
        contents=escape(labels.text("site.contents")),
        links="\n".join(
            f'<li><a href="#{name}">{escape(labels.text(f"compare.{name}"))}</a></li>' for name in found
        ),
        tables="\n".join(_section(name, table, years, names, labels) for name, table in found.items()),
        note=escape(labels.text("site.years_note", n=project.config.privacy.minimum_group)),
    )
    path = project.folder("reports") / YEARS_PAGE
    write_atomic(path, page.encode("utf-8"))
    return path


def yearly_figures(project: Project, periode: str) -> dict[str, Table]:
    """By figure, agency (``all`` first) and year: the value, None where it is withheld; by today's method."""
    edition = open_edition("all", periode, "id", project.root)
    smallest = project.config.privacy.minimum_group
    found: dict[str, Table] = {name: {} for name in FIGURES}
    for year in sorted({int(year) for year in edition.tables["panel"]["tahun"].dropna()}):
        by_agency = figures_by_agency(values(edition, year))
        hidden = withheld(by_agency, smallest)
        for code in ("all", *sorted(set(by_agency) - {"all"})):
            for name, entry in by_agency[code].items():
                safe = code not in hidden.get(name, ())
                found[name].setdefault(code, {})[year] = float(entry["value"]) if safe else None
    return {name: table for name, table in found.items() if table}


def _section(name: str, table: Table, years: list[int], names: dict[str, str], labels: Labels) -> str:
    title = labels.text(f"compare.{name}")
    heads = "".join(f'<th scope="col" class="n">{year}</th>' for year in years)
    rows = "\n".join(_row(name, names.get(code, code), row, years, labels) for code, row in table.items())
    return (
        f'<h2 id="{name}">{escape(title)}</h2>\n<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(title, quote=True)}"><table><thead><tr>'
        f'<th scope="col">{escape(labels.column("instansi"))}</th>{heads}'
        f'<th scope="col">{escape(labels.text("site.trend"))}</th></tr></thead>\n<tbody>{rows}</tbody></table></div>'
    )


def _row(name: str, label: str, row: dict[int, float | None], years: list[int], labels: Labels) -> str:
    hidden = f'<span class="hidden">{escape(labels.text("site.hidden"))}</span>'
    cells = []
    for year in years:
        value = row.get(year)
        text = (
            hidden
            if year in row and value is None
            else "–"
            if value is None
            else figure_text(name, value, labels)
        )
        cells.append(f'<td class="n">{text}</td>')
    line = tuple(value for year in years if (value := row.get(year)) is not None)
    drawn = spark(line, labels.lang, label, percent=FIGURES[name])
    return f'<tr><th scope="row">{escape(label)}</th>{"".join(cells)}<td>{drawn}</td></tr>'
