"""Bab III, public service: IKM by group and element, its course by half-year, and performance of organisations."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding
from kinerja_lib.findings.associations import Ranked, finding_from_ranks
from kinerja_lib.indicators import ikm_category, ikm_summary, ikm_trend
from kinerja_lib.language import Labels
from kinerja_lib.models.rank_association import rank_association
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import UNSUR, facts, is_good
from kinerja_lib.reporting.annual.finding_lines import in_chapter
from kinerja_lib.reporting.annual.measures import organisation_predicate
from kinerja_lib.reporting.annual.pictures import dots_figure
from kinerja_lib.schema.fields import field
from kinerja_lib.schema.predikat import PREDIKAT_ORGANISASI

PERIODS = 6  # half-years or quarters shown
RELATIONS = {
    "organisation": ("predikat kinerja organisasi", "the organisation's performance rating"),
    "staff": ("bagian pegawai berpredikat Baik ke atas", "the share of staff rated Good or better"),
}
BOTH = {lang: Labels(lang) for lang in ("id", "en")}


def service(edition: Edition) -> None:
    """IKM by group, its nine elements, its course, and whether agencies that serve better perform better."""
    labels, now = edition.labels, facts(edition, edition.year)
    rows = edition.rows("layanan", edition.year)
    if not len(rows) or np.isnan(now.ikm):
        edition.say("word.no_data")
        return
    whole = ikm_summary(rows, ()).iloc[0]
    before = facts(edition, edition.year - 1).ikm
    edition.say(
        "service.text", value=labels.number(now.ikm, 2), band=ikm_category(now.ikm),
        change=edition.moved(now.ikm - before, 2), year=edition.year - 1, n=labels.integer(int(whole["respondents"])),
    )  # fmt: skip
    left_out = int(rows[list(UNSUR)].isna().any(axis=1).sum())
    if left_out:
        edition.say("service.incomplete", n=labels.integer(left_out))
    groups = ikm_summary(rows, (edition.group,))
    frame = pd.DataFrame(
        {"code": groups[edition.group].astype("str"), "n": groups["respondents"], "value": groups["ikm"]}
    )
    frame.insert(1, "label", [edition.name(code) for code in frame["code"]])
    frame = frame.assign(low=np.nan, high=np.nan)
    dots_figure(edition, frame, "ikm", "service.groups", ("layanan",), reference=now.ikm, interval=False)
    _elements(edition, whole)
    _course(edition)
    edition.say("service.relation")
    in_chapter(edition, "layanan_kinerja")


def _elements(edition: Edition, whole: pd.Series) -> None:
    labels = edition.labels
    table = pd.DataFrame(
        {
            "element": [field(name).label(edition.lang) for name in UNSUR],
            "mean": [float(whole[name]) for name in UNSUR],
        }
    )
    table["ikm"] = table["mean"] * 25
    shown = shown_table(table, {"element": "text", "mean": "number:2", "ikm": "number:2"}, labels)
    weakest = table.loc[table["mean"].idxmin()]
    edition.doc.table(
        shown.frame,
        "unsur",
        labels.text("service.table", year=edition.year),
        source=edition.source("layanan"),
        **shown.options(),
    )
    edition.say("service.weakest", element=weakest["element"], value=labels.number(weakest["mean"], 2))


def _course(edition: Edition) -> None:
    """The index of each half-year or quarter up to the year, with its change."""
    labels, rows = edition.labels, edition.rows("layanan")
    rows = rows[rows["periode"].str[:4].astype("int64") <= edition.year]
    frame = ikm_trend(rows, ()).sort_values("periode").tail(PERIODS).reset_index(drop=True)
    if len(frame) < 2:
        return
    frame["periode"] = [labels.periode(text) for text in frame["periode"]]
    beyond = [labels.text("service.moved" if moved else "service.within") for moved in frame["moved"]]
    frame["beyond"] = pd.Series(beyond).where(frame["change"].notna(), labels.number(None))
    columns = {
        "periode": "text",
        "respondents": "integer",
        "ikm": "number:2",
        "low": "number:2",
        "high": "number:2",
        "kategori": "text",
        "change": "signed:2",
        "beyond": "text",
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "tren-ikm", labels.text("service.trend"), source=edition.source("layanan"), note=labels.text("service.trend_note"),
        **shown.options(),
    )  # fmt: skip


@lru_cache(maxsize=4)
def relations(edition: Edition) -> tuple[Finding, ...]:
    """What may be said of IKM and performance between the government's agencies, the same in every report."""
    frame = agencies(edition)
    found = []
    for name, outcome in RELATIONS.items():
        pair = frame[["ikm", name]].dropna()
        try:
            ranks = rank_association(pair["ikm"], pair[name], lang=edition.lang)
            numbers = (ranks.n, ranks.tau, ranks.tau_low, ranks.tau_high, ranks.p_value)
        except ModelError:
            numbers = (len(pair), np.nan, np.nan, np.nan, np.nan)
        ranked = Ranked(
            "layanan_kinerja",
            ("IKM", "the public satisfaction index (IKM)"),
            outcome,
            ("instansi", "agencies"),
            *numbers,
        )
        found.append(finding_from_ranks(ranked, alpha=edition.config.thresholds.alpha, labels=BOTH))
    return tuple(found)


def agencies(edition: Edition) -> pd.DataFrame:
    """Each agency of the government in the year: ``ikm``, ``organisation`` (its predicate, 1–5) and ``staff`` (share of
    staff rated Baik or better; missing where few were rated)."""
    rows = edition.rows("layanan", edition.year, everyone=True)
    groups = ikm_summary(rows, ("instansi",))
    frame = groups.assign(instansi=groups["instansi"].astype("str")).set_index("instansi")[["ikm"]]
    rank = {name: place for place, name in enumerate(PREDIKAT_ORGANISASI, start=1)}
    own = {code: organisation_predicate(edition, code) for code in frame.index}
    frame["organisation"] = [float(rank[own[code] or ""]) if own[code] else np.nan for code in frame.index]
    appraised = edition.rows("penilaian", everyone=True)
    annual = appraised[(appraised["periode"] == str(edition.year)) & appraised["predikat"].notna()]
    share = is_good(annual).groupby(annual["instansi"].astype("str")).agg(["mean", "size"])
    frame["staff"] = share["mean"].where(share["size"] >= edition.smallest).reindex(frame.index)
    return frame


def service_findings(edition: Edition) -> list[Finding]:
    """What may be said of the satisfaction index and the performance of organisations; the level has its own finding."""
    return list(relations(edition))
