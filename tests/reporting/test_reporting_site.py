"""The index page and the page of years: what is shown of whom, and that nothing can be worked back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kinerja_lib.reporting.comparison import record_edition
from kinerja_lib.reporting.headline import withheld
from kinerja_lib.reporting.site import FORMATS, YEARS_PAGE, _page, write_index
from kinerja_lib.reporting.site_rows import SHOWN, IndexRow, _without_the_second, index_rows
from kinerja_lib.reporting.site_years import write_years, yearly_figures
from kinerja_lib.workflow import Project, find_project, load_panel


@pytest.fixture
def own(project: Project, tmp_path: Path) -> Project:
    """A copy of the project with the manifests of three reports, two of one agency."""
    target = tmp_path / "proyek"
    shutil.copytree(project.root, target, ignore=shutil.ignore_patterns("reports", "editions", "cache"))
    for template, lang, code in (
        ("laporan_tahunan", "id", "pemerintah"),
        ("laporan_tahunan", "en", "dinas-pendidikan"),
        ("perbandingan", "id", "dinas-pendidikan"),
    ):
        stem = f"{template}-2025-{code}-{lang}"
        folder = target / "reports" / "2025" / code
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "instansi": code,
            "template": template,
            "lang": lang,
            "files": {"pdf": {"name": f"{stem}.pdf"}},
        }
        (folder / f"{stem}.manifest.json").write_text(json.dumps(content), encoding="utf-8")
    return find_project(target, exact=True)


def test_all_agencies_with_their_state_and_templates(own: Project) -> None:
    rows = {row.code: row for row in index_rows(own, "2025", ["dinas-kesehatan"])}
    assert next(iter(rows)) == "pemerintah" and len(rows) == 4
    assert rows["dinas-kesehatan"].state == "failed" and rows["dinas-pendidikan"].state == "made"
    assert [row.state for row in rows.values()].count("absent") == 1
    assert set(rows["dinas-pendidikan"].files) == {"laporan_tahunan", "perbandingan"}
    assert rows["dinas-pendidikan"].figures == {}
    record_edition(own, "2025")
    figures = {row.code: row.figures for row in index_rows(own, "2025")}
    assert 0 <= (figures["pemerintah"]["jp_share"] or -1) <= 1 and figures["pemerintah"]["facilities"]


def test_the_page(own: Project) -> None:
    assert write_years(own, "2025") == own.folder("reports") / YEARS_PAGE
    record_edition(own, "2025")
    page = write_index(own, "2025", ["dinas-kesehatan"])
    assert page is not None
    text = page.read_text(encoding="utf-8")
    for part in (
        "Laporan tahunan",
        "Perbandingan edisi",
        "gagal",
        "belum dibuat",
        f"../{YEARS_PAGE}",
        "IP ASN",
    ):
        assert part in text, part
    assert write_index(own, "2024") is None


def test_the_trend_ends_with_the_period(own: Project) -> None:
    assert len(index_rows(own, "2025")[0].trend) == 8
    source = own.root / "reports" / "2025"
    shutil.copytree(source, source.with_name("2024"))
    assert len(index_rows(own, "2024")[0].trend) == 4


def test_years(own: Project) -> None:
    found = yearly_figures(own, "2025")
    assert set(found["good"]["all"]) == {2024, 2025} and next(iter(found["good"])) == "all"
    text = (write_years(own, "2025") or Path()).read_text(encoding="utf-8")
    assert "2024" in text and "<script" not in text and text.count("<table>") == len(found)


def test_one_withheld_agency_takes_a_second_with_it() -> None:
    def entry(value: float, n: int) -> dict[str, dict[str, float]]:
        return {"good": {"value": value, "n": n}}

    figures = {"all": entry(0.8, 170), "a": entry(0.9, 20), "b": entry(0.8, 100), "c": entry(0.7, 50)}
    assert withheld(figures, 5)["good"] == {
        "a",
        "c",
    }  # two of twenty miss it; c is the smallest of the others
    figures["c"] = entry(0.98, 50)
    # one of fifty: both of their own, and the three who miss it in the two together would follow, so b as well
    assert withheld(figures, 5)["good"] == {"a", "b", "c"}
    assert withheld({"all": entry(0.8, 120), "b": entry(0.8, 100), "c": entry(0.5, 20)}, 5)["good"] == set()


def test_the_index_withholds_a_second_share() -> None:
    rows = [
        IndexRow("pemerintah", "P", 100, 0.8, (), {}),
        IndexRow("a", "A", 30, None, (), {}),
        IndexRow("b", "B", 50, 0.8, (0.1, 0.2), {}),
        IndexRow("c", "C", 20, 0.7, (0.1, 0.2), {}),
    ]
    shown = {row.code: row.good for row in _without_the_second(rows)}
    assert shown == {"pemerintah": 0.8, "a": None, "b": 0.8, "c": None}
    assert _without_the_second(rows[2:]) == rows[2:]


def test_the_figures_of_the_index_are_those_of_each_group(own: Project) -> None:
    panel = load_panel(own, periode="2025")
    rows = {row.code: row for row in index_rows(own, "2025")}
    for code, row in rows.items():
        part = panel if code == "pemerintah" else panel[panel["instansi"].astype("str") == code]
        rated = part[part["predikat"].notna()]
        good = rated["predikat"].astype("str").isin(["Baik", "Sangat Baik"])
        assert row.staff == rated["id_pegawai"].nunique()
        if row.good is not None:
            assert row.good == pytest.approx(good.mean())
            last = rated["periode"].astype("str") == "2025-Q4"
            assert row.trend[-1] == pytest.approx(good[last].mean())
    assert sum(row.good is not None for row in rows.values()) > 1


def test_a_page_of_630_agencies_is_light_and_finds_them(own: Project) -> None:
    links = {
        "laporan_tahunan": {lang: {form: f"a/b-{lang}.{form}" for form in FORMATS} for lang in ("id", "en")}
    }
    rows = [
        IndexRow(f"i-{place}", f"Pemerintah Kabupaten Contoh {place}", 900, 0.8, (0.5,) * 12, links,
                 dict.fromkeys(SHOWN, 0.5), "failed" if place % 9 == 0 else "made")
        for place in range(630)
    ]  # fmt: skip
    text = _page(own, "2025", rows)
    assert len(text.encode()) < 1_500_000
    assert text.count('data-state="failed"') == 70 and "630 dari 630 baris ditampilkan" in text
    assert '<option value="absent">' not in text  # only states that are there
    assert 'tbody tr > :nth-child(2)::before { content: "Laporan: " }' in text
