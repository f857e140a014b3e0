# ruff: noqa: E501 (lists of names)
"""Pemerintah Rangkui, which does not exist: its agencies, their units, and the register of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from kinerja_lib.samples.weakness import positions

SMALL = 11  # position of the agency with about 25 people, so that small groups occur
WEAK = 7  # position of the agency with poor facilities, lenient raters and unfair rewards
REGISTER_COLUMNS = (
    "kode", "nama", "jenis", "induk", "singkatan", "alias", "berlaku_dari", "berlaku_sampai",
    "pendahulu", "penerus",
)  # fmt: skip

# name, abbreviation, share of the staff, names of the units
AGENCIES: tuple[tuple[str, str, float, tuple[str, ...]], ...] = (
    ("Dinas Pendidikan", "Disdik", 3.0, ("Sekretariat", "Bidang SMA", "Bidang SMK", "Bidang Pendidikan Khusus", "Bidang GTK", "Cabang Dinas Wilayah I", "Cabang Dinas Wilayah II", "Balai Teknologi Pendidikan", "Balai Tekkomdik", "UPTD Asrama Pelajar")),
    ("Dinas Kesehatan", "Dinkes", 2.6, ("Sekretariat", "Bidang Kesehatan Masyarakat", "Bidang P2P", "Bidang Pelayanan Kesehatan", "Bidang Sumber Daya Kesehatan", "UPTD Laboratorium Kesehatan", "UPTD Farmasi", "UPTD Bapelkes", "Puskesmas Rangkui Utara", "Puskesmas Rangkui Selatan")),
    ("Dinas Pekerjaan Umum dan Penataan Ruang", "PUPR", 1.6, ("Sekretariat", "Bidang Bina Marga", "Bidang Sumber Daya Air", "Bidang Cipta Karya", "Bidang Tata Ruang", "Bidang Jasa Konstruksi", "UPTD Peralatan", "UPTD Pengujian")),
    ("Dinas Sosial", "Dinsos", 0.9, ("Sekretariat", "Bidang Rehabilitasi Sosial", "Bidang Perlindungan Sosial", "Bidang Pemberdayaan Sosial", "Bidang Penanganan Fakir Miskin", "UPTD Panti Sosial", "UPTD Rumah Singgah")),
    ("Dinas Perhubungan", "Dishub", 1.0, ("Sekretariat", "Bidang Lalu Lintas", "Bidang Angkutan", "Bidang Pelayaran", "Bidang Keselamatan", "UPTD Pengujian Kendaraan", "UPTD Terminal", "UPTD Pelabuhan")),
    ("Dinas Komunikasi dan Informatika", "Diskominfo", 0.8, ("Sekretariat", "Bidang Informasi Publik", "Bidang Aplikasi Informatika", "Bidang Infrastruktur TIK", "Bidang Statistik", "Bidang Persandian", "UPTD Pusat Data")),
    ("Dinas Pertanian", "Distan", 1.3, ("Sekretariat", "Bidang Tanaman Pangan", "Bidang Hortikultura", "Bidang Perkebunan", "Bidang Peternakan", "Bidang Penyuluhan", "UPTD Balai Benih", "UPTD Alat dan Mesin")),
    ("Dinas Kependudukan dan Pencatatan Sipil", "Disdukcapil", 1.1, ("Sekretariat", "Bidang Pendaftaran Penduduk", "Bidang Pencatatan Sipil", "Bidang Informasi Kependudukan", "Bidang Inovasi Layanan", "UPTD Layanan Wilayah I", "UPTD Layanan Wilayah II", "UPTD Layanan Wilayah III")),
    ("Badan Kepegawaian dan Pengembangan SDM", "BKPSDM", 0.7, ("Sekretariat", "Bidang Mutasi dan Promosi", "Bidang Pengadaan dan Informasi", "Bidang Penilaian Kinerja", "Bidang Pengembangan Kompetensi", "UPTD Penilaian Kompetensi", "Subbagian Umum dan Kepegawaian")),
    ("Badan Perencanaan Pembangunan Daerah", "Bappeda", 0.8, ("Sekretariat", "Bidang Perencanaan dan Evaluasi", "Bidang Ekonomi", "Bidang Infrastruktur Wilayah", "Bidang Pemerintahan dan Manusia", "Bidang Penelitian", "Subbagian Program")),
    ("Sekretariat Daerah", "Setda", 1.5, ("Biro Pemerintahan", "Biro Hukum", "Biro Kesejahteraan Rakyat", "Biro Perekonomian", "Biro Pengadaan Barang dan Jasa", "Biro Organisasi", "Biro Umum", "Biro Administrasi Pimpinan", "Biro Administrasi Pembangunan")),
    ("Badan Kesatuan Bangsa dan Politik", "Kesbangpol", 0.0, ("Sekretariat", "Bidang Ideologi", "Bidang Politik Dalam Negeri", "Bidang Ketahanan Ekonomi", "Bidang Kewaspadaan Nasional", "Subbagian Umum", "Subbagian Keuangan")),
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """A work unit: its code, name, agency position and the share of the staff it holds."""

    code: str
    name: str
    agency: int
    share: float


@dataclass(frozen=True)
class Organisation:
    """Agencies (code, name, abbreviation) and units, in order.

    ``small`` and ``weak`` are the positions of the small and of the mildly weak agency, ``poor`` those with the
    weaknesses of ``samples.weakness``, ``strength`` the part of them that is built in.
    """

    agencies: tuple[tuple[str, str, str], ...]
    units: tuple[Unit, ...]
    small: int
    weak: int
    poor: tuple[int, ...] = ()
    strength: float = 1.0

    @property
    def agency_codes(self) -> list[str]:
        """Codes of the agencies."""
        return [code for code, _, _ in self.agencies]

    def register(self) -> pd.DataFrame:
        """The unit register, text only, in the columns of ``data/reference/units.csv``."""
        rows: list[tuple[str, ...]] = []
        for position, (code, name, short) in enumerate(self.agencies):
            alias = ";".join((f"{name} Pemerintah Rangkui", name.upper(), f"{short} Rangkui"))
            rows.append((code, name, "instansi", "", short, alias, "2017-01-01", "", "", ""))
            for unit in self.units:
                if unit.agency == position:
                    alias = ";".join(dict.fromkeys((unit.name.upper(), f"{unit.name} {short}")))
                    rows.append(
                        (
                            unit.code,
                            unit.name,
                            "unit",
                            code,
                            short_name(unit.name),
                            alias,
                            "2017-01-01",
                            "",
                            "",
                            "",
                        )
                    )
        return pd.DataFrame(rows, columns=list(REGISTER_COLUMNS), dtype="str")


def slug(text: str) -> str:
    """Lower case, words joined by hyphens."""
    return "-".join(text.lower().replace("/", " ").split())


def short_name(name: str) -> str:
    """Abbreviation as offices write it: Bid., Sub Bag, Sekr."""
    for long, short in (("Bidang ", "Bid. "), ("Subbagian ", "Subbag. "), ("Sekretariat", "Sekr.")):
        if name.startswith(long):
            return short + name[len(long) :]
    return name


def build_organisation(
    agencies: int, employees: int, poor: Sequence[str] = (), strength: float = 1.0
) -> Organisation:
    """The first ``agencies`` agencies; the last one is always the small one, where there are at least two.

    Beyond twelve, agencies are copies with a roman-like number, so that large samples can be made.
    """
    chosen = [_agency(position, agencies) for position in range(agencies)]
    small = agencies - 1 if agencies > 1 else -1
    weak = min(WEAK, agencies - 2) if agencies > 2 else -1
    reserve = min(25, employees // (2 * agencies)) if small >= 0 else 0
    total = sum(share for _, _, share, _ in chosen)
    found, units = [], []
    for position, (name, short, share, names) in enumerate(chosen):
        code = slug(name)
        found.append((code, name, short))
        staff = reserve if position == small else (employees - reserve) * share / total
        for place, unit in enumerate(names):
            weight = 1.4 if place == 0 else 0.8 + 0.1 * ((place * 3 + position) % 5)
            units.append(Unit(f"{code}.{slug(unit)}", unit, position, staff * weight))
    codes = [code for code, _, _ in found]
    return Organisation(tuple(found), tuple(units), small, weak, positions(codes, poor), strength)


def _agency(position: int, agencies: int) -> tuple[str, str, float, tuple[str, ...]]:
    if agencies > 1 and position == agencies - 1:
        return AGENCIES[SMALL]
    place = position % SMALL
    name, short, share, units = AGENCIES[place]
    turn = position // SMALL
    return (
        (name, short, share, units)
        if not turn
        else (f"{name} {turn + 1}", f"{short} {turn + 1}", share, units)
    )
