"""The smallest difference the data could have shown: its size, when it is said, and that power is what is claimed."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from kinerja_lib.findings import (
    Claim,
    Difference,
    Finding,
    Gate,
    Precision,
    Ranked,
    finding_from_benchmark,
    finding_from_change,
    finding_from_difference,
    finding_from_fit,
    finding_from_ranks,
    finding_from_unsaid,
    stand_together,
)
from kinerja_lib.findings.detectable import POWER
from kinerja_lib.models import ModelSpec, detectable_from_result, fit

CHANCE = Gate(
    "interval", False, 0.0, 0.0, "interval kepercayaannya mencakup nol", "its interval includes zero"
)
RULE = Gate("limits", False, 0.0, 0.0, "sebarannya dalam batas", "the limits are met")


def test_two_sided_80_percent_is_2_8_standard_errors():
    # Bloom (1995), Evaluation Review 19:547: the multiplier of a two-sided test of 0.05 and power 0.80
    assert Precision(((1.0, math.inf),)).smallest == pytest.approx(2.8016, abs=1e-4)
    assert Precision(((1.0, math.inf),), sides=1).smallest == pytest.approx(2.4865, abs=1e-4)
    # noncentral t: a little more than the sum of the quantiles 2.3060 and 0.8889
    small = Precision(((0.5, 8.0),)).smallest / 0.5
    assert stats.nct.sf(2.3060, 8, small) == pytest.approx(0.8, abs=1e-4) and 3.195 < small < 3.3


@pytest.mark.parametrize("errors", [(), ((0.0, 5.0),), ((math.nan, 5.0),), ((1.0, 0.0),), ((1.0, math.nan),)])
def test_what_has_no_error_promises_nothing(errors):
    assert math.isnan(Precision(errors).smallest)
    found = finding_from_unsaid("x", ("apakah", "whether"), [CHANCE], precision=Precision(errors))
    assert found.sentence("en") == "It cannot be concluded whether, because its interval includes zero."


def test_power_is_at_least_what_is_said():
    rng = np.random.default_rng(4)
    precision = Precision(((1.0, 12.0), (0.7, math.inf)), alpha=0.01)
    true, alpha, draws = precision.smallest, 0.01, 20_000
    first = true + rng.standard_normal(draws)
    spread = np.sqrt(rng.chisquare(12, draws) / 12)
    second = true + 0.7 * rng.standard_normal(draws)
    both = (first / spread > stats.t.isf(alpha / 2, 12)) & (second / 0.7 > stats.norm.isf(alpha / 2))
    assert POWER <= both.mean() < 0.93


def test_the_sentence_follows_only_what_was_left_to_chance():
    precision = Precision(((1.0, math.inf),), unit=("poin", "points"))
    for gates, said in (([CHANCE], True), ([RULE], False), ([RULE, CHANCE], False)):
        found = finding_from_unsaid("x", ("apakah", "whether"), gates, precision=precision)
        assert ("2,8 poin atau lebih masih dapat terdeteksi" in found.sentence()) == said
        assert ("a difference of 2.8 points or more" in found.sentence("en")) == said
    claimed = Finding("x", "Satu.", "One.", "weak", "up", precision=precision)
    assert claimed.sentence() == "Satu."


def test_a_family_makes_it_larger():
    one = finding_from_unsaid(
        "x", ("apakah", "whether"), [CHANCE], {"p": 0.4}, precision=Precision(((1.0, math.inf),))
    )
    others = [Finding("y", "", "", "unsaid", evidence={"p": 0.5}) for _ in range(9)]
    (judged, *_) = stand_together([one, *others])
    assert judged.precision is not None and judged.precision.alpha == pytest.approx(0.005)
    assert judged.precision.smallest == pytest.approx(stats.norm.isf(0.0025) + stats.norm.ppf(0.8))
    assert "3.6 or more" in judged.sentence("en")


def test_a_family_that_mostly_finds_something_asks_little():
    one = finding_from_unsaid(
        "x", ("apakah", "whether"), [CHANCE], {"p": 0.4}, precision=Precision(((1.0, math.inf),))
    )
    others = [Finding("y", "", "", "weak", "up", {"p": 0.001}) for _ in range(9)]
    (judged, *_) = stand_together([one, *others])
    assert judged.precision is not None and judged.precision.alpha == pytest.approx(0.05)


def test_a_claim_that_the_family_takes_back_says_what_it_could_have_shown():
    one = Finding("x", "Satu.", "One.", "weak", "up", {"p": 0.04}, precision=Precision(((1.0, math.inf),)))
    others = [Finding("y", "", "", "unsaid", evidence={"p": 0.5}) for _ in range(9)]
    assert stand_together([one, *others])[0].sentence("en").endswith("(with a chance of at least 80%).")


def test_of_a_fit_it_is_that_of_the_models():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.standard_normal(400), "g": np.repeat(np.arange(40), 10)})
    frame["y"] = rng.standard_normal(400)
    result = fit(frame, ModelSpec("y", ("x",), cluster="g"))
    claim = Claim("t", "x", ("x", "x"), ("y", "y"), "cross_section", ("satu", "one"), per=2.0)
    found = finding_from_fit(result, claim)
    assert not found.said and found.precision is not None
    assert found.precision.smallest == pytest.approx(2 * detectable_from_result(result, "x"))
    assert "Dengan data ini, hubungan sebesar" in found.sentence()


def test_shares_changes_and_ranks_carry_theirs():
    subject, name = ("yang hadir", "those present"), ("ambang", "the limit")
    share = finding_from_benchmark("x", subject, 12, 25, 0.5, name)
    assert share.precision is not None and share.precision.smallest == pytest.approx(2.8016 * 0.1, abs=1e-4)
    # score test: p of 12 of 25 against one half, z = -0.2
    assert share.evidence["p"] == pytest.approx(0.8415, abs=1e-4)
    assert "28,0 poin persentase" in share.sentence()
    change = finding_from_change("x", subject, (12, 25), (11, 25))
    assert "a change of 39.5 percentage points" in change.sentence("en")
    ranked = Ranked("x", ("a", "a"), ("b", "b"), ("instansi", "agencies"), 12, 0.1, -0.3, 0.5, 0.7)
    found = finding_from_ranks(ranked)
    assert found.precision is not None and found.precision.smallest == pytest.approx(
        2.8016 * 0.22096, abs=1e-4
    )
    strict = replace(found, precision=replace(found.precision, alpha=1e-5))
    assert strict.sentence("en").endswith("These data need not show a relation (tau), however large.")


def test_a_difference_needs_both_methods():
    difference = Difference(
        "x", ("a", "a"), ("b", "b"), ("penghargaan", "rewards"), 0.01, -0.01, 0.03, 0.4, 90, p=0.3, n=900,
        confirmed=False, errors=((0.01, math.inf), (0.02, math.inf)),
    )  # fmt: skip
    found = finding_from_difference(difference)
    assert found.precision is not None
    # each method with a chance of 0.9, so that both together have at least 0.8
    assert found.precision.smallest == pytest.approx(0.02 * (1.95996 + 1.28155), abs=1e-5)
    assert "6,5 poin persentase atau lebih masih dapat terdeteksi" in found.sentence()


def test_counts_beyond_a_rule_join_no_family():
    counted = finding_from_benchmark("x", ("a", "a"), 12, 25, 0.5, ("b", "b"), census=True)
    assert "p" not in counted.evidence and counted.said
