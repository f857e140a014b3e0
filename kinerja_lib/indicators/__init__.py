"""PANEL and TABLES -> OFFICIAL MEASURES. Small frames, each with its regulation; boundary values are decided.

``by`` names the grouping columns, ``()`` the whole. Frames of persons ("never for print") feed the
summaries only.

==========================
===================================================================================== ``predikat_shares``
(frame, by) predikat, count, n, share ``expected_curve``          (predikat_organisasi) shares the
organisation's predicate lets expect ``against_curve``           (frame, by) shares beside the curve,
difference, distance ``limits_test``             (counts, predikat_organisasi) limits of SE MenPANRB 3/2023,
exact binomial tests ``limits_check``            (frame, by) the same for each group ``transitions``
(panel, by) moves from one quarter to the next ``matrix_mismatch``         (frame, by) printed predicates
that differ from the matrix ``completeness``            (penilaian, pegawai, periode, by) staff with and
without an appraisal ``completeness_by_quarter`` (penilaian, pegawai, tahun, by) the same for four quarters
``timeliness``              (penilaian, by, days=30) appraisals set in time ``yearly_hours``
(pegawai, pelatihan, tahun, until=) persons: JP and what is due ``rights_met``              (hours, by) who
has had it, JP still owed ``hours_by_kind``           (pelatihan, tahun, by) JP by kind of training, cost
per JP ``ip_asn_scores``           (pegawai, pelatihan, penilaian, hukuman, tahun) persons: four dimensions
and total ``ip_asn_summary``          (scores, by) means and category · ``ip_category`` (value)
``qualification``           (penilaian, hukuman, penghargaan, tahun) persons: penghargaan, pembinaan,
follow-up ``follow_up_summary``       (qualified, by) counts, share met, days ``reward_rates``
(panel, trait, by) rewards, sanctions, Sangat Baik by sex or rank ``ikm``                     (layanan)
index by unit and period · ``ikm_summary`` (layanan, by) · ``ikm_trend`` ``ikm_category``            (value)
A–D ``skp_of_year``             (penilaian, pegawai, tahun) persons: SKP set, on time, cascaded
``skp_summary``             (skp, by) shares on time, cascaded, without ``leadership_summary``
(kepemimpinan, by) meetings held, feedback per subordinate, span ``survey_scales``           (survei, by,
minimum_group=5) mean, agreement, Cronbach's α · ``cronbach_alpha`` ``stagnation``              (panel, by,
periods=4) no change of predicate and no training ``project_summary``         (laporan_tugas, by) finished
on time · ``obstacles`` (laporan_tugas, by) classes ``facility_summary``        (panel, by) indices ·
``facility_gaps`` (summary, target=60) · ``missing_facilities`` ``credit_points``
(jenjang_jabatan, predikat, months=12) · ``credit_summary`` (penilaian, pegawai, tahun, by) ``regulation``
(name) the TOML table behind an indicator ==========================
=====================================================================================

Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.indicators.angka_kredit import credit_points, credit_summary
    from kinerja_lib.indicators.appraisal_flow import completeness, completeness_by_quarter, timeliness
    from kinerja_lib.indicators.awareness import cronbach_alpha, stagnation, survey_scales
    from kinerja_lib.indicators.distribution import (
        against_curve,
        expected_curve,
        limits_check,
        limits_test,
        matrix_mismatch,
        predikat_shares,
        transitions,
    )
    from kinerja_lib.indicators.facilities import facility_gaps, facility_summary, missing_facilities
    from kinerja_lib.indicators.follow_up import follow_up_summary, qualification, reward_rates
    from kinerja_lib.indicators.ip_asn import ip_asn_scores, ip_asn_summary, ip_category
    from kinerja_lib.indicators.leadership import leadership_summary
    from kinerja_lib.indicators.project_reports import obstacles, project_summary
    from kinerja_lib.indicators.regulation_tables import regulation
    from kinerja_lib.indicators.service import ikm, ikm_category, ikm_summary, ikm_trend
    from kinerja_lib.indicators.task_clarity import skp_of_year, skp_summary
    from kinerja_lib.indicators.training_rights import hours_by_kind, rights_met, yearly_hours

_MODULES = {
    "angka_kredit": ("credit_points", "credit_summary"),
    "appraisal_flow": ("completeness", "completeness_by_quarter", "timeliness"),
    "awareness": ("cronbach_alpha", "stagnation", "survey_scales"),
    "distribution": (
        "against_curve",
        "expected_curve",
        "limits_check",
        "limits_test",
        "matrix_mismatch",
        "predikat_shares",
        "transitions",
    ),
    "facilities": ("facility_gaps", "facility_summary", "missing_facilities"),
    "follow_up": ("follow_up_summary", "qualification", "reward_rates"),
    "ip_asn": ("ip_asn_scores", "ip_asn_summary", "ip_category"),
    "leadership": ("leadership_summary",),
    "project_reports": ("obstacles", "project_summary"),
    "regulation_tables": ("regulation",),
    "service": ("ikm", "ikm_category", "ikm_summary", "ikm_trend"),
    "task_clarity": ("skp_of_year", "skp_summary"),
    "training_rights": ("hours_by_kind", "rights_met", "yearly_hours"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "against_curve",
    "completeness",
    "completeness_by_quarter",
    "credit_points",
    "credit_summary",
    "cronbach_alpha",
    "expected_curve",
    "facility_gaps",
    "facility_summary",
    "follow_up_summary",
    "hours_by_kind",
    "ikm",
    "ikm_category",
    "ikm_summary",
    "ikm_trend",
    "ip_asn_scores",
    "ip_asn_summary",
    "ip_category",
    "leadership_summary",
    "limits_check",
    "limits_test",
    "matrix_mismatch",
    "missing_facilities",
    "obstacles",
    "predikat_shares",
    "project_summary",
    "qualification",
    "regulation",
    "reward_rates",
    "rights_met",
    "skp_of_year",
    "skp_summary",
    "stagnation",
    "survey_scales",
    "timeliness",
    "transitions",
    "yearly_hours",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
