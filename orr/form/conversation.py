"""What a page says to a review and what it is told, whatever carries the messages.

The notebook's widget hosts a conversation over its comm; another host needs no more than a
way to send messages to its pages.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orr.form.background import Jobs, Send, Watch, printed_report
from orr.form.beside import Beside, Threads
from orr.form.consent import Consent
from orr.form.files import NotTaken
from orr.form.session import Session
from orr.form.snapshot import pictures
from orr.messages import render
from orr.workspace.editing import Refused


def _nothing() -> None:
    """Do nothing."""


class Conversation:
    """A review in conversation with every page that shows it.

    Parameters
    ----------
    session
        The review.
    send
        Sends a message, all of it JSON, to every page that shows the form. It may be called
        from any thread that `beside` begins.
    by
        Who answers, where it is known; else the page asks once.
    suggested
        Whose server this is: who answers, unless somebody else looks at it too.
    at
        The item to which the first page goes.
    moved
        Called with each change.
    still
        Called when nothing has moved for a while.
    beside
        How checks, reports and the watching of files are done beside the messages.
    page_of
        Makes the report of now, an HTML page.
    consent
        The checks that may do more than read files without being asked for.
    """

    def __init__(
        self,
        session: Session,
        send: Send,
        by: str | None = None,
        suggested: str | None = None,
        *,
        at: str | None = None,
        moved: Callable[[], None] = _nothing,
        still: Callable[[], None] = _nothing,
        beside: Beside | None = None,
        page_of: Callable[[Session], str] = printed_report,
        consent: Consent | None = None,
    ) -> None:
        self.session, self.by, self.suggested, self.at = session, by, suggested, at
        self._send, self._checked = send, False
        beside = beside or Threads()
        self.watch = Watch(session, self.send, moved, self._send_behind, still, self._first, beside)
        self.jobs = Jobs(session, self.send, self.watch.changed, beside, page_of, consent or Consent())

    def begin(self) -> None:
        """Start to watch the files; checks run once a page shows the form.

        Where no page does for a while, they run all the same.
        """
        self.watch.start()

    def end(self) -> None:
        """End the conversation; nothing more is watched."""
        self.watch.end()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message to every page."""
        self._send(message)
        if message["kind"] == "all" and "to" not in message:  # the files were read anew
            self.jobs.check(None)

    def _first(self) -> None:
        """Run the checks for the first time, after the page has what it shows."""
        if not self._checked:
            self._checked = True
            self.jobs.check(None)

    def receive(self, message: dict[str, Any], buffers: list[Any]) -> None:
        """Answer what a page says.

        Parameters
        ----------
        message
            It, with its `kind`, the page as `client` and the person as `who`, and as `by` where the host knows them.
        buffers
            The bytes that come with it: of a file that is dropped.
        """
        self.watch.page_is_there()
        if self.session.meet(str(message.get("who") or "")):
            self.send(self.session.own_waivers())
        handle = getattr(self, f"_on_{message.get('kind')}", None)
        if handle is not None:
            handle(message, buffers)

    def _on_hello(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        if self.session.refresh(self.send):
            self.watch.changed()
        with self.session.lock:  # no patch may overtake what it is a patch to
            who = {"by": message.get("by", self.by), "suggested": self.suggested, "named": "by" in message}
            at, self.at = self.at, None  # whoever loads the page again is not led away once more
            self.send({**self.session.everything(), "to": message.get("client"), **who, "at": at})
        self._send_behind()
        self.jobs.ask()
        self.watch.shown()

    def _send_behind(self) -> None:
        with self.session.lock:
            self.send(self.session.behind())

    def _on_here(self, _message: dict[str, Any], _buffers: list[Any]) -> None:
        self.send({"kind": "beat"})

    def _on_edit(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        before = self.session.assessment
        self.session.edit(message, self.send)
        if self.session.assessment is not before:
            self.watch.changed()

    def _on_behind(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self._send_behind()
        if message.get("pictures"):
            with self.session.lock:
                drawn = pictures(self.session.assessment, self.session.language)
            self.send({"kind": "pictures", **drawn})

    def _on_check(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self.jobs.check(message.get("items"), asked=True)

    def _on_report(self, _message: dict[str, Any], _buffers: list[Any]) -> None:
        self.jobs.report()

    def _on_language(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        self.session.speak(str(message.get("language")))
        with self.session.lock:
            self.send({**self.session.everything(), "to": "all"})
        self._send_behind()
        self.watch.changed()

    def _on_files(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        found = self.session.held.files.named(str(message.get("text", "")))
        self.send({"kind": "files", "to": message.get("client"), "text": message.get("text"), "files": found})

    def _on_heirs(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        says = self.session.heirs(str(message.get("item")))
        self.send({"kind": "heirs", "to": message.get("client"), "item": message.get("item"), "says": says})

    def _on_table(self, message: dict[str, Any], _buffers: list[Any]) -> None:
        findings = self.session.held.evidence.findings.get(str(message.get("item")), ())
        place = int(message.get("check", 0))
        table = findings[place].table if place < len(findings) else None
        if table is not None:
            language = self.session.language
            rows = [[render(cell, language) for cell in row] for row in table.rows]
            columns = [render(column, language) for column in table.columns]
            self.send({**message, "to": message.get("client"), "columns": columns, "rows": rows})

    def _on_drop(self, message: dict[str, Any], buffers: list[Any]) -> None:
        reply = {"kind": "dropped", "to": message.get("client"), "id": message.get("id"), "item": message.get("item")}
        try:
            self.session.refuse_other_day()
            content = bytes(buffers[0]) if buffers else b""
            entry = self.session.held.files.keep(str(message.get("name")), content, self.session.held.today)
        except (NotTaken, Refused) as refused:
            self.send({**reply, "says": self.session.says(refused.why)})
        except OSError as error:
            self.send({**reply, "says": error.strerror or type(error).__name__})
        else:
            self.send({**reply, "entry": entry})
