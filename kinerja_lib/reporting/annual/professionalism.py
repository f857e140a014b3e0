"""IP ASN of each employee in a year (PermenPANRB 38/2018, Peraturan BKN 8/2019), from the cleaned tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.reporting.annual.edition import Edition

DIMENSIONS = {"kualifikasi": 25.0, "kompetensi": 40.0, "kinerja": 30.0, "disiplin": 5.0}
QUALIFICATION = {
    "S3": 25.0, "S2": 20.0, "D4/S1": 15.0, "D3": 10.0, "D2": 5.0, "D1": 5.0, "SMA": 5.0, "SMP": 1.0, "SD": 1.0,
}  # fmt: skip
PERFORMANCE = {
    "Sangat Baik": 30.0, "Baik": 25.0, "Butuh Perbaikan": 15.0, "Kurang/Misconduct": 5.0, "Sangat Kurang": 1.0,
}  # fmt: skip
DISCIPLINE = {"Ringan": 3.0, "Sedang": 2.0, "Berat": 1.0}
# exclusive lower limits, so that 80.5 is Tinggi
BANDS = (
    (90.0, "Sangat Tinggi"),
    (80.0, "Tinggi"),
    (70.0, "Sedang"),
    (60.0, "Rendah"),
    (-1.0, "Sangat Rendah"),
)


def scores(edition: Edition, year: int) -> pd.DataFrame:
    """The four dimensions and their sum, for staff with schooling and an annual predicate.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``jenis_jabatan``, the four dimensions, ``ip_asn``.
    """
    staff = edition.rows("pegawai", year).drop_duplicates("id_pegawai").set_index("id_pegawai")
    appraised = edition.rows("penilaian", year)
    appraised = appraised[appraised["predikat"].notna()].sort_values("periode")
    annual = appraised[appraised["periode"] == str(year)]
    last = (annual if len(annual) else appraised).drop_duplicates("id_pegawai", keep="last")
    predikat = last.set_index("id_pegawai")["predikat"].astype("str")
    punished = edition.rows("hukuman", year, everyone=True)
    points = punished["tingkat_hukuman"].astype("str").map(DISCIPLINE)
    discipline = points.groupby(punished["id_pegawai"]).min()
    frame = staff[["instansi", "unit_kerja", "jenis_jabatan"]].assign(
        kualifikasi=staff["pendidikan"].astype("str").map(QUALIFICATION),
        kompetensi=_competence(edition, staff, year),
        kinerja=predikat.map(PERFORMANCE).reindex(staff.index),
        disiplin=discipline.reindex(staff.index).fillna(DIMENSIONS["disiplin"]).astype("float64"),
    )
    frame = frame.dropna(subset=list(DIMENSIONS))
    return frame.assign(ip_asn=frame[list(DIMENSIONS)].sum(axis=1)).reset_index()


def band(score: float) -> str:
    """Category of a score; the limits are exclusive below (80 < x ≤ 90 is Tinggi)."""
    return next(name for limit, name in BANDS if score > limit)


def _competence(edition: Edition, staff: pd.DataFrame, year: int) -> pd.Series:
    trained = edition.rows("pelatihan", everyone=True)
    day = pd.to_datetime(trained["tanggal_selesai"])
    ever = trained[day.dt.year <= year]
    kinds = ever["jenis_pelatihan"].astype("str")
    this_year = ever[day[ever.index].dt.year == year]
    hours = this_year.groupby("id_pegawai")["jp"].sum().reindex(staff.index).fillna(0) >= 20
    seminar = staff.index.isin(
        this_year.loc[this_year["jenis_pelatihan"].astype("str") == "Seminar", "id_pegawai"]
    )
    post = staff["jenis_jabatan"].astype("str")
    role = np.where(
        post == "Fungsional",
        staff.index.isin(ever.loc[kinds == "Fungsional", "id_pegawai"]),
        staff.index.isin(ever.loc[kinds == "Kepemimpinan", "id_pegawai"]),
    )
    clerk = (post == "Pelaksana").to_numpy()
    points = np.where(clerk, 22.5 * hours + 17.5 * seminar, 15.0 * role + 15.0 * hours + 10.0 * seminar)
    return pd.Series(points, index=staff.index)
