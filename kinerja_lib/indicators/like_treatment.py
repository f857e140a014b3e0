"""Are like cases treated alike? Same predicates, status, level of post and sanctions, yet one is rewarded.

Like cases share the predicates of the year's quarters in order (and the annual one), the employment status, the
kind and level of post, and the gravest sanction of the year. Within a group of like cases treatment should be
the same; where it is not, the group is *mixed*. Rewards are scarce, so a mixed group is a question to be
answered by the criteria used, not a proof of unfairness.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja_lib.indicators.follow_up import qualification
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

KEYS = ("predikat_urut", "status_pegawai", "jabatan", "hukuman")
NONE = "-"


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
        ``id_pegawai``, ``instansi``, ``unit_kerja``, the four ``KEYS`` (quarters without an appraisal are
        ``-``), ``rewarded`` (for performance, of the year or following the appraisal) and ``sanctioned``.
    """
    people = qualification(penilaian, hukuman, penghargaan, tahun)
    people = people[["id_pegawai", "instansi", "unit_kerja", "rewarded", "sanctioned"]]
    result = people.assign(predikat_urut=people["id_pegawai"].map(_sequence(penilaian, tahun)))
    profile = pegawai[pegawai["tahun"] == tahun].drop_duplicates("id_pegawai").set_index("id_pegawai")
    post = profile["jenis_jabatan"].astype("object").fillna(NONE).astype("str")
    level = profile["jenjang_jabatan"].astype("object").fillna("").astype("str")
    status = profile["status_pegawai"].astype("object")
    result["status_pegawai"] = _looked_up(result["id_pegawai"], status)
    result["jabatan"] = _looked_up(result["id_pegawai"], (post + " " + level).str.strip())
    own = hukuman[hukuman["tanggal"].dt.year == tahun].sort_values("tingkat_hukuman")
    gravest = own.drop_duplicates("id_pegawai", keep="last").set_index("id_pegawai")["tingkat_hukuman"]
    result["hukuman"] = _looked_up(result["id_pegawai"], gravest.astype("object"))
    names = ["id_pegawai", "instansi", "unit_kerja", *KEYS, "rewarded", "sanctioned"]
    return result[names].reset_index(drop=True)


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


def overturned(cases: pd.DataFrame) -> pd.DataFrame:
    """Pairs in which the better appraised was passed over: same status, post and no sanction, same unit.

    The second employee has a lower annual or latest predicate, and was rewarded; the first was not. One row an
    agency.

    Returns
    -------
    DataFrame
        ``instansi``, ``pairs`` (of unlike predicates, one of the two rewarded), ``overturned`` (the lower one
        rewarded), ``share``.
    """
    clean = cases[cases["hukuman"] == NONE].dropna(subset=["unit_kerja"])
    rank = {name: place for place, name in enumerate(PREDIKAT)}
    last = (
        clean["predikat_urut"]
        .str.split(" · ")
        .map(lambda texts: next(t for t in reversed(texts) if t != NONE))
    )
    keys = [clean[name].astype("object") for name in ("instansi", "unit_kerja", "status_pegawai", "jabatan")]
    frame = pd.DataFrame({"level": last.map(rank), "rewarded": clean["rewarded"].astype("int64")})
    group = frame.groupby(keys, sort=True).ngroup().to_numpy()
    agency = clean["instansi"].astype("object").groupby(group).first()
    count = np.zeros((len(agency), 2, len(PREDIKAT)))
    np.add.at(count, (group, frame["rewarded"].to_numpy(), frame["level"].to_numpy(dtype="int64")), 1)
    no, yes = count[:, 0], count[:, 1]
    below = np.cumsum(no, axis=1) - no
    above = no.sum(axis=1, keepdims=True) - no - below
    found = pd.DataFrame({"overturned": (yes * above).sum(axis=1), "agreeing": (yes * below).sum(axis=1)})
    sums = found.groupby(agency.to_numpy(), sort=True).sum().astype("int64")
    result = pd.DataFrame({"instansi": sums.index.to_numpy(), "pairs": sums.sum(axis=1).to_numpy()})
    result["overturned"] = sums["overturned"].to_numpy()
    result["share"] = result["overturned"] / result["pairs"].where(result["pairs"] > 0)
    return result


def _looked_up(people: pd.Series, values: pd.Series) -> pd.Series:
    return people.map(values.to_dict()).astype("object").fillna(NONE)


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
    return wide[wanted[0]].str.cat([wide[name] for name in wanted[1:]], sep=" · ")
