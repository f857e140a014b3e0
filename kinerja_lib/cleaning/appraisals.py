"""What an appraisal's other columns follow from: the scheme from the period, the predikat from the matrix."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.cleaning.codes import category_rule
from kinerja_lib.cleaning.columns import Columns
from kinerja_lib.cleaning.distinct import each_distinct
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import predikat_from_matrix, scheme_of


def complete_appraisals(columns: Columns) -> None:
    """Add skema, predikat, predikat_tercetak, predikat_berbeda and predikat_lama.

    The kept predikat is the matrix's where both ratings are there, else the printed one. Ratings whose
    text and code differ are left missing.
    """
    for name, code in (("hasil_kerja", "rating_hasil_nilai"), ("perilaku_kerja", "rating_perilaku_nilai")):
        cells = columns.cells(code)
        if cells is not None:
            coded, reasons = each_distinct(cells, category_rule(name))
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
    printed, why = (none, none) if cells is None else each_distinct(cells, category_rule("predikat"))
    old, why_old = (none, none) if cells is None else each_distinct(cells, category_rule("predikat_lama"))
    columns.put("predikat_lama", (old.where(~new, None), why_old.where(~new, "").fillna("")))
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


def _matrix(results: Any, behaviour: Any) -> str | None:
    return (
        predikat_from_matrix(results, behaviour)
        if isinstance(results, str) and isinstance(behaviour, str)
        else None
    )
