"""Sentences and names as a reader sees them: no codes, no signs in a sentence, whose signature, what a chart shows."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from pypdf import PdfReader

from kinerja_lib.config.sections import InstansiSection, PrivacySection
from kinerja_lib.display import new_axes
from kinerja_lib.display.comparison import dots_chart
from kinerja_lib.display.distribution import distribution_chart
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual import distribution, tasks
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.annual.opening import signature
from kinerja_lib.reporting.annual.unit_names import from_code
from kinerja_lib.reporting.collect import collect
from kinerja_lib.reporting.numbering import number_report
from kinerja_lib.reporting.pdf import render_pdf
from kinerja_lib.reporting.word import render_docx
from kinerja_lib.schema.predikat import PREDIKAT
from kinerja_lib.workflow import Project


@pytest.fixture
def agency(project: Project) -> Edition:
    code = str(open_edition("all", "2025", "id", project.root).tables["panel"]["instansi"].iloc[0])
    return open_edition(code, "2025", "id", project.root)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("dinas-sosial", "Dinas Sosial"),
        ("dinas-sosial.uptd-panti-sosial", "UPTD Panti Sosial"),
        ("dinas-pendidikan.bidang-pemuda-dan-olahraga", "Bidang Pemuda dan Olahraga"),
        ("dinas-pendidikan.sdn-012-rangkui", "SDN 012 Rangkui"),
        ("007", "007"),
        ("-", "-"),
    ],
)
def test_a_unit_that_no_register_knows_is_named_in_words(code: str, name: str) -> None:
    assert from_code(code) == name


def test_the_register_s_name_comes_first(agency: Edition) -> None:
    known = replace(agency, names={agency.instansi: "Nama Resmi"})
    assert known.body == "Nama Resmi" and replace(agency, names={}).body == from_code(agency.instansi)


@pytest.mark.parametrize(
    ("count", "id", "en"),
    [
        (0, "0", "0"),
        (1, "kurang dari 5", "fewer than 5"),
        (4, "kurang dari 5", "fewer than 5"),
        (5, "5", "5"),
        (1234, "1.234", "1,234"),
    ],
)
def test_a_count_in_a_sentence(agency: Edition, count: int, id: str, en: str) -> None:
    assert in_words(agency, count) == id and in_words(replace(agency, lang="en"), count) == en


def _signed(edition: Edition, shown: list[dict[str, Any]]) -> tuple[str, str]:
    shown.clear()
    signature(edition)
    (block,) = shown
    return block["post"], block["name"]


def test_the_government_s_signatory_signs_no_agency_s_report(
    project: Project, agency: Edition, shown: list[dict[str, Any]]
) -> None:
    letter = replace(agency.config.letterhead, signatory_post="Sekretaris Daerah", signatory_name="Nama")
    config = replace(agency.config, letterhead=letter)
    whole = replace(open_edition("all", "2025", "id", project.root), config=config)
    assert _signed(whole, shown) == ("Sekretaris Daerah", "Nama")
    assert _signed(replace(agency, config=config), shown) == (f"Kepala {agency.body},", "")
    own = {agency.instansi: InstansiSection(signatory_post="Kepala Dinas", signatory_name="Pejabat")}
    assert _signed(replace(agency, config=replace(config, instansi=own)), shown) == (
        "Kepala Dinas",
        "Pejabat",
    )
    panel = agency.tables["panel"]
    alone = {**agency.tables, "panel": panel[panel["instansi"].astype("str") == agency.instansi]}
    assert _signed(replace(agency, config=config, tables=alone), shown) == ("Sekretaris Daerah", "Nama")


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_predicate_is_broken_inside_a_word(lang: str) -> None:
    ax = new_axes(3.0)
    distribution_chart(ax, dict.fromkeys(PREDIKAT, 0.2), Labels(lang), n=10)
    texts = [tick.get_text() for tick in ax.get_xticklabels()]
    whole = [Labels(lang).category(name) for name in PREDIKAT]
    assert [text.replace("/\n", "/").replace("\n", " ") for text in texts] == whole


@pytest.mark.parametrize(("high", "most"), [(1.0, 1.06), (0.62, 0.9)])
def test_an_axis_of_shares_ends_at_a_hundred_percent(high: float, most: float) -> None:
    frame = pd.DataFrame(
        {"label": ["a", "b"], "value": [high - 0.1, high - 0.3], "low": [high - 0.2, high - 0.4], "high": [high, high - 0.2], "n": [9, 9]}
    )  # fmt: skip
    ax = new_axes(2.0)
    dots_chart(ax, frame, Labels("id"), percent=True)
    assert high < ax.get_xlim()[1] <= most


def test_the_footer_stays_on_one_line(notebook: Callable[..., Any]) -> None:
    made = notebook("id")
    name = "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Keluarga Berencana"
    made.code(
        made.doc.cover,
        "Laporan",
        agency=[name, "Pemerintah Kabupaten Contoh"],
        synthetic=True,
        classification="Terbatas",
    )
    made.text("# Hasil\n\nIsi.")
    page = PdfReader(io.BytesIO(render_pdf(number_report(collect(made.node, "id"))))).pages[-1]
    lines = page.extract_text().splitlines()
    assert not any(line.strip() == "Pemerintah Kabupaten Contoh" for line in lines)
    assert sum("Dinas Pemberdayaan" in line for line in lines) == 1 and any("…" in line for line in lines)


@pytest.mark.parametrize(
    ("lines", "shown"),
    [
        (["Dinas Sosial", "Pemerintah Rangkui"], "Dinas Sosial, Pemerintah Rangkui"),
        (
            ["Badan Perencanaan Pembangunan Daerah", "Pemerintah Rangkui"],
            "Badan Perencanaan Pembangunan Daerah",
        ),
        (
            ["Dinas Pemberdayaan Perempuan, Perlindungan Anak, dan KB"],
            "Dinas Pemberdayaan Perempuan, Perlindungan Ana…"[:45] + "…",
        ),
    ],
)
def test_word_s_footer_stays_on_one_line_too(
    notebook: Callable[..., Any], lines: list[str], shown: str
) -> None:
    made = notebook("id")
    made.code(made.doc.cover, "Laporan", agency=lines, synthetic=True)
    made.text("# Hasil\n\n- Isi.")
    with zipfile.ZipFile(io.BytesIO(render_docx(number_report(collect(made.node, "id"))))) as parts:
        feet = [parts.read(name).decode() for name in parts.namelist() if name.startswith("word/footer")]
        assert 'w:left="720" w:hanging="360"' not in parts.read("word/numbering.xml").decode()
    assert any(f">{shown}" in foot for foot in feet), feet


@pytest.mark.parametrize("lang", ["id", "en"])
def test_clarity_that_is_not_known_is_said_and_no_dash(
    project: Project, shown: list[dict[str, Any]], lang: str
) -> None:
    edition = open_edition("all", "2025", lang, project.root)
    tasks(edition)
    assert edition.labels.text("tasks.clarity_unknown") not in [block.get("markdown") for block in shown]
    shown.clear()
    panel = edition.tables["panel"].assign(kejelasan_indeks=float("nan"))
    unknown = replace(edition, tables={**edition.tables, "panel": panel})
    tasks(unknown)
    texts = [block["markdown"] for block in shown if block["kind"] == "text"]
    assert edition.labels.text("tasks.clarity_unknown") in texts
    assert not any("– pada skala" in text or "averaged –" in text for text in texts)


def test_a_table_of_dashes_is_left_out(
    project: Project, agency: Edition, shown: list[dict[str, Any]]
) -> None:
    few = replace(agency, config=replace(agency.config, privacy=PrivacySection(minimum_group=10_000)))
    tasks(few)
    table = next(block for block in shown if block.get("id") == "tbl-kejelasan")
    assert table["cells"] == []


@pytest.mark.parametrize("differs", [False, True])
def test_none_is_written_as_none(project: Project, shown: list[dict[str, Any]], differs: bool) -> None:
    edition = open_edition("all", "2025", "id", project.root)
    panel = edition.tables["panel"].assign(predikat_berbeda=differs)
    distribution(replace(edition, tables={**edition.tables, "panel": panel}))
    text = " ".join(block["markdown"] for block in shown if block["kind"] == "text")
    assert ("Seluruh penilaian triwulanan mencantumkan predikat yang sesuai" in text) != differs
    assert ("Sebanyak 100,0% penilaian triwulanan mencantumkan predikat yang berbeda" in text) == differs
