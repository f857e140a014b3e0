"""Commands on the data: check, clean, panel, sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kinerja_lib.cli.options import AsJson, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="BERKAS…", help=say("Berkas atau folder ekspor.", "Export files or folders.")),
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "check",
        help=say(
            "Tampilkan apa yang akan dibaca dari setiap berkas dan baris mana yang "
            "akan ditolak; tidak menulis apa pun.",
            "Show what would be read from each file and which rows would be rejected; writes nothing.",
        ),
        epilog=examples("kinerja check data/raw", "kinerja check 'Rekap SKP TW III.xlsx' --json"),
    )(check)
    app.command(
        "clean",
        help=say(
            "Bersihkan semua ekspor proyek menjadi tabel, dengan buku besar baris yang ditolak.",
            "Clean all exports of the project into tables, with the ledger of rejected rows.",
        ),
        epilog=examples("kinerja clean", "kinerja clean --project laporan-2025 --json"),
    )(clean)
    app.command(
        "panel",
        help=say("Susun panel pegawai × triwulan dari tabel bersih.", "Build the employee × quarter panel."),
        epilog=examples("kinerja panel"),
    )(panel)
    app.command(
        "sample",
        help=say(
            "Tulis ekspor sintetis Pemerintah Rangkui, dengan kerusakan dan efek yang diketahui.",
            "Write synthetic exports of Pemerintah Rangkui, with known damage and known effects.",
        ),
        epilog=examples(
            "kinerja sample contoh",
            "kinerja sample contoh --instansi 3 --pegawai 300 --periode 2025-Q1:2025-Q4 --seed 7",
        ),
    )(sample)


def check(
    paths: Paths,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Describe exports and dry-run their cleaning."""
    from kinerja_lib.workflow import check as check_files

    ctx = context(project, lang, as_json, quiet)
    screen = ctx.screen
    for path in paths:
        if not path.exists():
            raise UsageError(
                Both(f"berkas atau folder tidak ada: {path}", en=f"no such file or folder: {path}"),
                action=Both("periksa ejaan jalurnya", en="check the spelling of the path"),
            )
    with screen.progress(Both("Memeriksa", en="Checking")) as tick:
        found = check_files(paths, ctx.project(), lang=ctx.lang, progress=tick)
    screen.result(found)
    for entry in found["files"]:
        _show_file(screen, entry)
    for fault in found["faults"]:
        screen.line(f"{fault['file']}", style="bold")
        screen.line(f"  {fault['message']}")
        if fault.get("action"):
            screen.line(f"  -> {fault['action']}")
    return 4 if found["faults"] else 0


def _show_file(screen: Screen, entry: dict[str, object]) -> None:
    raise NotImplementedError


def clean(
    project: ProjectFolder = None, lang: Language = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Clean the project's exports."""
    from kinerja_lib.workflow import run_clean

    ctx = context(project, lang, as_json, quiet)
    with ctx.screen.progress(Both("Membersihkan", en="Cleaning")) as tick:
        summary = run_clean(ctx.project(), lang=ctx.lang, progress=tick)
    ctx.screen.result(summary)
    show_accounting(ctx.screen, summary)


def show_accounting(screen: Screen, summary: dict[str, object]) -> None:
    """Rows read, kept, rejected and merged, by table."""
    raise NotImplementedError


def panel(
    project: ProjectFolder = None, lang: Language = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Build the panel."""
    raise NotImplementedError


def sample() -> None:
    """Write synthetic exports."""
    raise NotImplementedError
