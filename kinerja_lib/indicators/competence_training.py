"""Which competences a training serves, by the keywords of its name (``competences.toml``; PermenPANRB 38/2017)."""

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


def _keywords(names: Sequence[str], words: Mapping[str, Sequence[str]] | None) -> Keywords:
    more = tuple((name, tuple(listed)) for name, listed in sorted((words or {}).items()))
    return _made(tuple(sorted({name for name in names if folded(name).strip()})), more)


@lru_cache(maxsize=64)
def _made(names: tuple[str, ...], more: tuple[tuple[str, tuple[str, ...]], ...]) -> Keywords:
    table = {name: list(entry["kata"]) for name, entry in regulation("competences")["kompetensi"].items()}
    for name, listed in more:
        table[name] = [*table.get(name, ()), *listed]
    return Keywords(table | {name: [name] for name in names if name not in table})
