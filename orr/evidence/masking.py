"""Secrets are taken out of everything that evidence says before it is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orr.finding import Finding, Said, Table
from orr.messages import Message

MASK = "***"
MAX_TEXT = 2_000
MAX_ROWS = 500

_TELLING_NAME = (
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|api[_-]?key|access[_-]?key|secret[_-]?key"
    r"|private[_-]?key|client[_-]?secret|auth)"
)
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"-----BEGIN ([A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?)-----.*?(?:-----END \1-----|\Z)", re.DOTALL),
        MASK,
    ),
    (re.compile(r"\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{12,}\b"), MASK),
    (re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,})"), MASK),
    (re.compile(r"\b(?:xox[a-z]-[A-Za-z0-9-]{8,}|xapp-[A-Za-z0-9-]{8,})"), MASK),
    (re.compile(r"\b(?:sk|rk|pk)[-_](?:live[-_]|test[-_]|proj-|ant-)?[A-Za-z0-9_-]{16,}"), MASK),
    (
        re.compile(
            r"\b(?:AIza[A-Za-z0-9_-]{30,}|ya29\.[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{20,}|pypi-[A-Za-z0-9_-]{20,})"
        ),
        MASK,
    ),
    (re.compile(r"(hooks\.slack\.com/services/)[A-Za-z0-9/_-]+"), rf"\1{MASK}"),
    (re.compile(r"\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]{6,}(?:\.[A-Za-z0-9_-]*)?"), MASK),
    (re.compile(r"(://)[^/\s@\"'<>]{1,512}@"), rf"\1{MASK}@"),
    (re.compile(r"\b(bearer|basic)(\s{1,4})[A-Za-z0-9+/=._~-]{8,}", re.IGNORECASE), rf"\1\2{MASK}"),
    (
        re.compile(
            rf"({_TELLING_NAME}[\"']?\s{{0,4}}(?:=>|:=|[=:：])\s{{0,4}})"
            r"(?:\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|[^\s\"',;&|)}\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
)


def masked(text: str) -> str:
    """Replace whatever looks like a secret in a text, rather too much than too little.

    It comes out with at most `MAX_TEXT` characters, and what UTF-8 cannot hold is
    replaced.
    """
    # Cut far behind what is kept, so that no secret is cut beyond recognition.
    text = text[: 5 * MAX_TEXT].encode("utf-8", "replace").decode()
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def masked_finding(finding: Finding) -> Finding:
    """The same finding without secrets in its words and its table."""
    table = finding.table
    if table is not None:
        rows = tuple(tuple(_said(cell) for cell in row) for row in table.rows[:MAX_ROWS])
        table = Table(tuple(_said(title) for title in table.columns), rows)
    return replace(finding, says=_said(finding.says), table=table)


def _said(what: Said) -> Said:
    words: Said = _value(what)
    return words


def _value(value: Any) -> Any:
    if isinstance(value, Message):
        return Message(value.key, {name: _value(one) for name, one in value.values.items()})
    if type(value) is str:
        return masked(value)
    if isinstance(value, Mapping):
        return {key: _value(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_value(one) for one in value]
    return value
