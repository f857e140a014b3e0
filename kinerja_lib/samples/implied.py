"""What the built-in process implies for each estimator, on that estimator's own scale.

The coefficients are built in as conditional log-odds: for one employee, rater and unit. An estimator that
leaves the random effects out estimates something else, so each gets its own target. It is computed from
expected probabilities, never from drawn outcomes: the random effects are integrated out with Gauss–Hermite
quadrature (their total variance; period effects and the weak agency's leniency are kept as they are), the
expected outcome stands in for the drawn one, and the estimator's own criterion is solved on it. So a target
is what the estimator would give on these exposures with endlessly many draws of outcomes and effects.

* ``linear``: least squares on the expected ``predikat_skor``.
* ``fixed_effects``: the same after taking out employee and period means.
* ``multilevel``: generalised least squares on it, with the variances that the process implies on the score's
  scale: between employees (employee, unit and rater together) and within.
* ``ordinal``: maximum of the expected log-likelihood, with the expected probabilities as weights. Nearer
  to zero than the built-in coefficient, as population-averaged log-odds are.
* ``ordinal_multilevel``: the random intercept of the employee takes up employee, unit and rater, all of which
  stay nearly the same for a person; its target is the built-in coefficient itself. This is an approximation:
  raters and units do change for some.

Intervals clustered by unit hold these targets about 95 times in 100 (measured: benchmarks/RESULTS.md), although some
raters rate in several units and some people move, so that units are not quite independent, as in a real
government.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from kinerja_lib.samples import appraisal, coaching, outreach, weakness
from kinerja_lib.samples.stream import Floats

if TYPE_CHECKING:
    from kinerja_lib.samples.tables import Synthetic

EXPOSURES = ("jp_12_bulan", "fasilitas_indeks", "kepemimpinan_indeks")
CONTROLS = ("jenis_jabatan", "pendidikan", "instansi")


def built_in(sample: Synthetic) -> dict[str, Any]:
    """Structural parameters, and the target of each estimator with its specification."""
    frame = sample.exposed
    probability, variances = expected_probabilities(sample.known)
    score = probability @ np.arange(1.0, 6.0)
    bare = _design(frame, ())
    naive = {
        "outcome": "predikat_skor",
        "exposures": ["jp_12_bulan"],
        "controls": [],
        "cluster": "unit_kerja",
    }
    return {
        "structural": _structural(sample),
        "forms": outreach.stated(sample.organisation),
        "coaching": coaching.stated(sample.organisation),
        "estimators": {
            kind: {"spec": {"kind": kind, **spec}, "coefficients": _named(values)}
            for kind, spec, values in _targets(frame, probability, score, variances)
        },
        "biased_without_controls": {
            "spec": {"kind": "linear", **naive},
            "coefficients": {"jp_12_bulan": float(f"{_ols(bare[:, [0, 3]], score)[0]:.8g}")},
        },
        "note": "Targets are per 1 JP and per 1 index point, from expected probabilities, averaged over"
        " the random effects; ordinal_multilevel: conditional on the employee. Quarterly rows only.",
    }


def _structural(sample: Synthetic) -> dict[str, Any]:
    """The coefficients and spreads of the process itself."""
    organisation = sample.organisation
    weak = organisation.agency_codes[organisation.weak] if organisation.weak >= 0 else None
    return {
        "log_odds_per_10": dict(appraisal.EFFECTS),
        "jenis_jabatan": dict(appraisal.POST_EFFECT),
        "pendidikan": dict(appraisal.SCHOOL_EFFECT),
        "sd": dict(appraisal.SPREAD),
        "weak_agency": weak,
        "weak_leniency": appraisal.WEAK_LENIENCY,
        "cuts": appraisal.CUTS.tolist(),
        **weakness.stated(organisation.agency_codes, organisation.poor),
    }


def _targets(
    frame: pd.DataFrame, probability: Floats, score: Floats, variances: dict[str, float]
) -> list[tuple[str, dict[str, Any], Floats]]:
    """Kind, specification and target of each estimator, on its own scale."""
    design, bare = _design(frame, CONTROLS), _design(frame, ())
    person, period = (pd.factorize(frame[name])[0] for name in ("id_pegawai", "periode"))
    ratio = variances["between"] / variances["within"]
    common = {"exposures": list(EXPOSURES), "controls": list(CONTROLS), "cluster": "unit_kerja"}
    structural = np.array([appraisal.EFFECTS[name] / 10 for name in EXPOSURES])
    return [
        ("linear", {"outcome": "predikat_skor", **common}, _ols(design, score)),
        ("ordinal", {"outcome": "predikat", **common}, _ordinal(design, probability)),
        (
            "multilevel",
            {"outcome": "predikat_skor", **common, "groups": ["id_pegawai"]},
            _random_intercept(design, score, person, ratio),
        ),
        (
            "fixed_effects",
            {"outcome": "predikat_skor", **common, "controls": [], "effects": ["id_pegawai", "periode"]},
            _within(bare[:, :3], score, person, period),
        ),
        ("ordinal_multilevel", {"outcome": "predikat", **common, "groups": ["id_pegawai"]}, structural),
    ]


def _named(values: Floats) -> dict[str, float]:
    return {name: float(f"{value:.8g}") for name, value in zip(EXPOSURES, values[:3], strict=True)}


def expected_probabilities(known: Floats) -> tuple[Floats, dict[str, float]]:
    """Probabilities of the predicates averaged over the random effects, shape (n, 5); score variances."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(15)
    weights = weights / weights.sum()
    spread = float(np.sqrt(sum(appraisal.SPREAD[name] ** 2 for name in ("penilai", "unit_kerja", "pegawai"))))
    values = np.arange(1.0, 6.0)
    total = np.zeros((len(known), 5))
    mean, square, within = (np.zeros(len(known)) for _ in range(3))
    for node, weight in zip(nodes, weights, strict=True):
        probability = _probabilities(known + spread * node, appraisal.CUTS)
        total += weight * probability
        score = probability @ values
        mean += weight * score
        square += weight * score**2
        within += weight * (probability @ values**2 - score**2)
    return total, {"between": float((square - mean**2).mean()), "within": float(within.mean())}


def _probabilities(eta: Floats, cuts: Floats) -> Floats:
    below = 1 / (1 + np.exp(eta[:, None] - cuts))
    return np.diff(np.column_stack([np.zeros(len(eta)), below, np.ones(len(eta))]), axis=1)


def _design(frame: pd.DataFrame, controls: tuple[str, ...]) -> Floats:
    """Exposures, a constant, and an indicator for each level of the controls but the first."""
    parts = [frame[list(EXPOSURES)].to_numpy(dtype="float64"), np.ones((len(frame), 1))]
    for name in controls:
        codes, levels = pd.factorize(frame[name], sort=True)
        parts.append((codes[:, None] == np.arange(1, len(levels))).astype(np.float64))
    return np.column_stack(parts)


def _ols(x: Floats, y: Floats) -> Floats:
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], dtype=np.float64)


def _random_intercept(x: Floats, y: Floats, group: Any, ratio: float) -> Floats:
    """Generalised least squares by partial demeaning; ``ratio`` is the variance between over that within."""
    size = np.bincount(group)
    share = (1 - 1 / np.sqrt(1 + size * ratio))[group]

    def partly(column: Floats) -> Floats:
        return np.asarray(column - share * (np.bincount(group, column) / size)[group])

    return _ols(np.column_stack([partly(column) for column in x.T]), partly(y))


def _within(x: Floats, y: Floats, person: Any, period: Any) -> Floats:
    """Least squares after employee and period means are taken out, alternately until nothing moves."""
    columns = []
    for column in (*x.T, y):
        centred = column - column.mean()
        for _ in range(60):
            before = centred
            for group in (person, period):
                centred = centred - (np.bincount(group, centred) / np.bincount(group))[group]
            if np.abs(centred - before).max() < 1e-10:
                break
        columns.append(centred)
    return _ols(np.column_stack(columns[:-1]), columns[-1])


def _ordinal(design: Floats, weights: Floats) -> Floats:
    """Cumulative logit on expected probabilities (Fisher scoring); the coefficients without the cuts."""
    x = np.delete(design, 3, axis=1)
    scale = np.maximum(x.std(axis=0), 1e-12)
    x = (x - x.mean(axis=0)) / scale
    cumulative = np.cumsum(weights.mean(axis=0))[:4]
    cuts, beta = np.log(cumulative / (1 - cumulative)), np.zeros(x.shape[1])
    for _ in range(50):
        eta = x @ beta
        probability = np.maximum(_probabilities(eta, cuts), 1e-300)
        below = 1 / (1 + np.exp(eta[:, None] - cuts))
        density = below * (1 - below)
        padded = np.column_stack([np.zeros(len(eta)), density, np.zeros(len(eta))])
        score, information = np.zeros(4 + len(beta)), np.zeros((4 + len(beta),) * 2)
        for k in range(5):
            gradient = np.zeros((len(eta), 4 + len(beta)))
            if k < 4:
                gradient[:, k] = density[:, k]
            if k > 0:
                gradient[:, k - 1] = -density[:, k - 1]
            gradient[:, 4:] = (padded[:, k] - padded[:, k + 1])[:, None] * x
            score += gradient.T @ (weights[:, k] / probability[:, k])
            information += (gradient / probability[:, [k]]).T @ gradient
        step = np.linalg.lstsq(information, score, rcond=None)[0]
        cuts, beta = cuts + step[:4], beta + step[4:]
        if np.abs(step).max() < 1e-10:
            break
    return np.asarray(beta / scale)
