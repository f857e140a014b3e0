"""The records of editions on disk: what was printed, and which tables it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.manifest import file_hash

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

FOLDER = "editions"


@dataclass(frozen=True)
class Record:
    """One edition as published.

    Attributes
    ----------
    periode : str
    number : int
        1 for the first of the period; a later one supersedes it.
    tables : mapping
        Hash of each file of the cleaned tables by its relative path.
    settings : mapping
        The settings that a figure depends on.
    figures : mapping
        By agency (``all`` is the government) and figure: ``value`` and ``n``.
    rows : mapping
        Rows read, kept, rejected and merged.
    """

    periode: str
    number: int
    version: str
    code: str
    tables: Mapping[str, str]
    settings: Mapping[str, Any]
    figures: Mapping[str, Mapping[str, Mapping[str, float]]]
    rows: Mapping[str, int]


def latest(project: Project, periode: str) -> Record | None:
    """The last edition of a period that was made here."""
    found = sorted((editions_folder(project) / periode).glob("*.json"))
    return read_record(found[-1]) if found else None


def record_hash(project: Project, periode: str) -> str:
    """Hash of the last record of a period; empty where there is none."""
    found = sorted((editions_folder(project) / periode).glob("*.json"))
    return file_hash(found[-1]) if found else ""


def editions_folder(project: Project) -> Path:
    """Where the records and the kept tables lie."""
    return project.folder("interim") / FOLDER


def record_path(project: Project, periode: str, number: int) -> Path:
    """Where a record lies."""
    return editions_folder(project) / periode / f"{number:04d}.json"


def read_record(path: Path) -> Record:
    """Read one.

    Raises
    ------
    ReportError
        It is damaged.
    """
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (json.JSONDecodeError, UnicodeDecodeError, TypeError) as error:
        raise ReportError(
            Both(
                f"catatan edisi tidak terbaca: {path.name}", en=f"cannot read the edition record: {path.name}"
            ),
            action=Both(f"hapus {path}", en=f"remove {path}"),
        ) from error
