"""The jobs of a run on this machine: as many warm workers as there are cores, each handed the next job.

A report whose process was killed from outside (not one whose cell failed) is tried again, after a pause and
alone. Time limits are watched here.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, ReportError
from kinerja_lib.reporting.endings import may_pass, over_time, sudden_end
from kinerja_lib.reporting.outcomes import JobStatus, Limits, both, ended_well
from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.warm_parent import WarmParent
from kinerja_lib.reporting.worker import CAN_FORK
from kinerja_lib.reporting.worker_process import RunningJob, WorkerProcess

JOBS_BEFORE_REPLACEMENT = 20  # of a worker that cannot fork

Tell = Callable[..., None]  # tell(event, job, **facts) records an event


@dataclass
class _Waiting:
    """A job in the queue: which try it will be, and when it may start."""

    job: Job
    tries: int = 1
    not_before: float = 0.0


class LocalPool:
    """Workers of this machine, the jobs that wait, and the moves between a job's states."""

    def __init__(
        self,
        jobs: Sequence[Job],
        root: Path,
        *,
        keys: dict[str, str],
        workers: int,
        limits: Limits,
        engine: str,
        tell: Tell,
    ) -> None:
        self.root, self.keys, self.tell = root, keys, tell
        self.limits, self.engine = limits, engine
        self.waiting = deque(_Waiting(job) for job in jobs)
        self.inbox: queue.Queue[tuple[WorkerProcess, dict[str, Any]]] = queue.Queue()
        self.statuses: dict[str, JobStatus] = {}
        self.count = len(jobs)
        self.warm = WarmParent() if CAN_FORK else None
        self.workers = [
            WorkerProcess(number, self.inbox, self.warm) for number in range(min(workers, len(jobs)))
        ]

    def run(self) -> dict[str, JobStatus]:
        """Do all jobs; how each ended, by its stem."""
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
            if self.warm:
                self.warm.close()
        return self.statuses

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
            self._end(ended_well(job, seconds, answer))
        elif answer.get("event") == "failed":
            self._end(JobStatus(job, "failed", seconds, message=answer["message"]))
        elif running.timed_out:
            self._end(JobStatus(job, "timed_out", seconds, message=both(over_time(self.limits.timeout))))
        elif may_pass(code) and running.tries < self.limits.tries:
            pause = self.limits.pause * 2 ** (running.tries - 1)
            self.tell("retried", job, seconds=seconds, message=both(sudden_end(code)), pause=pause)
            self.waiting.append(_Waiting(job, running.tries + 1, time.monotonic() + pause))
        else:
            self._end(JobStatus(job, "killed", seconds, message=both(sudden_end(code))))
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
            self._finish(worker, None if CAN_FORK else worker.process.returncode)
        if self.waiting:
            if self.warm and not self.warm.alive:
                self.warm.close()
                self.warm = WarmParent()
            self.workers.append(WorkerProcess(worker.number, self.inbox, self.warm))

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
