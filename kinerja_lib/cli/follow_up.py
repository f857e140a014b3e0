"""Commands about what follows from an appraisal: ``follow-up list`` and ``follow-up log``, for the authorised user."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kinerja_lib.cli.options import (
    AsJson,
    Context,
    DryRun,
    Language,
    ProjectFolder,
    Quiet,
    context,
    split_list,
)
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

_LIST = (
    "kinerja follow-up list --instansi dinas-pendidikan --period 2025 --to ../tindak-lanjut.xlsx "
    '--reason "Sidang Tim Penilai Kinerja, Januari 2026" --dry-run',
    "kinerja follow-up list --instansi dinas-pendidikan --period 2025 --to ../tindak-lanjut.xlsx "
    '--reason "Sidang Tim Penilai Kinerja, Januari 2026"',
    "kinerja follow-up list --instansi all --period 2025 --only masa_kerja --names --to ../satyalancana.xlsx "
    '--reason "Usul Satyalancana Karya Satya 2026"',
)


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(
        name="follow-up",
        help=say(
            "Penghargaan dan pembinaan menurut aturan: daftar orang bagi pengguna yang berwenang, tidak pernah di laporan.",
            "Rewards and coaching by rule: the list of people for the authorised user, never in a report.",
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(
        "list",
        help=say(
            "Tulis daftar pegawai yang memenuhi aturan penghargaan atau pembinaan. Perlu nama akun pada [access] "
            "follow_up_list di kinerja.toml dan alasan; setiap pemakaian dicatat di data/interim/access_log.jsonl. Berisi "
            "kode; --names menambah nama dan NIP dari ekspor dengan kunci proyek.",
            "Write the list of employees who meet a rule for a reward or for coaching. Needs the account's name in [access] "
            "follow_up_list of kinerja.toml, and a reason; every use is noted in data/interim/access_log.jsonl. Holds codes; "
            "--names adds names and NIPs from the exports with the project's key.",
        ),
        epilog=examples(*_LIST),
    )(write_list)
    group.command(
        "log",
        help=say(
            "Tampilkan siapa mengambil daftar, kapan, berapa orang, dan untuk apa.",
            "Show who took a list, when, of how many people, and what for.",
        ),
        epilog=examples("kinerja follow-up log", "kinerja follow-up log --json"),
    )(show_log)
    app.add_typer(group)


def write_list(
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="BERKAS.xlsx",
            help=say("Berkas di luar folder proyek.", "A file outside the project's folder."),
        ),
    ],
    period: Annotated[
        str, typer.Option(metavar="TAHUN", help=say("Tahun penilaian.", "Year of the appraisal."))
    ],
    reason: Annotated[str, typer.Option(help=say("Keperluan; dicatat.", "What it is for; it is logged."))],
    instansi: Annotated[
        str, typer.Option(metavar="KODE|all", help=say("Instansi, atau all.", "Agency, or all."))
    ],
    names: Annotated[
        bool,
        typer.Option(
            "--names",
            help=say("Tambahkan nama dan NIP (meminta persetujuan).", "Add names and NIPs (asks first)."),
        ),
    ] = False,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="ATURAN,…",
            help=say(
                "Hanya: penghargaan, berturut_turut, masa_kerja, pembinaan.",
                "Only: penghargaan (performance), berturut_turut (two years), masa_kerja (service), pembinaan (coaching).",
            ),
        ),
    ] = None,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help=say("Setujui --names tanpa bertanya.", "Agree to --names without asking.")
        ),
    ] = False,
    replace: Annotated[
        bool,
        typer.Option("--replace", help=say("Ganti berkas yang sudah ada.", "Replace a file that is there.")),
    ] = False,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the list."""
    from kinerja_lib.workflow.follow_up_list import write_follow_up_list

    ctx = context(project, lang, as_json, quiet)
    if names and not dry_run and not yes:
        _confirm(ctx)
    with ctx.screen.progress(Both("Membaca ekspor", en="Reading the exports")) as tick:
        found = write_follow_up_list(
            ctx.project(), to, instansi=instansi, period=period, reason=reason, names=names,
            only=split_list(only, ()), replace=replace, dry_run=dry_run, lang=ctx.lang, progress=tick,
        )  # fmt: skip
    ctx.screen.result(found)
    ctx.screen.table(
        (Both("Aturan", en="Rule"), Both("Pegawai", en="Employees")),
        [(rule, str(count)) for rule, count in found["by_rule"].items()],
        right=(1,),
    )
    for note in found["notes"]:
        ctx.screen.line(f"! {note}")
    if dry_run:
        ctx.screen.line(Both("Tidak ada yang ditulis.", en="Nothing was written."))
        return
    if found["unnamed"]:
        ctx.screen.line(
            Both(
                f"! {found['unnamed']} pegawai tidak ditemukan pada ekspor; hanya kodenya yang tertulis",
                en=f"! {found['unnamed']} employees were not found in the exports; only their codes are written",
            )
        )
    ctx.screen.line(
        Both(
            f"{found['rows']} baris di {found['file']}; tercatat di access_log.jsonl. Hapus sesudah dipakai.",
            en=f"{found['rows']} rows in {found['file']}; noted in access_log.jsonl. Delete it after use.",
        )
    )
    if os.name == "nt":
        ctx.screen.line(
            Both(
                "! Di Windows izin berkas mengikuti foldernya: batasi folder itu pada akun Anda "
                '(icacls "FOLDER" /inheritance:r /grant:r %USERNAME%:F)',
                en="! On Windows the file takes the folder's permissions: restrict that folder to your account "
                '(icacls "FOLDER" /inheritance:r /grant:r %USERNAME%:F)',
            )
        )


def show_log(
    project: ProjectFolder = None, lang: Language = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Show the access log."""
    from kinerja_lib.workflow.follow_up_access import read_log

    ctx = context(project, lang, as_json, quiet)
    entries = read_log(ctx.project())
    ctx.screen.result({"entries": entries})
    if not entries:
        ctx.screen.line(Both("Belum ada daftar yang diambil.", en="No list was taken yet."))
        return
    heads = (
        Both("Waktu (UTC)", en="Time (UTC)"), Both("Akun", en="Account"), Both("Instansi", en="Agency"),
        Both("Periode", en="Period"), Both("Pegawai", en="Employees"), Both("Nama", en="Names"), Both("Keperluan", en="Purpose"),
    )  # fmt: skip
    yes, no = Both("ya", en="yes"), Both("tidak", en="no")
    rows = [
        (one["time"], one["account"], one["instansi"], one["period"], str(one["people"]), yes if one["names"] else no, one["reason"])
        for one in entries
    ]  # fmt: skip
    ctx.screen.table(heads, rows, right=(4,))


def _confirm(ctx: Context) -> None:
    """Ask before names are put beside codes; without a terminal, ``--yes`` must say it."""
    import sys

    question = Both(
        "Daftar ini akan memuat nama dan NIP. Anda berwenang dan bertanggung jawab atasnya?",
        en="This list will hold names and NIPs. Are you authorised, and responsible for it?",
    )
    if ctx.screen.as_json or not sys.stdin.isatty():
        raise UsageError(
            Both("--names perlu persetujuan", en="--names needs your agreement"),
            action=Both("tambahkan --yes", en="add --yes"),
        )
    if not typer.confirm(question.text(ctx.lang), default=False, err=True):
        raise typer.Abort
