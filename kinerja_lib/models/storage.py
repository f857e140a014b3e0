"""A ``FitResult`` as JSON text and back, without loss: floats keep their digits, infinities their sign."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.models.result import Check, FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding

FORMAT = 1


def to_json(result: FitResult) -> str:
    """Strict JSON (no bare NaN)."""
    encoding = result.encoding
    content = {
        "format": FORMAT,
        "spec": result.spec.to_dict(),
        "terms": result.terms,
        "estimate": result.estimate,
        "cov": result.cov,
        "df": result.df,
        "p_value": result.p_value,
        "ci": result.ci,
        "numbers": dict(result.numbers),
        "checks": [vars(check) for check in result.checks],
        "tables": {name: _frame(table) for name, table in result.tables.items()},
        "encoding": None
        if encoding is None
        else {
            "terms": encoding.terms,
            "levels": {name: list(levels) for name, levels in encoding.levels.items()},
            "names": encoding.names,
            "intercept": encoding.intercept,
        },
        "levels": result.levels,
        "dropped": dict(result.dropped),
    }
    return json.dumps(_pack(content), ensure_ascii=False, allow_nan=False)


def from_json(text: str) -> FitResult:
    """Read what ``to_json`` wrote."""
    content = _unpack(json.loads(text))
    encoding = content["encoding"]
    return FitResult(
        spec=ModelSpec(**content["spec"]),
        terms=tuple(content["terms"]),
        estimate=_array(content["estimate"]),
        cov=_array(content["cov"]),
        df=_optional(content["df"]),
        p_value=_optional(content["p_value"]),
        ci=_optional(content["ci"]),
        numbers=content["numbers"],
        checks=tuple(Check(**check) for check in content["checks"]),
        tables={name: _table(table) for name, table in content["tables"].items()},
        encoding=None
        if encoding is None
        else Encoding(
            tuple(encoding["terms"]),
            {name: tuple(levels) for name, levels in encoding["levels"].items()},
            tuple(encoding["names"]),
            encoding["intercept"],
        ),
        levels=tuple(content["levels"]),
        dropped=content["dropped"],
    )


def _array(values: Any) -> Any:
    return np.asarray(values, dtype=np.float64)


def _optional(values: Any) -> Any:
    return None if values is None else _array(values)


def _frame(table: pd.DataFrame) -> dict[str, Any]:
    columns = [str(name) for name in table.columns]
    plain = table.reset_index(drop=True)
    return {
        "columns": columns,
        "numeric": [bool(pd.api.types.is_float_dtype(table[name].dtype)) for name in table.columns],
        "data": [plain.iloc[:, j].tolist() for j in range(len(columns))],
    }


def _table(content: dict[str, Any]) -> pd.DataFrame:
    made = {
        name: np.asarray(values, dtype=np.float64) if numeric else values
        for name, numeric, values in zip(content["columns"], content["numeric"], content["data"], strict=True)
    }
    return pd.DataFrame(made)


def _pack(value: Any) -> Any:
    """Plain JSON values; a float that JSON lacks is wrapped."""
    if isinstance(value, dict):
        return {str(key): _pack(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(item) for item in value]
    if isinstance(value, np.ndarray):
        return _pack(value.tolist())
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else {"float": str(float(value))}
    if value is None or isinstance(value, str):
        return value
    return None if value is pd.NA or value is pd.NaT else str(value)


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"float"} and isinstance(value["float"], str):
            return float(value["float"])
        return {key: _unpack(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    return value
