"""Edition against edition: hand-computed splits, recorded editions, and what is withheld."""

from __future__ import annotations

import json
import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja_lib.cli.app import run
from kinerja_lib.errors import ReportError, UsageError
from kinerja_lib.reporting.annual.edition import open_edition
from kinerja_lib.reporting.annual.facts import facts
from kinerja_lib.reporting.comparison import FIGURES, compare_editions, figure, record_edition, split_change
from kinerja_lib.reporting.comparison.chapter import _NUMBERS, _parts_shown
from kinerja_lib.reporting.comparison.compare import from_json, to_json
from kinerja_lib.reporting.comparison.editions import recorded_edition
from kinerja_lib.reporting.comparison.guard import guarded
from kinerja_lib.reporting.comparison.split import Change
from kinerja_lib.reporting.records import latest
from kinerja_lib.workflow import Project, find_project


def _people(values: dict[str, float], agency: str = "a") -> pd.DataFrame:
    return pd.DataFrame(
        {"entity": list(values), "instansi": agency, "value": list(values.values()), "weight": 1.0}
    )


def test_the_split_by_hand() -> None:
    # P, Q stay (1 → 3, 3 → 5); R (8) leaves, S (10) joins: 4 → 6
    earlier, later = _people({"P": 1, "Q": 3, "R": 8}), _people({"P": 3, "Q": 5, "S": 10})
    change = split_change("jp_mean", "a", earlier, later)
    assert (change.before, change.after, change.stayed, change.left, change.joined) == (4, 6, 2, 1, 1)
    assert change.real == pytest.approx(2)  # both gained 2
    assert change.population == pytest.approx(0)  # the gap 8 → 10 is as large as the stayers' gain


def test_method_and_revision_by_hand() -> None:
    then = _people(dict.fromkeys("PQRSTU", 4.0))  # today's program on the data of then: 4
    earlier = _people(dict.fromkeys("PQRSTU", 5.0))  # today's data: 5
    later = _people(dict.fromkeys("PQRSTU", 9.0))
    change = split_change("jp_mean", None, earlier, later, published=3.5, then=then)
    assert (change.method, change.revision, change.population, change.real) == pytest.approx((0.5, 1, 0, 4))
    assert change.total == pytest.approx(5.5)
    assert math.isnan(split_change("jp_mean", None, earlier, later).method)


def _guarded(name: str, old: dict[str, float], new: dict[str, float]) -> Change:
    change = split_change(name, "a", _people(old), _people(new))
    return guarded(name, {"a": change}, 5)["a"]


def test_few_persons_are_withheld() -> None:
    many, one_left = dict.fromkeys("ABCDEFGHIJ", 2.0), dict.fromkeys("ABCDEFGHI", 2.0)
    change = _guarded("jp_mean", many, one_left)
    assert math.isnan(change.real) and math.isnan(change.population) and change.after == 2
    few = _guarded("jp_mean", dict.fromkeys("ABC", 1.0), many)
    assert math.isnan(few.published) and few.after == 2
    units = _guarded("facilities", {"u1": 1.0, "u2": 2.0}, {"u1": 2.0, "u2": 2.0})
    assert units.real == pytest.approx(0.5)  # units are no persons


_VALUES = st.dictionaries(
    st.sampled_from([f"p{number}" for number in range(12)]), st.floats(-50, 50), min_size=1
)
_WEIGHTS = st.floats(0.1, 9)


@given(_VALUES, _VALUES, _VALUES, st.floats(-50, 50), st.data())
def test_the_parts_always_sum_to_the_change(old, new, then, published, data) -> None:
    frames = []
    for values in (old, new, then):
        frame = _people(values)
        frame["weight"] = [data.draw(_WEIGHTS) for _ in values]
        frames.append(frame)
    change = split_change("ikm", "a", frames[0], frames[1], published=published, then=frames[2])
    if not change.stayed:
        assert math.isnan(change.real)
        return
    total = change.method + change.revision + change.population + change.real
    assert total == pytest.approx(change.total, abs=1e-6)


@pytest.fixture
def own(project: Project, tmp_path: Path) -> Project:
    """A copy of the project, whose tables a test may change."""
    target = tmp_path / "proyek"
    shutil.copytree(project.root, target, ignore=shutil.ignore_patterns("reports", "editions", "cache"))
    return find_project(target, exact=True)


def test_figures_are_those_of_the_annual_report(own: Project) -> None:
    record = record_edition(own, "2024")
    assert record is not None and record.number == 1
    for code in record.figures:
        now = facts(open_edition(code, "2024", "id", own.root), 2024)
        for name in set(FIGURES) - {"covered"}:
            printed = getattr(now, name)
            kept = record.figures[code].get(name, {}).get("value", math.nan)
            assert kept == pytest.approx(printed, abs=1e-9, nan_ok=True), (code, name)
        assert record.figures[code]["covered"]["value"] == pytest.approx(now.staff["dinilai"].mean())


def test_a_revision_is_told_from_real_change(own: Project) -> None:
    unrecorded = compare_editions(own, "2024", "2025")
    assert unrecorded.record is None and math.isnan(unrecorded.changes["all"]["jp_mean"].revision)
    first = record_edition(own, "2024")
    assert first is not None and record_edition(own, "2024") is None  # nothing changed: no second record
    before = compare_editions(own, "2024", "2025").changes["all"]["jp_mean"]
    assert before.revision == pytest.approx(0, abs=1e-9) and before.method == pytest.approx(0, abs=1e-9)
    path = own.folder("processed") / "pelatihan.parquet"
    trained = pd.read_parquet(path)
    in_2024 = pd.to_datetime(trained["tanggal_selesai"]).dt.year == 2024
    trained.loc[in_2024, "jp"] += 1
    path.unlink()
    trained.to_parquet(path, index=False)
    found = compare_editions(own, "2024", "2025")
    after = found.changes["all"]["jp_mean"]
    assert found.kept and after.revision > 0.1 and after.method == pytest.approx(0, abs=1e-9)
    assert after.published == before.published and after.total == pytest.approx(before.total)
    assert after.real + after.population == pytest.approx(before.total - after.revision)
    second = record_edition(own, "2024")
    assert second is not None and second.number == 2 and latest(own, "2024") == second


def test_a_changed_copy_is_refused(own: Project) -> None:
    record = record_edition(own, "2024")
    assert record is not None and recorded_edition(own, record) is not None
    name = record.tables["pelatihan.parquet"]
    kept = own.folder("interim") / "editions" / "objects" / f"{name}.parquet"
    kept.unlink()
    assert recorded_edition(own, record) is None
    pd.DataFrame({"x": [1]}).to_parquet(kept)
    with pytest.raises(ReportError, match="berubah"):
        recorded_edition(own, record)
    assert recorded_edition(own, replace(record, tables={"panel.parquet": "0" * 64})) is None


def test_a_comparison_survives_json(own: Project) -> None:
    record_edition(own, "2024")
    found = compare_editions(own, "2024", "2025")
    again = from_json(to_json(found))
    assert to_json(again) == to_json(found) and again.record == found.record
    values = [change.after for change in again.changes["all"].values()]
    assert np.isfinite(values).sum() >= 5


@pytest.mark.parametrize("years", [("2025", "2024"), ("2024", "2024"), ("2024-Q1", "2025")])
def test_years_in_order(own: Project, years: tuple[str, str]) -> None:
    with pytest.raises(UsageError):
        compare_editions(own, *years)


def test_the_command(own: Project, capsys: pytest.CaptureFixture[str]) -> None:
    record_edition(own, "2024")
    assert run(["compare", "2024", "2025", "--project", str(own.root)]) == 0
    shown = capsys.readouterr().out
    assert "Edisi 2024" in shown and "Nyata" in shown and "JP per pegawai" in shown
    assert run(["compare", "2024", "2025", "--project", str(own.root), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["recorded"] and {row["name"] for row in plain["figures"]} == set(FIGURES)
    assert run(["compare", "2024", "2025", "--instansi", "tidak-ada", "--project", str(own.root)]) == 2
    assert run(["compare", "2020", "2025", "--project", str(own.root)]) == 2


def test_weighted_mean() -> None:
    frame = _people({"u": 10.0, "v": 40.0}).assign(weight=[3.0, 1.0])
    assert figure(frame) == pytest.approx(17.5)
    assert math.isnan(figure(frame, "none"))


@pytest.mark.parametrize(("value", "text"), [(0.95, "0,95"), (4, "4"), (20.0, "20"), (0.123456, "0,1235")])
def test_a_setting_shows_the_decimals_it_needs(value: float, text: str) -> None:
    from kinerja_lib.language import Labels
    from kinerja_lib.reporting.comparison.chapter import _setting

    assert _setting(Labels("id"), value) == text


def test_a_part_that_is_known_of_no_row_has_no_column(project: Project) -> None:
    edition = open_edition("all", "2025", "id", project.root)
    row = ["Predikat", 80.0, None, None, 1.0, 2.0, 83.0, 3.0]
    frame = pd.DataFrame([row], columns=["figure_name", *_NUMBERS])
    assert "method" not in _parts_shown(edition, frame).frame and "real" in _parts_shown(edition, frame).frame
    full = _parts_shown(edition, frame.assign(method=0.5))
    assert full.headers["method"] == "Metode" and "revision" not in full.frame
