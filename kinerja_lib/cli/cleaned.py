"""What the cleaning decided, on the screen: unreadable cells, unknown units, notes, conflicts."""

from __future__ import annotations

from typing import Any

from kinerja_lib.cli.screen import Screen
from kinerja_lib.errors import Both

SHOWN = 10


def show_cells(screen: Screen, entry: dict[str, Any]) -> None:
    """Of one file and sheet: cells left empty by reason, unknown units with the closest names, notes."""
    from kinerja_lib.cleaning import reason_advice, reason_label

    for cell in entry["cells"]:
        words = f"{reason_label(cell['reason'], screen.lang)}; {reason_advice(cell['reason'], screen.lang)}"
        field, count = cell["field"], cell["count"]
        screen.line(
            Both(
                f"  · {count} sel {field} dikosongkan: {words}",
                en=f"  · {count} cells of {field} left empty: {words}",
            )
        )
    for unit in entry["unresolved"][:SHOWN]:
        screen.line(
            Both(
                f"  ? unit “{unit['value']}” ({unit['count']} baris); yang terdekat: {unit['closest'] or '-'}",
                en=f"  ? unit “{unit['value']}” ({unit['count']} rows); closest: {unit['closest'] or '-'}",
            )
        )
    for note in entry["flags"][:SHOWN]:
        screen.line(f"  ! {note['count']} × {reason_label(note['decision'], screen.lang)}: {note['value']}")


def show_conflicts(screen: Screen, found: dict[str, Any]) -> None:
    """How often facts contradict each other, by kind, with the first places."""
    from kinerja_lib.cleaning import reason_advice, reason_label

    for kind, count in found["conflicts"].items():
        screen.line(
            f"! {count} × {reason_label(kind, screen.lang)}; {reason_advice(kind, screen.lang)}", style="bold"
        )
        for line in [line for line in found.get("conflict_lines", []) if line["kind"] == kind][:3]:
            screen.line(f"    {line['field']} {line['periode']}: {line['places']}")
    if found["conflicts"]:
        screen.line(
            Both(
                "  selengkapnya sesudah `kinerja clean`: data/interim/conflicts.csv",
                en="  all of them after `kinerja clean`: data/interim/conflicts.csv",
            )
        )
