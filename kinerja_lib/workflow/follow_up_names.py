"""Names and NIPs for the follow-up list: from the exports, read again with the project's key, in memory only."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from kinerja_lib.cleaning.corrections import apply_corrections
from kinerja_lib.cleaning.rejoin import Person, people_behind
from kinerja_lib.errors import Both, ReadError, UsageError
from kinerja_lib.reading import load_layouts, read_export
from kinerja_lib.reading.read import export_files
from kinerja_lib.workflow.correction_files import corrections_of
from kinerja_lib.workflow.project import Project
from kinerja_lib.workflow.stages import LAYOUTS, read_sources

Tick = Callable[[int, int, str], None]


def people_of(project: Project, key: bytes, wanted: set[str], progress: Tick | None) -> dict[str, Person]:
    """Export by export, until everybody is found; a file that can't be read is passed over, as cleaning does."""
    layouts = load_layouts(project.folder("reference") / LAYOUTS)
    corrections, raw = corrections_of(project), project.folder("raw")
    files = export_files(raw) if raw.is_dir() else []
    found: dict[str, Person] = {}
    for number, path in enumerate(files, start=1):
        if progress:
            progress(number, len(files), path.name)
        try:
            sheets = read_export(path, root=raw, layouts=layouts)
        except ReadError:
            continue
        own = [one for one in corrections if one.file in {sheet.file for sheet in sheets}]
        _add(found, people_behind(apply_corrections(sheets, own, key), key, wanted))
        if all(code in found and found[code].profile for code in wanted):
            return found
    _add(found, people_behind(read_sources(project, layouts)[0], key, wanted))
    if wanted and not found:
        raise UsageError(
            Both("kunci proyek tidak cocok dengan ekspor", en="the project's key does not fit the exports"),
            details=[Both("tidak satu pun kode ditemukan kembali", en="not one code was found again")],
            action=Both(
                "pakai kunci yang dipakai `kinerja clean`", en="use the key that `kinerja clean` used"
            ),
        )
    return found


def _add(found: dict[str, Person], more: dict[str, Person]) -> None:
    for code, person in more.items():
        if code not in found or (person.profile and not found[code].profile):
            found[code] = person


def with_names(rows: pd.DataFrame, found: dict[str, Person]) -> tuple[pd.DataFrame, int]:
    """The rows with NIP and name, and how many people were not found."""
    people = [found.get(code) for code in rows["id_pegawai"]]
    named = rows.assign(
        nip=[one.nip if one else "" for one in people], nama=[one.name if one else "" for one in people]
    )
    return named, len(set(rows["id_pegawai"]) - set(found))
