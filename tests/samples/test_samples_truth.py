"""The effects that were built in can be found again."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit
from kinerja_lib.samples import implied, synthetic_tables
from kinerja_lib.samples.tables import Synthetic


@pytest.fixture(scope="module")
def sample() -> Synthetic:
    return synthetic_tables(seed=7)


@pytest.mark.parametrize("kind", ["linear", "fixed_effects", "ordinal", "multilevel", "ordinal_multilevel"])
def test_interval_contains_what_was_built_in(sample: Synthetic, kind: str) -> None:
    pytest.importorskip(f"kinerja_lib.models.{kind}")
    entry = sample.truth["estimators"][kind]
    found = fit(sample.exposed, ModelSpec(**entry["spec"])).tidy().set_index("term")
    for name, value in entry["coefficients"].items():
        assert found.loc[name, "ci_low"] <= value <= found.loc[name, "ci_high"]


def test_without_controls_training_looks_better_than_it_is(sample: Synthetic) -> None:
    entry = sample.truth["biased_without_controls"]
    found = fit(sample.exposed, ModelSpec(**entry["spec"])).tidy().set_index("term")
    right = sample.truth["estimators"]["linear"]["coefficients"]["jp_12_bulan"]
    assert found.loc["jp_12_bulan", "ci_low"] > right
    assert (
        found.loc["jp_12_bulan", "ci_low"]
        < entry["coefficients"]["jp_12_bulan"]
        < found.loc["jp_12_bulan", "ci_high"]
    )


def test_ordinal_target_is_nearer_to_zero(sample: Synthetic) -> None:
    targets = sample.truth["estimators"]
    for name in implied.EXPOSURES:
        ratio = targets["ordinal"]["coefficients"][name] / targets["ordinal_multilevel"]["coefficients"][name]
        assert 0.85 < ratio < 0.95


def test_expected_probabilities_against_simulation() -> None:
    known = np.array([-1.0, 0.0, 2.0])
    probability, variances = implied.expected_probabilities(known)
    assert np.allclose(probability.sum(axis=1), 1)
    rng = np.random.default_rng(1)
    spread = np.sqrt(0.35**2 + 0.2**2 + 0.7**2)
    latent = known + spread * rng.normal(size=(200_000, 3)) + rng.logistic(size=(200_000, 3))
    best = (latent > 2.2).mean(axis=0)
    assert np.allclose(probability[:, 4], best, atol=0.005)
    assert 0.01 < variances["between"] < variances["within"]


def test_ordinal_target_recovers_a_logit_without_random_effects() -> None:
    rng = np.random.default_rng(2)
    design = np.column_stack([rng.normal(size=(500, 3)), np.ones(500)])
    probability = implied._probabilities(design[:, :3] @ [0.5, -0.3, 0.1], np.array([-2.0, -1.0, 0.0, 1.5]))
    assert np.allclose(implied._ordinal(design, probability), [0.5, -0.3, 0.1], atol=1e-8)


def test_training_depends_on_post_and_schooling(sample: Synthetic) -> None:
    mean = sample.exposed.groupby("jenis_jabatan")["jp_12_bulan"].mean()
    assert mean["Fungsional"] > 1.5 * mean["Pelaksana"]
    assert pd.api.types.is_float_dtype(sample.exposed["jp_12_bulan"])
