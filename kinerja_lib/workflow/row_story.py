"""What became of one row of an export: read as what, kept, rejected or merged and why, and its place in the panel.

Told from what ``kinerja clean`` and ``kinerja panel`` wrote; the file itself is opened again only for a row that is
no data row. A story names places and reasons, never what stands in a cell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd
import pyarrow.dataset as ds

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.panel.coverage import STAGES
from kinerja_lib.reading import load_layouts
from kinerja_lib.reading.read import read_files
from kinerja_lib.schema.fields import table, tables
from kinerja_lib.workflow.correction_files import corrections_of
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.stages import LAYOUTS
from kinerja_lib.workflow.storage import load_interim, load_table

# a step of the panel -> the column of the panel that it fills
FILLED = {
    "unit_kerja": "unit_kerja",
    "profil": "jenis_jabatan",
    "pelatihan": "jp_12_bulan",
    "fasilitas": "fasilitas_indeks",
    "kepemimpinan": "kepemimpinan_indeks",
    "survei_kesadaran": "kesadaran_indeks",
    "survei_kejelasan": "kejelasan_indeks",
    "organisasi": "predikat_organisasi",
}
_WINNER = re.compile(r"(?P<source>.*):(?P<row>\d+) \((?P<rule>\w+)\)", re.DOTALL)
LISTED = 20  # rows of a file that are listed


def known_file(project: Project, given: str) -> str:
    """The name under which an export stands in the accounting: its path below the raw folder, or its bare name.

    Raises
    ------
    UsageError
        Nothing was cleaned yet, no export has that name, or several have.
    """
    names = sorted(
        {str(name) for frame in ("accounting", "faults") for name in load_interim(project, frame)["file"]}
    )
    path, raw = Path(given).resolve(), project.folder("raw").resolve()
    inside = path.relative_to(raw).as_posix() if raw in path.parents else ""
    for wanted in (inside, given.replace("\\", "/")):
        if wanted in names:
            return wanted
    found = [name for name in names if PurePosixPath(name).name == path.name]
    if len(found) == 1:
        return found[0]
    near = found or [name for name in names if path.stem.casefold() in name.casefold()]
    raise UsageError(
        Both(f"ekspor itu tidak ada pada pembersihan terakhir: {given}", en=f"no such export was cleaned: {given}")
        if not found
        else Both(f"beberapa ekspor bernama {path.name}", en=f"several exports are named {path.name}"),
        details=near[:10],
        action=Both("sebut jalurnya di bawah folder mentah; `kinerja clean` bila baru disalin",
                    en="give its path below the raw folder; `kinerja clean` where it was just copied"),
    )  # fmt: skip


def file_story(project: Project, file: str) -> dict[str, Any]:
    """Each sheet of an export: layout, rows read, kept, rejected, merged, the reasons and the first rows left out."""
    accounting, ledger, faults = (load_interim(project, name) for name in ("accounting", "ledger", "faults"))
    lost = ledger[ledger["file"] == file]
    bad = faults[faults["file"] == file]
    return {
        "file": file,
        "sheets": accounting[accounting["file"] == file].drop(columns="file").to_dict("records"),
        "reasons": lost.groupby(["action", "reason"]).size().reset_index(name="count").to_dict("records"),
        "left_out": lost[["sheet", "row", "action", "reason", "field"]].head(LISTED).to_dict("records"),
        "fault": bad.iloc[0].to_dict() if len(bad) else None,
    }


def row_story(project: Project, file: str, row: int, sheet: str | None = None) -> list[dict[str, Any]]:
    """What became of a source row: one entry for each record it was read as.

    Parameters
    ----------
    project : Project
    file : str
        Name in the accounting, see ``known_file``.
    row : int
        Row number of the file, from 1, as Excel shows it.
    sheet : str, optional
        All sheets of the file where absent.

    Returns
    -------
    list of dict
        ``file, sheet, row, table, outcome`` (``kept``, ``rejected``, ``merged``, ``structure``, ``absent``), ``reason``,
        ``field``, ``winner`` (of a merged row), ``emptied``, ``corrections``, ``absorbed`` (rows merged into it),
        ``conflicts`` (places), ``panel`` (see ``panel_story``; None for a row that was not kept).
    """
    ledger = load_interim(project, "ledger")
    gone = ledger[(ledger["file"] == file) & (ledger["row"] == row)]
    found = [lost_entry(line) for line in gone.to_dict("records")]
    found += [
        _kept(project, name, record, ledger)
        for name, record in _records(project, ds.field("baris_sumber") == row)
        if str(record["sumber"]).rpartition("#")[0] == file
    ]
    found = [one for one in found if sheet is None or one["sheet"] == sheet]
    if not found:
        return _no_data(project, file, row, sheet)
    for one in found:
        _beside(project, one)
    return sorted(found, key=lambda one: (one["sheet"], one["table"]))


def lost_entry(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the ledger as an entry; see ``row_story``."""
    match = _WINNER.fullmatch(str(line["detail"] or "")) if line["action"] == "merged" else None
    winner = None
    if match:
        name, _, part = match["source"].rpartition("#")
        winner = {"file": name, "sheet": part, "row": int(match["row"]), "rule": match["rule"]}
    return {
        **{name: line[name] for name in ("file", "sheet", "table", "reason", "field")},
        "row": int(line["row"]),
        "outcome": line["action"],
        "winner": winner,
        "panel": None,
    }


def _records(project: Project, where: Any) -> list[tuple[str, dict[str, Any]]]:
    """Kept rows of all cleaned tables that fulfil a condition."""
    folder, found = project.folder("processed"), []
    for name in tables():
        if (
            name == "panel"
            or "baris_sumber" not in table(name).columns
            or not (folder / f"{name}.parquet").exists()
        ):
            continue
        for record in load_table(project, name, where=where).astype("object").to_dict("records"):
            found.append((name, record))
    return found


def kept_rows(project: Project, person: str, ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """All kept rows of one person (a pseudonym), as entries of ``row_story``."""
    found = []
    for name in tables():
        if name != "panel" and {"id_pegawai", "baris_sumber"} <= set(table(name).columns):
            path = project.folder("processed") / f"{name}.parquet"
            if path.exists():
                rows = load_table(project, name, where=ds.field("id_pegawai") == person).astype("object")
                found += [_kept(project, name, record, ledger) for record in rows.to_dict("records")]
    return found


def _kept(project: Project, name: str, record: Mapping[str, Any], ledger: pd.DataFrame) -> dict[str, Any]:
    file, _, sheet = str(record["sumber"]).rpartition("#")
    row = int(record["baris_sumber"])
    into = ledger[
        (ledger["action"] == "merged")
        & ledger["detail"].astype("str").str.startswith(f"{record['sumber']}:{row} (")
    ]
    return {
        "file": file, "sheet": sheet, "table": name, "reason": "", "field": "", "row": row, "outcome": "kept",
        "winner": None, "periode": str(record.get("periode") or record.get("tahun") or ""),
        "absorbed": into[["file", "sheet", "row", "reason"]].to_dict("records"),
        "panel": panel_story(project, name, record),
    }  # fmt: skip


def panel_story(project: Project, name: str, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether an appraisal became a row of the panel, why not, and which of its columns stayed empty.

    Returns
    -------
    dict or None
        ``rows`` of the panel that it is or serves, ``reason`` (a stage of ``panel.coverage``) where none, ``empty``
        stages, ``values`` of the panel's row. None where there is no panel yet.
    """
    if not (project.folder("processed") / "panel.parquet").exists():
        return None
    by = "id_pegawai" if record.get("id_pegawai") is not None else "unit_kerja"
    if record.get(by) is None:
        by = "instansi"
    where = ds.field(by) == str(record.get(by))
    if name == "penilaian":
        where &= ds.field("periode") == str(record["periode"])
    rows = load_table(project, "panel", where=where)
    if name != "penilaian":
        return {"rows": len(rows), "by": by, "reason": "", "empty": [], "values": None}
    if rows.empty:
        stage = "predikat" if "-Q" in str(record["periode"]) else "periode"
        return {"rows": 0, "by": by, "reason": stage, "empty": [], "values": None}
    values = rows.iloc[0]
    empty = [stage for stage, column in FILLED.items() if pd.isna(values[column])]
    return {"rows": len(rows), "by": by, "reason": "", "empty": empty, "values": values.to_dict()}


def _beside(project: Project, one: dict[str, Any]) -> None:
    """Add cells left empty, corrections that were applied, and conflicts it takes part in."""
    cells, conflicts = load_interim(project, "cells"), load_interim(project, "conflicts")
    here = (cells["file"] == one["file"]) & (cells["sheet"] == one["sheet"]) & (cells["row"] == one["row"])
    one["emptied"] = cells[here & cells["kept"]][["field", "reason"]].to_dict("records")
    one["corrections"] = [
        {"field": mine.field, "author": mine.author, "date": mine.date, "reason": mine.reason}
        for mine in corrections_of(project)
        if mine.place[:3] == (one["file"], one["sheet"], one["row"])
    ]
    place = re.escape(f"{one['file']}#{one['sheet']}:{one['row']}") + r"(?!\d)"
    touched = conflicts[conflicts["places"].astype("str").str.contains(place)]
    one["conflicts"] = touched[["kind", "field", "places"]].to_dict("records")
    one.setdefault("absorbed", [])


def _no_data(project: Project, file: str, row: int, sheet: str | None) -> list[dict[str, Any]]:
    """A row that is no data: read again, it is a title, header, sum, signature …, or beyond the table."""
    raw = project.folder("raw")
    path = raw
    for part in PurePosixPath(file).parts:  # a member of an archive ends at the archive
        path = path / part
        if path.is_file():
            break
    found: list[dict[str, Any]] = []
    if path.is_file():
        read, _ = read_files([(raw, path)], layouts=load_layouts(project.folder("reference") / LAYOUTS))
        for one in read:
            if one.file == file and (sheet is None or one.sheet == sheet):
                kind = next((item.kind for item in one.structure if item.row == row), "")
                found.append({
                    "file": file, "sheet": one.sheet, "row": row, "table": one.table, "field": "", "reason": kind,
                    "outcome": "structure" if kind else "absent", "winner": None, "panel": None,
                    "last": int(one.rows.max()) if len(one.rows) else 0,
                })  # fmt: skip
    return [one for one in found if one["outcome"] == "structure"] or found


def stage_words(stage: str) -> Both:
    """Why a step of the panel left a row out or a column empty."""
    _, indonesian, english = STAGES[stage]
    return Both(indonesian, en=english)
