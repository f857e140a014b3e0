"""How often the default test of something without effect rejects at 5 %, and how often intervals hold the truth.

    python benchmarks/size.py                     size for 12, 40 and 200 units, 2,000 samples each
    python benchmarks/size.py --samples 500
    python benchmarks/size.py --coverage 40       coverage of the sample generator's built-in effects: 40
                                                  governments, 5 draws of employees, raters, units and outcomes each

Size. A unit-level index without effect, 25 people a unit, ICC 0.10, errors clustered by unit; for fixed effects an
index of the unit and quarter, with shocks of the unit that last. In one line only five units are treated. The
defaults are CR2 with Satterthwaite df (linear, ordinal, fixed effects) and REML with Satterthwaite df (multilevel);
CR1 and HC1 show what other defaults do.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the thread settings
import pandas as pd  # noqa: E402

from kinerja_lib.models import ModelSpec, fit  # noqa: E402
from kinerja_lib.samples import appraisal, synthetic_tables  # noqa: E402
from kinerja_lib.samples.tables import Synthetic  # noqa: E402
from kinerja_lib.schema.predikat import PREDIKAT  # noqa: E402

PEOPLE, ICC, QUARTERS = 25, 0.10, 4
DESIGNS = ((12, None), (40, None), (40, 5), (200, None))
SPECS = {
    "linear": ModelSpec("y", ("indeks",), ("usia",), cluster="unit"),
    "ordinal": ModelSpec("band", ("indeks",), ("usia",), kind="ordinal", cluster="unit"),
    "multilevel": ModelSpec("y", ("indeks",), ("usia",), kind="multilevel", groups=("unit",)),
    "fixed_effects": ModelSpec(
        "y", ("indeks",), kind="fixed_effects", effects=("orang", "periode"), cluster="unit"
    ),
}
OTHERS = {"linear": ("CR1", "HC1"), "ordinal": ("CR1", "HC1"), "fixed_effects": ("CR1", "HC1")}


def cross_section(units: int, treated: int | None, rng: np.random.Generator) -> pd.DataFrame:
    """One sample without an effect; the index is normal, or 1 for the treated units."""
    unit = np.repeat(np.arange(units), PEOPLE)
    index = rng.normal(size=units) if treated is None else (np.arange(units) < treated).astype(float)
    y = np.sqrt(ICC) * rng.normal(size=units)[unit] + np.sqrt(1 - ICC) * rng.normal(size=len(unit))
    frame = pd.DataFrame({"y": y, "indeks": index[unit], "usia": rng.normal(size=len(unit)), "unit": unit})
    frame["band"] = np.searchsorted([-1.7, -0.8, 0.9], y)
    return frame


def panel(units: int, treated: int | None, rng: np.random.Generator) -> pd.DataFrame:
    """People over four quarters, shocks of the unit that last, and an index of the unit and quarter."""
    n = units * PEOPLE * QUARTERS
    person, quarter = np.repeat(np.arange(units * PEOPLE), QUARTERS), np.arange(n) % QUARTERS
    unit = person // PEOPLE
    shock = 0.4 * np.cumsum(rng.normal(size=(units, QUARTERS)), axis=1)
    index = np.cumsum(rng.normal(size=(units, QUARTERS)), axis=1)
    if treated is not None:
        index = np.outer(np.arange(units) < treated, np.arange(QUARTERS) >= 2).astype(float)
    y = rng.normal(size=units * PEOPLE)[person] + shock[unit, quarter] + rng.normal(size=n)
    return pd.DataFrame(
        {"y": y, "indeks": index[unit, quarter], "unit": unit, "orang": person, "periode": quarter}
    )


def rejections(kind: str, units: int, treated: int | None, samples: int) -> dict[str, float]:
    """Share of samples in which the default and other corrections reject at 5 %."""
    rng = np.random.default_rng(units if treated is None else units + 1)
    draw = panel if kind == "fixed_effects" else cross_section
    count = dict.fromkeys(("default", *OTHERS.get(kind, ())), 0)
    for _ in range(samples):
        frame = draw(units, treated, rng)
        for errors in count:
            spec = SPECS[kind] if errors == "default" else SPECS[kind].replace(errors=errors)
            count[errors] += bool(fit(frame, spec).term("indeks")["p_value"] < 0.05)
    return {errors: total / samples for errors, total in count.items()}


def size(samples: int, kinds: tuple[str, ...], designs: tuple[tuple[int, int | None], ...] = DESIGNS) -> bool:
    """A line a kind and design; whether every default stays in .03 to .07 where all units vary."""
    print(f"{'kind':14s} {'units':>6s} {'treated':>8s} {'default':>8s} {'CR1':>6s} {'HC1':>6s}")
    honest = True
    for kind in kinds:
        for units, treated in designs:
            found = rejections(kind, units, treated, samples)
            if treated is None:
                honest &= 0.03 <= found["default"] <= 0.07
            others = " ".join(f"{found[e]:6.3f}" if e in found else f"{'-':>6s}" for e in ("CR1", "HC1"))
            who = "all" if treated is None else str(treated)
            print(f"{kind:14s} {units:6d} {who:>8s} {found['default']:8.3f} {others}", flush=True)
    return honest


def draws(sample: Synthetic, times: int, rng: np.random.Generator) -> Iterator[pd.DataFrame]:
    """The generator's own outcomes, then outcomes with new employees, raters and units on the same exposures."""
    yield sample.exposed
    for _ in range(times - 1):
        eta = np.array(sample.known, dtype=np.float64)
        for column, name in (
            ("id_penilai", "penilai"),
            ("unit_kerja", "unit_kerja"),
            ("id_pegawai", "pegawai"),
        ):
            codes, labels = pd.factorize(sample.exposed[column])
            eta += appraisal.SPREAD[name] * rng.normal(size=len(labels))[codes]
        level = ((eta + rng.logistic(size=len(eta)))[:, None] > appraisal.CUTS).sum(axis=1)
        frame = sample.exposed.copy()
        frame["predikat_skor"] = level + 1.0
        frame["predikat"] = pd.Categorical.from_codes(level, list(PREDIKAT), ordered=True)
        yield frame


def coverage(governments: int, times: int, kinds: tuple[str, ...]) -> bool:
    """Share of 95 % intervals that hold the target of each estimator; whether all lie in .93 to .97."""
    rng = np.random.default_rng(0)
    held: dict[tuple[str, str], list[bool]] = {}
    for seed in range(1, governments + 1):
        sample = synthetic_tables(seed=100 + seed)
        for frame in draws(sample, times, rng):
            for kind in kinds:
                entry = sample.truth["estimators"][kind]
                found = fit(frame, ModelSpec(**entry["spec"])).tidy().set_index("term")
                for name, target in entry["coefficients"].items():
                    inside = found.at[name, "ci_low"] <= target <= found.at[name, "ci_high"]
                    held.setdefault((kind, name), []).append(bool(inside))
    print(f"{'kind':14s} {'effect':22s} {'samples':>8s} {'coverage':>9s} {'+/-':>6s}")
    honest = True
    for (kind, name), inside in held.items():
        share, error = float(np.mean(inside)), float(np.sqrt(0.95 * 0.05 / len(inside)))
        honest &= 0.93 - error <= share <= 0.97 + error
        print(f"{kind:14s} {name:22s} {len(inside):8d} {share:9.3f} {error:6.3f}", flush=True)
    return honest


def main(arguments: list[str] | None = None) -> int:
    """Exit 1 where a default leaves its band (coverage: by more than one simulation error)."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--coverage", type=int, default=0, metavar="GOVERNMENTS")
    parser.add_argument("--draws", type=int, default=5)
    parser.add_argument("--kinds", nargs="+", default=list(SPECS), choices=list(SPECS))
    chosen = parser.parse_args(arguments)
    if chosen.coverage:
        return 0 if coverage(chosen.coverage, chosen.draws, tuple(chosen.kinds)) else 1
    return 0 if size(chosen.samples, tuple(chosen.kinds)) else 1


if __name__ == "__main__":
    sys.exit(main())
