"""How the same value is written by different offices and applications."""

from __future__ import annotations

from datetime import date

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
          "November", "Desember")  # fmt: skip
SHORT_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
PREDIKAT = {
    "Sangat Baik": ("SANGAT BAIK", "Sangat baik", "sangat  baik", "Sangat Baik "),
    "Baik": ("BAIK", "baik", " Baik"),
    "Butuh Perbaikan": ("Butuh perbaikan", "BUTUH PERBAIKAN", "Butuh  Perbaikan"),
    "Kurang/Misconduct": ("KURANG (MISCONDUCT)", "KURANG/ MISCONDUCT", "Kurang / Misconduct", "Kurang"),
    "Sangat Kurang": ("SANGAT KURANG", "Sangat kurang"),
}
RATING = {
    "Diatas ekspektasi": (
        "Di Atas",
        "Diatas",
        "DIATAS EKSPEKTASI",
        "Di Atas Ekspektasi (AE)",
        "Di Atas Ekspektasi",
    ),
    "Sesuai ekspektasi": ("Sesuai", "SESUAI EKSPEKTASI", "Sesuai Ekspektasi"),
    "Dibawah ekspektasi": ("Di Bawah", "Dibawah", "DIBAWAH EKSPEKTASI", "Di Bawah Ekspektasi"),
}
RESULT = {"Istimewa": ("ISTIMEWA", "Istimewah"), "Baik": ("BAIK",), "Butuh Perbaikan": ("Butuh perbaikan",)}
SCHOOL = {
    "SMA": ("SLTA", "SMK", "SLTA/SMA/SMK"),
    "D3": ("DIII", "D-III", "Diploma III"),
    "D4/S1": ("DIV / S1", "S1D4", "S-1", "D.IV", "S1"),
    "S2": ("S-2", "Magister (S2)"),
    "S3": ("S-3",),
}
_PANGKAT = {
    "I/a": "Juru Muda", "I/b": "Juru Muda Tk.I", "I/c": "Juru", "I/d": "Juru Tk.I", "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tk.I", "II/c": "Pengatur", "II/d": "Pengatur Tk.I", "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I", "III/c": "Penata", "III/d": "Penata TK. I", "IV/a": "Pembina",
    "IV/b": "Pembina Tk.I", "IV/c": "Pembina Utama Muda", "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}  # fmt: skip


def grades(value: str) -> tuple[str, ...]:
    """Spellings of a golongan: IIIa, III.a, III A, with the pangkat in front, with a no-break space."""
    if "/" not in value:
        return (f"Golongan {value}", f"{value} ")
    roman, letter = value.split("/")
    rank = _PANGKAT[value]
    return (
        f"{roman}{letter}", f"{roman}.{letter}", f"{roman} {letter.upper()}", f"{rank}\u00a0{value}",
        f"{rank}/ {value}", f"{rank} ({value})", f"{rank.upper()}/{roman}{letter}", f"{value}\n01 OCT 2021",
    )  # fmt: skip


def dates(value: date) -> tuple[object, ...]:
    """Spellings of a date, an Excel serial number among them."""
    serial = (value - date(1899, 12, 30)).days
    return (
        f"{value:%d/%m/%Y}", f"{value.day} {MONTHS[value.month - 1]} {value.year}",
        f"{value.day:02d} {SHORT_MONTHS[value.month - 1]} {value.year}", serial, float(serial),
        f" {value:%d-%m-%Y}", f"{value:%Y-%m-%d}",
    )  # fmt: skip


def long_date(value: date) -> str:
    """31 Desember 2024."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def number_text(value: float) -> str:
    """1.234,56 with as many decimals as the value has, at most two."""
    text = f"{value:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
    return text.rstrip("0").rstrip(",")


def numbers(value: float) -> tuple[str, ...]:
    """Spellings of a number: decimal comma, decimal point, thousands marked either way."""
    return (number_text(value), f"{value:.2f}", f"{value:,.2f}")
