"""The pages of a unit: key figures, the unit beside its agency, its quarters, and what to look at."""

from __future__ import annotations

import math

import pandas as pd

from kinerja_lib.display import describe_trend, new_axes, shown_table, trend_chart
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import is_good
from kinerja_lib.reporting.annual.measures import share_by, wilson
from kinerja_lib.reporting.document import Item, KeyFigure, inert
from kinerja_lib.reporting.title_page import synthetic_note, title_page
from kinerja_lib.reporting.unit_profile.facts import INDICES, SHARES, Measures, measures, value

NOTABLE = 5.0  # points of an index, or percentage points, by which a unit differs enough to be named


def cover(edition: Edition, unit: str = "") -> None:
    """The title page, with the unit's name where there is one."""
    title_page(edition, "profile", agency=(edition.name(unit),) if unit else ())


def guide(edition: Edition) -> None:
    """How the profile is read."""
    synthetic_note(edition)
    edition.say(
        "profile.guide", n=edition.smallest, body=inert(edition.body), period=edition.labels.periode(str(edition.periode))
    )  # fmt: skip


def profiles(edition: Edition, unit: str = "") -> None:
    """One chapter a unit, in the order of their names; only ``unit`` where it is given."""
    found = measures(edition, str(edition.periode))
    codes = [unit] if unit else sorted(found.people.index, key=edition.name)
    for place, code in enumerate(codes, 1):
        edition.doc.text(f"# {edition.safe(code)}")
        _profile(edition, found, code, place)


def _profile(edition: Edition, found: Measures, code: str, place: int) -> None:
    labels = edition.labels
    if math.isnan(value(found, "good", code)):
        edition.say("profile.withheld", name=edition.safe(code), n=labels.integer(edition.smallest))
        return
    good = found.groups["good"].loc[code]
    edition.say(
        "profile.opening", name=edition.safe(code), people=labels.integer(good["n"]),
        period=labels.periode(str(edition.periode)), good=labels.percent(good["value"]),
        interval=labels.interval(labels.percent(good["low"]), labels.percent(good["high"])),
        whole=labels.percent(found.whole["good"]), body=inert(edition.body),
    )  # fmt: skip
    edition.doc.key_figures(_key_figures(edition, found, code))
    _beside(edition, found, code, place)
    _quarters(edition, code, place)
    edition.doc.findings(_notable(edition, found, code), title=labels.text("profile.notable"))


def _key_figures(edition: Edition, found: Measures, code: str) -> list[KeyFigure]:
    labels = edition.labels
    before = measures(edition, str(edition.periode.previous()))
    since = labels.text("key.since", year=labels.periode(str(edition.periode.previous()), short=True))
    boxes = []
    for name, form in (("good", "percent:1"), ("jp_share", "percent:1"), ("facilities", "number:1"), ("leadership", "number:1")):  # fmt: skip
        now, last = value(found, name, code), value(before, name, code)
        if math.isnan(now):
            continue
        share = form.startswith("percent")
        change = None if math.isnan(last) else (now - last) * (100 if share else 1)
        note = " ".join(filter(None, (labels.text("key.percent_points") if share else "", since)))
        boxes.append(
            KeyFigure(
                labels.column(name), now, form, change=change, change_note=note if change is not None else ""
            )
        )
    return boxes


def _beside(edition: Edition, found: Measures, code: str, place: int) -> None:
    """Two tables: shares, and indices on 0–100, the unit beside the whole it belongs to."""
    labels = edition.labels
    own, all_ = labels.text("profile.own"), labels.text("word.total")
    for kind, names, form in (
        ("bagian", SHARES, "percent:1"),
        ("indeks", tuple(INDICES), "number:1"),
    ):
        rows = [
            (labels.column(name), value(found, name, code), found.whole[name],
             (value(found, name, code) - found.whole[name]) * (100 if kind == "bagian" else 1))
            for name in names
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=["measure", "own", "whole", "difference"])
        frame = frame[frame["whole"].notna()]
        heads = {"difference": labels.text("profile.difference_points")} if kind == "bagian" else {}
        columns = {"measure": "text", "own": form, "whole": form, "difference": "signed:1"}
        shown = shown_table(frame, columns, labels)
        edition.doc.table(
            shown.frame, f"{kind}-{place}", labels.text(f"profile.{kind}", name=edition.name(code)),
            headers={**shown.headers, "own": own, "whole": all_, **heads}, formats=shown.formats,
            source=edition.source(*(("penilaian", "pegawai", "pelatihan") if kind == "bagian" else ("fasilitas", "kepemimpinan", "survei"))),
            note=labels.text("profile.withheld_note", n=edition.smallest) if frame["own"].isna().any() else "",
        )  # fmt: skip


def _quarters(edition: Edition, code: str, place: int) -> None:
    """The share of Baik or better in the last eight quarters; quarters with few people are left out."""
    labels, rows = edition.labels, []
    panel = edition.rows("panel")
    last = edition.periode.quarters()[-1]
    for step in range(-7, 1):
        periode = str(last.shift(step))
        part = panel[panel["periode"].astype("str") == periode]
        shares = share_by(edition, part, is_good(part)).set_index("code")
        if code in shares.index and not math.isnan(shares.loc[code, "value"]):
            n = int(shares.loc[code, "n"])
            hits = round(float(shares.loc[code, "value"]) * n)
            rows.append((periode, hits / n, *wilson(hits, n), n))
    frame = pd.DataFrame(rows, columns=["periode", "value", "low", "high", "n"])
    title = labels.text("profile.trend", name=edition.name(code))
    if len(frame) < 2:
        reason = labels.text("quarter.trend_nothing")
        edition.doc.figure(None, f"tren-{place}", title, alt=reason, note=reason, source=edition.source("penilaian"))  # fmt: skip
        return
    ax = new_axes(2.3)
    trend_chart(ax, frame, labels)
    heads = {name: labels.column(name) for name in frame.columns}
    edition.doc.figure(
        ax.figure, f"tren-{place}", title, alt=describe_trend(frame, labels), source=edition.source("penilaian"),
        note=labels.text("note.band"), headers=heads, data=frame, width=0.9,
        formats=dict.fromkeys(("value", "low", "high"), "percent:1"),
    )  # fmt: skip


def _notable(edition: Edition, found: Measures, code: str) -> list[Item]:
    """Where the unit lies well above or below the whole; a statement of numbers, not of causes."""
    labels, items = edition.labels, []
    good = found.groups["good"].loc[code]
    if good["high"] < found.whole["good"] or good["low"] > found.whole["good"]:
        side = "below" if good["high"] < found.whole["good"] else "above"
        items.append(Item(labels.text(f"profile.good_{side}"), labels.text("profile.good_basis")))
    else:
        items.append(Item(labels.text("profile.good_same"), labels.text("profile.good_basis")))
    for name in ("jp_share", *INDICES):
        own, whole = value(found, name, code), found.whole[name]
        scale = 100.0 if name in SHARES else 1.0
        if abs(own - whole) * scale >= NOTABLE:  # NaN compares false
            side = "above" if own > whole else "below"
            show = labels.percent if name in SHARES else labels.number
            text = labels.text(
                f"profile.{side}", measure=labels.column(name), own=show(own), whole=show(whole)
            )
            items.append(Item(text))
    return items
