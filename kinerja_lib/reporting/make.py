"""From jobs to finished reports: keys, the batch, and the index page."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.batch import BatchResult, JobStatus, Limits, run_batch
from kinerja_lib.reporting.input_digest import keep_parts
from kinerja_lib.reporting.ledger import Event
from kinerja_lib.reporting.manifest import input_hashes, is_current, job_key
from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.status import missing_tables, runs_folder
from kinerja_lib.reporting.time_left import TimeLeft

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

ANNUAL = "laporan_tahunan"
ENGINES = ("kinerja", "nbclient")


@dataclass(frozen=True)
class Made:
    """What a request for reports gave.

    Attributes
    ----------
    statuses : tuple of JobStatus
    seconds : float
    folder : Path
        Folder of the reports.
    index : Path or None
        The index page.
    ledger : Path
        The run's record.
    """

    statuses: tuple[JobStatus, ...]
    seconds: float
    folder: Path
    index: Path | None
    ledger: Path

    @property
    def failures(self) -> tuple[JobStatus, ...]:
        """Reports that were not made."""
        return tuple(status for status in self.statuses if status.status not in ("done", "skipped"))

    def warnings(self, lang: str) -> list[str]:
        """What the reports lack although they were made, each once."""
        texts = (text[lang] for status in self.statuses for text in status.facts.get("warnings", ()))
        return list(dict.fromkeys(texts))

    def count(self, status: str) -> int:
        """How many jobs ended so."""
        return sum(item.status == status for item in self.statuses)

    def to_dict(self, lang: str) -> dict[str, Any]:
        """Plain values for ``--json``."""
        return {
            "reports": [
                {
                    "report": status.job.stem,
                    "instansi": status.job.instansi,
                    "periode": status.job.periode,
                    "lang": status.job.lang,
                    "status": status.status,
                    "seconds": status.seconds,
                    "files": [path.as_posix() for path in status.job.outputs(Path()).values()],
                    "message": status.message.get(lang, ""),
                }
                for status in self.statuses
            ],
            "folder": str(self.folder),
            "index": str(self.index) if self.index else None,
            "seconds": round(self.seconds, 1),
            "failed": len(self.failures),
            "warnings": self.warnings(lang),
        }


def job_keys(project: Project, jobs: Sequence[Job]) -> dict[str, str]:
    """Key of each job by its stem; the inputs are hashed once."""
    inputs = {periode: input_hashes(project, periode) for periode in {job.periode for job in jobs}}
    return {job.stem: job_key(job, inputs[job.periode], project.config) for job in jobs}


def plan_status(project: Project, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """The plan as rows: report, formats, and whether it is present and unchanged."""
    keys = job_keys(project, jobs)
    return [
        {
            "report": job.stem,
            "instansi": job.instansi,
            "lang": job.lang,
            "formats": list(job.formats),
            "current": is_current(job, project.root, keys[job.stem]),
        }
        for job in jobs
    ]


def make_reports(
    project: Project,
    jobs: Sequence[Job],
    *,
    fresh: bool = False,
    workers: int | None = None,
    engine: str = "kinerja",
    scheduler: str | None = None,
    storage: str | None = None,
    progress: Callable[..., None] | None = None,
    watch: Callable[[Event], None] | None = None,
) -> Made:
    """Make the reports of a plan and the index page.

    Parameters
    ----------
    project : Project
    jobs : sequence of Job
    fresh : bool
        Make anew what is present and unchanged.
    workers : int, optional
        Processes at once; the project's setting where absent.
    engine : {"kinerja", "nbclient"}
    scheduler, storage : str, optional
        See ``run_batch``; the project's settings where absent.
    progress : callable, optional
        ``progress(done, total, text, left)``; the seconds left, None before a report was made.
    watch : callable, optional
        Told each event of the run as it is recorded.

    Raises
    ------
    UsageError
        No job, an unknown engine, a cleaned table that was deleted, or another run at work.
    """
    if engine not in ENGINES:
        raise UsageError(
            Both(f"mesin tidak dikenal: {engine}", en=f"unknown engine: {engine}"),
            action=f"--engine {' | '.join(ENGINES)}",
        )
    if not jobs:
        raise UsageError(
            Both("tidak ada laporan yang cocok", en="no report matches"),
            action=Both("longgarkan --only atau --instansi", en="loosen --only or --instansi"),
        )
    _check_tables(project)
    started = time.monotonic()
    keys = job_keys(project, jobs)
    for periode in {
        job.periode for job in jobs
    }:  # here too: a cluster's workers write into folders of their own
        keep_parts(project, input_hashes(project, periode))
    batch = project.config.batch
    result = run_batch(
        jobs,
        project.root,
        keys=keys,
        current=lambda job: not fresh and is_current(job, project.root, keys[job.stem]),
        ledger_folder=runs_folder(project),
        workers=workers if workers is not None else batch.workers,
        limits=Limits(timeout=batch.timeout, memory_mb=batch.memory_mb),
        engine=engine,
        scheduler=batch.scheduler if scheduler is None else scheduler,
        storage=batch.storage if storage is None else storage,
        watch=_counter(progress, watch),
    )
    folder = project.root / jobs[0].folder
    index = _pages(project, jobs[0].periode, result)
    return Made(result.statuses, time.monotonic() - started, folder.parent, index, result.ledger)


def _pages(project: Project, periode: str, result: BatchResult) -> Path | None:
    """The pages of the site; what they import is loaded here, so that the workers need not wait for it."""
    from kinerja_lib.reporting.run_page import write_run_page
    from kinerja_lib.reporting.site import write_index

    _record(project, result.statuses)
    failed = {status.job.instansi for status in result.statuses if status.status not in ("done", "skipped")}
    write_run_page(project, periode, result.ledger)
    return write_index(project, periode, failed)


def _check_tables(project: Project) -> None:
    lost = missing_tables(project)
    if lost:
        raise UsageError(
            Both(
                f"tabel bersih hilang: {', '.join(lost)}",
                en=f"cleaned tables are missing: {', '.join(lost)}",
            ),
            details=[
                Both(
                    "terhapus atau dipindahkan sesudah pembersihan",
                    en="deleted or moved since the cleaning",
                )
            ],
            action="kinerja run",
        )


def _record(project: Project, statuses: Sequence[JobStatus]) -> None:
    """Keep the annual editions that were made, so that a later year can be compared with what was printed."""
    made = {
        status.job.periode
        for status in statuses
        if status.status in ("done", "skipped")
        and status.job.template == ANNUAL
        and status.job.periode.isdigit()
    }
    if not made:
        return
    from kinerja_lib.reporting.comparison import record_edition
    from kinerja_lib.reporting.site_years import write_years

    for periode in sorted(made):
        record_edition(project, periode)
    write_years(project, max(made))


def _counter(
    progress: Callable[..., None] | None, watch: Callable[[Event], None] | None
) -> Callable[[Event], None]:
    run = TimeLeft()

    def count(event: Event) -> None:
        if watch is not None:
            watch(event)
        run.take(event)
        if progress is not None and event.event not in ("queued", "begun", "ended"):
            progress(run.done, run.total, event.job, run.seconds(event.at))

    return count
