"""What a cleaning came to, as plain values for a screen or a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from kinerja_lib.cleaning import CleanResult
from kinerja_lib.cleaning.tables import coded
from kinerja_lib.errors import in_language
from kinerja_lib.reading import FileFault


def summary_of(result: CleanResult, faults: list[FileFault], lang: str) -> dict[str, Any]:
    """A cleaning's result as plain values."""
    accounting = result.accounting
    numbers = ["read", "kept", "rejected", "merged"]
    return {
        "files": accounting.to_dict("records"),
        "faults": [fault_entry(fault, lang) for fault in faults],
        "tables": {name: len(frame) for name, frame in sorted(coded(result.tables).items())},
        "total": {name: int(accounting[name].sum()) for name in numbers},
        "by_table": accounting.groupby("table")[numbers].sum().astype(int).to_dict("index"),
        "reasons": {str(name): int(count) for name, count in result.ledger["reason"].value_counts().items()},
        "linked": int((result.decisions["decision"] == "dihubungkan").sum()),
        "emptied": int(result.cells["kept"].sum()),
        "conflicts": {str(name): int(n) for name, n in result.conflicts["kind"].value_counts().items()},
    }


def faults_frame(faults: Sequence[FileFault]) -> pd.DataFrame:
    """Files that could not be read, with message and next action in both languages."""
    entries = [(fault_entry(fault, "id"), fault_entry(fault, "en")) for fault in faults]
    rows = [
        (one["file"], one["message"], two["message"], one["action"], two["action"]) for one, two in entries
    ]
    names = ["file", "message", "message_en", "action", "action_en"]
    return pd.DataFrame(rows, columns=names).astype("str")


def fault_entry(fault: FileFault, lang: str) -> dict[str, Any]:
    """A file that could not be read, as plain values."""
    error = fault.error
    return {
        "file": fault.file,
        "message": in_language(error.message, lang),
        "details": [in_language(text, lang) for text in error.details],
        "action": in_language(error.action, lang),
    }
