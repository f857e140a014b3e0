"""Cleaned tables that many reports read: a worker holds them before it forks, and its children share their pages.

A table is taken from what is held only while its file has the size and the time it had when it was read. Nothing is
held unless ``share_tables`` was called, so a notebook of a person keeps no table that it has let go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

MOST_BYTES = 256 * 2**20  # of files that a worker holds; the rest is read by each report

_asked: dict[str, None] = {}


@dataclass(frozen=True)
class _Held:
    size: int
    changed: int
    frame: pd.DataFrame


_held: dict[str, _Held] = {}


def read_table(path: Path) -> pd.DataFrame:
    """A Parquet file or folder; a frame of its own, so that changing it changes no other report's."""
    if path.is_dir():
        return pd.read_parquet(path)
    _asked[str(path)] = None
    held = _held.get(str(path))
    if held and (held.size, held.changed) == _state(path):
        return held.frame.copy(deep=False)  # pandas copies what is written to
    return pd.read_parquet(path)


def tables_asked() -> list[str]:
    """Files that were read in this process, in the order of their first reading."""
    return list(_asked)


def share_tables(paths: Iterable[str]) -> None:
    """Hold these tables, and no others, for the processes that are forked from here; starts no thread.

    One that cannot be read, or that is too much, is left to the reports.
    """
    wanted = dict.fromkeys(paths)
    for name in [name for name in _held if name not in wanted]:
        del _held[name]
    for name in wanted:
        try:
            size, changed = _state(Path(name))
            held = _held.pop(name, None)
            if sum(other.size for other in _held.values()) + size > MOST_BYTES:
                continue
            if held and (held.size, held.changed) == (size, changed):
                _held[name] = held
                continue
            with pq.ParquetFile(name, pre_buffer=False) as file:
                _held[name] = _Held(size, changed, file.read(use_threads=False).to_pandas(use_threads=False))
        except (OSError, ValueError):
            continue


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
