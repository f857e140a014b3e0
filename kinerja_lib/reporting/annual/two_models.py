"""What goes together with a unit's property, as the report judged it; and how the models beside each other differ.

The chart of the training chapter compares each employee with themself, the finding each unit with itself. They may
say different things, and then a reader is told why, and which of them the report rests on.
"""

from __future__ import annotations

import pandas as pd

from kinerja_lib.models import FitResult
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import estimates
from kinerja_lib.reporting.annual.finding_lines import in_chapter
from kinerja_lib.reporting.annual.judged import judged
from kinerja_lib.reporting.annual.unit_levels import CLAIMS, unit_model

BASIS = {"fasilitas_10": "facility_parts.basis", "kepemimpinan_10": "leadership.relation_basis"}


def unit_relation_shown(edition: Edition, name: str) -> None:
    """The finding of the multilevel model on a property of units, and the estimates beside it where they differ."""
    if f"{name}_dalam" not in _terms(unit_model(edition)):
        return
    topic = CLAIMS[name][0]
    in_chapter(edition, topic, basis=edition.labels.text(BASIS[name], government=edition.government))
    own = [one for one in judged(edition) if one.topic == topic]
    within = any(one.said for one in own if one.contrast == "within_units")
    _compared(edition, name, any(one.said for one in own), within)


def _terms(result: FitResult | None) -> tuple[str, ...]:
    return () if result is None else tuple(result.terms)


def _compared(edition: Edition, name: str, said: bool, within: bool) -> None:
    """Three estimates of ten more points in one sentence, and what the report makes of their difference."""
    multilevel, person = unit_model(edition), estimates(edition).get("fixed_effects")
    if multilevel is None or person is None or name not in person.terms:
        return
    units, people = (result.tidy().set_index("term") for result in (multilevel, person))
    labels = edition.labels
    rows = {
        "person": people.loc[name],
        "within": units.loc[f"{name}_dalam"],
        "between": units.loc[f"{name}_antar"] if f"{name}_antar" in units.index else None,
    }
    known = {part: row for part, row in rows.items() if row is not None}
    edition.say(
        "model_choice.estimates",
        property=labels.text(f"model_choice.{name}"),
        estimates=labels.listing(
            labels.text(f"model_choice.{part}", estimate=_shown(edition, row)) for part, row in known.items()
        ),
    )
    if clear(rows["person"]) and not said:
        edition.say("model_choice.only_person")
    elif said and not within and clear(rows["person"]):
        edition.say("model_choice.only_between")
    elif within and not clear(rows["person"]):
        edition.say("model_choice.only_unit")


def clear(row: pd.Series) -> bool:
    """Whether an estimate's interval leaves out zero."""
    return not float(row["ci_low"]) <= 0 <= float(row["ci_high"])


def _shown(edition: Edition, row: pd.Series) -> str:
    labels = edition.labels
    estimate, low, high = (float(row[part]) for part in ("estimate", "ci_low", "ci_high"))
    return labels.text(
        "model_choice.interval",
        estimate=labels.number(estimate, signed=True),
        low=labels.number(low),
        high=labels.number(high),
    )
