"""The exports: the same bytes each time, nothing unaccounted for, damage as large as asked."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.samples import synthetic_tables, write_sample
from kinerja_lib.schema.nip import fault_of

ROOT = Path(__file__).resolve().parents[2]
SMALL = {"agencies": 12, "employees": 500, "periods": "2024-Q3:2025-Q4", "seed": 5}


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def written(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, dict[str, Any], list[tuple[int, int, str]]]:
    folder = tmp_path_factory.mktemp("sample")
    calls: list[tuple[int, int, str]] = []
    summary = write_sample(folder, **SMALL, damage=0.1, progress=lambda *call: calls.append(call))
    return folder, summary, calls


def truth_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "truth.json").read_text(encoding="utf-8"))


def cell_reader(folder: Path) -> Callable[[str, str, int], list[Any]]:
    books: dict[str, Any] = {}

    def read(file: str, sheet: str, row: int) -> list[Any]:
        path = folder / file
        if path.suffix == ".xlsx":
            if file not in books:
                book = openpyxl.load_workbook(path)
                books[file] = {page.title: list(page.iter_rows(values_only=True)) for page in book}
            return list(books[file][sheet][row - 1])
        if path.suffix == ".csv":
            if file not in books:
                encoding = "cp1252" if file.startswith("04_") or "SKM" in file else "utf-8-sig"
                text = path.read_bytes().decode(encoding)
                books[file] = list(csv.reader(text.splitlines(), delimiter=";" if ";" in text[:60] else ","))
            return list(books[file][row - 1])
        lines = books.setdefault(file, path.read_text(encoding="utf-8").splitlines())
        return [lines[row - 1]]

    return read


def test_same_seed_same_bytes(written: Any, tmp_path: Path) -> None:
    write_sample(tmp_path, **SMALL, damage=0.1)
    assert digests(tmp_path) == digests(written[0])


def test_progress_reaches_the_end(written: Any) -> None:
    calls = written[2]
    assert [done for done, _, _ in calls] == list(range(1, len(calls) + 1))
    assert all(total == len(calls) for _, total, _ in calls)


def test_file_names_are_safe(written: Any) -> None:
    for name in digests(written[0]):
        assert name.isascii() and ":" not in name


def test_every_row_of_the_tables_is_in_the_files(written: Any) -> None:
    folder, summary, _ = written
    truth = truth_of(folder)
    rows: dict[str, int] = {}
    for sheet in truth["sheets"]:
        rows[sheet["table"]] = rows.get(sheet["table"], 0) + sheet["rows"]
    repeated: dict[str, int] = {}
    for entry in truth["repeated"]:
        repeated[entry[3]] = repeated.get(entry[3], 0) + 1
    for table, count in truth["rows"].items():
        expected = count // 24 if table == "survei" else count
        assert rows[table] - repeated.get(table, 0) == expected, table
    assert summary["rows"] == sum(rows.values())


def test_damaged_numbers_stand_where_the_truth_says(written: Any) -> None:
    folder = written[0]
    read, checked, kinds = cell_reader(folder), 0, set()
    for sheet in truth_of(folder)["sheets"]:
        for row, name, kind, true, recoverable in sheet["damaged"]:
            kinds.add(kind)
            if name != "nip" or not sheet["file"].endswith(("xlsx", "csv")) or "05_" in sheet["file"]:
                continue
            cells = [str(cell) for cell in read(sheet["file"], sheet["sheet"], row)]
            assert true not in cells
            digits = {"".join(c for c in cell.split("\n")[-1] if c.isdigit()) for cell in cells}
            if recoverable and kind != "nip_lost_digit":
                assert true in digits
            assert fault_of(true) == ""
            checked += 1
    assert checked > 200
    assert {"spelling", "date_form", "number_form", "nip_precision", "nip_nik", "place_and_date"} <= kinds


def test_repeated_rows_are_equal_or_newer(written: Any) -> None:
    folder = written[0]
    read, kinds = cell_reader(folder), set()
    for file, sheet, row, _, kind, kept_file, kept_sheet, kept_row in truth_of(folder)["repeated"]:
        kinds.add(kind)
        if file.endswith("xls"):
            continue
        first, kept = read(file, sheet, row), read(kept_file, kept_sheet, kept_row)
        if kind == "same":
            assert first == kept
        else:
            assert "Draf" in first and "Draf" not in kept
    assert kinds == {"same", "version"}


def test_damage_is_as_large_as_asked(tmp_path: Path) -> None:
    small = {"agencies": 3, "employees": 150, "periods": "2025-Q1:2025-Q2", "seed": 2}
    clean, half = (
        write_sample(tmp_path / name, **small, damage=share) for name, share in (("a", 0.0), ("b", 0.3))
    )
    assert clean["damaged"] == clean["repeated"] == 0
    assert half["damaged"] > 5 * half["rows"] * 0.3
    with pytest.raises(UsageError):
        write_sample(tmp_path, damage=1.5)


def test_committed_sample_is_this_code_s() -> None:
    folder = ROOT / "data" / "sample"
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    assert size < 6_500_000
    truth = truth_of(folder)
    sample = synthetic_tables(seed=truth["seed"])
    assert truth["rows"] == {name: len(frame) for name, frame in sample.tables.items()}
    assert truth["estimators"] == json.loads(json.dumps(sample.truth["estimators"]))
    register = sample.register.to_csv(index=False, lineterminator="\n")
    assert (folder / "units.csv").read_text(encoding="utf-8") == register
    assert (ROOT / "data" / "reference" / "units.csv").read_text(encoding="utf-8") == register


def contents(path: Path) -> object:
    """Bytes, or the parts of a workbook: how zlib packs them may differ between its versions."""
    if path.suffix != ".xlsx":
        return path.read_bytes()
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def test_committed_sample_comes_again(tmp_path: Path) -> None:
    committed = ROOT / "data" / "sample"
    write_sample(tmp_path)
    names = list(digests(committed))
    assert list(digests(tmp_path)) == names
    different = [name for name in names if contents(committed / name) != contents(tmp_path / name)]
    assert different == []
