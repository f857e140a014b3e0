"""Every limit of SE MenPANRB 3/2023 at its edge and one beyond, with the exact binomial probability by hand."""

from __future__ import annotations

from math import comb

import pytest

from kinerja_lib import indicators as ind

SK, K, BP, B, SB = "Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan", "Baik", "Sangat Baik"


def verdicts(organisation, **counts):
    names = {"sk": SK, "k": K, "bp": BP, "b": B, "sb": SB}
    found = ind.limits_test({names[key]: count for key, count in counts.items()}, organisation)
    return found["verdict"].tolist()


@pytest.mark.parametrize(
    ("organisation", "edge", "beyond"),
    [
        ("Istimewa", {"sb": 70, "b": 30}, {"sb": 71, "b": 29}),  # SB at most 70 %
        ("Baik", {"b": 70, "sb": 29, "bp": 1}, {"b": 71, "sb": 28, "bp": 1}),  # B at most 70 %, one BP or K
        (
            "Butuh Perbaikan",
            {"bp": 60, "sb": 10, "b": 30},
            {"bp": 59, "sb": 11, "b": 30},
        ),  # BP at least 60 %, SB at most 10 %
        ("Kurang", {"k": 60, "bp": 10, "sb": 10, "b": 20}, {"k": 59, "bp": 9, "sb": 11, "b": 21}),
        ("Sangat Kurang", {"sk": 60, "k": 10, "b": 30}, {"sk": 59, "k": 9, "b": 32}),
    ],
)
def test_every_limit_at_its_edge(organisation, edge, beyond):
    assert set(verdicts(organisation, **edge)) == {"met"}
    found = verdicts(organisation, **beyond)
    assert "unclear" in found and "broken" not in found  # one in a hundred beyond: chance could do so


def test_some_must_exist_and_none_may():
    assert verdicts("Baik", b=60, sb=40) == ["met", "broken"]
    assert verdicts("Sangat Kurang", sk=60, k=39, sb=1)[-1] == "broken"


def test_the_probability_by_hand():
    # 9 of 10 Sangat Baik where 70 % are allowed: P(X >= 9) = 10 · 0.7^9 · 0.3 + 0.7^10
    over = ind.limits_test({SB: 9, B: 1}, "Istimewa").iloc[0]
    assert over["p_value"] == pytest.approx(10 * 0.7**9 * 0.3 + 0.7**10) and over["share"] == 0.9
    # 3 of 10 Butuh Perbaikan where 60 % are due: P(X <= 3) = sum of C(10, k) 0.6^k 0.4^(10 - k)
    under = ind.limits_test({BP: 3, B: 7}, BP).iloc[0]
    assert under["p_value"] == pytest.approx(sum(comb(10, k) * 0.6**k * 0.4 ** (10 - k) for k in range(4)))
    assert under["p_value"] == pytest.approx(0.0547618816) and under["verdict"] == "unclear"
