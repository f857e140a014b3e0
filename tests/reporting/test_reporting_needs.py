"""Needs of competence by person in the annual report: exact where they are known, a bound elsewhere, and it says which."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from kinerja_lib.reporting.annual.competences import competences
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.training_findings import training_findings
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow import Project


@pytest.fixture
def edition(project: Project) -> Edition:
    return open_edition("all", "2025", "id", project.root)


def by_person(edition: Edition, competence: str = "Pengadaan Barang dan Jasa") -> pd.DataFrame:
    """Everybody of the year needs one competence, by name."""
    people = edition.rows("pegawai", 2025)
    frame = people[["instansi", "unit_kerja", "id_pegawai"]].assign(
        tahun=2025, jenis_kompetensi="Teknis", kompetensi=competence
    )
    return typed(frame.assign(jumlah_membutuhkan=1), "kebutuhan_kompetensi")


def told(edition: Edition, needs: pd.DataFrame, shown: list[dict]) -> str:
    mine = replace(edition, tables={**edition.tables, "kebutuhan_kompetensi": needs})
    competences(mine)
    (finding,) = [one for one in training_findings(mine) if one.topic == "kesenjangan_kompetensi"]
    return json.dumps(shown, default=str, ensure_ascii=False) + finding.sentence_id


def test_all_by_person_is_exact_and_names_nobody(edition: Edition, shown: list[dict]) -> None:
    needs = by_person(edition)
    text = told(edition, needs, shown)
    assert "Tepat " in text and "Paling banyak" not in text and "dicatat menurut orangnya" not in text
    assert not any(code in text for code in needs["id_pegawai"])


def test_some_by_person_says_how_many(edition: Edition, shown: list[dict]) -> None:
    numbers = edition.tables["kebutuhan_kompetensi"]
    numbers = numbers[numbers["id_pegawai"].isna()]
    text = told(edition, pd.concat([numbers, by_person(edition).head(40)], ignore_index=True), shown)
    assert "Paling banyak" in text and "Sebanyak 40 dari" in text


def test_enough_is_said_only_of_needs_by_person(edition: Edition) -> None:
    trained = edition.tables["pelatihan"].drop_duplicates("id_pegawai")
    day = pd.Timestamp(2025, 5, 5)
    trained = trained.assign(
        nama_pelatihan="Bimtek Pengadaan Barang dan Jasa", tanggal_selesai=day, tahun=2025
    )
    named = by_person(edition)
    named = named[named["id_pegawai"].isin(trained["id_pegawai"])]
    numbers = named.assign(id_pegawai=pd.Series(None, index=named.index, dtype="str"))
    for needs, direction in ((named, "above"), (numbers, "")):
        tables = {**edition.tables, "pelatihan": trained, "kebutuhan_kompetensi": needs}
        made = training_findings(replace(edition, tables=tables))
        (finding,) = [one for one in made if one.topic == "kesenjangan_kompetensi"]
        assert finding.direction == direction
