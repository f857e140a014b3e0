"""A register proposed from the exports: the agencies and units of the sample, nothing more, nothing taken together."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib.cleaning import Register
from kinerja_lib.cli import run
from kinerja_lib.schema.raw import RawTable
from kinerja_lib.workflow import Project
from kinerja_lib.workflow.register_proposal import propose_register, register_text


def _call(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    code = run([str(word) for word in words])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _without_register(project: Project, folder: Path) -> Path:
    shutil.copytree(
        project.folder("raw"), folder / "data" / "raw", ignore=shutil.ignore_patterns("units.csv")
    )
    (folder / "kinerja.toml").write_text('[project]\nname = "Uji"\n', encoding="utf-8")
    return folder


def test_a_register_is_proposed_and_cleans_as_well_as_the_right_one(
    capsys: pytest.CaptureFixture[str], project: Project, tmp_path: Path
) -> None:
    folder = _without_register(project, tmp_path / "p")
    code, _, error = _call(capsys, "clean", "--project", folder)
    assert code == 2
    assert "kinerja units new" in error
    code, out, _ = _call(capsys, "units", "new", "--dry-run", "--project", folder)
    assert code == 0
    assert out.count("instansi,") > 1
    assert not (folder / "data" / "reference").exists()
    code, out, _ = _call(capsys, "units", "new", "--json", "--project", folder)
    assert code == 0
    assert json.loads(out)["written"]
    mine = Register.load(folder / "data" / "reference" / "units.csv")
    right = project.register()
    assert {entry.name for entry in mine.entries} == {entry.name for entry in right.entries}
    for entry in right.entries:
        if entry.kind == "unit":
            agency, _ = mine.agency(right.by_code[entry.agency].name)
            assert agency
            assert mine.unit(entry.name, agency)[0]
    _, out, _ = _call(capsys, "clean", "--json", "--project", folder)
    total = json.loads(out)["total"]
    _, out, _ = _call(capsys, "clean", "--json", "--project", _with_register(project, tmp_path / "right"))
    assert total == json.loads(out)["total"]
    code, _, error = _call(capsys, "units", "new", "--project", folder)
    assert code == 2
    assert "--force" in error


def _with_register(project: Project, folder: Path) -> Path:
    _without_register(project, folder)
    (folder / "data" / "reference").mkdir()
    (folder / "data" / "reference" / "units.csv").write_text(
        _register_as_csv(project.register()), encoding="utf-8"
    )
    return folder


def _register_as_csv(register: Register) -> str:
    lines = ["kode,nama,jenis,induk,alias"]
    for entry in register.entries:
        parent = entry.agency if entry.kind == "unit" else ""
        lines.append(f'{entry.code},"{entry.name}",{entry.kind},{parent},"{";".join(entry.names)}"')
    return "\n".join(lines) + "\n"


def _sheet(pairs: list[tuple[str, str]]) -> RawTable:
    frame = pd.DataFrame(pairs, columns=["instansi_nama", "unit_nama"], dtype="str")
    return RawTable("a.csv", "", "x", "penilaian", frame, frame.index.to_numpy() + 2)


def test_names_that_differ_in_a_short_word_or_a_number_are_several_units() -> None:
    names = [
        "Bidang SMA",
        "Bidang SMK",
        "Wilayah I",
        "Wilayah II",
        "Puskesmas Rangkui 1",
        "Puskesmas Rangkui 2",
    ]
    (agency,) = propose_register([_sheet([("Dinas Pendidikan", name) for name in names])])
    assert sorted(unit.name for unit in agency.units) == sorted(names)


def test_slips_capitals_and_abbreviations_are_one() -> None:
    rows = [("Dinas Kesehatan", "Bidang Pelayanan"), ("DINAS KESEHATAN", "Bidang Pelayanan")] * 4
    rows += [
        ("Dinas Kesehtan", "Bid. Pelayanan"),
        ("Dinkes", "Bidang Pelayannan"),
        ("Dinas Pendidikan", "Sekretariat"),
    ]
    found = propose_register([_sheet(rows)])
    assert [one.named.name for one in found] == ["Dinas Kesehatan", "Dinas Pendidikan"]
    assert found[0].borrowed == ("Dinkes",)
    assert [unit.name for unit in found[0].units] == ["Bidang Pelayanan"]
    lines = list(csv.DictReader(register_text(found).splitlines()))
    assert [line["kode"] for line in lines][:2] == ["dinas-kesehatan", "dinas-kesehatan.bidang-pelayanan"]
    assert "Dinas Kesehtan" in lines[0]["alias"]


def test_an_agency_without_exports_of_its_name_is_not_made_up(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _call(capsys, "new", tmp_path / "p")
    code, _, error = _call(capsys, "units", "new", "--project", tmp_path / "p")
    assert code == 2
    assert "tidak ada nama instansi" in error


@pytest.mark.parametrize(("mark", "encoding"), [(",", "utf-8-sig"), (";", "cp1252"), (";", "utf-8")])
def test_a_register_saved_by_excel_in_either_language(tmp_path: Path, mark: str, encoding: str) -> None:
    path = tmp_path / "units.csv"
    lines = [
        ["kode", "nama", "jenis", "induk", "alias"],
        ["d", "Dinas Café", "instansi", "", '"DC;D. Café"'],
        ["", "", "", "", ""],
    ]
    path.write_bytes("\r\n".join(mark.join(line) for line in lines).encode(encoding))
    register = Register.load(path)
    assert [entry.name for entry in register.entries] == ["Dinas Café"]
    assert register.agency("DC") == ("d", "")
