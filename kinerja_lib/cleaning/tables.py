"""Cleaned tables by name. Each distinct text of a large table is held once; texts are made when a table is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from kinerja_lib.schema.tables import typed


class Tables(Mapping[str, pd.DataFrame]):
    """Tables as ``schema.tables.typed`` gives them.

    Parameters
    ----------
    coded : mapping of str to DataFrame
        The same tables with categories in place of texts, for those who only write them.
    """

    def __init__(self, coded: Mapping[str, pd.DataFrame]) -> None:
        self.coded = dict(coded)
        self._typed: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._typed:
            self._typed[name] = typed(self.coded[name], name)
        return self._typed[name]

    def __contains__(self, name: object) -> bool:
        return name in self.coded

    def __iter__(self) -> Iterator[str]:
        return iter(self.coded)

    def __len__(self) -> int:
        return len(self.coded)


def coded(found: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """Tables with categories in place of texts where they are held so, else as they are."""
    return found.coded if isinstance(found, Tables) else found
