"""The text of a value, the number behind it, and the plain blocks."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ReportError
from kinerja_lib.reporting.blocks import KeyFigure, clean, grid, identifier, image_uri, key_figure, tidy_svg
from kinerja_lib.reporting.color import contrast, luminance, mix, readable
from kinerja_lib.reporting.values import column_formats, parse_format, plain, show
from kinerja_lib.reporting.widths import column_shares
from kinerja_lib.reporting.words import words


@pytest.mark.parametrize(
    ("value", "form", "lang", "text"),
    [
        (1234.5, "number:2", "id", "1.234,50"),
        (1234.5, "number:2", "en", "1,234.50"),
        (2.675, "number:2", "id", "2,68"),
        (1234, "integer", "id", "1.234"),
        (0.1235, "percent:1", "id", "12,4%"),
        (-0.4, "signed:1", "id", "\u22120,4"),
        (0.4, "signed:1", "id", "+0,4"),
        (0.031, "signed_percent:1", "id", "+3,1%"),
        (-0.00001, "number:1", "id", "0,0"),
        (None, "number", "id", "–"),
        (float("nan"), "percent", "id", "–"),
        (pd.NA, "integer", "id", "–"),
        (pd.NaT, "date", "id", "–"),
        ("<5", "integer", "id", "<5"),
        ("2025-12-31", "date", "id", "31 Desember 2025"),
        (dt.date(2025, 5, 1), "date", "en", "1 May 2025"),
        (dt.datetime(2025, 5, 1, 8), "date", "id", "1 Mei 2025"),
        ("menyusul", "date", "id", "menyusul"),
        (True, "text", "id", "True"),
        (0.125, "text", "id", "0,125"),
        (1e20, "text", "en", "100,000,000,000,000,000,000"),
        (2025, "text", "id", "2025"),
    ],
)
def test_one_formatter(value: object, form: str, lang: str, text: str) -> None:
    assert show(value, parse_format(form), lang) == text


@pytest.mark.parametrize("form", ["uang", "number:x", "number:12", "percent:-1"])
def test_unknown_format_names_the_known(form: str) -> None:
    with pytest.raises(ReportError, match="signed_percent"):
        parse_format(form)


def test_formats_follow_the_dtype() -> None:
    frame = pd.DataFrame({"a": [1], "b": [1.5], "c": ["x"], "d": pd.to_datetime(["2025-01-01"])})
    frame["e"] = pd.array([1], dtype="Int64")
    frame["f"] = pd.array([1.0], dtype="Float64")
    kinds = [str(form) for form in column_formats(frame, {"b": "percent:0"})]
    assert kinds == ["integer", "percent:0", "text", "date", "integer", "number:2"]
    with pytest.raises(ReportError, match="tidak ada: z"):
        column_formats(frame, {"z": "text"})


def test_plain_values_are_json() -> None:
    assert plain(np.int64(3)) == 3 and isinstance(plain(np.float64(0.5)), float)
    assert plain(float("inf")) is None and plain(np.bool_(True)) is True
    assert plain(pd.Timestamp("2025-03-01 10:00")) == "2025-03-01"
    assert plain(("a", 1)) == "('a', 1)"


def test_grid_keeps_the_frame_and_both_faces() -> None:
    frame = pd.DataFrame({("a", "b"): ["x"], "n": [0.5]}, index=[7])
    before = frame.copy()
    block = grid(frame, "id", formats={"n": "percent:0"}, headers={"n": "Bagian"}, left=["n"])
    assert block["columns"] == ["a – b", "Bagian"] and block["aligns"] == ["left", "left"]
    assert block["cells"] == [["x", "50%"]] and block["values"] == [["x", 0.5]]
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("change", "form", "shown", "trend"),
    [
        (0.031, "signed_percent:1", "+3,1% dari 2024", "up"),
        (-1.2, "signed:1", "\u22121,2 dari 2024", "down"),
        (0.01, "signed:1", "0,0 dari 2024", "flat"),
        ("naik", "signed:1", "naik dari 2024", ""),
        (None, "signed:1", "dari 2024", ""),
    ],
)
def test_change_has_the_arrow_of_what_is_shown(change: object, form: str, shown: str, trend: str) -> None:
    item = KeyFigure("A", 3, "integer", unit="JP", change=change, change_format=form, change_note="dari 2024")
    block = key_figure(item, "id")
    assert (block["change_shown"], block["trend"], block["shown"]) == (shown, trend, "3 JP")


def test_identifiers() -> None:
    assert identifier("figure", "tren") == identifier("figure", "gbr-tren") == "gbr-tren"
    for bad in ("Tren", "a b", "x>y", "é"):
        with pytest.raises(ReportError, match="tidak sah"):
            identifier("table", bad)


def test_clean_drops_what_xml_refuses() -> None:
    assert clean("a\x0bb\ud800 \n c\uffff") == "ab c"
    assert clean(None) == ""


def test_svg_is_free_of_chance() -> None:
    def drawing(name: str) -> str:
        return (
            f'<?xml version="1.0"?><svg><metadata>x</metadata><!-- now --><clipPath id="{name}"/>'
            f'<path d="M 1.23456 2\n3.99999" clip-path="url(#{name})"/></svg>'
        )

    first, second = tidy_svg(drawing("p0123456789")), tidy_svg(drawing("pabcdef0123"))
    assert first == second
    assert 'd="M 1.23 2 3.99"' in first and "metadata" not in first and "now" not in first


def test_logo(tmp_path) -> None:
    file = tmp_path / "logo.png"
    file.write_bytes(b"x")
    assert image_uri(file) == "data:image/png;base64,eA=="
    for bad in (tmp_path / "logo.gif", tmp_path / "absent.png"):
        with pytest.raises(ReportError, match=bad.name):
            image_uri(bad)


@pytest.mark.parametrize("color", ["#FFFF00", "#1F4E79", "#FFFFFF", "#000000", "#E30613"])
def test_any_colour_becomes_readable(color: str) -> None:
    assert contrast(readable(color, "#FFFFFF"), "#FFFFFF") >= 5
    assert contrast(readable(color, "#181D23", 6), "#181D23") >= 6


def test_colour_arithmetic() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert luminance("#FFFFFF") == pytest.approx(1)
    assert mix("#000000", "#FFFFFF", 0.5) == "#808080"


def test_columns_of_text_give_way() -> None:
    block = {
        "columns": ["Unit", "Jumlah"],
        "aligns": ["left", "right"],
        "cells": [["satu dua tiga empat lima enam tujuh delapan", "1.234.567"]],
    }
    wide, tight = column_shares(block, 96), column_shares(block, 30)
    assert tight[1] == wide[1] and tight[0] < wide[0]


def test_the_column_with_the_most_text_gets_the_room() -> None:
    advice, owner = "memenuhi hak pelatihan pegawai " * 6, "kepala unit kepegawaian bersama pimpinan unit"
    block = {
        "columns": ["No.", "Rekomendasi", "Penanggung jawab", "Indikator"],
        "aligns": ["right", "left", "left", "left"],
        "cells": [
            ["1", advice, owner, "bagian pegawai yang terpenuhi"],
            ["2", advice, "kepala unit", "bagian"],
        ],
    }
    shares = column_shares(block, 96)
    lines = [len(cell) / share for cell, share in zip(block["cells"][0], shares, strict=True)]
    assert sum(shares) <= 96
    assert lines[1] == max(lines) and max(lines) < 4


def test_words_in_both_languages() -> None:
    assert set(words("id")) == set(words("en"))
    assert words("en")["figure"] == "Figure" and words("id")["contents"] == "Daftar Isi"
    with pytest.raises(ReportError, match="fr"):
        words("fr")
