"""Where bytes come from: a file, or a member of a zip archive that is never unpacked to disk.

The limits on an archive (members, size, ratio of unpacked to packed bytes) are checked on its table of contents
before anything is unpacked, and again while a member is read, since a table of contents can lie.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from kinerja_lib.errors import Both, ReadError

MAX_BYTES = 400 * 2**20
MAX_MEMBERS = 5_000
MAX_UNPACKED = 2 * 2**30
MAX_RATIO = 200
FREE_BYTES = 50 * 2**20  # below this the ratio does not matter

NO_EXPORTS = frozenset({"units.csv", "truth.json", "readme.md", "pseudonym.key", "thumbs.db", "desktop.ini"})
_WORKBOOK_PARTS = frozenset({"[Content_Types].xml", "mimetype"})
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Source:
    """A file to read.

    Attributes
    ----------
    file : str
        What it is called in provenance: the path relative to the folder that was read; ``arsip.zip/rekap.xlsx``
        for a member.
    path : Path
        The file on disk, or the archive.
    member : int
        The member's place in the archive's table of contents (two may have one name); -1 for a file.
    """

    file: str
    path: Path
    member: int = -1

    @property
    def name(self) -> str:
        """The last part of ``file``, for messages."""
        return self.file.rpartition("/")[2]

    @property
    def size(self) -> int:
        """Bytes, unpacked."""
        if self.member < 0:
            return self.path.stat().st_size
        with zipfile.ZipFile(self.path) as archive:
            return archive.infolist()[self.member].file_size

    def head(self, count: int) -> bytes:
        """The first bytes."""
        with self.open() as file:
            return file.read(count)

    def open(self) -> BinaryIO:
        """The content as a stream that can go back to its start."""
        return io.BytesIO(self.read()) if self.member >= 0 else self.path.open("rb")

    def read(self, limit: int = MAX_BYTES) -> bytes:
        """The whole content.

        Raises
        ------
        ReadError
            There is more than ``limit`` bytes, or the member is damaged or encrypted.
        """
        if self.member < 0:
            if self.path.stat().st_size > limit:
                raise too_large(self.name)
            return self.path.read_bytes()
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(archive.infolist()[self.member]) as file:
                data = file.read(limit + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise ReadError(
                Both(f"{self.name}: isi arsip rusak", en=f"{self.name}: the archive is damaged here"),
                action=Both("minta ekspor ulang", en="ask for the export again"),
            ) from error
        except RuntimeError as error:
            raise ReadError(
                Both(
                    f"{self.name}: arsip terkunci atau cara pemampatannya tidak dikenal",
                    en=f"{self.name}: the archive is locked, or packed in an unknown way",
                ),
                action=Both("buat zip biasa tanpa kata sandi", en="make a plain zip without a password"),
            ) from error
        if len(data) > limit:
            raise too_large(self.name)
        return data


def too_large(name: str) -> ReadError:
    """The error about a file that is too large to open."""
    return ReadError(
        Both(f"{name}: terlalu besar untuk dibuka", en=f"{name}: too large to open"),
        action=Both("pecah per tahun atau per instansi", en="split it by year or by agency"),
    )


def check_sizes(name: str, entries: Iterable[zipfile.ZipInfo], packed: int) -> None:
    """Refuse a zip whose content is too large, or unpacks to far more than its own size."""
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > FREE_BYTES and unpacked > MAX_RATIO * packed):
        raise too_large(name)


def is_export(name: str) -> bool:
    """Whether a file of this name may be an export: not hidden, no register, no lock file of Excel."""
    return name.lower() not in NO_EXPORTS and not name.startswith((".", "~$"))


def sources_of(path: Path, file: str) -> list[Source]:
    """The file itself, or the members of the zip archive that it is.

    Raises
    ------
    ReadError
        The archive is too large, has too many members, or holds nothing that may be an export.
    """
    with path.open("rb") as stream:
        if stream.read(4) != _ZIP:
            return [Source(file, path)]
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return [Source(file, path)]  # reading it will say what is wrong
    if {entry.filename for entry in entries} & _WORKBOOK_PARTS:
        return [Source(file, path)]
    if len(entries) > MAX_MEMBERS:
        raise ReadError(
            Both(
                f"{path.name}: lebih dari {MAX_MEMBERS} berkas dalam arsip",
                en=f"{path.name}: more than {MAX_MEMBERS} files in the archive",
            ),
            action=Both("pecah per instansi", en="split it by agency"),
        )
    check_sizes(path.name, entries, path.stat().st_size)
    found: dict[str, Source] = {}
    for place, entry in enumerate(entries):
        inner = _inert(entry.filename)
        if entry.is_dir() or not is_export(inner.rpartition("/")[2]) or inner.startswith("__MACOSX/"):
            continue
        shown = f"{file}/{inner}"
        number = 2
        while shown in found:
            shown, number = f"{file}/{inner} ({number})", number + 1
        found[shown] = Source(shown, path, place)
    if not found:
        raise ReadError(
            Both(f"{path.name}: arsip tanpa ekspor", en=f"{path.name}: no export in the archive"),
            action=Both("periksa isi arsipnya", en="look at what the archive holds"),
        )
    return [found[name] for name in sorted(found)]


def _inert(name: str) -> str:
    """A member's name that points nowhere: no drive, no root, no parent, no control letter."""
    parts = re.sub(r"[\x00-\x1f\x7f:]", "_", name.replace("\\", "/")).split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "_"
