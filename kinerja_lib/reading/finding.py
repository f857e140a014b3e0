"""Where the table is: the header's rows, the layout that fits, and what each row below is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.headers import header_texts, match_headers, missing_fields
from kinerja_lib.reading.layouts import Layout, normalise
from kinerja_lib.schema.raw import HeaderMatch, StructureRow

HEADER_ROWS = 20
HEADER_LEVELS = 5

_TOTAL = re.compile(r"^(sub\s*-?\s*total|jumlah|jml|total|rata\s*-?\s*rata)\b", re.IGNORECASE)
_SIGNATURE = re.compile(
    r"^(mengetahui|menyetujui|pimpinan|kepala |plt\.|a\.n\.|nip[.\s:]|[\w .]+, *\d{1,2} [A-Za-z]+ \d{4}$)",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"^(\*+|catatan|keterangan|ket\.|sumber)\b|^\*", re.IGNORECASE)
_NUMBER = re.compile(r"^\(?\d{1,3}\)?$")
_AGENCY = re.compile(
    r"^(dinas|badan|sekretariat|inspektorat|kecamatan|rumah sakit|satuan|kantor|rsud)\b", re.IGNORECASE
)


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


def find_table(sheet: Sheet, layouts: Sequence[Layout], start: int = 0) -> Found | None:
    """The header and the layout that fit a sheet best, at or below a row; None where none fits wholly."""
    best: Found | None = None
    for found in _candidates(sheet, layouts, start):
        if missing_fields(found.matches, found.layout):
            continue
        if best is None or _rank(found) > _rank(best):
            best = found
    return best


def closest_table(sheet: Sheet, layouts: Sequence[Layout]) -> Found | None:
    """The candidate with the most matched headers, whether or not it has all that its layout needs."""
    return max(_candidates(sheet, layouts, 0), key=_rank, default=None)


def _rank(found: Found) -> tuple[float, ...]:
    known = sum(match.field is not None or match.how == "ignored" for match in found.matches)
    headers = sum(bool(match.header) for match in found.matches)
    certain = sum(match.score for match in found.matches if match.field)
    return (found.matched, known / max(headers, 1), certain, -found.depth, -found.start)


def _candidates(sheet: Sheet, layouts: Sequence[Layout], start: int) -> list[Found]:
    known = {spelling for layout in layouts for spelling in (*layout.spellings, *layout.ignored)}
    found = []
    for row in range(start, min(start + HEADER_ROWS, len(sheet.rows))):
        texts = [cell for cell in sheet.rows[row] if cell.strip()]
        if len(texts) < 2 or not any(normalise(text) in known for text in texts):
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


def _may_be_header(row: Sequence[str]) -> bool:
    texts = [cell.strip() for cell in row if cell.strip()]
    return (
        bool(texts)
        and len(texts) < len(row)
        and not any(re.search(r"\d{3,}", text) or _NUMBER.match(text) for text in texts)
    )


def classify_rows(sheet: Sheet, found: Found, end: int) -> tuple[list[int], list[StructureRow]]:
    """Rows below the header, to ``end``: those with data (from 0), and what the others are (from 1)."""
    data: list[int] = []
    structure = [StructureRow(row + 1, "title") for row in range(found.start) if _filled(sheet.rows[row])]
    structure += [StructureRow(row + 1, "header") for row in range(found.start, found.start + found.depth)]
    signed = False
    for number in range(found.start + found.depth, end):
        row = sheet.rows[number]
        texts = _filled(row)
        kind = _kind(texts, len(found.matches), first=not data, signed=signed)
        signed = signed or kind == "signature"
        if kind:
            structure.append(StructureRow(number + 1, kind))
        else:
            data.append(number)
    return data, structure


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _kind(texts: list[str], width: int, *, first: bool, signed: bool) -> str:
    if not texts:
        return "blank"
    few = len(texts) <= max(2, width // 5)
    if first and len(texts) >= min(3, width) and all(map(_NUMBER.match, texts)) and _counts(texts):
        return "number_row"
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


def context_of(sheet: Sheet, found: Found, file: str) -> dict[str, str]:
    """Agency, unit, period and year as titles, sheet name and file name give them, as written."""
    context: dict[str, str] = {}
    for row in sheet.rows[: found.start]:
        for text in _filled(row):
            label, mark, value = text.partition(":")
            name = normalise(label)
            if mark and value.strip():
                if name in ("unit kerja", "unit", "opd", "skpd"):
                    context.setdefault("unit_kerja", value.strip())
                elif name in ("perangkat daerah", "instansi"):
                    context.setdefault("instansi", value.strip())
                elif name in ("periode", "priode"):
                    context.setdefault("periode", value.strip())
                elif name == "tahun":
                    context.setdefault("tahun", value.strip())
            elif _AGENCY.match(text):
                context.setdefault("instansi", text)
            elif re.search(r"\btriwulan\b|\bsemester\b|\bjangka waktu\b|\btahun \d{4}", text, re.IGNORECASE):
                context.setdefault("periode", text)
    folder = re.sub(r"^[\d\W_]+", "", file.rsplit("/", 2)[-2].replace("_", " ")) if "/" in file else ""
    if _AGENCY.match(folder):
        context.setdefault("instansi", folder)
    context["sheet"] = sheet.name
    if year := re.search(r"(?<!\d)(20\d\d|19\d\d)(?!\d)", file.rsplit("/", 1)[-1]):
        context["file_year"] = year.group(1)
    return context
