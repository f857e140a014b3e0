"""Title page, and the answer before the evidence: only what the gates of ``findings`` let through."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from kinerja_lib.findings import Finding, Limits, finding_from_fit
from kinerja_lib.language import Labels
from kinerja_lib.models import FitResult, adjust_p_values, rejection_levels
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.document import Item, inert
from kinerja_lib.reporting.research.fits import research_frame, results, units_of
from kinerja_lib.reporting.research.questions import QUESTIONS
from kinerja_lib.reporting.research.robustness import left_out, strongest_control
from kinerja_lib.reporting.title_page import synthetic_note, title_page


def open_research(instansi: str, periode: str, lang: str, project: str | Path) -> Edition:
    """Read what a research report needs; the models always take the whole government's panel."""
    return open_edition(instansi, periode, lang, project)


def cover(edition: Edition, key: str) -> None:
    """The title page; ``key`` is the section of the catalogue."""
    title_page(edition, key)


def answer(edition: Edition, *questions: str) -> None:
    """The answer to each question, and what it rests on."""
    labels, frame = edition.labels, research_frame(edition)
    synthetic_note(edition)
    edition.say(
        "research.opening", government=inert(edition.government), rows=labels.integer(len(frame)),
        people=labels.integer(frame["id_pegawai"].nunique()), units=labels.integer(frame["unit_kerja"].nunique()),
        first=labels.periode(str(frame["periode"].min())), last=labels.periode(str(frame["periode"].max())),
    )  # fmt: skip
    if not edition.whole:
        edition.say("research.agency", body=inert(edition.body), government=inert(edition.government))
    items = [item for name in questions for item in answers(edition, name)]
    edition.doc.findings(items, title=labels.text("research.answer"))


def answers(edition: Edition, question: str) -> list[Item]:
    """One item a specification that could be fitted; a question that none could answer is unsaid."""
    labels = edition.labels
    items = []
    for name, result in results(edition, question).items():
        found = judged(edition, question, name)
        basis = labels.text(
            "research.answer_basis", spec=labels.text(f"spec.{name}"), n=labels.integer(result.glance()["n"]),
            clusters=labels.integer(units_of(result)), errors=result.glance().get("errors", "REML"),
            government=edition.government,
        )  # fmt: skip
        items.append(Item(found.sentence(edition.lang), basis, kind="finding" if found.said else "unsaid"))
    if not items:
        items.append(Item(labels.text("research.no_answer"), labels.text("research.no_model"), kind="unsaid"))
    return items


def judged(edition: Edition, question: str, spec: str) -> Finding:
    """The finding of one specification; the main one must also keep its sign without any one agency."""
    asked, limits = QUESTIONS[question], edition.config.thresholds
    main = next(iter(results(edition, question)))
    others = left_out(edition, question)["estimate"] if spec == main else pd.Series(dtype="float64")
    result = results(edition, question)[spec]
    adjusted, level = family_p_value(result, asked.exposures)
    found = finding_from_fit(
        result,
        asked.claim_of(spec),
        sensitivity=strongest_control(edition, question) if spec == "cross_section" else None,
        p_adjusted=adjusted,
        leave_one_out=list(others.astype("float64")) if len(others) > 1 else None,
        limits=Limits(
            minimum_clusters=limits.minimum_clusters, minimum_df=limits.minimum_df, alpha=limits.alpha
        ),
        labels={lang: Labels(lang) for lang in ("id", "en")},
    )
    precision = None if found.precision is None else replace(found.precision, alpha=level)
    return replace(found, precision=precision)


def family_p_value(result: FitResult, exposures: tuple[str, ...]) -> tuple[float, float]:
    """The first exposure's p-value, adjusted over all exposures of the model (Benjamini and Hochberg 1995), and the level asked of it."""
    tidy = result.tidy().set_index("term")
    own = [term for term in exposures if term in tidy.index]
    values = tidy.loc[own, "p_value"]
    return float(adjust_p_values(values)["p_adjusted"].iloc[0]), float(rejection_levels(values)[0])
