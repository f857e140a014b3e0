"""Hostile files, made at run time: each ends in one clear error, in bounded time and memory, and the next file goes on.

Every file is read in a process of its own, whose peak memory is measured where the platform tells it.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

SECONDS, MEGABYTES = 10.0, 500
GOOD = (
    "NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja\n"
    "198609262015051001;Contoh Satu;Sekretariat;2025;Triwulan I;Sesuai;Sesuai;Baik\n"
)
HEADER = GOOD.splitlines()[0].split(";")
READ = """
import json, sys, time
from pathlib import Path
from kinerja_lib.reading import read_folder
began = time.process_time()
tables, faults = read_folder(Path(sys.argv[1]))
took = time.process_time() - began
status = Path("/proc/self/status")  # the peak since the start of this program, not of its parent
peak = 0.0
if status.exists():
    lines = status.read_text(encoding="ascii").splitlines()
    peak = next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
print(json.dumps({"tables": [t.file for t in tables], "faults": {f.file: f.error.text("id") for f in faults},
                  "seconds": took, "megabytes": peak}))
"""


def _read(folder: Path) -> dict[str, dict[str, str]]:
    """The folder's faults, read in a process of its own; the good file beside the hostile ones must be read."""
    (folder / "zz_baik.csv").write_text(GOOD, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(folder)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, dict[str, str]] = json.loads(done.stdout)
    assert found["tables"][-1] == "zz_baik.csv"
    assert found["seconds"] < SECONDS  # processor seconds: the machine may be busy with other work
    assert found["megabytes"] < MEGABYTES
    for text in found["faults"].values():
        assert "->" in text  # says what to do
        assert "Traceback" not in text
    return found


def _workbook(path: Path, sheet: str, strings: str = "") -> None:
    """An .xlsx of one sheet, with this XML."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("Rekap").write_row(0, 0, HEADER)
    parts = {}
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    if sheet:
        parts["xl/worksheets/sheet1.xml"] = (
            f'<?xml version="1.0"?><worksheet {space}><sheetData>{sheet}</sheetData></worksheet>'.encode()
        )
    if strings:
        parts["xl/sharedStrings.xml"] = strings.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _random_bytes(folder: Path) -> None:
    rng = random.Random(7)
    heads = [b"", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<?xml ", b"<html>", b'{"', b"\xff\xfe",
             b"SQLite format 3\0", b"\0" * 8 + b"DUCK"]  # fmt: skip
    for number, head in enumerate(heads):
        (folder / f"acak{number}.xls").write_bytes(head + rng.randbytes(200_000))


def _truncated(folder: Path) -> None:
    whole = folder / "utuh.xlsx"
    with xlsxwriter.Workbook(str(whole)) as book:
        sheet = book.add_worksheet("Rekap")
        for row in range(2000):
            sheet.write_row(row, 0, HEADER)
    data = whole.read_bytes()
    whole.unlink()
    for share in (5, 50, 95, 99):
        (folder / f"terpotong{share}.xlsx").write_bytes(data[: len(data) * share // 100])


def _bombs(folder: Path) -> None:
    with zipfile.ZipFile(folder / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(100):
                part.write(b"0" * 2**20)
    with zipfile.ZipFile(folder / "bom.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"{number}.csv", b"0;" * (2**21))


def _wide(folder: Path) -> None:
    (folder / "lebar.csv").write_text(
        ";".join(f"Kolom {n}" for n in range(10_000)) + "\n" + ";".join("1" * 10_000) + "\n", encoding="utf-8"
    )
    with xlsxwriter.Workbook(str(folder / "lebar.xlsx")) as book:
        sheet = book.add_worksheet()
        for row in range(40):
            sheet.write_row(row, 0, [f"Kolom {n}" for n in range(10_000)])
    cells = "".join(f"<td>Kolom {n}</td>" for n in range(10_000))
    (folder / "lebar.xls").write_text(f"<html><table><tr>{cells}</tr></table></html>", encoding="utf-8")
    (folder / "rentang.xls").write_text(
        f"<html><table>{'<tr><td rowspan=2000 colspan=2000>x</td></tr>' * 50}</table></html>",
        encoding="utf-8",
    )


def _far(folder: Path) -> None:
    for number, place in enumerate(("XFD1048576", "A1048576", "ZZ90000")):
        row = int("".join(filter(str.isdigit, place)))
        far = f'<row r="{row}"><c r="{place}"><v>1</v></c></row>'
        _workbook(folder / f"jauh{number}.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>' + far)
    _workbook(folder / "jauh_bohong.xlsx", '<row r="1"><c r="XFD1048576"><v>1</v></c></row>')
    (folder / "jauh.xls").write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="S"><Table>'
        '<Row ss:Index="9000000"><Cell ss:Index="9000000"><Data>1</Data></Cell></Row></Table></Worksheet></Workbook>',
        encoding="utf-8",
    )


def _one_cell(folder: Path, size: int = 60 * 2**20) -> None:
    rng = random.Random(1)
    piece = rng.randbytes(2**19).hex()
    with (folder / "sel.csv").open("w", encoding="utf-8") as file:
        file.write(GOOD + '1;"')
        for _ in range(size // len(piece)):
            file.write(piece)
    with (folder / "sel_tanpa_kutip.csv").open("w", encoding="utf-8") as file:
        file.write(GOOD + "1;")
        for _ in range(size // len(piece)):
            file.write(piece)
    start = (
        '<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    )
    _workbook(folder / "sel.xlsx", "", start + piece * (size // len(piece)) + "</t></si></sst>")
    inner = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{piece * 4}</t></is></c></row>'
    _workbook(folder / "sel_dalam.xlsx", inner)
    with (folder / "sel.xls").open("w", encoding="utf-8") as file:
        file.write("<html><table><tr><td>" + piece * 2 + "</td></tr></table></html>")


def _entities(folder: Path) -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    book = '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>'
    for name, declared, used in (
        ("tertawa", f'<!ENTITY l0 "ha">{lol}', "&l9;"),
        ("melingkar", '<!ENTITY a "&b;"><!ENTITY b "&a;">', "&a;"),
        ("luar", '<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    ):
        (folder / f"{name}.xls").write_text(
            f'<?xml version="1.0"?><!DOCTYPE x [{declared}]>{book.format(used)}', encoding="utf-8"
        )
    _workbook(
        folder / "tertawa.xlsx",
        "",
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{lol}]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&l9;</t></si></sst>',
    )
    (folder / "dalam.json").write_text("[" * 200_000, encoding="utf-8")


@pytest.mark.parametrize(
    ("make", "faults"),
    [
        (_random_bytes, 10),
        (_truncated, 4),
        (_bombs, 2),
        (_wide, 4),
        (_far, 5),
        (_one_cell, 5),
        (_entities, 5),
    ],
    ids=lambda value: value.__name__.strip("_") if callable(value) else "",
)
def test_a_hostile_file_is_one_clear_error(tmp_path: Path, make: Callable[[Path], None], faults: int) -> None:
    make(tmp_path)
    found = _read(tmp_path)
    assert len(found["faults"]) == faults, found["faults"]


@pytest.mark.slow
def test_a_gigabyte_in_one_cell(tmp_path: Path) -> None:
    _one_cell(tmp_path, 2**30)
    assert len(_read(tmp_path)["faults"]) == 5


@pytest.mark.slow
def test_a_hundred_random_cuts_of_every_format(tmp_path: Path) -> None:
    rng = random.Random(3)
    exports = Path(__file__).resolve().parents[1] / "exports"
    began = time.monotonic()
    for source in sorted(path for path in exports.rglob("*") if path.is_file())[::3]:
        if not (data := bytearray(source.read_bytes())):
            continue
        for number in range(20):
            for _ in range(rng.randrange(1, 30)):
                data[rng.randrange(len(data))] = rng.randrange(256)
            (tmp_path / f"{number}{source.name}").write_bytes(data[: rng.randrange(1, len(data))])
    _read(tmp_path)
    assert time.monotonic() - began < 600
