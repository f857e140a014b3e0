"""Free texts hold no people after cleaning."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning.free_text import known_names, without_people
from kinerja_lib.schema.raw import RawTable

NAMES = frozenset({("budi", "contoh"), ("contoh", "budi"), ("siti", "aminah", "contoh")})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Tugas Budi Contoh selesai.", "Tugas [nama dihapus] selesai."),
        ("BUDI CONTOH, SITI AMINAH CONTOH", "[nama dihapus], [nama dihapus]"),
        ("Contoh, Budi hadir", "[nama dihapus] hadir"),
        ("NIP 198609262015051001", "NIP [nomor dihapus]"),
        ("NIP 19860926 201505 1 001.", "NIP [nomor dihapus]."),
        ("NIK 3201234567890123", "NIK [nomor dihapus]"),
        ("Contoh formulir 2025, 1.234 dokumen", "Contoh formulir 2025, 1.234 dokumen"),
        ("", ""),
        ("budi contoh (nip  1986 0926  201505 - 1 001)", "[nama dihapus] (nip  [nomor dihapus])"),
        ("NIP. 131 234 567 pensiun", "NIP. [nomor dihapus] pensiun"),
        ("Hubungi 0812-3456-7890 atau +62 812 3456 789.", "Hubungi [nomor dihapus] atau [nomor dihapus]."),
        ("surel budi.contoh@contoh.go.id!", "surel [surel dihapus]!"),
        ("Anggaran 812.345.678 dan 08 dokumen pada 2025", "Anggaran 812.345.678 dan 08 dokumen pada 2025"),
        ("Nomor 800/123/2025", "Nomor 800/123/2025"),
        ("Rp 1.081.234.567.890 tersedia", "Rp 1.081.234.567.890 tersedia"),
    ],
)
def test_people_are_taken_out(before: str, after: str) -> None:
    assert without_people(before, NAMES) == after
    assert without_people(after, NAMES) == after


def test_names_come_from_every_raw_table() -> None:
    frame = pd.DataFrame(
        {"nama": ["Contoh, Budi", None], "nip_nama": ["Siti Aminah\n1986", "Tunggal"]}, dtype="str"
    )
    table = RawTable("a.xlsx", "", "x", "penilaian", frame, np.array([1, 2]))
    names = known_names([table])
    assert ("contoh", "budi") in names
    assert ("budi", "contoh") in names
    assert ("siti", "aminah") in names
    assert all(len(name) > 1 for name in names)
