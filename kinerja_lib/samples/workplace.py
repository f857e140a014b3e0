"""What belongs to a unit: assets, network, what its leader does, service quality, the agency's own result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.stream import Floats, Stream
from kinerja_lib.samples.weakness import QUALITY, RESULT, of_agencies

# code, name, group, price, items per employee
ASSETS = (
    ("1.3.2.10.01.02.001", "P.C Unit", "Perangkat TI", 9_500_000, 0.45),
    ("1.3.2.10.01.02.002", "Laptop", "Perangkat TI", 14_250_000, 0.35),
    ("1.3.2.10.02.03.003", "Printer", "Peralatan kantor", 3_150_000, 0.15),
    ("1.3.2.05.02.01.002", "Meja Kerja", "Ruang kerja", 1_750_000, 0.9),
    ("1.3.2.05.02.04.004", "A.C. Split", "Ruang kerja", 5_400_000, 0.12),
    ("1.3.2.02.01.04.001", "Sepeda Motor", "Kendaraan", 18_900_000, 0.08),
)


def workplace_quality(organisation: Organisation, seed: int) -> Floats:
    """Latent quality of each unit's workplace, about −2 … 2; a weak agency's lies lower."""
    quality = Stream(seed, "quality").normal(len(organisation.units))
    agency = np.array([unit.agency for unit in organisation.units])
    poor = of_agencies(agency, organisation.poor)
    lower = QUALITY * organisation.strength
    return np.asarray(quality - 1.3 * (agency == organisation.weak) + lower * poor, dtype=np.float64)


def build_assets(
    organisation: Organisation, headcount: Floats, years: tuple[int, ...], quarters: list[str], seed: int
) -> pd.DataFrame:
    """Table ``fasilitas``: the asset book of each year, the network of each quarter."""
    stream = Stream(seed, "assets")
    quality = workplace_quality(organisation, seed)
    rows: list[tuple[object, ...]] = []
    for place, unit in enumerate(organisation.units):
        agency = organisation.agency_codes[unit.agency]
        drift = 0.25 * stream.normal(len(years)) + 0.15 * np.arange(len(years))
        for turn, year in enumerate(years):
            level = quality[place] + drift[turn]
            for code, name, group, price, each in ASSETS:
                wish = each * (1 + 0.22 * level) if group == "Perangkat TI" else each
                count = max(1, round(max(wish, 0.05) * headcount[place, turn]))
                share = 1 / (1 + np.exp(-(0.9 + 0.8 * level)))
                good = round(count * share * (0.9 + 0.1 * stream.one()))
                bad = round((count - good) * 0.5 * stream.one())
                rows.append(
                    (agency, unit.code, str(year), code, name, group, year - stream.integer(1, 9),
                     float(price * count), good, count - good - bad, bad, np.nan, np.nan)
                )  # fmt: skip
        for quarter in quarters:
            level = quality[place] + drift[years.index(int(quarter[:4]))]
            speed = round(float(np.clip(48 + 20 * level + 7 * stream.normal(1)[0], 3, 150)), 1)
            uptime = round(float(np.clip(86 + 6 * level + 3 * stream.normal(1)[0], 40, 100)), 1)
            rows.append(
                (agency, unit.code, quarter, None, "Jaringan internet dan aplikasi", "Jaringan", None, np.nan,
                 None, None, None, speed, uptime)
            )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "periode", "kode_barang", "nama_barang", "kelompok_fasilitas",
                 "tahun_perolehan", "harga", "jumlah_baik", "jumlah_kurang_baik", "jumlah_rusak_berat",
                 "kecepatan_internet", "ketersediaan_aplikasi"],
    )  # fmt: skip


def build_leadership(
    organisation: Organisation, headcount: Floats, raters: list[list[str]], quarters: list[str], seed: int
) -> pd.DataFrame:
    """Table ``kepemimpinan``: meetings planned and held, tasks, guidance, feedback, recognition."""
    stream = Stream(seed, "leadership")
    style = 0.9 * stream.normal(len(organisation.units))
    first = int(quarters[0][:4])
    rows = []
    for place, unit in enumerate(organisation.units):
        for quarter in quarters:
            turn = int(quarter[:4]) - first
            staff = max(1, int(headcount[place, turn]))
            level = style[place] + 0.6 * float(stream.normal(1)[0])
            share = 1 / (1 + np.exp(-level))
            given = [min(1.0, max(0.0, share + 0.12 * float(z))) for z in stream.normal(4)]
            rows.append(
                (organisation.agency_codes[unit.agency], unit.code, quarter, raters[place][turn], 12,
                 round(12 * given[0]), staff * 2 + stream.integer(0, 9), round(staff * given[1]),
                 round(staff * given[2]), round(staff * 0.6 * given[3]), staff)
            )  # fmt: skip
    return pd.DataFrame(
        rows,
        columns=["instansi", "unit_kerja", "periode", "id_penilai", "rapat_rencana", "rapat_terlaksana",
                 "penugasan", "bimbingan", "umpan_balik", "apresiasi", "jumlah_bawahan"],
    )  # fmt: skip


def build_service(organisation: Organisation, years: tuple[int, ...], seed: int) -> pd.DataFrame:
    """Table ``layanan``: the nine elements (1–4) of each unit and semester; U8 follows the facilities."""
    stream = Stream(seed, "service")
    quality = workplace_quality(organisation, seed)
    rows = []
    for place, unit in enumerate(organisation.units):
        base = 3.25 + 0.12 * quality[place] + 0.1 * float(stream.normal(1)[0])
        for year in years:
            for half in (1, 2):
                scores = base + 0.12 * stream.normal(9)
                scores[7] += 0.15 * quality[place]
                rows.append(
                    (organisation.agency_codes[unit.agency], unit.code, f"{year}-S{half}",
                     stream.integer(30, 160),
                     *np.round(np.clip(scores, 1, 4), 2))
                )  # fmt: skip
    columns = ["instansi", "unit_kerja", "periode", "jumlah_responden", *(f"unsur_{k}" for k in range(1, 10))]
    return pd.DataFrame(rows, columns=columns)


def build_results(organisation: Organisation, years: tuple[int, ...], seed: int) -> pd.DataFrame:
    """Table ``organisasi``: the agency's own annual predicate."""
    stream = Stream(seed, "results")
    rows = []
    for place, code in enumerate(organisation.agency_codes):
        for year in years:
            levels = ("Butuh Perbaikan", "Baik", "Istimewa")
            shares = (0.6, 0.4, 0.0) if place == organisation.weak else (0.1, 0.7, 0.2)
            drawn = levels[int(stream.choose(shares, 1)[0])]
            rows.append((code, str(year), RESULT if place in organisation.poor else drawn))
    return pd.DataFrame(rows, columns=["instansi", "periode", "predikat_organisasi"])
