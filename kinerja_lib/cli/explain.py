"""Command that says what became of a row, a file or a person: explain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinerja_lib.cli.options import AsJson, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.story import show_file_story, show_person, show_rows
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

if TYPE_CHECKING:
    from kinerja_lib.cli.options import Context
    from kinerja_lib.workflow import Project


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "explain",
        help=say(
            "Jelaskan mengapa sebuah baris, berkas, atau pegawai ada atau tidak ada di laporan: dibaca sebagai apa, "
            "ditolak atau digabung mengapa, koreksinya, tempatnya di panel, dan model yang memakainya. Tidak ada yang "
            "dicatat, dan isi sel tidak ditampilkan.",
            "Explain why a row, a file or an employee is in the reports or not: read as what, rejected or merged why, "
            "its corrections, its place in the panel, and the models that use it. Nothing is logged, and no cell's "
            "content is shown.",
        ),
        epilog=examples(
            'kinerja explain "Rekap SKP TW III.xlsx" --row 27',
            'kinerja explain "Rekap SKP TW III.xlsx" --row 27 --sheet "TW III" --json',
            'kinerja explain "Rekap SKP TW III.xlsx"',
            "kinerja explain --nip -",
            "kinerja explain --id PABCDEFGHIJKL",
        ),
    )(explain)


def explain(
    file: Annotated[
        str | None,
        typer.Argument(
            metavar="[BERKAS]",
            help=say("Ekspor: jalurnya, atau namanya saja.", "An export: its path, or its bare name."),
        ),
    ] = None,
    row: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="N", help=say("Nomor baris, seperti di Excel.", "Row number, as Excel shows it.")
        ),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option(metavar="NAMA", help=say("Hanya lembar ini.", "This sheet only."))
    ] = None,
    nip: Annotated[
        str | None,
        typer.Option(
            metavar="NIP|-",
            help=say(
                "Seorang pegawai, bagi pemegang kunci proyek; tanda - membacanya dari masukan, agar tidak tersimpan "
                "pada riwayat shell.",
                "An employee, for who holds the project's key; a dash reads it from the input, so that the shell's "
                "history does not keep it.",
            ),
        ),
    ] = None,
    person: Annotated[
        str | None,
        typer.Option(
            "--id",
            metavar="KODE",
            help=say("Seorang pegawai, dengan kode samarannya.", "An employee, by the pseudonym."),
        ),
    ] = None,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Tell the story of a row, a file or a person."""
    ctx = context(project, lang, as_json, quiet)
    if sum(one is not None for one in (file, nip, person)) != 1 or (row is not None and file is None):
        raise UsageError(
            Both("sebut satu: BERKAS, --nip, atau --id", en="give one of: FILE, --nip, --id"),
            action="kinerja explain --help",
        )
    mine = ctx.project()
    if file is None:
        _person(ctx, mine, nip, person)
        return
    from kinerja_lib.workflow.row_story import file_story, known_file, row_story

    name = known_file(mine, file)
    if row is None:
        story = file_story(mine, name)
        ctx.screen.result(story)
        show_file_story(ctx.screen, story)
        return
    rows = [_with_models(one) for one in row_story(mine, name, row, sheet)]
    if not rows:
        raise UsageError(
            Both(f"{name}: tidak ada tabel yang dibaca di sana", en=f"{name}: no table was read there"),
            details=[Both(f"lembar: {sheet}", en=f"sheet: {sheet}")] if sheet else [],
            action=f'kinerja explain "{name}"',
        )
    ctx.screen.result({"rows": rows})
    show_rows(ctx.screen, rows)


def _person(ctx: Context, mine: Project, nip: str | None, person: str | None) -> None:
    from kinerja_lib.workflow.person_story import person_story

    if nip == "-":
        nip = typer.prompt("NIP", hide_input=True, err=True) if sys.stdin.isatty() else sys.stdin.readline()
    with ctx.screen.progress(Both("Mencari", en="Searching")) as tick:
        story = person_story(mine, nip=nip or "", person=person or "", progress=tick)
    story["rows"] = [_with_models(one) for one in story["rows"]]
    ctx.screen.result(story)
    show_person(ctx.screen, story)


def _with_models(one: dict[str, Any]) -> dict[str, Any]:
    """The entry with the models that use its row of the panel; the panel's values themselves are not shown."""
    from kinerja_lib.reporting.annual.row_use import missing_for_models

    panel = one.get("panel")
    if not panel:
        return one
    values = panel.pop("values")
    panel["models"] = (
        {} if values is None else {name: list(lack) for name, lack in missing_for_models(values).items()}
    )
    return one
