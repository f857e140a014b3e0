"""What a worker loads before it forks."""

from __future__ import annotations

import subprocess
import sys

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
