"""A small synthetic project, made once a test process: exports, cleaned tables, the panel."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from kinerja_lib.config import starter
from kinerja_lib.samples import write_sample
from kinerja_lib.workflow import Project, find_project, run_clean, run_panel

# The same examples in every run: a gate must not fail by chance. Deadlines would depend on the machine.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile("gate")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run only where they are asked for: ``pytest -m slow``, or one of them by its name."""
    if "slow" in config.option.markexpr or any("::" in name for name in config.args):
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def make_project(folder: Path, *, employees: int = 240, periods: str = "2024-Q1:2025-Q4") -> Project:
    """A project folder with synthetic exports of three agencies; nothing cleaned yet."""
    folder.mkdir(parents=True, exist_ok=True)
    text = starter("Pemerintah Rangkui", place="Rangkui", synthetic=True)
    (folder / "kinerja.toml").write_text(text, encoding="utf-8")
    write_sample(folder / "data" / "raw", 3, employees, periods, 11)
    reference = folder / "data" / "reference"
    reference.mkdir(parents=True)
    (folder / "data" / "raw" / "units.csv").replace(reference / "units.csv")
    return find_project(folder, exact=True)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with its tables and panel; tests read it and write only its reports."""
    made = make_project(tmp_path_factory.mktemp("proyek"))
    run_clean(made)
    run_panel(made)
    return made
