"""Taking in: filled-in correction sheets become entries of ``corrections.toml``, applied on every later run.

An answer is taken in only where its cell still holds what the unit was asked about, the new value can be read, and no
other correction of that cell is replaced without being asked. All answers of an import, or none; where it is asked for, all
answers of each workbook, or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinerja_lib.cleaning import clean
from kinerja_lib.cleaning.cells import column_for
from kinerja_lib.cleaning.corrections import Correction, holds_in, written
from kinerja_lib.cleaning.reasons import reason_label
from kinerja_lib.errors import Both, CleaningError, in_language
from kinerja_lib.schema.identity import project_key
from kinerja_lib.workflow.correction_files import (
    Tick,
    corrections_of,
    corrections_path,
    exports_of,
    write_whole,
)
from kinerja_lib.workflow.correction_replies import Reply, replies, workbooks_in
from kinerja_lib.workflow.project import Project


def import_corrections(
    project: Project,
    place: Path,
    *,
    dry_run: bool = False,
    replace: bool = False,
    skip_faulty: bool = False,
    lang: str = "id",
    progress: Tick | None = None,
) -> dict[str, Any]:
    """Take filled-in sheets in: check every answer, then extend ``corrections.toml``; all or nothing.

    Parameters
    ----------
    project : Project
    place : Path
        A workbook, or a folder of them.
    dry_run : bool
        Check only.
    replace : bool
        Let an answer replace another correction of the same cell.
    skip_faulty : bool
        Leave out each workbook that holds a fault, and take the others in.
    lang : {"id", "en"}
    progress : callable, optional

    Returns
    -------
    dict
        ``workbooks``, ``answers``, ``new``, ``same``, ``replaced``, ``file``, ``written``, ``faults`` (of workbooks
        left out), ``left_out``.

    Raises
    ------
    CleaningError
        An answer is incomplete, its cell has changed since, its value can't be read, or it contradicts another
        correction. All faults are listed and nothing is written.
    """
    paths = workbooks_in(place)
    checked, left_out, told = _checked(project, paths, replace, lang, progress), set[str](), list[str]()
    while checked.faults and skip_faulty:
        told += checked.faults
        left_out |= {path.name for path in paths if any(_of(path.name, fault) for fault in checked.faults)}
        paths = [path for path in paths if path.name not in left_out]
        checked = _checked(project, paths, replace, lang, progress)
    if checked.faults:
        raise CleaningError(
            Both(
                f"{len(checked.faults)} jawaban belum dapat diterima",
                en=f"{len(checked.faults)} answers cannot be taken in yet",
            ),
            details=checked.faults[:40],
            action=Both(
                "perbaiki lembarnya, lalu impor lagi; --skip-faulty menerima lembar lain yang sudah benar",
                en="mend the sheets, then import again; --skip-faulty takes in the other sheets",
            ),
        )
    target, fresh = corrections_path(project), [*checked.new, *checked.replaced]
    if fresh and not dry_run:
        _extend(target, checked.kept, fresh, rewrite=bool(checked.replaced))
    return {
        "workbooks": len(paths),
        "answers": len(checked.answers),
        "new": len(checked.new),
        "same": checked.same,
        "replaced": len(checked.replaced),
        "file": str(target),
        "written": bool(fresh) and not dry_run,
        "faults": [in_language(fault, lang) for fault in told],
        "left_out": sorted(left_out),
    }


@dataclass(frozen=True)
class _Checked:
    """The answers of some workbooks, sorted out against what is known, and all that is wrong with them."""

    answers: list[Reply]
    new: list[Correction]
    same: int
    replaced: list[Correction]
    kept: list[Correction]
    faults: list[str]


def _checked(
    project: Project, paths: Sequence[Path], replace: bool, lang: str, progress: Tick | None
) -> _Checked:
    answers: list[Reply] = []
    faults: list[str] = []
    for path in paths:
        found, wrong = replies(path)
        answers += found
        faults += wrong
    known = corrections_of(project)
    new, same, replaced, more = _sorted_out(answers, known, replace)
    faults += more
    kept = [one for one in known if one.place not in {other.place for other in replaced}]
    fresh = [*new, *replaced]
    if fresh and not faults:
        faults += _refused(project, kept, fresh, {one.place: one.origin for one in answers}, lang, progress)
    return _Checked(answers, new, same, replaced, kept, faults)


def _of(workbook: str, fault: str) -> bool:
    """Whether a fault stands in a workbook, or names it as the one that it differs from."""
    return fault.startswith((f"{workbook}:", f"{workbook}·")) or f" {workbook}:" in fault


def _sorted_out(
    answers: Sequence[Reply], known: Sequence[Correction], replace: bool
) -> tuple[list[Correction], int, list[Correction], list[str]]:
    """Answers that are new, how many say what is known, those that replace, and those that contradict."""
    before = {one.place: one for one in known}
    taken: dict[tuple[str, str, int, str], Reply] = {}
    new: list[Correction] = []
    replaced: list[Correction] = []
    faults: list[str] = []
    same = 0
    for reply in answers:
        other = taken.setdefault(reply.place, reply)
        if other is not reply:
            same += other.value == reply.value
            if other.value != reply.value:
                faults.append(
                    Both(
                        f"{reply.origin}: berbeda dari {other.origin}",
                        en=f"{reply.origin}: differs from {other.origin}",
                    )
                )
            continue
        entry = Correction(*reply.place, "", reply.value, reply.reason, reply.author, reply.date, reply.guard)
        if reply.place not in before:
            new.append(entry)
        elif before[reply.place].after == reply.value:
            same += 1
        elif replace:
            replaced.append(entry)
        else:
            faults.append(
                Both(
                    f"{reply.origin}: sel ini sudah dikoreksi lain; pakai --replace untuk mengganti",
                    en=f"{reply.origin}: this cell has another correction; use --replace to replace it",
                )
            )
    return new, same, replaced, faults


def _refused(
    project: Project,
    kept: Sequence[Correction],
    fresh: Sequence[Correction],
    origins: dict[tuple[str, str, int, str], str],
    lang: str,
    progress: Tick | None,
) -> list[str]:
    """Answers whose cell has changed since, or whose value can't be read either."""
    sheets = exports_of(project, progress)
    key = project_key(project.folder("interim"))
    faults: list[str] = []
    for one in fresh:
        if not holds_in(sheets, one, key):
            where = origins[one.place]
            faults.append(
                Both(
                    f"{where}: isi sel di {one.file} sudah berubah sejak lembar ini dibuat; ekspor ulang lembarnya",
                    en=f"{where}: the cell in {one.file} has changed since this sheet was made; export it again",
                )
            )
    if faults:
        return faults
    files = {one.file for one in fresh}
    there = [sheet for sheet in sheets if sheet.file in files]
    mine = [one for one in (*kept, *fresh) if one.file in files]
    result = clean(there, register=project.register(), key=key, corrections=mine, lang=lang)
    columns = {(sheet.file, sheet.sheet, sheet.table): list(sheet.frame.columns) for sheet in there}
    for line in result.cells.itertuples():
        names = columns.get((line.file, line.sheet, line.table), [])
        place = (str(line.file), str(line.sheet), int(line.row), column_for(str(line.field), names))
        if place in origins and place in {one.place for one in fresh if one.after}:
            words = (reason_label(str(line.reason), "id"), reason_label(str(line.reason), "en"))
            faults.append(
                Both(
                    f"{origins[place]}: nilai baru: {words[0]}", en=f"{origins[place]}: new value: {words[1]}"
                )
            )
    return faults


def _extend(target: Path, kept: Sequence[Correction], fresh: Sequence[Correction], *, rewrite: bool) -> None:
    """Add entries below what is there; where one is replaced, write all entries anew below the file's head."""
    text = target.read_text(encoding="utf-8-sig") if target.is_file() else ""
    if rewrite:
        text = text.partition("\n[[correction]]")[0].rstrip("\n") if not text.startswith("[[") else ""
        fresh = [*kept, *fresh]
    content = "\n".join(part for part in (text.rstrip("\n"), written(fresh)) if part)
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, (content.rstrip("\n") + "\n").encode("utf-8"))
