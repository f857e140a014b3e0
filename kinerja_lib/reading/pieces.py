"""A piece of a text file: whole records, looked at where they were read."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class OddQuotes(Exception):
    """A quote stands inside a cell that is not quoted: where a record ends can't be told by counting quotes."""


class Piece(NamedTuple):
    """Whole records: the first bytes of what was read, not copied out of it."""

    data: bytes
    end: int

    def part(self, count: int) -> bytes:
        """The first bytes."""
        return self.data[: min(count, self.end)]

    def quoted(self) -> bool:
        """Whether a quote stands in it."""
        return self.data.find(b'"', 0, self.end) >= 0

    def text(self) -> str:
        """All of it; an error where it is not UTF-8."""
        return str(memoryview(self.data)[: self.end], "utf-8")


def check_quotes(piece: Piece, mark: int) -> None:
    """Every other quote must open a cell and the next one close it; a doubled quote does both."""
    letters = np.frombuffer(b"\n" + piece.part(piece.end) + b"\n", dtype=np.uint8)
    places = np.flatnonzero(letters == 34)
    edges = np.zeros(256, dtype=bool)
    edges[[mark, 10, 13, 34]] = True
    if len(places) % 2 or not (
        edges[letters[places[::2] - 1]].all() and edges[letters[places[1::2] + 1]].all()
    ):
        raise OddQuotes
