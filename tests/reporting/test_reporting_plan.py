"""From a request to jobs, and the run's record."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kinerja_lib.errors import KinerjaError, TemplateError, UsageError
from kinerja_lib.reporting.ledger import RunLedger, last_ledger, read_ledger
from kinerja_lib.reporting.plan import GOVERNMENT, WHOLE, Job, make_plan
from kinerja_lib.reporting.template import Parameter, Template

KNOWN = ("badan-a", "dinas-b")


def _template(tmp_path: Path) -> Template:
    names = ("instansi", "periode", "lang", "project", "kode")
    return Template("uji", tmp_path / "uji.ipynb", {name: Parameter(name, "str", "", "") for name in names})


def _plan(tmp_path: Path, **changes: Any) -> tuple[Job, ...]:
    request: dict[str, Any] = {
        "project": tmp_path,
        "reports": "reports",
        "periode": "2025",
        "instansi": ["all"],
        "known": KNOWN,
        "languages": ["id"],
        "formats": ["html", "pdf"],
    }
    return make_plan(_template(tmp_path), **{**request, **changes})


def test_all_is_the_government_and_each_agency(tmp_path: Path) -> None:
    jobs = _plan(tmp_path, languages=["id", "en"])
    assert [(job.instansi, job.lang) for job in jobs] == [
        (code, lang) for code in (GOVERNMENT, *KNOWN) for lang in ("id", "en")
    ]
    assert jobs[0].parameters["instansi"] == WHOLE
    assert jobs[2].parameters["instansi"] == "badan-a"
    assert jobs[2].folder == "reports/2025/badan-a"
    outputs = jobs[2].outputs(tmp_path)
    assert outputs["pdf"] == tmp_path / "reports" / "2025" / "badan-a" / "uji-2025-badan-a-id.pdf"


def test_an_agency_is_planned_once(tmp_path: Path) -> None:
    assert [job.instansi for job in _plan(tmp_path, instansi=["dinas-b", "all"])] == [
        "dinas-b",
        GOVERNMENT,
        "badan-a",
    ]


def test_an_unknown_agency_names_the_closest(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        _plan(tmp_path, instansi=["dinas-c"])
    assert "dinas-b" in caught.value.text("id")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "changes", [{"languages": ["fr"]}, {"formats": ["doc"]}, {"formats": []}, {"periode": "2025-Q9"}]
)
def test_wrong_requests(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(KinerjaError):
        _plan(tmp_path, **changes)


def test_template_parameters(tmp_path: Path) -> None:
    assert _plan(tmp_path, parameters={"kode": "007"})[0].parameters["kode"] == "007"
    with pytest.raises(TemplateError):
        _plan(tmp_path, parameters={"kod": "007"})


def test_a_job_goes_through_a_pipe(tmp_path: Path) -> None:
    job = _plan(tmp_path)[1]
    assert Job.from_dict(job.to_dict()) == job


def test_the_ledger_keeps_every_event_and_survives_a_cut_line(tmp_path: Path) -> None:
    ledger = RunLedger(tmp_path / "runs" / "a.jsonl")
    ledger.write("begun", jobs=1)
    ledger.write("done", "laporan", seconds=1.5)
    ledger.close()
    with ledger.path.open("a", encoding="utf-8") as file:
        file.write('{"at": 1, "event": "do')
    events = list(read_ledger(ledger.path))
    assert [(event.event, event.job) for event in events] == [("begun", ""), ("done", "laporan")]
    assert events[1].facts == {"seconds": 1.5}
    assert events[0].at <= events[1].at
    assert last_ledger(tmp_path / "runs") == ledger.path
    assert last_ledger(tmp_path) is None
    other = RunLedger(tmp_path / "b.jsonl")
    with pytest.raises(AssertionError):
        other.write("imagined")
    other.close()


def test_planning_imports_nothing_that_only_making_needs() -> None:
    heavy = (
        "nbformat",
        "nbconvert",
        "papermill",
        "IPython",
        "matplotlib",
        "scipy",
        "statsmodels",
        "distributed",
    )
    code = (
        "import sys, kinerja_lib.cli.app, kinerja_lib.reporting.make, kinerja_lib.reporting.plan\n"
        f"sys.exit(', '.join(name for name in {heavy!r} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert not done.stderr.strip(), done.stderr
