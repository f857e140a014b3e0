"""The papermill engine ``kinerja``: cells run by an IPython shell in the process that is already warm.

A kernel costs a start, imports, a shutdown and a message per output; here none of them is paid. Isolation
comes from the caller: the batch forks one child for each report and the engine runs inside that child, so a
report still has a process of its own. ``papermill --engine kinerja`` runs the notebook in papermill's own
process, one process a command.

The class that papermill gets does not derive from papermill's own, so that this module can be imported before
papermill without a circular import: papermill loads its engines while it is itself being imported.
"""

from __future__ import annotations

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

            shell = CellShell()
            try:
                for index, cell in enumerate(nb_man.nb.cells):
                    error = _run_cell(nb_man, shell, cell, index)
                    if error is not None:
                        if causes is not None:
                            causes.append(error)
                        break
            finally:
                shell.close()

    return _Engine


def _run_cell(nb_man: Any, shell: Any, cell: Any, index: int) -> BaseException | None:
    """Run one cell and record it; the exception that ended it, if one did."""
    nb_man.cell_start(cell, index)
    if cell.cell_type != "code" or not cell.source.strip():
        nb_man.cell_complete(cell, index)
        return None
    outcome = shell.run(cell.source)
    cell.outputs, cell.execution_count = outcome.outputs, outcome.execution_count
    if outcome.error is None:
        nb_man.cell_complete(cell, index)
        return None
    nb_man.cell_exception(cell, index, exception=outcome.error)
    error: BaseException = outcome.error
    return error
