"""Every template runs for the whole government and for a small agency, in both languages, and says what it must.

Each report is run once; one project has an agency of three people and names that try to break out.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from functools import cache
from html import unescape
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from kinerja_lib.language.labels import catalogue
from kinerja_lib.reporting.make import job_keys
from kinerja_lib.reporting.plan import make_plan
from kinerja_lib.reporting.runner import run_job
from kinerja_lib.reporting.status import panel_facts
from kinerja_lib.reporting.template import read_template
from kinerja_lib.workflow import Project, find_project

PERIODS = {
    "laporan_triwulan": "2025-Q4", "profil_unit": "2025", "efek_pelatihan": "2025", "fasilitas_dan_ti": "2025",
    "kepemimpinan": "2025", "penilai": "2025", "keadilan": "2025",
}  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "A|B|C", "Biaya $x^2$ & $y$", "# Judul", "@gbr-x [@gbr-x]", "😀 Unit 🏛️", "U" * 200,
    "*tebal* _miring_", "`kode` ~~~", "\\textbf{x} {=html}", "=1+1",
)  # fmt: skip
Made = Callable[..., dict[str, Path]]


def render(
    project: Project, template: str, instansi: str, lang: str, formats: tuple[str, ...]
) -> dict[str, Path]:
    """Files of one report by format."""
    facts = panel_facts(project)
    assert facts is not None
    (job,) = make_plan(
        read_template(template, project.folder("templates")), project=project.root, reports="reports",
        periode=PERIODS[template], instansi=[instansi], known=facts["instansi"], languages=[lang], formats=formats,
    )  # fmt: skip
    run_job(job, project.root, key=job_keys(project, [job])[job.stem])
    return job.outputs(project.root)


@pytest.fixture(scope="session")
def made(project: Project) -> Made:
    """``made(template, instansi, lang)`` runs a report of the small project once."""

    @cache
    def once(
        template: str, instansi: str, lang: str, formats: tuple[str, ...] = ("html", "pdf")
    ) -> dict[str, Path]:
        return render(project, template, instansi, lang, formats)

    return once


@pytest.fixture(scope="session")
def smallest(project: Project) -> str:
    """Code of the agency with the fewest people."""
    facts = panel_facts(project)
    assert facts is not None
    panel = pd.read_parquet(project.folder("processed") / "panel.parquet")
    return str(panel.groupby(panel["instansi"].astype("str"))["id_pegawai"].nunique().idxmin())


@pytest.fixture(scope="session")
def hostile(project: Project, smallest: str, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with an agency of three people who left no other data, and with hostile names of units."""
    root = tmp_path_factory.mktemp("jahat")
    shutil.copy(project.root / "kinerja.toml", root)
    for name in ("data/reference", "data/processed"):
        shutil.copytree(project.root / name, root / name)
    register = root / "data" / "reference" / "units.csv"
    units = pd.read_csv(register, dtype="str", encoding="utf-8")
    units["nama"] = [HOSTILE[place % len(HOSTILE)] for place in range(len(units))]
    units.to_csv(register, index=False, encoding="utf-8")
    processed = root / "data" / "processed"
    panel = pd.read_parquet(processed / "panel.parquet")
    now = panel[(panel["instansi"].astype("str") == smallest) & (panel["periode"].astype("str") == "2025-Q4")]
    kept = set(now["id_pegawai"].head(3))
    for path in sorted(processed.glob("*.parquet")):
        frame = pd.read_parquet(path)
        if "instansi" in frame:
            others = frame["instansi"].astype("str") != smallest
            own = frame["id_pegawai"].isin(kept) if "id_pegawai" in frame else others
            frame[others | own].to_parquet(path)
    return find_project(root, exact=True)


def visible_text(page: str) -> str:
    """What a reader sees of an HTML page, without styles and scripts."""
    body = re.sub(r"<(style|script|svg|pre|math)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def alternatives(page: str) -> list[str]:
    """Alternative texts of the pictures of an HTML page."""
    return [unescape(text) for text in re.findall(r'<svg role="img" aria-label="([^"]*)"', page)]


CASES = [
    (template, whom, "id" if (place + (whom == "kecil")) % 2 else "en")
    for place, template in enumerate(PERIODS)
    for whom in ("pemerintah", "kecil")
]
FOREIGN = {
    "id": "the and with for that this are is of not cannot from by which was were has have than",
    "en": "yang dan dengan untuk pada adalah tidak dari oleh atau ini itu sudah belum menurut dalam",
}
HEADINGS = {
    "laporan_triwulan": ("Perubahan dari Triwulan Lalu", "What Moved since Last Quarter"),
    "profil_unit": ("Cara Membaca", "How to Read This"),
    "efek_pelatihan": ("Kepekaan", "Sensitivity"),
    "fasilitas_dan_ti": ("Kepekaan", "Sensitivity"),
    "kepemimpinan": ("Kesepakatan Pegawai", "Agreement of Staff"),
    "penilai": ("Siapa yang Dapat Dibandingkan", "Who May Be Compared"),
    "keadilan": ("Pada Kinerja yang Sama", "At Equal Performance"),
}


@pytest.mark.parametrize(("template", "whom", "lang"), CASES)
def test_a_report_is_whole(made: Made, smallest: str, template: str, whom: str, lang: str) -> None:
    files = made(template, smallest if whom == "kecil" else "pemerintah", lang)
    page = files["html"].read_text(encoding="utf-8")
    text = visible_text(page)
    assert HEADINGS[template][lang == "en"] in text
    assert ("DATA SINTETIS" if lang == "id" else "SYNTHETIC DATA") in text.upper()
    assert not re.search(r"\{\w+\}|\bnan\b|\bNone\b(?! of| is| can)|\[@", text), "an unfilled place"
    assert len(PdfReader(files["pdf"]).pages) >= 4
    pictures = alternatives(page)
    assert all(len(alt) > 20 for alt in pictures)
    if whom == "pemerintah":
        assert pictures


@pytest.mark.parametrize(("template", "whom", "lang"), CASES)
def test_no_word_of_the_other_language(
    made: Made, smallest: str, template: str, whom: str, lang: str
) -> None:
    files = made(template, smallest if whom == "kecil" else "pemerintah", lang)
    page = files["html"].read_text(encoding="utf-8")
    drawn = " ".join(sheet.extract_text() for sheet in PdfReader(files["pdf"]).pages)
    drawn = re.sub(
        r"from kinerja_lib.*?print[^\n]*", " ", drawn, flags=re.DOTALL
    )  # the program of the appendix
    text = " ".join([visible_text(page), *alternatives(page)])
    register = (files["html"].parents[3] / "data" / "reference" / "units.csv").read_text(encoding="utf-8")
    for line in register.splitlines()[1:]:
        text = text.replace(line.split(",")[1], " ")
    named = set(register.lower().replace(",", " ").split())  # names are broken over lines in the PDF
    words = FOREIGN[lang].split()
    found = [word for word in words if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
    found += [word for word in words if word not in named and re.search(rf"\b{word}\b", drawn, re.IGNORECASE)]
    assert found == []


@pytest.mark.parametrize("lang", ["id", "en"])
def test_no_phrase_of_the_catalogue_is_in_the_other_language(lang: str) -> None:
    for key, text in catalogue(lang).items():
        text = re.sub(r"\[?@[a-z-]+\]?|\{\w+\}|`[^`]*`", " ", text)
        if not key.startswith("category."):
            found = [word for word in FOREIGN[lang].split() if re.search(rf"\b{word}\b", text, re.IGNORECASE)]
            assert not found, f"{key}: {found}"


@pytest.mark.parametrize("template", list(PERIODS))
def test_three_people_and_hostile_names(hostile: Project, smallest: str, template: str) -> None:
    files = render(hostile, template, smallest, "id", ("html", "pdf", "docx", "xlsx"))
    page = files["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert all(path.stat().st_size > 4000 for path in files.values())
    if template in ("laporan_triwulan", "profil_unit"):
        assert "kurang dari 5" in visible_text(page)
        assert not re.search(r"\b(33|66|67|100),\d%", visible_text(page)), "a share of three people"


@pytest.mark.parametrize("template", ["laporan_triwulan", "profil_unit", "efek_pelatihan"])
def test_hostile_names_of_others(hostile: Project, template: str) -> None:
    files = render(hostile, template, "pemerintah", "en", ("html", "pdf", "docx", "xlsx"))
    page = files["html"].read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_one_unit_only(project: Project, smallest: str) -> None:
    from kinerja_lib.reporting import unit_profile
    from kinerja_lib.reporting.unit_profile.facts import measures

    edition = unit_profile.open_profile(smallest, "", "2025", "id", project.root)
    code = measures(edition, "2025").people.index[0]
    assert unit_profile.open_profile(smallest, code, "2025", "id", project.root).instansi == smallest


def test_starter_names_the_templates() -> None:
    from kinerja_lib.config import starter

    text = starter("X", place="Y", synthetic=True)
    for template in (*PERIODS, "laporan_tahunan"):
        assert template in text


def test_templates_are_in_the_folder() -> None:
    folder = Path(__file__).resolve().parents[2] / "notebooks" / "templates"
    for template in PERIODS:
        notebook = json.loads((folder / f"{template}.ipynb").read_text(encoding="utf-8"))
        assert notebook["nbformat"] == 4
