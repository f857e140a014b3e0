"""Obstacles by keyword, feedback of leaders, and what may be quoted: nothing of a person gets through."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib import indicators as ind
from kinerja_lib.indicators.obstacle_classes import classed
from kinerja_lib.indicators.quotable import common_words, quotable
from kinerja_lib.schema.tables import typed

TEXTS = [
    "Anggaran untuk perbaikan jaringan internet belum tersedia.",
    "Komputer rusak.",
    "Tidak ada kendala yang berarti.",
    "Tidak ada anggaran.",
    "Tidak ada kendala, namun server lambat.",
    "Nihil",
    "Hal lain.",
    "Hal lain.",
    None,
    None,
]
DECLARED = ["TI", "Sarana", "Tidak ada", None, "TI", "Sarana", "Regulasi", None, "SDM", "Tidak ada"]


def reports(texts, declared=None, units=None):
    count = len(texts)
    return typed(
        pd.DataFrame(
            {
                "instansi": "a",
                "unit_kerja": units or [f"a.u{n}" for n in range(count)],
                "periode": "2025-Q1",
                "judul_tugas": [f"Tugas {n}" for n in range(count)],
                "status_tugas": "Selesai",
                "capaian": None,
                "kendala": texts,
                "kelas_kendala": declared or [None] * count,
            }
        ),
        "laporan_tugas",
    )


def test_words_decide_then_the_form_then_nothing():
    found = classed(reports(TEXTS, DECLARED))
    assert found["classes"].tolist() == [
        ("Anggaran", "TI"), ("Sarana",), (), ("Anggaran",), ("TI",), (), ("Regulasi",), (), ("SDM",), (),
    ]  # fmt: skip
    assert found["obstacle"].tolist() == [True, True, False, True, True, False, True, True, True, False]
    assert found["agrees"].isna().tolist() == [False, False, True, True, False, True, True, True, True, True]


def test_shares_may_pass_one_and_the_unclassed_are_stated():
    shares = ind.obstacle_shares(reports(TEXTS, DECLARED)).set_index("kelas_kendala")
    assert shares["n"].unique().tolist() == [7]
    assert shares["count"].to_dict() == {"Anggaran": 2, "TI": 2, "Regulasi": 1, "SDM": 1, "Sarana": 1, "": 1}
    assert shares["share"].sum() == pytest.approx(8 / 7) and shares.index[-1] == ""
    line = ind.obstacle_summary(reports(TEXTS, DECLARED)).iloc[0]
    assert line[["reports", "n", "unclassed", "several", "compared"]].tolist() == [10, 7, 1, 1, 3]
    assert line["share_unclassed"] == pytest.approx(1 / 7) and line["share_agrees"] == 1
    assert ind.obstacle_shares(reports(TEXTS, DECLARED), ("instansi",))["instansi"].unique().tolist() == ["a"]
    empty = reports(["Nihil"])
    assert not len(ind.obstacle_shares(empty)) and ind.obstacle_summary(empty)["n"].tolist() == [0]


HOSTILE = [
    "Menanti jawaban sutrisno untuk pencairan dana.",  # a name in small letters, common in this list
    "Menanti jawaban wiranatakusumah untuk pencairan dana.",  # a name that one place knows
    "Menanti jawaban pak kepala untuk pencairan dana.",
    "Dana pencairan untuk 1986 0926 2015 05 1001 belum.",
    "Dana pencairan untuk 198609262015051001 belum.",
    "Dana pencairan untuk 1 9 8 6 0 9 2 6 belum.",
    "Dana pencairan hubungi 0812-3456-789 belum.",
    "Dana belum pencairan dana@pencairan.untuk dana.",
    "<b>Dana</b> belum untuk pencairan dana.",
    '=HYPERLINK("http://x";"Dana belum pencairan")',
    "+Dana belum untuk pencairan dana.",
    "-Dana belum untuk pencairan dana.",
    "@Dana belum untuk pencairan dana.",
    "Dana belum untuk [nama dihapus] pencairan.",
    "Dana belum untuk [nomor dihapus] pencairan.",
    "Dana belum untuk s u t r i s n o pencairan.",
    "Dana belum untuk pencairan \\textbf{dana}.",
    "Dana belum untuk `pencairan` dana.",
    "![Dana](belum) untuk pencairan dana.",
    "Dana belum untuk pencairan\u202e dana.",
    "Dana belum untuk pencairan dana \U0001f600.",
    "Dana.",
    "Dana belum untuk pencairan dana " + "dana " * 40,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_is_quoted(text):
    """Even where every unit of the government wrote the very same text, so that all its words are common."""
    copies = [text] * 6
    frame = reports(copies)
    common = common_words([frame["kendala"]], frame["unit_kerja"], 5)
    if "wiranatakusumah" in text:
        common -= {"wiranatakusumah"}
    found = quotable(frame["kendala"], frame["unit_kerja"], common, frame["unit_kerja"])
    assert found.isna().all()


def test_a_name_that_one_unit_knows_is_never_common():
    plain = ["Menanti jawaban pimpinan untuk pencairan dana."] * 6
    frame = reports([*plain, "Menanti jawaban wiranatakusumah untuk pencairan dana."])
    staff = dict.fromkeys(frame["unit_kerja"], 9)
    quoted, achieved = ind.examples(frame, frame, staff)
    assert quoted.values.tolist() == [["Anggaran", plain[0]]] and achieved == []
    # written again and again by one unit it stays that unit's word
    again = reports([*plain, *["Menanti jawaban wiranatakusumah untuk pencairan dana."] * 9],
                    units=[f"a.u{n}" for n in range(6)] + ["a.x"] * 9)  # fmt: skip
    quoted, _ = ind.examples(again, again, dict.fromkeys(again["unit_kerja"], 9))
    assert quoted["text"].tolist() == plain[:1]


def test_small_units_and_small_classes_are_not_quoted():
    frame = reports(["Menunggu pencairan dana dari pusat."] * 5)
    few = dict.fromkeys(frame["unit_kerja"], 4)
    assert not len(ind.examples(frame, frame, few)[0])
    assert not len(ind.examples(frame.head(4), frame, dict.fromkeys(frame["unit_kerja"], 9))[0])
    assert len(ind.examples(frame, frame, dict.fromkeys(frame["unit_kerja"], 9))[0]) == 1


def test_achievements_that_differ_in_numbers_only_are_one():
    frame = reports([None] * 12)
    frame["capaian"] = [f"Sebanyak {n % 2 + 1}0 dokumen telah diserahkan." for n in range(12)]
    frame["status_tugas"] = frame["status_tugas"].where(frame.index < 6, "Berjalan")
    assert ind.examples(frame, frame, dict.fromkeys(frame["unit_kerja"], 9))[1] == [
        "Sebanyak 10 dokumen telah diserahkan."
    ]


def test_feedback_by_leader_by_hand():
    frame = typed(
        pd.DataFrame(
            {
                "instansi": ["a", "a", "a", "b", "b"],
                "unit_kerja": ["a.u", "a.u", "a.v", "b.u", "b.v"],
                "periode": ["2025-Q1", "2025-Q2", "2025-Q1", "2025-Q1", "2025-Q1"],
                "id_penilai": ["L1", "L1", "L2", None, "L4"],
                "umpan_balik": [4, 8, 10, 0, None],
                "bimbingan": [6, 6, None, 2, 5],
                "jumlah_bawahan": [6, 6, 5, 4, 3],
            }
        ),
        "kepemimpinan",
    )
    line = ind.feedback_frequency(frame).iloc[0]
    # L1: 12 for 12, exactly one, not below; L2: 2; the leader of b.u: none; b.v did not count feedback
    assert line[["leaders", "below"]].tolist() == [3, 1] and line["median"] == 1
    assert line["per_staff"] == pytest.approx(22 / 21) and line["guidance"] == pytest.approx(14 / 16)
    assert ind.feedback_frequency(frame, ("instansi",))["share_below"].tolist() == [0, 1]
    assert not len(ind.feedback_frequency(frame.iloc[:0]))
