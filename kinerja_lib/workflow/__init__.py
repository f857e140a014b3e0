"""Raw folder -> tables -> panel: the one place where the stages meet."""

from kinerja_lib.workflow.check import check
from kinerja_lib.workflow.comparison import tables_at
from kinerja_lib.workflow.project import Project, find_project
from kinerja_lib.workflow.stages import run_clean, run_panel
from kinerja_lib.workflow.storage import load_accounting, load_coverage, load_ledger, load_panel, load_table

__all__ = [
    "Project",
    "check",
    "find_project",
    "load_accounting",
    "load_coverage",
    "load_ledger",
    "load_panel",
    "load_table",
    "run_clean",
    "run_panel",
    "tables_at",
]
