"""Spellings and what they are read as, one row a case, in ``tests/spec``."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kinerja_lib.cleaning.codes import category_rule
from kinerja_lib.cleaning.dates import date_rule
from kinerja_lib.cleaning.distinct import Rule
from kinerja_lib.cleaning.golongan import golongan
from kinerja_lib.cleaning.nip_repair import repair_nip
from kinerja_lib.cleaning.numbers import number_rule
from kinerja_lib.cleaning.periods import period_of
from kinerja_lib.cleaning.posts import kind_of_post, level_of_post

SPEC = Path(__file__).resolve().parents[1] / "spec"
RULES: dict[str, Rule] = {
    "predikat": category_rule("predikat"),
    "rating": category_rule("hasil_kerja"),
    "golongan": lambda text: golongan(text, "PNS"),
    "pendidikan": category_rule("pendidikan"),
    "jenis_pelatihan": category_rule("jenis_pelatihan"),
    "status_pegawai": category_rule("status_pegawai"),
    "jabatan": lambda text: kind_of_post(*text.split("|")),
    "jenjang": lambda text: level_of_post(*text.split("|")),
    "tanggal": date_rule(""),
    "angka": number_rule("", None, None, False),
    "nip": repair_nip,
    "periode": period_of,
}


def _cases() -> list[tuple[str, str, str, str]]:
    cases = []
    for name in RULES:
        with (SPEC / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                before = f"{row['before']}|{row['beside']}" if "beside" in row else row["before"]
                cases.append((name, before, row["after"], row["reason"]))
    return cases


@pytest.mark.parametrize(("name", "before", "after", "reason"), _cases())
def test_spelling(name: str, before: str, after: str, reason: str) -> None:
    value, why = RULES[name](before)
    assert ("" if value is None else str(value), why) == (after, reason)
