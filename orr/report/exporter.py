"""The nbconvert exporter `orr`: an executed notebook as one HTML file."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.templateexporter import TemplateExporter
from nbformat import NotebookNode
from traitlets import default

from orr.report.layout import folder
from orr.report.page import NoResult, failure_page, page_of


class OrrExporter(TemplateExporter):
    """Lays a report notebook out as a page without script and without requests.

    A notebook in which a cell failed, or which holds no assessment, becomes a page that
    says that it is no result.
    """

    export_from_notebook = "orr report"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_name")
    def _template_name_default(self) -> str:
        return "orr"

    @default("template_paths")
    def _template_paths(self, prune: bool = True, root_dirs: object = None) -> list[str]:
        # Only our own folder: the usual search begins in the working folder, where anyone
        # may have put a template of the same name.
        del prune, root_dirs
        return [folder()]

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """Convert a notebook.

        Returns
        -------
        tuple
            The page, and nbconvert's resources.
        """
        resources = dict(resources or {})
        try:
            resources["page"] = page_of(nb)
        except NoResult as none:
            resources["page"] = failure_page(none.cause, none.language)
        html, resources = super().from_notebook_node(nb, resources, **kw)
        return str(html), dict(resources)
