"""Cover, scope and signature."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MARKER
from kinerja_lib.display import shown_table
from kinerja_lib.indicators import standing
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.linked_tables import staff_by_post
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.document import inert


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


def _away(edition: Edition) -> None:
    """How many the duties of the year do not hold, by class where it is not of few people."""
    away, labels, small = edition.away, edition.labels, edition.smallest
    away = away[away["tahun"] == edition.year] if len(away) else away
    if len(away) and not edition.whole:
        away = away[away["instansi"].astype("str") == edition.instansi]
    if not len(away):
        return
    counts = standing(away["kedudukan_hukum"]).value_counts().sort_index()
    shown = [f"{labels.category(name)} ({labels.integer(count)})" for name, count in counts.items()]
    several = (counts >= small).all()
    edition.say(
        "scope.away_classes" if several else "scope.away", n=in_words(edition, len(away)), year=edition.year,
        classes=labels.listing(shown) if several else "",
    )  # fmt: skip


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
    _away(edition)
    small, posts = edition.smallest, staff_by_post(edition)
    cells = np.where(posts.hidden, MARKER, posts.values.astype("object"))
    counts = pd.DataFrame(cells, columns=["pns", "lainnya", "jumlah"]).assign(jenis=[*posts.names, "total"])
    columns = {"jenis": "text", "pns": "integer", "lainnya": "integer", "jumlah": "integer"}
    shown = shown_table(counts, columns, labels)
    edition.doc.table(
        shown.frame, "ruang-lingkup", labels.text("scope.table", year=edition.year), bold=[-1],
        source=edition.source("pegawai"), note=labels.text("note.withheld", n=small), **shown.options(),
    )  # fmt: skip


def signature(edition: Edition) -> None:
    """Where the head signs: the agency's own signatory, the project's for the government or where it is of one agency."""
    letter = edition.config.letterhead
    own = edition.config.instansi.get(edition.instansi)
    shared = (
        edition.whole or edition.tables["panel"]["instansi"].nunique() == 1
    )  # else it is the government's
    post = (own.signatory_post if own else "") or (letter.signatory_post if shared else "")
    if not post:
        post = edition.labels.text("cover.head_whole" if edition.whole else "cover.head", body=edition.body)
    name = (own.signatory_name if own else "") or (letter.signatory_name if shared else "")
    edition.doc.signature(post=post, name=name, place=letter.place, date=letter.date or None)
