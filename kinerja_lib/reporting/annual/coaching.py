"""Bab III, coaching: of those whose predicate called for it, who was coached, how soon, and what came of it. Counts only.

The table of all agencies decides what may be printed in every report, so that nothing of an agency follows from its own
report beside the government's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import protect
from kinerja_lib.display import shown_table
from kinerja_lib.findings import Finding
from kinerja_lib.indicators import coaching_cases, coaching_kinds, coaching_summary, regulation
from kinerja_lib.reporting.annual.bilingual import both, integer, percent
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import in_words

BEGUN, SPLIT = ("coached", "waiting"), ("in_time", "later")  # the known cases; those coached
SHOWN = ("known", "coached", "in_time", "waiting")
FEWEST = 10  # people coached among those of a median that is shown
KINDS = 3  # named in the sentence


@dataclass(frozen=True, eq=False)
class Coached:
    """What is known of coaching in the report's scope.

    Attributes
    ----------
    row : Series
        Of ``coaching_summary``, with ``later`` and ``waiting``.
    agencies : DataFrame
        The same by agency, those that keep a record; indexed by code.
    hidden : DataFrame of bool
        Which of ``BEGUN``, ``SPLIT`` and ``known`` of each agency, and of the whole, are withheld.
    """

    row: pd.Series
    agencies: pd.DataFrame
    hidden: pd.DataFrame

    def secret(self, code: str, *names: str) -> bool:
        """Whether one of these counts is withheld."""
        return bool(self.hidden.loc[code, list(names)].any())


@lru_cache(maxsize=4)
def coached(edition: Edition) -> Coached | None:
    """Coaching of those appraised low in the year; None where nobody was."""
    rows = edition.rows("penilaian", everyone=True)
    cases = coaching_cases(rows, edition.tables["pembinaan"], edition.year)
    mine = cases if edition.whole else cases[cases["instansi"].astype("str") == edition.instansi]
    if not len(mine):
        return None
    frame = _parts(coaching_summary(cases)).set_index("instansi")
    frame = frame[frame["known"] > 0]
    return Coached(_parts(coaching_summary(mine, ())).iloc[0], frame, _withheld(frame, edition.smallest))


def _withheld(frame: pd.DataFrame, smallest: int) -> pd.DataFrame:
    """What is withheld of each agency and of all: first who was coached at all, then, inside that, how soon."""
    names = [*map(str, frame.index), "all"]
    if not len(frame):
        return pd.DataFrame(False, index=names, columns=[*BEGUN, *SPLIT, "known"])
    begun, split = (
        protect(frame[list(part)].to_numpy(dtype=np.int64), smallest).hidden for part in (BEGUN, SPLIT)
    )
    mask = pd.DataFrame(begun, index=names, columns=[*BEGUN, "known"])
    for place, name in enumerate(SPLIT):
        mask[name] = split[:, place] | mask["coached"]
    return mask


def coaching(edition: Edition) -> None:
    """How many were coached and how soon, by agency; of what kind; what came of it."""
    found, labels, small = coached(edition), edition.labels, edition.smallest
    if found is None:
        return
    row, code = found.row, edition.instansi
    if not row["known"]:
        edition.say("coaching.none", year=edition.year)
        return
    if found.secret(code, *BEGUN, "known"):
        edition.say("coaching.hidden", year=edition.year, n=small)
        return
    key = "coaching.text_begun" if found.secret(code, *SPLIT) else "coaching.text"
    edition.say(
        key, year=edition.year, known=labels.integer(row["known"]), coached=labels.integer(row["coached"]),
        share=labels.percent(row["share_coached"]), in_time=labels.integer(row["in_time"]), waiting=labels.integer(row["waiting"]),
        days=labels.integer(_within()),
    )  # fmt: skip
    silent = int(row["cases"] - row["known"])
    if silent:
        edition.say("coaching.silent", n=in_words(edition, silent))
    if edition.whole:
        _table(edition, found)
    if row["coached"] >= FEWEST:
        _median(edition, row["median"])
    _kinds(edition)
    _results(edition, row)


def coaching_findings(edition: Edition) -> list[Finding]:
    """Whether those who were to be coached were, in time."""
    found = coached(edition)
    if found is None or not found.row["due"] or found.secret(edition.instansi, *BEGUN, "known"):
        return []
    row, key = found.row, "coaching.late"
    n, missed = int(row["due"]), int(row["due"] - row["in_time"])
    if found.secret(edition.instansi, *SPLIT):
        n, missed, key = int(row["known"]), int(row["waiting"]), "coaching.waiting"
    if n < edition.smallest or (0 < missed < edition.smallest):
        return []
    share = missed / n
    values = {"count": integer(missed), "n": integer(n), "share": percent(share), "days": integer(_within())}
    text = both(
        key if missed else "coaching.all_in_time" if key == "coaching.late" else "coaching.all_begun",
        **values,
    )
    evidence = {"n": float(n), "reach": float(missed), "estimate": share}
    details = {
        "count": both("judged.names", names=integer(missed)),
        "days": both("judged.names", names=integer(_within())),
    }
    direction = "below" if missed else "equal"
    return [
        Finding(
            "pembinaan_terlaksana", *text, "moderate", direction, evidence, design="census", details=details
        )
    ]


def _parts(summary: pd.DataFrame) -> pd.DataFrame:
    """The known cases in three parts: coached in time, coached later (or on an unknown day), not yet."""
    return summary.assign(
        later=summary["coached"] - summary["in_time"], waiting=summary["known"] - summary["coached"]
    )


def _within() -> int:
    return int(regulation("follow_up")["pembinaan"]["within_days"])


def _table(edition: Edition, found: Coached) -> None:
    """The agencies that keep a record."""
    labels, rows = edition.labels, found.agencies
    mask = found.hidden.loc[list(map(str, rows.index))].set_axis(rows.index)
    frame = pd.DataFrame({"instansi": [edition.name(code) for code in rows.index]})
    for name in SHOWN:
        frame[f"coaching_{name}"] = rows[name].astype("float64").mask(mask[name]).to_numpy()
    few = mask["coached"] | (rows["coached"] < FEWEST)
    frame["coaching_median"] = rows["median"].mask(few).to_numpy()
    columns = {"instansi": "text", **{f"coaching_{name}": "integer" for name in (*SHOWN, "median")}}
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "pembinaan", labels.text("coaching.table", year=edition.year), small=True,
        source=edition.source("penilaian", "pembinaan"),
        note=labels.text("coaching.note", days=labels.integer(_within()), n=edition.smallest, fewest=FEWEST), **shown.options(),
    )  # fmt: skip


def _median(edition: Edition, days: float) -> None:
    if np.isnan(days):
        edition.say("coaching.no_median")
    else:
        edition.say("coaching.median", days=edition.labels.integer(days))


def _kinds(edition: Edition) -> None:
    """The most frequent kinds of coaching that began in the year."""
    labels = edition.labels
    found = coaching_kinds(edition.rows("pembinaan"), edition.year)
    found = (
        found[(found["count"] >= edition.smallest) & (found["jenis_pembinaan"] != "Lainnya")]
        .sort_values("count", ascending=False, kind="stable")
        .head(KINDS)
    )
    if len(found):
        named = [
            labels.text(
                "coaching.kind", name=labels.category(line.jenis_pembinaan), share=labels.percent(line.share)
            )
            for line in found.itertuples()
        ]
        edition.say("coaching.kinds", year=edition.year, names=labels.listing(named))


def _results(edition: Edition, row: pd.Series) -> None:
    """What came of those that ended, as the coaches see it."""
    labels, done, better = edition.labels, int(row["finished"]), int(row["better"])
    if done < edition.smallest or any(0 < part < edition.smallest for part in (better, done - better)):
        return
    edition.say(
        "coaching.results",
        finished=labels.integer(done),
        better=labels.integer(better),
        share=labels.percent(row["share_better"]),
    )
