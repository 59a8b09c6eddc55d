"""Mask secrets in evidence before it is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from orr.messages import Message, Said
from orr.model.finding import Finding, Table

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
    # Up to the last of several `@`, and over what is no port: neither is always escaped in a password.
    (
        re.compile(r"(://)(?:[^/?#\s\"'<>]{1,512}|[^/?#\s@:\"'<>]{0,128}:(?![0-9]{1,5}[/?#])[^\s\"'<>]{1,512})@"),
        rf"\1{MASK}@",
    ),
    (
        re.compile(
            r"([?&#;](?:[\w.-]{0,40}[._-])?(?:sig|signature|key|code|session|jwt)=)[^\s&#;\"'<>]+", re.IGNORECASE
        ),
        rf"\1{MASK}",
    ),
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


def without_secrets(text: str) -> str:
    """Replace whatever looks like a secret in a text, rather too much than too little."""
    for pattern, instead in _PATTERNS:
        text = pattern.sub(instead, text)
    return text


def masked(text: str) -> str:
    """Replace whatever looks like a secret in a text, and keep it short.

    It comes out with at most `MAX_TEXT` characters, and what UTF-8 cannot hold is
    replaced.
    """
    # Cut far behind what is kept, so that no secret is cut beyond recognition.
    return _masked(text[: 5 * MAX_TEXT])


@lru_cache(maxsize=512)  # findings name the same few files and people again and again
def _masked(text: str) -> str:
    text = without_secrets(text.encode("utf-8", "replace").decode())
    return text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + "…"


def masked_finding(finding: Finding) -> Finding:
    """The same finding without secrets in what a reader sees of it."""
    table = finding.table
    if table is not None:
        finding = replace(finding, table=Table(table.columns, table.rows[:MAX_ROWS]))
    return changed_finding(finding, masked)


def changed_finding(finding: Finding, change: Callable[[str], str]) -> Finding:
    """The same finding with every text in its words, table, picture, content, subjects and place changed."""
    table = finding.table
    if table is not None:
        rows = tuple(tuple(_said(cell, change) for cell in row) for row in table.rows)
        table = Table(tuple(_said(title, change) for title in table.columns), rows)
    picture = finding.picture and finding.picture.changed(lambda said: _said(said, change))
    content = tuple(one._replace(about=change(one.about), text=change(one.text)) for one in finding.content)
    subjects = tuple(replace(one, value=change(one.value), place=_said(one.place, change)) for one in finding.subjects)
    says, where = _said(finding.says, change), finding.where
    where = where and where._replace(path=change(where.path))
    return replace(finding, says=says, table=table, picture=picture, content=content, subjects=subjects, where=where)


def changed(value: Any, change: Callable[[str], str]) -> Any:
    """Nested data with every text in it changed."""
    if isinstance(value, Message):
        return Message(value.key, {name: changed(one, change) for name, one in value.values.items()})
    if type(value) is str:
        return change(value)
    if isinstance(value, Mapping):
        return {key: changed(one, change) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [changed(one, change) for one in value]
    return value


def _said(what: Said, change: Callable[[str], str]) -> Said:
    words: Said = changed(what, change)
    return words
