"""Periods that can be compared: the project's tables with the agencies and units of one date."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from kinerja_lib.cleaning import Harmonised, Register, harmonise
from kinerja_lib.cleaning.lineage import CHANGE_COLUMNS
from kinerja_lib.errors import UsageError
from kinerja_lib.schema.periode import Periode
from kinerja_lib.workflow.project import Project, find_project


def tables_at(
    place: Project | Path | str, tables: Mapping[str, pd.DataFrame], periode: str | Periode
) -> Harmonised:
    """Tables with the units at the end of a period, by the project's register; as they are where it has none.

    Parameters
    ----------
    place : Project or path
        A project, its folder, or a folder in it.
    tables : mapping of str to DataFrame
    periode : str or Periode

    Returns
    -------
    Harmonised
        ``tables``, and ``changes``: column, code, new code, kind (``ganti_nama``, ``gabung``, ``pecah``,
        ``tanpa_penerus``) and rows. Codes of the last two kinds stay: over that date they are not comparable.
    """
    register = register_of(place)
    if register is None or not register.dated:
        return Harmonised(dict(tables), pd.DataFrame(columns=list(CHANGE_COLUMNS)))
    return harmonise(tables, register, periode)


def register_of(place: Project | Path | str) -> Register | None:
    """The register of the project that a folder belongs to; None where there is none."""
    try:
        project = place if isinstance(place, Project) else find_project(Path(place))
        return project.register()
    except UsageError:
        return None
