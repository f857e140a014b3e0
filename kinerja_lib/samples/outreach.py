"""Outreach, the setting of SKP and innovations; each from a stream of its own.

Nothing of the three changes an appraisal or an answer of the survey: the awareness scale has no effect of outreach
built in, so a comparison of units with and without events should find none beyond chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.schema.fields import field

REACHED = (0.3, 0.4, 0.5)  # share of units with an event in the first, second and every later year
NOT_AGREED = 0.06  # of SKP set
NO_INDICATOR = {"kuantitas": 0.01, "kualitas": 0.12, "waktu": 0.08, "biaya": 0.65}
MOST = {"kuantitas": 6, "kualitas": 4, "waktu": 4, "biaya": 2}
INNOVATING = 0.04  # of the employees, each year
SILENT = 10  # position of the agency that sends neither the form on SKP nor that on innovations
IDEAS = (
    "Antrean daring layanan loket", "Dasbor capaian kinerja unit", "Arsip digital surat masuk",
    "Formulir layanan satu halaman", "Jadwal piket bersama", "Buku saku prosedur layanan",
    "Klinik konsultasi layanan mingguan", "Pengingat tenggat otomatis",
)  # fmt: skip


def build_outreach(
    organisation: Organisation, headcount: Floats, years: tuple[int, ...], seed: int
) -> pd.DataFrame:
    """Table ``penyuluhan``: none to two events a unit and year, before July; none in the small agency.

    Now and then more people came than the unit has staff, as guests sign the list too.
    """
    stream = Stream(seed, "outreach")
    themes, ways, speakers = (
        field(name).categories for name in ("tema_penyuluhan", "metode_penyuluhan", "jenis_narasumber")
    )
    rows = []
    for place, unit in enumerate(organisation.units):
        for turn, year in enumerate(years):
            share = REACHED[min(turn, len(REACHED) - 1)]
            held, second = stream.one() < share, stream.one() < 0.3
            for step in range(held * (1 + second)):
                theme = (int(stream.choose((0.35, 0.2, 0.15, 0.15, 0.1, 0.05), 1)[0]) + step) % len(themes)
                staff = max(1, int(headcount[place, turn]))
                came = round(staff * (0.45 + 0.5 * stream.one())) + (stream.one() < 0.08) * staff
                day = np.datetime64(f"{year}-02-03") + stream.integer(0, 145)
                rows.append(
                    (organisation.agency_codes[unit.agency], unit.code, day, themes[theme],
                     stream.pick(ways), stream.pick(speakers), staff, came)
                )  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "tanggal", "tema_penyuluhan", "metode_penyuluhan",
                 "jenis_narasumber", "jumlah_sasaran", "jumlah_peserta"],
    )  # fmt: skip
    small = organisation.agency_codes[organisation.small] if organisation.small >= 0 else ""
    frame = frame[frame["instansi"] != small].reset_index(drop=True)
    days = pd.to_datetime(frame["tanggal"])
    frame["periode"] = days.dt.year.astype("str") + "-Q" + days.dt.quarter.astype("str")
    return frame


def build_targets(
    organisation: Organisation, profiles: pd.DataFrame, appraisals: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Table ``skp``: one row an employee and year, with the date and cascade that the appraisals print.

    Who has no appraisal in a year has no SKP set either. The form exists since the last but one year.
    """
    stream = Stream(seed, "skp")
    frame = profiles[["id_pegawai", "tahun", "instansi", "unit_kerja"]].reset_index(drop=True)
    known = appraisals.assign(tahun=appraisals["periode"].str[:4].astype("int64"))
    known = known.groupby(["id_pegawai", "tahun"])[["tanggal_penetapan_skp", "skp_berjenjang"]].first()
    own = known.reindex(pd.MultiIndex.from_frame(frame[["id_pegawai", "tahun"]]))
    frame["tanggal_penetapan_skp"] = own["tanggal_penetapan_skp"].to_numpy()
    has = frame["tanggal_penetapan_skp"].notna()
    frame["skp_berjenjang"] = pd.Series(own["skp_berjenjang"].to_numpy(dtype=object)).astype("boolean")
    agreed = pd.Series(stream.uniform(len(frame)) >= NOT_AGREED).astype("boolean")
    frame["skp_disepakati"] = agreed.where(has)
    for name, none in NO_INDICATOR.items():
        counts = 1 + stream.below(MOST[name], len(frame))
        present = stream.uniform(len(frame)) >= none
        frame[f"indikator_{name}"] = pd.Series(np.where(present, counts, 0)).astype("Int64").where(has)
    asked = (frame["instansi"] != silent(organisation)) & (frame["tahun"] >= frame["tahun"].max() - 1)
    return frame[asked].reset_index(drop=True)


def build_innovations(organisation: Organisation, profiles: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Table ``inovasi``: one employee in 25 proposes something in a year."""
    stream = Stream(seed, "innovations")
    forms, stages = field("bentuk_inovasi").categories, field("tahap_inovasi").categories
    innovating = stream.uniform(len(profiles)) < INNOVATING
    rows = []
    for row in profiles[innovating].itertuples():
        day = np.datetime64(f"{row.tahun}-01-15") + stream.integer(0, 320)
        stage = stages[int(stream.choose((0.4, 0.35, 0.25), 1)[0])]
        rows.append((row.id_pegawai, row.instansi, day, stream.pick(IDEAS), stream.pick(forms), stage))
    frame = pd.DataFrame(
        rows,
        columns=["id_pegawai", "instansi", "tanggal", "judul_inovasi", "bentuk_inovasi", "tahap_inovasi"],
    )
    return frame[frame["instansi"] != silent(organisation)].reset_index(drop=True)


def stated(organisation: Organisation) -> dict[str, Any]:
    """What was built in, for ``truth.json``."""
    return {
        "outreach_effect_on_awareness": 0.0,
        "skp_not_agreed": NOT_AGREED,
        "skp_without_indicator": dict(NO_INDICATOR),
        "innovating": INNOVATING,
        "no_form_on_skp_and_innovations": silent(organisation) or None,
        "no_outreach": organisation.agency_codes[organisation.small] if organisation.small >= 0 else None,
    }


def silent(organisation: Organisation) -> str:
    """The agency that sends none of the forms on its employees; empty where there are too few agencies."""
    return "".join(organisation.agency_codes[SILENT : SILENT + 1])
