"""Recognize texts in place of a name that name nobody.

The words are in `nobody.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

from orr.model.person import Unclear, name_key, unclear

_SLOT = re.compile(r"<[^<>@]*>|\[[^\[\]]*\]|\$?\{+[^{}]*\}+|\$\w+|\$\([^()]*\)|%\w+%")
_BRACKETED = re.compile(r"[\[【]([^\[\]【】]*)[\]】]")
_DOUBTED = re.compile(r"[?？]\W*\Z")
_SPELLED = re.compile(r"(?<=\b\w) (?=\w\b)")
_COUNTED = re.compile(r"(?<=[^\W\d]) ?#?\d{1,3}\Z")
_BETWEEN = re.compile(r"\s[-–—|+&/]\s|[|:：,，;；()（）<>]|\s/|/\s")
_AROUND = " `*~\"'“”‘’«»[]【】「」《》.,!?…=。，！？"
_HANDLE = re.compile(r"@[\w.-]+/[\w.-]+|(?:group|team):\S+|(?:https?://|www\.)\S*", re.IGNORECASE)
_CHINESE = re.compile(r"[\u3400-\u9fff]")


@lru_cache(maxsize=4096)
def names_nobody(text: str) -> bool:
    """Whether a text names neither a person nor a team: TBD, [name], 待定."""
    bare = text.strip().strip("`*_\"'").strip()
    if not any(character.isalnum() for character in bare) or _SLOT.fullmatch(bare):
        return True
    parts = list(_parts(text))
    undecided = any(_begins(part, word) for part in parts[:1] for word in _words("undecided"))
    return undecided or all(part in _words("unnamed", "undecided", "vacant") for part in parts)


def unfit_name(name: str) -> Unclear | None:
    """Find why a name cannot stand for who acts; None if it can."""
    return unclear(name) or (Unclear("name-nobody", {"value": name}) if names_nobody(name) else None)


@lru_cache(maxsize=4096)
def is_unfilled(text: str) -> bool:
    """Whether a roster's cell or title says that nobody is there."""
    if names_nobody(text) or _DOUBTED.search(text):
        return True
    parts = list(_parts(text))
    told = [*parts, *(part for one in _BRACKETED.findall(text) for part in _parts(one))]
    if any(part in _words("unnamed", "absent") or _is_vacant(part) for part in told):
        return True
    return all(part in _words("idle") for part in parts)


@lru_cache(maxsize=4096)
def staffs_nobody(text: str) -> bool:
    """Whether a roster's cell or title names no single person on call."""
    if is_unfilled(text) or _HANDLE.fullmatch(text.strip()) or _is_telephone(text):
        return True
    parts = list(_parts(text))
    addresses = [part for part in parts if "@" in part]  # what stands beside an address is not reached
    return all(part in _words("idle") or _is_several(part) for part in addresses or parts)


def _is_vacant(part: str) -> bool:
    begins, ends = _words("undecided", "vacant"), _words("undecided", "vacant", "away")
    return any(_begins(part, word) for word in begins) or any(_ends(part, word) for word in ends)


def _is_several(part: str) -> bool:
    local, at, _ = part.partition("@")
    if at:
        parts = f" {local} "
        whole = local in _words("several") or not any(character.isalpha() for character in local)
        return whole or any(f" {word} " in parts for word in _words("mailbox"))
    bare = part.replace("[", " ").strip()
    first, last = _words("several_first"), _words("several_last")
    return (
        part.startswith("#")
        or bare in _words("several")
        or any(_begins(bare, word) for word in first)
        or any(_ends(bare, word) for word in last)
    )


def _is_telephone(text: str) -> bool:
    words, digits = (re.findall(pattern, name_key(text)) for pattern in (r"[^\W\d_]+", r"\d"))
    # A short number alone may be how a system knows its users.
    return bool(digits and set(words) <= _words("telephone") and (words or len(digits) > 6 or "+" in text))


def _begins(part: str, word: str) -> bool:
    rest = part[len(word) :]
    return part.startswith(word) and (not rest or not rest[0].isalnum() or bool(_CHINESE.match(word)))


def _ends(part: str, word: str) -> bool:
    rest = part[: -len(word)]
    return part.endswith(word) and (not rest or not rest[-1].isalnum() or bool(_CHINESE.match(word)))


def _parts(text: str) -> Iterator[str]:
    """The parts of a text that are compared with the words."""
    whole = _plain(text)
    if whole in _words("unnamed", "undecided", "vacant", "absent", "away", "idle"):
        yield whole
        return
    for piece in _BETWEEN.split(text):
        part = _plain(piece)
        yield from filter(
            None, [part] if part in _words("unnamed") else (one.strip(_AROUND) for one in part.split("/"))
        )


def _plain(text: str) -> str:
    """A text as the words are: `T.B.D.` is tbd, and `User 2` is user."""
    key = name_key(text).strip(_AROUND)
    return key if key in _words("unnamed") else _COUNTED.sub("", _SPELLED.sub("", key)) or key


@cache
def _words(*groups: str) -> frozenset[str]:
    lists = [one for group in groups for one in _table()[group]]
    return frozenset(name_key(word) for one in lists for word in ([one] if isinstance(one, str) else one))


@cache
def _table() -> dict[str, list[str | list[str]]]:
    import yaml

    text = Path(__file__).with_name("nobody.yaml").read_text(encoding="utf-8")
    # In a browser it is there as JSON, and libyaml is not.
    table = json.loads(text) if text.startswith("{") else yaml.load(text, yaml.CBaseLoader)  # noqa: S506 - makes texts alone: `null`, `no` and `off` are words here
    assert isinstance(table, dict)
    return table
