"""What the server answers to pages: the form's line, its program, words, and the workloads."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized, ws_authenticated
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from jupyter_server.utils import url_path_join
from tornado.web import authenticated
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from orr.form import bundle
from orr.form.asked import REVIEW_AT
from orr.lab.reviews import OpenReview, OpenReviews
from orr.messages import DEFAULT_LANGUAGE, texts
from orr.messages.errors import OrrError

RESOURCE = "contents"
"""Whoever may write contents may answer; see `jupyter_server.auth.Authorizer`."""

_ANONYMOUS = re.compile("[0-9a-f]{32}")
_LENGTH = 4


def handlers(base_url: str, root: Path) -> list[tuple[str, type, dict[str, Any]]]:
    """The handlers of a server.

    Parameters
    ----------
    base_url
        The prefix of all its addresses.
    root
        The folder that it serves.
    """
    asked = os.environ.get(REVIEW_AT, "")
    name = asked.partition("#")[0]
    waiting = [f"workloads/{name}/review.yaml"] if name else []
    reviews = OpenReviews(asked)
    return [
        (url_path_join(base_url, "orr", "form"), FormSocket, {"root": root, "reviews": reviews}),
        (url_path_join(base_url, "orr", r"form\.(js|css)"), ProgramHandler, {}),
        (url_path_join(base_url, "orr", "words"), WordsHandler, {"waiting": waiting}),
        (url_path_join(base_url, "orr", "workloads"), WorkloadsHandler, {"root": root}),
        (url_path_join(base_url, "orr", "standing"), StandingHandler, {"root": root}),
    ]


def digest() -> str:
    """What tells one version of the form's program and style from another."""
    return hashlib.sha256(f"{bundle.program()}\0{bundle.style()}".encode()).hexdigest()[:16]


def language_of(code: str) -> str:
    """The language of orr for that of the page, such as `zh_CN`."""
    return "zh-CN" if code.lower().startswith("zh") else DEFAULT_LANGUAGE


class FormSocket(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """The line between a page and a review.

    A text frame is a message; a binary one is the length of a message in four bytes, the message, and
    the content of a file.
    """

    auth_resource = RESOURCE
    client = ""

    def initialize(self, root: Path, reviews: OpenReviews) -> None:
        """Take over what all lines of a server have in common."""
        self._root, self._reviews = root, reviews
        self._review: OpenReview | None = None
        self._refused: OrrError | None = None

    @ws_authenticated
    @authorized(action="write")  # type: ignore[untyped-decorator]
    async def get(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Become a WebSocket, for whoever may write."""
        from orr.lab.places import review_at

        path = self.get_argument("path")
        loop = asyncio.get_running_loop()
        try:
            self._key = await loop.run_in_executor(None, review_at, self._root, path)
        except OrrError as refused:
            self._refused = refused
        await super().get(*args, **kwargs)

    async def open(self, *_args: Any, **_kwargs: Any) -> None:
        """Open the review."""
        from orr.lab.places import NoReview

        language = language_of(self.get_argument("language", ""))
        try:
            if self._refused is not None:
                raise self._refused
            self._review = await self._reviews.join(self._key, self)
        except OrrError as refused:
            lasting = isinstance(refused, NoReview) or refused is self._refused
            lines = refused.in_words(language).splitlines()
            self.post(json.dumps({"kind": "closed", "lines": lines, "lasting": lasting}))
            self.close()
            return
        if self.ws_connection is None or self.ws_connection.is_closing():
            self.on_close()
            return
        self.post(json.dumps({"kind": "opened", "program": digest()}))

    def post(self, text: str) -> None:
        """Send a message to the page."""
        try:
            future = self.write_message(text)
        except WebSocketClosedError:
            return
        future.add_done_callback(lambda done: done.exception())

    def on_message(self, frame: str | bytes) -> None:
        """Answer a message of the page, in its turn."""
        if self._review is None:
            return
        buffers: list[bytes] = []
        try:
            if isinstance(frame, bytes):
                end = _LENGTH + int.from_bytes(frame[:_LENGTH], "big")
                buffers, frame = [frame[end:]], frame[_LENGTH:end]
            message = json.loads(frame)
            self.client = str(message.get("client") or "")
        except (ValueError, AttributeError):
            self.close(1003, "no message")
            return
        message.pop("by", None)
        name = named(self.current_user)
        if name is not None:
            message |= {"who": name, "by": name}
        if message.get("kind") == "edit":
            self.settings.setdefault("last_activity_times", {})["orr"] = datetime.now(UTC)
        self._review.receive(message, buffers)

    def on_close(self) -> None:
        """Leave the review."""
        if self._review is not None:
            self._review.leave(self)
            self._review = None


def named(user: Any) -> str | None:
    """User of a page, if the server knows; None for Jupyter's names for token holders."""
    username = str(getattr(user, "username", "") or "")
    return None if not username or _ANONYMOUS.fullmatch(username) else username


class ProgramHandler(JupyterHandler):
    """The form's program and style."""

    @authenticated
    def get(self, kind: str) -> None:
        """Send one of them; its address holds a digest, so that it may be kept."""
        self.set_header("Content-Type", {"js": "text/javascript", "css": "text/css"}[kind] + "; charset=utf-8")
        if self.get_argument("v", "") == digest():
            self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(bundle.program() if kind == "js" else bundle.style())


class WordsHandler(APIHandler):
    """The words around the form; for the first page also the review that was asked for."""

    def initialize(self, waiting: list[str]) -> None:
        """Take over the paths that no page was led to yet."""
        self._waiting = waiting

    @authenticated
    def get(self) -> None:
        """Send them in the language of the page."""
        language = language_of(self.get_argument("language", ""))
        led = self._waiting.pop() if self._waiting else None
        self.finish({"language": language, "words": texts("lab", language), "open": led})


class _Panel(APIHandler):
    """What the panel asks; all work is done beside the server's loop."""

    auth_resource = RESOURCE

    def initialize(self, root: Path) -> None:
        """Take over the folder that the server serves."""
        self._root = root

    @property
    def language(self) -> str:
        """The language of the page."""
        return language_of(self.get_argument("language", ""))

    async def answer(self, work: Callable[[], Any]) -> None:
        """Send what some work gives, or why it does not, with the status 404 or 400."""
        from orr.lab.places import NoReview

        try:
            self.finish(await asyncio.get_running_loop().run_in_executor(None, work))
        except OrrError as refused:
            self.set_status(404 if isinstance(refused, NoReview) else 400)
            self.finish({"problem": refused.in_words(self.language).splitlines()})


class WorkloadsHandler(_Panel):
    """The workloads of the workspace at a folder, and a new one."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """List them, without a look at any history."""
        from orr.lab.panel import listed, workspaces

        folder, language = self.get_argument("folder", ""), self.language
        await self.answer(
            lambda: {"workspaces": [listed(self._root, one, language) for one in workspaces(self._root, folder)]}
        )

    @authenticated
    @authorized(action="write")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Make a workload in a folder, as `orr init` does."""
        from orr.lab.panel import created

        asked = self.get_json_body() or {}
        folder, name, language = str(asked.get("folder", "")), str(asked.get("name", "")), self.language
        await self.answer(lambda: created(self._root, folder, name, language))


class StandingHandler(_Panel):
    """How a workload stood when it was recorded last."""

    @authenticated
    @authorized
    async def get(self) -> None:
        """Look it up, and whether it still holds."""
        from orr.lab.panel import standing
        from orr.lab.places import review_at

        path, language = self.get_argument("path"), self.language
        await self.answer(lambda: standing(*review_at(self._root, path), language))
