"""The papermill engine ``kinerja``: cells run by an IPython shell in the process that is already warm.

A kernel costs a start, imports, a shutdown and a message per output; here none of them is paid. Isolation
comes from the caller: the batch forks one child for each report and the engine runs inside that child, so a
report still has a process of its own. ``papermill --engine kinerja`` runs the notebook in papermill's own
process, one process a command.

The class that papermill gets does not derive from papermill's own, so that this module can be imported before
papermill without a circular import: papermill loads its engines while it is itself being imported.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any


class KinerjaEngine:
    """Runs the cells of a notebook in this process (see the module)."""

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **arguments: Any) -> Any:
        """Execute a notebook; the arguments are those of ``papermill.engines.Engine.execute_notebook``.

        ``causes``, a list, is given the exception that ended the notebook, if one did.

        Parameters
        ----------
        nb : NotebookNode
        kernel_name : str
            Recorded; the cells run in this interpreter, so it must be a Python kernel's.

        Returns
        -------
        NotebookNode
            With outputs, execution counts and papermill's own record.
        """
        return _papermill_engine().execute_notebook(nb, kernel_name, **arguments)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Kernel name that papermill records: the given one, or the notebook's."""
        return str(_papermill_engine().nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Language that papermill writes parameters in: the given one, or the notebook's."""
        return str(_papermill_engine().nb_language(nb, language))


def _papermill_engine() -> Any:
    from papermill.engines import Engine

    class _Engine(Engine):  # type: ignore[misc]
        @classmethod
        def execute_managed_notebook(
            cls, nb_man: Any, kernel_name: str, causes: list[BaseException] | None = None, **arguments: Any
        ) -> None:
            from kinerja_lib.reporting.shell import CellShell
            from kinerja_lib.reporting.template_cells import check_kernel

            check_kernel(nb_man.nb, Path(nb_man.nb.metadata.papermill.get("input_path") or "notebook").name)

            shell = CellShell()
            try:
                for index, cell in enumerate(nb_man.nb.cells):
                    try:
                        nb_man.cell_start(cell, index)
                        if not _run_cell(nb_man, shell, index, causes, arguments):
                            break
                    finally:
                        nb_man.cell_complete(cell, index)
            finally:
                shell.close()
            nb_man.nb.metadata["language_info"] = _language()

    return _Engine


def _run_cell(
    nb_man: Any, shell: Any, index: int, causes: list[BaseException] | None, arguments: dict[str, Any]
) -> bool:
    """Run one cell and record it; whether the notebook goes on."""
    cell = nb_man.nb.cells[index]
    tags = cell.metadata.get("tags", [])
    if cell.cell_type != "code" or not cell.source.strip() or "skip-execution" in tags:
        return True
    started = _now()
    from kinerja_lib.reporting.shell_process import time_limit

    with time_limit(arguments.get("execution_timeout")):
        outcome = shell.run(cell.source)
    ended = _now()
    cell.outputs, cell.execution_count = outcome.outputs, outcome.execution_count
    cell.metadata["execution"] = {
        "iopub.status.busy": started,
        "iopub.execute_input": started,
        "shell.execute_reply": ended,
        "iopub.status.idle": ended,
    }
    _pass_on(outcome.outputs, arguments)
    if not outcome.failed or "raises-exception" in tags:
        return True
    nb_man.cell_exception(cell, index, exception=outcome.error)
    if causes is not None and outcome.error is not None:
        causes.append(outcome.error)
    return False


def _pass_on(outputs: list[Any], arguments: dict[str, Any]) -> None:
    """To papermill's log and files of outputs, where they were asked for."""
    wanted = {name: arguments.get(name) for name in ("log_output", "stdout_file", "stderr_file")}
    if not any(wanted.values()):
        return
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.log import logger

    for output in outputs:
        PapermillNotebookClient.log_output_message(SimpleNamespace(log=logger, **wanted), output)


def _language() -> dict[str, Any]:
    """What a Python kernel says of its language."""
    return {
        "name": "python",
        "version": platform.python_version(),
        "mimetype": "text/x-python",
        "codemirror_mode": {"name": "ipython", "version": 3},
        "pygments_lexer": "ipython3",
        "nbconvert_exporter": "python",
        "file_extension": ".py",
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
