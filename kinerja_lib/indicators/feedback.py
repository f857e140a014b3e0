"""How often leaders give feedback: per leader, then counted; no leader is shown.

PermenPANRB 6/2022 Ps 17–19 asks for continuous feedback without a number; periodic evaluation is quarterly at the
longest (Ps 24). The yardstick of one feedback a subordinate and quarter is this project's.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

YARDSTICK = 1.0


def feedback_frequency(kepemimpinan: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Feedback a subordinate and quarter of each leader, summed up over leaders.

    A leader is ``id_penilai``, or the unit where the form names none; forms without feedback counted or without
    subordinates are left out.

    Returns
    -------
    DataFrame
        ``by`` …, ``leaders``, ``per_staff`` (all feedback over all subordinates and quarters), ``median`` and ``low``
        (median and lower quartile over leaders), ``below`` (leaders under one a subordinate and quarter; exactly
        one is not), ``share_below``, ``guidance`` (bimbingan a subordinate and quarter).
    """
    leader = kepemimpinan["id_penilai"].astype("object")
    leader = leader.where(leader.notna(), kepemimpinan["unit_kerja"].astype("object"))
    frame = pd.DataFrame({name: kepemimpinan[name].astype("object") for name in by})
    frame["leader"] = leader
    for name in ("umpan_balik", "bimbingan", "jumlah_bawahan"):
        frame[name] = kepemimpinan[name].astype("float64")
    frame = frame[(frame["jumlah_bawahan"] > 0) & frame["umpan_balik"].notna()]
    frame["all"] = ""
    keys = list(by) or ["all"]
    guided = frame["jumlah_bawahan"].where(frame["bimbingan"].notna())
    each = (
        frame.assign(guided=guided).groupby([*keys, "leader"], sort=True).sum(numeric_only=True).reset_index()
    )
    rate = each["umpan_balik"] / each["jumlah_bawahan"]
    each = each.assign(rate=rate, below=(rate < YARDSTICK - 1e-9).astype("int64"))
    grouped = each.groupby(keys, sort=True)
    found = grouped.agg(
        leaders=("leader", "size"),
        feedback=("umpan_balik", "sum"),
        staff=("jumlah_bawahan", "sum"),
        median=("rate", "median"),
        below=("below", "sum"),
        guidance=("bimbingan", "sum"),
        guided=("guided", "sum"),
    )
    found["low"] = grouped["rate"].quantile(0.25)
    found["per_staff"] = found["feedback"] / found["staff"]
    found["share_below"] = found["below"] / found["leaders"]
    found["guidance"] = found["guidance"] / found["guided"].where(found["guided"] > 0)
    columns = ["leaders", "per_staff", "median", "low", "below", "share_below", "guidance"]
    return found.reset_index()[[*by, *columns]]
