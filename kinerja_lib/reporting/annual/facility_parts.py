"""Bab III, facilities: what the index is made of, by group; the parts that are missing; units without an asset book."""

from __future__ import annotations

from dataclasses import asdict
from functools import lru_cache

import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.indicators.facilities import part_summary
from kinerja_lib.panel import facility_index
from kinerja_lib.panel.workplace import FACILITY_PARTS
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.measures import mean_by
from kinerja_lib.schema.periode import Periode

LOWEST, HIGHEST = 1, 5  # answers of the staff survey


@lru_cache(maxsize=4)
def unit_parts(edition: Edition) -> pd.DataFrame:
    """The four parts of each unit in each quarter of the year, for the report's scope.

    Units are those of the staff's profile, so that one without any asset or form is there too, with everything missing.
    """
    staff = edition.rows("pegawai").dropna(subset=["unit_kerja"])
    staff = staff.assign(
        unit_kerja=staff["unit_kerja"].astype("str"), instansi=staff["instansi"].astype("str")
    )
    headcount = staff.groupby(["unit_kerja", "tahun"]).size().rename("jumlah").reset_index()
    now = staff[staff["tahun"] == edition.year].drop_duplicates("unit_kerja")[["unit_kerja", "instansi"]]
    quarters = [str(quarter) for quarter in Periode(str(edition.year)).quarters()]
    asked = now.merge(pd.DataFrame({"periode": quarters}), how="cross")
    weights = asdict(edition.config.facility_weights)
    parts = facility_index(
        edition.rows("fasilitas"), headcount, asked[["unit_kerja", "periode"]], weights=weights
    )
    people = headcount[headcount["tahun"] == edition.year].set_index("unit_kerja")["jumlah"]
    return parts.assign(
        instansi=asked["instansi"].to_numpy(), staff=parts["unit_kerja"].map(people).to_numpy()
    )


def facility_parts(edition: Edition) -> None:
    """Each part of the index by group, what is missing."""
    labels, parts = edition.labels, unit_parts(edition)
    if not len(parts) or not parts["fasilitas_indeks"].notna().any():
        edition.say("facility_parts.none")
        return
    found = part_summary(parts, (edition.group,))
    found = found[found["staff"] >= edition.smallest]
    table = pd.DataFrame({edition.group: [edition.name(code) for code in found[edition.group]]})
    for name in FACILITY_PARTS:
        table[f"part_{name}"] = found[name].to_numpy() * 100
    table["value"] = found["fasilitas_indeks"].to_numpy()
    asked = _judged_by_staff(edition)
    if len(asked):
        table["part_survey"] = [asked.get(str(code), float("nan")) for code in found[edition.group]]
    table["part_missing"] = [_named(edition, row) for row in found.itertuples()]
    numbers = [
        *(f"part_{name}" for name in FACILITY_PARTS),
        "value",
        *(["part_survey"] if len(asked) else []),
    ]
    columns = {edition.group: "text", **dict.fromkeys(numbers, "number:1"), "part_missing": "text"}
    shown = shown_table(table, columns, labels)
    weights = asdict(edition.config.facility_weights)
    listed = labels.listing(
        f"{labels.text(f'facility_parts.{name}')} {labels.number(weights[name], 1)}"
        for name in FACILITY_PARTS
    )
    edition.doc.table(
        shown.frame, "bagian-fasilitas", labels.text("facility_parts.table", year=edition.year), small=True,
        left=[edition.group, "part_missing"], source=edition.source("fasilitas", "pegawai"),
        note=labels.text("facility_parts.note", weights=listed, n=edition.smallest), **shown.options(),
    )  # fmt: skip
    _without(edition, parts)


def _judged_by_staff(edition: Edition) -> dict[str, float]:
    """What the staff themselves think of their facilities, 0–100, by group; it is no part of the index."""
    rows = edition.rows("survei", edition.year)
    rows = rows[rows["instrumen"].astype("str") == "fasilitas"]
    if not len(rows):
        return {}
    points = rows.assign(points=(rows["skor"].astype("float64") - LOWEST) / (HIGHEST - LOWEST) * 100)
    persons = (
        points.groupby([rows["id_responden"], rows[edition.group].astype("str")], observed=True)["points"]
        .mean()
        .reset_index()
    )
    means = mean_by(edition, persons, "points")
    return dict(zip(means["code"], means["value"], strict=True))


def _named(edition: Edition, row: object) -> str:
    """The parts that are missing in some unit-quarters, with the share of them."""
    labels = edition.labels
    missing = [
        f"{labels.text(f'facility_parts.{name}')} {labels.percent(share, 0)}"
        for name in FACILITY_PARTS
        if (share := float(getattr(row, f"{name}_missing"))) > 0
    ]
    return ", ".join(missing) or labels.text("facility_parts.complete")


def _without(edition: Edition, parts: pd.DataFrame) -> None:
    """Units without an asset book, and units without anything: unknown, not zero."""
    labels = edition.labels
    unit = parts.groupby("unit_kerja")[["kondisi", "fasilitas_indeks"]].agg(
        lambda values: values.notna().any()
    )
    book, index = int((~unit["kondisi"]).sum()), int((~unit["fasilitas_indeks"]).sum())
    key = "facility_parts.all_known" if not book and not index else "facility_parts.unknown"
    edition.say(key, units=labels.integer(len(unit)), book=labels.integer(book), index=labels.integer(index))
