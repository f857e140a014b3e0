"""PANEL and TABLES -> OFFICIAL MEASURES. Small frames, each with its regulation; boundary values are decided.

``by`` names the grouping columns, ``()`` the whole. Frames of persons ("never for print") feed the
summaries only. One module a subject: ``distribution`` (predicates against the curve, limits of SE 3/2023,
transitions), ``appraisal_flow`` (complete, in time), ``training_rights``, ``ip_asn``, ``follow_up``
(penghargaan, pembinaan), ``qualifying`` (rule by rule), ``follow_up_time`` (the wait), ``coaching``,
``like_treatment`` (like cases), ``service`` (IKM), ``legal_standing`` (on duty or
away), ``task_clarity`` (SKP), ``leadership``, ``awareness``,
``outreach``,
``project_reports``, ``end_reports``, ``obstacle_classes``, ``quotable``, ``competence_needs``, ``competence_training``, ``programme``,
``training_supply``, ``facilities``, ``angka_kredit``, and ``regulation_tables`` for the TOML behind them.

Names load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.indicators.angka_kredit import credit_points, credit_summary
    from kinerja_lib.indicators.appraisal_flow import completeness, completeness_by_quarter, timeliness
    from kinerja_lib.indicators.awareness import cronbach_alpha, stagnation, survey_scales
    from kinerja_lib.indicators.coaching import coaching_cases, coaching_kinds, coaching_summary
    from kinerja_lib.indicators.competence_needs import competence_gap, gap_summary
    from kinerja_lib.indicators.competence_training import matched_share, unmatched_names
    from kinerja_lib.indicators.distribution import (
        against_curve,
        expected_curve,
        limits_check,
        limits_test,
        matrix_mismatch,
        predikat_shares,
        transitions,
    )
    from kinerja_lib.indicators.end_reports import end_report_summary
    from kinerja_lib.indicators.facilities import (
        facility_gaps,
        facility_summary,
        missing_facilities,
        part_summary,
    )
    from kinerja_lib.indicators.feedback import feedback_frequency
    from kinerja_lib.indicators.follow_up import follow_up_summary, qualification, reward_rates
    from kinerja_lib.indicators.follow_up_time import product_limit, waiting_summary, waiting_times
    from kinerja_lib.indicators.ip_asn import ip_asn_levers, ip_asn_scores, ip_asn_summary, ip_category
    from kinerja_lib.indicators.leadership import leadership_summary, span_of_control
    from kinerja_lib.indicators.legal_standing import on_duty, standing
    from kinerja_lib.indicators.like_treatment import consistency, like_cases, overturned
    from kinerja_lib.indicators.obstacle_classes import obstacle_shares, obstacle_summary
    from kinerja_lib.indicators.outreach import outreach_changes, outreach_summary, outreach_themes
    from kinerja_lib.indicators.programme import development_plan
    from kinerja_lib.indicators.project_reports import obstacles, project_summary
    from kinerja_lib.indicators.qualifying import follow_up_rules
    from kinerja_lib.indicators.quotable import examples
    from kinerja_lib.indicators.regulation_tables import regulation
    from kinerja_lib.indicators.service import ikm, ikm_category, ikm_summary, ikm_trend, ikm_value
    from kinerja_lib.indicators.task_clarity import skp_content, skp_of_year, skp_summary
    from kinerja_lib.indicators.training_rights import (
        hours_by_kind,
        rights_met,
        training_recorded,
        yearly_hours,
    )
    from kinerja_lib.indicators.training_supply import certificates, lead_times, training_cost

_MODULES = {
    "angka_kredit": ("credit_points", "credit_summary"),
    "appraisal_flow": ("completeness", "completeness_by_quarter", "timeliness"),
    "awareness": ("cronbach_alpha", "stagnation", "survey_scales"),
    "coaching": ("coaching_cases", "coaching_kinds", "coaching_summary"),
    "like_treatment": ("consistency", "like_cases", "overturned"),
    "competence_needs": ("competence_gap", "gap_summary"),
    "competence_training": ("matched_share", "unmatched_names"),
    "programme": ("development_plan",),
    "distribution": (
        "against_curve",
        "expected_curve",
        "limits_check",
        "limits_test",
        "matrix_mismatch",
        "predikat_shares",
        "transitions",
    ),
    "end_reports": ("end_report_summary",),
    "facilities": ("facility_gaps", "facility_summary", "missing_facilities", "part_summary"),
    "feedback": ("feedback_frequency",),
    "follow_up": ("follow_up_summary", "qualification", "reward_rates"),
    "qualifying": ("follow_up_rules",),
    "follow_up_time": ("product_limit", "waiting_summary", "waiting_times"),
    "ip_asn": ("ip_asn_levers", "ip_asn_scores", "ip_asn_summary", "ip_category"),
    "leadership": ("leadership_summary", "span_of_control"),
    "obstacle_classes": ("obstacle_shares", "obstacle_summary"),
    "project_reports": ("obstacles", "project_summary"),
    "quotable": ("examples",),
    "regulation_tables": ("regulation",),
    "service": ("ikm", "ikm_category", "ikm_summary", "ikm_trend", "ikm_value"),
    "legal_standing": ("on_duty", "standing"),
    "outreach": ("outreach_changes", "outreach_summary", "outreach_themes"),
    "task_clarity": ("skp_content", "skp_of_year", "skp_summary"),
    "training_rights": ("hours_by_kind", "rights_met", "training_recorded", "yearly_hours"),
    "training_supply": ("certificates", "lead_times", "training_cost"),
}
_HOMES = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "against_curve",
    "certificates",
    "coaching_cases",
    "coaching_kinds",
    "coaching_summary",
    "competence_gap",
    "completeness",
    "completeness_by_quarter",
    "consistency",
    "credit_points",
    "credit_summary",
    "cronbach_alpha",
    "development_plan",
    "end_report_summary",
    "examples",
    "expected_curve",
    "facility_gaps",
    "facility_summary",
    "feedback_frequency",
    "follow_up_rules",
    "follow_up_summary",
    "gap_summary",
    "hours_by_kind",
    "ikm",
    "ikm_category",
    "ikm_summary",
    "ikm_trend",
    "ikm_value",
    "ip_asn_levers",
    "ip_asn_scores",
    "ip_asn_summary",
    "ip_category",
    "lead_times",
    "leadership_summary",
    "like_cases",
    "limits_check",
    "limits_test",
    "matched_share",
    "matrix_mismatch",
    "missing_facilities",
    "obstacle_shares",
    "obstacle_summary",
    "obstacles",
    "on_duty",
    "outreach_changes",
    "outreach_summary",
    "outreach_themes",
    "overturned",
    "part_summary",
    "predikat_shares",
    "product_limit",
    "project_summary",
    "qualification",
    "regulation",
    "reward_rates",
    "rights_met",
    "skp_content",
    "skp_of_year",
    "skp_summary",
    "span_of_control",
    "stagnation",
    "standing",
    "survey_scales",
    "timeliness",
    "training_cost",
    "training_recorded",
    "transitions",
    "unmatched_names",
    "waiting_summary",
    "waiting_times",
    "yearly_hours",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
