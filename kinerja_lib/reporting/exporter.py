"""What the three nbconvert exporters share: an executed notebook in, one finished file out."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters import Exporter

from kinerja_lib.reporting.collect import collect
from kinerja_lib.reporting.numbering import Numbered, number_report


class ReportExporter(Exporter):  # type: ignore[misc]
    """A report in one format; the language is the cover's. Subclasses say how it is rendered."""

    file_extension_default = ""

    def _file_extension_default(self) -> str:
        return self.file_extension_default

    def render(self, numbered: Numbered) -> str | bytes:
        """The finished file."""
        raise AssertionError(f"{type(self).__name__} does not render")

    def from_notebook_node(
        self, nb: Any, resources: Any | None = None, **options: Any
    ) -> tuple[str | bytes, Any]:
        """Turn a notebook into the file and nbconvert's resources.

        Raises
        ------
        ReportError
            A cell ended in an error, a figure has no alternative text, a cross reference leads nowhere.
        """
        nb, resources = super().from_notebook_node(nb, resources, **options)
        title = str(resources.get("metadata", {}).get("name", ""))
        return self.render(number_report(collect(nb, title=title))), resources
