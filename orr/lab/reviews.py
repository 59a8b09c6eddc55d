"""Open reviews of a server, a conversation each for any number of pages."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from orr.form.consent import Acts, Consent
    from orr.form.conversation import Conversation


LINGER_SECONDS = 30.0
"""How long a review stays open without a page, so that one that is loaded again finds it as it was."""

Key = tuple[Path, str]
"""A workspace and a workload of it."""


class Page(Protocol):
    """A page that shows a form."""

    client: str

    def post(self, text: str) -> None:
        """Send a message, as JSON."""


class OpenReview:
    """A review that is open on a server.

    Parameters
    ----------
    key
        Which.
    loop
        That of the server, on which all but the work on the review itself is done.
    consent
        What checks may act.
    at
        The item to which the first page goes.
    ended
        Called once no page has shown it for a while.
    """

    def __init__(
        self,
        key: Key,
        loop: asyncio.AbstractEventLoop,
        consent: Consent,
        at: str | None,
        ended: Callable[[OpenReview], None],
    ) -> None:
        self.key, self._loop, self.consent, self._at, self._ended = key, loop, consent, at, ended
        self.pages: set[Page] = set()
        self._worker = ThreadPoolExecutor(1, f"orr-review-{key[1]}")
        self._due: asyncio.TimerHandle | None = None
        self._conversation: Conversation | None = None
        self.ready = asyncio.ensure_future(loop.run_in_executor(self._worker, self._open))

    def _open(self) -> Conversation:
        from orr.form.conversation import Conversation
        from orr.form.session import Session
        from orr.lab.places import refuse_remote_history
        from orr.workspace.workspace import Workspace

        root, name = self.key
        refuse_remote_history(Workspace(root))
        self._conversation = Conversation(
            Session(root, name),
            self._send,
            os.environ.get("ORR_BY"),
            os.environ.get("JUPYTERHUB_USER"),
            at=self._at,
            consent=self.consent,
        )
        self._conversation.begin()
        return self._conversation

    def join(self, page: Page) -> None:
        """Add a page."""
        self.pages.add(page)
        if self._due is not None:
            self._due.cancel()

    def leave(self, page: Page) -> None:
        """Take a page away; without any the review is closed after a while."""
        self.pages.discard(page)
        if not self.pages:
            self._due = self._loop.call_later(LINGER_SECONDS, self.end)

    def end(self) -> None:
        """Close the review."""
        if self._due is not None:
            self._due.cancel()
        if self._conversation is not None:
            self._conversation.end()
        self._worker.shutdown(wait=False)
        self._ended(self)

    def receive(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        """Answer what a page says, after all that was said before."""
        self._worker.submit(self._hear, message, buffers)

    def _hear(self, message: dict[str, Any], buffers: list[bytes]) -> None:
        assert self._conversation is not None
        try:
            self._conversation.receive(message, buffers)
        except Exception as error:  # what one page says must not end the form of the others
            logging.getLogger(__name__).exception("a message of a form was not understood")
            says = f"{type(error).__name__}: {error}"
            self._send({"kind": "trouble", "to": message.get("client"), "says": says})

    def _send(self, message: dict[str, Any]) -> None:
        """Send a message to the pages that it is for; called from any thread."""
        to, text = message.get("to"), json.dumps(message)
        self._loop.call_soon_threadsafe(self._post, to, text)

    def _post(self, to: str | None, text: str) -> None:
        for page in tuple(self.pages):
            if to in (None, "all", page.client):
                page.post(text)


class OpenReviews:
    """All reviews that are open on a server.

    Parameters
    ----------
    asked
        `workload#item`: where the first page of that workload goes.
    """

    def __init__(self, asked: str = "") -> None:
        self._asked = asked
        self._open: dict[Key, OpenReview] = {}
        self._agreed: dict[Key, Acts] = {}

    async def join(self, key: Key, page: Page) -> OpenReview:
        """Open a review for a page, or find it open.

        Raises
        ------
        OrrError
            If it cannot be opened.
        """
        from orr.form.consent import Consent  # a server starts without what only a form needs

        review = self._open.get(key)
        if review is None:  # kept before it is ready: two pages at once must not open it twice
            consent = Consent(self._agreed.get(key, frozenset()))
            named, _, item = self._asked.partition("#")
            at, self._asked = (item or None, "") if named == key[1] else (None, self._asked)
            review = self._open[key] = OpenReview(key, asyncio.get_running_loop(), consent, at, self._closed)
        review.join(page)
        try:
            await asyncio.shield(review.ready)
        except Exception:
            review.pages.discard(page)
            if self._open.get(key) is review:
                review.end()
            raise
        return review

    def end(self) -> None:
        """Close all."""
        for review in tuple(self._open.values()):
            review.end()

    def _closed(self, review: OpenReview) -> None:
        self._agreed[review.key] = review.consent.given or frozenset()
        self._open.pop(review.key, None)
