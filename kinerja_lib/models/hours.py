"""Training hours by kind and window, as columns beside the panel: what ``dose_by_kind`` and ``dose_lags`` read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja_lib.models.factors import column
from kinerja_lib.models.wording import model_error
from kinerja_lib.schema.periode import Periode


def hours_by_kind(
    panel: pd.DataFrame,
    pelatihan: pd.DataFrame,
    *,
    quarters: int = 4,
    kinds: Sequence[str] | None = None,
    total: bool = False,
    person: str = "id_pegawai",
    time: str = "periode",
    lang: str = "id",
) -> tuple[pd.DataFrame, list[str]]:
    """Hours of each kind of training that ended in the last quarters, the row's own included.

    Parameters
    ----------
    panel : DataFrame
        One row an employee and quarter. Rows whose ``jp_12_bulan`` is missing (an agency that sent no training
        record) stay missing.
    pelatihan : DataFrame
        Table ``pelatihan``: ``id_pegawai``, ``jenis_pelatihan``, ``tanggal_selesai``, ``jp``.
    quarters : int
        Length of the window; 1 gives the hours of the quarter itself, whose lags ``dose_lags`` can take.
    kinds : sequence of str, optional
        Those of ``pelatihan`` by default, commonest first.
    total : bool
        Add the column of all kinds together, ``jp_semua``.

    Returns
    -------
    (DataFrame, list of str)
        The panel with columns ``jp_<kind>`` (letters and digits only), and their names.

    Raises
    ------
    ModelError
        A column is missing, or a period is no quarter.
    """
    for name in (person, time):
        column(panel, name, lang)
    for name in (person, "jenis_pelatihan", "tanggal_selesai", "jp"):
        column(pelatihan, name, lang)
    codes = {value: _quarter(str(value), lang) for value in panel[time].dropna().unique()}
    at = panel[time].map(codes).to_numpy(dtype=np.float64)
    taken = pelatihan.dropna(subset=[person, "tanggal_selesai", "jp"])
    days = pd.to_datetime(taken["tanggal_selesai"])
    when = days.dt.year * 4 + days.dt.quarter
    kind = taken["jenis_pelatihan"].astype(object)
    chosen = list(kinds) if kinds is not None else [str(k) for k in kind.value_counts().index]
    wanted: dict[str, pd.Series] = {f"jp_{_slug(name)}": kind == name for name in chosen}
    if total:
        wanted["jp_semua"] = pd.Series(True, index=taken.index)
    people = panel[person].to_numpy()
    unknown = (
        panel["jp_12_bulan"].isna().to_numpy()
        if "jp_12_bulan" in panel.columns
        else np.zeros(len(panel), bool)
    )
    added = {}
    for name, own in wanted.items():
        sums = taken.loc[own, "jp"].astype("float64").groupby([taken.loc[own, person], when[own]]).sum()
        hours = np.zeros(len(panel))
        for back in range(quarters):
            keys = pd.MultiIndex.from_arrays([people, at - back])
            hours += sums.reindex(keys).fillna(0.0).to_numpy() if len(sums) else 0.0
        added[name] = np.where(unknown, np.nan, hours)
    return panel.assign(**added), list(wanted)


def _quarter(text: str, lang: str) -> int:
    if "-Q" not in text:
        raise model_error(
            lang, f'Periode "{text}" bukan triwulan.', f'Period "{text}" is no quarter.',
            ("Saring baris triwulanan lebih dahulu.", "Choose the quarterly rows first."),
        )  # fmt: skip
    period = Periode(text)
    return int(period.year * 4 + int(text[-1]))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
