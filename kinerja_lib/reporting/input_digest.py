"""The inputs of a report in a few lines: one digest a partitioned table, and the hash of each part kept once a run.

A government of 630 agencies has some thousands of parts; every one of its 1,260 manifests would repeat their hashes. A
manifest says ``{"files": 630, "sha256": …}`` of such a table; the parts lie in ``data/interim/inputs`` under that digest,
so that ``kinerja verify`` can name the part that changed. Without them it still says that, and which table.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kinerja_lib.errors import Both
from kinerja_lib.reporting.atomic import write_atomic

if TYPE_CHECKING:
    from pathlib import Path

    from kinerja_lib.workflow import Project

Folded = Mapping[str, str | Mapping[str, int | str]]


def parts_by_table(inputs: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The parts of each partitioned table, by the table's folder; a part lies below a ``column=value``."""
    found: dict[str, dict[str, str]] = {}
    for name, digest in inputs.items():
        parts = PurePosixPath(name).parts
        keyed = [place for place, part in enumerate(parts) if "=" in part]
        if keyed and keyed[0]:
            found.setdefault("/".join(parts[: keyed[0]]), {})[name] = digest
    return found


def digest_of(parts: Mapping[str, str]) -> str:
    """One hash of all parts and their names."""
    text = "".join(f"{name}\0{digest}\n" for name, digest in sorted(parts.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def fold(inputs: Mapping[str, str]) -> dict[str, str | dict[str, int | str]]:
    """``{name: hash}`` with the parts of a table in one entry."""
    tables = parts_by_table(inputs)
    within = {name for parts in tables.values() for name in parts}
    found: dict[str, str | dict[str, int | str]] = {
        name: digest for name, digest in inputs.items() if name not in within
    }
    for table, parts in tables.items():
        found[table] = {"files": len(parts), "sha256": digest_of(parts)}
    return dict(sorted(found.items()))


def keep_parts(project: Project, inputs: Mapping[str, str]) -> None:
    """Write the parts of each partitioned table down, once for each state they were in."""
    for parts in parts_by_table(inputs).values():
        path = _path(project, digest_of(parts))
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomic(path, (json.dumps(parts, indent=0, sort_keys=True) + "\n").encode())


def changes(then: Folded, now: Mapping[str, str], project: Project) -> list[Both]:
    """What is new, gone or different, by file; by table where the parts of then are not known any more."""
    old, current = dict(then), dict(now)
    found: list[Both] = []
    tables = parts_by_table(now)
    for name, entry in then.items():
        if isinstance(entry, str):
            continue
        del old[name]
        parts = tables.get(name, {})
        for part in parts:
            del current[part]
        if not parts:
            found.append(Both(f"data tidak ada lagi: {name}", en=f"data no longer here: {name}"))
        elif digest_of(parts) != entry["sha256"]:
            found += _parts_changed(name, entry, parts, project)
    return found + _compared(old, current)


def _parts_changed(
    table: str, entry: Mapping[str, int | str], parts: Mapping[str, str], project: Project
) -> list[Both]:
    path = _path(project, str(entry["sha256"]))
    if path.is_file():
        return _compared(json.loads(path.read_text(encoding="utf-8")), parts)
    then, now = entry["files"], len(parts)
    return [
        Both(f"data berubah: {table} ({then} berkas, kini {now})", en=f"data changed: {table} ({then} files, now {now})")
    ]  # fmt: skip


def _compared(then: Mapping[str, object], now: Mapping[str, str]) -> list[Both]:
    found = []
    for name in sorted(set(then) | set(now)):
        if name not in now:
            found.append(Both(f"data tidak ada lagi: {name}", en=f"data no longer here: {name}"))
        elif name not in then:
            found.append(Both(f"data baru: {name}", en=f"new data: {name}"))
        elif then[name] != now[name]:
            found.append(Both(f"data berubah: {name}", en=f"data changed: {name}"))
    return found


def _path(project: Project, digest: str) -> Path:
    return project.folder("interim") / "inputs" / f"{digest}.json"
