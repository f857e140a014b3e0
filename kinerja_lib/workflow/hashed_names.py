"""Names of people as hashes: eight bytes a name, and none can be read from them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from kinerja_lib.cleaning.free_text import known_names
from kinerja_lib.reading import Layout
from kinerja_lib.workflow.origins import Origin, read_origin


@dataclass(frozen=True)
class HashedNames(Container[tuple[str, ...]]):
    """Names as sorted 64-bit hashes: eight bytes a name."""

    hashes: NDArray[np.uint64]

    def __contains__(self, name: object) -> bool:
        one = hash_of(name) if isinstance(name, tuple) else np.uint64(0)
        place = int(np.searchsorted(self.hashes, one))
        return place < len(self.hashes) and bool(self.hashes[place] == one)


def hash_of(name: tuple[str, ...]) -> np.uint64:
    """Hash of a name's words."""
    return np.frombuffer(blake2b(" ".join(name).encode(), digest_size=8).digest(), dtype="<u8")[0]


def names_of(origin: Origin, layouts: tuple[Layout, ...]) -> NDArray[np.uint64]:
    """Hashes of the names in a file; none of a file that can't be read, which the second pass reports."""
    names = known_names(read_origin(origin, layouts)[0])
    return np.array([hash_of(name) for name in names], dtype=np.uint64)
