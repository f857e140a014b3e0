"""Documents are true: each command, option, path and link that they mention exists; both READMEs say the same."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from kinerja_lib.cli.app import make_app

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [
    *(
        ROOT / name
        for name in ("README.md", "README.id.md", "CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md")
    ),
    *sorted((ROOT / "docs" / "how-to").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
READMES = (ROOT / "README.md", ROOT / "README.id.md")
TREES = ("kinerja_lib/", "tests/", "docs/", "notebooks/", "benchmarks/")
_NAMES = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


def _commands(text: str) -> Iterator[list[str]]:
    """Command lines: in backticks, or lines of code blocks; comments, redirections and what follows a pipe cut off."""
    blocks = re.findall(r"(?ms)^ *```.*?^ *```", text)
    rest = re.sub(r"(?ms)^ *```.*?^ *```", "", text)
    spans = re.findall(r"`(kinerja [^`]+)`", rest)
    lines = [
        match for block in blocks for match in re.findall(r"(?<![\w./=-])(kinerja [a-z-]+[^\n]*)", block)
    ]
    for line in (*spans, *lines):
        line = re.split(r" (?:#|&&|\|\||\||>|;)", line.replace("\\`", ""))[0]
        try:
            yield shlex.split(line.replace("…", "X").rstrip("\\"))
        except ValueError:
            yield line.split()


def _known(words: list[str], command: Any) -> tuple[Any, list[str]]:
    """The command that the words name, and the words behind it; ``a|b`` names both."""
    left = words[1:]
    while left and not left[0].startswith("--") and getattr(command, "commands", None):
        name = left[0].split("|")[0]
        if name not in command.commands:
            raise LookupError(name)
        command, left = command.commands[name], left[1:]
    return command, left


@_NAMES
def test_commands_and_options_exist(path: Path) -> None:
    app, wrong = typer.main.get_command(make_app()), []
    for words in _commands(path.read_text(encoding="utf-8")):
        if not re.fullmatch(r"[a-z|-]+", words[1]) and not words[1].startswith("--"):
            continue
        try:
            command, rest = _known(words, app)
        except LookupError as error:
            wrong.append(f"{' '.join(words)}: {error.args[0]}")
            continue
        options = {option for one in command.params for option in one.opts + one.secondary_opts} | {
            "--help",
            "-h",
        }
        asked = {word.split("=")[0].rstrip(",.)]") for word in rest if word.startswith("--")}
        wrong += [f"{' '.join(words)}: {option}" for option in sorted(asked - options)]
    assert not wrong


@_NAMES
def test_paths_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = {found for found in re.findall(r"`([\w./*-]+)`", text) if found.startswith(TREES)}
    inside = {found for found in named if not re.search(r"(?:^|/)x\.\w+$", found)}  # x.py stands for any name
    decision = re.compile(r"docs/decisions/\d{4}")  # a decision may be named by its number alone
    patterns = [f"{one}-*" if decision.fullmatch(one) else one.rstrip("/") for one in sorted(inside)]
    assert not [one for one in patterns if not list(ROOT.glob(one))]


@_NAMES
def test_links_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert not [link for link in links if "://" not in link and not (path.parent / link).exists()]


def _code(path: Path) -> list[str]:
    """The lines of code of a README without their comments, the picture of the flow, and what a reader chooses."""
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```", path.read_text(encoding="utf-8"))
    lines = [
        re.split(r"\s+#", line)[0].rstrip()
        for block in blocks
        if "─" not in block
        for line in block.splitlines()
    ]
    return [
        re.sub(r'--reason "[^"]*"', "", line) for line in lines if line.startswith(("kinerja ", "python "))
    ]


def test_both_readmes_give_the_same_commands_and_links() -> None:
    english, indonesian = (_code(path) for path in READMES)
    assert english == indonesian
    links = [set(re.findall(r"\]\(([^)]+)\)", path.read_text(encoding="utf-8"))) for path in READMES]
    assert links[0] - {"README.id.md"} == links[1] - {"README.md"}


def test_the_readme_names_every_command() -> None:
    app: Any = typer.main.get_command(make_app())
    for path in READMES:
        text = path.read_text(encoding="utf-8")
        assert not [name for name in app.commands if f"kinerja {name}" not in text], path.name
