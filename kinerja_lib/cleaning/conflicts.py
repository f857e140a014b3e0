"""Facts that contradict each other, listed without names and numbers: for the office to settle, not for us to guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from kinerja_lib.cleaning.persons import likeness, name_words
from kinerja_lib.schema.fields import field, table

CONFLICT_COLUMNS = ("kind", "table", "field", "id_pegawai", "periode", "values", "places", "kept")
OTHER_PERSON = 55.0  # names less alike than this are two people's
_OWN = frozenset({"sumber", "baris_sumber", "_sheet", "_status", "_day", "_full", "_place", "_key", "status_penilaian",
                  "tanggal_penilaian"})  # fmt: skip


@dataclass(frozen=True)
class Identity:
    """What one sheet says of people: distinct combinations of code, name and birth, with the row of the first."""

    place: str
    table: str
    frame: pd.DataFrame


def identity(
    place: str,
    kind: str,
    rows: Any,
    codes: pd.Series,
    names: pd.Series | None,
    births: pd.Series,
    own: pd.Series,
) -> Identity:
    """Distinct people of a sheet; ``own`` is the date of birth that the NIP itself holds."""
    frame = pd.DataFrame({"id": codes, "born": births, "own": own}, dtype="object")
    frame["name"] = None if names is None else names.astype("object")
    key = np.zeros(len(frame), dtype=np.int64)
    for column in ("id", "name", "born"):
        numbers, found = pd.factorize(frame[column])
        key = key * (len(found) + 1) + numbers + 1
    frame["row"] = np.asarray(rows)
    first = np.unique(key, return_index=True)[1]
    frame = frame.iloc[np.sort(first)]
    return Identity(place, kind, frame[frame["id"].notna()])


def between_people(found: Sequence[Identity]) -> list[tuple[Any, ...]]:
    """Two dates of birth for one NIP, a date of birth that its NIP denies, a NIP under two people's names."""
    parts = [one.frame.assign(place=one.place, table=one.table) for one in found if len(one.frame)]
    if not parts:
        return []
    whole = pd.concat(parts, ignore_index=True)
    lines: list[tuple[Any, ...]] = []
    dated = whole[whole["born"].notna()]
    for code, group in _several(dated, "born"):
        lines.append(
            _line("dua_tanggal_lahir", "tanggal_lahir", code, group, f"{group['born'].nunique()} tanggal")
        )
    against = dated[dated["born"] != dated["own"]]
    for code, group in against.groupby("id", sort=True):
        lines.append(_line("lahir_bukan_nip", "tanggal_lahir", str(code), group, "tanggal lahir ≠ NIP"))
    named = whole[whole["name"].notna()]
    spelled = named.drop_duplicates(["id", "name"])["id"]
    named = named[named["id"].isin(spelled[spelled.duplicated()])].copy()
    keys = {text: name_words(str(text)) for text in named["name"].unique()}
    named["words"] = named["name"].map(keys)
    for code, group in _several(named, "words"):
        first = group["words"].iloc[0]
        other = group[[likeness(first, words) < OTHER_PERSON for words in group["words"]]]
        if len(other):
            lines.append(
                _line("nip_orang_lain", "nip", code, pd.concat([group.iloc[:1], other]), "nama berbeda")
            )
    return lines


def _several(frame: pd.DataFrame, column: str) -> list[tuple[str, pd.DataFrame]]:
    """Groups of one code with more than one value, ordered by code."""
    distinct = frame.drop_duplicates(["id", column])
    codes = distinct["id"][distinct["id"].duplicated()].unique()
    part = distinct[distinct["id"].isin(codes)]
    return [(str(code), group) for code, group in part.groupby("id", sort=True)]


def _line(kind: str, name: str, code: str, group: pd.DataFrame, values: str) -> tuple[Any, ...]:
    places = " | ".join(f"{place}:{row}" for place, row in zip(group["place"], group["row"], strict=True))
    return (kind, str(group["table"].iloc[0]), name, code, "", values, places, "")


def between_rows(group: pd.DataFrame, name: str) -> list[tuple[Any, ...]]:
    """Facts that differ between rows of one key that are equally final; the first of ``group`` was kept."""
    kept = group.iloc[0]
    rivals = group[group["_status"] == kept["_status"]]
    code = str(kept["id_pegawai"]) if "id_pegawai" in group else ""
    periode = str(next((kept[part] for part in ("periode", "tahun") if part in group), ""))
    lines = []
    for column in table(name).columns:
        if column in _OWN or column in table(name).key or column not in rivals:
            continue
        unit = column in ("unit_kerja", "instansi")
        values = (rivals if unit else rivals[rivals["_day"] == kept["_day"]])[column].dropna()
        texts = values.astype("str").unique()
        if len(texts) < 2:
            continue
        kind = "dua_unit" if unit else "dua_isi"
        rows = rivals.loc[values.index]
        places = [f"{place}:{row}" for place, row in zip(rows["sumber"], rows["baris_sumber"], strict=True)]
        shown = " | ".join(texts) if field(column).type != "text" else f"{len(texts)} teks"
        lines.append(
            (
                kind,
                name,
                column,
                code,
                periode,
                shown,
                " | ".join(places),
                f"{kept['sumber']}:{kept['baris_sumber']}",
            )
        )
    return lines


def together(lines: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """All conflicts as one frame of texts with ``CONFLICT_COLUMNS``."""
    return pd.DataFrame(list(lines), columns=list(CONFLICT_COLUMNS)).astype("str")
