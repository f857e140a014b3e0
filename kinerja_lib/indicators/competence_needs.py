"""Need of competence against the training that was held (PermenPANRB 38/2017; PP 11/2017 Ps 203–205).

Needs are counted by unit and competence (table ``kebutuhan_kompetensi``), trainings by the person's unit in the
year's profile. A training belongs to the competences that its name holds a keyword of (``competences.toml``).
Who exactly needed it is not recorded, so within a unit the number trained is set against the number in need, and
never more than that: a unit's surplus covers nobody elsewhere, and coverage is an **upper bound**. A need larger than
the unit's staff is taken as all of them, and counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from kinerja_lib.indicators.keywords import Keywords, folded
from kinerja_lib.indicators.regulation_tables import regulation

KEYS = ["instansi", "unit_kerja", "kompetensi"]


def competence_of(names: pd.Series, words: Mapping[str, Sequence[str]] | None = None) -> pd.Series:
    """The competence of each need, by its name in the table or by a keyword; its own name where neither fits.

    ``words`` are further keywords by competence, here and below.
    """
    table = regulation("competences")["kompetensi"]
    own = {folded(name): name for name in (*table, *(words or {}))}
    keywords, known = _keywords((), words), dict[object, str]()
    for text in names.dropna().unique():
        found = next(iter(keywords.matches(text)), " ".join(str(text).split()))
        known[text] = own.get(folded(text), found)
    return names.map(known)


def trained(
    pelatihan: pd.DataFrame,
    pegawai: pd.DataFrame,
    tahun: int,
    names: Sequence[str],
    words: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """Trainings that ended in a year, one row a competence they serve: for the summaries only, never for print.

    Parameters
    ----------
    names : sequence of str
        Competences that somebody needs; one that the table does not know is sought by its own name.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``kompetensi`` (missing where no keyword matches), ``start``,
        ``jp``, ``biaya``.
    """
    rows = pelatihan[pelatihan["tanggal_selesai"].dt.year == tahun]
    start = rows["tanggal_mulai"].where(rows["tanggal_mulai"].notna(), rows["tanggal_selesai"])
    people = pegawai.loc[pegawai["tahun"] == tahun].drop_duplicates("id_pegawai").set_index("id_pegawai")
    who = rows["id_pegawai"]
    frame = pd.DataFrame(
        {
            "id_pegawai": who,
            "instansi": who.map(people["instansi"].astype("object")),
            "unit_kerja": who.map(people["unit_kerja"].astype("object")),
            "kompetensi": _keywords(names, words).classes_of(rows["nama_pelatihan"]),
            "start": start,
            "jp": rows["jp"].astype("float64"),
            "biaya": rows["biaya"].astype("float64"),
        }
    )
    return frame[frame["instansi"].notna()].explode("kompetensi", ignore_index=True)


def matched_share(
    pelatihan: pd.DataFrame,
    tahun: int,
    names: Sequence[str] = (),
    words: Mapping[str, Sequence[str]] | None = None,
) -> tuple[float, float]:
    """Share of the year's trainings, and of their JP, whose name belongs to a competence; NaN without training."""
    rows = pelatihan[pelatihan["tanggal_selesai"].dt.year == tahun]
    if not len(rows):
        return float("nan"), float("nan")
    hit = _keywords(names, words).classes_of(rows["nama_pelatihan"]).map(bool)
    hours = rows["jp"].astype("float64").fillna(0.0)
    return float(hit.mean()), float(hours[hit].sum() / hours.sum()) if hours.sum() else float("nan")


def unmatched_names(
    pelatihan: pd.DataFrame,
    tahun: int,
    names: Sequence[str] = (),
    words: Mapping[str, Sequence[str]] | None = None,
) -> pd.Series:
    """Participants of each training of the year whose name belongs to no competence, most first; what to add words for."""
    rows = pelatihan[pelatihan["tanggal_selesai"].dt.year == tahun]
    missed = rows[~_keywords(names, words).classes_of(rows["nama_pelatihan"]).map(bool).astype("bool")]
    found = missed.groupby(missed["nama_pelatihan"].astype("object"), sort=True)["id_pegawai"].nunique()
    return found.sort_values(ascending=False, kind="stable")


def needs_of(
    kebutuhan: pd.DataFrame, tahun: int, words: Mapping[str, Sequence[str]] | None = None
) -> pd.DataFrame:
    """Needs of a year, one row a unit and competence; two names of one competence are added up.

    Returns
    -------
    DataFrame
        ``instansi``, ``unit_kerja``, ``kompetensi``, ``jenis_kompetensi``, ``needed``, ``gap`` (levels that are
        missing, at least 0; NaN where a level is), ``proposed`` (the first day).
    """
    table = regulation("competences")["kompetensi"]
    rows = kebutuhan[(kebutuhan["tahun"] == tahun) & (kebutuhan["jumlah_membutuhkan"] > 0)]
    frame = pd.DataFrame({name: rows[name].astype("object") for name in KEYS})
    frame["kompetensi"] = competence_of(rows["kompetensi"], words)
    kind = frame["kompetensi"].map({name: entry["jenis"] for name, entry in table.items()}).astype("object")
    frame["jenis_kompetensi"] = kind.where(kind.notna(), rows["jenis_kompetensi"].astype("object"))
    frame["needed"] = rows["jumlah_membutuhkan"].astype("float64")
    gap = rows["tingkat_dibutuhkan"].astype("float64") - rows["tingkat_dimiliki"].astype("float64")
    frame["weighted"] = gap.clip(lower=0) * frame["needed"]
    frame["levelled"] = frame["needed"].where(gap.notna())
    frame["proposed"] = rows["tanggal_usulan"]
    found = frame.groupby(KEYS, sort=True).agg(
        jenis_kompetensi=("jenis_kompetensi", "first"),
        needed=("needed", "sum"),
        weighted=("weighted", "sum"),
        levelled=("levelled", "sum"),
        proposed=("proposed", "min"),
    )
    found.insert(2, "gap", found.pop("weighted") / found["levelled"].where(found["levelled"] > 0))
    return found.drop(columns="levelled").reset_index()


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
        ``by`` …, ``jenis_kompetensi``, ``kompetensi``, ``units`` (that named it), ``needed`` (people), ``trained``
        (people of those units, at most as many as each needs), ``unmet``, ``coverage`` (trained / needed; NaN
        without a need), ``without_need`` (people trained beyond the need of their unit, or where none was named),
        ``gap`` (mean of the missing levels, by people), ``jp`` (median of such a training; NaN without one), ``over``
        (units that named more people than they have). Largest unmet need first; competences that were only offered
        come last.
    """
    need = needs_of(kebutuhan, tahun, words)
    staff = (
        pegawai[pegawai["tahun"] == tahun]
        .groupby(pegawai["unit_kerja"].astype("object"))["id_pegawai"]
        .nunique()
    )
    most = need["unit_kerja"].map(staff)
    need["over"] = (need["needed"] > most).astype("int64")
    need["needed"] = need["needed"].where(need["over"] == 0, most)
    offered = trained(pelatihan, pegawai, tahun, list(need["kompetensi"]), words).dropna(
        subset=["kompetensi"]
    )
    people = offered.groupby(KEYS, sort=True)["id_pegawai"].nunique().rename("people").reset_index()
    frame = need.drop(columns="proposed").merge(people, how="outer", on=KEYS)
    frame["units"] = (frame["needed"] > 0).astype("int64")
    frame[["needed", "people", "over"]] = frame[["needed", "people", "over"]].fillna(0.0)
    frame["trained"] = frame[["needed", "people"]].min(axis=1)
    frame["without_need"] = frame["people"] - frame["trained"]
    frame["unmet"] = frame["needed"] - frame["trained"]
    frame["weighted"], frame["levelled"] = (
        frame["gap"] * frame["needed"],
        frame["needed"].where(frame["gap"].notna()),
    )
    keys = [*by, "kompetensi"]
    counts = ["units", "needed", "trained", "unmet", "without_need", "over", "weighted", "levelled"]
    found = frame.groupby(keys, sort=True)[counts].sum()
    found["jenis_kompetensi"] = frame.groupby(keys, sort=True)["jenis_kompetensi"].first()
    found = found.reset_index()
    table = regulation("competences")["kompetensi"]
    kind = found["kompetensi"].map({name: entry["jenis"] for name, entry in table.items()}).astype("object")
    found["jenis_kompetensi"] = found["jenis_kompetensi"].where(found["jenis_kompetensi"].notna(), kind)
    found["coverage"] = found["trained"] / found["needed"].where(found["needed"] > 0)
    found["gap"] = found["weighted"] / found["levelled"].where(found["levelled"] > 0)
    found["jp"] = found["kompetensi"].map(offered.groupby("kompetensi")["jp"].median())
    whole = ["units", "needed", "trained", "unmet", "without_need", "over"]
    found[whole] = found[whole].astype("int64")
    columns = ["jenis_kompetensi", "kompetensi", "units", "needed", "trained", "unmet", "coverage",
               "without_need", "gap", "jp", "over"]  # fmt: skip
    order = [*by, "unmet", "needed", "kompetensi"]
    found = found.sort_values(order, ascending=[*(True for _ in by), False, False, True], ignore_index=True)
    return found[[*by, *columns]]


def gap_summary(gap: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Coverage over all competences of ``competence_gap``, each person in need counting once.

    Returns
    -------
    DataFrame
        ``by`` …, ``needed``, ``trained``, ``unmet``, ``coverage``, ``coverage_by_level`` (each person weighs as many
        levels as are missing), ``without_need``.
    """
    keys = [gap[name].astype("object") for name in by] or [pd.Series("", index=gap.index, name="all")]
    frame = gap[["needed", "trained", "unmet", "without_need"]].astype("float64")
    frame = frame.assign(due=gap["gap"] * gap["needed"], done=gap["gap"] * gap["trained"])
    found = frame.groupby(keys, sort=True).sum().reset_index()
    found["coverage"] = found["trained"] / found["needed"].where(found["needed"] > 0)
    found["coverage_by_level"] = found["done"] / found["due"].where(found["due"] > 0)
    columns = ["needed", "trained", "unmet", "coverage", "coverage_by_level", "without_need"]
    return found[[*by, *columns]]


def _keywords(names: Sequence[str], words: Mapping[str, Sequence[str]] | None) -> Keywords:
    more = tuple((name, tuple(listed)) for name, listed in sorted((words or {}).items()))
    return _made(tuple(sorted({name for name in names if folded(name).strip()})), more)


@lru_cache(maxsize=64)
def _made(names: tuple[str, ...], more: tuple[tuple[str, tuple[str, ...]], ...]) -> Keywords:
    table = {name: list(entry["kata"]) for name, entry in regulation("competences")["kompetensi"].items()}
    for name, listed in more:
        table[name] = [*table.get(name, ()), *listed]
    return Keywords(table | {name: [name] for name in names if name not in table})
