"""Resolve the runbook that an alert links to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from orr.evidence.checks.alerts.rules import Alert, fixed_part, is_filled_in
from orr.evidence.context import Context
from orr.evidence.documents.headings import words
from orr.evidence.documents.links import has_anchor
from orr.evidence.documents.outline import Document
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.reading import document_at
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.finding import Outcome
from orr.system.addresses import Address, host_matches, read_address

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_AUTHORITY = re.compile(r"[A-Za-z]+:/*([^/?#]*)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_\-.\s]+")
_ALERT_LINE = re.compile(r"^\W*alert(?:s|name)?\b\s*[:：]|^\W*告警\S{0,4}\s*[:：]", re.IGNORECASE)
_ENDINGS = ("", ".md", ".rst", ".ipynb", "/index.md", "/_index.md", "/README.md", "/index.rst")

ANY_CASE = ("runbooks.prometheus-operator.dev", "*.netlify.app")
"""Hosts that find a page whatever the case of its address: Hugo and Netlify publish every path in lower case
(https://www.jvt.me/posts/2019/11/11/gotcha-netlify-lowercase/). GitHub and most others do not."""
_SITE_ROOTS = ("", "content", "docs", "docs/source", "source", "src")
"""Folders from which generators of sites (Hugo, MkDocs, Docusaurus, Sphinx, Middleman) publish."""
_FILES_SHOWN = re.compile(r"/(?:blob|tree|raw|src|blame|edit)/")
"""Where a code host shows the files of a repository by their own names."""


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
    any_case
        Hosts below which the case of a path does not matter, beside those that are known.
    """

    hosts: Sequence[str] = ()
    base: Sequence[Address] = ()
    heading: bool = True
    any_case: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    """Place in the repository, and how to look for it.

    Attributes
    ----------
    paths
        Relative to the repository, the likeliest first.
    endings
        What may be missing at their end.
    any_case
        Whether letters may be of the other case.
    anchor
        The place within the document.
    shown
        As the alert names it.
    """

    paths: tuple[str, ...]
    endings: tuple[str, ...]
    any_case: bool
    anchor: str
    shown: str


def response_of(context: Context, alert: Alert, keys: Sequence[str], allowed: Allowed) -> Response:
    """Follow an alert's response to its end."""
    found = alert.value(keys)
    if found is None:
        return Response(Outcome.NOT_MET, "—", say("alerts.response.none", keys=few(keys)))
    target = found[1].strip()[:2000]
    if _SCHEME.match(target) or target.startswith("//"):
        return _on_the_web(context, alert, target, allowed)
    if is_filled_in(target):
        return Response(Outcome.NOT_MET, target, say("alerts.response.filled-in", target=_short(target)))
    path, _, anchor = target.partition("#")
    path = unquote(path.partition("?")[0])
    starts = [""] if path.startswith("/") else ["", posixpath.dirname(alert.path)]
    return _in_repository(
        context, alert, _Target(tuple(_wholes(path, starts)), _ENDINGS, False, unquote(anchor), target), allowed
    )


def few(keys: Sequence[str]) -> list[str]:
    """The first of many keys, for a sentence."""
    return [*keys[:2], "…"] if len(keys) > 3 else list(keys)


def _on_the_web(context: Context, alert: Alert, target: str, allowed: Allowed) -> Response:
    # A host that is filled in when the alert fires could be any.
    authority = _AUTHORITY.match(target)
    if authority is not None and is_filled_in(authority[1]):
        return Response(Outcome.NOT_MET, target, say("alerts.response.filled-in", target=_short(target)))
    address = read_address(fixed_part(target, "x"))
    if address is None:
        return Response(Outcome.NOT_MET, target, say("alerts.response.no-address", target=_short(target)))
    any_case = host_matches(address.host, (*ANY_CASE, *allowed.any_case))
    for base in allowed.base:
        own = _below(base, address, any_case)
        if own is not None:
            if is_filled_in(target):
                return Response(Outcome.NOT_MET, target, say("alerts.response.filled-in", target=_short(target)))
            return _in_repository(context, alert, _published(base, own, address, any_case, target), allowed)
    if not host_matches(address.host, allowed.hosts):
        return Response(Outcome.NOT_MET, target, say("alerts.response.host", host=address.host))
    return Response(Outcome.MET, target)


def _below(base: Address, address: Address, any_case: bool) -> str | None:
    """Part of an address after a base; None elsewhere."""
    if (base.scheme, base.host, base.port) != (address.scheme, address.host, address.port):
        return None
    # A browser resolves dots before it asks, also where they are percent-encoded.
    path = posixpath.normpath("/" + re.sub("%2e", ".", address.path, flags=re.IGNORECASE).lstrip("/"))
    start = base.path.rstrip("/") + "/"
    begins = f"{path}/".casefold().startswith(start.casefold()) if any_case else f"{path}/".startswith(start)
    return unquote(path[len(start) :]) if begins else None


def _published(base: Address, own: str, address: Address, any_case: bool, target: str) -> _Target:
    """Places where the file of a web page may lie."""
    anchor = unquote(address.rest.partition("#")[2])
    if _FILES_SHOWN.search(base.path):
        return _Target(tuple(_wholes(own, [""])), ("", "/README.md", "/README.rst"), any_case, anchor, target)
    page = own.removesuffix(".html")
    roots = [*_SITE_ROOTS, *(posixpath.join(root, base.path.strip("/")) for root in _SITE_ROOTS)]
    paths = tuple(dict.fromkeys(one for path in (own, page) for one in _wholes(path, roots)))
    return _Target(paths, _ENDINGS, any_case, anchor, target)


def _in_repository(context: Context, alert: Alert, target: _Target, allowed: Allowed) -> Response:
    shown = target.shown
    file = next(_places(context, target), None)
    if file is None:
        hidden = _hidden(context, target.paths)
        if hidden is not None:
            return Response(Outcome.UNKNOWN, shown, say("alerts.response.unread", why=hidden))
        return Response(Outcome.NOT_MET, shown, say("alerts.response.gone", target=_short(shown)))
    try:
        read = document_at(context, file)
    except Undetermined as cannot:
        return Response(Outcome.UNKNOWN, shown, say("alerts.response.unread", why=cannot.why))
    left_to_fill_in = {line.line for line in read.prose if is_placeholder(line.text)}
    if not set(read.substance) - left_to_fill_in:
        return Response(Outcome.NOT_MET, shown, say("alerts.response.empty", path=file))
    if target.anchor and not has_anchor(read, target.anchor):
        anchor = _short(target.anchor)
        return Response(Outcome.NOT_MET, shown, say("alerts.response.no-anchor", path=file, anchor=anchor))
    if allowed.heading and not target.anchor and not speaks_of(read, alert.name, context.workload.workload):
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


def _places(context: Context, target: _Target) -> Iterator[str]:
    """Files that match a target."""
    files = context.cached(("any case",), lambda: _by_any_case(context)) if target.any_case else {}
    for path in target.paths:
        for ending in target.endings:
            if target.any_case:
                yield from files.get((path + ending).casefold(), ())
            elif context.has(path + ending) and path + ending not in context.reader.tree.folders:
                yield path + ending


def _by_any_case(context: Context) -> dict[str, list[str]]:
    files: dict[str, list[str]] = {}
    for path in context.reader.tree.files:
        files.setdefault(path.casefold(), []).append(path)
    return files


def _hidden(context: Context, paths: Sequence[str]) -> Message | None:
    """Reason why an existing file must not be read."""
    for path in paths:
        for name, why in context.reader.tree.refused.items():
            if path == name or path.startswith(name + "/"):
                return say("evidence.ground.refused", path=name, why=why)
    return None


def _wholes(path: str, starts: Sequence[str]) -> Iterator[str]:
    """Join a path to several folders, within the repository."""
    if path.strip() and "\0" not in path:
        for start in starts:
            whole = posixpath.normpath(posixpath.join(start, path.lstrip("/")))
            if whole != ".." and not whole.startswith("../"):
                yield whole


def _short(text: str) -> str:
    return text if len(text) <= 120 else text[:119] + "…"
