"""What runs on a worker of a Dask cluster: a warm process beside it, which forks a child for each report.

A Dask worker has threads of its own, so it must not fork; it hands each report to a ``WorkerProcess`` as the
local pool does. ``dask worker … --preload kinerja_lib.reporting.cluster_worker`` starts and warms one before the
first report; without the preload the first report waits for it.
"""

from __future__ import annotations

import atexit
import queue
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from kinerja_lib.errors import KinerjaError
from kinerja_lib.reporting.endings import may_pass, over_time, storage_fault, sudden_end
from kinerja_lib.reporting.outcomes import Limits, both
from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.storage_url import Storage, fetch_inputs, share_outputs
from kinerja_lib.reporting.worker_process import RunningJob, WorkerProcess

Answer = dict[str, Any]
_free: list[Helper] = []
_lock = threading.Lock()
_fetching = threading.Lock()


class Helper:
    """A warm process and the queue of its answers."""

    def __init__(self) -> None:
        self.inbox: queue.Queue[tuple[WorkerProcess, Answer]] = queue.Queue()
        self.worker = WorkerProcess(0, self.inbox)

    def make(self, order: Answer, job: Job, limits: Limits) -> tuple[Answer, int | None]:
        """Make one report: the answer, and the code of its process (None where the helper itself was lost)."""
        running = self.worker.running = RunningJob(job, 1, time.monotonic())
        self.worker.send(order)
        answer: Answer = {}
        while True:
            left = limits.timeout - (time.monotonic() - running.started)
            try:
                _, told = self.inbox.get(timeout=max(left, 0.0) if not running.timed_out else None)
            except queue.Empty:
                running.timed_out = True
                self.worker.kill_job()
                continue
            if told["event"] == "forked":
                running.pid = told["pid"]
            elif told["event"] in ("done", "failed"):
                answer = told
            elif told["event"] in ("exited", "gone"):
                self.worker.running = None
                if running.timed_out and not answer:
                    answer = {"event": "timed_out", "message": both(over_time(limits.timeout))}
                return answer, told.get("code")


def dask_setup(worker: Any) -> None:
    """Preload of a Dask worker: start and warm its helper."""
    with _lock:
        _free.append(Helper())


def dask_teardown(worker: Any) -> None:
    """End the helpers with the worker."""
    with _lock:
        while _free:
            _free.pop().worker.close()


def make_report(order: Answer) -> Answer:
    """Make one report on this worker; never raises for a report's own fault.

    Parameters
    ----------
    order : dict
        ``job``, ``root``, ``key``, ``engine``, ``limits``, and with shared storage ``storage`` and ``inputs``.

    Returns
    -------
    dict
        ``event`` (``done``, ``failed``, ``killed``, ``timed_out``), ``seconds``, and what belongs to it.
    """
    started = time.monotonic()
    limits = Limits(**order["limits"])
    _announce(order)
    try:
        job, root, storage = _place(order)
        answer = _tries(order, job, root, limits)
        if answer["event"] == "done" and storage is not None:
            names = [*answer["files"], f"{job.folder}/{job.stem}.manifest.json"]
            share_outputs(storage, root, names)
    except KinerjaError as error:
        answer = {"event": "failed", "message": {lang: error.text(lang) for lang in ("id", "en")}}
    except OSError as error:
        text = storage_fault(error)
        answer = {"event": "failed", "message": {"id": str(text), "en": getattr(text, "en", str(text))}}
    return {**answer, "seconds": round(time.monotonic() - started, 3)}


def _announce(order: Answer) -> None:
    """Tell the client that the report has begun, and where."""
    from distributed import get_worker

    worker = get_worker()
    worker.log_event(order["topic"], {"job": order["job"]["stem"], "worker": str(worker.name)})


def _place(order: Answer) -> tuple[Job, Path, Storage | None]:
    """The job as this machine sees it: its project's folder, and the shared storage if there is one."""
    job, root = Job.from_dict(order["job"]), Path(order["root"])
    if not order["storage"]:
        return job, root, None
    storage = Storage(order["storage"])
    with _fetching:
        root = fetch_inputs(storage, order["inputs"], _cache())
    parameters = {**job.parameters, **({"project": root.as_posix()} if "project" in job.parameters else {})}
    return (
        replace(job, template_path=(root / order["template"]).as_posix(), parameters=parameters),
        root,
        storage,
    )


@cache
def _cache() -> Path:
    """Where this worker keeps inputs; removed when it ends."""
    folder = tempfile.mkdtemp(prefix="kinerja-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _tries(order: Answer, job: Job, root: Path, limits: Limits) -> Answer:
    sent = {
        "job": job.to_dict(),
        "root": str(root),
        "key": order["key"],
        "engine": order["engine"],
        "memory_mb": limits.memory_mb,
    }
    code: int | None = None
    for tried in range(1, limits.tries + 1):
        answer, code = _with_helper(sent, job, limits)
        if answer:
            return {**answer, "tries": tried}
        if not may_pass(code):
            break
        time.sleep(limits.pause * 2 ** (tried - 1))
    return {"event": "killed", "message": both(sudden_end(code))}


def _with_helper(order: Answer, job: Job, limits: Limits) -> tuple[Answer, int | None]:
    with _lock:
        helper = _free.pop() if _free else None
    helper = helper or Helper()
    try:
        answer, code = helper.make(order, job, limits)
    except BrokenPipeError:
        answer, code = {}, None
    if code is None:  # the helper was lost with its report
        helper.worker.close()
    else:
        with _lock:
            _free.append(helper)
    return answer, code
