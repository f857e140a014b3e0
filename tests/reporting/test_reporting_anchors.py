"""A copy of a template from before the marks were set still gives a report, and says what it lacks."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from kinerja_lib.errors import ReportError
from kinerja_lib.reporting.anchors import titles
from kinerja_lib.reporting.annual.judged import PLACES
from kinerja_lib.reporting.collect import collect
from kinerja_lib.reporting.export import export
from kinerja_lib.reporting.make import make_reports
from kinerja_lib.reporting.numbering import number_report
from kinerja_lib.reporting.packaged import packaged_notebooks
from kinerja_lib.reporting.plan import make_plan
from kinerja_lib.reporting.template import read_template
from kinerja_lib.workflow import Project, find_project

FACILITIES = {
    "id": "Fasilitas dan Akses Teknologi Informasi",
    "en": "Facilities and Access to Information Technology",
}


@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_place_of_a_finding_is_a_chapter_of_the_package_s_template(lang: str) -> None:
    assert set(PLACES.values()) <= set(titles(lang))
    assert titles(lang)["bab-fasilitas"] == FACILITIES[lang]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_chapter_without_its_mark_is_found_by_its_title(notebook: Callable[..., Any], lang: str) -> None:
    made = notebook(lang)
    made.text(f"# Hasil\n\n## {FACILITIES[lang]}")
    made.code(made.doc.text, "Lihat [@bab-fasilitas].")
    numbered = number_report(collect(made.node, lang))
    assert numbered.adrift == ()
    (name,) = re.findall(r"'t': 'Ref', 'c': '([^']*)'", str(numbered.tree))
    assert numbered.labels[name].endswith("1.1") and name in {heading.id for heading in numbered.headings}


def test_one_that_is_not_there_is_named_in_words(notebook: Callable[..., Any], tmp_path: Path) -> None:
    made = notebook("id")
    made.text("# Sarana Kami")
    made.code(made.doc.text, "Lihat [@bab-fasilitas] dan [@bab-entah].")
    told: list[Any] = []
    files = export(made.node, tmp_path / "laporan", ("html", "pdf", "docx"), adrift=told.append)
    assert told == [("bab-entah", "bab-fasilitas")]
    text = re.sub(r"<[^>]+>", "", files["html"].read_text(encoding="utf-8"))
    assert f"Lihat bagian “{FACILITIES['id']}” dan bagian lain laporan ini." in re.sub(r"\s+", " ", text)


def test_what_an_author_mistyped_is_refused_as_before(notebook: Callable[..., Any]) -> None:
    made = notebook("id")
    made.text("# Hasil\n\nLihat [@bab-fasilitasi].")
    made.code(made.doc.text, "Lihat [@bab-fasilitasi].")
    with pytest.raises(ReportError, match="bab-fasilitasi"):
        number_report(collect(made.node, "id"))
    other = notebook("id")
    other.text("# Hasil")
    other.code(other.doc.text, "Lihat [@gbr-tren].")
    with pytest.raises(ReportError, match="gbr-tren"):
        number_report(collect(other.node, "id"))


def test_a_project_with_an_older_copy_gets_its_report_and_is_told(project: Project, tmp_path: Path) -> None:
    root = tmp_path / "lama"
    shutil.copytree(project.root, root, ignore=shutil.ignore_patterns("reports", "editions", "raw"))
    old = find_project(root, exact=True)
    (source,) = (path for path in packaged_notebooks("templates") if path.stem == "laporan_tahunan")
    nb = nbformat.read(source, as_version=4)
    for cell in nb.cells:
        cell.source = re.sub(r" \{#bab-[\w-]+\}", "", cell.source).replace("## Peran Pimpinan", "## Pimpinan")
    old.folder("templates").mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, old.folder("templates") / "laporan_tahunan.ipynb")
    jobs = make_plan(
        read_template("laporan_tahunan", old.folder("templates")), project=root, reports="reports", periode="2025",
        instansi=["pemerintah"], known=[], languages=["id"], formats=("html",),
    )  # fmt: skip
    made = make_reports(old, jobs, workers=1)
    assert [status.status for status in made.statuses] == ["done"]
    (text,) = made.warnings("id")
    assert (
        "bab-pimpinan" in text
        and "notebooks/templates/laporan_tahunan.ipynb" in text
        and "bab-fasilitas" not in text
    )
    manifest = json.loads(
        (root / jobs[0].folder / f"{jobs[0].stem}.manifest.json").read_text(encoding="utf-8")
    )
    assert [one["id"] for one in manifest["warnings"]] == [text]
    assert "Peringatan" in (root / "reports" / "2025" / "proses.html").read_text(encoding="utf-8")
    page = jobs[0].outputs(root)["html"].read_text(encoding="utf-8")
    assert "bagian “Peran Pimpinan”" in page and re.search(r'<a[^>]*href="#[^"]*"[^>]*>Bab\s3\.\d', page)
