"""Judge incidents against limits on a day. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from statistics import median

from orr.evaluate.states import severity_of
from orr.evidence.calendars.spans import midnight
from orr.evidence.checks.incidents.incident import FollowUp, Incident
from orr.evidence.checks.incidents.severity import is_known, is_severe
from orr.evidence.checks.incidents.times import minutes_between
from orr.messages import Message, Said, say
from orr.model.finding import Outcome
from orr.source.dates import after

MAX_NAMED = 3
MAX_DAYS = 100
HORIZON = 730


@dataclass(frozen=True, slots=True)
class Asked:
    """Limits that an item sets; None sets none. Spans are in minutes."""

    within: int | None = None
    at_least: int = 1
    none: bool = False
    median: tuple[float | None, float | None] = (None, None)
    worst: tuple[float | None, float | None] = (None, None)
    baseline: int | None = None
    worse_by: int = 0
    overdue: int | None = None
    analysis_within: int | None = None
    severe: frozenset[str] = frozenset()
    same_cause: int | None = None


@dataclass
class Answer:
    """What was found: the good, and the bad with how bad it is."""

    window: list[Incident]
    good: list[Message] = field(default_factory=list)
    bad: list[tuple[Outcome, Message]] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        return max((one for one, _ in self.bad), key=severity_of, default=Outcome.MET)

    @property
    def worst(self) -> list[Message]:
        """What is bad, worst first."""
        return [words for _, words in sorted(self.bad, key=lambda one: -severity_of(one[0]))]


_SPANS = ("to_detect", "to_recover")


def judge(
    incidents: Sequence[Incident], loose: Sequence[FollowUp], asked: Asked, today: date, timezone: tzinfo
) -> Answer:
    """Judge incidents on a day.

    Parameters
    ----------
    incidents
        All that are recorded.
    loose
        Follow-ups that are recorded apart from their incident.
    asked
        What to judge.
    today, timezone
        The day, and where it ends.
    """
    begin = date.min if asked.within is None else after(today, -asked.within)
    answer = Answer([one for one in incidents if one.day is not None and begin < one.day <= today])
    _doubts(answer, incidents, today)
    if asked.overdue is not None:
        _overdue(answer, incidents, loose, asked.overdue, today)
    if not answer.window and asked.none:
        answer.good.append(say("incidents.none-in-window", since=_since(asked, today)))
        return answer
    if len(answer.window) < asked.at_least:
        words = say("incidents.too-few", n=len(answer.window), since=_since(asked, today), limit=asked.at_least)
        answer.bad.append((Outcome.UNKNOWN, words))
    if not answer.window:
        return answer
    for place, span in enumerate(_SPANS):
        if asked.median[place] is not None or asked.worst[place] is not None:
            _spans(answer, incidents, asked, place, span, today, timezone)
    if asked.analysis_within is not None:
        _analysis(answer, asked, asked.analysis_within, today)
    if asked.same_cause is not None:
        _causes(answer, asked.same_cause)
    return answer


def holds_until(
    incidents: Sequence[Incident], loose: Sequence[FollowUp], asked: Asked, today: date, timezone: tzinfo
) -> date | None:
    """Last day on which today's good incidents stay good, if nothing is recorded."""
    ends = {one.due for one in (*loose, *(one for made in incidents for one in made.follow_ups)) if one.due}
    for one in incidents:
        if one.day is not None:
            windows = (asked.analysis_within, asked.within, asked.within and asked.within - 1)
            ends.update(after(one.day, days) for days in windows if days is not None)
            if asked.within and asked.baseline:
                ends.add(after(one.day, asked.within + asked.baseline - 1))
    days = sorted(end for end in ends if today <= end < after(today, HORIZON))
    for day in days[:MAX_DAYS]:
        if judge(incidents, loose, asked, after(day, 1), timezone).outcome is not Outcome.MET:
            return day
    return days[MAX_DAYS - 1] if len(days) > MAX_DAYS else None


def before_window(incidents: Sequence[Incident], asked: Asked, span: str, today: date) -> list[float]:
    """The times of the incidents in the baseline, before the window."""
    if asked.within is None or asked.baseline is None:
        return []
    end = after(today, -asked.within)
    begin = after(end, -asked.baseline)
    before = [getattr(one, span) for one in incidents if one.day is not None and begin < one.day <= end]
    return [minutes for minutes in before if minutes is not None]


def span_in_words(minutes: float) -> Message:
    """Format minutes as people do."""
    whole = round(minutes)
    if whole < 60:
        return say("incidents.span.minutes", m=whole)
    if whole < 2880:
        if whole % 60 == 0:
            return say("incidents.span.full", h=whole // 60)
        return say("incidents.span.hours", h=whole // 60, m=whole % 60)
    return say("incidents.span.days", d=whole // 1440, h=whole % 1440 // 60)


def overdue_of(follow_ups: Sequence[FollowUp], today: date) -> list[FollowUp]:
    """Follow-ups past due and not done."""
    return [one for one in follow_ups if not (one.done or one.unread) and one.due is not None and one.due < today]


def _since(asked: Asked, today: date) -> Said:
    return say("incidents.ever") if asked.within is None else say("incidents.since", day=after(today, 1 - asked.within))


def _doubts(answer: Answer, incidents: Sequence[Incident], today: date) -> None:
    undated = [one for one in incidents if one.day is None]
    future = [one for one in incidents if one.day is not None and one.day > today]
    if undated:
        answer.bad.append((Outcome.UNKNOWN, say("incidents.undated", n=len(undated), first=undated[0].place)))
    if future:
        words = say("incidents.future", name=future[0].id, place=future[0].place, day=future[0].day)
        answer.bad.append((Outcome.UNKNOWN, words))
    why = [words for one in undated for words in one.doubts.values()]
    answer.bad += [(Outcome.UNKNOWN, words) for words in why[:MAX_NAMED]]


def _spans(
    answer: Answer, incidents: Sequence[Incident], asked: Asked, place: int, span: str, today: date, timezone: tzinfo
) -> None:
    known = [(getattr(one, span), one) for one in answer.window if getattr(one, span) is not None]
    lacking = [one for one in answer.window if getattr(one, span) is None]
    doubtful = [why for one in lacking if (why := _doubt(one, span))]
    unsaid = [one for one in lacking if not _doubt(one, span)]
    limit, bound = asked.worst[place], asked.median[place]
    if limit is not None and span == "to_recover":
        # One that is not over has lasted until now at least.
        now = midnight(today, timezone)
        known += [
            (minutes_between(one.started, now), one)
            for one in unsaid
            if one.started is not None and not one.over and minutes_between(one.started, now) > limit
        ]
    told = [(Outcome.UNKNOWN, why) for why in doubtful[:MAX_NAMED]]
    answer.bad += [one for one in told if one not in answer.bad]
    if len(doubtful) > MAX_NAMED:
        answer.bad.append((Outcome.UNKNOWN, say("incidents.more-doubts", n=len(doubtful) - MAX_NAMED)))
    if unsaid:
        words = say(f"incidents.lacking.{span}", n=len(unsaid), of=len(answer.window), first=_named(unsaid[0]))
        answer.bad.append((Outcome.UNKNOWN, words))
    if not known:
        return
    longest, worst = max(known, key=lambda one: one[0])
    over = [one for minutes, one in known if limit is not None and minutes > limit]
    if limit is not None and over:
        words = say(
            f"incidents.worst.{span}",
            n=len(over),
            limit=span_in_words(limit),
            first=_named(worst),
            span=span_in_words(longest),
        )
        answer.bad.append((Outcome.NOT_MET, words))
    if lacking:
        return
    middle = median(minutes for minutes, _ in known)
    figures = say(
        f"incidents.figures.{span}", median=span_in_words(middle), worst=span_in_words(longest), first=worst.id
    )
    if bound is not None and middle > bound:
        words = say(f"incidents.median.{span}", span=span_in_words(middle), n=len(known), limit=span_in_words(bound))
        answer.bad.append((Outcome.NOT_MET, words))
    elif not over:
        answer.good.append(figures)
    if asked.baseline is not None and asked.within is not None:
        _baseline(answer, incidents, asked, middle, span, today)


def _doubt(one: Incident, span: str) -> Message | None:
    """Why a span is not known although something is written about it."""
    end = "detected" if span == "to_detect" else "recovered"
    return next((one.doubts[part] for part in ("started", end, span) if part in one.doubts), None)


def _baseline(
    answer: Answer, incidents: Sequence[Incident], asked: Asked, middle: float, span: str, today: date
) -> None:
    assert asked.within is not None
    assert asked.baseline is not None
    known = before_window(incidents, asked, span, today)
    if len(known) < asked.at_least or not known:
        words = say(
            f"incidents.no-baseline.{span}", n=len(known), end=after(today, -asked.within), limit=asked.at_least
        )
        answer.bad.append((Outcome.UNKNOWN, words))
        return
    usual = median(known)
    values = {
        "now": span_in_words(middle),
        "usual": span_in_words(usual),
        "number": len(known),
        "percent": round(100 * (middle / usual - 1)) if usual else 0,
        "limit": asked.worse_by,
    }
    if middle > usual * (1 + asked.worse_by / 100):
        answer.bad.append((Outcome.PARTIAL, say(f"incidents.slower.{span}", **values)))
    else:
        answer.good.append(say(f"incidents.steady.{span}", **values))


def _overdue(
    answer: Answer, incidents: Sequence[Incident], loose: Sequence[FollowUp], allowed: int, today: date
) -> None:
    every = [*(one for made in incidents for one in made.follow_ups), *loose]
    late = overdue_of(every, today)
    unread = [one for one in every if one.unread]
    unsaid = [one for one in every if one.done is None and one.due is None and not one.unread]
    undated = [one for one in every if one.done is False and one.due is None and not one.unread]
    answer.bad += [(Outcome.UNKNOWN, made.doubts["follow_ups"]) for made in incidents if "follow_ups" in made.doubts]
    if len(late) > allowed:
        shown = [say("incidents.due", what=_follow_up(one), day=one.due) for one in late[:MAX_NAMED]]
        answer.bad.append(
            (Outcome.NOT_MET, say("incidents.overdue", n=len(late), limit=allowed, shown=_some(shown, len(late))))
        )
    if unread:
        words = say("incidents.unread-follow-up", n=len(unread), text=unread[0].unread, first=_follow_up(unread[0]))
        answer.bad.append((Outcome.UNKNOWN, words))
    if unsaid:
        answer.bad.append((Outcome.UNKNOWN, say("incidents.unsaid", n=len(unsaid), first=_follow_up(unsaid[0]))))
    if undated:
        answer.bad.append((Outcome.PARTIAL, say("incidents.no-due", n=len(undated), first=_follow_up(undated[0]))))
    if not every and incidents:
        answer.bad.append((Outcome.UNKNOWN, say("incidents.no-follow-ups", n=len(incidents))))
    if every and len(late) <= allowed and not (unread or unsaid or undated):
        still = sum(not one.done for one in every)
        answer.good.append(say("incidents.follow-ups", n=len(every), open=still, late=len(late)))


def _analysis(answer: Answer, asked: Asked, days: int, today: date) -> None:
    severe = [one for one in answer.window if is_severe(one.severity, asked.severe)]
    late = [one for one in severe if not one.analysis and one.day is not None and after(one.day, days) < today]
    if late:
        shown = _some([_named(one) for one in late[:MAX_NAMED]], len(late))
        words = say("incidents.unanalysed", n=len(late), of=len(severe), days=days, shown=shown)
        unrated = [one for one in late if not one.severity]
        strange = [one for one in late if one.severity and not is_known(one.severity, asked.severe)]
        if unrated:
            words = say("incidents.unrated", says=words, n=len(unrated))
        if strange:
            words = say("incidents.strange", says=words, n=len(strange), severity=strange[0].severity[:40])
        answer.bad.append((Outcome.NOT_MET, words))
    else:
        pending = sum(not one.analysis for one in severe)
        answer.good.append(say("incidents.analysed", n=len(severe) - pending, of=len(severe), pending=pending))


def _causes(answer: Answer, allowed: int) -> None:
    by_cause: dict[str, list[Incident]] = {}
    for one in answer.window:
        if one.cause:
            by_cause.setdefault(" ".join(one.cause.casefold().split()), []).append(one)
    lacking = [one for one in answer.window if not one.cause]
    again = [found for found in by_cause.values() if len(found) > allowed]
    for found in sorted(again, key=len, reverse=True)[:MAX_NAMED]:
        shown = _some([_named(one) for one in found[:MAX_NAMED]], len(found))
        words = say("incidents.again", cause=found[0].cause, n=len(found), limit=allowed, shown=shown)
        answer.bad.append((Outcome.NOT_MET, words))
    if lacking:
        words = say("incidents.no-cause", n=len(lacking), of=len(answer.window), first=_named(lacking[0]))
        answer.bad.append((Outcome.UNKNOWN, words))
    elif not again:
        answer.good.append(say("incidents.causes", n=len(by_cause)))


def _named(one: Incident) -> Message:
    return say("incidents.named", id=one.id, place=one.place)


def _follow_up(one: FollowUp) -> Message:
    return say("incidents.named", id=one.what if len(one.what) <= 80 else one.what[:79] + "…", place=one.place)


def _some(shown: list[Message], count: int) -> list[Message]:
    return [*shown, say("evidence.more", n=count - len(shown))] if count > len(shown) else shown
