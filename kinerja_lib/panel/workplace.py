"""Unit indices from the asset book and the leaders' form; parts and weights stand in ``weights.toml``.

Both are means of the parts that are available, times 100. A missing part is left out and named in
``parts_missing``, never filled in. No part depends on the distribution of the sample, so an index means the
same in every edition.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.panel.alignment import Floats, codes_of, first_quarters, latest

FACILITY_PARTS = ("kondisi", "perangkat", "internet", "aplikasi")
ACCESS_PARTS = ("perangkat", "internet", "aplikasi")
LEADERSHIP_PARTS = ("rapat", "umpan_balik", "bimbingan", "apresiasi")


@cache
def rules() -> dict[str, Any]:
    """``weights.toml``."""
    text = files("kinerja_lib.panel").joinpath("weights.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def facility_index(
    fasilitas: pd.DataFrame,
    headcount: pd.DataFrame,
    asked: pd.DataFrame,
    *,
    weights: dict[str, float] | None = None,
) -> pd.DataFrame:
    """Facility index 0–100 of units in quarters.

    * kondisi: (baik + ½ kurang baik) / all items of the unit's latest asset book, network left out;
    * perangkat: usable Perangkat TI (baik + kurang baik) per employee of the unit, at most 1;
    * internet: Mbps / 100, at most 1; · aplikasi: availability in percent / 100.

    A book or form counts from the quarter in which its period starts (the book of 2024 from 2024-Q1) until
    a newer one or its age limit.

    Parameters
    ----------
    fasilitas : DataFrame
        Table ``fasilitas``.
    headcount : DataFrame
        ``unit_kerja``, ``tahun``, ``jumlah``: employees of the unit in the profile of a year.
    asked : DataFrame
        ``unit_kerja``, ``periode`` (quarters), one row a pair.
    weights : dict, optional
        Instead of those in ``weights.toml``.

    Returns
    -------
    DataFrame
        The rows of ``asked`` with the four parts (0–1), ``fasilitas_indeks``, ``akses_ti_indeks`` and
        ``parts_missing`` (names joined by a comma).
    """
    rule = rules()["fasilitas"]
    units = pd.Index(sorted(set(fasilitas["unit_kerja"].dropna().astype("str"))), dtype="str")
    group, time = codes_of(asked["unit_kerja"], units), first_quarters(asked["periode"])
    network = fasilitas["kelompok_fasilitas"].astype("str") == "Jaringan"
    result = asked[["unit_kerja", "periode"]].reset_index(drop=True)
    book = _taken(_books(fasilitas[~network], rule), units, group, time, rule["book_max_age"])
    net = _taken(_networks(fasilitas[network]), units, group, time, rule["network_max_age"])
    staff = _staff(headcount, asked)
    with np.errstate(divide="ignore", invalid="ignore"):
        result["kondisi"] = np.where(book["items"] > 0, book["score"] / book["items"], np.nan)
        per_head = book["usable"] / staff / rule["devices_per_employee"]
    result["perangkat"] = np.where(staff > 0, np.minimum(per_head, 1), np.nan)
    result["internet"] = np.minimum(net["kecepatan_internet"] / rule["internet_target"], 1)
    result["aplikasi"] = net["ketersediaan_aplikasi"] / 100
    used = rule["weights"] | (weights or {})
    result["fasilitas_indeks"] = weighted_index(result[list(FACILITY_PARTS)], used)
    result["akses_ti_indeks"] = weighted_index(result[list(ACCESS_PARTS)], used)
    result["parts_missing"] = missing_parts(result[list(FACILITY_PARTS)])
    return result


def leadership_index(kepemimpinan: pd.DataFrame, *, weights: dict[str, float] | None = None) -> pd.DataFrame:
    """Leadership index 0–100 of units in quarters.

    Meetings held / planned, and feedback, guidance and recognition per subordinate, each at most 1; the
    mean of the parts available, times 100. A part without its divisor (no meetings planned, no
    subordinates) is missing.

    Returns
    -------
    DataFrame
        ``unit_kerja``, ``periode``, the four parts, ``kepemimpinan_indeks``, ``parts_missing``.
    """
    rule = rules()["kepemimpinan"]
    number = {
        name: kepemimpinan[name].astype("float64").reset_index(drop=True)
        for name in ("rapat_rencana", "rapat_terlaksana", "jumlah_bawahan", *LEADERSHIP_PARTS[1:])
    }
    staff = number["jumlah_bawahan"].where(number["jumlah_bawahan"] > 0)
    planned = number["rapat_rencana"].where(number["rapat_rencana"] > 0)
    result = kepemimpinan[["unit_kerja", "periode"]].reset_index(drop=True)
    result["rapat"] = (number["rapat_terlaksana"] / planned).clip(upper=1)
    for name in LEADERSHIP_PARTS[1:]:
        result[name] = (number[name] / staff / rule["per_subordinate"]).clip(upper=1)
    parts = result[list(LEADERSHIP_PARTS)]
    result["kepemimpinan_indeks"] = weighted_index(parts, rule["weights"] | (weights or {}))
    result["parts_missing"] = missing_parts(parts)
    return result


def weighted_index(parts: pd.DataFrame, weights: dict[str, float]) -> Floats:
    """Weighted mean of the available parts of each row, times 100; NaN where none is available."""
    values = parts.to_numpy(dtype="float64")
    weight = np.where(np.isnan(values), 0.0, np.array([weights[name] for name in parts.columns]))
    total = weight.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(values * weight, axis=1) / np.where(total > 0, total, np.nan) * 100)


def missing_parts(parts: pd.DataFrame) -> list[str]:
    """Names of the missing parts of each row, joined by a comma."""
    absent, names = parts.isna().to_numpy(), list(parts.columns)
    patterns, where = np.unique(absent, axis=0, return_inverse=True)
    texts = [", ".join(name for name, gone in zip(names, row, strict=True) if gone) for row in patterns]
    return [texts[place] for place in where.ravel()]


def _books(book: pd.DataFrame, rule: dict[str, Any]) -> pd.DataFrame:
    good, fair, bad = (
        book[f"jumlah_{kind}"].astype("float64").fillna(0) for kind in ("baik", "kurang_baik", "rusak_berat")
    )
    device = (book["kelompok_fasilitas"].astype("str") == "Perangkat TI").astype("float64")
    frame = pd.DataFrame(
        {
            "unit_kerja": book["unit_kerja"].astype("str"),
            "quarter": first_quarters(book["periode"]),
            "score": good + rule["fair_condition"] * fair,
            "items": good + fair + bad,
            "usable": (good + fair) * device,
        }
    )
    return frame.groupby(["unit_kerja", "quarter"], sort=True).sum().reset_index()


def _networks(rows: pd.DataFrame) -> pd.DataFrame:
    return (
        pd.DataFrame(
            {
                "unit_kerja": rows["unit_kerja"].astype("str"),
                "quarter": first_quarters(rows["periode"]),
                "kecepatan_internet": rows["kecepatan_internet"].astype("float64"),
                "ketersediaan_aplikasi": rows["ketersediaan_aplikasi"].astype("float64"),
            }
        )
        .groupby(["unit_kerja", "quarter"], sort=True)
        .mean()
        .reset_index()
    )


def _taken(source: pd.DataFrame, units: pd.Index, group: Any, time: Any, max_age: int) -> dict[str, Floats]:
    quarter = source["quarter"].to_numpy(dtype="int64")
    place = latest(codes_of(source["unit_kerja"], units), quarter, group, time, max_age)
    found: dict[str, Floats] = {}
    for name in source.columns.drop(["unit_kerja", "quarter"]):
        values = np.append(source[name].to_numpy(dtype="float64"), np.nan)
        found[str(name)] = np.asarray(values[place])
    return found


def _staff(headcount: pd.DataFrame, asked: pd.DataFrame) -> Floats:
    units = pd.Index(sorted(set(headcount["unit_kerja"].dropna().astype("str"))), dtype="str")
    year = headcount["tahun"].to_numpy(dtype="int64")
    place = latest(
        codes_of(headcount["unit_kerja"], units),
        year,
        codes_of(asked["unit_kerja"], units),
        first_quarters(asked["periode"]) // 4,
        10,
    )
    return np.asarray(np.append(headcount["jumlah"].to_numpy(dtype="float64"), np.nan)[place])
