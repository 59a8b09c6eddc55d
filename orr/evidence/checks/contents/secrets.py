"""Search files for private keys, tokens of known services, and passwords in settings."""

from __future__ import annotations

import json
import posixpath
import re
from typing import Any

from orr.evidence.documents.placeholders import placeholder_in
from orr.messages import Message, say

MIN_BODY = 60
"""The characters from which on a key's body is one, and no sample of its form."""
MIN_MEMBER = 20
"""The same for the private member of a JSON Web Key."""

_BLOCK = re.compile(
    rb"-----BEGIN ((?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?)-----((?:[^-]|-(?!----))++)-----END \1-----"
)
_PUTTY = re.compile(rb"^PuTTY-User-Key-File-\d:", re.MULTILINE)
_BODY = re.compile(rb"[A-Za-z0-9+/=]{16,}")
_HEADS = re.compile(rb"^[A-Za-z-]+: .*$", re.MULTILINE)
_JWK = re.compile(rb"[\"']kty[\"']")
_MEMBER = re.compile(rb"[\"'](?:d|k)[\"']\s*:\s*[\"'][A-Za-z0-9_-]{20,}[\"']")
_SETTINGS = re.compile(r"\.env(?:\..+)?|.+\.env", re.IGNORECASE)
_SAMPLE = re.compile(r"(?:example|sample|template|dist|tmpl|defaults?)", re.IGNORECASE)
_ASSIGNED = re.compile(r"^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NAMES = re.compile(
    r"pass(?:word|wd|phrase)?(?:$|_)|pwd(?:$|_)|secret|token|credential|api_?key|access_?key|private_?key|encryption_?key"
    r"|signing_?key|auth(?:$|_key)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\"']?https?://[^\s@?]*", re.IGNORECASE)
_WITH_PASSWORD = re.compile(r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@$<{]+@", re.IGNORECASE)
_KNOWN = re.compile(
    r"\b(?:(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{10,}"
    r"|sk_live_\w{16,}|AIza[\w-]{35}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})"
)
_TOKEN = re.compile(
    rb"(?<![\w-])(?:AKIA[A-Z2-7]{16}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{50,}|glpat-[\w-]{20,}|xox[abprs]-[\w-]{24,}"
    rb"|sk_live_[A-Za-z0-9]{24,}|AIza[\w-]{35}|npm_[A-Za-z0-9]{36}|pypi-AgEI[\w-]{50,}|dckr_pat_[\w-]{27})(?![\w-])"
)
"""Tokens that their services mark, so that they are known wherever they stand."""
_SHOWN = re.compile(rb"example|sample|test|dummy|fake|xxxx|0000|1234|abcd", re.IGNORECASE)
MIN_SIGNS = 10
"""The different signs from which on a token is one, and no sample of its form."""
_NOTHING = re.compile(
    r"[\"']?(?:\$.*|<.*>|\{\{.*|\[.*\]|x{3,}|\*+|\.{3}|change_?me|(?:your|my)[-_ ].*|example"
    r"|dummy|none|null|todo|true|false|\d{0,5})?[\"']?",
    re.IGNORECASE,
)


def secret_in(path: str, raw: bytes) -> Message | None:
    """What secret a file holds, in words; None where none is seen.

    A key counts whole: its head, its end, and a body between them that could be one.
    A JSON Web Key (RFC 7517) is private with `d`, or symmetric with `k`.
    """
    raw = _in_utf8(raw)
    for block in _BLOCK.finditer(raw):
        body = _HEADS.sub(b"", block[2].replace(b"\\n", b"\n").replace(b"\\r", b""))
        if sum(len(part[0]) for part in _BODY.finditer(body)) >= MIN_BODY:
            return say("contents.key", line=raw.count(b"\n", 0, block.start()) + 1)
    putty = _PUTTY.search(raw)
    if putty is not None and raw.find(b"\nPrivate-Lines:", putty.end()) > 0:
        return say("contents.key", line=1)
    kty = _JWK.search(raw)
    if kty is not None and _MEMBER.search(raw) and _holds_jwk(raw):
        return say("contents.jwk", line=raw.count(b"\n", 0, kty.start()) + 1)
    for token in _TOKEN.finditer(raw):
        if not _SHOWN.search(token[0]) and len(set(token[0])) >= MIN_SIGNS:
            return say(
                "contents.token", begin=token[0][:4].decode("ascii"), line=raw.count(b"\n", 0, token.start()) + 1
            )
    name = posixpath.basename(path)
    if _SETTINGS.fullmatch(name) and not _SAMPLE.search(name):
        return _in_settings(raw.decode("utf-8", "replace"))
    return None


def _in_utf8(raw: bytes) -> bytes:
    """Convert UTF-16, as Windows writes it, to UTF-8.

    Without a byte-order mark it is recognised by its many zeros.
    """
    head = raw[:2_000]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw[: len(raw) // 2 * 2].decode("utf-16", "replace").encode()
    for codec, zeros, signs in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > 0.7 * len(zeros) and not signs.count(0):
            return raw[: len(raw) // 2 * 2].decode(codec, "replace").encode()
    return raw


def _holds_jwk(raw: bytes) -> bool:
    try:
        waiting: list[Any] = [json.loads(raw.decode("utf-8-sig"))]
    except (ValueError, RecursionError):
        return True  # in a program or a settings file: its members stand there all the same
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            member = one.get("k" if one.get("kty") == "oct" else "d")
            if isinstance(one.get("kty"), str) and isinstance(member, str) and len(member) >= MIN_MEMBER:
                return True
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
    return False


def _in_settings(text: str) -> Message | None:
    for found in _ASSIGNED.finditer(text):
        name, value = found[1], re.sub(r"[ \t]+#.*", "", found[2])
        if _NOTHING.fullmatch(value) or placeholder_in(value):
            continue
        named = _NAMES.search(name) and not _ADDRESS.fullmatch(value)
        if named or _WITH_PASSWORD.search(value) or _KNOWN.search(value):
            return say("contents.setting", name=name[:60], line=text.count("\n", 0, found.start()) + 1)
    return None
