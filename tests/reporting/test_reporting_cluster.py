"""Reports on a Dask cluster of real processes: workers that die, shared storage, a scheduler that is not there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja_lib.config import starter
from kinerja_lib.errors import ReportError, UsageError
from kinerja_lib.reporting.batch import BatchResult, Limits, run_batch
from kinerja_lib.reporting.ledger import read_ledger
from kinerja_lib.reporting.plan import Job, make_plan
from kinerja_lib.reporting.storage_url import (
    Storage,
    fetch_inputs,
    fetch_outputs,
    input_files,
    share_inputs,
    share_outputs,
)
from kinerja_lib.reporting.template import read_template
from kinerja_lib.workflow import find_project

pytest.importorskip("distributed", reason="needs the extra `cluster`")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="kills processes through /proc")

METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
PARAMETERS = 'instansi: str = "all"\nperiode: str = "2025"\nlang: str = "id"\nproject: str = "."'
BODY = """\
import os, time
from pathlib import Path
from kinerja_lib.reporting.document import Document
doc = Document(lang=lang)
doc.cover("Laporan uji", agency=[instansi])
if instansi.startswith("tunggu"):
    flag = Path(os.environ["UJI_TANDA"], instansi)
    if not flag.exists():
        flag.write_text(str(os.getppid()))
        time.sleep(60)
1 / 0 if instansi == "galat" else None
doc.text(Path(project, "data", "reference", "catatan.txt").read_text())"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a tiny template and one file of data."""
    root = tmp_path / "proyek"
    (root / "data" / "reference").mkdir(parents=True)
    (root / "data" / "reference" / "catatan.txt").write_text("isi bersama", encoding="utf-8")
    (root / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    templates = root / "notebooks" / "templates"
    templates.mkdir(parents=True)
    cells = [
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(BODY),
        new_markdown_cell("# Bab"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), str(templates / "uji.ipynb"))
    return root


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on loopback; the address, and the workers."""
    flags = tmp_path / "tanda"
    flags.mkdir()
    file = tmp_path / "penjadwal.json"
    environment = {
        **os.environ,
        "UJI_TANDA": str(flags),
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "3",
    }
    common: dict[str, Any] = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    command = [
        "scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(file),
    ]
    processes = [subprocess.Popen([*dask, *command], **common)]
    worker = ["worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-nanny", "--no-dashboard"]
    worker += [
        "--local-directory",
        str(tmp_path / "dask"),
        "--preload",
        "kinerja_lib.reporting.cluster_worker",
    ]
    processes += [subprocess.Popen([*dask, *worker], **common) for _ in range(2)]
    try:
        for _ in range(600):
            if file.is_file() and file.stat().st_size:
                break
            time.sleep(0.05)
        yield json.loads(file.read_text(encoding="utf-8"))["address"], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _jobs(folder: Path, *names: str) -> tuple[Job, ...]:
    return make_plan(
        read_template("uji", folder / "notebooks" / "templates"), project=folder, reports="reports",
        periode="2025", instansi=list(names), known=names, languages=["id"], formats=["html"],
    )  # fmt: skip


def _run(folder: Path, jobs: tuple[Job, ...], scheduler: str, **options: Any) -> BatchResult:
    limits = options.pop("limits", Limits(timeout=120.0, pause=0.1))
    return run_batch(
        jobs, folder, keys={}, current=lambda job: False, ledger_folder=folder / "runs", limits=limits,
        scheduler=scheduler, **options,
    )  # fmt: skip


def test_a_worker_that_is_killed_loses_nothing(
    folder: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    scheduler, workers = cluster
    flag = tmp_path / "tanda" / "tunggu"

    def kill_its_worker() -> None:
        while not flag.is_file() or not flag.read_text(encoding="utf-8"):
            time.sleep(0.05)
        helper = int(flag.read_text(encoding="utf-8"))
        stat = Path(f"/proc/{helper}/stat").read_text(encoding="utf-8")
        os.kill(int(stat.rsplit(")", 1)[1].split()[1]), signal.SIGKILL)

    thread = threading.Thread(target=kill_its_worker)
    thread.start()
    jobs = _jobs(folder, "tunggu", "satu", "galat", "dua")
    result = _run(folder, jobs, scheduler)
    thread.join()
    ends = {status.job.instansi: status.status for status in result.statuses}
    assert ends == {"tunggu": "done", "satu": "done", "galat": "failed", "dua": "done"}
    assert sum(worker.poll() is not None for worker in workers) == 1
    for job in jobs:
        assert job.outputs(folder)["html"].is_file() == (ends[job.instansi] == "done")
    assert not list(folder.rglob(".tmp-*"))
    message = next(status.message for status in result.statuses if status.status == "failed")
    assert "ZeroDivisionError" in message["en"]
    events = [event.event for event in read_ledger(result.ledger) if "tunggu" in event.job]
    assert events[0] == "queued"
    assert events[-1] == "done"
    assert events.count("done") == 1


def test_inputs_and_reports_go_by_shared_storage(
    folder: Path, tmp_path: Path, cluster: tuple[str, list[subprocess.Popen[bytes]]]
) -> None:
    scheduler, _ = cluster
    place = tmp_path / "bersama"
    jobs = _jobs(folder, "satu", "dua")
    # what is not shared is not there: the workers see the copy only
    secret = folder / "data" / "interim"
    secret.mkdir(parents=True)
    (secret / "kunci").write_text("rahasia", encoding="utf-8")
    result = _run(folder, jobs, scheduler, storage=place.as_uri())
    assert [status.status for status in result.statuses] == ["done", "done"], result.statuses
    for job in jobs:
        local = job.outputs(folder)["html"]
        assert "isi bersama" in local.read_text(encoding="utf-8")
        assert (place / job.folder / local.name).read_bytes() == local.read_bytes()
    assert not list(place.rglob("kunci"))
    assert not list(place.rglob("*.tmp"))
    late = _run(
        folder, _jobs(folder, "tunggu-lama"), scheduler, limits=Limits(timeout=3.0), storage=place.as_uri()
    )
    assert [status.status for status in late.statuses] == ["timed_out"]
    assert "batas waktu" in late.statuses[0].message["id"]


def test_a_scheduler_that_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kinerja_lib.reporting.cluster.CONNECT_SECONDS", 0.5)
    with pytest.raises(UsageError, match="penjadwal tidak menjawab"):
        _run(folder, _jobs(folder, "satu"), "tcp://127.0.0.1:9")


def test_storage_in_memory_and_what_is_wrong_with_it(folder: Path, tmp_path: Path) -> None:
    storage = Storage("memory://uji/kinerja")
    project = find_project(folder, exact=True)
    files = input_files(folder, project.config.folders, [folder / "notebooks" / "templates" / "uji.ipynb"])
    assert set(files) == {"kinerja.toml", "data/reference/catatan.txt", "notebooks/templates/uji.ipynb"}
    name = share_inputs(storage, files)
    assert share_inputs(storage, files) == name
    root = fetch_inputs(storage, name, tmp_path / "cache")
    assert (root / "data" / "reference" / "catatan.txt").read_text(encoding="utf-8") == "isi bersama"
    assert fetch_inputs(storage, name, tmp_path / "cache") == root
    with pytest.raises(ReportError, match="tidak ada di penyimpanan"):
        storage.get("tiada", tmp_path / "x")
    with pytest.raises(UsageError, match="penyimpanan tidak dapat dipakai"):
        Storage("tiada://x")


def test_s3(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server")
    names = {
        "AWS_ACCESS_KEY_ID": "uji",
        "AWS_SECRET_ACCESS_KEY": "uji",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    try:
        host, port = running.get_host_and_port()
        for name, value in {**names, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            monkeypatch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("ember")
        storage = Storage("s3://ember/kinerja")
        project = find_project(folder, exact=True)
        files = input_files(folder, project.config.folders, [])
        root = fetch_inputs(storage, share_inputs(storage, files), tmp_path / "cache")
        assert (root / "kinerja.toml").read_bytes() == (folder / "kinerja.toml").read_bytes()
        share_outputs(storage, folder, ["kinerja.toml"])
        fetch_outputs(storage, tmp_path / "kembali", ["kinerja.toml"])
        assert (tmp_path / "kembali" / "kinerja.toml").is_file()
    finally:
        running.stop()
