"""Resolve the runbook that an alert links to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from orr.evidence.checks.alerts.rules import Alert, fixed_part, is_filled_in
from orr.evidence.context import Context
from orr.evidence.documents.headings import words
from orr.evidence.documents.links import has_anchor
from orr.evidence.documents.outline import Document
from orr.evidence.documents.reading import document_at
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.finding import Outcome

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.\s]+")
_ALERT_LINE = re.compile(r"^\W*alert(?:s|name)?\b\s*[:：]|^\W*告警\S{0,4}\s*[:：]", re.IGNORECASE)
_ENDINGS = ("", ".md", ".rst", ".ipynb", "/index.md", "/README.md", "/index.rst")


@dataclass(frozen=True, slots=True)
class Response:
    """Response to an alert, as judged and as shown in the table."""

    outcome: Outcome
    shown: str
    why: Message | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a response may lead to beside the repository.

    Attributes
    ----------
    hosts
        Such as `wiki.example.com`, or `*.example.com`.
    base
        Addresses below which the web shows this repository's own files.
    heading
        Whether a document must have a place for the alert.
    """

    hosts: Sequence[str] = ()
    base: Sequence[str] = ()
    heading: bool = True


def response_of(context: Context, alert: Alert, keys: Sequence[str], allowed: Allowed) -> Response:
    """Follow an alert's response to its end."""
    found = alert.value(keys)
    if found is None:
        return Response(Outcome.NOT_MET, "—", say("alerts.response.none", keys=few(keys)))
    target = found[1].strip()[:2000]
    own = next((target[len(one) :] for one in allowed.base if target.startswith(one)), None)
    if own is not None:
        return _in_repository(context, alert, own.lstrip("/"), target, allowed)
    if _SCHEME.match(target) or target.startswith("//"):
        return _on_the_web(target, allowed)
    if is_filled_in(target):
        return Response(Outcome.NOT_MET, target, say("alerts.response.filled-in", target=_short(target)))
    return _in_repository(context, alert, target, target, allowed)


def few(keys: Sequence[str]) -> list[str]:
    """The first of many keys, for a sentence."""
    return [*keys[:2], "…"] if len(keys) > 3 else list(keys)


def allowed_host(host: str, allowed: Sequence[str]) -> bool:
    """Whether a host is one of those allowed; `*.example.com` allows what lies below it."""
    host = host.casefold().rstrip(".")
    for one in allowed:
        wanted = one.casefold().strip().rstrip(".")
        if host == wanted or (wanted.startswith("*.") and host.endswith(wanted[1:]) and len(host) > len(wanted) - 1):
            return True
    return False


def _on_the_web(target: str, allowed: Allowed) -> Response:
    try:
        parts = urlsplit(target)
        host = parts.hostname or ""
    except ValueError:
        return Response(Outcome.NOT_MET, target, say("alerts.response.no-address", target=_short(target)))
    if parts.scheme.casefold() not in ("http", "https") or not host:
        return Response(Outcome.NOT_MET, target, say("alerts.response.no-address", target=_short(target)))
    # A host that is filled in when the alert fires could be any.
    if is_filled_in(parts.netloc) or not fixed_part(host):
        return Response(Outcome.NOT_MET, target, say("alerts.response.filled-in", target=_short(target)))
    if not allowed_host(host, allowed.hosts):
        return Response(Outcome.NOT_MET, target, say("alerts.response.host", host=host))
    return Response(Outcome.MET, target)


def _in_repository(context: Context, alert: Alert, target: str, shown: str, allowed: Allowed) -> Response:
    path, _, anchor = target.partition("#")
    anchor = unquote(anchor)
    file = next(_places(context, unquote(path.partition("?")[0]), alert.path), None)
    if file is None:
        hidden = _hidden(context, unquote(path), alert.path)
        if hidden is not None:
            return Response(Outcome.UNKNOWN, shown, say("alerts.response.unread", why=hidden))
        return Response(Outcome.NOT_MET, shown, say("alerts.response.gone", target=_short(shown)))
    try:
        read = document_at(context, file)
    except Undetermined as cannot:
        return Response(Outcome.UNKNOWN, shown, say("alerts.response.unread", why=cannot.why))
    if read.is_empty:
        return Response(Outcome.NOT_MET, shown, say("alerts.response.empty", path=file))
    if anchor and not has_anchor(read, anchor):
        return Response(Outcome.NOT_MET, shown, say("alerts.response.no-anchor", path=file, anchor=_short(anchor)))
    if allowed.heading and not anchor and not speaks_of(read, alert.name, context.workload.workload):
        return Response(Outcome.NOT_MET, shown, say("alerts.response.no-heading", path=file))
    return Response(Outcome.MET, shown)


def speaks_of(read: Document, name: str, workload: str = "") -> bool:
    """Whether a document has a place for an alert.

    Its file's name, a heading, its front matter (`title`, `alert`, `alerts`) or a line
    "Alert: …" names it: in one word, or in several as "Disk almost full" does for
    `DiskAlmostFull`; the workload's own name before it may be left out.
    """
    whole = _spoken(name)
    tail: tuple[str, ...] = ()
    own = tuple(words(" ".join(_HUMP.split(workload))))
    if own and whole[: len(own)] == own and len(whole) > len(own):
        tail = whole[len(own) :]
    said = [heading.text for heading in read.headings]
    said += [line.text[:1000] for line in read.prose if _ALERT_LINE.match(line.text)]
    for key in ("title", "alert", "alerts", "alertname"):
        value = read.front.value((key,))
        said += [str(value[1])[:1000]] if value is not None else []
    titles = [*said, posixpath.splitext(posixpath.basename(read.path))[0]]
    wanted = {"".join(one) for one in (whole, tail) if one}
    if any("".join(_spoken(title)) in wanted for title in titles):
        return True
    in_one_word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])", re.IGNORECASE)
    return any(in_one_word.search(one) for one in said)


def _spoken(name: str) -> tuple[str, ...]:
    return tuple(words(" ".join(part for part in _HUMP.split(name[:1000]) if part)))


def _places(context: Context, path: str, rules: str) -> Iterator[str]:
    """The files that a path can mean: from the repository's root, else from where the rules stand."""
    for whole in _wholes(path, rules):
        for ending in _ENDINGS:
            if context.has(whole + ending) and whole + ending not in context.reader.tree.folders:
                yield whole + ending


def _hidden(context: Context, path: str, rules: str) -> Message | None:
    """Why a file that is there must not be read."""
    for whole in _wholes(path, rules):
        for name, why in context.reader.tree.refused.items():
            if whole == name or whole.startswith(name + "/"):
                return say("evidence.ground.refused", path=name, why=why)
    return None


def _wholes(path: str, rules: str) -> Iterator[str]:
    if path.strip() and "\0" not in path:
        for start in [""] if path.startswith("/") else ["", posixpath.dirname(rules)]:
            whole = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
            if whole != ".." and not whole.startswith("../"):
                yield whole


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
