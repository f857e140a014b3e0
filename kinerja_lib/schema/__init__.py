"""What a row is: fields, tables, periods, civil servant numbers, predicates, pseudonyms."""

from kinerja_lib.schema.fields import Field, Table, field, table
from kinerja_lib.schema.nip import Nip
from kinerja_lib.schema.periode import Periode
from kinerja_lib.schema.predikat import PREDIKAT, predikat_from_matrix

__all__ = [
    "PREDIKAT",
    "Field",
    "Nip",
    "Periode",
    "Table",
    "field",
    "predikat_from_matrix",
    "table",
]
