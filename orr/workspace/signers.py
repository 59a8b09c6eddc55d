"""The file of allowed signers that `orr.yaml` names, and what is wrong with its lines."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from orr.messages import Message, say

MARK = 16
"""How many digits of a line's digest tell it from others."""

_LINE = re.compile(
    r"""(?P<principals>"[^"]*"|\S+)[ \t]+
        (?:(?P<options>(?:[A-Za-z-]+(?:="(?:[^"\\]|\\.)*")?)(?:,[A-Za-z-]+(?:="(?:[^"\\]|\\.)*")?)*)[ \t]+)??
        (?P<kind>(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[A-Za-z0-9@.-]+)[ \t]+(?P<key>[A-Za-z0-9+/=]+)(?:[ \t].*)?""",
    re.VERBOSE,
)
_OPTION = re.compile(r'([A-Za-z-]+)(?:="((?:[^"\\]|\\.)*)")?')
_TIME = re.compile(r"\d{8}(\d{4}(\d\d)?)?Z?")
_DATED = ("valid-after", "valid-before")


class Signer(NamedTuple):
    """One line: whose key it is.

    Attributes
    ----------
    principals
        Patterns of names, with commas between.
    options
        By name their values; empty for one without.
    key
        The key in base64.
    mark
        A digest of all that decides.
    line
        As it stands in the file.
    """

    principals: str
    options: dict[str, str]
    key: str
    mark: str
    line: str = ""

    def speaks_for(self, name: str) -> bool:
        """Whether a pattern matches a name and none negates it, as in OpenSSH."""
        found = False
        for pattern in self.principals.split(","):
            body = pattern.removeprefix("!")
            form = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in body)
            if re.fullmatch(form, name, re.DOTALL):
                if body != pattern:
                    return False
                found = True
        return found


class BadLine(NamedTuple):
    """A line, from 1, that `ssh-keygen` would not read, and why."""

    line: int
    wrong: Message
    remedy: Message


class Signers(NamedTuple):
    """What a file of signers says."""

    signers: tuple[Signer, ...]
    bad: tuple[BadLine, ...]

    @property
    def marks(self) -> dict[str, str]:
        """By the mark of each line its principals."""
        return {one.mark: one.principals for one in self.signers}

    @property
    def lines(self) -> bytes:
        """Lines of the file that count; a faulty one might admit anybody."""
        return "".join(f"{one.line}\n" for one in self.signers).encode("utf-8", "replace")

    @property
    def depend_on_time(self) -> bool:
        """Whether a key may be valid at one time and not at another."""
        return any({"cert-authority", *_DATED} & one.options.keys() for one in self.signers)

    def keys_of(self, name: str) -> list[str]:
        """The keys that speak for somebody, without those of authorities."""
        return [one.key for one in self.signers if "cert-authority" not in one.options and one.speaks_for(name)]

    def knows(self, name: str) -> bool:
        """Whether any key, or an authority's certificate, may speak for somebody."""
        return any(one.speaks_for(name) for one in self.signers)


def read_signers(content: bytes) -> Signers:
    """Read a file of allowed signers (ssh-keygen(1))."""
    found = [(number, _line(line)) for number, line in _lines(content)]
    good = tuple(one for _, one in found if isinstance(one, Signer))
    bad = [BadLine(number, one, say(f"{one.key}.do")) for number, one in found if isinstance(one, Message)]
    return Signers(good, tuple(bad))


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    for number, raw in enumerate(content.split(b"\n"), 1):
        line = raw.decode("utf-8", "replace").strip(" \t\r")
        if line and not line.startswith("#"):
            yield number, line


def _line(line: str) -> Signer | Message:
    """The signer of a line, or what is wrong with it."""
    read = _LINE.fullmatch(line)
    if read is None:
        return say("file.signers.form")
    options = {found[1].lower(): found[2] or "" for found in _OPTION.finditer(read["options"] or "")}
    for name, value in options.items():
        if name not in ("cert-authority", "namespaces", *_DATED):
            return say("file.signers.option", option=name)
        if name in _DATED and not _TIME.fullmatch(value):
            return say("file.signers.time", option=name, value=value)
    try:
        key = base64.b64decode(read["key"], validate=True)
    except binascii.Error:
        key = b""
    if not key.startswith(len(read["kind"]).to_bytes(4, "big") + read["kind"].encode()):
        return say("file.signers.key", kind=read["kind"])
    principals = read["principals"].strip('"')
    if "cert-authority" not in options and any(not one.strip("*?") for one in principals.split(",")):
        return say("file.signers.anybody")
    told = "\n".join([principals, *(f"{name}={value}" for name, value in sorted(options.items())), read["key"]])
    return Signer(principals, options, read["key"], mark_of(told.encode("utf-8", "replace")), line)


def mark_of(content: bytes) -> str:
    """A digest that tells one content from another."""
    return sha256(content).hexdigest()[:MARK]
