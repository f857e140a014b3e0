"""What became of a row, a file, a person: every row has a story, and none shows what stands in a cell."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import numpy as np
import pytest

from kinerja_lib.cleaning import reason_label
from kinerja_lib.cli import run
from kinerja_lib.reading.read import read_files
from kinerja_lib.reporting.annual.row_use import columns_needed
from kinerja_lib.schema.fields import table
from kinerja_lib.workflow import Project, load_ledger, load_table
from kinerja_lib.workflow.correction_files import exports_of
from kinerja_lib.workflow.row_story import FILLED, row_story


def _call(capsys: pytest.CaptureFixture[str], project: Project, *words: str) -> tuple[int, str, str]:
    code = run(["explain", *words, "--project", str(project.root)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def _nip(project: Project, file: str, sheet: str, row: int) -> str:
    raw = project.folder("raw")
    for one in read_files([(raw, raw / file)])[0]:
        if one.sheet == sheet and row in one.rows:
            return str(one.frame["nip"].iloc[int(np.flatnonzero(one.rows == row)[0])])
    raise AssertionError(file)


def test_each_row_of_the_ledger_is_explained_by_its_reason(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    ledger = load_ledger(project)
    for (action, reason), lines in ledger.groupby(["action", "reason"]):
        line = lines.iloc[0]
        code, out, _ = _call(
            capsys, project, line["file"], "--row", str(line["row"]), "--sheet", line["sheet"]
        )
        assert code == 0
        assert reason_label(reason) in out
        assert {"rejected": "ditolak", "merged": "digabung ke baris lain"}[action] in out


def test_every_source_row_has_a_story(project: Project) -> None:
    for sheet in exports_of(project)[::9]:
        for row in (1, *sheet.rows[:2].tolist(), int(sheet.rows[-1]) + 1000 if len(sheet.rows) else 1000):
            told = row_story(project, sheet.file, row, sheet.sheet)
            outcomes = {one["outcome"] for one in told}
            if row in sheet.rows:
                assert outcomes <= {"kept", "rejected", "merged"}
                assert outcomes
            else:
                assert outcomes in ({"structure"}, {"absent"})


def test_a_merged_row_and_its_winner_name_each_other(project: Project) -> None:
    ledger = load_ledger(project)
    line = ledger[(ledger["action"] == "merged") & (ledger["table"] == "penilaian")].iloc[0]
    (lost,) = row_story(project, line["file"], int(line["row"]), line["sheet"])
    winner = lost["winner"]
    told = row_story(project, winner["file"], winner["row"], winner["sheet"])
    assert any(
        (other["file"], other["sheet"], other["row"]) == (line["file"], line["sheet"], line["row"])
        for one in told
        for other in one["absorbed"]
    )


def test_a_person_by_nip_is_found_where_rows_were_kept_merged_or_rejected(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, project: Project
) -> None:
    ledger = load_ledger(project)
    line = ledger[(ledger["action"] == "merged") & (ledger["table"] == "penilaian")].iloc[0]
    nip = re.sub(r"\D", "", _nip(project, line["file"], line["sheet"], int(line["row"])))
    monkeypatch.setattr("sys.stdin", io.StringIO(nip + "\n"))
    code, out, err = _call(capsys, project, "--nip", "-", "--json")
    assert code == 0
    assert nip not in out + err
    story = json.loads(out)
    assert {one["outcome"] for one in story["rows"]} >= {"kept", "merged"}
    panel = load_table(project, "panel")
    mine = panel[panel["id_pegawai"] == story["id_pegawai"]]
    assert [one["periode"] for one in story["quarters"] if one["in_panel"]] == sorted(
        mine["periode"].astype(str)
    )
    code, out, _ = _call(capsys, project, "--id", story["id_pegawai"])
    assert code == 0
    assert "hanya dapat dicari dengan --nip" in out


def test_a_rejected_row_is_found_by_the_nip_in_it(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = load_ledger(project)
    kept = load_table(project, "penilaian")
    source, row = str(kept["sumber"].iloc[0]), int(kept["baris_sumber"].iloc[0])
    file, _, sheet = source.rpartition("#")
    nip = re.sub(r"\D", "", _nip(project, file, sheet, row))
    line = ledger.iloc[[0]].assign(
        file=file,
        sheet=sheet,
        row=row,
        table="penilaian",
        action="rejected",
        reason="tahun_hilang",
        detail="",
    )
    monkeypatch.setattr("kinerja_lib.workflow.person_story.load_interim", lambda _project, _name: line)
    code, out, _ = _call(capsys, project, "--nip", nip)
    assert code == 0
    assert reason_label("tahun_hilang") in out


def test_no_story_shows_a_cell(capsys: pytest.CaptureFixture[str], project: Project) -> None:
    ledger = load_ledger(project)
    nips = load_table(project, "penilaian")["id_pegawai"].head(1).tolist()
    code, out, _ = _call(capsys, project, "--id", nips[0], "--json")
    assert code == 0
    assert not re.search(r"\d{16,}", out)
    values = {str(value) for value in ledger["value"] if len(str(value)) > 6}
    assert values
    for line in ledger.drop_duplicates("reason").to_dict("records"):
        _, out, _ = _call(capsys, project, line["file"], "--row", str(line["row"]), "--json")
        assert not any(value in out for value in values - {line["file"], line["sheet"]})


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "sebut satu"),
        (("--row", "3"), "sebut satu"),
        (("x.xlsx", "--nip", "1"), "sebut satu"),
        (("tiada.xlsx", "--row", "3"), "tidak ada pada pembersihan terakhir"),
        (("--nip", "123"), "bukan NIP"),
        (("--id", "P1"), "bukan kode pegawai"),
    ],
)
def test_wrong_questions(
    capsys: pytest.CaptureFixture[str], project: Project, words: tuple[str, ...], said: str
) -> None:
    code, out, error = _call(capsys, project, *words)
    assert code == 2
    assert said in error
    assert "->" in error
    assert "123" not in error
    assert not out


def test_without_the_key_nobody_is_found_by_nip(
    capsys: pytest.CaptureFixture[str], project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kinerja_lib.workflow.person_story.KEY_FILE", "absent.key")
    monkeypatch.delenv("KINERJA_PSEUDONYM_KEY", raising=False)
    code, _, error = _call(capsys, project, "--nip", "198609262015051001")
    assert code == 2
    assert "kunci" in error
    assert not (project.folder("interim") / "absent.key").exists()


def test_a_bare_name_of_several_files_lists_them(
    capsys: pytest.CaptureFixture[str], project: Project
) -> None:
    names = [Path(name).name for name in load_ledger(project)["file"].unique()]
    several = [path.name for path in project.folder("raw").glob("*/Rekap Penilaian SKP 2025.xlsx")]
    assert len(several) > 1
    code, _, error = _call(capsys, project, several[0])
    assert code == 2
    assert error.count("Rekap Penilaian SKP 2025.xlsx") > 2
    alone = next(name for name in names if names.count(name) == 1 and name.startswith("data_utama"))
    code, out, _ = _call(capsys, project, alone, "--lang", "en")
    assert code == 0
    assert "read " in out
    assert "rejected" in out


def test_the_columns_it_names_are_those_of_the_panel_and_of_the_models() -> None:
    panel = set(table("panel").columns)
    assert set(FILLED.values()) <= panel
    for needed in columns_needed().values():
        assert set(needed) <= panel
