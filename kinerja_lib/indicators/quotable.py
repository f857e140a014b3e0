"""Which sentences of the reports may be quoted: short, common in their words, without a person, inert.

A text is quoted only where all of this holds; what fails is never shortened or mended, it is left out.

1. Letters, digits and ``. , ; : ( ) % / -`` only, beginning with a letter: no markup, formula, link or address.
2. 15 to 160 characters, at least three words.
3. No run of five digits or more, whatever stands between them.
4. No form of address, degree, kind of number or common personal name (``quotable.toml``), and no single letter.
5. Every word is used by at least ``minimum`` different units: a name that only one place knows is never common.
6. Its unit has at least ``minimum`` employees.

Names of the people in the data were taken out before (``cleaning.free_text``); a text that shows such a gap fails 1.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from kinerja_lib.indicators.obstacle_classes import classed
from kinerja_lib.indicators.project_reports import FINISHED
from kinerja_lib.indicators.regulation_tables import regulation

SHORTEST, LONGEST, FEWEST_WORDS = 15, 160, 3
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .,;:()%/-]*")
_DIGITS = re.compile(r"\d(?:\D{0,3}\d){4,}")
_WORD = re.compile(r"[a-z]+|\d+")


def quotable(
    texts: pd.Series, units: pd.Series, common: frozenset[str], large: Iterable[object]
) -> pd.Series:
    """The texts that may be quoted, blanks settled; missing where one may not.

    Parameters
    ----------
    texts, units : Series
        The unit that each text comes from.
    common : frozenset of str
        Words in use by enough units (``common_words``).
    large : iterable
        Units with enough employees.
    """
    known = {text: _checked(text, common) for text in texts.dropna().unique()}
    checked = texts.map(known).astype("object")
    return checked.where(units.isin(set(large)) & checked.notna(), None)


def common_words(texts: Iterable[pd.Series], units: pd.Series, minimum: int) -> frozenset[str]:
    """Words that occur in the texts of at least ``minimum`` different units."""
    pairs: set[tuple[str, object]] = set()
    for column in texts:
        for text, unit in set(zip(column.dropna(), units[column.notna()], strict=True)):
            pairs |= {(word, unit) for word in _words(text)}
    counts: dict[str, int] = {}
    for word, _ in pairs:
        counts[word] = counts.get(word, 0) + 1
    return frozenset(word for word, count in counts.items() if count >= minimum)


def examples(
    laporan_tugas: pd.DataFrame,
    pool: pd.DataFrame,
    staff: Mapping[str, int],
    minimum: int = 5,
    *,
    words: Mapping[str, Sequence[str]] | None = None,
) -> tuple[pd.DataFrame, list[str]]:
    """Quotations for a report: one obstacle a class, and achievements of finished assignments.

    Parameters
    ----------
    laporan_tugas : DataFrame
        The reports in scope, which are quoted.
    pool : DataFrame
        The reports of all units, which say what words are common.
    staff : mapping of str to int
        Employees by unit.
    minimum : int
        Units that use a word, employees of a unit, and reports of a class, at least.

    Returns
    -------
    obstacles : DataFrame
        ``kelas_kendala``, ``text``; classes with too few reports or no quotable text are left out.
    achievements : list of str
        At most three.
    """
    units = pool["unit_kerja"].astype("str")
    common = common_words([pool["kendala"], pool["capaian"]], units, minimum)
    large = [unit for unit, count in staff.items() if count >= minimum]
    own = laporan_tugas["unit_kerja"].astype("str")
    found = classed(laporan_tugas, words)
    rows = pd.DataFrame(
        {
            "text": quotable(laporan_tugas["kendala"], own, common, large),
            "kelas_kendala": found["classes"],
            "unit": own,
            "alone": found["classes"].map(len) == 1,
        }
    )[found["obstacle"] & found["by_text"]]
    rows = rows.explode("kelas_kendala")
    counts = rows["kelas_kendala"].value_counts()
    rows = rows[rows["kelas_kendala"].isin(counts.index[counts >= minimum])].dropna(subset=["text"])
    chosen = [
        (name, _best(part[part["alone"]] if part["alone"].any() else part)[0])
        for name, part in rows.groupby("kelas_kendala", sort=False)
    ]
    chosen.sort(key=lambda pair: (-int(counts[pair[0]]), pair[0]))
    done = laporan_tugas["status_tugas"].astype("str").isin(FINISHED)
    achieved = pd.DataFrame({"text": quotable(laporan_tugas["capaian"], own, common, large), "unit": own})
    achieved = achieved[done].dropna(subset=["text"])
    return pd.DataFrame(chosen, columns=["kelas_kendala", "text"]), _best(achieved, 3)


def _best(rows: pd.DataFrame, count: int = 1) -> list[str]:
    """The texts that most units wrote, then the shortest, then by letter; no two that differ in numbers only."""
    used = rows.groupby("text")["unit"].nunique()
    order = sorted(used.index, key=lambda text: (-int(used[text]), len(text), text))
    shapes: dict[str, str] = {}
    for text in order:
        shapes.setdefault(re.sub(r"\d+", "0", text), text)
    return list(shapes.values())[:count]


def _checked(text: object, common: frozenset[str]) -> str | None:
    plain = " ".join(str(text).split())
    words = _words(plain)
    if not (SHORTEST <= len(plain) <= LONGEST and len(words) >= FEWEST_WORDS and _PLAIN.fullmatch(plain)):
        return None
    if (
        _DIGITS.search(plain)
        or _barred() & set(words)
        or any(len(word) == 1 and word.isalpha() for word in words)
    ):
        return None
    return plain if all(word in common or word.isdigit() for word in words) else None


def _words(text: object) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", str(text)).casefold())


def _barred() -> frozenset[str]:
    table = regulation("quotable")
    return frozenset(word for name in ("sapaan", "gelar", "nomor", "nama") for word in table[name])
