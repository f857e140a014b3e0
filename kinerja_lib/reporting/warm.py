"""What a worker loads before it forks, so that no report pays for it: modules, the typeface, a first drawing.

What a template imports beyond that is read from its cells, and learned: the first child says which modules of the
known packages it loaded and which tables it read, and its parent loads them before the next one. Nothing else of a
report is taken over.

Nothing here may start a thread, since a thread does not survive ``fork``: the exporters' compiled parts (typst)
and Arrow's pools first run in the children.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

from kinerja_lib.reporting.template_cells import read_cells

#: packages whose modules a parent takes over from its children
KNOWN_PACKAGES = (
    "babel", "docx", "formulaic", "IPython", "kinerja_lib", "lxml", "matplotlib", "mpl_toolkits", "nbconvert",
    "nbformat", "numpy", "pandas", "papermill", "patsy", "pyarrow", "rapidfuzz", "scipy", "statsmodels",
    "threadpoolctl", "xlsxwriter",
)  # fmt: skip
TABLE = "table "  # before the path of a table, where a child tells what it loaded
_STANDARD = frozenset(sys.stdlib_module_names) - {"antigravity", "idlelib", "this", "tkinter", "turtle"}


def warm_up() -> None:
    """Import what every report needs and draw once, before the first fork."""
    import matplotlib

    matplotlib.use("agg")
    with _grammar_on_demand():
        import papermill.iorw
        import papermill.parameterize
        import papermill.translators  # noqa: F401

    import kinerja_lib.reporting.export
    import kinerja_lib.reporting.runner
    import kinerja_lib.reporting.shell
    import kinerja_lib.workflow  # noqa: F401

    _look_up_once()
    _draw_once()


@contextlib.contextmanager
def _grammar_on_demand() -> Iterator[None]:
    """Let jsonschema load ``rfc3987_syntax`` when an address is first checked: its grammar takes 0.7 s to build."""
    name = "rfc3987_syntax"
    if name in sys.modules:
        yield
        return
    stand_in = ModuleType(name)

    def is_valid_syntax(term: str, value: str) -> bool:
        return bool(importlib.import_module(name).is_valid_syntax(term, value))

    stand_in.is_valid_syntax = is_valid_syntax  # type: ignore[attr-defined]
    sys.modules[name] = stand_in
    try:
        yield
    finally:
        del sys.modules[name]


def _look_up_once() -> None:
    """Find pandoc and matplotlib's backends: both ask other programs or read every package's metadata."""
    from matplotlib.backends import backend_registry

    from kinerja_lib.reporting.pandoc import find_pandoc
    from kinerja_lib.reporting.shell_process import INLINE

    backend_registry.is_valid_backend(INLINE)
    find_pandoc()


def _draw_once() -> None:
    """Load the typeface and what drawing imports on its first use."""
    from kinerja_lib.display import new_axes
    from kinerja_lib.reporting.blocks import figure_images

    axes = new_axes(1.0)
    axes.plot((0, 1), (0, 1))
    axes.set_title("Ag 0", fontweight="semibold")
    figure_images(axes.figure)


def loaded() -> frozenset[str]:
    """Names of the modules that are loaded now."""
    return frozenset(sys.modules)


def learned(before: frozenset[str]) -> list[str]:
    """Modules of the known packages that were loaded since ``before``, in the order of their loading."""
    return [name for name in sys.modules if name not in before and _known(name)]


def tables_read() -> list[str]:
    """Tables that a report has read, marked as such."""
    shared = sys.modules.get("kinerja_lib.workflow.shared_tables")
    return [f"{TABLE}{path}" for path in shared.tables_asked()] if shared else []


def hold_tables(names: Iterable[str]) -> None:
    """Hold the tables that the last report read, so that the next ones share them instead of reading."""
    wanted = [name.removeprefix(TABLE) for name in names if name.startswith(TABLE)]
    if wanted:
        from kinerja_lib.workflow.shared_tables import share_tables

        share_tables(wanted)


@cache
def prepare(template: str) -> None:
    """Load the known modules that a template's cells import by name, before its first report is forked."""
    try:
        cells = read_cells(Path(template)).cells
    except (ValueError, KeyError, TypeError, AttributeError, OSError):
        return  # the report will say what is wrong with it
    take_over(name for cell in cells if cell.cell_type == "code" for name in _imports(cell.source))


def _imports(source: str) -> list[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a magic
        return []
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return names + [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom) and not node.level]


def take_over(names: Iterable[str]) -> None:
    """Load modules that a child needed; one that can't be loaded is left to the children."""
    for name in names:
        if _known(name) and name not in sys.modules:
            try:
                importlib.import_module(name)
            except ImportError:
                continue


def _known(name: str) -> bool:
    top = name.partition(".")[0]
    return top in KNOWN_PACKAGES or top in _STANDARD
