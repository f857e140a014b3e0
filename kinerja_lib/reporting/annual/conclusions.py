"""What the year shows in a few sentences, what it cannot show, and what should be done about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from kinerja_lib.display import shown_table
from kinerja_lib.findings import Claim, Limits, finding_from_fit
from kinerja_lib.language import Labels
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.estimates import estimates
from kinerja_lib.reporting.annual.facts import facts, is_good, meets_jp
from kinerja_lib.reporting.annual.measures import extremes, mean_by, share_by
from kinerja_lib.reporting.document import Item

DESIGN_OF = {
    "fixed_effects": "fixed_effects",
    "cross_section": "selection_on_observables",
}  # the stronger first
TRAINING = Claim(
    topic="pelatihan_kinerja",
    term="jp_10",
    exposure=("pelatihan (JP dalam 12 bulan)", "training (JP in the last 12 months)"),
    outcome=("peluang berpredikat Baik ke atas", "the chance of a predicate of Baik or better"),
    design="fixed_effects",
    step=("tambahan 10 JP", "10 more JP"),
    unit=("poin persentase", "percentage points"),
    digits=1,
    margin=0.5,
)
COVERED, SERVED, PUNCTUAL, MET, GAIN = 0.98, 88.31, 0.85, 0.80, 10.0


def findings(edition: Edition) -> list[Item]:
    """The findings of the executive summary, then what cannot be concluded, with its reason."""
    items = [
        _predicates(edition),
        training_item(edition),
        _hours(edition),
        _facilities(edition),
        _obstacle(edition),
    ]
    labels = edition.labels
    unsaid = Item(labels.text("finding.raters"), labels.text("finding.raters_reason"), kind="unsaid")
    return [item for item in items if item is not None] + [unsaid]


def _predicates(edition: Edition) -> Item:
    labels = edition.labels
    now, before = facts(edition, edition.year), facts(edition, edition.year - 1)
    ends = extremes(share_by(edition, now.annual, is_good(now.annual)))
    text = labels.text(
        "finding.predicates", good=labels.percent(now.good), change=edition.moved(now.good - before.good, share=True),
        year=edition.year - 1,
    )  # fmt: skip
    if ends:
        text += " " + labels.text(
            "finding.spread", best=edition.safe(ends[0]["code"]), high=labels.percent(ends[0]["value"]),
            worst=edition.safe(ends[1]["code"]), low=labels.percent(ends[1]["value"]),
        )  # fmt: skip
    return Item(text, labels.text("finding.predicates_basis", n=labels.integer(len(now.annual))))


def training_item(edition: Edition) -> Item:
    """The relation of training hours and predicate, as the gates of ``findings`` let it be said."""
    labels, found = edition.labels, estimates(edition)
    name = next((key for key in DESIGN_OF if key in found), None)
    if name is None or "jp_10" not in found[name].terms:
        return Item(
            labels.text("finding.training_absent"),
            labels.text("finding.training_absent_reason"),
            kind="unsaid",
        )
    result, limits = found[name], edition.config.thresholds
    finding = finding_from_fit(
        result,
        replace(TRAINING, design=DESIGN_OF[name]),
        limits=Limits(
            minimum_clusters=limits.minimum_clusters, minimum_df=limits.minimum_df, alpha=limits.alpha
        ),
        labels={lang: Labels(lang) for lang in ("id", "en")},
    )
    basis = labels.text(
        "finding.training_basis", spec=labels.text(f"spec.{name}"), n=labels.integer(result.glance()["n"]),
        clusters=labels.integer(result.glance()["n_groups"]), errors=result.glance()["errors"],
        government=edition.government,
    )  # fmt: skip
    return Item(finding.sentence(edition.lang), basis, kind="finding" if finding.said else "unsaid")


def _hours(edition: Edition) -> Item | None:
    labels, now = edition.labels, facts(edition, edition.year)
    if np.isnan(now.jp_share):
        return None
    flag = meets_jp(edition, now.staff)
    text = labels.text(
        "finding.hours", share=labels.percent(now.jp_share), due=labels.integer(edition.config.thresholds.jp_pns),
        mean=labels.number(now.jp_mean),
    )  # fmt: skip
    return Item(text, labels.text("finding.hours_basis", n=labels.integer(int(flag.notna().sum()))))


def _facilities(edition: Edition) -> Item | None:
    labels, now = edition.labels, facts(edition, edition.year)
    ends = extremes(mean_by(edition, now.panel, "fasilitas_indeks"))
    if not ends:
        return None
    text = labels.text(
        "finding.facilities", mean=labels.number(now.facilities), worst=edition.safe(ends[1]["code"]),
        low=labels.number(ends[1]["value"]), best=edition.safe(ends[0]["code"]), high=labels.number(ends[0]["value"]),
    )  # fmt: skip
    return Item(text, labels.text("finding.facilities_basis"))


def main_obstacle(edition: Edition) -> tuple[str, float] | None:
    """The most frequent obstacle of the assignments, and its share of those that met one."""
    kinds = edition.rows("laporan_tugas", edition.year)["kelas_kendala"].dropna().astype("str")
    kinds = kinds[kinds != "Tidak ada"]
    if not len(kinds):
        return None
    shares = kinds.value_counts(normalize=True)
    return str(shares.index[0]), float(shares.iloc[0])


def _obstacle(edition: Edition) -> Item | None:
    labels, now, found = edition.labels, facts(edition, edition.year), main_obstacle(edition)
    if found is None:
        return None
    text = labels.text(
        "finding.obstacle", on_time=labels.percent(now.on_time), kind=labels.category(found[0]).lower()
        if found[0] not in ("TI", "SDM") else labels.category(found[0]), share=labels.percent(found[1]),
    )  # fmt: skip
    return Item(text, labels.text("finding.obstacle_basis"))


def conclusions(edition: Edition) -> None:
    """Bab IV: the year in one paragraph, then the recommendations with owner, deadline and indicator."""
    labels, now = edition.labels, facts(edition, edition.year)
    edition.say(
        "conclusion.text", body=edition.body, year=edition.year, good=labels.percent(now.good),
        jp=labels.percent(now.jp_share), facilities=labels.number(now.facilities), ikm=labels.number(now.ikm),
    )  # fmt: skip
    frame = recommendations(edition)
    columns = dict.fromkeys(("number", "recommendation", "basis", "owner", "deadline", "indicator"), "text")
    shown = shown_table(frame, columns, labels)
    edition.doc.table(
        shown.frame,
        "rekomendasi",
        labels.text("conclusion.table", year=edition.year + 1),
        small=True,
        left=6,
        **shown.options(),
    )


def recommendations(edition: Edition) -> pd.DataFrame:
    """The recommendations that this year's measures call for; each names the finding it rests on."""
    labels, now = edition.labels, facts(edition, edition.year)
    covered = float(now.staff["dinilai"].mean()) if len(now.staff) else np.nan
    worst_jp = extremes(share_by(edition, now.staff, meets_jp(edition, now.staff)))
    worst_facility = extremes(mean_by(edition, now.panel, "fasilitas_indeks"))
    obstacle = main_obstacle(edition)
    wanted: list[tuple[str, bool, dict[str, str], str]] = [
        ("appraise", covered < COVERED, {"share": labels.percent(covered)}, f"{edition.year + 1}-01-31"),
        ("train", now.jp_share < MET, {"share": labels.percent(now.jp_share), "due": labels.integer(edition.config.thresholds.jp_pns),
                                       "worst": _name(worst_jp), "target": labels.percent(MET, 0)}, f"{edition.year + 1}-12-31"),
        ("equip", bool(worst_facility) and (now.facilities < 100), {"worst": _name(worst_facility), "low": _value(edition, worst_facility),
                                                                    "gain": labels.number(GAIN, 0)},
         f"{edition.year + 1}-09-30"),
        ("coach", now.good < 1, {"low": labels.percent(1 - now.good)}, f"{edition.year + 1}-03-31"),
        ("obstacle", obstacle is not None and now.on_time < PUNCTUAL,
         {"on_time": labels.percent(now.on_time), "kind": labels.category(obstacle[0]) if obstacle else "",
          "target": labels.percent(PUNCTUAL, 0)}, f"{edition.year + 1}-06-30"),
        ("serve", now.ikm < SERVED, {"ikm": labels.number(now.ikm, 2), "target": labels.number(SERVED, 2)}, f"{edition.year + 1}-12-31"),
        ("calibrate", True, {}, f"{edition.year + 1}-06-30"),
    ]  # fmt: skip
    rows: list[list[str]] = []
    for name, due, values, deadline in wanted:
        if due:
            parts = {
                part: labels.text(f"recommend.{name}_{part}", **values)
                for part in ("text", "basis", "indicator")
            }
            owner = labels.text(f"recommend.{name}_owner_{'whole' if edition.whole else 'agency'}")
            rows.append(
                [
                    str(len(rows) + 1),
                    parts["text"],
                    parts["basis"],
                    owner,
                    labels.date(deadline),
                    parts["indicator"],
                ]
            )
    return pd.DataFrame(rows, columns=["number", "recommendation", "basis", "owner", "deadline", "indicator"])


def _name(ends: tuple[pd.Series, pd.Series] | None) -> str:
    return str(ends[1]["label"]) if ends else "–"


def _value(edition: Edition, ends: tuple[pd.Series, pd.Series] | None) -> str:
    return edition.labels.number(ends[1]["value"] if ends else None)
