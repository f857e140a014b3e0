"""Who was lost where: rows and people that a stage dropped, or that a join left without a value."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

COLUMNS = (
    "stage",
    "effect",
    "instansi",
    "rows_before",
    "rows_after",
    "lost",
    "people_lost",
    "reason",
    "reason_en",
)

# stage: (what happens to the row, reason in Indonesian, reason in English)
STAGES: dict[str, tuple[str, str, str]] = {
    "periode": (
        "dibuang",
        "bukan penilaian triwulanan (tahunan, semesteran, atau bulanan)",
        "not a quarterly appraisal (annual, half-yearly or monthly)",
    ),
    "predikat": ("dibuang", "tanpa predikat", "without a predicate"),
    "unit_kerja": ("kosong", "unit kerja tidak diketahui", "work unit unknown"),
    "profil": ("kosong", "tanpa profil pada tahun itu atau sebelumnya", "no profile of that year or earlier"),
    "pelatihan": (
        "kosong",
        "instansi tidak mengirim catatan pelatihan",
        "the agency sent no training records",
    ),
    "fasilitas": (
        "kosong",
        "tanpa buku inventaris atau formulir jaringan unit",
        "no asset book or network form of the unit",
    ),
    "kepemimpinan": (
        "kosong",
        "tanpa formulir kepemimpinan unit pada triwulan itu",
        "no leadership form of the unit in that quarter",
    ),
    "survei_kesadaran": (
        "kosong",
        "tanpa survei kesadaran, atau responden terlalu sedikit",
        "no awareness survey, or too few respondents",
    ),
    "survei_kejelasan": (
        "kosong",
        "tanpa survei kejelasan tugas, atau responden terlalu sedikit",
        "no task clarity survey, or too few respondents",
    ),
    "organisasi": ("kosong", "predikat organisasi tidak diketahui", "predicate of the organisation unknown"),
}


class Coverage:
    """Collects one line per stage and agency; ``frame()`` gives the table."""

    def __init__(self) -> None:
        self._rows: list[dict[str, Any]] = []

    def add(self, stage: str, rows: pd.DataFrame, kept: NDArray[np.bool_]) -> None:
        """Note which of ``rows`` (``instansi``, ``id_pegawai``) a stage kept.

        ``people_lost`` counts people of the agency of whom no row is left (or none has the value).
        """
        effect, reason, reason_en = STAGES[stage]
        agency = rows["instansi"].astype("str").to_numpy()
        people = rows["id_pegawai"].to_numpy()
        before = pd.Series(agency).value_counts()
        after = pd.Series(agency[kept]).value_counts()
        pairs = pd.DataFrame({"instansi": agency, "person": people, "kept": kept})
        anyone = pairs.groupby(["instansi", "person"], sort=True)["kept"].any()
        gone = (~anyone).groupby(level=0).sum()
        for name in sorted(before.index):
            rest = int(after.get(name, 0))
            self._rows.append(
                {
                    "stage": stage,
                    "effect": effect,
                    "instansi": name,
                    "rows_before": int(before[name]),
                    "rows_after": rest,
                    "lost": int(before[name]) - rest,
                    "people_lost": int(gone[name]),
                    "reason": reason,
                    "reason_en": reason_en,
                }
            )

    def frame(self) -> pd.DataFrame:
        """One row per stage and agency, in the order of the stages."""
        return pd.DataFrame(self._rows, columns=list(COLUMNS))
