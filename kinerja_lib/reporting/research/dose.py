"""The dose curve: predicates by hours of training, as they are and within the same employees."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.display import describe_dose, dose_chart, new_axes, ridge_chart, ridge_summary, shown_table
from kinerja_lib.display.alt_text import describe_groups
from kinerja_lib.display.style import height_for
from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import mean_by, wilson
from kinerja_lib.reporting.research.fits import research_frame

EDGES = (-0.1, 0.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 70.0, np.inf)
LEAST = 30


def dose(edition: Edition) -> None:
    """The curve with the line of the hours due, and the same bands compared within employees."""
    labels = edition.labels
    frame = bands(edition)
    due = edition.config.thresholds.jp_pns
    title = labels.text("training.dose", government=edition.government)
    if len(frame) < 2:
        reason = labels.text("research.no_dose")
        edition.doc.figure(None, "dosis", title, alt=reason, note=reason, source=edition.source("panel"))
        return
    edition.say("research.dose", due=labels.integer(due))
    ax = new_axes(3.2)
    dose_chart(
        ax, frame, labels, obligation=due, axis_text=labels.text("training.dose_axis"),
        value_text=labels.text("training.dose_value"),
    )  # fmt: skip
    names = ("band", "jp", "n", "value", "low", "high")
    edition.doc.figure(
        ax.figure, "dosis", title, alt=describe_dose(frame, labels), source=edition.source("panel"),
        note=labels.text("training.dose_note"), data=frame[list(names)],
        headers={name: labels.column("jp" if name == "jp" else name) for name in names},
        formats={"jp": "number:1", "n": "integer", **dict.fromkeys(("value", "low", "high"), "percent:1")},
    )  # fmt: skip
    adjusted = within_bands(edition)
    if adjusted is None:
        edition.say("research.no_within_dose")
        return
    columns = {
        "band": "text",
        "n": "integer",
        "estimate": "signed:1",
        "ci_low": "signed:1",
        "ci_high": "signed:1",
    }
    shown = shown_table(adjusted, columns, labels)
    edition.doc.table(
        shown.frame, "dosis-dalam", labels.text("research.dose_table"), source=edition.source("panel"),
        note=labels.text("research.dose_table_note", band=frame["band"].iloc[0]), **shown.options(),
    )  # fmt: skip


@lru_cache(maxsize=4)
def bands(edition: Edition) -> pd.DataFrame:
    """Share of Baik or better by band of hours; bands with few appraisals are left out.

    Returns
    -------
    DataFrame
        ``band`` (in words), ``jp`` (mean hours), ``n``, ``value``, ``low``, ``high`` (Wilson).
    """
    frame = research_frame(edition)
    good = frame["baik_persen"] / 100.0
    known = good.notna() & frame["jp"].notna()
    cut = pd.cut(frame.loc[known, "jp"], list(EDGES))
    found = (
        pd.DataFrame({"jp": frame.loc[known, "jp"], "good": good[known]})
        .groupby(cut, observed=True)
        .agg(jp=("jp", "mean"), hits=("good", "sum"), n=("good", "size"))
    )
    found = found[found["n"] >= LEAST]
    rows = [
        (
            _named(edition, band),
            row["jp"],
            int(row["n"]),
            row["hits"] / row["n"],
            *wilson(row["hits"], row["n"]),
        )
        for band, row in found.iterrows()
    ]
    return pd.DataFrame(rows, columns=["band", "jp", "n", "value", "low", "high"])


def _named(edition: Edition, band: pd.Interval) -> str:
    labels = edition.labels
    if band.right <= 0:
        return labels.text("research.band_none")
    if np.isinf(band.right):
        return labels.text("research.band_over", low=labels.integer(band.left))
    return labels.text(
        "research.band", low=labels.integer(max(band.left, 0)), high=labels.integer(band.right)
    )


@lru_cache(maxsize=4)
def within_bands(edition: Edition) -> pd.DataFrame | None:
    """Difference of each band from the lowest, within the same employees, in percentage points."""
    frame = research_frame(edition)
    cut = pd.cut(frame["jp"], list(EDGES))
    counts = cut.value_counts()
    kept = [band for band in cut.cat.categories if counts[band] >= LEAST]
    if len(kept) < 2:
        return None
    names = {band: f"b{place:02d}" for place, band in enumerate(kept)}
    coded = pd.Series([names.get(band) for band in cut], index=frame.index, dtype="object")
    spec = ModelSpec(
        outcome="baik_persen", exposures=("pita",), kind="fixed_effects", effects=("id_pegawai", "periode"),
        cluster="unit_kerja",
    )  # fmt: skip
    try:
        result = fit(frame.assign(pita=coded.where(coded.notna(), None)), spec, lang=edition.lang)
    except ModelError:
        return None
    tidy = result.tidy().set_index("term")
    rows = [
        (_named(edition, band), int(counts[band]), *(float(tidy.loc[f"pita[{names[band]}]", c]) for c in ("estimate", "ci_low", "ci_high")))
        for band in kept[1:]
        if f"pita[{names[band]}]" in tidy.index
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["band", "n", "estimate", "ci_low", "ci_high"])


def spread_by_group(edition: Edition, column: str, name: str, *, least: int = 10) -> None:
    """How a measure of people is spread in each group, as ridges; groups too small for a shape are withheld."""
    labels = edition.labels
    rows = edition.rows("panel", edition.year)
    last = rows.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    shown = mean_by(edition, last, column)
    numbers, codes = last[column].astype("float64"), last[edition.group].astype("str")
    high = float(np.nanpercentile(numbers, 99)) if numbers.notna().any() else 1.0
    values = {}
    for row in shown.itertuples():
        own = numbers[(codes == row.code) & numbers.notna()].to_numpy()
        open_ = row.value == row.value and len(own) >= least
        values[str(row.label)] = np.clip(own, 0.0, high) if open_ else np.array([])
    title = labels.text(f"research.{name}", body=edition.body, year=edition.year)
    frame = ridge_summary(values)
    if not frame["value"].notna().any():
        reason = labels.text("note.all_withheld", n=labels.integer(least))
        edition.doc.figure(
            None, name.replace("_", "-"), title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    ax = new_axes(height_for(len(frame), each=0.36))
    ridge_chart(ax, values, labels, high=high, axis_text=labels.text(f"research.{name}_axis"))
    edition.doc.figure(
        ax.figure, name.replace("_", "-"), title, alt=describe_groups(frame, labels, kind="ridge"),
        source=edition.source("panel"), note=labels.text("research.ridge_note", n=labels.integer(least)), data=frame,
        headers={"label": labels.column(edition.group), **{c: labels.column(c) for c in ("n", "value", "low", "high")}},
        formats={"n": "integer", **dict.fromkeys(("value", "low", "high"), "number:1")},
    )  # fmt: skip
