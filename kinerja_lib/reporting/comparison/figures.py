"""The headline figures as values of persons and units, so that a change can be split by who it comes from."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kinerja_lib.indicators import ikm
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts, is_good, meets_jp
from kinerja_lib.reporting.annual.professionalism import scores
from kinerja_lib.reporting.headline import FIGURES

_INDICES = {"facilities": "fasilitas_indeks", "leadership": "kepemimpinan_indeks"}
_DONE = ("Selesai", "Selesai terlambat")


def values(edition: Edition, year: int) -> dict[str, pd.DataFrame]:
    """What each figure of a year is made of, for all agencies.

    Parameters
    ----------
    edition : Edition
        On the whole government.
    year : int

    Returns
    -------
    dict of str to DataFrame
        By figure: ``entity`` (a pseudonym, or a unit's code where the figure belongs to units), ``instansi``,
        ``value``, ``weight``. The figure is the weighted mean of ``value``.
    """
    now = facts(edition, year)
    staff, annual = now.staff, now.annual
    found = {
        "good": _persons(annual, is_good(annual)),
        "covered": _persons(staff, staff["dinilai"]),
        "jp_share": _persons(staff, meets_jp(edition, staff)),
        "jp_mean": _persons(staff, staff["jp"]),
        **{name: _units(now.panel, now.panel[column]) for name, column in _INDICES.items()},
        "ikm": _service(edition.rows("layanan", year)),
        "on_time": _tasks(edition.rows("laporan_tugas", year)),
    }
    rated = scores(edition, year)
    found["ip_asn"] = _persons(rated, rated["ip_asn"])
    return {name: found[name] for name in FIGURES}


def figure(frame: pd.DataFrame, instansi: str | None = None) -> float:
    """Weighted mean of the values, of one agency where it is named; NaN without any."""
    part = frame if instansi is None else frame[frame["instansi"] == instansi]
    total = float(part["weight"].sum())
    return float((part["value"] * part["weight"]).sum() / total) if total else float("nan")


def figures_by_agency(frames: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, dict[str, float]]]:
    """Value and number of persons or units of each figure, for the government (``all``) and each agency."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for name, frame in frames.items():
        product = frame["value"] * frame["weight"]
        groups = pd.DataFrame({"instansi": frame["instansi"], "p": product, "w": frame["weight"]})
        summed = groups.groupby("instansi")[["p", "w"]].sum()
        counts = frame.groupby("instansi")["entity"].nunique()
        for code, row in summed.iterrows():
            found.setdefault(str(code), {})[name] = {
                "value": float(row["p"] / row["w"]),
                "n": int(counts[code]),
            }
        if len(frame):
            found.setdefault("all", {})[name] = {
                "value": figure(frame),
                "n": int(frame["entity"].nunique()),
            }
    return found


def _frame(
    entity: pd.Series, instansi: pd.Series, value: pd.Series, weight: pd.Series | float
) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "entity": entity.astype("str"),
            "instansi": instansi.astype("str"),
            "value": value.astype("float64"),
            "weight": weight,
        }
    )
    kept = frame["value"].notna() & (frame["weight"] > 0)
    return frame[kept].reset_index(drop=True)


def _persons(frame: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    return _frame(frame["id_pegawai"], frame["instansi"], value, 1.0)


def _units(frame: pd.DataFrame, value: pd.Series) -> pd.DataFrame:
    """One row a unit: its mean, weighted by the number of its rows, so that the mean over rows stays."""
    known = value.notna()
    keys = [frame.loc[known, "unit_kerja"].astype("str"), frame.loc[known, "instansi"].astype("str")]
    found = value[known].astype("float64").groupby(keys).agg(["mean", "size"]).reset_index()
    found.columns = pd.Index(["entity", "instansi", "value", "weight"])
    return found.assign(weight=found["weight"].astype("float64"))


def _service(frame: pd.DataFrame) -> pd.DataFrame:
    own = ikm(frame)
    weight = own["jumlah_responden"].astype("float64")
    parts = _frame(own["unit_kerja"], own["instansi"], own["ikm"], weight)
    product = parts.assign(product=parts["value"] * parts["weight"])
    summed = product.groupby(["entity", "instansi"], as_index=False)[["product", "weight"]].sum()
    summed["value"] = summed["product"] / summed["weight"]
    return summed[["entity", "instansi", "value", "weight"]]


def _tasks(frame: pd.DataFrame) -> pd.DataFrame:
    status = frame["status_tugas"].astype("str")
    return _units(frame, (status == "Selesai").astype("float64").where(status.isin(_DONE)))
