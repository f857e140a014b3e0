"""A worker seen from its parent: the process, the thread that reads its answers, the job it has in hand."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.warm_parent import ForkedWorker, WarmParent
from kinerja_lib.reporting.worker import ENVIRONMENT


@dataclass
class RunningJob:
    """A job in a worker: since when, which try, the pid of its child."""

    job: Job
    tries: int
    started: float
    pid: int | None = None
    answer: dict[str, Any] | None = None
    timed_out: bool = False


class WorkerProcess:
    """A worker process and the thread that reads its answers."""

    def __init__(
        self,
        number: int,
        inbox: queue.Queue[tuple[WorkerProcess, dict[str, Any]]],
        parent: WarmParent | None = None,
    ) -> None:
        self.number = number
        self.running: RunningJob | None = None
        self.served = 0
        self.ready = False
        self.process = parent.fork() if parent else _start()
        self._thread = threading.Thread(target=self._listen, args=(inbox,), daemon=True)
        self._thread.start()

    def _listen(self, inbox: queue.Queue[tuple[WorkerProcess, dict[str, Any]]]) -> None:
        if self.process.stdout is None:
            raise AssertionError("no pipe")
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer["event"] == "ready" and isinstance(self.process, ForkedWorker):
                self.process.pid = answer["pid"]
            inbox.put((self, answer))
        inbox.put((self, {"event": "gone"}))

    def send(self, order: dict[str, Any]) -> None:
        """Hand over a job."""
        if self.process.stdin is None:
            raise AssertionError("no pipe")
        self.process.stdin.write(json.dumps(order, ensure_ascii=False) + "\n")
        self.process.stdin.flush()

    def kill_job(self) -> None:
        """End the running job: its child where there is one, else the worker."""
        pid = self.running.pid if self.running else None
        if pid is None:
            self.process.kill()
            return
        for end in (os.killpg, os.kill):  # the child's group, with what its cells started
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(pid, signal.SIGKILL)

    def close(self) -> None:
        """End the worker and its child."""
        if self.running:
            self.kill_job()
        self.process.kill()
        self.process.wait()
        self._thread.join(timeout=5)  # it reads to the end of the answers, which is now
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue


def _start() -> subprocess.Popen[str]:
    """A worker of its own start."""
    return subprocess.Popen(
        [sys.executable, "-m", "kinerja_lib.reporting.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, **ENVIRONMENT},
        start_new_session=os.name == "posix",  # Ctrl-C reaches the parent only, which ends its workers
    )
