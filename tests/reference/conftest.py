"""Published numbers, and what agreement with them means: half a unit of the last printed digit."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

NUMBERS = Path(__file__).with_name("published_numbers.csv")


def _rows() -> dict[tuple[str, str], tuple[str, str]]:
    with NUMBERS.open(encoding="utf-8", newline="") as file:
        return {
            (r["dataset"], r["quantity"]): (r["published"], r["reproduced"]) for r in csv.DictReader(file)
        }


def half_unit(printed: str) -> float:
    """Half a unit of the last digit of a printed number."""
    decimals = len(printed.split(".")[1]) if "." in printed else 0
    return 0.5 * 10.0**-decimals


@pytest.fixture(scope="session")
def published() -> Callable[..., None]:
    """``published(dataset, quantity, value)`` asserts agreement with the printed number.

    ``tolerance`` replaces half a unit of the last digit; ``record`` is the relative agreement with the value
    to nine digits that stands beside the printed one (None: not held against it).
    """
    rows = _rows()

    def check(
        dataset: str,
        quantity: str,
        value: float,
        *,
        tolerance: float | None = None,
        record: float | None = 1e-6,
    ) -> None:
        printed, reproduced = rows[dataset, quantity]
        allowed = half_unit(printed) if tolerance is None else tolerance
        assert abs(value - float(printed)) <= allowed * (1 + 1e-9), (dataset, quantity, value, printed)
        if record is not None:
            assert value == pytest.approx(float(reproduced), rel=record, abs=record * 1e-3), (
                dataset,
                quantity,
            )

    return check
