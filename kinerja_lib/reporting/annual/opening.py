"""Cover, executive summary, scope and signature."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER, protect
from kinerja_lib.display import shown_table
from kinerja_lib.reporting.annual.conclusions import findings
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.document import KeyFigure, inert


def cover(edition: Edition) -> None:
    """The title page, from the project's letterhead and the agency's own."""
    labels = edition.labels
    subtitle = labels.text("cover.subtitle", year=edition.year)
    edition.doc.cover(labels.text("cover.title"), subtitle=subtitle, **cover_lines(edition))


def cover_lines(edition: Edition) -> dict[str, Any]:
    """What every report's title page takes from the letterhead: keyword arguments of ``Document.cover``."""
    letter, own = edition.config.letterhead, edition.config.instansi.get(edition.instansi)
    logo = (own.logo if own else "") or letter.logo
    lines = [edition.government] if edition.whole else [edition.body, edition.government]
    return {
        "agency": [*lines, (own.unit if own else "") or letter.unit],
        "number": (own.number if own else "") or letter.number,
        "place": letter.place,
        "date": letter.date or None,
        "classification": letter.classification,
        "logo": edition.root / logo if logo else None,
        "synthetic": edition.synthetic,
        "color": (own.color if own else "") or letter.color,
    }


def summary(edition: Edition) -> None:
    """Key figures with their change on last year, then the findings."""
    labels, now = edition.labels, facts(edition, edition.year)
    edition.say(
        "summary.opening",
        body=inert(edition.body),
        year=edition.year,
        staff=labels.integer(len(now.staff)),
        appraised=labels.integer(len(now.annual)),
        good=labels.percent(now.good),
        jp=labels.percent(now.jp_share),
        due=labels.integer(edition.config.thresholds.jp_pns),
    )
    edition.doc.key_figures(_key_figures(edition))
    edition.doc.findings(findings(edition), title=labels.text("summary.findings"))
    edition.say("summary.recommendations")


def _key_figures(edition: Edition) -> list[KeyFigure]:
    labels = edition.labels
    now, before = facts(edition, edition.year), facts(edition, edition.year - 1)
    since = labels.text("key.since", year=edition.year - 1)
    rows = [
        ("good", now.good, before.good, "percent:1", "", labels.integer(len(now.annual))),
        ("jp", now.jp_share, before.jp_share, "percent:1", "", labels.number(now.jp_mean)),
        ("facilities", now.facilities, before.facilities, "number:1", "", ""),
        ("ikm", now.ikm, before.ikm, "number:1", "", ""),
        ("on_time", now.on_time, before.on_time, "percent:1", "", ""),
        ("ip_asn", now.ip_asn, before.ip_asn, "number:1", "", ""),
    ]
    boxes = []
    for name, value, last, form, unit, note in rows:
        if math.isnan(value):
            continue
        change = None
        if not math.isnan(last):
            # a difference of two shares is in percentage points
            change = (value - last) * (100 if form.startswith("percent") else 1)
        points = labels.text("key.points") if form.startswith("percent") else ""
        boxes.append(
            KeyFigure(
                labels.text(f"key.{name}"), value, form, unit=unit,
                note=labels.text(f"key.{name}_note", value=note), change=change,
                change_note=" ".join(filter(None, (points, since))) if change is not None else "",
            )
        )  # fmt: skip
    return boxes


def scope(edition: Edition) -> None:
    """Whom and what the report covers: staff by status and kind of post."""
    labels, now = edition.labels, facts(edition, edition.year)
    groups = now.staff[edition.group].astype("str").nunique()
    edition.say(
        "scope.text" if edition.whole else "scope.text_agency",
        body=inert(edition.body), year=edition.year, staff=labels.integer(len(now.staff)),
        groups=labels.integer(groups),
        units=labels.integer(now.staff["unit_kerja"].astype("str").nunique()),
    )  # fmt: skip
    counts = (
        now.staff.assign(jenis=now.staff["jenis_jabatan"].astype("str"))
        .groupby("jenis")["status_pegawai"]
        .agg(pns=lambda s: int((s.astype("str") == "PNS").sum()), jumlah="size")
        .reset_index()
        .sort_values("jumlah", ascending=False)
    )
    counts["lainnya"] = counts["jumlah"] - counts["pns"]
    small = edition.smallest
    safe = protect(counts[["pns", "lainnya"]].to_numpy(), small)
    cells = np.where(safe.hidden, MARKER, safe.values.astype("object"))
    counts = pd.DataFrame(cells, columns=["pns", "lainnya", "jumlah"]).assign(
        jenis=[*counts["jenis"], "total"]
    )
    columns = {"jenis": "text", "pns": "integer", "lainnya": "integer", "jumlah": "integer"}
    shown = shown_table(counts, columns, labels)
    edition.doc.table(
        shown.frame, "ruang-lingkup", labels.text("scope.table", year=edition.year), bold=[-1],
        source=edition.source("pegawai"), note=labels.text("note.withheld", n=small), **shown.options(),
    )  # fmt: skip


def signature(edition: Edition) -> None:
    """Where the head of the agency signs; nothing where the project names no signatory."""
    letter = edition.config.letterhead
    own = edition.config.instansi.get(edition.instansi)
    post = (own.signatory_post if own else "") or letter.signatory_post
    if not post:
        post = edition.labels.text("cover.head_whole" if edition.whole else "cover.head", body=edition.body)
    name = (own.signatory_name if own else "") or letter.signatory_name
    edition.doc.signature(post=post, name=name, place=letter.place, date=letter.date or None)
