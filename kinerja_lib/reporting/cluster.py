"""The jobs of a run on a Dask cluster: each report a task, tried again where a worker is lost.

Workers may come and go while the run goes on. The client keeps the record, as it does on one machine; a
report's answer comes back from its worker, its files by the shared folder or the shared storage.
"""

from __future__ import annotations

import queue
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.endings import sudden_end
from kinerja_lib.reporting.outcomes import JobStatus, Limits, both, ended_well
from kinerja_lib.reporting.plan import Job
from kinerja_lib.reporting.storage_url import Storage, fetch_outputs, input_files, share_inputs

CONNECT_SECONDS = 15


class ClusterPool:
    """Jobs on a cluster (see the module).

    Parameters
    ----------
    jobs : sequence of Job
    root : Path
        The project's folder; without ``storage`` every worker must see it under the same path.
    keys : dict of str to str
    scheduler : str
        Address of the Dask scheduler.
    storage : str
        fsspec URL of shared storage; empty where the folder itself is shared.
    limits : Limits
    engine : {"kinerja", "nbclient"}
    tell : callable
        ``tell(event, job, **facts)`` records an event.

    Raises
    ------
    UsageError
        The extra ``cluster`` is not installed, the scheduler does not answer, the storage cannot be used.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        root: Path,
        *,
        keys: dict[str, str],
        scheduler: str,
        storage: str,
        limits: Limits,
        engine: str,
        tell: Callable[..., None],
    ) -> None:
        self._jobs = {job.stem: job for job in jobs}
        self._root, self._keys, self._limits, self._engine, self._tell = root, keys, limits, engine, tell
        self._storage = Storage(storage) if storage else None
        self._client = _connect(scheduler)
        self._topic = f"kinerja-{uuid.uuid4().hex}"
        self._inbox: queue.Queue[tuple[str, Any]] = queue.Queue()
        self._begun: dict[str, float] = {}
        self._tries: dict[str, int] = {}
        self._statuses: dict[str, JobStatus] = {}

    def run(self) -> dict[str, JobStatus]:
        """Do all jobs; how each ended, by its stem."""
        try:
            self._client.subscribe_topic(self._topic, lambda event: self._inbox.put(("begun", event)))
            futures = self._submit()
            while len(self._statuses) < len(self._jobs):
                kind, content = self._inbox.get()
                if kind == "begun":
                    self._note_begin(content[1]["job"], content[1]["worker"])
                else:
                    self._finish(content)
            del futures
        finally:
            self._client.close()
        return self._statuses

    def _submit(self) -> list[Any]:
        from kinerja_lib.reporting.cluster_worker import make_report

        inputs = self._share() if self._storage else ""
        futures = []
        for job in self._jobs.values():
            order = {
                "job": job.to_dict(),
                "root": str(self._root),
                "key": self._keys.get(job.stem, ""),
                "engine": self._engine,
                "limits": asdict(self._limits),
                "topic": self._topic,
                "storage": self._storage.url if self._storage else "",
                "inputs": inputs,
                "template": f"{self._templates}/{Path(job.template_path).name}" if self._storage else "",
            }
            future = self._client.submit(
                make_report,
                order,
                key=f"{job.stem}-{self._topic}",
                pure=False,
                retries=self._limits.tries - 1,
            )
            future.add_done_callback(lambda done, stem=job.stem: self._inbox.put(("ended", (stem, done))))
            futures.append(future)
        return futures

    def _share(self) -> str:
        from kinerja_lib.workflow import find_project

        folders = find_project(self._root, exact=True).config.folders
        self._templates = folders.templates
        templates = {Path(job.template_path) for job in self._jobs.values()}
        if self._storage is None:
            raise AssertionError("no storage")
        return share_inputs(self._storage, input_files(self._root, folders, sorted(templates)))

    def _note_begin(self, stem: str, worker: str) -> None:
        if stem in self._statuses:
            return
        self._tries[stem] = tries = self._tries.get(stem, 0) + 1
        if tries > 1:
            self._tell("retried", self._jobs[stem], message=both(sudden_end(None)), pause=0.0)
        self._begun[stem] = time.monotonic()
        self._tell("started", self._jobs[stem], tries=tries, worker=worker)

    def _finish(self, content: tuple[str, Any]) -> None:
        stem, future = content
        job = self._jobs[stem]
        seconds = round(time.monotonic() - self._begun.get(stem, time.monotonic()), 3)
        if future.status != "finished":  # its workers were lost, again and again
            status = JobStatus(job, "killed", seconds, message=both(sudden_end(None)))
        else:
            answer = future.result()
            seconds = float(answer["seconds"])
            if answer["event"] == "done":
                status = ended_well(job, seconds, answer)
                if self._storage is not None:
                    names = [*answer["files"], f"{job.folder}/{job.stem}.manifest.json"]
                    fetch_outputs(self._storage, self._root, names)
            else:
                status = JobStatus(job, answer["event"], seconds, message=answer["message"])
        self._statuses[stem] = status
        self._tell(
            status.status,
            job,
            seconds=seconds,
            files=list(status.files),
            message=status.message,
            **status.facts,
        )


def _connect(scheduler: str) -> Any:
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError(
            Both("klaster memerlukan paket tambahan", en="a cluster needs further packages"),
            action="pip install 'kinerja-lib[cluster]'",
        ) from error
    try:
        return Client(scheduler, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UsageError(
            Both(f"penjadwal tidak menjawab: {scheduler}", en=f"the scheduler does not answer: {scheduler}"),
            action="dask scheduler --host 127.0.0.1 --port 8786",
        ) from error
