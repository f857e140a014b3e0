"""The government's and every agency's report side by side: no count that one withholds follows from the others."""

from __future__ import annotations

import numpy as np
import pytest

from kinerja_lib.disclosure import determined
from kinerja_lib.reporting.annual.edition import Edition, open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.annual.linked_tables import staff_by_post
from kinerja_lib.reporting.annual.professionalism import scores, staff_by_category
from kinerja_lib.workflow import Project


@pytest.fixture(scope="module")
def editions(project: Project) -> dict[str, Edition]:
    whole = open_edition("all", "2025", "id", project.root)
    codes = sorted(whole.tables["pegawai"]["instansi"].astype("str").unique())
    return {code: open_edition(code, "2025", "id", project.root) for code in ("all", *codes)}


def test_staff_by_post_is_each_reports_own_and_withheld_together(editions: dict[str, Edition]) -> None:
    shown = {code: staff_by_post(edition) for code, edition in editions.items()}
    for code, edition in editions.items():
        staff = facts(edition, edition.year).staff
        assert shown[code].values[-1, -1] == len(staff)
        counts = staff["jenis_jabatan"].astype("str").value_counts()
        assert dict(zip(shown[code].names, shown[code].values[:-1, -1], strict=True)) == counts.to_dict()
    names = shown["all"].names
    agencies = [code for code in shown if code != "all"]
    for place, name in enumerate(names):  # each line of the tables beside that of the government
        values = np.zeros((len(agencies) + 1, 3), dtype=np.int64)
        hidden = np.zeros(values.shape, dtype=bool)
        for number, code in enumerate(agencies):
            if name in shown[code].names:
                own = shown[code].names.index(name)
                values[number], hidden[number] = shown[code].values[own], shown[code].hidden[own]
        values[-1], hidden[-1] = shown["all"].values[place], shown["all"].hidden[place]
        assert (values[:-1].sum(axis=0) == values[-1]).all()
        assert not determined(values, hidden).any()
    for one in shown.values():  # and each table by itself
        assert one.hidden[(one.values > 0) & (one.values < 5)].all()
        assert not determined(one.values, one.hidden).any()


def test_categories_of_ip_asn_are_withheld_together(editions: dict[str, Edition]) -> None:
    counts, hidden = staff_by_category(editions["all"])
    values = np.pad(counts.to_numpy(dtype=np.int64), ((0, 1), (0, 1)))
    values[:-1, -1], values[-1] = values[:-1].sum(axis=1), values[:-1].sum(axis=0)
    values[-1, -1] = values[:-1, -1].sum()
    assert not determined(values, hidden).any()
    for code, edition in editions.items():
        own, mask = staff_by_category(edition)
        assert own.equals(counts) and (mask == hidden).all()
        assert len(scores(edition, edition.year)) == (
            values[-1, -1] if code == "all" else counts.loc[code].sum()
        )
