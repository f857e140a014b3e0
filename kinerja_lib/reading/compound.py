"""Old workbooks (OLE compound files) looked at before they are opened: a malformed one can exhaust the memory.

Only the tables that say where sectors lie are read ([MS-CFB], sections 2.2–2.4): their counts must fit the file
and no chain of sectors may run in a circle.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = 512
_BOOK = re.compile(
    rb"\x09\x08(?:\x10\x00\x00\x06|\x08\x00\x00\x05)\x05\x00"
)  # BOF of a workbook, BIFF8 or BIFF5
_FILEPASS, _BEFORE_FILEPASS = 0x2F, (0x0809, 0x86)
_LAST_SECTOR = 0xFFFFFFFA  # larger numbers are marks: end of chain, free, table

Sectors = NDArray[np.int64]


def fault_of_compound(data: bytes) -> str:
    """``damaged``, ``protected`` (an encrypted package, or an encrypted old workbook), or an empty text where nothing
    is wrong."""
    if not data.startswith(MAGIC):
        return ""
    protected = "EncryptedPackage".encode("utf-16-le") in data or _has_password(data)
    if not _sound(data):
        return "damaged"
    return "protected" if protected else ""


def _has_password(data: bytes) -> bool:
    """Whether a stream of BIFF records begins with FILEPASS ([MS-XLS] 2.4.117): only WriteProtect may stand before it."""
    for match in _BOOK.finditer(data):
        place = match.start()
        for _ in range(3):
            kind, length = (int.from_bytes(data[place + n : place + n + 2], "little") for n in (0, 2))
            if kind == _FILEPASS:
                return True
            if kind not in _BEFORE_FILEPASS:
                break
            place += 4 + length
    return False


def _sound(data: bytes) -> bool:
    if len(data) < _HEADER:
        return False
    head = np.frombuffer(data, "<u4", 128).astype(np.int64)
    shift, mini_shift = int.from_bytes(data[30:32], "little"), int.from_bytes(data[32:34], "little")
    if shift not in (9, 12) or mini_shift != 6:
        return False
    size = 1 << shift
    sectors = max((len(data) - size + size - 1) // size, 0)
    tables, directory, mini_first, mini_count, difat_first, difat_count = (
        int(head[place]) for place in (11, 12, 15, 16, 17, 18)
    )
    if not 1 <= tables <= sectors or directory >= sectors or max(mini_count, difat_count) > sectors:
        return False
    places = [int(place) for place in head[19:128] if place < _LAST_SECTOR]
    for _ in range(difat_count):
        part = _sector(data, difat_first, size, sectors)
        if part is None:
            return False
        places += [int(place) for place in part[:-1] if place < _LAST_SECTOR]
        difat_first = int(part[-1])
    parts = [_sector(data, place, size, sectors) for place in places[:tables]]
    if len(parts) < tables or any(part is None for part in parts):
        return False
    chains = np.concatenate([part for part in parts if part is not None])[:sectors]
    if not _acyclic(chains):
        return False
    return not mini_count or mini_first < sectors


def _sector(data: bytes, number: int, size: int, sectors: int) -> Sectors | None:
    if not 0 <= number < sectors:
        return None
    piece = data[(number + 1) * size : (number + 2) * size]
    return np.frombuffer(piece.ljust(size, b"\xff"), "<u4").astype(np.int64)


def _acyclic(following: Sectors) -> bool:
    """Whether each chain ends: every sector is pointed to at most once, inside the file, and none in a circle."""
    ends = following >= _LAST_SECTOR
    if (following[~ends] >= len(following)).any():
        return False
    entered = np.bincount(following[~ends], minlength=len(following))
    if (entered > 1).any():
        return False
    place = following.copy()
    for _ in range(max(len(following), 1).bit_length() + 1):  # doubling the step ends every chain that ends
        going = place < _LAST_SECTOR
        if not going.any():
            return True
        place[going] = place[place[going]]
    return not (place < _LAST_SECTOR).any()
