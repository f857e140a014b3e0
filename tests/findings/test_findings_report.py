"""Findings of one report together: one family of tests, levels against targets, advice that names units."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from kinerja_lib.findings import (
    Difference,
    Finding,
    Level,
    finding_from_difference,
    finding_from_level,
    finding_from_unsaid,
    rank,
    recommend,
    stand_together,
)
from kinerja_lib.findings.finding import Gate
from kinerja_lib.findings.recommendations import rules


def _tested(topic: str, p: float, strength: str = "weak") -> Finding:
    return Finding(topic, "Satu.", "One.", strength, "up", {"p": p, "n": 10.0}, place="bab-x")


def test_the_tests_of_a_report_are_one_family() -> None:
    """Benjamini & Hochberg (1995): 0.01, 0.02, 0.03, 0.5 become 0.04, 0.04, 0.04, 0.5."""
    made = [_tested(topic, p) for topic, p in zip("abcd", (0.01, 0.02, 0.03, 0.5), strict=True)]
    made[3] = finding_from_unsaid(
        "d", ("apakah d", "whether d"), [Gate("x", False, 0, 1, "y", "z")], {"p": 0.5}
    )
    found = stand_together(made)
    assert [round(finding.evidence["p_adjusted"], 6) for finding in found] == [0.04, 0.04, 0.04, 0.5]
    assert [finding.said for finding in found] == [True, True, True, False]
    strict = stand_together(made, alpha=0.03)
    assert not any(finding.said for finding in strict)
    assert strict[0].place == "bab-x" and [gate.name for gate in strict[0].failed] == ["family"]


def test_what_rests_on_no_test_stays() -> None:
    counted = Finding("e", "Lima.", "Five.", "moderate", "below", {"n": 5.0})
    absent = replace(_tested("f", 0.9), strength="none")
    found = stand_together([_tested("a", 0.049), counted, absent])
    assert not found[0].said and found[1] == counted and found[2].strength == "none"
    assert stand_together([]) == []


@pytest.mark.parametrize(("value", "direction"), [(48.0, "below"), (60.0, "equal"), (60.1, "above")])
def test_a_level_against_its_target(value: float, direction: str) -> None:
    level = Level(
        "x", ("indeks X", "index X"), value, 60.0, ("ambang", "the limit of"), 40, more=("Ya.", "Yes.")
    )
    found = finding_from_level(level)
    assert found.direction == direction and found.strength == "moderate" and found.design == "census"
    assert found.sentence("id").startswith("Indeks X adalah") and found.sentence("id").endswith("60,0. Ya.")
    assert found.sentence("en").endswith("60.0. Yes.")


def test_a_level_of_few_or_of_none_is_not_said() -> None:
    level = Level("x", ("indeks X", "index X"), 48.0, 60.0, ("ambang", "the limit"), 4)
    assert [gate.name for gate in finding_from_level(level).failed] == ["n"]
    assert not finding_from_level(replace(level, value=math.nan, n=40)).said
    assert "48" not in finding_from_level(level).sentence("id")


def _difference(confirmed: bool | None) -> Finding:
    return finding_from_difference(
        Difference("keadilan_penghargaan", ("perempuan", "women"), ("laki-laki", "men"), ("penghargaan", "rewards"),
                   -0.14, -0.2, -0.08, 0.001, 60, p=0.0005, n=500, confirmed=confirmed)
    )  # fmt: skip


def test_two_methods_make_a_difference_moderate_and_one_denies_it() -> None:
    assert (_difference(True).strength, _difference(True).evidence["grounds"]) == ("moderate", 2.0)
    assert _difference(None).strength == "weak"
    denied = _difference(False)
    assert not denied.said and [gate.name for gate in denied.failed] == ["confirmed"]
    assert denied.evidence["p"] == 0.0005 and _difference(True).evidence["n"] == 500


def test_ranks() -> None:
    own = Finding("a", "", "", "moderate", "below", {"n": 5.0, "reach": 5.0}, design="census")
    wide = replace(own, topic="b", evidence={"reach": 50.0})
    twice = replace(own, topic="c", evidence={"reach": 1.0, "grounds": 2.0})
    model = replace(own, topic="d", evidence={"reach": 900.0}, design="fixed_effects")
    weak = replace(own, topic="e", strength="weak", evidence={"reach": 900.0})
    assert [f.topic for f in sorted([weak, model, own, wide, twice], key=rank)] == list("cbade")


def test_advice_names_units_where_the_finding_knows_them() -> None:
    plain = Finding("fasilitas", "S.", "S.", "moderate", "below", {"n": 5.0})
    (general,) = recommend([plain], "2025")
    assert "{" not in general.text[0] and "terendah" in general.text[0]
    details = {"units": ("Bidang A", "Bidang A"), "value": ("48,0", "48.0"), "target": ("60", "60")}
    (named,) = recommend([replace(plain, details=details)], "2025")
    assert "Bidang A" in named.text[0] and "dari 48,0 menjadi sekurang-kurangnya 60" in named.indicator[0]
    assert "from 48.0 to at least 60" in named.indicator[1]


def test_advice_that_covers_another() -> None:
    limits = Finding("distribusi_predikat", "S.", "S.", "moderate", "above", {"n": 5.0})
    lenient = replace(limits, topic="kelonggaran_penilai")
    assert [found.topic for found in recommend([limits], "2025")] == ["distribusi_predikat"]
    assert [found.topic for found in recommend([limits, lenient], "2025")] == ["kelonggaran_penilai"]
    (agency,), (whole,) = recommend([lenient], "2025"), recommend([lenient], "2025", whole=True)
    assert agency.owner != whole.owner and whole.owner[0].startswith("Badan Kepegawaian")


def test_every_rule_is_whole() -> None:
    for rule in rules():
        assert rule["topic"] and rule["strength"] and rule["direction"] and rule["deadline_months"] >= 1
        for name in ("text", "owner", "indicator"):
            assert rule[name]["id"].strip() and rule[name]["en"].strip()
        for name in ("specific_text", "specific_indicator", "owner_whole"):
            assert set(rule.get(name, {"id": 1, "en": 1})) == {"id", "en"}
