"""The command line put together: commands, common options, errors, exit codes."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from kinerja_lib import __version__
from kinerja_lib.cli import (
    corrections,
    data,
    editions,
    explain,
    follow_up,
    forms,
    layout,
    project,
    reports,
    units,
    validate,
)
from kinerja_lib.cli.mistakes import mistake, no_access
from kinerja_lib.cli.options import project_language
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say, translate_help
from kinerja_lib.errors import Both, KinerjaError

INTERRUPTED = 130
_WITH_VALUE, _WITHOUT_VALUE = ("--project", "--lang"), ("--json", "--quiet", "-q")

# Newer releases of typer carry a click of their own, so its base error is found through typer.
_CLICK_ERROR: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

_HELP = say(
    "Dari folder ekspor penilaian kinerja ke laporan: baca, bersihkan, susun panel, taksir, laporkan.",
    "From a folder of appraisal exports to reports: read, clean, build the panel, estimate, report.",
)
_CODES = (
    "0 berhasil · 1 ada laporan yang gagal · 2 salah pemakaian · 3 kinerja.toml ·\n  "
    "4 berkas · 5 tabel · 6 pembersihan · 7 model · 8 templat · 9 laporan ·\n  "
    "10 kelompok kecil · 130 dihentikan"
)
_CODES_EN = (
    "0 done · 1 a report failed · 2 wrong usage · 3 kinerja.toml · 4 file · 5 table ·\n  "
    "6 cleaning · 7 model · 8 template · 9 report · 10 small group · 130 interrupted"
)
_EPILOG = say(
    f"{examples('kinerja run', 'kinerja check data/raw', 'kinerja report --period 2025 --instansi all')}"
    f"\n\n\b\nKode keluar:\n  {_CODES}",
    f"{examples('kinerja run', 'kinerja check data/raw', 'kinerja report --period 2025 --instansi all').en}"
    f"\n\n\b\nExit codes:\n  {_CODES_EN}",
)


def make_app() -> typer.Typer:
    """The application with all its commands."""
    app = typer.Typer(
        name="kinerja",
        help=_HELP,
        epilog=_EPILOG,
        no_args_is_help=True,
        add_completion=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 110},
    )
    app.callback()(_first_page)
    for module in (
        project,
        data,
        units,
        layout,
        explain,
        corrections,
        validate,
        reports,
        editions,
        forms,
        follow_up,
    ):
        module.register(app)
    return app


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"kinerja {__version__} (Python {platform.python_version()})")
        raise typer.Exit


def _first_page(
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help=say("Tampilkan versi program.", "Show the program's version."),
        ),
    ] = False,
) -> None:
    """Options of the program itself."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def run(arguments: Sequence[str]) -> int:
    """Run the command line on a list of words; its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure") and (stream.encoding or "").lower() != "utf-8":
            stream.reconfigure(encoding="utf-8", errors="replace")
    lang = _language(arguments)
    screen = Screen(lang, as_json="--json" in arguments)
    arguments = _command_first(arguments)
    command = typer.main.get_command(make_app())
    translate_help(command, lang)
    try:
        code = command.main(args=list(arguments), prog_name="kinerja", standalone_mode=False)
    except KinerjaError as error:
        screen.error(error)
        return error.exit_code
    except _CLICK_ERROR as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            error.show()
        else:
            screen.error(mistake(error))
        return 2
    except OSError as error:
        found = no_access(error)
        screen.error(found)
        return found.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    if code == INTERRUPTED:
        screen.hint(
            Both(
                "dihentikan; jalankan lagi perintah yang sama untuk melanjutkan",
                en="stopped; run the same command again to go on",
            )
        )
    return code if isinstance(code, int) else 0


def _language(arguments: Sequence[str]) -> str:
    """Language of help pages and errors, found before the words are parsed.

    That of ``--lang``, else of the environment, else of the project file, else Indonesian.
    """
    asked = _value_of("--lang", arguments) or os.environ.get("KINERJA_LANG")
    if not asked:
        folder = _value_of("--project", arguments)
        try:
            asked = project_language(Path(folder) if folder else None)
        except (KinerjaError, OSError):  # the command itself says what is wrong with it
            asked = "id"
    return "en" if asked.split(",")[0] == "en" else "id"


def _command_first(arguments: Sequence[str]) -> list[str]:
    """Common options written before the command, put behind its words: each command takes them."""
    words, moved = list(arguments), list[str]()
    while words and words[0].split("=", 1)[0] in (*_WITH_VALUE, *_WITHOUT_VALUE):
        count = 2 if words[0] in _WITH_VALUE else 1
        moved += words[:count]
        words = words[count:]
    return [*words, *moved] if words else list(arguments)


def _value_of(option: str, arguments: Sequence[str]) -> str:
    """What follows an option, as ``--option value`` or ``--option=value``."""
    for number, word in enumerate(arguments):
        if word.startswith(f"{option}="):
            return word.split("=", 1)[1]
        if word == option and number + 1 < len(arguments):
            return arguments[number + 1]
    return ""
