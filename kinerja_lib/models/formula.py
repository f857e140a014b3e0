"""Formulas for those who think in them; formulaic expands the products.

``y ~ a * b + log(x) + C(kelas)``          terms; ``a * b`` is ``a + b + a:b``
``y ~ x + (1 | unit)``, ``(1 + x | unit)``   random intercepts and slopes
``y ~ x | unit + periode``                  absorbed fixed effects
``y ~ z + x | unit | x ~ tool``, ``y ~ z | x ~ tool``   instruments of the first exposure
"""

from __future__ import annotations

import re
from typing import Any

from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.models.wording import model_error

#: outcomes of the panel that are ordered scales, not numbers
ORDERED_OUTCOMES = ("predikat", "hasil_kerja", "perilaku_kerja", "predikat_organisasi")

_RANDOM = re.compile(r"\(([^()|]*)\|([^()|]*)\)")


def spec_from_formula(formula: str, lang: str = "id", **options: Any) -> ModelSpec:
    """Build a ``ModelSpec``; further fields are given as keywords.

    ``controls`` as a keyword names the terms that are controls; all others are exposures. ``kind`` follows
    from the formula: random parts give ``multilevel``, absorbed effects ``fixed_effects``, instruments
    ``iv``, and an outcome that is a known ordered scale the ordinal kinds.

    Raises
    ------
    ModelError
        The formula has no ``~``, removes the constant, or asks for what a specification cannot say.
    """
    if "~" not in formula:
        raise _error(lang, formula, "tidak ada tanda ~", "there is no ~")
    outcome, right = (part.strip() for part in formula.split("~", 1))
    groups, slopes, right = _random_parts(right, formula, lang)
    parts = [part.strip() for part in right.split("|")]
    endogenous = ""
    instruments: tuple[str, ...] = ()
    if "~" in parts[-1]:
        left, tools = (part.strip() for part in parts.pop().split("~", 1))
        endogenous, instruments = left, _terms(tools, formula, lang)
    effects = tuple(part.strip() for part in parts[1].split("+")) if len(parts) > 1 else ()
    terms = tuple(term for term in _terms(parts[0], formula, lang) if term != endogenous)
    if endogenous:
        terms = (endogenous, *terms)
    controls = options.pop("controls", ())
    controls = (controls,) if isinstance(controls, str) else tuple(controls)
    fields: dict[str, Any] = {
        "outcome": outcome,
        "exposures": tuple(term for term in terms if term not in controls),
        "controls": controls,
        "effects": effects,
        "groups": groups,
        "slopes": slopes,
        "instruments": instruments,
        "kind": _kind(outcome, bool(groups), effects, instruments),
    }
    if fields["groups"] and options.get("kind") == "ordinal":
        options["kind"] = "ordinal_multilevel"
    return ModelSpec(**{**fields, **options}, lang=lang)


def _kind(outcome: str, random: bool, effects: tuple[str, ...], instruments: tuple[str, ...]) -> str:
    if instruments:
        return "iv"
    ordered = outcome in ORDERED_OUTCOMES
    if random:
        return "ordinal_multilevel" if ordered else "multilevel"
    if effects:
        return "fixed_effects"
    return "ordinal" if ordered else "linear"


def _random_parts(
    right: str, formula: str, lang: str
) -> tuple[tuple[str, ...], dict[str, tuple[str, ...]], str]:
    """Take ``(… | g)`` out of the right side."""
    groups: list[str] = []
    slopes: dict[str, tuple[str, ...]] = {}
    for inner, grouping in _RANDOM.findall(right):
        terms = [term.strip() for term in inner.split("+") if term.strip()]
        if "0" in terms or "-1" in inner.replace(" ", ""):
            raise _error(lang, formula, "kemiringan acak tanpa intersep", "a random slope without intercept")
        names = _nested(grouping.strip())
        groups += [name for name in names if name not in groups]
        own = tuple(term for term in terms if term != "1")
        if own:
            slopes[names[-1]] = slopes.get(names[-1], ()) + own
    rest = re.sub(r"\+?\s*" + _RANDOM.pattern, "", right).strip()
    return tuple(groups), slopes, rest.strip("+ ").strip() or "1"


def _nested(grouping: str) -> list[str]:
    """``a/b`` is ``a`` and ``a:b``."""
    parts = [part.strip() for part in grouping.split("/")]
    return [":".join(parts[: k + 1]) for k in range(len(parts))]


def _terms(text: str, formula: str, lang: str) -> tuple[str, ...]:
    """Terms of a right side in the order formulaic gives them, without the constant."""
    from formulaic import Formula
    from formulaic.errors import FormulaSyntaxError

    try:
        parsed = Formula(f"1 + {text}", _ordering="none")
    except (FormulaSyntaxError, SyntaxError, TypeError) as error:
        raise _error(lang, formula, "tidak dapat dibaca", "it cannot be read") from error
    names = [":".join(_factor(str(factor)) for factor in term.factors) for term in parsed]
    if "1" not in names:
        raise _error(lang, formula, "konstanta tidak dapat dihapus", "the constant cannot be removed")
    return tuple(name for name in names if name != "1")


def _factor(text: str) -> str:
    """``I(x**2)`` is ``x^2``, ``np.log(x)`` is ``log(x)``, back-quoted names are themselves."""
    text = text.strip().strip("`")
    match = re.fullmatch(r"I\((.+)\)", text)
    text = match.group(1) if match else text
    text = re.sub(r"^(?:np|numpy)\.", "", text)
    return re.sub(r"\s*\*\*\s*", "^", text)


def _error(lang: str, formula: str, indonesian: str, english: str) -> Exception:
    return model_error(
        lang,
        f'Rumus "{formula}": {indonesian}.',
        f'Formula "{formula}": {english}.',
        (
            "Contoh: predikat ~ jp_12_bulan * fasilitas_indeks + (1 | unit_kerja).",
            "Example: predikat ~ jp_12_bulan * fasilitas_indeks + (1 | unit_kerja).",
        ),
    )
