"""Command that writes the input forms: forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kinerja_lib.cli.options import AsJson, DryRun, Language, ProjectFolder, Quiet, context, split_list
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "forms",
        help=say(
            "Tulis formulir Excel untuk data yang tidak memiliki ekspor: kegiatan pimpinan, laporan tugas, survei, dan lainnya.",
            "Write Excel forms for data that no application exports: leaders' activities, project reports, surveys, and more.",
        ),
        epilog=examples(
            "kinerja forms formulir",
            "kinerja forms formulir --instansi dinas-pendidikan",
            "kinerja forms formulir --only kepemimpinan,laporan_tugas",
        ),
    )(forms)


def forms(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help=say("Folder untuk formulir.", "Folder of the forms."))
    ],
    instansi: Annotated[
        str | None,
        typer.Option(
            metavar="KODE",
            help=say("Tawarkan hanya unit kerja instansi ini.", "Offer only the units of this agency."),
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(metavar="NAMA,…", help=say("Hanya formulir ini.", "Only these forms.")),
    ] = None,
    force: Annotated[
        bool,
        typer.Option(
            "--force", help=say("Timpa formulir yang sudah ada.", "Overwrite forms that are there.")
        ),
    ] = False,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Write the forms."""
    from kinerja_lib.reporting.forms import choose_forms, write_forms

    ctx = context(project, lang, as_json, quiet)
    chosen = choose_forms(split_list(only, ()))
    paths = [folder / f"{form.file}.xlsx" for form in chosen]
    if not dry_run:
        paths = write_forms(ctx.project(), folder, chosen, instansi=instansi, force=force)
    papers = [folder / f"{form.paper}.pdf" for form in chosen if form.paper]
    ctx.screen.result(
        {
            "forms": [str(path) for path in paths],
            "to_print": [str(path) for path in papers],
            "written": not dry_run,
        }
    )
    ctx.screen.table(
        (Both("Formulir", en="Form"), Both("Isi", en="Contents"), Both("Diisi", en="Filled in")),
        [
            (path.name, form.title.text(ctx.lang), form.when.text(ctx.lang))
            for form, path in zip(chosen, paths, strict=True)
        ]
        + [
            (path.name, Both("kuesioner untuk dicetak", en="questionnaire to print").text(ctx.lang), "")
            for path in papers
        ],
    )
    ctx.screen.hint(
        Both(
            "salin formulir yang sudah diisi ke folder ekspor; tidak perlu pemetaan",
            en="copy the filled forms into the folder of exports; no mapping is needed",
        )
    )
