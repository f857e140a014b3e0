"""Who qualifies for which follow-up, rule by rule: one row an employee and rule, never for print.

The rules are ``follow_up.toml``. A sanction is never proposed: PP 94/2021 asks for an examination first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from kinerja_lib.indicators.coaching import coaching_cases
from kinerja_lib.indicators.follow_up import qualification, service_reward
from kinerja_lib.indicators.regulation_tables import regulation

RULES = ("penghargaan", "berturut_turut", "masa_kerja", "pembinaan")
COLUMNS = ("id_pegawai", "instansi", "unit_kerja", "rule", "level", "predikat", "given", "given_on")


def follow_up_rules(
    penilaian: pd.DataFrame,
    hukuman: pd.DataFrame,
    penghargaan: pd.DataFrame,
    pegawai: pd.DataFrame,
    tahun: int,
    pembinaan: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Every rule that an employee meets in a year.

    The unit is that of the appraisal (the organisation of the rater who gave it), also for an employee who was
    transferred since; for length of service, that of the year's profile.

    Parameters
    ----------
    penilaian, hukuman, penghargaan, pegawai : DataFrame
        Tables of ``fields.toml``.
    tahun : int
    pembinaan : DataFrame, optional
        The record of coaching, of all agencies; without it nothing is known of who was coached.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``instansi``, ``unit_kerja``, ``rule`` (``RULES``), ``level`` (years in a row, years of
        service; missing elsewhere), ``predikat`` (missing for length of service), ``given`` (a reward of that
        kind is in the data since the year began, or a coaching that answers a predicate of the year; missing for
        pembinaan where the agency keeps no record) and ``given_on``. Sorted by agency, unit, rule and code.
    """
    people = qualification(penilaian, hukuman, penghargaan, tahun)
    parts = [
        _part(people[people["reward"]], "penghargaan", None),
        _part(people[people["coaching"]], "pembinaan", None),
        _in_a_row(people, penilaian, hukuman, tahun),
        _long_service(pegawai, hukuman, tahun),
    ]
    result = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    result = _coached(_given(result, penghargaan, tahun), penilaian, pembinaan, tahun)
    return result.sort_values(["instansi", "unit_kerja", "rule", "id_pegawai"], ignore_index=True)


def _part(people: pd.DataFrame, rule: str, level: Any) -> pd.DataFrame:
    part = people[["id_pegawai", "instansi", "unit_kerja", "predikat"]].astype("object")
    level = pd.Series(level, index=part.index, dtype="Int64")
    return part.assign(rule=rule, level=level)


def _in_a_row(
    people: pd.DataFrame, penilaian: pd.DataFrame, hukuman: pd.DataFrame, tahun: int
) -> pd.DataFrame:
    rule = regulation("follow_up")["berturut_turut"]
    years = range(tahun - rule["years"] + 1, tahun + 1)
    annual = penilaian[penilaian["predikat"].astype("str").isin(rule["predikat"])]
    holders = [set(annual.loc[annual["periode"] == str(year), "id_pegawai"]) for year in years]
    found = people[people["id_pegawai"].isin(set.intersection(*holders))]
    if rule["without_sanction"]:
        found = found[~found["id_pegawai"].isin(_sanctioned(hukuman, years))]
    return _part(found, "berturut_turut", rule["years"])


def _long_service(pegawai: pd.DataFrame, hukuman: pd.DataFrame, tahun: int) -> pd.DataFrame:
    rule = regulation("follow_up")["masa_kerja"]
    staff = pegawai[
        (pegawai["tahun"] == tahun) & pegawai["status_pegawai"].astype("str").isin(rule["status"])
    ]
    levels = hukuman.loc[hukuman["tanggal"].dt.year <= tahun]
    barred = set(levels.loc[levels["tingkat_hukuman"].astype("str").isin(rule["barred_by"]), "id_pegawai"])
    served = (tahun - staff["tmt_tahun"]).astype("Int64")
    due = served.isin(rule["years"]).fillna(False) & ~staff["id_pegawai"].isin(barred)
    part = staff.loc[due, ["id_pegawai", "instansi", "unit_kerja"]].assign(predikat=None)
    return _part(part, "masa_kerja", None).assign(level=served[due].to_numpy())


def _sanctioned(hukuman: pd.DataFrame, years: Iterable[int]) -> set[Any]:
    return set(hukuman.loc[hukuman["tanggal"].dt.year.isin(list(years)), "id_pegawai"])


def _given(found: pd.DataFrame, penghargaan: pd.DataFrame, tahun: int) -> pd.DataFrame:
    since = penghargaan[penghargaan["tanggal"] >= pd.Timestamp(tahun, 1, 1)]
    service = service_reward(since["jenis_penghargaan"])
    on = pd.Series(pd.NaT, index=found.index).astype("datetime64[s]")
    for kind, rules in ((service, ("masa_kerja",)), (~service, ("penghargaan", "berturut_turut"))):
        first = since[kind].groupby("id_pegawai")["tanggal"].min()
        mine = found["rule"].isin(rules)
        on[mine] = found.loc[mine, "id_pegawai"].map(first.to_dict()).astype("datetime64[s]")
    given = on.notna().astype("boolean").mask(found["rule"] == "pembinaan")
    return found.assign(given=given, given_on=on)[list(COLUMNS)]


def _coached(
    found: pd.DataFrame, penilaian: pd.DataFrame, pembinaan: pd.DataFrame | None, tahun: int
) -> pd.DataFrame:
    """Whether those who were to be coached were, where their agency keeps a record."""
    if pembinaan is None or not len(pembinaan):
        return found
    cases = coaching_cases(penilaian, pembinaan, tahun).set_index("id_pegawai")
    mine = found["rule"] == "pembinaan"
    people = found.loc[mine, "id_pegawai"]
    event = cases["event"].astype("boolean").where(cases["known"])
    result = found.copy()
    result.loc[mine, "given"] = event.reindex(people).to_numpy(dtype=object, na_value=None)
    result.loc[mine, "given_on"] = cases["started"].where(cases["known"]).reindex(people).to_numpy()
    return result
