"""Where the table is: the header's rows, the layout that fits, and what each row below is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.headers import header_texts, match_headers, missing_fields
from kinerja_lib.reading.layouts import Layout, normalise
from kinerja_lib.schema.raw import HeaderMatch, StructureRow

HEADER_ROWS = 20
HEADER_LEVELS = 5
SHORTEST_NIP = 9  # digits of the NIP that was in use before 2009

_TOTAL = re.compile(
    r"^(sub\s*-?\s*(total|jumlah)|grand\s+total|jumlah|jml|total|rata\s*-?\s*rata)\b", re.IGNORECASE
)
_SIGNATURE = re.compile(
    r"^(mengetahui|menyetujui|pimpinan|kepala |plt\.|a\.n\.|nip[.\s:]|[\w .]+, *\d{1,2} [A-Za-z]+ \d{4}$)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(
    r"^(\*+|catatan|keterangan|ket\.|sumber|(tanggal )?di(cetak|unduh)|tercetak|tanggal cetak|(halaman|hal\.) \d+)\b|^\*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\(?\d{1,3}\)?$")
_EXAMPLE = re.compile(r"^(contoh|misal(nya)?)\s*:", re.IGNORECASE)


@dataclass(frozen=True)
class Found:
    """A header that fits a layout: its first row (from 0), its depth, and its matches."""

    layout: Layout
    start: int
    depth: int
    matches: tuple[HeaderMatch, ...]

    @property
    def matched(self) -> int:
        """How many headers have a field."""
        return sum(match.field is not None for match in self.matches)


def find_table(
    sheet: Sheet, layouts: Sequence[Layout], start: int = 0, rows: int = HEADER_ROWS, hint: str = ""
) -> Found | None:
    """The header and the layout that fit a sheet best, within some rows; None where none fits wholly.

    Parameters
    ----------
    sheet : Sheet
    layouts : sequence of Layout
    start, rows : int
        First row (from 0) where a header may begin, and how many rows may.
    hint : str
        The file's path: it decides between layouts that fit equally well.

    Raises
    ------
    ReadError
        Two layouts fit equally well, read the columns differently, and neither the titles nor ``hint`` name one.
    """
    fitting = [
        found
        for found in _candidates(sheet, layouts, start, rows)
        if not missing_fields(found.matches, found.layout)
    ]
    best = max(fitting, key=_rank, default=None)
    if best is None:
        return None
    equal = [found for found in fitting if _rank(found) == _rank(best) and _differs(found, best)]
    return _decided([best, *equal], sheet, hint) if equal else best


def closest_table(sheet: Sheet, layouts: Sequence[Layout]) -> Found | None:
    """The candidate with the most matched headers, whether or not it has all that its layout needs."""
    return max(_candidates(sheet, layouts, 0, HEADER_ROWS, people=True), key=_rank, default=None)


def _rank(found: Found) -> tuple[float, ...]:
    known = sum(match.field is not None or match.how == "ignored" for match in found.matches)
    headers = sum(bool(match.header) for match in found.matches)
    certain = sum(match.score for match in found.matches if match.field)
    return (found.matched, known / max(headers, 1), certain, -found.depth, -found.start)


def _differs(one: Found, other: Found) -> bool:
    """Whether two layouts would give other rows: another table, other fields or other constants."""
    return (
        one.layout.table != other.layout.table
        or [match.field for match in one.matches] != [match.field for match in other.matches]
        or one.layout.constants != other.layout.constants
    )


def _decided(equal: Sequence[Found], sheet: Sheet, hint: str) -> Found:
    """The one whose name stands in the titles or the path; an error where that tells nothing."""
    titles = " ".join(text for row in sheet.rows[: equal[0].start] for text in row)
    words = set(normalise(f"{titles} {hint} {sheet.name}").split())
    told = [found for found in equal if words & (_words(found) - _common(equal))]
    if len(told) == 1:
        return told[0]
    names = ", ".join(sorted(found.layout.name for found in equal))
    raise ReadError(
        Both(
            f"{hint.rpartition('/')[2]}: beberapa bentuk cocok sama baik: {names}",
            en=f"{hint.rpartition('/')[2]}: several forms fit equally well: {names}",
        ),
        action=Both(
            "sebutkan bentuknya dalam nama berkas, atau tambah `required` pada layout",
            en="name the form in the file's name, or add to `required` of the layout",
        ),
    )


def _words(found: Found) -> set[str]:
    return {word for word in normalise(found.layout.name).split() if len(word) > 2}


def _common(equal: Sequence[Found]) -> set[str]:
    return set.intersection(*map(_words, equal))


def _candidates(
    sheet: Sheet, layouts: Sequence[Layout], start: int, rows: int, *, people: bool = False
) -> list[Found]:
    """Headers that some layout knows a part of; rows of people are looked at only where ``people`` says so."""
    known = spellings_of(layouts)
    found = []
    for row in range(start, min(start + rows, len(sheet.rows))):
        texts = [cell for cell in sheet.rows[row] if cell.strip()]
        person = not people and any(sum(map(str.isdigit, text)) >= SHORTEST_NIP for text in texts)
        if len(texts) < 2 or person or not any(normalise(text) in known for text in texts):
            continue
        for depth in range(1, min(HEADER_LEVELS, len(sheet.rows) - row) + 1):
            if depth > 1 and not _may_be_header(sheet.rows[row + depth - 1]):
                break
            headers = header_texts(sheet.rows, row, depth, sheet.merges)
            for layout in layouts:
                matches = match_headers(headers, layout)
                if any(match.field for match in matches):
                    found.append(Found(layout, row, depth, tuple(matches)))
    return found


def spellings_of(layouts: Sequence[Layout]) -> frozenset[str]:
    """All normalised headers that some layout knows."""
    return frozenset(spelling for layout in layouts for spelling in (*layout.spellings, *layout.ignored))


def _may_be_header(row: Sequence[str]) -> bool:
    texts = [cell.strip() for cell in row if cell.strip()]
    return (
        bool(texts)
        and len(texts) < len(row)
        and not any(re.search(r"\d{3,}", text) or _NUMBER.match(text) for text in texts)
    )


def classify_rows(
    sheet: Sheet, found: Found, first_title: int, end: int
) -> tuple[NDArray[np.int64], list[StructureRow]]:
    """Rows below the header, to ``end``: those with data (from 0), and what the others are (from 1).

    Only rows with few cells can be anything but data once the data has begun; these are looked at one by one.
    """
    width = len(found.matches)
    count = sheet.grid.filled()
    structure = [StructureRow(row + 1, "title") for row in range(first_title, found.start) if count[row]]
    structure += [StructureRow(row + 1, "header") for row in range(found.start, found.start + found.depth)]
    below = found.start + found.depth
    data = np.ones(max(end - below, 0), dtype=bool)
    few = count[below:end] <= max(3, width * 2 // 3, width // 5)
    signed, first = False, True
    for place in _suspects(few, data):
        if place and data[place - 1] and not signed and _second_row(sheet, found, below + int(place)):
            continue
        kind = (
            kind_of(_filled(sheet.rows[below + place]), width, first=first, signed=signed)
            if count[below + place]
            else "blank"
        )
        signed = signed or kind == "signature"
        if kind:
            structure.append(StructureRow(below + int(place) + 1, kind))
            data[place] = False
        else:
            first = False
    return np.flatnonzero(data) + below, structure


def _second_row(sheet: Sheet, found: Found, row: int) -> bool:
    """Whether a row holds nothing but the NIP that the person on the row above lacks: ``NIP. 1986…`` is no signature there."""
    cells = [place for place, cell in enumerate(sheet.rows[row]) if cell.strip()]
    if len(cells) != 1 or cells[0] >= len(found.matches) or found.matches[cells[0]].field != "nip":
        return False
    if sum(map(str.isdigit, sheet.rows[row][cells[0]])) < SHORTEST_NIP:
        return False  # a footnote may stand in the first column too
    above = sheet.rows[row - 1]
    return not above[cells[0]].strip() and any(cell.strip() for cell in above)


def _suspects(few: NDArray[np.bool_], data: NDArray[np.bool_]) -> Iterator[int]:
    """Every row until the first one that stays data, then the rows with few cells."""
    place = 0
    while place < len(few):
        yield place
        place += 1
        if data[place - 1]:
            break
    yield from map(int, np.flatnonzero(few[place:]) + place)


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def kind_of(texts: list[str], width: int, *, first: bool = False, signed: bool = False) -> str:
    """What a row below a header is, by its filled cells; an empty text for data.

    ``first``: no data row has come yet; ``signed``: a signature has.
    """
    if not texts:
        return "blank"
    few = len(texts) <= max(2, width // 5)
    if first and len(texts) >= min(3, width) and all(map(_NUMBER.match, texts)) and _counts(texts):
        return "number_row"
    if first and _EXAMPLE.match(texts[0]):
        return "example"
    if few and any(normalise(text) in ("data kosong", "tidak ada data", "nihil") for text in texts):
        return "no_data"
    if any(_TOTAL.match(text) for text in texts[:2]) and len(texts) <= max(3, width * 2 // 3):
        return "subtotal" if normalise(texts[0]).startswith(("sub", "jumlah")) else "total"
    if few and (signed or _SIGNATURE.match(texts[0])):
        return "signature"
    return "footnote" if few and _FOOTNOTE.match(texts[0]) else ""


def _counts(texts: list[str]) -> bool:
    numbers = [int(text.strip("()")) for text in texts]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2
