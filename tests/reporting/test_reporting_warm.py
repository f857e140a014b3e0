"""What a worker loads before it forks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from kinerja_lib.reporting.worker import ENVIRONMENT
from kinerja_lib.workflow import shared_tables

needs_fork = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="threads are counted in /proc")

PROGRAM = """\
import sys
from kinerja_lib.reporting.warm import warm_up
warm_up()
print("rfc3987_syntax" in sys.modules, "statsmodels" in sys.modules)
import jsonschema
checker = jsonschema.FormatChecker(["iri"])
print(checker.conforms("https://contoh.go.id/déjà", "iri"), checker.conforms("bukan iri", "iri"))
print("lark" in sys.modules)
"""


def test_the_grammar_of_addresses_loads_when_one_is_checked() -> None:
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert made.stdout.split() == ["False", "False", "True", "False", "True"]


IN_A_FRESH_PROCESS = """\
import os, sys
import pandas as pd
from pathlib import Path
from kinerja_lib.workflow.shared_tables import read_table, share_tables, tables_asked
path = Path(sys.argv[1])
share_tables([str(path), str(path.with_name("hilang.parquet"))])
print(len(os.listdir("/proc/self/task")), tables_asked())
held = read_table(path)
held.loc[0, "a"] = 99
print(read_table(path)["a"].tolist(), tables_asked() == [str(path)])
pd.DataFrame({"a": [7]}).to_parquet(path)
print(read_table(path)["a"].tolist())
"""


@needs_fork
def test_tables_are_held_without_a_thread_and_never_when_old_or_changed(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pd.DataFrame({"a": [1, 2], "b": ["x", None]}).to_parquet(path)
    made = subprocess.run(
        [sys.executable, "-c", IN_A_FRESH_PROCESS, str(path)],
        capture_output=True, text=True, check=True, env={**os.environ, **ENVIRONMENT},
    )  # fmt: skip
    assert made.stdout.splitlines() == ["1 []", "[1, 2] True", "[7]"]


def test_a_held_table_is_the_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_tables, "_held", {})
    path = tmp_path / "t.parquet"
    frame = pd.DataFrame(
        {
            "teks": ["x", None], "kategori": pd.Categorical(["b", None]), "tanggal": pd.to_datetime(["2025-01-01", None]),
            "bulat": pd.array([1, None], dtype="Int64"), "benar": [True, False], "nilai": [0.5, float("nan")],
        }
    )  # fmt: skip
    frame.to_parquet(path)
    shared_tables.share_tables([str(path)])
    pd.testing.assert_frame_equal(shared_tables.read_table(path), pd.read_parquet(path), check_exact=True)
    monkeypatch.setattr(shared_tables, "MOST_BYTES", 10)
    shared_tables.share_tables([str(path)])
    assert shared_tables._held == {}
