"""Agreement of raters against the printed examples of Krippendorff, Fleiss, and Shrout & Fleiss."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from kinerja_lib.models import fleiss_kappa, icc, krippendorff_alpha

# Krippendorff (2011), example C: four observers, twelve units, missing values
RELIABILITY = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
# Fleiss (1971), table 1: thirty patients, six psychiatrists; depression, personality disorder,
# schizophrenia, neurosis, other
DIAGNOSES = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Shrout & Fleiss (1979), table 2: six targets, four judges
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def _reliability() -> pd.DataFrame:
    rows = [line.split() for line in RELIABILITY.strip().splitlines()]
    return pd.DataFrame([[float(v) if v != "." else np.nan for v in row] for row in rows]).T


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@pytest.mark.parametrize("dataset", ["Krippendorff 2011 4x12", "Krippendorff (hand)"])
def test_krippendorff(published, dataset, level):
    published(dataset, level, krippendorff_alpha(_reliability(), level))


def test_fleiss(published):
    counts = [[int(digit) for digit in patient] for patient in DIAGNOSES.split()]
    found = fleiss_kappa(counts, counts=True)
    published("Fleiss 1971 diagnoses (irr)", "kappa", found.kappa)
    published("Fleiss 1971 diagnoses (irr)", "z", found.z)
    assert found.by_category["kappa"].round(3).tolist() == [0.245, 0.245, 0.520, 0.471, 0.566]


def test_shrout_fleiss(published):
    table = icc(JUDGES).set_index("form")
    for form in ("ICC11", "ICC21", "ICC31", "ICC1k", "ICC2k", "ICC3k"):
        published("Shrout-Fleiss 1979", form, table.loc[form, "icc"])
    # mean squares and F as printed on page 423: BMS 11.24, WMS 6.26, EMS 1.02
    assert table.loc["ICC11", "f"] == pytest.approx(11.24 / 6.26, abs=5e-3)
    assert table.loc["ICC31", "f"] == pytest.approx(11.03, abs=5e-3)
