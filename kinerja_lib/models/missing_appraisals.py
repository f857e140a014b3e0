"""Appraisals that should be there and are not: who they belong to, and what answers change because of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import MINIMUM_GROUP
from kinerja_lib.errors import ModelError
from kinerja_lib.models.factors import column
from kinerja_lib.models.fitting import fit
from kinerja_lib.models.imputation import fit_imputed
from kinerja_lib.models.missing import Missingness, TippingPoint, missingness, response_weights, tipping_point
from kinerja_lib.models.spec import ModelSpec
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT

#: what is known of an employee whether or not an appraisal is there
KNOWN = (
    "instansi",
    "unit_kerja",
    "jenis_kelamin",
    "status_pegawai",
    "golongan",
    "jenis_jabatan",
    "pendidikan",
)


def expected_appraisals(
    pegawai: pd.DataFrame, penilaian: pd.DataFrame, *, periods: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row for each active employee and quarter, with the appraisal where there is one.

    Parameters
    ----------
    pegawai, penilaian : DataFrame
        The cleaned tables.
    periods : sequence of str, optional
        Quarters expected; those that occur in ``penilaian`` by default. An employee is expected in the
        quarters of the years for which the profile lists them as ``Aktif``.

    Returns
    -------
    DataFrame
        ``id_pegawai``, ``periode``, ``KNOWN`` (those the profile has), ``usia``, ``predikat``,
        ``predikat_skor`` (1 to 5), missing where no appraisal is there.
    """
    asked = sorted(
        {
            str(p)
            for p in (periods if periods is not None else penilaian["periode"].dropna())
            if "-Q" in str(p)
        }
    )
    active = pegawai[pegawai["kedudukan_hukum"].fillna("Aktif").astype(str) == "Aktif"]
    known = [name for name in KNOWN if name in active.columns]
    base = active.drop_duplicates(["id_pegawai", "tahun"])[["id_pegawai", "tahun", *known]].copy()
    if "tahun_lahir" in active.columns:
        born = active.drop_duplicates(["id_pegawai", "tahun"])["tahun_lahir"]
        base["usia"] = base["tahun"].astype("float64") - born.astype("float64")
    years = pd.DataFrame({"periode": asked, "tahun": [Periode(p).year for p in asked]}).astype(
        {"tahun": "int64"}
    )
    grid = base.astype({"tahun": "int64"}).merge(years, on="tahun", how="inner")
    rated = penilaian.dropna(subset=["predikat"]).drop_duplicates(["id_pegawai", "periode"], keep="last")
    grid = grid.merge(rated[["id_pegawai", "periode", "predikat"]], on=["id_pegawai", "periode"], how="left")
    known_rating = grid["predikat"].astype(object).where(grid["predikat"].isin(PREDIKAT))
    grid["predikat"] = pd.Categorical(known_rating, list(PREDIKAT), ordered=True)
    codes = grid["predikat"].cat.codes.to_numpy()
    grid["predikat_skor"] = np.where(codes < 0, np.nan, codes + 1.0)
    return grid.drop(columns="tahun").reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class MissingComparison:
    """One coefficient under different accounts of the missing outcomes.

    Attributes
    ----------
    table : DataFrame
        method (``complete``, ``weighted``, ``imputed``), estimate, std_error, ci_low, ci_high, p_value, n.
    report : Missingness
    tipping : TippingPoint or None
    not_fitted : dict of str to str
    """

    table: pd.DataFrame
    report: Missingness
    tipping: TippingPoint | None
    not_fitted: dict[str, str]


def compare_missing(
    panel: pd.DataFrame,
    spec: ModelSpec,
    term: str,
    covariates: Sequence[str],
    *,
    seed: int,
    m: int = 20,
    by: Sequence[str] = (),
    deltas: Sequence[float] = (),
    minimum_group: int = MINIMUM_GROUP,
    lang: str = "id",
) -> MissingComparison:
    """Complete cases, response weights, multiple imputation, and the tipping point, for one coefficient.

    Parameters
    ----------
    panel : DataFrame
        Rows with and without the outcome; exposures and controls are known for both.
    spec : ModelSpec
        Its ``weights`` are replaced for the weighting.
    term : str
        The coefficient.
    covariates : sequence of str
        What may tell who is missing; auxiliary columns of the imputation.
    by : sequence of str
        Groups for which the missing are counted.
    deltas : sequence of float
        Shifts of the imputed outcomes (a numeric outcome only); empty leaves the tipping point out.
    """
    column(panel, spec.outcome, lang)
    report = missingness(
        panel, spec.outcome, covariates, by=by, cluster=None, minimum_group=minimum_group, lang=lang
    )
    rows, not_fitted = [], {}
    for method in ("complete", "weighted", "imputed"):
        try:
            rows.append((method, *_one(panel, spec, term, covariates, method, seed, m, lang)))
        except ModelError as error:
            not_fitted[method] = str(error.message)
    tipping = None
    if deltas:
        try:
            tipping = tipping_point(
                panel, spec, term, deltas, seed=seed, m=m, auxiliary=_further(covariates, spec), lang=lang
            )
        except ModelError as error:
            not_fitted["tipping"] = str(error.message)
    columns = ["method", "estimate", "std_error", "ci_low", "ci_high", "p_value", "n"]
    return MissingComparison(pd.DataFrame(rows, columns=columns), report, tipping, not_fitted)


def _one(
    panel: pd.DataFrame,
    spec: ModelSpec,
    term: str,
    covariates: Sequence[str],
    method: str,
    seed: int,
    m: int,
    lang: str,
) -> tuple[float, ...]:
    if method == "imputed":
        pooled = fit_imputed(panel, spec, m, seed=seed, auxiliary=_further(covariates, spec), lang=lang)
        row, n = pooled.tidy().set_index("term").loc[term], pooled.glance()["n"]
    else:
        frame, own = panel, spec
        if method == "weighted":
            name = "bobot_respons"
            frame = panel.assign(**{name: response_weights(panel, spec.outcome, covariates, lang=lang)})
            errors = spec.errors if spec.errors or spec.cluster_columns else "HC1"
            own = spec.replace(weights=name, errors=errors)
        result = fit(frame, own, lang=lang)
        row, n = result.term(term, lang), result.glance()["n"]
    return (*(float(row[k]) for k in ("estimate", "std_error", "ci_low", "ci_high", "p_value")), int(str(n)))


def _further(covariates: Sequence[str], spec: ModelSpec) -> tuple[str, ...]:
    return tuple(name for name in covariates if name not in spec.terms and name != spec.outcome)
