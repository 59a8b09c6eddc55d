"""One request over HTTP: bounded in time and size, verified, and going nowhere else.

It stands on the standard library's client, whose connection tells the certificate too.
Proxies named by the environment are not used. A redirect is followed on the same host,
or to hosts that are listed, and what holds a secret is sent to nobody but the origin
that it is meant for.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from orr.evidence.errors import Undetermined
from orr.evidence.live.query import shown
from orr.messages import Message, say
from orr.system.addresses import read_address
from orr.system.version import __version__

MAX_BYTES = 2_000_000
REDIRECTS = (301, 302, 303, 307, 308)
_PORTS = {"http": 80, "https": 443}
_KEPT = "/%:@!$&'()*+,;=~-._?[]|"
_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED


class BadCertificate(Undetermined):
    """The host's certificate cannot be trusted.

    Attributes
    ----------
    expired
        Whether it is past its end.
    """

    def __init__(self, why: Message, expired: bool) -> None:
        super().__init__(why)
        self.expired = expired


@dataclass(frozen=True)
class Request:
    """What to ask.

    Attributes
    ----------
    url
        The whole address, percent-encoded.
    method, headers, body
        As HTTP has them.
    private
        Headers that hold a secret.
    redirects
        How many may be followed.
    redirect_hosts
        Other hosts that a redirect may lead to.
    final
        Statuses that are an answer even where they redirect.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    private: frozenset[str] = frozenset()
    redirects: int = 0
    redirect_hosts: frozenset[str] = frozenset()
    final: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reply:
    """What was answered.

    Attributes
    ----------
    place
        Where it came from: the address without its query.
    status, headers, body
        As HTTP has them; the headers' names are lower case.
    seconds
        How long it took, redirects included.
    certificate_ends
        When the host's certificate ends; None without TLS.
    """

    place: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    certificate_ends: datetime | None


def address_fault(url: str) -> str | None:
    """Fault of an address, as the end of a message key; None if valid."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "unreadable"
    if parts.scheme not in _PORTS or not parts.netloc:
        return "no-web"
    address = read_address(url)
    if address is None:
        return "unreadable"
    if address.port == 0:
        return "no-web"
    return None if address.user is None else "user"


def place_of(url: str) -> str:
    """An address without its query, to be shown."""
    parts = urlsplit(url)
    return shown(f"{parts.scheme}://{parts.netloc}{parts.path}")


def keeps_secrets(url: str) -> bool:
    """Whether what is sent there cannot be read on the way: TLS, or this machine itself."""
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def fetch(request: Request, seconds: float) -> Reply:
    """Ask, and follow what redirects where it may.

    Raises
    ------
    Undetermined
        If there is no whole answer in time; `BadCertificate` if TLS fails for that.
    """
    began = time.monotonic()
    deadline = began + seconds
    first = urlsplit(request.url)
    for _ in range(request.redirects + 1):
        reply = _once(request, deadline, seconds)
        follows = reply.status in REDIRECTS and reply.status not in request.final and "location" in reply.headers
        if not follows or request.method == "POST":
            return replace(reply, seconds=time.monotonic() - began)
        if not request.redirects:  # most kinds of check follow none, whatever a checklist says
            target = shown(urljoin(request.url, reply.headers["location"]).partition("?")[0])
            raise Undetermined(say("act.web.redirect-none", place=reply.place, target=target))
        request = _redirected(request, reply, first)
    raise Undetermined(say("act.web.redirects", place=place_of(request.url), limit=request.redirects))


def _redirected(request: Request, reply: Reply, first: SplitResult) -> Request:
    target = urljoin(request.url, reply.headers["location"]).partition("#")[0]
    if address_fault(target) is not None:
        raise Undetermined(say("act.web.redirect-nowhere", place=reply.place, target=shown(target)))
    now, then = urlsplit(request.url), urlsplit(target)
    if now.scheme == "https" and then.scheme == "http":
        raise Undetermined(say("act.web.redirect-plain", place=reply.place, target=place_of(target)))
    same_host = (then.hostname, _moved_port(then)) == (first.hostname, _moved_port(first))
    if not same_host and then.hostname not in request.redirect_hosts:
        raise Undetermined(say("act.web.redirect-away", place=reply.place, host=shown(then.hostname)))
    headers = request.headers
    if not same_host or (request.private and not keeps_secrets(target)):
        headers = {name: value for name, value in headers.items() if name not in request.private}
    return replace(request, url=target, headers=headers)


def _moved_port(parts: SplitResult) -> int | None:
    # http and https on their own ports are one host, as in a redirect from one to the other.
    port = parts.port or _PORTS[parts.scheme]
    return None if port == _PORTS[parts.scheme] else port


def _once(request: Request, deadline: float, seconds: float) -> Reply:
    parts = urlsplit(request.url)
    place = place_of(request.url)
    left = deadline - time.monotonic()
    if left <= 0:
        raise Undetermined(say("act.web.late", place=place, seconds=seconds))
    connection = _connection(parts, left)
    late = threading.Event()
    timer = threading.Timer(left, lambda: _cut(connection, late))
    timer.daemon = True
    timer.start()
    try:
        return _exchange(connection, request, parts, place, late.is_set)
    except Undetermined:
        raise
    except ssl.SSLCertVerificationError as error:
        expired = error.verify_code == _EXPIRED
        raise BadCertificate(
            say("act.web.certificate", host=parts.hostname, why=error.verify_message), expired
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set() or isinstance(error, TimeoutError):
            raise Undetermined(say("act.web.late", place=place, seconds=seconds)) from None
        raise Undetermined(_why(error, parts, place)) from None
    finally:
        timer.cancel()
        connection.close()


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    assert parts.hostname is not None
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=seconds, context=trusted)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=seconds)


def _exchange(
    connection: http.client.HTTPConnection,
    request: Request,
    parts: SplitResult,
    place: str,
    late: Callable[[], bool],
) -> Reply:
    connection.connect()
    ends = _certificate_end(connection)
    target = quote(parts.path or "/", safe=_KEPT) + ("?" + quote(parts.query, safe=_KEPT) if parts.query else "")
    headers = {"User-Agent": f"orr/{__version__}", "Accept": "*/*", **request.headers}
    headers |= {"Accept-Encoding": "identity", "Connection": "close"}
    connection.request(request.method, target, request.body, headers)
    response = connection.getresponse()
    body = bytearray()
    while request.method != "HEAD":
        piece = response.read(65_536)
        if not piece:
            break
        body += piece
        if len(body) > MAX_BYTES:
            raise Undetermined(say("act.web.too-large", place=place, limit=MAX_BYTES))
    if late():  # the connection was cut: what came is not whole
        raise TimeoutError
    if response.length:  # the host said that there was more
        raise http.client.IncompleteRead(b"", response.length)
    told = {name.lower(): value for name, value in response.getheaders()}
    if body and told.get("content-encoding", "identity").lower() != "identity":
        raise Undetermined(say("act.web.encoded", place=place, encoding=shown(told["content-encoding"])))
    return Reply(place, response.status, told, bytes(body), 0.0, ends)


def _certificate_end(connection: http.client.HTTPConnection) -> datetime | None:
    if not isinstance(connection.sock, ssl.SSLSocket):
        return None
    certificate = connection.sock.getpeercert()
    assert certificate is not None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)


def _cut(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    # A timeout of the socket starts anew with every byte; this one does not.
    late.set()
    try:
        if connection.sock is not None:
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
    except OSError:
        pass


def _why(error: Exception, parts: SplitResult, place: str) -> Message:
    if isinstance(error, socket.gaierror):
        return say("act.web.no-host", host=parts.hostname, why=error.strerror or "")
    if isinstance(error, ssl.SSLError):
        return say("act.web.tls", place=place, why=error.reason or str(error))
    if isinstance(error, OSError):
        return say("act.web.no-connection", place=place, why=error.strerror or str(error))
    return say("act.web.no-http", place=place, why=shown(f"{type(error).__name__}: {error}"))
