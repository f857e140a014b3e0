"""Method, estimates, diagnostics and the replication table of a question."""

from __future__ import annotations

import json

import pandas as pd

from kinerja_lib import __version__
from kinerja_lib.display import (
    coefficient_chart,
    describe_coefficients,
    new_axes,
    regression_table,
    shown_table,
)
from kinerja_lib.models import ModelSpec
from kinerja_lib.models.spec import LINEAR_KINDS
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.research.fits import data_stamp, research_frame, results, specs_of, units_of
from kinerja_lib.reporting.research.questions import QUESTIONS
from kinerja_lib.reporting.wording import check_name, in_words, lower_first


def method(edition: Edition, question: str) -> None:
    """The equation, and the specifications with their designs, errors and sizes."""
    labels, asked = edition.labels, QUESTIONS[question]
    edition.doc.equation(
        r"y_{it} = \alpha_i + \tau_t + \beta\, x_{it} + \gamma' z_{it} + \varepsilon_{it}", "model",
        alt=labels.text("research.equation"),
    )  # fmt: skip
    held = labels.listing(lower_first(labels.text(f"choice.{name}")) for name in asked.others)
    edition.say("research.terms", exposure=lower_first(labels.text(f"choice.{asked.exposure}")), others=held)
    rows = [
        (labels.text(f"spec.{name}"), labels.text(f"spec.{name}_design"), result.glance().get("errors", "REML"),
         result.glance()["n"], units_of(result), result.glance()["n_dropped"])
        for name, result in results(edition, question).items()
    ]  # fmt: skip
    names = ["spec", "design", "errors", "n", "clusters", "n_dropped"]
    columns = {**dict.fromkeys(names[:3], "text"), **dict.fromkeys(names[3:], "integer")}
    shown = shown_table(pd.DataFrame(rows, columns=names), columns, labels)
    edition.doc.table(
        shown.frame, "spesifikasi", labels.text("models.table"), left=3, source=edition.source("panel"),
        note=labels.text("models.note"), **shown.options(),
    )  # fmt: skip


def estimated(edition: Edition, *questions: str) -> None:
    """Coefficients under every specification, drawn and in full."""
    for question in questions:
        _estimated(edition, question)


def _estimated(edition: Edition, question: str) -> None:
    labels, asked = edition.labels, QUESTIONS[question]
    rows = []
    for name, result in results(edition, question).items():
        tidy = result.tidy().set_index("term")
        for term in asked.exposures:
            if term in tidy.index:
                line = tidy.loc[term]
                rows.append((labels.text(f"term.{term}"), labels.text(f"spec.{name}"),
                             line["estimate"], line["ci_low"], line["ci_high"]))  # fmt: skip
    frame = pd.DataFrame(rows, columns=["term", "spec", "estimate", "ci_low", "ci_high"])
    title = labels.text("research.effects", exposure=labels.text(f"term.{asked.exposure}"))
    name = f"koefisien-{question}".replace("_", "-")
    if not len(frame):
        reason = labels.text("research.no_model")
        edition.doc.figure(None, name, title, alt=reason, note=reason, source=edition.source("panel"))
        return
    ax = new_axes(3.4)
    coefficient_chart(ax, frame, labels, axis_text=labels.text("training.effect_axis"))
    edition.doc.figure(
        ax.figure, name, title, alt=describe_coefficients(frame, labels), source=edition.source("panel"),
        note=labels.text("training.effect_note"), data=frame,
        headers={column: labels.column(column) for column in frame.columns},
        formats=dict.fromkeys(("estimate", "ci_low", "ci_high"), "signed:2"),
    )  # fmt: skip
    tables = {
        labels.text(f"spec.{spec}"): result.tidy() for spec, result in results(edition, question).items()
    }
    terms = {term: labels.text(f"term.{term}") for term in (*asked.exposures, "masa_kerja")}
    edition.doc.table(
        regression_table(tables, terms, labels), f"regresi-{question}".replace("_", "-"),
        labels.text("research.estimates_table", exposure=labels.text(f"term.{asked.exposure}")), left=1, source=edition.source("panel"),
        note=labels.text("appendix.models_note"),
    )  # fmt: skip


def diagnostics(edition: Edition, question: str) -> None:
    """Every check of every specification with its verdict."""
    labels, rows = edition.labels, []
    for name, result in results(edition, question).items():
        for check in result.checks:
            meaning = check.meaning_en if edition.lang == "en" else check.meaning_id
            verdict = labels.text(f"verdict.{check.verdict}")
            rows.append(
                (
                    labels.text(f"spec.{name}"),
                    check_name(check.name, labels),
                    check.value,
                    verdict,
                    in_words(meaning, labels),
                )
            )
    frame = pd.DataFrame(rows, columns=["spec", "check", "value", "verdict", "meaning"])
    attention = int((frame["verdict"] != labels.text("verdict.ok")).sum())
    edition.say(
        "research.diagnostics", n=labels.integer(len(frame)), attention=labels.integer(attention),
        table=f"[@tbl-uji-{question.replace('_', '-')}]",
    )  # fmt: skip
    edition.doc.table(
        frame, f"uji-{question}".replace("_", "-"), labels.text("appendix.checks"), small=True,
        left=["spec", "check", "verdict", "meaning"], formats={"value": "number:2"}, source=edition.source("panel"),
        headers={name: labels.column(name) for name in frame.columns},
    )  # fmt: skip


def replication(edition: Edition, *questions: str) -> None:
    """What another needs to get the same numbers: data, code, specification, and the numbers unrounded."""
    labels = edition.labels
    edition.doc.appendix(labels.text("research.replication"), "replikasi")
    edition.say(
        "research.replication_text", version=__version__, stamp=data_stamp(edition)[:16],
        rows=labels.integer(len(research_frame(edition))),
    )  # fmt: skip
    edition.doc.text("```python\n" + code(questions[0], edition.year) + "\n```")
    rows = []
    for question in questions:
        for name, result in results(edition, question).items():
            line = result.term(QUESTIONS[question].exposure)
            rows.append(
                (labels.text(f"spec.{name}"), QUESTIONS[question].exposure, float(line["estimate"]),
                 float(line["std_error"]), float(line["df"]), int(result.glance()["n"]))
            )  # fmt: skip
    frame = pd.DataFrame(rows, columns=["spec", "term", "estimate", "std_error", "df", "n"])
    columns = {
        "spec": "text",
        "term": "text",
        "estimate": "number:6",
        "std_error": "number:6",
        "df": "number:2",
        "n": "integer",
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "replikasi", labels.text("research.replication_table"), left=2, source=edition.source("panel"),
        note=labels.text("research.replication_note"), **shown.options(),
    )  # fmt: skip
    specs = [
        (labels.text(f"spec.{name}"), spec_fields(spec))
        for name, spec in specs_of(edition, questions[0]).items()
    ]
    edition.doc.table(
        pd.DataFrame(specs, columns=["spec", "fields"]), "spesifikasi-lengkap",
        labels.text("research.spec_table"), small=True, left=2,
        headers={"spec": labels.column("spec"), "fields": labels.column("fields")},
    )  # fmt: skip


def spec_fields(spec: ModelSpec) -> str:
    """The fields of a specification that are set and that its kind uses."""
    unused = {"link", "reml", "quadrature"} if spec.kind in LINEAR_KINDS else set()
    fields = {
        name: value
        for name, value in spec.to_dict().items()
        if value not in (None, (), {}, []) and name not in unused
    }
    return json.dumps(fields, ensure_ascii=False, default=str)


def code(question: str, year: int) -> str:
    """A program of a few lines that fits the main specification of a question again."""
    asked = QUESTIONS[question]
    spec = asked.specs()["fixed_effects"]
    arguments = [f'outcome="{spec.outcome}"', f"exposures={spec.exposures!r}", f'kind="{spec.kind}"',
                 f"effects={spec.effects!r}", f'cluster="{spec.cluster}"']  # fmt: skip
    return "\n".join(
        [
            "from kinerja_lib.models import ModelSpec, fit",
            "from kinerja_lib.reporting import research",
            "",
            'edition = research.open_research("all", "' + str(year) + '", "id", ".")',
            "frame = research.research_frame(edition)",
            "spec = ModelSpec(",
            *(f"    {argument}," for argument in arguments),
            ")",
            f'print(fit(frame, spec).term("{asked.exposure}"))',
        ]
    )
