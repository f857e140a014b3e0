"""Fairness of rewards and sanctions: rates, the same at equal performance, within strata; small cells unseen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Difference, finding_from_difference
from kinerja_lib.language import Labels
from kinerja_lib.models import fairness_analysis
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.title_page import synthetic_note
from kinerja_lib.reporting.wording import lower_first

if TYPE_CHECKING:
    from kinerja_lib.models.fairness import Fairness

OUTCOMES = {"reward": "penghargaan_12_bulan", "sanction": "hukuman_12_bulan"}
TRAITS = ("jenis_kelamin", "usia", "golongan_kelompok")
YEARS = 3
FIFTH = 0.2  # of the rate of all: a smaller difference is within the four-fifths rule
BOTH = {lang: Labels(lang) for lang in ("id", "en")}


@lru_cache(maxsize=4)
def person_years(edition: Edition, *, own: bool = False) -> pd.DataFrame:
    """One row a person and year (the last quarter), of the last three years; ``own`` keeps the agency's."""
    panel = edition.rows("panel", everyone=not own)
    panel = panel[(panel["tahun"] > edition.year - YEARS) & (panel["tahun"] <= edition.year)]
    last = panel.sort_values("periode").drop_duplicates(["id_pegawai", "tahun"], keep="last")
    texts = ["jenis_kelamin", "golongan_kelompok", "unit_kerja", "instansi", "predikat"]
    plain = last[texts].astype("object").where(last[texts].notna(), None)
    numbers = {name: last[name].astype("float64") for name in ("usia", "predikat_skor", *OUTCOMES.values())}
    return (
        plain.assign(tahun=last["tahun"].astype("int64"), **numbers)
        .dropna(subset=[*TRAITS, "predikat_skor"])
        .reset_index(drop=True)
    )


@lru_cache(maxsize=8)
def analysed(edition: Edition, outcome: str) -> Fairness | None:
    """The analysis of one outcome on the government's staff; None where the data do not allow it."""
    try:
        return fairness_analysis(
            person_years(edition), OUTCOMES[outcome], traits=TRAITS, alpha=edition.config.thresholds.alpha,
            minimum_group=edition.smallest, lang=edition.lang,
        )  # fmt: skip
    except ModelError:
        return None


def fairness_answer(edition: Edition) -> None:
    """What may be said about each group at equal performance, and what may not."""
    labels, frame = edition.labels, person_years(edition)
    synthetic_note(edition)
    edition.say(
        "fairness.opening", government=inert(edition.government), n=labels.integer(len(frame)),
        first=str(edition.year - YEARS + 1), last=str(edition.year),
    )  # fmt: skip
    items = [item for outcome in OUTCOMES for item in _items(edition, outcome)]
    edition.doc.findings(items)
    edition.say("fairness.caution")


def _items(edition: Edition, outcome: str) -> list[Item]:
    labels, found = edition.labels, analysed(edition, outcome)
    nouns = tuple(BOTH[lang].text(f"fairness.{outcome}_noun") for lang in ("id", "en"))
    if found is None:
        text = labels.text("fairness.impossible", outcome=labels.text(f"fairness.{outcome}_noun"))
        return [Item(text, labels.text("fairness.impossible_reason"), kind="unsaid")]
    items = []
    own = found.effects[found.effects["model"] == "with"]
    for row in own[own["trait"] != "usia"].itertuples():
        names = [_inside(BOTH[lang], level_name(BOTH[lang], str(row.term))) for lang in ("id", "en")]
        base = [_inside(BOTH[lang], _base(BOTH[lang], edition, str(row.trait))) for lang in ("id", "en")]
        numbers = (row.estimate, row.ci_low, row.ci_high, row.p_adjusted)
        estimate, low, high, p = (np.nan if row.suppressed else float(value) for value in numbers)
        difference = Difference(
            "keadilan", (names[0], names[1]), (base[0], base[1]), (nouns[0], nouns[1]), estimate, low, high, p,
            found.events,
        )  # fmt: skip
        judged = finding_from_difference(
            difference,
            alpha=edition.config.thresholds.alpha,
            margin=FIFTH * found.events / found.n,
            labels=BOTH,
        )
        basis = labels.text(
            "fairness.basis", n=labels.integer(found.n), method=labels.text(f"fairness.{found.method}")
        )
        items.append(Item(judged.sentence(edition.lang), basis, kind="finding" if judged.said else "unsaid"))
    return items


def level_name(labels: Labels, term: str) -> str:
    """``jenis_kelamin[P]`` as ``Perempuan``."""
    trait, _, level = term.partition("[")
    if not level:
        return labels.text(f"trait.{trait}")
    level = level.rstrip("]")
    return labels.category(level) if trait == "jenis_kelamin" else f"{labels.text(f'trait.{trait}')} {level}"


def _inside(labels: Labels, name: str) -> str:
    """A level inside a sentence."""
    for level, key in (("P", "women"), ("L", "men")):
        if name == labels.category(level):
            return labels.text(f"fairness.{key}")
    return lower_first(name)


def _base(labels: Labels, edition: Edition, trait: str) -> str:
    levels = sorted(person_years(edition)[trait].astype("str").unique())
    return level_name(labels, f"{trait}[{levels[0]}]")
