"""What leaders do: meetings held against plan, feedback and guidance per subordinate, recognition, span.

PermenPANRB 6/2022 Ps 17–19: feedback is continuous, scheduled or incidental.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

ACTS = ("penugasan", "bimbingan", "umpan_balik", "apresiasi")


def leadership_summary(kepemimpinan: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Activities by group, sums over sums, so that a large unit weighs by its staff.

    Returns
    -------
    DataFrame
        ``by`` …, ``forms`` (unit × period), ``rapat_rencana``, ``rapat_terlaksana``, ``share_held`` (may
        pass 1), ``span`` (mean subordinates), and for each act ``<act>_per_staff`` (per subordinate and
        form), ``no_feedback`` (forms without any feedback).
    """
    keys = [kepemimpinan[name].astype("object") for name in by]
    keys = keys or [pd.Series("", index=kepemimpinan.index, name="all")]
    names = ["rapat_rencana", "rapat_terlaksana", "jumlah_bawahan", *ACTS]
    frame = kepemimpinan[names].astype("float64")
    whole = frame[["rapat_rencana", "rapat_terlaksana"]].notna().all(axis=1)
    frame["planned"] = frame["rapat_rencana"].where(whole)
    frame["held"] = frame["rapat_terlaksana"].where(whole)
    grouped = frame.groupby(keys, sort=True)
    result = pd.DataFrame({"forms": grouped.size(), "rapat_rencana": grouped["planned"].sum()})
    result["rapat_terlaksana"] = grouped["held"].sum()
    result["share_held"] = result["rapat_terlaksana"] / result["rapat_rencana"].where(
        result["rapat_rencana"] > 0
    )
    result["span"] = grouped["jumlah_bawahan"].mean()
    for name in ACTS:
        staff = frame["jumlah_bawahan"].where(frame[name].notna()).groupby(keys, sort=True).sum()
        result[f"{name}_per_staff"] = grouped[name].sum() / staff.where(staff > 0)
    result["no_feedback"] = (frame["umpan_balik"] == 0).groupby(keys, sort=True).sum()
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def span_of_control(
    kepemimpinan: pd.DataFrame, penilaian: pd.DataFrame, by: Sequence[str] = ("instansi",)
) -> pd.DataFrame:
    """How many people a leader leads. People are counted, never posts: a vacant post is led by nobody.

    A leader of several units in a period leads the staff of all of them; a form that names no leader stands for one of its
    own. A form of 0 subordinates (all posts vacant) is counted in ``without_staff`` and stays out of the mean and the
    extremes where the leader leads nobody else; a form left blank is unknown. The number on the form is set beside the
    employees of that unit whom the same leader appraised in the same period.

    Parameters
    ----------
    kepemimpinan, penilaian : DataFrame
        Tables, already cut to the same periods and scope.

    Returns
    -------
    DataFrame
        ``by`` …, ``leaders``, ``several`` (of these, who led more than one unit at once), ``span`` (mean over leaders and
        periods with staff), ``smallest``, ``largest``, ``forms``, ``without_staff``, ``unknown``, ``matched`` (forms whose leader
        appraised somebody of the unit), and over these ``stated`` (people led, by the form) and ``rated`` (people appraised).
    """
    names = list(by)
    number = kepemimpinan["jumlah_bawahan"].astype("Float64").astype("float64")
    unit = kepemimpinan["unit_kerja"].astype("object")
    leader = kepemimpinan["id_penilai"].astype("object").where(kepemimpinan["id_penilai"].notna(), unit)
    plain = (
        kepemimpinan[names].astype("object") if names else pd.DataFrame({"all": ""}, index=kepemimpinan.index)
    )
    keys = list(plain.columns)
    frame = plain.assign(
        leader=leader, periode=kepemimpinan["periode"].astype("str"), number=number, unit=unit
    )
    persons = frame.groupby([*keys, "leader", "periode"], sort=True)
    led = persons["number"].sum(min_count=1).where(lambda people: people > 0).groupby(level=keys)
    many = (persons["unit"].nunique() > 1).groupby(level=[*keys, "leader"]).any().groupby(level=keys)
    result = pd.DataFrame({"leaders": many.size(), "several": many.sum(), "span": led.mean()})
    result["smallest"], result["largest"] = led.min(), led.max()
    done = penilaian[penilaian["predikat"].notna()]
    where = ["id_penilai", "unit_kerja", "periode"]
    counts = done.astype({"unit_kerja": "object"}).groupby(where, observed=True)["id_pegawai"].nunique()
    pairs = pd.MultiIndex.from_arrays([kepemimpinan["id_penilai"], unit, kepemimpinan["periode"]])
    rated = pd.Series(counts.reindex(pairs).to_numpy(dtype="float64"), index=kepemimpinan.index)
    both = number.notna() & rated.notna()
    forms = plain.assign(
        forms=1, without_staff=number == 0, unknown=number.isna(), matched=both, stated=number.where(both, 0),
        rated=rated.where(both, 0),
    )  # fmt: skip
    sums = forms.groupby(keys, sort=True)[
        ["forms", "without_staff", "unknown", "matched", "stated", "rated"]
    ].sum()
    result = result.join(sums.astype("int64")).reset_index()
    return result if names else result.drop(columns="all")
