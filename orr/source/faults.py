"""Faults in input: place, cause and remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from orr.messages import Message, render, say
from orr.messages.cleaning import one_line
from orr.messages.errors import OrrError

Path = tuple[str | int, ...]
"""The keys and indices that lead to a node of a document."""
MAX_FAULTS = 1_000
"""How many faults of a file are named."""
_COMPARED = 200


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands in a text: line and column, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an input file, and what to do about it.

    Attributes
    ----------
    path
        The file as the user would name it.
    place
        Line and column, from 1.
    wrong, remedy
        What is wrong; what to do.
    """

    path: str
    place: Place
    wrong: Message
    remedy: Message

    def in_words(self, language: str) -> str:
        """`path:line:column: what is wrong; what to do`, on one line."""
        words = say("file.fault", wrong=self.wrong, remedy=self.remedy)
        return one_line(f"{self.path}:{self.place.line}:{self.place.column}: {render(words, language)}")


def shortened(value: object) -> str:
    """Quote a value from a file, shortened."""
    text = {True: "true", False: "false"}[value] if isinstance(value, bool) else "null" if value is None else str(value)
    return text if len(text) <= 80 else text[:79] + "…"


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Known name with the closest spelling; None where none is close.

    Only the first names of about its length are compared.
    """
    of_its_length = islice((one for one in known if abs(len(one) - len(name)) <= 3), _COMPARED)
    return next(iter(difflib.get_close_matches(name[:100], of_its_length, 1, cutoff)), None)


def with_nearest(name: str, known: Iterable[str]) -> Message | list[str]:
    """The known names, and which of them is meant where one is spelled much like it."""
    listed = list(known)
    near = nearest(name, listed)
    return listed or say("words.none") if near is None else say("file.did-you-mean", known=listed, near=near)


def first(faults: Iterable[Fault]) -> Iterator[Fault]:
    """The first `MAX_FAULTS` faults of a file, and that there are more."""
    for number, fault in enumerate(faults):
        if number == MAX_FAULTS:
            more = say("file.more-faults", limit=MAX_FAULTS)
            yield Fault(fault.path, fault.place, more, say("file.more-faults.do"))
            return
        yield fault


def name_fault(name: str, key: str | Message) -> Message | None:
    """Describe why a name cannot stand for who acts; None if it can.

    Parameters
    ----------
    name
        The name.
    key
        What the user calls the place where it stands.
    """
    from orr.model.nobody import unfit_name

    found = unfit_name(name)
    if found is None:
        return None
    wrong, remedy = (say(f"file.model.{found.kind}{end}", key=key, **found.values) for end in ("", ".do"))
    return say("file.fault", wrong=wrong, remedy=remedy)


class FaultyInput(OrrError):
    """Input that cannot be used; `faults` holds every reason, in order of place."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = without_repeats(faults)
        super().__init__("\n".join(fault.in_words("en") for fault in self.faults))

    def in_words(self, language: str) -> str:
        """Every fault, a line each."""
        return "\n".join(fault.in_words(language) for fault in self.faults)


def without_repeats(faults: Iterable[Fault]) -> list[Fault]:
    """Drop the repetitions of faults, and order them by place."""
    distinct = {fault.in_words("en"): fault for fault in faults}
    return sorted(distinct.values(), key=lambda fault: (fault.path, fault.place))
