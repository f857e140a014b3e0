"""Charts take Axes and give them back; numbers on them are the language's, n is stated, and alternatives say what is seen."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from kinerja_lib import display
from kinerja_lib.display.style import needed_digits, wrapped
from kinerja_lib.language import Labels
from kinerja_lib.schema.predikat import PREDIKAT

LANGS = pytest.mark.parametrize("lang", ["id", "en"])


def words(ax: Any) -> str:
    """Every text on the axes, ticks included."""
    ax.figure.draw_without_rendering()
    parts = [text.get_text() for text in ax.findobj(match=lambda artist: hasattr(artist, "get_text"))]
    return " ".join(part for part in parts if part)


def groups(values: list[float | None]) -> pd.DataFrame:
    value = pd.Series([np.nan if v is None else v for v in values], dtype="float64")
    names = [f"Unit {letter}" for letter in "ABCDEFGH"[: len(values)]]
    return pd.DataFrame(
        {"label": names, "value": value, "low": value - 0.1, "high": value + 0.1, "n": value * 100}
    )


@LANGS
def test_dots_state_values_n_and_suppression(lang: str) -> None:
    labels, frame = Labels(lang), groups([0.815, 0.5, None])
    ax = display.new_axes(2.0)
    assert display.dots_chart(ax, frame, labels, percent=True, reference=0.7, reference_text="acuan") is ax
    text = words(ax)
    assert ("81,5%   (82)" if lang == "id" else "81.5%   (82)") in text
    assert labels.text("chart.suppressed") in text
    alt = display.describe_groups(frame, labels, percent=True)
    assert "Unit A" in alt and "Unit B" in alt and "Unit C" not in alt
    assert ("81,5%" if lang == "id" else "81.5%") in alt


def test_ticks_never_repeat_a_number() -> None:
    assert [needed_digits(t) for t in ([0, 50, 100], [0.9, 1.0, 1.1], [0, 0.25], [3], [])] == [0, 1, 2, 0, 0]
    labels, ax = Labels("id"), display.new_axes(2.0)
    frame = groups([1.02, 1.1, 1.2])
    display.dots_chart(ax, frame, labels)
    ax.figure.draw_without_rendering()
    shown = [tick.get_text() for tick in ax.get_xticklabels()]
    assert len(set(shown)) == len(shown)


def test_a_dollar_sign_in_a_name_is_a_dollar_sign() -> None:
    import matplotlib

    display.apply_style()
    assert matplotlib.rcParams["text.parse_math"] is False
    frame = groups([0.4, 0.6]).assign(label=["Biaya $x^2$", "U" * 200])
    ax = display.new_axes(2.0)
    display.dots_chart(ax, frame, Labels("id"), percent=True)
    assert "Biaya $x^2$" in words(ax)
    assert all(len(line) <= 34 for line in wrapped("U" * 200, 34).splitlines())


@LANGS
def test_slopes_name_the_largest_changes(lang: str) -> None:
    labels = Labels(lang)
    frame = pd.DataFrame({"label": ["A", "B", "C"], "before": [0.5, 0.8, 0.6], "after": [0.7, 0.6, np.nan]})
    ax = display.new_axes(2.5)
    display.slope_chart(ax, frame, labels, before="TW I", after="TW II")
    text = words(ax)
    mark = "," if lang == "id" else "."
    assert f"50{mark}0% → 70{mark}0%" in text and f"80{mark}0% → 60{mark}0%" in text
    alt = display.describe_slope(frame, labels)
    assert "1" in alt and ("A" in alt or "B" in alt)
    assert display.describe_slope(frame.head(0), labels) == labels.text("alt.nothing")


@LANGS
def test_the_dose_has_the_line_of_the_hours_due(lang: str) -> None:
    labels = Labels(lang)
    frame = pd.DataFrame({"jp": [0.0, 18.0, 40.0], "value": [0.7, 0.75, 0.9], "n": [1200, 300, 90]})
    frame = frame.assign(low=frame["value"] - 0.02, high=frame["value"] + 0.02)
    ax = display.new_axes(2.5)
    display.dose_chart(ax, frame, labels, obligation=20)
    text = words(ax)
    assert labels.text("chart.obligation", jp="20") in text
    assert ("1.200" if lang == "id" else "1,200") in text
    assert ("90,0%" if lang == "id" else "90.0%") in display.describe_dose(frame, labels)


@LANGS
def test_coefficients_of_several_specifications(lang: str) -> None:
    labels = Labels(lang)
    frame = pd.DataFrame(
        {
            "term": ["x", "x"],
            "spec": ["A", "B"],
            "estimate": [1.25, -0.4],
            "ci_low": [0.5, -1.0],
            "ci_high": [2.0, 0.2],
        }
    )
    ax = display.new_axes(2.5)
    display.coefficient_chart(ax, frame, labels)
    text = words(ax)
    assert ("+1,3" if lang == "id" else "+1.3") in text
    alt = display.describe_coefficients(frame, labels)
    assert "x (A)" in alt and "x (B)" in alt


@LANGS
def test_the_specification_curve_counts_and_marks(lang: str) -> None:
    labels = Labels(lang)
    frame = pd.DataFrame(
        {
            "estimate": [0.2, 1.0, 1.5, np.nan], "ci_low": [-0.1, 0.5, 1.0, np.nan], "ci_high": [0.5, 1.5, 2.0, np.nan],
            "main": [False, True, False, False], "Kendali": [True, True, False, False],
        }
    )  # fmt: skip
    top, bottom = display.new_axes(3.0, rows=2, sharex=True)
    given = display.specification_chart(top, bottom, frame, ["Kendali"], labels)
    assert given == (top, bottom)
    assert labels.text("chart.specifications", n="3") in words(bottom)
    assert ("+1,0" if lang == "id" else "+1.0") in words(top)
    alt = display.describe_specifications(frame, labels)
    assert "3" in alt and "2" in alt and ("+1,5" if lang == "id" else "+1.5") in alt
    assert display.describe_specifications(frame.tail(1), labels) == labels.text("alt.nothing")


@LANGS
def test_raters_are_drawn_without_identity_or_refused(lang: str) -> None:
    labels = Labels(lang)
    frame = pd.DataFrame({"value": [0.3, -0.2, 0.0], "low": [0.1, -0.3, -0.1], "high": [0.5, -0.1, 0.1]})
    ax = display.new_axes(2.0)
    display.severity_chart(ax, frame, labels, comparable=True, axis_text="y")
    assert labels.text("chart.raters", n="3") in words(ax)
    assert display.describe_severity(frame, labels) == labels.text(
        "alt.severity", n="3", above="1", below="1"
    )
    ax = display.new_axes(2.0)
    display.severity_chart(ax, frame, labels, comparable=False, reason="alasan")
    assert labels.text("chart.not_comparable") in words(ax) and "alasan" in words(ax)
    assert not ax.lines


def test_ridges_show_means_intervals_and_withheld_groups() -> None:
    labels, rng = Labels("id"), np.random.default_rng(3)
    values = {"A": rng.normal(40, 5, 50), "B": rng.normal(60, 5, 80), "C": np.array([])}
    summary = display.ridge_summary(values)
    assert list(summary["label"]) == ["B", "A", "C"]
    a = summary.set_index("label").loc["A"]
    assert a["value"] == pytest.approx(values["A"].mean())
    half = 2.009575 * values["A"].std(ddof=1) / np.sqrt(50)  # t(0.975, 49)
    assert a["high"] - a["value"] == pytest.approx(half, rel=1e-5)
    ax = display.new_axes(2.5)
    display.ridge_chart(ax, values, labels, reference=50, reference_text="acuan")
    text = words(ax)
    assert "(80)" in text and "acuan" in text and labels.text("chart.suppressed") in text


def test_ridges_of_equal_values_and_of_nothing() -> None:
    ax = display.new_axes(2.0)
    display.ridge_chart(ax, {"A": np.full(9, 3.0), "B": np.array([1.0])}, Labels("en"), high=10)
    ax.figure.draw_without_rendering()
    ax = display.new_axes(2.0)
    display.ridge_chart(ax, {}, Labels("en"))
    ax.figure.draw_without_rendering()


@LANGS
def test_heatmap_trend_distribution_and_flow(lang: str) -> None:
    labels = Labels(lang)
    grid = pd.DataFrame({"TI": [80.0, np.nan], "Ruang": [20.0, 55.0]}, index=["A", "B"])
    ax = display.heatmap_chart(display.new_axes(2.0), grid, labels)
    assert "80" in words(ax) and "–" in words(ax)
    assert "A, TI" in display.describe_heatmap(grid, labels)
    trend = pd.DataFrame({"periode": ["2025-Q1", "2025-Q2"], "value": [0.5, 0.6], "n": [50, 60]})
    trend = trend.assign(low=trend["value"] - 0.1, high=trend["value"] + 0.1)
    assert "n = 110" in words(display.trend_chart(display.new_axes(2.0), trend, labels))
    shares = dict(zip(PREDIKAT, (0.0, 0.05, 0.15, 0.6, 0.2), strict=True))
    assert "n = 40" in words(display.distribution_chart(display.new_axes(2.0), shares, labels, n=40))
    assert ("60,0%" if lang == "id" else "60.0%") in display.describe_distribution(shares, labels)
    flow = pd.DataFrame({"label": ["T"], "read": [10], "kept": [7], "merged": [2], "rejected": [1]})
    assert "10" in words(display.flow_chart(display.new_axes(2.0), flow, labels))
    alt = display.describe_flow(flow, labels)
    assert all(number in alt for number in ("10", "7", "2", "1"))


def test_the_frame_is_not_changed() -> None:
    frame = groups([0.2, 0.4])
    before = frame.copy()
    display.dots_chart(display.new_axes(2.0), frame, Labels("id"), percent=True)
    pd.testing.assert_frame_equal(frame, before)
