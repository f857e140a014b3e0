"""What is said of a report whose cell failed: the chapter, the cause in both languages, how to make just it again."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

from kinerja_lib.config import FORMATS
from kinerja_lib.errors import Both, KinerjaError, ReportError, in_language
from kinerja_lib.reporting.plan import PLANNED, Job

LONGEST = 500  # characters of a cause


def cell_failed(job: Job, error: Any, cause: BaseException | None = None) -> ReportError:
    """The error of a report whose cell failed.

    Parameters
    ----------
    job : Job
    error : papermill.exceptions.PapermillExecutionError
    cause : exception, optional
        What the cell raised, where it was raised in this process.
    """
    title = _title(job, error)
    where = Both(f"sel {error.cell_index}", en=f"cell {error.cell_index}")
    if title:
        where = Both(f"bab “{title}” ({where})", en=f"chapter “{title}” ({where.en})")
    return ReportError(
        Both(
            f"{job.name}: {where} gagal ({error.ename})",
            en=f"{job.name}: {where.en} failed ({error.ename})",
        ),
        details=[*_reasons(error, cause), f"> {_failing_line(str(error.source), cause)[:100]}"],
        action=rerun_command(job),
    )


def left_early(job: Job, notebook: Any, cause: BaseException | None) -> None:
    """Refuse a notebook that a cell ended (``sys.exit()``): papermill takes it for a success, with half its cells.

    Raises
    ------
    ReportError
    """
    from papermill.exceptions import PapermillExecutionError

    for index, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                facts = (output.ename, output.evalue, output.traceback)
                error = PapermillExecutionError(index, cell.execution_count, cell.source, *facts)
                raise cell_failed(job, error, cause)


def rerun_command(job: Job) -> str:
    """The command that makes just this report again, with the parameters and formats that were asked for."""
    words = ["kinerja", "report", "--template", job.template, "--period", job.periode]
    words += ["--instansi", job.instansi, "--lang", job.lang]
    if set(job.formats) != set(FORMATS):
        words += ["--format", ",".join(job.formats)]
    for name, value in job.parameters.items():
        if name not in PLANNED:
            words += ["--set", f"{name}={value}"]
    return shlex.join([*words, "--fresh"])


def _failing_line(source: str, cause: BaseException | None) -> str:
    """The line of the cell that was at work; the first one where that is not known."""
    from ipykernel.compiler import get_file_name

    lines = source.splitlines()
    while lines and not lines[0].strip():  # IPython leaves out empty lines at the start
        lines.pop(0)
    place = cause.__traceback__ if cause else None
    number = 0
    while place is not None:
        if place.tb_frame.f_code.co_filename == get_file_name(source):  # type: ignore[no-untyped-call]
            number = place.tb_lineno
        place = place.tb_next
    if 0 < number <= len(lines):
        return lines[number - 1].strip()
    return lines[0].strip() if lines else ""


def _reasons(error: Any, cause: BaseException | None) -> list[str]:
    if isinstance(cause, KinerjaError):
        lines = [cause.message, *cause.details, *filter(None, [cause.action])]
        return [Both(str(line)[:LONGEST], en=in_language(line, "en")[:LONGEST]) for line in lines]
    if isinstance(cause, FileNotFoundError) and cause.filename:
        name = Path(str(cause.filename)).name
        return [
            Both(f"berkas tidak ada: {name}", en=f"no such file: {name}"),
            Both("bila ini tabel bersih: jalankan kinerja run", en="if it is a cleaned table: kinerja run"),
        ]
    if error.ename == "SystemExit":
        return [
            Both(
                "sel ini menghentikan notebook sebelum selesai; laporan yang terpotong tidak dibuat",
                en="this cell ended the notebook before its end; a report cut short is not made",
            )
        ]
    return [str(error.evalue)[:LONGEST]]


def _title(job: Job, error: Any) -> str:
    """The last heading above the failed cell, in the report's language; papermill put one cell in between."""
    import nbformat

    try:
        cells = nbformat.read(job.template_path, as_version=4).cells
    except (OSError, ValueError):
        return ""
    title = ""
    for cell in cells[: int(error.cell_index)]:
        other = any(
            tag.startswith("lang-") and tag != f"lang-{job.lang}" for tag in cell.metadata.get("tags", [])
        )
        if cell.cell_type == "markdown" and not other:
            heads = [line for line in cell.source.splitlines() if line.startswith("#")]
            title = heads[-1].lstrip("# ").removesuffix("{-}").strip() if heads else title
    return title
