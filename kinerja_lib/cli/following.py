"""``kinerja status --follow``: a run that another process makes, watched to its end."""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

from kinerja_lib.cli.options import Context
from kinerja_lib.cli.screen import Screen
from kinerja_lib.errors import Both

STATES = {
    "done": Both("selesai", en="done"),
    "failed": Both("gagal", en="failed"),
    "killed": Both("terbunuh", en="killed"),
    "timed_out": Both("kehabisan waktu", en="out of time"),
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
    from kinerja_lib.reporting.ledger import FINAL
    from kinerja_lib.reporting.status import runs_folder

    screen = ctx.screen
    counts: Counter[str] = Counter()
    total, began, ended = 0, 0.0, False
    for event in follow_run(runs_folder(ctx.project())):
        if screen.as_json:
            sys.stdout.write(event_line(event) + "\n")
            sys.stdout.flush()
        if event.event == "begun":
            total, began = int(event.facts.get("jobs", 0)), event.at
        ended = event.event == "ended"
        counts[event.event] += 1
        if event.event in STATES:
            done = sum(counts[name] for name in FINAL)
            made = done - counts["skipped"]
            left = (event.at - began) / made * (total - done) if made else 0.0
            _show(screen, event, done, total, left)
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
    return 1 if failed or not ended else 0


def _show(screen: Screen, event: Any, done: int, total: int, left: float) -> None:
    word = STATES[event.event]
    seconds = float(event.facts.get("seconds", 0.0))
    screen.line(
        Both(
            f"{done}/{total}, sisa {left:.0f} s  {event.job}: {word} ({seconds:.1f} s)",
            en=f"{done}/{total}, {left:.0f} s left  {event.job}: {word.en} ({seconds:.1f} s)",
        ),
        style="red" if event.event in ("failed", "killed", "timed_out") else None,
    )
