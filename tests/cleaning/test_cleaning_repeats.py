"""Distinct people and facts cleaned once give what cleaning every row gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from kinerja_lib.cleaning import CleanResult, Register, clean, repeats
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


ROWS = 250


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
