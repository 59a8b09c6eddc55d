"""Background work of the form: watch files, run checks, build the report.

Nothing of it blocks the thread that has to acknowledge what people say.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from orr.assessing import checks_of
from orr.form.beside import Beside, Steps
from orr.form.consent import Consent
from orr.form.session import Session
from orr.messages import say
from orr.messages.errors import OrrError

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
    """Regular looks at the files, and heartbeats while a page listens.

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
    beside
        How looks are taken beside all else.
    """

    def __init__(
        self,
        session: Session,
        send: Send,
        moved: Callable[[], None],
        soon: Callable[[], None],
        still: Callable[[], None],
        first: Callable[[], None],
        beside: Beside,
    ) -> None:
        self.session, self.send, self.moved = session, send, moved
        self.soon, self.still, self.first = soon, still, first
        self._first_due: float | None = time.monotonic() + ALONE_SECONDS
        self._seen_at = 0.0
        self._beaten_at = 0.0
        self._changed: float | None = None
        self._soon: float | None = None
        self._looks = beside.regular("orr-form-watch", self._wait, self._look)

    def start(self) -> None:
        """Begin."""
        self._looks.start()

    def end(self) -> None:
        """End; nothing more is sent."""
        self._looks.end()

    def page_is_there(self) -> None:
        """Note that a page shows the form."""
        self._seen_at = time.monotonic()

    def shown(self) -> None:
        """Note that the page has painted, so that checks may start."""
        if self._first_due is not None:
            self._first_due = time.monotonic() + FIRST_SECONDS
            self._looks.wake()

    def changed(self) -> None:
        """Something moved: what follows the verdict and the still picture are due."""
        self.moved()
        self._changed = self._soon = time.monotonic()
        self._looks.wake()  # the moment of quiet begins anew

    def _wait(self) -> float:
        if self._first_due:
            return FIRST_SECONDS
        if self._soon:
            return SOON_SECONDS
        return LOOK_SECONDS if self._changed is None else LOOK_SECONDS / 2

    def _look(self) -> None:
        now = time.monotonic()
        try:
            if self._first_due is not None and now >= self._first_due:
                self._first_due = None
                self.first()
            if self.session.refresh(self.send):
                self.changed()
            if now - self._beaten_at >= BEAT_SECONDS and now - self._seen_at < LISTENING_SECONDS:
                self._beaten_at = now
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
    """Checks and reports beside all else, one of a kind at a time.

    Parameters
    ----------
    session
        The review.
    send
        Sends a message to the page.
    changed
        Called when something moved.
    beside
        How work is done beside all else.
    page_of
        Makes the report of now, an HTML page.
    consent
        The checks that may do more than read files without being asked for.
    """

    def __init__(
        self,
        session: Session,
        send: Send,
        changed: Callable[[], None],
        beside: Beside,
        page_of: Callable[[Session], str],
        consent: Consent,
    ) -> None:
        self.session, self.send, self.changed = session, send, changed
        self.beside, self.page_of, self.consent = beside, page_of, consent
        self._running: set[str] = set()
        self._again: dict[str, Callable[[], Steps]] = {}
        self._lock = threading.Lock()

    def check(self, only: list[str] | None, *, asked: bool = False) -> None:
        """Run the checks again, of some items or of all.

        Those that do more than read files run only where somebody asked for them, or has agreed before.
        """
        if asked and only is None:
            with self.session.lock:
                self.consent.give(self.session.held)
            self.ask()
        self._begin("checks", lambda: self._check(only, asked))

    def ask(self) -> bool:
        """Show on the page which checks wait for consent, and return whether any do."""
        if self.consent.given is None:
            return False
        with self.session.lock:
            missing = self.consent.missing(self.session.held)
        kinds = ", ".join(f"{kind} ({n})" for kind, n in sorted(missing.items()))
        says = self.session.says(say("form.consent", n=missing.total(), kinds=kinds)) if missing else None
        self.send({"kind": "patch", "top": {"consent": says}})
        return bool(missing)

    def report(self) -> None:
        """Build the report of now."""
        self._begin("report", self._report)

    def _begin(self, kind: str, work: Callable[[], Steps]) -> None:
        with self._lock:
            if kind in self._running:
                self._again[kind] = work
                return
            self._running.add(kind)
        self.beside.begin(f"orr-form-{kind}", self._work(kind, work))

    def _work(self, kind: str, work: Callable[[], Steps]) -> Steps:
        while True:
            try:
                yield from work()
            except Exception as error:  # told on the page; the items stay unknown
                says = self.session.says(say("form.job.failed", kind=type(error).__name__, problem=str(error)))
                self.send({"kind": "job", "job": kind, "failed": says})
            with self._lock:
                following = self._again.pop(kind, None)
                if following is None:
                    self._running.discard(kind)
                    return
            work = following

    def _check(self, only: list[str] | None, asked: bool = False) -> Steps:
        session = self.session
        waiting = not asked and self.ask()
        with session.lock:
            held = session.held
            case, workspace, today = held.case, held.workspace, held.today
            every = frozenset(item.name for item, _ in held.units())
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
            with checks_of(workspace, case, today, say("form.consent.waits") if waiting else None) as checks:
                evidence = checks.evidence((yield from self.beside.work_off(checks.work, progress)))
        except Exception:
            held.unchecked = waiting  # nothing more is to come; the items stay unknown
            self.changed()
            raise
        with session.lock:  # what moved and the message about it, before any other
            taken = frozenset(only) if only is not None else every if waiting else None
            self.send(session.take(evidence, taken))
        self.send({"kind": "job", "job": "checks", "ended": True, "items": only})
        self.changed()

    def _report(self) -> Steps:
        if self.ask():
            self.send({"kind": "job", "job": "report", "failed": self.session.says(say("form.consent.first"))})
            return
        self.send({"kind": "job", "job": "report", "done": 0, "of": 0})
        yield
        try:
            page = self.page_of(self.session)
        except OrrError as failed:
            self.send({"kind": "job", "job": "report", "failed": self.session.says(failed.why)})
        else:
            self.send({"kind": "job", "job": "report", "ended": True, "page": page})


def printed_report(session: Session) -> str:
    """Run the report's notebook; see `orr.report.run.run_report`."""
    from orr.report.run import run_report

    held = session.held
    with tempfile.TemporaryDirectory(prefix="orr-report-") as folder:
        run_report(held.workspace.root, session.name, Path(folder), held.today, session.language)
        return (Path(folder) / "report.html").read_text(encoding="utf-8")


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
