"""What is asked of a document, and what was found of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from orr.evaluate.states import severity_of
from orr.evidence.checks.document.demands import Demand
from orr.evidence.sentences import clauses, in_short
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.finding import Outcome
from orr.model.review import State
from orr.source.dates import after


@dataclass(frozen=True)
class Asked:
    """What is asked of each document; see the parameters of the check."""

    sections: Sequence[Demand] = ()
    has: Sequence[str] = ()
    order: Sequence[str] = ()
    own_text: bool = False
    front_matter: Sequence[Demand] = ()
    owner: bool = False
    reviewed_within: int | None = None
    changed_within: int | None = None
    placeholders: bool = False
    links: bool = True
    quote: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing narrower is asked than that the document is there."""
        narrower = (self.sections, self.has, self.order, self.front_matter, self.owner)
        return not any(narrower) and self.reviewed_within is None and self.changed_within is None


@dataclass
class Judged:
    """Judgement of one document and its table row."""

    path: str
    good: list[Message] = field(default_factory=list)
    bad: list[tuple[Outcome, Said]] = field(default_factory=list)
    holds_until: date | None = None
    overdue: list[Message] = field(default_factory=list)
    cells: dict[str, Message | str] = field(default_factory=dict)
    unread: Said | None = None
    lacks: list[str] = field(default_factory=list)
    """A word for each thing that is wrong with it, the same in every document."""
    seen: list[str] = field(default_factory=list)
    """Its headings, where it lacks some."""
    is_useless: bool = False
    days_over: int = 0
    content: list[Content] = field(default_factory=list)
    """What it was judged by."""
    quoted: list[tuple[str, str]] = field(default_factory=list)
    """The sections asked for and what stands in each, where that is to be shown."""

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        return max((outcome for outcome, _ in self.bad), key=severity_of, default=Outcome.MET)

    @property
    def state(self) -> State:
        """The state that this document alone would give an item."""
        state = State(self.outcome.value)
        return State.STALE if self.overdue and severity_of(state) < severity_of(State.STALE) else state

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """Sort key by badness: state, use, number of lacking parts, age."""
        return severity_of(self.state), self.is_useless, len(self.lacks), self.days_over

    @property
    def why(self) -> Message | None:
        """What is bad, worst first; None where nothing is."""
        said = [(severity_of(outcome), words) for outcome, words in self.bad]
        said += [(severity_of(State.STALE), words) for words in self.overdue]
        if not said:
            return None
        words = clauses([words for _, words in sorted(said, key=lambda one: -one[0])])
        return say("evidence.document.headings", says=words, headings=in_short(self.seen)) if self.seen else words


def unread(path: str, why: Said) -> Judged:
    """What cannot be read, with a cause that names the file."""
    return Judged(path, bad=[(Outcome.UNKNOWN, why)], unread=why, lacks=[str(why)])


def judge_newest(judged: Judged, wanted: Demand, days: Sequence[date], today: date) -> None:
    """Judge the age of the newest date that is past."""
    assert wanted.within is not None
    day = max((day for day in days if day <= today), default=None)
    if day is None:
        judged.lacks.append(f"date: {wanted.name}")
        judged.bad.append((Outcome.NOT_MET, say("evidence.document.no-past-date", what=wanted.title)))
    else:
        judge_age(
            judged, "evidence.document.dated", "evidence.document.too-old", day, wanted.within, today, wanted.title
        )


def judge_age(judged: Judged, young: str, old: str, day: date, days: int, today: date, what: str = "") -> None:
    """Judge the age of a day.

    `young` and `old` are the keys of the messages for the two outcomes.
    """
    end = after(day, days)
    judged.holds_until = end if judged.holds_until is None else min(end, judged.holds_until)
    age = say("evidence.days", n=(today - day).days)
    if end < today:
        judged.overdue.append(say(old, what=what, day=day, age=age, limit=say("evidence.days", n=days)))
        judged.lacks.append(f"{old} {day}")
        judged.days_over = max(judged.days_over, (today - end).days)
    else:
        judged.good.append(say(young, what=what, day=day, age=age))
