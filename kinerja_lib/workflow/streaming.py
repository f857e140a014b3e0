"""Many files cleaned side by side, each written when it is done: memory holds a few files, however many there are.

The first pass collects the names of people, as hashes, so that a name in one file is taken out of a free text in another.
The second cleans each file in a process and writes its part of each table. At the end rows of one key are found by a
hash of it, read again and merged, and facts about people compared: the result is that of cleaning all files at once.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from kinerja_lib.cleaning import Register, conflicts
from kinerja_lib.cleaning.cells import together
from kinerja_lib.cleaning.corrections import Correction, apply_corrections
from kinerja_lib.cleaning.duplicates import stacked
from kinerja_lib.cleaning.ledger import together as together_lines
from kinerja_lib.cleaning.pipeline import DECISION_COLUMNS, gather
from kinerja_lib.errors import Both, CleaningError
from kinerja_lib.reading import FileFault, Layout, load_layouts
from kinerja_lib.reading.read import bounded_map
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.raw import ACCOUNTING_COLUMNS
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow.hashed_names import HashedNames, names_of
from kinerja_lib.workflow.origins import Database, Origin, origins_of, read_origin
from kinerja_lib.workflow.parts import merge_parts, remove, write_part
from kinerja_lib.workflow.storage import write_frames
from kinerja_lib.workflow.summary import faults_frame

Tick = Callable[[int, int, str], None]
_PLACE = ["file", "sheet", "table"]


@dataclass(frozen=True)
class _Work:
    """What every process needs to know."""

    staging: Path
    layouts: tuple[Layout, ...]
    register: Register
    key: bytes
    corrections: tuple[Correction, ...]
    names: HashedNames


@dataclass
class _Done:
    """What a cleaned file leaves in memory; its rows are on disk."""

    number: int
    sheets: dict[tuple[str, str, str], list[Any]] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    people: list[conflicts.Identity] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)


@dataclass(frozen=True)
class Streamed:
    """Rows by file and sheet, files that could not be read, and rows by table."""

    accounting: pd.DataFrame
    faults: list[FileFault]
    tables: Mapping[str, int]


def nothing_kept() -> CleaningError:
    """The error where files could be read and no row of them could be kept."""
    return CleaningError(
        Both("tidak ada baris yang dapat dipakai", en="no row could be kept"), action="kinerja check"
    )


def clean_folder(
    raw: Path,
    processed: Path,
    interim: Path,
    *,
    register: Register,
    key: bytes,
    layouts: Sequence[Layout] | None = None,
    corrections: Sequence[Correction] = (),
    databases: Sequence[Database] = (),
    workers: int = 2,
    progress: Tick | None = None,
) -> Streamed:
    """Clean all exports of a folder, and databases, and write the tables, the ledger, the cells, the accounting and the faults.

    Parameters
    ----------
    raw, processed, interim : Path
        Where the exports lie, and where tables and books are written, each a folder of parts.
    register, key, corrections, layouts
        See ``cleaning.clean`` and ``reading.read_export``.
    databases : sequence of Database
        Read after the files, each like one more file.
    workers : int
    progress : callable, optional
        ``progress(done, total, file)``; every file counts twice.

    Raises
    ------
    CleaningError
        A correction names a cell that no file has, or no row was kept. Nothing is written then.
    """
    origins, faults = origins_of(raw, databases)
    interim.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=".tmp-", dir=interim))
    try:
        known = tuple(layouts) if layouts is not None else load_layouts()
        files = {origin.file for origin in origins}
        apply_corrections([], [one for one in corrections if one.file not in files], key)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            found = bounded_map(pool, partial(names_of, layouts=known), origins, 2 * workers)
            hashes = list(_ticked(found, origins, progress, 0))
            names = HashedNames(np.unique(np.concatenate([np.zeros(0, np.uint64), *hashes])))
            work = _Work(staging, known, register, key, tuple(corrections), names)
            results = bounded_map(pool, partial(_clean, work=work), list(enumerate(origins)), 2 * workers)
            done = list(_ticked(results, origins, progress, len(origins)))
        faults += [fault for one in done for fault in one.faults]
        return Streamed(*_finish(staging, done, processed, interim, faults))
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _ticked(results: Any, origins: Sequence[Origin], progress: Tick | None, before: int) -> Any:
    for number, (origin, result) in enumerate(zip(origins, results, strict=True), start=1):
        if progress is not None:
            progress(before + number, 2 * len(origins), origin.file)
        yield result


def _clean(item: tuple[int, Origin], work: _Work) -> _Done:
    """Clean one file, write its rows and lines, and give back what is small."""
    number, origin = item
    raw, faults = read_origin(origin, work.layouts)
    done = _Done(number, faults=faults)
    if faults:
        return done
    own = [one for one in work.corrections if one.file == origin.file]
    sheets, frames, book = gather(
        raw, register=work.register, key=work.key, corrections=own, names=work.names
    )
    for sheet in sheets:
        entry = done.sheets.setdefault((sheet.file, sheet.sheet, sheet.table), [sheet.layout, 0, 0])
        entry[1] += len(sheet.frame)
    ledger = together_lines(book.ledger)
    for place, count in ledger.groupby(_PLACE).size().items():
        done.sheets[place][2] += int(count)
    for name, parts in frames.items():
        frame = typed(stacked(parts).drop(columns="_sheet"), name, texts=False)
        keys = frame[list(table(name).key)]
        np.save(
            work.staging / f"{name}-{number:05d}.npy",
            pd.util.hash_pandas_object(keys, index=False).to_numpy(),
        )
        write_part(work.staging / name, number, frame)
        done.tables.append(name)
    write_part(work.staging / "ledger", number, ledger)
    write_part(work.staging / "cells", number, together(book.cells))
    done.decisions, done.people = book.decisions, book.people
    return done


def _finish(
    staging: Path, done: list[_Done], processed: Path, interim: Path, faults: list[FileFault]
) -> tuple[pd.DataFrame, list[FileFault], dict[str, int]]:
    """Merge rows of one key across files, compare people, and put everything in its place."""
    parts: list[pd.DataFrame] = []
    differing: list[tuple[Any, ...]] = []
    counts: dict[str, int] = {}
    for name in sorted({name for one in done for name in one.tables}):
        lost, rivals = merge_parts(staging, name, [one.number for one in done if name in one.tables])
        parts.append(lost)
        differing += rivals
        counts[name] = sum(pq.read_metadata(path).num_rows for path in (staging / name).glob("*.parquet"))
    if not sum(counts.values()):
        raise nothing_kept()
    merged = together_lines(parts)
    if len(merged):
        write_part(staging / "ledger", len(done), merged)
    accounting = _accounting(done, merged)
    people = conflicts.between_people([person for one in done for person in one.people])
    decisions = pd.DataFrame([line for one in done for line in one.decisions], columns=list(DECISION_COLUMNS))
    _put_in_place(staging, counts, processed, interim)
    write_frames(
        interim,
        {
            "accounting": accounting,
            "decisions": decisions.astype("str"),
            "conflicts": conflicts.together(differing + people),
            "faults": faults_frame(faults),
        },
    )
    return accounting, faults, counts


def _accounting(done: Sequence[_Done], merged: pd.DataFrame) -> pd.DataFrame:
    """Rows read, kept, rejected and merged by file and sheet; ``merged`` are the ledger's lines of merged rows."""
    lost: Counter[Any] = Counter(merged.groupby(_PLACE).size().to_dict())
    lines = [
        (file, sheet, layout, kind, read, read - bad - lost[file, sheet, kind], bad, lost[file, sheet, kind])
        for one in done
        for (file, sheet, kind), (layout, read, bad) in one.sheets.items()
    ]
    return pd.DataFrame(lines, columns=list(ACCOUNTING_COLUMNS))


def _put_in_place(staging: Path, names: Iterable[str], processed: Path, interim: Path) -> None:
    """Tables and books of this run in place of those of an earlier one."""
    processed.mkdir(parents=True, exist_ok=True)
    for old in processed.glob("*.parquet"):
        remove(old)
    for name in names:
        (staging / name).replace(processed / f"{name}.parquet")
    for name in ("ledger", "cells"):
        remove(interim / f"{name}.parquet")
        if (staging / name).is_dir():
            (staging / name).replace(interim / f"{name}.parquet")
