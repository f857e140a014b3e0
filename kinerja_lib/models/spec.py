"""The question: which columns, which estimator, which standard errors. Names columns only, holds no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import InitVar, asdict, dataclass, field, replace
from typing import Any

from kinerja_lib.models.wording import model_error

KINDS = (
    "linear",
    "fixed_effects",
    "first_difference",
    "ordinal",
    "multilevel",
    "ordinal_multilevel",
    "iv",
    "event_study",
    "multinomial",
)
ERRORS = ("CR2", "CR1", "wild", "HC1", "iid")
LINKS = ("logit", "probit")
#: kinds whose estimate is linear in the outcome, so that CR2 with Satterthwaite df exists for them
LINEAR_KINDS = ("linear", "fixed_effects", "first_difference", "iv")
#: kinds whose default with one cluster column is CR2: the linear ones, ordered scores, whitened mixed models
CR2_KINDS = (*LINEAR_KINDS, "ordinal", "multilevel", "ordinal_multilevel")


@dataclass(frozen=True)
class ModelSpec:
    """What is asked of the data. Frozen, checked when made, and free of data.

    Parameters
    ----------
    outcome : str
        Column of the outcome.
    exposures, controls : sequence of str
        Columns. A category, text or boolean becomes indicators ``name[level]`` with the first level as
        base; ``"a:b"`` is a product; ``"log(x)"``, ``"x^2"``, ``"C(x)"`` (numbers as categories) are known.
    kind : str
        One of ``KINDS``.
    effects : sequence of str
        Columns absorbed as fixed effects.
    groups, slopes
        Random intercepts, and random slopes by group: ``slopes={"unit_kerja": ("jp",)}``.
    instruments : sequence of str
        For ``iv``: instruments of the first exposure.
    unit, time, treated_from : str, optional
        For panels and rollouts; ``treated_from`` holds the first treated time (0, missing, infinite: never).
    cluster : str or sequence of str, optional
        Column(s) at which errors are correlated. Two columns give the two-way estimate: CR1, or CR2 where asked for.
    errors : str, optional
        ``CR2`` (default where ``cluster`` is given, for linear estimators, ``ordinal`` and ``multilevel``), ``CR1``, ``wild``, ``HC1``,
        ``iid`` (default otherwise).
    weights : str, optional
        Column of non-negative weights.
    link : str
        ``logit`` or ``probit``.
    reml : bool
        REML (default) or ML for multilevel kinds.
    quadrature : int
        Quadrature points for ``ordinal_multilevel``; 1 is the Laplace approximation.
    lang : str
        Language of the error messages while the specification is checked; not kept.

    Raises
    ------
    ModelError
        An unknown kind or option, or a field that the kind needs is missing.
    """

    outcome: str
    exposures: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    kind: str = "linear"
    effects: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    slopes: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    instruments: tuple[str, ...] = ()
    unit: str | None = None
    time: str | None = None
    treated_from: str | None = None
    cluster: str | tuple[str, ...] | None = None
    errors: str | None = None
    weights: str | None = None
    link: str = "logit"
    reml: bool = True
    quadrature: int = 1
    lang: InitVar[str] = "id"

    def __post_init__(self, lang: str) -> None:
        for name in ("exposures", "controls", "effects", "groups", "instruments"):
            object.__setattr__(self, name, _names(getattr(self, name)))
        slopes = {str(g): _names(columns) for g, columns in dict(self.slopes).items()}
        object.__setattr__(self, "slopes", slopes)
        if self.cluster is not None and not isinstance(self.cluster, str):
            columns = _names(self.cluster)
            object.__setattr__(self, "cluster", columns[0] if len(columns) == 1 else (columns or None))
        if self.errors is not None:
            known = {name.lower(): name for name in ERRORS}
            object.__setattr__(self, "errors", known.get(str(self.errors).lower(), self.errors))
        _check_options(self, lang)
        _check_kind(self, lang)

    @property
    def terms(self) -> tuple[str, ...]:
        """Exposures, then controls."""
        return self.exposures + self.controls

    @property
    def cluster_columns(self) -> tuple[str, ...]:
        """The cluster column(s) as a tuple; empty where none is given."""
        if self.cluster is None:
            return ()
        return (self.cluster,) if isinstance(self.cluster, str) else tuple(self.cluster)

    @property
    def resolved_errors(self) -> str:
        """The correction that is used when ``errors`` is left out."""
        if self.errors is not None:
            return self.errors
        if not self.cluster_columns:
            return "iid"
        return "CR2" if self.kind in CR2_KINDS and len(self.cluster_columns) == 1 else "CR1"

    @property
    def all_groups(self) -> tuple[str, ...]:
        """Grouping factors of the random part: ``groups``, then those that have slopes only."""
        return self.groups + tuple(g for g in self.slopes if g not in self.groups)

    def replace(self, **changes: Any) -> ModelSpec:
        """A copy with some fields changed (checked again)."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON; ``ModelSpec(**d)`` gives the same specification back."""
        return asdict(self)

    @classmethod
    def from_formula(cls, formula: str, **options: Any) -> ModelSpec:
        """Read ``"y ~ a * b + (1 | unit)"``, ``"y ~ x | firm + year"`` or ``"y ~ x | x ~ z"``.

        See :mod:`kinerja_lib.models.formula` for what is understood.
        """
        from kinerja_lib.models.formula import spec_from_formula

        return spec_from_formula(formula, **options)


def _names(value: str | Iterable[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    return tuple(str(name) for name in value)


def _check_options(spec: ModelSpec, lang: str) -> None:
    for name, value, allowed in (
        ("kind", spec.kind, KINDS),
        ("errors", spec.errors, (*ERRORS, None)),
        ("link", spec.link, LINKS),
    ):
        if value not in allowed:
            choices = ", ".join(str(choice) for choice in allowed if choice is not None)
            raise model_error(
                lang,
                f'ModelSpec: {name} "{value}" tidak dikenal.',
                f'ModelSpec: {name} "{value}" is not known.',
                (f"Pilih salah satu: {choices}.", f"Choose one of: {choices}."),
            )
    if not spec.outcome:
        raise model_error(
            lang,
            "ModelSpec: outcome kosong.",
            "ModelSpec: outcome is empty.",
            ("Sebutkan kolom keluaran.", "Name the outcome column."),
        )
    if spec.quadrature < 1:
        raise model_error(
            lang,
            f"ModelSpec: quadrature {spec.quadrature} kurang dari 1.",
            f"ModelSpec: quadrature {spec.quadrature} is below 1.",
            ("Gunakan 1 (Laplace) atau lebih.", "Use 1 (Laplace) or more."),
        )
    if spec.errors in ("CR1", "CR2", "wild") and not spec.cluster_columns:
        raise model_error(
            lang,
            f"ModelSpec: errors={spec.errors} memerlukan kolom cluster.",
            f"ModelSpec: errors={spec.errors} needs a cluster column.",
            ('Isi cluster, misalnya cluster="unit_kerja".', 'Give cluster, e.g. cluster="unit_kerja".'),
        )
    if spec.outcome in spec.terms:
        raise model_error(
            lang,
            f'ModelSpec: "{spec.outcome}" menjadi keluaran sekaligus variabel penjelas.',
            f'ModelSpec: "{spec.outcome}" is both outcome and explanatory variable.',
            ("Hapus dari exposures atau controls.", "Remove it from exposures or controls."),
        )
    repeated = sorted({term for term in spec.terms if spec.terms.count(term) > 1})
    if repeated:
        raise model_error(
            lang,
            f"ModelSpec: kolom disebut dua kali: {', '.join(repeated)}.",
            f"ModelSpec: columns named twice: {', '.join(repeated)}.",
            ("Sebutkan tiap kolom sekali saja.", "Name each column once."),
        )


_NEEDS: dict[str, tuple[str, ...]] = {
    "fixed_effects": ("effects",),
    "first_difference": ("unit", "time"),
    "multilevel": ("all_groups",),
    "ordinal_multilevel": ("all_groups",),
    "iv": ("exposures", "instruments"),
    "event_study": ("unit", "time", "treated_from"),
}


def _check_kind(spec: ModelSpec, lang: str) -> None:
    if spec.kind == "fixed_effects" and not spec.effects and spec.unit:
        object.__setattr__(spec, "effects", (spec.unit,))
    for name in _NEEDS.get(spec.kind, ()):
        if not getattr(spec, name):
            shown = "groups" if name == "all_groups" else name
            raise model_error(
                lang,
                f'ModelSpec: kind="{spec.kind}" memerlukan {shown}.',
                f'ModelSpec: kind="{spec.kind}" needs {shown}.',
                (f"Isi {shown} dengan nama kolom.", f"Give {shown} as column name(s)."),
            )
