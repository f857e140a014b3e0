"""A run watched from another process: its events as they are recorded."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from kinerja_lib.reporting.ledger import Event, last_ledger, parse_event


def follow_run(folder: Path, *, pause: float = 0.3) -> Iterator[Event]:
    """Events of the newest run, from its beginning to its end.

    Ends with the run: when it says so, or when its process is no more. Nothing where there is no run.

    Parameters
    ----------
    folder : Path
        Where the records lie.
    pause : float
        Seconds between two looks.
    """
    path = last_ledger(folder) if folder.is_dir() else None
    if path is None:
        return
    pid = 0
    with path.open(encoding="utf-8", errors="replace") as file:
        rest = ""
        while True:
            alive = pid == 0 or is_alive(pid)
            rest += file.read()
            *lines, rest = rest.split("\n")
            for line in lines:
                event = parse_event(line)
                if event is None:  # damaged: what follows it cannot be trusted
                    return
                if event.event == "begun":
                    pid = int(event.facts.get("pid", 0))
                yield event
                if event.event in ("ended", "stopped"):
                    return
            if not alive:  # nothing was written after its end
                return
            time.sleep(pause)


def is_alive(pid: int) -> bool:
    """Whether a process of this machine runs; taken for granted where that cannot be asked."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
