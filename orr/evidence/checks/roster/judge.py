"""Judge the coverage of a roster over a window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from typing import Any

from orr.evidence.calendars.clock import clock
from orr.evidence.calendars.spans import Span, common, hours, without
from orr.evidence.checks.roster.measure import Clash, Measures
from orr.evidence.checks.roster.shifts import PRIMARY, SECONDARY, Shift
from orr.evidence.checks.roster.times import DAY, support
from orr.evidence.checks.roster.training import Certificate, Leave, lacking
from orr.evidence.errors import Undetermined
from orr.evidence.sentences import in_short
from orr.messages import Message, say
from orr.model.finding import Outcome
from orr.model.person import identity

MAX_NAMED = 3


@dataclass(frozen=True)
class Asked:
    """Demands of a checklist on a roster."""

    coverage: bool
    secondary: bool
    hours: Sequence[str] | None
    week_hours: int | None
    nights: int | None
    subjects: Sequence[str] | None
    skill_holders: int
    files: Mapping[str, Sequence[str] | None]

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles that are needed."""
        return (PRIMARY, SECONDARY) if self.secondary else (PRIMARY,)


@dataclass(frozen=True)
class Known:
    """What was read, by file; None where the checklist does not ask for it."""

    measures: Measures
    training: Mapping[str, list[Certificate]] | None
    skills: Mapping[str, list[Certificate]] | None
    leave: Mapping[str, list[Leave]] | None
    doubts: Sequence[Shift] = ()


@dataclass
class Verdict:
    """What is good, and what is bad and how bad."""

    good: list[Message] = field(default_factory=list)
    bad: list[tuple[Outcome, Message]] = field(default_factory=list)

    @property
    def words(self) -> Message:
        """What is bad, worst first; else what is good."""
        worst = [said for outcome, said in self.bad if outcome is Outcome.NOT_MET]
        said = [*worst, *(said for outcome, said in self.bad if outcome is not Outcome.NOT_MET)] or self.good
        return reduce(lambda words, more: say("roster.and", words=words, more=more), said)


def judge(asked: Asked, known: Known, window: Span, today: date) -> Verdict:
    """Judge a roster over a window.

    Raises
    ------
    Undetermined
        If there is nothing in the window that could be judged.
    """
    verdict = Verdict()
    measures = known.measures
    required = support(asked.hours, window, measures.zone)
    if not required:
        raise Undetermined(say("roster.no-hours", hours=list(asked.hours or [])))
    doubts = [one for one in known.doubts if one.role in asked.roles and common([one.span], required)]
    if doubts:
        verdict.bad.append((Outcome.UNKNOWN, say("roster.doubt", doubts=_some(_reasons(doubts)))))
    elif not measures.shifts:
        raise Undetermined(say("roster.doubt", doubts=_some(_reasons(known.doubts))))
    elif not measures.within([window]) and not any(one.span.meets(window) for one in measures.vacant):
        verdict.bad.append((Outcome.NOT_MET, _outside(measures)))
        return verdict
    if asked.coverage:
        _coverage(verdict, asked, measures, required, doubts)
    on_call = [shift for shift in measures.within(required) if shift.role in asked.roles]
    if not on_call:
        if not asked.coverage and not doubts:
            last = max(shift.span.end for shift in measures.shifts)
            verdict.bad.append((Outcome.NOT_MET, say("roster.nobody", end=clock(last, measures.zone))))
        return verdict
    _load(verdict, asked, measures, window)
    if known.leave is not None:
        _leave(verdict, asked, known.leave, measures, required)
    if known.training is not None:
        _training(verdict, asked, known.training, on_call, measures, required, today)
    if known.skills is not None:
        _skills(verdict, asked, known.skills, on_call, measures, today)
    return verdict


def somebody(asked: Asked, known: Known, window: Span) -> bool:
    """Return whether anybody is on call in a window at the hours demanded."""
    required = support(asked.hours, window, known.measures.zone)
    return any(known.measures.anybody(role, required) for role in asked.roles)


def _reasons(doubts: Sequence[Shift | Leave]) -> list[Message]:
    return list({repr(one.doubt): one.doubt for one in doubts if one.doubt is not None}.values())


def _outside(measures: Measures) -> Message:
    last = max(measures.shifts, key=lambda shift: shift.span.end)
    return say("roster.outside", person=last.person, place=last.place, end=clock(last.span.end, measures.zone))


def _coverage(
    verdict: Verdict, asked: Asked, measures: Measures, required: Sequence[Span], doubts: Sequence[Shift]
) -> None:
    wanted = hours(required)
    for role in asked.roles:
        gaps = measures.gaps(role, required)
        if gaps and doubts:  # a shift that may take place may fill the gap
            gaps = without(gaps, (one.span for one in doubts if one.role == role))
            if not gaps:
                continue
        if not gaps:
            verdict.good.append(say(f"roster.covered.{role}", hours=round(wanted, 1)))
            continue
        first = gaps[0]
        said = say(
            f"roster.gap.{role}",
            hours=_rounded(hours(gaps)),
            of=_rounded(wanted),
            start=clock(first.start, measures.zone),
            end=clock(first.end, measures.zone),
            after=_before(measures, role, first),
        )
        verdict.bad.append((Outcome.NOT_MET, said))
    if asked.secondary:
        for person, spans in measures.in_both(required).items():
            said = say("roster.both", person=person, hours=_rounded(hours(spans)), **_at(spans[0], measures))
            verdict.bad.append((Outcome.NOT_MET, said))
    for role in asked.roles:
        clash = measures.contested(role, required)
        if clash is not None:
            said = say(
                f"roster.contested.{role}", one=clash.shift.place, other=clash.place, **_at(clash.span, measures)
            )
            verdict.bad.append((Outcome.PARTIAL, said))


def _before(measures: Measures, role: str, gap: Span) -> Message:
    """Find what stands at a gap: a vacant shift, else the last one before."""
    here = (one for one in measures.vacant if one.role == role and one.span.start <= gap.start < one.span.end)
    vacant = next(here, None)
    if vacant is not None:
        return say("roster.at", what=vacant.vacant, place=vacant.place)
    ended = [shift for shift in measures.shifts if shift.role == role and shift.span.end <= gap.start]
    if not ended:
        return say("roster.gap.from-start")
    last = max(ended, key=lambda shift: shift.span.end)
    return say("roster.gap.after", person=last.person, place=last.place)


def _load(verdict: Verdict, asked: Asked, measures: Measures, window: Span) -> None:
    if asked.week_hours is not None:
        weeks = measures.per_week(window)
        load = {(person, week): held for person, own in weeks.items() for week, held in sorted(own.items())}
        (person, week), most = max(load.items(), key=lambda one: one[1])
        values = {"person": person, "week": week, "hours": _rounded(most), "limit": asked.week_hours}
        if most > asked.week_hours:
            people = sorted({name for (name, _), value in load.items() if value > asked.week_hours})
            verdict.bad.append((Outcome.PARTIAL, say("roster.too-much", people=_some(people), n=len(people), **values)))
        else:
            verdict.good.append(say("roster.week", **values))
    if asked.nights is not None:
        nights = measures.nights(window)
        person, (most_nights, first) = max(nights.items(), key=lambda one: one[1][0], default=("", (0, date.min)))
        if most_nights > asked.nights:
            said = say(
                "roster.too-many-nights",
                person=person,
                nights=most_nights,
                first=first,
                limit=asked.nights,
            )
            verdict.bad.append((Outcome.PARTIAL, said))
        else:
            verdict.good.append(say("roster.nights", nights=most_nights, limit=asked.nights))


def _leave(
    verdict: Verdict, asked: Asked, leave: Mapping[str, list[Leave]], measures: Measures, required: Sequence[Span]
) -> None:
    if not leave:
        verdict.bad.append((Outcome.NOT_MET, _missing(asked, "leave")))
        return
    entries = [one for found in leave.values() for one in found]
    if not entries:
        raise Undetermined(say("roster.no-leave", paths=list(leave)))
    sure = [one for one in entries if one.doubt is None]
    perhaps = [one for one in entries if one.doubt and measures.on_leave([one], required, asked.roles)]
    clashes = measures.on_leave(sure, required, asked.roles)
    if perhaps:
        verdict.bad.append((Outcome.UNKNOWN, say("roster.leave-doubt", doubts=_some(_reasons(perhaps)))))
    if clashes:
        shown = [_clash(one, measures) for one in clashes[:MAX_NAMED]]
        total = _rounded(sum(one.span.hours for one in clashes))
        verdict.bad.append((Outcome.NOT_MET, say("roster.on-leave", hours=total, shown=shown)))
    else:
        verdict.good.append(say("roster.no-clash", paths=list(leave), n=len(entries)))


def _clash(one: Clash, measures: Measures) -> Message:
    return say(
        "roster.clash", person=one.shift.person, place=one.place, shift=one.shift.place, **_at(one.span, measures)
    )


def _training(
    verdict: Verdict,
    asked: Asked,
    training: Mapping[str, list[Certificate]],
    on_call: Sequence[Shift],
    measures: Measures,
    required: Sequence[Span],
    today: date,
) -> None:
    if not training:
        verdict.bad.append((Outcome.NOT_MET, _missing(asked, "training")))
        return
    held = [one for found in training.values() for one in found]
    if not held:
        raise Undetermined(say("roster.no-training", paths=list(training)))
    lacks = []
    last = _last_days(on_call, required[-1], measures)
    for key, day in sorted(last.items()):
        found = lacking(held, measures.names[key], asked.subjects, today, day)
        if found is not None:
            subject, lapsed = found
            about = say("roster.of-subject", subject=subject) if subject else ""
            words = say("roster.untrained", person=measures.names[key], about=about)
            if lapsed is not None and lapsed.since is not None and lapsed.since > today:
                words = say(
                    "roster.not-yet",
                    person=lapsed.person,
                    about=about,
                    day=lapsed.since,
                    place=f"{lapsed.path}:{lapsed.row}",
                )
            elif lapsed is not None and lapsed.until is not None:
                place = f"{lapsed.path}:{lapsed.row}"
                words = say(
                    "roster.lapsed", person=lapsed.person, about=about, until=lapsed.until, shift=day, place=place
                )
            lacks.append(words)
    if lacks:
        outcome = Outcome.PARTIAL if len(lacks) < len(last) else Outcome.NOT_MET
        said = say("roster.training-lacks", n=len(lacks), of=len(last), shown=_some(lacks))
        verdict.bad.append((outcome, said))
    else:
        verdict.good.append(say("roster.trained", n=len(last), paths=list(training)))


def _last_days(on_call: Sequence[Shift], last: Span, measures: Measures) -> dict[str, date]:
    """The last day of the window on which each person is on call."""
    found: dict[str, date] = {}
    for shift in on_call:
        end = min(shift.span.end, last.end).astimezone(measures.zone)
        day = (end - DAY).date() if end.time().isoformat() == "00:00:00" else end.date()
        found[shift.key] = max(found.get(shift.key, day), day)
    return found


def _skills(
    verdict: Verdict,
    asked: Asked,
    skills: Mapping[str, list[Certificate]],
    on_call: Sequence[Shift],
    measures: Measures,
    today: date,
) -> None:
    if not skills:
        verdict.bad.append((Outcome.NOT_MET, _missing(asked, "skills")))
        return
    here = {shift.key: measures.person_of[shift.key] for shift in on_call}
    holders: dict[str, set[str]] = defaultdict(set)
    for found in skills.values():
        for one in found:
            held, key = holders[one.subject], identity(one.person) if one.person else ""
            if key in here and one.holds(today, today):
                held.add(here[key])  # of names that are alike, one counts
    if not holders:
        raise Undetermined(say("roster.no-skills", paths=list(skills)))
    few = [(skill, sorted(held)) for skill, held in holders.items() if len(held) < asked.skill_holders]
    if not few:
        verdict.good.append(say("roster.skilled", n=len(holders), limit=asked.skill_holders, paths=list(skills)))
        return
    few.sort(key=lambda one: len(one[1]))
    shown: list[Any] = [
        say("roster.held-by", skill=skill, people=_some(names)) if names else say("roster.held-by-none", skill=skill)
        for skill, names in few
    ]
    outcome = Outcome.PARTIAL if few[0][1] else Outcome.NOT_MET
    said = say("roster.few-skilled", n=len(few), of=len(holders), limit=asked.skill_holders, shown=_some(shown))
    verdict.bad.append((outcome, said))


def _missing(asked: Asked, what: str) -> Message:
    return say("roster.missing", patterns=in_short(asked.files[what] or []))


def _at(span: Span, measures: Measures) -> dict[str, str]:
    return {"start": clock(span.start, measures.zone), "end": clock(span.end, measures.zone)}


def _some(what: Sequence[Any]) -> list[Any]:
    if len(what) <= MAX_NAMED:
        return list(what)
    return [*what[:MAX_NAMED], say("evidence.more", n=len(what) - MAX_NAMED)]


def _rounded(value: float) -> int | float:
    rounded = round(value, 1) or 0.1
    return int(rounded) if rounded == int(rounded) else rounded
