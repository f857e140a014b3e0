"""Distributions by group: a strip of density with its mean and interval, one line a group."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.display.style import BLUE, INK, ORANGE, PALE, number_axis, wrapped
from kinerja_lib.language import Labels

_GRID = 160


def ridge_chart(
    ax: Any,
    values: dict[str, NDArray[np.float64]],
    labels: Labels,
    *,
    low: float = 0.0,
    high: float = 100.0,
    reference: float | None = None,
    reference_text: str = "",
    axis_text: str = "",
) -> Any:
    """A ridge for each group, highest mean at the top, with the mean's 95% interval and n.

    The density is a Gaussian kernel one with Silverman's width, reflected at the ends of the scale so that
    nothing lies outside it. A group without values says that it is suppressed. No single value is drawn.

    Parameters
    ----------
    values : dict of str to ndarray
        Values by the group's name; empty where the group is withheld.
    low, high : float
        Ends of the scale.
    """
    summary = ridge_summary(values)
    grid = np.linspace(low, high, _GRID)
    curves = {name: _density(found, grid, low, high) for name, found in values.items() if len(found) > 1}
    peak = max((float(curve.max()) for curve in curves.values()), default=0.0)
    for place, row in summary.iterrows():
        curve = curves.get(row["label"])
        if pd.isna(row["value"]):
            ax.text(
                0.01, place, labels.text("chart.suppressed"), va="center", color="#666666", style="italic",
                transform=ax.get_yaxis_transform(),
            )  # fmt: skip
            continue
        if curve is not None and peak:
            ax.fill_between(grid, place, place - 0.85 * curve / peak, color=PALE, lw=0, zorder=1)
            ax.plot(grid, place - 0.85 * curve / peak, color=BLUE, lw=0.9, zorder=2)
        if pd.notna(row["low"]):
            ax.plot([row["low"], row["high"]], [place, place], color=BLUE, lw=2.6, alpha=0.7, zorder=3)
        ax.plot(row["value"], place, "o", color=BLUE, ms=5, zorder=4)
        ax.text(
            1.01, place, f"{labels.number(row['value'])}   ({labels.integer(row['n'])})", va="center", fontsize=9,
            color=INK, transform=ax.get_yaxis_transform(),
        )  # fmt: skip
    if reference is not None:
        ax.axvline(reference, color=ORANGE, lw=1.1, ls=(0, (5, 3)), zorder=0)
        ax.annotate(
            reference_text, (reference, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
            textcoords="offset points", ha="center", va="bottom", color=ORANGE, fontsize=9,
        )  # fmt: skip
    ax.set_xlim(low, high)
    ax.set_yticks(range(len(summary)), [wrapped(name, 34) for name in summary["label"]])
    ax.set_ylim(len(summary) - 0.5, -1.1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(axis="x")
    number_axis(ax.xaxis, labels)
    ax.set_xlabel(axis_text)
    return ax


def ridge_summary(values: dict[str, NDArray[np.float64]]) -> pd.DataFrame:
    """Mean with its 95% t interval by group, highest first: ``label``, ``n``, ``value``, ``low``, ``high``."""
    from scipy import stats

    rows = []
    for name, found in values.items():
        n = len(found)
        mean = float(np.mean(found)) if n else np.nan
        half = float(stats.t.ppf(0.975, n - 1) * np.std(found, ddof=1) / np.sqrt(n)) if n > 1 else np.nan
        rows.append((name, float(n) if n else np.nan, mean, mean - half, mean + half))
    frame = pd.DataFrame(rows, columns=["label", "n", "value", "low", "high"])
    return frame.sort_values("value", ascending=False, na_position="last", ignore_index=True)


def _density(
    found: NDArray[np.float64], grid: NDArray[np.float64], low: float, high: float
) -> NDArray[np.float64]:
    spread = min(float(np.std(found, ddof=1)), float(np.subtract(*np.percentile(found, [75, 25]))) / 1.34)
    width = max(0.9 * (spread or float(np.std(found))) * len(found) ** -0.2, (high - low) / 60)
    mirrored = np.concatenate([found, 2 * low - found, 2 * high - found])
    distance = (grid[:, None] - mirrored[None, :]) / width
    return np.asarray(np.exp(-0.5 * distance**2).sum(axis=1) / (len(found) * width * np.sqrt(2 * np.pi)))
