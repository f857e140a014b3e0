"""The staff survey: weights to the staff, errors by unit, reliability, silent agencies."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.errors import ModelError
from kinerja_lib.models import awareness_survey


def _survey(units=24, per=12, seed=0):
    rng = np.random.default_rng(seed)
    rows = []
    for u in range(units):
        agency = f"dinas-{u % 4}"
        level = 3.4 + 0.5 * rng.standard_normal()
        for r in range(per):
            trait = level + 0.6 * rng.standard_normal()
            for item in ("K1", "K2", "K3", "K4"):
                score = float(np.clip(np.round(trait + 0.6 * rng.standard_normal()), 1, 5))
                rows.append(
                    (f"R{u}-{r}", agency, f"{agency}.bidang-{u}", "2025-Q3", "kesadaran", item, score)
                )
    columns = ["id_responden", "instansi", "unit_kerja", "periode", "instrumen", "butir", "skor"]
    return pd.DataFrame(rows, columns=columns)


def test_scale_by_hand_without_weights():
    frame = _survey()
    found = awareness_survey(frame)
    row = found.scales.iloc[0]
    score = frame.groupby("id_responden")["skor"].mean()
    assert row["mean"] == pytest.approx(score.mean())
    assert row["agree"] == pytest.approx((score >= 4).mean())
    assert row["respondents"] == 288
    assert row["design_effect"] > 2
    assert row["agree_low"] < row["agree"] < row["agree_high"]
    assert 0.6 < row["alpha"] < 0.95
    assert row["alpha"] == pytest.approx(row["omega"], abs=0.02)
    assert found.response.empty
    assert found.weighted_by == ""
    assert "menjawab" in found.notes()[0]


def test_weights_bring_back_the_staff():
    frame = _survey()
    staff = {code: (200 if code.startswith("dinas-0") else 40) for code in frame["unit_kerja"].unique()}
    found = awareness_survey(frame, population=staff)
    assert found.weighted_by == "unit_kerja"
    own = frame.drop_duplicates("id_responden").set_index("id_responden")["unit_kerja"]
    assert found.weights.groupby(own).sum().to_dict() == pytest.approx(staff)
    score = frame.groupby("id_responden")["skor"].mean()
    assert found.scales["mean"][0] == pytest.approx(
        np.average(score, weights=found.weights.reindex(score.index))
    )
    drawn = awareness_survey(frame, population=pd.Series(staff), sampled="people")
    assert drawn.scales["std_error"][0] < found.scales["std_error"][0]


def test_silent_units_and_small_numbers():
    frame = _survey()
    staff = dict.fromkeys(frame["unit_kerja"].unique(), 40.0)
    silent = "dinas-1.bidang-99"
    found = awareness_survey(frame, population={**staff, silent: 30.0})
    assert found.weighted_by == "instansi"
    response = found.response.set_index("instansi")
    assert response.loc["dinas-1", "staff"] == 6 * 40 + 30
    assert response.loc["dinas-1", "rate"] == pytest.approx(72 / 270)
    few = frame[~frame["instansi"].eq("dinas-3") | frame["id_responden"].isin(["R3-0", "R3-1"])]
    small = awareness_survey(few, population=staff)
    row = small.response.set_index("instansi").loc["dinas-3"]
    assert row["suppressed"]
    assert np.isnan(row["respondents"])
    assert np.isfinite(small.scales["std_error"][0])


def test_strata_with_one_respondent_are_taken_together():
    frame = _survey()
    staff = dict.fromkeys(frame["unit_kerja"].unique(), 40.0)
    thin = frame[
        ~frame["unit_kerja"].isin(["dinas-1.bidang-1", "dinas-2.bidang-2"])
        | frame["id_responden"].str.endswith("-0")
    ]
    found = awareness_survey(thin, population=staff, sampled="people")
    assert found.scales["respondents"][0] == 22 * 12 + 2
    assert np.isfinite(found.scales["std_error"][0])
    # a unit with one respondent weighs much; the strata still help against units as clusters
    units = awareness_survey(thin, population=staff)
    assert found.scales["design_effect"][0] < 0.5 * units.scales["design_effect"][0]
    one = frame[~frame["unit_kerja"].eq("dinas-1.bidang-1") | frame["id_responden"].str.endswith("-0")]
    assert np.isfinite(awareness_survey(one, population=staff, sampled="people").scales["std_error"][0])


def test_margins_that_the_survey_asked_for():
    frame = _survey()
    people = frame["id_responden"].drop_duplicates()
    rng = np.random.default_rng(3)
    grade = pd.Series(rng.choice(["II", "III", "IV"], len(people), p=(0.2, 0.3, 0.5)), index=people)
    post = pd.Series(rng.choice(["Pelaksana", "Fungsional"], len(people)), index=people)
    frame = frame.assign(
        golongan_kelompok=frame["id_responden"].map(grade), jenis_jabatan=frame["id_responden"].map(post)
    )
    frame["skor"] = (frame["skor"] + (frame["golongan_kelompok"] == "IV")).clip(upper=5)
    staff = dict.fromkeys(frame["unit_kerja"].unique(), 40.0)
    margins = {
        "golongan_kelompok": {"II": 300, "III": 500, "IV": 200},
        "jenis_jabatan": {"Pelaksana": 7, "Fungsional": 3},
    }
    plain = awareness_survey(frame, population=staff)
    found = awareness_survey(frame, population=staff, margins=margins)
    assert found.raked == ("golongan_kelompok", "jenis_jabatan") and not found.left_out
    w = found.weights
    unit = frame.drop_duplicates("id_responden").set_index("id_responden")["unit_kerja"]
    assert w.groupby(unit).sum().to_dict() == pytest.approx(staff, rel=1e-6)
    shares = (w.groupby(grade).sum() / w.sum()).to_dict()
    assert shares == pytest.approx({"II": 0.3, "III": 0.5, "IV": 0.2}, rel=1e-6)
    assert w.groupby(post).sum()["Pelaksana"] / w.sum() == pytest.approx(0.7, rel=1e-6)
    # golongan IV answers higher and answered more often than its share
    assert found.scales["mean"][0] < plain.scales["mean"][0] - 0.1
    assert plain.design_effect == pytest.approx(1.0) and found.design_effect > 1.1
    assert found.effective_n == pytest.approx(len(people) / found.design_effect)
    assert w.max() <= 5 * w.mean() * (1 + 1e-9)


def test_margins_that_cannot_be_had_are_left_out_and_said():
    frame = _survey().assign(golongan_kelompok="III")
    staff = dict.fromkeys(frame["unit_kerja"].unique(), 40.0)
    margins = {"golongan_kelompok": {"III": 1, "IV": 1}, "jenis_jabatan": {"Pelaksana": 1}}
    found = awareness_survey(frame, population=staff, margins=margins, lang="en")
    assert found.raked == () and found.weighted_by == "unit_kerja"
    assert "IV" in found.left_out["golongan_kelompok"]
    assert found.left_out["jenis_jabatan"] == "The survey did not ask for it."
    assert found.weights.to_dict() == awareness_survey(frame, population=staff).weights.to_dict()
    alone = awareness_survey(frame, margins={"golongan_kelompok": {"III": 5}})
    assert alone.raked == ("golongan_kelompok",) and alone.weighted_by == ""


def test_bad_survey():
    frame = _survey()
    with pytest.raises(ModelError, match="lebih dari satu periode"):
        awareness_survey(pd.concat([frame, frame.assign(periode="2024-Q3")]))
    with pytest.raises(ModelError, match="tidak memuat jawaban"):
        awareness_survey(frame.head(0))
    with pytest.raises(ModelError, match="skor"):
        awareness_survey(frame.drop(columns="skor"))
