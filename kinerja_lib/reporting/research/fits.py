"""Fits of a research report: made once on the government's panel, kept by what they were made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from io import StringIO
from typing import Any

import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import among_agencies, model_frame
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.manifest import package_hash
from kinerja_lib.reporting.research.questions import QUESTIONS


@lru_cache(maxsize=2)
def research_frame(edition: Edition) -> pd.DataFrame:
    """The government's panel up to the year, as the models take it.

    Returns
    -------
    DataFrame
        The columns of ``model_frame`` and ``instansi``, ``akses_ti_10``, ``predikat``, ``jp``.
    """
    panel = edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]
    return model_frame(edition).assign(
        instansi=panel["instansi"].astype("str").to_numpy(),
        akses_ti_10=panel["akses_ti_indeks"].astype("float64").to_numpy() / 10.0,
        predikat=panel["predikat"].astype("str").to_numpy(),
        jp=panel["jp_12_bulan"].astype("float64").to_numpy(),
    )


@lru_cache(maxsize=2)
def data_stamp(edition: Edition) -> str:
    """Hash of the data that the models are fitted on."""
    hashed = pd.util.hash_pandas_object(research_frame(edition), index=False).to_numpy()
    return hashlib.sha256(hashed.tobytes()).hexdigest()


@lru_cache(maxsize=64)
def _answer(edition: Edition, question: str, spec: str) -> FitResult | None:
    return fitted(edition, specs_of(edition, question)[spec])


def specs_of(edition: Edition, question: str) -> dict[str, ModelSpec]:
    """The specifications of a question, without effects of agencies where the data hold a single one."""
    frame = research_frame(edition)
    return {name: among_agencies(frame, spec) for name, spec in QUESTIONS[question].specs().items()}


def fitted(edition: Edition, asked: ModelSpec) -> FitResult | None:
    """One fit, from the project's cache where the same was asked of the same data; None where it cannot be."""
    path = _path(edition, "fit", asked.to_dict())
    if path.is_file():
        return FitResult.from_json(path.read_text(encoding="utf-8"))
    try:
        result = fit(research_frame(edition), asked, lang=edition.lang)
    except ModelError:
        return None
    write_atomic(path, result.to_json().encode())
    return result


def results(edition: Edition, question: str) -> dict[str, FitResult]:
    """Every specification of a question that the data can answer, the strongest design first."""
    found = {name: _answer(edition, question, name) for name in specs_of(edition, question)}
    return {name: result for name, result in found.items() if result is not None}


def units_of(result: FitResult) -> int:
    """Number of work units: the clusters, or the levels of that grouping factor."""
    found = result.glance()["n_groups"]
    return int(found["unit_kerja"] if isinstance(found, dict) else found)


def kept_frame(edition: Edition, name: str, asked: Any, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
    """A frame that takes long to make, from the project's cache where the same was asked of the same data."""
    path = _path(edition, name, asked)
    if path.is_file():
        return pd.read_json(StringIO(path.read_text(encoding="utf-8")), orient="split", dtype=False)
    frame = make()
    write_atomic(path, frame.to_json(orient="split", double_precision=15).encode())
    return pd.read_json(
        StringIO(frame.to_json(orient="split", double_precision=15)), orient="split", dtype=False
    )


def _path(edition: Edition, name: str, asked: Any) -> Any:
    question = json.dumps([name, asked, package_hash()], sort_keys=True, default=str)
    key = hashlib.sha256((data_stamp(edition) + question).encode()).hexdigest()[:24]
    return edition.root / edition.config.folders.interim / "cache" / f"{name}-{key}.json"
