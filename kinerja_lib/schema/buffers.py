"""Memory for the texts of large tables.

Arrow's own choice gives pages back to the system and fetches them again for every block that it reads: a third of the
time that a million rows take. The allocators named here keep what they have for the next block.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@cache
def pool() -> Any:
    """The memory pool for large texts: jemalloc where Arrow has it, else the system's."""
    import pyarrow as pa

    if "jemalloc" in pa.supported_memory_backends():
        return pa.jemalloc_memory_pool()
    return pa.system_memory_pool()


def numbers(count: int) -> NDArray[np.int64]:
    """An array of whole numbers, not yet set, in memory that was used before."""
    import pyarrow as pa

    return np.frombuffer(pa.allocate_buffer(8 * count, memory_pool=pool()), dtype=np.int64)
