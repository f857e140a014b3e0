"""What is said of a report whose cell failed: the chapter, the cause in both languages, how to make just it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, KinerjaError, ReportError, in_language
from kinerja_lib.reporting.plan import Job

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
    first = str(error.source).strip().splitlines() or [""]
    return ReportError(
        Both(
            f"{job.name}: {where} gagal ({error.ename})",
            en=f"{job.name}: {where.en} failed ({error.ename})",
        ),
        details=[*_reasons(error, cause), f"> {first[0][:100]}"],
        action=rerun_command(job),
    )


def rerun_command(job: Job) -> str:
    """The command that makes just this report again."""
    return (
        f"kinerja report --template {job.template} --period {job.periode} --instansi {job.instansi} "
        f"--lang {job.lang} --fresh"
    )


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
