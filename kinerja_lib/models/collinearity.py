"""Refuse constant, double and collinear columns by name, before any inverse is formed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.models.least_squares import cross_products
from kinerja_lib.models.wording import model_error

Array = NDArray[np.float64]

#: share of a column's variance that its predecessors leave unexplained, below which the accurate check runs
_SUSPECT = 1e-7
#: ratio of the residual's norm to the column's norm below which a column counts as a linear combination
_COLLINEAR = 1e-10


def require_full_rank(
    X: Array, names: tuple[str, ...], lang: str = "id", y: Array | None = None
) -> tuple[Array, Array, Array]:
    """Raise a ``ModelError`` for the first column that the columns before it (and a constant) determine.

    Gives back the columns' means, their centred cross-product, and that with ``y``, without ``Intercept``.

    The columns are centred and scaled first. One cross-product finds suspects; a least-squares solve decides,
    because a cross-product alone keeps only half of the digits.
    """
    columns = [j for j, name in enumerate(names) if name != "Intercept"]
    inner = X[:, columns] if len(columns) < X.shape[1] - 1 else X[:, X.shape[1] - len(columns) :]
    shift = inner.mean(axis=0)
    cross, moment = cross_products(inner, shift, None, y)
    for j, name in enumerate(names[k] for k in columns):
        if cross[j, j] <= 1e-20 * len(X) * shift[j] ** 2 and _is_constant(inner[:, j]):
            raise constant_error(name, lang)
    found = _first_dependent(inner, shift, cross)
    if found is not None:
        j, sources = found
        raise _collinear_error(names[columns[j]], [names[columns[k]] for k in sources], lang)
    return shift, cross, moment


def _is_constant(x: Array) -> bool:
    return bool(np.ptp(x) <= 1e-13 * max(1e-300, float(np.abs(x).max(initial=0.0))))


def first_dependent(X: Array, centre: bool = True) -> tuple[int, list[int]] | None:
    """First column determined by those before it, and which of those; None if the rank is full."""
    shift = X.mean(axis=0) if centre else np.zeros(X.shape[1])
    return _first_dependent(X, shift, cross_products(X, shift)[0])


def _first_dependent(X: Array, shift: Array, cross: Array) -> tuple[int, list[int]] | None:
    scale = np.sqrt(np.diag(cross))
    scale[scale == 0] = 1.0
    correlation = cross / np.outer(scale, scale)
    L = np.zeros_like(correlation)
    for j in range(len(correlation)):
        L[j, :j] = _forward(L[:j, :j], correlation[j, :j])
        left = 1.0 - float(L[j, :j] @ L[j, :j])
        if left < _SUSPECT and j:
            sources = _sources(X[:, : j + 1] - shift[: j + 1], scale, j)
            if sources is not None:
                return j, sources
        L[j, j] = np.sqrt(max(left, 1e-15))
    return None


def _forward(L: Array, b: Array) -> Array:
    out = np.zeros(len(b))
    for i in range(len(b)):
        out[i] = (b[i] - L[i, :i] @ out[:i]) / L[i, i]
    return out


def _sources(Z: Array, scale: Array, j: int) -> list[int] | None:
    """The columns that add up to column j, by an accurate least-squares solve."""
    before, target = Z[:, :j] / scale[:j], Z[:, j] / scale[j]
    solution = np.linalg.lstsq(before, target, rcond=None)[0]
    if float(np.linalg.norm(target - before @ solution)) > _COLLINEAR:
        return None
    return [int(k) for k in np.flatnonzero(np.abs(solution) > 1e-6)]


def constant_error(name: str, lang: str) -> Exception:
    """The error for a column with a single value."""
    return model_error(
        lang,
        f'Kolom "{name}" hanya mempunyai satu nilai pada baris yang dipakai.',
        f'Column "{name}" has a single value in the rows used.',
        (
            "Hapus dari model, atau longgarkan saringan data.",
            "Leave it out, or widen the filter on the data.",
        ),
    )


def _collinear_error(name: str, sources: list[str], lang: str) -> Exception:
    others = ", ".join(sources)
    if len(sources) == 1:
        return model_error(
            lang,
            f'Kolom "{name}" sama dengan "{others}" (kolom ganda atau kelipatannya).',
            f'Column "{name}" repeats "{others}" (a double column or a multiple of it).',
            ("Hapus salah satunya dari model.", "Leave one of the two out of the model."),
        )
    return model_error(
        lang,
        f'Kolom "{name}" dapat dihitung tepat dari: {others}.',
        f'Column "{name}" is an exact linear combination of: {others}.',
        ("Hapus salah satunya dari model.", "Leave one of them out of the model."),
    )
