"""A run that is watched: followed from its record, and shown on a page."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from kinerja_lib.cli.app import run
from kinerja_lib.cli.screen import about
from kinerja_lib.config import starter
from kinerja_lib.reporting.follow import follow_run
from kinerja_lib.reporting.ledger import Event, RunLedger
from kinerja_lib.reporting.run_page import run_summary, write_run_page
from kinerja_lib.reporting.time_left import TimeLeft
from kinerja_lib.workflow import find_project

FAILED = {
    "id": "dinas · id: bab “Pelatihan” (sel 4) gagal (ValueError)\n  rahasia\n  -> kinerja report --fresh",
    "en": "dinas · id: chapter “Training” (cell 4) failed (ValueError)\n  secret\n  -> kinerja report --fresh",
}


def _record(folder: Path, *, ended: bool = True, pid: int = 0) -> Path:
    ledger = RunLedger(folder / "data" / "interim" / "runs" / "20250101T000000-1.jsonl")
    ledger.write("begun", jobs=3, pid=pid or os.getpid())
    ledger.write("skipped", "c")
    cells = [{"cell": "annual.training(edition)", "seconds": 0.8}]
    ledger.write("started", "a", tries=1)
    ledger.write("retried", "a", seconds=0.5)
    ledger.write("started", "a", tries=2)
    ledger.write("done", "a", seconds=2.5, execute=2.0, export=0.5, cells=cells)
    ledger.write("started", "b", tries=1)
    ledger.write("failed", "b", seconds=1.0, message=FAILED)
    if ended:
        ledger.write("ended", counts={})
    ledger.close()
    return ledger.path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the record of one run."""
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    return tmp_path


def test_the_page_of_a_run(folder: Path) -> None:
    path = _record(folder)
    found = run_summary(path)
    assert (found.count("done"), found.count("failed"), found.count("skipped")) == (1, 1, 1)
    assert found.reports["a"]["tries"] == 2
    assert found.cells == {"annual.training(edition)": [0.8]}
    page = write_run_page(find_project(folder, exact=True), "2025", path).read_text(encoding="utf-8")
    assert "1 selesai, 1 gagal, 1 sudah ada" in page
    assert "bab “Pelatihan” (sel 4) gagal" in page
    assert "kinerja report --fresh" in page
    assert "rahasia" not in page
    assert "annual.training(edition)" in page
    assert "2,50" in page
    assert "belum selesai" not in page


def test_the_page_of_a_run_cut_short_says_so(folder: Path) -> None:
    path = _record(folder, ended=False)
    page = write_run_page(find_project(folder, exact=True), "2025", path).read_text(encoding="utf-8")
    assert "belum selesai" in page


def _event(at: float, event: str, job: str = "", **facts: Any) -> Event:
    return Event(at, event, job, facts)


def test_the_time_left_shares_what_waits_among_the_processes() -> None:
    run = TimeLeft()
    for event in (_event(0, "begun", jobs=13), *(_event(0, "skipped", str(n)) for n in range(2))):
        run.take(event)
    for event in (_event(1, "started", "a"), _event(1, "started", "b")):
        run.take(event)
    assert (run.done, run.total, run.seconds(5)) == (2, 13, None)  # nothing was made yet
    run.take(_event(11, "done", "a", seconds=10.0))
    run.take(_event(11, "started", "c"))
    # eight wait of ten seconds each, b has none of its ten left and c ten, two at once
    assert run.seconds(11) == pytest.approx((8 * 10 + 0 + 10) / 2)
    run.take(_event(12, "done", "b", seconds=11.0))
    for number in range(20):  # the first were slower than the rest are
        run.take(_event(13, "started", f"d{number}"))
        run.take(_event(15, "done", f"d{number}", seconds=2.0))
    assert run.seconds(15) == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("seconds", "indonesian", "english"),
    [
        (1, "sisa sekitar 5 detik", "about 5 s left"),
        (63, "sisa sekitar 65 detik", "about 65 s left"),
        (600, "sisa sekitar 10 menit", "about 10 min left"),
        (7200, "sisa sekitar 2 jam", "about 2 h left"),
        (8000, "sisa sekitar 2 jam 10 menit", "about 2 h 10 min left"),
    ],
)
def test_the_time_left_in_words(seconds: float, indonesian: str, english: str) -> None:
    assert (str(about(seconds)), about(seconds).en) == (indonesian, english)


def test_a_run_is_followed_while_it_is_written(tmp_path: Path) -> None:
    ledger = RunLedger(tmp_path / "a.jsonl")
    ledger.write("begun", jobs=1, pid=os.getpid())
    seen: list[str] = []

    def watch() -> None:
        seen.extend(event.event for event in follow_run(tmp_path, pause=0.02))

    thread = threading.Thread(target=watch)
    thread.start()
    ledger.write("started", "a", tries=1)
    ledger.write("done", "a", seconds=1.0)
    ledger.write("ended")
    thread.join(timeout=10)
    ledger.close()
    assert seen == ["begun", "started", "done", "ended"]
    assert list(follow_run(tmp_path / "nothing")) == []


def test_following_ends_with_the_process(tmp_path: Path) -> None:
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    ledger = RunLedger(tmp_path / "a.jsonl")
    ledger.write("begun", jobs=1, pid=int(dead.stdout))
    ledger.close()
    assert [event.event for event in follow_run(tmp_path, pause=0.02)] == ["begun"]


def test_status_follow(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--project", str(folder)]
    assert run(["status", "--follow", *place]) == 0
    assert "belum ada proses" in capsys.readouterr().out
    path = _record(folder)
    assert run(["status", "--follow", "--lang", "en", *place]) == 1
    text = capsys.readouterr().out
    assert "a: done (2.5 s)" in text
    assert "a: tried again" in text
    assert "3/3" in text
    assert run(["status", "--follow", "--json", *place]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["event"] == "begun"
    assert lines[-1]["event"] == "ended"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:-1]) + "\n", encoding="utf-8")
    dead = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True, check=True
    )
    path.write_text(
        path.read_text(encoding="utf-8").replace(f'"pid": {os.getpid()}', f'"pid": {dead.stdout.strip()}'),
        encoding="utf-8",
    )
    assert run(["status", "--follow", *place]) == 1
    assert "terhenti" in capsys.readouterr().out
