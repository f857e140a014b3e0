"""PANEL -> ESTIMATES. Draws nothing: a question (``ModelSpec``) and a frame give a frozen ``FitResult``.

Names are loaded on first use, so that importing this package costs nothing. A public function never bears the
name of a module of this package: the module would shadow it.

Long because every public name stands here with its module.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kinerja_lib.models.aggregation import Aggregation, aggregation_check, leave_one_out_means
    from kinerja_lib.models.agreement import fleiss_kappa, icc, krippendorff_alpha
    from kinerja_lib.models.awareness import awareness_survey
    from kinerja_lib.models.bacon import goodman_bacon
    from kinerja_lib.models.brant import BrantTest, brant_test
    from kinerja_lib.models.chunks import fit_chunks
    from kinerja_lib.models.comparison import compare, compare_wide, cross_check
    from kinerja_lib.models.confounding import (
        adjusted_estimate,
        benchmark_bounds,
        e_value,
        partial_r2,
        robustness_value,
        sensitivity_summary,
    )
    from kinerja_lib.models.decomposition import oaxaca_blinder
    from kinerja_lib.models.dose import dose_by_kind, dose_lags, dose_response
    from kinerja_lib.models.facilities import facilities_analysis
    from kinerja_lib.models.fairness import fairness_analysis
    from kinerja_lib.models.firth import fit_firth
    from kinerja_lib.models.fitting import fit
    from kinerja_lib.models.hours import hours_by_kind
    from kinerja_lib.models.hypotheses import linear_combination, wald_test
    from kinerja_lib.models.imputation import fit_imputed, impute
    from kinerja_lib.models.leadership import LeadershipAnalysis, leadership_analysis
    from kinerja_lib.models.leadership_mediation import mediation_2_1_1
    from kinerja_lib.models.missing import missingness, response_weights, tipping_point
    from kinerja_lib.models.missing_appraisals import compare_missing, expected_appraisals
    from kinerja_lib.models.multiplicity import adjust_p_values, rejection_levels
    from kinerja_lib.models.oster_delta import oster
    from kinerja_lib.models.partial_odds import fit_partial_odds
    from kinerja_lib.models.permutation import randomization_test
    from kinerja_lib.models.pooling import PooledResult, pool_estimates, pool_results
    from kinerja_lib.models.power import (
        design_effect,
        detectable_from_result,
        equivalence_test,
        minimum_detectable_effect,
        two_sample_power,
        two_sample_size,
    )
    from kinerja_lib.models.raking import rake
    from kinerja_lib.models.rater_scale import RaterFacets, rater_facets
    from kinerja_lib.models.raters import RaterAnalysis, rater_analysis
    from kinerja_lib.models.reliability import scale_reliability
    from kinerja_lib.models.response import Representativity, r_indicator
    from kinerja_lib.models.result import Check, FitResult
    from kinerja_lib.models.robustness import leave_one_out, specification_curve
    from kinerja_lib.models.selection_bounds import LeeBounds, lee_bounds
    from kinerja_lib.models.selection_rates import adverse_impact, stratified_odds
    from kinerja_lib.models.spec import ModelSpec
    from kinerja_lib.models.strata_logit import within_strata
    from kinerja_lib.models.survey import SurveyDesign, SurveyEstimate, survey_mean, survey_share
    from kinerja_lib.models.swamy_arora import hausman, random_effects
    from kinerja_lib.models.training import training_analysis
    from kinerja_lib.models.unit_changes import ChangeDifference, difference_of_changes
    from kinerja_lib.models.weighting import AdjustedDifference, adjusted_difference, compare_adjustments

_HOMES = {
    "AdjustedDifference": "weighting",
    "Aggregation": "aggregation",
    "BrantTest": "brant",
    "ChangeDifference": "unit_changes",
    "Check": "result",
    "FitResult": "result",
    "LeadershipAnalysis": "leadership",
    "LeeBounds": "selection_bounds",
    "ModelSpec": "spec",
    "PooledResult": "pooling",
    "RaterAnalysis": "raters",
    "RaterFacets": "rater_scale",
    "Representativity": "response",
    "SurveyDesign": "survey",
    "SurveyEstimate": "survey",
    "adjust_p_values": "multiplicity",
    "adjusted_difference": "weighting",
    "adjusted_estimate": "confounding",
    "adverse_impact": "selection_rates",
    "aggregation_check": "aggregation",
    "awareness_survey": "awareness",
    "benchmark_bounds": "confounding",
    "brant_test": "brant",
    "compare": "comparison",
    "compare_adjustments": "weighting",
    "compare_missing": "missing_appraisals",
    "compare_wide": "comparison",
    "cross_check": "comparison",
    "design_effect": "power",
    "detectable_from_result": "power",
    "difference_of_changes": "unit_changes",
    "dose_by_kind": "dose",
    "dose_lags": "dose",
    "dose_response": "dose",
    "e_value": "confounding",
    "equivalence_test": "power",
    "expected_appraisals": "missing_appraisals",
    "facilities_analysis": "facilities",
    "fairness_analysis": "fairness",
    "fit": "fitting",
    "fit_chunks": "chunks",
    "fit_firth": "firth",
    "fit_imputed": "imputation",
    "fit_partial_odds": "partial_odds",
    "fleiss_kappa": "agreement",
    "goodman_bacon": "bacon",
    "hausman": "swamy_arora",
    "hours_by_kind": "hours",
    "icc": "agreement",
    "impute": "imputation",
    "krippendorff_alpha": "agreement",
    "leadership_analysis": "leadership",
    "leave_one_out": "robustness",
    "leave_one_out_means": "aggregation",
    "lee_bounds": "selection_bounds",
    "linear_combination": "hypotheses",
    "mediation_2_1_1": "leadership_mediation",
    "minimum_detectable_effect": "power",
    "missingness": "missing",
    "oaxaca_blinder": "decomposition",
    "oster": "oster_delta",
    "partial_r2": "confounding",
    "pool_estimates": "pooling",
    "pool_results": "pooling",
    "r_indicator": "response",
    "rake": "raking",
    "random_effects": "swamy_arora",
    "randomization_test": "permutation",
    "rater_analysis": "raters",
    "rater_facets": "rater_scale",
    "response_weights": "missing",
    "rejection_levels": "multiplicity",
    "robustness_value": "confounding",
    "scale_reliability": "reliability",
    "sensitivity_summary": "confounding",
    "specification_curve": "robustness",
    "stratified_odds": "selection_rates",
    "survey_mean": "survey",
    "survey_share": "survey",
    "tipping_point": "missing",
    "training_analysis": "training",
    "two_sample_power": "power",
    "two_sample_size": "power",
    "wald_test": "hypotheses",
    "within_strata": "strata_logit",
}

__all__ = [
    "AdjustedDifference",
    "Aggregation",
    "BrantTest",
    "ChangeDifference",
    "Check",
    "FitResult",
    "LeadershipAnalysis",
    "LeeBounds",
    "ModelSpec",
    "PooledResult",
    "RaterAnalysis",
    "RaterFacets",
    "Representativity",
    "SurveyDesign",
    "SurveyEstimate",
    "adjust_p_values",
    "adjusted_difference",
    "adjusted_estimate",
    "adverse_impact",
    "aggregation_check",
    "awareness_survey",
    "benchmark_bounds",
    "brant_test",
    "compare",
    "compare_adjustments",
    "compare_missing",
    "compare_wide",
    "cross_check",
    "design_effect",
    "detectable_from_result",
    "difference_of_changes",
    "dose_by_kind",
    "dose_lags",
    "dose_response",
    "e_value",
    "equivalence_test",
    "expected_appraisals",
    "facilities_analysis",
    "fairness_analysis",
    "fit",
    "fit_chunks",
    "fit_firth",
    "fit_imputed",
    "fit_partial_odds",
    "fleiss_kappa",
    "goodman_bacon",
    "hausman",
    "hours_by_kind",
    "icc",
    "impute",
    "krippendorff_alpha",
    "leadership_analysis",
    "leave_one_out",
    "leave_one_out_means",
    "lee_bounds",
    "linear_combination",
    "mediation_2_1_1",
    "minimum_detectable_effect",
    "missingness",
    "oaxaca_blinder",
    "oster",
    "partial_r2",
    "pool_estimates",
    "pool_results",
    "r_indicator",
    "rake",
    "random_effects",
    "randomization_test",
    "rater_analysis",
    "rater_facets",
    "rejection_levels",
    "response_weights",
    "robustness_value",
    "scale_reliability",
    "sensitivity_summary",
    "specification_curve",
    "stratified_odds",
    "survey_mean",
    "survey_share",
    "tipping_point",
    "training_analysis",
    "two_sample_power",
    "two_sample_size",
    "wald_test",
    "within_strata",
]


def __getattr__(name: str) -> Any:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
