"""What answers each demand: the data, the measure, the model, and the recommendations that this report makes of it.

The seven demands are those the system was built for; ``docs/how-to/what-answers-what.md`` says the same of the
program, this table of one report. A demand whose evidence carries nothing shows a dash.
"""

from __future__ import annotations

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.judged import advised

#: demand: topics of the findings that answer it
DEMANDS: dict[str, tuple[str, ...]] = {
    "tasks": ("skp_tepat_waktu", "skp_disepakati", "kejelasan_tugas"),
    "training": (
        "hak_pelatihan", "kesenjangan_kompetensi", "waktu_pelatihan", "sertifikat", "ip_asn", "pelatihan_kinerja",
    ),
    "appraisal": (
        "kelonggaran_penilai", "distribusi_predikat", "pemusatan_predikat", "kelengkapan_penilaian", "kendala_tugas", "laporan_akhir",
    ),
    "leaders": ("kepemimpinan", "rapat_terlaksana"),
    "awareness": ("kesadaran", "penyuluhan", "stagnasi"),
    "rewards": ("keadilan_penghargaan", "penghargaan_konsisten", "pembinaan", "pembinaan_terlaksana"),
    "facilities": ("fasilitas", "fasilitas_unit", "layanan"),
}  # fmt: skip
COLUMNS = ("demand", "data", "measure", "model")


def answers(edition: Edition) -> None:
    """The table that opens Bab III."""
    labels = edition.labels
    edition.say("answers.text")
    frame = pd.DataFrame(
        [
            {
                **{name: labels.text(f"answers.{demand}_{name}") for name in COLUMNS},
                "recommendation": _numbers(edition, topics),
            }
            for demand, topics in DEMANDS.items()
        ]
    )
    frame = frame.rename(columns={name: f"answer_{name}" for name in frame.columns})
    shown = shown_table(frame, dict.fromkeys(frame.columns, "text"), labels)
    edition.doc.table(
        shown.frame, "jawaban", labels.text("answers.table"), small=True, left=5,
        note=labels.text("answers.note"), **shown.options(),
    )  # fmt: skip


def _numbers(edition: Edition, topics: tuple[str, ...]) -> str:
    """Numbers of the recommendations on some topics: ``1, 4``; a dash where there are none."""
    found = [str(number) for number, advice in enumerate(advised(edition), 1) if advice.topic in topics]
    return ", ".join(found) or edition.labels.number(None)
