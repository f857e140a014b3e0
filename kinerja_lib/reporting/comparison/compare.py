"""Two editions side by side: every figure, for the government and for each agency."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.comparison.editions import recorded_edition, settings_of
from kinerja_lib.reporting.comparison.figures import values
from kinerja_lib.reporting.comparison.guard import guarded
from kinerja_lib.reporting.comparison.split import Change, split_change
from kinerja_lib.reporting.headline import FIGURES
from kinerja_lib.reporting.manifest import package_hash
from kinerja_lib.reporting.records import Record, latest, record_hash
from kinerja_lib.workflow import find_project

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project


@dataclass(frozen=True)
class Comparison:
    """Two editions of a project.

    Attributes
    ----------
    earlier, later : str
        Years.
    record : Record or None
        The earlier edition as published; None where it was not made here, so that revision and method can't be
        told.
    kept : bool
        Whether the data of the earlier edition are kept.
    same_code : bool
        Whether the same program made the earlier edition.
    settings : mapping
        Settings that differ: name to (then, now).
    changes : mapping
        By agency (``all`` is the government), then by figure.
    """

    earlier: str
    later: str
    record: Record | None
    kept: bool
    same_code: bool
    settings: Mapping[str, tuple[object, object]]
    changes: Mapping[str, Mapping[str, Change]]


def compare_editions(project: Project, earlier: str, later: str) -> Comparison:
    """Compare the annual editions of two years.

    The later year is taken as the data and the program are now; the earlier one as its last edition printed it.

    Raises
    ------
    UsageError
        Not two years in order, or no data in one of them.
    """
    if not (earlier.isdigit() and later.isdigit() and int(earlier) < int(later)):
        raise UsageError(
            Both(
                f"bukan dua tahun yang berurutan: {earlier}, {later}",
                en=f"not an earlier and a later year: {earlier}, {later}",
            ),
            action="kinerja compare 2024 2025",
        )
    edition = open_edition("all", later, "id", project.root)
    open_edition("all", earlier, "id", project.root, tables=edition.tables)
    return compare_on(edition, earlier)


@lru_cache(maxsize=2)
def compare_on(edition: Edition, earlier: str) -> Comparison:
    """The comparison of an opened edition with an earlier year, for all agencies.

    It is kept in the project's interim folder under a name made of what it rests on, so that the reports of all
    agencies compute it once.
    """
    project = find_project(edition.root)
    path = (
        edition.root
        / edition.config.folders.interim
        / "cache"
        / f"compare-{_stamp(project, edition, earlier)}.json"
    )
    if path.is_file():
        return from_json(path.read_text(encoding="utf-8"))
    made = _compare(project, edition, earlier)
    write_atomic(path, to_json(made).encode("utf-8"))
    return made


def _stamp(project: Project, edition: Edition, earlier: str) -> str:
    """What decides a comparison: the tables by name, size and time, the record, the program, the settings."""
    folder = project.folder("processed")
    files = [
        (path.relative_to(folder).as_posix(), path.stat().st_size, path.stat().st_mtime_ns)
        for path in sorted(folder.glob("**/*.parquet"))
        if path.is_file()
    ]
    parts = [files, record_hash(project, earlier), package_hash(), settings_of(project), earlier, edition.year,
             project.config.privacy.minimum_group]  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:24]


def _compare(project: Project, edition: Edition, earlier: str) -> Comparison:
    whole = edition if edition.whole else replace(edition, instansi="all")
    record = latest(project, earlier)
    kept = recorded_edition(project, record) if record else None
    then = values(kept, int(earlier)) if kept else {}
    old, new = values(whole, int(earlier)), values(whole, edition.year)
    codes = sorted(set().union(*(set(frame["instansi"]) for frame in new.values())))
    smallest = project.config.privacy.minimum_group
    changes: dict[str, dict[str, Change]] = {}
    for name in FIGURES:
        open_changes = {
            code: split_change(
                name,
                None if code == "all" else code,
                old[name],
                new[name],
                published=_published(record, code, name),
                then=then.get(name),
            )
            for code in ("all", *codes)
        }
        for code, change in guarded(name, open_changes, smallest).items():
            changes.setdefault(code, {})[name] = change
    now = settings_of(project)
    settings = {  # one that the program of then did not have is no changed setting
        name: (record.settings[name], value)
        for name, value in now.items()
        if record is not None and record.settings.get(name, value) != value
    }
    same = record is not None and record.code == package_hash()
    return Comparison(earlier, str(edition.year), record, kept is not None, same, settings, changes)


def _published(record: Record | None, instansi: str, name: str) -> float | None:
    if record is None:
        return None
    found = record.figures.get(instansi, {}).get(name)
    return float(found["value"]) if found else None


def to_json(comparison: Comparison) -> str:
    """As text; a part that can't be told is null."""
    content = asdict(comparison)
    for figures in content["changes"].values():
        for change in figures.values():
            for name, value in change.items():
                if isinstance(value, float) and math.isnan(value):
                    change[name] = None
    return json.dumps(content, ensure_ascii=False)


def from_json(text: str) -> Comparison:
    """The inverse of ``to_json``."""
    content = json.loads(text)
    changes = {
        code: {name: _change(values) for name, values in figures.items()}
        for code, figures in content.pop("changes").items()
    }
    record = content.pop("record")
    settings = {name: (then, now) for name, (then, now) in content.pop("settings").items()}
    return Comparison(
        **content, record=Record(**record) if record else None, settings=settings, changes=changes
    )


def _change(values: Mapping[str, Any]) -> Change:
    filled: dict[str, Any] = {key: math.nan if value is None else value for key, value in values.items()}
    return Change(**filled)
