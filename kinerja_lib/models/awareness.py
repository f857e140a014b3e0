"""The staff survey: each scale with its design-based error, its reliability, and who did not answer.

Answers are weighted to the staff of each agency (and unit, where every unit answered), and raked to further margins
where the survey asked for them. Units are the clusters within agencies, as staff of one unit answer alike; so a
scale's error is honest about how few units speak.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MINIMUM_GROUP
from kinerja_lib.errors import ModelError
from kinerja_lib.models.factors import column
from kinerja_lib.models.raking import rake
from kinerja_lib.models.reliability import scale_reliability
from kinerja_lib.models.survey import SurveyDesign, survey_mean, survey_share
from kinerja_lib.models.wording import model_error, say

SCALES = ("instrumen", "respondents", "mean", "std_error", "ci_low", "ci_high", "design_effect", "effective_n",
          "agree", "agree_low", "agree_high", "alpha", "alpha_low", "alpha_high", "omega")  # fmt: skip
NOTE = (
    "Yang tidak menjawab dapat berbeda dari yang menjawab dalam unit yang sama; pembobotan tidak memperbaikinya.",
    "Those who did not answer may differ from those of their unit who did; weighting does not mend that.",
)


@dataclass(frozen=True, eq=False)
class AwarenessSurvey:
    """Results of one survey round.

    Attributes
    ----------
    scales : DataFrame
        One row an instrument: ``SCALES``. ``agree`` is the share whose own mean is ``agree`` or more, with
        Korn and Graubard's interval.
    response : DataFrame
        Each agency: staff, respondents, rate; small numbers NaN and ``suppressed``. Empty without population.
    weights : Series
        One a respondent.
    weighted_by : str
        ``unit_kerja``, ``instansi`` or empty.
    raked : tuple of str
        Further margins that the weights reproduce.
    left_out : dict of str to str
        Margins asked for that they do not, and why.
    design_effect, effective_n : float
        Kish's 1 + cv^2 of the weights, and the respondents over it.
    """

    scales: pd.DataFrame
    response: pd.DataFrame
    weights: pd.Series
    weighted_by: str
    raked: tuple[str, ...] = ()
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def design_effect(self) -> float:
        w = self.weights.to_numpy(dtype=np.float64)
        return float(len(w) * (w @ w) / w.sum() ** 2)

    @property
    def effective_n(self) -> float:
        return len(self.weights) / self.design_effect

    def notes(self, lang: str = "id") -> tuple[str, ...]:
        """What must be said beside the table."""
        return (say(lang, *NOTE),)


def awareness_survey(
    survei: pd.DataFrame,
    *,
    population: Mapping[str, float] | pd.Series | None = None,
    margins: Mapping[str, Mapping[Any, float]] | None = None,
    instruments: Sequence[str] | None = None,
    sampled: Literal["units", "people"] = "units",
    agree: float = 4.0,
    unit: str = "unit_kerja",
    stratum: str = "instansi",
    minimum_group: int = MINIMUM_GROUP,
    lang: str = "id",
) -> AwarenessSurvey:
    """Means, shares and reliability of a survey round.

    Parameters
    ----------
    survei : DataFrame
        Table ``survei`` of one period: one row a respondent and item.
    population : mapping or Series, optional
        Staff of each unit. Without it answers are not weighted.
    margins : mapping of column to mapping of level to number, optional
        Staff by traits that the survey itself asked for (``golongan_kelompok``, ``jenis_jabatan``); only their
        shares count. Weights are raked to the units and to these (Deming & Stephan 1940), held at five times the
        mean, and errors are those of the residuals from the margins (Deville & Sarndal 1992). A margin that some
        respondent does not know, that has a silent level, or with which raking does not converge is left out.
    sampled : {"units", "people"}
        Whether units stand for other units (clusters within agencies), or every unit was asked and people
        within it were drawn (units are strata, with the finite population correction).
    agree : float
        Mean of a respondent's items from which they count as agreeing.

    Raises
    ------
    ModelError
        Several periods, or no answer.
    """
    for name in ("id_responden", "instrumen", "butir", "skor", unit, stratum):
        column(survei, name, lang)
    if "periode" in survei.columns and survei["periode"].nunique() > 1:
        raise model_error(
            lang, "Survei memuat lebih dari satu periode.", "The survey holds several periods.",
            ("Saring satu periode lebih dahulu.", "Choose one period first."),
        )  # fmt: skip
    traits = [name for name in margins or {} if name in survei.columns]
    people = survei.drop_duplicates("id_responden").set_index("id_responden")[[unit, stratum, *traits]]
    if not len(people):
        raise model_error(lang, "Survei tidak memuat jawaban.", "The survey holds no answer.")
    staff = None if population is None else pd.Series(dict(population), dtype="float64")
    weights, by = _weights(people, staff, unit, stratum)
    weights, raked, left_out = _raked(people, weights, by, dict(margins or {}), lang)
    wide = survei.pivot_table(
        index="id_responden", columns=["instrumen", "butir"], values="skor", aggfunc="mean", observed=True
    ).astype("float64")
    asked = list(instruments or dict.fromkeys(survei["instrumen"].dropna()))
    frame = people.assign(bobot=weights.reindex(people.index))
    design = SurveyDesign("bobot", stratum, unit, raked=raked)
    if sampled == "people":
        design = SurveyDesign("bobot", unit, population=None if staff is None else "populasi", raked=raked)
        frame = frame if staff is None else frame.assign(populasi=frame[unit].map(staff))
    rows = [_scale(str(name), wide[name], frame, design, agree, lang) for name in asked if name in wide]
    return AwarenessSurvey(
        pd.DataFrame(rows, columns=list(SCALES)),
        _response(people, staff, unit, stratum, minimum_group),
        weights,
        by,
        raked,
        left_out,
    )


def _raked(
    people: pd.DataFrame, weights: pd.Series, by: str, margins: dict[str, Mapping[Any, float]], lang: str
) -> tuple[pd.Series, tuple[str, ...], dict[str, str]]:
    """The weights raked to the margins that can be had as well, these, and why the others cannot."""
    total, left_out = float(weights.sum()), {}
    wanted = {by: weights.groupby(people[by]).sum().to_dict()} if by else {}
    raked: tuple[str, ...] = ()
    for name, counts in margins.items():
        if name not in people.columns:
            left_out[name] = say(lang, "Survei tidak menanyakannya.", "The survey did not ask for it.")
            continue
        own = pd.Series(dict(counts), dtype="float64")
        try:
            found = rake(people, {**wanted, name: (own * total / own.sum()).to_dict()}, lang=lang).weights
        except ModelError as error:
            left_out[name] = str(error.message)
            continue
        wanted[name], raked = (own * total / own.sum()).to_dict(), (*raked, name)
        weights = found
    return weights, raked, left_out


def _weights(people: pd.DataFrame, staff: pd.Series | None, unit: str, stratum: str) -> tuple[pd.Series, str]:
    """Weights to the staff of each unit; of each agency where a unit did not answer; equal without staff."""
    if staff is not None:
        for name, wanted in ((unit, staff), (stratum, _by_agency(people, staff, unit, stratum))):
            if set(people[name]) == set(wanted.index):
                try:
                    return rake(people, {name: wanted.to_dict()}).weights, name
                except ModelError:
                    continue
    return pd.Series(1.0, index=people.index, name="bobot"), ""


def _by_agency(people: pd.DataFrame, staff: pd.Series, unit: str, stratum: str) -> pd.Series:
    """Staff of each agency; that of a silent unit is read from its code, ``<instansi>.<unit>``."""
    known = people.drop_duplicates(unit).set_index(unit)[stratum].to_dict()
    agency = [known.get(code, str(code).split(".")[0]) for code in staff.index]
    return staff.groupby(agency).sum()


def _scale(
    name: str, items: pd.DataFrame, frame: pd.DataFrame, design: SurveyDesign, agree: float, lang: str
) -> tuple[object, ...]:
    own = items.dropna(axis="columns", how="all").dropna(how="all")
    score = own.mean(axis=1).reindex(frame.index)
    # counted only where answered
    agreed = pd.Series(np.where(score.isna(), np.nan, (score >= agree).astype(float)), index=frame.index)
    data = frame.assign(nilai=score, setuju=agreed, asal=frame[str(design.strata)], baris=range(len(frame)))
    data = _collapsed(data.reset_index(drop=True), design)
    mean = survey_mean(data, "nilai", design, lang=lang)
    share = survey_share(data, "setuju", design, of=[1.0], lang=lang)
    try:
        held = scale_reliability(own, lang=lang)
        trust = (held.alpha, held.ci_low, held.ci_high, held.omega)
    except ModelError:
        trust = (float("nan"),) * 4
    return (
        name, mean.n, mean.estimate, mean.std_error, mean.ci_low, mean.ci_high, mean.design_effect,
        mean.effective_n, share.estimate, share.ci_low, share.ci_high, *trust,
    )  # fmt: skip


def _collapsed(data: pd.DataFrame, design: SurveyDesign) -> pd.DataFrame:
    """Strata with a single cluster among those who answered become one, so that it has a variance."""
    strata = str(design.strata)
    there = data[data["nilai"].notna()]
    sizes = there.groupby(strata, observed=True)[design.cluster or "baris"].nunique().sort_values()
    single = list(sizes.index[sizes < 2])
    if not single or len(sizes) < 2:
        return data
    merged = single if len(single) > 1 else list(sizes.index[:2])
    own = data[strata].isin(merged)
    data = data.assign(**{strata: data[strata].astype(object).mask(own, "gabungan")})
    if design.population is not None:
        whole = data.loc[own].drop_duplicates("asal")[design.population].sum()
        data[design.population] = data[design.population].mask(own, whole)
    return data


def _response(
    people: pd.DataFrame, staff: pd.Series | None, unit: str, stratum: str, minimum: int
) -> pd.DataFrame:
    columns = [stratum, "staff", "respondents", "rate", "suppressed"]
    if staff is None:
        return pd.DataFrame(columns=columns)
    total = _by_agency(people, staff, unit, stratum)
    answered = people[stratum].value_counts().reindex(total.index).fillna(0)
    table = pd.DataFrame({"staff": total, "respondents": answered, "rate": answered / total})
    few = answered.between(1, minimum - 1) | (total - answered).between(1, minimum - 1)
    table["suppressed"] = few
    for name in ("respondents", "rate"):
        table[name] = table[name].mask(few)
    return table.rename_axis(stratum).reset_index()[columns]
