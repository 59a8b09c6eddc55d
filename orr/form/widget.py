"""The form as an anywidget: one model, one comm, messages both ways."""

from __future__ import annotations

import os
import traceback
from datetime import date
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import DisplayHandle, display

from orr.form import bundle
from orr.form.asked import item_asked
from orr.form.conversation import Conversation
from orr.form.session import Session
from orr.form.snapshot import still, waiting
from orr.workspace.workspace import Workspace


class ReviewForm(anywidget.AnyWidget):
    """A review's form.

    Parameters
    ----------
    session
        The review.
    by
        Who answers, where it is known; else the page asks once.
    suggested
        Whose server this is: who answers, unless somebody else looks at it too.
    at
        The item to which the page goes.

    Attributes
    ----------
    verdict
        The verdict at this moment; it can be observed.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Unicode(read_only=True)

    def __init__(
        self, session: Session, by: str | None = None, suggested: str | None = None, at: str | None = None
    ) -> None:
        super().__init__(_esm=bundle.program(), _css=bundle.style())
        self.session = session
        self.set_trait("verdict", session.assessment.verdict.value)
        self.picture: DisplayHandle | None = None
        self._drawn: object = None
        self.conversation = Conversation(
            session, self.send_to_page, by, suggested, at=at, moved=self._moved, still=self._draw
        )
        self.on_msg(lambda _widget, message, buffers: self.conversation.receive(message, buffers))

    def close(self) -> None:
        """End the form."""
        self.conversation.end()
        super().close()

    def send_to_page(self, message: dict[str, Any]) -> None:
        """Send a message to every page that shows the form."""
        if self.comm is not None:
            self.send(message)

    def _moved(self) -> None:
        try:
            self.set_trait("verdict", self.session.assessment.verdict.value)
        except Exception:  # of whoever observes it: the form goes on
            traceback.print_exc()

    def __repr__(self) -> str:
        return self._line()["text/plain"]

    def _line(self) -> dict[str, str]:
        with self.session.lock:
            held = self.session.held
            return waiting(held.assessment, self.session.language, checked=not held.unchecked)

    def _ipython_display_(self, **_options: Any) -> None:
        """Show the form, and below it the still picture it hides."""
        bundle: Any = self._repr_mimebundle_()
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        display(data, metadata=metadata, raw=True)  # type: ignore[no-untyped-call]
        line = self._line()
        named = self.picture.display_id if self.picture is not None else True
        self.picture, self._drawn = display(line, raw=True, display_id=named), None  # type: ignore[no-untyped-call]

    # The still picture

    def _draw(self) -> None:
        """Bring the picture in the notebook up to date; called beside the main thread."""
        with self.session.lock:
            held, language = self.session.held, self.session.language
            assessment, unchecked = held.assessment, held.unchecked
        if self.picture is not None and self._drawn != (assessment, language, unchecked):
            self._drawn = (assessment, language, unchecked)
            drawn = self._line() if unchecked else still(assessment, language)
            self.picture.update(drawn, raw=True)  # type: ignore[no-untyped-call]


_open: dict[tuple[Path, str], ReviewForm] = {}
"""The forms of this kernel: running a cell again ends the form that it showed before."""


def form_of(workload: str, workspace: Workspace, by: str | None, language: str, today: date | None) -> ReviewForm:
    """Open a workload's form, and close this kernel's earlier one.

    Raises
    ------
    FaultyInput
        If a file that the workload needs is faulty.
    """
    session = Session(workspace.root, workload, language, today)
    form = ReviewForm(session, by or os.environ.get("ORR_BY"), os.environ.get("JUPYTERHUB_USER"), item_asked(workload))
    before = _open.pop((workspace.root, workload), None)
    if before is not None:
        before.close()
    _open[workspace.root, workload] = form
    form.conversation.begin()
    return form
