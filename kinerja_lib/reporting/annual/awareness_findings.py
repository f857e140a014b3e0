"""Findings on clear tasks, awareness, outreach and stagnation, ready for ``findings.recommend``."""

from __future__ import annotations

import math

import numpy as np

from kinerja_lib.errors import ModelError
from kinerja_lib.findings import Finding, Gate, finding_from_benchmark, finding_from_change
from kinerja_lib.findings.finding import unsaid
from kinerja_lib.indicators import skp_content, skp_summary
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.outreach import rounds
from kinerja_lib.reporting.annual.stagnation import stagnation_of
from kinerja_lib.reporting.annual.survey_response import RELIABLE, scale_of_year
from kinerja_lib.reporting.annual.task_content import skp_people

MARGIN = 5.0  # points of an index (0–100) below which a difference is too small to matter: a choice of this project
LEAST_UNITS = 3  # in each of the two groups
_ID, _EN = Labels("id"), Labels("en")
SCALES = {
    "kesadaran": ("indeks kesadaran pegawai", "the awareness index of staff"),
    "kejelasan_tugas": ("indeks kejelasan tugas", "the index of clarity of tasks"),
}


def awareness_findings(edition: Edition) -> list[Finding]:
    """All of this module, those that can't be said among them."""
    found = [*task_findings(edition), outreach_finding(edition), stagnation_finding(edition)]
    return [*found, *(scale_finding(edition, name) for name in SCALES)]


def task_findings(edition: Edition) -> list[Finding]:
    """SKP set by 31 January and SKP agreed, against the share that ``[thresholds] skp_on_time`` asks for."""
    people, wanted = skp_people(edition), edition.config.thresholds.skp_on_time
    name = ("batas dalam pengaturan", "the limit in the settings,")
    whole = skp_summary(people, ()).iloc[0] if len(people) else {"on_time": 0, "due": 0}
    found = [
        finding_from_benchmark(
            "skp_tepat_waktu",
            ("pegawai yang SKP-nya ditetapkan paling lambat 31 Januari", "employees whose SKP was set by 31 January"),
            int(whole["on_time"]), int(whole["due"]), wanted, name, census=True, minimum_group=edition.smallest,
        )
    ]  # fmt: skip
    content = skp_content(people, ()).iloc[0] if len(people) else {"known_agreed": 0, "agreed": 0.0}
    known = int(content["known_agreed"])
    if known:
        found.append(
            finding_from_benchmark(
                "skp_disepakati",
                ("SKP yang disepakati dalam dialog kinerja", "SKP agreed in a performance dialogue"),
                round(float(content["agreed"]) * known), known, wanted, name, census=True,
                minimum_group=edition.smallest,
            )
        )  # fmt: skip
    return found


def outreach_finding(edition: Edition) -> Finding:
    """Whether awareness changed more in units with outreach than in units without: at the level of units."""
    from kinerja_lib.models import difference_of_changes

    about = (
        "apakah kesadaran lebih berubah pada unit kerja yang mengadakan penyuluhan",
        "whether awareness changed more in units with outreach",
    )
    own, limits = rounds(edition), edition.config.thresholds
    if own is None or not len(edition.rows("penyuluhan")):
        none = ("belum ada data penyuluhan", "there are no data on outreach yet")
        once = ("survei kesadaran baru satu putaran", "the awareness survey has one round only")
        gate = Gate("rounds", False, 1.0, 2.0, *(once if own is None else none))
        return unsaid("penyuluhan", *about, [gate], {})
    groups = [own.of("dengan"), own.of("tanpa")]
    n = [len(values) for values in groups]
    evidence: dict[str, float] = {"n_with": float(n[0]), "n_without": float(n[1]), "n": float(sum(n))}
    gates = [
        Gate(
            "units", min(n) >= LEAST_UNITS and sum(n) >= limits.minimum_clusters, float(min(n)), float(LEAST_UNITS),
            f"hanya ada {_ID.integer(n[0])} unit kerja dengan dan {_ID.integer(n[1])} tanpa penyuluhan yang dapat dibandingkan",
            f"only {_EN.integer(n[0])} units with and {_EN.integer(n[1])} without outreach can be compared",
        )
    ]  # fmt: skip
    if not gates[0].passed:
        return unsaid("penyuluhan", *about, gates, evidence)
    try:
        found = difference_of_changes(*groups, lang=edition.lang)
    except ModelError:
        gates.append(
            Gate("spread", False, 0.0, 0.0, "perubahannya sama di semua unit", "all units changed alike")
        )
        return unsaid("penyuluhan", *about, gates, evidence)
    evidence |= {
        "estimate": found.estimate, "std_error": found.std_error, "df": found.df, "ci_low": found.ci_low,
        "ci_high": found.ci_high,
    }  # fmt: skip
    gates.append(
        Gate(
            "df", found.df >= limits.minimum_df, found.df, limits.minimum_df,
            f"derajat bebas perbandingannya hanya {_ID.number(found.df)}", f"there are only {_EN.number(found.df)} degrees of freedom",
        )
    )  # fmt: skip
    spread = [_interval(labels, found.ci_low, found.ci_high) for labels in (_ID, _EN)]
    if max(abs(found.ci_low), abs(found.ci_high)) < MARGIN and gates[-1].passed:
        return Finding(
            "penyuluhan",
            "Perubahan indeks kesadaran unit kerja dengan penyuluhan tidak berbeda secara berarti dari unit kerja tanpa "
            f"penyuluhan: selisihnya {_ID.number(found.estimate, signed=True)} poin (interval kepercayaan 95%: {spread[0]}), "
            f"seluruhnya di dalam ±{_ID.number(MARGIN, 0)} poin.",
            "The awareness index did not change in a way that matters differently in units with outreach than in units "
            f"without: the difference is {_EN.number(found.estimate, signed=True)} points (95% confidence interval: "
            f"{spread[1]}), all within ±{_EN.number(MARGIN, 0)} points.",
            "none", "equal", evidence, tuple(gates),
        )  # fmt: skip
    clear = found.ci_low > 0 or found.ci_high < 0
    gates.append(
        Gate(
            "interval", clear, found.estimate, 0.0, f"interval kepercayaan selisihnya mencakup nol ({spread[0]} poin)",
            f"the confidence interval of the difference includes zero ({spread[1]} points)",
        )
    )  # fmt: skip
    if not all(gate.passed for gate in gates):
        return unsaid("penyuluhan", *about, gates, evidence)
    more = found.estimate > 0
    return Finding(
        "penyuluhan",
        f"Indeks kesadaran unit kerja dengan penyuluhan berubah {_ID.number(abs(found.estimate))} poin "
        f"{'lebih tinggi' if more else 'lebih rendah'} daripada unit kerja tanpa penyuluhan (interval kepercayaan 95%: "
        f"{spread[0]}). Unit kerja memilih sendiri mengadakan penyuluhan, sehingga selisih ini belum membuktikan sebab.",
        f"The awareness index of units with outreach changed by {_EN.number(abs(found.estimate))} points "
        f"{'more' if more else 'less'} than that of units without (95% confidence interval: {spread[1]}). Units chose "
        "themselves to hold outreach, so the difference proves no cause.",
        "weak", "up" if more else "down", evidence, tuple(gates),
    )  # fmt: skip


def scale_finding(edition: Edition, instrumen: str) -> Finding:
    """An agency's scale beside that of the other agencies' staff; the government's beside the round before."""
    name = SCALES[instrumen]
    own = scale_of_year(edition, instrumen)
    alpha = -1.0 if own is None or math.isnan(own.alpha) else own.alpha
    gates = [
        Gate(
            "respondents", own is not None, 0.0 if own is None else own.respondents, float(edition.smallest),
            "terlalu sedikit pegawai menjawab survei", "too few employees answered the survey",
        )
    ]  # fmt: skip
    if own is not None:
        gates.append(
            Gate(
                "alpha", alpha >= RELIABLE, alpha, RELIABLE, f"keandalan skalanya kurang dari {_ID.number(RELIABLE, 2)}",
                f"the scale's reliability is below {_EN.number(RELIABLE, 2)}",
            )
        )  # fmt: skip
    if edition.whole:
        return _change(edition, instrumen, gates)
    about = (
        f"apakah {name[0]} berbeda dari instansi lain",
        f"whether {name[1]} differs from that of other agencies",
    )
    if own is None:
        return unsaid(instrumen, *about, gates, {})
    rest = _others(edition, instrumen, own.periode)
    evidence = {
        "estimate": own.weighted,
        "ci_low": own.low,
        "ci_high": own.high,
        "n": float(own.respondents),
        "others": rest,
    }
    spread = [_interval(labels, own.low, own.high) for labels in (_ID, _EN)]
    gates.append(
        Gate(
            "interval", own.low > rest or own.high < rest, own.weighted, rest,
            f"interval kepercayaannya ({spread[0]}) mencakup rata-rata instansi lain ({_ID.number(rest)})",
            f"its confidence interval ({spread[1]}) includes the mean of other agencies ({_EN.number(rest)})",
        )
    )  # fmt: skip
    if not all(gate.passed for gate in gates):
        return unsaid(instrumen, *about, gates, evidence)
    below = own.weighted < rest
    return Finding(
        instrumen,
        f"Nilai {name[0]} adalah {_ID.number(own.weighted)} (interval kepercayaan 95%: {spread[0]}), "
        f"{'di bawah' if below else 'di atas'} rata-rata instansi lain ({_ID.number(rest)}).",
        f"The value of {name[1]} is {_EN.number(own.weighted)} (95% confidence interval: {spread[1]}), "
        f"{'below' if below else 'above'} the mean of other agencies ({_EN.number(rest)}).",
        "weak", "below" if below else "above", evidence, tuple(gates),
    )  # fmt: skip


def _change(edition: Edition, instrumen: str, gates: list[Gate]) -> Finding:
    """The mean change of the units since the round before, each unit once, with its t interval."""
    from scipy import stats

    name, own = SCALES[instrumen], rounds(edition, instrumen)
    about = (
        f"apakah {name[0]} berubah sejak survei sebelumnya",
        f"whether {name[1]} changed since the survey before",
    )
    values = np.array([]) if own is None else own.changes["change"].dropna().to_numpy(dtype="float64")
    n, least = len(values), edition.config.thresholds.minimum_clusters
    gates.append(
        Gate(
            "units", n >= least, float(n), float(least),
            f"hanya {_ID.integer(n)} unit kerja memiliki dua survei yang dapat dibandingkan",
            f"only {_EN.integer(n)} units have two surveys that can be compared",
        )
    )  # fmt: skip
    if not gates[-1].passed:
        return unsaid(instrumen, *about, gates, {"n": float(n)})
    mean = float(values.mean())
    half = float(stats.t.ppf(0.975, n - 1)) * float(values.std(ddof=1)) / math.sqrt(n)
    evidence = {"estimate": mean, "ci_low": mean - half, "ci_high": mean + half, "n": float(n)}
    spread = [_interval(labels, mean - half, mean + half) for labels in (_ID, _EN)]
    gates.append(
        Gate(
            "interval", abs(mean) > half, mean, 0.0, f"interval kepercayaan perubahannya mencakup nol ({spread[0]} poin)",
            f"the confidence interval of the change includes zero ({spread[1]} points)",
        )
    )  # fmt: skip
    if not all(gate.passed for gate in gates):
        return unsaid(instrumen, *about, gates, evidence)
    up = mean > 0
    return Finding(
        instrumen,
        f"Rata-rata {name[0]} unit kerja {'naik' if up else 'turun'} {_ID.number(abs(mean))} poin sejak survei sebelumnya "
        f"(interval kepercayaan 95%: {spread[0]}).",
        f"On average over units, {name[1]} {'rose' if up else 'fell'} by {_EN.number(abs(mean))} points since the survey "
        f"before (95% confidence interval: {spread[1]}).",
        "weak", "up" if up else "down", evidence, tuple(gates),
    )  # fmt: skip


def _others(edition: Edition, instrumen: str, periode: str) -> float:
    """Mean of the respondents of all other agencies in the same round, on 0–100."""
    rows = edition.rows("survei", everyone=True)
    rows = rows[(rows["instrumen"].astype("str") == instrumen) & (rows["periode"] == periode)]
    rows = rows[rows["instansi"].astype("str") != edition.instansi]
    points = (rows["skor"].astype("float64") - 1) * 25
    return float(points.groupby(rows["id_responden"]).mean().mean()) if len(rows) else float("nan")


def stagnation_finding(edition: Edition) -> Finding:
    """The share that stagnates: an agency beside the whole government, the government beside the year before."""
    subject = ("pegawai yang stagnan", "stagnating employees")
    count, n = stagnation_of(edition, edition.year)
    if edition.whole:
        before = stagnation_of(edition, edition.year - 1)
        if not min(n, before[1]):
            return finding_from_benchmark(
                "stagnasi", subject, 0, 0, 0.0, subject, minimum_group=edition.smallest
            )
        return finding_from_change("stagnasi", subject, (count, n), before, minimum_group=edition.smallest)
    others = np.subtract(stagnation_of(edition, edition.year, everyone=True), (count, n))
    share = float(others[0] / others[1]) if others[1] else 0.0
    name = ("bagian pada instansi lain", "the share in other agencies,")
    return finding_from_benchmark("stagnasi", subject, count, n, share, name, minimum_group=edition.smallest)


def _interval(labels: Labels, low: float, high: float) -> str:
    return f"{labels.number(low)} {'s.d.' if labels.lang == 'id' else 'to'} {labels.number(high)}"
