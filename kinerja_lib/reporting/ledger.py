"""The true record of a run: one line of JSON per event, appended and forced to disk as it happens.

An executed notebook is not the record: one whose kernel was killed says that every cell was completed.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.endings import storage_fault

EVENTS = (
    "begun",
    "queued",
    "started",
    "retried",
    "done",
    "failed",
    "killed",
    "timed_out",
    "skipped",
    "stopped",
    "ended",
)
STAMP = "%Y%m%dT%H%M%S"  # of a file's name
FINAL = ("done", "failed", "killed", "timed_out", "skipped")


@dataclass(frozen=True)
class Event:
    """One event of a run: when (seconds since the epoch), what, of which job, and further facts."""

    at: float
    event: str
    job: str
    facts: dict[str, Any]


class RunLedger:
    """Append-only file of events; opened for one run."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._file = path.open("ab", buffering=0)

    def write(self, event: str, job: str = "", **facts: Any) -> Event:
        """Append an event and force it to disk.

        Raises
        ------
        ReportError
            The storage is full; what was half written is taken back, so the record stays readable.
        """
        if event not in EVENTS:
            raise AssertionError(event)
        record = Event(at=time.time(), event=event, job=job, facts=facts)
        line = {"at": round(record.at, 3), "event": event, "job": job, **facts}
        self._append((json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8"))
        return record

    def _append(self, data: bytes) -> None:
        end = self._file.seek(0, os.SEEK_END)
        try:
            if self._file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._file.fileno())
        except OSError as error:
            self._file.truncate(end)
            raise ReportError(
                Both("catatan proses tidak dapat ditulis", en="the run's record cannot be written"),
                details=[storage_fault(error)],
                action=Both(
                    "laporan yang sudah jadi tetap ada; perintah yang sama melanjutkan",
                    en="finished reports stay; the same command goes on",
                ),
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def read_ledger(path: Path) -> Iterator[Event]:
    """Events of a ledger; a last line that was cut by a crash is left out, and all that follows a damaged one."""
    with path.open(encoding="utf-8", errors="replace") as file:
        for line in file:
            event = parse_event(line)
            if event is None:
                return
            yield event


def parse_event(line: str) -> Event | None:
    """The event of a line; None for a line that is no event."""
    try:
        record = json.loads(line)
        return Event(float(record.pop("at")), str(record.pop("event")), str(record.pop("job")), record)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def next_ledger(folder: Path) -> Path:
    """Path of a new run's file: named by the time, yet after the last one's name even if the clock was set back."""
    last = last_ledger(folder)
    stamp = datetime.now().replace(microsecond=0)
    if last is not None:
        with contextlib.suppress(ValueError):
            stamp = max(stamp, datetime.strptime(last.name[:15], STAMP) + timedelta(seconds=1))
    return folder / f"{stamp.strftime(STAMP)}-{os.getpid()}.jsonl"


def last_ledger(folder: Path) -> Path | None:
    """The newest run's file in a folder, or None."""
    found = sorted(folder.glob("*.jsonl"))
    return found[-1] if found else None
