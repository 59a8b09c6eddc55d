"""The widget in place of a form whose files are faulty."""

from __future__ import annotations

from html import escape
from typing import Any

import ipywidgets
import traitlets
from IPython.display import display

from orr.source.faults import FaultyInput


class FaultyReview(ipywidgets.HTML):  # type: ignore[misc]
    """The faults that keep a form from opening.

    Parameters
    ----------
    faulty
        Them.
    language
        In which they are told.

    Attributes
    ----------
    faults
        Them.
    verdict
        None: there is no assessment.
    """

    verdict = traitlets.Unicode(None, allow_none=True, read_only=True)

    def __init__(self, faulty: FaultyInput, language: str) -> None:
        self.faults = faulty.faults
        self._lines = [fault.in_words(language) for fault in self.faults]
        items = "".join(f"<li>{escape(line)}</li>" for line in self._lines)
        super().__init__(f'<ul role="alert">{items}</ul>')

    def __repr__(self) -> str:
        return "\n".join(self._lines)

    def _ipython_display_(self, **_options: Any) -> None:
        # By itself it is plain HTML, which stays to be read where no kernel runs.
        display({"text/html": self.value, "text/plain": repr(self)}, raw=True)  # type: ignore[no-untyped-call]
