"""Bab III, third part: rewards and sanctions, project reports, IP ASN."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.disclosure import protect
from kinerja_lib.display import shown_table
from kinerja_lib.indicators import ip_category
from kinerja_lib.reporting.annual.coaching import coaching
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.end_reports import end_reports
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import in_words, mean_by, wilson
from kinerja_lib.reporting.annual.obstacles import feedback, obstacles
from kinerja_lib.reporting.annual.official import credits, levers
from kinerja_lib.reporting.annual.pictures import dots_figure, say_extremes
from kinerja_lib.reporting.annual.professionalism import DIMENSIONS, categories, scores
from kinerja_lib.reporting.annual.rewards import follow_up
from kinerja_lib.schema.fields import field

ATTRIBUTES = ("jenis_kelamin", "golongan_kelompok", "jenis_jabatan")


def rewards_sanctions(edition: Edition) -> None:
    """Rewards and sanctions counted, who receives rewards, and coaching that is due."""
    labels, now = edition.labels, facts(edition, edition.year)
    small, people = edition.smallest, set(now.staff["id_pegawai"])
    rewards = edition.rows("penghargaan", edition.year, everyone=True)
    rewards = rewards[rewards["id_pegawai"].isin(people)]
    sanctions = edition.rows("hukuman", edition.year, everyone=True)
    sanctions = sanctions[sanctions["id_pegawai"].isin(people)]
    low = int(now.annual["predikat"].isin(["Sangat Kurang", "Kurang/Misconduct", "Butuh Perbaikan"]).sum())
    edition.say(
        "rewards.text", rewards=in_words(edition, len(rewards)), sanctions=in_words(edition, len(sanctions)),
        low=in_words(edition, low), staff=labels.integer(len(people)),
    )  # fmt: skip
    frame = _reward_rates(edition, set(rewards["id_pegawai"]))
    columns = {
        "attribute": "text",
        "level": "text",
        "n": "integer",
        "rate": "percent:1",
        "low": "percent:1",
        "high": "percent:1",
        "ratio": "number:2",
    }
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame, "penghargaan", labels.text("rewards.table", year=edition.year), left=2,
        source=edition.source("penghargaan", "pegawai"), note=labels.text("rewards.note", n=small), **shown.options(),
    )  # fmt: skip
    edition.say("rewards.fairness")
    follow_up(edition)
    coaching(edition)


def _reward_rates(edition: Edition, rewarded: set[str]) -> pd.DataFrame:
    labels, now = edition.labels, facts(edition, edition.year)
    last = now.panel.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    rows: list[list[Any]] = []
    for attribute in ATTRIBUTES:
        found: list[list[Any]] = []
        hidden = _hidden_levels(edition, last, attribute, rewarded)
        for level, part in last.groupby(last[attribute].astype("str")):
            if last[attribute].isna().all() or level in ("nan", "None", "<NA>"):
                continue
            n, hits = len(part), int(part["id_pegawai"].isin(rewarded).sum())
            enough = n >= edition.smallest and level not in hidden
            low, high = wilson(hits, n) if enough else (np.nan, np.nan)
            found.append(
                [
                    field(attribute).label(edition.lang),
                    labels.category(level),
                    n,
                    hits / n if enough else np.nan,
                    low,
                    high,
                ]
            )
        best = max((row[3] for row in found if not np.isnan(row[3])), default=np.nan)
        # four fifths of the most rewarded group is the usual mark of an uneven chance
        rows += [
            [*row, row[3] / best if best and best > 0 else np.nan]
            for row in found
            if row[2] >= edition.smallest
        ]
    return pd.DataFrame(rows, columns=["attribute", "level", "n", "rate", "low", "high", "ratio"])


def _hidden_levels(edition: Edition, last: pd.DataFrame, attribute: str, rewarded: set[str]) -> set[str]:
    """Levels whose number of rewarded people is small, or would let a small one follow from the total."""
    counts = pd.crosstab(last[attribute].astype("str"), last["id_pegawai"].isin(rewarded))
    counts = counts.reindex(columns=[False, True], fill_value=0)
    hidden = protect(counts.to_numpy(), edition.smallest).hidden[:-1].any(axis=1)
    return set(counts.index[hidden])


def project_reports(edition: Edition) -> None:
    """State of the assignments, and what stood in their way."""
    labels, now = edition.labels, facts(edition, edition.year)
    rows = edition.rows("laporan_tugas", edition.year)
    if not len(rows):
        edition.say("word.no_data")
        return
    states = rows["status_tugas"].astype("str").value_counts()
    edition.say(
        "reports.text", n=labels.integer(len(rows)), on_time=labels.percent(now.on_time),
        done=labels.integer(int(states.get("Selesai", 0) + states.get("Selesai terlambat", 0))),
        stopped=labels.integer(int(states.get("Dihentikan", 0))),
        achieved=labels.number(rows["persen_capaian"].astype("float64").mean()),
    )  # fmt: skip
    obstacles(edition)
    order = ("Selesai", "Selesai terlambat", "Berjalan", "Dihentikan")
    groups = rows[edition.group].astype("str")
    table = pd.crosstab(groups, rows["status_tugas"].astype("str")).reindex(columns=list(order), fill_value=0)
    table.insert(0, edition.group, [edition.name(code) for code in table.index])
    table["capaian"] = (
        rows["persen_capaian"].astype("float64").groupby(groups).mean().reindex(table.index) / 100
    )
    table = table.reset_index(drop=True)
    edition.doc.table(
        table, "laporan-tugas", labels.text("reports.table", year=edition.year), source=edition.source("laporan_tugas"),
        formats={**dict.fromkeys(order, "integer"), "capaian": "percent:1"},
        headers={edition.group: labels.column(edition.group), **{k: labels.category(k) for k in order}, "capaian": labels.column("achievement")},
    )  # fmt: skip
    end_reports(edition)
    feedback(edition)


def ip_asn(edition: Edition) -> None:
    """IP ASN by group and its four dimensions."""
    labels = edition.labels
    found = scores(edition, edition.year)
    if not len(found):
        edition.say("word.no_data")
        return
    if len(found) < edition.smallest:
        edition.say("note.all_withheld", n=labels.integer(edition.smallest))
        return
    mean = float(found["ip_asn"].mean())
    edition.say(
        "ip_asn.text",
        value=labels.number(mean, 2),
        band=labels.category(ip_category(mean)),
        n=labels.integer(len(found)),
    )
    frame = mean_by(edition, found, "ip_asn")
    dots_figure(
        edition, frame, "ip-asn", "ip_asn.groups", ("pegawai", "penilaian", "pelatihan"), reference=mean
    )
    _dimensions(edition, found)
    categories(edition)
    levers(edition)
    credits(edition)
    say_extremes(edition, "ip_asn.extremes", frame)


def _dimensions(edition: Edition, found: pd.DataFrame) -> None:
    """The mean of each dimension beside the most it can be."""
    labels = edition.labels
    table = pd.DataFrame(
        {
            "dimension": [labels.text(f"ip_asn.{name}") for name in DIMENSIONS],
            "mean": [float(found[name].mean()) for name in DIMENSIONS],
            "most": list(DIMENSIONS.values()),
        }
    )
    table["reached"] = table["mean"] / table["most"]
    shown = shown_table(
        table, {"dimension": "text", "mean": "number:2", "most": "integer", "reached": "percent:1"}, labels
    )
    edition.doc.table(
        shown.frame, "dimensi-ip", labels.text("ip_asn.table", year=edition.year), note=labels.text("ip_asn.note"),
        source=edition.source("pegawai", "penilaian", "pelatihan", "hukuman"), **shown.options(),
    )  # fmt: skip
