"""The list of people who qualify for penghargaan or pembinaan, for the authorised user only; never in a report.

Codes by default. Names and NIPs come only from the exports, read again with the project's key in memory
(``cleaning.rejoin``); they are written to the one file asked for and nowhere else.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kinerja_lib.errors import Both, UsageError, in_language
from kinerja_lib.indicators import follow_up_rules
from kinerja_lib.indicators.qualifying import RULES
from kinerja_lib.schema.fields import table
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.tables import typed
from kinerja_lib.workflow.correction_files import write_whole
from kinerja_lib.workflow.follow_up_access import (
    WHOLE,
    account,
    note_access,
    require_grant,
    require_key,
    require_place,
    require_reason,
)
from kinerja_lib.workflow.follow_up_names import Tick, people_of, with_names
from kinerja_lib.workflow.follow_up_sheet import follow_up_workbook
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.storage import load_table

NEEDED, OPTIONAL = ("penilaian",), ("pegawai", "hukuman", "penghargaan", "pembinaan")


def write_follow_up_list(
    project: Project,
    to: Path,
    *,
    instansi: str,
    period: str,
    reason: str,
    names: bool = False,
    only: Sequence[str] = (),
    replace: bool = False,
    dry_run: bool = False,
    lang: str = "id",
    progress: Tick | None = None,
    user: str | None = None,
) -> dict[str, Any]:
    """Write the list, and note in the access log that it was.

    The grant, the reason and the place are looked at before any row is read, and the log is written before the list:
    a list that could not be logged is not made.

    Parameters
    ----------
    to : Path
        An .xlsx outside of the project; readable by its owner only.
    instansi : str
        Agency code, or ``all``.
    period : str
        A year.
    reason : str
        What the list is for.
    names : bool
        Names and NIPs beside the codes.
    only : sequence of str
        Of ``qualifying.RULES``; all of them where empty.
    dry_run : bool
        Count only; write neither list nor log.
    user : str, optional
        The account; default that of the process.

    Returns
    -------
    dict
        ``file``, ``rows``, ``people``, ``by_rule``, ``names``, ``unnamed`` (people not found in the exports),
        ``written``, ``notes``. No person.

    Raises
    ------
    UsageError
        No grant, no reason, a place inside the project, no such agency, year or rule, or a key that does not fit.
    """
    who = user or account()
    require_grant(project, instansi, who)
    purpose = require_reason(reason)
    place = require_place(project, to, replace=replace)
    key = require_key(project) if names else b""
    rows, notes = _rows(project, instansi, _year(period), only, lang)
    unnamed = 0
    if names and not dry_run:
        found = people_of(project, key, set(rows["id_pegawai"]), progress)
        rows, unnamed = with_names(rows, found)
    count = {rule: int((rows["rule"] == rule).sum()) for rule in RULES if not only or rule in only}
    people = int(rows["id_pegawai"].nunique())
    result: dict[str, Any] = {
        "file": str(place), "rows": len(rows), "people": people, "by_rule": count, "names": names,
        "unnamed": unnamed, "written": not dry_run, "notes": notes,
    }  # fmt: skip
    if dry_run:
        return result
    content = follow_up_workbook(
        _title(project, instansi, period, lang), _purpose(who, purpose, lang), rows, notes, lang
    )
    entry = {
        "account": who, "instansi": instansi, "period": period, "rules": sorted(count), "rows": len(rows),
        "people": people, "names": names, "reason": purpose, "file": place.name,
        "sha256": hashlib.sha256(content).hexdigest(),
    }  # fmt: skip
    _deliver(project, place, content, entry)
    return result


def _deliver(project: Project, place: Path, content: bytes, entry: dict[str, Any]) -> None:
    """The line in the access log, then the list."""
    try:
        note_access(project, entry)
        write_whole(place, content)
    except OSError as error:
        raise UsageError(
            Both(
                "daftar tidak dibuat: catatan akses atau berkasnya tidak dapat ditulis",
                en="no list was made: the access log or the file can't be written",
            ),
            details=[error.strerror or type(error).__name__],
            action=Both(
                "periksa izin folder interim dan folder tujuan",
                en="check the permissions of the interim folder and of the target",
            ),
        ) from error


def _year(period: str) -> int:
    found = Periode(period)
    if found.kind != "year":
        raise UsageError(Both(f"bukan tahun: {period}", en=f"not a year: {period}"), action="--period 2025")
    return found.year


def _rows(
    project: Project, instansi: str, year: int, only: Sequence[str], lang: str
) -> tuple[pd.DataFrame, list[str]]:
    """The people who meet the rules, with the names of their units, and what could not be checked."""
    wrong = [name for name in only if name not in RULES]
    if wrong:
        raise UsageError(
            Both(f"aturan tidak dikenal: {wrong[0]}", en=f"no such rule: {wrong[0]}"), details=list(RULES)
        )
    tables, notes = _tables(project, lang)
    _require_rows(tables["penilaian"], instansi, year)
    found = follow_up_rules(
        tables["penilaian"],
        tables["hukuman"],
        tables["penghargaan"],
        tables["pegawai"],
        year,
        tables["pembinaan"],
    )
    found = found[found["rule"].isin(only or RULES)]
    if instansi != WHOLE:
        found = found[found["instansi"].astype("str") == instansi]
    return _placed(found, tables["pegawai"], project), notes


def _tables(project: Project, lang: str) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """The tables that the rules read; a note for each that is not there, which is empty then."""
    tables, notes = {name: load_table(project, name) for name in NEEDED}, []
    for name in OPTIONAL:
        try:
            tables[name] = load_table(project, name)
        except UsageError:
            tables[name] = typed(pd.DataFrame(columns=list(table(name).columns)), name)
            notes.append(in_language(Both(
                f"Tabel {name} tidak ada pada data; syarat yang bergantung padanya tidak diperiksa.",
                en=f"The table {name} is not in the data; conditions that rest on it were not checked.",
            ), lang))  # fmt: skip
    return tables, notes


def _require_rows(penilaian: pd.DataFrame, instansi: str, year: int) -> None:
    """Refuse an agency or a year without an appraisal."""
    known = sorted(penilaian["instansi"].astype("str").unique())
    if instansi != WHOLE and instansi not in known:
        raise UsageError(
            Both(f"instansi tidak ada pada data: {instansi}", en=f"no such agency in the data: {instansi}"),
            details=known,
        )
    if not penilaian["periode"].str.startswith(str(year)).any():
        raise UsageError(
            Both(f"tidak ada penilaian tahun {year}", en=f"no appraisal of {year}"), action="kinerja status"
        )


def _placed(found: pd.DataFrame, pegawai: pd.DataFrame, project: Project) -> pd.DataFrame:
    """Names of agencies and units instead of codes, and the unit of today where it is another."""
    now = pegawai.sort_values("tahun").drop_duplicates("id_pegawai", keep="last")
    today = dict(zip(now["id_pegawai"], now["unit_kerja"].astype("object"), strict=True))
    unit = found["id_pegawai"].map(today)
    moved = unit.notna() & (unit.astype("str") != found["unit_kerja"].astype("str"))
    titles = {entry.code: entry.name for entry in project.register().entries}
    frame = found.assign(pindah=unit.where(moved, None))
    for name in ("instansi", "unit_kerja", "pindah"):
        frame[name] = [None if pd.isna(code) else titles.get(str(code), str(code)) for code in frame[name]]
    return frame.reset_index(drop=True)


def _title(project: Project, instansi: str, period: str, lang: str) -> str:
    names = {entry.code: entry.name for entry in project.register().entries}
    body = project.config.letterhead.government or project.config.project.name
    body = body if instansi == WHOLE else names.get(instansi, instansi)
    return in_language(
        Both(f"Daftar tindak lanjut {period}: {body}", en=f"Follow-up list {period}: {body}"), lang
    )


def _purpose(who: str, reason: str, lang: str) -> list[str]:
    return [in_language(Both(f"Diminta oleh akun: {who}", en=f"Asked for by the account: {who}"), lang),
            in_language(Both(f"Keperluan: {reason}", en=f"Purpose: {reason}"), lang)]  # fmt: skip
