"""One row per key: the more final status wins, then the later, then the more complete, then the first."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja_lib.schema.fields import field, table

_OWN = ("sumber", "baris_sumber", "_sheet")


def merge_duplicates(frame: pd.DataFrame, name: str) -> tuple[pd.DataFrame, list[tuple[Any, ...]]]:
    """Rows kept, and a ledger line for each that was merged, naming the row that won."""
    key = list(table(name).key)
    again = frame.duplicated(subset=key, keep=False)
    if not again.any():
        return frame, []
    part = frame[again].copy()
    stages = {stage: place for place, stage in enumerate(field("status_penilaian").categories)}
    part["_status"] = part["status_penilaian"].map(stages).fillna(-1) if "status_penilaian" in part else 0
    part["_day"] = pd.to_datetime(part["tanggal_penilaian"]) if "tanggal_penilaian" in part else pd.NaT
    part["_full"] = part.notna().sum(axis=1)
    part["_place"] = range(len(part))
    part = part.sort_values(
        ["_status", "_day", "_full", "_place"], ascending=[False, False, False, True], na_position="last"
    )
    facts = [column for column in frame.columns if column not in _OWN]
    lost, winners = [], {}
    for number, row in zip(
        part.index, part[[*facts, "sumber", "baris_sumber", "_status"]].to_dict("records"), strict=True
    ):
        ident = tuple("" if pd.isna(row[column]) else row[column] for column in key)
        if ident not in winners:
            winners[ident] = row
            continue
        won = winners[ident]
        same = all(
            row[column] == won[column] or (pd.isna(row[column]) and pd.isna(won[column])) for column in facts
        )
        reason = (
            "kembar" if same else "versi_lama" if row["_status"] < won["_status"] else "fakta_bertentangan"
        )
        file, _, sheet = row["sumber"].rpartition("#")
        lost.append(
            (
                number,
                (
                    file,
                    sheet,
                    row["baris_sumber"],
                    name,
                    "merged",
                    reason,
                    "",
                    "",
                    f"{won['sumber']}:{won['baris_sumber']}",
                ),
            )
        )
    return frame.drop(index=[number for number, _ in lost]), [line for _, line in lost]
