"""What a delivery asks of those who sent it: rows to mend, by unit and reason, and the whole as plain values."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.cleaning import reason_advice, reason_label
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.drift import drifts, last_period
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.quality import SEVERAL, UNKNOWN, Delivery, by_group, load_delivery
from kinerja_lib.workflow.receipts import receipts

NO_ACTION = frozenset(
    {"kembar", "kurang_lengkap", "versi_lama", "tidak_dipakai"}
)  # nothing is asked for these


def requests(delivery: Delivery, *, minimum_group: int) -> pd.DataFrame:
    """Rows and cells to mend, by agency, unit, table and reason; most first.

    A row belongs to the unit that it names, else to its sheet's where that is one unit's. Units with
    fewer people than ``minimum_group`` are left to their agency, since a count there may point at a person.

    Returns
    -------
    DataFrame
        ``instansi``, ``unit_kerja`` (both may be empty), ``table``, ``reason``, ``rejected`` (rows not kept),
        ``emptied`` (cells left empty in kept rows).
    """
    ledger, cells = delivery.ledger, delivery.cells
    lost = ledger[(ledger["action"] == "rejected") | (ledger["reason"] == "fakta_bertentangan")]
    part = ["file", "sheet", "row", "table", "reason"]
    rows = pd.concat(
        [
            lost[part].assign(rejected=1, emptied=0),
            cells.loc[cells["kept"].astype("bool"), part].assign(rejected=0, emptied=1),
        ],
        ignore_index=True,
    )
    rows = rows[~rows["reason"].isin(NO_ACTION)]
    places = _places(delivery)
    source = rows["file"] + "#" + rows["sheet"]
    own = [places.get((one, int(row))) for one, row in zip(source, rows["row"], strict=True)]
    whole = [places.get((one, 0)) for one in source]
    agency = dict(
        zip(
            zip(delivery.sheets["file"], delivery.sheets["sheet"], strict=True),
            delivery.sheets["instansi"],
            strict=True,
        )
    )
    units, agencies = [], []
    large = large_units(delivery, minimum_group)
    for key, mine, theirs in zip(zip(rows["file"], rows["sheet"], strict=True), own, whole, strict=True):
        place = mine or theirs
        units.append(place[1] if place and place[1] in large else UNKNOWN)
        agencies.append(place[0] if place else agency.get(key, UNKNOWN))
    rows = rows.assign(instansi=agencies, unit_kerja=units)
    keys = ["instansi", "unit_kerja", "table", "reason"]
    sums = rows.groupby(keys, as_index=False)[["rejected", "emptied"]].sum()
    order = (sums["rejected"] + sums["emptied"]).rename("_all")
    return (
        sums.assign(_all=order)
        .sort_values(["_all", *keys], ascending=[False, *[True] * 4])
        .drop(columns="_all")
        .reset_index(drop=True)
    )


def _places(delivery: Delivery) -> dict[tuple[str, int], tuple[str, str]]:
    """Agency and unit of each row with an unreadable cell, and (under row 0) of sheets of one unit."""
    cells = delivery.cells
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for frame in delivery.tables.values():
        if "instansi" not in frame or "unit_kerja" not in frame:
            continue
        places = _texts(frame).groupby(frame["sumber"].astype("str")).agg(["first", "nunique"])
        alone = places[(places["instansi", "nunique"] == 1) & (places["unit_kerja", "nunique"] == 1)]
        for source, agency, unit in zip(
            alone.index, alone["instansi", "first"], alone["unit_kerja", "first"], strict=True
        ):
            found[str(source), 0] = (agency, unit)
    named = _texts(cells)
    for file, sheet, row, agency, unit in zip(
        cells["file"], cells["sheet"], cells["row"], named["instansi"], named["unit_kerja"], strict=True
    ):
        if agency or unit:
            found.setdefault((f"{file}#{sheet}", int(row)), (agency, unit))
    return found


def _texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Agency and unit as texts, empty where unknown."""
    return frame[["instansi", "unit_kerja"]].astype("object").fillna(UNKNOWN).astype("str")


def large_units(delivery: Delivery, minimum_group: int) -> set[str]:
    """Units with at least so many people: in the newest year of their profiles, else among the appraisals."""
    staff = delivery.tables.get("pegawai")
    if staff is not None and len(staff):
        staff = staff[staff["tahun"] == staff["tahun"].max()]
    else:
        staff = delivery.tables.get("penilaian")
    if staff is None or staff.empty:
        return set()
    sizes = staff.groupby(staff["unit_kerja"].astype("str"))["id_pegawai"].nunique()
    return set(sizes[sizes >= minimum_group].index)


def validate(project: Project, *, period: str = "", lang: str = "id") -> dict[str, Any]:
    """The validation of the project's cleaned exports, as plain values.

    Parameters
    ----------
    project : Project
        It must have been cleaned.
    period : str
        A year or a quarter; all of the delivery, and the drift of its newest quarter, where empty.
    lang : {"id", "en"}

    Returns
    -------
    dict
        ``files`` (with counts and shares), ``unreadable``, ``agencies``, ``timeliness`` (of each sheet: when it was due,
        when and by what evidence it was exported, days late), ``trend`` (appraisals by period), ``drift`` (by agency),
        ``requests`` (reason in words, with what to do).
    """
    every = load_delivery(project)
    delivery = every.within(Periode(period)) if period else every
    sheets = delivery.sheets
    appraisals = delivery.tables.get("penilaian", pd.DataFrame())
    wanted = requests(delivery, minimum_group=project.config.privacy.minimum_group)
    asked = [
        {**row, "label": reason_label(row["reason"], lang), "advice": reason_advice(row["reason"], lang)}
        for row in wanted.to_dict("records")
    ]
    suffix = "_en" if lang == "en" else ""
    bad = delivery.unreadable
    named = bad.reindex(columns=["file", "instansi", f"message{suffix}", f"action{suffix}"])
    return {
        "files": _plain(by_group(sheets, "file", "instansi")),
        "unreadable": _plain(named.rename(columns={"message_en": "message", "action_en": "action"})),
        "agencies": _plain(by_group(sheets, "instansi")),
        "timeliness": _plain(receipts(delivery)),
        "trend": _plain(by_group(every.sheets[every.sheets["table"] == "penilaian"], "periode")),
        "drift": _drift(appraisals, period, project.config.privacy.minimum_group),
        "requests": asked,
    }


def _drift(appraisals: pd.DataFrame, period: str, smallest: int) -> list[dict[str, Any]]:
    if appraisals.empty:
        return []
    newest = max(Periode(text) for text in appraisals["periode"].dropna().astype("str").unique())
    quarter = last_period(appraisals, Periode(period) if period else Periode(str(newest.year)))
    if quarter is None:
        return []
    return [
        {"instansi": name, "periode": str(quarter), "n": one.n, "n_before": one.n_before, "psi": round(one.psi, 4),
         "limit": round(one.limit, 4), "shifted": one.shifted, "people_moved": one.people_moved}
        for name, one in drifts(appraisals, quarter, "instansi").items()
        if min(one.n, one.n_before) >= smallest
    ]  # fmt: skip


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows with None for what is missing and fewer digits than anyone reads."""
    return [
        {name: None if pd.isna(v) else round(v, 4) if isinstance(v, float) else v for name, v in row.items()}
        for row in frame.astype("object").to_dict("records")
    ]


__all__ = ["NO_ACTION", "SEVERAL", "large_units", "requests", "validate"]
