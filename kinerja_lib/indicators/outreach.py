"""Outreach to staff: events, whom they reached, their themes, and awareness of a unit before and after.

Attendance lists are counted without names, so that a person at two events counts twice among attendances. Reach is
therefore given between two bounds. Respondents of the survey are not linked to employees: before and after are
means of a unit, never of a person.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.indicators.grouping import level_shares
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.periode import Periode

GROUPS = ("dengan", "tanpa", "tidak_jelas")
SUMMED = (
    "staff", "units", "units_reached", "events", "participants", "largest", "all", "capped", "counted",
)  # fmt: skip


def outreach_summary(
    penyuluhan: pd.DataFrame, pegawai: pd.DataFrame, tahun: int, by: Sequence[str] = ("instansi",)
) -> pd.DataFrame:
    """Events of a year and the staff they reached.

    Of each unit at least as many people were reached as came to its largest event, and at most as many as came to
    all, never more than its staff: guests sign attendance lists too.

    Returns
    -------
    DataFrame
        ``by`` …, ``staff``, ``units``, ``units_reached`` (with an event), ``events``, ``participants``
        (attendances, as listed), ``reach_low``, ``reach_high`` (0–1, of all staff; NaN where no event counted its
        participants), ``capped`` (units where more came than are staff).
    """
    units = _reached(penyuluhan, pegawai, tahun)
    groups = [units[name] for name in by] or [pd.Series("", index=units.index, name="all_units")]
    found = units.groupby(groups, sort=True)[list(SUMMED)].sum().reset_index()
    known = found["counted"] > 0
    for name, total in (("reach_low", "largest"), ("reach_high", "all")):
        found[name] = (found[total] / found["staff"].where(found["staff"] > 0)).where(known)
    found["participants"] = found["participants"].astype("int64")
    columns = [
        "staff",
        "units",
        "units_reached",
        "events",
        "participants",
        "reach_low",
        "reach_high",
        "capped",
    ]
    return found[[*by, *columns]]


def _reached(penyuluhan: pd.DataFrame, pegawai: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """Each unit with staff: its events, attendances, and the bounds of whom they reached."""
    people = pegawai[pegawai["tahun"] == tahun].drop_duplicates("id_pegawai")
    keys = ["instansi", "unit_kerja"]
    plain = pd.DataFrame({name: people[name].astype("object") for name in keys}).dropna()
    units = plain.groupby(keys, sort=True).size().rename("staff").reset_index()
    events = penyuluhan[pd.to_datetime(penyuluhan["tanggal"]).dt.year == tahun]
    grouped = events["jumlah_peserta"].astype("float64").groupby(events["unit_kerja"].astype("object"))
    came, code = grouped.agg(["size", "sum", "max", "count"]), units["unit_kerja"]
    for name, source in (
        ("events", "size"),
        ("participants", "sum"),
        ("largest", "max"),
        ("counted", "count"),
    ):
        units[name] = code.map(came[source]).fillna(0.0)
    units["events"] = units["events"].astype("int64")
    units["largest"] = np.minimum(units["largest"], units["staff"])
    units["all"] = np.minimum(units["participants"], units["staff"])
    units["capped"] = (units["participants"] > units["staff"]).astype("int64")
    units["units_reached"] = (units["events"] > 0).astype("int64")
    return units.assign(units=1)


def outreach_themes(penyuluhan: pd.DataFrame, tahun: int, by: Sequence[str] = ()) -> pd.DataFrame:
    """Events of a year by theme; the columns of ``level_shares``, and ``participants``."""
    own = penyuluhan[pd.to_datetime(penyuluhan["tanggal"]).dt.year == tahun]
    found = level_shares(own, "tema_penyuluhan", field("tema_penyuluhan").categories, by)
    keys = [*by, "tema_penyuluhan"]
    came = own["jumlah_peserta"].astype("float64").groupby([own[name].astype("str") for name in keys]).sum()
    index = (
        pd.MultiIndex.from_frame(found[keys].astype("str")) if by else found["tema_penyuluhan"].astype("str")
    )
    found["participants"] = came.reindex(index).fillna(0).to_numpy(dtype="int64")
    return found


def outreach_changes(
    survei: pd.DataFrame,
    penyuluhan: pd.DataFrame,
    before: str,
    now: str,
    *,
    instrumen: str = "kesadaran",
    minimum_group: int = 5,
) -> pd.DataFrame:
    """Change of a survey scale in each unit between two rounds, and whether it had an event between them.

    An event counts from the day after the first round's period to the day before the second's. A unit whose only
    events lie within the second round's own period is ``tidak_jelas``: whether they came before the answers is not
    known. Units with fewer than ``minimum_group`` respondents in a round have no change.

    Parameters
    ----------
    before, now : str
        Periods of the rounds, as ``2024-Q3``.

    Returns
    -------
    DataFrame
        ``instansi``, ``unit_kerja``, ``n_before``, ``n_now``, ``before``, ``now`` (0–100), ``change``, ``events``,
        ``group`` (one of ``GROUPS``).
    """
    rows = survei[survei["instrumen"].astype("str") == instrumen]
    first, second = (_unit_means(rows[rows["periode"] == periode]) for periode in (before, now))
    frame = pd.concat([first, second], axis=1, join="inner")
    frame.columns = pd.Index(["n_before", "before", "n_now", "now"])
    few = (frame["n_before"] < minimum_group) | (frame["n_now"] < minimum_group)
    frame["change"] = (frame["now"] - frame["before"]).mask(few)
    day = pd.to_datetime(penyuluhan["tanggal"])
    unit = penyuluhan["unit_kerja"].astype("object")
    after, until, end = map(pd.Timestamp, (Periode(before).end, Periode(now).start, Periode(now).end))
    between = unit[(day > after) & (day < until)].value_counts()
    during = set(unit[(day >= until) & (day <= end)])
    code = pd.Series(frame.index.get_level_values("unit_kerja"), index=frame.index)
    frame["events"] = code.map(between).fillna(0).astype("int64")
    unclear = code.isin(during) & (frame["events"] == 0)
    frame["group"] = np.select([frame["events"] > 0, unclear], ["dengan", "tidak_jelas"], "tanpa")
    order = ["n_before", "n_now", "before", "now", "change", "events", "group"]
    return frame[order].reset_index()


def _unit_means(rows: pd.DataFrame) -> pd.DataFrame:
    """Respondents of each unit and the mean of their own means on 0–100."""
    keys = ["instansi", "unit_kerja"]
    plain = pd.DataFrame({name: rows[name].astype("object") for name in (*keys, "id_responden")})
    plain["skor"] = (rows["skor"].astype("float64") - 1) * 25
    person = plain.groupby([*keys, "id_responden"], sort=True)["skor"].mean()
    return person.groupby(level=[0, 1]).agg(["size", "mean"])
