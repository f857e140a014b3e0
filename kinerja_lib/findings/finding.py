"""What a finding is: two sentences, how strong, the numbers it rests on, and the gates it went through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from kinerja_lib.findings.detectable import OF_CHANCE, Precision
from kinerja_lib.language import Labels

# strong: the design earns a causal verb · moderate: same people over time, or all staff counted ·
# weak: an association, or a share · none: no relation worth naming (equivalence) · unsaid: a gate failed
STRENGTHS = ("strong", "moderate", "weak", "none", "unsaid")


@dataclass(frozen=True)
class Gate:
    """One condition:

    ``name``, whether it held, the value, the threshold, and the reason to print where it failed.
    """

    name: str
    passed: bool
    value: float
    threshold: float
    reason_id: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class Finding:
    """A sentence that may be printed, in two languages, with what it rests on.

    ``direction`` is ``up``, ``down``, ``above``, ``below``, ``equal`` or empty. ``evidence`` holds plain numbers:
    ``n`` (people reached), ``estimate``, ``ci_low``, ``ci_high``, and ``p`` where it rests on a test.

    Attributes
    ----------
    design : str
        How it is known: one of ``DESIGNS`` of a model, ``census``, ``share``, ``comparison``, ``groups``.
    place : str
        Id of the chapter, table or figure of the report that shows it, such as ``bab-fasilitas``.
    details : mapping of str to (str, str)
        Names and numbers in both languages that a recommendation may speak of.
    contrast : str
        What is compared where a model splits it: ``within_units`` (changes of the same unit), ``between_units``
        (lasting differences between units of the same agency); empty elsewhere.
    precision : Precision, optional
        What its test can see. Where nothing can be concluded only because the data do not tell, the sentence ends
        with the smallest size that they could have shown.
    """

    topic: str
    sentence_id: str
    sentence_en: str
    strength: str
    direction: str = ""
    evidence: Mapping[str, float] = field(default_factory=dict)
    gates: tuple[Gate, ...] = ()
    design: str = ""
    place: str = ""
    details: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    contrast: str = ""
    precision: Precision | None = None

    @property
    def said(self) -> bool:
        """Whether anything is claimed."""
        return self.strength != "unsaid"

    @property
    def failed(self) -> tuple[Gate, ...]:
        """Gates that did not hold."""
        return tuple(gate for gate in self.gates if not gate.passed)

    def sentence(self, lang: str = "id") -> str:
        """The sentence in a language; where it was left to chance, with what could have been seen."""
        text = self.sentence_en if lang == "en" else self.sentence_id
        if self.precision is None or self.said or not self.failed:
            return text
        if any(gate.name not in OF_CHANCE for gate in self.failed):
            return text
        return f"{text} {self.precision.sentence(formatters(None), int(lang == 'en'))}".strip()


class Formatter(Protocol):
    """How numbers are written inside sentences; ``language.Labels`` is one."""

    def number(self, value: float, digits: int = 1, *, signed: bool = False) -> str: ...

    def integer(self, value: float) -> str: ...

    def percent(self, fraction: float, digits: int = 1) -> str: ...


def formatters(given: Mapping[str, Formatter] | None) -> tuple[Formatter, Formatter]:
    """The Indonesian and the English formatter: those given, else ``Labels``."""
    found = dict(given or {})
    return found.get("id") or Labels("id"), found.get("en") or Labels("en")


def unsaid(
    topic: str,
    about_id: str,
    about_en: str,
    gates: Sequence[Gate],
    evidence: Mapping[str, float],
) -> Finding:
    """The finding that nothing can be concluded, with every failed gate as reason."""
    failed = [gate for gate in gates if not gate.passed]
    return Finding(
        topic=topic,
        sentence_id=f"Belum dapat disimpulkan {about_id}, karena "
        + _joined([gate.reason_id for gate in failed], "dan")
        + ".",
        sentence_en=f"It cannot be concluded {about_en}, because "
        + _joined([gate.reason_en for gate in failed], "and")
        + ".",
        strength="unsaid",
        evidence=dict(evidence),
        gates=tuple(gates),
    )


def finding_from_unsaid(
    topic: str,
    about: tuple[str, str],
    gates: Sequence[Gate],
    evidence: Mapping[str, float] | None = None,
    *,
    design: str = "",
    precision: Precision | None = None,
) -> Finding:
    """The finding that nothing can be concluded about something (both languages), with the failed gates as reason."""
    made = unsaid(topic, *about, gates, evidence or {})
    return replace(made, design=design, details={"about": about}, precision=precision)


def _joined(parts: Sequence[str], word: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    comma = "," if len(parts) > 2 else ""
    return f"{', '.join(parts[:-1])}{comma} {word} {parts[-1]}"
