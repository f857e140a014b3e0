"""What both directions of the correction loop need of a project: its exports, its corrections, whole files."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from kinerja_lib.cleaning import load_corrections
from kinerja_lib.cleaning.corrections import Correction
from kinerja_lib.reading import load_layouts, read_folder
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.stages import CORRECTIONS, LAYOUTS, read_sources

Tick = Callable[[int, int, str], None]


def exports_of(project: Project, progress: Tick | None = None) -> list[RawTable]:
    """The raw tables of a project: its exports and the databases that it names."""
    layouts, raw = load_layouts(project.folder("reference") / LAYOUTS), project.folder("raw")
    sheets = read_folder(raw, layouts=layouts, progress=progress)[0] if raw.is_dir() else []
    return sheets + read_sources(project, layouts)[0]


def corrections_path(project: Project) -> Path:
    """Where a project's corrections lie."""
    return project.folder("reference") / CORRECTIONS


def corrections_of(project: Project) -> tuple[Correction, ...]:
    """The corrections that a project has."""
    return load_corrections(corrections_path(project))


def write_whole(path: Path, content: bytes) -> None:
    """A file written whole or not at all."""
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(name).replace(path)
