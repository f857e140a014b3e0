"""References to chapters that a template does not mark: by the chapter's title, else in words, with a warning.

The program's own sentences refer to the chapters of the package's templates by their marks (``{#bab-fasilitas}``). A
project may keep a copy of a template from before a mark was set, or one with chapters of its own. Its report has to
come out all the same.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache

from kinerja_lib.errors import Both
from kinerja_lib.reporting.packaged import packaged_notebooks
from kinerja_lib.reporting.words import words

PREFIX = "bab-"
_MARKED = re.compile(r"^#+ +(?P<title>.+?) +\{[^}]*#(?P<name>bab-[\w-]+)[^}]*\}$", re.MULTILINE)
_CITED = re.compile(r"@(bab-[\w-]+)")


@cache
def titles(lang: str) -> Mapping[str, str]:
    """Title of each marked chapter of the package's templates, by its mark."""
    found: dict[str, str] = {}
    for path in packaged_notebooks("templates"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if f"lang-{lang}" in cell["metadata"].get("tags", []):
                for match in _MARKED.finditer("".join(cell["source"])):
                    found.setdefault(match["name"], match["title"])
    return found


def cited(markdown: str) -> frozenset[str]:
    """The chapters that a text refers to."""
    return frozenset(_CITED.findall(markdown))


def in_words(name: str, lang: str) -> str:
    """What stands in place of a reference that leads nowhere."""
    title = titles(lang).get(name)
    return words(lang)["part"].format(title=title) if title else words(lang)["elsewhere"]


def warning(file: str, names: Sequence[str]) -> Both:
    """What the template lacks, and what to do about it."""
    listed = ", ".join(names)
    return Both(
        f"templat {file} tidak menandai: {listed}; rujukannya ditulis tanpa nomor bab. Tambahkan tanda itu pada "
        f"judul babnya, misalnya ## Judul {{#{names[0]}}}, atau hapus berkas itu agar templat bawaan dipakai",
        en=f"template {file} does not mark: {listed}; references to them carry no chapter number. Add the mark to "
        f"the chapter's heading, such as ## Title {{#{names[0]}}}, or delete that file to use the package's own template",
    )
