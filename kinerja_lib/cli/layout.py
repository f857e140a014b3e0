"""The command ``layout new``: propose a layout from a file, have it confirmed, write it."""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinerja_lib.cli.layout_questions import ask_about, note_known
from kinerja_lib.cli.options import AsJson, DryRun, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

if TYPE_CHECKING:
    from kinerja_lib.reading.draft import Proposal
    from kinerja_lib.workflow import Project

_HOW = {
    "exact": Both("sama", en="exact"),
    "normalised": Both("sama setelah dirapikan", en="same once tidied"),
    "fuzzy": Both("mirip", en="alike"),
    "values": Both("menurut isinya", en="by its cells"),
    "chosen": Both("dipilih", en="chosen"),
    "ignored": Both("tidak dipakai", en="not used"),
    "item": Both("butir survei", en="survey item"),
    "none": Both("belum dipetakan", en="not mapped"),
}
_FORBIDDEN = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
)


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    group = typer.Typer(
        name="layout",
        help=say("Bentuk ekspor: usulkan layout baru.", "Export forms: propose a new layout."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )

    @group.callback()
    def _group() -> None:
        """Keep ``new`` a word of its own, though it is the only one."""

    group.command(
        "new",
        help=say(
            "Usulkan layout dari sebuah berkas: tajuk dipasangkan dengan kolom, yang ragu ditanyakan, lalu "
            "ditulis ke folder layouts proyek.",
            "Propose a layout from a file: headers are matched with columns, doubtful ones are asked about, "
            "then it is written to the project's layouts folder.",
        ),
        epilog=examples(
            'kinerja layout new "Rekap Kinerja.xlsx"',
            "kinerja layout new rekap.csv --table penilaian --name rekap-bkpsdm --accept",
        ),
    )(new)
    app.add_typer(group)


def new(
    file: Annotated[Path, typer.Argument(metavar="BERKAS", help=say("Berkas ekspor.", "Export file."))],
    sheet: Annotated[
        str | None,
        typer.Option(help=say("Nama lembar. Bawaan: yang paling cocok.", "Sheet. Default: the best fit.")),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(help=say("Tabel tujuan, misalnya penilaian.", "Table, for instance penilaian.")),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(help=say("Nama layout. Bawaan: dari nama berkas.", "Name. Default: from the file's.")),
    ] = None,
    threshold: Annotated[
        float,
        typer.Option(
            min=50.0, max=100.0, help=say("Batas skor kemiripan.", "Score needed to be taken as alike.")
        ),
    ] = 88.0,
    accept: Annotated[
        bool,
        typer.Option(
            "--accept",
            help=say(
                "Tanpa bertanya: yang di atas batas diterima, sisanya didaftar.",
                "Ask nothing: take those above the threshold, list the rest.",
            ),
        ),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help=say("Timpa layout yang sudah ada.", "Overwrite an existing layout.")),
    ] = False,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Propose a layout, have it confirmed, write it."""
    from kinerja_lib.reading import load_layouts
    from kinerja_lib.reading.proposal import layout_name, propose, sheets_of

    ctx = context(project, lang, as_json, quiet)
    folder = (mine := ctx.project()).folder("reference") / "layouts"
    file = _in_raw(mine, file)
    _check(file, table)
    chosen = _safe_name(name or layout_name(file.stem))
    target = folder / f"{chosen}.toml"
    if target.exists() and not force and not dry_run:
        raise UsageError(
            Both(f"layout sudah ada: {target.name}", en=f"the layout exists: {target.name}"),
            action=Both(
                "pilih --name lain, atau timpa dengan --force", en="choose another --name, or use --force"
            ),
        )
    sheets = [one for one in sheets_of(file) if sheet is None or one.name == sheet]
    if not sheets:
        raise UsageError(
            Both(f"lembar tidak ada: {sheet}", en=f"no such sheet: {sheet}"),
            action=Both("kosongkan --sheet agar dicari sendiri", en="leave --sheet out to have it found"),
        )
    layouts = load_layouts(folder)
    note_known(ctx.screen, file, layouts)
    proposal = propose(sheets, chosen, into=table, threshold=threshold, layouts=layouts)
    _show(ctx.screen, proposal, file)
    dry_run = dry_run or (as_json and not accept)
    if not (accept or dry_run):
        proposal = ask_about(ctx.screen, proposal)
    _refuse_unusable(proposal)
    if not dry_run:
        folder.mkdir(parents=True, exist_ok=True)
        target.write_text(_head(file, proposal) + proposal.toml(), encoding="utf-8", newline="\n")
    ctx.screen.result(_plain(proposal, target, written=not dry_run))
    _tell(ctx.screen, proposal, target, file, dry_run)
    return 0


def _in_raw(mine: Project, file: Path) -> Path:
    """The file; where only its bare name was given, the one export of that name in the raw folder."""
    if file.exists() or file.name != str(file):
        return file
    found = [path for path in mine.folder("raw").rglob(glob.escape(file.name)) if path.is_file()]
    return found[0] if len(found) == 1 else file


def _check(file: Path, table: str | None) -> None:
    from kinerja_lib.schema.fields import tables

    names = [one for one in tables() if one != "panel"]
    if table is not None and table not in names:
        raise UsageError(
            Both(f"tabel tidak dikenal: {table}", en=f"unknown table: {table}"),
            action=Both(f"pilih: {', '.join(names)}", en=f"choose: {', '.join(names)}"),
        )
    if not file.is_file():
        raise UsageError(
            Both(f"berkas tidak ada: {file}", en=f"no such file: {file}"),
            action=Both("periksa ejaan jalurnya", en="check the spelling of the path"),
        )


def _safe_name(name: str) -> str:
    """The name, where it is one that every system can hold as a file's."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", name) or name in _FORBIDDEN:
        raise UsageError(
            Both(f"nama layout tidak sah: {name}", en=f"not a valid name of a layout: {name}"),
            action=Both("huruf kecil, angka, dan tanda hubung: --name rekap-bkpsdm",
                        en="small letters, digits and hyphens: --name rekap-bkpsdm"),
        )  # fmt: skip
    return name


def _show(screen: Screen, proposal: Proposal, file: Path) -> None:
    place = f"{file.name} · {proposal.sheet}" if proposal.sheet else file.name
    screen.line(
        Both(
            f"{place}: tajuk di baris {proposal.first_row} (tingkat: {proposal.levels}) -> tabel {proposal.table}",
            en=f"{place}: header in row {proposal.first_row} (levels: {proposal.levels}) -> table {proposal.table}",
        ),
        style="bold",
    )
    rows = [
        [column.header, column.field or "-", f"{column.score:g}" if column.score else "-", _HOW[column.how]]
        for column in proposal.columns
    ]
    headers = (
        Both("Tajuk", en="Header"),
        Both("Kolom", en="Field"),
        Both("Skor", en="Score"),
        Both("Cara", en="How"),
    )
    screen.table(headers, rows, right=(2,))


def _refuse_unusable(proposal: Proposal) -> None:
    if proposal.lacking:
        raise UsageError(
            Both(f"tabel {proposal.table} memerlukan: {', '.join(proposal.lacking)}",
                 en=f"table {proposal.table} needs: {', '.join(proposal.lacking)}"),
            details=[
                Both(f"belum dipetakan -> {', '.join(proposal.unmapped) or '-'}",
                     en=f"not mapped -> {', '.join(proposal.unmapped) or '-'}")
            ],
            action=Both("pilih kolomnya tanpa --accept, turunkan --threshold, atau tunjuk tabel lain dengan --table",
                        en="choose its column without --accept, lower --threshold, or name another --table"),
        )  # fmt: skip


def _head(file: Path, proposal: Proposal) -> str:
    name = re.sub(r"[\x00-\x1f\x7f]", " ", file.name)
    return f"# Diusulkan dari / proposed from: {name}, baris tajuk / header row {proposal.first_row}.\n"


def _plain(proposal: Proposal, target: Path, *, written: bool) -> dict[str, Any]:
    return {
        "name": proposal.name,
        "table": proposal.table,
        "sheet": proposal.sheet,
        "header_row": proposal.first_row,
        "levels": proposal.levels,
        "required": proposal.required(),
        "columns": [
            {"header": column.header, "field": column.field, "score": column.score, "how": column.how,
             "choices": [{"field": name, "score": score} for name, score in column.choices]}
            for column in proposal.columns
        ],
        "unmapped": list(proposal.unmapped),
        "path": target.as_posix(),
        "written": written,
        "toml": proposal.toml(),
    }  # fmt: skip


def _tell(screen: Screen, proposal: Proposal, target: Path, file: Path, dry_run: bool) -> None:
    if dry_run:
        screen.line(proposal.toml().rstrip("\n"))
        return
    for header in proposal.unmapped:
        screen.line(Both(f"  ? {header}: belum dipetakan", en=f"  ? {header}: not mapped"))
    screen.line(Both(f"Ditulis: {target}", en=f"Written: {target}"))
    screen.line(
        Both(f'Lihat hasilnya: kinerja check "{file}"', en=f'See what it reads: kinerja check "{file}"')
    )
