"""The executive summary, on one page: the key figures, what went well, what did not, and what is asked."""

from __future__ import annotations

import math

from kinerja_lib.findings import Finding, recommend
from kinerja_lib.reporting.annual.advice import asked, main_count
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.finding_lines import short_line
from kinerja_lib.reporting.annual.judged import advised, not_said, said
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.document import Item, KeyFigure, inert

GOOD, LACKING = 2, 3  # findings of each kind: what a page holds beside the figures and the recommendations
REACHED = ("above", "equal", "up")
TOO_HIGH = {
    "kelonggaran_penilai",
    "distribusi_predikat",
}  # high predicates are then no good news, fewer of them no loss


def summary(edition: Edition) -> None:
    """Key figures with their change on last year, the findings of either kind, and the main recommendations."""
    labels, now = edition.labels, facts(edition, edition.year)
    edition.say(
        "summary.opening", body=inert(edition.body), year=edition.year, staff=labels.integer(len(now.staff)),
        appraised=_appraised(edition),
    )  # fmt: skip
    edition.doc.key_figures(key_figures(edition))
    edition.doc.findings(went_well(edition), title=labels.text("summary.went_well"), numbered=False)
    lacking = to_mend(edition)
    if lacking:
        edition.doc.findings(lacking, title=labels.text("summary.to_mend"), numbered=False)
    lines = asked(edition)
    if lines:
        edition.doc.findings(lines, title=labels.text("summary.asked"))
    more, unsaid = len(advised(edition)) - main_count(edition), len(not_said(edition))
    key = "summary.closing_more" if more else "summary.closing" if lines else "judged.none_advised"
    closing = [labels.text(key, n=labels.integer(more))]
    if unsaid:
        closing.append(labels.text("summary.unsaid", n=labels.integer(unsaid)))
    edition.doc.text(" ".join(closing))  # one paragraph: in Word a second one turned the page


def _appraised(edition: Edition) -> str:
    """How many of the staff have an annual predicate; in words where few have none, or have one."""
    labels, staff = edition.labels, facts(edition, edition.year).staff
    n = int(staff["dinilai"].sum())
    if n == len(staff):
        return labels.text("summary.all")
    if len(staff) - n < edition.smallest:
        return labels.text("summary.nearly_all")
    return labels.text("summary.of_them", n=in_words(edition, n))


def went_well(edition: Edition) -> list[Item]:
    """Good predicates where they did not fall, what reached its limit, and measures that rose."""
    advice = {found.topic for found in advised(edition)}
    reached = [one for one in said(edition) if _good(edition, one) and one.topic not in advice]
    items = [] if _fell(edition) or _too_high(edition) else _predicates(edition)
    items += [short_line(edition, finding) for finding in reached]
    return (items or [_risen(edition, {"good"} if _too_high(edition) else set())])[:GOOD]


def to_mend(edition: Edition) -> list[Item]:
    """Good predicates where they fell, and the findings that the first recommendations rest on."""
    items = _predicates(edition) if _fell(edition) and not _too_high(edition) else []
    items += [short_line(edition, found.finding) for found in advised(edition)]
    return items[:LACKING]


def _good(edition: Edition, finding: Finding) -> bool:
    """A side of a limit or of a comparison that calls for nothing, whatever else is recommended."""
    claims = finding.strength != "none" and finding.direction in REACHED
    return claims and not recommend([finding], str(edition.year), whole=edition.whole)


def _too_high(edition: Edition) -> bool:
    """Whether the agency's own predicates are found too high; a single agency's are no verdict on the government."""
    return not edition.whole and any(found.topic in TOO_HIGH for found in advised(edition))


def _change(edition: Edition) -> float:
    return facts(edition, edition.year).good - facts(edition, edition.year - 1).good


def _fell(edition: Edition) -> bool:
    """Whether fewer are rated Baik or better than last year, as printed."""
    labels, change = edition.labels, _change(edition) * 100
    return change < 0 and labels.number(-change) != labels.number(0.0)


def _predicates(edition: Edition) -> list[Item]:
    labels, good = edition.labels, facts(edition, edition.year).good
    if math.isnan(good):
        return []
    change = _change(edition)
    if math.isnan(change):
        return [Item(labels.text("finding.predicates_now", good=labels.percent(good)))]
    return [
        Item(
            labels.text(
                "finding.predicates", good=labels.percent(good), change=edition.moved(change, share=True),
                year=edition.year - 1,
            )
        )
    ]  # fmt: skip


def _risen(edition: Edition, but: set[str]) -> Item:
    """Which key figures rose, but for some; where none did, that is said."""
    labels = edition.labels
    left_out = {labels.text(f"key.{name}") for name in but}
    boxes = [box for box in key_figures(edition) if box.label not in left_out]
    names = [f"“{box.label}”" for box in boxes if box.change is not None and box.change > 0]
    if not names:
        return Item(labels.text("summary.nothing_rose", year=edition.year - 1))
    return Item(labels.text("summary.rose", year=edition.year - 1, names=labels.listing(names)))


def key_figures(edition: Edition) -> list[KeyFigure]:
    """The boxes: what is known of the year, each with its change on last year."""
    labels = edition.labels
    now, before = facts(edition, edition.year), facts(edition, edition.year - 1)
    since = labels.text("key.since", year=edition.year - 1)
    rows = [
        ("good", now.good, before.good, "percent:1", labels.integer(len(now.annual))),
        ("jp", now.jp_share, before.jp_share, "percent:1", labels.number(now.jp_mean)),
        ("facilities", now.facilities, before.facilities, "number:1", ""),
        ("ikm", now.ikm, before.ikm, "number:1", ""),
        ("on_time", now.on_time, before.on_time, "percent:1", ""),
        ("ip_asn", now.ip_asn, before.ip_asn, "number:1", ""),
    ]
    boxes = []
    for name, value, last, form, note in rows:
        if math.isnan(value):
            continue
        change, share = None, form.startswith("percent")
        if not math.isnan(last):
            change = (value - last) * (100 if share else 1)  # of two shares: percentage points
        points = labels.text("key.percent_points" if share else "key.points")
        boxes.append(
            KeyFigure(
                labels.text(f"key.{name}"), value, form, note=labels.text(f"key.{name}_note", value=note),
                change=change, change_note=f"{points} {since}" if change is not None else "",
            )
        )  # fmt: skip
    return boxes
