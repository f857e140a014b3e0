"""Many reports, four ways, in one run on two cores: the same notebook, the same agencies, the same HTML.

    python benchmarks/batch.py                          40 agencies, three interleaved rounds
    python benchmarks/batch.py --agencies 8 --rounds 1  a quick look
    python benchmarks/batch.py --notebook annual        the annual report instead of the fifteen-cell notebook
    python benchmarks/batch.py --memory 300 --tiny 3000 memory over many reports, and very many tiny ones

The ways: ``loop``, the commands ``papermill`` and ``jupyter nbconvert`` one after the other; ``pool``,
``papermill.execute_notebook`` and nbconvert in two processes; ``kinerja``, the command ``kinerja report``;
``limit``, the cells and the rendering in one warm process a core, with no isolation at all. Rounds are
interleaved and the median is shown, since other work on the machine would favour whoever ran at the quiet hour.
A round of the loop may take a part of the agencies (``--loop``); its time is per report.

Outputs are compared cell by cell with plain papermill's: texts, tables, the figures' data, the drawings.

Long because the notebook, the ways and the comparison belong to one claim.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

THREADS = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ |= {**THREADS, "MPLBACKEND": "agg", "JE_ARROW_MALLOC_CONF": "background_thread:false"}

import nbformat  # noqa: E402 - after the thread settings
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook  # noqa: E402

CORES = 2
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
PARAMETERS = """\
instansi: str = "all"
periode: str = "2025"
lang: str = "id"
project: str = "."
"""
#: what an analyst writes: one agency's rows, three models, four charts, three tables
CELLS = (
    "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport statsmodels.formula.api as smf\n"
    "from kinerja_lib import load_panel\nfrom kinerja_lib.reporting.document import Document\n"
    "doc = Document(lang)\ndoc.cover('Laporan uji', agency=instansi)",
    "panel = load_panel(project)\nmine = panel if instansi == 'all' else panel[panel['instansi'] == instansi]\n"
    "mine = mine.rename(columns={'jp_12_bulan': 'jp', 'fasilitas_indeks': 'fasilitas'})\n"
    "mine = mine.assign(skor=mine['predikat_skor'].astype(float)).dropna(subset=['skor', 'jp', 'fasilitas', 'usia'])\n"
    "mine = mine.reset_index(drop=True)\nlen(mine)",
    "mine[['jp', 'skor']].describe()",
    "doc.table(mine.groupby('periode', observed=True)['jp'].agg(['size', 'mean']).reset_index(), 'jp', 'JP per triwulan')",
    "ols = smf.ols('skor ~ jp + fasilitas + usia', mine).fit(cov_type='cluster', "
    "cov_kwds={'groups': pd.factorize(mine['unit_kerja'])[0]})\nprint(ols.params.round(6).to_string())",
    "quarters = smf.ols('skor ~ jp + fasilitas + usia + C(periode)', mine).fit()\nprint(quarters.params.round(6).to_string())",
    "mine['baik'] = (mine['skor'] >= 4).astype(int)\n"
    "logit = smf.logit('baik ~ jp + fasilitas + usia', mine).fit(disp=False)\nprint(logit.params.round(6).to_string())",
    "rows = pd.DataFrame({'model': ['ols', 'triwulan', 'logit'], 'nilai': [m.params['jp'] for m in (ols, quarters, logit)]})\n"
    "doc.table(rows, 'model', 'Koefisien JP', formats={'nilai': 'number:4'})",
    "means = mine.groupby('periode', observed=True)['skor'].mean()\nfig, ax = plt.subplots(figsize=(6, 3))\n"
    "ax.plot(range(len(means)), means)\nax.set_xticks(range(len(means)), means.index)\n"
    "doc.figure(fig, 'tren', 'Tren', alt='Tren predikat', data=means.reset_index())",
    "units = mine.groupby('unit_kerja', observed=True)['jp'].mean().head(12)\nfig, ax = plt.subplots(figsize=(6, 3))\n"
    "ax.barh(range(len(units)), units)\nax.set_yticks(range(len(units)), [name.split('.')[-1][:24] for name in units.index])\n"
    "doc.figure(fig, 'unit', 'JP per unit', alt='JP per unit', data=units.reset_index())",
    "fig, ax = plt.subplots(figsize=(6, 3))\nax.hist(mine['jp'], bins=20)\n"
    "doc.figure(fig, 'sebaran', 'Sebaran JP', alt='Sebaran JP', data=mine['jp'].describe().reset_index())",
    "fig, ax = plt.subplots(figsize=(6, 3))\nax.errorbar(rows['nilai'], range(3), xerr=[m.bse['jp'] for m in (ols, quarters, logit)], fmt='o')\n"
    "doc.figure(fig, 'koef', 'Koefisien', alt='Koefisien', data=rows)",
    "doc.text(f'Rata-rata JP {mine[\"jp\"].mean():.2f}.')",
    "mine['predikat'].value_counts()",
)


def fifteen_cells() -> Any:
    """The notebook: a parameters cell and the cells above, with a heading."""
    cells = [new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), new_code_cell(CELLS[0])]
    cells += [new_markdown_cell("# Hasil"), *map(new_code_cell, CELLS[1:])]
    return new_notebook(cells=cells, metadata=METADATA)


def make_project(folder: Path, agencies: int) -> Path:
    """A project of a fictional government with so many agencies, its panel, and the notebook as a template."""
    import pandas as pd

    from kinerja_lib.config import starter
    from kinerja_lib.samples import synthetic_tables
    from kinerja_lib.schema.raw import ACCOUNTING_COLUMNS
    from kinerja_lib.workflow import find_project, run_panel
    from kinerja_lib.workflow.storage import write_frames

    folder.mkdir(parents=True)
    (folder / "kinerja.toml").write_text(starter("Pemerintah Uji", synthetic=True), encoding="utf-8")
    made = synthetic_tables(agencies=agencies, employees=max(250 * agencies, 600), periods="2023-Q1:2025-Q4")
    project = find_project(folder, exact=True)
    write_frames(project.folder("processed"), made.tables)
    write_frames(project.folder("interim"), {"accounting": pd.DataFrame(columns=list(ACCOUNTING_COLUMNS))})
    project.folder("reference").mkdir(parents=True, exist_ok=True)
    made.register.to_csv(project.folder("reference") / "units.csv", index=False, encoding="utf-8")
    run_panel(project)
    templates = project.folder("templates")
    templates.mkdir(parents=True)
    nbformat.write(fifteen_cells(), str(templates / "uji.ipynb"))
    return folder


class Way:
    """The reports of some agencies made one way: a name, and a function that takes codes and a folder."""

    def __init__(self, name: str, work: Callable[[Sequence[str], Path], None]) -> None:
        self.name, self.work = name, work
        self.seconds: list[float] = []
        self.cpu: list[float] = []

    def run(self, codes: Sequence[str], folder: Path) -> None:
        """Run once; keep the seconds a report, by the clock and of the processors."""
        folder.mkdir(parents=True)
        started, before = time.perf_counter(), _children_cpu()
        self.work(codes, folder)
        self.seconds.append((time.perf_counter() - started) / len(codes))
        self.cpu.append((_children_cpu() - before) / len(codes))

    @property
    def median(self) -> float:
        """Seconds a report."""
        return statistics.median(self.seconds)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def loop(template: Path, project: Path, codes: Sequence[str], folder: Path) -> None:
    """The two commands, one report after the other."""
    for code in codes:
        done = folder / f"{code}.ipynb"
        command = [
            "papermill",
            str(template),
            str(done),
            "-p",
            "instansi",
            code,
            "-p",
            "project",
            str(project),
        ]
        _call([*command, "-k", "python3", "--no-progress-bar"])
        _call(["jupyter", "nbconvert", "--to", "kinerja_html", str(done)])


def _call(command: list[str]) -> None:
    program = Path(sys.executable).parent / command[0]
    subprocess.run([str(program), *command[1:]], check=True, capture_output=True)


def pool(template: Path, project: Path, codes: Sequence[str], folder: Path) -> None:
    """``papermill.execute_notebook`` with its own kernels, and nbconvert, in two processes."""
    import multiprocessing

    with ProcessPoolExecutor(CORES, mp_context=multiprocessing.get_context("spawn")) as executor:
        list(executor.map(_plain, [(template, project, code, folder, None) for code in codes]))


def limit(template: Path, project: Path, codes: Sequence[str], folder: Path) -> None:
    """Cells and rendering in one warm process a core; the start of the two is counted, as it is everywhere."""
    import multiprocessing

    with ProcessPoolExecutor(CORES, mp_context=multiprocessing.get_context("spawn")) as executor:
        list(executor.map(_plain, [(template, project, code, folder, "kinerja") for code in codes]))


def _plain(task: tuple[Path, Path, str, Path, str | None]) -> None:
    import papermill
    from nbconvert.exporters import get_exporter

    template, project, code, folder, engine = task
    if engine:
        gc.freeze()  # the limit does not pay for collecting garbage over what was imported
    done = papermill.execute_notebook(
        str(template), str(folder / f"{code}.ipynb"), parameters={"instansi": code, "project": str(project)},
        kernel_name="python3", progress_bar=False, engine_name=engine,
    )  # fmt: skip
    page, _ = get_exporter("kinerja_html")().from_notebook_node(done)
    (folder / f"{code}.html").write_text(page, encoding="utf-8")


def kinerja(template: Path, project: Path, codes: Sequence[str], folder: Path) -> None:
    """The command; it also keeps the record, the manifests and the index page."""
    command = [
        "kinerja",
        "report",
        "--project",
        str(project),
        "--template",
        template.stem,
        "--period",
        "2025",
    ]
    command += ["--instansi", ",".join(codes), "--format", "html", "--fresh", "--workers", str(CORES), "-q"]
    _call(command)


def outputs(notebook: Any) -> list[Any]:
    """Outputs of each cell as plain values: streams by name, the rest as it is."""
    found: list[Any] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            streams: dict[str, str] = {}
            others = []
            for output in cell.outputs:
                if output.output_type == "stream":
                    streams[output.name] = streams.get(output.name, "") + output.text
                else:
                    others.append(json.loads(json.dumps(output)))
            found.append((streams, others))
    return found


def differences(template: Path, project: Path, codes: Sequence[str]) -> tuple[int, int]:
    """Cells compared with a plain kernel's, and how many differ in anything."""
    import papermill

    compared = different = 0
    for code in codes:
        made = []
        for engine in (None, "kinerja"):
            made.append(
                outputs(
                    papermill.execute_notebook(
                        str(template), None, parameters={"instansi": code, "project": str(project)},
                        kernel_name="python3", progress_bar=False, engine_name=engine,
                    )
                )
            )  # fmt: skip
        compared += len(made[0])
        different += sum(plain != ours for plain, ours in zip(*made, strict=True))
    return compared, different


def show(ways: Sequence[Way], options: argparse.Namespace, agencies: int) -> None:
    """Medians and ratios: by the clock, and by the processors' time shared by the cores a way can use.

    On a machine that does nothing else the two agree but for the waits of kernels that start and stop; on a
    busy one only the second says much.
    """
    print(
        f"\n{options.notebook}, {agencies} agencies, HTML, {CORES} processes, medians of {options.rounds} rounds"
    )
    clock = {way.name: way.median for way in ways}
    share = {way.name: statistics.median(way.cpu) / (1 if way.name == "loop" else CORES) for way in ways}
    for name, seconds in clock.items():
        print(
            f"{name:8} {seconds:7.3f} s a report by the clock, {share[name]:6.3f} s of each core it can use"
        )
    for other, wanted in (("loop", "at least 12"), ("pool", "at least 3.5")):
        if other in clock and "kinerja" in clock:
            by_clock, by_share = (each[other] / each["kinerja"] for each in (clock, share))
            print(
                f"against the {other:5}  {by_clock:6.2f} x by the clock, {by_share:6.2f} x by processors (wanted: {wanted})"
            )
    if "limit" in clock and "kinerja" in clock:
        by_clock, by_share = (each["kinerja"] / each["limit"] for each in (clock, share))
        print(
            f"against the limit  {by_clock:6.2f}   by the clock, {by_share:6.2f}   by processors (wanted: at most 1.15)"
        )


def compare_ways(options: argparse.Namespace, folder: Path) -> None:
    """The four ways, interleaved, their medians and ratios."""
    project = make_project(folder / "project", options.agencies)
    codes = agency_codes(project)
    template = project / "notebooks" / "templates" / "uji.ipynb"
    if options.notebook == "annual":
        template = Path(__file__).resolve().parents[1] / "notebooks" / "templates" / "laporan_tahunan.ipynb"
    ways = [
        Way(work.__name__, lambda some, place, work=work: work(template, project, some, place))
        for work in (loop, pool, kinerja, limit)
        if work.__name__ in options.ways.split(",")
    ]
    for number in range(options.rounds):
        for way in ways:
            some = codes[: options.loop or None] if way.name == "loop" else codes
            way.run(some, folder / f"{way.name}-{number}")
            print(
                f"round {number + 1}: {way.name:8} {way.seconds[-1]:7.3f} s a report, "
                f"{way.cpu[-1]:6.2f} s of the processors ({len(some)})",
                flush=True,
            )
    show(ways, options, len(codes))
    compared, different = differences(template, project, codes[:3])
    print(f"cells that differ from plain papermill's: {different} of {compared}")


TINY = """\
from kinerja_lib.reporting.document import Document
doc = Document(lang)
doc.cover("Laporan kecil", agency=instansi)
doc.text("Satu kalimat.")
"""


def many(count: int, template: Path, folder: Path, codes: Sequence[str]) -> None:
    """So many reports in one run: seconds of each quarter of them, and how the workers' memory grew."""
    from kinerja_lib.reporting.batch import Limits, run_batch
    from kinerja_lib.reporting.plan import make_plan
    from kinerja_lib.reporting.template import read_template

    names = [f"{codes[number % len(codes)]}" for number in range(count)]
    plan = make_plan(
        read_template(template.stem, template.parent), project=folder, reports="reports", periode="2025",
        instansi=codes, known=codes, languages=["id"], formats=["html"],
    )  # fmt: skip
    by_code = {job.instansi: job for job in plan}
    jobs = [replace(by_code[name], stem=f"{name}-{number}") for number, name in enumerate(names)]
    ends: list[float] = []
    memory: list[tuple[int, int]] = []
    started = time.perf_counter()

    def watch(event: Any) -> None:
        if event.event == "done":
            ends.append(time.perf_counter() - started)
            if len(ends) % max(count // 60, 1) == 0:
                memory.append((len(ends), _workers_memory()))

    result = run_batch(
        jobs, folder, keys={}, current=lambda job: False, ledger_folder=folder / "runs-many", workers=CORES,
        limits=Limits(), watch=watch,
    )  # fmt: skip
    marks = [0, *(ends[round(len(ends) * part / 4) - 1] for part in (1, 2, 3, 4))]
    quarters = ", ".join(f"{later - earlier:.1f}" for earlier, later in itertools.pairwise(marks))
    settled = memory[len(memory) // 10 :]
    slope = statistics.linear_regression([n for n, _ in settled], [kb for _, kb in settled]).slope
    print(
        f"\n{count} reports of {template.stem}: {len(result.failures)} failed, {ends[-1] / count:.3f} s a report"
    )
    print(
        f"seconds of each quarter: {quarters} (equal quarters: the plan and the record cost nothing that grows)"
    )
    print(
        f"memory of the workers: {settled[0][1] / 1024:.0f} MiB, at the end {settled[-1][1] / 1024:.0f} MiB; ",
        end="",
    )
    print(f"slope {slope:+.2f} KiB a report")


def _workers_memory() -> int:
    """KiB that the warm parent and its workers hold; what they share counts for each, so only the slope says much."""
    found = 0
    warm = _children(os.getpid())
    for pid in [*warm, *(worker for parent in warm for worker in _children(parent))]:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        except OSError:
            continue
        found += sum(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
    return found


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(text) for text in path.read_text(encoding="ascii").split()] if path.exists() else []


def agency_codes(project: Path) -> list[str]:
    """The agencies of the panel."""
    from kinerja_lib.reporting.status import panel_facts
    from kinerja_lib.workflow import find_project

    facts = panel_facts(find_project(project, exact=True))
    if facts is None:
        raise SystemExit("no panel")
    return list(facts["instansi"])


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--agencies", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--loop", type=int, default=0, help="agencies in a round of the loop; 0: all")
    parser.add_argument("--notebook", choices=("fifteen", "annual"), default="fifteen")
    parser.add_argument("--ways", default="loop,pool,kinerja,limit")
    parser.add_argument("--memory", type=int, default=0, help="so many reports in one run, for their memory")
    parser.add_argument("--tiny", type=int, default=0, help="so many tiny reports in one run")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        if not options.memory and not options.tiny:
            compare_ways(options, folder)
            return
        project = make_project(folder / "project", options.agencies)
        templates, codes = project / "notebooks" / "templates", agency_codes(project)
        cells = [new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}), new_code_cell(TINY)]
        nbformat.write(new_notebook(cells=cells, metadata=METADATA), str(templates / "kecil.ipynb"))
        if options.memory:
            many(options.memory, templates / "uji.ipynb", project, codes)
        if options.tiny:
            many(options.tiny, templates / "kecil.ipynb", project, codes)


if __name__ == "__main__":
    main()
