"""The panel: one row per employee and quarter, with what surrounded the appraisal.

Long because the joins are one sequence, and each step reads the one before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.errors import Both, SchemaError
from kinerja_lib.panel.alignment import (
    Integers,
    codes_of,
    first_quarters,
    latest,
    quarterly,
    quarters_of_days,
    window_sums,
)
from kinerja_lib.panel.coverage import Coverage
from kinerja_lib.panel.survey import INDICES, survey_index
from kinerja_lib.panel.workplace import facility_index, leadership_index
from kinerja_lib.schema.fields import field, table
from kinerja_lib.schema.predikat import PREDIKAT
from kinerja_lib.schema.tables import dtype_of, typed

PROFILE = ("jenis_kelamin", "status_pegawai", "golongan", "jenis_jabatan", "jenjang_jabatan", "pendidikan")
CARRIED = (
    "hasil_kerja",
    "perilaku_kerja",
    "predikat",
    "predikat_berbeda",
    "tanggal_penetapan_skp",
    "skp_berjenjang",
)


@dataclass(frozen=True)
class PanelOptions:
    """How the panel is built.

    ``minimum_group``: respondents a unit needs for a survey index. ``profile_max_age``: years a profile may
    be older than the period. ``weights`` and ``leadership_weights``: of the facility and of the leadership
    index, instead of those in ``weights.toml``.
    """

    minimum_group: int = 5
    profile_max_age: int = 10
    weights: Mapping[str, float] | None = None
    leadership_weights: Mapping[str, float] | None = None


@dataclass(frozen=True)
class PanelResult:
    """``panel`` (typed table ``panel``) and ``coverage`` (rows and people lost per stage and agency, with
    Why).
    """

    panel: pd.DataFrame
    coverage: pd.DataFrame


def build_panel(tables: Mapping[str, pd.DataFrame], *, options: PanelOptions | None = None) -> PanelResult:
    """Join the tables to one row per employee and quarter.

    Only quarterly appraisals with a predicate become rows; nothing is filled in. Training, rewards and
    sanctions count in the 12 months that end with the quarter (missing for an agency that sent no training
    record at all); the profile is that of the year or the nearest earlier one; a unit left out of the
    appraisal is that of the profile; the organisation's predicate is the appraisal's, else that of the
    year, else of the year before (PermenPANRB 6/2022: last year's holds until the new one is out).

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Cleaned tables of ``fields.toml``; ``penilaian`` is needed, any other may be absent.

    Raises
    ------
    SchemaError
        ``penilaian`` is absent, or its key or that of ``pegawai`` is not unique.
    """
    options = options or PanelOptions()
    coverage = Coverage()
    rows = _quarterly_rows(tables, coverage)
    people = pd.Index(rows["id_pegawai"].unique(), dtype="str")
    person, quarter = codes_of(rows["id_pegawai"], people), first_quarters(rows["periode"])
    panel = rows[["id_pegawai", "periode", "instansi", "id_penilai", *CARRIED]].copy()
    panel["tahun"] = quarter // 4
    panel["predikat_skor"] = (
        rows["predikat"].map({name: i for i, name in enumerate(PREDIKAT, 1)}).astype("int64")
    )
    profile, place = _profile(tables, people, person, quarter // 4, options)
    _add_profile(panel, profile, place)
    panel["unit_kerja"] = _unit(rows, profile)
    panel["predikat_organisasi"] = _organisation(tables, rows, quarter // 4)
    _add_windows(panel, tables, people, person, quarter)
    _add_workplace(panel, tables, options)
    _note(coverage, panel, place)
    panel = panel.sort_values(["periode", "id_pegawai"], kind="stable", ignore_index=True)
    return PanelResult(typed(panel, "panel"), coverage.frame())


def _given(tables: Mapping[str, pd.DataFrame], name: str) -> pd.DataFrame:
    found = tables.get(name)
    return typed(pd.DataFrame(columns=list(table(name).columns)), name) if found is None else found


def _unique(frame: pd.DataFrame, name: str) -> None:
    key = list(table(name).key)
    count = int(frame.duplicated(subset=key).sum())
    if count:
        raise SchemaError(
            Both(
                f"tabel {name}: {count} baris mengulang kunci {', '.join(key)}",
                en=f"table {name}: {count} rows repeat the key {', '.join(key)}",
            ),
            action=Both("jalankan kinerja clean", en="run kinerja clean"),
        )


def _quarterly_rows(tables: Mapping[str, pd.DataFrame], coverage: Coverage) -> pd.DataFrame:
    if "penilaian" not in tables:
        raise SchemaError(
            Both("tabel penilaian tidak ada", en="the table penilaian is absent"),
            action=Both("jalankan kinerja clean", en="run kinerja clean"),
        )
    rows = tables["penilaian"]
    _unique(rows, "penilaian")
    _unique(_given(tables, "pegawai"), "pegawai")
    kept = quarterly(rows["periode"])
    coverage.add("periode", rows, kept)
    rows = rows[kept]
    known = rows["predikat"].notna().to_numpy(dtype=bool)
    coverage.add("predikat", rows, known)
    return rows[known].reset_index(drop=True)


def _profile(
    tables: Mapping[str, pd.DataFrame],
    people: pd.Index,
    person: Integers,
    year: Integers,
    options: PanelOptions,
) -> tuple[pd.DataFrame, Integers]:
    source = _given(tables, "pegawai").reset_index(drop=True)
    place = latest(
        codes_of(source["id_pegawai"], people),
        source["tahun"].to_numpy(dtype="int64"),
        person,
        year,
        options.profile_max_age,
    )
    taken = source.reindex(np.where(place >= 0, place, len(source))).reset_index(drop=True)
    return taken, place


def _unit(rows: pd.DataFrame, profile: pd.DataFrame) -> pd.Series:
    """The unit that the appraisal names; where it names none, the profile's, if that is a unit of the same agency."""
    same = rows["instansi"].astype("str") == profile["instansi"].astype("str")
    return rows["unit_kerja"].astype("object").fillna(profile["unit_kerja"].astype("object").where(same))


def _add_profile(panel: pd.DataFrame, profile: pd.DataFrame, place: Integers) -> None:
    for name in PROFILE:
        panel[name] = profile[name].astype(dtype_of(field(name)))
    year = panel["tahun"].astype("float64")
    panel["usia"] = year - profile["tahun_lahir"].astype("float64")
    panel["masa_kerja"] = (year - profile["tmt_tahun"].astype("float64")).clip(lower=0)
    panel["golongan_kelompok"] = rank_group(panel["golongan"])


def rank_group(golongan: pd.Series) -> pd.Series:
    """I … IV for a PNS rank (``III/c`` is III), PPPK for a grade without a letter."""
    dtype: Any = dtype_of(field("golongan_kelompok"))
    groups = {name: name.split("/")[0] if "/" in name else "PPPK" for name in field("golongan").categories}
    return golongan.astype("object").map(groups).astype(dtype)


def _organisation(tables: Mapping[str, pd.DataFrame], rows: pd.DataFrame, year: Integers) -> pd.Series:
    source = _given(tables, "organisasi")
    agencies = pd.Index(sorted(set(source["instansi"].dropna().astype("str"))), dtype="str")
    group = codes_of(source["instansi"], agencies)
    place = latest(
        group, first_quarters(source["periode"]) // 4, codes_of(rows["instansi"], agencies), year, 1
    )
    values = np.array([*source["predikat_organisasi"].astype("object"), None], dtype="object")
    own = rows["predikat_organisasi"].astype("object")
    return own.where(own.notna(), pd.Series(values[place], index=rows.index, dtype="object"))


def _add_windows(
    panel: pd.DataFrame,
    tables: Mapping[str, pd.DataFrame],
    people: pd.Index,
    person: Integers,
    quarter: Integers,
) -> None:
    for name, day, target, value in (
        ("pelatihan", "tanggal_selesai", "jp_12_bulan", "jp"),
        ("pelatihan", "tanggal_selesai", "pelatihan_12_bulan", None),
        ("penghargaan", "tanggal", "penghargaan_12_bulan", None),
        ("hukuman", "tanggal", "hukuman_12_bulan", None),
    ):
        source = _given(tables, name)
        group, when = codes_of(source["id_pegawai"], people), quarters_of_days(source[day])
        values = np.ones(len(source)) if value is None else source[value].to_numpy(dtype="float64")
        sums = window_sums(group, when, values, person, quarter)
        known: Any = pd.Series(sums, dtype="float64" if value else "Int64")
        if name not in tables:
            panel[target] = None
        else:
            panel[target] = known.mask(_silent(panel, group, person)) if name == "pelatihan" else known


def _silent(panel: pd.DataFrame, group: Integers, person: Integers) -> Any:
    """Rows of agencies that sent no training record at all: nothing is known there, which is not zero."""
    trained = np.isin(person, group[group >= 0])
    agency = panel["instansi"].astype("str")
    return ~agency.isin(set(agency[trained]))


def _add_workplace(panel: pd.DataFrame, tables: Mapping[str, pd.DataFrame], options: PanelOptions) -> None:
    pairs = panel[["unit_kerja", "periode"]].drop_duplicates(ignore_index=True)
    staff = _given(tables, "pegawai").dropna(subset=["unit_kerja"])
    headcount = staff.groupby(["unit_kerja", "tahun"], observed=True).size().rename("jumlah").reset_index()
    weights = None if options.weights is None else dict(options.weights)
    index = facility_index(_given(tables, "fasilitas"), headcount, pairs, weights=weights)
    forms = _given(tables, "kepemimpinan")
    weights = None if options.leadership_weights is None else dict(options.leadership_weights)
    leaders = leadership_index(forms[quarterly(forms["periode"])], weights=weights)
    pairs["tahun"] = first_quarters(pairs["periode"]) // 4
    pairs["fasilitas_indeks"], pairs["akses_ti_indeks"] = index["fasilitas_indeks"], index["akses_ti_indeks"]
    pairs["unit_kerja"] = pairs["unit_kerja"].astype("object")
    leaders["unit_kerja"] = leaders["unit_kerja"].astype("object")
    leaders = leaders[["unit_kerja", "periode", "kepemimpinan_indeks"]].drop_duplicates(
        ["unit_kerja", "periode"]
    )
    pairs = pairs.merge(leaders, how="left", on=["unit_kerja", "periode"])
    scales = survey_index(_given(tables, "survei"), options.minimum_group).astype({"unit_kerja": "object"})
    for instrument, target in INDICES.items():
        own = scales[scales["instrumen"] == instrument][["unit_kerja", "tahun", "index"]]
        pairs = pairs.merge(own.rename(columns={"index": target}), how="left", on=["unit_kerja", "tahun"])
    key = pd.MultiIndex.from_frame(panel[["unit_kerja", "periode"]].astype("object"))
    place = pd.MultiIndex.from_frame(pairs[["unit_kerja", "periode"]].astype("object")).get_indexer(key)
    unknown = panel["unit_kerja"].isna().to_numpy(dtype=bool)
    for target in ("fasilitas_indeks", "akses_ti_indeks", "kepemimpinan_indeks", *INDICES.values()):
        values = pairs[target].to_numpy(dtype="float64")[place]
        panel[target] = np.where(unknown, np.nan, values)


def _note(coverage: Coverage, panel: pd.DataFrame, place: Integers) -> None:
    coverage.add("unit_kerja", panel, panel["unit_kerja"].notna().to_numpy(dtype=bool))
    coverage.add("profil", panel, place >= 0)
    for stage, column in (
        ("pelatihan", "jp_12_bulan"),
        ("fasilitas", "fasilitas_indeks"),
        ("kepemimpinan", "kepemimpinan_indeks"),
        ("survei_kesadaran", "kesadaran_indeks"),
        ("survei_kejelasan", "kejelasan_indeks"),
        ("organisasi", "predikat_organisasi"),
    ):
        coverage.add(stage, panel, panel[column].notna().to_numpy(dtype=bool))
