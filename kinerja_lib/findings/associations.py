"""Relations between organisations: ranks of a few agencies side by side. Never said of people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kinerja_lib.findings.detectable import Precision
from kinerja_lib.findings.finding import Finding, Formatter, Gate, formatters, unsaid

FEWEST = 10  # organisations: below, the interval of a rank correlation can't be given


@dataclass(frozen=True)
class Ranked:
    """Kendall's tau-b between two measures of organisations, in words of both languages.

    ``exposure`` and ``outcome`` are noun phrases; ``organisations`` names what is ranked (``instansi``, ``agencies``);
    ``p`` is exact or permuted; ``stand_together`` adjusts it for the other tests of a report.
    """

    topic: str
    exposure: tuple[str, str]
    outcome: tuple[str, str]
    organisations: tuple[str, str]
    n: int
    tau: float
    ci_low: float
    ci_high: float
    p: float


def finding_from_ranks(
    ranked: Ranked,
    *,
    alpha: float = 0.05,
    fewest: int = FEWEST,
    labels: Mapping[str, Formatter] | None = None,
) -> Finding:
    """Whether organisations that stand high in one measure stand high in the other.

    Gates: enough organisations, and a p-value of at most ``alpha``. The sentence says that what holds between
    organisations need not hold for the people in them (Robinson 1950, American Sociological Review 15:351). Without a
    claim nothing is called absent: a dozen organisations could not show it.
    """
    fmt, own = formatters(labels), ranked
    about = (
        f"apakah {own.exposure[0]} berhubungan dengan {own.outcome[0]} pada tingkat {own.organisations[0]}",
        f"whether {own.exposure[1]} is associated with {own.outcome[1]} between {own.organisations[1]}",
    )
    gates = _possible(own, fewest, fmt)
    if not all(gate.passed for gate in gates):
        return unsaid(own.topic, *about, gates, {"n": float(own.n)})
    evidence = {
        "estimate": own.tau, "ci_low": own.ci_low, "ci_high": own.ci_high, "p": own.p, "n": float(own.n),
    }  # fmt: skip
    gates.append(
        Gate(
            "p", own.p <= alpha, own.p, alpha,
            f"urutan {fmt[0].integer(own.n)} {own.organisations[0]} masih dapat terjadi karena kebetulan "
            f"(tau {fmt[0].number(own.tau, 2)}, interval 95% {_span(own, fmt, 0)})",
            f"the order of {fmt[1].integer(own.n)} {own.organisations[1]} could still be due to chance "
            f"(tau {fmt[1].number(own.tau, 2)}, 95% interval {_span(own, fmt, 1)})",
        )
    )  # fmt: skip
    if not gates[-1].passed:
        return replace(unsaid(own.topic, *about, gates, evidence), precision=_precision(own.n, alpha))
    return Finding(
        own.topic, *_related(own, fmt), "weak", "up" if own.tau > 0 else "down", evidence, tuple(gates),
        design="cross_section", details={"about": about},
    )  # fmt: skip


def _possible(own: Ranked, fewest: int, fmt: tuple[Formatter, Formatter]) -> list[Gate]:
    """Enough organisations, and measures that tell them apart."""
    gates = [
        Gate(
            "organisations", own.n >= fewest, float(own.n), float(fewest),
            f"{own.organisations[0]} yang memiliki kedua ukuran hanya {fmt[0].integer(own.n)} (paling sedikit {fmt[0].integer(fewest)})",
            f"only {fmt[1].integer(own.n)} {own.organisations[1]} have both measures (at least {fmt[1].integer(fewest)} needed)",
        )
    ]  # fmt: skip
    return [
        *gates,
        Gate(
            "varies", not (gates[0].passed and math.isnan(own.tau)), own.tau, 0.0,
            f"salah satu ukurannya sama pada semua {own.organisations[0]}",
            f"one of the measures is the same in all {own.organisations[1]}",
        ),
    ]  # fmt: skip


def _precision(n: int, alpha: float) -> Precision:
    """Of tau among n organisations, from its variance without a relation (Kendall 1938, Biometrika 30:81)."""
    error = math.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))
    return Precision(
        ((error, math.inf),), kind=("hubungan (tau)", "a relation (tau)"), digits=2, alpha=alpha, limit=1.0
    )


def _span(own: Ranked, fmt: tuple[Formatter, Formatter], lang: int) -> str:
    return f"{fmt[lang].number(own.ci_low, 2)} {('s.d.', 'to')[lang]} {fmt[lang].number(own.ci_high, 2)}"


def _related(own: Ranked, fmt: tuple[Formatter, Formatter]) -> tuple[str, str]:
    up, n = own.tau > 0, [one.integer(own.n) for one in fmt]
    return (
        f"Pada tingkat {own.organisations[0]}, {own.exposure[0]} berhubungan dengan {own.outcome[0]}: yang lebih tinggi dalam "
        f"yang satu cenderung lebih {'tinggi' if up else 'rendah'} dalam yang lain (tau Kendall {fmt[0].number(own.tau, 2)}, "
        f"interval kepercayaan 95% {_span(own, fmt, 0)}, {n[0]} {own.organisations[0]}). Hubungan antarinstansi ini tidak "
        f"dapat dibaca sebagai hubungan pada pegawai perorangan.",
        f"Between {own.organisations[1]}, {own.exposure[1]} is associated with {own.outcome[1]}: those higher in the one tend "
        f"to be {'higher' if up else 'lower'} in the other (Kendall's tau {fmt[1].number(own.tau, 2)}, 95% confidence interval "
        f"{_span(own, fmt, 1)}, {n[1]} {own.organisations[1]}). This holds between organisations and can't be read as a "
        f"relation for individual employees.",
    )
