"""What a text is encoded in: found by its first bytes, never assumed."""

from __future__ import annotations

from kinerja_lib.errors import Both, ReadError


def encodings(head: bytes) -> tuple[str, ...]:
    """What a text may be encoded in, likeliest first: a byte order mark decides, else zeros, else UTF-8."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return (encoding,)
    if head[1:2000:2].count(0) > len(head[1:2000:2]) // 2:
        return ("utf-16-le",)
    if head[0:2000:2].count(0) > len(head[0:2000:2]) // 2:
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def decode(data: bytes, name: str) -> str:
    """Bytes as text, in the first encoding that fits."""
    for encoding in encodings(data[:4096]):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(
        Both(f"{name}: pengodean teks tidak dikenal", en=f"{name}: unknown text encoding"),
        action=Both("simpan sebagai UTF-8", en="save it as UTF-8"),
    )
