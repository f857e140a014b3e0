"""Where tables come from: files, members of archives, and databases, each read by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kinerja_lib.config import SourceSection
from kinerja_lib.errors import ReadError
from kinerja_lib.reading import FileFault, Layout, read_database
from kinerja_lib.reading.databases import bytes_of
from kinerja_lib.reading.read import export_files, one_source, sources_in
from kinerja_lib.reading.sources import Source
from kinerja_lib.schema.raw import RawTable


@dataclass(frozen=True)
class Database:
    """A database that ``kinerja.toml`` names; relative paths of its URL start at ``root``."""

    section: SourceSection
    root: Path

    @property
    def file(self) -> str:
        """What it is called in provenance."""
        return f"sql/{self.section.name}"

    @property
    def size(self) -> int:
        """Bytes, where it is a file; else 0: how much a server will send is not known."""
        return bytes_of(self.section, self.root)


Origin = Source | Database


def origins_of(raw: Path, databases: Sequence[Database]) -> tuple[list[Origin], list[FileFault]]:
    """The files of a folder, then the databases; and archives that can't be opened."""
    files, faults = sources_in([(raw, path) for path in export_files(raw)] if raw.is_dir() else [])
    return [*files, *databases], faults


def read_origin(origin: Origin, layouts: Sequence[Layout]) -> tuple[list[RawTable], list[FileFault]]:
    """All tables of one origin, or why it can't be read."""
    if isinstance(origin, Source):
        return one_source(origin, layouts)
    try:
        return read_database(origin.section, origin.root, layouts=layouts), []
    except ReadError as error:
        return [], [FileFault(origin.file, error)]
