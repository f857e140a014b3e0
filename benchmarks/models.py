"""Models beside their peers, in one run: CPU seconds, ratio, and how far the estimates agree.

    python benchmarks/models.py                       all tasks, 10,000 and 100,000 rows
    python benchmarks/models.py --rows 1000000        one size
    python benchmarks/models.py --only clustered      tasks whose name contains a word

A task is a function of the number of rows, marked ``@task("name")``, that yields ``Timing`` rows: ours first,
then each peer that is installed. One BLAS thread; the best of three runs; data frames in, estimates out on
both sides.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the thread settings
import pandas as pd  # noqa: E402

from kinerja_lib.models import ModelSpec, fit  # noqa: E402

PREDICTORS = tuple(f"x{k}" for k in range(1, 8))


class Timing(NamedTuple):
    """One line: who did it, in how many CPU seconds, and the estimates to compare."""

    who: str
    seconds: float
    estimates: np.ndarray
    std_errors: np.ndarray | None = None


Task = Callable[[int], Iterator[Timing]]
TASKS: dict[str, Task] = {}


def task(name: str) -> Callable[[Task], Task]:
    """Register a benchmark under a name."""

    def add(function: Task) -> Task:
        TASKS[name] = function
        return function

    return add


def timed(work: Callable[[], Any], repeat: int = 3) -> tuple[float, Any]:
    """Best CPU time of some runs, and the last answer."""
    best, answer = np.inf, None
    for _ in range(repeat):
        start = time.process_time()
        answer = work()
        best = min(best, time.process_time() - start)
    return best, answer


def numbers(n: int, seed: int = 1) -> pd.DataFrame:
    """Rows in units of 50 (text codes), seven predictors, a numeric outcome and five ordered bands."""
    rng = np.random.default_rng(seed)
    units = n // 50
    X = rng.normal(size=(n, len(PREDICTORS)))
    unit = np.repeat(np.arange(units), 50)
    latent = X @ np.linspace(0.1, 0.7, len(PREDICTORS)) + 0.5 * rng.normal(size=units)[unit]
    columns = {name: X[:, j].copy() for j, name in enumerate(PREDICTORS)}
    codes = np.array([f"unit-{k:06d}" for k in range(units)])
    frame = pd.DataFrame({**columns, "unit": codes[unit], "y": latent + rng.normal(size=n)})
    noisy = latent + rng.logistic(size=n)
    frame["band"] = np.searchsorted(np.quantile(noisy, [0.03, 0.1, 0.2, 0.85]), noisy)
    return frame


@task("clustered linear, CR1")
def clustered(n: int) -> Iterator[Timing]:
    frame = numbers(n)
    spec = ModelSpec("y", PREDICTORS, cluster="unit", errors="CR1")
    seconds, result = timed(lambda: fit(frame, spec))
    yield Timing("kinerja_lib", seconds, result.estimate, result.std_error)
    import statsmodels.api as sm

    def peer() -> Any:
        X = sm.add_constant(frame[list(PREDICTORS)])
        return sm.OLS(frame["y"], X).fit(cov_type="cluster", cov_kwds={"groups": frame["unit"]})

    seconds, other = timed(peer)
    yield Timing("statsmodels", seconds, other.params.to_numpy(), other.bse.to_numpy())
    try:
        import pyfixest
    except ImportError:
        return
    formula = f"y ~ {' + '.join(PREDICTORS)}"
    seconds, other = timed(lambda: pyfixest.feols(formula, frame, vcov={"CRV1": "unit"}))
    yield Timing("pyfixest", seconds, other.coef().to_numpy(), other.se().to_numpy())


@task("clustered linear, CR2 + Satterthwaite")
def clustered_cr2(n: int) -> Iterator[Timing]:
    frame = numbers(n)
    spec = ModelSpec("y", PREDICTORS, cluster="unit")
    seconds, result = timed(lambda: fit(frame, spec))
    yield Timing("kinerja_lib", seconds, result.estimate, result.std_error)
    script = """
    suppressMessages(library(clubSandwich)); d <- read.csv(args[1])
    t <- system.time({m <- lm(y ~ x1 + x2 + x3 + x4 + x5 + x6 + x7, d)
                      k <- coef_test(m, vcov = "CR2", cluster = d$unit)})
    cat(t[["user.self"]] + t[["sys.self"]], k$beta, k$SE)
    """
    if n <= 100_000:
        yield from in_r("clubSandwich", "R clubSandwich", script, frame)


@task("unit effects, CR1")
def unit_effects(n: int) -> Iterator[Timing]:
    frame = numbers(n)
    spec = ModelSpec("y", PREDICTORS, kind="fixed_effects", effects=("unit",), cluster="unit", errors="CR1")
    seconds, result = timed(lambda: fit(frame, spec))
    yield Timing("kinerja_lib", seconds, result.estimate, result.std_error)
    try:
        import pyfixest
    except ImportError:
        return
    formula = f"y ~ {' + '.join(PREDICTORS)} | unit"
    seconds, other = timed(lambda: pyfixest.feols(formula, frame, vcov={"CRV1": "unit"}))
    yield Timing("pyfixest", seconds, other.coef().to_numpy(), other.se().to_numpy())


@task("ordered logit")
def ordered_logit(n: int) -> Iterator[Timing]:
    frame = numbers(n)
    spec = ModelSpec("band", PREDICTORS, kind="ordinal")
    seconds, result = timed(lambda: fit(frame, spec))
    yield Timing("kinerja_lib", seconds, result.estimate, result.std_error)
    seconds, other = timed(lambda: fit(frame, spec, engine="statsmodels"), repeat=1)
    yield Timing("statsmodels", seconds, other.estimate, other.std_error)
    script = """
    suppressMessages(library(ordinal)); d <- read.csv(args[1]); d$band <- factor(d$band, ordered = TRUE)
    t <- system.time(m <- clm(band ~ x1 + x2 + x3 + x4 + x5 + x6 + x7, data = d))
    cat(t[["user.self"]] + t[["sys.self"]], coef(m), sqrt(diag(vcov(m))))
    """
    yield from in_r("ordinal", "R clm", script, frame)


@task("random intercept, REML")
def random_intercept(n: int) -> Iterator[Timing]:
    frame = numbers(n)
    spec = ModelSpec("y", PREDICTORS, kind="multilevel", groups=("unit",))
    seconds, result = timed(lambda: fit(frame, spec))
    yield Timing("kinerja_lib", seconds, result.estimate, result.std_error)
    seconds, other = timed(lambda: fit(frame, spec, engine="statsmodels"), repeat=1)
    yield Timing("statsmodels", seconds, other.estimate, other.std_error)
    script = """
    suppressMessages(library(lme4)); d <- read.csv(args[1])
    t <- system.time(m <- lmer(y ~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + (1 | unit), d))
    cat(t[["user.self"]] + t[["sys.self"]], fixef(m), sqrt(diag(as.matrix(vcov(m)))))
    """
    yield from in_r("lme4", "R lmer", script, frame)


def in_r(package: str, who: str, script: str, frame: pd.DataFrame) -> Iterator[Timing]:
    """Run an R script that prints CPU seconds, estimates, errors; nothing where R lacks the package."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return
    check = subprocess.run(
        [rscript, "-e", f"quit(status = !requireNamespace('{package}', quietly = TRUE))"],
        capture_output=True,
        check=False,
    )
    if check.returncode:
        return
    with tempfile.TemporaryDirectory() as folder:
        data, code = Path(folder) / "data.csv", Path(folder) / "run.R"
        frame.to_csv(data, index=False)
        code.write_text("args <- commandArgs(TRUE)\n" + script, encoding="utf-8")
        done = subprocess.run([rscript, str(code), str(data)], capture_output=True, text=True, check=True)
    values = np.array([float(v) for v in done.stdout.split()])
    half = (len(values) - 1) // 2
    yield Timing(who, float(values[0]), values[1 : 1 + half], values[1 + half :])


def agreement(ours: np.ndarray | None, theirs: np.ndarray | None) -> str:
    """Largest difference relative to the largest number, or a dash."""
    if ours is None or theirs is None or len(ours) != len(theirs):
        return "-"
    return f"{np.abs(ours - theirs).max() / np.abs(ours).max():.1e}"


def main(arguments: list[str] | None = None) -> int:
    """Run the tasks and print one table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--only", default="")
    chosen = parser.parse_args(arguments)
    print(
        f"{'task':40s} {'rows':>9s} {'who':16s} {'CPU s':>9s} {'ratio':>8s} {'estimates':>10s} {'errors':>8s}"
    )
    for name, function in TASKS.items():
        if chosen.only.lower() not in name.lower():
            continue
        for n in chosen.rows:
            own: Timing | None = None
            for line in function(n):
                own = own or line
                ratio = "" if line is own else f"{line.seconds / own.seconds:.1f}x"
                same = "" if line is own else agreement(own.estimates, line.estimates)
                errors = "" if line is own else agreement(own.std_errors, line.std_errors)
                cells = f"{name:40s} {n:9d} {line.who:16s} {line.seconds:9.3f}"
                print(f"{cells} {ratio:>8s} {same:>10s} {errors:>8s}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
