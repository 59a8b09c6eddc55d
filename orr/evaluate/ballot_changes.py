"""What changed of a ballot since a vote was given."""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from functools import reduce
from typing import NamedTuple

from orr.evaluate.ballot import Ballot, Part
from orr.messages import Message, Said, say
from orr.model.content import by_key, differences, shortened
from orr.model.workload import Workload

_NAME, _WHAT = 3, 2
"""How many bytes of a part's name and of its digest a sign-off keeps."""

_RECORDED, _EXCERPT = 16, 240
"""How much of a part's digest and of its words the record of an assessment keeps."""

_SHOWN = 80
"""How much is shown of what is new or gone."""

_KEYED = ("workload", "policy", "review")
"""Of these a part is a key of a file, each with a name of its own."""

_LIKELY = 100
"""Below which number a waiver or scenario is looked for by its usual name."""

MAX_NAMED = 4

_ORDER = (
    *("content", "answer", "evidence", "outcome", "waiver", "signature", "pre-mortem"),
    *("review", "workload", "policy", "checklist", ""),
)
"""What decides most comes first."""


class OldPart(NamedTuple):
    """Earlier part of a ballot: start of its digest, and its words, if known."""

    digest: str = ""
    text: str | None = None


class OldBallot(NamedTuple):
    """Known parts of an earlier ballot, and whether those are all."""

    parts: Mapping[str, OldPart] = {}
    is_whole: bool = False


NOTHING_KNOWN = OldBallot()

Known = Mapping[str, OldBallot]
"""What git and the history know of earlier ballots, by digest."""


Words = tuple[tuple[str, str, str], ...]
"""Key, words that were there, and those that are."""


class Changed(NamedTuple):
    """A part that is not what it was.

    Attributes
    ----------
    kind, about
        Of the part; `about` counts those that are gone and whose names nobody knows.
    how
        `changed`, `new` or `gone`.
    words
        The words that were there and those that are, where they are known, each with its key in the part.
    """

    kind: str
    about: str
    how: str
    words: Words = ()


def fingerprint(ballot: Ballot) -> str:
    """Short form of a ballot for a sign-off, enough to name changed parts later."""
    marks = sorted(_mark(name) + bytes.fromhex(part.digest)[:_WHAT] for name, part in ballot.items())
    return urlsafe_b64encode(b"".join(marks)).decode()


def changes_between(ballot: Ballot, parts: str | None, old: OldBallot = NOTHING_KNOWN) -> tuple[Changed, ...]:
    """What is not as it was when a vote was given, what decides most first.

    Parameters
    ----------
    ballot
        What is voted on now.
    parts
        The fingerprint of what was voted on; None where the sign-off has none.
    old
        What else is known of that.
    """
    digests = {name: part.digest for name, part in old.parts.items() if part.digest}
    was = _read(parts) or {_mark(name): bytes.fromhex(digest)[:_WHAT] for name, digest in digests.items()}
    if not was:
        return ()
    marks = {_mark(name): name for name in (*old.parts, *ballot)}
    changed: list[Changed] = []
    for name, part in ballot.items():
        before = was.get(_mark(name))
        if before is None and (parts or old.is_whole):
            words: Words = (("", "", _in_a_line(part.text)),) if part.text else ()
            changed.append(Changed(part.kind, part.about, "new", words))
        elif before is not None and before != bytes.fromhex(part.digest)[:_WHAT]:
            text = old.parts[name].text if name in old.parts else None
            words = differences(text, part.text) if text is not None else ()
            changed.append(Changed(part.kind, part.about, "changed", words))
    gone = [mark for mark in was if marks.get(mark) not in ballot]
    if any(mark not in marks for mark in gone):
        marks |= {_mark(name): name for name in _likely(ballot) if name not in ballot}
    for name in (marks[mark] for mark in gone if mark in marks):
        text = old.parts.get(name, OldPart()).text
        kind, _, about = name.partition(":")
        changed.append(Changed(kind, about, "gone", (("", _in_a_line(text), ""),) if text else ()))
    nameless = sum(mark not in marks for mark in gone)
    changed += [Changed("", str(nameless), "gone")] if nameless else []
    return tuple(sorted(changed, key=lambda one: (not one.words, _ORDER.index(one.kind))))


def of_fingerprint(parts: Mapping[str, OldPart], fingerprint: str) -> dict[str, OldPart]:
    """Those of some parts that a fingerprint was made of."""
    was = _read(fingerprint)
    return {name: part for name, part in parts.items() if was.get(_mark(name)) == bytes.fromhex(part.digest)[:_WHAT]}


def recorded_ballot(ballot: Ballot) -> dict[str, list[str]]:
    """Ballot as recorded: the start of each part's digest and words."""
    return {
        name: [
            _begun(part),
            *([shortened(part.text, _EXCERPT, lines=True)] if part.kind != "checklist" and part.text else []),
        ]
        for name, part in ballot.items()
    }


def ballot_of_record(recorded: Mapping[str, Sequence[str]]) -> OldBallot:
    """What `recorded_ballot` made."""
    parts = {name: OldPart(told[0], told[1] if len(told) > 1 else None) for name, told in recorded.items()}
    return OldBallot(parts, is_whole=True)


def together(one: Known, other: Known) -> Known:
    """What is known from two sources, of which the first knows more of each part."""
    both = {**other, **one}
    for digest in one.keys() & other.keys():
        more, less = one[digest], other[digest]
        if less.is_whole and not more.is_whole:  # what is of another ballot, or of none, must not stand in this one
            parts = {name: part for name, part in more.parts.items() if _is_of(part, less.parts.get(name))}
            more = OldBallot(parts, is_whole=True)
        both[digest] = OldBallot({**less.parts, **more.parts}, more.is_whole)
    return both


def _is_of(part: OldPart, recorded: OldPart | None) -> bool:
    return recorded is not None and part.digest.startswith(recorded.digest)


def in_words(changed: Sequence[Changed]) -> list[Said]:
    """Changed parts for a reader, and how many more there are."""
    return few([in_a_word(one) for one in changed])


def one_by_one(said: Sequence[Said]) -> Said:
    """Several texts in one, which may hold commas themselves."""
    return reduce(lambda one, other: say("rule.ballot.and", one=one, other=other), said)


def few(said: Sequence[Said]) -> list[Said]:
    """The first of several, and how many more there are."""
    more = len(said) - MAX_NAMED
    return [*said[:MAX_NAMED], *([say("evidence.more", n=more)] if more > 0 else [])]


def in_a_word(one: Changed) -> Message:
    """A changed part for a reader."""
    if not one.kind:
        return say("rule.ballot.nameless", n=int(one.about))
    if one.kind == "signature":
        kind, _, name = one.about.partition(" ")
        of = say(f"rule.ballot.signature-of.{kind.replace('_', '-')}", name=name)
        return say(f"rule.ballot.{one.how}", part=say("rule.ballot.signature", about=of))
    key = f".{one.about.replace('_', '-')}" if one.kind in _KEYED else ""
    part = say(f"rule.ballot.{one.kind}{key}", about=one.about)
    if not one.words:
        return say(f"rule.ballot.{one.how}", part=part)
    if one.how == "changed":
        return say("rule.ballot.changed-words", part=part, words=few([_became(*words) for words in one.words]))
    return say(f"rule.ballot.{one.how}-words", part=part, words=one.words[0][1] or one.words[0][2])


def _became(key: str, was: str, now: str) -> Message:
    if key:
        return say("rule.ballot.key-became", key=key, was=was or "—", now=now or "—")
    return say("rule.ballot.became", was=was or "—", now=now or "—")


def _in_a_line(text: str) -> str:
    """The beginning of a text, of data with its keys."""
    data = by_key(text)
    entries = re.sub(r"(?m)^- ", "", text).split("\n") if text.startswith("- ") else [text]
    return shortened("; ".join(f"{key}: {value}" for key, value in data.items()) or ", ".join(entries), _SHOWN)


def _likely(ballot: Ballot) -> Iterator[str]:
    """Names that a part may have had of which nothing but the fingerprint is left."""
    for part in ballot.values():
        if part.kind in ("answer", "outcome"):
            yield from (f"{kind}:{part.about}" for kind in ("answer", "outcome"))
    for number in range(1, _LIKELY):
        yield from (f"waiver:W-{number}", f"pre-mortem:{number}")
    yield from (f"review:{key}" for key in ("benefits", "release"))
    yield from (f"workload:{one.name}" for one in fields(Workload))
    yield from (f"workload:{scope}.repository" for scope in ("team", "organization"))


def _begun(part: Part) -> str:
    """Start of a part's digest; whole for what a gate does not read again."""
    return part.digest if part.kind == "content" else part.digest[:_RECORDED]


def _mark(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:_NAME]


def _read(parts: str | None) -> dict[bytes, bytes]:
    """Take a fingerprint apart; nothing where it is none."""
    try:
        raw = urlsafe_b64decode(parts or "")
    except ValueError:
        return {}
    size = _NAME + _WHAT
    return {raw[at : at + _NAME]: raw[at + _NAME : at + size] for at in range(0, len(raw) - size + 1, size)}
