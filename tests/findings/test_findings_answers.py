"""The page that says what answers each demand names only what is there."""

from __future__ import annotations

import ast
import json
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from kinerja_lib.findings.recommendations import rules
from kinerja_lib.reporting.annual.answers import DEMANDS
from kinerja_lib.reporting.annual.judged import builders
from kinerja_lib.schema.fields import fields

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "what-answers-what.md").read_text(encoding="utf-8")
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]


@cache
def _functions() -> frozenset[str]:
    """Every public function of the package that measures or estimates."""
    found = set()
    for part in ("indicators", "models", "panel"):
        for path in (ROOT / "kinerja_lib" / part).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    found.add(node.name)
    return frozenset(found)


def _headings() -> str:
    template = json.loads(
        (ROOT / "notebooks" / "templates" / "laporan_tahunan.ipynb").read_text(encoding="utf-8")
    )
    return "\n".join("".join(cell["source"]) for cell in template["cells"])


def test_seven_demands_in_page_and_report() -> None:
    assert len(ROWS) == 7 == len(DEMANDS)
    assert all(len(row) == 6 and all(cell.strip() for cell in row) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0].strip()[:20])
def test_every_name_in_the_page_exists(row: list[str]) -> None:
    columns = set(fields())
    for name in re.findall(r"`([a-z_0-9]+)`", row[1]):
        assert name in columns, name
    for name in re.findall(r"`([a-z_0-9]+)`", row[2] + row[3]):
        assert name in _functions(), name
    shown = row[4]
    for name in re.findall(r"`([a-z_0-9]+)`", shown):
        assert (ROOT / "notebooks" / "templates" / f"{name}.ipynb").is_file(), name
    headings = _headings()
    for title in re.sub(r";? ?template `[a-z_]+`", "", shown).split(","):
        assert f"## {title.strip()}" in headings, title
    topics = {rule["topic"] for rule in rules()}
    named = re.findall(r"`([a-z_0-9]+)`", row[5])
    assert named
    assert set(named) <= topics, set(named) - topics


def test_forms_in_the_page_exist() -> None:
    forms = tomllib.loads(
        (ROOT / "kinerja_lib" / "reporting" / "forms" / "forms.toml").read_text(encoding="utf-8")
    )
    titles = {str(value).lower() for value in _texts(forms)}
    for name in re.findall(r"\*(Formulir [^*]+)\*", PAGE):
        assert any(name.lower() in title for title in titles), name


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _texts(part)]
    if isinstance(value, list):
        return [text for part in value for text in _texts(part)]
    return [str(value)]


def test_page_and_report_name_the_same_recommendations() -> None:
    for row, topics in zip(ROWS, DEMANDS.values(), strict=True):
        assert set(re.findall(r"`([a-z_0-9]+)`", row[5])) == set(topics), row[0]
    covered = {topic for topics in DEMANDS.values() for topic in topics}
    assert {rule["topic"] for rule in rules()} <= covered  # no advice that answers nothing
    assert len(builders()) == len(set(builders()))
