"""What one report may take, how it ended, and what a whole run gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both
from kinerja_lib.reporting.plan import Job


@dataclass(frozen=True)
class Limits:
    """What one report may take.

    Attributes
    ----------
    timeout : float
        Seconds.
    memory_mb : int
        MiB of address space; 0 sets no limit. Only where ``fork`` exists.
    tries : int
        How often a report is begun whose process was killed from outside; never after a fault of its own.
    pause : float
        Seconds before the second try; each further pause is twice as long.
    """

    timeout: float = 600.0
    memory_mb: int = 0
    tries: int = 3
    pause: float = 1.0


@dataclass(frozen=True)
class JobStatus:
    """How a job ended: ``done``, ``skipped``, ``failed``, ``killed`` or ``timed_out``."""

    job: Job
    status: str
    seconds: float = 0.0
    files: tuple[str, ...] = ()
    message: dict[str, str] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class BatchResult:
    """All jobs' ends in the order of the plan, and where the record lies."""

    statuses: tuple[JobStatus, ...]
    ledger: Path

    @property
    def failures(self) -> tuple[JobStatus, ...]:
        """Jobs that ended neither done nor skipped."""
        return tuple(status for status in self.statuses if status.status not in ("done", "skipped"))


def both(text: Both) -> dict[str, str]:
    """A text by language, as a record keeps it."""
    return {"id": str(text), "en": text.en}


def ended_well(job: Job, seconds: float, answer: dict[str, Any]) -> JobStatus:
    """The status of a job from the answer of the process that did it."""
    known = ("event", "files", "seconds")
    facts = {name: value for name, value in answer.items() if name not in known}
    return JobStatus(job, "done", seconds, tuple(answer["files"]), facts=facts)
