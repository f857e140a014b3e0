"""The measures of every unit of an agency in one period, beside the agency's own; small units withheld."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facts import hours_of, is_good
from kinerja_lib.reporting.annual.measures import mean_by, overall, share_by
from kinerja_lib.reporting.quarterly.facts import hours_to_date, staff_of
from kinerja_lib.schema.periode import Periode

SHARES = ("good", "covered", "jp_share")
INDICES = {
    "facilities": "fasilitas_indeks",
    "it_access": "akses_ti_indeks",
    "leadership": "kepemimpinan_indeks",
    "clarity": "kejelasan_indeks",
    "awareness": "kesadaran_indeks",
}


@dataclass(frozen=True, eq=False)
class Measures:
    """A period of an edition.

    Attributes
    ----------
    rows : DataFrame
        Quarterly appraisals of the period.
    groups : dict of str to DataFrame
        For each measure ``code``, ``n``, ``value``, ``low``, ``high``, indexed by code; missing where withheld.
    whole : dict of str to float
        The same measures of all.
    people : Series
        Number of people of the period by group.
    """

    rows: pd.DataFrame
    groups: dict[str, pd.DataFrame]
    whole: dict[str, float]
    people: pd.Series


def open_profile(instansi: str, unit: str, periode: str, lang: str, project: str | Path) -> Edition:
    """Read what profiles need; ``unit`` may be empty (all), or the code of one.

    Raises
    ------
    UsageError
        No such agency, period or unit; the nearest unit is named.
    """
    edition = open_edition(instansi, periode, lang, project)
    found = measures(edition, str(edition.periode))
    if not len(found.rows):
        raise UsageError(
            Both(f"tidak ada penilaian untuk {periode}", en=f"no appraisals for {periode}"),
            action="kinerja status",
        )
    known = list(found.people.index)
    if unit and unit not in known:
        near = difflib.get_close_matches(unit, known, n=3, cutoff=0.3) or known[:3]
        raise UsageError(
            Both(f"tidak ada unit dengan kode {unit}", en=f"no unit with the code {unit}"),
            details=near,
            action=Both("kosongkan unit untuk semua unit", en="leave unit empty for all units"),
        )
    return edition


@lru_cache(maxsize=8)
def measures(edition: Edition, periode: str) -> Measures:
    """All measures of a period, by group and of all."""
    asked = Periode(periode)
    panel = edition.rows("panel")
    rows = panel[panel["periode"].astype("str").isin([str(part) for part in asked.quarters()])]
    staff = staff_of(edition, asked.year)
    hours = hours_to_date(edition, asked)
    staff = staff.assign(
        jp=hours_of(edition, staff, hours),
        covered=staff["id_pegawai"].isin(rows["id_pegawai"]).astype("float64"),
    )
    pns = staff[(staff["status_pegawai"].astype("str") == "PNS") & staff["jp"].notna()]
    met = (pns["jp"] >= edition.config.thresholds.jp_pns).astype("float64")
    last = rows.sort_values("periode").drop_duplicates("id_pegawai", keep="last")
    groups = {
        "good": share_by(edition, last, is_good(last)),
        "covered": share_by(edition, staff, staff["covered"]),
        "jp_share": share_by(edition, pns, met),
        "jp_mean": mean_by(edition, staff, "jp"),
        **{name: mean_by(edition, last, column) for name, column in INDICES.items()},
    }
    whole = {
        "good": overall(is_good(last)),
        "covered": overall(staff["covered"]),
        "jp_share": overall(met),
        "jp_mean": float(staff["jp"].mean()) if len(staff) else float("nan"),
        **{name: float(last[column].astype("float64").mean()) for name, column in INDICES.items()},
    }
    people = last.groupby(last[edition.group].astype("str")).size()
    return Measures(rows, {name: frame.set_index("code") for name, frame in groups.items()}, whole, people)


def value(found: Measures, name: str, code: str) -> float:
    """A measure of one group; NaN where it is withheld or unknown."""
    frame = found.groups[name]
    return float(frame["value"].get(code, float("nan")))
