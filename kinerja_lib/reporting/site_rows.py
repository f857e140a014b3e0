"""Lines of the index: each agency with its state, its key figures, and its links; small groups withheld."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from kinerja_lib.reporting.headline import withheld
from kinerja_lib.reporting.plan import GOVERNMENT
from kinerja_lib.reporting.records import Record, latest
from kinerja_lib.schema.periode import Periode

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

GOOD = ("Baik", "Sangat Baik")
SHOWN = ("jp_share", "facilities", "ikm", "ip_asn")
TREND = 12  # quarters shown
Links = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class IndexRow:
    """One line of the index.

    Attributes
    ----------
    code, name : str
    staff : int or None
        None where suppressed, like all figures.
    good : float or None
    trend : tuple of float
        By quarter, up to the period's end.
    files : mapping
        Links by template, language and format.
    figures : mapping
        The annual edition's key figures; empty for a quarter.
    state : str
        ``made``, ``failed`` or ``absent``.
    """

    code: str
    name: str
    staff: int | None
    good: float | None
    trend: tuple[float, ...]
    files: Links
    figures: Mapping[str, float | None] = field(default_factory=dict)
    state: str = "made"


def index_rows(project: Project, periode: str, failed: Iterable[str] = ()) -> list[IndexRow]:
    """Lines of the index: the whole government first, then agencies by name; empty without any report."""
    from kinerja_lib.workflow import load_panel

    folder = project.folder("reports") / periode
    found: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    for path in sorted(folder.glob("*/*.manifest.json")):
        content = json.loads(path.read_text(encoding="utf-8"))
        links = {kind: f"{path.parent.name}/{entry['name']}" for kind, entry in content["files"].items()}
        made = found.setdefault(content["instansi"], {})
        made.setdefault(content["template"], {})[content["lang"]] = links
    if not found:
        return []
    panel = load_panel(project, columns=["id_pegawai", "instansi", "periode", "predikat"])
    span, minimum = Periode(periode), project.config.privacy.minimum_group
    quarters = [str(quarter) for quarter in span.quarters()]
    panel = panel.assign(instansi=panel["instansi"].astype("str"))
    present = panel.loc[panel["periode"].isin(quarters), "instansi"].unique()
    rated = panel[panel["predikat"].notna() & (panel["periode"] <= quarters[-1])]
    own = _measured(rated, span, rated["instansi"])
    whole = _measured(rated, span, pd.Series(GOVERNMENT, index=rated.index))
    names = {entry.code: entry.name for entry in project.register().entries}
    figures, broken = _key_figures(project, latest(project, periode)), set(failed)
    rows = []
    for code in dict.fromkeys([GOVERNMENT, *found, *sorted(present), *broken]):
        state = "failed" if code in broken else "made" if code in found else "absent"
        name = project.config.project.name if code == GOVERNMENT else str(names.get(code, code))
        staff, good, trend = _shown(whole if code == GOVERNMENT else own, code, minimum)
        rows.append(
            IndexRow(
                code,
                name,
                staff,
                good,
                trend,
                found.get(code, {}),
                figures.get(code, {}),
                state,
            )
        )
    return sorted(_without_the_second(rows), key=lambda row: (row.code != GOVERNMENT, row.name))


def _without_the_second(rows: list[IndexRow]) -> list[IndexRow]:
    """Where one agency's share is withheld, the smallest other one's too: the first would follow from the whole."""
    agencies = [row for row in rows if row.code != GOVERNMENT and row.staff is not None]
    shown = [row for row in agencies if row.good is not None]
    if len(shown) != len(agencies) - 1 or not shown:
        return rows
    least = min(shown, key=lambda row: (row.staff or 0, row.code))
    return [replace(row, good=None, trend=()) if row is least else row for row in rows]


@dataclass(frozen=True, eq=False)
class _Panel:
    """What the panel says of each group, worked out in one pass: 630 agencies of some million rows are many."""

    staff: pd.Series
    share: pd.Series
    below: pd.Series
    people: pd.Series
    by_quarter: pd.Series


def _measured(panel: pd.DataFrame, periode: Periode, groups: pd.Series) -> _Panel:
    """Staff, share of Baik or better, those below it, and the same by quarter, of each of some groups."""
    good = panel["predikat"].isin(GOOD)
    inside = panel["periode"].isin([str(quarter) for quarter in periode.quarters()])
    person, quarterly = panel["id_pegawai"], [groups, panel["periode"]]
    low = inside & ~good
    return _Panel(
        staff=person[inside].groupby(groups[inside]).nunique(),
        share=good[inside].groupby(groups[inside]).mean(),
        below=person[low].groupby(groups[low]).nunique(),
        people=person.groupby(quarterly).nunique(),
        by_quarter=good.groupby(quarterly).mean(),
    )


def _shown(found: _Panel, code: str, minimum: int) -> tuple[int | None, float | None, tuple[float, ...]]:
    """Staff, share and trend of a group, or None where they would point at a few."""
    staff, below = int(found.staff.get(code, 0)), int(found.below.get(code, 0))
    if staff < minimum:
        return None, None, ()
    if 0 < below < minimum:
        return staff, None, ()
    trend = found.by_quarter.loc[code][found.people.loc[code] >= minimum].sort_index()
    return staff, float(found.share[code]), tuple(trend)[-TREND:]


def _key_figures(project: Project, record: Record | None) -> dict[str, dict[str, float | None]]:
    """The annual edition's figures by agency; None where one is withheld."""
    if record is None:
        return {}
    hidden = withheld(record.figures, project.config.privacy.minimum_group)
    found: dict[str, dict[str, float | None]] = {}
    for code, own in record.figures.items():
        place = GOVERNMENT if code == "all" else code
        shown = {name: own[name] for name in SHOWN if name in own}
        found[place] = {
            name: None if code in hidden.get(name, ()) else float(entry["value"])
            for name, entry in shown.items()
        }
    return found
