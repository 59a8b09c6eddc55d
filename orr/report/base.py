"""A report as a whole, to show in a notebook or save."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orr.report.fragment import STYLE_END, Fragment
from orr.report.html import join
from orr.report.styles import weighty

if TYPE_CHECKING:
    from orr.report.page import Page


class BaseReport(ABC):
    """A report that consists of parts."""

    @abstractmethod
    def parts(self) -> tuple[Fragment, ...]:
        """All parts in the order of the report, the record last."""

    def show(self, *parts: Fragment) -> None:
        """Show parts below one cell of a notebook, with the style of the first."""
        from IPython.display import display

        shown = [replace(part, styled=not place) for place, part in enumerate(parts)]
        display(*shown)  # type: ignore[no-untyped-call]

    def page(self) -> Page:
        """The page of all parts, as nbconvert makes it of the notebook."""
        from orr.report.page import page_of

        cells = [{"cell_type": "code", "outputs": [_output(part)]} for part in self.parts()]
        return page_of({"cells": cells}, foreign=False)

    def html(self) -> str:
        """The page as an HTML document without scripts or requests."""
        from orr.report.layout import laid_out

        return laid_out(self.page())

    def save(self, path: str | Path) -> None:
        """Write the page, in one step.

        Parameters
        ----------
        path
            The file; its folder is made where there is none.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        from orr.system.atomic import write_atomically

        write_atomically(Path(path).absolute(), self.html().encode())

    def _repr_html_(self) -> str:
        parts = self.parts()
        markup = join(*(part.standing() for part in parts))
        return f"<style>{weighty(parts[0].extra_style)}{STYLE_END}{markup}"


def _output(part: Fragment) -> dict[str, Any]:
    data, metadata = part._repr_mimebundle_()
    return {"output_type": "execute_result", "data": data, "metadata": metadata}
