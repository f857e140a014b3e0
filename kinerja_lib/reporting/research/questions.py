"""The questions that researchers' reports ask of the panel: exposure, specifications, claims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinerja_lib.findings import Claim
from kinerja_lib.models import ModelSpec

CONTROLS = ("masa_kerja", "jenis_jabatan", "pendidikan")
AGENCY = "instansi"  # its predicate steers those of its staff: employees are compared within it
OUTCOME = ("peluang berpredikat Baik ke atas", "the chance of a rating of Good or better")
DESIGN_OF = {
    "fixed_effects": "fixed_effects",
    "first_difference": "fixed_effects",
    "cross_section": "selection_on_observables",
    "multilevel": "selection_on_observables",
}


@dataclass(frozen=True)
class Question:
    """One question.

    Attributes
    ----------
    key : str
        Section of the catalogue with the report's words.
    exposure : str
        Column whose coefficient is asked for, in units of the claim's step.
    others : tuple of str
        Further exposures, held in every main specification and optional in the specification curve.
    claim : Claim
        What may be said, for the strongest design.
    benchmark : tuple of str
        Observed controls, taken together, that an unmeasured one is compared with.
    nested : bool
        Whether a model with random intercepts of units and employees is fitted as well.
    """

    key: str
    exposure: str
    others: tuple[str, ...]
    claim: Claim
    benchmark: tuple[str, ...] = CONTROLS
    nested: bool = False

    @property
    def exposures(self) -> tuple[str, ...]:
        """The exposure first."""
        return (self.exposure, *self.others)

    def specs(self) -> dict[str, ModelSpec]:
        """Specifications by name, the strongest design first."""
        base = ModelSpec(
            outcome="baik_persen", exposures=self.exposures, controls=(*CONTROLS, AGENCY, "periode"), kind="linear",
            cluster="unit_kerja",
        )  # fmt: skip
        found = {
            "fixed_effects": base.replace(
                kind="fixed_effects", controls=(), effects=("id_pegawai", "periode")
            ),
            "first_difference": base.replace(
                kind="first_difference", controls=(), unit="id_pegawai", time="periode"
            ),
            "cross_section": base,
        }
        if self.nested:
            found["multilevel"] = base.replace(
                kind="multilevel", groups=("unit_kerja", "id_pegawai"), cluster=None
            )
        return found

    def claim_of(self, spec: str) -> Claim:
        """The claim, with the verb that the design of a specification earns."""
        return replace(self.claim, design=DESIGN_OF[spec])


def _claim(
    topic: str, term: str, exposure: tuple[str, str], step: tuple[str, str], margin: float = 0.5
) -> Claim:
    return Claim(
        topic=topic, term=term, exposure=exposure, outcome=OUTCOME, design="fixed_effects", step=step,
        unit=("poin persentase", "percentage points"), digits=1, margin=margin,
    )  # fmt: skip


QUESTIONS: Mapping[str, Question] = {
    "training": Question(
        "training_effect", "jp_10", ("fasilitas_10", "kepemimpinan_10"),
        _claim("pelatihan_kinerja", "jp_10", ("pelatihan (JP dalam 12 bulan)", "training (hours in 12 months)"),
               ("tambahan 10 JP", "an increase of 10 hours")),
    ),
    "facilities": Question(
        "facility_effect", "fasilitas_10", ("jp_10", "kepemimpinan_10"),
        _claim("fasilitas_kinerja", "fasilitas_10", ("fasilitas kerja unit", "the state of the unit’s facilities"),
               ("tambahan 10 poin indeks fasilitas", "an increase of 10 points in the facility index")),
    ),
    "it_access": Question(
        "facility_effect", "akses_ti_10", ("jp_10", "kepemimpinan_10"),
        _claim("akses_ti_kinerja", "akses_ti_10", ("akses TI unit", "the IT access of the unit"),
               ("tambahan 10 poin indeks akses TI", "an increase of 10 points in the IT access index")),
    ),
    "leadership": Question(
        "leadership_effect", "kepemimpinan_10", ("jp_10", "fasilitas_10"),
        _claim("kepemimpinan_kinerja", "kepemimpinan_10",
               ("kegiatan pimpinan unit", "what the unit’s leader does"),
               ("tambahan 10 poin indeks kepemimpinan", "an increase of 10 points in the leadership index")),
        nested=True,
    ),
}  # fmt: skip
