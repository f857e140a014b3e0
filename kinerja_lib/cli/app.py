"""The command line put together: commands, common options, errors, exit codes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from kinerja_lib.cli import corrections, data, editions, follow_up, forms, layout, project, reports, validate
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say, translate_help
from kinerja_lib.errors import Both, KinerjaError

INTERRUPTED = 130

# Newer releases of typer carry a click of their own, so its base error is found through typer.
_CLICK_ERROR: Any = next(base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException")

_HELP = say(
    "Dari folder ekspor penilaian kinerja ke laporan: baca, bersihkan, susun panel, taksir, laporkan.",
    "From a folder of appraisal exports to reports: read, clean, build the panel, estimate, report.",
)
_CODES = (
    "0 berhasil · 1 ada laporan yang gagal · 2 salah pemakaian · 3 kinerja.toml · 4 berkas · 5 tabel · "
    "6 pembersihan · 7 model · 8 templat · 9 laporan · 10 kelompok kecil · 130 dihentikan"
)
_CODES_EN = (
    "0 done · 1 a report failed · 2 wrong usage · 3 kinerja.toml · 4 file · 5 table · "
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
    for module in (project, data, layout, corrections, validate, reports, editions, forms, follow_up):
        module.register(app)
    return app


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
    command = typer.main.get_command(make_app())
    translate_help(command, lang)
    try:
        code = command.main(args=list(arguments), prog_name="kinerja", standalone_mode=False)
    except KinerjaError as error:
        screen.error(error)
        return error.exit_code
    except _CLICK_ERROR as error:
        error.show()
        if type(error).__name__ != "NoArgsIsHelpError":
            screen.hint(Both("lihat: kinerja --help", en="see: kinerja --help"))
        return 2
    except (KeyboardInterrupt, typer.Abort):
        screen.hint(
            Both(
                "dihentikan; jalankan lagi perintah yang sama untuk melanjutkan",
                en="stopped; run the same command again to go on",
            )
        )
        return INTERRUPTED
    return code if isinstance(code, int) else 0


def _language(arguments: Sequence[str]) -> str:
    """Language asked for, before the arguments are parsed: help pages and errors need it."""
    words = list(arguments)
    for number, word in enumerate(words):
        if word.startswith("--lang="):
            return "en" if word.split("=", 1)[1] == "en" else "id"
        if word == "--lang" and number + 1 < len(words):
            return "en" if words[number + 1] == "en" else "id"
    return "en" if os.environ.get("KINERJA_LANG") == "en" else "id"
