"""``kinerja status --follow``: a run that another process makes, watched to its end."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from kinerja_lib.cli.options import Context
from kinerja_lib.cli.screen import Screen, about
from kinerja_lib.errors import Both

STATES = {
    "done": Both("selesai", en="done"),
    "failed": Both("gagal", en="failed"),
    "killed": Both("terhenti paksa", en="killed"),
    "timed_out": Both("melewati batas waktu", en="over the time limit"),
    "skipped": Both("sudah ada", en="present already"),
    "retried": Both("dicoba lagi", en="tried again"),
}


def event_line(event: Any) -> str:
    """An event as one line of JSON."""
    record = {"at": round(event.at, 3), "event": event.event, "job": event.job, **event.facts}
    return json.dumps(record, ensure_ascii=False)


def follow(ctx: Context) -> int:
    """Show the newest run's events until it ends; 1 where a report failed or the run was cut short."""
    from kinerja_lib.reporting.follow import follow_run
    from kinerja_lib.reporting.status import runs_folder
    from kinerja_lib.reporting.time_left import TimeLeft

    screen = ctx.screen
    counts: Counter[str] = Counter()
    run, began, ended = TimeLeft(), 0.0, False
    for event in follow_run(runs_folder(ctx.project())):
        if screen.as_json:
            sys.stdout.write(event_line(event) + "\n")
            sys.stdout.flush()
        run.take(event)
        began = began or event.at
        ended = event.event == "ended"
        counts[event.event] += 1
        if event.event in STATES:
            _show(screen, event, run)
    if not began:
        screen.line(Both("belum ada proses", en="no run yet"))
        return 0
    if not ended:
        screen.line(
            Both(
                "proses ini terhenti; jalankan lagi perintah yang sama untuk melanjutkan",
                en="this run was cut short; run the same command again to go on",
            )
        )
    failed = sum(counts[name] for name in ("failed", "killed", "timed_out"))
    made, present = counts["done"], counts["skipped"]
    screen.line(
        Both(
            f"{made} laporan dibuat, {present} sudah ada, {failed} gagal",
            en=f"{made} reports made, {present} present already, {failed} failed",
        )
    )
    return 1 if failed or not ended else 0


def _show(screen: Screen, event: Any, run: Any) -> None:
    word = STATES[event.event]
    left = run.seconds(event.at)
    rest = about(left) if left and run.done < run.total else Both("", en="")
    seconds = event.facts.get("seconds")
    took, took_en = (f" ({seconds:.1f} detik)", f" ({seconds:.1f} s)") if seconds else ("", "")
    comma = ", " if rest else ""
    screen.line(
        Both(
            f"{run.done}/{run.total}{comma}{rest}  {event.job}: {word}{took}",
            en=f"{run.done}/{run.total}{comma}{rest.en}  {event.job}: {word.en}{took_en}",
        ),
        style="red" if event.event in ("failed", "killed", "timed_out") else None,
    )
