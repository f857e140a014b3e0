"""Nomor Induk Pegawai: what its 18 digits say.

PNS: birth yyyymmdd (8), TMT CPNS yyyymm (6), sex 1 L / 2 P (1), sequence (3).
PPPK: birth (8), year (4), two digits of at least 21, sex (1), sequence (3).
There is no check digit. A NIP is text, everywhere and always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kinerja_lib.errors import SchemaError

LENGTH = 18
AGE_AT_APPOINTMENT = (17, 70)  # an assumption of this project: years between birth and appointment


@dataclass(frozen=True, order=True)
class Nip:
    """A valid NIP of 18 digits.

    Raises
    ------
    SchemaError
        The text is not a NIP; the message says which part is wrong and never repeats the number.

    Examples
    --------
    >>> Nip("198609262015051001").birth
    datetime.date(1986, 9, 26)
    >>> Nip("198609262015051001").status
    'PNS'
    """

    text: str

    def __post_init__(self) -> None:
        fault = fault_of(self.text)
        if fault:
            raise SchemaError(f"not a NIP: {fault}")

    @property
    def birth(self) -> date:
        """Date of birth."""
        return date(int(self.text[:4]), int(self.text[4:6]), int(self.text[6:8]))

    @property
    def appointment_year(self) -> int:
        """Year of appointment (TMT CPNS, or the PPPK contract)."""
        return int(self.text[8:12])

    @property
    def status(self) -> Literal["PNS", "PPPK"]:
        """PNS where digits 13–14 are a month, PPPK where they are at least 21."""
        return "PNS" if int(self.text[12:14]) <= 12 else "PPPK"

    @property
    def sex(self) -> Literal["L", "P"]:
        """L (male) or P (female)."""
        return "L" if self.text[14] == "1" else "P"

    @property
    def masked(self) -> str:
        """The form that may be shown: the year of birth and nothing else."""
        return self.text[:4] + "*" * (LENGTH - 4)

    def __repr__(self) -> str:
        return f"Nip({self.masked!r})"

    def __str__(self) -> str:
        return self.text


def fault_of(text: str) -> str:
    """Say what keeps a text from being a NIP; an empty text where nothing does.

    Returns
    -------
    str
        One of ``length``, ``digits``, ``birth``, ``appointment``, ``month``, ``sex``, ``age``, ``sequence``
        or "".
        ``sequence`` marks a number that ends in 000, the trace of a spreadsheet's 15-digit numbers.
    """
    if not (text.isascii() and text.isdigit()):
        return "digits"
    if len(text) != LENGTH:
        return "length"
    try:
        birth = date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return "birth"
    year, month = int(text[8:12]), int(text[12:14])
    if not 1945 <= year <= 2100:
        return "appointment"
    if month == 0 or 12 < month < 21:
        return "month"
    if text[14] not in "12":
        return "sex" if text[15:] != "000" else "sequence"
    if text[15:] == "000":
        return "sequence"
    low, high = AGE_AT_APPOINTMENT
    return "" if low <= year - birth.year <= high else "age"
