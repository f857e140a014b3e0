"""Are rewards and sanctions shared fairly? Sex, age and golongan, with and without performance.

A difference that stays at equal performance is a question to the agency, no proof: performance ratings may
themselves be biased, and equal ratings then hide it. Both columns are therefore shown. Estimates whose group
holds a handful of people or events are left out.

Long because the models, and what of them may be shown, are read together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MINIMUM_GROUP
from kinerja_lib.errors import ModelError
from kinerja_lib.models.factors import column
from kinerja_lib.models.firth import fit_firth
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.multiplicity import adjust_p_values
from kinerja_lib.models.result import FitResult
from kinerja_lib.models.selection_rates import adverse_impact
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.strata_logit import within_strata
from kinerja_lib.models.wording import model_error, say

#: the traits of statistics: sex, age, pay grade
TRAITS = ("jenis_kelamin", "usia", "golongan_kelompok")
PERFORMANCE = ("predikat_skor",)

NOTES = (
    (
        "Penilaian kinerja dapat pula tidak adil; perbedaan yang hilang setelah kinerja diperhitungkan belum "
        "berarti adil.",
        "Performance ratings may be unfair themselves; a difference that vanishes once performance is taken "
        "into account is not thereby fair.",
    ),
    (
        "Nilai p disesuaikan menurut Benjamini-Hochberg di dalam keluarga: semua sifat dalam model dengan "
        "kinerja.",
        "p-values are adjusted by Benjamini-Hochberg within the family: all traits in the model with "
        "performance.",
    ),
)


@dataclass(frozen=True, eq=False)
class Fairness:
    """Findings on one reward or sanction.

    Attributes
    ----------
    effects : DataFrame
        term, trait, model (``without`` or ``with`` performance), estimate (average marginal effect on the
        probability), std_error, df, ci_low, ci_high, p_value, p_adjusted, rejected, suppressed.
    within : DataFrame
        term, estimate (log odds ratio), std_error, ci_low, ci_high, p_value: conditional logit inside unit
        and year; empty where no unit-year holds both.
    rates : dict of str to DataFrame
        ``adverse_impact`` for each category among the traits.
    n, events : int
    informative : int
        Rows of the unit-years that the conditional logit could use.
    method : str
        ``logit``, or ``firth`` where the events are separated.
    left_out : tuple of str
        Levels with too few people, and levels of controls that never (or always) have the event, left out of
        the models.
    """

    effects: pd.DataFrame
    within: pd.DataFrame
    rates: dict[str, pd.DataFrame]
    n: int
    events: int
    informative: int
    method: str
    left_out: tuple[str, ...]

    def notes(self, lang: str = "id") -> tuple[str, ...]:
        """What must be said beside the table."""
        extra = []
        if self.method == "firth":
            extra.append(
                say(
                    lang,
                    "Peristiwa jarang: logit berpenalti Firth, baris dianggap saling bebas.",
                    "Events are rare: Firth's penalised logit, rows taken as independent.",
                )
            )
        return (*(say(lang, *note) for note in NOTES), *extra)


def fairness_analysis(
    panel: pd.DataFrame,
    outcome: str,
    *,
    traits: Sequence[str] = TRAITS,
    performance: Sequence[str] = PERFORMANCE,
    controls: Sequence[str] = (),
    cluster: str | None = "unit_kerja",
    strata: Sequence[str] = ("unit_kerja", "tahun"),
    alpha: float = 0.05,
    minimum_group: int = MINIMUM_GROUP,
    lang: str = "id",
) -> Fairness:
    """Who is rewarded (or sanctioned), at all and at equal performance.

    Parameters
    ----------
    panel : DataFrame
        One row a person and year.
    outcome : str
        0/1 or a count (any above zero counts), e.g. ``penghargaan_12_bulan``, ``hukuman_12_bulan``.
    traits : sequence of str
        What should not matter.
    performance, controls : sequence of str
        What may matter; ``controls`` (duties, say) are in both models.
    cluster : str, optional
        Cluster of the errors of the logit.
    strata : sequence of str
        The conditional logit compares inside these; empty leaves it out.
    alpha : float
        Level of the false discovery rate.
    minimum_group : int
        Fewest people of a level, and fewest events or non-events, for its estimate to be shown.

    Raises
    ------
    ModelError
        The event never happens or always does; names the column.

    References
    ----------
    Benjamini & Hochberg (1995); Chamberlain (1980) for the conditional logit; see ``fit_firth``,
    ``adverse_impact`` and ``oaxaca_blinder`` for the parts.
    """
    y = column(panel, outcome, lang)
    frame = panel.assign(peristiwa=(y.astype("float64") > 0).astype("float64").where(y.notna()))
    frame = frame[frame["peristiwa"].notna()].reset_index(drop=True)
    events = int(frame["peristiwa"].sum())
    if not 0 < events < len(frame):
        raise model_error(
            lang, f'"{outcome}" tidak pernah (atau selalu) terjadi pada {len(frame)} baris.',
            f'"{outcome}" never (or always) happens in {len(frame)} rows.',
            ("Perlebar periode atau instansinya.", "Widen the periods or the agencies."),
        )  # fmt: skip
    frame, left_out = _without_small_levels(frame, traits, minimum_group, lang)
    # a duty that is never rewarded has infinite odds: without it the others keep their clustered errors
    whole = frame
    frame = _contested(frame, (*controls, *performance), ())
    left_out += _lost_levels(whole, frame, (*controls, *performance))
    events = int(frame["peristiwa"].sum())
    controls, performance = (
        tuple(name for name in names if frame[name].nunique() > 1) for names in (controls, performance)
    )
    tables, method = [], "logit"
    for label, extra in (("without", ()), ("with", tuple(performance))):
        spec = ModelSpec("peristiwa", tuple(traits), (*controls, *extra), kind="ordinal", cluster=cluster)
        result, how = _fit_rare(frame, spec, lang)
        method = how if how == "firth" else method
        tables.append(_effects(result, traits, label))
    effects = pd.concat(tables, ignore_index=True)
    own = effects["model"] == "with"
    adjusted = adjust_p_values(effects.loc[own, "p_value"], alpha=alpha)
    effects.loc[own, "p_adjusted"] = adjusted["p_adjusted"].to_numpy()
    effects["rejected"] = (effects["p_adjusted"] <= alpha).astype("boolean").mask(~own)
    effects = _suppressed(effects, frame, traits, minimum_group)
    within, informative = (
        _within(frame, tuple(traits), (*controls, *performance), strata) if strata else (_no_within(), 0)
    )
    rates = {
        trait: adverse_impact(whole, "peristiwa", trait, minimum_group=minimum_group, lang=lang)
        for trait in traits
        if not pd.api.types.is_numeric_dtype(frame[trait].dtype) and frame[trait].nunique() > 1
    }
    return Fairness(effects, within, rates, len(frame), events, informative, method, left_out)


def _fit_rare(frame: pd.DataFrame, spec: ModelSpec, lang: str) -> tuple[FitResult, str]:
    """The ordinary logit with clustered errors; Firth's where a column separates the rare events."""
    try:
        return fit(frame, spec, lang=lang), "logit"
    except ModelError as error:
        try:
            return fit_firth(frame, spec.replace(cluster=None), lang=lang), "firth"
        except ModelError:
            raise error from None


def _effects(result: FitResult, traits: Sequence[str], label: str) -> pd.DataFrame:
    """Average marginal effects on the event, one row a term of the traits."""
    table = result.effects()
    table = table[table["level"].astype(str) == str(result.levels[-1])]
    trait = table["term"].map(lambda term: next((t for t in traits if _of(term, t)), None))
    table = table.assign(trait=trait, model=label, p_adjusted=np.nan)[trait.notna()]
    columns = [
        "term",
        "trait",
        "model",
        "estimate",
        "std_error",
        "df",
        "ci_low",
        "ci_high",
        "p_value",
        "p_adjusted",
    ]
    return table[columns].reset_index(drop=True)


def _of(term: str, trait: str) -> bool:
    return term == trait or term.startswith(f"{trait}[")


def _without_small_levels(
    frame: pd.DataFrame, traits: Sequence[str], minimum: int, lang: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    left_out: list[str] = []
    for trait in traits:
        series = column(frame, trait, lang)
        if pd.api.types.is_numeric_dtype(series.dtype):
            continue
        counts = series.value_counts()
        small = [level for level, count in counts.items() if 0 < count < minimum]
        left_out += [f"{trait}[{level}]" for level in small]
        frame = frame[~series.isin(small)].reset_index(drop=True)
    return frame, tuple(sorted(left_out))


def _suppressed(
    effects: pd.DataFrame, frame: pd.DataFrame, traits: Sequence[str], minimum: int
) -> pd.DataFrame:
    """Blank the estimates of levels with one to ``minimum - 1`` events, or non-events."""
    hidden = np.zeros(len(effects), dtype=bool)
    for trait in traits:
        if pd.api.types.is_numeric_dtype(frame[trait].dtype):
            continue
        counts = frame["peristiwa"].groupby(frame[trait], observed=True).agg(["size", "sum"])
        few = [
            f"{trait}[{level}]"
            for level, n, x in counts.itertuples()
            if 0 < x < minimum or 0 < n - x < minimum
        ]
        hidden |= effects["term"].isin(few).to_numpy()
    effects = effects.assign(suppressed=hidden)
    for name in ("estimate", "std_error", "ci_low", "ci_high", "p_value", "p_adjusted", "rejected"):
        effects[name] = effects[name].mask(hidden)
    return effects


def _no_within() -> pd.DataFrame:
    return pd.DataFrame(columns=["term", "estimate", "std_error", "ci_low", "ci_high", "p_value"])


def _contested(frame: pd.DataFrame, names: tuple[str, ...], strata: Sequence[str]) -> pd.DataFrame:
    """Without rows that can say nothing: strata, and levels of a category, all or none of which have the event.

    Such a level's odds are infinite; in the limit its rows drop out of the conditional likelihood.
    """
    categories = [name for name in names if not pd.api.types.is_numeric_dtype(frame[name].dtype)]
    while True:
        keep = np.ones(len(frame), dtype=bool)
        for keys in (*([list(strata)] if strata else []), *([name] for name in categories)):
            share = frame.groupby(keys, observed=True)["peristiwa"].transform("mean")
            keep &= ((share > 0) & (share < 1)).to_numpy()
        if keep.all():
            return frame
        frame = frame[keep].reset_index(drop=True)


def _lost_levels(before: pd.DataFrame, after: pd.DataFrame, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(
        f"{name}[{level}]"
        for name in names
        if not pd.api.types.is_numeric_dtype(before[name].dtype)
        for level in sorted(set(before[name].dropna()) - set(after[name].dropna()), key=str)
    )


def _within(
    frame: pd.DataFrame, traits: tuple[str, ...], others: tuple[str, ...], strata: Sequence[str]
) -> tuple[pd.DataFrame, int]:
    """Conditional logit inside strata; empty where they do not allow one."""
    frame = _contested(frame, (*traits, *others), strata)
    varied = [name for name in (*traits, *others) if frame[name].nunique() > 1]
    try:
        found = within_strata(frame, "peristiwa", varied, strata)
    except ModelError:
        return _no_within(), 0
    own = found.table["term"].map(lambda term: any(_of(term, trait) for trait in traits))
    return found.table[own].reset_index(drop=True), found.n
