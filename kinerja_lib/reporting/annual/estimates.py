"""The models that a report quotes: fitted once on the government's panel, kept by what they were fitted on."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import pandas as pd

from kinerja_lib.errors import ModelError
from kinerja_lib.models import FitResult, ModelSpec, fit
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import is_good
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.manifest import package_hash

EXPOSURES = ("jp_10", "fasilitas_10", "kepemimpinan_10")
_CONTROLS = ("masa_kerja", "jenis_jabatan", "pendidikan", "instansi", "periode")
SPECS = {
    "cross_section": ModelSpec(
        outcome="baik_persen", exposures=EXPOSURES, controls=_CONTROLS, kind="linear", cluster="unit_kerja"
    ),
    "fixed_effects": ModelSpec(
        outcome="baik_persen", exposures=EXPOSURES, kind="fixed_effects", effects=("id_pegawai", "periode"),
        cluster="unit_kerja",
    ),
}  # fmt: skip


@lru_cache(maxsize=4)
def estimates(edition: Edition) -> dict[str, FitResult]:
    """Each specification's result on the government's quarters up to the report's year.

    A model that the data cannot answer is absent.
    """
    frame = model_frame(edition)
    found: dict[str, FitResult] = {}
    for name, spec in SPECS.items():
        try:
            found[name] = kept_fit(edition, frame, among_agencies(frame, spec))
        except ModelError:
            continue
    return found


def among_agencies(frame: pd.DataFrame, spec: ModelSpec) -> ModelSpec:
    """The specification, without effects of agencies where the rows are of a single one."""
    if frame["instansi"].nunique() > 1:
        return spec
    return spec.replace(controls=tuple(name for name in spec.controls if name != "instansi"))


def kept_fit(edition: Edition, frame: pd.DataFrame, spec: ModelSpec) -> FitResult:
    """A fit kept in the project's interim folder under a name made from the data, the specification and the program.

    Raises
    ------
    ModelError
        The data can't answer it.
    """
    stamp = hashlib.sha256(pd.util.hash_pandas_object(frame, index=False).to_numpy().tobytes())
    question = json.dumps([spec.to_dict(), package_hash()], sort_keys=True)
    key = hashlib.sha256(stamp.digest() + question.encode()).hexdigest()[:24]
    folder = edition.root / edition.config.folders.interim / "cache"
    return _fitted(folder / f"model-{key}.json", frame, spec, edition.lang)


def model_frame(edition: Edition) -> pd.DataFrame:
    """The government's panel up to the year: chance of Baik or better in percent, exposures in tens."""
    panel = edition.tables["panel"]
    panel = panel[panel["tahun"] <= edition.year]
    tens = {
        "jp_10": panel["jp_12_bulan"],
        "fasilitas_10": panel["fasilitas_indeks"],
        "kepemimpinan_10": panel["kepemimpinan_indeks"],
    }
    plain = ["id_pegawai", "periode", "unit_kerja", "instansi", "jenis_jabatan", "pendidikan"]
    frame = panel[plain].astype("str").where(panel[plain].notna(), None)
    frame = frame.assign(
        baik_persen=is_good(panel) * 100.0,
        masa_kerja=panel["masa_kerja"].astype("float64"),
        **{name: values.astype("float64") / 10.0 for name, values in tens.items()},
    )
    return frame.reset_index(drop=True)


def _fitted(path: Path, frame: pd.DataFrame, spec: ModelSpec, lang: str) -> FitResult:
    if path.is_file():
        return FitResult.from_json(path.read_text(encoding="utf-8"))
    result = fit(frame, spec, lang=lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(path, result.to_json().encode())
    return result
