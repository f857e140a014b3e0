"""What an ordered model says of its fit: size, convergence, thin levels, columns that separate the outcome."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.cumulative_fit import CumulativeFit
from kinerja_lib.models.diagnostics import verdict
from kinerja_lib.models.inference import Inference
from kinerja_lib.models.result import Check
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: fewest rows of a level below which its threshold is called thin
THIN_LEVEL = 5
#: slope for one standard deviation beyond which an uncertain estimate is on its way to infinity
RUNAWAY = 8.0


def size_and_fit(
    found: CumulativeFit, n: int, n_input: int, n_levels: int, inference: Inference
) -> dict[str, Any]:
    """What ``glance()`` shows for an ordered model."""
    m = len(found.parameters)
    return {
        "n": n,
        "n_input": n_input,
        "n_groups": inference.n_clusters,
        "n_levels": n_levels,
        "loglik": found.loglik,
        "loglik_null": found.loglik_null,
        "criterion": -2.0 * found.loglik,
        "aic": 2.0 * m - 2.0 * found.loglik,
        "pseudo_r2": 1.0 - found.loglik / found.loglik_null,
        "df": m,
        "iterations": found.iterations,
        "converged": found.converged,
        "errors": inference.label,
    }


def fit_checks(found: CumulativeFit, counts: Array, flags: tuple[str, ...]) -> list[Check]:
    """Convergence, thin and unused levels; ``counts`` (K,) are the rows of each level."""
    n = float(counts.sum())
    checks = [
        Check(
            "convergence", found.gradient, 1e-3 * max(1.0, np.sqrt(n)),
            "ok" if found.converged else "fail",
            "Penaksiran konvergen." if found.converged else "Penaksiran tidak konvergen; jangan dipakai.",
            "The fit converged." if found.converged else "The fit did not converge; do not use it.",
        ),
        thin_level_check(counts),
    ]  # fmt: skip
    for flag in flags:
        what = flag.split(": ", 1)[1]
        checks.append(
            Check(
                "unused_levels", float(what.count(",") + 1), 0.0, "warning",
                f"Kategori tanpa baris tidak ikut dimodelkan: {what}.",
                f"Levels without a row are not modelled: {what}.",
            )
        )  # fmt: skip
    return checks


def thin_level_check(counts: Array) -> Check:
    """Rows of the rarest level; ``counts`` (K,)."""
    fewest = float(counts.min())
    thin = fewest < THIN_LEVEL
    return Check(
        "thin_level", fewest, float(THIN_LEVEL),
        verdict(fewest, THIN_LEVEL, above_is_bad=False),
        "Ada kategori dengan sangat sedikit baris." if thin else "Setiap kategori cukup terisi.",
        "A level has very few rows." if thin else "Each level has enough rows.",
    )  # fmt: skip


def separation_check(slopes: Array) -> Check:
    """The largest slope for one standard deviation, against that of a separated column (which is refused)."""
    largest = float(np.abs(slopes).max(initial=0.0))
    high = largest > RUNAWAY
    return Check(
        "separation", largest, RUNAWAY, "warning" if high else "ok",
        "Salah satu variabel hampir memisahkan kategori keluaran; periksa kolomnya." if high
        else "Tidak ada variabel yang memisahkan kategori keluaran.",
        "A column nearly separates the outcome's levels; look at it." if high
        else "No column separates the outcome's levels.",
    )  # fmt: skip


def runaway_columns(found: CumulativeFit, names: tuple[str, ...], spread: Array) -> list[str]:
    """Columns whose estimate runs off to infinity: along the separating direction, or beyond any odds.

    ``spread`` (p,) are the columns' standard deviations.
    """
    slopes = np.abs(found.beta) * spread
    if found.separation is not None:
        weight = np.abs(found.separation[len(found.theta) :])
    elif len(slopes) and slopes.max() > RUNAWAY and _uncertain(found, int(slopes.argmax())):
        weight = slopes
    else:
        return []
    return [name for name, w in zip(names, weight, strict=True) if w > 0.1 * weight.max()]


def _uncertain(found: CumulativeFit, column: int) -> bool:
    """Whether a large slope is smaller than twice its standard error, the mark of an infinite one.

    A large slope that is finite is also precise; one on its way to infinity flattens the likelihood (Hauck and
    Donner 1977).
    """
    place = len(found.theta) + column
    variance = float(found.covariance[place, place])
    return variance <= 1e-12 or abs(float(found.beta[column])) < 2 * variance**0.5


def separated(names: list[str], lang: str) -> Exception:
    """The error for columns with an infinite estimate."""
    shown = ", ".join(names)
    return model_error(
        lang,
        f"Kolom memisahkan kategori keluaran secara sempurna: {shown}; penaksirnya tak hingga.",
        f"Columns separate the outcome's levels perfectly: {shown}; the estimate is infinite.",
        (
            "Gabungkan kategori yang jarang, hapus kolom itu, atau pakai fit_firth (dua kategori keluaran).",
            "Merge rare levels, leave the column out, or use fit_firth (for two outcome levels).",
        ),
    )
