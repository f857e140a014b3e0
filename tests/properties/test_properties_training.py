"""Dates and numbers of a training recap in any spelling: what is kept is true, what is unsure is refused."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.reading import read_export
from kinerja_lib.schema.identity import pseudonym

KEY = b"k" * 32
REGISTER = Register.load(Path(__file__).resolve().parents[1] / "exports" / "units.csv")
PEOPLE = tuple(f"19{60 + n}0{1 + n % 9}1{n % 10}20050{1 + n % 9}{1 + n % 2}{n + 1:03d}" for n in range(20))
HEADER = ["No", "NIP", "Nama", "Jenis Diklat", "Nama Diklat", "Tanggal Diklat", "Jumlah Jam", "Penyelenggara"]
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
          "Desember")  # fmt: skip
SHORT = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
KINDS = {"Teknis": "Teknis", "TEKNIS": "Teknis", "Bimtek": "Seminar", "Diklat Fungsional": "Fungsional"}


@dataclass(frozen=True)
class Course:
    """One true training."""

    nip: str
    start: date
    days: int
    jp: float

    @property
    def end(self) -> date:
        """Its last day."""
        return self.start + timedelta(days=self.days)


@st.composite
def courses(draw: st.DrawFn) -> list[Course]:
    """One to nine trainings of different people."""
    nips = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=9, unique=True))
    day = st.dates(date(2022, 1, 1), date(2025, 12, 20))
    hours = st.sampled_from([2.0, 7.5, 12.0, 20.0, 40.5, 120.0])
    return [Course(nip, draw(day), draw(st.integers(0, 4)), draw(hours)) for nip in nips]


def _day(when: date, order: str, rng: random.Random, form: int) -> tuple[str, str]:
    """A spelling of a date, and whether it is ``sure``, ``unsure`` (day and month could be swapped) or ``lost``."""
    first, second = (when.day, when.month) if order == "dmy" else (when.month, when.day)
    mark = rng.choice("/-.")
    numeric = f"{first:02d}{mark}{second:02d}{mark}{when.year}"
    both = when.day <= 12 and when.day != when.month
    forms = [
        (when.isoformat(), "sure"),
        (f"{when.day} {MONTHS[when.month - 1]} {when.year}", "sure"),
        (f"{when.day:02d} {SHORT[when.month - 1]} {when.year}", "sure"),
        (str((when - date(1899, 12, 30)).days), "sure"),
        (numeric, "unsure" if both else "sure"),
        (numeric, "unsure" if both else "sure"),
        ("", "lost"),
        ("kemarin", "lost"),
        ("31 Februari 2024", "lost"),
        ("01-01-1900", "lost"),
        (f"{when.day}/{when.month}/{when.year % 100:02d}", "lost"),
    ]
    return forms[form % len(forms)]


def _dates(course: Course, order: str, rng: random.Random, share: float) -> tuple[str, str, str]:
    """A date or a range, what it says of the end, and what it says of the start."""
    form = rng.randrange(11) if rng.random() < share else rng.randrange(6)
    if course.days and form in (1, 2):  # a range, written out or shortened
        last = f"{course.end.day} {MONTHS[course.end.month - 1]} {course.end.year}"
        if (course.start.month, course.start.year) == (course.end.month, course.end.year) and form == 2:
            return f"{course.start.day} s.d. {last}", "sure", "sure"
        return (
            f"{course.start.day} {MONTHS[course.start.month - 1]} {course.start.year} s/d {last}",
            "sure",
            "sure",
        )
    text, said = _day(course.end, order, rng, form)
    return text, said, "end"


def _hours(jp: float, mark: str, rng: random.Random, share: float) -> tuple[str, str]:
    text = f"{jp:g}".replace(".", mark)
    forms = [(text, "sure"), (f"{text} JP", "sure"), (f"{text} Jam", "sure"), (f" {text}", "sure")]
    lost = [("", "lost"), ("dua puluh", "lost"), ("-8", "lost")]
    return rng.choice(lost) if rng.random() < share / 4 else rng.choice(forms)


def _check(people: list[Course], seed: int, share: float) -> None:
    rng = random.Random(seed)
    order, mark = rng.choice(["dmy", "dmy", "mdy"]), rng.choice(",.")
    lines = [["Perangkat Daerah : Dinas Contoh"], HEADER]
    truth: dict[int, tuple[Course, dict[str, str]]] = {}
    for number, course in enumerate(people, 1):
        if rng.random() < share / 3:
            lines.append([])
        when, end, start = _dates(course, order, rng, share)
        hours, said = _hours(course.jp, mark, rng, share)
        lines.append(
            [
                str(number),
                course.nip,
                "Contoh",
                rng.choice(sorted(KINDS)),
                f"Pelatihan {number}",
                when,
                hours,
                "BPSDM",
            ]
        )
        truth[len(lines)] = (course, {"end": end, "start": start, "jp": said})
    if rng.random() < share:
        lines.append(["Jumlah", "", "", "", "", "", "99", ""])
    text = "\r\n".join(";".join(line) for line in lines)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "diklat.csv"
        path.write_text(text, encoding=rng.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16"]), newline="")
        result = clean(read_export(path), register=REGISTER, key=KEY)
    _verify(result, truth, _proven([line[5] for line in lines if len(line) > 5]))


def _proven(cells: list[str]) -> bool:
    """Whether some date of the column can be read in one order only."""
    found = [re.fullmatch(r"(\d\d)[/.-](\d\d)[/.-](?!1900)\d{4}", cell) for cell in cells]
    return any(match and max(int(match[1]), int(match[2])) > 12 for match in found)


def _verify(result: CleanResult, truth: dict[int, tuple[Course, dict[str, str]]], proven: bool) -> None:
    account = result.accounting
    assert account["read"].sum() == len(truth)
    kept, gone = result.tables["pelatihan"], result.ledger
    assert sorted([*kept["baris_sumber"], *gone["row"]]) == sorted(truth)
    for row in kept.to_dict("records"):
        course, said = truth[row["baris_sumber"]]
        assert row["id_pegawai"] == pseudonym(course.nip, KEY)
        assert row["tanggal_selesai"] == pd.Timestamp(course.end)
        assert row["jp"] == course.jp
        assert str(row["jenis_pelatihan"]) in KINDS.values()
        if said["start"] == "sure":
            assert row["tanggal_mulai"] == pd.Timestamp(course.start)
    for number in gone["row"]:
        said = truth[number][1]
        unsure = said["end"] == "unsure"
        assert "lost" in said.values() or unsure, number
        if unsure and "lost" not in said.values():  # refused only where nothing in the column decides
            assert not proven or set(gone.loc[gone["row"] == number, "reason"]) == {"tanggal_ambigu"}


ARGUMENTS = {
    "people": courses(),
    "seed": st.integers(0, 2**32 - 1),
    "share": st.sampled_from([0.0, 0.3, 0.8]),
}
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=120, suppress_health_check=SLOW)
@given(**ARGUMENTS)
def test_dates_and_hours_are_true_or_refused(people: list[Course], seed: int, share: float) -> None:
    _check(people, seed, share)


@pytest.mark.slow
@settings(max_examples=3000, suppress_health_check=SLOW, derandomize=False)
@given(**ARGUMENTS)
def test_dates_and_hours_at_length(people: list[Course], seed: int, share: float) -> None:
    _check(people, seed, share)
