"""Many reports: warm workers, one process a report, a true record, and a second run that does only the rest.

``run_batch`` holds the lock, writes every event to the run's ledger, and leaves the work to a pool: of this
machine (``local_pool``) or of a Dask cluster (``cluster``). One failure never stops the others. Running the same
command again continues: a job whose key and files are unchanged is skipped.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.ledger import FINAL, Event, RunLedger, next_ledger
from kinerja_lib.reporting.local_pool import LocalPool
from kinerja_lib.reporting.outcomes import BatchResult, JobStatus, Limits
from kinerja_lib.reporting.plan import Job

__all__ = ["BatchResult", "JobStatus", "Limits", "run_batch"]


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
    scheduler: str = "",
    storage: str = "",
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
    scheduler : str
        Address of a Dask scheduler (``tcp://…``) whose workers make the reports; empty for this machine.
    storage : str
        An fsspec URL that this machine and the workers reach, where they share no folder.
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
    ledger = RunLedger(next_ledger(ledger_folder))
    tell = watch or (lambda _: None)

    def record(event: str, job: Job | None = None, **facts: Any) -> None:
        tell(ledger.write(event, job.stem if job else "", **facts))

    try:
        with _stopped_by_signals():
            record("begun", jobs=len(jobs), pid=os.getpid())
            skipped = {job.stem: JobStatus(job, "skipped") for job in jobs if current(job)}
            for status in skipped.values():
                record("skipped", status.job)
            left = [job for job in jobs if job.stem not in skipped]
            for job in left:
                record("queued", job)
            ended = dict(skipped)
            if left:
                pool = _pool(
                    left, root, keys=keys, limits=limits or Limits(), engine=engine, tell=record,
                    workers=workers, scheduler=scheduler, storage=storage,
                )  # fmt: skip
                ended |= pool.run()
            record(
                "ended",
                counts={name: sum(status.status == name for status in ended.values()) for name in FINAL},
            )
        return BatchResult(tuple(ended[job.stem] for job in jobs), ledger.path)
    except KeyboardInterrupt:
        record("stopped")
        raise
    finally:
        ledger.close()
        lock.release()


def _pool(
    jobs: Sequence[Job], root: Path, *, workers: int, scheduler: str, storage: str, **arguments: Any
) -> Any:
    """Who makes the reports: this machine's workers, or a cluster's."""
    if scheduler:
        from kinerja_lib.reporting.cluster import ClusterPool

        return ClusterPool(jobs, root, scheduler=scheduler, storage=storage, **arguments)
    return LocalPool(jobs, root, workers=workers or os.cpu_count() or 1, **arguments)


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """Let a request to end (of a terminal that closes, a scheduler, a service) stop the run as Ctrl-C does."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    heeded = [
        number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN
    ]  # nohup ignores one
    before = {number: signal.signal(number, stop) for number in heeded}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
