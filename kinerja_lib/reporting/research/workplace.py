"""Facilities as they are: the map by group and the index, before anything is said of a relation."""

from __future__ import annotations

from kinerja_lib.display import describe_heatmap, heatmap_chart, height_for, new_axes
from kinerja_lib.reporting.annual.conditions import facility_grid
from kinerja_lib.reporting.annual.edition import Edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.measures import mean_by
from kinerja_lib.reporting.annual.pictures import dots_figure


def facility_map(edition: Edition) -> None:
    """Condition of assets, internet and applications by group, and the index of facilities as dots."""
    labels = edition.labels
    grid = facility_grid(edition)
    title = labels.text("facilities.map", year=edition.year)
    if len(grid):
        shown = grid.rename(
            index=edition.name, columns={name: labels.category(name) for name in grid.columns}
        )
        ax = new_axes(height_for(len(shown), each=0.32, least=2.2))
        heatmap_chart(ax, shown, labels)
        edition.doc.figure(
            ax.figure, "fasilitas", title, alt=describe_heatmap(shown, labels), source=edition.source("fasilitas"),
            note=labels.text("facilities.note"), data=shown.rename_axis(labels.column(edition.group)).reset_index(),
            formats=dict.fromkeys(shown.columns, "number:1"),
        )  # fmt: skip
    else:
        reason = labels.text("word.no_data")
        edition.doc.figure(
            None, "fasilitas", title, alt=reason, note=reason, source=edition.source("fasilitas")
        )
    now = facts(edition, edition.year)
    dots_figure(
        edition, mean_by(edition, now.panel, "fasilitas_indeks"), "indeks-fasilitas", "facilities.index",
        ("fasilitas", "pegawai"), reference=now.facilities, interval=False,
    )  # fmt: skip
    edition.say("research.quota")
