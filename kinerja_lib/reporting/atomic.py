"""Write a file so that it is whole or absent."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

PAUSES = (
    0.05,
    0.1,
    0.2,
    0.4,
    0.8,
)  # seconds before another try; a scanner of viruses holds a new file that long


def write_atomic(path: Path, data: bytes) -> None:
    """Write beside the final name, force to disk, and rename into place.

    A crash in between leaves the old file, or none, and never a half-written one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".tmp-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.name == "posix":
            Path(name).chmod(0o644)
        _replace(Path(name), path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _replace(source: Path, target: Path) -> None:
    """Rename into place; where another program holds the file (Windows), try again for a moment."""
    for pause in PAUSES:
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    source.replace(target)
