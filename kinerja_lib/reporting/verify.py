"""Whether a report can be remade from what is here: its manifest against the project, or a real remake."""

from __future__ import annotations

import json
import platform
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.errors import Both, KinerjaError, ReportError, UsageError
from kinerja_lib.reporting.input_digest import changes
from kinerja_lib.reporting.manifest import (
    PACKAGES,
    file_hash,
    input_hashes,
    package_hash,
    settings_hash,
    versions,
)
from kinerja_lib.reporting.plan import GOVERNMENT, Job, make_plan
from kinerja_lib.reporting.template import read_template

if TYPE_CHECKING:
    from kinerja_lib.workflow import Project

SUFFIX = ".manifest.json"


@dataclass(frozen=True)
class Verdict:
    """What was found of one report; it can be remade where nothing was found against it.

    After a remake only its bytes decide, and what else changed is told in ``notes``.
    """

    report: str
    findings: tuple[Both, ...]
    remade: bool = False
    notes: tuple[Both, ...] = ()

    @property
    def reproducible(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.findings

    def to_dict(self, lang: str) -> dict[str, Any]:
        """Plain values for ``--json``."""
        findings, notes = (
            [text.en if lang == "en" else str(text) for text in texts]
            for texts in (self.findings, self.notes)
        )
        return {
            "report": self.report,
            "reproducible": self.reproducible,
            "remade": self.remade,
            "findings": findings,
            "notes": notes,
        }


def verify_reports(
    project: Project,
    places: Sequence[Path],
    *,
    remake: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> list[Verdict]:
    """Check reports.

    Parameters
    ----------
    project : Project
    places : sequence of Path
        Files of a report, manifests, or folders that hold some.
    remake : bool
        Make each report again in a temporary folder and compare bytes, besides comparing hashes of all it rests on.
    progress : callable, optional

    Raises
    ------
    UsageError
        No manifest is found at a place.
    """
    manifests = list(dict.fromkeys(path for place in places for path in manifests_at(place)))
    inputs: dict[str, dict[str, str]] = {}
    verdicts = []
    for number, path in enumerate(manifests):
        if progress is not None:
            progress(number, len(manifests), path.name)
        verdicts.append(_verify(project, path, inputs, remake))
    return verdicts


def manifests_at(place: Path) -> list[Path]:
    """The manifests that a place means.

    Raises
    ------
    UsageError
        None.
    """
    found: Iterable[Path]
    if place.is_dir():
        found = sorted(place.rglob(f"*{SUFFIX}"))
    elif place.name.endswith(SUFFIX):
        found = [place] if place.is_file() else []
    else:
        beside = place.with_name(place.stem + SUFFIX)
        found = [beside] if beside.is_file() else []
    if not found:
        raise UsageError(
            Both(f"tidak ada manifest laporan di {place}", en=f"there is no report's manifest at {place}"),
            action="kinerja verify reports/2025",
        )
    return list(found)


def _verify(project: Project, path: Path, inputs: dict[str, dict[str, str]], remake: bool) -> Verdict:
    name = path.name.removesuffix(SUFFIX)
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise ReportError(
            Both(f"manifest tidak terbaca: {path.name}", en=f"cannot read the manifest: {path.name}"),
            action=Both("buat ulang laporan dengan --fresh", en="make the report anew with --fresh"),
        ) from error
    periode = content["periode"]
    if periode not in inputs:
        inputs[periode] = input_hashes(project, periode)
    files = _files(content, path.parent)
    template = _template(content, project)
    others = [*changes(content.get("inputs", {}), inputs[periode], project), *_program(content, project)]
    if not remake or template:
        return Verdict(name, (*files, *template, *others))
    return Verdict(name, (*files, *_remade(project, content)), True, tuple(others))


def _files(content: Mapping[str, Any], folder: Path) -> list[Both]:
    found = []
    for entry in content["files"].values():
        path = folder / entry["name"]
        if not path.is_file():
            found.append(Both(f"berkas hilang: {path.name}", en=f"file missing: {path.name}"))
        elif file_hash(path) != entry["sha256"]:
            found.append(
                Both(
                    f"berkas diubah setelah dibuat: {path.name}",
                    en=f"file changed since it was made: {path.name}",
                )
            )
    return found


def _template(content: Mapping[str, Any], project: Project) -> list[Both]:
    try:
        template = read_template(content["template"], project.folder("templates"))
    except KinerjaError:
        return [
            Both(f"templat tidak ada: {content['template']}", en=f"no such template: {content['template']}")
        ]
    if file_hash(template.path) != content["template_sha256"]:
        return [Both(f"templat berubah: {template.name}", en=f"template changed: {template.name}")]
    return []


def _program(content: Mapping[str, Any], project: Project) -> list[Both]:
    found = []
    if content["code_sha256"] != package_hash():
        found.append(
            Both(
                f"program berubah sejak kinerja_lib {content['versions'].get('kinerja-lib', '?')}",
                en=f"the program changed since kinerja_lib {content['versions'].get('kinerja-lib', '?')}",
            )
        )
    now = {"python": platform.python_version(), **versions(PACKAGES)}
    for name, version in sorted(content["versions"].items()):
        if name in now and name != "kinerja-lib" and now[name] != version:
            found.append(
                Both(f"versi {name}: {version}, kini {now[name]}", en=f"{name}: {version}, now {now[name]}")
            )
    settings = content.get("settings_sha256")
    if settings is not None and settings != settings_hash(project.config, content["instansi"]):
        found.append(Both("kinerja.toml berubah", en="kinerja.toml changed"))
    return found


def _remade(project: Project, content: Mapping[str, Any]) -> list[Both]:
    """Make it again beside nothing, and compare."""
    from kinerja_lib.reporting.runner import run_job

    job = _job(project, content)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=project.folder("interim")) as name:
        made = replace(job, folder=Path(name).relative_to(project.root).as_posix())
        run_job(made, project.root)
        return [
            Both(
                f"dibuat ulang, berbeda: {content['files'][kind]['name']}",
                en=f"remade, differs: {content['files'][kind]['name']}",
            )
            for kind, path in made.outputs(project.root).items()
            if file_hash(path) != content["files"][kind]["sha256"]
        ]


def _job(project: Project, content: Mapping[str, Any]) -> Job:
    own = ("instansi", "periode", "lang", "project")
    parameters = {name: value for name, value in content["parameters"].items() if name not in own}
    code = content["instansi"]
    (job,) = make_plan(
        read_template(content["template"], project.folder("templates")),
        project=project.root,
        reports=project.config.folders.reports,
        periode=content["periode"],
        instansi=[code],
        known=[] if code == GOVERNMENT else [code],
        languages=[content["lang"]],
        formats=tuple(content["files"]),
        parameters=parameters,
    )
    return job
