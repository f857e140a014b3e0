"""What people say: the survey's answers and the reports on tasks, with plain Indonesian sentences."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.samples.workplace import workplace_quality

SURVEY = {"kesadaran": ("K", 8), "kejelasan_tugas": ("T", 5), "kepemimpinan": ("P", 6), "fasilitas": ("F", 5)}
TASKS = (
    "Penyusunan data terpadu", "Digitalisasi arsip", "Survei kepuasan masyarakat", "Penataan sarana kerja",
    "Pelatihan petugas layanan", "Penyederhanaan prosedur layanan", "Monitoring program prioritas",
    "Integrasi aplikasi layanan",
)  # fmt: skip
DONE = (
    "Seluruh tahapan selesai sesuai rencana dan hasilnya telah digunakan oleh unit kerja.",
    "Sebanyak {n} dokumen telah diverifikasi dan diserahkan kepada pimpinan.",
    "Waktu layanan berkurang dari {a} hari menjadi {b} hari.",
    "Sosialisasi telah dilaksanakan kepada {n} peserta dari seluruh unit.",
    "Target triwulan tercapai, sisanya dijadwalkan pada triwulan berikutnya.",
)
OBSTACLES = {
    "Sarana": (
        "Komputer yang tersedia terbatas dan sebagian rusak.",
        "Ruang kerja belum memadai untuk kegiatan ini.",
    ),
    "Anggaran": ("Anggaran baru tersedia pada akhir triwulan.", "Terjadi pengurangan anggaran kegiatan."),
    "SDM": (
        "Jumlah petugas kurang karena ada yang dimutasi.",
        "Petugas belum mengikuti pelatihan yang diperlukan.",
    ),
    "Koordinasi": (
        "Koordinasi dengan instansi lain memerlukan waktu.",
        "Data dari unit lain terlambat diterima.",
    ),
    "Regulasi": ("Petunjuk teknis belum ditetapkan.", "Peraturan pelaksana masih dalam pembahasan."),
    "TI": ("Jaringan internet sering terputus.", "Aplikasi tidak dapat diakses selama beberapa hari."),
    "Lainnya": ("Cuaca buruk menghambat kegiatan lapangan.",),
    "Tidak ada": ("Tidak ada kendala yang berarti.",),
}


def build_survey(
    organisation: Organisation, headcount: Floats, years: tuple[int, ...], seed: int
) -> pd.DataFrame:
    """Table ``survei``: a third of the staff answers in the third quarter of each year."""
    stream = Stream(seed, "survey")
    quality = workplace_quality(organisation, seed)
    blocks, number = [], 0
    for turn, year in enumerate(years):
        for place, unit in enumerate(organisation.units):
            count = max(1, round(float(headcount[place, turn]) / 3))
            mood = 0.5 * stream.normal(count)
            names = [f"R{year}-{number + i + 1:05d}" for i in range(count)]
            number += count
            for instrument, (letter, items) in SURVEY.items():
                lift = 0.45 * quality[place] if instrument == "fasilitas" else 0.1 * quality[place]
                score = 3.6 + lift + mood[:, None] + 0.8 * stream.normal(count, items)
                blocks.append(
                    pd.DataFrame(
                        {
                            "id_responden": np.repeat(names, items),
                            "instansi": organisation.agency_codes[unit.agency],
                            "unit_kerja": unit.code,
                            "periode": f"{year}-Q3",
                            "instrumen": instrument,
                            "butir": [f"{letter}{k + 1}" for k in range(items)] * count,
                            "skor": np.clip(np.round(score), 1, 5).astype(np.int64).ravel(),
                        }
                    )
                )
    return pd.concat(blocks, ignore_index=True)


NO_REPORT = 0.07  # of the finished assignments
REPORT_DAYS, REPORT_DAYS_WEAK = 6.0, 18.0  # mean wait from the end to the report; in the weak agency


def build_tasks(organisation: Organisation, quarters: list[str], seed: int) -> pd.DataFrame:
    """Table ``laporan_tugas``: one or two tasks a unit and quarter."""
    stream = Stream(seed, "tasks")
    quality = workplace_quality(organisation, seed)
    rows = []
    for place, unit in enumerate(organisation.units):
        for quarter in quarters:
            first = stream.integer(0, len(TASKS) - 1)
            for step in range(1 + (stream.one() < 0.35)):
                hampered = 1 / (1 + np.exp(0.8 * quality[place]))
                kind = list(OBSTACLES)[
                    int(
                        stream.choose((0.3 * hampered, 0.1, 0.12, 0.12, 0.06, 0.3 * hampered, 0.04, 0.3), 1)[
                            0
                        ]
                    )
                ]
                done = stream.one() < (0.75 if kind == "Tidak ada" else 0.5)
                status = ("Selesai" if stream.one() < 0.75 else "Selesai terlambat") if done else "Berjalan"
                status = "Dihentikan" if not done and stream.one() < 0.06 else status
                year, part = int(quarter[:4]), int(quarter[-1])
                day = np.datetime64(f"{year}-{part * 3:02d}-01") + stream.integer(0, 27)
                text = stream.pick(DONE).format(
                    n=stream.integer(12, 240), a=stream.integer(6, 14), b=stream.integer(1, 5)
                )
                rows.append(
                    (organisation.agency_codes[unit.agency], unit.code, quarter,
                     TASKS[(first + step * 3) % len(TASKS)],
                     status, day if done else np.datetime64("NaT"),
                     100.0 if done else float(stream.integer(20, 95)), text,
                     stream.pick(OBSTACLES[kind]), kind)
                )  # fmt: skip
    frame = pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "periode", "judul_tugas", "status_tugas", "tanggal_selesai",
                 "persen_capaian", "capaian", "kendala", "kelas_kendala"],
    )  # fmt: skip
    return _end_reports(frame, organisation, seed)


def _end_reports(frame: pd.DataFrame, organisation: Organisation, seed: int) -> pd.DataFrame:
    """The day of the report of what was finished, from a stream of its own; some have none, more in the weak agency."""
    draws = Stream(seed, "end reports").uniform(len(frame), 2)
    weak = organisation.agency_codes[organisation.weak] if organisation.weak >= 0 else ""
    mean = np.where(frame["instansi"] == weak, REPORT_DAYS_WEAK, REPORT_DAYS)
    waited = 1 + np.floor(-mean * np.log(draws[:, 0]))
    none = draws[:, 1] < NO_REPORT
    day = frame["tanggal_selesai"] + pd.to_timedelta(waited, unit="D")
    ended = frame["tanggal_selesai"].notna()
    return frame.assign(
        tanggal_laporan=day.where(ended & ~none), capaian=frame["capaian"].mask(ended & none, None)
    )
