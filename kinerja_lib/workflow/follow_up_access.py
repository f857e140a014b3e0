"""Who may take the list of people out of a project, where it may go, and the log of every time it was.

The grant in ``kinerja.toml`` records a decision; it is no lock, since who can edit the file can change it. The locks
are the permissions of the key file and of the exports. The log makes every use answerable (UU 27/2022: a purpose,
no more data than it needs, and a record of processing).
"""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.schema.identity import KEY_FILE, KEY_VARIABLE, project_key
from kinerja_lib.workflow.project import Project

LOG = "access_log.jsonl"
WHOLE = "all"
SHORTEST_REASON = 10
_NUMBER = re.compile(r"\d[\d .]{14,}\d")


def account() -> str:
    """Name of the account that runs this, from the system and not from the environment where the system tells."""
    try:
        import pwd
    except ImportError:  # Windows has no such register of accounts
        return getpass.getuser()
    return pwd.getpwuid(os.getuid()).pw_name


def require_grant(project: Project, instansi: str, user: str) -> None:
    """Refuse an account that ``[access] follow_up_list`` does not name for this agency.

    An entry is ``account`` for every agency, or ``account:agency``.

    Raises
    ------
    UsageError
    """
    granted = project.config.access.follow_up_list
    if user in granted or f"{user}:{instansi}" in granted:
        return
    whom = user if instansi == WHOLE else f"{user}:{instansi}"
    raise UsageError(
        Both(
            f"akun {user} tidak berwenang atas daftar tindak lanjut ({instansi})",
            en=f"the account {user} has no grant for the follow-up list ({instansi})",
        ),
        details=[
            Both(
                f"yang berwenang menurut kinerja.toml: {len(granted)} akun",
                en=f"granted in kinerja.toml: {len(granted)} accounts",
            )
        ],
        action=Both(
            f'penanggung jawab data menambahkan [access] follow_up_list = ["{whom}"] pada kinerja.toml',
            en=f'whoever is responsible for the data adds [access] follow_up_list = ["{whom}"] to kinerja.toml',
        ),
    )


def require_reason(reason: str) -> str:
    """The reason without blanks around it; refused where it says too little, or holds what may be a NIP.

    Raises
    ------
    UsageError
    """
    text = " ".join(reason.split())
    if len(text) < SHORTEST_REASON:
        raise UsageError(
            Both("alasan terlalu pendek", en="the reason is too short"),
            action=Both(
                '--reason "Sidang Tim Penilai Kinerja, Januari 2026"',
                en='--reason "Performance review board, January 2026"',
            ),
        )
    if _NUMBER.search(text):
        raise UsageError(
            Both(
                "alasan tidak boleh memuat NIP atau nomor orang",
                en="a reason must not hold a NIP or a person's number",
            )
        )
    return text


def require_place(project: Project, path: Path, *, replace: bool) -> Path:
    """Where the list goes: an .xlsx outside of the project, so that no report, commit or archive takes it along.

    Raises
    ------
    UsageError
    """
    place = path.expanduser().resolve()
    root = project.root.resolve()
    inside = [
        root,
        *(project.folder(name).resolve() for name in ("raw", "interim", "processed", "reference", "reports")),
    ]
    faults: list[tuple[bool, Both]] = [
        (place.suffix.lower() != ".xlsx", Both("berkas harus .xlsx", en="the file must be .xlsx")),
        (
            any(place.is_relative_to(folder) for folder in inside),
            Both(
                "daftar tidak boleh berada di dalam folder proyek (laporan, ekspor, atau repositori)",
                en="the list must not lie inside the project's folder (reports, exports or repository)",
            ),
        ),
        (not place.parent.is_dir(), Both(f"folder tidak ada: {place.parent}", en=f"no such folder: {place.parent}")),
        (place.exists() and not replace, Both(f"berkas sudah ada: {place.name}", en=f"the file is there: {place.name}")),
    ]  # fmt: skip
    for wrong, message in faults:
        if wrong:
            raise UsageError(
                message,
                action=Both(
                    "pilih berkas lain, misalnya --to ../tindak-lanjut.xlsx, atau --replace",
                    en="choose another file, such as --to ../follow-up.xlsx, or --replace",
                ),
            )
    return place


def require_key(project: Project) -> bytes:
    """The project's key, which must be there already: a new one would fit no data.

    Raises
    ------
    UsageError
        There is none, or this account may not read it.
    """
    path = project.folder("interim") / KEY_FILE
    if not os.environ.get(KEY_VARIABLE) and not os.access(path, os.R_OK):
        raise UsageError(
            Both("kunci proyek tidak ada atau tidak boleh dibaca akun ini", en="the project's key is absent, or this account may not read it"),
            details=[Both(f"dicari: {path.name} atau {KEY_VARIABLE}", en=f"looked for: {path.name} or {KEY_VARIABLE}")],
            action=Both(
                "minta penanggung jawab data menjalankan perintah ini, atau buat daftar tanpa --names",
                en="ask whoever is responsible for the data to run it, or make the list without --names",
            ),
        )  # fmt: skip
    return project_key(project.folder("interim"))


def note_access(project: Project, entry: Mapping[str, Any]) -> Path:
    """Add one line to the access log; it holds no person, only who asked, when, what for and how many.

    Raises
    ------
    OSError
        The log can't be written; nothing may be handed out then.
    """
    folder = project.folder("interim")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / LOG
    when = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    line = json.dumps({"time": when, **entry}, ensure_ascii=False, sort_keys=True) + "\n"
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    return path


def read_log(project: Project) -> list[dict[str, Any]]:
    """The access log, oldest first; empty where nobody has taken a list yet."""
    path = project.folder("interim") / LOG
    if not path.is_file():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
