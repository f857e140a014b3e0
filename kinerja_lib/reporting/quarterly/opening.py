"""Title page and summary of a quarter."""

from __future__ import annotations

import math
from typing import Any

from kinerja_lib.findings import finding_from_benchmark, finding_from_change
from kinerja_lib.findings.finding import Finding
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import is_good
from kinerja_lib.reporting.annual.measures import overall
from kinerja_lib.reporting.document import Item, KeyFigure, inert
from kinerja_lib.reporting.quarterly.coaching import all_shown, flagged_units
from kinerja_lib.reporting.quarterly.coverage import coverage_sentence, shown_share
from kinerja_lib.reporting.quarterly.facts import now_and_before
from kinerja_lib.reporting.title_page import synthetic_note, title_page

BOTH = {lang: Labels(lang) for lang in ("id", "en")}


def cover(edition: Edition) -> None:
    """The title page."""
    title_page(edition, "quarter")


def summary(edition: Edition) -> None:
    """Key figures with their change on last quarter, then the findings."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    synthetic_note(edition)
    if len(now.rows) < edition.smallest:
        edition.say(
            "quarter.opening_small", body=inert(edition.body), n=labels.integer(edition.smallest),
            period=labels.periode(str(edition.periode)),
        )  # fmt: skip
        return
    edition.say(
        "quarter.opening", body=inert(edition.body), period=labels.periode(str(edition.periode)),
        staff=labels.integer(len(now.staff)), n=labels.integer(len(now.rows)), good=labels.percent(now.good),
    )  # fmt: skip
    edition.doc.key_figures(_key_figures(edition))
    edition.doc.findings(_findings(edition), title=labels.text("summary.findings"))


def met_share(edition: Edition) -> float:
    """Share of the PNS who owe no more hours; NaN where there are too few to be shown."""
    now, _ = now_and_before(edition)
    owed = now.staff["owed"].dropna()
    return overall((owed <= 0).astype("float64")) if len(owed) >= edition.smallest else math.nan


def _key_figures(edition: Edition) -> list[KeyFigure]:
    labels, (now, before) = edition.labels, now_and_before(edition)
    since = labels.text("key.since", year=labels.periode(str(edition.periode.previous()), short=True))
    owing = now.staff["owed"].dropna()
    rows: list[tuple[str, Any, float, str, str]] = [
        (
            "good",
            now.good,
            before.good if len(before.rows) >= edition.smallest else math.nan,
            "percent:1",
            labels.integer(len(now.rows)),
        ),
        ("covered", shown_share(edition), math.nan, "percent:1", labels.integer(len(now.staff))),
        ("met", met_share(edition), math.nan, "percent:1", labels.integer(len(owing))),
        ("owed", float(owing.sum()) if len(owing) >= edition.smallest else math.nan, math.nan, "integer", ""),
    ]
    boxes = []
    for name, value, last, form, note in rows:
        if isinstance(value, float) and math.isnan(value):
            continue
        change = None if math.isnan(last) else (value - last) * 100
        boxes.append(
            KeyFigure(
                labels.text(f"quarter.key_{name}"), value, "text" if isinstance(value, str) else form,
                note=labels.text(f"quarter.key_{name}_note", value=note), change=change,
                change_note=f"{labels.text('key.percent_points')} {since}" if change is not None else "",
            )
        )  # fmt: skip
    return boxes


def change_finding(edition: Edition) -> Finding:
    """Whether the share of Baik or better changed since last quarter."""
    now, before = now_and_before(edition)
    counts = [(int(is_good(part.rows).sum()), len(part.rows)) for part in (now, before)]
    subject = tuple(BOTH[lang].text("quarter.subject") for lang in ("id", "en"))
    return finding_from_change(
        "predikat", (subject[0], subject[1]), counts[0], counts[1], minimum_group=edition.smallest, labels=BOTH
    )  # fmt: skip


def _findings(edition: Edition) -> list[Item]:
    labels, (now, before) = edition.labels, now_and_before(edition)
    change = change_finding(edition)
    basis = labels.text(
        "quarter.change_basis", n=labels.integer(len(now.rows)), before=labels.integer(len(before.rows))
    )
    items = [Item(change.sentence(edition.lang), basis, kind="finding" if change.said else "unsaid")]
    if len(now.staff) >= edition.smallest:
        basis = labels.text("quarter.missing_basis", n=labels.integer(len(now.staff)))
        items.append(Item(coverage_sentence(edition), basis))
    owed = now.staff["owed"].dropna()
    if len(owed) >= edition.smallest:
        due = labels.integer(edition.config.thresholds.jp_pns)
        subject = tuple(BOTH[lang].text("quarter.met_subject", due=due) for lang in ("id", "en"))
        target = tuple(BOTH[lang].text("quarter.met_target") for lang in ("id", "en"))
        met = finding_from_benchmark(
            "pelatihan", (subject[0], subject[1]), int((owed <= 0).sum()), len(owed),
            edition.periode.number / 4, (target[0], target[1]), census=True,
            minimum_group=edition.smallest, labels=BOTH,
        )  # fmt: skip
        kind = "finding" if met.said else "unsaid"
        items.append(Item(met.sentence(edition.lang), labels.text("quarter.met_basis"), kind=kind))
    flagged = flagged_units(edition)
    names = labels.listing(edition.safe(code) for code in flagged["code"].head(4))
    group = labels.text(f"word.{edition.group}_many")
    key = "quarter.flag_finding" if len(flagged) else "quarter.no_flag_finding"
    if not all_shown(edition).any():
        text = labels.text("quarter.flag_withheld", n=labels.integer(edition.smallest))
        return [*items, Item(text, kind="unsaid")]
    text = labels.text(key, n=labels.integer(len(flagged)), group=group, names=names)
    return [*items, Item(text, labels.text("quarter.flag_basis"))]
