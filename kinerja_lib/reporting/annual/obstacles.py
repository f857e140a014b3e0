"""Bab III, on assignments: classes of obstacles with examples, achievements, and how often leaders give feedback."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from kinerja_lib.display import bars_chart, describe_groups, height_for, new_axes, shown_table
from kinerja_lib.indicators import examples, feedback_frequency, obstacle_shares, obstacle_summary
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.document import inert

UNCLASSED = "Tidak terkelaskan"


@lru_cache(maxsize=4)
def shares_of(edition: Edition) -> pd.DataFrame:
    """Classes of the year's obstacles in the report's scope."""
    return obstacle_shares(edition.rows("laporan_tugas", edition.year), words=edition.config.obstacle_words)


def obstacles(edition: Edition) -> None:
    """What stood in the way, by keyword: figure, table with an example of each class, and how far it reaches."""
    labels, rows = edition.labels, edition.rows("laporan_tugas", edition.year)
    shares = shares_of(edition)
    if not len(shares):
        return
    shares = shares.assign(kelas_kendala=shares["kelas_kendala"].replace("", UNCLASSED))
    _figure(edition, shares)
    line = obstacle_summary(rows, words=edition.config.obstacle_words).iloc[0]
    edition.say(
        "reports.classes", several=labels.integer(line["several"]), unclassed=labels.percent(line["share_unclassed"]),
        agrees=labels.percent(line["share_agrees"]),
    )  # fmt: skip
    quoted, achieved = _examples(edition, rows)
    shares["example"] = (
        shares["kelas_kendala"].map(quoted.set_index("kelas_kendala")["text"]).astype("object")
    )
    shares = shares.rename(columns={"count": "reported", "share": "share_of_reports"})
    columns = {
        "kelas_kendala": "text",
        "reported": "integer",
        "share_of_reports": "percent:1",
        "example": "text",
    }
    shown = shown_table(shares, columns, labels)
    edition.doc.table(
        shown.frame, "kelas-kendala", labels.text("reports.classes_table", year=edition.year), small=True,
        left=["kelas_kendala", "example"], source=edition.source("laporan_tugas"),
        note=labels.text("reports.examples_note", n=edition.smallest), **shown.options(),
    )  # fmt: skip
    if achieved:
        texts = labels.listing(f"“{inert(text.rstrip('.'))}”" for text in achieved)
        edition.say("reports.achievements", texts=texts)


def _figure(edition: Edition, shares: pd.DataFrame) -> None:
    """How many reports name each class."""
    labels = edition.labels
    frame = pd.DataFrame(
        {
            "label": [labels.category(name) for name in shares["kelas_kendala"]],
            "value": shares["count"].astype("float64"),
        }
    )
    ax = new_axes(height_for(len(frame)))
    bars_chart(ax, frame, labels, digits=0, axis_text=labels.text("reports.axis"))
    edition.doc.figure(
        ax.figure, "kendala", labels.text("reports.figure", year=edition.year, n=labels.integer(shares["n"].iloc[0])),
        alt=describe_groups(frame, labels, kind="bars", digits=0), source=edition.source("laporan_tugas"),
    )  # fmt: skip


def _examples(edition: Edition, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    staff = edition.rows("pegawai", edition.year, everyone=True)["unit_kerja"].astype("str").value_counts()
    return examples(
        rows,
        edition.tables["laporan_tugas"],
        staff.to_dict(),
        edition.smallest,
        words=edition.config.obstacle_words,
    )


def feedback(edition: Edition) -> None:
    """How often leaders give feedback, counted over leaders."""
    labels, small = edition.labels, edition.smallest
    found = feedback_frequency(edition.rows("kepemimpinan", edition.year))
    if not len(found) or found["leaders"].iloc[0] < small:
        return
    line = found.iloc[0]
    few = any(0 < count < small for count in (line["below"], line["leaders"] - line["below"]))
    edition.say(
        "reports.feedback", per_staff=labels.number(line["per_staff"]), median=labels.number(line["median"]),
        leaders=labels.integer(line["leaders"]), guidance=labels.number(line["guidance"]),
        below="*" if few else labels.percent(line["share_below"]),
    )  # fmt: skip
