"""Multilevel and ordered models by chunks, Parquet row groups, threads and processes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import dataset

from kinerja_lib.errors import ModelError
from kinerja_lib.models import ModelSpec, fit, fit_chunks


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(8)
    n = 4000
    unit = rng.integers(0, 50, n)
    table = pd.DataFrame({"unit": [f"dinas.unit-{k:02d}" for k in unit], "jp": rng.normal(40, 9, n)})
    table["usia"] = rng.normal(45, 8, n)
    table["golongan"] = rng.choice(["II", "III", "IV"], n, p=[0.2, 0.6, 0.2])
    effect = 0.7 * rng.normal(size=50)[unit]
    table["y"] = 0.05 * table["jp"] + 0.01 * table["usia"] + effect + rng.normal(size=n)
    latent = 0.05 * (table["jp"] - 40) + 0.4 * (table["golongan"] == "IV") + effect + rng.logistic(size=n)
    levels = np.array(["Sangat Kurang", "Butuh Perbaikan", "Baik", "Sangat Baik"])
    table["predikat"] = levels[np.searchsorted([-3, -1.5, 1.5], latent)]
    table.loc[[7, 1500], "usia"] = np.nan
    return table.sort_values("unit", kind="stable").reset_index(drop=True)


def pieces(frame, size=700):
    return [frame.iloc[k : k + size] for k in range(0, len(frame), size)]


def same(parts, whole, rtol=1e-9):
    assert parts.terms == whole.terms
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=rtol)
    np.testing.assert_allclose(parts.cov, whole.cov, rtol=1e-6, atol=1e-9 * np.abs(whole.cov).max())
    np.testing.assert_allclose(parts.df, whole.df, rtol=1e-4)
    a, b = (r.diagnostics().set_index("name")["value"] for r in (whole, parts))
    for name in (name for name in a.index if name.startswith("vif")):
        assert b[name] == pytest.approx(a[name], rel=0.2)  # the ordered model looks at a sample
    for key, value in whole.glance().items():
        if isinstance(value, float):
            assert parts.glance()[key] == pytest.approx(value, rel=1e-6, nan_ok=True, abs=1e-7), key
        elif key not in ("iterations", "n_singletons"):
            assert parts.glance()[key] == value, key


@pytest.mark.parametrize("reml", [True, False])
def test_random_intercept(frame, reml):
    spec = ModelSpec("y", ("jp",), ("usia", "golongan"), kind="multilevel", groups=("unit",), reml=reml)
    whole, parts = fit(frame, spec), fit_chunks(pieces(frame), spec)
    same(parts, whole)
    a, b = (r.random_effects().sort_values("level", ignore_index=True) for r in (whole, parts))
    np.testing.assert_allclose(b["estimate"], a["estimate"], rtol=1e-6)
    np.testing.assert_allclose(parts.variances()["variance"], whole.variances()["variance"], rtol=1e-6)


def test_random_slope(frame):
    spec = ModelSpec("y", ("jp",), ("usia",), kind="multilevel", slopes={"unit": ("jp",)})
    whole, parts = fit(frame, spec), fit_chunks(pieces(frame), spec)
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-6)
    assert parts.glance()["criterion"] == pytest.approx(whole.glance()["criterion"], abs=1e-5)


def test_refusals_of_mixed_models(frame):
    spec = ModelSpec("y", ("jp",), kind="multilevel", groups=("unit", "golongan"))
    with pytest.raises(ModelError, match="satu faktor"):
        fit_chunks(pieces(frame), spec)
    spec = ModelSpec("y", ("jp", "usia"), kind="multilevel", groups=("unit",))
    with pytest.raises(ModelError, match="usia"):
        fit_chunks([frame.assign(usia=2.0)], spec)
    with pytest.raises(ModelError, match="tingkat"):
        fit_chunks([frame.assign(unit="a")], spec)


@pytest.mark.parametrize("errors", [None, "CR1", "iid"])
@pytest.mark.parametrize("link", ["logit", "probit"])
def test_ordered_model(frame, link, errors):
    cluster = None if errors == "iid" else "unit"
    spec = ModelSpec(
        "predikat",
        ("jp",),
        ("golongan", "jp:golongan"),
        kind="ordinal",
        cluster=cluster,
        errors=errors,
        link=link,
    )
    whole, parts = fit(frame, spec), fit_chunks(pieces(frame), spec)
    same(parts, whole)
    a, b = whole.effects(), parts.effects()
    np.testing.assert_allclose(b["estimate"], a["estimate"], rtol=1e-8)
    np.testing.assert_allclose(b["std_error"], a["std_error"], rtol=1e-6)
    assert parts.levels == whole.levels
    pd.testing.assert_frame_equal(parts.predict(frame), whole.predict(frame))
    assert parts.diagnostics().set_index("name").at["unused_levels", "verdict"] == "warning"


def test_levels_that_a_chunk_lacks(frame):
    table = frame.sort_values("predikat").reset_index(drop=True)
    spec = ModelSpec("predikat", ("jp",), kind="ordinal", cluster="unit")
    same(fit_chunks(pieces(table), spec), fit(table, spec))
    numbers = table.assign(
        predikat=table["predikat"].map(
            {"Sangat Kurang": 1, "Butuh Perbaikan": 2, "Baik": 3, "Sangat Baik": 4}
        )
    )
    same(fit_chunks(pieces(numbers), spec), fit(numbers, spec))


def test_parquet_threads_and_folders(frame, tmp_path):
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet", row_group_size=600)
    specs = [
        ModelSpec("predikat", ("jp",), ("golongan",), kind="ordinal", cluster="unit"),
        ModelSpec("y", ("jp",), ("golongan",), kind="multilevel", groups=("unit",)),
        ModelSpec("y", ("jp", "usia"), kind="fixed_effects", effects=("unit",), cluster="unit"),
    ]
    with ThreadPoolExecutor(2) as threads:
        for spec in specs:
            same(fit_chunks(tmp_path / "a.parquet", spec), fit(frame, spec))
            same(fit_chunks(tmp_path, spec, executor=threads), fit(frame, spec))
    with pytest.raises(ModelError, match="Parquet"):
        fit_chunks(tmp_path / "lain.parquet", specs[0])


def test_refusals_of_ordered_models(frame):
    spec = ModelSpec("predikat", ("jp",), kind="ordinal", cluster="unit")
    with pytest.raises(ModelError, match="beberapa kali"):
        fit_chunks(iter(pieces(frame)), spec)
    with pytest.raises(ModelError, match="satu nilai"):
        fit_chunks([frame.assign(predikat="Baik")], spec)
    with pytest.raises(ModelError, match="satu nilai"):
        fit_chunks([frame.assign(unit="a")], spec)
    with pytest.raises(ModelError, match="jp"):
        fit_chunks([frame.assign(jp=1.0)], spec)
    with pytest.raises(ModelError, match="kembar"):
        fit_chunks([frame.assign(kembar=frame["jp"] * 2)], spec.replace(controls=("kembar",)))
    with pytest.raises(ModelError, match="jelas"):
        fit_chunks(
            pieces(frame.assign(jelas=(frame["predikat"] == "Sangat Baik") * 1.0)),
            spec.replace(controls=("jelas",)),
        )
    with pytest.raises(ModelError, match="baris lengkap"):
        fit_chunks([frame.assign(jp=np.nan)], spec)
    with pytest.raises(ModelError, match="satu kolom cluster"):
        fit_chunks(pieces(frame), spec.replace(cluster=None, errors="HC1"))


@pytest.mark.parametrize("errors", ["CR1", "CR2"])
@pytest.mark.parametrize("slopes", [{}, {"unit": ("jp",)}])
def test_robust_errors_of_a_random_intercept(frame, errors, slopes):
    spec = ModelSpec(
        "y",
        ("jp",),
        ("usia",),
        kind="multilevel",
        groups=("unit",),
        slopes=slopes,
        cluster="unit",
        errors=errors,
    )
    whole, parts = fit(frame, spec), fit_chunks(pieces(frame), spec)
    np.testing.assert_allclose(parts.std_error, whole.std_error, rtol=1e-5)
    np.testing.assert_allclose(parts.df, whole.df, rtol=1e-4)
    with pytest.raises(ModelError, match="faktor itu"):
        fit_chunks(pieces(frame), spec.replace(cluster="golongan"))


def test_dask_workers_give_the_same(frame, tmp_path):
    """Two worker processes: the sums are added in the order of the row groups, so nothing changes."""
    distributed = pytest.importorskip("distributed")
    pq.write_table(pa.Table.from_pandas(frame), tmp_path / "a.parquet", row_group_size=900)
    specs = [
        ModelSpec("predikat", ("jp",), ("golongan",), kind="ordinal", cluster="unit"),
        ModelSpec("y", ("jp",), kind="multilevel", groups=("unit",)),
    ]
    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
    with distributed.LocalCluster(**options) as cluster, distributed.Client(cluster) as client:
        for spec in specs:
            far = fit_chunks(tmp_path, spec, executor=client)
            near = fit_chunks(tmp_path, spec)
            np.testing.assert_allclose(far.estimate, near.estimate, rtol=1e-12)
            np.testing.assert_allclose(far.cov, near.cov, rtol=1e-9)


def test_a_folder_that_keeps_columns_in_its_names(frame, tmp_path):
    """As a large project writes its panel: instansi=…/tahun=…/part.parquet."""
    table = frame.assign(
        instansi=np.where(frame["unit"] < "dinas.unit-20", "dinas pendidikan", "rsud"), tahun=2024
    )
    table.loc[table.index % 3 == 0, "tahun"] = 2025
    dataset.write_dataset(
        pa.Table.from_pandas(table, preserve_index=False),
        tmp_path / "panel.parquet",
        format="parquet",
        partitioning=["instansi", "tahun"],
        partitioning_flavor="hive",
    )
    spec = ModelSpec("predikat", ("jp",), ("instansi", "C(tahun)"), kind="ordinal", cluster="unit")
    same(fit_chunks(tmp_path / "panel.parquet", spec), fit(table, spec))
    spec = ModelSpec("y", ("jp", "tahun"), kind="fixed_effects", effects=("unit",), cluster="instansi")
    whole, parts = fit(table, spec), fit_chunks(tmp_path / "panel.parquet", spec)
    np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-9)
    np.testing.assert_allclose(parts.std_error, whole.std_error, rtol=1e-7)


@pytest.mark.parametrize(
    "spec",
    [
        ModelSpec("predikat_urut", ("jp",), ("golongan",), kind="ordinal_multilevel", groups=("unit",)),
        ModelSpec("predikat_urut", ("jp",), kind="ordinal", effects=("unit",)),
        ModelSpec("predikat_urut", ("jp",), kind="multinomial"),
        ModelSpec("y", ("jp",), ("usia",), weights="bobot", cluster="unit"),
        ModelSpec("y", ("jp",), kind="iv", instruments=("usia",), cluster="unit"),
    ],
    ids=lambda spec: f"{spec.kind}{'-weights' if spec.weights else ''}",
)
def test_what_does_not_add_up_is_gathered(frame, spec, tmp_path):
    order = ["Sangat Kurang", "Butuh Perbaikan", "Baik", "Sangat Baik"]
    table = frame.assign(
        predikat_urut=pd.Categorical(frame["predikat"], categories=order, ordered=True),
        bobot=np.linspace(0.5, 1.5, len(frame)),
        lain="x" * 50,
    )
    whole = fit(table, spec)
    for parts in (fit_chunks(pieces(table), spec), fit_chunks((part for part in pieces(table)), spec)):
        assert parts.terms == whole.terms
        np.testing.assert_allclose(parts.estimate, whole.estimate, rtol=1e-9)
        np.testing.assert_allclose(parts.cov, whole.cov, rtol=1e-9)


def test_gathering_keeps_named_columns_and_all_categories():
    from kinerja_lib.models.chunks_gathered import gathered, named_columns

    parts = [pd.DataFrame({"unit": pd.Categorical([name, "c"]), "y": [1, 2]}) for name in ("a", "b")]
    whole = gathered(parts)
    assert whole["unit"].tolist() == ["a", "c", "b", "c"] and isinstance(
        whole["unit"].dtype, pd.CategoricalDtype
    )
    spec = ModelSpec("y", ("jp",), kind="ordinal_multilevel", slopes={"unit": ("jp",)})
    found = named_columns(spec, pd.DataFrame(columns=["unit", "lain", "jp", "y"]))
    assert found == ["unit", "jp", "y"]
