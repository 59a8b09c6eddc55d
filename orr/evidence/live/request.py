"""What `http`, `metric` and `service` share: from a checklist's words to a request, and to JSON."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from http.client import responses
from typing import Annotated, Any
from urllib.parse import urlsplit

from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects, Refused
from orr.evidence.kinds.traits import Refusal
from orr.evidence.live.client import Reply, Request, address_fault, fetch, keeps_secrets
from orr.evidence.live.credentials import Tokens, names_in
from orr.evidence.live.query import shown
from orr.evidence.live.templates import Filling, has_form
from orr.messages import say
from orr.model.fields import After

SECONDS = 20.0
NO_PERMISSION = (401, 403, 407)
GONE = (404, 405, 410)  # where it may be the address that is wrong
WORDS = ("error", "message", "detail", "title")  # keys under which a service says what is wrong
MAX_SECONDS = 100.0
PAUSES = (1.0, 2.0, 4.0)
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "accept-encoding"})
_SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "api-key", "x-api-key"})


def _address(url: str) -> str:
    host = re.match(r"[a-z]+://([^/?#]*)", url, re.IGNORECASE)
    fault = "host-filled" if host and has_form(host[1]) else address_fault(url)
    if fault is not None:
        raise Refused(say(f"act.address.{fault}"), say("act.address.do"))
    return url


def _headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        wrong = None
        if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
            wrong = "name"
        elif name.lower() in _OWN:
            wrong = "own"
        elif not value.isprintable() or not value.isascii():
            wrong = "value"
        elif name.lower() in _SECRET and not names_in(value):
            wrong = "secret"
        if wrong is not None:
            raise Refused(say(f"act.header.{wrong}", name=name), say(f"act.header.{wrong}.do"))
    return headers


def _seconds(seconds: float) -> float:
    if not 0 < seconds <= MAX_SECONDS:
        raise Refused(say("act.seconds", limit=MAX_SECONDS), say("act.seconds.do", limit=MAX_SECONDS))
    return seconds


Address = Annotated[str, After(_address), Expects(say("act.expects.address"))]
"""An http or https address; only its path and query may hold forms to fill in."""

Headers = Annotated[dict[str, str], After(_headers), Expects(say("act.expects.headers"))]
"""Headers; `$NAME` stands for a secret of the environment."""

Seconds = Annotated[float, After(_seconds), Expects(say("act.expects.seconds"))]
"""How long to wait for an answer."""


def address_and_secrets(url: str | None, headers: Mapping[str, str] | None, key: str) -> Iterator[Refusal]:
    """A fault where secrets would travel unprotected."""
    if url and headers and any(names_in(value) for value in headers.values()) and not keeps_secrets(url):
        yield key, say("act.address.plain"), say("act.address.plain.do")


def request_of(
    filling: Filling,
    tokens: Tokens,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    body: Any = None,
) -> Request:
    """A request with the workload's values and the secrets filled in."""
    headers = headers or {}
    private = frozenset(name for name, value in headers.items() if names_in(value))
    if private and not keeps_secrets(url):
        raise Undetermined(say("evidence.cannot", wrong=say("act.address.plain"), remedy=say("act.address.plain.do")))
    filled = filling.address(url).partition("#")[0]
    if any(part in (".", "..") for part in urlsplit(filled).path.split("/")):
        raise Undetermined(say("act.address.dots"))
    ready = {name: tokens.header(value) for name, value in headers.items()}
    raw = None
    if body is not None:
        raw = json.dumps(filling.data(body), ensure_ascii=False).encode()
        ready.setdefault("Content-Type", "application/json")
    return Request(filled, method, ready, raw, private)


def json_of(request: Request, tokens: Tokens, seconds: float) -> tuple[Reply, Any]:
    """Request JSON; any status but 2xx is undetermined."""
    reply = patient(request, seconds)
    refuse_status(reply)
    return reply, data_of(reply, tokens)


def patient(request: Request, seconds: float, patience: float = 0.0) -> Reply:
    """Request, and retry while the service throttles and time, or more patience, remains."""
    until = time.monotonic() + max(seconds, patience)

    def once() -> Reply:
        return fetch(request, max(0.0, min(seconds, until - time.monotonic())))

    for pause in PAUSES:
        reply = once()
        asked = reply.headers.get("retry-after", "")
        wait = float(asked) if asked.isascii() and asked.isdigit() else pause
        if not _is_throttled(reply) or time.monotonic() + wait >= until:
            return reply
        time.sleep(wait)
    return once()


def _is_throttled(reply: Reply) -> bool:
    """Return whether a service asks for patience; GitHub's limits answer 403 as well as 429."""
    left = reply.headers.get("x-ratelimit-remaining")
    limited = "retry-after" in reply.headers or left == "0" or b"secondary rate limit" in reply.body
    return reply.status == 429 or (reply.status == 403 and limited)


def refuse_status(reply: Reply) -> None:
    """Give up on a status that is no answer to the question."""
    if _is_throttled(reply):
        raise Undetermined(say("act.web.throttled", place=reply.place, status=reply.status))
    if reply.status in NO_PERMISSION:
        raise Undetermined(say("act.web.no-permission", place=reply.place, status=reply.status))
    if 200 <= reply.status < 300:
        return
    key = (
        "failing"
        if reply.status >= 500
        else "refused"
        if reply.status >= 400 and reply.status not in GONE
        else "status"
    )
    why = _own_words(reply) or responses.get(reply.status, "–")
    raise Undetermined(say(f"act.web.{key}", place=reply.place, status=reply.status, why=why))


def _own_words(reply: Reply) -> str:
    """Error text in a JSON answer, as Prometheus and most services write it."""
    try:
        data = json.loads(reply.body)
    except (ValueError, RecursionError):
        return ""
    for key in WORDS if isinstance(data, dict) else ():
        told = data.get(key)
        told = told.get("message") if isinstance(told, dict) else told
        if isinstance(told, str) and told.strip():
            return shown(told)
    return ""


def data_of(reply: Reply, tokens: Tokens) -> Any:
    """The JSON of an answer, without the secrets, should it hold them."""
    if not reply.body.strip():
        raise Undetermined(say("act.web.empty", place=reply.place))
    return tokens.hidden(parse_json(reply.body, reply.place, strict=True))


def has_more(reply: Reply) -> bool:
    """Return whether the answer has further pages."""
    return re.search(r"rel=\"?next\b", reply.headers.get("link", "")) is not None
