"""A project's inputs and reports on shared storage, named by an fsspec URL: s3, gcs, azure, hdfs, a folder.

What a report reads is put there once a run, under the hash of its content, and fetched once by each machine.
What a report makes is put there once, at its end, the manifest last: a report with a manifest is whole.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from kinerja_lib.config import FILE_NAME
from kinerja_lib.errors import Both, ReportError, UsageError
from kinerja_lib.reporting.manifest import file_hash

LIST = "daftar.json"  # written last: a folder that has it is whole


class Storage:
    """A place named by an fsspec URL.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/kinerja`` or ``file:///mnt/bersama/kinerja``; options of the storage come from its
        own environment variables and files, never from the command line.

    Raises
    ------
    UsageError
        fsspec or the storage's own package is not installed, or the URL is none.
    """

    def __init__(self, url: str) -> None:
        try:
            from fsspec.core import url_to_fs

            self._fs, self._base = url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise UsageError(
                Both(f"penyimpanan tidak dapat dipakai: {url}", en=f"storage cannot be used: {url}"),
                details=[str(error)],
                action="pip install 'kinerja-lib[cluster]' s3fs | gcsfs | adlfs",
            ) from error
        self.url = url

    def put(self, local: Path, name: str) -> None:
        """Put a file under a name, whole or not at all."""
        target = self._path(name)
        parent = target.rsplit("/", 1)[0]
        self._fs.makedirs(parent, exist_ok=True)
        self._fs.put_file(str(local), target + ".tmp" if self._is_folder else target)
        if self._is_folder:
            self._fs.mv(target + ".tmp", target)

    def get(self, name: str, local: Path) -> None:
        """Fetch a file, whole or not at all.

        Raises
        ------
        ReportError
            It is not there.
        """
        local.parent.mkdir(parents=True, exist_ok=True)
        beside = local.with_name(f".tmp-{local.name}")
        try:
            self._fs.get_file(self._path(name), str(beside))
            beside.replace(local)
        except FileNotFoundError as error:
            raise ReportError(
                Both(f"tidak ada di penyimpanan: {name}", en=f"not on the storage: {name}"), action=self.url
            ) from error
        finally:
            beside.unlink(missing_ok=True)

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(self._fs.exists(self._path(name)))

    def _path(self, name: str) -> str:
        return f"{self._base.rstrip('/')}/{name}"

    @property
    def _is_folder(self) -> bool:
        """Whether a half-written file could be seen: object stores show a file only when it is whole."""
        return "file" in self._protocols or "local" in self._protocols

    @property
    def _protocols(self) -> tuple[str, ...]:
        kinds = self._fs.protocol
        return (kinds,) if isinstance(kinds, str) else tuple(kinds)


def input_files(root: Path, folders: Any, templates: Iterable[Path]) -> dict[str, Path]:
    """What reports read, by the name under which it is shared: settings, tables, records, register, templates.

    The key of the pseudonyms stays where it is.
    """
    found = {FILE_NAME: root / FILE_NAME}
    for folder, pattern in (
        (folders.processed, "**/*.parquet"),
        (folders.interim, "*.parquet"),
        (folders.interim, "editions/**/*.json"),
        (folders.reference, "**/*"),
    ):
        for path in sorted((root / folder).glob(pattern)):
            if path.is_file() and not path.name.startswith("."):
                found[path.relative_to(root).as_posix()] = path
    for path in templates:
        found[f"{folders.templates}/{path.name}"] = path
    return {name: path for name, path in found.items() if path.is_file()}


def share_inputs(storage: Storage, files: dict[str, Path]) -> str:
    """Put the inputs on the storage, unless the same are there; the name under which they lie."""
    hashes = {name: file_hash(path) for name, path in sorted(files.items())}
    name = "masukan/" + hashlib.sha256(json.dumps(hashes).encode()).hexdigest()[:24]
    if not storage.has(f"{name}/{LIST}"):
        for relative, path in files.items():
            storage.put(path, f"{name}/{relative}")
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / LIST
            listed.write_text(json.dumps(sorted(hashes)), encoding="utf-8")
            storage.put(listed, f"{name}/{LIST}")
    return name


def fetch_inputs(storage: Storage, name: str, cache: Path) -> Path:
    """The inputs as a project's folder on this machine; fetched once, and kept for the next report."""
    root = cache / name.rsplit("/", 1)[-1]
    if not (root / LIST).is_file():
        with tempfile.TemporaryDirectory() as folder:
            listed = Path(folder) / LIST
            storage.get(f"{name}/{LIST}", listed)
            for relative in json.loads(listed.read_text(encoding="utf-8")):
                if not (root / relative).is_file():
                    storage.get(f"{name}/{relative}", root / relative)
        storage.get(f"{name}/{LIST}", root / LIST)
    return root


def share_outputs(storage: Storage, root: Path, names: Sequence[str]) -> None:
    """Put a report's files on the storage, in the order given: the manifest comes last."""
    for name in names:
        storage.put(root / name, name)


def fetch_outputs(storage: Storage, root: Path, names: Sequence[str]) -> None:
    """Fetch a report's files to the project's folder."""
    for name in names:
        storage.get(name, root / name)
