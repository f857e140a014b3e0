"""A project: a folder with ``kinerja.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kinerja_lib.cleaning import Register
from kinerja_lib.config import FILE_NAME, Config, load_config
from kinerja_lib.errors import Both, UsageError

REGISTER = "units.csv"


@dataclass(frozen=True)
class Project:
    """A project's folder and settings."""

    root: Path
    config: Config

    def folder(self, name: str) -> Path:
        """A folder by its name in ``[folders]``: ``raw``, ``interim``, ``processed``, ``reference``, ``reports``."""
        return self.root / str(getattr(self.config.folders, name))

    def register(self) -> Register:
        """The unit register: the project's own, else one that came with the exports.

        Raises
        ------
        UsageError
            There is neither.
        """
        for folder in (self.folder("reference"), self.folder("raw")):
            if (folder / REGISTER).is_file():
                return Register.load(folder / REGISTER)
        raise UsageError(
            Both("register unit tidak ada: units.csv", en="there is no unit register: units.csv"),
            details=[
                Both(f"dicari di {self.folder('reference')}", en=f"looked for in {self.folder('reference')}")
            ],
            action=Both(
                "usulkan dari ekspor: kinerja units new (atau tulis sendiri: kode, nama, jenis, induk, singkatan, alias, …)",
                en="have one proposed: kinerja units new (or write it: kode, nama, jenis, induk, singkatan, alias, …)",
            ),
        )


def find_project(start: Path, *, exact: bool = False) -> Project:
    """The project in a folder, or in its nearest parent that has one.

    Parameters
    ----------
    start : Path
    exact : bool
        Look in ``start`` only.

    Raises
    ------
    UsageError
        There is no ``kinerja.toml``.
    ConfigError
        It is not valid.
    """
    start = Path(start).resolve()
    for place in (start,) if exact else (start, *start.parents):
        if (place / FILE_NAME).is_file():
            return Project(place, load_config(place))
    raise UsageError(
        Both(f"bukan folder proyek: {start}", en=f"not a project folder: {start}"),
        details=[Both(f"{FILE_NAME} tidak ditemukan", en=f"{FILE_NAME} was not found")],
        action=Both(
            "buat proyek dengan `kinerja new FOLDER`, atau tunjuk dengan --project",
            en="make one with `kinerja new FOLDER`, or name it with --project",
        ),
    )
