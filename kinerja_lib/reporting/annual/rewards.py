"""Bab III, what follows from an appraisal: who qualifies by rule, like cases, and how long it takes. Counts only.

No person stands here: the list of people is a command for the authorised user.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import shown_table
from kinerja_lib.findings import Finding, Precision
from kinerja_lib.findings.finding import Gate, unsaid
from kinerja_lib.indicators import (
    consistency,
    follow_up_summary,
    like_cases,
    overturned,
    qualification,
    waiting_summary,
    waiting_times,
)
from kinerja_lib.indicators.qualifying import RULES, follow_up_rules
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.finding_lines import in_chapter
from kinerja_lib.reporting.annual.measures import in_words, withheld
from kinerja_lib.reporting.annual.unit_levels import LABELS

YEARS = 3  # of appraisals in which like cases are compared: rewards are rare
FEWEST = 10  # rewarded people among comparable ones: fewer carry no rank test


def follow_up(edition: Edition) -> None:
    """Who qualifies, what was given; like cases treated unlike; the wait for a reward."""
    _by_rule(edition)
    _rewarded(edition)
    _alike(edition)
    in_chapter(
        edition, "penghargaan_konsisten", basis=edition.labels.text("rewards.order_basis", years=YEARS)
    )
    _waiting(edition)


def _tables(edition: Edition, year: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Appraisals of the scope and year, and everybody's sanctions and rewards."""
    rows = edition.rows("penilaian", year)
    return rows, edition.tables["hukuman"], edition.tables["penghargaan"]


def _by_rule(edition: Edition) -> None:
    """How many meet each rule, and how many of them have it already."""
    labels, small = edition.labels, edition.smallest
    rows = edition.rows("penilaian")
    found = follow_up_rules(
        rows[rows["periode"].str[:4].isin([str(edition.year), str(edition.year - 1)])],
        edition.tables["hukuman"], edition.tables["penghargaan"], edition.rows("pegawai", edition.year), edition.year,
        edition.tables["pembinaan"],
    )  # fmt: skip
    known = found.loc[found["rule"] == "pembinaan", "given"].notna().any()
    counts = {rule: _counts(found[found["rule"] == rule]) for rule in RULES}
    lines = []
    for rule, (n, given) in counts.items():
        hidden = any(0 < part < small for part in (n, given, n - given))
        if rule == "berturut_turut":  # a part of those above: neither may follow from the other
            more = [above - own for above, own in zip(counts["penghargaan"], (n, given), strict=True)]
            hidden |= any(0 < part < small for part in more)
        lines.append(
            {
                "follow_up": labels.text(f"rewards.rule_{rule}"),
                "qualified": MARKER if hidden and rule == "berturut_turut" else withheld(n, small),
                "given": "–" if rule == "pembinaan" and not known else MARKER if hidden else given,
                "ground": labels.text(f"rewards.ground_{rule}"),
            }
        )
    columns = {"follow_up": "text", "qualified": "integer", "given": "integer", "ground": "text"}
    shown = shown_table(pd.DataFrame(lines), columns, labels)
    edition.doc.table(
        shown.frame, "tindak-lanjut", labels.text("rewards.rules", year=edition.year), small=True, left=["follow_up", "ground"],
        source=edition.source("penilaian", "penghargaan", "hukuman", "pegawai"), note=labels.text("rewards.rules_note", n=small),
        **shown.options(),
    )  # fmt: skip


def _counts(own: pd.DataFrame) -> tuple[int, int]:
    return len(own), int(own["given"].fillna(False).sum())


def _rewarded(edition: Edition) -> None:
    labels, small = edition.labels, edition.smallest
    people = qualification(*_tables(edition, edition.year), edition.year)
    if len(people) < small:
        return
    row = follow_up_summary(people, ()).iloc[0]
    met, qualified = int(row["reward_met"]), int(row["reward"])
    hide = any(0 < count < small for count in (met, qualified - met))
    edition.say(
        "official.follow_up_hidden" if hide else "official.follow_up", qualified=in_words(edition, qualified), n=small,
        met=labels.integer(met), share=labels.percent(met / qualified if qualified else np.nan),
    )  # fmt: skip
    edition.say(
        "official.follow_up_others",
        coaching=in_words(edition, int(row["coaching"])),
        other=in_words(edition, int(row["unqualified_rewarded"])),
    )


@dataclass(frozen=True, eq=False)
class Alike:
    """Like cases of the scope: of the year, and of the last years for the rank test."""

    now: pd.Series
    order: pd.Series


@lru_cache(maxsize=4)
def cases_of_years(edition: Edition) -> pd.DataFrame | None:
    """Appraised people of the scope and the last years, each with the group of like cases; None without an appraisal.

    A unit of another year is another unit, so that nobody is compared with himself.
    """
    parts = []
    for year in range(edition.year - YEARS + 1, edition.year + 1):
        rows, sanctions, rewards = _tables(edition, year)
        if len(rows):
            cases = like_cases(rows, edition.rows("pegawai", year), sanctions, rewards, year)
            parts.append(cases.assign(tahun=year))
    if not parts or not len(parts[-1]) or int(parts[-1]["tahun"].iloc[0]) != edition.year:
        return None
    every = pd.concat(parts, ignore_index=True)
    every["unit_kerja"] = every["unit_kerja"].astype("object").str.cat(every["tahun"].astype("str"), sep=" ")
    return every


def alike(edition: Edition) -> Alike | None:
    """Pairs of like cases in the scope; None without an appraisal."""
    every = cases_of_years(edition)
    if every is None:
        return None
    now = consistency(every[every["tahun"] == edition.year]).sum(numeric_only=True)
    return Alike(now, overturned(every, ()).iloc[0])


def _alike(edition: Edition) -> None:
    """Groups of like cases in which one was rewarded and another not."""
    labels, found, small = edition.labels, alike(edition), edition.smallest
    if found is None:
        return
    row = found.now
    if row["pairs"] < 1:
        edition.say("rewards.none_alike")
        return
    groups, people = int(row["groups"]), int(row["in_groups"])
    edition.say("rewards.alike", people=in_words(edition, people), groups=labels.integer(groups))
    if row["mixed"] == 0:
        edition.say("rewards.never_mixed")
    elif row["in_mixed"] < small or 0 < row["had"] < small or 0 < people - row["had"] < small:
        edition.say("rewards.mixed_hidden", n=small)
    else:
        edition.say(
            "rewards.mixed", mixed=labels.integer(row["mixed"]), people=labels.integer(row["in_mixed"]),
            unlike=labels.integer(row["unlike"]), pairs=labels.integer(row["pairs"]), share=labels.percent(row["unlike"] / row["pairs"]),
            ratio=labels.number(row["unlike"] / row["expected"], 2) if row["expected"] > 0 else labels.number(None),
        )  # fmt: skip


def rewards_findings(edition: Edition) -> list[Finding]:
    """Whether, of people with the same post in one unit, those appraised higher are the ones rewarded."""
    found = alike(edition)
    if found is None:
        return []
    row, small = found.order, edition.smallest
    others = int(row["n"]) - int(row["rewarded"])
    evidence = {
        "estimate": float(row["share"]), "p": float(row["p_value"]), "n": float(row["n"]), "pairs": float(row["pairs"]),
        "rewarded": float(row["rewarded"]),
    }  # fmt: skip
    fmt = [LABELS[lang] for lang in ("id", "en")]
    enough = int(row["rewarded"]) >= max(FEWEST, small) and others >= small and int(row["pairs"]) >= small
    alpha = edition.config.thresholds.alpha
    chance = not float(row["p_value"]) > alpha
    gates = [
        Gate("rewarded", enough, float(row["rewarded"]), float(FEWEST), *(text.text("rewards.gate_few", n=FEWEST) for text in fmt)),
    ]  # fmt: skip
    about = tuple(text.text("rewards.order_about") for text in fmt)
    if not enough:
        return [unsaid("penghargaan_konsisten", about[0], about[1], gates, {})]
    numbers = [
        {"pairs": text.integer(row["pairs"]), "share": text.percent(1 - float(row["share"])), "turned": text.percent(float(row["share"]))}
        for text in fmt
    ]  # fmt: skip
    gates.append(
        Gate(
            "p", chance, evidence["p"], alpha,
            *(text.text("rewards.gate_chance", **own) for text, own in zip(fmt, numbers, strict=True)),
        )
    )  # fmt: skip
    if not chance:
        points = ("poin persentase", "percentage points")
        precision = Precision(
            ((float(row["lot_error"]), math.inf),), unit=points, factor=100, alpha=alpha, limit=0.5
        )
        return [
            replace(unsaid("penghargaan_konsisten", about[0], about[1], gates, evidence), precision=precision)
        ]
    up = float(row["z"]) < 0
    key = "rewards.order_up" if up else "rewards.order_down"
    sentences = [text.text(key, **own) for text, own in zip(fmt, numbers, strict=True)]
    return [
        Finding(
            "penghargaan_konsisten", sentences[0], sentences[1], "weak", "up" if up else "down", evidence, tuple(gates),
            design="groups", details={"about": (about[0], about[1])},
        )
    ]  # fmt: skip


def _waiting(edition: Edition) -> None:
    """How long those who qualified the year before waited, the ones still open included."""
    labels, small, year = edition.labels, edition.smallest, edition.year - 1
    rows, sanctions, rewards = _tables(edition, year)
    if not len(rows) or not len(rewards):
        return
    last = min(rewards["tanggal"].max(), pd.Timestamp(edition.year, 12, 31))
    found = waiting_summary(waiting_times(rows, sanctions, rewards, year, until=last))
    n, had = int(found["n"]), int(found["events"])
    if n < small:
        return
    if any(0 < part < small for part in (had, n - had)):
        edition.say("rewards.wait_hidden", year=year, n=small)
        return
    if np.isnan(found["within_365"]):
        edition.say("rewards.wait_short", year=year, n=labels.integer(n), had=labels.integer(had))
    else:
        edition.say("rewards.wait", year=year, n=labels.integer(n), share=labels.percent(found["within_365"]))
    if np.isnan(found["median"]):
        edition.say("rewards.no_median")
    else:
        edition.say(
            "rewards.median", days=labels.integer(found["median"]), naive=labels.integer(found["naive"])
        )
