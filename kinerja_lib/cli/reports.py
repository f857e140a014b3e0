"""Commands that make reports: report, run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import typer

from kinerja_lib.cli.cleaned import show_accounting
from kinerja_lib.cli.data import UNREADABLE, show_panel
from kinerja_lib.cli.options import (
    AsJson,
    Context,
    DryRun,
    ProjectFolder,
    Quiet,
    context,
    parameter_list,
    split_list,
)
from kinerja_lib.cli.report_making import Place, make_and_show
from kinerja_lib.cli.report_options import (
    Agencies,
    Engine,
    Formats,
    Fresh,
    Languages,
    Limit,
    Only,
    Period,
    Plan,
    Scheduler,
    Settings,
    StorageUrl,
    TemplateName,
    Workers,
)
from kinerja_lib.cli.words import examples, say
from kinerja_lib.errors import Both, UsageError


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    app.command(
        "report",
        help=say(
            "Buat laporan dari panel: setiap instansi dan bahasa, dalam HTML, PDF, DOCX, dan XLSX.",
            "Make reports from the panel: each agency and language, in HTML, PDF, DOCX and XLSX.",
        ),
        epilog=examples(
            "kinerja report",
            "kinerja report --period 2025 --instansi dinas-pendidikan --lang id,en",
            "kinerja report --instansi all --format pdf,docx --dry-run",
            "kinerja report --only dinas --limit 3 --fresh",
        ),
    )(report)
    app.command(
        "run",
        help=say(
            "Kerjakan semuanya: bersihkan ekspor, susun panel, taksir, dan buat laporan.",
            "Do it all: clean the exports, build the panel, estimate, and make the reports.",
        ),
        epilog=examples(
            "kinerja run", "kinerja run --project laporan-2025 --lang id,en", "kinerja run --dry-run"
        ),
    )(run)


def report(
    period: Period = None,
    instansi: Agencies = None,
    template: TemplateName = None,
    lang: Languages = None,
    formats: Formats = None,
    plan: Plan = None,
    only: Only = None,
    limit: Limit = None,
    fresh: Fresh = False,
    settings: Settings = None,
    workers: Workers = None,
    engine: Engine = "kinerja",
    scheduler: Scheduler = None,
    storage: StorageUrl = None,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Make the reports of a plan."""
    ctx = context(project, _first(lang), as_json, quiet)
    request = {"period": period, "instansi": instansi, "template": template, "lang": lang, "formats": formats}
    jobs = _jobs(ctx, request, plan=plan, only=only, limit=limit, settings=settings)
    if dry_run:
        return _show_plan(ctx, jobs)
    place = Place(workers, engine, scheduler, storage)
    return make_and_show(ctx, jobs, place, fresh=fresh)


def run(
    period: Period = None,
    instansi: Agencies = None,
    template: TemplateName = None,
    lang: Languages = None,
    formats: Formats = None,
    fresh: Fresh = False,
    workers: Workers = None,
    engine: Engine = "kinerja",
    scheduler: Scheduler = None,
    storage: StorageUrl = None,
    dry_run: DryRun = False,
    project: ProjectFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> int:
    """Clean, build the panel, and make the reports."""
    from kinerja_lib.workflow import run_clean, run_panel

    ctx = context(project, _first(lang), as_json, quiet)
    request = {"period": period, "instansi": instansi, "template": template, "lang": lang, "formats": formats}
    if dry_run:
        return _plan_run(ctx, request)
    with ctx.screen.progress(Both("1/3 Membersihkan", en="1/3 Cleaning")) as tick:
        summary = run_clean(ctx.project(), lang=ctx.lang, progress=tick)
    show_accounting(ctx.screen, summary)
    with ctx.screen.progress(Both("2/3 Menyusun panel", en="2/3 Building the panel")) as tick:
        built = run_panel(ctx.project(), lang=ctx.lang, progress=tick)
    show_panel(ctx.screen, built)
    title = Both("3/3 Laporan", en="3/3 Reports")
    place = Place(workers, engine, scheduler, storage)
    code = make_and_show(ctx, _jobs(ctx, request), place, fresh=fresh, title=title)
    return code or (UNREADABLE if summary["faults"] else 0)


def _first(lang: str | None) -> str | None:
    return split_list(lang, ())[0] if lang and split_list(lang, ()) else None


def _jobs(
    ctx: Context,
    request: dict[str, str | None],
    *,
    plan: str | None = None,
    only: str | None = None,
    limit: int | None = None,
    settings: list[str] | None = None,
) -> tuple[Any, ...]:
    """Jobs of a request: the command line first, then the named plan or the project's defaults."""
    from kinerja_lib.reporting.plan import make_plan
    from kinerja_lib.reporting.status import panel_facts
    from kinerja_lib.reporting.template import read_template

    project = ctx.project()
    config = project.config
    if plan is not None and plan not in config.plans:
        raise UsageError(
            Both(f"rencana tidak ada di kinerja.toml: {plan}", en=f"no such plan in kinerja.toml: {plan}"),
            details=[
                Both(
                    f"yang ada: {', '.join(config.plans) or '-'}",
                    en=f"known: {', '.join(config.plans) or '-'}",
                )
            ],
            action=f"[plans.{plan}]",
        )
    defaults: Any = config.plans[plan] if plan is not None else config.report
    facts = panel_facts(project)
    if facts is None:
        raise UsageError(
            Both("panel belum ada", en="there is no panel yet"),
            action="kinerja run",
        )
    period = request["period"] or defaults.period or str(facts["years"][-1])
    _check_period(period, facts)
    jobs = make_plan(
        read_template(request["template"] or defaults.template, project.root / config.folders.templates),
        project=project.root,
        reports=config.folders.reports,
        periode=period,
        instansi=split_list(request["instansi"], defaults.instansi),
        known=facts["instansi"],
        languages=split_list(request["lang"], defaults.languages),
        formats=split_list(request["formats"], defaults.formats),
        parameters={**getattr(defaults, "parameters", {}), **parameter_list(settings)},
    )
    if only:
        jobs = tuple(job for job in jobs if only in job.stem)
    return jobs[:limit] if limit else jobs


def _check_period(text: str, facts: dict[str, Any]) -> None:
    from kinerja_lib.schema.periode import Periode

    period = Periode(text)
    first, last = Periode(facts["first"]), Periode(facts["last"])
    if period.end < first.start or period.start > last.end:
        raise UsageError(
            Both(f"tidak ada data untuk periode {text}", en=f"no data for period {text}"),
            details=[Both(f"data mencakup {first} – {last}", en=f"the data spans {first} – {last}")],
            action=f"--period {last.year}",
        )


def _show_plan(ctx: Context, jobs: Sequence[Any]) -> int:
    from kinerja_lib.reporting.make import plan_status

    rows = plan_status(ctx.project(), jobs)
    ctx.screen.result({"jobs": rows})
    words = {True: Both("sudah ada", en="present"), False: Both("akan dibuat", en="to be made")}
    ctx.screen.table(
        (Both("Laporan", en="Report"), Both("Format", en="Formats"), Both("Keadaan", en="State")),
        [(row["report"], ", ".join(row["formats"]), words[row["current"]]) for row in rows],
    )
    left = sum(not row["current"] for row in rows)
    ctx.screen.line(
        Both(f"{len(rows)} laporan, {left} akan dibuat", en=f"{len(rows)} reports, {left} to be made")
    )
    return 0


def _plan_run(ctx: Context, request: dict[str, str | None]) -> int:
    from kinerja_lib.reporting.status import panel_facts

    project = ctx.project()
    raw = project.root / project.config.folders.raw
    files = sorted(path for path in raw.rglob("*") if path.is_file() and not path.name.startswith("."))
    ctx.screen.line(
        Both(f"1/3 Membersihkan {len(files)} berkas di {raw}", en=f"1/3 Clean {len(files)} files in {raw}")
    )
    ctx.screen.line(Both("2/3 Menyusun panel", en="2/3 Build the panel"))
    if panel_facts(project) is None:
        ctx.screen.line(
            Both(
                "3/3 Laporan: instansi diketahui setelah panel tersusun",
                en="3/3 Reports: agencies are known once the panel is built",
            )
        )
        ctx.screen.result({"files": len(files), "jobs": None})
        return 0
    ctx.screen.line(Both("3/3 Laporan", en="3/3 Reports"))
    return _show_plan(ctx, _jobs(ctx, request))
