"""How a report can end other than well, in words, and which of these ends may pass when it is tried again."""

from __future__ import annotations

import errno
import signal
from pathlib import Path

from kinerja_lib.errors import Both

_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


def storage_fault(error: OSError) -> str:
    """An error of the operating system in words: full storage, a place that may not be written, a file in use."""
    if error.errno in _FULL:
        return Both(
            "penyimpanan penuh: kosongkan ruang, lalu jalankan perintah yang sama lagi",
            en="storage is full: free some space and run the same command again",
        )
    path = Path(str(error.filename2 or error.filename or ""))
    name = path.parent.name if isinstance(error, NotADirectoryError) else path.name
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return Both(
            f"tidak dapat menulis {name}: tutup berkas itu di program lain, atau periksa izin foldernya",
            en=f"cannot write {name}: close the file in other programs, or check the rights on its folder",
        )
    if isinstance(error, IsADirectoryError | NotADirectoryError | FileExistsError):
        return Both(
            f"{name}: ada berkas atau folder lain dengan nama itu; pindahkan, lalu jalankan perintah yang sama lagi",
            en=f"{name}: another file or folder has that name; move it and run the same command again",
        )
    if isinstance(error, FileNotFoundError):
        return Both(f"berkas tidak ada: {name}", en=f"no such file: {name}")
    return f"{type(error).__name__}: {error.strerror or error}"[:500]


def may_pass(code: int | None) -> bool:
    """Whether another try may go better: the process was killed from outside, as when memory ran out.

    ``code`` is what ``os.waitstatus_to_exitcode`` gives; None where the worker itself was lost. A process that
    ended itself, or crashed, would do so again.
    """
    return code is None or code in (-signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM))


def sudden_end(code: int | None) -> Both:
    """What is said of a process that ended without an answer."""
    if code is None:
        return Both("proses pekerjanya hilang", en="its worker process was lost")
    if code >= 0:
        return Both(
            f"prosesnya mengakhiri diri dengan kode {code}", en=f"its process ended itself with code {code}"
        )
    name = signal.Signals(-code).name
    if may_pass(code):
        return Both(
            f"prosesnya dihentikan dari luar ({name}); mungkin memori habis",
            en=f"its process was killed from outside ({name}); memory may have run out",
        )
    return Both(f"prosesnya rusak ({name})", en=f"its process crashed ({name})")


def over_time(seconds: float) -> Both:
    """What is said of a report that took too long."""
    return Both(f"melewati batas waktu {seconds:g} detik", en=f"over the time limit of {seconds:g} s")
