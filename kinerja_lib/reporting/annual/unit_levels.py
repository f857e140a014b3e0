"""What goes together with a unit's property: a multilevel model, the unit's lasting level apart from its changes.

A property of the unit (its leader, its facilities) varies between units and, within a unit, over time. Units with a
better leader may differ in much else, so the term of changes within the same unit is the one spoken of (Bell & Jones
2015, Political Science Research and Methods 3:133). Errors are CR2 with Satterthwaite's degrees of freedom by unit.
"""

from __future__ import annotations

from functools import lru_cache

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Claim, Finding, Limits, finding_from_fit
from kinerja_lib.language import Labels
from kinerja_lib.models import FitResult, ModelSpec
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import kept_fit, model_frame

LABELS = {lang: Labels(lang) for lang in ("id", "en")}
PROPERTIES = ("kepemimpinan_10", "fasilitas_10")
SPEC = ModelSpec(
    outcome="baik_persen",
    exposures=(*(f"{name}_{part}" for name in PROPERTIES for part in ("dalam", "antar")), "jp_10"),
    controls=("masa_kerja", "jenis_jabatan", "pendidikan", "periode"),
    kind="multilevel", groups=("unit_kerja",), cluster="unit_kerja", errors="CR2",
)  # fmt: skip
CLAIMS = {
    "kepemimpinan_10": ("kepemimpinan", ("perubahan indeks kepemimpinan di unit yang sama", "a change of the leadership index within the same unit")),
    "fasilitas_10": ("fasilitas_kinerja", ("perubahan indeks fasilitas di unit yang sama", "a change of the facility index within the same unit")),
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
        return kept_fit(edition, frame, SPEC)
    except ModelError:
        return None


def unit_relation(edition: Edition, name: str) -> Finding | None:
    """What may be said of ten more points of a unit's property and the chance of a good predicate; None without a model."""
    result, term = unit_model(edition), f"{name}_dalam"
    if result is None or term not in result.terms:
        return None
    topic, exposure = CLAIMS[name]
    claim = Claim(
        topic=topic, term=term, exposure=exposure, design="selection_on_observables",
        outcome=("peluang berpredikat Baik ke atas", "the chance of a predicate of Baik or better"),
        step=("kenaikan 10 poin", "a rise of 10 points"), unit=("poin persentase", "percentage points"), digits=1, margin=0.5,
    )  # fmt: skip
    bounds = edition.config.thresholds
    limits = Limits(
        minimum_clusters=bounds.minimum_clusters, minimum_df=bounds.minimum_df, alpha=bounds.alpha
    )
    return finding_from_fit(result, claim, limits=limits, labels=LABELS)
