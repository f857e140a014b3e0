"""Every table of a regulation, cell by cell, as the regulation prints it: a slip in a TOML file can't pass."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.indicators.service import CATEGORIES, ELEMENTS
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.predikat import MATRIX, PREDIKAT, PREDIKAT_ORGANISASI, RATING
from kinerja_lib.schema.tables import typed

PERMENPANRB_1_2023 = """
jenjang        SB      B      BP      K       SK
Pemula         5.625   3.75   2.8125  1.875   0.9375
Terampil       7.5     5      3.75    2.5     1.25
Mahir          18.75   12.5   9.375   6.25    3.125
Penyelia       37.5    25     18.75   12.5    6.25
Ahli_Pertama   18.75   12.5   9.375   6.25    3.125
Ahli_Muda      37.5    25     18.75   12.5    6.25
Ahli_Madya     56.25   37.5   28.125  18.75   9.375
Ahli_Utama     75      50     37.5    25      12.5
"""  # coefficient × 150, 100, 75, 50, 25 %, multiplied by hand


def rows(text: str) -> list[list[str]]:
    return [[cell.replace("_", " ") for cell in line.split()] for line in text.strip().splitlines()[1:]]


@pytest.mark.parametrize("line", rows(PERMENPANRB_1_2023), ids=lambda line: line[0])
def test_every_table_is_the_regulation_s(line: list[str]) -> None:
    worst_first = line[:0:-1]
    found = [ind.credit_points(line[0], level) for level in PREDIKAT]
    assert found == [float(cell) for cell in worst_first]
    assert ind.credit_points(line[0], "Baik", months=1) == pytest.approx(float(line[2]) / 12)


def test_no_level_or_predicate_more() -> None:
    table = ind.regulation("angka_kredit")
    assert list(table["koefisien"]) == list(field("jenjang_jabatan").categories)
    assert set(table["predikat"]) == set(PREDIKAT)


def test_curve_and_limits() -> None:
    table = ind.regulation("predikat")
    assert table["curve"] == {
        "Istimewa": [2, 4, 6, 26, 62], "Baik": [4, 9, 17, 52, 17], "Butuh Perbaikan": [5, 15, 60, 15, 5],
        "Kurang": [18, 53, 18, 7, 4], "Sangat Kurang": [60, 25, 8, 4, 2],
    }  # fmt: skip
    assert set(table["curve"]) == set(PREDIKAT_ORGANISASI)
    short = {
        "SK": "Sangat Kurang",
        "K": "Kurang/Misconduct",
        "BP": "Butuh Perbaikan",
        "B": "Baik",
        "SB": "Sangat Baik",
    }
    expected = {
        ("Istimewa", "SB", "at_most", 0.70),
        ("Baik", "B", "at_most", 0.70), ("Baik", "BP K", "at_least_count", 1),
        ("Butuh Perbaikan", "BP", "at_least", 0.60), ("Butuh Perbaikan", "SB", "at_most", 0.10),
        ("Kurang", "K", "at_least", 0.60), ("Kurang", "BP", "at_least", 0.10), ("Kurang", "SB", "at_most", 0.10),
        ("Sangat Kurang", "SK", "at_least", 0.60), ("Sangat Kurang", "K BP", "at_least", 0.10),
        ("Sangat Kurang", "SB", "at_most", 0.0),
    }  # fmt: skip
    names = {long: code for code, long in short.items()}
    found = {
        (limit["organisasi"], " ".join(names[name] for name in limit["predikat"]), bound, limit[bound])
        for limit in table["limit"]
        for bound in set(limit) - {"organisasi", "predikat"}
    }
    assert found == expected


def test_matrix() -> None:
    assert RATING == ("Dibawah ekspektasi", "Sesuai ekspektasi", "Diatas ekspektasi")
    sk, k, bp, b, sb = PREDIKAT
    assert ((sk, bp, bp), (k, b, b), (k, b, sb)) == MATRIX


def test_ip_asn() -> None:
    table = ind.regulation("ip_asn")
    assert table["kualifikasi"] == {
        "S3": 25, "S2": 20, "D4/S1": 15, "D3": 10, "D2": 5, "D1": 5, "SMA": 5, "SMP": 1, "SD": 1,
    }  # fmt: skip
    assert set(table["kualifikasi"]) == set(field("pendidikan").categories), "every schooling has a score"
    parts = {name: (one["diklat"], one["jp"], one["seminar"]) for name, one in table["kompetensi"].items()}
    assert parts == {"Struktural": (15, 15, 10), "Fungsional": (15, 15, 10), "Pelaksana": (0, 22.5, 17.5)}
    assert all(sum(one) == 40 for one in parts.values()) and table["aturan"] == {"jp": 20}
    assert table["kinerja"] == {
        "Sangat Baik": 30, "Baik": 25, "Cukup": 15, "Butuh Perbaikan": 15, "Kurang": 5, "Kurang/Misconduct": 5,
        "Buruk": 1, "Sangat Kurang": 1,
    }  # fmt: skip
    assert set(PREDIKAT) | set(field("predikat_lama").categories) <= set(table["kinerja"]), (
        "every predicate has a score"
    )
    assert table["disiplin"] == {"": 5, "Ringan": 3, "Sedang": 2, "Berat": 1}
    assert set(field("tingkat_hukuman").categories) <= set(table["disiplin"])
    bounds = [(band["nama"], band["above"]) for band in table["kategori"]]
    assert bounds[:4] == [("Sangat Tinggi", 90), ("Tinggi", 80), ("Sedang", 70), ("Rendah", 60)]
    assert bounds[4][0] == "Sangat Rendah" and bounds[4][1] < 0


def test_hours_and_satisfaction() -> None:
    assert ind.regulation("rights")["jp"] == {"PNS": 20, "CPNS": 20, "PPPK": 24, "PPPK Paruh Waktu": 24}
    assert CATEGORIES == ((88.31, "A"), (76.61, "B"), (65.0, "C"), (25.0, "D"))
    assert len(ELEMENTS) == 9 and "Sarana dan prasarana" in field("unsur_8").label("id")


def test_rewards_and_coaching() -> None:
    table = ind.regulation("follow_up")
    assert table["pembinaan"]["predikat"] == ["Butuh Perbaikan", "Kurang/Misconduct", "Sangat Kurang"]
    assert table["masa_kerja"]["years"] == [10, 20, 30] and table["masa_kerja"]["barred_by"] == [
        "Sedang",
        "Berat",
    ]
    for rule in ("penghargaan", "berturut_turut"):
        assert table[rule]["predikat"] == ["Sangat Baik"] and table[rule]["without_sanction"]


def test_grades_of_both_statuses() -> None:
    pns = [f"{group}/{letter}" for group in ("I", "II", "III") for letter in "abcd"] + [
        f"IV/{x}" for x in "abcde"
    ]
    pppk = [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
        "IX",
        "X",
        "XI",
        "XII",
        "XIII",
        "XIV",
        "XV",
        "XVI",
        "XVII",
    ]
    assert list(field("golongan").categories) == [*pns, *pppk]


def test_credits_of_the_profile_s_level_and_of_annual_predicates_only() -> None:
    people = pd.DataFrame(
        {
            "id_pegawai": ["P1", "P1", "P2", "P3"], "tahun": [2024, 2025, 2025, 2025], "instansi": "a", "unit_kerja": "a.u",
            "jenjang_jabatan": ["Ahli Pertama", "Ahli Muda", "Ahli Muda", None],
        }
    )  # fmt: skip
    appraised = pd.DataFrame(
        {"id_pegawai": ["P1", "P2", "P3"], "periode": ["2025", "2025-Q4", "2025"], "predikat": ["Sangat Baik", "Baik", "Baik"]}
    )  # fmt: skip
    found = ind.credit_summary(typed(appraised, "penilaian"), typed(people, "pegawai"), 2025)
    assert found[["jenjang_jabatan", "n", "total"]].values.tolist() == [["Ahli Muda", 1, 37.5]]


def test_every_boundary_value_names_a_test_that_is_there() -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs" / "how-to" / "boundary-values.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", text))
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (root / "tests").rglob("test_*.py"))
    held = set(re.findall(r"^def (test_\w+)\(", sources, re.MULTILINE))
    assert len(named) > 50 and named - held == set()
