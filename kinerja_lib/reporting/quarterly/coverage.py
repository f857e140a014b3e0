"""Who has no appraisal yet: counts by group, with small ones withheld so that none can be worked out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER, protect
from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.quarterly.facts import now_and_before


def missing_appraisals(edition: Edition) -> None:
    """A table of staff, appraised and not yet appraised by group."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    if not len(now.staff):
        edition.say("word.no_data")
        return
    frame = counted(edition, now.staff, now.staff["dinilai"] == 1)
    lead = coverage_sentence(edition)
    cells = frame["no"].iloc[:-1].astype("str")
    if (cells == MARKER).any() or (now.staff["dinilai"] == 1).all():
        edition.say("quarter.missing_short", lead=lead)
    else:
        edition.say(
            "quarter.missing_text", groups=labels.text(f"word.{edition.group}_many"), lead=lead,
            full=labels.integer(int((cells == "0").sum())), all=labels.integer(len(cells)),
        )  # fmt: skip
    columns = {"label": "text", "staff": "integer", "yes": "integer", "no": "integer", "share": "percent:1"}
    frame, hidden = only_shown(frame, "staff")
    shown = shown_table(frame, columns, labels)
    headers = {**shown.headers, "label": labels.column(edition.group), "yes": labels.column("appraised"),
               "no": labels.column("missing"), "share": labels.column("covered")}  # fmt: skip
    edition.doc.table(
        shown.frame, "belum-dinilai", labels.text("quarter.missing_table", period=labels.periode(str(edition.periode))),
        headers=headers, formats=shown.formats, bold=[-1], source=edition.source("pegawai", "penilaian"),
        note=hidden_note(edition, hidden) or labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
    )  # fmt: skip


def only_shown(frame: pd.DataFrame, column: str) -> tuple[pd.DataFrame, int]:
    """The whole alone where no group may be shown, and how many groups that leaves out; else all, and none."""
    hidden = (frame[column].iloc[:-1] == MARKER).to_numpy()
    if not len(hidden) or not hidden.all():
        return frame, 0
    return frame.iloc[-1:].reset_index(drop=True), len(hidden)


def hidden_note(edition: Edition, hidden: int) -> str:
    """That some groups stand in no row of a table, and why; empty for none."""
    labels = edition.labels
    group = labels.text(f"word.{edition.group}_many")
    return (
        labels.text(
            "quarter.groups_hidden",
            count=labels.integer(hidden),
            group=group,
            n=labels.integer(edition.smallest),
        )
        if hidden
        else ""
    )


def coverage_sentence(edition: Edition) -> str:
    """How many have a rating; neither the count nor the share where a few are missing."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    missing = int((now.staff["dinilai"] == 0).sum())
    if missing == 0:
        return labels.text("quarter.complete")
    if missing < edition.smallest:
        return labels.text("quarter.nearly_complete", n=labels.integer(edition.smallest))
    return labels.text(
        "quarter.missing_finding", share=labels.percent(now.covered), missing=labels.integer(missing)
    )


def shown_share(edition: Edition) -> float | str:
    """The share that has a rating, in words where a few are missing: the count would follow from it."""
    now, _ = now_and_before(edition)
    missing = int((now.staff["dinilai"] == 0).sum())
    return edition.labels.text("quarter.almost_all") if 0 < missing < edition.smallest else now.covered


def counted(edition: Edition, people: pd.DataFrame, flag: pd.Series) -> pd.DataFrame:
    """People with and without a mark by group, and the whole last; withheld cells hold the marker.

    Returns
    -------
    DataFrame
        ``code``, ``label``, ``staff``, ``yes``, ``no``, ``share`` (of yes; missing where a cell is withheld),
        most of ``no`` first.
    """
    codes = people[edition.group].astype("str")
    counts = pd.DataFrame({"yes": flag.astype("int64"), "no": (~flag).astype("int64")}).groupby(codes).sum()
    counts = counts.sort_values(["no", "yes"], ascending=False)
    safe = protect(counts[["yes", "no"]].to_numpy(), edition.smallest)
    values, hidden = safe.values, safe.hidden
    cells = np.where(hidden, MARKER, values.astype("object"))
    share = np.where(hidden.any(axis=1), np.nan, values[:, 0] / np.maximum(values[:, 2], 1))
    return pd.DataFrame(
        {
            "code": [*counts.index, ""],
            "label": [*map(edition.name, counts.index), edition.labels.text("word.total")],
            "staff": cells[:, 2],
            "yes": cells[:, 0],
            "no": cells[:, 1],
            "share": share,
        }
    )
