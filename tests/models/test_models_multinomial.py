"""Multinomial logit: two levels are a logit, probabilities reproduce the shares."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit


def test_multinomial():
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"x": rng.normal(size=500)})
    table["o"] = np.searchsorted([-0.5, 1.0], table["x"] + rng.logistic(size=500))
    spec = ModelSpec("o", ("x",), kind="multinomial")
    result = fit(table, spec)
    predicted = result.predict(table)
    assert list(predicted) == ["0", "1", "2"]
    np.testing.assert_allclose(
        predicted.mean(), table["o"].value_counts(normalize=True).sort_index(), atol=1e-6
    )
    assert result.predict(table.head(1).assign(x=np.nan)).isna().all(axis=None)
    two = table.assign(o=table["o"] > 0)
    logit = fit(two, spec.replace(kind="ordinal"))
    assert fit(two, spec).term("True: x")["estimate"] == pytest.approx(logit.term("x")["estimate"], rel=1e-5)
