"""Input forms: filled in as a user would, they read back and are cleaned without a mapping."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kinerja_lib.cleaning import clean
from kinerja_lib.cli.app import run
from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reading import read_export
from kinerja_lib.reporting.forms import (
    Form,
    choose_forms,
    forms,
    render_form,
    render_questionnaire,
    write_forms,
)
from kinerja_lib.reporting.forms.write import EXAMPLE, HEAD, MARK
from kinerja_lib.workflow import Project

KEY = b"k" * 32
FIRST = EXAMPLE + 2  # row below the example, from 1


def _value(column, project: Project, place: int) -> object:
    entries = project.register().entries
    agency = next(entry for entry in entries if entry.code == "dinas-kesehatan")
    unit = [entry for entry in entries if entry.kind != "instansi" and entry.agency == agency.code][place]
    if column.kind == "unit":
        return unit.name
    if column.kind == "agency":
        return agency.name
    if column.name == "tahun":
        return 2025
    if column.name in ("nip", "nip_penilai"):
        return f"19860926201505100{place + 1}"
    if column.kind == "list":
        return column.choices[0]
    if column.kind in ("integer", "number"):
        return min(3 + place, column.maximum or 9)
    if column.kind == "date":
        return dt.datetime(2025, 3, 14)
    return f"Pegawai Sintetis {place + 1}"


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: form.name)
def test_a_filled_form_is_read_and_cleaned(form: Form, project: Project, tmp_path: Path) -> None:
    (path,) = write_forms(project, tmp_path, [form])
    book = load_workbook(path)
    sheet = book.worksheets[0]
    for place in range(2):
        for number, column in enumerate(form.columns, start=1):
            sheet.cell(row=FIRST + place, column=number, value=_value(column, project, place))
    book.save(path)
    raw = read_export(path, root=tmp_path)
    assert [table.layout for table in raw] == [form.layout]
    assert [row.row for row in raw[0].structure if row.kind == "example"] == [EXAMPLE + 1]
    result = clean(raw, register=project.register(), key=KEY)
    accounting = result.accounting
    rows = 2 * (len(form.items) or 1)
    # the two rows of the agency's form are of one agency and year: the second merges into the first
    kept, merged = (1, 1) if form.name == "organisasi" else (rows, 0)
    assert (int(accounting["kept"].sum()), int(accounting["merged"].sum())) == (kept, merged), result.ledger
    (table,) = [name for name, frame in result.tables.items() if len(frame)]
    found = result.tables[table]
    assert (
        set(found["instansi"]) <= {"dinas-kesehatan"}
        if form.name != "pelatihan"
        else found["id_pegawai"].nunique() == 2
    )
    assert result.decisions.get("n", []) is not None


def test_an_empty_form_has_no_row(project: Project, tmp_path: Path) -> None:
    for path in write_forms(project, tmp_path, choose_forms(())):
        assert sum(len(table.frame) for table in read_export(path, root=tmp_path)) == 0, path.name


@pytest.mark.parametrize("form", list(forms().values()), ids=lambda form: form.name)
def test_headings_are_locked_and_every_example_is_one(form: Form, project: Project, tmp_path: Path) -> None:
    (path,) = write_forms(project, tmp_path, [form])
    sheet = load_workbook(path).worksheets[0]
    assert sheet.protection.sheet and not sheet.protection.password and not sheet.protection.sort
    heads = [cell.value for cell in sheet[HEAD + 1]]
    assert heads == [column.heading for column in form.columns]
    assert all(cell.protection.locked for row in (HEAD + 1, EXAMPLE + 1) for cell in sheet[row])
    assert not sheet.column_dimensions["A"].protection.locked, "the rows below are open"
    example = [cell.value for cell in sheet[EXAMPLE + 1]]
    assert str(example[0]).startswith(MARK) and all(value not in (None, "") for value in example)
    assert any(column.required for column in form.columns)


def test_a_form_filled_in_with_mistakes(project: Project, tmp_path: Path) -> None:
    """What people do in spite of the checks: a NIP as a number, dates as text, names of their own, a copy of the example."""
    form = forms()["pembinaan"]
    (path,) = write_forms(project, tmp_path, [form], instansi="dinas-kesehatan")
    book = load_workbook(path)
    sheet = book.worksheets[0]
    agency = sheet.cell(row=EXAMPLE + 1, column=3).value
    good = ["19860926 201505 1 001", "Pegawai Sintetis", agency, 2025, "Triwulan II", "coaching", "5 Agustus 2025", "30/09/2025",
            "atasan", "membaik"]  # fmt: skip
    lines = [
        good,
        [198609262015051001, *good[1:]],  # a number: its last digits are gone
        ["198609262015051002", "", agency, "2025", "TW 2", "Konseling", dt.datetime(2025, 8, 9), "-", "Bu Ani", "entah"],
        ["", "", "", "", "", "", "", "", "", ""],
        ["198609262015051003", "", agency, 2025, "Tahunan", "Konseling kinerja", "", "", "", ""],  # no first day
        ["Jumlah", 3, "", "", "", "", "", "", "", ""],
    ]  # fmt: skip
    for row, line in enumerate(lines, start=FIRST):
        for column, value in enumerate(line, start=1):
            sheet.cell(row=row, column=column, value=value or None)
    book.save(path)
    (raw,) = read_export(path, root=tmp_path)
    result = clean([raw], register=project.register(), key=KEY)
    account = result.accounting.iloc[0]
    assert (account["read"], account["kept"], account["rejected"], account["merged"]) == (4, 2, 2, 0), (
        result.ledger
    )
    reasons = dict(zip(result.ledger["row"], result.ledger["reason"], strict=True))
    assert reasons == {FIRST + 1: "nip_presisi", FIRST + 4: "kolom_wajib_kosong"}
    table = result.tables["pembinaan"].sort_values("tanggal_mulai", ignore_index=True)
    assert table["periode"].tolist() == ["2025-Q2", "2025-Q2"]
    assert table["jenis_pembinaan"].astype("str").tolist() == ["Bimbingan kinerja", "Konseling kinerja"]
    assert table["pembina"].astype("object").fillna("?").tolist() == ["Atasan langsung", "?"]


def test_a_broken_nip_is_coloured_and_a_missing_cell_too(project: Project) -> None:
    data = render_form(forms()["skp"], ["Unit"], ["Dinas"])
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = package.read("xl/worksheets/sheet1.xml").decode("utf-8")
    assert f"ISNUMBER(A{FIRST})" in text and f"COUNTA($A{FIRST}:$L{FIRST})&gt;0" in text
    assert text.count("<conditionalFormatting") >= 3 and "<sheetProtection" in text


def test_lists_limits_and_the_printable_survey(project: Project, tmp_path: Path) -> None:
    chosen = choose_forms(["laporan_tugas", "survei_pegawai"])
    paths = write_forms(project, tmp_path, chosen, instansi="dinas-kesehatan")
    book = load_workbook(paths[0])
    rules = book.worksheets[0].data_validations.dataValidation
    assert any(rule.type == "list" and "Selesai terlambat" in str(rule.formula1) for rule in rules)
    assert any(rule.type == "decimal" and float(rule.formula2) == 200 for rule in rules)
    assert any(rule.type == "date" for rule in rules)
    assert book["Daftar"].sheet_state == "hidden" and book["Daftar"].max_row > 1
    survey = load_workbook(paths[1])
    asked = [row[0].value for row in survey["Kuesioner"].iter_rows(min_row=5)]
    assert len(asked) == 24 and asked[0] == "K1" and survey["Kuesioner"]["C5"].value == "☐"


def test_bytes_formulas_and_english(project: Project) -> None:
    form = forms()["skm"]
    hostile = ['=HYPERLINK("x")', "Unit <b> & 'x'"]
    data = render_form(form, hostile, hostile, "en")
    assert data == render_form(form, hostile, hostile, "en")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        text = "".join(package.read(name).decode("utf-8", "ignore") for name in package.namelist())
    assert "<f>=HYPERLINK" not in text and "Guide" in text and "Petunjuk" not in text


def test_nothing_is_overwritten(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["forms", str(tmp_path), "--project", str(project.root), "--only", "skm,akses_ti"]
    assert run([*command, "--dry-run"]) == 0 and not list(tmp_path.iterdir())
    capsys.readouterr()
    assert run([*command, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["forms"]) == 2
    assert run(command) == 2
    assert "--force" in capsys.readouterr().err
    assert run([*command, "--force"]) == 0
    assert run(["forms", str(tmp_path / "x"), "--project", str(project.root), "--instansi", "tidak-ada"]) == 2
    with pytest.raises(UsageError):
        choose_forms(["tidak_ada"])
    assert Both("a", en="b").text("en") == "b"


def test_the_questionnaire_to_print(
    project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = forms()["survei_pegawai"]
    data = render_questionnaire(form, "en")
    assert data == render_questionnaire(form, "en")
    reader = PdfReader(io.BytesIO(data))
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 1 and "/StructTreeRoot" in reader.trailer["/Root"]
    for code, asked in form.items.items():
        assert code in text and asked.text("en")[:20] in text
    assert "do not write a name" in text and "Clarity of tasks" in text
    command = ["forms", str(tmp_path), "--project", str(project.root), "--only", "survei_pegawai", "--json"]
    assert run(command) == 0
    (paper,) = json.loads(capsys.readouterr().out)["to_print"]
    assert Path(paper).name == "Kuesioner Survei Pegawai.pdf" and Path(paper).read_bytes().startswith(b"%PDF")
    (tmp_path / "Formulir Survei Pegawai.xlsx").unlink()
    assert run(command) == 2, "the questionnaire is not overwritten either"
