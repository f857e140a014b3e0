"""Raters: severity, central tendency, halo, and whether they may be compared at all.

``rater_analysis`` fits employee, rater and work unit as crossed random effects, on the points and on the levels
of the rating, describes how each rater uses the scale, and looks for the chains of common employees that a
comparison rests on. Where raters are not linked it refuses a league table: one rater per employee inside one
unit cannot tell severity from true performance.

Sources: PermenPANRB 6/2022 (the rating); Saal, Downey & Lahey (1980); Linacre (1989), Many-Facet Rasch
Measurement, on linked designs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.grouping import read_grouping
from kinerja_lib.models.outcomes import read_outcome
from kinerja_lib.models.rater_checks import CENTRAL, MARKED, no_component, not_linked, rater_checks
from kinerja_lib.models.rater_graph import rater_graph
from kinerja_lib.models.rater_rows import rated_rows
from kinerja_lib.models.rater_severity import severity_fits, severity_table, usable_factors
from kinerja_lib.models.rater_style import halo_table, spread_table
from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.wording import model_error, say

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RaterAnalysis:
    """What the ratings say about their raters.

    Attributes
    ----------
    raters : DataFrame
        A row a rater with at least ``minimum`` employees: rater, component, n, ratees, mean, sd, spread_ratio,
        entropy, mode_share, p_spread, central; halo, p_halo, halo_marked where two ratings are given; severity,
        std_error and reliability in ``_points`` and ``_log_odds``.
    components : DataFrame
        component, raters, ratees, rows, bridges.
    checks : tuple of Check
        ``connected``, ``bridges``, ``reliability``, ``central_tendency``, ``halo``.
    fits : dict of str to FitResult
        ``points`` (linear) and ``log_odds`` (cumulative logit) with crossed random effects.
    hidden : int
        Raters with too few employees to be shown; they are in the models.
    halo_pooled : float
        Correlation of the two ratings inside raters, all together; NaN where there is only one rating.
    """

    raters: pd.DataFrame
    components: pd.DataFrame
    checks: tuple[Check, ...]
    fits: dict[str, FitResult]
    hidden: int
    halo_pooled: float

    @property
    def connected(self) -> bool:
        """Whether chains of common employees link all raters."""
        return len(self.components) == 1

    def variances(self) -> pd.DataFrame:
        """Share of each source (employee, rater, unit, residual) in points and in log-odds."""
        parts = []
        for scale, result in self.fits.items():
            table = result.variances()[["component", "variance"]].copy()
            if scale == "log_odds":
                table.loc[len(table)] = ["residual", np.pi**2 / 3.0]
            table["share"] = table["variance"] / table["variance"].sum()
            parts.append(table.assign(scale=scale))
        return pd.concat(parts, ignore_index=True)[["scale", "component", "variance", "share"]]

    def league_table(self, component: int | None = None, lang: str = "id") -> pd.DataFrame:
        """Raters from the strictest to the most lenient, adjusted for employees and units.

        Parameters
        ----------
        component : int, optional
            Compare inside this component only.

        Raises
        ------
        ModelError
            Raters are not linked, so that severity and performance cannot be told apart; no such component.
        """
        if component is None and not self.connected:
            raise not_linked(self.components, lang)
        chosen = 1 if component is None else component
        row = self.components[self.components["component"] == chosen]
        if row.empty:
            raise no_component(chosen, self.components, lang)
        if int(row["raters"].iloc[0]) < 2:
            raise not_linked(self.components, lang)
        columns = [
            "rater",
            "ratees",
            *(c for c in self.raters if c.startswith(("severity", "std_e", "reliab"))),
        ]
        own = self.raters[self.raters["component"] == chosen]
        ranked = own[columns].sort_values("severity_log_odds", ascending=False)
        return ranked.reset_index(drop=True)

    def diagnostics(self, lang: str = "id") -> pd.DataFrame:
        """Each check: name, value, threshold, verdict and what it means."""
        rows = [
            (c.name, c.value, c.threshold, c.verdict, say(lang, c.meaning_id, c.meaning_en))
            for c in self.checks
        ]
        return pd.DataFrame(rows, columns=["name", "value", "threshold", "verdict", "meaning"])


def rater_analysis(
    panel: pd.DataFrame,
    *,
    outcome: str = "predikat",
    ratee: str = "id_pegawai",
    rater: str = "id_penilai",
    unit: str | None = "unit_kerja",
    pair: tuple[str, str] | None = ("hasil_kerja", "perilaku_kerja"),
    controls: tuple[str, ...] | None = None,
    minimum: int = 5,
    lang: str = "id",
) -> RaterAnalysis:
    """Severity, spread and halo of each rater, with what may be compared.

    Parameters
    ----------
    panel : DataFrame
        One row a rating. Rows without outcome, employee or rater are left out.
    unit : str, optional
        Work unit as a third random effect; left out where the column is absent or the same as the rater.
    pair : (str, str), optional
        Two ratings whose correlation inside a rater is the halo; left out where a column is absent.
    controls : tuple of str, optional
        Fixed terms; ``("periode",)`` by default where that column has several values.
    minimum : int
        Fewest employees of a rater who is shown.

    Raises
    ------
    ModelError
        A column is missing, there is one rater only, or the outcome does not vary.
    """
    frame, codes, levels = rated_rows(panel, outcome, ratee, rater, unit, lang)
    who, by = read_grouping(frame, ratee, lang), read_grouping(frame, rater, lang)
    where = read_grouping(frame, unit, lang) if unit is not None and unit in frame.columns else None
    if by.size < 2:
        raise model_error(
            lang,
            f'Kolom "{rater}" hanya mempunyai satu penilai.',
            f'The column "{rater}" has one rater only.',
            (
                "Analisis penilai memerlukan dua penilai atau lebih.",
                "An analysis of raters needs two or more.",
            ),
        )
    graph = rater_graph(who, by)
    people = np.bincount(np.unique(who.codes * by.size + by.codes) % by.size, minlength=by.size)
    table = spread_table(codes, levels, by, people)
    pooled = float("nan")
    if pair is not None and all(name in frame.columns for name in pair):
        first, second = (_numbers(frame, name, lang) for name in pair)
        halo, pooled = halo_table(first, second, by, people)
        table = table.merge(halo, on="rater", how="left", validate="1:1")
    score = _free_name(frame, f"{outcome}_poin")
    frame[score] = codes + 1.0
    if controls is None:
        several = "periode" in frame.columns and frame["periode"].nunique() > 1
        controls = ("periode",) if several else ()
    fits = severity_fits(frame, outcome, score, usable_factors(who, by, where, len(frame)), controls, lang)
    table = severity_table(fits, by, graph).merge(table, on="rater", how="left", validate="1:1")
    table = _marked(table)
    shown = table[table["ratees"] >= minimum].reset_index(drop=True)
    return RaterAnalysis(
        raters=shown,
        components=graph.table,
        checks=rater_checks(graph, table, who.size),
        fits=fits,
        hidden=len(table) - len(shown),
        halo_pooled=pooled,
    )


def _numbers(frame: pd.DataFrame, name: str, lang: str) -> Array:
    """A rating as numbers: level codes of an ordered category, NaN where missing."""
    answer = read_outcome(frame, name, "levels", lang)
    return np.where(answer.missing, np.nan, answer.values.astype(np.float64))


def _free_name(frame: pd.DataFrame, name: str) -> str:
    while name in frame.columns:
        name += "_"
    return name


def _marked(table: pd.DataFrame) -> pd.DataFrame:
    """Which raters stand out after adjustment for their number."""
    central = (table["p_spread"] < MARKED) & (table["spread_ratio"] < CENTRAL)
    table = table.assign(central=central)
    return table.assign(halo_marked=table["p_halo"] < MARKED) if "p_halo" in table else table
