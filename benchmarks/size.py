"""How often the default test of an index that has no effect rejects at 5 %, beside what other defaults do.

    python benchmarks/size.py                  2,000 samples for 12, 40 and 200 units
    python benchmarks/size.py --samples 500

A unit-level index without effect, 25 people a unit, ICC 0.10. The default is CR2 with Satterthwaite df,
clustered by unit; in one line only five units are treated.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
import pandas as pd

from kinerja_lib.models import ModelSpec, fit

PEOPLE = 25
ICC = 0.10
CORRECTIONS = ("CR2", "CR1", "HC1", "wild")


def sample(units: int, treated: int | None, rng: np.random.Generator) -> pd.DataFrame:
    """One sample without an effect; the index is normal, or 1 for the treated units."""
    unit = np.repeat(np.arange(units), PEOPLE)
    index = rng.normal(size=units) if treated is None else (np.arange(units) < treated).astype(float)
    y = np.sqrt(ICC) * rng.normal(size=units)[unit] + np.sqrt(1 - ICC) * rng.normal(size=len(unit))
    return pd.DataFrame({"y": y, "indeks": index[unit], "usia": rng.normal(size=len(unit)), "unit": unit})


def rejections(
    units: int, treated: int | None, samples: int, corrections: tuple[str, ...]
) -> dict[str, float]:
    """Share of samples in which each correction rejects at 5 %, and the coverage of its interval."""
    rng = np.random.default_rng(units if treated is None else units + 1)
    count = dict.fromkeys(corrections, 0)
    for _ in range(samples):
        frame = sample(units, treated, rng)
        for errors in corrections:
            spec = ModelSpec("y", ("indeks",), ("usia",), cluster="unit", errors=errors)
            count[errors] += fit(frame, spec).term("indeks")["p_value"] < 0.05
    return {errors: float(total) / samples for errors, total in count.items()}


def main(arguments: list[str] | None = None) -> int:
    """Print one line a design; exit 1 if the default leaves .03 to .07 where all units vary."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--wild", action="store_true", help="with the wild bootstrap (slow beyond 12 units)")
    chosen = parser.parse_args(arguments)
    corrections = CORRECTIONS if chosen.wild else CORRECTIONS[:3]
    print(f"{'units':>6s} {'treated':>8s} " + " ".join(f"{name:>6s}" for name in corrections))
    honest = True
    for units, treated in ((12, None), (40, None), (40, 5), (200, None)):
        found = rejections(units, treated, chosen.samples, corrections)
        if treated is None:
            honest &= 0.03 <= found["CR2"] <= 0.07
        cells = " ".join(f"{value:6.3f}" for value in found.values())
        print(f"{units:6d} {'all' if treated is None else treated!s:>8s} {cells}", flush=True)
    return 0 if honest else 1


if __name__ == "__main__":
    sys.exit(main())
