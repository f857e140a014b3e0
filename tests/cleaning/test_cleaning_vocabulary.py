"""A project's own spellings and asset codes: read before the package's, refused where they are wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.cleaning.vocabulary import load_vocabulary
from kinerja_lib.errors import CleaningError
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
OWN = """[hasil_kerja]
"Diatas ekspektasi" = ["Melampaui Harapan"]
[jenis_jabatan]
"Pengawas" = ["Kepala Seksi"]
[kelompok_fasilitas]
"Kendaraan" = ["1.3.2.77"]
"""


def _register(folder: Path, text: str) -> Register:
    (folder / "units.csv").write_bytes((ROOT / "data/reference/units.csv").read_bytes())
    (folder / "spellings.toml").write_text(text, encoding="utf-8")
    return Register.load(folder / "units.csv")


def _raw(table: str, **columns: str) -> RawTable:
    frame = pd.DataFrame({name: [text] for name, text in columns.items()}, dtype="str")
    return RawTable("01_Dinas_Pendidikan/a.csv", table, "x", table, frame, np.array([2]))


def test_own_words_are_read(tmp_path: Path) -> None:
    register = _register(tmp_path, OWN)
    assert register.at("2025").words is register.words
    nip = "198609262015051001"
    found = clean(
        [
            _raw("penilaian", nip=nip, tahun="2025", hasil_kerja="MELAMPAUI HARAPAN", perilaku_kerja="Melampaui harapan"),
            _raw("pegawai", nip=nip, tahun="2025", jenis_jabatan="Kepala Seksi"),
            _raw("fasilitas", unit_nama="Bidang SMA", tahun="2025", kode_barang="1.3.2.77.01", harga="1"),
        ],
        register=register,
        key=b"k" * 32,
    )  # fmt: skip
    row = found.tables["penilaian"].iloc[0]
    assert (row["hasil_kerja"], row["perilaku_kerja"]) == ("Diatas ekspektasi", "Diatas ekspektasi")
    assert found.tables["pegawai"]["jenis_jabatan"].tolist() == ["Pengawas"]
    assert found.tables["fasilitas"]["kelompok_fasilitas"].tolist() == ["Kendaraan"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[hasil_kerjaa]\n", "[hasil_kerjaa]: bukan kolom kategori; mungkin: hasil_kerja"),
        ('[hasil_kerja]\n"Diatas ekspektas" = ["x"]\n', "mungkin: Diatas ekspektasi"),
        ('[hasil_kerja]\n"Diatas ekspektasi" = "x"\n', "harus daftar teks"),
        ('[jenis_kelamin]\n"L" = ["x"]\n"P" = ["X"]\n', "ada pada dua kategori"),
        ("[nilai]\n", "bukan kolom kategori"),
        ("tidak toml", "ejaan proyek tidak terbaca"),
    ],
)
def test_wrong_words_are_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(CleaningError) as caught:
        _register(tmp_path, text)
    assert words in caught.value.text("id")


def test_no_file_adds_nothing(tmp_path: Path) -> None:
    assert load_vocabulary(tmp_path / "spellings.toml").of("hasil_kerja") == {}
