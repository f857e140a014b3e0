"""Training still owed before the year ends: who has not reached the hours due, and how many hours are lacking."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.competences import expiring, lead
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import share_by
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.reporting.quarterly.coverage import counted, hidden_note, only_shown
from kinerja_lib.reporting.quarterly.facts import now_and_before


def training_owed(edition: Edition) -> None:
    """The share that reached the hours due by group, the hours lacking, needs unanswered, certificates that run out."""
    labels, (now, _) = edition.labels, now_and_before(edition)
    pns = now.staff[now.staff["owed"].notna()]
    due = labels.integer(edition.config.thresholds.jp_pns)
    if len(pns) < edition.smallest:
        edition.say("word.no_data")
        return
    met = pns["owed"] <= 0
    owing = pns.loc[~met, "owed"]
    last = edition.periode.number == 4
    edition.say(
        "quarter.owed_text_end" if last else "quarter.owed_text", n=labels.integer(len(pns)), share=labels.percent(float(met.mean())), due=due,
        hours=labels.integer(float(owing.sum())), mean=labels.number(float(owing.mean()) if len(owing) else 0.0),
        left=labels.integer(4 - edition.periode.number), date=labels.date(edition.periode.end),
    )  # fmt: skip
    frame = share_by(edition, pns, met.astype("float64"))
    dots_figure(
        edition, frame, "jp", "quarter.met", ("pegawai", "pelatihan"), percent=True, reference=float(met.mean()),
        interval=False, due=due, period=labels.periode(str(edition.periode)),
    )  # fmt: skip
    table, hidden = only_shown(owed_by_group(edition, pns), "pns")
    columns = {"label": "text", "pns": "integer", "owing": "integer", "hours": "integer", "each": "number:1"}
    shown = shown_table(table, columns, labels)
    headers = {**shown.headers, "label": labels.column(edition.group)}
    edition.doc.table(
        shown.frame, "terutang", labels.text("quarter.owed_table", due=due, date=labels.date(edition.periode.end)),
        headers=headers, formats=shown.formats, bold=[-1], source=edition.source("pegawai", "pelatihan"),
        note=hidden_note(edition, hidden) or labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
    )  # fmt: skip
    lead(edition)
    expiring(edition)


def owed_by_group(edition: Edition, pns: pd.DataFrame) -> pd.DataFrame:
    """PNS, those who owe hours, the hours lacking in all and each; sums are withheld with their counts."""
    counts = counted(edition, pns, pns["owed"] <= 0)
    sums = pns.groupby(pns[edition.group].astype("str"))["owed"].sum()
    hours = [*(float(sums.get(code, 0.0)) for code in counts["code"].iloc[:-1]), float(pns["owed"].sum())]
    withheld = (counts[["staff", "yes", "no"]] == MARKER).any(axis=1).to_numpy()
    owing = pd.to_numeric(counts["no"].where(~withheld, np.nan), errors="coerce").astype("float64")
    return pd.DataFrame(
        {
            "label": counts["label"],
            "pns": counts["staff"],
            "owing": counts["no"],
            "hours": np.where(withheld, MARKER, np.array(hours, dtype="object")),
            "each": np.array(hours) / owing.where(owing > 0),
        }
    )
