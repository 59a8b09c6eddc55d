"""Shifts, and the names of roles in rosters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from orr.evidence.calendars.spans import Span
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.nobody import staffs_nobody
from orr.model.person import identity

PRIMARY, SECONDARY = "primary", "secondary"
MAX_SHIFTS = 20_000
_SHADOW = re.compile(
    r"\b(?:shadow\w*|trainee|observer|observing|manager|managers|imoc|incident commander)\b|影子|见习|观察|经理", re.I
)
_SECONDARY = re.compile(
    r"\b(?:secondary|second|back-?up|level ?2|l2|tier ?2)\b|^2$|备值|备班|备岗|副值|副班|二线|备份", re.I
)
_PRIMARY = re.compile(
    r"\b(?:primary|first|main|level ?1|l1|tier ?1|on[- ]?call)\b|^1$|主值|主班|主岗|正值|一线|值班", re.I
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody ought to be on call.

    Attributes
    ----------
    person
        As written.
    path, row
        Where it stands; the row is that of the file, or 0.
    doubt
        Why it is not sure that it takes place, or when within its span.
    vacant
        Why nobody is; None where the person is.
    policy
        The escalation policy that it is of, where the file names one.
    """

    role: str
    person: str
    span: Span
    path: str
    row: int = 0
    doubt: Message | None = None
    vacant: Message | None = None
    policy: str = ""

    @property
    def place(self) -> str:
        """File and row."""
        return f"{self.path}:{self.row}" if self.row else self.path

    @property
    def key(self) -> str:
        """The person, however the name is written."""
        return identity(self.person)


@dataclass(frozen=True)
class Reading:
    """What rosters are read with.

    Attributes
    ----------
    zone
        In which times without an offset are.
    within
        The time that matters, for what repeats or has no end.
    primary, secondary
        The names that stand for a role; None for the common words.
    handover
        Minutes after midnight at which a date begins and ends.
    policy
        The escalation policy that counts, by name or id; None where the check names none.
    """

    zone: tzinfo
    within: Span
    primary: Sequence[str] | None = None
    secondary: Sequence[str] | None = None
    handover: int = 0
    policy: str | None = None

    @property
    def names_roles(self) -> bool:
        """Whether the check says which names stand for a role."""
        return self.primary is not None or self.secondary is not None

    def is_named(self, text: str, role: str) -> bool:
        """Whether a text holds one of the names that the check gives a role."""
        names = self.primary if role == PRIMARY else self.secondary
        plain = re.sub(r"[\s_]+", " ", text).strip()
        return names is not None and any(_holds(plain, name) for name in names)

    def role(self, text: str) -> str | None:
        """The role that a heading, a level or the name of a schedule stands for."""
        for role in (SECONDARY, PRIMARY):
            if self.is_named(text, role):
                return role
        plain = re.sub(r"[\s_]+", " ", text).strip()
        if _SHADOW.search(plain):
            return None
        if self.secondary is None and _SECONDARY.search(plain):
            return SECONDARY
        return PRIMARY if self.primary is None and _PRIMARY.search(plain) else None

    def is_shadow(self, text: str) -> bool:
        """Whether a text names those who only watch or direct."""
        return self.role(text) is None and _SHADOW.search(text) is not None


def vacancy(text: str) -> Message | None:
    """Describe why a text names nobody on call; None if it does."""
    if staffs_nobody(text) or is_placeholder(text):
        return say("roster.vacant", text=text[:80] or "—")
    return None


def wrong(path: str, row: int, why: Message) -> Undetermined:
    """A row that cannot be read but may matter."""
    return Undetermined(say("roster.row", path=path, row=row, why=why))


def _holds(text: str, name: str) -> bool:
    wanted = re.sub(r"[\s_]+", " ", name).strip().casefold()
    if not wanted:
        return False
    return re.search(rf"(?<![^\W_]){re.escape(wanted)}(?![^\W_])", text.casefold()) is not None
