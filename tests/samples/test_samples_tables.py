"""The synthetic tables: sizes, plainly synthetic people, the same for the same seed."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.samples import synthetic_tables
from kinerja_lib.samples.indices import facility_index, leadership_index
from kinerja_lib.samples.tables import Synthetic
from kinerja_lib.schema.nip import Nip
from kinerja_lib.schema.predikat import predikat_from_matrix
from kinerja_lib.schema.tables import faults


@pytest.fixture(scope="module")
def sample() -> Synthetic:
    return synthetic_tables(seed=7)


def test_tables_keep_the_schema(sample: Synthetic) -> None:
    assert [fault for name, frame in sample.tables.items() for fault in faults(frame, name)] == []


def test_sizes(sample: Synthetic) -> None:
    assert len(sample.people) == 2400
    assert sample.tables["pegawai"]["instansi"].nunique() == 12
    assert len(sample.organisation.units) == 96
    small = sample.tables["pegawai"].query(
        "instansi == 'badan-kesatuan-bangsa-dan-politik' and tahun == 2024"
    )
    assert 18 <= len(small) <= 30
    quarterly = sample.tables["penilaian"]["periode"].str.len() == 7
    old = sample.tables["penilaian"].query("skema == 'PP46'")
    assert set(old["periode"]) == {"2020"} and old["predikat"].isna().all() and len(old) > 40
    assert 25_000 < quarterly.sum() < 28_800
    assert sample.tables["penilaian"].loc[~quarterly, "periode"].nunique() == 4


def test_people_are_plainly_synthetic(sample: Synthetic) -> None:
    assert sample.people["nama"].str.fullmatch(r"Pegawai Contoh \d{4}").all()
    numbers = [Nip(text) for text in sample.people["nip"]]
    assert all(int(number.text[15:]) > 900 for number in numbers)
    assert [number.status for number in numbers] == list(sample.people["status_pegawai"])
    assert [number.sex for number in numbers] == list(sample.people["jenis_kelamin"])
    assert sample.people["nip"].is_unique


def test_predicate_is_the_matrix(sample: Synthetic) -> None:
    rows = sample.tables["penilaian"].query("skema == 'PermenPANRB6'")
    pairs = rows[["hasil_kerja", "perilaku_kerja", "predikat", "predikat_tercetak"]].astype("str")
    pairs = pairs.drop_duplicates()
    for row in pairs.itertuples():
        assert row.predikat == predikat_from_matrix(row.hasil_kerja, row.perilaku_kerja)
    assert 0 < rows["predikat_berbeda"].mean() < 0.05


def test_some_raters_rate_several_units(sample: Synthetic) -> None:
    units = sample.tables["penilaian"].groupby("id_penilai")["unit_kerja"].nunique()
    assert (units > 1).sum() > 20


def test_exposures_come_from_the_tables(sample: Synthetic) -> None:
    staff = sample.tables["pegawai"].groupby(["unit_kerja", "tahun"]).size().rename("jumlah").reset_index()
    facility = facility_index(sample.tables["fasilitas"], staff, list(sample.periods))
    joined = sample.exposed.merge(facility, on=["unit_kerja", "periode"], suffixes=("", "_2"))
    joined = joined.merge(
        leadership_index(sample.tables["kepemimpinan"]), on=["unit_kerja", "periode"], suffixes=("", "_2")
    )
    assert len(joined) == len(sample.exposed)
    for name in ("fasilitas_indeks", "kepemimpinan_indeks"):
        assert (joined[name] - joined[f"{name}_2"]).abs().max() < 1e-9


def test_training_window_by_hand(sample: Synthetic) -> None:
    row = sample.exposed.iloc[5000]
    training = sample.tables["pelatihan"]
    end = pd.Period(row["periode"].replace("-", ""), freq="Q").end_time.normalize()
    own = training[training["id_pegawai"] == row["id_pegawai"]]
    inside = own["tanggal_selesai"].between(end - pd.DateOffset(months=12) + pd.Timedelta(days=1), end)
    assert own.loc[inside, "jp"].sum() == row["jp_12_bulan"]


def test_same_seed_same_tables() -> None:
    first, second = (synthetic_tables(3, 3, 150, "2025-Q1:2025-Q2") for _ in range(2))
    other = synthetic_tables(4, 3, 150, "2025-Q1:2025-Q2")
    for name, frame in first.tables.items():
        pd.testing.assert_frame_equal(frame, second.tables[name])
    assert not first.tables["penilaian"].equals(other.tables["penilaian"])


@pytest.mark.parametrize(
    ("agencies", "employees", "periods"), [(12, 100, "2025-Q1:2025-Q2"), (2, 100, "2024:2025")]
)
def test_impossible_sizes_are_refused(agencies: int, employees: int, periods: str) -> None:
    with pytest.raises(UsageError):
        synthetic_tables(1, agencies, employees, periods)
