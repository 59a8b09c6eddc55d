"""What a value must be: the bounds that a check puts on what it found.

A list is never good by being empty, unless `none` asks for that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Annotated, Any

from orr.evaluate.states import severity_of
from orr.evidence.kinds.parameters import Expects
from orr.evidence.kinds.traits import Refusal
from orr.evidence.live.query import shown
from orr.messages import Message, say
from orr.model.fields import Days, Within
from orr.model.finding import Finding, Outcome

Plain = Annotated[bool | int | float | str, Expects(say("act.expects.plain"))]
"""A text, a number, or true or false."""

Number = Annotated[float, Within(allow_inf_nan=False), Expects(say("evidence.expects.number"))]
"""A number that is one."""

_MILLISECONDS = 100_000_000_000


@dataclass(frozen=True)
class Judged:
    """A value held against a bound.

    Attributes
    ----------
    outcome
        `met`, `not-met`, or `unknown` where the value is not of a kind to be judged.
    says
        The value and the bound, in words.
    holds_until
        The last day on which it holds.
    """

    outcome: Outcome
    says: Message
    holds_until: date | None = None


@dataclass(frozen=True)
class Bound:
    """Bounds, all of which must hold.

    Attributes
    ----------
    equals
        What a single value must be.
    at_least, at_most
        Between what a number, or the number of entries of a list, must be.
    all_in
        What every entry of a list, or a single value, must be one of.
    none
        The list must be empty.
    younger_than
        How many days ago a time, or each of a list, may be.
    """

    equals: Plain | None = None
    at_least: float | None = None
    at_most: float | None = None
    all_in: Sequence[Plain] | None = None
    none: bool = False
    younger_than: Days | None = None

    @property
    def asks(self) -> bool:
        """Whether there is any."""
        return self != Bound()

    @property
    def needs_all(self) -> bool:
        """Return whether a bound needs the complete list."""
        return self.at_least is None or self != Bound(at_least=self.at_least)

    def judge(self, value: Any, today: date, timezone: tzinfo) -> Judged:
        """Hold a value against the bounds.

        Without any, the value itself must be true or false.
        """
        if value is None:
            return Judged(Outcome.UNKNOWN, say("act.bound.nothing"))
        if not self.asks:
            return self._truth(value)
        judged = list(self._each(value, today, timezone))
        worst = max(judged, key=lambda one: severity_of(one.outcome))
        if worst.outcome is not Outcome.MET:
            return worst
        ends = [one.holds_until for one in judged if one.holds_until is not None]
        says = say("act.bound.said", words=[one.says for one in judged])
        return Judged(Outcome.MET, says, min(ends, default=None))

    def _each(self, value: Any, today: date, timezone: tzinfo) -> Iterator[Judged]:
        if self.none:
            yield _none(value)
        if self.equals is not None:
            yield _equals(value, self.equals)
        if self.at_least is not None or self.at_most is not None:
            yield _between(value, self.at_least, self.at_most)
        if self.all_in is not None:
            yield _all_in(value, self.all_in)
        if self.younger_than is not None:
            yield _younger(value, self.younger_than, today, timezone)

    def _truth(self, value: Any) -> Judged:
        if not isinstance(value, bool):
            return Judged(Outcome.UNKNOWN, say("act.bound.no-bound", value=shown(value)))
        return _judged(value, say("act.bound.true") if value else say("act.bound.false"))


BOUNDS = tuple(one.name for one in fields(Bound))


def bound_faults(given: Mapping[str, Any]) -> Iterator[Refusal]:
    """What is wrong with bounds as a checklist gives them."""
    least, most = given.get("at_least"), given.get("at_most")
    if least is not None and most is not None and most < least:
        yield "at_most", say("act.bound.crossed"), say("act.bound.crossed.do")
    if given.get("all_in") == []:
        yield "all_in", say("act.bound.empty"), say("act.bound.empty.do")
    if given.get("none") and any(given.get(name) is not None for name in BOUNDS if name != "none"):
        yield "none", say("act.bound.none-beside"), say("act.bound.none-beside.do")


def _judged(good: bool, says: Message) -> Judged:
    return Judged(Outcome.MET if good else Outcome.NOT_MET, says)


def _unfit(value: Any, bound: str) -> Judged:
    return Judged(Outcome.UNKNOWN, say(f"act.bound.unfit.{bound}", value=shown(value)))


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _none(value: Any) -> Judged:
    if not isinstance(value, list):
        return _unfit(value, "none")
    if value:
        return _judged(False, say("act.bound.some", n=len(value), values=_some(value)))
    return _judged(True, say("act.bound.none"))


def _equals(value: Any, wanted: Plain) -> Judged:
    if isinstance(value, (list, dict)):
        return _unfit(value, "equals")
    good = _same(value, wanted)
    key = "act.bound.is" if good else "act.bound.is-not"
    return _judged(good, say(key, value=shown(value), wanted=shown(wanted)))


def _between(value: Any, least: float | None, most: float | None) -> Judged:
    if isinstance(value, list):
        if not value and (least is None or least <= 0):
            return Judged(Outcome.UNKNOWN, say("act.bound.empty-list"))
        return _limits(len(value), say("act.bound.entries", n=len(value)), least, most)
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or (isinstance(value, float) and not math.isfinite(value))
    ):
        return _unfit(value, "number")
    return _limits(value, say("act.bound.value", value=_figure(value)), least, most)


def _limits(number: float, what: Message, least: float | None, most: float | None) -> Judged:
    if least is not None and number < least:
        return _judged(False, say("act.bound.below", what=what, limit=_figure(least)))
    if most is not None and number > most:
        return _judged(False, say("act.bound.above", what=what, limit=_figure(most)))
    if least is not None and most is not None:
        return _judged(True, say("act.bound.between", what=what, least=_figure(least), most=_figure(most)))
    if least is not None:
        return _judged(True, say("act.bound.at-least", what=what, limit=_figure(least)))
    assert most is not None
    return _judged(True, say("act.bound.at-most", what=what, limit=_figure(most)))


def _all_in(value: Any, allowed: Sequence[Plain]) -> Judged:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        return Judged(Outcome.UNKNOWN, say("act.bound.empty-list"))
    other = [one for one in entries if not any(_same(one, good) for good in allowed)]
    wanted = [shown(one) for one in allowed]
    if other:
        return _judged(
            False, say("act.bound.others", n=len(other), of=len(entries), values=_some(other), wanted=wanted)
        )
    return _judged(True, say("act.bound.all-in", n=len(entries), wanted=wanted))


def _younger(value: Any, days: int, today: date, timezone: tzinfo) -> Judged:
    entries = value if isinstance(value, list) else [value]
    if not entries:
        return Judged(Outcome.UNKNOWN, say("act.bound.empty-list"))
    dates: list[date] = []
    for one in entries:
        day = day_of(one, timezone)
        if day is None:
            return _unfit(one, "time")
        dates.append(day)
    if max(dates) > today:
        return _judged(False, say("act.bound.future", day=max(dates)))
    oldest = min(dates)
    says = say("act.bound.day", day=oldest, age=say("evidence.days", n=max(0, (today - oldest).days)))
    try:
        return Judged(Outcome.MET, says, oldest + timedelta(days=days))
    except OverflowError:
        return Judged(Outcome.MET, says)


def day_of(value: Any, timezone: tzinfo) -> date | None:
    """Day of a time in ISO 8601, or in seconds or milliseconds since 1970."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 16 and len(value) != len("20261112"):
        value = int(value)
    try:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
            return datetime.fromtimestamp(seconds, UTC).astimezone(timezone).date()
        if isinstance(value, str):
            if len(value) == len("2026-11-12"):
                return date.fromisoformat(value)
            moment = datetime.fromisoformat(value)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(timezone).date()
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _figure(number: float) -> str:
    if isinstance(number, int):
        return shown(str(number))
    return str(int(number)) if number.is_integer() and abs(number) < 10**15 else f"{number:.6g}"


def _some(values: Sequence[Any]) -> list[Any]:
    named: list[Any] = [shown(one) for one in values[:5]]
    return [*named, say("evidence.more", n=len(values) - 5)] if len(values) > 5 else named


def finding_of(place: str, judged: list[Judged]) -> Finding:
    """One finding from all results: the worst, or all where none is bad."""
    judged = sorted(judged, key=lambda one: -severity_of(one.outcome))
    worst = judged[0]
    whole = worst.outcome in (Outcome.MET, Outcome.PARTIAL)
    words: list[Message] = [one.says for one in judged if whole or one.outcome is worst.outcome]
    ends = [one.holds_until for one in judged if one.holds_until is not None]
    until = min(ends, default=None) if worst.outcome is Outcome.MET else None
    return Finding("", worst.outcome, say("act.at", place=place, words=words), until)
