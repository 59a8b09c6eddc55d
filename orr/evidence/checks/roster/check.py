"""The check `roster`: whether somebody qualified is on call around the launch."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from orr.evaluate.states import severity_of
from orr.evidence.calendars.spans import Span
from orr.evidence.checks.roster import training as people
from orr.evidence.checks.roster.content import BEFORE, DAYS, clipped
from orr.evidence.checks.roster.judge import Asked, Known, judge, somebody
from orr.evidence.checks.roster.measure import Measures
from orr.evidence.checks.roster.opening import Opened, files_of, opened
from orr.evidence.checks.roster.picture import heat
from orr.evidence.checks.roster.policies import shown
from orr.evidence.checks.roster.times import DAY, minutes_of
from orr.evidence.context import Context
from orr.evidence.kinds.parameters import Count, Globs, Texts
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.sentences import nothing_matches
from orr.messages import Message, say
from orr.model.content import Content
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome

T = TypeVar("T")

SECONDS = 3.0
_DATED = re.compile(r"\d{4}(?:[-_.]?\d\d){1,2}")
"""What another export of the same roster is named by."""


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    if given.get("coverage") is False and not any(
        given.get(key) for key in ("week_hours", "nights", "training", "skills", "leave")
    ):
        yield "coverage", say("roster.nothing-asked"), say("roster.nothing-asked.do")
    for key, needed in (("subjects", "training"), ("training_valid", "training"), ("skill_holders", "skills")):
        if key in given and not given.get(needed):
            yield key, say("roster.needs", key=key, needed=needed), say("roster.needs.do", key=key, needed=needed)
    handover = given.get("handover")
    if handover is not None and minutes_of(handover) is None:
        yield "handover", say("roster.handover", text=handover), say("roster.handover.do")


@check(verify=_verify, day="until", movable=("path", "training", "skills"))
def roster(
    context: Context,
    path: Globs,
    days: Days = DAYS,
    before: Days = BEFORE,
    coverage: bool = True,
    secondary: bool = False,
    hours: Texts | None = None,
    timezone: str | None = None,
    handover: str | None = None,
    primary_named: Texts | None = None,
    secondary_named: Texts | None = None,
    policy: str | None = None,
    week_hours: Count | None = None,
    nights: Count | None = None,
    training: Globs | None = None,
    subjects: Texts | None = None,
    training_valid: Days = 365,
    skills: Globs | None = None,
    skill_holders: Count = 2,
    leave: Globs | None = None,
) -> Finding:
    """Read who is on call around the launch: gaps, clashes, load, training, skills and leave."""
    found = opened(context, path, days, before, timezone, handover, primary_named, secondary_named, policy)
    if found is None:
        return nothing_matches("roster.none", path)
    files, measures, around, within = found.files, found.measures, found.around, found.within
    zone, now = around.zone, found.windows[0]
    asked = Asked(
        coverage, secondary, hours, week_hours, nights, subjects, skill_holders,
        {"training": training, "skills": skills, "leave": leave},
    )  # fmt: skip
    known = Known(
        measures,
        _read(context, training, lambda raw, file: people.training(raw, file, training_valid)),
        _read(context, skills, people.skills),
        _read(context, leave, lambda raw, file: people.leave(raw, file, within, zone)),
        found.doubts,
    )
    verdict = judge(asked, known, now, context.today)
    # Who is trained in what is no matter of a week.
    by_hours = coverage or week_hours is not None or nights is not None or leave is not None
    week = heat(measures, asked, max(around.launch or context.today, context.today), zone) if by_hours else (None, None)
    more = [say("evidence.more", n=len(files) - 3)] if len(files) > 3 else []
    says = say(
        "roster.found",
        paths=[*(_source(measures, file) for file in files[:3]), *more],
        start=now.start.astimezone(zone).date(),
        end=(now.end.astimezone(zone) - DAY).date(),
        parts=verdict.words,
    )
    outcome = max((one for one, _ in verdict.bad), key=severity_of, default=Outcome.MET)
    holds_until = _holds_until(asked, known, found.windows, context.today) if outcome is Outcome.MET else None
    return Finding(
        "", outcome, says, holds_until, table=week[0], picture=week[1], content=tuple(_shifts(found, asked.roles))
    )


def _shifts(found: Opened, roles: Sequence[str]) -> Iterator[Content]:
    """Who is on call around the launch, by file; nothing where no launch is planned."""
    around, launch = found.around, found.around.launch_window
    shifts = (*found.measures.shifts, *found.measures.vacant, *found.doubts)
    asked = [shift for shift in shifts if shift.role in roles]
    by_file: dict[str, set[str]] = {}
    for path, line in clipped(asked, launch, around.zone) if launch is not None else ():
        by_file.setdefault(_DATED.sub("*", path), set()).add(line)
    return (Content.of(file, "\n".join(sorted(lines))) for file, lines in by_file.items())


def _source(measures: Measures, file: str) -> Message | str:
    """Name a file with its escalation policies that counted."""
    found = {shift.policy for shift in (*measures.shifts, *measures.vacant) if shift.path == file and shift.policy}
    return say("roster.of-policy", path=file, policy=shown(found)) if found else file


def _holds_until(asked: Asked, known: Known, windows: Sequence[Span], today: date) -> date:
    """Last day, within the look-ahead, on which the same files would stay good."""
    until = time.monotonic() + SECONDS
    first = _good_throughout(asked, known, windows, today)
    # A skill may lapse under a window that stands still, as it does until the launch.
    for step in range(first + 1, len(windows)):
        if windows[step] == windows[step - 1] and known.skills is None:
            continue
        day = today + step * DAY
        if time.monotonic() > until or judge(asked, known, windows[step], day).bad:
            return day - DAY
    return today + (len(windows) - 1) * DAY


def _good_throughout(asked: Asked, known: Known, windows: Sequence[Span], today: date) -> int:
    """For how many days ahead a single look at all their windows together finds nothing wrong.

    Each window by itself is then in order as well, for what is wrong in a part of the time is wrong
    in the whole, and who has been trained by today for all of it is so later for a part. Skills are
    another matter: more people in the whole may have them. So is whether there is anybody, where
    gaps are not asked for.
    """
    if known.skills is not None:
        return 0
    good, bad, ahead = 0, len(windows), len(windows) - 1  # all of it first: where that is good, nothing else is asked
    while bad - good > 1:
        if judge(asked, known, Span(windows[0].start, windows[ahead].end), today).bad:
            bad = ahead
        else:
            good = ahead
        ahead = (good + bad) // 2
    if asked.coverage:
        return good
    return next((step - 1 for step in range(1, good + 1) if not somebody(asked, known, windows[step])), good)


def _read(
    context: Context, patterns: Sequence[str] | None, read: Callable[[bytes, str], list[T]]
) -> dict[str, list[T]] | None:
    if patterns is None:
        return None
    return {file: read(context.read(file), file) for file in files_of(context, patterns)}
