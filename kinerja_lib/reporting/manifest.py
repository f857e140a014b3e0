"""What a report was made from: hashes of its inputs, template and parameters, versions, files, seconds.

The manifest lies beside the report. It holds no personal data: inputs are named by file and hash only.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja_lib.reporting.atomic import write_atomic

if TYPE_CHECKING:
    from kinerja_lib.config import Config
    from kinerja_lib.reporting.plan import Job
    from kinerja_lib.reporting.runner import JobResult

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
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
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
    settings = (
        config.project,
        config.privacy,
        config.thresholds,
        config.letterhead,
        config.instansi.get(job.instansi),
    )
    parameters = {name: value for name, value in job.parameters.items() if name != "project"}
    content = {
        "template": file_hash(Path(job.template_path)),
        "parameters": parameters,
        "formats": sorted(job.formats),
        "inputs": dict(inputs),
        "code": package_hash(),
        "settings": repr(settings),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def manifest_path(job: Job, root: Path) -> Path:
    """Where a job's manifest lies."""
    return root / job.folder / f"{job.stem}.manifest.json"


def write_manifest(job: Job, root: Path, *, key: str, files: Mapping[str, Path], result: JobResult) -> Path:
    """Write the manifest of a finished job."""
    from kinerja_lib.workflow import find_project

    project = find_project(root)
    content = {
        "key": key,
        "template": job.template,
        "template_sha256": file_hash(Path(job.template_path)),
        "instansi": job.instansi,
        "periode": job.periode,
        "lang": job.lang,
        "parameters": {name: value for name, value in job.parameters.items() if name != "project"},
        "inputs": folder_hashes(root / project.config.folders.processed),
        "files": {
            kind: {"name": path.name, "sha256": file_hash(path)} for kind, path in sorted(files.items())
        },
        "versions": {"python": platform.python_version(), **versions(PACKAGES)},
        "code_sha256": package_hash(),
        "synthetic": project.config.project.synthetic,
        "seconds": {"execute": result.execute_seconds, "export": result.export_seconds},
    }
    path = manifest_path(job, root)
    write_atomic(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode("utf-8"))
    return path


def is_current(job: Job, root: Path, key: str) -> bool:
    """Whether the job's files are all here, unchanged, and made under the same key."""
    path = manifest_path(job, root)
    if not path.is_file():
        return False
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError):
        return False
    outputs = job.outputs(root)
    return content.get("key") == key and all(
        output.is_file() and file_hash(output) == content["files"].get(kind, {}).get("sha256")
        for kind, output in outputs.items()
    )


def versions(names: Iterable[str]) -> dict[str, str]:
    """Installed version of each package that is installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
