"""Tests, benchmarks and notebooks import only what the package has: a name that was moved is noticed at once."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    path
    for folder, kind in (("tests", "*.py"), ("benchmarks", "*.py"), ("notebooks", "*.ipynb"))
    for path in (ROOT / folder).rglob(kind)
    if ".ipynb_checkpoints" not in path.parts
)


def _text(path: Path) -> str:
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def named(text: str) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of each import from the package, and of each patched name (``setattr("kinerja_lib…")``)."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.ImportFrom)
            and not node.level
            and (node.module or "").split(".")[0] == "kinerja_lib"
        ):
            yield from ((node.lineno, str(node.module), alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.split(".")[0] == "kinerja_lib"]
            yield from ((node.lineno, name, "") for name in names)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setattr" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and str(first.value).startswith("kinerja_lib."):
                module, _, name = str(first.value).rpartition(".")
                yield node.lineno, module, name


@cache
def there(module: str, name: str) -> bool:
    """Whether a module has a name, or a submodule of that name; a patched name may stand in a class."""
    try:
        held = import_module(module)
    except ModuleNotFoundError:
        parent, _, inner = module.rpartition(".")
        held = getattr(import_module(parent), inner, None)
    if held is None:
        return False
    package = hasattr(held, "__path__")
    return not name or hasattr(held, name) or (package and find_spec(f"{module}.{name}") is not None)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_imported_name_exists(path: Path) -> None:
    missing = [
        f"line {line}: {module}.{name}"
        for line, module, name in named(_text(path))
        if not there(module, name)
    ]
    assert not missing


def test_a_name_that_was_moved_is_noticed() -> None:
    gone = "from kinerja_lib.errors import Both, NotThere\nimport kinerja_lib.absent\n"
    gone += "patch.setattr('kinerja_lib.config.parse.tomlib', None)\n"
    found = [(module, name) for _, module, name in named(gone) if not there(module, name)]
    assert found == [
        ("kinerja_lib.errors", "NotThere"),
        ("kinerja_lib.absent", ""),
        ("kinerja_lib.config.parse", "tomlib"),
    ]
