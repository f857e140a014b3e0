"""How long from an appraisal to what follows from it, those still waiting included.

A median over those who already got their reward is too short, because the slow ones are not in it yet. The
product-limit estimate (Kaplan & Meier 1958, JASA 53:457) counts everybody as waiting until the follow-up or the
last day that the data know of.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from kinerja_lib.indicators.follow_up import qualification
from kinerja_lib.indicators.regulation_tables import regulation


def waiting_times(
    penilaian: pd.DataFrame,
    hukuman: pd.DataFrame,
    penghargaan: pd.DataFrame,
    tahun: int,
    *,
    until: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """Days from the appraisal to the first reward for performance, of those who qualify, never for print.

    A reward on the day of the appraisal counts as after 0 days; one given before it is of an earlier year and
    does not count. Who has none by ``until``, or by the rule's days (``tindak_lanjut.within_days``), is still
    open: the waiting time is known only to be at least so long.

    Parameters
    ----------
    until : Timestamp, optional
        Last day that is looked at; a later reward has not come yet. Default: the latest date of any reward.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``days``, ``event`` (the follow-up came), of those with a date of
        appraisal on or before ``until``.
    """
    people = qualification(penilaian, hukuman, penghargaan, tahun)
    people = people[people["reward"]]
    last = until if until is not None else penghargaan["tanggal"].max()
    rows = penilaian[penilaian["predikat"].notna() & (penilaian["periode"].str[:4] == str(tahun))]
    annual = (rows["periode"] == str(tahun)).astype("int64")
    rows = rows.assign(annual=annual).sort_values(["annual", "periode"], kind="stable")
    since = rows.drop_duplicates("id_pegawai", keep="last").set_index("id_pegawai")["tanggal_penilaian"]
    start = people["id_pegawai"].map(since)
    known = start.notna() & (start <= last)
    most = regulation("follow_up")["tindak_lanjut"]["within_days"]
    watched = (last - start[known]).dt.days.clip(upper=most).astype("float64")
    days = people["days_to_reward"][known]
    event = days.notna() & (days <= watched)
    result = people.loc[known, ["id_pegawai", "instansi"]].assign(
        days=days.where(event, watched), event=event
    )
    return result.reset_index(drop=True)


def product_limit(days: pd.Series, event: pd.Series) -> pd.DataFrame:
    """The Kaplan–Meier estimate of the share still waiting, with pointwise log-log intervals.

    Parameters
    ----------
    days : Series
        Waiting time of each, known or at least so long.
    event : Series of bool
        Whether the follow-up came. Somebody who is still open at the same day counts as waiting then.

    Returns
    -------
    DataFrame
        One row a day with a follow-up: ``days``, ``at_risk``, ``events``, ``open`` (share still waiting),
        ``std_error`` (Greenwood 1926), ``low``, ``high``.

    Examples
    --------
    Five wait; follow-ups after 1 and 3 days, one open since day 2:

    >>> product_limit(pd.Series([1, 2, 3, 4, 5]), pd.Series([True, False, True, False, False]))["open"].round(4).tolist()
    [0.8, 0.5333]
    """
    time, came = days.to_numpy(dtype="float64"), event.to_numpy(dtype="bool")
    moments = np.unique(time[came])
    at_risk = np.array([(time >= moment).sum() for moment in moments], dtype="int64")
    events = np.array([((time == moment) & came).sum() for moment in moments], dtype="int64")
    waiting = np.cumprod(1 - events / np.maximum(at_risk, 1))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(events / (at_risk * (at_risk - events)))
        error = waiting * np.sqrt(variance)
        width = stats.norm.ppf(0.975) * np.sqrt(variance) / np.abs(np.log(waiting))
        low, high = waiting ** np.exp(width), waiting ** np.exp(-width)
    frame = pd.DataFrame({"days": moments, "at_risk": at_risk, "events": events, "open": waiting})
    return frame.assign(std_error=error, low=low, high=high)


def quantile_days(curve: pd.DataFrame, share: float = 0.5) -> float:
    """The first day on which at least ``share`` have had the follow-up; NaN where so many never had."""
    reached = curve[curve["open"] <= 1 - share + 1e-12]
    return float(reached["days"].iloc[0]) if len(reached) else float("nan")


def waiting_summary(waiting: pd.DataFrame) -> dict[str, float]:
    """What a report says of the waiting times.

    Returns
    -------
    dict
        ``n``, ``events``, ``open``; ``median`` (product limit; NaN where not half had it), ``naive`` (the median of
        those who had it), ``within_90`` and ``within_365`` (share who had it by then; NaN where nobody was watched
        for so long).
    """
    curve = product_limit(waiting["days"], waiting["event"])
    had = waiting["event"].astype("bool")
    result = {
        "n": float(len(waiting)), "events": float(had.sum()), "open": float((~had).sum()),
        "median": quantile_days(curve), "naive": float(waiting.loc[had, "days"].median()) if had.any() else np.nan,
    }  # fmt: skip
    longest = waiting["days"].max() if len(waiting) else np.nan
    for day in (90, 365):
        upto = curve[curve["days"] <= day]
        share = float(1 - upto["open"].iloc[-1]) if len(upto) else 0.0
        result[f"within_{day}"] = share if longest >= day else np.nan
    return result
