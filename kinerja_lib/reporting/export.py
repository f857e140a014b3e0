"""One executed notebook to all the formats asked for, each file whole or absent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from kinerja_lib.errors import Both, UsageError
from kinerja_lib.reporting.atomic import write_atomic
from kinerja_lib.reporting.collect import collect
from kinerja_lib.reporting.html import render_html
from kinerja_lib.reporting.numbering import Numbered, number_report
from kinerja_lib.reporting.pdf import render_pdf
from kinerja_lib.reporting.word import render_docx
from kinerja_lib.reporting.workbook import render_xlsx

RENDERERS: dict[str, Callable[[Numbered], bytes]] = {
    "html": lambda numbered: render_html(numbered).encode(),
    "pdf": lambda numbered: render_pdf(numbered),
    "docx": lambda numbered: render_docx(numbered),
    "xlsx": lambda numbered: render_xlsx(numbered),
}


def export(
    nb: Any,
    stem: Path,
    formats: Sequence[str] = ("html", "pdf", "docx", "xlsx"),
    lang: str = "id",
    *,
    adrift: Callable[[Sequence[str]], None] | None = None,
) -> dict[str, Path]:
    """Write a report's files beside each other: ``stem.html``, ``stem.pdf``, ….

    The notebook is read and numbered once. All formats are rendered before the first is written, so a report
    that fails leaves nothing behind. The same notebook gives the same bytes.

    Parameters
    ----------
    nb : nbformat.NotebookNode
        An executed notebook.
    stem : Path
        Folder and name of the files, without suffix.
    formats : sequence of {"html", "pdf", "docx", "xlsx"}
    lang : {"id", "en"}
    adrift : callable, optional
        Told the marks of chapters that code refers to and the notebook does not set, where there are any.

    Returns
    -------
    dict of str to Path
        The file of each format.

    Raises
    ------
    UsageError
        Unknown format.
    ReportError
        A cell ended in an error, a figure has no alternative text, a cross reference leads nowhere.
    """
    unknown = [form for form in formats if form not in RENDERERS]
    if unknown:
        listed = ", ".join(unknown)
        raise UsageError(
            Both(f"format tidak dikenal: {listed}", en=f"unknown format: {listed}"),
            action=", ".join(RENDERERS),
        )
    numbered = number_report(collect(nb, lang, title=stem.name))
    if numbered.adrift and adrift is not None:
        adrift(numbered.adrift)
    made = {form: RENDERERS[form](numbered) for form in formats}
    files = {form: stem.with_name(f"{stem.name}.{form}") for form in made}
    for form, path in files.items():
        write_atomic(path, made[form])
    return files
