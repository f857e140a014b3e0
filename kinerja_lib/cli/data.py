"""Commands on the data: check, clean, panel, sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from kinerja_lib.cli.cleaned import show_accounting, show_conflicts, show_fault, show_file, show_sum
from kinerja_lib.cli.options import AsJson, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

Paths = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[BERKAS…]",
        help=say(
            "Berkas atau folder ekspor, atau sql/NAMA untuk basis data pada kinerja.toml. Bawaan: folder mentah proyek "
            "beserta semua basis datanya.",
            "Export files or folders, or sql/NAME for a database of kinerja.toml. Default: the project's raw folder "
            "with all its databases.",
        ),
    ),
]


UNREADABLE = 4  # exit code where some files could not be read, though the others were


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "check",
        help=say(
            "Tampilkan apa yang akan dibaca dari setiap berkas dan baris mana yang "
            "akan ditolak; tidak menulis apa pun.",
            "Show what would be read from each file and which rows would be rejected; writes nothing.",
        ),
        epilog=examples(
            "kinerja check",
            "kinerja check data/raw",
            "kinerja check sql/simpeg",
            'kinerja check "Rekap SKP TW III.xlsx" --json',
        ),
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
            "kinerja sample contoh --weak dinas-pertanian",
        ),
    )(sample)


def check(
    paths: Paths = None,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Describe exports and dry-run their cleaning."""
    from kinerja_lib.workflow import check as check_files

    ctx = context(project, lang, as_json, quiet)
    screen, given = ctx.screen, paths or []
    mine = ctx.project(given[0] if given else None)
    databases = [f"sql/{one.name}" for one in mine.config.sources]
    for path in given:
        if not path.exists() and path.as_posix() not in databases:
            raise UsageError(
                Both(f"berkas atau folder tidak ada: {path}", en=f"no such file or folder: {path}"),
                details=[Both(f"basis data: {', '.join(databases)}", en=f"databases: {', '.join(databases)}")]
                if databases
                else [],
                action=Both("periksa ejaan jalurnya", en="check the spelling of the path"),
            )
    with screen.progress(Both("Memeriksa", en="Checking")) as tick:
        found = check_files(given, mine, lang=ctx.lang, progress=tick)
    screen.result(found)
    if not found["files"] and not found["faults"]:
        place = given[0] if given else mine.folder("raw")
        screen.line(Both(f"tidak ada ekspor di {place}", en=f"there is no export in {place}"))
        screen.line(
            Both(
                "  -> salin ekspor Excel atau CSV ke sana, lalu ulangi",
                en="  -> copy Excel or CSV exports there, then run again",
            )
        )
    for entry in found["files"]:
        show_file(screen, entry)
    show_conflicts(screen, found)
    for fault in found["faults"]:
        show_fault(screen, fault)
    show_sum(screen, found)
    return UNREADABLE if found["faults"] else 0


def clean(
    project: ProjectFolder = None, lang: Language = None, as_json: AsJson = False, quiet: Quiet = False
) -> int:
    """Clean the project's exports."""
    from kinerja_lib.workflow import run_clean

    ctx = context(project, lang, as_json, quiet)
    with ctx.screen.progress(Both("Membersihkan", en="Cleaning")) as tick:
        summary = run_clean(ctx.project(), lang=ctx.lang, progress=tick)
    ctx.screen.result(summary)
    show_accounting(ctx.screen, summary)
    return UNREADABLE if summary["faults"] else 0


def panel(
    project: ProjectFolder = None, lang: Language = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Build the panel."""
    from kinerja_lib.workflow import run_panel

    ctx = context(project, lang, as_json, quiet)
    with ctx.screen.progress(Both("Menyusun panel", en="Building the panel")) as tick:
        built = run_panel(ctx.project(), lang=ctx.lang, progress=tick)
    ctx.screen.result(built)
    show_panel(ctx.screen, built)


def show_panel(screen: Screen, built: dict[str, Any]) -> None:
    """Size and span of the panel, and the units that are others at its end."""
    count = len(built["instansi"])
    span = f"{built['first']} – {built['last']}"
    screen.line(
        Both(
            f"Panel: {built['rows']} baris, {built['people']} pegawai, {count} instansi, {span}",
            en=f"Panel: {built['rows']} rows, {built['people']} employees, {count} agencies, {span}",
        )
    )
    for line in built.get("lineage", []):
        same = line["kode_baru"]
        then = Both(f"dibandingkan sebagai {same}", en=f"compared as {same}")
        if not same:
            then = Both(
                "tidak dapat dibandingkan sesudah reorganisasi", en="not comparable over its reorganisation"
            )
        words = f"  {line['kode']} ({line['jenis']}, {line['baris']}): "
        screen.line(Both(words + then, en=words + then.en))


def sample(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=say("Folder yang akan dibuat.", "Folder to make."))
    ],
    instansi: Annotated[
        int, typer.Option(min=1, max=60, help=say("Banyak instansi.", "Number of agencies."))
    ] = 12,
    pegawai: Annotated[int, typer.Option(min=40, help=say("Banyak pegawai.", "Number of employees."))] = 2400,
    periode: Annotated[
        str, typer.Option(help=say("Rentang triwulan.", "Range of quarters."))
    ] = "2023-Q1:2025-Q4",
    seed: Annotated[int, typer.Option(help=say("Benih acak.", "Random seed."))] = 7,
    damage: Annotated[
        float, typer.Option(min=0.0, max=0.6, help=say("Bagian sel yang dirusak.", "Share of damaged cells."))
    ] = 0.02,
    weak: Annotated[
        list[str] | None,
        typer.Option(
            metavar=say("INSTANSI", "AGENCY"),
            help=say(
                "Instansi dengan kelemahan yang diketahui: fasilitas buruk, penilai longgar, penghargaan tidak adil.",
                "Agency with known weaknesses: poor facilities, lenient raters, unfair rewards.",
            ),
        ),
    ] = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write synthetic exports with known damage and known effects."""
    from kinerja_lib.samples import write_sample

    ctx = context(None, lang, as_json, quiet)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            Both(f"folder sudah berisi: {folder}", en=f"the folder is not empty: {folder}"),
            action=Both("pilih folder baru atau kosong", en="choose a new or empty folder"),
        )
    with ctx.screen.progress(Both("Menulis contoh", en="Writing the sample")) as tick:
        written = write_sample(
            folder, instansi, pegawai, periode, seed, damage=damage, weak=weak or (), progress=tick
        )
    ctx.screen.result({"folder": str(folder), **written})
    ctx.screen.line(
        Both(
            f"{written['files']} berkas sintetis di {folder}; yang benar ada di truth.json",
            en=f"{written['files']} synthetic files in {folder}; the truth is in truth.json",
        )
    )
