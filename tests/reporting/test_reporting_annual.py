"""The annual report of a small synthetic project: every chapter, both languages, the whole and one agency."""

from __future__ import annotations

import json
import math
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from kinerja_lib.errors import KinerjaError, ReportError
from kinerja_lib.reporting.annual.edition import open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import predicate_shares
from kinerja_lib.reporting.make import job_keys
from kinerja_lib.reporting.manifest import is_current
from kinerja_lib.reporting.plan import GOVERNMENT, Job, make_plan
from kinerja_lib.reporting.runner import run_job
from kinerja_lib.reporting.status import panel_facts
from kinerja_lib.reporting.template import read_template
from kinerja_lib.workflow import Project, load_ledger, load_table

CHAPTERS = {
    "id": ("Kata Pengantar", "Ikhtisar Eksekutif", "Pendahuluan", "Dasar Hukum", "Data dan Metode", "Kejelasan Tugas",
           "Distribusi Predikat", "Pelatihan", "Fasilitas", "Peran Pimpinan", "Kesadaran Pegawai", "Penghargaan",
           "Laporan Tugas", "Layanan Publik", "Indeks Profesionalitas", "Kesimpulan dan Rekomendasi", "Lampiran"),
    "en": ("Preface", "Executive Summary", "Introduction", "Data and Method", "Results", "Conclusions", "Appendix"),
}  # fmt: skip


def _jobs(project: Project, instansi: str, lang: str, formats: tuple[str, ...]) -> tuple[Job, ...]:
    facts = panel_facts(project)
    assert facts is not None
    template = read_template("laporan_tahunan", project.folder("templates"))
    return make_plan(
        template, project=project.root, reports="reports", periode="2025", instansi=[instansi],
        known=facts["instansi"], languages=[lang], formats=formats,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("which", [GOVERNMENT, "agency"])
def test_the_report_runs_and_holds_every_chapter(project: Project, lang: str, which: str) -> None:
    facts = panel_facts(project)
    assert facts is not None
    code = GOVERNMENT if which == GOVERNMENT else facts["instansi"][0]
    (job,) = _jobs(project, code, lang, ("html", "pdf", "docx", "xlsx"))
    key = job_keys(project, [job])[job.stem]
    result = run_job(job, project.root, key=key)
    assert len(result.files) == 4
    outputs = job.outputs(project.root)
    text = re.sub(r"<[^>]+>", " ", outputs["html"].read_text(encoding="utf-8"))
    for chapter in CHAPTERS[lang]:
        assert chapter.lower() in text.lower(), chapter
    assert ("DATA SINTETIS" if lang == "id" else "SYNTHETIC DATA") in text.upper()
    assert len(PdfReader(outputs["pdf"]).pages) > 10
    book = load_workbook(outputs["xlsx"], read_only=True)
    assert len(book.sheetnames) > 8
    heads = {cell for sheet in book for row in sheet.iter_rows(max_row=8, values_only=True) for cell in row}
    assert not heads & {"label", "read", "kept", "value", "low", "high", "before", "after", "share", "code"}
    manifest = json.loads(
        (project.root / job.folder / f"{job.stem}.manifest.json").read_text(encoding="utf-8")
    )
    assert manifest["key"] == key
    assert is_current(job, project.root, key)
    outputs["pdf"].write_bytes(b"changed")
    assert not is_current(job, project.root, key)


def test_no_identity_in_a_report(project: Project) -> None:
    (job,) = _jobs(project, GOVERNMENT, "id", ("html",))
    run_job(job, project.root)
    text = job.outputs(project.root)["html"].read_text(encoding="utf-8")
    assert not re.search(r"(?<!\d)(19|20)\d{16}(?!\d)", re.sub(r"data:[^\"')]+", "", text))
    assert "Pegawai Contoh 0" not in text
    people = load_table(project, "pegawai")["id_pegawai"]
    assert not any(code in text for code in people.head(200))


def test_no_identity_leaves_the_cleaning(project: Project) -> None:
    for name in ("pegawai", "penilaian", "pelatihan", "hukuman", "penghargaan", "kepemimpinan"):
        frame = load_table(project, name)
        for column in frame.select_dtypes(include="str").columns:
            values = frame[column].dropna().astype("str")
            assert not values.str.contains(r"(?:19|20)\d{16}").any(), (name, column)
            if column != "sumber":
                assert not values.str.contains("Pegawai Contoh").any(), (name, column)
    ledger = load_ledger(project)
    assert not ledger["value"].astype("str").str.contains(r"(?:19|20)\d{16}").any()


def test_the_same_inputs_give_the_same_bytes(project: Project) -> None:
    facts = panel_facts(project)
    assert facts is not None
    (job,) = _jobs(project, facts["instansi"][1], "id", ("html", "pdf", "docx", "xlsx"))
    run_job(job, project.root)
    first = {kind: path.read_bytes() for kind, path in job.outputs(project.root).items()}
    run_job(job, project.root)
    for kind, path in job.outputs(project.root).items():
        assert path.read_bytes() == first[kind], kind


def test_a_failing_cell_is_named_and_leaves_no_file(project: Project, tmp_path: Path) -> None:
    (job,) = _jobs(project, GOVERNMENT, "id", ("html",))
    broken = Job.from_dict(
        {**job.to_dict(), "parameters": {**job.parameters, "periode": "1999"}, "stem": "gagal"}
    )
    with pytest.raises(ReportError) as caught:
        run_job(broken, project.root)
    assert "kinerja report" in caught.value.text("id")
    assert not broken.outputs(project.root)["html"].exists()


def test_a_wrong_agency_is_refused_before_anything_runs(project: Project) -> None:
    with pytest.raises(KinerjaError, match="tidak ada"):
        _jobs(project, "dinas-khayal", "id", ("html",))


def test_an_agency_of_three_shows_no_share_of_its_people(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "kecil"
    shutil.copytree(
        project.root, target, ignore=shutil.ignore_patterns("reports", "editions", "cache", "raw")
    )
    panel = load_table(project, "panel")
    code = str(panel["instansi"].iloc[0])
    kept = set(panel.loc[panel["instansi"] == code, "id_pegawai"].unique()[:3])
    for name in ("pegawai", "penilaian", "pelatihan", "panel"):
        path = target / "data" / "processed" / f"{name}.parquet"
        frame = pd.read_parquet(path)
        path.unlink()
        frame[(frame["instansi"] != code) | frame["id_pegawai"].isin(kept)].to_parquet(path, index=False)
    edition = open_edition(code, "2025", "id", target)
    now = facts(edition, 2025)
    assert 0 < len(now.annual) <= 3
    assert all(math.isnan(value) for value in (now.good, now.jp_mean, now.jp_share, now.ip_asn))
    assert all(math.isnan(share) for share in predicate_shares(edition, 2025).values())
    assert not math.isnan(facts(open_edition("all", "2025", "id", target), 2025).good)


def test_a_table_of_an_earlier_version_lacks_columns_and_is_read(project: Project, tmp_path: Path) -> None:
    target = tmp_path / "lama"
    shutil.copytree(
        project.root, target, ignore=shutil.ignore_patterns("reports", "editions", "cache", "raw")
    )
    for name, column in (
        ("kebutuhan_kompetensi", "tanggal_usulan"),
        ("pegawai", "pendidikan"),
        ("fasilitas", "sumber"),
    ):
        path = target / "data" / "processed" / f"{name}.parquet"
        pd.read_parquet(path).drop(columns=column).to_parquet(path, index=False)
    old = open_edition("all", "2025", "id", target)
    new = open_edition("all", "2025", "id", project.root)
    for name, table in new.tables.items():
        assert set(table.columns) <= set(old.tables[name].columns), name
        kinds = [found.tables[name].dtypes.map(lambda dtype: dtype.kind).to_dict() for found in (old, new)]
        assert kinds[0] == kinds[1], name
    assert old.tables["pegawai"]["pendidikan"].isna().all()
