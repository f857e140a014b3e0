"""Exports to tables and panel, through a small project on disk."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from kinerja_lib.config import starter
from kinerja_lib.errors import CleaningError
from kinerja_lib.samples import write_sample
from kinerja_lib.workflow.project import Project, find_project
from kinerja_lib.workflow.stages import run_clean, run_panel
from kinerja_lib.workflow.storage import load_accounting, load_ledger, load_panel, load_table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    raw = tmp_path / "data" / "raw"
    write_sample(raw, agencies=2, employees=90, periods="2025-Q1:2025-Q4")
    reference = tmp_path / "data" / "reference"
    reference.mkdir(parents=True, exist_ok=True)
    (reference / "units.csv").write_bytes((raw / "units.csv").read_bytes())
    return find_project(tmp_path)


def _bytes(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_tables_panel_and_same_bytes(project: Project) -> None:
    run_clean(project)
    account = load_accounting(project)
    assert (account["read"] == account["kept"] + account["rejected"] + account["merged"]).all()
    assert len(load_table(project, "penilaian")) == account.loc[account["table"] == "penilaian", "kept"].sum()
    assert set(load_ledger(project)["action"]) <= {"rejected", "merged"}
    before = _bytes(project.folder("processed"))
    run_clean(project)
    assert _bytes(project.folder("processed")) == before
    run_panel(project)
    assert len(load_panel(project.folder("processed")))


def test_a_stale_correction_changes_nothing_on_disk(project: Project) -> None:
    run_clean(project)
    before = _bytes(project.folder("processed"))
    entry = "[[correction]]\nfile='a'\nsheet=''\nrow=1\nfield='nip'\nfrom='x'\nto='y'\n"
    entry += "reason='r'\nauthor='a'\ndate='2025-01-01'\n"
    (project.folder("reference") / "corrections.toml").write_text(entry, encoding="utf-8")
    with pytest.raises(CleaningError):
        run_clean(project)
    assert _bytes(project.folder("processed")) == before


def test_an_empty_folder_and_a_corrupt_file(tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text(starter("Uji"), encoding="utf-8")
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    project = find_project(tmp_path)
    with pytest.raises(CleaningError):
        run_clean(project)
    (raw / "rusak.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    with pytest.raises(CleaningError):
        run_clean(project)
    assert not list(project.folder("processed").glob("*.parquet"))


def test_a_panel_with_the_units_of_one_date(project: Project) -> None:
    run_clean(project)
    run_panel(project)
    whole = load_panel(project)
    code = str(whole["unit_kerja"].dropna().iloc[0])
    agency = code.split(".")[0]
    path = project.folder("reference") / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith(f"{code},"))
    cells = lines[place].split(",")
    cells[7], cells[9] = "2025-06-30", f"{agency}.bidang-baru"
    lines[place] = ",".join(cells)
    lines.append(f"{agency}.bidang-baru,Bidang Baru,unit,{agency},,,2025-07-01,,,")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    now = load_panel(project, at="2025", instansi=agency)
    assert code not in set(now["unit_kerja"].dropna())
    renamed = (whole["unit_kerja"] == code).sum()
    assert (now["unit_kerja"] == f"{agency}.bidang-baru").sum() == renamed > 0
    assert (load_panel(project, at="2025-Q1")["unit_kerja"] == code).sum() == renamed
    assert (load_panel(project)["unit_kerja"] == code).sum() == renamed
    built = run_panel(project)
    assert [(line["kode"], line["kode_baru"], line["jenis"]) for line in built["lineage"]] == [
        (code, f"{agency}.bidang-baru", "ganti_nama")
    ]
