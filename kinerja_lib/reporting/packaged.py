"""The notebooks that come with the package, and their copies in a project, made to be opened in JupyterLab."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Literal

from kinerja_lib.reporting.atomic import write_atomic

Kind = Literal["templates", "exploration"]
COPIES = ".copies.json"


def packaged_folders(kind: Kind) -> tuple[Path, Path]:
    """Where they may lie: ``notebooks`` of a checkout, ``share/kinerja_lib`` of an environment."""
    checkout = Path(__file__).resolve().parents[2] / "notebooks" / kind
    return checkout, Path(sys.prefix) / "share" / "kinerja_lib" / kind


def packaged_notebooks(kind: Kind) -> list[Path]:
    """The notebooks of a kind, by name."""
    folder = next((folder for folder in packaged_folders(kind) if folder.is_dir()), None)
    return sorted(folder.glob("*.ipynb")) if folder else []


def provide_notebooks(kind: Kind, folder: Path) -> list[Path]:
    """Put the notebooks that came with the package into a project's folder.

    What the user changed is never overwritten. A copy that nobody changed is renewed when the package's is newer,
    and it never hides the package's own (see ``is_copy``).

    Parameters
    ----------
    kind : {"templates", "exploration"}
    folder : Path

    Returns
    -------
    list of Path
        The notebooks written.
    """
    copies, written = _copies(folder), []
    for source in packaged_notebooks(kind):
        path = folder / source.name
        if path.resolve() == source.resolve():
            continue
        new = content_hash(source)
        if not path.exists() or (is_copy(path) and copies[path.name] != new):
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, path)
            copies[path.name] = new
            written.append(path)
    if written:
        write_atomic(folder / COPIES, (json.dumps(copies, indent=1, sort_keys=True) + "\n").encode())
    return written


def is_copy(path: Path) -> bool:
    """Whether a notebook is a copy of the package's that nobody changed; having run it is no change."""
    recorded = _copies(path.parent).get(path.name)
    return recorded is not None and recorded == content_hash(path)


def content_hash(path: Path) -> str:
    """Hash of what a notebook says and runs: kind, source and tags of its cells; empty where it can't be read."""
    try:
        cells = [
            (cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", []))
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        ]
    except (json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        return ""
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _copies(folder: Path) -> dict[str, str]:
    path = folder / COPIES
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}
