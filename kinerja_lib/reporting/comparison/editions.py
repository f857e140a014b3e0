"""What was published: the record of each edition of the annual report, and the data it was made from.

An edition is kept in ``data/interim/editions``: ``<periode>/0001.json`` holds the headline figures of the
government and of each agency, the settings that matter and the hash of each table; ``objects/<hash>.parquet``
holds the tables, each content once. It is personal data under the same care as the cleaned tables, whose
pseudonyms it has.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from kinerja_lib import __version__
from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.tables import TABLES, read_tables
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.comparison.figures import figures_by_agency, values
from kinerja_lib.reporting.manifest import file_hash, package_hash
from kinerja_lib.reporting.records import FOLDER, Record, editions_folder, latest, record_path

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project


def record_edition(project: Project, periode: str) -> Record | None:
    """Keep the edition of a year as it stands now; None where the last record says the same.

    Raises
    ------
    ReportError
        There is no panel.
    """
    tables = table_hashes(project)
    settings = settings_of(project)
    last = latest(project, periode)
    if last is not None and (last.tables, last.settings, last.code) == (tables, settings, package_hash()):
        return None
    edition = open_edition("all", periode, "id", project.root)
    record = Record(
        periode=periode,
        number=1 if last is None else last.number + 1,
        version=__version__,
        code=package_hash(),
        tables=tables,
        settings=settings,
        figures=figures_by_agency(values(edition, edition.year)),
        rows=row_counts(edition.accounting),
    )
    _keep_objects(project, tables)
    content = json.dumps(asdict(record), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    write_atomic(record_path(project, periode, record.number), content.encode("utf-8"))
    return record


def recorded_edition(project: Project, record: Record) -> Edition | None:
    """The government's edition on the tables of a record, by today's program; None where they are not kept.

    Raises
    ------
    ReportError
        A kept table was changed since.
    """
    folder = editions_folder(project) / "objects"
    frames: dict[str, list[pd.DataFrame]] = {}
    for name, digest in record.tables.items():
        path = folder / f"{digest}.parquet"
        if not path.is_file():
            return None
        if file_hash(path) != digest:
            raise ReportError(
                Both(
                    f"salinan tabel edisi {record.periode} berubah: {name}",
                    en=f"the kept table of edition {record.periode} was changed: {name}",
                ),
                action=Both(
                    f"hapus {path.name} dari data/interim/{FOLDER}/objects",
                    en=f"remove {path.name} from data/interim/{FOLDER}/objects",
                ),
            )
        frames.setdefault(name.split("/")[0].removesuffix(".parquet"), []).append(_with_keys(path, name))
    tables = {name: pd.concat(parts, ignore_index=True) for name, parts in frames.items() if name in TABLES}
    return open_edition("all", record.periode, "id", project.root, tables=read_tables(tables))


def _with_keys(path: Path, name: str) -> pd.DataFrame:
    """A table, or one partition of it with the keys that its folder names."""
    frame = pd.read_parquet(path)
    for part in name.split("/")[1:-1]:
        key, _, value = part.partition("=")
        frame[key] = value
    return frame


def table_hashes(project: Project) -> dict[str, str]:
    """Hash of each file of the cleaned tables that a report reads."""
    folder = project.folder("processed")
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.glob("**/*.parquet"))
        if path.is_file() and path.relative_to(folder).parts[0].removesuffix(".parquet") in TABLES
    }


def settings_of(project: Project) -> dict[str, Any]:
    """The settings that a figure depends on."""
    return asdict(project.config.thresholds)


def row_counts(accounting: pd.DataFrame) -> dict[str, int]:
    """Rows read, kept, rejected and merged over all files."""
    names = ("read", "kept", "rejected", "merged")
    return {name: int(accounting[name].sum()) for name in names} if len(accounting) else {}


def _keep_objects(project: Project, tables: Mapping[str, str]) -> None:
    source, target = project.folder("processed"), editions_folder(project) / "objects"
    target.mkdir(parents=True, exist_ok=True)
    for name, digest in tables.items():
        final = target / f"{digest}.parquet"
        if final.exists():
            continue
        try:
            # cleaning replaces files and never writes into them, so a second name costs nothing
            os.link(source / name, final)
        except OSError:
            staged = final.with_suffix(".tmp")
            shutil.copyfile(source / name, staged)
            staged.replace(final)
