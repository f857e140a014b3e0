"""Header texts to fields: exact, then normalised, then fuzzy, with a score that is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from kinerja_lib.reading.formats import Merge
from kinerja_lib.reading.layouts import Layout, normalise
from kinerja_lib.schema.raw import HeaderMatch

FUZZY = 88.0


def header_texts(
    rows: Sequence[Sequence[str]], start: int, depth: int, merges: Sequence[Merge]
) -> list[tuple[str, ...]]:
    """Levels of each column's header, outer first, without blanks and repeats.

    A text over merged columns stands for all of them; without merged regions a blank in an outer level
    takes the text at its left where an inner level has one of its own.
    """
    width = max((len(row) for row in rows[start : start + depth]), default=0)
    grid = [
        [row[j].strip() if j < len(row) else "" for j in range(width)] for row in rows[start : start + depth]
    ]
    spans = [merge for merge in merges if start <= merge[0][0] < start + depth]
    for (top, left), (bottom, right) in spans:
        for i in range(top - start, min(bottom - start, depth - 1) + 1):
            for j in range(left, min(right, width - 1) + 1):
                grid[i][j] = grid[top - start][left]
    if not spans and depth > 1:
        for i in range(depth - 1):
            for j in range(1, width):
                if not grid[i][j] and any(grid[k][j] for k in range(i + 1, depth)):
                    grid[i][j] = grid[i][j - 1]
    return [tuple(dict.fromkeys(grid[i][j] for i in range(depth) if grid[i][j])) for j in range(width)]


def match_headers(headers: Sequence[tuple[str, ...]], layout: Layout) -> list[HeaderMatch]:
    """Field of each column under a layout; a field is given once, to its best header."""
    matches = [_match(levels, layout) for levels in headers]
    best: dict[str, int] = {}
    for number, match in enumerate(matches):
        if match.field and (match.field not in best or match.score > matches[best[match.field]].score):
            best[match.field] = number
    return [
        match
        if match.field is None or best[match.field] == number
        else HeaderMatch(match.header, None, 0.0, "none")
        for number, match in enumerate(matches)
    ]


@lru_cache(maxsize=4_096)
def _texts(levels: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """A header as it is shown, and as it is compared: all its levels, then the innermost."""
    shown = " / ".join(level.replace("\n", " ") for level in levels)
    return shown, tuple(dict.fromkeys([normalise(" ".join(levels)), normalise(levels[-1])]))


def _match(levels: tuple[str, ...], layout: Layout) -> HeaderMatch:
    if not levels:
        return HeaderMatch("", None, 0.0, "none")
    shown, texts = _texts(levels)
    for number, text in enumerate(texts):
        if text in layout.spellings:
            return HeaderMatch(shown, layout.spellings[text], 100.0 - number, "exact")
        if text in layout.ignored:
            return HeaderMatch(shown, None, 100.0, "ignored")
    text = texts[0]
    if len(text) < 5:
        return HeaderMatch(shown, None, 0.0, "none")
    best = process.extractOne(text, layout.spellings.keys(), scorer=fuzz.ratio)
    score = best[1] if best else 0.0
    if score >= FUZZY:
        spelling = max((fuzz.ratio(text, known), known) for known in layout.spellings)[1]
        return HeaderMatch(shown, layout.spellings[spelling], round(min(score, 97.0), 1), "fuzzy")
    return HeaderMatch(shown, None, round(score, 1), "none")


def missing_fields(matches: Sequence[HeaderMatch], layout: Layout) -> list[str]:
    """Required fields that no header gives; ``a|b`` is met by either."""
    found = {match.field for match in matches if match.field}
    return [need for need in layout.required if not found & set(need.split("|"))]
