"""What follows from an appraisal: who qualifies for penghargaan or pembinaan, what was given, how soon.

The rules are ``follow_up.toml`` (PermenPANRB 6/2022 Ps 31; PP 94/2021). Person rows are for the authorised
user only; a report takes the counts.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kinerja_lib.indicators.regulation_tables import regulation


def qualification(
    penilaian: pd.DataFrame, hukuman: pd.DataFrame, penghargaan: pd.DataFrame, tahun: int
) -> pd.DataFrame:
    """One row an employee appraised in a year, never for print.

    The annual appraisal decides; without one, the latest quarter does.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``predikat``, ``sanctioned``, ``reward`` (qualifies
        for penghargaan), ``coaching`` (qualifies for pembinaan), ``rewarded`` (got one in the year or
        within the rule's days of the appraisal; Satyalancana and the like, which are for length of service,
        are not counted), ``days_to_reward`` (from the appraisal; NaN without one).
    """
    rule = regulation("follow_up")
    penghargaan = penghargaan[~service_reward(penghargaan["jenis_penghargaan"])]
    rows = penilaian[(penilaian["periode"].str[:4] == str(tahun)) & penilaian["predikat"].notna()].copy()
    rows["annual"] = rows["periode"] == str(tahun)
    rows = rows.sort_values(["annual", "periode"], kind="stable").drop_duplicates("id_pegawai", keep="last")
    result = rows[["id_pegawai", "instansi", "unit_kerja", "predikat"]].reset_index(drop=True)
    sanctioned = set(hukuman.loc[hukuman["tanggal"].dt.year == tahun, "id_pegawai"])
    result["sanctioned"] = result["id_pegawai"].isin(sanctioned)
    level = result["predikat"].astype("str")
    result["reward"] = level.isin(rule["penghargaan"]["predikat"])
    if rule["penghargaan"]["without_sanction"]:
        result["reward"] &= ~result["sanctioned"]
    result["coaching"] = level.isin(rule["pembinaan"]["predikat"])
    appraised = rows["tanggal_penilaian"].reset_index(drop=True)
    given = _first_after(result["id_pegawai"], appraised, penghargaan)
    days = (given - appraised).dt.days
    result["days_to_reward"] = days.where(days <= rule["tindak_lanjut"]["within_days"]).astype("float64")
    this_year = set(penghargaan.loc[penghargaan["tanggal"].dt.year == tahun, "id_pegawai"])
    result["rewarded"] = result["id_pegawai"].isin(this_year) | result["days_to_reward"].notna()
    return result


def service_reward(kinds: pd.Series) -> pd.Series:
    """Which rewards are for length of service, by their kind (PP 35/2010)."""
    words = regulation("follow_up")["masa_kerja"]["kinds"]
    texts = kinds.astype("object").fillna("").astype("str").str.lower()
    return texts.map(lambda text: any(word in text for word in words)).astype("bool")


def follow_up_summary(qualified: pd.DataFrame, by: Sequence[str] = ("instansi",)) -> pd.DataFrame:
    """Who qualifies and what was given, by group.

    Returns
    -------
    DataFrame
        ``by`` …, ``n``, ``reward`` and ``coaching`` (who qualify), ``rewarded``, ``sanctioned``,
        ``reward_met`` (qualify and got one), ``unqualified_rewarded`` (got one without qualifying by the
        rule), ``share_met``, ``median_days``.
    """
    keys = [qualified[name].astype("object") for name in by]
    keys = keys or [pd.Series("", index=qualified.index, name="all")]
    frame = qualified[["reward", "coaching", "rewarded", "sanctioned"]].astype("int64")
    frame["reward_met"] = frame["reward"] * frame["rewarded"]
    frame["unqualified_rewarded"] = (1 - frame["reward"]) * frame["rewarded"]
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum()
    result.insert(0, "n", grouped.size())
    result["share_met"] = result["reward_met"] / result["reward"].where(result["reward"] > 0)
    result["median_days"] = qualified["days_to_reward"].groupby(keys, sort=True).median()
    result = result.reset_index()
    return result if by else result.drop(columns="all")


def reward_rates(panel: pd.DataFrame, trait: str, by: Sequence[str] = ()) -> pd.DataFrame:
    """Rates of rewards, sanctions and Sangat Baik by a trait (``jenis_kelamin``, ``golongan_kelompok``).

    A description: whether a difference is unfair is for the models of fairness, which hold performance
    fixed. One row an employee, the last of the panel given.

    Returns
    -------
    DataFrame
        ``by`` …, ``trait`` column, ``n``, ``rewarded``, ``reward_rate``, ``sanctioned``, ``sanction_rate``,
        ``top``, ``top_rate``, ``ratio`` (reward rate over the highest of the group: below 0.8 the
        four-fifths rule asks why).
    """
    last = (
        panel.sort_values("periode", kind="stable")
        .drop_duplicates("id_pegawai", keep="last")
        .dropna(subset=[trait])
    )
    names = [*by, trait]
    keys = [last[name].astype("object") for name in names]
    frame = pd.DataFrame(
        {
            "rewarded": (last["penghargaan_12_bulan"] > 0).astype("float64"),
            "sanctioned": (last["hukuman_12_bulan"] > 0).astype("float64"),
            "top": (last["predikat"].astype("str") == "Sangat Baik").astype("float64"),
        }
    )
    grouped = frame.groupby(keys, sort=True)
    result = grouped.sum().astype("int64")
    result.insert(0, "n", grouped.size())
    for name, rate in (("rewarded", "reward_rate"), ("sanctioned", "sanction_rate"), ("top", "top_rate")):
        result[rate] = result[name] / result["n"]
    result = result.reset_index()
    groups = [result[name] for name in by] or [pd.Series(0, index=result.index)]
    best = result["reward_rate"].groupby(groups).transform("max")
    result["ratio"] = (result["reward_rate"] / best).where(best > 0)
    return result


def _first_after(people: pd.Series, since: pd.Series, events: pd.DataFrame) -> pd.Series:
    pairs = pd.DataFrame({"id_pegawai": people, "since": since, "row": range(len(people))})
    joined = pairs.merge(events[["id_pegawai", "tanggal"]], how="inner", on="id_pegawai")
    joined = joined[joined["tanggal"] >= joined["since"]]
    first = joined.groupby("row")["tanggal"].min()
    return first.reindex(range(len(people))).astype("datetime64[s]")
