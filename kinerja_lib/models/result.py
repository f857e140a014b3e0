"""The answer: frozen, picklable, free of rows and of names; tables are made on request.

Terms are ``Intercept``, column names, ``column[level]`` and ``a:b``; thresholds are ``low|high``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.factors import Level
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]

TIDY_COLUMNS = ("term", "estimate", "std_error", "statistic", "p_value", "ci_low", "ci_high", "df")
VERDICTS = ("ok", "warning", "fail")


@dataclass(frozen=True)
class Check:
    """One diagnostic: a value, the threshold it is held against, a verdict, a sentence in two languages."""

    name: str
    value: float
    threshold: float
    verdict: str
    meaning_id: str
    meaning_en: str


@dataclass(frozen=True, eq=False)
class FitResult:
    """Estimates of one model.

    Attributes
    ----------
    spec : ModelSpec
        The question that was asked.
    terms : tuple of str
        Coefficient names, in the order of ``estimate`` and ``cov``.
    estimate : ndarray, shape (p,)
    cov : ndarray, shape (p, p)
        Covariance of the estimates under ``errors``.
    df : ndarray, shape (p,), or None
        Degrees of freedom of each term's t reference; infinite or None is the normal.
    numbers : mapping
        What ``glance()`` returns: ``n``, ``n_groups``, ``n_dropped``, ``loglik``, ``criterion``, …
    checks : tuple of Check
    tables : mapping of str to DataFrame
        ``effects``, ``variances`` and whatever a kind adds (``severity``, ``group_time``, …).
    p_value, ci : ndarray, optional
        Given by the bootstrap instead of a reference distribution; NaN where it does not apply.
    encoding : Encoding, optional
        For ``predict``.
    levels : tuple
        Outcome levels of ordinal and multinomial kinds.
    dropped : mapping of str to int
        Rows dropped, by reason.
    """

    spec: ModelSpec
    terms: tuple[str, ...]
    estimate: Array
    cov: Array
    numbers: Mapping[str, Any]
    df: Array | None = None
    checks: tuple[Check, ...] = ()
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    p_value: Array | None = None
    ci: Array | None = None
    encoding: Encoding | None = None
    levels: tuple[Level, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def std_error(self) -> Array:
        """Standard errors, in the order of ``terms``."""
        return np.sqrt(np.maximum(np.diag(self.cov), 0.0))

    def tidy(self, level: float = 0.95) -> pd.DataFrame:
        """One row a term: estimate, std_error, statistic, p_value, ci_low, ci_high, df.

        Parameters
        ----------
        level : float
            Coverage of the interval, by t with the term's degrees of freedom or by the normal.
        """
        se = self.std_error
        df = np.full(len(self.terms), np.inf) if self.df is None else self.df
        with np.errstate(divide="ignore", invalid="ignore"):
            statistic = self.estimate / se
        p = 2.0 * stats.t.sf(np.abs(statistic), df)
        half = stats.t.ppf(0.5 + level / 2.0, df) * se
        low, high = self.estimate - half, self.estimate + half
        if self.p_value is not None:
            p = np.where(np.isnan(self.p_value), p, self.p_value)
        if self.ci is not None and level == 0.95:
            low = np.where(np.isnan(self.ci[:, 0]), low, self.ci[:, 0])
            high = np.where(np.isnan(self.ci[:, 1]), high, self.ci[:, 1])
        values = (list(self.terms), self.estimate, se, statistic, p, low, high, df)
        return pd.DataFrame(dict(zip(TIDY_COLUMNS, values, strict=True)))

    def term(self, name: str, lang: str = "id") -> pd.Series:
        """The row of one term, by name.

        Raises
        ------
        ModelError
            No such term; the message lists those there are.
        """
        if name not in self.terms:
            raise model_error(
                lang,
                f'Suku "{name}" tidak ada dalam hasil.',
                f'Term "{name}" is not in the result.',
                (f"Yang ada: {', '.join(self.terms)}.", f"There are: {', '.join(self.terms)}."),
            )
        return self.tidy().set_index("term").loc[name]

    def glance(self) -> dict[str, Any]:
        """Size and fit: ``n``, ``n_groups``, ``n_dropped``, ``loglik``, ``criterion``, ``sigma2``, …"""
        return {"kind": self.spec.kind, **self.numbers, "n_dropped": sum(self.dropped.values())}

    def variances(self) -> pd.DataFrame:
        """Variance components: component, variance, sd (and corr where slopes are correlated)."""
        found = self.tables.get("variances")
        return pd.DataFrame(columns=["component", "variance", "sd"]) if found is None else found.copy()

    def random_effects(self) -> pd.DataFrame:
        """Predicted random effects: group, level, component, estimate, std_error, reliability."""
        found = self.tables.get("random_effects")
        columns = ["group", "level", "component", "estimate", "std_error", "reliability"]
        return pd.DataFrame(columns=columns) if found is None else found.copy()

    def effects(self) -> pd.DataFrame:
        """Effects on the scale a reader thinks in (see the kind's own description)."""
        found = self.tables.get("effects")
        return self.tidy() if found is None else found.copy()

    def table(self, name: str, lang: str = "id") -> pd.DataFrame:
        """A further table of this kind of model, by name."""
        if name not in self.tables:
            known = ", ".join(self.tables) or "-"
            raise model_error(
                lang,
                f'Tabel "{name}" tidak ada dalam hasil ini.',
                f'This result has no table "{name}".',
                (f"Yang ada: {known}.", f"There are: {known}."),
            )
        return self.tables[name].copy()

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict (ok, warning, fail) and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])

    def predict(self, frame: pd.DataFrame, lang: str = "id") -> Any:
        """Expected outcome of each row (Series), or the probability of each level (DataFrame).

        A row with a missing or unseen value is NaN. Fixed and random effects are held at zero.
        """
        from kinerja_lib.models.predict import predict

        return predict(self, frame, lang)

    def to_json(self) -> str:
        """The whole result as text; ``FitResult.from_json`` gives it back."""
        from kinerja_lib.models.storage import to_json

        return to_json(self)

    @staticmethod
    def from_json(text: str) -> FitResult:
        """The result that ``to_json`` wrote."""
        from kinerja_lib.models.storage import from_json

        return from_json(text)
