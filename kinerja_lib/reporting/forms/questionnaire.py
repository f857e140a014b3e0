"""The survey on paper: an A4 page a respondent, tagged for screen readers, set by typst."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Mapping
from importlib.resources import as_file
from pathlib import Path
from typing import Any

from kinerja_lib.language import Labels
from kinerja_lib.reading.layouts import load_layouts
from kinerja_lib.reporting.forms.catalogue import Form
from kinerja_lib.reporting.typst_blocks import quoted
from kinerja_lib.reporting.words import ASSETS

STEPS = 5
_MADE = dt.datetime(2000, 1, 1)  # a fixed date, so that the same form has the same bytes
_HEAD = """\
#set document(title: {title}, date: datetime(year: {year}, month: 1, day: 1))
#set page(paper: "a4", margin: (x: 18mm, y: 16mm), numbering: "1/1")
#set text(font: ("Source Sans Pro", "DejaVu Sans Mono"), size: 10pt, lang: {lang})
#set par(leading: 0.5em)
#show heading.where(level: 1): set text(size: 15pt)
#show heading.where(level: 2): set text(size: 11pt)
#let tick = box(width: 9pt, height: 9pt, stroke: 0.7pt)
#let line-of(label) = grid(columns: (32mm, 1fr), align: bottom, text(label), box(width: 100%, height: 13pt, stroke: (bottom: 0.5pt)))
#let places(..lines) = grid(columns: (1fr, 1fr), column-gutter: 8mm, row-gutter: 4pt, ..lines)
#let asked(rows) = table(
  columns: (12mm, 1fr) + ({steps} * (9mm,)),
  align: (x, y) => if x < 2 {{ left + horizon }} else {{ center + horizon }},
  stroke: 0.4pt + luma(150),
  inset: 3.6pt,
  table.header(..({heads}).map(strong)),
  ..rows.map(row => (row.at(0), row.at(1), ..range({steps}).map(_ => tick))).flatten(),
)
"""


def render_questionnaire(form: Form, lang: str = "id") -> bytes:
    """The bytes of the questionnaire as PDF/UA; the same form gives the same bytes.

    Parameters
    ----------
    form : Form
        With ``items``.
    """
    import typst

    standards: Any = ["ua-1", "a-2a"]
    with tempfile.TemporaryDirectory() as name, as_file(ASSETS.joinpath("fonts")) as fonts:
        file = Path(name) / "main.typ"
        file.write_text(questionnaire_source(form, lang), encoding="utf-8")
        made = typst.compile(
            str(file), root=name, pdf_standards=standards, font_paths=[str(fonts)], ignore_system_fonts=True
        )
    return bytes(made)


def questionnaire_source(form: Form, lang: str = "id") -> str:
    """The typst document: purpose, who may read it, place and time, then the statements by scale."""
    labels = Labels(lang)
    title = form.title.text(lang)
    heads = ", ".join(map(quoted, ("No.", labels.text("forms.question"), *map(str, range(1, STEPS + 1)))))
    parts = [
        _HEAD.format(title=quoted(title), year=_MADE.year, lang=quoted(lang), steps=STEPS, heads=heads),
        f"= #text({quoted(title)})",
        f"#text({quoted(labels.text('forms.purpose'))})",
        f"#places({', '.join(f'line-of({quoted(heading)})' for heading in _places(form))})",
        f"#text({quoted(labels.text('forms.scale'))})",
    ]
    for group, items in _groups(form, lang).items():
        rows = ", ".join(f"({quoted(code)}, {quoted(text)})" for code, text in items.items())
        parts += [f"== #text({quoted(labels.text(f'forms.{group}'))})", f"#asked(({rows},))"]
    return "\n\n".join(parts) + "\n"


def _places(form: Form) -> list[str]:
    """Headings of what is asked beside the statements."""
    return [column.heading for column in form.columns if column.name not in form.items]


def _groups(form: Form, lang: str) -> Mapping[str, Mapping[str, str]]:
    """Statements by the instrument that their first letter stands for."""
    layout = next(one for one in load_layouts() if one.name == form.layout)
    found: dict[str, dict[str, str]] = {}
    for code, text in form.items.items():
        found.setdefault(str(layout.melt["groups"][code[0]]), {})[code] = text.text(lang)
    return found
