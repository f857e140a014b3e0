"""The engine gives what a real kernel gives: streams, displays, results, errors, counts."""

from __future__ import annotations

import builtins
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from papermill.exceptions import PapermillExecutionError

from kinerja_lib.display.style import apply_style
from kinerja_lib.errors import TemplateError

METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
CELLS = (
    "print('satu')\nprint('dua')",
    "import sys\nprint('keluar')\nprint('galat', file=sys.stderr)\nprint('keluar lagi')",
    "6 * 7",
    "from IPython.display import HTML, display, update_display\nhandle = display(HTML('<b>1</b>'), display_id='a')",
    "update_display(HTML('<b>2</b>'), display_id='a')",
    "display({'text/plain': 'x', 'application/vnd.kinerja.block+json': {'a': 1}}, raw=True, metadata={'m': 1})",
    "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "from IPython.display import Image, Markdown\nMarkdown('**tebal**')",
    "x = 5;",
    "x",
    "_",
    "None",
    "",
    "%%capture tangkapan\nprint('tak terlihat')",
    "tangkapan.stdout",
    "from IPython.display import clear_output\nprint('hilang')\nclear_output()\nprint('tinggal')",
    "for number in range(3):\n    clear_output(wait=True)\n    print(number)",
    "!echo luar",
    "lines = !echo dua\nlines",
    "%%bash\necho tiga",
    "%load_ext autoreload\n%autoreload 0",
    "%who_ls str",
    "?len",
    "import subprocess\nsubprocess.run(['echo', 'anak'], check=True);",
    "import os\nos.write(1, b'langsung');",
    "await __import__('asyncio').sleep(0)\n'selesai'",
    "import matplotlib.pyplot as plt\nfigure, axes = plt.subplots(figsize=(2, 1))\naxes.plot([1, 2]);",
    "plt.figure(figsize=(1, 1))\nplt.plot([2, 1])\nplt.show()",
    "figure",
    "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'\nplt.figure(figsize=(1, 1))\nplt.plot([1, 2]);",
    "class Rich:\n    def _repr_html_(self):\n        return '<i>a</i>'\n    def _repr_latex_(self):\n        return '$a$'\n"
    "    def __repr__(self):\n        return 'a'\nRich()",
    "class Bundle:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
    "        return {'text/plain': 'b', 'application/x-b+json': {'k': 1}}, {'meta': 1}\nBundle()",
    "import pickle\nclass Local:\n    pass\ntype(pickle.loads(pickle.dumps(Local()))).__name__",
    "handle = display('a', display_id=True)\nhandle.update('b')",
    "__name__, '__file__' in globals()",
    "1\n2",
    "_, __",
)


def _notebook(path: Path, *sources: str, tags: Sequence[str] = ()) -> Path:
    cells = [
        new_code_cell('nama: str = "bawaan"', metadata={"tags": ["parameters"]}),
        *(new_code_cell(source, metadata={"tags": list(tags)}) for source in sources),
    ]
    nbformat.write(new_notebook(cells=cells, metadata=METADATA), str(path))
    return path


def _outputs(notebook: Any) -> list[Any]:
    """Outputs of each cell; streams by name, since a kernel's own order of the two depends on its timing."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        streams: dict[str, str] = {}
        others = []
        for output in cell.outputs:
            if output.output_type == "stream":
                streams[output.name] = streams.get(output.name, "") + output.text
            else:
                others.append(dict(output))
        found.append((cell.execution_count, streams, others))
    return found


#: what differs from run to run whatever the engine: addresses, the kernel's process and folder, marks of time
_MARKS = (
    (re.compile(r"/\S+ipykernel_\d+/"), "<folder>"),
    (re.compile(r"\b0?x?[0-9a-f]{8,}\b"), "<address>"),
    (re.compile(r"[\d.?]+ ?(it/s|[mnµ]?s/it)"), "<rate>"),
    (re.compile(r"\d\d:\d\d"), "<minutes>"),
)


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        for pattern, mark in _MARKS:
            value = pattern.sub(mark, value)
        return value
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    return [_marked(item) for item in value] if isinstance(value, list | tuple) else value


def _execute(path: Path, engine: str | None, **parameters: Any) -> Any:
    return papermill.execute_notebook(
        str(path), None, parameters=parameters, engine_name=engine, kernel_name="python3", progress_bar=False
    )


def _by_command(path: Path, done: Path, *options: str, engine: str = "kinerja", fails: bool = False) -> Any:
    command = [sys.executable, "-m", "papermill", "--engine", engine, str(path), str(done)]
    quick = ["--no-progress-bar", "--no-request-save-on-cell-execute"]
    made = subprocess.run([*command, *quick, *options], check=False, capture_output=True)
    assert bool(made.returncode) == fails, made.stderr
    return nbformat.read(str(done), as_version=4)


@pytest.mark.filterwarnings("default")
def test_the_same_outputs_as_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apply_style()  # as a warm parent, or an earlier report of this process, has
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # a kernel that sees it leaves file descriptors alone
    path = _notebook(tmp_path / "uji.ipynb", *CELLS)
    ours, kernels = _outputs(_execute(path, "kinerja", nama="x")), _outputs(_execute(path, None, nama="x"))
    for number, (mine, theirs) in enumerate(zip(ours, kernels, strict=True)):
        assert mine == theirs, number


@pytest.mark.filterwarnings("default")
def test_hundreds_of_cells_as_a_kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    text = Path(__file__).with_name("kernel_cells.txt").read_text(encoding="utf-8")
    sources = text.removesuffix("\n").split("\n# %%\n")
    assert len(sources) > 280
    path = _notebook(tmp_path / "uji.ipynb", *sources, tags=["raises-exception"])
    # papermill goes on after such cells, and fails at the end; by the command, since pytest keeps warnings to itself
    ours, kernels = (
        _by_command(path, tmp_path / f"{engine}.ipynb", engine=engine, fails=True)
        for engine in ("kinerja", "nbclient")
    )
    code = [cell for cell in ours.cells if cell.cell_type == "code"]
    assert ours.metadata.language_info == kernels.metadata.language_info
    for source, mine, theirs, cell in zip(
        sources, _outputs(ours)[1:], _outputs(kernels)[1:], code[1:], strict=True
    ):
        assert _marked(mine) == _marked(theirs), source
        assert set(cell.metadata.papermill) == {"start_time", "end_time", "duration", "status", "exception"}


@pytest.mark.filterwarnings("default")
def test_figures_show_whatever_the_process_did_before(tmp_path: Path) -> None:
    import matplotlib
    import matplotlib.pyplot as plt

    path = _notebook(tmp_path / "uji.ipynb", "import matplotlib.pyplot as plt\nplt.plot([1, 2]);")
    for _ in range(2):
        plt.switch_backend("agg")
        matplotlib.interactive(False)
        (shown,) = _execute(path, "kinerja").cells[-1].outputs
        assert shown.output_type == "display_data" and "image/png" in shown.data


@pytest.mark.filterwarnings("default")
def test_the_engine_by_papermills_own_command(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "uji.ipynb", "nama * 2")
    notebook = _by_command(path, tmp_path / "jadi.ipynb", "-p", "nama", "ab")
    nbformat.validate(notebook)
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "'abab'"
    assert notebook.metadata.papermill.exception is None


@pytest.mark.parametrize("source", ["exit", "import sys\nsys.exit(1)", "raise KeyboardInterrupt"])
def test_a_report_that_ends_early_is_no_report(tmp_path: Path, source: str) -> None:
    with pytest.raises(PapermillExecutionError):
        _execute(_notebook(tmp_path / "uji.ipynb", source, "print('tidak sampai')"), "kinerja")


def test_papermills_own_options_are_kept(tmp_path: Path) -> None:
    """A time limit a cell, files of what cells print, a cell that is left out, a notebook of another language."""
    path = _notebook(tmp_path / "uji.ipynb", "print('luar')\nimport sys\nprint('galat', file=sys.stderr)")
    files = {name: tmp_path / name for name in ("keluaran", "kesalahan")}
    options = ["--stdout-file", str(files["keluaran"]), "--stderr-file", str(files["kesalahan"])]
    _by_command(path, tmp_path / "jadi.ipynb", *options)
    assert [file.read_text(encoding="utf-8") for file in files.values()] == ["luar\n", "galat\n"]

    if hasattr(signal, "SIGALRM"):
        slow = _notebook(tmp_path / "lama.ipynb", "import time\ntime.sleep(60)")
        with pytest.raises(PapermillExecutionError, match="more than 1 s"):
            papermill.execute_notebook(
                str(slow), None, engine_name="kinerja", execution_timeout=1, progress_bar=False
            )
    left_out = _notebook(tmp_path / "lewat.ipynb", "1 / 0", tags=["skip-execution"])
    assert _execute(left_out, "kinerja").cells[-1].outputs == []

    other = nbformat.read(str(path), as_version=4)
    other.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    nbformat.write(other, str(path))
    with pytest.raises(TemplateError, match="R"):
        papermill.execute_notebook(str(path), None, engine_name="kinerja", progress_bar=False)


def test_nobody_answers_a_question_and_standard_input_is_empty(tmp_path: Path) -> None:
    for source in ("input('siapa?')", "import getpass\ngetpass.getpass()"):
        with pytest.raises(PapermillExecutionError) as caught:
            _execute(_notebook(tmp_path / "uji.ipynb", source), "kinerja")
        assert caught.value.ename == "StdinNotImplementedError"
    source = "import subprocess, sys\nsys.stdin.read(), subprocess.run(['cat'], capture_output=True).stdout"
    shown = _execute(_notebook(tmp_path / "baca.ipynb", source), "kinerja").cells[-1].outputs[0]
    assert shown.data["text/plain"] == "('', b'')"


def test_half_a_character_does_not_spoil_the_notebook(tmp_path: Path) -> None:
    notebook = _execute(_notebook(tmp_path / "uji.ipynb", "print('a\\ud800')"), "kinerja")
    assert notebook.cells[-1].outputs[0].text == "a?\n"


def test_the_process_is_given_back_as_it_was(tmp_path: Path) -> None:
    before = dict(os.environ), builtins.input, sys.stdin, logging.getLogger().level
    _execute(_notebook(tmp_path / "uji.ipynb", "import logging\nlogging.basicConfig(level=5)"), "kinerja")
    assert (dict(os.environ), builtins.input, sys.stdin, logging.getLogger().level) == before


def test_a_long_print_is_cut_and_says_so(tmp_path: Path) -> None:
    notebook = _execute(
        _notebook(tmp_path / "uji.ipynb", "for _ in range(20):\n    print('x' * 999_999)"), "kinerja"
    )
    kept, note = notebook.cells[-1].outputs
    assert len(kept.text) == 8_000_000
    assert "12000000 karakter tidak disimpan" in note.text


def test_parameters_reach_the_cells(tmp_path: Path) -> None:
    notebook = _execute(_notebook(tmp_path / "uji.ipynb", "nama"), "kinerja", nama="007")
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "'007'"


def test_an_error_stops_the_notebook_and_is_kept(tmp_path: Path) -> None:
    path = _notebook(tmp_path / "uji.ipynb", "1 / 0", "print('tidak sampai')")
    with pytest.raises(PapermillExecutionError) as caught:
        _execute(path, "kinerja")
    assert (caught.value.ename, caught.value.source) == ("ZeroDivisionError", "1 / 0")
    with pytest.raises(PapermillExecutionError):
        _execute(_notebook(tmp_path / "salah.ipynb", "def f(:\n  pass"), "kinerja")


def test_nothing_leaks_into_the_next_notebook(tmp_path: Path) -> None:
    _execute(_notebook(tmp_path / "a.ipynb", "rahasia = 1"), "kinerja")
    notebook = _execute(_notebook(tmp_path / "b.ipynb", "'rahasia' in globals()"), "kinerja")
    assert notebook.cells[-1].outputs[0].data["text/plain"] == "False"
