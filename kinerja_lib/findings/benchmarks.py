"""From a counted share to a sentence:

Against a benchmark, or against last year. No model, no causal verb.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from scipy import stats

from kinerja_lib.findings.detectable import Precision
from kinerja_lib.findings.finding import Finding, Formatter, Gate, formatters, unsaid


def wilson(count: float, n: float, level: float = 0.95) -> tuple[float, float]:
    """Score interval of a share (Wilson 1927).

    Examples
    --------
    >>> tuple(round(bound, 4) for bound in wilson(15, 20))
    (0.5313, 0.8881)
    """
    z = float(stats.norm.ppf(0.5 + level / 2))
    share, shrink = count / n, 1 + z * z / n
    middle = (share + z * z / (2 * n)) / shrink
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrink
    return middle - half, middle + half


def finding_from_benchmark(
    topic: str,
    subject: tuple[str, str],
    count: int,
    n: int,
    benchmark: float,
    benchmark_name: tuple[str, str],
    *,
    census: bool = False,
    minimum_group: int = 5,
    labels: Mapping[str, Formatter] | None = None,
) -> Finding:
    """A share beside a benchmark.

    Parameters
    ----------
    topic : str
    subject : (str, str)
        Noun phrase of the share in both languages: "pegawai yang memenuhi hak 20 JP".
    count, n : int
        The share is count / n.
    benchmark : float
        0–1; a share that equals it is neither above nor below.
    benchmark_name : (str, str)
    census : bool
        All staff were counted and the benchmark is a rule: the difference itself is the finding. Otherwise
        the 95 % Wilson interval must exclude the benchmark.
    """
    fmt = formatters(labels)
    gates = [_size_gate(n, minimum_group, fmt)]
    if not gates[0].passed:
        about = (f"tentang bagian {subject[0]}", f"about the share of {subject[1]}")
        return unsaid(topic, *about, gates, {"benchmark": benchmark})
    share, (low, high) = count / n, wilson(count, n)
    evidence = {
        "count": float(count), "n": float(n), "benchmark": benchmark, "estimate": share, "ci_low": low, "ci_high": high,
    }  # fmt: skip
    if census:
        clear = abs(share - benchmark) > 1e-12
        gates.append(Gate("benchmark", True, share, benchmark))
    else:
        clear = not low <= benchmark <= high
        evidence["p"] = _score_p(share, benchmark, n)
        gates.append(_interval_gate(share, (low, high), benchmark, benchmark_name, fmt))
    if not clear and not census:
        about = (
            f"apakah bagian {subject[0]} berbeda dari {benchmark_name[0]}",
            f"whether the share of {subject[1]} differs from {benchmark_name[1]}",
        )
        error = math.sqrt(benchmark * (1 - benchmark) / n)
        return replace(unsaid(topic, *about, gates, evidence), precision=_precision(error))
    direction = "equal" if not clear else "above" if share > benchmark else "below"
    return Finding(
        topic, *_beside(subject, (count, n), (direction, benchmark), benchmark_name, fmt),
        "moderate" if census else "weak", direction, evidence, tuple(gates), design="census" if census else "share",
    )  # fmt: skip


def _beside(
    subject: tuple[str, str],
    counted: tuple[int, int],
    placed: tuple[str, float],
    name: tuple[str, str],
    fmt: tuple[Formatter, Formatter],
) -> tuple[str, str]:
    """The share and where it lies, in both languages."""
    words = {
        "equal": ("sama dengan", "equal to"),
        "above": ("di atas", "above"),
        "below": ("di bawah", "below"),
    }[placed[0]]
    (count, n), (first, second) = counted, fmt
    return (
        f"Bagian {subject[0]} adalah {first.percent(count / n)} ({first.integer(count)} dari {first.integer(n)}), "
        f"{words[0]} {name[0]} {first.percent(placed[1])}.",
        f"The share of {subject[1]} is {second.percent(count / n)} ({second.integer(count)} of {second.integer(n)}), "
        f"{words[1]} {name[1]} {second.percent(placed[1])}.",
    )


def _interval_gate(
    share: float,
    ends: tuple[float, float],
    benchmark: float,
    name: tuple[str, str],
    fmt: tuple[Formatter, Formatter],
) -> Gate:
    spread = [f"{fmt[i].percent(ends[0])} {('s.d.', 'to')[i]} {fmt[i].percent(ends[1])}" for i in (0, 1)]
    return Gate(
        "interval",
        not ends[0] <= benchmark <= ends[1],
        share,
        benchmark,
        f"interval kepercayaannya ({spread[0]}) mencakup {name[0]} {fmt[0].percent(benchmark)}",
        f"its confidence interval ({spread[1]}) includes {name[1]} {fmt[1].percent(benchmark)}",
    )


def _score_p(share: float, benchmark: float, n: int) -> float:
    """Two-sided p of the score test that Wilson's interval inverts; NaN against a benchmark of 0 or 1."""
    error = math.sqrt(benchmark * (1 - benchmark) / n)
    return float(2 * stats.norm.sf(abs(share - benchmark) / error)) if error > 0 else math.nan


def _precision(error: float, kind: tuple[str, str] = ("perbedaan", "a difference")) -> Precision:
    """Of a share, to the normal approximation of its test."""
    points = ("poin persentase", "percentage points")
    return Precision(((error, math.inf),), kind=kind, unit=points, factor=100, limit=1.0)


def finding_from_change(
    topic: str,
    subject: tuple[str, str],
    now: tuple[int, int],
    before: tuple[int, int],
    *,
    minimum_group: int = 5,
    labels: Mapping[str, Formatter] | None = None,
) -> Finding:
    """The change of a share since the last edition; ``now`` and ``before`` are (count, n).

    The interval is Newcombe's (1998, method 10: two Wilson intervals); one that includes zero leaves the
    change unsaid. The two years are taken as independent, which is cautious for the same staff.
    """
    fmt = formatters(labels)
    gates = [_size_gate(min(now[1], before[1]), minimum_group, fmt)]
    about = (f"apakah bagian {subject[0]} berubah", f"whether the share of {subject[1]} changed")
    if not gates[0].passed:
        return unsaid(topic, *about, gates, {})
    p, q = now[0] / now[1], before[0] / before[1]
    low, high = newcombe(now, before)
    pooled = (now[0] + before[0]) / (now[1] + before[1])
    error = math.sqrt(pooled * (1 - pooled) * (1 / now[1] + 1 / before[1]))
    evidence = {
        "estimate": p - q, "ci_low": low, "ci_high": high, "now": p, "before": q, "n": float(now[1]),
        "p": float(2 * stats.norm.sf(abs(p - q) / error)) if error > 0 else math.nan,
    }  # fmt: skip
    spread = [
        f"{fmt[i].number(low * 100)} {('s.d.', 'to')[i]} {fmt[i].number(high * 100)} "
        f"{('poin persentase', 'percentage points')[i]}"
        for i in (0, 1)
    ]
    gates.append(
        Gate(
            "interval", low > 0 or high < 0, p - q, 0.0,
            f"interval kepercayaan perubahannya mencakup nol ({spread[0]})",
            f"the confidence interval of the change includes zero ({spread[1]})",
        )
    )  # fmt: skip
    if not gates[-1].passed:
        precision = _precision(error, ("perubahan", "a change"))
        return replace(unsaid(topic, *about, gates, evidence), precision=precision)
    up, size = p > q, [one.number(abs(p - q) * 100) for one in fmt]
    return Finding(
        topic,
        f"Bagian {subject[0]} {'naik' if up else 'turun'} {size[0]} poin persentase, "
        f"dari {fmt[0].percent(q)} menjadi {fmt[0].percent(p)}.",
        f"The share of {subject[1]} {'rose' if up else 'fell'} by {size[1]} percentage points, from "
        f"{fmt[1].percent(q)} to {fmt[1].percent(p)}.",
        "weak", "up" if up else "down", evidence, tuple(gates), details={"about": about},
    )  # fmt: skip


def newcombe(now: tuple[int, int], before: tuple[int, int]) -> tuple[float, float]:
    """95 % interval of a difference of two shares (Newcombe 1998, Statistics in Medicine 17:873, method 10).

    Examples
    --------
    >>> tuple(round(bound, 4) for bound in newcombe((56, 70), (48, 80)))
    (0.0524, 0.3339)
    """
    p, q = now[0] / now[1], before[0] / before[1]
    (low_p, high_p), (low_q, high_q) = wilson(*now), wilson(*before)
    return p - q - math.hypot(p - low_p, high_q - q), p - q + math.hypot(high_p - p, q - low_q)


def _size_gate(n: int, minimum: int, fmt: tuple[Formatter, Formatter]) -> Gate:
    return Gate(
        "n",
        n >= minimum,
        float(n),
        float(minimum),
        f"kelompoknya kurang dari {fmt[0].integer(minimum)} orang",
        f"the group has fewer than {fmt[1].integer(minimum)} people",
    )
