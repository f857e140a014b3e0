"""What goes together with a unit's property: a multilevel model, the unit's lasting level apart from its changes.

A property of the unit (its leader, its facilities) varies between units and, within a unit, over time. Both contrasts
are spoken of, each as a finding of its own: changes within the same unit (Bell & Jones 2015, Political Science Research
and Methods 3:133), and lasting differences between units of the same agency. Agencies have effects of their own, since
the organisation's predicate steers the predicates of its staff (SE MenPANRB 3/2023) and an agency with lenient raters
and poor facilities would turn the comparison of units around. Errors are CR2 with Satterthwaite's degrees of freedom by
unit.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Claim, Finding, Limits, finding_from_fit
from kinerja_lib.language import Labels
from kinerja_lib.models import FitResult, ModelSpec
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import among_agencies, kept_fit, model_frame

LABELS = {lang: Labels(lang) for lang in ("id", "en")}
PROPERTIES = ("kepemimpinan_10", "fasilitas_10")
CONTRASTS = {"dalam": "within_units", "antar": "between_units"}  # the claim of changes first
SPEC = ModelSpec(
    outcome="baik_persen",
    exposures=(*(f"{name}_{part}" for name in PROPERTIES for part in CONTRASTS), "jp_10"),
    controls=("masa_kerja", "jenis_jabatan", "pendidikan", "instansi", "periode"),
    kind="multilevel", groups=("unit_kerja",), cluster="unit_kerja", errors="CR2",
)  # fmt: skip
CLAIMS = {
    "kepemimpinan_10": ("kepemimpinan", ("indeks kepemimpinan", "the leadership index")),
    "fasilitas_10": ("fasilitas_kinerja", ("indeks fasilitas", "the facility index")),
}
#: of each contrast: the exposure around its noun, and the step
WORDS = {
    "dalam": (("perubahan {} di unit yang sama", "a change of {} within the same unit"),
              ("kenaikan 10 poin", "a rise of 10 points")),
    "antar": (("perbedaan {} antarunit pada instansi yang sama", "a difference in {} between units of the same agency"),
              ("indeks yang 10 poin lebih tinggi", "an index higher by 10 points")),
}  # fmt: skip


@lru_cache(maxsize=4)
def unit_model(edition: Edition) -> FitResult | None:
    """The model on the government's panel up to the year; None where the data can't answer it."""
    frame = model_frame(edition)
    for name in PROPERTIES:
        level = frame[name].groupby(frame["unit_kerja"]).transform("mean")
        frame[f"{name}_antar"], frame[f"{name}_dalam"] = level, frame[name] - level
    frame = frame.dropna(subset=["unit_kerja"]).reset_index(drop=True)
    try:
        return kept_fit(edition, frame, among_agencies(frame, SPEC))
    except ModelError:
        return None


def unit_relation(edition: Edition, name: str, part: str = "dalam") -> Finding | None:
    """What may be said of ten more points of a unit's property and the chance of a good predicate.

    Parameters
    ----------
    name : str
        One of ``PROPERTIES``.
    part : str
        ``dalam``: changes within the same unit; ``antar``: lasting differences between units of the same agency.

    Returns
    -------
    Finding or None
        With its ``contrast``; None without a model.
    """
    result, term = unit_model(edition), f"{name}_{part}"
    if result is None or term not in result.terms:
        return None
    topic, nouns = CLAIMS[name]
    around, step = WORDS[part]
    claim = Claim(
        topic=topic, term=term, exposure=(around[0].format(nouns[0]), around[1].format(nouns[1])),
        design="selection_on_observables",
        outcome=("peluang berpredikat Baik ke atas", "the chance of a rating of Good or better"),
        step=step, unit=("poin persentase", "percentage points"), digits=1, margin=0.5,
    )  # fmt: skip
    bounds = edition.config.thresholds
    limits = Limits(
        minimum_clusters=bounds.minimum_clusters, minimum_df=bounds.minimum_df, alpha=bounds.alpha
    )
    found = finding_from_fit(result, claim, limits=limits, labels=LABELS)
    return replace(found, contrast=CONTRASTS[part])
