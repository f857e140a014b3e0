"""Where one group of units stands among its peers: an agency's mean rating against that of the other agencies.

Agencies differ in who works there, so the mean is taken at equal post, schooling and training, from coefficients
that compare people inside an agency. They also differ for reasons nobody measured, so an agency is compared with
the spread of the others, not with their mean alone: twelve agencies of which one lies far out say something, a test
of one against all the rest rejects far too often when agencies merely differ.

Stands above its peers is no proof of leniency: its people may work better. What the organisation achieved, and
the limits of SE MenPANRB 3/2023, have to be read beside it.

Sources: Spiegelhalter (2005), Statistics in Medicine 24:1185 (funnel plots and overdispersion); DerSimonian & Laird
(1986), Controlled Clinical Trials 7:177 (moments); Higgins, Thompson & Spiegelhalter (2009), JRSS A 172:137
(predictive distribution with t).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from kinerja_lib.models.factors import column
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]
COLUMNS = ("group", "n", "units", "mean", "std_error", "peers", "difference", "error", "df",
           "ci_low", "ci_high", "p_value")  # fmt: skip
FEWEST = 4  # peers: with fewer, their spread is a guess


def standing(
    panel: pd.DataFrame,
    outcome: str = "predikat_skor",
    *,
    group: str = "instansi",
    unit: str = "unit_kerja",
    person: str = "id_pegawai",
    controls: Sequence[str] = ("jenis_jabatan", "pendidikan", "jp_12_bulan", "periode"),
    level: float = 0.95,
    lang: str = "id",
) -> pd.DataFrame:
    """Each group's mean at equal controls, and its distance from what its peers let expect.

    A person's residuals are averaged first, then people in units, then units in groups, each weighted by what is
    known of it, so that repeated ratings of a person and units of three people carry no false weight.

    Parameters
    ----------
    panel : DataFrame
        One row a person and period.
    outcome : str
        Numbers.
    controls : sequence of str
        Those that the frame has are used; their coefficients are estimated inside groups.
    level : float
        Of the interval.

    Returns
    -------
    DataFrame
        One row a group: ``group``, ``n`` (people), ``units``, ``mean`` (deviation from the mean of all, at equal
        controls), ``std_error``, ``peers`` (mean of the other groups), ``difference``, ``error`` (of a new group
        among the peers: their spread, and both uncertainties), ``df``, ``ci_low``, ``ci_high``, ``p_value``
        (two-sided, t).

    Raises
    ------
    ModelError
        Fewer than five groups.
    """
    names = [name for name in controls if name in panel.columns]
    rows = panel.dropna(subset=[outcome, group, unit, *names])
    if rows[group].nunique() <= FEWEST:
        raise model_error(
            lang,
            "Kelompok pembandingnya terlalu sedikit.",
            "There are too few groups to compare with.",
            ("Bandingkan paling sedikit lima instansi.", "Compare at least five agencies."),
        )
    means = _group_means(_people(rows, outcome, group, unit, person, names, lang))
    found = [_beside_peers(means, place, level) for place in range(len(means))]
    return pd.concat([means, pd.DataFrame(found)], axis=1)[list(COLUMNS)]


def _people(
    rows: pd.DataFrame, outcome: str, group: str, unit: str, person: str, names: list[str], lang: str
) -> pd.DataFrame:
    """Mean residual of each person in a unit: ``group``, ``unit``, ``value``."""
    codes = pd.factorize(rows[group].astype("str"))[0]
    y = column(rows, outcome, lang).to_numpy(dtype="float64")
    parts = [np.zeros((len(rows), 0))]
    for name in names:
        values = rows[name]
        if pd.api.types.is_numeric_dtype(values.dtype):
            parts.append(values.to_numpy(dtype="float64")[:, None])
        else:
            level, known = pd.factorize(values.astype("str"), sort=True)
            parts.append((level[:, None] == np.arange(1, len(known))).astype(np.float64))
    x = np.column_stack(parts)
    x = x - x.mean(axis=0)
    inside = np.linalg.lstsq(_centred(x, codes), _centred(y[:, None], codes)[:, 0], rcond=None)[0]
    keys = [rows[name].astype("str").to_numpy() for name in (group, unit, person)]
    table = pd.DataFrame(
        {"group": keys[0], "unit": keys[1], "person": keys[2], "value": y - y.mean() - x @ inside}
    )
    return table.groupby(["group", "unit", "person"], sort=True)["value"].mean().reset_index()


def _centred(values: Array, codes: NDArray[np.int64]) -> Array:
    sums = np.zeros((int(codes.max()) + 1, values.shape[1]))
    np.add.at(sums, codes, values)
    return np.asarray(values - (sums / np.bincount(codes)[:, None])[codes])


def _group_means(people: pd.DataFrame) -> pd.DataFrame:
    """Random-effects mean of the units of each group; the spread between units is that of all groups pooled."""
    units = people.groupby(["group", "unit"], sort=True)["value"].agg(["mean", "size", "var"]).reset_index()
    freedom = float((units["size"] - 1).sum())
    within = float((units["var"].fillna(0.0) * (units["size"] - 1)).sum()) / max(freedom, 1.0)
    noise = within / units["size"].to_numpy(dtype="float64")
    values = units["mean"].to_numpy(dtype="float64")
    between = _spread(values, noise, pd.factorize(units["group"])[0])
    weight = 1.0 / np.maximum(noise + between, 1e-12)
    table = units.assign(weight=weight, product=weight * values).groupby("group", sort=True)
    sums = table[["weight", "product", "size"]].sum()
    return pd.DataFrame(
        {
            "group": sums.index,
            "n": sums["size"].to_numpy(),
            "units": table.size().to_numpy(),
            "mean": (sums["product"] / sums["weight"]).to_numpy(),
            "std_error": (1.0 / np.sqrt(sums["weight"])).to_numpy(),
        }
    )


def _spread(values: Array, noise: Array, codes: NDArray[np.int64]) -> float:
    """DerSimonian and Laird's moment of the variance between members of the same set, at least zero."""
    weight = 1.0 / np.maximum(noise, 1e-12)
    count = int(codes.max()) + 1
    total = np.bincount(codes, weight, count)
    mean = np.bincount(codes, weight * values, count) / total
    q = float((weight * (values - mean[codes]) ** 2).sum())
    scale = float((total - np.bincount(codes, weight**2, count) / total).sum())
    return max(0.0, (q - (len(values) - count)) / scale) if scale > 0 else 0.0


def _beside_peers(means: pd.DataFrame, place: int, level: float) -> dict[str, float]:
    others = means.drop(index=place)
    values, errors = (others[name].to_numpy(dtype="float64") for name in ("mean", "std_error"))
    between = _spread(values, errors**2, np.zeros(len(values), dtype=np.int64))
    weight = 1.0 / (errors**2 + between)
    middle = float((weight * values).sum() / weight.sum())
    own = means.iloc[place]
    error = float(np.sqrt(own["std_error"] ** 2 + between + 1.0 / weight.sum()))
    df = len(others) - 1
    difference = float(own["mean"]) - middle
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    return {
        "peers": middle,
        "difference": difference,
        "error": error,
        "df": float(df),
        "ci_low": difference - half,
        "ci_high": difference + half,
        "p_value": float(2 * stats.t.sf(abs(difference) / error, df)),
    }
