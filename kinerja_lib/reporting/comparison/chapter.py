"""The comparison as it is shown: a section of the annual report, and the report ``perbandingan``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from kinerja_lib.display import describe_waterfall, new_axes, shown_table, waterfall_chart
from kinerja_lib.display.tables import Shown
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.opening import cover_lines
from kinerja_lib.reporting.comparison.compare import Comparison, compare_on
from kinerja_lib.reporting.comparison.editions import row_counts
from kinerja_lib.reporting.comparison.split import PARTS, Change
from kinerja_lib.reporting.headline import FIGURES, PERSONS

_NUMBERS = ("edition_old", *PARTS, "edition_new", "total_change")
_FORMATS = {
    "edition_old": "number:1",
    **dict.fromkeys(PARTS, "signed:1"),
    "edition_new": "number:1",
    "total_change": "signed:1",
}


def cover(edition: Edition, periode_lama: str = "") -> None:
    """The title page of ``perbandingan``."""
    labels = edition.labels
    subtitle = labels.text("compare.subtitle", earlier=_earlier(edition, periode_lama), later=edition.year)
    edition.doc.cover(labels.text("compare.title"), subtitle=subtitle, **cover_lines(edition))


def changes(edition: Edition, periode_lama: str = "") -> None:
    """How the figures moved since the earlier edition, and which part of it is real."""
    labels, found = edition.labels, comparison(edition, periode_lama)
    if found is None:
        edition.say("word.no_data")
        return
    own = {name: change for name, change in _own(edition, found).items() if _known(change)}
    years = {"earlier": found.earlier, "later": found.later}
    edition.say("compare.text", **years)
    _method(edition, found)
    frame = change_table(edition, own)
    shown = _parts_shown(edition, frame)
    source = labels.text("compare.source", **years)
    edition.doc.table(
        shown.frame, "perubahan", labels.text("compare.table", body=edition.body, **years), small=True,
        source=source, note=labels.text("compare.table_note", n=edition.smallest), **shown.options(),
    )  # fmt: skip
    if "good" in own and not math.isnan(own["good"].real):
        edition.say(
            "compare.real_text", real=labels.number(own["good"].real * 100, 1, signed=True),
            population=labels.number(own["good"].population * 100, 1, signed=True),
        )  # fmt: skip


def pictures(edition: Edition, periode_lama: str = "") -> None:
    """A waterfall for each figure whose parts are known."""
    labels, found = edition.labels, comparison(edition, periode_lama)
    if found is None:
        return
    years = {"earlier": found.earlier, "later": found.later}
    for name, change in _own(edition, found).items():
        scale = 100 if FIGURES[name] else 1
        parts = [
            (labels.text(f"compare.{part}"), getattr(change, part) * scale)
            for part in PARTS
            if not math.isnan(getattr(change, part))
        ]
        first, last = change.published * scale, change.after * scale
        if math.isnan(first) or math.isnan(last):
            continue
        if math.isnan(change.real):
            parts.append((labels.text("compare.unsplit"), last - first - sum(value for _, value in parts)))
        before, after = (labels.text("compare.edition", year=year) for year in (found.earlier, found.later))
        ax = new_axes(2.6)
        waterfall_chart(ax, first, parts, last, labels, before=before, after=after)
        edition.doc.figure(
            ax.figure, f"perubahan-{name.replace('_', '-')}",
            labels.text("compare.figure", name=labels.text(f"compare.{name}"), body=edition.body, **years),
            alt=describe_waterfall(first, parts, last, labels, before=before, after=after),
            source=labels.text("compare.source", **years), note=labels.text("compare.figure_note"),
            data=pd.DataFrame(
                [(before, first), *parts, (after, last)], columns=["figure_name", "value"]
            ),
            headers={"figure_name": labels.column("figure_name"), "value": labels.column("value")},
            formats={"value": "number:1"},
        )  # fmt: skip


def population(edition: Edition, periode_lama: str = "") -> None:
    """Who stayed, left and joined, and the rows read for both editions."""
    labels, found = edition.labels, comparison(edition, periode_lama)
    if found is None:
        return
    years = {"earlier": found.earlier, "later": found.later}
    rows = [
        (labels.text(f"compare.{name}"), *_counts(change, edition.smallest))
        for name, change in _own(edition, found).items()
        if _known(change)
    ]
    frame = pd.DataFrame(rows, columns=["figure_name", "stayed", "left", "joined"])
    columns = {name: "text" if name == "figure_name" else "integer" for name in frame.columns}
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "populasi", labels.text("compare.population_table", **years), left=1,
        source=labels.text("compare.source", **years), note=labels.text("note.small", n=edition.smallest), **shown.options(),
    )  # fmt: skip
    now = row_counts(edition.accounting)
    if found.record is not None and now and edition.whole:
        frame = pd.DataFrame(
            [(labels.column(name), found.record.rows.get(name), count) for name, count in now.items()],
            columns=["rows_kind", "edition_old", "edition_new"],
        )
        shown = shown_table(
            frame, {"rows_kind": "text", "edition_old": "integer", "edition_new": "integer"}, labels
        )
        edition.doc.table(
            shown.frame, "baris-edisi", labels.text("compare.rows_table"),
            source=labels.text("compare.source", **years), **shown.options(),
        )  # fmt: skip


def agencies(edition: Edition, periode_lama: str = "") -> None:
    """The split of each figure by agency; nothing in an agency's own report."""
    labels, found = edition.labels, comparison(edition, periode_lama)
    if found is None or not edition.whole:
        return
    years = {"earlier": found.earlier, "later": found.later}
    edition.say("compare.agencies_heading")
    edition.say("compare.agencies_text")
    for name in FIGURES:
        rows = {
            edition.name(code): figures[name]
            for code, figures in found.changes.items()
            if code != "all" and name in figures
        }
        frame = change_table(edition, rows, name).sort_values("figure_name")
        title = labels.text(f"compare.{name}")
        shown = _parts_shown(edition, frame.rename(columns={"figure_name": "instansi"}))
        edition.doc.table(
            shown.frame, f"instansi-{name.replace('_', '-')}", labels.text("compare.agencies", name=title, **years),
            small=True, source=labels.text("compare.source", **years),
            note=labels.text("compare.table_note", n=edition.smallest), **shown.options(),
        )  # fmt: skip


def comparison(edition: Edition, periode_lama: str = "") -> Comparison | None:
    """The comparison with an earlier year (the one before where none is named); None without data of that year."""
    earlier = _earlier(edition, periode_lama)
    if not (edition.tables["panel"]["tahun"] == int(earlier)).any():
        return None
    return compare_on(edition, earlier)


def change_table(edition: Edition, changes: Mapping[str, Change], name: str = "") -> pd.DataFrame:
    """Changes as a table: one row a figure, or an agency where ``name`` is the figure; shares in percent."""
    rows = []
    for key, change in changes.items():
        scale = 100 if FIGURES[name or key] else 1
        values = [getattr(change, part) * scale for part in ("published", *PARTS, "after", "total")]
        label = key if name else edition.labels.text(f"compare.{key}")
        # a part of nothing is plain zero, not the rounding of a computer
        rows.append([label, *(0.0 if abs(value) < 1e-9 else value for value in values)])
    return pd.DataFrame(rows, columns=["figure_name", *_NUMBERS]).replace({np.nan: None})


def _parts_shown(edition: Edition, frame: pd.DataFrame) -> Shown:
    """The table for a reader; a part that is known of no row has no column."""
    labels, first = edition.labels, str(frame.columns[0])
    empty = [name for name in PARTS if frame[name].isna().all()]
    frame = frame.drop(columns=empty)
    columns = {first: "text", **{name: form for name, form in _FORMATS.items() if name in frame.columns}}
    shown = shown_table(frame, columns, labels)
    return replace(shown, headers={**shown.headers, "method": labels.text("compare.method_head")})


def _earlier(edition: Edition, periode_lama: str) -> str:
    return periode_lama or str(edition.year - 1)


def _own(edition: Edition, found: Comparison) -> Mapping[str, Change]:
    return found.changes.get("all" if edition.whole else edition.instansi, {})


def _known(change: Change) -> bool:
    return not (math.isnan(change.published) and math.isnan(change.after))


def _counts(change: Change, smallest: int) -> list[int | str]:
    """The counts; where one is of few, all three, since a total elsewhere would show it."""
    counts = (change.stayed, change.left, change.joined)
    few = any(0 < count < smallest for count in counts) or (
        change.name in PERSONS and any(counts) and math.isnan(change.real)
    )
    return ["*"] * 3 if few else list(counts)


def _method(edition: Edition, found: Comparison) -> None:
    labels, years = edition.labels, {"earlier": found.earlier, "later": found.later}
    if found.record is None:
        edition.say("compare.no_record", **years)
        return
    if not found.kept:
        edition.say("compare.no_data", **years)
        return
    edition.say(
        "compare.same_method" if found.same_code and not found.settings else "compare.new_method", **years
    )
    if found.settings:
        items = labels.listing(
            labels.text("compare.setting", name=name, then=_setting(labels, then), now=_setting(labels, now))
            for name, (then, now) in found.settings.items()
        )
        edition.say("compare.settings", items=items)
    whole = found.changes["all"]
    revised = sum(abs(change.revision) > 1e-9 for change in whole.values())
    if revised:
        edition.say(
            "compare.revised", count=labels.integer(revised), figures=labels.integer(len(whole)), **years
        )
    else:
        edition.say("compare.unrevised", **years)


def _setting(labels: Labels, value: object) -> str:
    """A setting with the decimals that it needs: ``0,95``, ``4``."""
    number = float(str(value))
    return labels.number(number, next((digits for digits in range(4) if round(number, digits) == number), 4))
