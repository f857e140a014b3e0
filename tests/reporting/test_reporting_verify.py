"""Whether a report can be remade: intact, tampered, on other data, by another program; and a real remake."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib.cli.app import run
from kinerja_lib.errors import ReportError, UsageError
from kinerja_lib.reporting.input_digest import fold, keep_parts
from kinerja_lib.reporting.make import make_reports
from kinerja_lib.reporting.manifest import input_hashes
from kinerja_lib.reporting.plan import make_plan
from kinerja_lib.reporting.template import read_template
from kinerja_lib.reporting.verify import verify_reports
from kinerja_lib.workflow import Project, find_project


@pytest.fixture(scope="module")
def reported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with one finished report in all formats."""
    target = tmp_path_factory.mktemp("verify") / "proyek"
    shutil.copytree(project.root, target, ignore=shutil.ignore_patterns("reports", "editions"))
    made = find_project(target, exact=True)
    jobs = make_plan(
        read_template("perbandingan", made.folder("templates")), project=made.root, reports="reports",
        periode="2025", instansi=["pemerintah"], known=[], languages=["id"], formats=["html", "pdf", "docx", "xlsx"],
    )  # fmt: skip
    assert not make_reports(made, jobs, workers=1).failures
    return made


def _folder(project: Project) -> Path:
    return project.root / "reports" / "2025" / "pemerintah"


def test_an_intact_report_can_be_remade_to_the_byte(reported: Project) -> None:
    (verdict,) = verify_reports(reported, [_folder(reported)], remake=True)
    assert verdict.reproducible and verdict.remade and not verdict.notes, verdict
    assert not list(reported.folder("interim").glob("verify-*"))


def test_the_manifest_says_what_it_rests_on(reported: Project) -> None:
    path = next(_folder(reported).glob("*.manifest.json"))
    content = json.loads(path.read_text(encoding="utf-8"))
    assert (
        content["rows"]["read"] == sum(content["rows"][name] for name in ("kept", "rejected", "merged")) > 0
    )
    assert "data/interim/ledger.parquet" in content["inputs"] and "panel.parquet" in content["inputs"]
    assert content["data_licence"] == "" and content["synthetic"] is True


def test_each_change_is_named(reported: Project, tmp_path: Path) -> None:
    target = tmp_path / "lain"
    shutil.copytree(reported.root, target)
    other = find_project(target, exact=True)
    html = next(_folder(other).glob("*.html"))
    html.write_text(html.read_text(encoding="utf-8") + " ", encoding="utf-8")
    next(_folder(other).glob("*.docx")).unlink()
    table = other.folder("processed") / "survei.parquet"
    pd.read_parquet(table).iloc[1:].to_parquet(table, index=False)
    (other.folder("processed") / "layanan.parquet").unlink()
    config = target / "kinerja.toml"
    config.write_text(
        config.read_text(encoding="utf-8").replace("jp_pns = 20.0", "jp_pns = 24.0"), encoding="utf-8"
    )
    (verdict,) = verify_reports(find_project(target, exact=True), [html])
    assert not verdict.reproducible
    said = "\n".join(finding.en for finding in verdict.findings)
    for part in (
        f"file changed since it was made: {html.name}", "file missing: perbandingan", "data changed: survei.parquet",
        "data no longer here: layanan.parquet", "kinerja.toml changed",
    ):  # fmt: skip
        assert part in said, part


def test_another_program_and_another_version(reported: Project, tmp_path: Path) -> None:
    source = next(_folder(reported).glob("*.manifest.json"))
    content = json.loads(source.read_text(encoding="utf-8"))
    content["code_sha256"], content["versions"]["pandas"] = "0" * 64, "2.0.0"
    content["template"] = "tidak_ada"
    path = tmp_path / source.name
    path.write_text(json.dumps(content), encoding="utf-8")
    (verdict,) = verify_reports(reported, [path], remake=True)
    said = [str(finding) for finding in verdict.findings]
    assert any("program berubah" in text for text in said) and any(
        "versi pandas: 2.0.0" in text for text in said
    )
    assert "templat tidak ada: tidak_ada" in said and not verdict.remade


def test_the_command(reported: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["verify", str(_folder(reported)), "--project", str(reported.root), "--json"]) == 0
    (report,) = json.loads(capsys.readouterr().out)["reports"]
    assert report["reproducible"] and report["findings"] == []
    assert run(["verify", str(tmp_path), "--project", str(reported.root)]) == 2
    broken = tmp_path / "x.manifest.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(ReportError):
        verify_reports(reported, [broken])
    with pytest.raises(UsageError):
        verify_reports(reported, [tmp_path / "y.pdf"])


def _partitioned(tmp_path: Path, source: Project) -> tuple[Project, Path, Path]:
    """A project whose panel lies in parts, as a large one does, with a manifest that rests on them."""
    target = tmp_path / "bagian"
    shutil.copytree(source.root, target)
    project = find_project(target, exact=True)
    processed = project.folder("processed")
    pd.read_parquet(processed / "panel.parquet").to_parquet(
        processed / "panel", partition_cols=["instansi"], index=False
    )
    (processed / "panel.parquet").unlink()
    path = next(_folder(project).glob("*.manifest.json"))
    content = json.loads(path.read_text(encoding="utf-8"))
    inputs = input_hashes(project, content["periode"])
    keep_parts(project, inputs)
    path.write_text(json.dumps({**content, "inputs": fold(inputs)}), encoding="utf-8")
    return project, path, sorted((processed / "panel").glob("*/*.parquet"))[0]


def test_the_parts_of_a_table_are_one_line_and_each_is_still_known(reported: Project, tmp_path: Path) -> None:
    project, path, part = _partitioned(tmp_path, reported)
    content = json.loads(path.read_text(encoding="utf-8"))
    agencies = len(list((project.folder("processed") / "panel").iterdir()))
    assert content["inputs"]["panel"]["files"] == agencies > 1
    assert not any("=" in name for name in content["inputs"])
    (verdict,) = verify_reports(project, [path])
    assert verdict.reproducible, verdict
    pd.read_parquet(part).iloc[1:].to_parquet(part, index=False)
    (verdict,) = verify_reports(project, [path])
    name = part.relative_to(project.folder("processed")).as_posix()
    assert [finding.en for finding in verdict.findings] == [f"data changed: {name}"]
    shutil.rmtree(project.folder("interim") / "inputs")
    (verdict,) = verify_reports(project, [path])
    assert [finding.en for finding in verdict.findings] == [
        f"data changed: panel ({agencies} files, now {agencies})"
    ]
    part.unlink()
    (verdict,) = verify_reports(project, [path])
    assert f"now {agencies - 1}" in verdict.findings[0].en


def test_a_manifest_from_before_parts_were_folded_is_understood(reported: Project, tmp_path: Path) -> None:
    project, path, part = _partitioned(tmp_path, reported)
    content = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(
        json.dumps({**content, "inputs": input_hashes(project, content["periode"])}), encoding="utf-8"
    )
    (verdict,) = verify_reports(project, [path])
    assert verdict.reproducible, verdict
    part.unlink()
    (verdict,) = verify_reports(project, [path])
    assert len(verdict.findings) == 1 and "no longer here: panel/instansi=" in verdict.findings[0].en
