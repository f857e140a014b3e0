"""First differences: changes of the outcome on changes of the exposures, from one period to the next.

A constant is kept (the common trend), as in Wooldridge (2010, ch. 10.6). Only neighbouring periods are
differenced: a gap gives no difference, and the number of gaps is reported.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.models.collinearity import require_full_rank
from kinerja_lib.models.design import Design, build_design
from kinerja_lib.models.diagnostics import linear_checks
from kinerja_lib.models.grouping import Grouping
from kinerja_lib.models.inference import infer
from kinerja_lib.models.least_squares import solve
from kinerja_lib.models.linear import assemble, size_and_fit
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.terms import Encoding
from kinerja_lib.models.wording import model_error

Codes = NDArray[np.int64]


def fit_first_difference(panel: pd.DataFrame, spec: ModelSpec, *, lang: str = "id") -> FitResult:
    """Fit the differenced equation; ``n`` counts differences. ``glance()`` adds ``n_units`` and ``n_gaps``.

    Raises
    ------
    ModelError
        A unit occurs twice in one period, no unit has two neighbouring periods, or a column never changes.
    """
    differenced, numbers_of_panel = differenced_design(panel, spec, lang)
    ls = solve(differenced.X, differenced.y, differenced.weights)
    found = infer(ls, spec.resolved_errors, differenced.clusters, lang=lang)
    numbers = size_and_fit(differenced, ls, found, differenced.n - len(differenced.names))
    numbers |= numbers_of_panel
    checks = linear_checks(panel, spec, differenced, ls, found)
    return assemble(differenced, spec, ls, found, numbers, checks, encoding=None)


def differenced_design(panel: pd.DataFrame, spec: ModelSpec, lang: str) -> tuple[Design, dict[str, int]]:
    """The design in differences, of full rank, with the numbers of units and of gaps."""
    design = build_design(panel, spec, intercept=False, rank=False, lang=lang)
    units, times = panel_codes(panel, spec, design.rows, lang)
    later, earlier, gaps = neighbours(units, times, spec, lang)
    differenced = _difference(design, later, earlier)
    require_full_rank(differenced.X, differenced.names, lang)
    return differenced, {"n_units": len(np.unique(units)), "n_gaps": gaps}


def panel_codes(panel: pd.DataFrame, spec: ModelSpec, rows: Codes, lang: str = "id") -> tuple[Codes, Codes]:
    """Codes of unit and of time (in the order of time) for these rows; both must be present."""
    assert spec.unit is not None
    assert spec.time is not None
    units = pd.factorize(panel[spec.unit])[0][rows]
    series = panel[spec.time]
    if isinstance(series.dtype, pd.CategoricalDtype):
        times = series.cat.codes.to_numpy()[rows]
    else:
        times = pd.factorize(series, sort=True)[0][rows]
    for name, codes in ((spec.unit, units), (spec.time, times)):
        if (codes < 0).any():
            raise model_error(
                lang,
                f'Kolom "{name}" kosong pada {int((codes < 0).sum())} baris.',
                f'Column "{name}" is missing in {int((codes < 0).sum())} rows.',
                ("Lengkapi, atau saring baris itu.", "Supply it, or filter those rows."),
            )
    return units.astype(np.int64), times.astype(np.int64)


def neighbours(units: Codes, times: Codes, spec: ModelSpec, lang: str) -> tuple[Codes, Codes, int]:
    """Positions of each row and of the same unit's row one period before; and how many gaps there are."""
    order = np.lexsort((times, units))
    same = units[order][1:] == units[order][:-1]
    step = times[order][1:] - times[order][:-1]
    if bool((same & (step == 0)).any()):
        raise model_error(
            lang,
            f"Ada unit yang muncul lebih dari sekali dalam satu waktu ({spec.unit}, {spec.time}).",
            f"A unit occurs more than once in one period ({spec.unit}, {spec.time}).",
            ("Hapus baris ganda lebih dahulu.", "Remove the double rows first."),
        )
    near = same & (step == 1)
    if not near.any():
        raise model_error(
            lang,
            f"Tidak ada unit dengan dua waktu berurutan ({spec.unit}, {spec.time}).",
            f"No unit has two neighbouring periods ({spec.unit}, {spec.time}).",
            ("Beda pertama memerlukan data panel.", "First differences need panel data."),
        )
    return order[1:][near], order[:-1][near], int((same & (step > 1)).sum())


def _difference(design: Design, later: Codes, earlier: Codes) -> Design:
    X = np.column_stack([np.ones(len(later)), design.X[later] - design.X[earlier]])
    names = ("Intercept", *design.names)
    clusters = {name: _take(group, later) for name, group in design.clusters.items()}
    return replace(
        design,
        names=names,
        X=np.asfortranarray(X),
        y=design.y[later] - design.y[earlier],
        rows=design.rows[later],
        clusters=clusters,
        weights=None if design.weights is None else design.weights[later],
        encoding=Encoding(design.encoding.terms, design.encoding.levels, names, True),
    )


def _take(group: Grouping, rows: Codes) -> Grouping:
    used, codes = np.unique(group.codes[rows], return_inverse=True)
    return Grouping(group.name, codes.astype(np.int64), tuple(group.labels[k] for k in used))
