"""Lampiran: further recommendations, all measures by group, the estimates in full, the rejected rows by reason."""

from __future__ import annotations

import pandas as pd

from kinerja_lib.cleaning import reason_label
from kinerja_lib.display import regression_table, shown_table
from kinerja_lib.reporting.annual.advice import further_table
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import EXPOSURES, estimates
from kinerja_lib.reporting.annual.facts import facts, is_good, meets_jp
from kinerja_lib.reporting.annual.measures import mean_by, share_by
from kinerja_lib.reporting.annual.professionalism import scores
from kinerja_lib.reporting.wording import check_name, in_words


def appendix(edition: Edition) -> None:
    """Everything a reader may want to check."""
    labels, doc = edition.labels, edition.doc
    further_table(edition)
    doc.appendix(labels.text("appendix.measures"), "ukuran")
    frame = measures_by_group(edition)
    percents = ("good", "jp_share")
    columns = {edition.group: "text", "staff": "integer", **dict.fromkeys(percents, "percent:1"), "jp_mean": "number:1",
               **dict.fromkeys(("facilities", "leadership", "awareness", "ip_asn"), "number:1")}  # fmt: skip
    shown = shown_table(frame, columns, labels)
    doc.table(
        shown.frame, "ukuran", labels.text("appendix.measures_table", year=edition.year), small=True, bold=[-1],
        source=edition.source("pegawai", "penilaian", "pelatihan", "fasilitas", "survei"),
        note=labels.text("note.small", n=edition.smallest), **shown.options(),
    )  # fmt: skip
    found = estimates(edition)
    if found:
        doc.appendix(labels.text("appendix.models"), "model")
        edition.say("appendix.models_text", government=edition.government)
        tables = {labels.text(f"spec.{name}"): result.tidy() for name, result in found.items()}
        terms = {term: labels.text(f"term.{term}") for term in (*EXPOSURES, "masa_kerja")}
        table = regression_table(tables, terms, labels)
        doc.table(
            table, "regresi", labels.text("appendix.models_table"), left=1, source=edition.source("panel"),
            note=labels.text("appendix.models_note"),
        )  # fmt: skip
        checks = _checks(edition)
        if len(checks):
            doc.table(
                checks, "uji", labels.text("appendix.checks"), small=True, left=["spec", "check", "meaning"],
                headers={name: labels.column(name) for name in checks.columns}, formats={"value": "number:2"},
            )  # fmt: skip
    _rejected(edition)


def measures_by_group(edition: Edition) -> pd.DataFrame:
    """One row a group, the whole last; measures of small groups are missing."""
    now = facts(edition, edition.year)
    groups = share_by(edition, now.staff, now.staff["dinilai"])[["code", "label", "n"]].set_index("code")
    parts = {
        "good": share_by(edition, now.annual, is_good(now.annual)),
        "jp_share": share_by(edition, now.staff, meets_jp(edition, now.staff)),
        "jp_mean": mean_by(edition, now.staff, "jp"),
        "facilities": mean_by(edition, now.panel, "fasilitas_indeks"),
        "leadership": mean_by(edition, now.panel, "kepemimpinan_indeks"),
        "awareness": mean_by(edition, now.panel, "kesadaran_indeks"),
        "ip_asn": mean_by(edition, scores(edition, edition.year), "ip_asn"),
    }
    frame = groups.rename(columns={"label": edition.group, "n": "staff"})
    for name, part in parts.items():
        frame[name] = part.set_index("code")["value"].reindex(frame.index)
    frame.loc[frame["staff"] < edition.smallest, list(parts)] = None
    whole = {name: getattr(now, name) for name in parts}
    last = pd.DataFrame(
        [{edition.group: edition.labels.text("word.total"), "staff": len(now.staff), **whole}]
    )
    return pd.concat([frame.sort_values(edition.group), last], ignore_index=True)


def _checks(edition: Edition) -> pd.DataFrame:
    rows = []
    for name, result in estimates(edition).items():
        for check in result.checks:
            meaning = check.meaning_en if edition.lang == "en" else check.meaning_id
            verdict = edition.labels.text(f"verdict.{check.verdict}")
            shown = (
                check_name(check.name, edition.labels),
                check.value,
                verdict,
                in_words(meaning, edition.labels),
            )
            rows.append((edition.labels.text(f"spec.{name}"), *shown))
    return pd.DataFrame(rows, columns=["spec", "check", "value", "verdict", "meaning"])


def _rejected(edition: Edition) -> None:
    labels, ledger = edition.labels, edition.ledger
    if not len(ledger) or "reason" not in ledger.columns:
        return
    from kinerja_lib.schema.fields import table as described

    counted = ledger.groupby(["table", "action", "reason"]).size().rename("rows").reset_index()
    counted["table"] = [
        described(str(name)).label(edition.lang) if name else labels.text("data.unused")
        for name in counted["table"]
    ]
    counted["action"] = [labels.text(f"chart.{name}") for name in counted["action"].astype("str")]
    counted["reason"] = [reason_label(str(code), edition.lang) for code in counted["reason"]]
    counted = counted.sort_values("rows", ascending=False, ignore_index=True).head(40)
    edition.doc.appendix(labels.text("appendix.rejected"), "ditolak")
    shown = shown_table(
        counted, {"table": "text", "action": "text", "reason": "text", "rows": "integer"}, labels
    )
    edition.doc.table(
        shown.frame, "ditolak", labels.text("appendix.rejected_table"), small=True, left=3, source=edition.source("ekspor"),
        **shown.options(),
    )  # fmt: skip
