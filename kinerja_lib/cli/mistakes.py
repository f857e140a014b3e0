"""What typer says about a mistyped command, as an error of ours: in the user's language, with the next action."""

from __future__ import annotations

import errno
import re
from typing import Any

from kinerja_lib.errors import Both, ReadError, UsageError

_OPEN_ELSEWHERE = Both(
    "tutup berkas itu di Excel atau program lain, periksa hak tulis foldernya, lalu ulangi",
    en="close the file in Excel or elsewhere, check that you may write to its folder, and run again",
)
_CAUSES = {  # what the system says -> what happened, what to do
    errno.EACCES: (
        Both("tidak boleh dibuka atau ditulis", en="may not be opened or written"),
        _OPEN_ELSEWHERE,
    ),
    errno.EPERM: (
        Both("tidak boleh dibuka atau ditulis", en="may not be opened or written"),
        _OPEN_ELSEWHERE,
    ),
    errno.EROFS: (
        Both("folder hanya dapat dibaca", en="the folder can only be read"),
        Both(
            "salin proyek ke folder yang dapat ditulis", en="copy the project to a folder that can be written"
        ),
    ),
    errno.ENOSPC: (
        Both("penyimpanan penuh", en="the disk is full"),
        Both("kosongkan tempat, lalu ulangi", en="make room and run again"),
    ),
    errno.EEXIST: (
        Both("sudah ada berkas dengan nama itu", en="there is a file of that name already"),
        Both("pindahkan berkas itu, lalu ulangi", en="move that file away and run again"),
    ),
    errno.ENAMETOOLONG: (
        Both("nama atau jalur terlalu panjang", en="the name or path is too long"),
        Both(
            "pindahkan proyek ke folder yang jalurnya lebih pendek", en="move the project to a shorter path"
        ),
    ),
}
_CAUSES[errno.ENOTDIR] = _CAUSES[errno.EEXIST]

# typer's sentence -> Indonesian, English; the groups are what the user typed
_SENTENCES = (
    (
        r"No such option: (?P<a>\S+?)(?: \((?:Possible options|Did you mean)[: ](?P<near>.+?)\??\))?$",
        "opsi tidak ada: {a}",
        "no such option: {a}",
    ),
    (
        r"No such command '(?P<a>.*?)'\.(?: Did you mean (?P<near>.+?)\?)?$",
        "perintah tidak ada: {a}",
        "no such command: {a}",
    ),
    (r"Missing argument '(?P<a>.*?)'", "argumen belum diberikan: {a}", "missing argument: {a}"),
    (r"Missing option '(?P<a>.*?)'", "opsi wajib belum diberikan: {a}", "missing option: {a}"),
    (r"Missing command", "perintah belum diberikan", "missing command"),
    (
        r"Got unexpected extra arguments?(?:\(s\))? \((?P<a>.*)\)",
        "kelebihan kata: {a}",
        "too many words: {a}",
    ),
    (r"Option '(?P<a>.*?)' requires an? ?\S*", "opsi {a} perlu sebuah nilai", "option {a} needs a value"),
    (
        r"Option '(?P<a>.*?)' does not take a value",
        "opsi {a} tidak memakai nilai",
        "option {a} takes no value",
    ),
    (
        r"Invalid value for '(?P<a>.*?)': .*greater than or equal to (?P<b>\S+)",
        "nilai untuk {a} paling kecil {b}",
        "the value of {a} must be at least {b}",
    ),
    (
        r"Invalid value for '(?P<a>.*?)': .*less than or equal to (?P<b>\S+)",
        "nilai untuk {a} paling besar {b}",
        "the value of {a} must be at most {b}",
    ),
    (
        r"Invalid value for '(?P<a>.*?)': .*(?P<b>-?[\d.]+) is not in the range (?P<c>.+?)\.?$",
        "nilai {b} untuk {a} di luar rentang {c}",
        "value {b} of {a} is outside the range {c}",
    ),
    (
        r"Invalid value for '(?P<a>.*?)': .*(?:valid int|valid float|valid number)",
        "nilai untuk {a} harus bilangan",
        "the value of {a} must be a number",
    ),
)


def mistake(error: Any) -> UsageError:
    """The error of ours for an error of typer's or click's; its own words where the sentence is a new one.

    Parameters
    ----------
    error : click.ClickException

    Returns
    -------
    UsageError
        With the usage line of the command and how to see its help.
    """
    said = str(error.format_message()).strip()
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "kinerja"
    message, near = _translated(said)
    details: list[str] = []
    if near:
        details.append(Both(f"mungkin maksudnya: {near}", en=f"did you mean: {near}"))
    if context is not None:
        details.append(context.get_usage())
    return UsageError(
        message,
        details=details,
        action=Both(f"lihat: {command} --help", en=f"see: {command} --help"),
    )


def _translated(said: str) -> tuple[str, str]:
    for sentence, indonesian, english in _SENTENCES:
        found = re.match(sentence, said, re.DOTALL)
        if found:
            parts = {name: text or "" for name, text in found.groupdict().items()}
            near = parts.pop("near", "").replace("'", "").strip()
            return Both(indonesian.format(**parts), en=english.format(**parts)), near
    return said, ""


def no_access(error: OSError) -> ReadError:
    """The error for a file or folder that the system refuses: read-only, open elsewhere, full.

    Parameters
    ----------
    error : OSError
    """
    said, action = _CAUSES.get(
        error.errno or 0,
        (Both(str(error.strerror or error), en=str(error.strerror or error)), _OPEN_ELSEWHERE),
    )
    where = str(error.filename or "")
    return ReadError(
        Both(f"{where}: {said}" if where else said, en=f"{where}: {said.en}" if where else said.en),
        action=action,
    )
