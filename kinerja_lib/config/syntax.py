"""What is wrong with a ``kinerja.toml`` that is no TOML: the line, what stands there, and how it is mended."""

from __future__ import annotations

import re
import tomllib

from kinerja_lib.errors import Both, ConfigError

# the decoder's sentence -> what a person did, in both languages
_CAUSES = (
    (
        r"Cannot declare|Cannot overwrite",
        "bagian atau kunci ditulis dua kali",
        "a section or key stands there twice",
    ),
    (
        r"Unescaped '\\\\'|escape",
        "garis miring terbalik di dalam tanda kutip; tulis jalur dengan / atau dalam kutip tunggal",
        "a backslash inside double quotes; write paths with / or in single quotes",
    ),
    (
        r"Illegal character '\\n'|Unterminated string|Expected '\"'",
        "tanda kutip belum ditutup",
        "a quotation mark is not closed",
    ),
    (
        r"Invalid value|Expected newline",
        "teks harus diapit tanda kutip",
        "a text must stand in quotation marks",
    ),
    (
        r"Expected '=' after a key",
        "perlu tanda = sesudah nama kunci",
        "an = is needed after the name of a key",
    ),
    (r"Unclosed array", "daftar belum ditutup dengan ]", "a list is not closed with ]"),
    (r"Expected ']'", "nama bagian belum ditutup dengan ]", "the name of a section is not closed with ]"),
)


def decoded(content: bytes, name: str) -> str:
    """The text of a TOML file, with or without a byte order mark.

    Raises
    ------
    ConfigError
        It is not UTF-8.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(
            Both(
                f"{name} tidak tersimpan sebagai UTF-8 (baris {line})",
                en=f"{name} is not UTF-8 (line {line})",
            ),
            action=Both(
                "simpan ulang dari penyunting teks dengan pengodean UTF-8",
                en="save it again from a text editor with the encoding UTF-8",
            ),
        ) from error


def syntax_error(error: tomllib.TOMLDecodeError, text: str, name: str) -> ConfigError:
    """The error for a text that is no TOML.

    Parameters
    ----------
    error : TOMLDecodeError
    text : str
        What was read.
    name : str
        The file's name.
    """
    found = re.search(r"\(at line (\d+)", str(error))
    lines = text.splitlines()
    number = int(found[1]) if found else len(lines)
    where = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    if not where and number > 1:  # the decoder names the line after an unclosed one
        number, where = number - 1, lines[number - 2].strip()
    cause = next(
        (Both(own, en=english) for sentence, own, english in _CAUSES if re.search(sentence, str(error))),
        Both("bukan penulisan TOML yang benar", en="not written as TOML"),
    )
    return ConfigError(
        Both(f"{name}, baris {number}: {cause}", en=f"{name}, line {number}: {cause.en}"),
        details=[where, str(error)],
        action=Both(f"perbaiki baris {number}, lalu jalankan lagi", en=f"mend line {number} and run again"),
    )
