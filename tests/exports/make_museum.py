"""Write the museum: one small file a fault, named after it, the same bytes every time.

    python tests/exports/make_museum.py          write what is missing or differs
    python tests/exports/make_museum.py --check  say what differs, write nothing

What each file must give stands in ``expected.toml``.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import museum_cells  # noqa: E402
import museum_files  # noqa: E402
import museum_people  # noqa: E402
import museum_sheets  # noqa: E402
import museum_typing  # noqa: E402


def museum() -> dict[str, bytes]:
    """Content of each file by its name."""
    register = {"units.csv": museum_people.UNITS.encode()}
    return {
        **register,
        **museum_cells.exhibits(),
        **museum_sheets.exhibits(),
        **museum_files.exhibits(),
        **museum_typing.exhibits(),
    }


def main(check: bool) -> int:
    """Write the files, or only compare; the number of those that differ."""
    different = [
        (HERE / name, content)
        for name, content in museum().items()
        if not (HERE / name).is_file() or (HERE / name).read_bytes() != content
    ]
    for path, content in different:
        if not check:
            path.write_bytes(content)
        sys.stdout.write(f"{path.name}\n")
    return len(different) if check else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv))
