"""Send notifications: a JSON POST, or any channel of Apprise."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from orr.evidence.pool import Work, side_by_side
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system.addresses import read_address
from orr.system.version import __version__

SECONDS, LONGEST = 10, 60  # how long a whole answer may take; and a channel of Apprise, some of which try again
FROM_ENVIRONMENT = "env:"

T = TypeVar("T")


class NotNotified(OrrError):
    """Failed notification; `why` leaves out the address, which may hold a secret."""


@dataclass(frozen=True)
class Notice:
    """A notification.

    Attributes
    ----------
    title, body
        For people.
    content
        For programs.
    """

    title: str
    body: str
    content: Mapping[str, Any]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST would arrive as a GET without its content: it counts as failed."""

    def redirect_request(self, *_: Any) -> None:
        return None


def send(to: str, notice: Notice) -> None:
    """Send a notice to one channel.

    Parameters
    ----------
    to
        An http or https address gets the content as a JSON POST; any other address is one
        of Apprise (`slack://…`, `mailto://…`, `json://…`) and gets title and body.
        `env:NAME` stands for the address in that variable of the environment.

    Raises
    ------
    NotNotified
        If it did not arrive, for whatever reason.
    """
    if to.startswith(FROM_ENVIRONMENT):
        name = to.removeprefix(FROM_ENVIRONMENT)
        to = os.environ.get(name, "").strip()
        if not to:
            raise NotNotified(say("fleet.notify.environment", name=name))
    if urlsplit_scheme(to) in ("http", "https"):
        post(to, notice.content)
    else:
        _through_apprise(to, notice)


def urlsplit_scheme(url: str) -> str:
    """The scheme of an address; empty where it is none."""
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def is_web_address(url: str) -> bool:
    """Whether an http or https address names a host and no user."""
    address = read_address(url)
    return address is not None and address.user is None


def signs_in(url: str) -> Message | None:
    """Why an address with user information cannot be used; None for one without."""
    address = read_address(url)
    if address is None or address.user is None:
        return None
    return say("fleet.notify.sign-in", scheme="json" if address.scheme == "http" else "jsons")


def is_channel(to: str) -> bool:
    """Whether an address has the form of one that `send` may know."""
    if to.startswith(FROM_ENVIRONMENT):
        return len(to) > len(FROM_ENVIRONMENT)
    scheme = urlsplit_scheme(to)
    if scheme in ("http", "https"):
        return is_web_address(to)
    return scheme not in ("", "file") and to.lower().startswith(f"{scheme}://")


def unusable(to: str) -> Message | None:
    """Why an address cannot be used, without naming it; None if it can.

    Where Apprise is not installed, nothing is said of its addresses: `send` says what to
    install.
    """
    if is_channel(to) and to.startswith(FROM_ENVIRONMENT):
        to = os.environ.get(to.removeprefix(FROM_ENVIRONMENT), "").strip()
        if not to:
            return None  # it may be set where the run is
    if not is_channel(to):
        return signs_in(to) or say("fleet.notify.no-channel")
    if is_web_address(to):
        return None
    try:
        import apprise
    except ModuleNotFoundError:
        return None
    return None if _known_to(apprise.Apprise(), to) else say("fleet.notify.unusable", scheme=urlsplit_scheme(to))


def _known_to(channels: Any, to: str) -> bool:
    try:
        return bool(channels.add(to))
    except Exception:  # of a plug-in that does not expect what stands there
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
        raise NotNotified(signs_in(url) or say("fleet.notify.address"))
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

    def ask() -> None:
        request = urllib.request.Request(  # noqa: S310 - the scheme was looked at
            url,
            data=json.dumps(content, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8", "User-Agent": f"orr/{__version__}"},
            method="POST",
        )
        with opener.open(request, timeout=seconds) as answer:
            answer.read(1024)

    try:
        _in_time(ask, seconds)
    except urllib.error.HTTPError as error:
        error.close()
        raise NotNotified(say("fleet.notify.status", host=host, status=error.code)) from None
    except Exception as error:  # refused, timed out, not HTTP, no such host: all the same to the reader
        reason = getattr(error, "reason", None)
        problem = " ".join(str(reason or error).split()) or type(error).__name__
        raise NotNotified(say("fleet.notify.failed", host=host, problem=problem)) from None


def _in_time(work: Callable[[], T], seconds: float) -> T:
    """Do work within a total time, or raise TimeoutError."""

    def do() -> tuple[Any, Exception | None]:
        try:
            return work(), None
        except Exception as error:
            return None, error

    late = None, TimeoutError("timed out")
    ((answer, error),) = side_by_side([Work("notify", do, lambda: late, seconds)], 1)
    if error is not None:
        raise error
    return cast("T", answer)


def _through_apprise(to: str, notice: Notice) -> None:
    try:
        import apprise
    except ModuleNotFoundError:
        raise NotNotified(say("fleet.notify.no-apprise")) from None
    scheme = urlsplit_scheme(to)
    channel: Any = apprise.Apprise()  # its types are not told
    if not _known_to(channel, to):
        raise NotNotified(say("fleet.notify.unknown", scheme=scheme or "?"))
    try:
        # Its log may hold the address, which may hold a secret: only the scheme is told.
        # Said to be text, it is escaped, and its lines are kept, where a channel writes HTML or Markdown.
        text = apprise.NotifyFormat.TEXT
        arrived = _in_time(lambda: channel.notify(notice.body, notice.title, body_format=text), LONGEST)
    except Exception as error:
        raise NotNotified(say("fleet.notify.crashed", scheme=scheme, kind=type(error).__name__)) from None
    if not arrived:
        raise NotNotified(say("fleet.notify.refused", scheme=scheme))
