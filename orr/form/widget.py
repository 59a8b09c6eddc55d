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
from orr.form.background import Jobs, Watch
from orr.form.files import NotTaken
from orr.form.session import Session
from orr.form.snapshot import pictures, still, waiting
from orr.workspace.editing import Refused
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

    Attributes
    ----------
    verdict
        The verdict at this moment; it can be observed.
    """

    _esm = traitlets.Unicode().tag(sync=True)
    _css = traitlets.Unicode().tag(sync=True)
    verdict = traitlets.Unicode(read_only=True)

    def __init__(self, session: Session, by: str | None = None, suggested: str | None = None) -> None:
        super().__init__(_esm=bundle.program(), _css=bundle.style())
        self.session, self.by, self.suggested = session, by, suggested
        self.set_trait("verdict", session.assessment.verdict.value)
        self.picture: DisplayHandle | None = None
        self._drawn: object = None
        self._checked = False
        self.watch = Watch(session, self.send_to_page, self._moved, self._send_behind, self._draw, self._first)
        self.jobs = Jobs(session, self.send_to_page, self.watch.changed)
        self.on_msg(self._receive)

    def begin(self) -> None:
        """Watch the files from now on; the checks run once a page shows the form, or if none does for a while."""
        self.watch.start()

    def _first(self) -> None:
        """Run the checks for the first time, after the page has what it shows."""
        if not self._checked:
            self._checked = True
            self.jobs.check(None)

    def close(self) -> None:
        """End the form."""
        self.watch.end()
        super().close()

    def send_to_page(self, message: dict[str, Any]) -> None:
        """Send a message to every page that shows the form."""
        if self.comm is not None:
            self.send(message)
            if message["kind"] == "all" and "to" not in message:  # the files were read anew
                self.jobs.check(None)

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

    # What the page says

    def _receive(self, _widget: object, message: dict[str, Any], buffers: list[Any]) -> None:
        self.watch.page_is_there()
        if self.session.meet(str(message.get("who") or "")):
            self.send_to_page(self.session.own_waivers())
        handle = getattr(self, f"_on_{message.get('kind')}", None)
        if handle is not None:
            handle(message, buffers)

    def _on_hello(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        if self.session.refresh(self.send_to_page):
            self.watch.changed()
        with self.session.lock:  # no patch may overtake what it is a patch to
            who = {"by": self.by, "suggested": self.suggested}
            self.send_to_page({**self.session.everything(), "to": message.get("client"), **who})
        self._send_behind()
        self.watch.shown()

    def _send_behind(self) -> None:
        with self.session.lock:
            self.send_to_page(self.session.behind())

    def _on_here(self, _message: dict[str, Any], _buffers: list[Any]) -> None:
        self.send_to_page({"kind": "beat"})

    def _on_edit(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        before = self.session.assessment
        self.session.edit(message, self.send_to_page)
        if self.session.assessment is not before:
            self.watch.changed()

    def _on_behind(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self._send_behind()
        if message.get("pictures"):
            with self.session.lock:
                drawn = pictures(self.session.assessment, self.session.language)
            self.send_to_page({"kind": "pictures", **drawn})

    def _on_check(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self.jobs.check(message.get("items"))

    def _on_report(self, _message: dict[str, Any], _buffers: list[Any]) -> None:
        self.jobs.report()

    def _on_language(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self.session.speak(str(message.get("language")))
        with self.session.lock:
            self.send_to_page({**self.session.everything(), "to": "all"})
        self._send_behind()
        self.watch.changed()

    def _on_files(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        found = self.session.held.files.named(str(message.get("text", "")))
        self.send_to_page({"kind": "files", "to": message.get("client"), "text": message.get("text"), "files": found})

    def _on_table(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        from orr.messages import render

        findings = self.session.held.evidence.findings.get(str(message.get("item")), ())
        place = int(message.get("check", 0))
        table = findings[place].table if place < len(findings) else None
        if table is not None:
            language = self.session.language
            rows = [[render(cell, language) for cell in row] for row in table.rows]
            columns = [render(column, language) for column in table.columns]
            self.send_to_page({**message, "to": message.get("client"), "columns": columns, "rows": rows})

    def _on_drop(self, message: dict[str, Any], buffers: list[Any]) -> None:
        reply = {"kind": "dropped", "to": message.get("client"), "id": message.get("id"), "item": message.get("item")}
        try:
            self.session.refuse_other_day()
            content = bytes(buffers[0]) if buffers else b""
            entry = self.session.held.files.keep(str(message.get("name")), content, self.session.held.today)
        except (NotTaken, Refused) as refused:
            self.send_to_page({**reply, "says": self.session.says(refused.why)})
        except OSError as error:
            self.send_to_page({**reply, "says": error.strerror or type(error).__name__})
        else:
            self.send_to_page({**reply, "entry": entry})

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
    form = ReviewForm(session, by or os.environ.get("ORR_BY"), os.environ.get("JUPYTERHUB_USER"))
    before = _open.pop((workspace.root, workload), None)
    if before is not None:
        before.close()
    _open[workspace.root, workload] = form
    form.begin()
    return form
