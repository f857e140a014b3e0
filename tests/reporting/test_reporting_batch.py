"""The batch: many reports, one dies, the others finish; the record is true; a second run does only the rest."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from filelock import FileLock
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja_lib.config import starter
from kinerja_lib.errors import UsageError
from kinerja_lib.reporting.batch import BatchResult, Limits, run_batch
from kinerja_lib.reporting.ledger import read_ledger
from kinerja_lib.reporting.plan import Job, make_plan
from kinerja_lib.reporting.status import last_run
from kinerja_lib.reporting.template import read_template

METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
PARAMETERS = (
    'instansi: str = "all"\nperiode: str = "2025"\nlang: str = "id"\nproject: str = "."\nkind: str = "baik"'
)
BODY = """\
import os, time
from kinerja_lib.reporting.document import Document
doc = Document(lang=lang)
doc.cover("Laporan uji", agency=[instansi])
time.sleep(60) if instansi == "lama" else None
os._exit(7) if instansi == "mati" else None
big = bytearray(3_000_000_000) if instansi == "rakus" else None
__import__("modulku") if instansi == "modul" else None
__import__("sys").stdin.read() if instansi == "baca" else None
__import__("sys").exit(0) if instansi == "keluar" else None
1 / 0 if instansi == "galat" else None"""

needs_fork = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a child a report needs fork")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a tiny template and no data."""
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    templates = tmp_path / "notebooks" / "templates"
    templates.mkdir(parents=True)
    cells = [
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(BODY),
        new_markdown_cell("# Bab satu\n\nIsi laporan."),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), str(templates / "uji.ipynb"))
    return tmp_path


def _jobs(folder: Path, *names: str) -> tuple[Job, ...]:
    template = read_template("uji", folder / "notebooks" / "templates")
    return make_plan(
        template, project=folder, reports="reports", periode="2025", instansi=list(names), known=names,
        languages=["id"], formats=["html"],
    )  # fmt: skip


def _run(
    folder: Path, jobs: tuple[Job, ...], current: Callable[[Job], bool] = lambda job: False, **options: Any
) -> BatchResult:
    return run_batch(
        jobs, folder, keys={}, current=current, ledger_folder=folder / "runs", workers=2, **options
    )


@needs_fork
def test_one_report_dies_and_the_others_finish(folder: Path) -> None:
    jobs = _jobs(folder, "satu", "mati", "galat", "lama", "rakus", "dua")
    seen: list[str] = []
    result = _run(
        folder, jobs, limits=Limits(timeout=8.0, memory_mb=2500), watch=lambda event: seen.append(event.event)
    )
    ends = {status.job.instansi: status.status for status in result.statuses}
    assert ends == {
        "satu": "done", "dua": "done", "mati": "killed", "galat": "failed", "lama": "timed_out", "rakus": "failed",
    }  # fmt: skip
    assert {status.job.instansi for status in result.failures} == {"mati", "galat", "lama", "rakus"}
    messages = {status.job.instansi: status.message for status in result.failures}
    assert "ZeroDivisionError" in messages["galat"]["id"]
    assert "batas waktu" in messages["lama"]["id"]
    assert "time limit" in messages["lama"]["en"]
    for job in jobs:
        output = job.outputs(folder)["html"]
        assert output.exists() == (ends[job.instansi] == "done"), job.instansi
    assert not list(folder.rglob(".tmp-*"))
    events = [(event.event, event.job) for event in read_ledger(result.ledger)]
    assert events[0][0] == "begun"
    assert events[-1][0] == "ended"
    assert sum(event == "started" for event, job in events if "mati" in job) == 1
    assert "done" in seen
    state = last_run(folder / "runs")
    assert state is not None
    assert state["ended"]
    assert state["counts"]["done"] == 2
    assert len(state["failed"]) == 4


@needs_fork
def test_no_process_stays_behind(folder: Path) -> None:
    result = _run(folder, _jobs(folder, "satu"), limits=Limits(timeout=30.0))
    assert result.statuses[0].status == "done"
    listing = [path for path in Path("/proc").glob("[0-9]*/cmdline") if _mentions_worker(path)]
    assert not [path for path in listing if _parent(path) == os.getpid()]


def _mentions_worker(path: Path) -> bool:
    try:
        return b"kinerja_lib.reporting.worker" in path.read_bytes()
    except OSError:
        return False


def _parent(path: Path) -> int:
    try:
        return int((path.parent / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
    except OSError:
        return -1


def test_a_second_run_does_only_the_rest(folder: Path) -> None:
    jobs = _jobs(folder, "satu", "dua")
    _run(folder, jobs[:1])
    present = {job.stem for job in jobs if job.outputs(folder)["html"].exists()}
    result = _run(folder, jobs, current=lambda job: job.stem in present)
    assert [status.status for status in result.statuses] == ["skipped", "done"]


def test_a_second_run_at_once_is_refused(folder: Path) -> None:
    (folder / "runs").mkdir()
    lock = FileLock(folder / "runs" / "run.lock")
    with lock, pytest.raises(UsageError, match="proses lain"):
        _run(folder, _jobs(folder, "satu"))


def test_the_ordinary_kernel_works_too(folder: Path) -> None:
    result = _run(folder, _jobs(folder, "satu"), engine="nbclient")
    assert [status.status for status in result.statuses] == ["done"]


def test_without_fork_workers_are_replaced_and_one_that_dies_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINERJA_NO_FORK", "1")
    monkeypatch.setattr("kinerja_lib.reporting.local_pool.CAN_FORK", False)
    monkeypatch.setattr("kinerja_lib.reporting.local_pool.JOBS_BEFORE_REPLACEMENT", 2)
    result = run_batch(
        _jobs(folder, "satu", "baca", "tiga", "galat", "mati", "empat"), folder, keys={}, current=lambda job: False,
        ledger_folder=folder / "runs", workers=1, limits=Limits(timeout=60.0),
    )  # fmt: skip
    ends = {status.job.instansi: status.status for status in result.statuses}
    assert ends == {
        "satu": "done", "baca": "done", "tiga": "done", "galat": "failed", "mati": "killed", "empat": "done",
    }  # fmt: skip
    assert "code 7" in next(status.message for status in result.statuses if status.status == "killed")["en"]


@pytest.mark.parametrize("engine", ["kinerja", "nbclient"])
def test_own_modules_load_and_a_cell_that_ends_the_notebook_ends_the_report(
    folder: Path, engine: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (folder / "modulku.py").write_text("x = 1", encoding="utf-8")
    monkeypatch.chdir(tmp_path_factory.mktemp("lain"))  # the command was given elsewhere
    result = _run(folder, _jobs(folder, "modul", "keluar"), engine=engine)
    assert [status.status for status in result.statuses] == ["done", "failed"]
    message = result.failures[0].message
    assert "menghentikan notebook" in message["id"] and "--format html --fresh" in message["id"]
    if engine == "kinerja":
        assert '> __import__("sys").exit(0)' in message["en"]  # the line, not the cell's first
    assert not list(folder.rglob("*keluar*"))


def test_a_run_cut_short_is_told_so(folder: Path) -> None:
    result = _run(folder, _jobs(folder, "satu"))
    lines = result.ledger.read_text(encoding="utf-8").splitlines()
    result.ledger.write_text("\n".join(lines[:-2]) + "\n", encoding="utf-8")
    state = last_run(folder / "runs")
    assert state is not None
    assert not state["ended"]
    assert state["running"] == ["uji-2025-satu-id"]
    assert last_run(folder / "nothing") is None
