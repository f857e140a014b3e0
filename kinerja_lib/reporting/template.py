"""Notebook templates and their parameters, refused before anything starts.

A template has one cell tagged ``parameters``; each of its lines reads ``name: type = default  # help``. Types
are ``str``, ``int``, ``float`` and ``bool``. A code with leading zeros stays text, as its type says.
"""

from __future__ import annotations

import ast
import difflib
import tokenize
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, TemplateError
from kinerja_lib.reporting.packaged import is_copy, packaged_folders
from kinerja_lib.reporting.template_cells import check_kernel, check_syntax, read_cells

_TYPES: dict[str, type] = {"str": str, "int": int, "float": float, "bool": bool}
_WORDS = {"true": True, "ya": True, "1": True, "false": False, "tidak": False, "0": False}

_FORM = Both(
    "tulis tiap baris sebagai: nama: tipe = nilai  # keterangan",
    en="write each line as: name: type = default  # help",
)


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, type (``str``, ``int``, ``float``, ``bool``), default, and help text."""

    name: str
    type: str
    default: Any
    help: str


@dataclass(frozen=True)
class Template:
    """A template: its name, where it lies, and its parameters in order."""

    name: str
    path: Path
    parameters: Mapping[str, Parameter]


def templates_folders(project_templates: Path) -> tuple[Path, ...]:
    """Where templates are looked for: the project's own folder, then those that came with the package.

    An installed wheel puts them under ``share/kinerja_lib`` of the environment; a checkout has them in
    ``notebooks/templates``.
    """
    found = [
        folder.resolve() for folder in (project_templates, *packaged_folders("templates")) if folder.is_dir()
    ]
    return tuple(dict.fromkeys(found))


def list_templates(project_templates: Path) -> dict[str, Path]:
    """Templates by name; a project's own hides the package's of the same name."""
    found: dict[str, Path] = {}
    for folder in reversed(templates_folders(project_templates)):
        for path in sorted(folder.glob("*.ipynb")):
            if path.stem not in found or not is_copy(path):
                found[path.stem] = path
    return dict(sorted(found.items()))


def read_template(name: str, project_templates: Path) -> Template:
    """Read a template and its parameters.

    Raises
    ------
    TemplateError
        There is none of that name, it is no notebook, it is not in Python, its ``parameters`` cell is absent,
        double or malformed, or a cell is not valid Python.
    """
    known = list_templates(project_templates)
    if name not in known:
        near = difflib.get_close_matches(name, list(known), n=1)
        raise TemplateError(
            Both(f"templat tidak ada: {name}", en=f"no such template: {name}"),
            details=[Both(f"yang ada: {', '.join(known) or '-'}", en=f"known: {', '.join(known) or '-'}")],
            action=f"kinerja report --template {near[0] if near else 'NAMA'}",
        )
    path = known[name]
    try:
        notebook = read_cells(path)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise TemplateError(
            Both(f"{path.name}: bukan berkas notebook", en=f"{path.name}: not a notebook file"),
            action=Both(
                "buka dan simpan lagi dengan JupyterLab", en="open it in JupyterLab and save it again"
            ),
        ) from error
    check_kernel(notebook, path.name)
    parameters = _parameters(notebook, path.name)
    check_syntax(notebook, path.name)
    return Template(name=name, path=path, parameters=parameters)


def check_parameters(template: Template, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values for a template's parameters, typed; what is not given keeps the template's default.

    Parameters
    ----------
    template : Template
    values : mapping
        Values as Python values, or as texts from a command line.

    Returns
    -------
    dict
        The given parameters only, each of its declared type.

    Raises
    ------
    TemplateError
        An unknown name (the nearest valid one is named) or a value that is not of the declared type; all
        faults are listed.
    """
    faults: list[str] = []
    typed: dict[str, Any] = {}
    for name, value in values.items():
        parameter = template.parameters.get(name)
        if parameter is None:
            near = difflib.get_close_matches(name, list(template.parameters), n=1, cutoff=0.4)
            faults.append(
                Both(
                    f"parameter tidak dikenal: {name}" + (f"; mungkin maksudnya: {near[0]}" if near else ""),
                    en=f"unknown parameter: {name}" + (f"; did you mean: {near[0]}" if near else ""),
                )
            )
            continue
        try:
            typed[name] = _convert(value, parameter)
        except ValueError:
            faults.append(
                Both(
                    f"{name}: {value!r} bukan {parameter.type}",
                    en=f"{name}: {value!r} is not {parameter.type}",
                )
            )
    if faults:
        known = ", ".join(f"{p.name}: {p.type}" for p in template.parameters.values())
        raise TemplateError(
            Both(
                f"templat {template.name}: {len(faults)} parameter salah",
                en=f"template {template.name}: {len(faults)} wrong parameters",
            ),
            details=faults,
            action=Both(f"parameter yang ada: {known}", en=f"known parameters: {known}"),
        )
    return typed


def _convert(value: Any, parameter: Parameter) -> Any:
    kind = _TYPES[parameter.type]
    if kind is bool:
        if isinstance(value, bool):
            return value
        word = str(value).strip().lower()
        if word not in _WORDS:
            raise ValueError(value)
        return _WORDS[word]
    if kind is str:
        if not isinstance(value, str):
            raise ValueError(value)
        return value
    if isinstance(value, bool):
        raise ValueError(value)
    if kind is int and isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    return kind(value)


def _parameters(notebook: Any, file_name: str) -> dict[str, Parameter]:
    cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise TemplateError(
            Both(
                f"{file_name}: ada {len(cells)} sel bertanda `parameters`, seharusnya satu",
                en=f"{file_name}: {len(cells)} cells are tagged `parameters`, it must be one",
            ),
            action=Both(
                "beri tanda `parameters` pada tepat satu sel kode",
                en="tag exactly one code cell `parameters`",
            ),
        )
    source = cells[0].source
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        raise TemplateError(
            Both(
                f"{file_name}: sel `parameters` baris {error.lineno}: {error.msg}",
                en=f"{file_name}: cell `parameters`, line {error.lineno}: {error.msg}",
            ),
            action=_FORM,
        ) from error
    comments = _comments(source)
    found: dict[str, Parameter] = {}
    for statement in body:
        parameter = _parameter(statement, comments)
        if parameter is None:
            raise TemplateError(
                Both(
                    f"{file_name}: sel `parameters` baris {statement.lineno} bukan parameter",
                    en=f"{file_name}: cell `parameters`, line {statement.lineno} is no parameter",
                ),
                action=_FORM,
            )
        found[parameter.name] = parameter
    return found


def _parameter(statement: ast.stmt, comments: Mapping[int, str]) -> Parameter | None:
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        return None
    if (
        not isinstance(statement.annotation, ast.Name)
        or statement.annotation.id not in _TYPES
        or not statement.value
    ):
        return None
    try:
        default = ast.literal_eval(statement.value)
    except ValueError:
        return None
    return Parameter(
        name=statement.target.id,
        type=statement.annotation.id,
        default=default,
        help=comments.get(statement.lineno, ""),
    )


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }
