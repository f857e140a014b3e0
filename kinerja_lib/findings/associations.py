"""Relations between organisations: ranks of a few agencies side by side. Never said of people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

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
    gates = [
        Gate(
            "organisations", own.n >= fewest, float(own.n), float(fewest),
            f"{own.organisations[0]} yang memiliki kedua ukuran hanya {fmt[0].integer(own.n)} (paling sedikit {fmt[0].integer(fewest)})",
            f"only {fmt[1].integer(own.n)} {own.organisations[1]} have both measures (at least {fmt[1].integer(fewest)} needed)",
        )
    ]  # fmt: skip
    about = (
        f"apakah {own.exposure[0]} berhubungan dengan {own.outcome[0]} pada tingkat {own.organisations[0]}",
        f"whether {own.exposure[1]} is associated with {own.outcome[1]} between {own.organisations[1]}",
    )
    evidence = {
        "estimate": own.tau, "ci_low": own.ci_low, "ci_high": own.ci_high, "p": own.p, "n": float(own.n),
    }  # fmt: skip
    gates.append(
        Gate(
            "varies", not (gates[0].passed and math.isnan(own.tau)), own.tau, 0.0,
            f"salah satu ukurannya sama pada semua {own.organisations[0]}",
            f"one of the measures is the same in all {own.organisations[1]}",
        )
    )  # fmt: skip
    if not all(gate.passed for gate in gates):
        return unsaid(own.topic, *about, gates, {"n": float(own.n)})
    span = [
        f"{fmt[i].number(own.ci_low, 2)} {('s.d.', 'to')[i]} {fmt[i].number(own.ci_high, 2)}" for i in (0, 1)
    ]
    gates.append(
        Gate(
            "p", own.p <= alpha, own.p, alpha,
            f"urutan {fmt[0].integer(own.n)} {own.organisations[0]} masih dapat terjadi karena kebetulan "
            f"(tau {fmt[0].number(own.tau, 2)}, selang 95% {span[0]})",
            f"the order of {fmt[1].integer(own.n)} {own.organisations[1]} could still be due to chance "
            f"(tau {fmt[1].number(own.tau, 2)}, 95% interval {span[1]})",
        )
    )  # fmt: skip
    if not gates[-1].passed:
        return unsaid(own.topic, *about, gates, evidence)
    up = own.tau > 0
    return Finding(
        own.topic,
        f"Pada tingkat {own.organisations[0]}, {own.exposure[0]} berhubungan dengan {own.outcome[0]}: yang lebih tinggi dalam "
        f"yang satu cenderung lebih {'tinggi' if up else 'rendah'} dalam yang lain (tau Kendall {fmt[0].number(own.tau, 2)}, "
        f"selang kepercayaan 95% {span[0]}, {fmt[0].integer(own.n)} {own.organisations[0]}). Hubungan antarinstansi ini tidak "
        f"dapat dibaca sebagai hubungan pada pegawai perorangan.",
        f"Between {own.organisations[1]}, {own.exposure[1]} is associated with {own.outcome[1]}: those higher in the one tend "
        f"to be {'higher' if up else 'lower'} in the other (Kendall's tau {fmt[1].number(own.tau, 2)}, 95% confidence interval "
        f"{span[1]}, {fmt[1].integer(own.n)} {own.organisations[1]}). This holds between organisations and can't be read as a "
        f"relation for individual employees.",
        "weak", "up" if up else "down", evidence, tuple(gates), design="cross_section", details={"about": about},
    )  # fmt: skip
