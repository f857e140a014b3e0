"""Predicates, their matrix (PermenPANRB 6/2022, annex), the older schemes' bands, and which rule holds.

The matrix is the regulation's. Several applications print Sangat Baik for results above and behaviour as
expected; the regulation says Baik. Such a row is kept and flagged.
"""

from __future__ import annotations

from datetime import date

from kinerja_lib.errors import SchemaError

PREDIKAT = ("Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan", "Baik", "Sangat Baik")
RATING = ("Dibawah ekspektasi", "Sesuai ekspektasi", "Diatas ekspektasi")
PREDIKAT_ORGANISASI = ("Sangat Kurang", "Kurang", "Butuh Perbaikan", "Baik", "Istimewa")

# rows: hasil_kerja; columns: perilaku_kerja; both in the order of RATING
MATRIX = (
    ("Sangat Kurang", "Butuh Perbaikan", "Butuh Perbaikan"),
    ("Kurang/Misconduct", "Baik", "Baik"),
    ("Kurang/Misconduct", "Baik", "Sangat Baik"),
)


def predikat_from_matrix(hasil_kerja: str, perilaku_kerja: str) -> str:
    """Predicate of two ratings (PermenPANRB 6/2022, annex).

    Raises
    ------
    SchemaError
        One of the two is no rating.

    Examples
    --------
    >>> predikat_from_matrix("Diatas ekspektasi", "Sesuai ekspektasi")
    'Baik'
    """
    for rating in (hasil_kerja, perilaku_kerja):
        if rating not in RATING:
            raise SchemaError(f"not a rating: {rating!r}", action=f"choose one of: {', '.join(RATING)}")
    return MATRIX[RATING.index(hasil_kerja)][RATING.index(perilaku_kerja)]


def scheme_of(start: date, end: date) -> str:
    """Scheme in force over a period: PP46 to June 2021, PP30 for July–December 2021, PermenPANRB6 from 2022.

    A period that spans both halves of 2021 is appraised twice; its own scheme is that of its end.

    Returns
    -------
    str
        ``PP46``, ``PP30`` or ``PermenPANRB6``.
    """
    if end.year >= 2022:
        return "PermenPANRB6"
    return "PP30" if end >= date(2021, 7, 1) else "PP46"


def band_pp46(nilai: float) -> str:
    """Band of a PP 46/2011 score (0–100): ≤50 Buruk, ≤60 Kurang, ≤75 Cukup, <91 Baik, ≥91 Sangat Baik."""
    if not 0 <= nilai <= 100:
        raise SchemaError(f"a PP 46/2011 score lies between 0 and 100, not {nilai}")
    if nilai <= 50:
        return "Buruk"
    if nilai <= 60:
        return "Kurang"
    if nilai <= 75:
        return "Cukup"
    return "Baik" if nilai < 91 else "Sangat Baik"


def band_pp30(nilai: float, *, new_idea: bool | None = None) -> str | None:
    """Band of a PP 30/2019 score (0–120); None where the number alone cannot decide.

    Baik is 90–120 and Sangat Baik 110–120 with a new idea, so from 110 on the number needs ``new_idea``.
    The bands below 70 are an assumption of this project.
    """
    if not 0 <= nilai <= 120:
        raise SchemaError(f"a PP 30/2019 score lies between 0 and 120, not {nilai}")
    if nilai < 50:
        return "Sangat Kurang"
    if nilai < 70:
        return "Kurang"
    if nilai < 90:
        return "Cukup"
    if nilai < 110:
        return "Baik"
    return None if new_idea is None else "Sangat Baik" if new_idea else "Baik"
