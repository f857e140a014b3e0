"""Are like cases treated alike? Same predicates, status, level of post and sanctions, yet one is rewarded.

Like cases share the predicates of the year's quarters in order (and the annual one), the employment status, the
kind and level of post, and the gravest sanction of the year. Within a group of like cases treatment should be
the same; where it is not, the group is *mixed*. Rewards are scarce, so a mixed group is a question to be
answered by the criteria used, not a proof of unfairness.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from kinerja_lib.indicators.follow_up import qualification
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

KEYS = ("predikat_urut", "status_pegawai", "jabatan", "hukuman")
NONE, JOINED = "-", " · "


def like_cases(
    penilaian: pd.DataFrame,
    pegawai: pd.DataFrame,
    hukuman: pd.DataFrame,
    penghargaan: pd.DataFrame,
    tahun: int,
) -> pd.DataFrame:
    """Each appraised employee with the group of like cases, never for print.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``predikat`` (annual, else the latest
        quarter's), the four ``KEYS`` (quarters without an appraisal are ``-``), ``rewarded`` (for performance, of the
        year or following the appraisal) and ``sanctioned``.
    """
    people = qualification(penilaian, hukuman, penghargaan, tahun)
    names = people["id_pegawai"].astype("object")
    result = people[["id_pegawai", "instansi", "unit_kerja", "predikat", "rewarded", "sanctioned"]].copy()
    result["predikat_urut"] = _sequence(penilaian, tahun).reindex(names).to_numpy()
    profile = pegawai[pegawai["tahun"] == tahun].drop_duplicates("id_pegawai")
    traits = {
        name: profile[name].astype("object")
        for name in ("status_pegawai", "jenis_jabatan", "jenjang_jabatan")
    }
    post = (
        traits["jenis_jabatan"]
        .fillna(NONE)
        .str.cat(traits["jenjang_jabatan"].fillna(""), sep=" ")
        .str.strip()
    )
    known = pd.DataFrame({"status_pegawai": traits["status_pegawai"], "jabatan": post})
    known = known.set_axis(profile["id_pegawai"].astype("object")).reindex(names).fillna(NONE)
    result[["status_pegawai", "jabatan"]] = known.to_numpy()
    own = hukuman[hukuman["tanggal"].dt.year == tahun].sort_values("tingkat_hukuman")
    gravest = own.drop_duplicates("id_pegawai", keep="last")
    level = dict(zip(gravest["id_pegawai"], gravest["tingkat_hukuman"].astype("str"), strict=True))
    result["hukuman"] = [level.get(name, NONE) for name in names]
    order = ["id_pegawai", "instansi", "unit_kerja", "predikat", *KEYS, "rewarded", "sanctioned"]
    return result[order].reset_index(drop=True)


def consistency(
    cases: pd.DataFrame, *, within: tuple[str, ...] = ("instansi",), outcome: str = "rewarded"
) -> pd.DataFrame:
    """Pairs of like cases that were treated unlike, by ``within`` and over the groups of like cases.

    In a group of n of whom r had the outcome there are n (n − 1) / 2 pairs, and r (n − r) of them are unlike.
    Were the outcome drawn by lot among the people in groups, R of N of them, a pair would be unlike with the
    chance 2 R (N − R) / (N (N − 1)).

    Parameters
    ----------
    cases : DataFrame
        Of ``like_cases``.
    within : tuple of str
        Like cases are compared inside these columns only; ``()`` compares over the whole frame, where an
        agency that rewards more than another makes pairs unlike.
    outcome : str
        ``rewarded`` or ``sanctioned``.

    Returns
    -------
    DataFrame
        One row a value of ``within``: … , ``n``, ``groups`` (of two or more like cases), ``in_groups`` (people
        in them), ``mixed`` (groups with both outcomes), ``in_mixed`` (people in those), ``had`` (with the
        outcome, in groups), ``pairs``, ``unlike``, ``share`` (unlike / pairs), ``expected`` (pairs unlike if
        the outcome fell at random on the people in groups), ``ratio`` (unlike / expected).
    """
    names = list(within)
    keys = [cases[name].astype("object") for name in (*names, *KEYS)]
    group = cases[outcome].astype("int64").groupby(keys, sort=True).agg(["size", "sum"]).reset_index()
    group = group[group["size"] >= 2]
    size, had = group["size"].astype("float64"), group["sum"].astype("float64")
    frame = pd.DataFrame(
        {
            "groups": 1, "in_groups": size, "mixed": ((had > 0) & (had < size)).astype("int64"),
            "in_mixed": size.where((had > 0) & (had < size), 0.0), "had": had,
            "pairs": size * (size - 1) / 2, "unlike": had * (size - had),
        }
    )  # fmt: skip
    by = [group[name] for name in names] or [pd.Series("", index=group.index, name="all")]
    result = frame.groupby(by, sort=True).sum()
    whole = [cases[name].astype("object") for name in names] or [pd.Series("", index=cases.index, name="all")]
    total = cases.groupby(whole, sort=True).size()
    result = result.reindex(total.index, fill_value=0)
    result.insert(0, "n", total)
    for name in ("groups", "in_groups", "mixed", "in_mixed", "had", "pairs", "unlike"):
        result[name] = result[name].astype("int64")
    result["share"] = result["unlike"] / result["pairs"].where(result["pairs"] > 0)
    people = result["in_groups"].astype("float64")
    chance = 2 * result["had"] * (people - result["had"]) / (people * (people - 1)).where(people > 1)
    result["expected"] = chance * result["pairs"]
    result["ratio"] = result["unlike"] / result["expected"].where(result["expected"] > 0)
    result = result.reset_index()
    return result if names else result.drop(columns="all")


def overturned(cases: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Pairs in which the better appraised was passed over: same unit, status, kind and level of post, no sanction.

    Of two with unlike last predicates (the annual one, else the latest quarter's) one was rewarded. The pair is
    overturned where that is the lower one. Were rewards drawn by lot inside each group, half of the pairs would be.
    ``z`` compares the rewarded with the others of their own group by rank (a stratified rank-sum test with ties: the sum
    over the rewarded of those above minus those below them, over its standard deviation under the lot; van Elteren 1960).

    Returns
    -------
    DataFrame
        ``by`` …, ``n``, ``rewarded``, ``pairs``, ``overturned``, ``share``, ``lot_error`` (standard deviation of the
        share under the lot), ``z`` (positive: the lower are rewarded) and ``p_value`` (two-sided, normal); NaN without
        a pair.
    """
    clean = cases[cases["hukuman"] == NONE].dropna(subset=["unit_kerja"])
    rank = {name: place for place, name in enumerate(PREDIKAT)}
    keys = [clean[name].astype("object") for name in ("instansi", "unit_kerja", "status_pegawai", "jabatan")]
    group = clean.groupby(keys, sort=True).ngroup().to_numpy()
    size = int(group.max(initial=-1)) + 1
    count = np.zeros((size, 2, len(PREDIKAT)))
    np.add.at(
        count,
        (
            group,
            clean["rewarded"].astype("int64").to_numpy(),
            clean["predikat"].astype("object").map(rank).to_numpy(dtype="int64"),
        ),
        1,
    )
    first = clean.groupby(group)[list(by)].first().astype("object") if by else pd.DataFrame(index=range(size))
    found = first.reset_index(drop=True).assign(**_pairs(count[:, 0], count[:, 1]))
    sums = found.groupby(list(by) or np.zeros(size), sort=True)[list(_pairs(count[:, 0], count[:, 1]))].sum()
    result = sums.reset_index(drop=not by)
    for name in ("n", "rewarded", "pairs", "overturned"):
        result[name] = result[name].astype("int64")
    result["share"] = result["overturned"] / result["pairs"].where(result["pairs"] > 0)
    variance = result.pop("variance")
    # the score counts pairs twice over: overturned minus the others, so the share is 1/2 + score / (2 pairs)
    result["lot_error"] = np.sqrt(variance) / (2 * result["pairs"].where(result["pairs"] > 0))
    result["z"] = result.pop("score") / np.sqrt(variance.where(variance > 0))
    result["p_value"] = 2 * stats.norm.sf(result["z"].abs())
    return result


def _pairs(no: np.ndarray, yes: np.ndarray) -> dict[str, np.ndarray]:
    """Of each group: people, rewarded, pairs of unlike predicates, overturned ones, score and its variance by lot."""
    everybody = no + yes
    total, given = everybody.sum(axis=1), yes.sum(axis=1)
    under = np.cumsum(no, axis=1) - no
    above = no.sum(axis=1, keepdims=True) - no - under
    over, right = (yes * above).sum(axis=1), (yes * under).sum(axis=1)
    lower = np.cumsum(everybody, axis=1) - everybody
    rank = total[:, None] - everybody - 2 * lower  # those above minus those below, of each level
    square = (everybody * rank**2).sum(axis=1)
    lot = given * (total - given) / np.maximum(total * (total - 1), 1)
    return {
        "n": total, "rewarded": given, "pairs": over + right, "overturned": over,
        "score": (yes * rank).sum(axis=1), "variance": lot * square,
    }  # fmt: skip


def _sequence(penilaian: pd.DataFrame, tahun: int) -> pd.Series:
    """The predicates of the four quarters and of the year, in order, by employee."""
    wanted = [*map(str, Periode(str(tahun)).quarters()), str(tahun)]
    rows = penilaian[penilaian["periode"].isin(wanted) & penilaian["predikat"].notna()]
    plain = pd.DataFrame(
        {
            "id": rows["id_pegawai"],
            "periode": rows["periode"].astype("str"),
            "level": rows["predikat"].astype("str"),
        }
    )
    wide = plain.drop_duplicates(["id", "periode"], keep="last").pivot(
        index="id", columns="periode", values="level"
    )
    wide = wide.reindex(columns=wanted).fillna(NONE)
    return wide[wanted[0]].str.cat([wide[name] for name in wanted[1:]], sep=JOINED)
