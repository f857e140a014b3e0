"""Like cases treated unlike, by agency: how often the better appraised was passed over, beside what a lot would give.

Counts of groups, never a person. An agency is shown where enough were rewarded and enough were not.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.display import coefficient_chart, describe_coefficients, height_for, new_axes, shown_table
from kinerja_lib.indicators import consistency, overturned
from kinerja_lib.models import adjust_p_values
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.rewards import FEWEST, YEARS, cases_of_years, rewards_findings
from kinerja_lib.reporting.document import Item
from kinerja_lib.reporting.wording import shown_p

Z = 1.959964  # of a 95 % interval
SOURCES = ("penilaian", "penghargaan", "hukuman", "pegawai")


def like_cases_treated(edition: Edition) -> None:
    """What may be said, the share of overturned pairs by agency, and the groups of like cases treated unlike."""
    labels = edition.labels
    edition.say("fairness.alike_text", years=labels.integer(YEARS))
    items = [
        Item(one.sentence(edition.lang), labels.text("rewards.order_basis", years=YEARS), kind="finding" if one.said else "unsaid")
        for one in rewards_findings(edition)
    ]  # fmt: skip
    if not items:
        edition.say("word.no_data")
        return
    edition.doc.findings(items, numbered=False)
    _drawn(edition)
    _tables(edition)


@lru_cache(maxsize=4)
def overturned_by_agency(edition: Edition) -> pd.DataFrame:
    """Agencies with enough rewarded, others and pairs: pairs, share overturned, its error under the lot, p-values.

    Returns
    -------
    DataFrame
        ``instansi``, ``n``, ``rewarded``, ``pairs``, ``overturned``, ``share``, ``lot_error``, ``p_value`` and
        ``p_adjusted`` (Benjamini and Hochberg over the agencies shown); those not shown are left out.
    """
    cases = cases_of_years(edition)
    if cases is None:
        return pd.DataFrame()
    found = overturned(cases)
    least = max(FEWEST, edition.smallest)
    enough = (found["rewarded"] >= least) & (found["n"] - found["rewarded"] >= edition.smallest)
    enough &= found["pairs"] >= least
    hidden = covered(found["rewarded"], ~enough, edition.smallest)
    found = found[~hidden & found["lot_error"].notna()].reset_index(drop=True)
    return found.assign(p_adjusted=adjust_p_values(found["p_value"])["p_adjusted"].to_numpy())


def _drawn(edition: Edition) -> None:
    labels, found = edition.labels, overturned_by_agency(edition)
    title = labels.text("fairness.alike_figure", body=edition.body)
    note = labels.text("fairness.alike_note", least=labels.integer(max(FEWEST, edition.smallest)))
    if not len(found):
        reason = labels.text("fairness.alike_none", least=labels.integer(max(FEWEST, edition.smallest)))
        edition.doc.figure(
            None, "kasus-serupa", title, alt=reason, note=reason, source=edition.source(*SOURCES)
        )
        return
    shift = (found["share"] - 0.5) * 100
    half = Z * found["lot_error"] * 100
    drawn = pd.DataFrame(
        {
            "term": [edition.name(code) for code in found["instansi"]],
            "spec": labels.text("fairness.alike_spec", years=labels.integer(YEARS)),
            "estimate": shift, "ci_low": (shift - half).clip(-50), "ci_high": (shift + half).clip(upper=50),
        }
    ).sort_values("estimate", ignore_index=True)  # fmt: skip
    ax = new_axes(height_for(len(drawn), each=0.34, least=2.2))
    coefficient_chart(ax, drawn, labels, axis_text=labels.text("fairness.alike_axis"))
    edition.doc.figure(
        ax.figure, "kasus-serupa", title, alt=describe_coefficients(drawn, labels), source=edition.source(*SOURCES),
        note=note, data=drawn, headers={name: labels.column(name) for name in drawn.columns},
        formats=dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:1"),
    )  # fmt: skip


def _tables(edition: Edition) -> None:
    labels, found = edition.labels, overturned_by_agency(edition)
    if len(found):
        shown = found.rename(columns={"pairs": "like_pairs", "share": "share_overturned"}).assign(
            instansi=[edition.name(code) for code in found["instansi"]],
            **{name: [shown_p(value, labels) for value in found[name]] for name in ("p_value", "p_adjusted")},
        )
        columns = {"instansi": "text", **dict.fromkeys(("n", "rewarded", "like_pairs"), "integer"), "share_overturned": "percent:1",
                   **dict.fromkeys(("p_value", "p_adjusted"), "number:3")}  # fmt: skip
        table = shown_table(shown, columns, labels)
        edition.doc.table(
            table.frame, "urutan-penghargaan", labels.text("fairness.alike_table", body=edition.body), left=1, small=True,
            source=edition.source(*SOURCES), note=labels.text("fairness.alike_table_note"), **table.options(),
        )  # fmt: skip
    groups = _groups(edition)
    if len(groups):
        columns = {"instansi": "text", **dict.fromkeys(("in_groups", "like_groups", "mixed", "like_pairs", "unlike"), "integer"),
                   "share_unlike": "percent:1", "lot_ratio": "number:2"}  # fmt: skip
        groups = groups.rename(
            columns={
                "groups": "like_groups",
                "pairs": "like_pairs",
                "share": "share_unlike",
                "ratio": "lot_ratio",
            }
        )
        table = shown_table(groups, columns, labels)
        edition.doc.table(
            table.frame, "kelompok-serupa", labels.text("fairness.groups_table", year=edition.year), left=1, small=True,
            source=edition.source(*SOURCES), note=labels.text("fairness.groups_note", n=labels.integer(edition.smallest)),
            **table.options(),
        )  # fmt: skip


def _groups(edition: Edition) -> pd.DataFrame:
    """Groups of like cases of the year, of agencies whose counts point at nobody."""
    cases, small = cases_of_years(edition), edition.smallest
    if cases is None:
        return pd.DataFrame()
    found = consistency(cases[cases["tahun"] == edition.year])
    parts = [found["had"], found["in_groups"] - found["had"], found["in_mixed"], found["in_groups"]]
    few = pd.Series(np.logical_or.reduce([(part > 0) & (part < small) for part in parts]), index=found.index)
    found = found[~covered(found["had"], few, small) & (found["mixed"] > 0)].reset_index(drop=True)
    return found.assign(instansi=[edition.name(code) for code in found["instansi"]])


def covered(counts: pd.Series, hidden: pd.Series, small: int) -> pd.Series:
    """The rows that are left out, with as many more as keep their sum from pointing at one to ``small - 1`` people.

    Examples
    --------
    >>> covered(pd.Series([2, 7, 30]), pd.Series([True, False, False]), 5).tolist()
    [True, True, False]
    """
    hidden = hidden.copy()
    for place in counts.sort_values(kind="stable").index:
        if not 0 < int(counts[hidden].sum()) < small:
            break
        hidden[place] = True
    return hidden
