"""What a reader sees: charts (Axes in, Axes out), tables with their formats, and alternative texts."""

from kinerja_lib.display.alt_text import (
    describe_coefficients,
    describe_curve,
    describe_distribution,
    describe_dose,
    describe_flow,
    describe_groups,
    describe_heatmap,
    describe_severity,
    describe_slope,
    describe_trend,
)
from kinerja_lib.display.coefficients import coefficient_chart, curve_chart, dose_chart, severity_chart
from kinerja_lib.display.comparison import dots_chart, heatmap_chart, slope_chart
from kinerja_lib.display.distribution import distribution_chart, stacked_chart, trend_chart
from kinerja_lib.display.flow import bars_chart, flow_chart
from kinerja_lib.display.specification import describe_specifications, specification_chart
from kinerja_lib.display.strips import ridge_chart, ridge_summary
from kinerja_lib.display.style import apply_style, height_for, new_axes
from kinerja_lib.display.tables import Shown, regression_table, shown_table
from kinerja_lib.display.waterfall import describe_waterfall, waterfall_chart

__all__ = [
    "Shown",
    "apply_style",
    "bars_chart",
    "coefficient_chart",
    "curve_chart",
    "describe_coefficients",
    "describe_curve",
    "describe_distribution",
    "describe_dose",
    "describe_flow",
    "describe_groups",
    "describe_heatmap",
    "describe_severity",
    "describe_slope",
    "describe_specifications",
    "describe_trend",
    "describe_waterfall",
    "distribution_chart",
    "dose_chart",
    "dots_chart",
    "flow_chart",
    "heatmap_chart",
    "height_for",
    "new_axes",
    "regression_table",
    "ridge_chart",
    "ridge_summary",
    "severity_chart",
    "shown_table",
    "slope_chart",
    "specification_chart",
    "stacked_chart",
    "trend_chart",
    "waterfall_chart",
]
