"""Command that starts a unit register: ``units new``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja_lib.cli.options import AsJson, DryRun, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError

if TYPE_CHECKING:
    from kinerja_lib.cli.screen import Screen
    from kinerja_lib.workflow.register_proposal import ProposedAgency


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    group = typer.Typer(
        name="units",
        help=say("Register unit: usulkan dari ekspor.", "Unit register: propose one from the exports."),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.callback()(_units)
    group.command(
        "new",
        help=say(
            "Usulkan data/reference/units.csv dari nama instansi dan unit pada ekspor: ejaan lain menjadi alias. Periksa "
            "hasilnya; tanggal berlaku, penggabungan, dan pemecahan diisi sendiri.",
            "Propose data/reference/units.csv from the agencies and units that the exports name: other spellings become "
            "aliases. Check it; dates, mergers and splits are yours to add.",
        ),
        epilog=examples("kinerja units new --dry-run", "kinerja units new --project laporan-2025"),
    )(new)
    app.add_typer(group)


def _units() -> None:
    """A group, though it holds one command."""


def new(
    force: Annotated[
        bool,
        typer.Option(
            "--force", help=say("Timpa register yang sudah ada.", "Overwrite a register that is there.")
        ),
    ] = False,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Propose the register and write it."""
    from kinerja_lib.reporting.atomic import write_atomic
    from kinerja_lib.workflow.correction_files import exports_of
    from kinerja_lib.workflow.project import REGISTER
    from kinerja_lib.workflow.register_proposal import propose_register, register_text

    ctx = context(project, lang, as_json, quiet)
    mine = ctx.project()
    target = mine.folder("reference") / REGISTER
    if target.exists() and not (force or dry_run):
        raise UsageError(
            Both(f"register sudah ada: {target}", en=f"there is a register already: {target}"),
            action=Both("lihat usulannya dengan --dry-run, atau timpa dengan --force",
                        en="see the proposal with --dry-run, or overwrite with --force"),
        )  # fmt: skip
    with ctx.screen.progress(Both("Membaca", en="Reading")) as tick:
        found = propose_register(exports_of(mine, tick))
    if not found:
        raise UsageError(
            Both(
                f"tidak ada nama instansi pada ekspor di {mine.folder('raw')}",
                en=f"no export in {mine.folder('raw')} names an agency",
            ),
            action=Both("lihat apa yang terbaca: kinerja check", en="see what is read: kinerja check"),
        )
    text = register_text(found)
    if not dry_run:
        write_atomic(target, text.encode("utf-8"))
    _show(ctx.screen, target, found, written=not dry_run)
    if dry_run:
        ctx.screen.line(text.rstrip("\n"))
        return
    ctx.screen.line(
        Both(
            f"Ditulis: {target}. Periksa nama dan aliasnya, lalu: kinerja check",
            en=f"Written: {target}. Check its names and aliases, then: kinerja check",
        )
    )


def _show(screen: Screen, target: Path, found: Sequence[ProposedAgency], *, written: bool) -> None:
    """What is proposed for each agency, as a table and as data."""
    screen.result(
        {
            "path": target.as_posix(),
            "written": written,
            "agencies": [
                {
                    "name": one.named.name, "rows": one.named.rows, "other_names": list(one.borrowed),
                    "units": [{"name": unit.name, "rows": unit.rows} for unit in one.units],
                }
                for one in found
            ],
        }
    )  # fmt: skip
    screen.table(
        (
            Both("Instansi", en="Agency"),
            Both("Unit", en="Units"),
            Both("Baris", en="Rows"),
            Both("Disamakan dengan (periksa)", en="Taken for the same (check)"),
        ),
        [
            (one.named.name, str(len(one.units)), str(one.named.rows), ", ".join(one.borrowed))
            for one in found
        ],
        right=(1, 2),
    )
