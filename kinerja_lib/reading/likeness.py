"""How much a header, or what stands below it, is like each field of a table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz

from kinerja_lib.reading.layouts import Layout, normalise
from kinerja_lib.schema.fields import field, table
from kinerja_lib.schema.raw import COMPOSITE

SUGGEST = 45.0  # a field less alike than this is not offered
SHARE = 0.8  # of the filled cells that must look like a NIP

_DERIVED = frozenset(
    {"sumber", "baris_sumber", "id_pegawai", "id_penilai", "instansi", "unit_kerja", "periode", "skema"}
    | {"predikat", "predikat_berbeda", "predikat_lama", "kelompok_fasilitas", "kelas_kendala"}
)


@cache
def allowed_fields(name: str) -> frozenset[str]:
    """Fields a header may stand for in a table."""
    declared = table(name)
    extra = set(COMPOSITE)
    if "nip" not in declared.raw:
        extra -= {"nip_nama", "pangkat_golongan", "tempat_tanggal_lahir"}
    return frozenset({*declared.columns, *declared.raw, *extra, "tahun"} - _DERIVED)


def known_spellings(name: str, layouts: Sequence[Layout]) -> dict[str, str]:
    """Normalised header -> field, from layouts of the table and from the labels of its fields."""
    allowed = allowed_fields(name)
    found: dict[str, str] = {}
    for layout in layouts:
        if layout.table == name:
            found.update({text: one for text, one in layout.spellings.items() if one in allowed})
    for one in sorted(allowed):
        labels = () if one in COMPOSITE else (field(one).label("id"), field(one).label("en"))
        for text in (one, *labels, *_synonyms().get(one, ())):
            found.setdefault(normalise(text), one)
    return found


@cache
def _synonyms() -> dict[str, list[str]]:
    text = files("kinerja_lib.reading").joinpath("synonyms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def graded(levels: tuple[str, ...], spellings: Mapping[str, str]) -> dict[str, float]:
    """How much a header is like each field, 0 to 100; fields that are little alike are left out."""
    if not levels:
        return {}
    scores: dict[str, float] = {}
    for text in dict.fromkeys([normalise(" ".join(levels)), normalise(levels[-1])]):
        words = " ".join(sorted(text.split()))
        for spelling, name in spellings.items():
            if text == spelling:
                score = 100.0
            elif len(text) > 3 and (
                text.replace(" ", "") == spelling.replace(" ", "")
                or words == " ".join(sorted(spelling.split()))
            ):
                score = 99.0
            else:
                score = min(fuzz.ratio(text, spelling), 97.0) if len(text) > 3 else 0.0
            if score >= SUGGEST and score > scores.get(name, 0.0):
                scores[name] = round(score, 1)
    return scores


def are_nips(rows: Sequence[Sequence[str]], number: int) -> bool:
    cells = [row[number].strip() for row in rows if number < len(row) and row[number].strip()]
    digits = [re.sub(r"\D", "", cell) for cell in cells]
    return len(cells) >= 3 and sum(len(one) == 18 for one in digits) >= SHARE * len(cells)


def possible(rows: Sequence[Sequence[str]], number: int, name: str) -> bool:
    """Whether the cells can be of a field at all: digits where it is a number, a date or a NIP, none in a name."""
    cells = [row[number] for row in rows if number < len(row) and row[number].strip()]
    with_digits = sum(any(letter.isdigit() for letter in cell) for cell in cells)
    if name in ("nama", "nama_penilai"):
        return 2 * with_digits <= len(cells)
    kind = "text" if name in COMPOSITE else field(name).type
    return (kind not in ("integer", "number", "date") and name not in ("nip", "nip_penilai")) or (
        not cells or 2 * with_digits >= len(cells)
    )
