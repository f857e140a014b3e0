"""What a file holds and the cleaning decided, on the screen: rows, unreadable cells, notes, conflicts."""

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
        words = reason_label(note["decision"], screen.lang)
        screen.line(f"  ! {note['field']}: {note['count']} × {words}: {note['value']}")


def show_conflicts(screen: Screen, found: dict[str, Any]) -> None:
    """Corrections that no longer hold, and how often facts contradict each other, with the first places."""
    from kinerja_lib.cleaning import reason_advice, reason_label

    for one in found.get("stale", []):
        place = "{file} · {sheet} · {row} · {field}".format(**one)
        screen.line(
            Both(f"! koreksi tidak berlaku lagi: {place}", en=f"! a correction no longer holds: {place}")
        )
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


def show_fault(screen: Screen, fault: dict[str, Any]) -> None:
    """A file that could not be read: where it is, what is wrong, and what to do."""
    screen.line(f"! {fault['file']}", style="bold")
    for text in (fault["message"], *fault["details"]):
        screen.line(f"    {text}")
    if fault["action"]:
        screen.line(f"    -> {fault['action']}")


def show_file(screen: Screen, entry: dict[str, Any]) -> None:
    """A file and sheet: layout, columns, rows, and why rows would be rejected."""
    from kinerja_lib.cleaning import reason_advice, reason_label

    place = f"{entry['file']} · {entry['sheet']}" if entry["sheet"] else entry["file"]
    screen.line(place, style="bold")
    if not entry["table"]:
        screen.line(
            Both(
                f"  bentuk {entry['layout']}: dikenali, tidak dipakai",
                en=f"  form {entry['layout']}: known, not used",
            )
        )
        return
    numbers = {name: entry[name] for name in ("read", "kept", "rejected", "merged")}
    screen.line(
        Both(
            "  bentuk {layout} -> tabel {table}; dibaca {read}, dipakai {kept}, ditolak {rejected}, "
            "digabung {merged}".format(**entry),
            en="  form {layout} -> table {table}; read {read}, kept {kept}, rejected {rejected}, "
            "merged {merged}".format(**{**entry, **numbers}),
        )
    )
    mapped = [f"{column['header']} → {column['field']}" for column in entry["columns"] if column["field"]]
    screen.line(Both(f"  kolom: {', '.join(mapped)}", en=f"  columns: {', '.join(mapped)}"))
    for column in entry["columns"]:
        if column["how"] == "fuzzy" and column["field"]:
            screen.line(f"  ~ {column['header']} -> {column['field']} ({column['score']:g})")
        elif column["how"] == "none":
            screen.line(
                Both(
                    f"  ? {column['header']}: kolom tidak dikenal",
                    en=f"  ? {column['header']}: unknown column",
                )
            )
    for reason, count in sorted(entry["reasons"].items(), key=lambda item: -item[1]):
        screen.line(
            f"  - {count} × {reason_label(reason, screen.lang)}; {reason_advice(reason, screen.lang)}"
        )
    show_cells(screen, entry)


def show_sum(screen: Screen, found: dict[str, Any]) -> None:
    """What was checked, in one line at the end: of hundreds of files the first lines have left the screen."""
    if not found["total"]:
        return
    files, total = len({entry["file"] for entry in found["files"]}), found["total"]
    numbers = Both(
        "dibaca {read}, dipakai {kept}, ditolak {rejected}, digabung {merged}".format(**total),
        en="read {read}, kept {kept}, rejected {rejected}, merged {merged}".format(**total),
    )
    faults = len(found["faults"])
    screen.line(
        Both(
            f"{files} berkas terbaca, {faults} tidak: {numbers}",
            en=f"{files} files read, {faults} not: {numbers.en}",
        ),
        style="bold",
    )


def show_accounting(screen: Screen, summary: dict[str, Any]) -> None:
    """Rows read, kept, rejected and merged, by table, and the files that could not be read."""
    headers = (
        Both("Tabel", en="Table"),
        Both("Dibaca", en="Read"),
        Both("Dipakai", en="Kept"),
        Both("Ditolak", en="Rejected"),
        Both("Digabung", en="Merged"),
    )
    names = ("read", "kept", "rejected", "merged")
    rows = [
        [name or Both("(tidak dipakai)", en="(not used)"), *(str(counts[column]) for column in names)]
        for name, counts in sorted(summary["by_table"].items())
    ]
    rows.append([Both("Jumlah", en="Total"), *(str(summary["total"][column]) for column in names)])
    screen.table(headers, rows, right=(1, 2, 3, 4))
    for fault in summary["faults"]:
        show_fault(screen, fault)
    if summary["total"]["rejected"]:
        screen.line(
            Both(
                "Baris yang ditolak beserta alasannya: data/interim/ledger.csv",
                en="Rejected rows with their reasons: data/interim/ledger.csv",
            )
        )
    if summary.get("emptied"):
        screen.line(
            Both(
                f"{summary['emptied']} sel tidak terbaca pada baris yang dipakai: data/interim/cells.csv",
                en=f"{summary['emptied']} unreadable cells in rows that were kept: data/interim/cells.csv",
            )
        )
    show_conflicts(screen, summary)
