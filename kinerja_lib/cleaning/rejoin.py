"""From pseudonyms back to people, in memory only: the exports are read again and their NIPs hashed again.

A pseudonym can't be turned back. Who holds the project's key and the exports can hash every NIP of the exports and
see which of them gives a wanted code; nobody else can. Nothing here is written anywhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass

import pandas as pd

from kinerja_lib.cleaning.distinct import plain
from kinerja_lib.cleaning.nip_repair import repair_nip, split_name_nip
from kinerja_lib.schema.identity import pseudonym
from kinerja_lib.schema.raw import RawTable

PROFILE = "pegawai"  # its spelling of a name goes before that of other exports


@dataclass(frozen=True, repr=False)
class Person:
    """NIP and name behind a code. Its ``repr`` shows neither, so that no traceback or log does."""

    nip: str
    name: str
    profile: bool

    def __repr__(self) -> str:
        return "Person(…)"


def people_behind(sheets: Iterable[RawTable], key: bytes, wanted: Container[str]) -> dict[str, Person]:
    """The people of these sheets whose codes are wanted.

    A NIP that lost a birth digit is not rebuilt here: the same person stands with a whole NIP in the profile.

    Parameters
    ----------
    sheets : iterable of RawTable
    key : bytes
        The project's key.
    wanted : container of str
        Codes of ``id_pegawai``.
    """
    found: dict[str, Person] = {}
    for sheet in sheets:
        if not sheet.table:
            continue
        for nip, name in _named(sheet.frame):
            code = pseudonym(nip, key)
            if code in wanted:
                person = Person(nip, name, sheet.table == PROFILE)
                before = found.get(code)
                if before is None or (person.profile, bool(name)) > (before.profile, bool(before.name)):
                    found[code] = person
    return found


def _named(frame: pd.DataFrame) -> Iterable[tuple[str, str]]:
    """Distinct (NIP, name) of a sheet; rows without a usable NIP are passed over."""
    if "nip" in frame:
        texts = frame["nip"]
        names = frame["nama"] if "nama" in frame else pd.Series("", index=frame.index, dtype="str")
    elif "nip_nama" in frame:
        pairs = [split_name_nip(str(text)) for text in frame["nip_nama"].fillna("")]
        texts = pd.Series([nip for _, nip in pairs], index=frame.index, dtype="str")
        names = pd.Series([name for name, _ in pairs], index=frame.index, dtype="str")
    else:
        return
    rows = pd.DataFrame({"nip": texts.fillna("").astype("str"), "name": names.fillna("").astype("str")})
    for text, name in rows.drop_duplicates().itertuples(index=False):
        nip = repair_nip(text)[0]
        if nip is not None:
            yield nip, plain(name)
