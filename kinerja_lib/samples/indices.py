"""The two unit indices that the built-in process uses, as formulas over the tidy tables.

The panel computes the same ones on its own; a test holds the two together.
"""

from __future__ import annotations

import pandas as pd

INTERNET_TARGET = 100.0  # Mbps at which a unit counts as fully served


def facility_index(fasilitas: pd.DataFrame, headcount: pd.DataFrame, quarters: list[str]) -> pd.DataFrame:
    """Facility index 0–100 of each unit and quarter.

    The mean of the parts that are available, times 100:

    * condition: Σ(baik + ½ kurang baik) / Σ(all items) over the unit's groups other than Jaringan;
    * devices: usable Perangkat TI (baik + kurang baik) per employee, at most 1;
    * internet: Mbps / 100, at most 1; · applications: availability in percent / 100.

    The asset book is a year's (``periode`` 2024) and holds for that year's quarters; the network rows are
    quarterly. Employees are the rows of ``pegawai`` in that unit and year.

    Parameters
    ----------
    fasilitas : DataFrame
        Table ``fasilitas``.
    headcount : DataFrame
        ``unit_kerja``, ``tahun``, ``jumlah``.
    quarters : list of str

    Returns
    -------
    DataFrame
        ``unit_kerja``, ``periode``, ``fasilitas_indeks``, ``akses_ti_indeks`` (mean of the device,
        internet and application parts).
    """
    book = fasilitas[fasilitas["kelompok_fasilitas"] != "Jaringan"].copy()
    good, fair, bad = (book[f"jumlah_{k}"].astype("float64") for k in ("baik", "kurang_baik", "rusak_berat"))
    device = (book["kelompok_fasilitas"] == "Perangkat TI").astype("float64")
    sums = (
        pd.DataFrame(
            {
                "unit_kerja": book["unit_kerja"].astype("str"),
                "tahun": book["periode"].str[:4],
                "score": good + 0.5 * fair,
                "items": good + fair + bad,
                "usable": (good + fair) * device,
            }
        )
        .groupby(["unit_kerja", "tahun"])
        .sum()
        .reset_index()
    )
    people = headcount.assign(tahun=headcount["tahun"].astype("str"))
    net = fasilitas[fasilitas["kelompok_fasilitas"] == "Jaringan"]
    grid = pd.DataFrame(
        [(unit, quarter) for unit in sorted(set(people["unit_kerja"])) for quarter in quarters],
        columns=["unit_kerja", "periode"],
    )
    grid["tahun"] = grid["periode"].str[:4]
    grid = grid.merge(sums, how="left", on=["unit_kerja", "tahun"])
    grid = grid.merge(people, how="left", on=["unit_kerja", "tahun"])
    grid = grid.merge(
        net[["unit_kerja", "periode", "kecepatan_internet", "ketersediaan_aplikasi"]].astype(
            {"unit_kerja": "str"}
        ),
        how="left", on=["unit_kerja", "periode"],
    )  # fmt: skip
    access = pd.DataFrame(
        {
            "devices": (grid["usable"] / grid["jumlah"]).clip(upper=1),
            "internet": (grid["kecepatan_internet"] / INTERNET_TARGET).clip(upper=1),
            "applications": grid["ketersediaan_aplikasi"] / 100,
        }
    )
    parts = access.assign(condition=grid["score"] / grid["items"])
    return grid[["unit_kerja", "periode"]].assign(
        fasilitas_indeks=parts.mean(axis=1) * 100, akses_ti_indeks=access.mean(axis=1) * 100
    )


def leadership_index(kepemimpinan: pd.DataFrame) -> pd.DataFrame:
    """Leadership index 0–100 of each unit and quarter: mean of four parts, each at most 1, times 100.

    Meetings held / planned, and feedback, guidance and recognition per subordinate.

    Returns
    -------
    DataFrame
        ``unit_kerja``, ``periode``, ``kepemimpinan_indeks``.
    """
    staff = kepemimpinan["jumlah_bawahan"].astype("float64")
    parts = pd.DataFrame(
        {
            name: (kepemimpinan[name].astype("float64") / staff).clip(upper=1)
            for name in ("umpan_balik", "bimbingan", "apresiasi")
        }
    )
    planned = kepemimpinan["rapat_rencana"].astype("float64")
    parts["rapat"] = (kepemimpinan["rapat_terlaksana"].astype("float64") / planned).clip(upper=1)
    return pd.DataFrame(
        {
            "unit_kerja": kepemimpinan["unit_kerja"].astype("str"),
            "periode": kepemimpinan["periode"],
            "kepemimpinan_indeks": parts.mean(axis=1) * 100,
        }
    )


def training_hours(pelatihan: pd.DataFrame, ends: dict[str, pd.Timestamp], people: pd.Series) -> pd.DataFrame:
    """JP of trainings that ended in the 12 months before each period's end.

    A training counts where ``end − 12 months < tanggal_selesai ≤ end``.

    Returns
    -------
    DataFrame
        ``id_pegawai`` × period (columns), JP.
    """
    day = pelatihan["tanggal_selesai"]
    found = {}
    for periode, end in ends.items():
        inside = (day <= end) & (day > end - pd.DateOffset(months=12))
        found[periode] = pelatihan[inside].groupby("id_pegawai")["jp"].sum()
    return pd.DataFrame(found).reindex(people).fillna(0.0)
