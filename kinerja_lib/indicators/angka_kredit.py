"""Angka kredit of functional posts (PermenPANRB 1/2023):

Coefficient of the level × share of the predicate.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.indicators.regulation_tables import regulation


def credit_points(jenjang_jabatan: str, predikat: str, months: int = 12) -> float:
    """Angka kredit of one appraisal; a part of a year counts by months.

    Raises
    ------
    UsageError
        No such level or predicate, or months outside 1–12.

    Examples
    --------
    >>> credit_points("Ahli Muda", "Sangat Baik"), credit_points("Ahli Pertama", "Baik", months=6)
    (37.5, 6.25)
    """
    table = regulation("angka_kredit")
    if (
        jenjang_jabatan not in table["koefisien"]
        or predikat not in table["predikat"]
        or not 1 <= months <= 12
    ):
        raise UsageError(
            Both(
                f"angka kredit tidak ada untuk {jenjang_jabatan!r}, {predikat!r}, {months} bulan",
                en=f"no credit points for {jenjang_jabatan!r}, {predikat!r}, {months} months",
            )
        )
    return float(table["koefisien"][jenjang_jabatan] * table["predikat"][predikat] * months / 12)


def credit_summary(
    penilaian: pd.DataFrame, pegawai: pd.DataFrame, tahun: int, by: Sequence[str] = ("jenjang_jabatan",)
) -> pd.DataFrame:
    """Angka kredit of the year's annual appraisals: ``by`` …, ``n``, ``total``, ``mean``, ``share_full``.

    ``share_full`` is the share that earned at least the annual coefficient. Posts outside the functional
    levels and appraisals without a predicate are left out.
    """
    table = regulation("angka_kredit")
    rows = penilaian.loc[penilaian["periode"] == str(tahun), ["id_pegawai", "predikat"]]
    people = pegawai.loc[
        pegawai["tahun"] == tahun, ["id_pegawai", "instansi", "unit_kerja", "jenjang_jabatan"]
    ]
    joined = rows.merge(people, how="inner", on="id_pegawai").dropna(subset=["jenjang_jabatan", "predikat"])
    share = joined["predikat"].astype("object").map(table["predikat"]).astype("float64")
    level = joined["jenjang_jabatan"].astype("object").map(table["koefisien"]).astype("float64")
    frame = pd.DataFrame({name: joined[name].astype("object") for name in by})
    frame["points"], frame["full"] = share * level, (share >= 1).astype("float64")
    return (
        frame.groupby(list(by), sort=True)
        .agg(
            n=("points", "size"),
            total=("points", "sum"),
            mean=("points", "mean"),
            share_full=("full", "mean"),
        )
        .reset_index()
    )
