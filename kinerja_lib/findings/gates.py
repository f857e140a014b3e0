"""The gates of a model's estimate:

Size, clusters, degrees of freedom, convergence, diagnostics, leave-one-out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kinerja_lib.findings.finding import Formatter, Gate

# diagnostics whose failure forbids a claim: (Indonesian, English); others are printed with the model
STOPPING = {
    "overlap": ("kelompok yang dibandingkan tidak bertumpang tindih", "the compared groups do not overlap"),
    "connected": (
        "jaringan penilai dan pegawai tidak terhubung",
        "the network of raters and employees is not connected",
    ),
    "pre_trends": (
        "tren sebelum program tidak sejajar",
        "the trends before the programme are not parallel",
    ),
    "weak_instrument": ("instrumennya lemah", "the instrument is weak"),
    "treated_units": ("unit yang mendapat program terlalu sedikit", "too few units had the programme"),
    "separation": ("datanya terpisah sempurna", "the data are perfectly separated"),
    "perfect_fit": ("modelnya menyalin data", "the model copies the data"),
    "boundary": ("modelnya berhenti di batas", "the model stopped at a boundary"),
    "groups": ("tingkat faktornya terlalu sedikit", "a factor has too few levels"),
    "cluster_leverage": (
        "satu kelompok menentukan sebagian besar hasilnya",
        "one cluster carries most of the result",
    ),
    "agreement": (
        "jawaban dalam satu unit tidak cukup sepakat untuk dirata-ratakan",
        "answers within a unit do not agree enough to be averaged",
    ),
    "icc1": ("unit tidak dapat dibedakan dari jawabannya", "the answers do not tell the units apart"),
    "units": ("unitnya terlalu sedikit", "there are too few units"),
    "proportional_odds": (
        "hubungannya berbeda menurut batas predikat",
        "the relation differs between the ratings",
    ),
}


def size_gates(
    glance: Mapping[str, Any], df: float, limits: Any, fmt: tuple[Formatter, Formatter]
) -> list[Gate]:
    """Rows, clusters (where the errors are clustered), degrees of freedom, convergence."""
    n, clusters = float(glance.get("n", math.nan)), glance.get("n_groups")
    if isinstance(clusters, Mapping):  # several grouping factors: the one with the fewest levels
        clusters = min(clusters.values(), default=None)
    gates = [
        Gate(
            "n",
            n >= limits.minimum_n,
            n,
            float(limits.minimum_n),
            f"datanya hanya {_whole(fmt[0], n)} baris (paling sedikit {_whole(fmt[0], limits.minimum_n)})",
            f"there are only {_whole(fmt[1], n)} rows (at least {_whole(fmt[1], limits.minimum_n)} needed)",
        )
    ]
    if clusters is not None and float(clusters) > 0:
        gates.append(
            Gate(
                "clusters",
                float(clusters) >= limits.minimum_clusters,
                float(clusters),
                float(limits.minimum_clusters),
                f"hanya {_whole(fmt[0], clusters)} kelompok (paling sedikit "
                f"{_whole(fmt[0], limits.minimum_clusters)})",
                f"there are only {_whole(fmt[1], clusters)} clusters (at least "
                f"{_whole(fmt[1], limits.minimum_clusters)} needed)",
            )
        )
    gates.append(
        Gate(
            "df",
            not df < limits.minimum_df,
            df,
            float(limits.minimum_df),
            f"derajat bebasnya hanya {fmt[0].number(df, 1)} (paling sedikit "
            f"{fmt[0].number(limits.minimum_df, 0)})",
            f"it has only {fmt[1].number(df, 1)} degrees of freedom (at least "
            f"{fmt[1].number(limits.minimum_df, 0)} needed)",
        )
    )
    converged = bool(glance.get("converged", True))
    gates.append(
        Gate(
            "converged",
            converged,
            float(converged),
            1.0,
            "perhitungan modelnya tidak konvergen",
            "the model did not converge",
        )
    )
    return gates


def diagnostic_gates(diagnostics: pd.DataFrame, term: str | None = None) -> list[Gate]:
    """Diagnostics that forbid a claim where they fail; a warning does not.

    One that names a column (``overlap: program``) forbids claims about that column only; ``term`` is the one
    spoken of.
    """
    gates = []
    for row in diagnostics.itertuples(index=False):
        kind, _, about = (part.strip() for part in str(row.name).partition(":"))
        if kind in STOPPING and (term is None or concerns(about, term)):
            reason_id, reason_en = STOPPING[kind]
            passed = row.verdict != "fail"
            gates.append(Gate(kind, passed, float(row.value), float(row.threshold), reason_id, reason_en))
    return gates


def concerns(about: str, term: str) -> bool:
    """Whether a check on a column concerns a term: itself, a level of it, or a product that holds it."""
    if not about:
        return True
    parts = {part.split("[")[0] for part in term.split(":")}
    return about == term or bool({part.split("[")[0] for part in about.split(":")} & parts)


def sensitivity_gate(value: float, benchmark: float, fmt: tuple[Formatter, Formatter]) -> Gate:
    """Whether an unmeasured confounder must be stronger than the strongest one that was measured.

    Parameters
    ----------
    value : float
        Robustness value: the partial R2 with exposure and outcome that would explain the estimate away
        (Cinelli & Hazlett 2020, J. Royal Statistical Society B 82:39).
    benchmark : float
        The same partial R2 of the strongest observed control.
    """
    passed = value > benchmark
    return Gate(
        "sensitivity",
        passed,
        value,
        benchmark,
        f"faktor yang tidak terukur sekuat {fmt[0].percent(value)} (R² parsial) sudah dapat meniadakannya, "
        f"padahal faktor terukur ada yang sekuat {fmt[0].percent(benchmark)}",
        f"an unmeasured factor as strong as {fmt[1].percent(value)} (partial R²) could explain it away, while a "
        f"measured one is as strong as {fmt[1].percent(benchmark)}",
    )


def family_gate(p_adjusted: float, alpha: float, fmt: tuple[Formatter, Formatter]) -> Gate:
    """Whether the result stands among all tests of its declared family (Benjamini & Hochberg 1995)."""
    return Gate(
        "family",
        p_adjusted <= alpha,
        p_adjusted,
        alpha,
        f"di antara semua uji yang dilakukan sekaligus hasil ini tidak menonjol (p tersesuaikan "
        f"{fmt[0].number(p_adjusted, 3)})",
        f"it does not stand out among all tests made at once (adjusted p {fmt[1].number(p_adjusted, 3)})",
    )


def leave_one_out_gate(estimate: float, others: Sequence[float]) -> Gate:
    """Whether the sign stays when each cluster (or agency) is left out;

    A fit that failed (NaN) counts against.
    """
    same = sum(1 for value in others if value * estimate > 0)
    return Gate(
        "leave_one_out",
        same == len(others),
        float(same),
        float(len(others)),
        "arahnya berbalik bila salah satu kelompok dikeluarkan",
        "the sign turns when one group is left out",
    )


def _whole(fmt: Formatter, value: Any) -> str:
    return "?" if value is None or math.isnan(float(value)) else fmt.integer(float(value))
