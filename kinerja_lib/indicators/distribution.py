"""Spread of predicates: against the organisation's curve, the limits of SE MenPANRB 3/2023, and over time.

Works on the panel (quarters) and on the table ``penilaian`` (years); a row without a predicate is left out.
The "organisation" is the unit that the rater leads, so pass ``by=("unit_kerja", …)`` for the regulation's
own level.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from scipy import stats

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.indicators.grouping import first_of_group, level_shares
from kinerja_lib.indicators.regulation_tables import regulation
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT, PREDIKAT_ORGANISASI

LIMIT_COLUMNS = ("predikat", "bound", "limit", "count", "n", "share", "met", "p_value", "verdict")


def predikat_shares(frame: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Share of each predicate in each group: ``by`` …, ``predikat``, ``count``, ``n``, ``share``."""
    return level_shares(frame, "predikat", PREDIKAT, by)


def expected_curve(predikat_organisasi: str) -> pd.Series:
    """Share (0–1, sums to 1) of each predicate that the organisation's predicate lets expect.

    PermenPANRB 6/2022 draws the curves without numbers; the percentages are our reading, scaled to sum to
    1.
    """
    _check_organisation(predikat_organisasi)
    values = regulation("predikat")["curve"][predikat_organisasi]
    return pd.Series(
        [v / sum(values) for v in values], index=pd.Index(PREDIKAT, name="predikat"), name="curve"
    )


def against_curve(frame: pd.DataFrame, by: Sequence[str] = ("instansi", "tahun")) -> pd.DataFrame:
    """Observed shares beside the curve of the organisation's predicate.

    Returns
    -------
    DataFrame
        ``by`` …, ``predikat``, ``count``, ``n``, ``share``, ``predikat_organisasi``, ``curve``,
        ``difference`` (share − curve), ``distance`` (half the sum of absolute differences: the share of
        staff that would have to be rated otherwise to lie on the curve). Groups whose organisation has no
        predicate have NaN there.
    """
    result = predikat_shares(frame, by)
    organisation = first_of_group(frame, by, "predikat_organisasi")
    index = pd.MultiIndex.from_frame(result[list(by)]) if len(by) > 1 else pd.Index(result[by[0]])
    result["predikat_organisasi"] = organisation.reindex(index).to_numpy()
    curves = {name: expected_curve(name) for name in result["predikat_organisasi"].dropna().unique()}
    result["curve"] = [
        curves[own][level] if own in curves else float("nan")
        for own, level in zip(result["predikat_organisasi"], result["predikat"], strict=True)
    ]
    result["difference"] = result["share"] - result["curve"]
    half = result["difference"].abs() / 2
    result["distance"] = half.groupby([result[name] for name in by]).transform(lambda v: v.sum(skipna=False))
    return result


def limits_test(counts: Mapping[str, int], predikat_organisasi: str, *, alpha: float = 0.05) -> pd.DataFrame:
    """The limits of SE MenPANRB 3/2023 against the counts of one organisation, with exact binomial tests.

    A share that equals its limit meets it. ``p_value`` is the one-sided exact probability of a share at
    least as far beyond the limit if the limit were the true share; NaN for a limit that is a count, or of 0
    %.

    Parameters
    ----------
    counts : mapping
        Staff by predicate; absent ones are 0.
    predikat_organisasi : str

    Returns
    -------
    DataFrame
        One row a limit: ``predikat`` (joined by " + "), ``bound`` (``at_most``, ``at_least``,
        ``at_least_count``), ``limit``, ``count``, ``n``, ``share``, ``met``, ``p_value``, ``verdict``:
        ``met``, ``broken`` (beyond the limit, and not by chance) or ``unclear`` (beyond it, but chance
        could do so).
    """
    _check_organisation(predikat_organisasi)
    n = sum(int(counts.get(name, 0)) for name in PREDIKAT)
    rows = []
    for rule in regulation("predikat")["limit"]:
        if rule["organisasi"] != predikat_organisasi or not n:
            continue
        bound = next(name for name in ("at_most", "at_least", "at_least_count") if name in rule)
        count = sum(int(counts.get(name, 0)) for name in rule["predikat"])
        rows.append((" + ".join(rule["predikat"]), bound, rule[bound], count, n, count / n,
                     *_verdict(bound, rule[bound], count, n, alpha)))  # fmt: skip
    return pd.DataFrame(rows, columns=list(LIMIT_COLUMNS))


def limits_check(
    frame: pd.DataFrame, by: Sequence[str] = ("instansi", "tahun"), *, alpha: float = 0.05
) -> pd.DataFrame:
    """``limits_test`` for each group of a panel or of ``penilaian``; the group's columns come first."""
    shares = against_curve(frame, by)
    parts = []
    for key, group in shares.groupby(list(by), sort=True, observed=True):
        own = group["predikat_organisasi"].iloc[0]
        if pd.isna(own):
            continue
        counts = dict(zip(group["predikat"].astype("str"), group["count"], strict=True))
        part = limits_test(counts, own, alpha=alpha)
        part.insert(0, "predikat_organisasi", own)
        for place, (name, value) in enumerate(zip(by, key, strict=True)):
            part.insert(place, name, value)
        parts.append(part)
    columns = [*by, "predikat_organisasi", *LIMIT_COLUMNS]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def transitions(panel: pd.DataFrame, by: Sequence[str] = ()) -> pd.DataFrame:
    """Moves of the same employee from one quarter to the next.

    Only pairs of neighbouring quarters count; a gap is no move. An employee who changed the agency or unit
    is counted where the later appraisal was given.

    Returns
    -------
    DataFrame
        ``by`` …, ``from``, ``to``, ``count``, ``n`` (those who started at ``from``), ``share``.
    """
    texts = panel["periode"].astype("str")
    step = {text: str(Periode(text).next()) for text in texts.unique()}
    now = pd.DataFrame(
        {"id_pegawai": panel["id_pegawai"], "periode": texts, "to": panel["predikat"].astype("object")}
    )
    for name in by:
        now[name] = panel[name].astype("object")
    before = pd.DataFrame(
        {
            "id_pegawai": panel["id_pegawai"],
            "periode": texts.map(step),
            "from": panel["predikat"].astype("object"),
        }
    )
    pairs = now.merge(before, how="inner", on=["id_pegawai", "periode"]).dropna(subset=["from", "to"])
    result = level_shares(pairs, "to", PREDIKAT, [*by, "from"])
    result["from"] = pd.Categorical(result["from"], categories=list(PREDIKAT), ordered=True)
    return result.sort_values([*by, "from", "to"], ignore_index=True)


def matrix_mismatch(frame: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """How many printed predicates differ from the regulation's matrix:

    ``by`` …, ``count``, ``n``, ``share``.
    """
    known = frame.dropna(subset=["predikat_berbeda"])
    grouped = (
        known["predikat_berbeda"].astype("float64").groupby([known[name].astype("object") for name in by])
    )
    result = grouped.agg(["sum", "size"]).reset_index().rename(columns={"sum": "count", "size": "n"})
    result["count"] = result["count"].astype("int64")
    result["share"] = result["count"] / result["n"]
    return result


def _verdict(bound: str, limit: float, count: int, n: int, alpha: float) -> tuple[bool, float, str]:
    if bound == "at_least_count":
        return count >= limit, float("nan"), "met" if count >= limit else "broken"
    met = count <= limit * n + 1e-9 if bound == "at_most" else count >= limit * n - 1e-9
    if limit == 0:
        return met, float("nan"), "met" if met else "broken"
    side = "greater" if bound == "at_most" else "less"
    p = float(stats.binomtest(count, n, limit, alternative=side).pvalue)
    return met, p, "met" if met else "broken" if p < alpha else "unclear"


def _check_organisation(name: str) -> None:
    if name not in PREDIKAT_ORGANISASI:
        known = ", ".join(PREDIKAT_ORGANISASI)
        raise UsageError(
            Both(f"bukan predikat organisasi: {name!r}", en=f"not a predicate of an organisation: {name!r}"),
            action=Both(f"pilih salah satu: {known}", en=f"choose one of: {known}"),
        )
