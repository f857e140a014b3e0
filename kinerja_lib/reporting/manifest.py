"""What a report was made from: hashes of its inputs, template and parameters, versions, files, seconds.

The manifest lies beside the report. It holds no personal data: inputs are named by file and hash only.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.input_digest import fold, keep_parts

if TYPE_CHECKING:
    from kinerja_lib.config import Config
    from kinerja_lib.reporting.plan import Job
    from kinerja_lib.reporting.runner import JobResult
    from kinerja_lib.workflow import Project

PACKAGES = (
    "kinerja-lib",
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "matplotlib",
    "papermill",
    "nbconvert",
    "typst",
)
_SOURCES = (".py", ".toml", ".lua", ".typ", ".css", ".js", ".html5", ".mplstyle", ".docx")


def file_hash(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal; read again only when its size or time has changed.

    A worker's parent hashes the inputs before it forks, so that no report reads them only for their hash.
    """
    state = path.stat()
    return _hash_of(str(path), state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=100_000)
def _hash_of(path: str, size: int, changed: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_hashes(folder: Path, pattern: str = "**/*.parquet") -> dict[str, str]:
    """Hash of each file of a folder, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): file_hash(path)
        for path in sorted(folder.glob(pattern))
        if path.is_file()
    }


@cache
def package_hash() -> str:
    """Hash over the package's own code and data files, so that changed code makes reports anew."""
    digest = hashlib.sha256()
    root = Path(str(files("kinerja_lib")))
    for path in sorted(root.rglob("*")):
        if path.suffix in _SOURCES and path.is_file():
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def job_key(job: Job, inputs: Mapping[str, str], config: Config) -> str:
    """Hash of all that decides a report: template, parameters, formats, inputs, code, settings that matter.

    Parameters
    ----------
    job : Job
    inputs : mapping
        Hash of each input by name, see ``folder_hashes``.
    config : Config
        Folders and the batch's own limits are left out: they don't change a report.
    """
    parameters = {name: value for name, value in job.parameters.items() if name != "project"}
    content = {
        "template": file_hash(Path(job.template_path)),
        "parameters": parameters,
        "formats": sorted(job.formats),
        "inputs": dict(inputs),
        "code": package_hash(),
        "settings": settings_hash(config, job.instansi),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def settings_hash(config: Config, instansi: str) -> str:
    """Hash of the settings that decide a report of an agency."""
    own = config.instansi.get(instansi)
    settings: tuple[Any, ...] = (
        config.project, config.privacy, config.thresholds, config.letterhead, own, config.facility_weights,
        config.leadership_weights, config.report.main_recommendations,
    )  # fmt: skip
    if config.competence_words or config.obstacle_words:
        settings += (sorted(config.competence_words.items()), sorted(config.obstacle_words.items()))
    return hashlib.sha256(repr(settings).encode()).hexdigest()


def input_hashes(project: Project, periode: str) -> dict[str, str]:
    """Hash of each file that a report of a period reads, by its name.

    The cleaned tables; the accounting, ledger and coverage; the unit register; the records of earlier editions,
    which the comparison quotes; modules of the user's own beside the settings and the templates.
    """
    interim = project.folder("interim")
    found = folder_hashes(project.folder("processed"))
    single = [interim / f"{name}.parquet" for name in ("accounting", "ledger", "coverage")]
    single.append(project.folder("reference") / "units.csv")
    records = [
        path for path in sorted((interim / "editions").glob("*/*.json")) if path.parent.name < periode[:4]
    ]
    modules = [
        path for place in (project.root, project.folder("templates")) for path in sorted(place.glob("*.py"))
    ]
    for path in (*single, *records, *modules):
        if path.is_file():
            found[path.relative_to(project.root).as_posix()] = file_hash(path)
    return found


def manifest_path(job: Job, root: Path) -> Path:
    """Where a job's manifest lies."""
    return root / job.folder / f"{job.stem}.manifest.json"


def write_manifest(job: Job, root: Path, *, key: str, files: Mapping[str, Path], result: JobResult) -> Path:
    """Write the manifest of a finished job.

    Its key is kept only if it still holds: where the template, the tables, the settings or the code were changed
    while the run was at work, nobody can say which of them the report was made from, so a later run makes it anew.
    """
    from kinerja_lib.workflow import find_project

    project = find_project(root)
    inputs = input_hashes(project, job.periode)
    keep_parts(project, inputs)
    content = {
        "key": key if key == job_key(job, inputs, project.config) else "",
        "template": job.template,
        "template_sha256": file_hash(Path(job.template_path)),
        "instansi": job.instansi,
        "periode": job.periode,
        "lang": job.lang,
        "parameters": {name: value for name, value in job.parameters.items() if name != "project"},
        "inputs": fold(inputs),
        "rows": _rows(project),
        "files": {
            kind: {"name": path.name, "sha256": file_hash(path)} for kind, path in sorted(files.items())
        },
        "versions": {"python": platform.python_version(), **versions(PACKAGES)},
        "code_sha256": package_hash(),
        "settings_sha256": settings_hash(project.config, job.instansi),
        "data_licence": project.config.project.data_licence,
        "synthetic": project.config.project.synthetic,
        "warnings": result.facts.get("warnings", []),
        "seconds": {"execute": result.execute_seconds, "export": result.export_seconds},
    }
    path = manifest_path(job, root)
    write_atomic(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
    return path


def _rows(project: Project) -> dict[str, int]:
    """Rows of the cleaning by what became of them; empty where the tables came from elsewhere."""
    from kinerja_lib.workflow import load_accounting

    if not (project.folder("interim") / "accounting.parquet").is_file():
        return {}
    accounting = load_accounting(project)
    return {name: int(accounting[name].sum()) for name in ("read", "kept", "rejected", "merged")}


def is_current(job: Job, root: Path, key: str) -> bool:
    """Whether the job's files are all here, unchanged, and made under the same key."""
    path = manifest_path(job, root)
    if not path.is_file():
        return False
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    if not isinstance(content, dict) or not isinstance(content.get("files"), dict):
        return False
    outputs = job.outputs(root)
    return content.get("key") == key and all(
        output.is_file() and file_hash(output) == content["files"].get(kind, {}).get("sha256")
        for kind, output in outputs.items()
    )


def versions(names: Iterable[str]) -> dict[str, str]:
    """Installed version of each package that is installed."""
    found = {name: _version(name) for name in names}
    return {name: text for name, text in found.items() if text}


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def hash_once(root: Path, periode: str) -> None:
    """Hash the package and the inputs of a period and look up versions, for the reports forked from here."""
    from kinerja_lib.workflow import find_project

    package_hash()
    versions(PACKAGES)
    input_hashes(find_project(root), periode)
