"""Bab III, distribution: how raters use the scale, and whether their severity can be compared. No rater is named."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding
from kinerja_lib.findings.finding import Gate, unsaid
from kinerja_lib.models.rater_use import RaterUse
from kinerja_lib.models.rater_use import rater_use as measured
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import in_words
from kinerja_lib.reporting.annual.unit_levels import LABELS

TOPIC = "pemusatan_predikat"


@lru_cache(maxsize=4)
def raters_of(edition: Edition) -> RaterUse | None:
    """Raters of the scope, by the agency where they rate most; each is set beside all raters of the government."""
    panel = edition.rows("panel", edition.year, everyone=True)
    try:
        found = measured(panel, minimum=edition.smallest, lang=edition.lang)
    except ModelError:
        return None
    if edition.whole:
        return found
    counts = panel.groupby([panel["id_penilai"].astype("str"), panel["instansi"].astype("str")]).size()
    home = counts.rename_axis(["rater", "instansi"]).rename("rows").reset_index()
    home = home.sort_values(["rows", "instansi"], ascending=[False, True]).drop_duplicates("rater")
    own = set(home.loc[home["instansi"] == edition.instansi, "rater"])
    raters = found.raters[found.raters["rater"].isin(own)].reset_index(drop=True)
    parts = found.components[found.components["component"].isin(raters["component"])]
    return RaterUse(raters, parts.reset_index(drop=True), found.hidden)


def rater_use(edition: Edition) -> None:
    """Central tendency, and the refusal to compare severity where the raters are not linked."""
    labels, found, small = edition.labels, raters_of(edition), edition.smallest
    n = 0 if found is None else len(found.raters)
    if found is None or n < small:
        edition.say("rater_use.few", n=small)
        return
    own = found.raters
    central = int(own["central"].sum())
    edition.say(
        "rater_use.scale", n=labels.integer(n), smallest=small, mode=labels.percent(float(own["mode_share"].median())),
        spread=labels.number(float(own["sd"].median()), 2),
    )  # fmt: skip
    edition.say("rater_use.some" if central else "rater_use.none", central=in_words(edition, central))
    groups = own["component"].nunique()
    edition.say("rater_use.linked" if groups == 1 else "rater_use.apart", groups=labels.integer(groups))


def rater_use_findings(edition: Edition) -> list[Finding]:
    """Raters whose predicates spread less than everybody's by more than chance, adjusted for the number of raters."""
    found, small = raters_of(edition), edition.smallest
    fmt = [LABELS[lang] for lang in ("id", "en")]
    about = [text.text("rater_use.about") for text in fmt]
    raters = pd.DataFrame() if found is None else found.raters
    n, central = len(raters), int(raters["central"].sum()) if len(raters) else 0
    gates = [
        Gate("raters", n >= small, float(n), float(small), *(text.text("rater_use.gate_few", n=small) for text in fmt)),
        Gate(
            "shown", not (0 < central < small or 0 < n - central < small), float(central), float(small),
            *(text.text("rater_use.gate_shown", n=small) for text in fmt),
        ),
    ]  # fmt: skip
    if not all(gate.passed for gate in gates):
        return [unsaid(TOPIC, about[0], about[1], gates, {})]
    evidence = {"estimate": central / n, "n": float(n), "count": float(central)}
    gates.append(
        Gate(
            "central",
            central > 0,
            float(central),
            1.0,
            *(text.text("rater_use.gate_chance", n=text.integer(n)) for text in fmt),
        )
    )
    if not central:
        return [unsaid(TOPIC, about[0], about[1], gates, evidence)]
    sentences = [
        text.text(
            "rater_use.central",
            central=text.integer(central),
            n=text.integer(n),
            share=text.percent(central / n),
        )
        for text in fmt
    ]
    ratio = float(raters.loc[raters["central"], "spread_ratio"].median())
    evidence["spread_ratio"] = ratio if np.isfinite(ratio) else 0.0
    return [
        Finding(TOPIC, sentences[0], sentences[1], "weak", "above", evidence, tuple(gates), design="groups")
    ]
