"""A true table of appraisals, and what offices do to it before it is sent: each operator says what is lost."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from hypothesis import strategies as st

from kinerja_lib.schema.predikat import RATING, predikat_from_matrix

UNITS = {"Sekretariat": "dinas-contoh.sekretariat", "Bidang Data": "dinas-contoh.bidang-data",
         "Bidang Layanan": "dinas-contoh.bidang-layanan"}  # fmt: skip
PEOPLE = tuple(
    f"{1975 + n % 20}{1 + n % 12:02d}{1 + n % 28:02d}{2000 + n % 20 + 4}{1 + (n * 5) % 12:02d}{1 + n % 2}{n + 1:03d}"
    for n in range(24)
)
HEADERS = {
    "nip": ["NIP", "NIP/NRP", "nip ", "NIP Pegawai"],
    "nama": ["Nama Pegawai", "NAMA PEGAWAI", "Nama"],
    "unit": ["Unit Kerja", "UNIT KERJA", " Unit  Kerja"],
    "tahun": ["Tahun", "TAHUN"],
    "periode": ["Periode", "Priode", "PERIODE "],
    "hasil": ["Rating Hasil Kerja", "Hasil Kerja", "Ratting Hasil Kerja", "RATING HASIL KERJA"],
    "perilaku": ["Rating Perilaku Kerja", "Rating Hasil Perilaku", "Rating Perilaku  Kerja"],
    "predikat": ["Predikat Kinerja", "Prediket Kinerja", "Predikat Kinerja Pegawai", "PREDIKAT KINERJA"],
}
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_UNSEEN = "\u200b\u200f\u202a\ufeff\u00ad"


@dataclass(frozen=True)
class Person:
    """One true appraisal."""

    nip: str
    unit: str
    quarter: int
    hasil: str
    perilaku: str

    @property
    def predikat(self) -> str:
        """What the matrix says."""
        return predikat_from_matrix(self.hasil, self.perilaku)


@dataclass
class Sheet:
    """A damaged table: its lines, which line (from 1) shows which person, and the fields that a line has lost."""

    lines: list[list[Any]]
    shows: dict[int, Person] = field(default_factory=dict)
    lost: dict[int, set[str]] = field(default_factory=dict)


@st.composite
def true_tables(draw: st.DrawFn) -> list[Person]:
    """One to eight people, each once a quarter."""
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(1, 4)), min_size=1, max_size=8, unique=True)
    )
    units, ratings = st.sampled_from(sorted(UNITS)), st.sampled_from(RATING)
    return [Person(nip, draw(units), quarter, draw(ratings), draw(ratings)) for nip, quarter in pairs]


def nip_forms(nip: str) -> list[tuple[str, bool]]:
    """Spellings of a NIP, and whether the number is still there."""
    spaced = f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}"
    return [
        (nip, True),
        (f"'{nip}", True),
        (f"NIP. {nip}", True),
        (spaced, True),
        (spaced.replace(" ", "\u00a0"), True),
        (spaced.replace(" ", "."), True),
        (f" {nip}  ", True),
        (f"{nip[0]},{nip[1:6]}E+17", False),
        (nip[:15] + "000", False),
        ("null", False),
        ("", False),
        (nip[:6] + nip[7:], False),
        ("3201" + nip[:12], False),
        (nip[:9], False),
    ]


def rating_forms(rating: str) -> list[tuple[str, bool]]:
    """Spellings of a rating."""
    level = RATING.index(rating)
    first = rating.split()[0]
    apart = first.replace("Di", "Di ") if level != 1 else first
    return [
        (rating, True),
        (rating.upper(), True),
        (first, True),
        (apart, True),
        (f"{apart} Ekspektasi", True),
        (f"{first} Ekspetasi", True),
        (str(level + 1), True),
        (f" {rating} ", True),
        ("", False),
        ("-", False),
        ("Mungkin", False),
    ]


def predikat_forms(predikat: str) -> list[tuple[str, bool]]:
    """Spellings of a predikat."""
    forms = [(predikat, True), (predikat.upper(), True), (predikat.lower(), True), (f"  {predikat}", True),
             ("", False), ("null", False), ("Cukup", False)]  # fmt: skip
    if predikat == "Kurang/Misconduct":
        forms += [
            (text, True) for text in ("KURANG (MISCONDUCT)", "KURANG/ MISCONDUCT", "Kurang / Misconduct")
        ]
    if predikat == "Butuh Perbaikan":
        forms.append(("Butuh Perbaikkan", True))
    return forms


def quarter_forms(quarter: int) -> list[tuple[str, bool]]:
    """Spellings of a quarter; the year stands in its own column."""
    roman, months = (
        ("I", "II", "III", "IV")[quarter - 1],
        ("Januari", "April", "Juli", "Oktober")[quarter - 1],
    )
    last = ("Maret", "Juni", "September", "Desember")[quarter - 1]
    return [
        (f"Triwulan {roman}", True),
        (f"TRIWULAN {roman}", True),
        (f"TW {quarter}", True),
        (f"Triwulan ke-{quarter}", True),
        (f"{months} s.d. {last}", True),
        ("Triwulan V", False),
        ("Musim hujan", False),
    ]


def unit_forms(unit: str) -> list[tuple[str, bool]]:
    """Spellings of a unit; a name that the register does not hold leaves the unit empty."""
    short = unit.replace("Bidang", "Bid.") if unit.startswith("Bidang") else "Sekr."
    return [
        (unit, True),
        (unit.upper(), True),
        (short, True),
        (unit.replace(" ", "  "), True),
        ("Bagian Antah", False),
    ]


def _pick(rng: random.Random, forms: list[tuple[str, bool]], share: float) -> tuple[str, bool]:
    return rng.choice(forms) if rng.random() < share else forms[0]


def damaged(people: list[Person], rng: random.Random, share: float) -> Sheet:
    """The table as an office might send it; every choice comes from ``rng``."""
    order = list(HEADERS)
    rng.shuffle(order)
    numbered = rng.random() < 0.5
    if rng.random() < 0.5:  # the form's own end
        order = [name for name in order if name not in ("hasil", "perilaku", "predikat")]
        order += ["hasil", "perilaku", "predikat"]
    header = [rng.choice(HEADERS[name]) if rng.random() < share else HEADERS[name][0] for name in order]
    sheet = Sheet([["PEMERINTAH RANGKUI"], ["Perangkat Daerah : Dinas Contoh"]])
    sheet.lines += [[] for _ in range(rng.randrange(3))]
    sheet.lines.append((["No"] if numbered else []) + header)
    width, head = len(sheet.lines[-1]), len(sheet.lines) - 1
    if rng.random() < share:
        sheet.lines.append([str(n) for n in range(1, width + 1)])
    rows = list(people)
    rows += [rng.choice(people) for _ in range(rng.randrange(3))] if rng.random() < share else []
    folded = rng.random() < share / 3  # every person on two lines: the NIP under the name
    for number, person in enumerate(rows, 1):
        if rng.random() < share / 2:
            sheet.lines.append([""] * rng.choice([0, width]))
        if rng.random() < share / 4:
            sheet.lines.append(["Sub Total", *[""] * (width - 2), str(number)])
        _add(sheet, person, rng, share, order, number if numbered else None)
        if rng.random() < share / 6:
            _slip(sheet, order, rng, numbered)
        if folded:
            _fold(sheet, person, order, numbered)
    if rng.random() < share / 4:
        _copy(sheet, head, order, rng, numbered)
    _close(sheet, rng, share, width)
    return sheet


def _add(
    sheet: Sheet, person: Person, rng: random.Random, share: float, order: list[str], number: int | None
) -> None:
    forms = {
        "nip": nip_forms(person.nip),
        "unit": unit_forms(person.unit),
        "periode": quarter_forms(person.quarter),
        "hasil": rating_forms(person.hasil),
        "perilaku": rating_forms(person.perilaku),
        "predikat": predikat_forms(person.predikat),
        "tahun": [("2025", True), ("2025.0", True), (" 2025", True)],
        "nama": [("Contoh Orang", True), ("CONTOH, Orang", True), ("", True)],
    }
    cells, lost = [], set()
    for name in order:
        text, kept = _pick(rng, forms[name], share)
        cells.append(_typed(text, rng) if rng.random() < share / 8 else text)
        if not kept:
            lost.add(name)
    sheet.lines.append(([] if number is None else [str(number)]) + cells)
    sheet.shows[len(sheet.lines)], sheet.lost[len(sheet.lines)] = person, lost


def _typed(text: str, rng: random.Random) -> str:
    """A cell with a letter that no one sees, or with digits of another script."""
    if not text.strip() or rng.random() < 0.3:
        return text.translate(_EASTERN)
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(_UNSEEN) + text[place:]


def _slip(sheet: Sheet, order: list[str], rng: random.Random, numbered: bool) -> None:
    """The three cells of a form's end slip by one column, as where a cell was deleted or put in."""
    if order[-3:] != ["hasil", "perilaku", "predikat"]:
        return
    line, start = sheet.lines[-1], len(order) - 3 + numbered
    gone = sheet.lost[len(sheet.lines)]
    if gone & {"hasil", "perilaku", "predikat"} or line[start + 1].strip().isdigit():
        return  # nothing is left that proves it
    line[start:] = [*line[start + 1 :], ""] if rng.random() < 0.5 else ["", *line[start : start + 2]]
    gone |= {"hasil", "perilaku", "predikat"}


def _copy(sheet: Sheet, header: int, order: list[str], rng: random.Random, numbered: bool) -> None:
    """A column of ratings copied beside the table, some of its cells changed since."""
    name = rng.choice(["hasil", "perilaku", "predikat"])
    place = order.index(name) + numbered
    width = len(sheet.lines[header])
    for number, line in enumerate(sheet.lines[header:], header + 1):
        if number == header + 1 or number in sheet.shows:
            line += [""] * (width - len(line))
            changed = number in sheet.shows and bool(line[place].strip()) and rng.random() < 0.3
            line.append(
                "Di atas" if changed and name != "predikat" else "Butuh Perbaikan" if changed else line[place]
            )
            if changed:
                sheet.lost[number].add(name)


def _fold(sheet: Sheet, person: Person, order: list[str], numbered: bool) -> None:
    """Move the NIP of the last line under its name."""
    line = sheet.lines[-1]
    place = {name: j + numbered for j, name in enumerate(order)}
    if sum(bool(cell.strip()) for j, cell in enumerate(line) if j != place["nip"]) < 5:
        return  # too little is left to tell that the line is a person
    line[place["nip"]], line[place["nama"]] = "", "Contoh Orang"
    sheet.lost[len(sheet.lines)] -= {"nip"}
    under = [""] * len(line)
    under[place["nama"]] = person.nip
    sheet.lines.append(under)


def _close(sheet: Sheet, rng: random.Random, share: float, width: int) -> None:
    if rng.random() < share:
        sheet.lines.append([rng.choice(["Jumlah", "Total", "JML", "Rata-rata"]), *[""] * (width - 2), "9"])
    if rng.random() < share:
        sheet.lines.append(["* data sementara"])
    if rng.random() < share / 2:
        sheet.lines.append(
            [rng.choice(["Dicetak oleh operator pada 12/01/2025", "Halaman 1 dari 2", "Diunduh 3 Mei 2025"])]
        )
    if rng.random() < share:
        blank = [""] * (width - 1)
        sheet.lines += [
            [],
            [*blank, "Mengetahui"],
            [*blank, "Pimpinan OPD"],
            [],
            [*blank, "NIP. 197502022000031001"],
        ]


def _merge(sheet: Sheet, page: Any, rng: random.Random) -> None:
    """Merge equal cells of neighbouring people down, as a typist does with a unit's name."""
    if rng.random() < 0.5:
        return
    numbers = sorted(sheet.shows)
    width = min((len(sheet.lines[number - 1]) for number in numbers), default=0)
    for column in range(width):
        run: list[int] = []
        for number in [*numbers, 0]:
            text = sheet.lines[number - 1][column] if number else ""
            same = run and number == run[-1] + 1 and text == sheet.lines[run[-1] - 1][column]
            if same:
                run.append(number)
                continue
            if len(run) > 1 and len(sheet.lines[run[0] - 1][column]) > 3 and rng.random() < 0.7:
                page.merge_range(run[0] - 1, column, run[-1] - 1, column, sheet.lines[run[0] - 1][column])
            run = [number] if text else []


def as_bytes(sheet: Sheet, rng: random.Random) -> tuple[str, bytes]:
    """The table as a file: text in some encoding and delimiter, or a workbook."""
    if rng.random() < 0.3:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
            page = book.add_worksheet("Rekap")
            for i, line in enumerate(sheet.lines):
                for j, cell in enumerate(line):
                    if cell:
                        page.write_string(i, j, cell)
            _merge(sheet, page, rng)
        return "rekap.xlsx", buffer.getvalue()
    mark, end = rng.choice(";,\t|"), rng.choice(["\n", "\r\n"])

    def quoted(cell: str) -> str:
        return f'"{cell}"' if mark in cell else cell

    text = end.join(mark.join(map(quoted, line)) for line in sheet.lines) + end
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    return "rekap.csv", text.encode("utf-8" if _foreign(text) and encoding == "cp1252" else encoding)


def _foreign(text: str) -> bool:
    """Whether a text holds letters that cp1252 has none for."""
    return text.encode("cp1252", errors="ignore").decode("cp1252") != text
