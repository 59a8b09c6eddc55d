"""Background work of the form: watch files, run checks, build the report.

Nothing of it blocks the kernel's main thread, which has to acknowledge what people say.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from orr.assessing import evidence_of
from orr.form.session import Session
from orr.messages import say

Send = Callable[[dict[str, Any]], None]

LOOK_SECONDS = 1.0
BEAT_SECONDS = 2.0
LISTENING_SECONDS = 100.0
FIRST_SECONDS = 0.3
ALONE_SECONDS = 3.0
SOON_SECONDS = 0.3
STILL_SECONDS = 2.0
PROGRESS_SECONDS = 0.1


class Watch:
    """A thread that watches the files and sends heartbeats while a page listens.

    Parameters
    ----------
    session
        What is watched.
    send
        Sends a message to the page.
    moved
        Called with each change.
    soon, still
        Called a moment after the last change, and when nothing has moved for a while.
    first
        Called once, a moment after a page showed the form, or if none does for a while.
    """

    def __init__(
        self,
        session: Session,
        send: Send,
        moved: Callable[[], None],
        soon: Callable[[], None],
        still: Callable[[], None],
        first: Callable[[], None],
    ) -> None:
        self.session, self.send, self.moved = session, send, moved
        self.soon, self.still, self.first = soon, still, first
        self._first_due: float | None = time.monotonic() + ALONE_SECONDS
        self._seen_at = 0.0
        self._changed: float | None = None
        self._soon: float | None = None
        self._wake = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="orr-form-watch", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def end(self) -> None:
        """End; nothing more is sent."""
        self._ended = True
        self._wake.set()

    def page_is_there(self) -> None:
        """Note that a page shows the form."""
        self._seen_at = time.monotonic()

    def shown(self) -> None:
        """Note that the page has painted, so that checks may start."""
        if self._first_due is not None:
            self._first_due = time.monotonic() + FIRST_SECONDS
            self._wake.set()

    def changed(self) -> None:
        """Something moved: what follows the verdict and the still picture are due."""
        self.moved()
        self._changed = self._soon = time.monotonic()
        self._wake.set()

    def _run(self) -> None:
        beaten = 0.0
        while True:
            wait = (
                FIRST_SECONDS
                if self._first_due
                else SOON_SECONDS
                if self._soon
                else LOOK_SECONDS
                if self._changed is None
                else LOOK_SECONDS / 2
            )
            if self._wake.wait(wait) and not self._ended:
                self._wake.clear()
                continue  # it moves: the moment of quiet begins anew
            if self._ended:
                return
            now = time.monotonic()
            try:
                if self._first_due is not None and now >= self._first_due:
                    self._first_due = None
                    self.first()
                if self.session.refresh(self.send):
                    self.changed()
                if now - beaten >= BEAT_SECONDS and now - self._seen_at < LISTENING_SECONDS:
                    beaten = now
                    self.send({"kind": "beat"})
                if self._soon is not None and now - self._soon >= SOON_SECONDS:
                    self._soon = None
                    self.soon()
                if self._changed is not None and now - self._changed >= STILL_SECONDS:
                    self._changed = None
                    self.still()
            except Exception as error:  # the watcher outlives whatever it meets; the page is told
                self.send({"kind": "trouble", "says": f"{type(error).__name__}: {error}"})


class Jobs:
    """Checks and reports in threads of their own, one of a kind at a time."""

    def __init__(self, session: Session, send: Send, changed: Callable[[], None]) -> None:
        self.session, self.send, self.changed = session, send, changed
        self._running: set[str] = set()
        self._again: dict[str, Callable[[], None]] = {}
        self._lock = threading.Lock()

    def check(self, only: list[str] | None) -> None:
        """Run the checks again, of some items or of all."""
        self._begin("checks", lambda: self._check(only))

    def report(self) -> None:
        """Build the report of now."""
        self._begin("report", self._report)

    def _begin(self, kind: str, work: Callable[[], None]) -> None:
        with self._lock:
            if kind in self._running:
                self._again[kind] = work
                return
            self._running.add(kind)
        threading.Thread(target=self._work, args=(kind, work), name=f"orr-form-{kind}", daemon=True).start()

    def _work(self, kind: str, work: Callable[[], None]) -> None:
        while True:
            try:
                work()
            except Exception as error:  # told on the page; the items stay unknown
                says = self.session.says(say("form.job.failed", kind=type(error).__name__, problem=str(error)))
                self.send({"kind": "job", "job": kind, "failed": says})
            with self._lock:
                following = self._again.pop(kind, None)
                if following is None:
                    self._running.discard(kind)
                    return
            work = following

    def _check(self, only: list[str] | None) -> None:
        session = self.session
        with session.lock:
            held = session.held
            case, workspace, today = held.case, held.workspace, held.today
        if only is not None:
            case = _narrowed(case, frozenset(only))
        told = 0.0

        def progress(done: int, of: int) -> None:
            nonlocal told
            if time.monotonic() - told >= PROGRESS_SECONDS or done == of:
                told = time.monotonic()
                self.send({"kind": "job", "job": "checks", "done": done, "of": of, "items": only})

        progress(0, 0)
        try:
            evidence = evidence_of(workspace, case, today, progress)
        except Exception:
            held.unchecked = False  # nothing more is to come; the items stay unknown
            self.changed()
            raise
        with session.lock:  # what moved and the message about it, before any other
            self.send(session.take(evidence, frozenset(only) if only is not None else None))
        self.send({"kind": "job", "job": "checks", "ended": True, "items": only})
        self.changed()

    def _report(self) -> None:
        from orr.report.run import ReportFailed, run_report

        session, held = self.session, self.session.held
        self.send({"kind": "job", "job": "report", "done": 0, "of": 0})
        with tempfile.TemporaryDirectory(prefix="orr-report-") as folder:
            out = Path(folder)
            try:
                run_report(held.workspace.root, session.name, out, held.today, session.language)
            except ReportFailed as failed:
                self.send({"kind": "job", "job": "report", "failed": session.says(failed.cause)})
                return
            page = (out / "report.html").read_text(encoding="utf-8")
        self.send({"kind": "job", "job": "report", "ended": True, "page": page})


def _narrowed(case: Any, names: frozenset[str]) -> Any:
    """The case with only some of its items, so that only their checks run."""
    checklists = []
    for checklist in case.checklists:
        sections = []
        for section in checklist.sections:
            items = tuple(item for item in section.items if f"{checklist.checklist}/{item.item}" in names)
            if items:
                sections.append(replace(section, items=items))
        if sections:
            checklists.append(replace(checklist, sections=tuple(sections)))
    return replace(case, checklists=tuple(checklists))
