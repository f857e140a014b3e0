"""Column widths from what stands in the columns, the same for PDF and Word."""

from __future__ import annotations

from kinerja_lib.reporting.blocks import Block

_WIDEST = 46
_LONGEST_WORD = 22
_PADDING = 1.8
_LEAST = 14
_BOLD = 1.15


def column_shares(block: Block, capacity: float) -> list[float]:
    """A share of the table's width for each column, in letters.

    A column of numbers needs its longest number and the longest word of its heading; a column of text asks
    for its longest cell up to a limit (a higher one where its cells are sentences), and gives way where the table is fuller than ``capacity`` letters.
    """
    wanted, least = [], []
    for place, title in enumerate(block["columns"]):
        cells = [row[place] for row in block["cells"]]
        longest = max((len(cell) for cell in cells), default=0)
        heading = _longest_word([title]) * _BOLD
        if block["aligns"][place] == "left":
            typical = sum(map(len, cells)) / max(len(cells), 1)
            floor = max(heading, _longest_word(cells), min(longest, _LEAST))
            ask = max(min(longest, max(typical * 1.6, 12), max(_WIDEST, typical * 0.6)), floor)
        else:
            ask = floor = max(heading, longest)
        least.append(floor + _PADDING)
        wanted.append(max(ask, min(len(title) / 2.5, _WIDEST)) + _PADDING)
    excess, slack = sum(wanted) - capacity, sum(wanted) - sum(least)
    if excess <= 0 or slack <= 0:
        return wanted
    part = min(excess / slack, 1.0)
    return [ask - (ask - floor) * part for ask, floor in zip(wanted, least, strict=True)]


def _longest_word(texts: list[str]) -> int:
    return min(max((len(word) for text in texts for word in text.split()), default=0), _LONGEST_WORD)
