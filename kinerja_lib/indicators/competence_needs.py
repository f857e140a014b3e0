"""Need of competence against the training that was held (PermenPANRB 38/2017; PP 11/2017 Ps 203–205).

Needs are counted by unit and competence (table ``kebutuhan_kompetensi``), trainings by the person's unit in the
year's profile. A training belongs to the competences that its name holds a keyword of (``competences.toml``).
Where the form says who needs it (a NIP), coverage is exact: the person was trained or was not, in whatever unit. Where
it gives a number only, the number trained in the unit is set against the number in need, and never more than that: a
unit's surplus covers nobody elsewhere, and coverage is an **upper bound**. A need larger than the unit's staff is taken
as all of them, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from kinerja_lib.indicators.competence_training import KEYS, competence_of, trained
from kinerja_lib.indicators.regulation_tables import regulation

COUNTS = ["units", "needed", "named", "trained", "unmet", "without_need", "over"]
COLUMNS = ["jenis_kompetensi", "kompetensi", "units", "needed", "named", "trained", "unmet", "coverage", "without_need",
           "gap", "jp", "over"]  # fmt: skip


def needs_of(
    kebutuhan: pd.DataFrame, tahun: int, words: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Needs of a year, one row a unit and competence; two names of one competence are added up, one person counts once.

    Returns
    -------
    DataFrame
        ``instansi``, ``unit_kerja``, ``kompetensi``, ``jenis_kompetensi``, ``needed``, ``gap`` (levels that are
        missing, at least 0; NaN where a level is), ``named`` (of the needed, those of whom it is known who they are),
        ``proposed`` (the first day).
    """
    frame = _lines(kebutuhan, tahun, words)
    gap = frame.pop("gap")
    frame["weighted"], frame["levelled"] = gap * frame["needed"], frame["needed"].where(gap.notna())
    frame["named"] = frame["id_pegawai"].notna().astype("float64")
    found = frame.groupby(KEYS, sort=True).agg(
        jenis_kompetensi=("jenis_kompetensi", "first"),
        needed=("needed", "sum"),
        weighted=("weighted", "sum"),
        levelled=("levelled", "sum"),
        named=("named", "sum"),
        proposed=("proposed", "min"),
    )
    found.insert(2, "gap", found.pop("weighted") / found["levelled"].where(found["levelled"] > 0))
    return found.drop(columns="levelled").reset_index()


def _lines(
    kebutuhan: pd.DataFrame, tahun: int, words: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """The year's needs line by line, competences by their name in the table; a person once a unit and competence."""
    table = regulation("competences")["kompetensi"]
    rows = kebutuhan[(kebutuhan["tahun"] == tahun) & (kebutuhan["jumlah_membutuhkan"] > 0)]
    frame = pd.DataFrame({name: rows[name].astype("object") for name in KEYS})
    frame["kompetensi"] = competence_of(rows["kompetensi"], words)
    kind = frame["kompetensi"].map({name: entry["jenis"] for name, entry in table.items()}).astype("object")
    frame["jenis_kompetensi"] = kind.where(kind.notna(), rows["jenis_kompetensi"].astype("object"))
    frame["id_pegawai"] = rows["id_pegawai"].astype("object")
    named = frame["id_pegawai"].notna()
    frame["needed"] = rows["jumlah_membutuhkan"].astype("float64").mask(named, 1.0)
    frame["gap"] = (
        rows["tingkat_dibutuhkan"].astype("float64") - rows["tingkat_dimiliki"].astype("float64")
    ).clip(lower=0)
    frame["proposed"] = rows["tanggal_usulan"]
    return frame[~(named & frame.duplicated([*KEYS, "id_pegawai"]))]


def competence_gap(
    kebutuhan: pd.DataFrame,
    pelatihan: pd.DataFrame,
    pegawai: pd.DataFrame,
    tahun: int,
    by: Sequence[str] = (),
    *,
    words: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Need against offer by competence.

    Parameters
    ----------
    kebutuhan, pelatihan, pegawai : DataFrame
        Tables of ``fields.toml``.
    tahun : int
    by : sequence of str
        ``instansi`` or ``unit_kerja``; the whole where empty.

    Returns
    -------
    DataFrame
        ``by`` …, ``jenis_kompetensi``, ``kompetensi``, ``units`` (that named it), ``needed`` (people), ``named`` (of them,
        those known by person), ``trained`` (of the named those who were, and of the others at most as many as each unit
        needs), ``unmet``, ``coverage`` (trained / needed; NaN without a need; exact where all are named, else an upper
        bound), ``without_need`` (people trained beyond the need of their unit, or where none was named), ``gap`` (mean of
        the missing levels, by people), ``jp`` (median of such a training; NaN without one), ``over`` (units that named
        more people than they have). Largest unmet need first; competences that were only offered come last.
    """
    need = _capped(needs_of(kebutuhan, tahun, words), pegawai, tahun)
    offered = trained(pelatihan, pegawai, tahun, list(need["kompetensi"]), words)
    offered = offered.dropna(subset=["kompetensi"])
    frame = _served(need, offered, _lines(kebutuhan, tahun, words))
    found = _by_competence(frame, by)
    found["jp"] = found["kompetensi"].map(offered.groupby("kompetensi")["jp"].median())
    order = [*by, "unmet", "needed", "kompetensi"]
    found = found.sort_values(order, ascending=[*(True for _ in by), False, False, True], ignore_index=True)
    return found[[*by, *COLUMNS]]


def _capped(need: pd.DataFrame, pegawai: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """A need larger than its unit's staff is all of them, and marked ``over``."""
    rows = pegawai[pegawai["tahun"] == tahun]
    most = need["unit_kerja"].map(rows.groupby(rows["unit_kerja"].astype("object"))["id_pegawai"].nunique())
    over = (need["needed"] > most) & (need["named"] < need["needed"])
    needed = need["needed"].mask(over, most.clip(lower=need["named"]))
    return need.assign(needed=needed, over=over.astype("int64"))


def _served(need: pd.DataFrame, offered: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Each unit's need and competence with those trained: the named by person, the others up to their number."""
    own = ["kompetensi", "id_pegawai"]
    people = offered[[*KEYS, "id_pegawai"]].drop_duplicates()
    named = lines.loc[lines["id_pegawai"].notna(), [*KEYS, "id_pegawai"]]
    taught = pd.MultiIndex.from_frame(people[own])
    wanted = pd.MultiIndex.from_frame(named[own])
    exact = named[wanted.isin(taught)].groupby(KEYS, sort=True).size().rename("exact").reset_index()
    others = people[~taught.isin(wanted)].groupby(KEYS, sort=True).size().rename("others").reset_index()
    frame = (
        need.drop(columns="proposed").merge(others, how="outer", on=KEYS).merge(exact, how="left", on=KEYS)
    )
    counts = ["needed", "named", "exact", "others", "over"]
    frame[counts] = frame[counts].fillna(0.0)
    covered = np.minimum(frame["needed"] - frame["named"], frame["others"])
    frame["trained"] = frame["exact"] + covered
    frame["without_need"] = frame["others"] - covered
    frame["unmet"] = frame["needed"] - frame["trained"]
    return frame


def _by_competence(frame: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Sums of units by competence."""
    frame = frame.assign(
        units=(frame["needed"] > 0).astype("int64"),
        weighted=frame["gap"] * frame["needed"],
        levelled=frame["needed"].where(frame["gap"].notna()),
    )
    grouped = frame.groupby([*by, "kompetensi"], sort=True)
    found = grouped[[*COUNTS, "weighted", "levelled"]].sum()
    found["jenis_kompetensi"] = grouped["jenis_kompetensi"].first()
    found = found.reset_index()
    table = regulation("competences")["kompetensi"]
    kind = found["kompetensi"].map({name: entry["jenis"] for name, entry in table.items()}).astype("object")
    found["jenis_kompetensi"] = found["jenis_kompetensi"].where(found["jenis_kompetensi"].notna(), kind)
    found["coverage"] = found["trained"] / found["needed"].where(found["needed"] > 0)
    found["gap"] = found["weighted"] / found["levelled"].where(found["levelled"] > 0)
    found[COUNTS] = found[COUNTS].astype("int64")
    return found


def gap_summary(gap: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Coverage over all competences of ``competence_gap``, each person in need counting once.

    Returns
    -------
    DataFrame
        ``by`` …, ``needed``, ``named``, ``trained``, ``unmet``, ``coverage``, ``coverage_by_level`` (each person weighs as
        many levels as are missing), ``without_need``.
    """
    keys = [gap[name].astype("object") for name in by] or [pd.Series("", index=gap.index, name="all")]
    frame = gap[["needed", "named", "trained", "unmet", "without_need"]].astype("float64")
    frame = frame.assign(due=gap["gap"] * gap["needed"], done=gap["gap"] * gap["trained"])
    found = frame.groupby(keys, sort=True).sum().reset_index()
    found["coverage"] = found["trained"] / found["needed"].where(found["needed"] > 0)
    found["coverage_by_level"] = found["done"] / found["due"].where(found["due"] > 0)
    columns = ["needed", "named", "trained", "unmet", "coverage", "coverage_by_level", "without_need"]
    return found[[*by, *columns]]
