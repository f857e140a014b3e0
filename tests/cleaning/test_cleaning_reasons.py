"""Each reason code that the code gives is explained in both languages."""

from __future__ import annotations

import re
from pathlib import Path

from kinerja_lib.cleaning.reasons import reason_advice, reason_label, reasons

SOURCE = Path(__file__).resolve().parents[2] / "kinerja_lib" / "cleaning"
# A reason stands after a None, in a mapping by length, or beside an else; these fronts and ends are theirs alone.
CODE = re.compile(
    r'"((?:nip|instansi|unit|periode|tanggal|angka|golongan|kategori|kode_barang|rating|fakta|nama|tahun|kolom'
    r"|bukan|di|versi|tidak)_(?:\w+_)?(?:kosong|presisi|terbaca|nik|lama|non_asn|hilang|panjang|sah|dikenal"
    r'|ganda|ambigu|ada|bulat|luar_batas|bertentangan|dipakai)|kembar)"'
)


def test_every_code_used_is_explained() -> None:
    used = {code for path in SOURCE.glob("*.py") for code in CODE.findall(path.read_text(encoding="utf-8"))}
    assert len(used) > 25
    assert used <= set(reasons())


def test_every_reason_has_both_languages() -> None:
    for code in reasons():
        for lang in ("id", "en"):
            assert reason_label(code, lang) and reason_advice(code, lang)
    assert reason_label("nip_nik") == "NIK pada kolom NIP"
