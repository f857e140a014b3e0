"""What may be said, and what not: gates, verbs by design, equivalence, recommendations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from kinerja_lib.errors import UsageError
from kinerja_lib.findings import (
    Claim,
    finding_from_benchmark,
    finding_from_change,
    finding_from_fit,
    recommend,
)

CLAIM = Claim(
    "pelatihan_kinerja",
    "jp",
    ("pelatihan", "training"),
    ("skor predikat", "the predicate score"),
    "cross_section",
    ("setiap tambahan 10 JP", "each further 10 JP"),
    per=10,
    margin=0.1,
)


class Stub:
    """A result with one term."""

    def __init__(self, estimate=0.05, error=0.005, df=50.0, checks=(), **numbers):
        self.row = {"term": "jp", "estimate": estimate, "std_error": error, "df": df}
        self.numbers = {"n": 1000, "n_groups": 60, "converged": True, **numbers}
        self.checks = checks

    def tidy(self, level=0.95):
        return pd.DataFrame([self.row])

    def glance(self):
        return self.numbers

    def diagnostics(self, lang="id"):
        return pd.DataFrame(list(self.checks), columns=["name", "value", "threshold", "verdict"])


def test_an_association_is_said_as_one():
    found = finding_from_fit(Stub(), CLAIM)
    assert found.strength == "weak" and found.direction == "up" and not found.failed
    assert found.sentence() == (
        "Pelatihan berhubungan dengan skor predikat: setiap tambahan 10 JP sejalan dengan skor predikat yang "
        "lebih tinggi 0,50 poin (interval kepercayaan 95%: 0,40 s.d. 0,60 poin)."
    )
    assert "is associated with" in found.sentence("en")


def test_the_design_earns_the_verb():
    assert "berpengaruh terhadap" in finding_from_fit(Stub(), replace(CLAIM, design="experiment")).sentence_id
    assert finding_from_fit(Stub(), replace(CLAIM, design="fixed_effects")).strength == "moderate"
    rollout = replace(CLAIM, design="staggered_rollout")
    assert not finding_from_fit(Stub(), rollout).said
    ok = Stub(checks=[("pre_trends", 0.5, 0.05, "ok")])
    assert finding_from_fit(ok, rollout).strength == "strong"
    with pytest.raises(UsageError):
        replace(CLAIM, design="wish")


@pytest.mark.parametrize(
    ("result", "gate"),
    [
        (Stub(n=20), "n"),
        (Stub(n_groups=5), "clusters"),
        (Stub(df=3.9), "df"),
        (Stub(converged=False), "converged"),
        (Stub(checks=[("overlap: jp", 0.1, 0.2, "fail")]), "overlap"),
        (Stub(error=0.05), "interval"),
    ],
)
def test_a_failed_gate_is_named(result, gate):
    found = finding_from_fit(result, CLAIM)
    assert found.strength == "unsaid" and gate in [g.name for g in found.failed]
    assert found.sentence().startswith("Belum dapat disimpulkan apakah pelatihan berhubungan dengan")


def test_leave_one_out_must_keep_the_sign():
    assert finding_from_fit(Stub(), CLAIM, leave_one_out=[0.4, 0.6]).said
    assert not finding_from_fit(Stub(), CLAIM, leave_one_out=[0.4, -0.1]).said
    assert not finding_from_fit(Stub(), CLAIM, leave_one_out=[0.4, float("nan")]).said


def test_absence_needs_an_equivalence_test():
    quiet = Stub(estimate=0.001, error=0.002)
    assert finding_from_fit(quiet, CLAIM).strength == "none"
    assert finding_from_fit(quiet, CLAIM).sentence().startswith("Tidak terlihat hubungan yang berarti")
    assert not finding_from_fit(quiet, replace(CLAIM, margin=None)).said
    assert not finding_from_fit(Stub(estimate=0.001, error=0.02), CLAIM).said


def test_points_and_an_effect_row():
    claim = replace(CLAIM, scale="points", per=1.0, margin=None)
    found = finding_from_fit(Stub(), claim, effect={"estimate": -0.0235, "std_error": 0.002})
    assert "lebih rendah 2,4 poin persentase" in found.sentence() and found.direction == "down"
    with pytest.raises(UsageError):
        finding_from_fit(Stub(), replace(CLAIM, term="nothing"))


def test_benchmarks():
    words = (("pegawai", "staff"), ("batas", "the limit"))
    rule = finding_from_benchmark("hak_pelatihan", words[0], 899, 2296, 1.0, words[1], census=True)
    assert rule.sentence() == "Bagian pegawai adalah 39,2% (899 dari 2.296), di bawah batas 100,0%."
    assert finding_from_benchmark("t", words[0], 5, 10, 0.5, words[1], census=True).direction == "equal"
    assert finding_from_benchmark("t", words[0], 90, 100, 0.5, words[1]).direction == "above"
    assert not finding_from_benchmark("t", words[0], 12, 20, 0.5, words[1]).said
    few = finding_from_benchmark("t", words[0], 3, 4, 0.5, words[1])
    assert not few.said and "4" not in few.sentence() and "count" not in few.evidence


def test_newcombe_change():
    # Newcombe (1998): 56/70 against 48/80, method 10: 0.0524 to 0.3339
    found = finding_from_change("t", ("pegawai", "staff"), (56, 70), (48, 80))
    assert found.evidence["ci_low"] == pytest.approx(0.0524, abs=5e-5)
    assert found.evidence["ci_high"] == pytest.approx(0.3339, abs=5e-5)
    assert found.sentence() == "Bagian pegawai naik 20,0 poin persentase, dari 60,0% menjadi 80,0%."
    assert not finding_from_change("t", ("a", "a"), (10, 20), (9, 20)).said
    assert not finding_from_change("t", ("a", "a"), (1, 2), (9, 20)).said


def test_recommendations_rest_on_findings():
    words = (("pegawai", "staff"), ("batas", "the limit"))
    low = finding_from_benchmark("hak_pelatihan", words[0], 899, 2296, 1.0, words[1], census=True)
    weak = finding_from_fit(Stub(), CLAIM)  # a cross-section does not carry "train more"
    strong = finding_from_fit(Stub(), replace(CLAIM, design="experiment"))
    none = finding_from_fit(Stub(n=3), replace(CLAIM, topic="fasilitas"))
    assert [r.topic for r in recommend([weak, none, low], "2025")] == ["hak_pelatihan"]
    both = recommend([low, strong], "2025")
    assert [r.topic for r in both] == ["pelatihan_kinerja", "hak_pelatihan"]
    assert both[1].deadline == date(2026, 3, 31) and both[1].finding is low
    assert both[1].sentence("en").startswith("Draw up")


def test_a_check_on_another_column_does_not_stop_the_claim():
    other = Stub(
        checks=[("proportional_odds: pimpinan", 0.001, 0.05, "fail"), ("overlap: jp_lain", 1, 0.1, "fail")]
    )
    assert finding_from_fit(other, CLAIM).said
    own = Stub(checks=[("proportional_odds: jp", 0.001, 0.05, "fail")])
    found = finding_from_fit(own, CLAIM)
    assert [gate.name for gate in found.failed] == ["proportional_odds"]
    assert "berbeda menurut batas predikat" in found.sentence()
    whole = Stub(checks=[("connected", 3, 1, "fail")])
    assert "not connected" in finding_from_fit(whole, CLAIM).sentence("en")


def test_sensitivity_gates_a_claim_but_not_its_absence():
    strong = finding_from_fit(Stub(), CLAIM, sensitivity=(0.2, 0.05))
    assert strong.said and strong.gates[-1].name == "sensitivity"
    weak = finding_from_fit(Stub(), CLAIM, sensitivity=(0.03, 0.05))
    assert not weak.said
    assert weak.sentence() == (
        "Belum dapat disimpulkan apakah pelatihan berhubungan dengan skor predikat, karena faktor yang tidak "
        "terukur sekuat 3,0% (R² parsial) sudah dapat meniadakannya, padahal faktor terukur ada yang sekuat 5,0%."
    )
    assert "could explain it away" in weak.sentence("en")
    absent = finding_from_fit(Stub(estimate=0.0, error=0.001), CLAIM, sensitivity=(0.0, 0.05))
    assert absent.strength == "none"


def test_a_family_of_tests_gates_a_claim():
    assert finding_from_fit(Stub(), CLAIM, p_adjusted=0.01).said
    lost = finding_from_fit(Stub(), CLAIM, p_adjusted=0.2)
    assert [gate.name for gate in lost.failed] == ["family"]
    assert "0,200" in lost.sentence()
    assert "0.200" in lost.sentence("en")


def test_one_cluster_that_carries_the_result_stops_it():
    found = finding_from_fit(Stub(checks=[("cluster_leverage: jp", 0.8, 0.5, "fail")]), CLAIM)
    assert "satu kelompok menentukan" in found.sentence()


def test_several_grouping_factors_are_judged_by_the_smallest():
    assert finding_from_fit(Stub(n_groups={"penilai": 300, "unit_kerja": 40}), CLAIM).said
    few = finding_from_fit(Stub(n_groups={"penilai": 300, "unit_kerja": 4}), CLAIM)
    assert [gate.name for gate in few.failed] == ["clusters"]


def test_real_fits_of_every_design_pass_through_the_gates():
    import numpy as np

    from kinerja_lib.models import ModelSpec, fit

    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"a": rng.integers(0, 30, 900), "b": rng.integers(0, 40, 900), "jp": rng.gamma(1, 20, 900)}
    )
    frame["y"] = 0.05 * frame["jp"] + rng.standard_normal(900) + 0.3 * rng.standard_normal(30)[frame["a"]]
    frame["p"] = pd.cut(frame["y"], [-np.inf, 0, 1.5, np.inf], labels=["Kurang", "Cukup", "Baik"])
    for spec in (
        ModelSpec("y", ("jp",), cluster="a"),
        ModelSpec("y", ("jp",), kind="multilevel", groups=("a", "b")),
        ModelSpec("p", ("jp",), kind="ordinal", cluster="a"),
        ModelSpec("p", ("jp",), kind="ordinal_multilevel", groups=("a",)),
        ModelSpec("y", ("jp",), kind="fixed_effects", effects=("a",), cluster="a"),
    ):
        found = finding_from_fit(fit(frame, spec), CLAIM)
        assert found.strength == "weak", (spec.kind, found.sentence())
        assert found.direction == "up"


def test_claims_of_adjusted_differences_and_of_pooled_fits():
    import numpy as np

    from kinerja_lib.models import ModelSpec, adjusted_difference, fit_imputed

    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"x": rng.standard_normal(500)})
    frame["jp"] = (frame["x"] + 2 * rng.standard_normal(500) > 0).astype(float)
    frame["y"] = 0.8 * frame["jp"] + frame["x"] + rng.standard_normal(500)
    spec = ModelSpec("y", ("jp",), ("x",))
    claim = replace(CLAIM, per=1, design="selection_on_observables")
    found = finding_from_fit(adjusted_difference(frame, spec, "aipw"), claim)
    assert found.strength == "weak" and "overlap" in [gate.name for gate in found.gates]
    apart = frame.assign(jp=(frame["x"] + 0.1 * rng.standard_normal(500) > 0).astype(float))
    assert "tumpang" in finding_from_fit(adjusted_difference(apart, spec, "ipw"), claim).sentence()
    holed = frame.assign(x=frame["x"].where(rng.uniform(size=500) > 0.2))
    pooled = fit_imputed(holed, spec, 3, seed=1)
    assert finding_from_fit(pooled, claim).said
    assert pooled.diagnostics("en")["verdict"].tolist() == ["ok"]
