"""Pseudonyms: a NIP becomes a code that only the holder of the project's key can make again.

The code is the first 60 bits of HMAC-SHA256 over the NIP, in base 32 (RFC 2104; NIST FIPS 198-1). Without
the key it can't be turned back, nor tested against a list of NIPs. The key is made once per project, lies
beside the interim data, is never committed, and never stands in a report, log or manifest (UU 27/2022).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from kinerja_lib.errors import ConfigError

KEY_FILE = "pseudonym.key"
KEY_VARIABLE = "KINERJA_PSEUDONYM_KEY"
_BYTES, _LETTERS = 10, 12  # ten bytes are sixteen letters in base 32, of which twelve are kept
_BLOCK = 64  # bytes of SHA-256's block
_BASE32 = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", dtype=np.uint8)  # RFC 4648


def pseudonym(text: str, key: bytes, *, prefix: str = "P") -> str:
    """Code for an identity: a prefix and 12 letters, the same for the same text and key.

    Parameters
    ----------
    text : str
        The NIP, 18 digits.
    key : bytes
        The project's key, at least 16 bytes.
    prefix : str
        One letter in front.

    Returns
    -------
    str
    """
    digest = hmac.digest(key, text.encode("utf-8"), "sha256")
    return prefix + base64.b32encode(digest[:_BYTES]).decode("ascii")[:_LETTERS]


def pseudonyms(texts: Iterable[str], key: bytes, *, prefix: str = "P") -> list[str]:
    """``pseudonym`` of each text, in a fifth of the time: the key is laid into HMAC's two pads once (RFC 2104)."""
    sha = hashlib.sha256
    padded = (key if len(key) <= _BLOCK else sha(key).digest()).ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ mark for byte in padded) for mark in (0x36, 0x5C))
    found = b"".join(
        [sha(outer + sha(inner + text.encode("utf-8")).digest()).digest()[:_BYTES] for text in texts]
    )
    numbers = np.frombuffer(found, dtype=np.uint8).reshape(-1, _BYTES)[:, :8].copy().view(">u8")
    shifts = np.arange(64 - 5, 64 - 5 * (_LETTERS + 1), -5, dtype=np.uint64)  # five bits are a letter
    letters = _BASE32[(numbers >> shifts) & np.uint64(31)]
    return [prefix + text.decode("ascii") for text in letters.view(f"S{_LETTERS}").ravel().tolist()]


def project_key(folder: Path) -> bytes:
    """The project's key: from the environment, from ``folder``, or made now and stored there.

    The file is readable by its owner only.

    Raises
    ------
    ConfigError
        The key is shorter than 16 bytes.
    """
    text = os.environ.get(KEY_VARIABLE, "")
    path = folder / KEY_FILE
    if not text and path.is_file():
        text = path.read_text(encoding="utf-8").strip()
    if not text:
        text = secrets.token_hex(32)
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    if len(text) < 16:
        raise ConfigError(
            f"the pseudonym key in {path.name} is too short", action="delete it; the next run makes a new one"
        )
    return text.encode("utf-8")
