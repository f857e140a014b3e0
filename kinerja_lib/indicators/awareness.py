"""Awareness and the comfort zone: survey scales with their reliability, and stagnation in the panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd


def cronbach_alpha(items: pd.DataFrame) -> float:
    """Cronbach's α = k/(k−1) · (1 − Σ item variances / variance of the sum), over complete rows.

    Cronbach (1951), Psychometrika 16, 297–334.


    NaN with fewer than two items or three complete rows, or where the sum does not vary.
    """
    whole = items.dropna().to_numpy(dtype="float64")
    k = whole.shape[1] if whole.ndim == 2 else 0
    if k < 2 or len(whole) < 3:
        return float("nan")
    total = whole.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - whole.var(axis=0, ddof=1).sum() / total)) if total > 0 else float("nan")


def survey_scales(
    survei: pd.DataFrame, by: Sequence[str] = ("instansi",), *, minimum_group: int = 5, agree: int = 4
) -> pd.DataFrame:
    """Mean, agreement and reliability of each instrument by group.

    Returns
    -------
    DataFrame
        ``by`` …, ``instrumen``, ``respondents``, ``mean`` (1–5, mean of respondents' means), ``std``,
        ``agreement`` (share of answers of at least ``agree``), ``alpha``. Groups with fewer than
        ``minimum_group`` respondents keep their row and number of respondents, with NaN for the rest.
    """
    rows = []
    wide = _wide(survei, by)
    for key, group in wide.groupby([*by, "instrumen"], sort=True):
        items = group.drop(columns=[*by, "instrumen"]).dropna(axis="columns", how="all")
        person = items.mean(axis=1)
        few = len(items) < minimum_group
        answers = items.to_numpy(dtype="float64")
        agreement = float((answers >= agree).sum() / np.isfinite(answers).sum())
        measures = (float(person.mean()), float(person.std(ddof=1)) if not few else 0.0, agreement)
        numbers = (np.nan,) * 4 if few else (*measures, cronbach_alpha(items))
        rows.append((*key, len(items), *numbers))
    columns = [*by, "instrumen", "respondents", "mean", "std", "agreement", "alpha"]
    return pd.DataFrame(rows, columns=columns)


def stagnation(panel: pd.DataFrame, by: Sequence[str] = ("instansi",), *, periods: int = 4) -> pd.DataFrame:
    """Employees whose last ``periods`` quarters show no change of predicate and no training.

    Only employees with ``periods`` neighbouring quarters up to the panel's last one can be judged. No
    training means ``jp_12_bulan`` of 0 at the end (unknown training: not judged). A steady Sangat Baik is
    no stagnation.

    Returns
    -------
    DataFrame
        ``by`` …, ``n`` (judged), ``count``, ``share``.
    """
    quarters = sorted(panel["periode"].astype("str").unique())[-periods:]
    recent = panel[panel["periode"].isin(quarters)].sort_values("periode", kind="stable")
    grouped = recent.groupby("id_pegawai", sort=True)
    person = grouped.agg(
        size=("periode", "size"), low=("predikat_skor", "min"), high=("predikat_skor", "max")
    )
    last = recent.drop_duplicates("id_pegawai", keep="last").set_index("id_pegawai")
    person["jp"] = last["jp_12_bulan"]
    for name in by:
        person[name] = last[name].astype("object")
    judged = person[(person["size"] == periods) & person["jp"].notna()]
    still = (judged["low"] == judged["high"]) & (judged["high"] < 5) & (judged["jp"] <= 0)
    still = still.astype("bool")
    keys = [judged[name] for name in by] or [pd.Series("", index=judged.index, name="all")]
    result = still.groupby(keys, sort=True).agg(["size", "sum"]).rename(columns={"size": "n", "sum": "count"})
    result["share"] = result["count"] / result["n"]
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def _wide(survei: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    names = [*by, "instrumen", "id_responden", "butir"]
    plain = pd.DataFrame({name: survei[name].astype("object") for name in names})
    plain["skor"] = survei["skor"].astype("float64")
    wide = plain.pivot_table(
        index=[*by, "instrumen", "id_responden"], columns="butir", values="skor", aggfunc="mean"
    )
    return wide.reset_index(level=[*by, "instrumen"]).reset_index(drop=True)
