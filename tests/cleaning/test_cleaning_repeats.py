"""Distinct people and facts cleaned once give what cleaning every row gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from kinerja_lib.cleaning import CleanResult, Register, clean, dates, distinct, numbers, repeats
from kinerja_lib.cleaning.appraisals import _band, score_classes
from kinerja_lib.cleaning.duplicates import _repeated
from kinerja_lib.cleaning.units import Entry
from kinerja_lib.reading import read_folder
from kinerja_lib.schema.fields import tables
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
KEY = b"a key of sixteen bytes"
REGISTER = Register(
    (
        Entry("dinas-sosial", "Dinas Sosial", "instansi", "", ()),
        Entry("dinas-sosial.umum", "Bidang Umum", "unit", "dinas-sosial", ()),
        Entry("dinas-sosial.program", "Bidang Program", "unit", "dinas-sosial", ()),
    )
)


def _same(one: CleanResult, other: CleanResult) -> None:
    assert one.tables.keys() == other.tables.keys()
    for name in one.tables:
        assert_frame_equal(one.tables[name], other.tables[name])
    for name in ("ledger", "accounting", "conflicts"):
        assert_frame_equal(getattr(one, name), getattr(other, name))
    for name in ("decisions", "cells"):
        ours, theirs = (
            frame.astype("str").sort_values(list(frame.columns), ignore_index=True)
            for frame in (getattr(one, name), getattr(other, name))
        )
        assert_frame_equal(ours, theirs)


def _messy(count: int, seed: int) -> RawTable:
    rng = np.random.default_rng(seed)
    nips = [
        "198609262015051001",
        "199001152024212003",
        "19860926 201505 1 001",
        "1.98609262015051E+17",
        "",
        "12",
    ]
    choices = {
        "nip": nips,
        "nip_penilai": ["198001012005011001", "", "abc"],
        "nama": ["Contoh Satu", "Contoh Dua", "Lain Orang"],
        "unit_nama": ["Bidang Umum", "Bid. Program", "Bidang Tiada", ""],
        "periode_nama": ["Triwulan I", "TW II", "Triwulan 9", ""],
        "tahun": ["2024", "2025", "dua ribu"],
        "hasil_kerja": ["Sesuai", "Diatas", "Sesuaii", "?"],
        "perilaku_kerja": ["Sesuai", "Dibawah Ekspektasi", ""],
        "predikat_tercetak": ["Baik", "BAIK", "Kurang (Misconduct)", "Bagus"],
        "status_penilaian": ["Final", "Draft", ""],
        "tanggal_penilaian": ["31-12-2024", "13/01/2025", "01/02/2025", "31 Desember 2024", "kemarin", ""],
        "nilai_skp": ["85,5", "85.5", "1.234,5", "seratus", ""],
    }
    texts = {name: pd.Series(rng.choice(values, count), dtype="str") for name, values in choices.items()}
    frame = pd.DataFrame(texts)
    return RawTable(
        "dinas_sosial/a.csv", "", "x", "penilaian", frame.where(frame != ""), np.arange(count) + 2
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_messy_sheet_taken_apart(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [_messy(600, seed), _messy(40, seed + 10)]
    whole = clean(sheets, register=REGISTER, key=KEY)
    monkeypatch.setattr(repeats, "FROM_ROWS", 100)
    monkeypatch.setattr(repeats, "WORTHWHILE", 1)
    assert len(repeats.parts_of(sheets[0])) == 4
    assert len(repeats.parts_of(sheets[1])) == 1
    apart = clean(sheets, register=REGISTER, key=KEY)
    assert 0 < len(whole.tables["penilaian"]) < 600
    assert len(whole.cells) > 100
    _same(apart, whole)


ROWS = 120


def _sample() -> list[RawTable]:
    """The first rows of up to six tables of every form in five folders of the sample."""
    raw = [
        sheet
        for folder in ("00_SIASN", "00_Organisasi", "09_*", "10_*", "12_*")
        for path in sorted((ROOT / "data/sample").glob(folder))
        for sheet in read_folder(path)[0]
    ]
    found, forms = [], dict[str, int]()
    for sheet in raw:
        forms[sheet.layout] = forms.get(sheet.layout, 0) + 1
        if forms[sheet.layout] <= 6:
            head = sheet.frame.iloc[:ROWS].reset_index(drop=True)
            found.append(replace(sheet, frame=head, rows=np.asarray(sheet.rows)[:ROWS]))
    return found


def test_the_sample_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = _sample()
    assert {sheet.table for sheet in raw} == {*tables()} - {"panel"} | {""}
    register = Register.load(ROOT / "data/sample/units.csv")
    whole = clean(raw, register=register, key=KEY)
    monkeypatch.setattr(repeats, "FROM_ROWS", 10)
    monkeypatch.setattr(repeats, "WORTHWHILE", 1)
    _same(clean(raw, register=register, key=KEY), whole)


NIPS = st.builds(
    lambda born, month, day, year, sex, last: f"{born}{month:02d}{day:02d}{year}{month:02d}{sex}{last:03d}",
    st.integers(1955, 2001), st.integers(0, 13), st.integers(1, 31), st.integers(1980, 2024), st.integers(1, 3),
    st.integers(0, 3),
)  # fmt: skip
SCORES = st.one_of(
    st.floats(-5, 130).map(lambda score: f"{score:.3f}"),
    st.floats(0, 121).map(lambda score: f"{score:.4f}".replace(".", ",")),
    st.sampled_from(
        ["50", "60", "75", "91", "90,999", "100", "100,0001", "110", "120", "n/a", "1.234,5", "baik"]
    ),
)
POOLS = {
    "nip": st.one_of(NIPS, st.sampled_from(["198609262015051001", "1.98609262015051E+17", "", "12"])),
    "nama": st.sampled_from(["Contoh Satu", "Contoh Dua", "Lain Orang", ""]),
    "unit_nama": st.sampled_from(["Bidang Umum", "Bid. Program", "Bidang Tiada", ""]),
    "tahun": st.sampled_from(["2015", "2018", "2020", "2024", "dua ribu"]),
    "periode_nama": st.sampled_from(["Tahunan", "Triwulan I", "Triwulan 9", ""]),
    "hasil_kerja": st.sampled_from(["Sesuai", "Diatas", "Sesuaii", "?"]),
    "predikat_lama": st.sampled_from(["Baik", "Cukup", "Sangat Baik", "Buruk", "Bagus", ""]),
    "nilai": SCORES,
    "nilai_skp": SCORES,
    "tanggal_penilaian": st.dates(date(1890, 1, 1), date(2105, 1, 1)).map(lambda day: f"{day:%d-%m-%Y} 08:15:33"),
}  # fmt: skip
LESSONS = {
    "nip": POOLS["nip"],
    "nama": POOLS["nama"],
    "unit_nama": POOLS["unit_nama"],
    "nama_pelatihan": st.text("abc -/", max_size=14),
    "tanggal_pelatihan": st.sampled_from(["12 s.d. 14 Januari 2024", "1/2/2024", "31-12-2024", "kapan"]),
    "jp": SCORES,
    "biaya": st.sampled_from(["Rp 1.250.000,-", "1.250.000", "1,5", "1.500", "gratis"]),
}


@settings(max_examples=25, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["penilaian", "pelatihan"]), worthwhile=st.sampled_from([1, 3]))
def test_any_damage_gives_the_same_apart_and_together(
    data: st.DataObject, kind: str, worthwhile: int
) -> None:
    pools = POOLS if kind == "penilaian" else LESSONS
    count = data.draw(st.integers(12, 40))
    cells = {name: data.draw(st.lists(pool, min_size=count, max_size=count)) for name, pool in pools.items()}
    frame = pd.DataFrame(cells, dtype="str")
    sheet = RawTable(
        "dinas_sosial/a.csv", "", "x", kind, frame.where(frame != ""), np.arange(count) + 2, {"tahun": "2024"}
    )
    found = []
    for rows, texts in ((10, 0), (1_000, 1_000)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(repeats, "FROM_ROWS", rows)
            patch.setattr(repeats, "WORTHWHILE", worthwhile)
            for module in (distinct, numbers, dates):
                patch.setattr(module, "FROM_TEXTS", texts)
            found.append(clean([sheet], register=REGISTER, key=KEY))
            assert len(repeats.parts_of(sheet)) == (1 if texts else 5)
    _same(*found)
    account = found[0].accounting.iloc[0]
    assert account["read"] == count == account["kept"] + account["rejected"] + account["merged"]


def test_scores_of_a_class_lie_alike_to_every_limit() -> None:
    scores = pd.Series([*np.arange(0, 120.5, 0.5), *np.random.default_rng(1).uniform(0, 120, 500)])
    classes = pd.Series(score_classes(scores))
    for rule in ("PP46", "PP30"):
        bands = scores.map(lambda score, rule=rule: str(_band(score, rule)))
        assert bands.groupby(classes).nunique().max() == 1
    assert set(score_classes(pd.Series([None, np.nan], dtype="object"))) == {0}


@pytest.mark.parametrize("rows", [0, 1, 12, 600])
def test_repeated_keys_are_those_of_pandas(rows: int) -> None:
    rng = np.random.default_rng(rows)
    frame = pd.DataFrame(
        {
            "a": pd.Categorical(rng.choice(["x", "y", None], rows), categories=["x", "y", "z"]),
            "b": pd.Series(rng.choice([1.0, np.nan, 3.0], rows), dtype="float64"),
            "c": pd.Series([str(number) for number in rng.integers(0, 40, rows)], dtype="str"),
        },
        index=np.arange(rows) * 2,
    )
    for key in (["a"], ["a", "b"], ["c", "a", "b"]):
        pd.testing.assert_series_equal(_repeated(frame, key), frame.duplicated(subset=key, keep=False))
