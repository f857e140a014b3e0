"""Many reports: warm workers, one process a report, a true record, and a second run that does only the rest.

``run_batch`` starts as many workers as there are cores (see ``worker``), hands each the next job, and
writes every event to the run's ledger. One failure never stops the others. A report that was killed (not
one whose cell failed) is tried again, after a pause and alone. Running the same command again continues: a job whose key and
files are unchanged is skipped.

Long because the states of a job and the moves between them stand in one place.
"""

from __future__ import annotations

import contextlib
import os
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kinerja_lib.errors import Both, ReportError, UsageError
from kinerja_lib.reporting.endings import may_pass, over_time, sudden_end
from kinerja_lib.reporting.ledger import FINAL, Event, RunLedger
from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.worker import CAN_FORK
from kinerja_lib.reporting.worker_process import RunningJob, WorkerProcess

JOBS_BEFORE_REPLACEMENT = 20  # of a worker that cannot fork


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


@dataclass
class _Waiting:
    """A job in the queue: which try it will be, and when it may start."""

    job: Job
    tries: int = 1
    not_before: float = 0.0


class _Batch:
    """State of one run."""

    def __init__(
        self,
        jobs: Sequence[Job],
        root: Path,
        *,
        keys: dict[str, str],
        ledger: RunLedger,
        workers: int,
        limits: Limits,
        engine: str,
        watch: Callable[[Event], None],
    ) -> None:
        self.root, self.keys, self.ledger, self.watch = root, keys, ledger, watch
        self.limits, self.engine = limits, engine
        self.waiting = deque(_Waiting(job) for job in jobs)
        self.inbox: queue.Queue[tuple[WorkerProcess, dict[str, Any]]] = queue.Queue()
        self.statuses: dict[str, JobStatus] = {}
        self.count = len(jobs)
        self.workers = [WorkerProcess(number, self.inbox) for number in range(min(workers, len(jobs)))]

    def tell(self, event: str, job: Job, **facts: Any) -> None:
        self.watch(self.ledger.write(event, job.stem, **facts))

    def run(self) -> None:
        try:
            while len(self.statuses) < self.count:
                try:
                    worker, answer = self.inbox.get(timeout=0.2)
                except queue.Empty:
                    self._look_around()
                    continue
                self._handle(worker, answer)
                self._look_around()
        finally:
            for worker in self.workers:
                worker.close()

    def _handle(self, worker: WorkerProcess, answer: dict[str, Any]) -> None:
        running = worker.running
        event = answer["event"]
        if event == "ready":
            worker.ready = True
            self._next(worker)
        elif event == "gone":
            if not worker.ready:
                raise ReportError(
                    Both("proses pekerja tidak dapat dimulai", en="a worker process could not start"),
                    action="python -m kinerja_lib.reporting.worker",
                )
            if worker in self.workers:
                self._replace(worker)
        elif running is None:
            return
        elif event == "forked":
            running.pid = answer["pid"]
        elif event in ("done", "failed"):
            running.answer = answer
            if not CAN_FORK:
                self._finish(worker, 0)
        elif event == "exited":
            self._finish(worker, answer["code"])

    def _next(self, worker: WorkerProcess) -> None:
        """Hand the worker a job, if one may start now: a second try waits, and then runs alone."""
        busy = [other.running for other in self.workers if other.running]
        if not self.waiting or any(running.tries > 1 for running in busy):
            return
        first = self.waiting[0]
        if first.tries > 1 and (busy or time.monotonic() < first.not_before):
            return
        if not CAN_FORK and worker.served >= JOBS_BEFORE_REPLACEMENT:
            self._replace(worker)
            return
        self.waiting.popleft()
        worker.running = RunningJob(first.job, first.tries, time.monotonic())
        worker.served += 1
        self.tell("started", first.job, tries=first.tries)
        order = {
            "job": first.job.to_dict(),
            "root": str(self.root),
            "key": self.keys.get(first.job.stem, ""),
            "engine": self.engine,
            "memory_mb": self.limits.memory_mb,
        }
        with contextlib.suppress(BrokenPipeError):  # a worker that has just died: told as "gone"
            worker.send(order)

    def _finish(self, worker: WorkerProcess, code: int | None) -> None:
        running, worker.running = worker.running, None
        if running is None:
            raise AssertionError("no job")
        answer = running.answer or {}
        job, seconds = running.job, round(time.monotonic() - running.started, 3)
        if answer.get("event") == "done":
            known = ("event", "files", "seconds")
            facts = {name: value for name, value in answer.items() if name not in known}
            self._end(JobStatus(job, "done", seconds, tuple(answer["files"]), facts=facts))
        elif answer.get("event") == "failed":
            self._end(JobStatus(job, "failed", seconds, message=answer["message"]))
        elif running.timed_out:
            self._end(JobStatus(job, "timed_out", seconds, message=_both(over_time(self.limits.timeout))))
        elif may_pass(code) and running.tries < self.limits.tries:
            pause = self.limits.pause * 2 ** (running.tries - 1)
            self.tell("retried", job, seconds=seconds, message=_both(sudden_end(code)), pause=pause)
            self.waiting.append(_Waiting(job, running.tries + 1, time.monotonic() + pause))
        else:
            self._end(JobStatus(job, "killed", seconds, message=_both(sudden_end(code))))
        if worker.process.poll() is None:
            self._next(worker)

    def _end(self, status: JobStatus) -> None:
        self.statuses[status.job.stem] = status
        self.tell(
            status.status,
            status.job,
            seconds=status.seconds,
            files=list(status.files),
            message=status.message,
            **status.facts,
        )

    def _replace(self, worker: WorkerProcess) -> None:
        self.workers.remove(worker)
        worker.close()
        if worker.running:
            self._finish(worker, None)
        if self.waiting:
            self.workers.append(WorkerProcess(worker.number, self.inbox))

    def _look_around(self) -> None:
        """End jobs that took too long, and give work to those that have none."""
        for worker in list(self.workers):
            running = worker.running
            if running is None:
                if worker.ready and worker.process.poll() is None:
                    self._next(worker)
            elif not running.timed_out and time.monotonic() - running.started > self.limits.timeout:
                running.timed_out = True
                worker.kill_job()


def _both(text: Both) -> dict[str, str]:
    return {"id": str(text), "en": text.en}


def run_batch(
    jobs: Sequence[Job],
    root: Path,
    *,
    keys: dict[str, str],
    current: Callable[[Job], bool],
    ledger_folder: Path,
    workers: int = 0,
    limits: Limits | None = None,
    engine: str = "kinerja",
    watch: Callable[[Event], None] | None = None,
) -> BatchResult:
    """Make all reports of a plan.

    Parameters
    ----------
    jobs : sequence of Job
    root : Path
        The project's folder.
    keys : dict
        Key of each job by its stem, see ``manifest.job_key``.
    current : callable
        Whether a job's files are here and unchanged; such a job is skipped.
    ledger_folder : Path
        Where the run's record and the lock lie.
    workers : int
        Processes at once; 0 means as many as there are cores.
    limits : Limits, optional
        Time, memory and tries of one report.
    engine : {"kinerja", "nbclient"}
    watch : callable, optional
        Told each event as it happens.

    Returns
    -------
    BatchResult

    Raises
    ------
    UsageError
        Another run holds the lock.
    """
    ledger_folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(ledger_folder / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            Both(
                "proses lain sedang membuat laporan di proyek ini",
                en="another run is making reports in this project",
            ),
            action=Both(
                "tunggu sampai selesai; lihat: kinerja status", en="wait for it to end; see: kinerja status"
            ),
        ) from None
    ledger = RunLedger(ledger_folder / f"{time.strftime('%Y%m%dT%H%M%S')}-{os.getpid()}.jsonl")
    tell = watch or (lambda _: None)
    try:
        tell(ledger.write("begun", jobs=len(jobs), pid=os.getpid()))
        skipped = {job.stem: JobStatus(job, "skipped") for job in jobs if current(job)}
        for status in skipped.values():
            tell(ledger.write("skipped", status.job.stem))
        left = [job for job in jobs if job.stem not in skipped]
        for job in left:
            tell(ledger.write("queued", job.stem))
        batch = _Batch(
            left, root, keys=keys, ledger=ledger, workers=workers or os.cpu_count() or 1,
            limits=limits or Limits(), engine=engine, watch=tell,
        )  # fmt: skip
        batch.run()
        ended = {**skipped, **batch.statuses}
        counts = {name: sum(status.status == name for status in ended.values()) for name in FINAL}
        tell(ledger.write("ended", counts=counts))
        return BatchResult(tuple(ended[job.stem] for job in jobs), ledger.path)
    finally:
        ledger.close()
        lock.release()
