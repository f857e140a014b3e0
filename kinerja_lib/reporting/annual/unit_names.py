"""A unit's name read off its code, for a project without a unit register."""

from __future__ import annotations

#: abbreviations that stand in codes of units
ABBREVIATIONS = frozenset({
    "bkd", "bkpsdm", "bpbd", "bpkad", "dprd", "opd", "paud", "pkbm", "pmd", "ppkb", "rsu", "rsud", "sd", "sdm", "sdn",
    "skb", "sma", "sman", "smk", "smkn", "smp", "smpn", "ti", "tk", "ukm", "upt", "uptd",
})  # fmt: skip
PARTICLES = frozenset(("dan", "dengan", "di", "ke", "dari", "pada", "untuk", "yang"))


def from_code(code: str) -> str:
    """``dinas-sosial.uptd-panti-sosial`` to ``UPTD Panti Sosial``: the last part, in words.

    Examples
    --------
    >>> from_code("dinas-sosial.bidang-pemuda-dan-olahraga"), from_code("007")
    ('Bidang Pemuda dan Olahraga', '007')
    """
    words = code.rpartition(".")[2].replace("_", "-").split("-")
    return " ".join(_word(word, first=not place) for place, word in enumerate(words)).strip() or code


def _word(word: str, *, first: bool) -> str:
    if word in ABBREVIATIONS:
        return word.upper()
    return word if word in PARTICLES and not first else word[:1].upper() + word[1:]
