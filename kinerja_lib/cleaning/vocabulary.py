"""A project's own spellings and asset codes, beside those of the package.

``data/reference/spellings.toml`` has the form of the package's file: columns, then categories, then texts. A spelling
there goes before the package's, so that an application's own words need no code. Groups of facilities are given
by fronts of asset codes: ``[kelompok_fasilitas]``, ``"Perangkat TI" = ["1.3.2.10"]``.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja_lib.cleaning.codes import SECTIONS, folded
from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.schema.fields import fields

GROUPS = "kelompok_fasilitas"


@dataclass(frozen=True)
class Vocabulary:
    """Categories by folded spelling and column, and groups of facilities by front of the asset code."""

    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fronts: Mapping[str, str] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, str]:
        """The project's spellings of a column."""
        return self.spellings.get(SECTIONS.get(name, name), {})


def load_vocabulary(path: Path) -> Vocabulary:
    """Read a project's ``spellings.toml``; an absent file adds nothing.

    Raises
    ------
    CleaningError
        The file is no TOML, a column has no categories, a category is unknown, or a text is given to two
        categories. All faults are listed.
    """
    if not path.is_file():
        return Vocabulary()
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _refused(path, [str(error)]) from error
    faults: list[str] = []
    found: dict[str, dict[str, str]] = {}
    for name, groups in document.items():
        known = fields()[name].categories if name in fields() else ()
        if not known or not isinstance(groups, Mapping):
            near = difflib.get_close_matches(name, [one for one in fields() if fields()[one].categories], 1)
            faults.append(_hint(f"[{name}]", "bukan kolom kategori", "is no column with categories", near))
            continue
        for category, texts in groups.items():
            if category not in known:
                near = difflib.get_close_matches(category, known, 1)
                faults.append(
                    _hint(f"[{name}] {category}", "kategori tidak dikenal", "unknown category", near)
                )
                continue
            _add(found.setdefault(name, {}), name, category, texts, faults)
    if faults:
        raise _refused(path, faults)
    fronts = found.pop(GROUPS, {})
    return Vocabulary(found, fronts)


def _add(table: dict[str, str], name: str, category: str, texts: Any, faults: list[str]) -> None:
    if not isinstance(texts, list) or not all(isinstance(text, str) and folded(text) for text in texts):
        faults.append(_hint(f"[{name}] {category}", "harus daftar teks", "must be a list of texts", []))
        return
    for text in texts:
        key = text.strip().rstrip(".") if name == GROUPS else folded(text)
        if table.setdefault(key, category) != category:
            faults.append(_hint(f"[{name}] {text}", "ada pada dua kategori", "stands in two categories", []))


def _hint(where: str, text: str, en: str, near: list[str]) -> Both:
    more, more_en = (f"; mungkin: {near[0]}", f"; perhaps: {near[0]}") if near else ("", "")
    return Both(f"{where}: {text}{more}", en=f"{where}: {en}{more_en}")


def _refused(path: Path, faults: list[str]) -> CleaningError:
    return CleaningError(
        Both(
            f"ejaan proyek tidak terbaca: {path.name}", en=f"cannot read the project's spellings: {path.name}"
        ),
        details=faults,
        action=Both(f"perbaiki {path.name}", en=f"mend {path.name}"),
    )
