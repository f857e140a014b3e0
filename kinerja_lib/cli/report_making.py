"""Make the reports of a plan and show how it went."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kinerja_lib.cli.following import STATES, event_line
from kinerja_lib.cli.options import Context
from kinerja_lib.errors import Both


@dataclass(frozen=True)
class Place:
    """Where and how the reports are made: processes, engine, a Dask cluster and its storage."""

    workers: int | None
    engine: str
    scheduler: str | None
    storage: str | None


def make_and_show(
    ctx: Context,
    jobs: Sequence[Any],
    place: Place,
    *,
    fresh: bool,
    title: Both | None = None,
) -> int:
    from kinerja_lib.reporting.make import make_reports

    with ctx.screen.progress(title or Both("Laporan", en="Reports")) as tick:
        made = make_reports(
            ctx.project(), jobs, fresh=fresh, progress=tick, **asdict(place),
            watch=_event_to_stderr if ctx.screen.as_json else None,
        )  # fmt: skip
    ctx.screen.result(made.to_dict(ctx.lang))
    _show_failures(ctx, made)
    for text in made.warnings(ctx.lang):
        ctx.screen.line(text, style="yellow")
    done, skipped = made.count("done"), made.count("skipped")
    ctx.screen.line(
        Both(
            f"{done} laporan dibuat, {skipped} sudah ada, {len(made.failures)} "
            f"gagal ({made.seconds:.0f} detik)",
            en=(
                f"{done} reports made, {skipped} present already, {len(made.failures)} "
                f"failed ({made.seconds:.0f} s)"
            ),
        ),
        style="bold",
    )
    ctx.screen.line(Both(f"Hasil: {_shown(made.folder)}", en=f"Reports: {_shown(made.folder)}"))
    if made.index is not None:
        ctx.screen.line(Both(f"Buka:  {_shown(made.index)}", en=f"Open:  {_shown(made.index)}"))
    return 1 if made.failures else 0


def _event_to_stderr(event: Any) -> None:
    """With ``--json`` each event is a line on standard error; standard output keeps its one object."""
    sys.stderr.write(event_line(event) + "\n")
    sys.stderr.flush()


def _show_failures(ctx: Context, made: Any) -> None:
    for status in made.failures:
        word = STATES[status.status]
        ctx.screen.line(Both(f"{status.job.stem}: {word}", en=f"{status.job.stem}: {word.en}"), style="red")
        for line in status.message.get(ctx.lang, "").splitlines():
            ctx.screen.line(f"  {line}")


def _shown(path: Path) -> str:
    """A path as a person would type it: relative where it lies below the current folder."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)
