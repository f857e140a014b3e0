"""The people of Pemerintah Rangkui: synthetic by design.

A NIP here is valid by its rule and cannot be anybody's: its sequence number is always 901 to 999, which real
offices, counting from 001 on each day, do not reach. The names are ``Pegawai Contoh`` and a number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from kinerja_lib.samples.organisation import Organisation
from kinerja_lib.samples.stream import Stream
from kinerja_lib.schema.identity import pseudonym

#: Fixed and public: there is nobody to protect. A project never uses it unless asked.
SAMPLE_KEY = b"kunci-contoh-pemerintah-rangkui"
EDUCATION = ("SMA", "D3", "D4/S1", "S2", "S3")
POSTS = ("Pelaksana", "Fungsional", "Pengawas", "Administrator", "JPT Pratama")
_PNS_GRADES = {"SMA": (4, 9), "D3": (6, 11), "D4/S1": (8, 14), "S2": (10, 15), "S3": (11, 16)}
_GRADES = [f"{roman}/{letter}" for roman in ("I", "II", "III") for letter in "abcd"] + [
    f"IV/{x}" for x in "abcde"
]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """People (one row each) and where they work, shape (people, years); -1 where not in service."""

    people: pd.DataFrame
    unit_of: Ints
    years: tuple[int, ...]
    head_of: Ints
    chief_of: Ints


def build_population(
    organisation: Organisation, employees: int, years: tuple[int, ...], seed: int
) -> Population:
    """Draw the people, make one the head of each unit and one the chief of each agency, and let some move."""
    stream = Stream(seed, "people")
    home = _homes(organisation, employees)
    heads = np.array([int(np.flatnonzero(home == unit)[0]) for unit in range(len(organisation.units))])
    first_unit = [
        next(i for i, unit in enumerate(organisation.units) if unit.agency == agency)
        for agency in range(len(organisation.agencies))
    ]
    chiefs = np.array([int(np.flatnonzero(home == unit)[1]) for unit in first_unit])
    people = _people(stream, employees, years[0], heads, chiefs)
    people["nip"] = _numbers(stream, people)
    people["nama"] = [f"Pegawai Contoh {number + 1:04d}" for number in range(employees)]
    people["id_pegawai"] = [pseudonym(nip, SAMPLE_KEY) for nip in people["nip"]]
    fixed = np.concatenate([heads, chiefs])
    return Population(people, _moves(stream, organisation, home, years, fixed, people), years, heads, chiefs)


def _homes(organisation: Organisation, employees: int) -> Ints:
    """Unit of each person; every unit gets at least three people."""
    shares = np.array([unit.share for unit in organisation.units])
    agency = np.array([unit.agency for unit in organisation.units])
    floor = np.full(len(shares), min(3, employees // len(shares)))
    small = agency == organisation.small
    room = employees - int(floor.sum())
    extra = np.where(small, 0.15, 1.0) * shares
    exact = room * extra / extra.sum()
    counts = floor + np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - np.floor(exact)), kind="stable")
    counts[order[: employees - int(counts.sum())]] += 1
    return np.repeat(np.arange(len(shares)), counts)


def _people(stream: Stream, count: int, first_year: int, heads: Ints, chiefs: Ints) -> pd.DataFrame:
    education = stream.choose((0.22, 0.18, 0.46, 0.13, 0.01), count)
    functional = stream.uniform(count) < np.array([0.15, 0.45, 0.5, 0.6, 0.7])[education]
    post = functional.astype(np.int64)
    leading = stream.uniform(count) < 0.04
    post[leading & (education >= 2)] = 2
    post[heads] = 2 + (stream.uniform(len(heads)) < 0.5)
    post[chiefs] = 4
    education[np.concatenate([heads, chiefs])] = 2 + (stream.uniform(len(heads) + len(chiefs)) < 0.4)
    age = np.clip(np.round(40 + 8.5 * stream.normal(count)), 24, 56).astype(np.int64)
    age[np.concatenate([heads, chiefs])] = np.clip(age[np.concatenate([heads, chiefs])], 38, 55)
    served = np.maximum(1, np.minimum(age - 22, np.floor(stream.uniform(count) * 24).astype(np.int64)))
    pppk = (stream.uniform(count) < 0.16) & (post < 2)
    served = np.where(pppk, np.minimum(served, 3), served)
    late = (stream.uniform(count) < 0.04) & (post < 2)
    appointed = np.where(late, first_year + 1 + stream.below(2, count), first_year - served)
    return pd.DataFrame(
        {
            "pendidikan": [EDUCATION[i] for i in education],
            "jenis_jabatan": [POSTS[i] for i in post],
            "jenjang_jabatan": _levels(stream, post, education),
            "jenis_kelamin": np.where(stream.uniform(count) < 0.52, "P", "L"),
            "lahir": [
                f"{first_year - a:04d}{m:02d}{d:02d}"
                for a, m, d in zip(age, stream.below(12, count) + 1, stream.below(28, count) + 1, strict=True)
            ],
            "tahun_lahir": first_year - age,
            "tmt_tahun": appointed,
            "status_pegawai": np.where(pppk, "PPPK", "PNS"),
            "golongan": _grades(stream, education, pppk, served),
            "masuk": np.where(late, appointed, 0),
            "keluar": np.where(
                (stream.uniform(count) < 0.04) & (post < 2) & ~late,
                first_year + 1 + stream.below(2, count),
                9999,
            ),
        }
    )


def _levels(stream: Stream, post: Ints, education: Ints) -> list[str | None]:
    skilled = ("Terampil", "Mahir", "Penyelia")
    expert = ("Ahli Pertama", "Ahli Muda", "Ahli Madya")
    place = stream.choose((0.5, 0.35, 0.15), len(post))
    return [
        None if p != 1 else (expert if e >= 2 else skilled)[i]
        for p, e, i in zip(post, education, place, strict=True)
    ]


def _grades(stream: Stream, education: Ints, pppk: NDArray[np.bool_], served: Ints) -> list[str]:
    found = []
    for level, contract, years, extra in zip(
        education, pppk, served, stream.below(2, len(education)), strict=True
    ):
        low, high = _PNS_GRADES[EDUCATION[level]]
        grade = _GRADES[min(high, low + int(years) // 4 + int(extra))]
        found.append(("V", "VII", "IX", "X", "XI")[level] if contract else grade)
    return found


def _numbers(stream: Stream, people: pd.DataFrame) -> list[str]:
    used: set[str] = set()
    found = []
    months = stream.below(12, len(people)) + 1
    starts = stream.below(99, len(people))
    for row, month, start in zip(people.itertuples(), months, starts, strict=True):
        middle = "21" if row.status_pegawai == "PPPK" else f"{month:02d}"
        stem = f"{row.lahir}{row.tmt_tahun}{middle}{'1' if row.jenis_kelamin == 'L' else '2'}"
        number = next(text for k in range(99) if (text := f"{stem}{901 + (int(start) + k) % 99}") not in used)
        used.add(number)
        found.append(number)
    return found


def _moves(
    stream: Stream,
    organisation: Organisation,
    home: Ints,
    years: tuple[int, ...],
    fixed: Ints,
    people: pd.DataFrame,
) -> Ints:
    """Each year about 4 % move, four of five inside their agency; heads and chiefs stay."""
    unit_of = np.empty((len(home), len(years)), dtype=np.int64)
    agency = np.array([unit.agency for unit in organisation.units])
    open_units = np.flatnonzero(agency != organisation.small)
    current = home.copy()
    settled = np.zeros(len(home), dtype=bool)
    settled[fixed] = True
    settled |= agency[home] == organisation.small
    for place, year in enumerate(years):
        moving: Ints = np.flatnonzero((stream.uniform(len(home)) < 0.04) & ~settled) if place else home[:0]
        for person in moving:
            inside = np.flatnonzero(agency == agency[current[person]])
            current[person] = stream.pick(
                list(inside if stream.one() < 0.8 or not len(open_units) else open_units)
            )
        here = (people["masuk"].to_numpy() <= year) & (people["keluar"].to_numpy() > year)
        unit_of[:, place] = np.where(here, current, -1)
    return unit_of
