"""Quality of a delivery against counts made by hand: completeness, validity, timeliness, repeats, requests, drift."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib.cleaning import Register, clean
from kinerja_lib.config import starter
from kinerja_lib.errors import UsageError
from kinerja_lib.reading import read_folder
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow import Project, find_project, run_clean
from kinerja_lib.workflow.drift import LARGE, chance_limit, drift_of, drifts, last_period, psi
from kinerja_lib.workflow.quality import DAYS_ALLOWED, SEVERAL, Delivery, by_group, load_delivery
from kinerja_lib.workflow.sheet_facts import lateness, periods_of
from kinerja_lib.workflow.validation import requests, validate

UNITS = (
    "kode,nama,jenis,induk,singkatan,alias,berlaku_dari,berlaku_sampai,pendahulu,penerus\n"
    "dinas-a,Dinas A,instansi,,,,,,,\n"
    "dinas-a.umum,Umum,unit,dinas-a,,,,,,\n"
    "dinas-a.data,Data,unit,dinas-a,,,,,,\n"
    "dinas-b,Dinas B,instansi,,,,,,,\n"
    "dinas-b.umum,Umum,unit,dinas-b,,,,,,\n"
)
HEADER = "NIP;Nama Pegawai;Unit Kerja;Tahun;Periode;Rating Hasil Kerja;Rating Perilaku Kerja;Predikat Kinerja;Tanggal Penilaian"
NIP = [f"19{80 + n}0101200501{1 + n % 2}{n + 1:03d}" for n in range(9)]


def _row(
    n: int, *, unit: str = "Umum", quarter: str = "I", rating: str = "Sesuai", day: str = "10 April 2025"
) -> str:
    predikat = "Baik" if rating == "Sesuai" else "Sangat Baik"
    behaviour = "Sesuai" if rating == "Sesuai" else "Diatas"
    return f"{NIP[n]};Contoh {n};{unit};2025;Triwulan {quarter};{rating};{behaviour};{predikat};{day}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "kinerja.toml").write_text(starter("Uji", place="Uji", synthetic=True), encoding="utf-8")
    for name in ("raw", "reference"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "reference" / "units.csv").write_text(UNITS, encoding="utf-8")
    raw = tmp_path / "data" / "raw"
    a, b = raw / "01_Dinas_A", raw / "02_Dinas_B"
    a.mkdir()
    b.mkdir()
    rows = [
        _row(0),
        _row(1, rating="Diatas"),
        _row(1, rating="Diatas"),  # repeated
        _row(2, unit="Data", day="15 Mei 2025"),  # 45 days after the quarter
        _row(3, unit="Antah Berantah"),  # the unit can't be read
        _row(4).replace(NIP[4], "1,98E+17"),  # the NIP can't be read: rejected
        _row(4, day=""),  # no date
    ]
    (a / "rekap.csv").write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    (a / "rusak.xlsx").write_bytes(b"%PDF-1.7")
    more = [_row(n, quarter="II", rating="Diatas", day="1 Juli 2025") for n in range(5, 8)]
    (b / "rekap.csv").write_text("\n".join([HEADER, *more]), encoding="utf-8")
    return find_project(tmp_path, exact=True)


@pytest.fixture
def delivery(project: Project) -> Delivery:
    run_clean(project)
    return load_delivery(project)


def test_before_cleaning_there_is_nothing_to_look_at(project: Project) -> None:
    with pytest.raises(UsageError):
        load_delivery(project)


def test_counts_of_a_sheet_are_those_made_by_hand(delivery: Delivery) -> None:
    rows = delivery.sheets.set_index("file")
    one = rows.loc["01_Dinas_A/rekap.csv"]
    assert (one["read"], one["kept"], one["rejected"], one["merged"]) == (7, 5, 1, 1)
    assert (one["instansi"], one["periode"], one["table"]) == ("dinas-a", "2025-Q1", "penilaian")
    # expected: id, periode, instansi, unit, hasil, perilaku, printed predicate, date; of 5 rows
    assert one["expected"] == 40
    assert one["filled"] == 38  # one unit, one date
    assert one["unread"] == 2  # the unit and the NIP
    assert (one["dated"], one["late"], one["differing"]) == (4, 1, 0)
    assert rows.loc["02_Dinas_B/rekap.csv", "instansi"] == "dinas-b"
    assert list(delivery.unreadable["instansi"]) == ["dinas-a"]


def test_shares_by_agency(delivery: Delivery) -> None:
    frame = by_group(delivery.sheets, "instansi").set_index("instansi")
    one = frame.loc["dinas-a"]
    assert one["kept_share"] == pytest.approx(5 / 6)  # of seven read, one was merged
    assert one["complete"] == pytest.approx(38 / 40)
    assert one["valid"] == pytest.approx(38 / 40)
    assert one["on_time"] == pytest.approx(3 / 4)
    assert one["repeated"] == pytest.approx(1 / 7)
    assert frame.loc["dinas-b", ["kept_share", "complete", "valid", "on_time"]].tolist() == [1.0] * 4


def test_a_period_takes_the_sheets_that_speak_of_it(delivery: Delivery) -> None:
    assert set(delivery.within(Periode("2025")).sheets["file"]) == {
        "01_Dinas_A/rekap.csv",
        "02_Dinas_B/rekap.csv",
    }
    second = delivery.within(Periode("2025-Q2"))
    assert set(second.sheets["file"]) == {"02_Dinas_B/rekap.csv"}
    assert second.ledger.empty
    assert delivery.within(Periode("2024")).sheets.empty
    spotless = replace(delivery, ledger=delivery.ledger.iloc[:0], cells=delivery.cells.iloc[:0])
    assert list(spotless.within(Periode("2025")).sheets["unread"]) == [0, 0]
    assert requests(spotless, minimum_group=5).empty


def test_a_file_of_several_agencies_belongs_to_none(project: Project) -> None:
    header = (
        HEADER.replace("Nama Pegawai", "Perangkat Daerah")
        .replace("NIP;", "nip;")
        .replace("Unit Kerja", "unorNama")
        .replace("Perangkat Daerah", "unorIndukNama")
    )
    header = header.replace("Rating Hasil Kerja", "hasilKinerja").replace(
        "Rating Perilaku Kerja", "perilakuKerja"
    )
    header = header.replace("Predikat Kinerja", "kuadranKinerja")
    rows = [_row(n).replace(f"Contoh {n}", agency) for n, agency in ((0, "Dinas A"), (5, "Dinas B"))]
    (project.folder("raw") / "semua.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    run_clean(project)
    sheets = load_delivery(project).sheets.set_index("file")
    assert sheets.loc["semua.csv", "instansi"] == SEVERAL


def test_requests_go_to_the_unit_unless_it_is_small(delivery: Delivery) -> None:
    asked = requests(delivery, minimum_group=5)
    found = {
        (row["instansi"], row["unit_kerja"], row["reason"]): (row["rejected"], row["emptied"])
        for row in asked.to_dict("records")
    }
    assert found == {
        ("dinas-a", "", "nip_presisi"): (1, 0),
        ("dinas-a", "", "unit_tidak_dikenal"): (0, 1),
    }
    named = requests(delivery, minimum_group=3)  # Umum has three people among the appraisals kept
    assert set(named.loc[named["reason"] == "nip_presisi", "unit_kerja"]) == {"dinas-a.umum"}


def test_the_whole_as_plain_values(project: Project, delivery: Delivery) -> None:
    found = validate(project, lang="en")
    assert len(found["files"]) == 2
    assert found["unreadable"][0]["file"] == "01_Dinas_A/rusak.xlsx"
    assert "PDF" in found["unreadable"][0]["message"]
    assert {row["periode"] for row in found["trend"]} == {"2025-Q1", "2025-Q2"}
    assert found["drift"] == []  # each agency has one quarter only
    assert all(row["advice"] for row in found["requests"])
    assert "Contoh" not in str(found)
    assert not any(nip in str(found) for nip in NIP)
    one = validate(project, period="2025-Q2")
    assert [row["file"] for row in one["files"]] == ["02_Dinas_B/rekap.csv"]


def test_late_is_more_than_a_month_after_the_period() -> None:
    days = pd.to_datetime(["2025-04-01", "2025-05-01", "2025-05-02", None, "2025-12-31"])
    frame = pd.DataFrame({"periode": ["2025-Q1"] * 4 + ["2025-07"], "tanggal_penilaian": days})
    late, dated = lateness(frame)
    assert DAYS_ALLOWED == 31
    assert list(late) == [False, False, True, False, True]
    assert list(dated) == [True, True, True, False, True]
    assert not lateness(pd.DataFrame({"jp": [1.0]}))[1].any()


def test_the_period_of_a_row_without_one_is_its_year() -> None:
    assert list(periods_of(pd.DataFrame({"tahun": pd.array([2024, None], dtype="Int64")}))) == ["2024", ""]
    assert list(periods_of(pd.DataFrame({"tanggal": pd.to_datetime(["2024-05-01", None])}))) == ["2024", ""]


def _appraisals(quarter: str, counts: dict[str, int], start: int = 0) -> pd.DataFrame:
    names = [name for name, n in counts.items() for _ in range(n)]
    people = [f"p{start + n}" for n in range(len(names))]
    values = [None if name == "-" else name for name in names]
    return pd.DataFrame({"id_pegawai": people, "periode": quarter, "predikat": values, "instansi": "dinas-a"})


def test_the_index_is_the_published_formula() -> None:
    # (0.8 - 0.5) ln(0.8 / 0.5) + (0.2 - 0.5) ln(0.2 / 0.5), with half a row added to each class
    p, q = (80.5 / 101, 20.5 / 101), (50.5 / 101, 50.5 / 101)
    by_hand = sum((a - b) * math.log(a / b) for a, b in zip(p, q, strict=True))
    assert psi([80, 20], [50, 50]) == pytest.approx(by_hand)
    assert psi([1, 2], [1, 2]) == 0.0
    assert math.isnan(psi([0, 0], [1, 2]))


def test_a_shift_must_exceed_what_chance_gives() -> None:
    # 99 % of chi-square with 1 df is 6.6349; 2/40 of it is 0.3317
    assert chance_limit(40, 40, 2) == pytest.approx(6.6349 / 20, abs=1e-4)
    assert chance_limit(100_000, 100_000, 5) == 0.10
    assert chance_limit(0, 5, 2) == math.inf
    few = drift_of(
        _appraisals("b", {"Baik": 12, "Sangat Baik": 8}), _appraisals("a", {"Baik": 15, "Sangat Baik": 5})
    )
    assert not few.shifted
    assert few.limit > LARGE
    assert few.blind
    many = drift_of(
        _appraisals("b", {"Baik": 300, "Sangat Baik": 700}),
        _appraisals("a", {"Baik": 700, "Sangat Baik": 300}),
    )
    assert many.shifted
    assert not many.blind
    assert not many.people_moved


def test_people_and_missing_predicates_are_counted() -> None:
    now = _appraisals("2025-Q2", {"Baik": 80, "-": 20})
    before = _appraisals("2025-Q1", {"Baik": 120})
    one = drift_of(now, before)
    assert (one.n, one.n_before, one.people, one.people_before) == (80, 120, 100, 120)
    assert one.missing == pytest.approx(0.2)
    assert one.people_change == pytest.approx(-1 / 6)
    assert one.people_moved
    assert math.isnan(drift_of(now, before.iloc[:0]).people_change)
    both = pd.concat([now, before], ignore_index=True)
    assert set(drifts(both, Periode("2025-Q2"), "instansi")) == {"dinas-a"}
    assert last_period(both, Periode("2025")) == Periode("2025-Q2")
    assert last_period(both, Periode("2024")) is None


def test_cleaning_alone_gives_the_same_counts(project: Project) -> None:
    """The frames that are stored are those that cleaning returns."""
    run_clean(project)
    raw, _ = read_folder(project.folder("raw"))
    result = clean(raw, register=Register.load(project.folder("reference") / "units.csv"), key=b"x" * 32)
    stored = load_delivery(project)
    assert stored.accounting["kept"].sum() == result.accounting["kept"].sum()
    assert len(stored.ledger) == len(result.ledger)
