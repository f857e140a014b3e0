"""A layout proposed from a file that no layout fits: its header, the table, and a field for each column.

Headers are compared with every spelling that is known for a table: those of all layouts, and the labels of
``fields.toml`` in both languages, and those of ``synonyms.toml``. Nothing is decided here: a proposal is shown,
confirmed, and only then written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.draft import ITEM, MEASURES, Column, Proposal
from kinerja_lib.reading.finding import HEADER_LEVELS, HEADER_ROWS
from kinerja_lib.reading.formats import Sheet, read_sheets
from kinerja_lib.reading.headers import FUZZY, header_texts
from kinerja_lib.reading.layouts import Layout, load_layouts, normalise
from kinerja_lib.reading.likeness import allowed_fields, are_nips, graded, known_spellings, possible
from kinerja_lib.reading.sources import sources_of
from kinerja_lib.schema.fields import tables

CHOICES = 5
BY_VALUES = 95.0  # score of a column of NIPs whose header does not say so
_NEAR = 70.0  # a field this like a column is not missing, only to be confirmed


def propose(
    sheets: Sequence[Sheet],
    name: str,
    *,
    into: str | None = None,
    threshold: float = FUZZY,
    layouts: Sequence[Layout] | None = None,
) -> Proposal:
    """A layout for the sheet, among those given, whose header is known best.

    Parameters
    ----------
    sheets : sequence of Sheet
    name : str
        What the layout will be called.
    into : str, optional
        The table its rows belong to; found from the headers where absent.
    threshold : float
        Score from which a field is proposed rather than only offered.
    layouts : sequence of Layout, optional
        Whose spellings to compare with; the package's where absent.

    Raises
    ------
    ReadError
        No row looks like a header with a column of some table.
    """
    known = tuple(layouts) if layouts is not None else load_layouts()
    names = [into] if into else [one for one in tables() if one != "panel"]
    best: tuple[float, Proposal] | None = None
    for sheet in sheets:
        for start, depth in _header_places(sheet):
            headers = header_texts(sheet.rows, start, depth, sheet.merges)
            below = sheet.rows[start + depth : start + depth + 200]
            for one in names:
                columns = _columns(headers, below, one, known, threshold)
                found = Proposal(name, sheet.name, start + 1, depth, one, columns)
                worth = _worth(found)
                if worth > 0 and (best is None or worth > best[0]):
                    best = (worth, found)
    if best is None:
        raise ReadError(
            Both("tidak ada baris yang tampak sebagai tajuk tabel", en="no row looks like a table's header"),
            action=Both(
                "periksa apakah berkas bertajuk; bila perlu tunjuk lembarnya dengan --sheet",
                en="check that the file has a header; if need be name the sheet with --sheet",
            ),
        )
    return best[1]


def sheets_of(path: Path) -> list[Sheet]:
    """Sheets of a file, or of each file in an archive, that hold anything."""
    found = [sheet for source in sources_of(path, path.name) for sheet in read_sheets(source)]
    return [one for one in found if any(any(cell.strip() for cell in row) for row in one.rows)]


def layout_name(stem: str) -> str:
    """A file's name as a layout's: small letters, no years, no periods.

    >>> layout_name("Rekap SKP TW III 2025 (final)")
    'rekap-skp-final'
    """
    plain = re.sub(
        r"\b(tw|triwulan|semester|smt)[\s_.-]*([ivx]+|\d)\b|(?<!\d)(19|20)\d\d(?!\d)", " ", stem.lower()
    )
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "bentuk-baru"


def _header_places(sheet: Sheet) -> list[tuple[int, int]]:
    """First row and depth of each block that may be a header: texts of several columns, no long numbers."""
    places = []
    for row in range(min(HEADER_ROWS, len(sheet.rows))):
        if not _is_text(sheet.rows[row]):
            continue
        for depth in range(1, min(HEADER_LEVELS, len(sheet.rows) - row) + 1):
            if depth > 1 and not _is_text(sheet.rows[row + depth - 1], least=1):
                break
            places.append((row, depth))
    return places


def _is_text(row: Sequence[str], least: int = 2) -> bool:
    """Whether a row can be shown as headers: texts, no long number (which may be a person's), nothing long."""
    texts = [cell.strip() for cell in row if cell.strip()]
    return (
        len(texts) >= least
        and not any(re.search(r"\d{4,}", re.sub(r"[\s.'-]", "", text)) or len(text) > 80 for text in texts)
        and any(re.search(r"[A-Za-z]{2}", text) for text in texts)
    )


def _columns(
    headers: Sequence[tuple[str, ...]],
    below: Sequence[Sequence[str]],
    name: str,
    layouts: Sequence[Layout],
    threshold: float,
) -> tuple[Column, ...]:
    """A field for each column: each field once, to the header that is most like it."""
    spellings = known_spellings(name, layouts)
    ignored = {text for layout in layouts if layout.table == name for text in layout.ignored}
    likeness = [graded(levels, spellings) for levels in headers]
    columns = []
    for number, (levels, scores) in enumerate(zip(headers, likeness, strict=True)):
        if not levels:
            continue
        shown = " / ".join(" ".join(level.split()) for level in levels)
        choices = tuple(sorted(scores.items(), key=lambda item: -item[1])[:CHOICES])
        best = next(iter(choices), ("", 0.0))
        if name == "survei" and ITEM.fullmatch(shown.strip()):
            columns.append(Column(shown, None, 100.0, "item"))
        elif best[1] < 99 and normalise(" ".join(levels)) in ignored:
            columns.append(Column(shown, None, 100.0, "ignored", choices))
        elif best[1] >= threshold and (best[1] >= 99 or possible(below, number, best[0])):
            columns.append(Column(shown, best[0], best[1], _how(best[1]), choices))
        elif "nip" in allowed_fields(name) and are_nips(below, number):
            columns.append(Column(shown, "nip", BY_VALUES, "values", (("nip", BY_VALUES), *choices)))
        else:
            columns.append(Column(shown, None, best[1], "none", choices))
    top: dict[str, Column] = {}
    for column in columns:
        if column.field and (column.field not in top or column.score > top[column.field].score):
            top[column.field] = column
    return tuple(
        column
        if column.field is None or top[column.field] is column
        else replace(column, field=None, how="none")
        for column in columns
    )


def _how(score: float) -> str:
    return "exact" if score >= 100 else "normalised" if score >= 99 else "fuzzy"


def _worth(proposal: Proposal) -> float:
    """How well a proposal explains the header: columns alike and certain, what the table needs, few levels."""
    if not any(column.field for column in proposal.columns):
        return 0.0
    likeness = sum((column.score / 100) ** 2 for column in proposal.columns if column.how != "ignored")
    sure = sum(column.field is not None or column.how == "item" for column in proposal.columns)
    near = {name for column in proposal.columns for name, score in column.choices if score >= _NEAR}
    near |= {column.field for column in proposal.columns if column.field}
    missing = [sources for sources in proposal.lacking if not near & set(sources.split(" / "))]
    measures = MEASURES.get(proposal.table, ())
    measured = not measures or bool(near & set(measures))
    blank = 0.02 * proposal.levels + 0.01 * proposal.first_row
    return max(likeness + sure - 2 * len(missing) - 2 * (not measured) - blank, 0.0)
