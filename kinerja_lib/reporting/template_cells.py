"""What is wrong with a template's cells, told before anything starts: another language, code that cannot be read.

Only what needs no execution is told here; a cell that fails while it runs is told by the runner.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from kinerja_lib.errors import Both, TemplateError

PYTHON = ("python", "ipython")


def read_cells(path: Path) -> Any:
    """Cells and metadata of a notebook file, of which nothing is run or changed.

    Reading the JSON takes a thousandth of the time that importing nbformat takes, and a command that plans
    reports needs no more. A notebook older than version 4 is left to nbformat.

    Raises
    ------
    ValueError, KeyError, TypeError, AttributeError
        It is no notebook.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    if int(content["nbformat"]) != 4:
        import nbformat

        return nbformat.reads(json.dumps(content), as_version=4)
    cells = [
        SimpleNamespace(
            cell_type=str(cell["cell_type"]), source="".join(cell["source"]), metadata=dict(cell["metadata"])
        )
        for cell in content["cells"]
    ]
    return SimpleNamespace(cells=cells, metadata=dict(content["metadata"]))


def check_kernel(notebook: Any, file_name: str) -> None:
    """Refuse a notebook that is not written in Python.

    Reports run in warm Python processes, so the *name* of a Python kernel decides nothing; a kernel of another
    language cannot run here at all.

    Raises
    ------
    TemplateError
        The kernel's language, as far as the notebook states it, is not Python.
    """
    kernel = notebook.metadata.get("kernelspec", {})
    language = kernel.get("language") or notebook.metadata.get("language_info", {}).get("name") or ""
    name = str(kernel.get("name", ""))
    if not language and (not name or name.startswith("python")):
        return
    if language.lower() in PYTHON:
        return
    shown = " ".join(filter(None, (name, f"({language})" if language else "")))
    raise TemplateError(
        Both(
            f"{file_name}: kernel {shown} tidak ada; laporan dijalankan dengan Python",
            en=f"{file_name}: there is no kernel {shown}; reports run in Python",
        ),
        action=Both(
            "di JupyterLab pilih Kernel, Change Kernel, Python 3, lalu simpan",
            en="in JupyterLab choose Kernel, Change Kernel, Python 3, and save",
        ),
    )


def check_syntax(notebook: Any, file_name: str) -> None:
    """Refuse a notebook with code that Python cannot read; all such cells are listed.

    Raises
    ------
    TemplateError
        Each faulty cell by its number in the notebook (as papermill counts, from 0), line and reason.
    """
    faults: list[str] = []
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or "parameters" in cell.metadata.get("tags", []):
            continue
        error = _syntax_error(cell.source)
        if error is not None:
            line = (error.text or "").strip()[:80]
            faults.append(
                Both(
                    f"sel {number} baris {error.lineno}: {error.msg}: {line}",
                    en=f"cell {number} line {error.lineno}: {error.msg}: {line}",
                )
            )
    if faults:
        raise TemplateError(
            Both(
                f"{file_name}: {len(faults)} sel bukan kode Python yang benar",
                en=f"{file_name}: {len(faults)} cells are not valid Python",
            ),
            details=faults,
            action=Both("perbaiki sel itu di JupyterLab", en="mend the cell in JupyterLab"),
        )


def _syntax_error(source: str) -> SyntaxError | None:
    """Why a cell cannot be read; magics and top-level ``await`` are no fault."""
    if _parse(source) is None:
        return None
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return _parse(TransformerManager().transform_cell(source))
    except SyntaxError as error:
        return error


def _parse(source: str) -> SyntaxError | None:
    try:
        compile(
            source,
            "cell",
            "exec",
            flags=ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT,
            dont_inherit=True,
        )
    except SyntaxError as error:
        return error
    except ValueError as error:  # a null byte
        return SyntaxError(str(error))
    return None
