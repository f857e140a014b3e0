"""Facts that contradict each other, listed without names and numbers: for the office to settle, not for us to guess."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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


def between_rows(part: pd.DataFrame, name: str) -> list[tuple[Any, ...]]:
    """Facts that differ between rows of one key that are equally final; the first row of each key was kept.

    Parameters
    ----------
    part : DataFrame
        Rows of repeated keys by ``_key``, the kept one of each first, with ``_status`` and ``_day``.
    name : str
        Table name.
    """
    keys = part["_key"].to_numpy()
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    kept = starts[np.cumsum(np.r_[False, keys[1:] != keys[:-1]])]
    final = part["_status"].to_numpy() == part["_status"].to_numpy()[kept]
    last = final & (part["_day"].to_numpy() == part["_day"].to_numpy()[kept])
    places = [f"{place}:{row}" for place, row in zip(part["sumber"], part["baris_sumber"], strict=True)]
    codes = part["id_pegawai"].astype("str").tolist() if "id_pegawai" in part else [""] * len(part)
    when = next((part[one] for one in ("periode", "tahun") if one in part), None)
    periods = [""] * len(part) if when is None else [str(one) for one in when]
    lines: list[tuple[int, int, tuple[Any, ...]]] = []
    for order, column in enumerate(table(name).columns):
        if column in _OWN or column in table(name).key or column not in part:
            continue
        unit = column in ("unit_kerja", "instansi")
        for texts, rows in _rivals(part[column], keys, final if unit else last):
            shown = " | ".join(texts) if field(column).type != "text" else f"{len(texts)} teks"
            first = int(kept[rows[0]])
            line = ("dua_unit" if unit else "dua_isi", name, column, codes[first], periods[first], shown,
                    " | ".join(places[row] for row in rows), places[first])  # fmt: skip
            lines.append((first, order, line))
    return [line for _, _, line in sorted(lines, key=lambda one: one[:2])]


def _rivals(values: pd.Series, keys: Any, rows: Any) -> Iterator[tuple[list[str], list[int]]]:
    """The texts of each key that has several among these rows, in their order, and the rows that hold any."""
    found = np.flatnonzero(rows & values.notna().to_numpy())
    codes, texts = pd.factorize(values.iloc[found].astype("str"))
    pairs = np.unique(np.column_stack([keys[found], codes]), axis=0)[:, 0]
    several = pairs[1:][pairs[1:] == pairs[:-1]]
    inside = np.isin(keys[found], several)
    found, codes = found[inside], codes[inside]
    ends = np.flatnonzero(np.r_[keys[found][1:] != keys[found][:-1], len(found) > 0]) + 1
    names = [str(text) for text in texts]
    start = 0
    for end in ends.tolist():
        yield [names[code] for code in dict.fromkeys(codes[start:end].tolist())], found[start:end].tolist()
        start = end


def together(lines: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """All conflicts as one frame of texts with ``CONFLICT_COLUMNS``."""
    return pd.DataFrame(list(lines), columns=list(CONFLICT_COLUMNS)).astype("str")
