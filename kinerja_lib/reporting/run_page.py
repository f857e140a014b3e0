"""The page of a run: how each report ended, how long it took, which cells were slowest; made from its record."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.language import numerals
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.ledger import FINAL, read_ledger
from kinerja_lib.reporting.site import RUN_PAGE, page_template, site_style, synthetic_mark

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

SLOWEST = 15
_WORDS = {
    "id": {
        "title": "Proses pembuatan laporan", "began": "Dimulai", "lasted": "Lamanya", "seconds": "detik",
        "reports": "Laporan", "report": "Laporan", "state": "Keadaan", "message": "Keterangan", "tries": "Percobaan",
        "execute": "Menjalankan sel (detik)", "export": "Menulis berkas (detik)", "total": "Seluruhnya (detik)",
        "failures": "Yang gagal", "warnings": "Peringatan", "slow_reports": "Laporan terlama", "slow_cells": "Sel terlama", "cell": "Sel",
        "median": "Median (detik)", "most": "Terlama (detik)", "times": "Laporan", "middle": "Median per laporan",
        "index": "Daftar laporan", "unfinished": "Proses ini belum selesai atau terhenti.", "none": "Tidak ada.",
        "done": "selesai", "failed": "gagal", "killed": "terbunuh", "timed_out": "kehabisan waktu",
        "skipped": "sudah ada",
    },
    "en": {
        "title": "How the reports were made", "began": "Begun", "lasted": "It took", "seconds": "s",
        "reports": "Reports", "report": "Report", "state": "Status", "message": "Message", "tries": "Tries",
        "execute": "Cells (s)", "export": "Files (s)", "total": "Total (s)",
        "failures": "What failed", "warnings": "Warnings", "slow_reports": "Slowest reports", "slow_cells": "Slowest cells", "cell": "Cell",
        "median": "Median (s)", "most": "Longest (s)", "times": "Reports", "middle": "Median a report",
        "index": "All reports", "unfinished": "This run has not ended, or was cut short.", "none": "None.",
        "done": "done", "failed": "failed", "killed": "killed", "timed_out": "out of time", "skipped": "present already",
    },
}  # fmt: skip


@dataclass
class RunSummary:
    """What a run's record says: when it began and ended, each report's end, the seconds of its slow cells."""

    begun: float = 0.0
    ended: float | None = None
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    cells: dict[str, list[float]] = field(default_factory=dict)

    def count(self, status: str) -> int:
        """How many reports ended so."""
        return sum(report["status"] == status for report in self.reports.values())


def run_summary(path: Path) -> RunSummary:
    """Read a run's record."""
    found = RunSummary()
    tries: dict[str, int] = {}
    for event in read_ledger(path):
        if event.event == "begun":
            found.begun = event.at
        elif event.event == "ended":
            found.ended = event.at
        elif event.event == "started":
            tries[event.job] = int(event.facts.get("tries", 1))
        elif event.event in FINAL:
            facts = {**event.facts, "tries": tries.get(event.job, 0)}
            found.reports[event.job] = {"status": event.event, **facts}
            for cell in event.facts.get("cells", ()):
                found.cells.setdefault(str(cell["cell"]), []).append(float(cell["seconds"]))
    return found


def write_run_page(project: Project, periode: str, ledger: Path) -> Path:
    """Write the page of a run beside the period's index.

    Parameters
    ----------
    project : Project
    periode : str
    ledger : Path
        The run's record.

    Returns
    -------
    Path
    """
    lang = project.config.project.lang
    words = _WORDS[lang]
    found = run_summary(ledger)
    page = page_template("run.html").substitute(
        lang=lang,
        title=escape(f"{words['title']}, {numerals.periode(periode, lang)}"),
        style=site_style(),
        government=escape(project.config.project.name),
        synthetic=synthetic_mark(project),
        index=escape(words["index"]),
        facts=_facts(found, words, lang),
        failures_title=escape(words["failures"]),
        failures=_failures(found, words, lang),
        warnings=_warnings(found, words, lang),
        reports_title=escape(words["slow_reports"]),
        reports=_slow_reports(found, words, lang),
        cells_title=escape(words["slow_cells"]),
        cells=_slow_cells(found, words, lang),
    )
    path = project.folder("reports") / periode / RUN_PAGE
    write_atomic(path, page.encode("utf-8"))
    return path


def _facts(found: RunSummary, words: dict[str, str], lang: str) -> str:
    began = dt.datetime.fromtimestamp(found.begun)
    clock = f"{began:%H.%M}" if lang == "id" else f"{began:%H:%M}"
    begun = f"{numerals.date(began.date(), lang)}, {clock}"
    counts = ", ".join(
        f"{numerals.integer(found.count(status), lang)} {words[status]}"
        for status in FINAL
        if found.count(status)
    )
    made = [report["seconds"] for report in found.reports.values() if report["status"] == "done"]
    lines = [(words["began"], begun), (words["reports"], counts)]
    if found.ended is not None:
        lines.append(
            (
                words["lasted"],
                f"{numerals.number(max(found.ended - found.begun, 0.0), 1, lang)} {words['seconds']}",
            )
        )
    if made:
        lines.append(
            (words["middle"], f"{numerals.number(statistics.median(made), 2, lang)} {words['seconds']}")
        )
    text = "".join(f"<li>{escape(name)}: <strong>{escape(value)}</strong></li>" for name, value in lines)
    cut = "" if found.ended is not None else f'<p class="failed">{escape(words["unfinished"])}</p>'
    return f"<ul>{text}</ul>{cut}"


def _failures(found: RunSummary, words: dict[str, str], lang: str) -> str:
    rows = [
        (
            name,
            words[report["status"]],
            str(report["tries"]),
            _outline(report.get("message", {}).get(lang, "")),
        )
        for name, report in found.reports.items()
        if report["status"] not in ("done", "skipped")
    ]
    return _table(
        [words[name] for name in ("report", "state", "tries", "message")], rows, words, numbers=(2,)
    )


def _warnings(found: RunSummary, words: dict[str, str], lang: str) -> str:
    """What reports lack although they were made, with how many they are; nothing where none does."""
    texts = [text[lang] for report in found.reports.values() for text in report.get("warnings", ())]
    if not texts:
        return ""
    rows = [(text, numerals.integer(texts.count(text), lang)) for text in dict.fromkeys(texts)]
    table = _table([words["message"], words["reports"]], rows, words, numbers=(1,))
    return f"<h2>{escape(words['warnings'])}</h2>{table}"


def _outline(message: str) -> str:
    """What failed and the command that tries again; the details stay in the record, which nobody publishes."""
    lines = message.splitlines()
    return "\n".join(dict.fromkeys(line.strip() for line in (*lines[:1], *lines[-1:])))


def _slow_reports(found: RunSummary, words: dict[str, str], lang: str) -> str:
    made = [(name, report) for name, report in found.reports.items() if report["status"] == "done"]
    made.sort(key=lambda item: -float(item[1]["seconds"]))
    rows = [
        (
            name,
            *(
                numerals.number(float(report.get(key, 0.0)), 2, lang)
                for key in ("execute", "export", "seconds")
            ),
        )
        for name, report in made[:SLOWEST]
    ]
    heads = [words[name] for name in ("report", "execute", "export", "total")]
    return _table(heads, rows, words, numbers=(1, 2, 3))


def _slow_cells(found: RunSummary, words: dict[str, str], lang: str) -> str:
    ranked = sorted(found.cells.items(), key=lambda item: -statistics.median(item[1]))
    rows = [
        (
            name,
            numerals.number(statistics.median(seconds), 2, lang),
            numerals.number(max(seconds), 2, lang),
            numerals.integer(len(seconds), lang),
        )
        for name, seconds in ranked[:SLOWEST]
    ]
    return _table(
        [words[name] for name in ("cell", "median", "most", "times")], rows, words, numbers=(1, 2, 3)
    )


def _table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    words: dict[str, str],
    *,
    numbers: tuple[int, ...] = (),
) -> str:
    if not rows:
        return f"<p>{escape(words['none'])}</p>"

    def kind(place: int) -> str:
        return ' class="n"' if place in numbers else ""

    head = "".join(f'<th scope="col"{kind(place)}>{escape(text)}</th>' for place, text in enumerate(heads))
    lines = []
    for row in rows:
        cells = "".join(
            f"<td{kind(place)}>{'<br>'.join(escape(text).splitlines())}</td>"
            for place, text in enumerate(row)
            if place
        )
        lines.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>')
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(heads[0], quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )
