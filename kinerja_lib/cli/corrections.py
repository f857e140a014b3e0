"""Commands of the correction loop: ``corrections export`` and ``corrections import``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kinerja_lib.cli.options import AsJson, DryRun, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, CleaningError

Replace = Annotated[
    bool, typer.Option("--replace", help=say("Ganti yang sudah ada.", "Replace what is there already."))
]


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    group = typer.Typer(
        name="corrections",
        help=say(
            "Lembar koreksi bagi setiap unit: kirim, terima kembali, terapkan.",
            "Correction sheets for each unit: send out, take back, apply.",
        ),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command(
        "export",
        help=say(
            "Tulis satu lembar koreksi per unit, berisi sel pada barisnya sendiri yang tidak terbaca atau bertentangan.",
            "Write one correction sheet a unit, with the cells of its own rows that can't be read or contradict others.",
        ),
        epilog=examples(
            "kinerja corrections export --out koreksi",
            "kinerja corrections export --instansi dinas-pendidikan --out koreksi",
        ),
    )(export)
    group.command(
        "import",
        help=say(
            "Periksa lembar koreksi yang sudah diisi, lalu catat di corrections.toml; diterapkan pada setiap "
            "`kinerja clean` berikutnya.",
            "Check filled-in correction sheets and note them in corrections.toml; applied on every later "
            "`kinerja clean`.",
        ),
        epilog=examples("kinerja corrections import koreksi --dry-run", "kinerja corrections import koreksi"),
    )(take_in)
    app.add_typer(group)


def export(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="FOLDER", help=say("Folder lembar koreksi.", "Folder of the sheets.")),
    ],
    unit: Annotated[
        str | None, typer.Option(help=say("Hanya unit ini (kode).", "Only this unit (code)."))
    ] = None,
    instansi: Annotated[
        str | None, typer.Option(help=say("Hanya instansi ini (kode).", "Only this agency (code)."))
    ] = None,
    replace: Replace = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write correction sheets."""
    from kinerja_lib.workflow.correction_export import export_corrections

    ctx = context(project, lang, as_json, quiet)
    with ctx.screen.progress(Both("Membaca", en="Reading")) as tick:
        found = export_corrections(
            ctx.project(), out, unit=unit, instansi=instansi, replace=replace, lang=ctx.lang, progress=tick
        )
    ctx.screen.result(found)
    headers = (
        Both("Unit", en="Unit"), Both("Tidak terbaca", en="Unreadable"), Both("Bertentangan", en="Contradicting")
    )  # fmt: skip
    rows = [(line["name"], str(line["cells"]), str(line["conflicts"])) for line in found["sheets"]]
    if not rows:
        ctx.screen.line(Both("Tidak ada sel yang perlu dikoreksi.", en="No cell needs a correction."))
        return
    ctx.screen.table(headers, rows, right=(1, 2))
    ctx.screen.line(
        Both(
            f"{len(rows)} lembar di {out}. Memuat data pribadi: kirim masing-masing hanya kepada unitnya.",
            en=f"{len(rows)} sheets in {out}. They hold personal data: send each to its own unit only.",
        )
    )


def take_in(
    place: Annotated[
        Path,
        typer.Argument(metavar="BERKAS|FOLDER", help=say("Lembar yang sudah diisi.", "Filled-in sheets.")),
    ],
    dry_run: DryRun = False,
    replace: Replace = False,
    skip_faulty: Annotated[
        bool,
        typer.Option(
            "--skip-faulty",
            help=say(
                "Lewati lembar yang jawabannya belum benar, terima yang lain; kode keluar 6 bila ada yang dilewati.",
                "Leave out sheets with a faulty answer, take in the others; exit code 6 where some were left out.",
            ),
        ),
    ] = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Take filled-in correction sheets in."""
    from kinerja_lib.workflow.correction_import import import_corrections

    ctx = context(project, lang, as_json, quiet)
    with ctx.screen.progress(Both("Memeriksa", en="Checking")) as tick:
        found = import_corrections(
            ctx.project(),
            place,
            dry_run=dry_run,
            replace=replace,
            skip_faulty=skip_faulty,
            lang=ctx.lang,
            progress=tick,
        )
    ctx.screen.result(found)
    for fault in found["faults"]:
        ctx.screen.line(f"! {fault}")
    if found["left_out"]:
        ctx.screen.line(
            Both(
                f"Dilewati: {', '.join(found['left_out'])}. Perbaiki, lalu impor lagi.",
                en=f"Left out: {', '.join(found['left_out'])}. Mend them, then import again.",
            )
        )
    ctx.screen.line(
        Both(
            "{answers} jawaban dari {workbooks} lembar: {new} baru, {replaced} mengganti, {same} sudah tercatat".format(
                **found
            ),
            en="{answers} answers in {workbooks} sheets: {new} new, {replaced} replacing, {same} known".format(
                **found
            ),
        )
    )
    if found["written"]:
        ctx.screen.line(
            Both(
                f"Tercatat di {found['file']}; jalankan `kinerja clean`.",
                en=f"Noted in {found['file']}; run `kinerja clean`.",
            )
        )
    return CleaningError.exit_code if found["left_out"] else 0
