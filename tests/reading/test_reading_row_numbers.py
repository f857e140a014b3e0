"""Row numbers are those a person sees in the file."""

from __future__ import annotations

import json
from pathlib import Path

from kinerja_lib.reading import read_export

RECORD = {
    "nip": "198609262015051001", "nama": "Contoh Satu", "tahun": "2025", "hasilKinerja": "Sesuai Ekspektasi",
    "hasilKinerjaNilai": "2", "perilakuKerja": "Sesuai Ekspektasi", "PerilakuKerjaNilai": "2", "kuadranKinerja": "BAIK",
    "unorNama": "Bidang SMA", "unorIndukNama": "Dinas Pendidikan",
}  # fmt: skip


def test_json_lines_are_counted_from_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "kinerja.jsonl"
    path.write_text("\n".join(json.dumps(RECORD) for _ in range(3)) + "\n", encoding="utf-8")
    assert read_export(path)[0].rows.tolist() == [1, 2, 3]


def test_a_csv_from_its_header(tmp_path: Path) -> None:
    path = tmp_path / "kinerja.csv"
    lines = [";".join(RECORD), *[";".join(RECORD.values())] * 3]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read_export(path)[0].rows.tolist() == [2, 3, 4]
