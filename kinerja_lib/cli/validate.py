"""The command ``validate``: clean, then one report on the quality of what came."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinerja_lib.cli.cleaned import show_accounting, show_fault
from kinerja_lib.cli.data import UNREADABLE
from kinerja_lib.cli.options import AsJson, Context, Language, ProjectFolder, Quiet, context
from kinerja_lib.cli.screen import Screen
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, CleaningError, UsageError

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

TEMPLATE = "kualitas_data"
SHOWN = 15  # requests on the screen; all of them are in the report


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(
        "validate",
        help=say(
            "Periksa mutu kiriman: kelengkapan, keabsahan, ketepatan waktu, duplikat, pergeseran, dan apa yang diminta "
            "dari siapa; satu laporan HTML.",
            "Check the quality of a delivery: completeness, validity, timeliness, repeats, drift, and what is asked of "
            "whom; one HTML report.",
        ),
        epilog=examples(
            "kinerja validate",
            "kinerja validate --out kualitas.html --lang en",
            "kinerja validate --instansi dinas-pendidikan --period 2025-Q3 --out kualitas.pdf",
        ),
    )(validate)


def validate(
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="BERKAS",
            help=say(
                "Salin laporan ke berkas ini: .html, .pdf, .docx, atau .xlsx.",
                "Copy the report to this file: .html, .pdf, .docx or .xlsx.",
            ),
        ),
    ] = None,
    period: Annotated[
        str | None,
        typer.Option(
            metavar="PERIODE",
            help=say(
                "Tahun atau triwulan. Bawaan: tahun terakhir pada data.",
                "Year or quarter. Default: the latest year in the data.",
            ),
        ),
    ] = None,
    instansi: Annotated[
        str | None,
        typer.Option(
            metavar="KODE",
            help=say(
                "Satu instansi. Bawaan: seluruh pemerintah.", "One agency. Default: the whole government."
            ),
        ),
    ] = None,
    no_clean: Annotated[
        bool,
        typer.Option(
            "--no-clean",
            help=say("Pakai hasil pembersihan terakhir.", "Use what the last cleaning gave."),
        ),
    ] = False,
    project: ProjectFolder = None,
    lang: Language = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Clean the exports and report on their quality."""
    from kinerja_lib.config import FORMATS
    from kinerja_lib.reporting.make import job_keys
    from kinerja_lib.reporting.runner import run_job
    from kinerja_lib.workflow.validation import validate as validated

    ctx = context(project, lang, as_json, quiet)
    kind = out.suffix.lower().lstrip(".") if out is not None else "html"
    if kind not in FORMATS:
        raise UsageError(
            Both(f"format tidak dikenal: {out}", en=f"unknown format: {out}"),
            action=Both(
                f"akhiri nama berkas dengan: {', '.join(FORMATS)}",
                en=f"end the name in: {', '.join(FORMATS)}",
            ),
        )
    found = ctx.project()
    if not no_clean:
        _clean(ctx, found)
    asked = _period(found, period)
    summary = validated(found, period=asked, lang=ctx.lang)
    (job,) = _jobs(ctx, found, summary, asked, instansi, kind)
    made = job.outputs(found.root)[kind]
    run_job(job, found.root, key=job_keys(found, [job])[job.stem])
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, out)
    place = out if out is not None else made
    ctx.screen.result({**summary, "periode": asked, "report": str(place)})
    _show(ctx.screen, summary, place)
    return UNREADABLE if summary["unreadable"] else 0


def _clean(ctx: Context, project: Project) -> None:
    """Clean and build the panel, so that the project is left whole; without appraisals there is no panel."""
    from kinerja_lib.workflow import run_clean, run_panel

    with ctx.screen.progress(Both("Membersihkan", en="Cleaning")) as tick:
        summary = run_clean(project, lang=ctx.lang, progress=tick)
    show_accounting(ctx.screen, {**summary, "faults": []})
    try:
        run_panel(project, lang=ctx.lang)
    except CleaningError as error:
        ctx.screen.hint(error.message)


def _period(project: Project, asked: str | None) -> str:
    """The period asked for, where the data hold any of it; else the latest year."""
    from kinerja_lib.schema.periode import Periode
    from kinerja_lib.workflow.quality import load_delivery

    periods = sorted({Periode(text) for text in load_delivery(project).sheets["periode"] if text})
    if not periods:
        raise UsageError(
            Both("tidak ada periode pada data", en="there is no period in the data"),
            action=Both("periksa periode pada ekspornya", en="check the period of the exports"),
        )
    if asked is None:
        return str(periods[-1].year)
    wanted = Periode(asked)
    if not any(one.start <= wanted.end and wanted.start <= one.end for one in periods):
        first, last = periods[0], periods[-1]
        raise UsageError(
            Both(f"tidak ada data untuk periode {asked}", en=f"no data for period {asked}"),
            details=[Both(f"data mencakup {first} – {last}", en=f"the data spans {first} – {last}")],
            action=f"--period {last.year}",
        )
    return asked


def _jobs(
    ctx: Context, project: Project, summary: dict[str, Any], period: str, instansi: str | None, kind: str
) -> tuple[Any, ...]:
    from kinerja_lib.reporting.plan import GOVERNMENT, make_plan
    from kinerja_lib.reporting.template import read_template

    known = sorted({row["instansi"] for row in summary["agencies"]} - {"", "*"})
    if instansi == "all":
        instansi = GOVERNMENT
    return make_plan(
        read_template(TEMPLATE, project.root / project.config.folders.templates),
        project=project.root,
        reports=project.config.folders.reports,
        periode=period,
        instansi=[instansi or GOVERNMENT],
        known=known,
        languages=[ctx.lang],
        formats=[kind],
    )


def _show(screen: Screen, summary: dict[str, Any], place: Path) -> None:
    """Unread files, shifted agencies and the largest requests."""
    from kinerja_lib.language import Labels

    for fault in summary["unreadable"]:
        show_fault(screen, {**fault, "details": []})
    for row in summary["drift"]:
        if row["shifted"]:
            screen.line(
                Both(
                    f"~ {row['instansi']} {row['periode']}: sebaran predikat bergeser (PSI {row['psi']:g})",
                    en=f"~ {row['instansi']} {row['periode']}: ratings shifted (PSI {row['psi']:g})",
                )
            )
    labels = Labels(screen.lang)
    unknown, several = labels.text("quality.unknown"), labels.text("quality.several")
    for row in summary["requests"][:SHOWN]:
        who = row["unit_kerja"] or {"": unknown, "*": several}.get(row["instansi"], row["instansi"])
        screen.line(f"- {row['rejected'] + row['emptied']} × {row['label']} · {who}: {row['advice']}")
    left = len(summary["requests"]) - SHOWN
    if left > 0:
        screen.line(
            Both(f"  … dan {left} permintaan lain di laporan", en=f"  … and {left} more in the report")
        )
    screen.line(Both(f"Laporan: {place}", en=f"Report: {place}"), style="bold")
