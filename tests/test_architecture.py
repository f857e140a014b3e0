"""The house: import direction, static checks, sizes, names, what importing costs, and what is committed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kinerja_lib.schema.dictionary import data_dictionary

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "kinerja_lib"
LONGEST_MODULE = 250


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


def _modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize(
    "command",
    [
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("mypy",),
    ],
    ids=lambda command: "-".join(command[:2]),
)
def test_static_check(command: tuple[str, ...]) -> None:
    done = _run(*command)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_import_direction() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


@pytest.mark.parametrize("path", _modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_short_or_says_why(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc"}
    if len(text.splitlines()) > LONGEST_MODULE:
        docstring = text.split('"""')[1]
        assert "long because" in docstring.lower(), (
            f"{len(text.splitlines())} lines and no reason in the docstring"
        )


def test_nothing_is_unfinished() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [path.name for path in _modules() if pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_importing_the_package_is_cheap() -> None:
    code = (
        "import sys, kinerja_lib; "
        "heavy = {'matplotlib', 'statsmodels', 'papermill', 'nbconvert', 'pandas'} & set(sys.modules); "
        "print(sorted(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_public_names() -> None:
    import kinerja_lib

    assert sorted(kinerja_lib.__all__) == [
        "FitResult", "KinerjaError", "Labels", "ModelSpec", "Periode", "build_panel", "clean", "fit",
        "load_panel", "load_table", "read_export",
    ]  # fmt: skip
    for name in kinerja_lib.__all__:
        assert getattr(kinerja_lib, name) is not None
        assert name in dir(kinerja_lib)
    with pytest.raises(AttributeError):
        _ = kinerja_lib.nothing


def test_the_data_dictionary_is_fresh() -> None:
    committed = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert committed == data_dictionary(), (
        "run: python -m kinerja_lib.schema.dictionary docs/data-dictionary.md"
    )


def test_version_is_said_once() -> None:
    import kinerja_lib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == kinerja_lib.__version__


def test_constraints_pin_every_dependency_without_an_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[A-Za-z0-9_.+!-]+", line) for line in pins)
    pinned = {re.sub(r"[-_.]+", "-", line.split("==")[0]).lower() for line in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [
        *project["dependencies"],
        *(item for extra in project["optional-dependencies"].values() for item in extra),
    ]
    for item in needed:
        name = re.sub(r"[-_.]+", "-", re.split(r"[<>=\[]", item)[0]).lower()
        assert name in pinned, name


def _tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout: nothing tells which files are committed")
    return [line for line in done.stdout.splitlines() if (ROOT / line).is_file()]


def test_committed_names_work_on_windows() -> None:
    for name in _tracked():
        assert not re.search(r'[:*?"<>|\\]', name), name
        assert not (ROOT / name).is_symlink(), name
        assert len(name) < 180, name


def test_committed_notebooks_hold_no_outputs() -> None:
    for name in _tracked():
        if name.endswith(".ipynb") and not name.startswith("tests/"):
            notebook = json.loads((ROOT / name).read_text(encoding="utf-8"))
            assert "papermill" not in notebook["metadata"], name
            for cell in notebook["cells"]:
                assert not cell.get("outputs"), name
                assert cell.get("execution_count") is None, name
