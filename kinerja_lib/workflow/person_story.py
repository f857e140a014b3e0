"""What became of all rows of one person: for who holds the project's key, searched by pseudonym, nothing noted down.

Rejected rows have no pseudonym, so the files that hold some are read again and looked through for the NIP.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyarrow.dataset as ds

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reading import load_layouts
from kinerja_lib.reading.read import read_files
from kinerja_lib.schema.identity import KEY_FILE, KEY_VARIABLE, project_key, pseudonym
from kinerja_lib.schema.nip import fault_of
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.row_story import kept_rows, lost_entry
from kinerja_lib.workflow.stages import LAYOUTS
from kinerja_lib.workflow.storage import load_interim, load_table

_NIP_CELLS = ("nip", "nip_nama")
_PERSON = re.compile(r"P[A-Z2-7]{12}")
Tick = Callable[[int, int, str], None]


def pseudonym_of(project: Project, nip: str) -> str:
    """The code of a NIP in this project.

    Raises
    ------
    UsageError
        It is no NIP (the message does not repeat it), or the project's key is not here.
    """
    digits = re.sub(r"\D", "", nip)
    if fault_of(digits):
        raise UsageError(
            Both("bukan NIP 18 angka yang sah", en="not a valid NIP of 18 digits"),
            action=Both("periksa angkanya; baris dengan NIP rusak dicari dengan berkas dan --row",
                        en="check its digits; a row with a damaged NIP is found by file and --row"),
        )  # fmt: skip
    folder = project.folder("interim")
    if not (folder / KEY_FILE).is_file() and not os.environ.get(KEY_VARIABLE):
        raise UsageError(
            Both("kunci samaran proyek tidak ada di sini", en="the project's pseudonym key is not here"),
            action=Both("hanya pemegang kunci dapat mencari dengan NIP; pakai --id, atau berkas dan --row",
                        en="only who holds the key can search by NIP; use --id, or a file and --row"),
        )  # fmt: skip
    return pseudonym(digits, project_key(folder))


def person_story(
    project: Project, *, nip: str = "", person: str = "", progress: Tick | None = None
) -> dict[str, Any]:
    """All rows of a person and what became of each, and for each quarter of the data whether the panel has it.

    Parameters
    ----------
    project : Project
    nip, person : str
        The NIP, or the pseudonym where only that is known; rejected rows are found by the NIP only.
    progress : callable, optional

    Returns
    -------
    dict
        ``id_pegawai``; ``rows`` as of ``row_story``; ``quarters``: ``periode``, ``in_panel``, ``reason``
        (``tanpa_baris``, ``predikat``, ``ditolak``); ``unreadable``: rows rejected for their NIP that can't be searched.

    Raises
    ------
    UsageError
        Neither is given, or it is no NIP or no pseudonym.
    """
    if nip:
        person = pseudonym_of(project, nip)
    if not _PERSON.fullmatch(person):
        raise UsageError(
            Both(
                "bukan kode pegawai (P dan 12 huruf atau angka)",
                en="not a code of an employee (P and 12 signs)",
            ),
            action="kinerja explain --id P…",
        )
    ledger = load_interim(project, "ledger")
    rows = kept_rows(project, person, ledger)
    places = {(one["file"], one["sheet"], one["row"]) for one in rows}
    merged = [lost_entry(line) for line in ledger[ledger["action"] == "merged"].to_dict("records")]
    rows += [
        one for one in merged
        if one["winner"] and (one["winner"]["file"], one["winner"]["sheet"], one["winner"]["row"]) in places
    ]  # fmt: skip
    if nip:
        rows += _rejected(project, re.sub(r"\D", "", nip), progress)
    rejected = ledger[ledger["action"] == "rejected"]
    return {
        "id_pegawai": person,
        "rows": sorted(rows, key=lambda one: (one["table"], one.get("periode", ""), one["file"], one["row"])),
        "quarters": _quarters(project, person, rows),
        "unreadable": int(rejected["reason"].astype("str").str.startswith("nip_").sum()),
        "searched_rejected": bool(nip),
    }


def _rejected(project: Project, nip: str, progress: Tick | None) -> list[dict[str, Any]]:
    """Rejected rows whose own NIP cell holds these digits."""
    ledger = load_interim(project, "ledger")
    ledger = ledger[(ledger["action"] == "rejected") & (ledger["table"] != "")]
    raw = project.folder("raw")
    files = sorted({path for name in ledger["file"].unique() if (path := _container(raw, str(name)))})
    sheets, _ = read_files(
        [(raw, path) for path in files],
        layouts=load_layouts(project.folder("reference") / LAYOUTS),
        progress=progress,
    )
    holders: set[tuple[str, str, int]] = set()
    for sheet in sheets:
        for column in sheet.frame.columns.intersection(list(_NIP_CELLS)):
            digits = sheet.frame[column].fillna("").astype("str").str.replace(r"[\s.'\-]", "", regex=True)
            for place in np.flatnonzero(digits.str.contains(nip, regex=False).to_numpy(dtype=bool)):
                holders.add((sheet.file, sheet.sheet, int(sheet.rows[place])))
    return [
        lost_entry(line) for line in ledger.to_dict("records")
        if (line["file"], line["sheet"], int(line["row"])) in holders
    ]  # fmt: skip


def _container(raw: Path, name: str) -> Path | None:
    """The file on disk that an export is or lies in; None for a database."""
    path = raw
    for part in PurePosixPath(name).parts:
        path = path / part
        if path.is_file():
            return path
    return None


def _quarters(project: Project, person: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each quarter that the panel covers: whether the person is in it, and why not."""
    if not (project.folder("processed") / "panel.parquet").exists():
        return []
    periods = sorted(set(load_table(project, "panel", columns=["periode"])["periode"].astype("str")))
    mine = load_table(project, "panel", columns=["periode"], where=ds.field("id_pegawai") == person)
    inside = set(mine["periode"].astype("str"))
    appraised = {one["periode"] for one in rows if one["table"] == "penilaian" and one["outcome"] == "kept"}
    lost = any(one["table"] == "penilaian" and one["outcome"] == "rejected" for one in rows)
    found = []
    for periode in periods:
        reason = ""
        if periode not in inside:
            reason = "predikat" if periode in appraised else "mungkin_ditolak" if lost else "tanpa_baris"
        found.append({"periode": str(Periode(periode)), "in_panel": periode in inside, "reason": reason})
    return found
