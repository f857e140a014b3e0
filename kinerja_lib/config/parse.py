"""``kinerja.toml`` from text to sections: unknown keys and wrong types are refused, all faults at once."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from dataclasses import fields as attributes
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints

from kinerja_lib.config.limits import out_of_range
from kinerja_lib.config.sections import (
    FORMATS,
    LANGUAGES,
    Config,
    InstansiSection,
    PlanSection,
    SourceSection,
)
from kinerja_lib.config.syntax import decoded, syntax_error
from kinerja_lib.errors import Both, ConfigError

FILE_NAME = "kinerja.toml"
_WEIGHTS = ("facility_weights", "leadership_weights")
_WORDS = ("competence_words", "obstacle_words")
_NAMED = {"plans": PlanSection, "instansi": InstansiSection}
_EXPECTED: dict[type, Both] = {
    str: Both("harus teks dalam tanda kutip", en="must be a text in quotation marks"),
    bool: Both("harus true atau false", en="must be true or false"),
    int: Both("harus bilangan bulat", en="must be an integer"),
    float: Both("harus bilangan", en="must be a number"),
}
_CHOICES = {"lang": LANGUAGES, "languages": LANGUAGES, "formats": FORMATS}


def load_config(root: Path) -> Config:
    """Read ``kinerja.toml`` in a folder; all defaults where the folder has none.

    Raises
    ------
    ConfigError
        The file is no TOML, or has an unknown key (the nearest valid one is named), or a value of a wrong
        type. All faults are listed, not only the first.
    """
    path = root / FILE_NAME
    if not path.is_file():
        return Config()
    text = decoded(path.read_bytes(), FILE_NAME)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise syntax_error(error, text, FILE_NAME) from error
    return parse_config(document)


def parse_config(document: Mapping[str, Any]) -> Config:
    """Turn a TOML document into a ``Config``; see ``load_config``."""
    faults: list[str] = []
    sections: dict[str, Any] = {}
    known = {item.name: item for item in attributes(Config)}
    hints = get_type_hints(Config)
    for name, content in document.items():
        if name not in known:
            faults.append(_unknown(name, known, ""))
        elif name == "sources":
            sections[name] = _sources(content, faults)
        elif not isinstance(content, Mapping):
            faults.append(Both(f"[{name}] harus berupa bagian", en=f"[{name}] must be a section"))
        elif name in _WORDS:
            sections[name] = _words(content, name, faults)
        elif name in _NAMED:
            sections[name] = {
                key: _section(_NAMED[name], value, f"{name}.{key}", faults) for key, value in content.items()
            }
        else:
            sections[name] = _section(hints[name], content, name, faults)
    for name in _WEIGHTS:
        if name in sections:
            _weights(asdict(sections[name]), name, faults)
    faults += out_of_range(document)
    if faults:
        raise ConfigError(
            Both(f"{FILE_NAME}: {len(faults)} kesalahan", en=f"{FILE_NAME}: {len(faults)} faults"),
            details=faults,
            action=Both(f"perbaiki {FILE_NAME}, lalu jalankan lagi", en=f"mend {FILE_NAME} and run again"),
        )
    return Config(**sections)


def _words(content: Mapping[str, Any], where: str, faults: list[str]) -> dict[str, tuple[str, ...]]:
    """Keywords by class: further ones, beside those of the package."""
    found: dict[str, tuple[str, ...]] = {}
    for name, value in content.items():
        try:
            found[name] = _value(name, value, tuple[str, ...])
        except ValueError as error:
            reason = error.args[0]
            faults.append(Both(f"[{where}] {name}: {reason}", en=f"[{where}] {name}: {reason.en}"))
            continue
        if not found[name] or not all(re.search("[A-Za-z0-9]", word) for word in found[name]):
            faults.append(
                Both(f"[{where}] {name}: kata kunci kosong", en=f"[{where}] {name}: an empty keyword")
            )
    return found


def _weights(values: Mapping[str, float], where: str, faults: list[str]) -> None:
    """Weights are at least 0, and not all of them 0."""
    wrong = [name for name, value in values.items() if not 0 <= value < float("inf")]
    for name in wrong:
        faults.append(
            Both(f"[{where}] {name}: tidak boleh negatif", en=f"[{where}] {name}: must not be negative")
        )
    if not wrong and not any(values.values()):
        faults.append(Both(f"[{where}] semua bobot 0", en=f"[{where}] all weights are 0"))


def _sources(content: Any, faults: list[str]) -> tuple[SourceSection, ...]:
    """The ``[[sources]]``, each with a name of its own, a URL without a password, and a table or a query."""
    if not isinstance(content, list):
        faults.append(Both("sources harus berupa [[sources]]", en="sources must be [[sources]]"))
        return ()
    found = tuple(_section(SourceSection, item, "sources", faults) for item in content)
    for number, one in enumerate(found, start=1):
        where = f"[[sources]] {number}"
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", one.name) or one.name in {
            other.name for other in found[: number - 1]
        }:
            faults.append(
                Both(
                    f"{where}: name harus ada, unik, dan hanya huruf, angka, - dan _",
                    en=f"{where}: name must be there, unique, and only letters, digits, - and _",
                )
            )
        if not one.url or bool(one.table) == bool(one.query):
            faults.append(
                Both(
                    f"{where}: perlu url dan salah satu dari table atau query",
                    en=f"{where}: needs url and one of table and query",
                )
            )
        if re.search(r"//[^/@]*:[^/@]*@|[?&;](password|passwd|pwd)=", one.url, re.IGNORECASE):
            faults.append(
                Both(
                    f"{where}: url tidak boleh memuat kata sandi; simpan di variabel lingkungan atau keyring",
                    en=f"{where}: no password in the url; keep it in the environment or the keyring",
                )
            )
    return found


def _section(kind: type[Any], content: Any, where: str, faults: list[str]) -> Any:
    if not isinstance(content, Mapping):
        faults.append(Both(f"[{where}] harus berupa bagian", en=f"[{where}] must be a section"))
        return kind()
    if not is_dataclass(kind):
        raise AssertionError(kind)
    known = {item.name: item for item in attributes(kind)}
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for name, value in content.items():
        if name not in known:
            faults.append(_unknown(name, known, where))
            continue
        try:
            values[name] = _value(name, value, hints[name])
        except ValueError as error:
            reason = error.args[0]
            faults.append(Both(f"[{where}] {name}: {reason}", en=f"[{where}] {name}: {reason.en}"))
    return kind(**values)


def _value(name: str, value: Any, kind: Any) -> Any:
    if kind == tuple[str, ...]:
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
            raise ValueError(
                Both(
                    'harus daftar teks, misalnya ["id", "en"]',
                    en='must be a list of texts, such as ["id", "en"]',
                )
            )
        for item in items:
            _check_choice(name, item)
        return tuple(items)
    if kind == Mapping[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(Both("harus berupa bagian", en="must be a section"))
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
        raise ValueError(_EXPECTED[kind])
    if kind is str:
        _check_choice(name, value)
    return value


def _check_choice(name: str, value: str) -> None:
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        listed = ", ".join(choices)
        raise ValueError(
            Both(f"{value!r} bukan salah satu dari: {listed}", en=f"{value!r} is none of: {listed}")
        )


def _unknown(name: str, known: Mapping[str, Any], where: str) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4)
    place, listed = (f"[{where}] " if where else ""), ", ".join(known)
    hint = Both(f"yang ada: {listed}", en=f"known: {listed}")
    if near:
        hint = Both(f"mungkin maksudnya: {near[0]}", en=f"did you mean: {near[0]}")
    return Both(f"{place}kunci tidak dikenal: {name}; {hint}", en=f"{place}unknown key: {name}; {hint.en}")


def starter(name: str, *, raw: str = "data/raw", place: str = "", synthetic: bool = False) -> str:
    """The documented ``kinerja.toml`` of a new project."""
    for given in (name, raw, place):
        if any(mark in given for mark in '"\\\n{}'):
            raise ConfigError(
                Both(
                    f"nama tidak boleh memuat kutip atau kurung: {given!r}",
                    en=f"no quotes or braces in a name: {given!r}",
                )
            )
    text = files("kinerja_lib.config").joinpath("starter.toml").read_text(encoding="utf-8")
    return text.format(name=name, raw=raw, place=place, synthetic=str(synthetic).lower())
