"""One BLAS thread while many small matrices are worked on.

A multithreaded BLAS loses more in waking its threads than a 10 x 10 product costs: 170 s against 4 s were
measured for the crossed-effects model. The controller is looked up once, on first use.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any


@cache
def _controller() -> Any:
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


@contextmanager
def single_threaded() -> Iterator[None]:
    """Hold BLAS and OpenMP to one thread inside the ``with`` block; the former setting comes back."""
    with _controller().limit(limits=1):
        yield
