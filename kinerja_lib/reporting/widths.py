"""Column widths from what stands in the columns, the same for PDF and Word."""

from __future__ import annotations

from collections.abc import Sequence

from kinerja_lib.reporting.blocks import Block

_WIDEST = 46
_LONGEST_WORD = 22
_PADDING = 1.8
_LEAST = 14
_BOLD = 1.15
_LOOKED_AT = 60  # rows that decide


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
    if sum(wanted) <= capacity or sum(least) >= capacity:
        return wanted if sum(wanted) <= capacity else least
    return _lowest(block["cells"][:_LOOKED_AT], least, wanted, capacity)


def _lowest(
    cells: Sequence[Sequence[str]], least: list[float], wanted: list[float], capacity: float
) -> list[float]:
    """Widths between two bounds that make the rows low: each letter of room goes where it shortens the tallest cells most."""
    widths, places = list(least), range(len(least))
    while sum(widths) + 1 <= capacity:
        gains = [0.0] * len(widths)
        for row in cells:
            lines = [len(row[place]) / (widths[place] - _PADDING) for place in places]
            tallest = max(places, key=lines.__getitem__)
            if lines[tallest] > 1:
                gains[tallest] += lines[tallest] / (widths[tallest] - _PADDING + 1)
        open_to = [place for place in places if gains[place] > 0 and widths[place] + 1 <= wanted[place]]
        if not open_to:
            break
        widths[max(open_to, key=gains.__getitem__)] += 1
    return widths


def _longest_word(texts: list[str]) -> int:
    return min(max((len(word) for text in texts for word in text.split()), default=0), _LONGEST_WORD)
