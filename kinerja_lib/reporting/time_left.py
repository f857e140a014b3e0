"""How far a run is and how long it may still take, from its events."""

from __future__ import annotations

import statistics
from collections import deque

from kinerja_lib.reporting.ledger import FINAL, Event

RECENT = 20  # reports whose time is looked at: the first ones of a run are slower


class TimeLeft:
    """Counts of a run, and seconds left.

    What waits takes the median time of the recent reports, what is at work the rest of it, shared by as many
    processes as were at work at once. Reports that are present already take no time.
    """

    def __init__(self) -> None:
        self.total = self.done = 0
        self._recent: deque[float] = deque(maxlen=RECENT)
        self._running: dict[str, float] = {}
        self._most = 1

    def take(self, event: Event) -> None:
        """Count an event."""
        if event.event == "begun":
            self.total = int(event.facts.get("jobs", 0))
        elif event.event == "started":
            self._running[event.job] = event.at
            self._most = max(self._most, len(self._running))
        elif event.event == "retried":
            self._running.pop(event.job, None)
        elif event.event in FINAL:
            self.done += 1
            if self._running.pop(event.job, None) is not None:
                self._recent.append(float(event.facts.get("seconds", 0.0)))

    def seconds(self, now: float) -> float | None:
        """Seconds left at a time (since the epoch); None before a report has been made."""
        if not self._recent:
            return None
        typical = statistics.median(self._recent)
        waiting = max(self.total - self.done - len(self._running), 0)
        rest = sum(max(typical - (now - started), 0.0) for started in self._running.values())
        return (waiting * typical + rest) / self._most
