"""The error about a file that no layout fits: what was found, what is closest, what it lacks, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kinerja_lib.errors import Both, ReadError
from kinerja_lib.reading.finding import Found, closest_table
from kinerja_lib.reading.formats import Sheet
from kinerja_lib.reading.headers import missing_fields
from kinerja_lib.reading.layouts import Layout


def _quotable(found: Found) -> str:
    """Unmatched headers for an error; none where the row may be data, since its cells may be a person's.

    A row is taken for a header only where most of its cells are known and none holds a long number.
    """
    texts = [match.header for match in found.matches if match.header]
    known = sum(match.field is not None or match.how == "ignored" for match in found.matches)
    long_number = any(re.search(r"\d{6,}", re.sub(r"[\s.'-]", "", text)) for text in texts)
    if long_number or 2 * known < len(texts):
        return ""
    return ", ".join(
        match.header
        for match in found.matches
        if match.header and match.field is None and match.how != "ignored"
    )


def no_layout(name: str, sheets: Sequence[Sheet], layouts: Sequence[Layout]) -> ReadError:
    """Say which headers were found, which layout is closest, and what it lacks."""
    candidates = [found for sheet in sheets if (found := closest_table(sheet, layouts)) is not None]
    if not candidates:
        return ReadError(
            Both(f"{name}: tidak ada tajuk tabel yang dikenal", en=f"{name}: no known table header"),
            action=Both(
                f'periksa isinya; untuk bentuk baru: kinerja layout new "{name}"',
                en=f'look at what it holds; for a new form: kinerja layout new "{name}"',
            ),
        )
    best = max(candidates, key=lambda found: found.matched)
    lacking = ", ".join(need.replace("|", " / ") for need in missing_fields(best.matches, best.layout))
    headers = _quotable(best)
    total = sum(bool(match.header) for match in best.matches)
    where = f"reading/layouts/{best.layout.name}.toml"
    return ReadError(
        Both(f"{name}: kolom tidak ada: {lacking}", en=f"{name}: columns missing: {lacking}"),
        details=[
            Both(f"tajuk tak dikenal   -> {headers or '-'}", en=f"unknown headers     -> {headers or '-'}"),
            Both(
                f"layout terdekat     -> {best.layout.name} ({best.matched} dari {total} tajuk)",
                en=f"closest layout      -> {best.layout.name} ({best.matched} of {total} headers)",
            ),
        ],
        action=Both(
            f'kinerja layout new "{name}" mengusulkan layout; atau tambahkan ejaannya di {where}',
            en=f'kinerja layout new "{name}" proposes a layout; or add the spellings to {where}',
        ),
    )
