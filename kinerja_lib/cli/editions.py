"""Commands on finished editions: compare, verify."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja_lib.cli.options import AsJson, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both

if TYPE_CHECKING:
    from kinerja_lib.cli.screen import Screen
    from kinerja_lib.reporting.comparison import Change, Comparison
    from kinerja_lib.reporting.verify import Verdict

CHANGED = 1


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "compare",
        help=say(
            "Bandingkan dua edisi: pisahkan perbaikan data, perubahan populasi, perubahan metode, dan perubahan nyata.",
            "Compare two editions: tell revision of data, population, method and real change apart.",
        ),
        epilog=examples(
            "kinerja compare 2024 2025",
            "kinerja compare 2024 2025 --instansi dinas-pendidikan",
            "kinerja report --template perbandingan --period 2025",
        ),
    )(compare)
    app.command(
        "verify",
        help=say(
            "Periksa apakah sebuah laporan masih dapat dibuat ulang dari isi proyek ini.",
            "Say whether a report can be remade from what is here.",
        ),
        epilog=examples(
            "kinerja verify reports/2025/dinas-pendidikan",
            "kinerja verify reports/2025 --remake",
        ),
    )(verify)


def compare(
    earlier: Annotated[
        str,
        typer.Argument(
            metavar=say("LAMA", "EARLIER"), help=say("Tahun edisi lama.", "Year of the earlier edition.")
        ),
    ],
    later: Annotated[
        str,
        typer.Argument(
            metavar=say("BARU", "LATER"), help=say("Tahun edisi baru.", "Year of the later edition.")
        ),
    ],
    instansi: Annotated[
        str,
        typer.Option(
            metavar="KODE",
            help=say("Kode instansi; all = seluruh pemerintah.", "Agency code; all = the whole government."),
        ),
    ] = "all",
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compare the annual editions of two years."""
    from kinerja_lib.reporting.comparison import compare_editions
    from kinerja_lib.reporting.plan import GOVERNMENT, unknown_agency

    ctx = context(project, lang, as_json, quiet)
    found = compare_editions(ctx.project(), earlier, later)
    code = "all" if instansi == GOVERNMENT else instansi
    if code not in found.changes:
        raise unknown_agency(code, sorted(set(found.changes) - {"all"}))
    ctx.screen.result(_plain(found, code))
    _show_method(ctx.screen, found)
    ctx.screen.table(
        (
            Both("Angka", en="Figure"),
            Both(f"Edisi {earlier}", en=f"{earlier} edition"),
            Both("Metode", en="Method"),
            Both("Perbaikan data", en="Revision"),
            Both("Populasi", en="Population"),
            Both("Nyata", en="Real"),
            Both(f"Edisi {later}", en=f"{later} edition"),
        ),
        [_row(change, ctx.lang) for change in found.changes[code].values()],
    )
    ctx.screen.hint(
        Both(
            "tanda – : tidak dapat dipisahkan, atau disamarkan (kelompok kecil); perbaikan data yang mengenai sedikit "
            "pegawai dihitung pada populasi",
            en="a dash: can't be told apart, or withheld (small group); a revision of few persons' data counts as population",
        )
    )


def _row(change: Change, lang: str) -> tuple[str | Both, ...]:
    from kinerja_lib.language import Labels
    from kinerja_lib.reporting.comparison import FIGURES, PARTS

    labels = Labels(lang)
    scale = 100 if FIGURES[change.name] else 1

    def shown(value: float, *, signed: bool) -> str:
        value = 0.0 if abs(value) < 1e-9 else value * scale
        return labels.number(value, 1, signed=signed) if not math.isnan(value) else "–"

    return (
        labels.text(f"compare.{change.name}"),
        shown(change.published, signed=False),
        *(shown(getattr(change, part), signed=True) for part in PARTS),
        shown(change.after, signed=False),
    )


def _show_method(screen: Screen, found: Comparison) -> None:
    if found.record is None:
        screen.hint(
            Both(
                f"edisi {found.earlier} tidak dibuat dari proyek ini: metode dan perbaikan data tidak dapat dipisahkan",
                en=f"the {found.earlier} edition was not made from this project: method and revision can't be told",
            )
        )
    elif not found.kept:
        screen.hint(
            Both(
                f"data edisi {found.earlier} tidak tersimpan: metode dan perbaikan data tidak dapat dipisahkan",
                en=f"the data of the {found.earlier} edition are not kept: method and revision can't be told",
            )
        )
    for name, (then, now) in found.settings.items():
        screen.line(
            Both(f"ketentuan berubah: {name} {then} -> {now}", en=f"setting changed: {name} {then} -> {now}")
        )


def _plain(found: Comparison, code: str) -> dict[str, object]:
    from dataclasses import asdict

    rows = [
        {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(change).items()
            if name != "revised"  # a count of few, where its effect is withheld
        }
        for change in found.changes[code].values()
    ]
    for row in rows:
        few = [row[name] for name in ("stayed", "left", "joined")]
        if row["real"] is None and any(isinstance(count, int) and count for count in few):
            row.update(stayed=None, left=None, joined=None)
    return {
        "earlier": found.earlier,
        "later": found.later,
        "instansi": code,
        "recorded": found.record is not None,
        "data_kept": found.kept,
        "same_program": found.same_code,
        "settings": {name: list(pair) for name, pair in found.settings.items()},
        "figures": rows,
    }


def verify(
    reports: Annotated[
        list[Path],
        typer.Argument(
            metavar="LAPORAN…",
            help=say(
                "Berkas laporan, manifest, atau folder laporan.",
                "A report's file, its manifest, or a folder of reports.",
            ),
        ),
    ],
    remake: Annotated[
        bool,
        typer.Option(
            "--remake",
            help=say(
                "Buat ulang di folder sementara dan bandingkan setiap byte.",
                "Remake in a temporary folder and compare every byte.",
            ),
        ),
    ] = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Check reports against their manifests; exit code 1 where one can't be remade."""
    from kinerja_lib.reporting.verify import verify_reports

    ctx = context(project, lang, as_json, quiet)
    title = Both("Memeriksa", en="Verifying")
    with ctx.screen.progress(title) as tick:
        verdicts = verify_reports(ctx.project(reports[0]), reports, remake=remake, progress=tick)
    ctx.screen.result({"reports": [verdict.to_dict(ctx.lang) for verdict in verdicts]})
    for verdict in verdicts:
        _show_verdict(ctx.screen, verdict)
    bad = sum(not verdict.reproducible for verdict in verdicts)
    ctx.screen.line(
        Both(
            f"{len(verdicts)} laporan diperiksa, {bad} tidak dapat dibuat ulang persis sama",
            en=f"{len(verdicts)} reports checked, {bad} can't be remade exactly",
        )
    )
    return CHANGED if bad else 0


def _show_verdict(screen: Screen, verdict: Verdict) -> None:
    word = (
        Both("dapat dibuat ulang", en="can be remade")
        if verdict.reproducible
        else Both("tidak dapat dibuat ulang persis sama", en="can't be remade exactly")
    )
    screen.line(Both(f"{verdict.report}: {word}", en=f"{verdict.report}: {word.en}"))
    for finding in (*verdict.findings, *verdict.notes):
        screen.line(Both(f"    {finding}", en=f"    {finding.en}"))
