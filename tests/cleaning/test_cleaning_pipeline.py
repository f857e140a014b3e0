"""Each row is accounted for, and what is kept is right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]


def test_appraisals_are_cleaned_and_accounted_for() -> None:
    frame = pd.DataFrame(
        {
            "nip": [
                "'198609262015051001",
                "19860926 201505 1 001",
                "198609262015051000",
                "199001012015052002",
            ],
            "unit_nama": ["Bid. SMA", "BIDANG SMA", "Bidang SMA", "Bidang Lain"],
            "tahun": ["2025"] * 4,
            "periode_nama": ["Triwulan III"] * 4,
            "status_penilaian": ["Draf", "Final", "Final", "Final"],
            "hasil_kerja": ["Sesuai", "Di Atas Ekspektasi (AE)", "Sesuai", "2"],
            "perilaku_kerja": ["Sesuai", "Sesuai", "Sesuai", "2"],
            "predikat": ["Baik", "SANGAT BAIK", "Baik", "baik"],
        },
        dtype="str",
    )
    raw = RawTable(
        "01_Dinas_Pendidikan/a.xlsx", "TW III", "ekinerja-rekap", "penilaian", frame, np.arange(5, 9)
    )
    found = clean([raw], register=Register.load(ROOT / "data/reference/units.csv"), key=b"k" * 32)
    table = found.tables["penilaian"]
    assert table["predikat"].tolist() == ["Baik", "Baik"]
    assert table["predikat_berbeda"].tolist() == [True, False]
    assert table["periode"].unique().tolist() == ["2025-Q3"]
    assert table["unit_kerja"].iloc[0] == "dinas-pendidikan.bidang-sma" and pd.isna(
        table["unit_kerja"].iloc[1]
    )
    assert found.ledger[["row", "action", "reason"]].values.tolist() == [
        [7, "rejected", "nip_presisi"],
        [5, "merged", "versi_lama"],
    ]
    assert found.accounting[["read", "kept", "rejected", "merged"]].values.tolist() == [[4, 2, 1, 1]]


def test_training_and_profile() -> None:
    register = Register.load(ROOT / "data/reference/units.csv")
    training = pd.DataFrame(
        {
            "nip": ["198609262015051001", "198609262015051001"],
            "nama_pelatihan": ["Pelatihan A", "Pelatihan B"],
            "tanggal_pelatihan": ["12 s.d. 14 Januari 2024", "01/02/2024"],
            "jp": ["24 JP", "10"],
            "biaya": ["750.000", "1.595.757,500,00"],
        },
        dtype="str",
    )
    profile = pd.DataFrame(
        {"nip": ["1986092 201505 1 001"], "tanggal_lahir": ["MOJOKERTO, 26 SEP 1986"], "golongan": ["III"],
         "tahun": ["2025"], "instansi_nama": ["Disdik"], "unit_nama": ["Sekr."], "pendidikan": ["S1D4"]},
        dtype="str",
    )  # fmt: skip
    found = clean(
        [RawTable("t.csv", "", "diklat-rekap", "pelatihan", training, np.array([2, 3])),
         RawTable("p.csv", "", "siasn-profil", "pegawai", profile, np.array([2]))],
        register=register, key=b"k" * 32,
    )  # fmt: skip
    kept = found.tables["pelatihan"].iloc[0]
    assert (kept["jp"], kept["biaya"], kept["tahun"]) == (24.0, 750000.0, 2024)
    assert found.ledger["reason"].tolist() == ["tanggal_ambigu"]
    person = found.tables["pegawai"].iloc[0]
    assert (person["tahun_lahir"], person["status_pegawai"], person["pendidikan"]) == (1986, "PNS", "D4/S1")
    assert pd.isna(person["golongan"])
    balance = found.accounting
    assert (balance["read"] == balance["kept"] + balance["rejected"] + balance["merged"]).all()
