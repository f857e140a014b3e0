"""What an appraisal's other columns follow from: the scheme from the period, the predikat from the matrix."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.distinct import each_distinct
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import band_pp30, band_pp46, predikat_from_matrix, scheme_of

_RATINGS = ("hasil_kerja", "perilaku_kerja")
_LIMITS = (0.0, 50.0, 60.0, 70.0, 75.0, 90.0, 91.0, 100.0, 110.0, 120.0)  # of the bands of PP 46 and PP 30


def complete_appraisals(columns: Columns) -> None:
    """Add skema, predikat, predikat_tercetak, predikat_berbeda and predikat_lama.

    The kept predikat is the matrix's where both ratings are there, else the printed one. Ratings whose
    text and code differ are left missing.
    """
    for name, code in (("hasil_kerja", "rating_hasil_nilai"), ("perilaku_kerja", "rating_perilaku_nilai")):
        cells = columns.cells(code)
        if cells is not None:
            coded, reasons = each_distinct(cells, columns.rule(name))
            text = columns.values.get(name, pd.Series(None, index=cells.index, dtype="object"))
            clash = text.notna() & coded.notna() & (text != coded)
            columns.put(
                name,
                (
                    text.where(text.notna(), coded).mask(clash, None),
                    reasons.mask(clash, "rating_bertentangan"),
                ),
            )
    scheme = each_distinct(
        columns.values["periode"], lambda text: (scheme_of(Periode(text).start, Periode(text).end), "")
    )[0]
    columns.values["skema"] = scheme
    new = scheme == "PermenPANRB6"
    cells = columns.cells("predikat_tercetak", "predikat", "predikat_lama")
    none = pd.Series(None, index=scheme.index, dtype="object")
    printed, why = (none, none) if cells is None else each_distinct(cells, columns.rule("predikat"))
    old, why_old = (none, none) if cells is None else each_distinct(cells, columns.rule("predikat_lama"))
    if cells is not None:
        _shifted(columns, cells, printed.notna() | old.notna())
    columns.put("predikat_lama", (old.where(~new, None), why_old.where(~new, "").fillna("")))
    _bands(columns, scheme)
    columns.put("predikat_tercetak", (printed.where(new, None), why.where(new, "").fillna("")))
    printed = columns.values["predikat_tercetak"]
    results, behaviour = columns.values.get("hasil_kerja", none), columns.values.get("perilaku_kerja", none)
    matrix = pd.Series(
        [_matrix(a, b) if fits else None for a, b, fits in zip(results, behaviour, new, strict=True)],
        index=scheme.index, dtype="object",
    )  # fmt: skip
    columns.values["predikat"] = matrix.where(matrix.notna(), printed)
    columns.reasons.pop("predikat", None)
    both = matrix.notna() & printed.notna()
    columns.values["predikat_berbeda"] = (matrix != printed).astype("object").where(both, None)
    _flag(columns, "predikat", "predikat_berbeda", printed, matrix, both & (matrix != printed))


def _shifted(columns: Columns, cells: pd.Series, judged: pd.Series) -> None:
    """Ratings of a row whose cells have slipped to the left or the right are left missing.

    A row has slipped to the left where the rating of behaviour is a predikat and the cell of the predikat is none; to the
    right where the predikat is a rating and the rating of results is none. The rating beside it would be another one's.

    Parameters
    ----------
    columns : Columns
    cells : Series
        The printed predikat as written.
    judged : Series of bool
        Where it is one, of either scheme.
    """
    known = {name: columns.values[name].notna() for name in _RATINGS if name in columns.frame.columns}
    if len(known) < len(_RATINGS) or judged.all():
        return
    behaviour = columns.frame["perilaku_kerja"].mask(known["perilaku_kerja"] | judged, None)
    written = cells.mask(judged | known["hasil_kerja"] | cells.str.contains(r"\d"), None)
    for name, slipped in (
        ("hasil_kerja", each_distinct(behaviour, columns.rule("predikat"))[0].notna()),
        ("perilaku_kerja", each_distinct(written, columns.rule("perilaku_kerja"))[0].notna()),
    ):
        rows = slipped & known[name]
        if rows.any():
            columns.values[name] = columns.values[name].mask(rows, None)
            columns.reasons[name] = columns.reasons[name].mask(rows, "sel_bergeser")


def score_classes(scores: pd.Series) -> NDArray[np.int64]:
    """Numbers from 0, the same for scores that lie alike to every limit of a band; ``_bands`` sees no more of them."""
    values = pd.to_numeric(scores).to_numpy(dtype=float, na_value=np.nan)
    place = np.searchsorted(_LIMITS, values) + np.searchsorted(_LIMITS, values, side="right")
    return np.where(np.isnan(values), 0, place + 1)


def _bands(columns: Columns, scheme: pd.Series) -> None:
    """``predikat_lama`` from the score where none is printed; a printed one that contradicts it is flagged."""
    if "nilai" not in columns.values:
        return
    scores, printed = columns.values["nilai"], columns.values["predikat_lama"]
    band = pd.Series(
        [_band(score, rule) for score, rule in zip(scores, scheme, strict=True)],
        index=scheme.index, dtype="object",
    )  # fmt: skip
    _flag(columns, "predikat_lama", "sebutan_berbeda", printed, band,
          printed.notna() & band.notna() & (printed != band))  # fmt: skip
    unread = columns.reasons["predikat_lama"] != ""
    columns.values["predikat_lama"] = printed.where(printed.notna() | unread, band)


def _band(score: Any, scheme: Any) -> str | None:
    if score is None or scheme not in ("PP46", "PP30") or (scheme == "PP46" and score > 100):
        return None
    return band_pp46(score) if scheme == "PP46" else band_pp30(score)


def _flag(
    columns: Columns, name: str, what: str, printed: pd.Series, ours: pd.Series, rows: pd.Series
) -> None:
    """Note how often a printed value differs from the rule's, by the two values."""
    pairs = printed[rows].astype("str") + " ≠ " + ours[rows].astype("str")
    weights = pd.Series(columns.weights[rows.to_numpy(dtype=bool)], index=pairs.index)
    pairs = weights.groupby(pairs).sum().sort_values(ascending=False, kind="stable")
    columns.flags += [(name, what, str(pair), int(count)) for pair, count in pairs.items()]


@cache
def _matrix(results: Any, behaviour: Any) -> str | None:
    return (
        predikat_from_matrix(results, behaviour)
        if isinstance(results, str) and isinstance(behaviour, str)
        else None
    )
