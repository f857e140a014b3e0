"""Fairness of rewards and sanctions: rates, the same at equal performance, within strata; small cells unseen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import (
    Difference,
    Finding,
    Gate,
    finding_from_difference,
    finding_from_unsaid,
    stand_together,
)
from kinerja_lib.language import Labels
from kinerja_lib.models import fairness_analysis
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.fairness_findings import (
    FIFTH,
    OUTCOME,
    SANCTIONS,
    TRAITS,
    YEARS,
    both_methods,
    confirmed,
    errors_of,
    panel_years,
    person_years,
)
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.title_page import synthetic_note
from kinerja_lib.reporting.wording import lower_first

if TYPE_CHECKING:
    from kinerja_lib.models.fairness import Fairness

OUTCOMES = {"reward": OUTCOME, "sanction": SANCTIONS}
BOTH = {lang: Labels(lang) for lang in ("id", "en")}


@lru_cache(maxsize=8)
def analysed(edition: Edition, outcome: str) -> Fairness | None:
    """The analysis of one outcome on the government's staff; None where the data do not allow it."""
    try:
        return fairness_analysis(
            person_years(edition, everyone=True), OUTCOMES[outcome], traits=TRAITS, alpha=edition.config.thresholds.alpha,
            minimum_group=edition.smallest, lang=edition.lang,
        )  # fmt: skip
    except ModelError:
        return None


def fairness_answer(edition: Edition) -> None:
    """What may be said about each group at equal performance, and what may not."""
    labels, frame = edition.labels, person_years(edition, everyone=True)
    synthetic_note(edition)
    edition.say(
        "fairness.opening", government=inert(edition.government), n=labels.integer(len(frame)),
        first=str(edition.year - YEARS + 1), last=str(edition.year),
    )  # fmt: skip
    unused = panel_years(edition) - len(frame)
    if unused:
        edition.say("fairness.left_out", n=labels.integer(unused))
    made = [finding for outcome in OUTCOMES for finding in _findings(edition, outcome)]
    judged = stand_together(made, alpha=edition.config.thresholds.alpha, labels=BOTH)
    edition.doc.findings([_item(edition, finding) for finding in judged])
    edition.say("fairness.caution")


def _findings(edition: Edition, outcome: str) -> list[Finding]:
    """One finding a group; both methods have to agree, and all groups and outcomes are one family."""
    nouns = tuple(BOTH[lang].text(f"fairness.{outcome}_noun") for lang in ("id", "en"))
    found, topic, alpha = analysed(edition, outcome), f"keadilan_{outcome}", edition.config.thresholds.alpha
    if found is None:
        reasons = [BOTH[lang].text("fairness.impossible_reason") for lang in ("id", "en")]
        about = [
            BOTH[lang].text("fairness.about", outcome=noun)
            for lang, noun in zip(("id", "en"), nouns, strict=True)
        ]
        return [finding_from_unsaid(topic, (about[0], about[1]), [Gate("events", False, 0.0, 1.0, *reasons)])]
    made = []
    own = both_methods(found)
    for row in own[own["trait"] != "usia"].itertuples():
        names = [_inside(BOTH[lang], level_name(BOTH[lang], str(row.term))) for lang in ("id", "en")]
        base = [_inside(BOTH[lang], _base(BOTH[lang], edition, str(row.trait))) for lang in ("id", "en")]
        numbers = (row.estimate, row.ci_low, row.ci_high, row.p_value, row.p_adjusted)
        estimate, low, high, p, adjusted = (np.nan if row.suppressed else float(value) for value in numbers)
        difference = Difference(
            topic, (names[0], names[1]), (base[0], base[1]), (nouns[0], nouns[1]), estimate, low, high, adjusted,
            found.events, p=p, n=found.n, confirmed=confirmed(found, str(row.term), estimate, alpha),
            errors=errors_of(found, row), level=float(row.level),
        )  # fmt: skip
        margin = FIFTH * found.events / found.n
        made.append(finding_from_difference(difference, alpha=alpha, margin=margin, labels=BOTH))
    return made


def _item(edition: Edition, finding: Finding) -> Item:
    labels, found = edition.labels, analysed(edition, finding.topic.removeprefix("keadilan_"))
    kind = "finding" if finding.said else "unsaid"
    if found is None:
        return Item(finding.sentence(edition.lang), labels.text("fairness.impossible_reason"), kind=kind)
    basis = labels.text(
        "fairness.basis", n=labels.integer(found.n), events=labels.integer(found.events),
        method=labels.text(f"fairness.{found.method}"),
    )  # fmt: skip
    return Item(finding.sentence(edition.lang), basis, kind=kind)


def level_name(labels: Labels, term: str) -> str:
    """``jenis_kelamin[P]`` as ``Perempuan``."""
    trait, _, level = term.partition("[")
    if not level:
        return labels.text(f"trait.{trait}")
    level = level.rstrip("]")
    if trait == "jenis_kelamin":
        return labels.category(level)
    return level if level == "PPPK" else f"{labels.text(f'trait.{trait}')} {level}"  # not a grade


def _inside(labels: Labels, name: str) -> str:
    """A level inside a sentence."""
    for level, key in (("P", "women"), ("L", "men")):
        if name == labels.category(level):
            return labels.text(f"fairness.{key}")
    return name if name == "PPPK" else lower_first(name)


def _base(labels: Labels, edition: Edition, trait: str) -> str:
    levels = sorted(person_years(edition, everyone=True)[trait].astype("str").unique())
    return level_name(labels, f"{trait}[{levels[0]}]")
