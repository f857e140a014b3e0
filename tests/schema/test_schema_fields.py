"""``fields.toml``: each column once, complete, in both languages; frames against their tables."""

from __future__ import annotations

import pandas as pd
import pytest

from kinerja_lib.errors import SchemaError
from kinerja_lib.schema.fields import field, fields, table, tables
from kinerja_lib.schema.predikat import PREDIKAT, PREDIKAT_ORGANISASI, RATING
from kinerja_lib.schema.tables import dtype_of, faults, typed

NEEDED = {
    "pegawai", "penilaian", "pelatihan", "fasilitas", "kepemimpinan", "penghargaan", "hukuman", "survei",
    "laporan_tugas", "layanan", "organisasi", "panel", "kebutuhan_kompetensi",
    "skp", "penyuluhan", "inovasi", "pembinaan",
}  # fmt: skip


def test_all_tables_are_there() -> None:
    assert set(tables()) == NEEDED


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_a_table_names_known_columns_only(name: str) -> None:
    declared = table(name)
    assert len(set(declared.columns)) == len(declared.columns)
    assert set(declared.key) <= set(declared.columns)
    assert set(declared.required) <= set(declared.columns)
    for column in (*declared.columns, *declared.raw):
        assert column in fields()
    assert not any(field(column).raw for column in declared.columns), "a name or a NIP in a cleaned table"
    assert all(field(column).raw for column in declared.raw)


@pytest.mark.parametrize("name", sorted(fields()))
def test_a_column_is_described_in_both_languages(name: str) -> None:
    column = field(name)
    for lang in ("id", "en"):
        assert column.label(lang).strip()
        assert column.description(lang).strip().endswith(".")
        column.unit(lang)
    if column.minimum is not None and column.maximum is not None:
        assert column.minimum < column.maximum
    assert not column.ordered or column.categories


def test_every_column_is_used() -> None:
    used = {column for declared in tables().values() for column in (*declared.columns, *declared.raw)}
    assert used == set(fields())


def test_scales_agree_with_the_code() -> None:
    assert field("predikat").categories == PREDIKAT
    assert field("hasil_kerja").categories == field("perilaku_kerja").categories == RATING
    assert field("predikat_organisasi").categories == PREDIKAT_ORGANISASI


def test_unknown_names_are_refused() -> None:
    with pytest.raises(SchemaError):
        field("gaji")
    with pytest.raises(SchemaError) as caught:
        table("gaji")
    assert "pegawai" in caught.value.action


def test_typed_fills_orders_and_types() -> None:
    given = pd.DataFrame({"tahun": ["2025"], "id_pegawai": ["P1"], "instansi": ["a"], "golongan": ["III/a"]})
    result = typed(given, "pegawai")
    assert tuple(result.columns) == table("pegawai").columns
    assert result["tahun"].dtype == "Int64"
    assert result["golongan"].cat.ordered
    assert given.columns.tolist() == ["tahun", "id_pegawai", "instansi", "golongan"]
    assert faults(result, "pegawai") == []
    assert dtype_of(field("jp")) == "float64"


def test_typed_refuses_strangers() -> None:
    with pytest.raises(SchemaError, match="nama"):
        typed(pd.DataFrame({"nama": ["x"]}), "pegawai")
    with pytest.raises(SchemaError, match="tahun"):
        typed(pd.DataFrame({"tahun": ["dua ribu"]}), "pegawai")


def test_all_faults_are_listed() -> None:
    frame = typed(
        pd.DataFrame(
            {
                "id_pegawai": ["P1", "P1"],
                "tahun": [2025, 2025],
                "instansi": ["a", None],
                "tahun_lahir": [1900, 1980],
            }
        ),
        "pegawai",
    ).drop(columns="pendidikan")
    frame["jenis_kelamin"] = ["X", "L"]
    found = "\n".join(faults(frame, "pegawai"))
    for text in (
        "pendidikan",
        "instansi: 1 values missing",
        "unknown categories: X",
        "1900 is below 1930",
        "repeat the key",
    ):
        assert text in found
