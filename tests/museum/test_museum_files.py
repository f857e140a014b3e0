"""Every file of the museum is read and cleaned: what is kept, what is not and why, or the one clear error."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kinerja_lib.cleaning import CleanResult, Register, clean
from kinerja_lib.cleaning.reasons import reason_advice, reason_label
from kinerja_lib.errors import ReadError
from kinerja_lib.reading import read_export
from kinerja_lib.schema.identity import pseudonym

EXPORTS = Path(__file__).resolve().parents[1] / "exports"
EXPECTED: dict[str, dict[str, Any]] = tomllib.loads((EXPORTS / "expected.toml").read_text(encoding="utf-8"))
KEY = b"k" * 32
SHOWN = {
    "penilaian": ("periode", "unit_kerja", "hasil_kerja", "predikat", "predikat_tercetak", "nilai"),
    "pelatihan": ("tanggal_mulai", "tanggal_selesai", "jp", "biaya"),
    "pegawai": ("status_pegawai", "golongan", "jenis_jabatan", "pendidikan", "tahun_lahir"),
    "fasilitas": (
        "unit_kerja",
        "periode",
        "kelompok_fasilitas",
        "harga",
        "jumlah_baik",
        "kecepatan_internet",
    ),
    "kepemimpinan": ("unit_kerja", "periode", "rapat_rencana", "rapat_terlaksana", "jumlah_bawahan"),
    "penghargaan": ("jenis_penghargaan", "tanggal"),
    "hukuman": ("tingkat_hukuman", "jenis_hukuman", "tanggal"),
    "survei": ("id_responden", "periode", "instrumen", "butir", "skor"),
    "laporan_tugas": ("unit_kerja", "periode", "status_tugas", "tanggal_selesai", "persen_capaian"),
    "layanan": ("unit_kerja", "periode", "jumlah_responden", "unsur_1", "unsur_9"),
    "organisasi": ("instansi", "periode", "predikat_organisasi"),
}
PEOPLE = (
    "198609262015051001",
    "199001152018122002",
    "198203042006041003",
    "199505052022212004",
    "199612122023211002",
)


@pytest.fixture(scope="module")
def register() -> Register:
    return Register.load(EXPORTS / "units.csv")


def shown(value: Any) -> str:
    """A cleaned value as ``expected.toml`` writes it."""
    if pd.isna(value):
        return "-"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)


def kept_rows(result: CleanResult) -> list[str]:
    """``row: values`` of each kept row, in the order of files, sheets and rows."""
    lines = []
    for name, frame in sorted(result.tables.items()):
        for row in frame.sort_values(["sumber", "baris_sumber"], kind="stable").to_dict("records"):
            lines.append(f"{row['baris_sumber']}: " + ", ".join(shown(row[column]) for column in SHOWN[name]))
    return lines


def account(result: CleanResult) -> dict[str, Any]:
    """What cleaning made of a file, as ``expected.toml`` says it."""
    accounting, ledger, cells = result.accounting, result.ledger, result.cells
    found: dict[str, Any] = {
        "layout": sorted(set(accounting["layout"])),
        "table": sorted(set(accounting["table"])),
        "rows": [int(accounting[name].sum()) for name in ("read", "kept", "rejected", "merged")],
    }
    for action in ("rejected", "merged"):
        if counts := Counter(ledger.loc[ledger["action"] == action, "reason"]):
            found[action] = dict(sorted(counts.items()))
    emptied = cells[cells["kept"].astype(bool)] if len(cells) else cells
    if len(emptied):
        found["emptied"] = dict(
            sorted(
                Counter(f"{f}={r}" for f, r in zip(emptied["field"], emptied["reason"], strict=True)).items()
            )
        )
    if lines := kept_rows(result):
        found["kept"] = lines
    return found


def test_the_museum_is_large_and_each_file_is_expected() -> None:
    files = {
        path.name for path in EXPORTS.iterdir() if path.suffix not in (".py", ".toml") and path.is_file()
    }
    assert files - {"units.csv", "buku_lama.xls"} == set(EXPECTED)
    assert len(EXPECTED) >= 60
    for name in EXPECTED:
        assert not set(name) & set('<>:"/\\|?*'), name
        assert name == name.strip(" .")
        assert (EXPORTS / name).stat().st_size < 100_000, name


@pytest.mark.parametrize("name", sorted(name for name, entry in EXPECTED.items() if "error" not in entry))
def test_a_file_gives_what_it_holds_and_no_more(name: str, register: Register) -> None:
    result = clean(read_export(EXPORTS / name), register=register, key=KEY)
    assert account(result) == {key: value for key, value in EXPECTED[name].items() if key != "fault"}
    each = result.accounting
    assert (each["read"] == each["kept"] + each["rejected"] + each["merged"]).all()
    known = {pseudonym(nip, KEY) for nip in PEOPLE}
    for frame in result.tables.values():
        if "id_pegawai" in frame:
            assert set(frame["id_pegawai"]) <= known
    for reason in set(result.ledger["reason"]) | set(result.cells["reason"]):
        for lang in ("id", "en"):
            assert reason_label(reason, lang) != reason
            assert reason_advice(reason, lang)


@pytest.mark.parametrize("name", sorted(name for name, entry in EXPECTED.items() if "error" in entry))
def test_a_file_that_cannot_be_read_says_why_in_both_languages(name: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_export(EXPORTS / name)
    for lang in ("id", "en"):
        text = caught.value.text(lang)
        assert EXPECTED[name]["error"][lang] in text
        assert "->" in text  # the next action
        assert "Contoh" not in text.replace("(contoh)", "")  # no cell of a person
        assert "19860926" not in text


def test_the_script_writes_these_very_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXPORTS))
    from make_museum import museum  # type: ignore[import-not-found]

    for name, content in museum().items():
        if not name.endswith(
            (".parquet", ".xlsx", ".xlsm", ".zip")
        ):  # their writers' versions show in the bytes
            assert (EXPORTS / name).read_bytes() == content, name
        else:
            assert (EXPORTS / name).is_file()
