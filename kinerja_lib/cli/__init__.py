"""The command line: ``kinerja``."""

from kinerja_lib.cli.app import main, make_app, run

__all__ = ["main", "make_app", "run"]
