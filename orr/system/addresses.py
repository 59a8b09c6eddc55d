r"""Parse web addresses that every program reads alike, and show any address without its secrets.

A browser reads an address by the URL standard (https://url.spec.whatwg.org), most libraries by
RFC 3986, and they do not agree on all of them: by the one ``https://a.example\@b.example`` leads to
a.example, by the other to b.example. What they read differently, or only one of them accepts, is no
address here, so that what was checked is where people arrive.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple
from urllib.parse import unquote

_FORM = re.compile(
    r"(https?)://(?:([^@/?#]*)@)?(\[[0-9a-f:.]+\]|[^@:/?#\[\]]+)(?::([0-9]{0,5}))?((?:/[^?#]*)?)((?:[?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)
# The URL standard drops tabs and line ends wherever they stand, and control characters at both ends.
_DROPPED = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_USER = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:%-]*")
_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DATABASE = re.compile(r"(?P<scheme>[a-z]\w*(?:\+\w+)?)://(?P<authority>[^/?]*)(?:[/?].*)?", re.ASCII | re.DOTALL)
# What SQLite holds in memory, or in a file that is gone at the end.
_IN_MEMORY = re.compile(
    r"sqlite[^:]*:///?(?:file:)?(?:/*:memory:.*|[?].*)?|sqlite.*[?&]mode=memory(?:[&#].*)?", re.ASCII | re.DOTALL
)
_PLACE = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::(.*))?", re.DOTALL)
_SHORTEST = 3  # letters of a secret that is looked for in a text


class Address(NamedTuple):
    """An http or https address in its parts.

    Attributes
    ----------
    scheme
        `http` or `https`.
    user
        What stands before an `@`; None where nothing does.
    host
        In lower case and ASCII, without a dot at its end; an IPv6 address in brackets.
    port
        Where it names one.
    path
        As it stands there; empty, or from its first slash.
    rest
        Query and fragment.
    """

    scheme: str
    user: str | None
    host: str
    port: int | None
    path: str
    rest: str


def read_address(text: str) -> Address | None:
    """Take an http or https address apart.

    Parameters
    ----------
    text
        The address.

    Returns
    -------
    Address or None
        Its parts; None for what is no such address, or one that is read in two ways.
    """
    found = _FORM.fullmatch(text)
    if found is None or text != text.strip() or _DROPPED.search(text):
        return None
    scheme, user, written, port, path, rest = found.groups()
    if "\\" in f"{user or ''}{written}{path}":  # the URL standard reads it as a slash
        return None
    if user and not _USER.fullmatch(user):  # some programs take what looks like a slash for one
        return None
    host = host_name(written)
    number = int(port) if port else None
    if host is None or (number is not None and not 0 < number <= 65_535):
        return None
    return Address(scheme.lower(), user, host, number, path, rest)


def host_name(text: str) -> str | None:
    """Canonical form of a host name; None for what is ambiguous.

    Lower case, ASCII, without a dot at its end. Ambiguous are percent signs, characters
    that only one of the two standards maps to others, and numbers that only one takes for
    an address of IPv4.
    """
    if text.startswith("["):
        return _ipv6(text)
    ascii_text = _in_ascii(text.removesuffix("."))
    if ascii_text is None:
        return None
    labels = ascii_text.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if "xn--" in ascii_text and _decoded(ascii_text) is None:
        return None
    if _NUMBER.fullmatch(labels[-1]):
        try:
            return str(IPv4Address(ascii_text))
        except ValueError:
            return None
    return ascii_text


def host_matches(host: str, patterns: Iterable[str]) -> bool:
    """Whether a host matches a pattern such as `*.example.com`."""
    name = host_name(host)
    for pattern in patterns:
        wanted = host_name(pattern.strip().removeprefix("*."))
        if name is not None and wanted is not None:
            below = pattern.strip().startswith("*.")
            if name.endswith(f".{wanted}") if below else name == wanted:
                return True
    return False


def database_fault(address: str) -> str | None:
    """Fault of an SQLAlchemy address, as a message key's end; None if valid."""
    found = _DATABASE.fullmatch(address)
    if found is None or (found["scheme"].startswith("sqlite") and found["authority"]):
        return "database"
    if _IN_MEMORY.fullmatch(address):
        return "database-memory"
    if found["authority"].count("@") > 1:
        return "database-sign"
    place = _PLACE.fullmatch(found["authority"].rpartition("@")[2])
    if place is None or (
        place[1] and not (place[1].isdecimal() and place[1].isascii() and 0 < int(place[1]) <= 65_535)
    ):
        return "database-port"
    return None


def shown_address(address: str) -> str:
    """Address without user, query and fragment, fit to be shown."""
    begin, _, place, _ = _parts(address)
    return begin + place


def without_secrets_of(address: str, text: str) -> str:
    """A text, such as that of an error, without what `shown_address` leaves out of an address."""
    _, user, _, beyond = _parts(address)
    wholes = [user.partition(":")[2] or user, *(part.partition("=")[2] for part in re.split("[?&#;]", beyond))]
    wholes = [*wholes, *map(unquote, wholes)]
    # Where a sign is not escaped, what stands on one side of it may be taken for a host or a path.
    secrets = {*wholes, *(part for whole in wholes for part in re.split("[@:/?#&=;]", whole))}
    text = text.replace(address, shown_address(address))
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "***") if len(secret) >= _SHORTEST else text
    return text


def _parts(address: str) -> tuple[str, str, str, str]:
    """The scheme, who signs in, the place, and what follows it.

    Where an `@` stands behind a `?` or `#`, that may be of a password too: then no place is told.
    """
    scheme, colon, rest = address.partition("://") if "://" in address else ("", "", address)
    place, mark, beyond = next((rest.partition(sign) for sign in rest if sign in "?#"), (rest, "", ""))
    user, _, place = place.rpartition("@")
    if "@" in beyond:
        user, place = rest.rpartition("@")[0], "…"
    return scheme + colon, user, place, mark + beyond


def _ipv6(text: str) -> str | None:
    try:
        return f"[{IPv6Address(text[1:-1])}]" if text.endswith("]") else None
    except ValueError:
        return None


def _in_ascii(text: str) -> str | None:
    if text.isascii():
        return text.lower()
    try:
        encoded = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    # What either standard would map to something else is not the same once decoded.
    same = _decoded(encoded) == text.casefold() == unicodedata.normalize("NFKC", text).lower()
    return encoded if same else None


def _decoded(ascii_text: str) -> str | None:
    try:
        return ascii_text.encode("ascii").decode("idna")
    except UnicodeError:
        return None
