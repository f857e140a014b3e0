"""Commands on the project: new, status, lab."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from kinerja_lib.cli.following import STATES
from kinerja_lib.cli.options import AsJson, DryRun, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.words import examples, say
from kinerja_lib.config import FILE_NAME, starter
from kinerja_lib.errors import Both, UsageError

FOLDERS = (
    "data/raw",
    "data/interim",
    "data/processed",
    "data/reference",
    "notebooks/templates",
    "notebooks/exploration",
    "reports",
)
LAB_FLAGS = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--ServerApp.ip=127.0.0.1",
)
LAB_START = "/lab/tree/notebooks/exploration/00_pengantar.ipynb"


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "new",
        help=say(
            "Buat folder proyek baru dengan kinerja.toml yang menjelaskan dirinya sendiri.",
            "Make a new project folder with a kinerja.toml that documents itself.",
        ),
        epilog=examples(
            "kinerja new laporan-2025", 'kinerja new laporan-2025 --name "Kabupaten Contoh" --place Contoh'
        ),
    )(new)
    app.command(
        "status",
        help=say(
            "Tampilkan isi proyek: ekspor, tabel bersih, panel, instansi, laporan, dan proses terakhir.",
            "Show what the project holds: exports, cleaned tables, panel, "
            "agencies, reports, and the last run.",
        ),
        epilog=examples("kinerja status", "kinerja status --json", "kinerja status --follow"),
    )(status)
    app.command(
        "lab",
        help=say(
            "Buka JupyterLab pada proyek, tanpa internet: hanya di komputer ini, dengan token.",
            "Open JupyterLab on the project, offline: on this computer only, with a token.",
        ),
        epilog=examples("kinerja lab", "kinerja lab --no-browser --port 8890"),
    )(lab)


def new(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=say("Folder yang akan dibuat.", "Folder to make."))
    ],
    name: Annotated[
        str,
        typer.Option(
            metavar="NAMA", help=say("Nama pemerintah atau instansi.", "Name of the government or agency.")
        ),
    ] = "Pemerintah Daerah",
    place: Annotated[
        str, typer.Option(metavar="TEMPAT", help=say("Tempat penandatanganan.", "Place of signature."))
    ] = "",
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Make a project folder; refuses one that already has a project."""
    ctx = context(None, lang, as_json, quiet)
    target = folder / FILE_NAME
    if target.exists():
        raise UsageError(
            Both(f"proyek sudah ada: {target}", en=f"there is a project already: {target}"),
            action=Both(
                "pilih folder lain, atau ubah kinerja.toml itu", en="choose another folder, or edit that file"
            ),
        )
    text = starter(name, place=place)
    for part in FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8", newline="\n")
    ctx.screen.result({"project": str(folder.resolve()), "folders": list(FOLDERS)})
    ctx.screen.line(Both(f"Proyek dibuat di {folder}", en=f"Project made in {folder}"))
    ctx.screen.line(Both("Langkah berikutnya:", en="Next:"))
    ctx.screen.line(
        Both(
            f"  1. salin ekspor ke {folder / 'data' / 'raw'}",
            en=f"  1. copy exports to {folder / 'data' / 'raw'}",
        )
    )
    own = _typed(folder)
    ctx.screen.line(
        Both(
            f"  2. kinerja units new --project {own}   (bila belum ada units.csv)",
            en=f"  2. kinerja units new --project {own}   (where there is no units.csv yet)",
        )
    )
    ctx.screen.line(f"  3. kinerja check {_typed(folder / 'data' / 'raw')} --project {own}")
    ctx.screen.line(f"  4. kinerja run --project {own}")


def _typed(path: Path) -> str:
    """A path as it is typed in a shell, on any system: in double quotes where it holds a space."""
    return f'"{path}"' if " " in str(path) else str(path)


def status(
    follow: Annotated[
        bool,
        typer.Option(
            "--follow",
            help=say(
                "Ikuti proses yang sedang berjalan sampai selesai; dengan --json satu kejadian per baris.",
                "Follow the run at work to its end; with --json one event a line.",
            ),
        ),
    ] = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """What is in the project, and how the last run ended."""
    from kinerja_lib.cli import following
    from kinerja_lib.reporting.status import project_status

    ctx = context(project, lang, as_json, quiet)
    if follow:
        return following.follow(ctx)
    found = project_status(ctx.project())
    ctx.screen.result(found)
    screen = ctx.screen
    screen.line(Both(f"Proyek     {found['project']}", en=f"Project    {found['project']}"), style="bold")
    screen.line(Both(f"Ekspor     {found['exports']} berkas", en=f"Exports    {found['exports']} files"))
    for name, rows in found["tables"].items():
        screen.line(Both(f"  {name:<16}{rows:>10} baris", en=f"  {name:<16}{rows:>10} rows"))
    if found["panel"]:
        facts = found["panel"]
        span = f"{facts['first']} – {facts['last']}"
        screen.line(
            Both(f"Panel      {facts['rows']} baris, {span}", en=f"Panel      {facts['rows']} rows, {span}")
        )
        screen.line(Both("Instansi", en="Agencies"))
        for code in facts["instansi"]:
            screen.line(f"  {code}")
    else:
        screen.line(
            Both("Panel      belum ada; jalankan: kinerja run", en="Panel      none yet; run: kinerja run")
        )
    screen.line(Both(f"Laporan    {found['reports']} berkas", en=f"Reports    {found['reports']} files"))
    _show_last_run(ctx.screen, found["last_run"])
    return 0


def _show_last_run(screen: Any, run: dict[str, Any] | None) -> None:
    if run is None:
        screen.line(Both("Proses     belum pernah", en="Last run   none yet"))
        return
    found = [(count, STATES[name]) for name, count in run["counts"].items() if count]
    counts = ", ".join(f"{count} {word}" for count, word in found) or "-"
    counts_en = ", ".join(f"{count} {word.en}" for count, word in found) or "-"
    running = len(run["running"])
    if run["ended"]:
        screen.line(
            Both(f"Proses     {run['begun']}: {counts}", en=f"Last run   {run['begun']}: {counts_en}")
        )
    elif run["stopped"]:
        screen.line(
            Both(
                f"Proses     {run['begun']}: terhenti; {counts}; {run['left']} belum dibuat, jalankan lagi perintah "
                "yang sama untuk melanjutkan",
                en=f"Last run   {run['begun']}: cut short; {counts_en}; {run['left']} not made, run the same command "
                "again to go on",
            )
        )
    else:
        screen.line(
            Both(
                f"Proses     {run['begun']}: belum selesai, {running} berjalan; {counts}",
                en=f"Last run   {run['begun']}: not ended, {running} running; {counts_en}",
            )
        )


def lab(
    project: ProjectFolder = None,
    port: Annotated[int, typer.Option(help=say("Port pada komputer ini.", "Port on this computer."))] = 8888,
    browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help=say("Buka peramban.", "Open the browser."))
    ] = True,
    dry_run: DryRun = False,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Start JupyterLab on the project's folder."""
    from kinerja_lib.reporting.packaged import provide_notebooks

    ctx = context(project, lang, as_json, quiet)
    root = ctx.project().root
    command = [sys.executable, "-m", "jupyterlab", *LAB_FLAGS]
    command += [
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        f"--LabApp.default_url={LAB_START}",
    ]
    if not browser:
        command.append("--no-browser")
    ctx.screen.result({"command": command})
    if dry_run:
        ctx.screen.line(" ".join(command))
        return 0
    provide_notebooks("exploration", root / "notebooks" / "exploration")
    provide_notebooks("templates", ctx.project().folder("templates"))
    ctx.screen.line(
        Both(
            f"JupyterLab dibuka pada {root}; hentikan dengan Ctrl-C",
            en=f"JupyterLab opens on {root}; stop with Ctrl-C",
        )
    )
    return subprocess.run(command, env=lab_environment(root), check=False, cwd=root).returncode


def lab_environment(root: Path) -> dict[str, str]:
    """Environment of JupyterLab: the project, and a page configuration that never asks about news."""
    quiet = str(Path(__file__).resolve().parent / "lab")
    places = [quiet, *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    return {**os.environ, "KINERJA_PROJECT": str(root), "JUPYTER_CONFIG_PATH": os.pathsep.join(places)}
