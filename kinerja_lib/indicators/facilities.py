"""Facilities by unit, and where the gaps are. The index itself is the panel's; this reads and ranks it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

INDICES = ("fasilitas_indeks", "akses_ti_indeks")


def facility_summary(panel: pd.DataFrame, by: Sequence[str] = ("instansi", "unit_kerja")) -> pd.DataFrame:
    """Mean indices by group over its unit-quarters (not weighted by staff, since facilities are a unit's).

    Returns
    -------
    DataFrame
        ``by`` …, ``fasilitas_indeks``, ``akses_ti_indeks``, ``unit_quarters``, ``missing`` (unit-quarters
        without an index), ``staff`` (employees concerned).
    """
    names = list(dict.fromkeys([*by, "unit_kerja", "periode"]))
    units = panel.drop_duplicates(names).dropna(subset=["unit_kerja"])
    keys = [units[name].astype("object") for name in by]
    result = units.groupby(keys, sort=True).agg(
        fasilitas_indeks=("fasilitas_indeks", "mean"),
        akses_ti_indeks=("akses_ti_indeks", "mean"),
        unit_quarters=("periode", "size"),
        known=("fasilitas_indeks", "count"),
    )
    result["missing"] = result["unit_quarters"] - result["known"]
    people = panel.groupby([panel[name].astype("object") for name in by], sort=True)["id_pegawai"].nunique()
    result["staff"] = people
    return result.drop(columns="known").reset_index()


def facility_gaps(summary: pd.DataFrame, *, target: float = 60.0) -> pd.DataFrame:
    """Groups below the target index, largest gap first: their columns and ``gap`` (target − index).

    The target is a choice of the user, not of a regulation. A group at the target has no gap.
    """
    low = summary[summary["fasilitas_indeks"] < target].copy()
    low["gap"] = target - low["fasilitas_indeks"]
    return low.sort_values(["gap", *[c for c in ("instansi", "unit_kerja") if c in low]],
                           ascending=False, kind="stable", ignore_index=True)  # fmt: skip


def missing_facilities(parts: pd.DataFrame) -> pd.DataFrame:
    """How many unit-quarters lack each part (of the panel stage's ``facility_index``):

    ``part``, ``missing``, ``n``.
    """
    names = [name for name in ("kondisi", "perangkat", "internet", "aplikasi") if name in parts]
    return pd.DataFrame(
        {"part": names, "missing": [int(parts[name].isna().sum()) for name in names], "n": len(parts)}
    )


def part_summary(parts: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """The parts of the index by group, over its unit-quarters; a missing part is left out and counted, never zero.

    A unit without an asset book has no condition and no devices; one with a book that lists no device has 0 devices.

    Parameters
    ----------
    parts : DataFrame
        Of the panel stage's ``facility_index``, with ``staff`` (employees of the unit) and the columns of ``by``.

    Returns
    -------
    DataFrame
        ``by`` …, ``units``, ``staff``, the mean of each part (0–1) and of ``fasilitas_indeks``, ``<part>_missing`` (share of
        unit-quarters without it).
    """
    keys = [parts[name].astype("object") for name in by]
    names = [name for name in ("kondisi", "perangkat", "internet", "aplikasi") if name in parts]
    grouped = parts.groupby(keys, sort=True)
    result = pd.DataFrame({"units": grouped["unit_kerja"].nunique()})
    once = parts.drop_duplicates("unit_kerja")
    result["staff"] = once["staff"].groupby([once[name].astype("object") for name in by], sort=True).sum()
    result[[*names, "fasilitas_indeks"]] = grouped[[*names, "fasilitas_indeks"]].mean()
    for name in names:
        result[f"{name}_missing"] = parts[name].isna().groupby(keys, sort=True).mean()
    return result.reset_index()
