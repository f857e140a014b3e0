"""From a file to raw tables: reading repairs nothing, it finds the table and names its columns."""

from kinerja_lib.reading.databases import read_database
from kinerja_lib.reading.layouts import Layout, load_layouts
from kinerja_lib.reading.read import FileFault, read_export, read_folder

__all__ = ["FileFault", "Layout", "load_layouts", "read_database", "read_export", "read_folder"]
