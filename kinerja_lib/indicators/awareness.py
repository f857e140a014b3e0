"""Awareness and the comfort zone: survey scales with their reliability, and stagnation in the panel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.schema.periode import Periode


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


def stagnation(
    panel: pd.DataFrame,
    by: Sequence[str] = ("instansi",),
    *,
    periods: int = 4,
    jp: float = 0.0,
    inovasi: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Employees whose last ``periods`` quarters show no change of predicate, no training and no innovation.

    Only employees with ``periods`` neighbouring quarters up to the panel's last one can be judged: with one fewer,
    even unchanged ones, nobody is. No training means ``jp_12_bulan`` of at most ``jp`` at the end (unknown
    training: not judged). A steady Sangat Baik is no stagnation. An innovation dated within these quarters, first
    and last day included, is none either; without ``inovasi``, or from agencies that have not one row in it, that
    part is left out.

    Parameters
    ----------
    inovasi : DataFrame, optional
        Table ``inovasi``.

    Returns
    -------
    DataFrame
        ``by`` …, ``n`` (judged), ``count``, ``share``, ``innovation_known`` (of the judged, those whose agency
        sends innovations).
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
    person["known"], person["new"] = _innovating(inovasi, last, quarters)
    judged = person[(person["size"] == periods) & person["jp"].notna()]
    still = (judged["low"] == judged["high"]) & (judged["high"] < 5) & (judged["jp"] <= jp) & ~judged["new"]
    flags = pd.DataFrame(
        {"count": still.astype("int64"), "innovation_known": judged["known"].astype("int64")}
    )
    keys = [judged[name] for name in by] or [pd.Series("", index=judged.index, name="all")]
    sums = flags.groupby(keys, sort=True)
    result = sums.sum()
    result.insert(0, "n", sums.size())
    result.insert(2, "share", result["count"] / result["n"])
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def _innovating(
    inovasi: pd.DataFrame | None, last: pd.DataFrame, quarters: Sequence[str]
) -> tuple[pd.Series, pd.Series]:
    """Of each person: whether the agency sends innovations, and whether there is one within the quarters."""
    if inovasi is None or not len(inovasi) or not quarters:
        none = pd.Series(False, index=last.index)
        return none, none
    first, end = (pd.Timestamp(day) for day in (Periode(quarters[0]).start, Periode(quarters[-1]).end))
    day = pd.to_datetime(inovasi["tanggal"])
    own = set(inovasi.loc[(day >= first) & (day <= end), "id_pegawai"])
    senders = set(inovasi["instansi"].dropna().astype("str"))
    known = last["instansi"].astype("str").isin(senders)
    return known, pd.Series(last.index.isin(own), index=last.index) & known


def _wide(survei: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    names = [*by, "instrumen", "id_responden", "butir"]
    plain = pd.DataFrame({name: survei[name].astype("object") for name in names})
    plain["skor"] = survei["skor"].astype("float64")
    wide = plain.pivot_table(
        index=[*by, "instrumen", "id_responden"], columns="butir", values="skor", aggfunc="mean"
    )
    return wide.reset_index(level=[*by, "instrumen"]).reset_index(drop=True)
