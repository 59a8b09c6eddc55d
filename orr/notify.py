"""Telling an address on the web, with one JSON POST and nothing but the standard library."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from orr import __version__
from orr.messages import Message, say

SECONDS = 10


class NotNotified(Exception):  # noqa: N818 - a fact, not a mistake
    """A notification that did not arrive; `why` says it without the address, which may hold a secret."""

    def __init__(self, why: Message) -> None:
        self.why = why
        super().__init__(str(why))


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without its content: it counts as failed."""

    def redirect_request(self, *_: Any) -> None:
        return None


def is_web_address(url: str) -> bool:
    """Whether an address is http or https and names a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def post(url: str, content: Mapping[str, Any], seconds: float = SECONDS) -> None:
    """Send a JSON object.

    Raises
    ------
    NotNotified
        If the address is none of the web, does not answer in time, or answers with
        anything but a status of 2xx.
    """
    if not is_web_address(url):
        raise NotNotified(say("fleet.notify.address"))
    host = urlsplit(url).hostname
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _NoRedirect(),
    ):
        opener.add_handler(handler)
    try:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            url,
            data=json.dumps(content, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": f"orr/{__version__}"},
            method="POST",
        )
        with opener.open(request, timeout=seconds) as answer:
            answer.read(1024)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotNotified(say("fleet.notify.status", host=host, status=error.code)) from None
    except Exception as error:  # refused, timed out, not HTTP, no such host: all the same to the reader
        reason = getattr(error, "reason", None)
        problem = " ".join(str(reason or error).split()) or type(error).__name__
        raise NotNotified(say("fleet.notify.failed", host=host, problem=problem)) from None
