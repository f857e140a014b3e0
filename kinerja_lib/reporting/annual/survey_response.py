"""Bab III, awareness: who answered the survey, the index weighted to the staff, and how far the scale holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import suppress_means
from kinerja_lib.display import shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts

RELIABLE = (
    0.7  # alpha below which a scale is not quoted as a finding (Nunnally 1978, Psychometric Theory, p. 245)
)
LIMIT = 5.0  # largest weight, in multiples of the mean


@dataclass(frozen=True, eq=False)
class Scale:
    """One scale of the year's last round, on 0–100.

    Attributes
    ----------
    periode : str
    respondents, effective : float
        Answers, and as many of a simple random sample as they are worth after weighting (Kish).
    plain, weighted, low, high : float
        Unweighted mean, weighted mean with its 95% interval.
    largest : float
        Largest weight over the mean weight.
    weighted_by : str
        ``unit_kerja``, ``instansi``, or empty where no weights could be made.
    alpha, alpha_low, alpha_high, omega : float
    people : DataFrame
        One row a respondent: ``instansi``, ``unit_kerja``.
    """

    periode: str
    respondents: int
    effective: float
    plain: float
    weighted: float
    low: float
    high: float
    largest: float
    weighted_by: str
    alpha: float
    alpha_low: float
    alpha_high: float
    omega: float
    people: pd.DataFrame


def last_round(edition: Edition, instrumen: str, year: int | None = None) -> pd.DataFrame:
    """Answers of the year's last round of a scale, in the report's scope."""
    rows = edition.rows("survei", edition.year if year is None else year)
    rows = rows[rows["instrumen"].astype("str") == instrumen]
    return rows[rows["periode"] == rows["periode"].max()] if len(rows) else rows


@lru_cache(maxsize=8)
def scale_of_year(edition: Edition, instrumen: str = "kesadaran") -> Scale | None:
    """The scale weighted to the staff of each unit; None where too few answered."""
    from kinerja_lib.models import awareness_survey

    rows = last_round(edition, instrumen)
    people = rows.drop_duplicates("id_responden")[["instansi", "unit_kerja"]].astype("str")
    if len(people) < edition.smallest:
        return None
    staff = facts(edition, edition.year).staff["unit_kerja"].dropna().astype("str").value_counts()
    plain = rows.assign(instansi=rows["instansi"].astype("str"), unit_kerja=rows["unit_kerja"].astype("str"))
    try:
        found = awareness_survey(
            plain, population=staff if len(staff) else None, instruments=[instrumen], sampled="people",
            minimum_group=edition.smallest, lang=edition.lang,
        )  # fmt: skip
    except ModelError:
        return None
    own = found.scales.iloc[0]
    weights = found.weights.to_numpy(dtype=np.float64)
    points = {name: (float(own[name]) - 1) * 25 for name in ("mean", "ci_low", "ci_high")}
    means = (plain["skor"].astype("float64") - 1).groupby(plain["id_responden"]).mean() * 25
    return Scale(
        str(rows["periode"].iloc[0]), len(people), float(weights.sum() ** 2 / (weights @ weights)),
        float(means.mean()), points["mean"], points["ci_low"], points["ci_high"],
        float(weights.max() / weights.mean()), found.weighted_by,
        float(own["alpha"]), float(own["alpha_low"]), float(own["alpha_high"]), float(own["omega"]), people,
    )  # fmt: skip


def survey_response(edition: Edition) -> None:
    """Response by group, the weighted index beside the unweighted one, reliability."""
    labels, own = edition.labels, scale_of_year(edition)
    if own is None:
        return
    _weighted(edition, own)
    key = "reliable" if own.alpha >= RELIABLE else "unreliable" if own.alpha == own.alpha else "no_alpha"
    edition.say(
        f"awareness.{key}", alpha=labels.number(own.alpha, 2), low=labels.number(own.alpha_low, 2),
        high=labels.number(own.alpha_high, 2), omega=labels.number(own.omega, 2), least=labels.number(RELIABLE, 2),
    )  # fmt: skip
    frame = response_by_group(edition, own)
    if len(frame) < 2:
        return
    _evenness(edition, frame)
    if not frame["response"].notna().any():
        return
    shown = frame.assign(label=[edition.name(code) for code in frame["code"]])
    shown = shown.rename(columns={"label": edition.group})
    columns = {
        edition.group: "text",
        "staff": "integer",
        "respondents": "integer",
        "response": "percent:1",
        "weight": "number:2",
    }
    table = shown_table(shown, columns, labels)
    edition.doc.table(
        table.frame, "tanggapan", labels.text("awareness.response_table", year=edition.year), small=True,
        source=edition.source("survei", "pegawai"),
        note=labels.text("awareness.response_note", n=labels.integer(edition.smallest)), **table.options(),
    )  # fmt: skip


def _weighted(edition: Edition, own: Scale) -> None:
    labels = edition.labels
    values = {
        "weighted": labels.number(own.weighted), "low": labels.number(own.low), "high": labels.number(own.high),
        "plain": labels.number(own.plain),
    }  # fmt: skip
    if not own.weighted_by:
        edition.say("awareness.unweighted", **values)
        return
    edition.say(
        "awareness.weighted", **values, by=labels.text(f"word.{own.weighted_by}"), largest=labels.number(own.largest, 2),
        limit=labels.number(LIMIT, 0), n=labels.integer(own.respondents), effective=labels.integer(own.effective),
    )  # fmt: skip


def response_by_group(edition: Edition, own: Scale) -> pd.DataFrame:
    """Staff, respondents and response of each group; those of few respondents are withheld.

    Returns
    -------
    DataFrame
        ``code``, ``staff``, ``respondents``, ``response`` (0–1), ``weight`` (staff a respondent over that of the
        whole: above 1 where fewer answered).
    """
    staff = facts(edition, edition.year).staff[edition.group].dropna().astype("str").value_counts()
    answered = own.people[edition.group].value_counts().reindex(staff.index).fillna(0)
    frame = pd.DataFrame({"staff": staff, "respondents": answered}).rename_axis("code").reset_index()
    frame = frame.sort_values("code", ignore_index=True)
    frame["response"] = (frame["respondents"] / frame["staff"]).clip(upper=1.0)
    whole = frame["staff"].sum() / max(frame["respondents"].sum(), 1)
    frame["weight"] = frame["staff"] / frame["respondents"].where(frame["respondents"] > 0) / whole
    safe = suppress_means(frame, ("response", "weight"), n="respondents", minimum=edition.smallest)
    return safe.drop(columns="suppressed")


def _evenness(edition: Edition, frame: pd.DataFrame) -> None:
    from kinerja_lib.models import r_indicator

    labels, own = edition.labels, scale_of_year(edition)
    staff = facts(edition, edition.year).staff["unit_kerja"].dropna().astype("str").value_counts()
    shown = frame["response"].dropna()
    if own is None or not len(shown):
        return
    answered = own.people["unit_kerja"].value_counts().reindex(staff.index).fillna(0)
    found = r_indicator(staff.to_numpy(), answered.to_numpy(), edition.lang)
    edition.say(
        "awareness.evenness", low=labels.percent(shown.min()), high=labels.percent(shown.max()),
        groups=labels.text(f"word.{edition.group}_many"), r=labels.number(found.indicator, 2),
        bias=labels.number(found.bias, 2),
    )  # fmt: skip


def item_text(edition: Edition, code: object) -> str:
    """The code of a survey item with its statement: ``K5 (“Saya mengusulkan …”)``; the code alone of another survey's."""
    from kinerja_lib.reporting.forms.catalogue import forms

    known = forms()["survei_pegawai"].items.get(str(code))
    return str(code) if known is None else f"{code} (“{known.text(edition.lang).rstrip('.')}”)"
