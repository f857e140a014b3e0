"""Fairness of rewards and sanctions: rates, the same at equal performance, within strata; small cells unseen."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import coefficient_chart, describe_coefficients, new_axes, shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Difference, finding_from_difference
from kinerja_lib.language import Labels
from kinerja_lib.models import adverse_impact, fairness_analysis, stratified_odds
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
        names = [_inside(BOTH[lang], _level(BOTH[lang], str(row.term))) for lang in ("id", "en")]
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


def _level(labels: Labels, term: str) -> str:
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
    return _level(labels, f"{trait}[{levels[0]}]")


def rates(edition: Edition, outcome: str) -> None:
    """Rate of each group, its ratio to the highest with an interval, and the four-fifths line."""
    labels = edition.labels
    frame = person_years(edition, own=not edition.whole)
    rows = []
    for trait in ("jenis_kelamin", "golongan_kelompok"):
        try:
            found = adverse_impact(
                frame, OUTCOMES[outcome], trait, minimum_group=edition.smallest, lang=edition.lang
            )
        except ModelError:
            continue
        for row in found.itertuples():
            below = "" if pd.isna(row.below) else labels.text(f"fairness.{_verdict(row.below, row.clear)}")
            name = labels.category(row.group) if trait == "jenis_kelamin" else str(row.group)
            rows.append((labels.text(f"trait.{trait}"), name, row.n, row.count, row.rate, row.ratio, row.ci_low,
                         row.ci_high, below))  # fmt: skip
    names = ["attribute", "level", "n", "count", "rate_of", "ratio", "ci_low", "ci_high", "verdict"]
    table = pd.DataFrame(rows, columns=names)
    for name in ("n", "count"):
        table[name] = [MARKER if pd.isna(value) else int(value) for value in table[name]]
    columns = {"attribute": "text", "level": "text", "n": "integer", "count": "integer", "rate_of": "percent:1",
               **dict.fromkeys(("ratio", "ci_low", "ci_high"), "number:2"), "verdict": "text"}  # fmt: skip
    shown = shown_table(table, columns, labels)
    edition.doc.table(
        shown.frame, f"bagian-{outcome}", labels.text(f"fairness.{outcome}_rates", body=edition.body),
        left=["attribute", "level", "verdict"], source=edition.source("panel", "penghargaan" if outcome == "reward" else "hukuman"),
        note=labels.text("fairness.rates_note") + " " + labels.text("note.withheld_cells", mark=MARKER, n=edition.smallest),
        small=True, **shown.options(),
    )  # fmt: skip


def _verdict(below: bool, clear: bool) -> str:
    return "clear" if clear else "below" if below else "above"


def at_equal_performance(edition: Edition, outcome: str) -> None:
    """Average marginal effects without and with performance, drawn and in full with adjusted p-values."""
    labels, found = edition.labels, analysed(edition, outcome)
    title = labels.text(f"fairness.{outcome}_effects", government=edition.government)
    if found is None:
        reason = labels.text("fairness.impossible_reason")
        edition.doc.figure(
            None, f"beda-{outcome}", title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    effects = found.effects.assign(
        term=[_level(labels, str(term)) for term in found.effects["term"]],
        spec=[labels.text(f"fairness.{name}") for name in found.effects["model"]],
    )
    numbers = ["estimate", "ci_low", "ci_high"]
    effects[numbers] = effects[numbers].astype("float64").mask(effects["suppressed"].astype("bool")) * 100
    drawn = effects[effects["estimate"].notna()][["term", "spec", *numbers]]
    if not len(drawn):
        reason = labels.text("note.all_withheld", n=labels.integer(edition.smallest))
        edition.doc.figure(
            None, f"beda-{outcome}", title, alt=reason, note=reason, source=edition.source("panel")
        )
        return
    ax = new_axes(3.2)
    coefficient_chart(ax, drawn, labels, axis_text=labels.text("research.points_axis"))
    edition.doc.figure(
        ax.figure, f"beda-{outcome}", title, alt=describe_coefficients(drawn, labels), source=edition.source("panel"),
        note=labels.text("fairness.effects_note", n=labels.integer(found.n), events=labels.integer(found.events)),
        data=drawn, headers={name: labels.column(name) for name in drawn.columns},
        formats=dict.fromkeys(numbers, "signed:2"),
    )  # fmt: skip
    columns = {
        "term": "text",
        "spec": "text",
        **dict.fromkeys(numbers, "signed:2"),
        "p_value": "number:3",
        "p_adjusted": "number:3",
    }
    masked = effects["suppressed"].astype("bool")
    for name in ("p_value", "p_adjusted"):
        effects[name] = effects[name].astype("float64").mask(masked)
    shown = shown_table(effects, columns, labels)
    edition.doc.table(
        shown.frame, f"efek-{outcome}", labels.text(f"fairness.{outcome}_effects_table"), left=2,
        source=edition.source("panel"), note=" ".join(found.notes(edition.lang)), **shown.options(),
    )  # fmt: skip


def within_strata(edition: Edition, outcome: str) -> None:
    """Sexes within the same predicate (Cochran–Mantel–Haenszel), and all traits within unit and year."""
    labels, rows = edition.labels, []
    for strata in (("predikat",), ("unit_kerja", "tahun")):
        try:
            found = stratified_odds(
                person_years(edition), OUTCOMES[outcome], "jenis_kelamin", list(strata), lang=edition.lang
            )
        except ModelError:
            continue
        rows.append((labels.text(f"fairness.strata_{strata[0]}"), found.odds_ratio, found.ci_low, found.ci_high,
                     found.p_value, found.p_homogeneity, found.strata))  # fmt: skip
    names = ["strata", "odds_ratio", "ci_low", "ci_high", "p_value", "p_homogeneity", "strata_used"]
    frame = pd.DataFrame(rows, columns=names)
    columns = {"strata": "text", **dict.fromkeys(names[1:4], "number:2"), **dict.fromkeys(names[4:6], "number:3"),
               "strata_used": "integer"}  # fmt: skip
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, f"strata-{outcome}", labels.text(f"fairness.{outcome}_strata"), source=edition.source("panel"),
        note=labels.text("fairness.strata_note"), **shown.options(),
    )  # fmt: skip
    found_all = analysed(edition, outcome)
    if found_all is None or not len(found_all.within):
        edition.say("fairness.no_within")
        return
    within = found_all.within.assign(term=[_level(labels, str(term)) for term in found_all.within["term"]])
    hidden = (
        found_all.effects[found_all.effects["model"] == "with"].set_index("term")["suppressed"].astype("bool")
    )
    masked = found_all.within["term"].map(hidden).fillna(False).astype("bool").to_numpy()
    for name in ("estimate", "ci_low", "ci_high", "p_value"):
        within[name] = within[name].astype("float64").mask(masked)
    for name in ("estimate", "ci_low", "ci_high"):
        within[name] = np.exp(within[name])
    within = within.rename(columns={"estimate": "odds_ratio"})
    columns = {
        "term": "text",
        **dict.fromkeys(("odds_ratio", "ci_low", "ci_high"), "number:2"),
        "p_value": "number:3",
    }
    shown = shown_table(within, columns, labels)
    edition.doc.table(
        shown.frame, f"dalam-unit-{outcome}", labels.text(f"fairness.{outcome}_within"), source=edition.source("panel"),
        note=labels.text("fairness.within_note", n=labels.integer(found_all.informative)), **shown.options(),
    )  # fmt: skip
