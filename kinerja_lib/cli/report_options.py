"""Options of the commands that make reports."""

from __future__ import annotations

from typing import Annotated

import typer

from kinerja_lib.cli.words import say

Period = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="PERIODE",
        help=say(
            "Periode: 2025, 2025-S1, 2025-Q3. Bawaan: tahun terakhir pada data.",
            "Period: 2025, 2025-S1, 2025-Q3. Default: the latest year in the data.",
        ),
    ),
]
Agencies = Annotated[
    str | None,
    typer.Option(
        "--instansi",
        metavar="KODE,…",
        help=say(
            "Kode instansi, dipisahkan koma; all = pemerintah dan setiap instansi; "
            "pemerintah = seluruh pemerintah saja.",
            "Agency codes, comma separated; all = the government and each agency; "
            "pemerintah = the whole government only.",
        ),
    ),
]
TemplateName = Annotated[
    str | None,
    typer.Option("--template", metavar="NAMA", help=say("Templat notebook.", "Notebook template.")),
]
Languages = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="id,en",
        help=say(
            "Bahasa laporan, dipisahkan koma; yang pertama juga bahasa pesan.",
            "Languages of the reports, comma separated; the first is also that of messages.",
        ),
    ),
]
Formats = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="html,pdf,docx,xlsx",
        help=say("Format, dipisahkan koma.", "Formats, comma separated."),
    ),
]
Fresh = Annotated[
    bool,
    typer.Option(
        "--fresh",
        help=say("Buat ulang walau tidak ada yang berubah.", "Make anew even where nothing changed."),
    ),
]
Workers = Annotated[
    int | None,
    typer.Option("--workers", min=1, help=say("Banyak proses sekaligus.", "Processes at once.")),
]
Engine = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="kinerja|nbclient",
        help=say(
            "kinerja: proses hangat; nbclient: satu kernel biasa per laporan.",
            "kinerja: warm processes; nbclient: an ordinary kernel a report.",
        ),
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler",
        metavar="tcp://…",
        help=say("Buat laporan pada klaster Dask.", "Make the reports on a Dask cluster."),
    ),
]
StorageUrl = Annotated[
    str | None,
    typer.Option(
        "--storage",
        metavar="URL",
        help=say(
            "Penyimpanan bersama klaster (fsspec, misalnya s3://…); tanpa ini folder proyek harus bersama.",
            "Storage shared with the cluster (fsspec, such as s3://…); without it the project's folder is shared.",
        ),
    ),
]
Plan = Annotated[
    str | None,
    typer.Option(
        "--plan",
        metavar="NAMA",
        help=say("Rencana [plans.NAMA] di kinerja.toml.", "A [plans.NAME] of kinerja.toml."),
    ),
]
Only = Annotated[
    str | None,
    typer.Option(
        "--only",
        metavar="TEKS",
        help=say("Hanya laporan yang namanya memuat teks ini.", "Only reports whose name holds this text."),
    ),
]
Limit = Annotated[
    int | None,
    typer.Option("--limit", min=1, help=say("Paling banyak sekian laporan.", "At most so many reports.")),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="nama=nilai",
        help=say("Parameter templat; boleh diulang.", "A template parameter; may be repeated."),
    ),
]
