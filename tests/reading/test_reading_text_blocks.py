"""Text read in blocks, through Arrow where it may be, gives what ``csv`` gives for the whole text."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kinerja_lib.errors import ReadError
from kinerja_lib.reading import coded, delimited, read_export
from kinerja_lib.reading.grid import Grid
from kinerja_lib.reading.sources import Source

CELL = st.text(alphabet="ab1é ;\"\n'", max_size=6)
ROWS = st.lists(st.lists(CELL, min_size=1, max_size=5), min_size=1, max_size=30)


def _grid(text: str, encoding: str = "utf-8") -> Grid:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        path.write_bytes(text.encode(encoding))
        return delimited.read_delimited(Source("a.csv", path))


def _expected(text: str) -> list[list[str]]:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimited.find_delimiter(text)))
    width = max(map(len, rows), default=0)
    return [row + [""] * (width - len(row)) for row in rows]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    block=st.sampled_from([16, 64, 8 * 2**20]),
    end=st.sampled_from(["\n", "\r\n"]),
    from_rows=st.sampled_from([1, coded.FROM_ROWS]),
)
def test_any_well_formed_text(
    rows: list[list[str]], block: int, end: str, from_rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", block)
    monkeypatch.setattr(coded, "FROM_ROWS", from_rows)  # columns as numbers of texts, or as texts
    monkeypatch.setattr(coded, "REPEATED", 1)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";", lineterminator=end).writerows([["kolom a", "kolom b", "kolom c"], *rows])
    assert list(_grid(out.getvalue())) == _expected(out.getvalue())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='a;"\n', max_size=60))
def test_any_text_at_all_is_read_whole_or_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 16)
    try:
        grid = _grid("k;l;m\n" + text)
    except ReadError:
        return
    letters = sum(character == "a" for character in text)
    assert sum(cell.count("a") for row in grid for cell in row) == letters
    assert len(grid) <= text.count("\n") + 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_in_small_blocks(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK", 32)
    text = "Nama;Unit Kerja\n" + "".join(f"Contoh {n} – é;Bidang {n}\n" for n in range(50))
    grid = _grid(text, encoding)
    assert list(grid) == _expected(text)
    assert grid[50] == ["Contoh 49 – é", "Bidang 49"]


def test_a_grid_of_parts_of_different_widths() -> None:
    grid = Grid.of_parts(
        [Grid.of_rows([["a"], ["b", "c"]]), Grid.of_rows([]), Grid.of_rows([["d", "", " "]])]
    )
    assert list(grid) == [["a", "", ""], ["b", "c", ""], ["d", "", " "]]
    assert grid.filled().tolist() == [1, 2, 1]
    assert grid[-1] == ["d", "", " "]
    assert grid[1:] == [["b", "c", ""], ["d", "", " "]]
    with pytest.raises(IndexError):
        grid[3]
    assert list(Grid.of_rows([[], []])) == [[], []]
    assert Grid.of_rows([["\u00a0\u2003", "\ta"]]).filled().tolist() == [1]


def test_a_large_file_is_the_same_in_numbers_of_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blanks of every kind are missing, a text that first occurs late is there, rows of fewer cells too."""
    header = "NIP;Nama;Unit Kerja;Tahun;Periode;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja"
    units = ["Sekretariat", "", "   ", "\u00a0", "Bidang Umum", "é"]
    lines = [
        f"1986{n % 900:014d};Contoh {n};{units[n * n % 6]};2024;Triwulan I;Sesuai;Sesuai;{'Baik' if n < 900 else n}"
        for n in range(1_000)
    ]
    lines[700:700] = ["Jumlah;1000"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    monkeypatch.setattr(delimited, "_BLOCK", 4_096)
    texts = read_export(path)[0]
    monkeypatch.setattr(coded, "FROM_ROWS", 10)
    numbers = read_export(path)[0]
    assert {"tahun", "unit_nama"} <= set(numbers.frame.select_dtypes("category").columns)
    assert numbers.frame["nip"].dtype == "str"
    assert (numbers.structure, numbers.context) == (texts.structure, texts.context)
    pd.testing.assert_frame_equal(numbers.frame.astype("str"), texts.frame)
