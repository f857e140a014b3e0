"""CR2 with Satterthwaite degrees of freedom, as the vignette of R's clubSandwich prints it."""

from __future__ import annotations

import shutil
import subprocess

import pandas as pd
import pytest

from kinerja_lib.models import ModelSpec, fit

EXPORT = """
suppressMessages(library(clubSandwich)); data(MortalityRates)
part <- subset(MortalityRates, cause == "Motor Vehicle" & year <= 1983 & !is.na(beertaxa))
write.csv(part, commandArgs(TRUE)[1], row.names = FALSE)
"""


@pytest.fixture
def deaths(tmp_path):
    """Deaths on the road of those of 18 to 20 by state and year; the data lie inside the R package only."""
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("the data MortalityRates are inside the R package clubSandwich, and there is no R here")
    path = tmp_path / "deaths.csv"
    done = subprocess.run(
        [program, "-e", EXPORT, str(path)], check=False, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        pytest.skip("the data MortalityRates are inside the R package clubSandwich, which is not installed")
    return pd.read_csv(path)


def test_deaths_and_the_legal_age_for_drinking(deaths, published) -> None:
    spec = ModelSpec(
        "mrate", ("legal", "beertaxa"), ("C(state)", "C(year)"), kind="linear", cluster="state", errors="CR2"
    )
    found = fit(deaths, spec).tidy().set_index("term")
    name = "MortalityRates CR2 (vignette)"
    for term, error, df in (("legal", "se CR2", "df"), ("beertaxa", "se beer", "df beer")):
        published(name, term, found.loc[term, "estimate"])
        published(name, error, found.loc[term, "std_error"])
        published(name, df, found.loc[term, "df"], record=1e-5)
