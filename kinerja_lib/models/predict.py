"""Predictions of a result for a new frame, encoded as the fitted one was."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.models.result import FitResult
from kinerja_lib.models.terms import encode
from kinerja_lib.models.wording import model_error

#: kinds that predict a probability for each level: their module offers ``predict_<kind>(result, X)``
_PROBABILITY_KINDS = ("ordinal", "ordinal_multilevel", "multinomial")


def predict(result: FitResult, frame: pd.DataFrame, lang: str = "id") -> Any:
    """Series ``prediction``, or a frame with one probability column a level, on the frame's own index.

    Raises
    ------
    ModelError
        The result has no encoding (an event study), or the frame lacks a column.
    """
    kind = result.spec.kind
    if result.encoding is None:
        raise model_error(
            lang,
            f'Model "{kind}" tidak dapat dipakai untuk prediksi.',
            f'A "{kind}" model does not predict.',
            ("Gunakan hasil model lain.", "Use the result of another kind."),
        )
    X = encode(frame, result.encoding, lang)
    if kind in _PROBABILITY_KINDS:
        probability = getattr(import_module(f"kinerja_lib.models.{kind}"), f"predict_{kind}")(result, X)
        return pd.DataFrame(
            np.asarray(probability), index=frame.index, columns=[str(level) for level in result.levels]
        )
    position = {name: j for j, name in enumerate(result.terms)}
    beta = np.array([result.estimate[position[name]] for name in result.encoding.names])
    return pd.Series(X @ beta, index=frame.index, name="prediction")
