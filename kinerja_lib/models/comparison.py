"""Results side by side: several models in one table, and one model by two engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kinerja_lib.models.fitting import fit
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

#: rows of ``glance()`` that a comparison shows, where a result has them
GLANCE_ROWS = ("n", "n_groups", "r2", "r2_within", "loglik", "criterion", "sigma2", "errors")


def compare(
    results: Mapping[str, FitResult] | Sequence[FitResult],
    *,
    terms: Sequence[str] | None = None,
    lang: str = "id",
) -> pd.DataFrame:
    """One row a term and model, in long form, ready to be laid out as a regression table.

    Parameters
    ----------
    results : mapping of name to FitResult, or a sequence
        A sequence is named (1), (2), …
    terms : sequence of str, optional
        Only these, in this order.

    Returns
    -------
    DataFrame
        ``model``, ``kind``, the columns of ``tidy()``, then ``n``, ``n_groups``, ``errors``.
    """
    named = _named(results, lang)
    blocks = []
    for name, result in named.items():
        table = result.tidy()
        if terms is not None:
            table = table.set_index("term").reindex([t for t in terms if t in result.terms]).reset_index()
        glance = result.glance()
        table.insert(0, "model", name)
        table.insert(1, "kind", result.spec.kind)
        for key in ("n", "n_groups", "errors"):
            table[key] = glance.get(key)
        blocks.append(table)
    return pd.concat(blocks, ignore_index=True)


def compare_wide(
    results: Mapping[str, FitResult] | Sequence[FitResult],
    *,
    terms: Sequence[str] | None = None,
    lang: str = "id",
) -> pd.DataFrame:
    """A column a model; index (term or fit measure, what): estimate and std_error, then the fit measures."""
    named = _named(results, lang)
    order = list(dict.fromkeys(term for result in named.values() for term in result.terms))
    columns = {}
    for name, result in named.items():
        table = result.tidy().set_index("term")
        cells: dict[tuple[str, str], object] = {}
        for term in terms or order:
            for what in ("estimate", "std_error", "p_value"):
                cells[(term, what)] = float(table.at[term, what]) if term in table.index else np.nan
        glance = result.glance()
        for key in GLANCE_ROWS:
            if any(key in other.glance() for other in named.values()):
                cells[(key, "")] = glance.get(key)
        columns[name] = cells
    wide = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    wide.index.names = ["term", "what"]
    return wide


def _named(results: Mapping[str, FitResult] | Sequence[FitResult], lang: str) -> dict[str, FitResult]:
    named = (
        dict(results)
        if isinstance(results, Mapping)
        else {f"({k})": result for k, result in enumerate(results, start=1)}
    )
    if not named:
        raise model_error(
            lang,
            "Tidak ada hasil untuk dibandingkan.",
            "There is no result to compare.",
            ("Berikan paling sedikit satu FitResult.", "Give at least one FitResult."),
        )
    return named


def cross_check(spec: ModelSpec, panel: pd.DataFrame, lang: str = "id") -> pd.DataFrame:
    """The same specification by the kernels and by statsmodels, term by term.

    CR2 and the wild bootstrap, which statsmodels lacks, are compared as CR1, errors of mixed models as the
    model's own. The last row is the log-likelihood.

    Returns
    -------
    DataFrame
        ``term``, ``kernel``, ``statsmodels``, ``difference``, ``relative`` (to the larger of the two),
        ``se_kernel``, ``se_statsmodels``, ``se_relative``.
    """
    asked = spec.replace(errors="CR1") if spec.resolved_errors in ("CR2", "wild") else spec
    if spec.kind == "multilevel":
        asked = spec.replace(cluster=None, errors=None)
    own = fit(panel, asked, lang=lang)
    other = fit(panel, asked, engine="statsmodels", lang=lang)
    a, b = own.tidy().set_index("term"), other.tidy().set_index("term")
    rows = [
        (term, *_pair(a.at[term, "estimate"], b.at[term, "estimate"]),
         a.at[term, "std_error"], b.at[term, "std_error"],
         _pair(a.at[term, "std_error"], b.at[term, "std_error"])[3])
        for term in own.terms
        if term in b.index
    ]  # fmt: skip
    logs = [result.glance().get("loglik") for result in (own, other)]
    if None not in logs:
        rows.append(("loglik", *_pair(*map(float, logs)), np.nan, np.nan, np.nan))  # type: ignore[arg-type]
    columns = ["term", "kernel", "statsmodels", "difference", "relative", "se_kernel", "se_statsmodels"]
    return pd.DataFrame(rows, columns=[*columns, "se_relative"])


def _pair(a: float, b: float) -> tuple[float, float, float, float]:
    larger = max(abs(a), abs(b), 1e-300)
    return a, b, a - b, abs(a - b) / larger
