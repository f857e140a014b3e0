"""Training, rewards and sanctions.

Who is trained depends on the kind of post and the schooling, and on nothing else that matters for the
appraisal: a regression without these two is biased, one with them is right.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.population import Population
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.samples.weakness import reward_chance

POST_RATE = {"Pelaksana": 0.55, "Fungsional": 1.25, "Pengawas": 1.3, "Administrator": 1.5, "JPT Pratama": 1.2}
SCHOOL_RATE = {"SMA": 0.55, "D3": 0.8, "D4/S1": 1.1, "S2": 1.45, "S3": 1.5}
HOURS = (6, 8, 12, 16, 20, 20, 20, 24, 30, 40)
KINDS = ("Teknis", "Seminar", "Fungsional", "Manajerial", "Sosio-kultural", "Kepemimpinan")
NAMES = {
    "Teknis": (
        "Diklat Pengelolaan Arsip Digital",
        "Bimtek Pengadaan Barang dan Jasa",
        "Diklat Analisis Data Dasar",
    ),
    "Seminar": ("Seminar Pelayanan Publik", "Workshop Penyusunan SKP", "Webinar Manajemen Risiko"),
    "Fungsional": ("Diklat Fungsional Perencana", "Diklat Fungsional Analis Kepegawaian"),
    "Manajerial": ("Pelatihan Manajemen Perubahan", "Pelatihan Pengawasan Internal"),
    "Sosio-kultural": ("Pelatihan Perekat Bangsa", "Pelatihan Pelayanan Inklusif"),
    "Kepemimpinan": ("Pelatihan Kepemimpinan Pengawas", "Pelatihan Kepemimpinan Administrator"),
}
ORGANISERS = ("BPSDM Pemerintah Rangkui", "Pusat Pelatihan Contoh", "Balai Diklat Contoh Selatan")
AWARDS = ("Satyalancana Karya Satya 10 Tahun", "Satyalancana Karya Satya 20 Tahun", "ASN Berprestasi")
SANCTIONS = {
    "Ringan": ("Teguran Lisan", "Teguran Tertulis", "Pernyataan Tidak Puas Secara Tertulis"),
    "Sedang": ("Pemotongan Tunjangan Kinerja 25% Selama 6 Bulan",),
    "Berat": ("Penurunan Jabatan Setingkat Lebih Rendah Selama 12 Bulan",),
}


def build_training(population: Population, organisation: Organisation, seed: int) -> pd.DataFrame:
    """Table ``pelatihan``, from one year before the first, so that the first window is full."""
    stream = Stream(seed, "training")
    people = population.people
    rate = people["jenis_jabatan"].map(POST_RATE) * people["pendidikan"].map(SCHOOL_RATE)
    rows = []
    for year in (population.years[0] - 1, *population.years):
        turn = max(0, year - population.years[0])
        counts = stream.poisson(rate.to_numpy(dtype="float64"))
        here = (population.unit_of[:, turn] >= 0) & (people["tmt_tahun"].to_numpy() <= year)
        for person in np.flatnonzero((counts > 0) & here):
            agency = organisation.units[population.unit_of[person, turn]].agency
            for _ in range(counts[person]):
                kind = KINDS[int(stream.choose((0.4, 0.25, 0.12, 0.1, 0.1, 0.03), 1)[0])]
                name, hours = stream.pick(NAMES[kind]), stream.pick(HOURS)
                end = np.datetime64(f"{year}-01-08") + stream.integer(0, 350)
                rows.append(
                    (people["id_pegawai"].iat[person], organisation.agency_codes[agency], kind, name,
                     end - hours // 8, end, year, float(hours), stream.pick(ORGANISERS),
                     75_000.0 * hours, person)
                )  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["id_pegawai", "instansi", "jenis_pelatihan", "nama_pelatihan", "tanggal_mulai",
                 "tanggal_selesai", "tahun", "jp", "penyelenggara", "biaya", "orang"],
    )  # fmt: skip
    return frame.drop_duplicates(["id_pegawai", "nama_pelatihan", "tanggal_selesai"], ignore_index=True)


def build_rewards(
    population: Population, organisation: Organisation, annual: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables ``penghargaan`` and ``hukuman``.

    Rewards follow the year's predicate, except in the weak agency, where they follow sex and rank: men of
    golongan III/c and above get three times the rewards, whatever their predicate, and in the agencies of
    ``samples.weakness``, where at the same predicate men get more than women.
    """
    stream = Stream(seed, "rewards")
    people = population.people.set_index("id_pegawai")
    senior = people["golongan"].isin(["III/c", "III/d", "IV/a", "IV/b", "IV/c", "IV/d", "IV/e"])
    favoured = (senior & (people["jenis_kelamin"] == "L")).reindex(annual["id_pegawai"]).to_numpy()
    weak_code = organisation.agency_codes[organisation.weak] if organisation.weak >= 0 else ""
    weak = (annual["instansi"] == weak_code).to_numpy()
    level = _reward_level(annual)
    chance = np.where(weak, np.where(favoured, 0.15, 0.05), level)
    bad = annual["predikat"].isin(["Sangat Kurang", "Kurang/Misconduct"]).to_numpy()
    punished = stream.uniform(len(annual)) < np.where(bad, 0.08, 0.004)
    given = stream.uniform(len(annual)) < chance
    rewards, sanctions = [], []
    for i in np.flatnonzero(given | punished):
        person, agency, year = (
            annual["id_pegawai"].iat[i],
            annual["instansi"].iat[i],
            int(annual["periode"].iat[i]),
        )
        day = np.datetime64(f"{year}-03-01") + stream.integer(0, 290)
        if given[i]:
            rewards.append((person, agency, stream.pick(AWARDS), day))
        if punished[i]:
            grade = ("Ringan", "Sedang", "Berat")[int(stream.choose((0.7, 0.22, 0.08), 1)[0])]
            sanctions.append((person, agency, grade, stream.pick(SANCTIONS[grade]), day))
    return (
        pd.DataFrame(rewards, columns=["id_pegawai", "instansi", "jenis_penghargaan", "tanggal"]),
        pd.DataFrame(
            sanctions, columns=["id_pegawai", "instansi", "tingkat_hukuman", "jenis_hukuman", "tanggal"]
        ),
    )


def _reward_level(annual: pd.DataFrame) -> Floats:
    """The chance of a reward that a predicate gives."""
    level = annual["predikat"].astype("object").map({"Sangat Baik": 0.14, "Baik": 0.03}).fillna(0.002)
    return level.to_numpy(dtype="float64")


def unfair_rewards(
    plain: pd.DataFrame, population: Population, organisation: Organisation, annual: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Table ``penghargaan`` with unfair rewards in the agencies of ``samples.weakness``, the others' as they were.

    They come from a stream of their own; at the same predicate the chance depends on the sex.
    """
    codes = [organisation.agency_codes[place] for place in organisation.poor]
    own = annual[annual["instansi"].isin(codes)].reset_index(drop=True)
    sex = population.people.set_index("id_pegawai")["jenis_kelamin"].reindex(own["id_pegawai"])
    stream = Stream(seed, "rewards-weak")
    given = np.flatnonzero(
        stream.uniform(len(own)) < reward_chance(_reward_level(own), sex, organisation.strength)
    )
    rows: list[tuple[object, ...]] = []
    for i in given:
        day = np.datetime64(f"{own['periode'].iat[i]}-03-01") + stream.integer(0, 290)
        rows.append((own["id_pegawai"].iat[i], own["instansi"].iat[i], stream.pick(AWARDS), day))
    names = ["id_pegawai", "instansi", "jenis_penghargaan", "tanggal"]
    kept = plain.loc[~plain["instansi"].isin(codes), names].astype(dict.fromkeys(names[:3], "object"))
    return pd.concat([kept, pd.DataFrame(rows, columns=names)], ignore_index=True)
