"""Edition against edition: the change of a figure split into method, revision of data, population, real change."""

from kinerja_lib.reporting.annual import open_edition, signature
from kinerja_lib.reporting.comparison.chapter import agencies, changes, cover, pictures, population
from kinerja_lib.reporting.comparison.compare import Comparison, compare_editions
from kinerja_lib.reporting.comparison.editions import record_edition
from kinerja_lib.reporting.comparison.figures import figure, values
from kinerja_lib.reporting.comparison.split import PARTS, Change, split_change
from kinerja_lib.reporting.headline import FIGURES
from kinerja_lib.reporting.records import Record, latest

__all__ = [
    "FIGURES",
    "PARTS",
    "Change",
    "Comparison",
    "Record",
    "agencies",
    "changes",
    "compare_editions",
    "cover",
    "figure",
    "latest",
    "open_edition",
    "pictures",
    "population",
    "record_edition",
    "signature",
    "split_change",
    "values",
]
