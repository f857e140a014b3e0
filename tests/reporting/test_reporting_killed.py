"""Whatever dies: the others finish, the record is true, a second run does the rest, nothing half stays behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja_lib.config import starter
from kinerja_lib.errors import Both
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.batch import BatchResult, Limits, run_batch
from kinerja_lib.reporting.endings import storage_fault
from kinerja_lib.reporting.follow import follow_run
from kinerja_lib.reporting.ledger import Event, RunLedger, read_ledger
from kinerja_lib.reporting.make import job_keys
from kinerja_lib.reporting.manifest import is_current, manifest_path
from kinerja_lib.reporting.plan import Job, make_plan
from kinerja_lib.reporting.runner import run_job
from kinerja_lib.reporting.status import last_run
from kinerja_lib.reporting.template import read_template
from kinerja_lib.workflow import find_project

resource = pytest.importorskip("resource")
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a child a report needs fork")

METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
PARAMETERS = 'instansi: str = "all"\nperiode: str = "2025"\nlang: str = "id"\nproject: str = "."'
BODY = """\
import os, subprocess, time
from pathlib import Path
from kinerja_lib.reporting.document import Document
Path(project, "pid-" + instansi).write_text(str(os.getpid()))
doc = Document(lang=lang)
doc.cover("Laporan uji", agency=[instansi])
if instansi.startswith("tunggu") and not Path(project, "lanjut").exists():
    time.sleep(60)
if instansi == "anak":
    Path(project, "pid-cucu").write_text(str(subprocess.Popen(["sleep", "300"], start_new_session=True).pid))
if instansi == "cerewet":
    for _ in range(1000):
        print("x" * 1_000_000)
if instansi == "segv":
    import ctypes
    ctypes.string_at(0)
if instansi == "besar":
    doc.text(("k" * 1000 + " ") * 1500)"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a tiny template and no data."""
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    templates = tmp_path / "notebooks" / "templates"
    templates.mkdir(parents=True)
    cells = [
        new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}),
        new_code_cell(BODY),
        new_markdown_cell("# Bab"),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), str(templates / "uji.ipynb"))
    return tmp_path


def _jobs(folder: Path, *names: str) -> tuple[Job, ...]:
    return make_plan(
        read_template("uji", folder / "notebooks" / "templates"), project=folder, reports="reports",
        periode="2025", instansi=list(names), known=names, languages=["id"], formats=["html"],
    )  # fmt: skip


def _run(folder: Path, jobs: tuple[Job, ...], workers: int = 2, **options: object) -> BatchResult:
    settings: dict[str, object] = {"limits": Limits(timeout=60.0, tries=2, pause=0.2), **options}
    return run_batch(
        jobs,
        folder,
        keys={},
        current=lambda job: job.outputs(folder)["html"].exists(),
        ledger_folder=folder / "runs",
        workers=workers,
        **settings,  # type: ignore[arg-type]
    )


def _ends(result: BatchResult) -> dict[str, str]:
    return {status.job.instansi: status.status for status in result.statuses}


def _read_pid(folder: Path, name: str) -> int:
    path = folder / f"pid-{name}"
    for _ in range(600):
        if path.is_file() and path.read_text(encoding="utf-8"):
            return int(path.read_text(encoding="utf-8"))
        time.sleep(0.05)
    raise AssertionError(f"{name} never began")


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])


def _alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and is not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def _gone(pid: int) -> bool:
    for _ in range(100):
        if not _alive(pid):
            return True
        time.sleep(0.05)
    return False


def _meanwhile(folder: Path, name: str, act: Callable[[int], None]) -> threading.Thread:
    def work() -> None:
        pid = _read_pid(folder, name)
        (folder / "lanjut").touch()
        act(pid)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def _nothing_half(folder: Path, jobs: tuple[Job, ...], result: BatchResult) -> None:
    assert not list(folder.rglob(".tmp-*"))
    ends = _ends(result)
    for job in jobs:
        path = job.outputs(folder)["html"]
        whole = path.is_file() and path.read_text(encoding="utf-8").rstrip().endswith("</html>")
        assert whole == (ends[job.instansi] in ("done", "skipped")), job.instansi


@pytest.mark.parametrize("which", ["child", "worker"])
def test_a_killed_process_is_tried_again_and_the_others_finish(folder: Path, which: str) -> None:
    jobs = _jobs(folder, "satu", "tunggu", "dua")
    thread = _meanwhile(
        folder, "tunggu", lambda pid: os.kill(pid if which == "child" else _parent(pid), signal.SIGKILL)
    )
    seen: list[Event] = []
    result = _run(folder, jobs, watch=seen.append)
    thread.join()
    assert set(_ends(result).values()) == {"done"}
    _nothing_half(folder, jobs, result)
    events = [(event.event, event.job) for event in read_ledger(result.ledger)]
    assert [event for event, job in events if "tunggu" in job] == [
        "queued",
        "started",
        "retried",
        "started",
        "done",
    ]
    (again,) = (event for event in seen if event.event == "retried")
    assert ("SIGKILL" if which == "child" else "hilang") in again.facts["message"]["id"]
    assert _gone(_read_pid(folder, "tunggu"))


def test_the_warm_parent_killed_is_started_again_and_all_is_made(folder: Path) -> None:
    jobs = _jobs(folder, "satu", "tunggu", "dua", "tiga")
    lost: list[int] = []

    def kill_the_first(pid: int) -> None:
        lost.extend([pid, _parent(pid), _parent(_parent(pid))])
        os.kill(lost[-1], signal.SIGKILL)

    thread = _meanwhile(folder, "tunggu", kill_the_first)
    result = _run(folder, jobs)
    thread.join()
    assert set(_ends(result).values()) == {"done"}
    _nothing_half(folder, jobs, result)
    assert lost[-1] != os.getpid()
    assert all(_gone(pid) for pid in lost)
    assert [event.job for event in read_ledger(result.ledger) if event.event == "retried"]


def test_tries_end(folder: Path) -> None:
    jobs = _jobs(folder, "tunggu", "satu")
    stop = threading.Event()

    def kill_each() -> None:
        last = 0
        while not stop.is_set():
            path = folder / "pid-tunggu"
            pid = int(path.read_text(encoding="utf-8") or 0) if path.is_file() else 0
            if pid and pid != last and _alive(pid):
                os.kill(pid, signal.SIGKILL)
                last = pid
            time.sleep(0.02)

    thread = threading.Thread(target=kill_each)
    thread.start()
    result = _run(folder, jobs)
    stop.set()
    thread.join()
    assert _ends(result) == {"tunggu": "killed", "satu": "done"}
    (status,) = result.failures
    assert "killed from outside" in status.message["en"]
    (folder / "lanjut").touch()
    again = _run(folder, jobs)
    assert _ends(again) == {"tunggu": "done", "satu": "skipped"}


def test_a_crash_is_not_tried_again(folder: Path) -> None:
    result = _run(folder, _jobs(folder, "segv"))
    assert _ends(result) == {"segv": "killed"}
    assert "SIGSEGV" in result.statuses[0].message["id"]
    assert sum(event.event == "started" for event in read_ledger(result.ledger)) == 1


def test_what_a_report_started_ends_with_it(folder: Path) -> None:
    result = _run(folder, _jobs(folder, "anak", "satu"), workers=1)
    assert set(_ends(result).values()) == {"done"}
    assert _gone(_read_pid(folder, "cucu"))


RUN = """\
import resource, sys
from pathlib import Path
from kinerja_lib.errors import KinerjaError
from kinerja_lib.reporting.batch import Limits, run_batch
from kinerja_lib.reporting.plan import Job, make_plan
from kinerja_lib.reporting.template import read_template
folder, names, size = Path(sys.argv[1]), sys.argv[2].split(","), int(sys.argv[3])
if size:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
jobs = make_plan(read_template("uji", folder / "notebooks" / "templates"), project=folder, reports="reports",
    periode="2025", instansi=names, known=names, languages=["id"], formats=["html"])
try:
    result = run_batch(jobs, folder, keys={}, current=lambda job: job.outputs(folder)["html"].exists(),
        ledger_folder=folder / "runs", workers=2, limits=Limits(timeout=60.0))
except KinerjaError as error:
    print(error.text("en"))
    raise SystemExit(error.exit_code)
for status in result.statuses:
    print(status.job.instansi, status.status, status.message.get("en", ""))
print("peak", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _command(folder: Path, names: str, size: int = 0) -> list[str]:
    return [sys.executable, "-c", RUN, str(folder), names, str(size)]


def test_a_gigabyte_printed_takes_little_memory(folder: Path) -> None:
    # in a process of its own: the peak of children counts all that this one ever had
    made = subprocess.run(
        _command(folder, "cerewet,satu"), capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "cerewet done" in made.stdout and "satu done" in made.stdout, made.stdout + made.stderr
    peak = int(made.stdout.split("peak ")[1])
    assert 50_000 < peak < 900_000  # KiB
    assert (folder / "reports" / "2025" / "cerewet" / "uji-2025-cerewet-id.html").stat().st_size < 5_000_000


def test_storage_that_is_full_fails_one_report_in_words(folder: Path) -> None:
    made = subprocess.run(
        _command(folder, "satu,besar,dua", 1_000_000),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "satu done" in made.stdout, made.stderr
    assert "dua done" in made.stdout
    assert "besar failed storage is full" in made.stdout
    assert not list(folder.rglob(".tmp-*"))
    assert not list(folder.rglob("uji-2025-besar*"))
    again = subprocess.run(
        _command(folder, "satu,besar,dua"), capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "satu skipped" in again.stdout
    assert "besar done" in again.stdout


def test_a_record_that_cannot_be_written_stays_readable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = RunLedger(tmp_path / "a.jsonl")
    ledger.write("begun", jobs=1)
    size = ledger.path.stat().st_size

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Exception, match="catatan proses tidak dapat ditulis"):
        ledger.write("done", "laporan")
    ledger.close()
    assert ledger.path.stat().st_size == size
    assert [event.event for event in read_ledger(ledger.path)] == ["begun"]


def test_a_damaged_record_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    ledger = RunLedger(tmp_path / "a.jsonl")
    for event in ("begun", "queued", "started"):
        ledger.write(event, "laporan")
    ledger.close()
    whole = ledger.path.read_bytes()
    for damaged, left in (
        (whole[:-1], 3), (whole[:-20], 2), (whole[:-5] + b"\xff\xfe", 2), (whole + b"\0" * 40, 3),
        (b"", 0), (b"null\n" + whole, 0), (b'{"at": 1}\n' + whole, 0),
    ):  # fmt: skip
        ledger.path.write_bytes(damaged)
        assert len(list(read_ledger(ledger.path))) == left
        followed = list(follow_run(tmp_path, pause=0.01)) if damaged.endswith(b"\n") and not left else []
        assert followed == []


def test_a_clock_set_back_does_not_hide_the_last_run(folder: Path) -> None:
    (folder / "runs").mkdir()
    (folder / "runs" / "20990101T000000-1.jsonl").write_text("", encoding="utf-8")
    first, second = (_run(folder, _jobs(folder, "satu")).ledger.name for _ in range(2))
    assert "20990101T000000" < first < second
    state = last_run(folder / "runs")
    assert state is not None and state["ledger"] == second and state["counts"]["skipped"] == 1


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (PermissionError(13, "x", "/a/laporan.html"), "tutup berkas itu di program lain"),
        (OSError(errno.EROFS, "x", "/a/laporan.html"), "periksa izin foldernya"),
        (IsADirectoryError(21, "x", "/a/.tmp-1", None, "/a/laporan.html"), "nama itu; pindahkan"),
        (FileNotFoundError(2, "x", "/a/laporan.html"), "berkas tidak ada"),
    ],
)
def test_faults_of_storage_are_told_in_words_with_the_files_name(error: OSError, word: str) -> None:
    told = storage_fault(error)
    assert word in told and "laporan.html" in told
    assert isinstance(told, Both) and "laporan.html" in told.en
    assert "/a/" not in told


def test_a_file_held_by_another_program_is_tried_again_for_a_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = Path.replace, []

    def held(self: Path, target: Path) -> Path:
        tries.append(target)
        if len(tries) < 4:
            raise PermissionError(13, "in use", str(self), None, str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("kinerja_lib.reporting.atomic.PAUSES", (0.0,) * 5)
    write_atomic(tmp_path / "a.html", b"isi")
    assert (tmp_path / "a.html").read_bytes() == b"isi"
    tries.clear()
    monkeypatch.setattr("kinerja_lib.reporting.atomic.PAUSES", ())
    with pytest.raises(PermissionError):
        write_atomic(tmp_path / "b.html", b"isi")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.html"]


def test_what_changes_while_a_run_is_at_work_is_made_anew(folder: Path) -> None:
    """A template edited, a table written, a module of the user's own: the record does not claim what is not known."""
    project = find_project(folder, exact=True)
    (folder / "modulku.py").write_text("x = 1", encoding="utf-8")
    jobs = _jobs(folder, "satu", "dua")
    keys = job_keys(project, jobs)
    for job in jobs:
        if job.instansi == "dua":
            (folder / "modulku.py").write_text("x = 2", encoding="utf-8")
        run_job(job, folder, key=keys[job.stem])
    current = {job.instansi: is_current(job, folder, keys[job.stem]) for job in jobs}
    assert current == {"satu": True, "dua": False}
    (folder / "modulku.py").write_text("x = 1", encoding="utf-8")  # back as it was: still nothing is claimed
    again = job_keys(project, jobs)
    assert {job.instansi: is_current(job, folder, again[job.stem]) for job in jobs} == current
    manifest_path(jobs[0], folder).write_text("[]", encoding="utf-8")
    assert not is_current(jobs[0], folder, again[jobs[0].stem])


def test_a_killed_parent_leaves_no_process_and_a_second_run_goes_on(folder: Path) -> None:
    process = subprocess.Popen(_command(folder, "satu,tunggu,dua"))
    try:
        pid = _read_pid(folder, "tunggu")
        worker = _parent(pid)
        assert _read_pid(folder, "satu")
        for _ in range(400):
            if list(folder.rglob("uji-2025-satu-id.manifest.json")):
                break
            time.sleep(0.05)
    finally:
        process.kill()
        process.wait()
    assert _gone(worker)
    assert _gone(pid)
    assert not list((folder / "reports").rglob(".tmp-*"))
    assert not list(folder.rglob("uji-2025-tunggu*"))
    (record,) = (folder / "runs").glob("*.jsonl")
    assert next(read_ledger(record)).event == "begun"
    (folder / "lanjut").touch()
    result = _run(folder, _jobs(folder, "satu", "tunggu", "dua"))
    ends = _ends(result)
    assert ends["satu"] == "skipped"
    assert ends["tunggu"] == "done"


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_run_asked_to_end_says_so_in_its_record_and_frees_the_project(folder: Path, name: str) -> None:
    process = subprocess.Popen(_command(folder, "satu,tunggu,dua"), stderr=subprocess.DEVNULL)
    try:
        pid = _read_pid(folder, "tunggu")
        assert _read_pid(folder, "satu")
        process.send_signal(getattr(signal, name))
        assert process.wait(timeout=30) != 0
    finally:
        process.kill()
        process.wait()
    assert _gone(pid)
    (record,) = (folder / "runs").glob("*.jsonl")
    assert [event.event for event in read_ledger(record)][-1] == "stopped"
    state = last_run(folder / "runs")
    assert state is not None and state["stopped"] and state["left"] >= 1
    (folder / "lanjut").touch()
    jobs = _jobs(folder, "satu", "tunggu", "dua")
    result = _run(folder, jobs)
    assert set(_ends(result).values()) <= {"done", "skipped"}
    _nothing_half(folder, jobs, result)


def test_a_small_disk_that_fills_up(folder: Path, tmp_path: Path) -> None:
    disk = tmp_path / "reports"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("a small tmpfs cannot be mounted here")
    try:
        jobs = _jobs(folder, "satu", "besar", "dua")
        result = _run(folder, jobs)
        assert _ends(result) == {"satu": "done", "besar": "failed", "dua": "done"}
        assert "penyimpanan penuh" in result.failures[0].message["id"]
        _nothing_half(folder, jobs, result)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
