"""Rows without a usable NIP: probabilities by hand, namesakes left alone, nobody linked wrongly."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.cleaning.linkage import Population, person
from kinerja_lib.config import Config, parse_config
from kinerja_lib.reading import read_folder
from kinerja_lib.samples import SAMPLE_KEY, write_sample
from kinerja_lib.schema.identity import pseudonym
from kinerja_lib.schema.raw import RawTable

ROOT = Path(__file__).resolve().parents[2]
DAY = date(1986, 9, 26)


def _four(**changes: tuple[str, date | None, str | None]) -> Population:
    people = {
        "A": ("Budi Contoh", DAY, "u1"),
        "B": ("Siti Rahma", date(1990, 1, 1), "u2"),
        "C": ("Tono Sintetis", date(1991, 2, 2), "u3"),
        "D": ("Wati Rekaan", date(1992, 3, 3), "u4"),
    } | changes
    return Population([person(*facts, code) for code, facts in people.items()])


def test_probabilities_by_hand() -> None:
    share = 0.9 / 4
    name = 0.85 / (1 / 4)
    code, found = _four().link(person("BUDI, Contoh, S.Pd.", None, None))
    assert code == "A"
    undated, dated = (
        3 * share * 0.03,
        3 * share * 0.03 * 0.05,
    )  # the three others: another name, another birth
    assert found == pytest.approx(share * name / (0.1 + share * name + undated))
    born = name * 0.95 / (1 / 4)
    assert _four().link(person("Budi Contoh", DAY, None))[1] == pytest.approx(
        share * born / (0.1 + share * born + dated)
    )
    elsewhere = born * (1 - 0.9) / (1 - 1 / 4)
    assert _four().link(person("Budi Contoh", DAY, "u2"))[1] == pytest.approx(
        share * elsewhere / (0.1 + share * elsewhere + dated)
    )


def test_namesakes_share_the_probability_until_a_fact_tells_them_apart() -> None:
    twins = _four(B=("Budi Contoh", date(1990, 1, 1), "u2"))
    assert twins.link(person("Budi Contoh", None, None))[1] < 0.5
    code, found = twins.link(person("Budi Contoh", date(1990, 1, 1), "u2"))
    assert (code, found > 0.9) == ("B", True)


def test_nobody_is_near() -> None:
    assert _four().link(person("Nama Lain", None, "u1")) == ("", 0.0)
    assert _four().link(person("", DAY, "u1")) == ("", 0.0)
    assert Population([]).link(person("Budi", None, None)) == ("", 0.0)
    assert _four().link(person("Nama Lain", DAY, "u1"))[1] < 0.9  # a birthday and a unit are not a person


def _raw(table: str, rows: int, **columns: list[str]) -> RawTable:
    frame = pd.DataFrame(columns, dtype="str")
    return RawTable("01_Dinas_Pendidikan/a.xlsx", table, "x", table, frame, np.arange(5, 5 + rows))


def test_off_by_default_and_noted_when_on() -> None:
    register = Register.load(ROOT / "data/reference/units.csv")
    people = 40
    births = [f"19{70 + n % 25}{1 + n % 12:02d}{1 + n % 28:02d}" for n in range(people)]
    profile = _raw(
        "pegawai", people,
        nip=[f"{born}201501{1 + n % 2}{n + 1:03d}" for n, born in enumerate(births)],
        nama=[f"Nama{n} Contoh{n}" for n in range(people)],
        unit_nama=["Bidang SMA"] * people, tahun=["2025"] * people,
    )  # fmt: skip
    born = f"{births[3][6:]}-{births[3][4:6]}-{births[3][:4]}"
    recap = _raw(
        "penilaian", 2, nip=["null", "12345678901"], nama=["Contoh3, Nama3, S.Pd.", "Nama4 Contoh4"],
        tanggal_lahir=[born, ""], unit_nama=["Bidang SMA"] * 2, tahun=["2025"] * 2, periode_nama=["TW I"] * 2,
        hasil_kerja=["Sesuai"] * 2, perilaku_kerja=["Sesuai"] * 2,
    )  # fmt: skip
    key = b"k" * 32
    off = clean([profile, recap], register=register, key=key)
    assert len(off.tables["penilaian"]) == 0
    on = clean([profile, recap], register=register, key=key, link=0.99)
    assert on.tables["penilaian"]["id_pegawai"].tolist() == [pseudonym(profile.frame["nip"][3], key)]
    noted = on.decisions[on.decisions["decision"] == "dihubungkan"]
    row, chance = noted["value"].iloc[0].split(": ")
    assert (row, float(chance) > 0.99) == ("5", True)
    assert on.ledger["reason"].tolist() == ["nip_non_asn"]  # a number of eleven digits is no civil servant
    assert (on.accounting["read"] == on.accounting["kept"] + on.accounting["rejected"]).all()


def test_nobody_is_linked_wrongly_on_a_damaged_sample(tmp_path: Path) -> None:
    write_sample(tmp_path, agencies=2, employees=120, periods="2025-Q1:2025-Q4", damage=0.3)
    raw, _ = read_folder(tmp_path)
    found = clean(raw, register=Register.load(tmp_path / "units.csv"), key=SAMPLE_KEY, link=0.99)
    truth = {
        (f"{sheet['file']}#{sheet['sheet']}", row): pseudonym(true, SAMPLE_KEY)
        for sheet in json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["sheets"]
        for row, name, _, true, _ in sheet["damaged"]
        if name == "nip"
    }
    kept = {
        (row.sumber, row.baris_sumber): row.id_pegawai
        for frame in found.tables.values()
        if "id_pegawai" in frame
        for row in frame[["sumber", "baris_sumber", "id_pegawai"]].itertuples()
    }
    linked = found.decisions[found.decisions["decision"] == "dihubungkan"]
    places = [
        (f"{line.file}#{line.sheet}", int(line.value.split(":")[0]))
        for line in linked[["file", "sheet", "value"]].itertuples()
    ]
    assert len(places) > 20
    assert all(kept[place] == truth[place] for place in places if place in kept)


def test_the_setting() -> None:
    assert Config().cleaning.link_without_nip is False
    settings = parse_config({"cleaning": {"link_without_nip": True, "link_threshold": 0.95}}).cleaning
    assert (settings.link_without_nip, settings.link_threshold) == (True, 0.95)
