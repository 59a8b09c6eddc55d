"""Read components, owners and groups from a Backstage catalog."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.yamlstream import YamlDocument
from orr.system.addresses import read_address

OWNED = frozenset({"component", "api", "resource", "system", "domain", "template", "airesource"})
_REFERENCE = re.compile(r"(?:(?P<kind>[A-Za-z]{1,63}):)?(?:(?P<space>[\w.-]{1,63})/)?(?P<name>[\w.-]{1,63})")


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of a catalogue.

    Attributes
    ----------
    kind, name
        In lower case, as Backstage compares them; the namespace is left out.
    owner
        As it is written; empty where there is none.
    contact
        How a group or person is reached.
    folder
        The folder of its file, "" for the repository's root.
    """

    kind: str
    name: str
    owner: str
    contact: str
    path: str
    line: int

    @property
    def folder(self) -> str:
        """The folder that it describes: that of its file."""
        return posixpath.dirname(self.path)


def entities_in(documents: Iterable[YamlDocument]) -> Iterator[Entity]:
    """The entities of a file's documents; what is of another kind is left out."""
    for document in documents:
        data = document.data
        if not isinstance(data, dict) or not str(data.get("apiVersion", "")).startswith("backstage.io/"):
            continue
        spec, metadata = _of(data, "spec"), _of(data, "metadata")
        owner = spec.get("owner")
        yield Entity(
            kind=str(data.get("kind") or "").casefold(),
            name=str(metadata.get("name") or "").casefold()[:120],
            owner=owner.strip()[:200] if isinstance(owner, str) and not _is_open(owner) else "",
            contact=_contact(spec, metadata),
            path=document.path,
            line=document.line(("metadata", "name")),
        )


def _is_open(owner: str) -> bool:
    """Whether a reference names nobody; `guests` is what Backstage's own templates write."""
    name = referred(owner)[1]
    return is_placeholder(owner) or is_placeholder(name) or name in ("guest", "guests")


def referred(reference: str) -> tuple[str, str]:
    """The kind (`group` where not said) and name that an owner's reference means."""
    found = _REFERENCE.fullmatch(reference.strip())
    if found is None:
        return "", reference.strip().casefold()
    return (found["kind"] or "group").casefold(), found["name"].casefold()


def _contact(spec: Mapping[str, Any], metadata: Mapping[str, Any]) -> str:
    email = _of(spec, "profile").get("email")
    if isinstance(email, str) and "@" in email:
        return email.strip()[:120]
    links = metadata.get("links")
    for link in links if isinstance(links, list) else ():
        url = link.get("url") if isinstance(link, dict) else None
        if isinstance(url, str) and (url.startswith("mailto:") or read_address(url) is not None):
            return url[:120]
    for key, value in _of(metadata, "annotations").items():
        if re.search(r"slack|pagerduty|opsgenie|on-?call|contact|victorops", str(key), re.IGNORECASE) and value:
            return str(value)[:120]
    return ""


def _of(data: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}
