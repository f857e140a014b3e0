"""Title page and summary of the data quality report."""

from __future__ import annotations

import math

from kinerja_lib.cleaning import reason_label
from kinerja_lib.reporting.document import Item, KeyFigure, inert
from kinerja_lib.reporting.quality.facts import SHARES, TARGET, Quality
from kinerja_lib.reporting.title_page import synthetic_note, title_page


def cover(quality: Quality) -> None:
    """The title page."""
    title_page(quality.edition, "quality")


def summary(quality: Quality) -> None:
    """Key figures, then what stands out."""
    edition, labels = quality.edition, quality.edition.labels
    synthetic_note(edition)
    total = quality.total
    edition.say(
        "quality.opening", body=inert(edition.body), files=labels.integer(quality.files),
        read=labels.integer(int(quality.sheets["read"].sum())), kept=labels.integer(int(quality.sheets["kept"].sum())),
    )  # fmt: skip
    boxes = [
        KeyFigure(
            labels.text(f"quality.key_{name}"), float(total[name]), "percent:1",
            note=labels.text(f"quality.key_{name}_note"),
        )
        for name in SHARES
        if not math.isnan(total[name])
    ]  # fmt: skip
    edition.doc.key_figures(boxes)
    edition.doc.findings(findings(quality), title=labels.text("summary.findings"))


def findings(quality: Quality) -> list[Item]:
    """What stands out: unread files, people not appraised yet, weak groups, the most common reason, drift, lateness."""
    return [
        item
        for item in (
            _unread(quality),
            _fewer(quality),
            _weak(quality),
            _reason(quality),
            _drift(quality),
            _late(quality),
        )
        if item
    ]


def _unread(quality: Quality) -> Item:
    labels = quality.edition.labels
    if not len(quality.unreadable):
        return Item(labels.text("quality.all_read", n=labels.integer(quality.files)))
    text = labels.text(
        "quality.unread", n=labels.integer(len(quality.unreadable)), all=labels.integer(quality.files)
    )
    return Item(text, labels.text("quality.unread_basis"))


def _fewer(quality: Quality) -> Item | None:
    """Groups that sent a part of a quarter only."""
    text = missing_people(quality)
    return Item(text, quality.edition.labels.text("quality.fewer_basis")) if text else None


def missing_people(quality: Quality) -> str:
    """A sentence on the groups that appraised far fewer people than in the quarter before; empty where none did."""
    edition, labels, quarter = quality.edition, quality.edition.labels, quality.quarter
    lost = quality.fewer_people
    if not lost or quarter is None:
        return ""
    names = []
    for code, one in list(lost.items())[:4]:
        shown = one.people == 0 or one.people >= edition.smallest
        change = f" ({labels.percent(one.people_change, 0, signed=True)})" if shown else ""
        names.append(edition.safe(code) + change)
    return labels.text(
        "quality.fewer", period=labels.periode(str(quarter)), before=labels.periode(str(quarter.previous())),
        n=labels.integer(len(lost)), groups=labels.text(f"word.{edition.group}_many"), names=labels.listing(names),
    )  # fmt: skip


def _weak(quality: Quality) -> Item:
    """Groups of which less than the target is usable, complete or valid."""
    labels, frame = quality.edition.labels, quality.groups
    worst = frame[["kept_share", "complete", "valid"]].min(axis=1)
    weak = frame[worst < TARGET].assign(_worst=worst).sort_values("_worst")
    what = labels.text("quality.agencies" if quality.edition.whole else "quality.tables")
    target = labels.percent(TARGET, 0)
    if weak.empty:
        return Item(labels.text("quality.no_weak", target=target, what=what))
    names = labels.listing(inert(one) for one in weak["label"].head(4))
    return Item(
        labels.text("quality.weak", n=labels.integer(len(weak)), what=what, names=names, target=target),
        labels.text("quality.weak_basis"),
    )


def _reason(quality: Quality) -> Item | None:
    labels, asked = quality.edition.labels, quality.requests
    if asked.empty:
        return Item(labels.text("quality.nothing_asked"))
    sums = asked.groupby("reason")[["rejected", "emptied"]].sum().sum(axis=1).sort_values(ascending=False)
    code, count = str(sums.index[0]), int(sums.iloc[0])
    return Item(
        labels.text(
            "quality.reason", reason=reason_label(code, labels.lang), n=labels.integer(count),
            share=labels.percent(count / int(sums.sum()), 0),
        ),
        labels.text("quality.reason_basis", n=labels.integer(int(sums.sum()))),
    )  # fmt: skip


def _drift(quality: Quality) -> Item | None:
    labels, drift, quarter = quality.edition.labels, quality.drift, quality.quarter
    if drift is None or quarter is None:
        return None
    if min(drift.people, drift.people_before) < quality.edition.smallest or drift.blind:
        return Item(
            labels.text("quality.drift_unsaid", before=labels.periode(str(quarter.previous()))), kind="unsaid"
        )
    shifted = [name for name, one in quality.group_drifts.items() if one.shifted]
    groups = labels.text(f"word.{quality.edition.group}_many")
    basis = labels.text(
        "quality.drift_basis", psi=labels.number(drift.psi, 3), limit=labels.number(drift.limit, 3),
        n=labels.integer(drift.n), before=labels.integer(drift.n_before),
    )  # fmt: skip
    key = "quality.shifted" if drift.shifted else "quality.steady"
    text = labels.text(
        key, period=labels.periode(str(quarter)), before=labels.periode(str(quarter.previous()))
    )
    if shifted:
        names = labels.listing(quality.edition.safe(code) for code in shifted[:4])
        text += " " + labels.text(
            "quality.shifted_groups", n=labels.integer(len(shifted)), groups=groups, names=names
        )
    return Item(text, basis)


def _late(quality: Quality) -> Item | None:
    labels, total = quality.edition.labels, quality.total
    if not len(quality.appraisals):
        return None
    if not total["dated"]:
        return Item(labels.text("quality.undated"), kind="unsaid")
    return Item(
        labels.text(
            "quality.timely", share=labels.percent(total["on_time"]), n=labels.integer(total["dated"])
        ),
        labels.text("quality.timely_basis"),
    )
