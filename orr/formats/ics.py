"""What lies ahead of workloads as iCalendar: launches, due plans, and days on which something lapses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from orr.evaluate import Evaluation
from orr.formats.unread import Outcome, Unread
from orr.messages import Message, in_language, render, say
from orr.messages.cleaning import one_line

if TYPE_CHECKING:
    from icalendar import Event


def ics(outcomes: Iterable[Outcome], today: date, language: str) -> str:
    """Write all-day events for launches, due days of plans, and what lapses.

    A workload that could not be read has an event today that names its faults. An event
    keeps its UID, so that a calendar that subscribes moves it and has none twice.
    """
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//orr//orr//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", render(say("formats.ics.name"), language))
    for one in outcomes:
        for event in _broken(one, today, language) if isinstance(one, Unread) else _events(one, language):
            calendar.add_component(event)
    return str(calendar.to_ical(), encoding="utf-8")


def _broken(unread: Unread, today: date, language: str) -> Iterator[Event]:
    name = one_line(unread.workload)
    summary = say("formats.group", title=name, items=unread.headline(language))
    yield _event(f"unread/{name}", today, today, summary, unread.lines(language), language)


def _events(assessment: Evaluation, language: str) -> Iterator[Event]:
    workload, today = assessment.case.workload, assessment.today
    if assessment.case.launch_day is not None:
        summary = say("formats.ics.launch", workload=workload.title)
        yield _event(f"launch/{workload.workload}", assessment.case.launch_day, today, summary, [], language)
    for step in assessment.path_to_go:
        if step.due is not None:
            summary = say("formats.ics.due", workload=workload.title, item=step.item.name, owner=step.owner)
            action = [in_language(step.action, language)] if step.action else []
            yield _event(f"due/{workload.workload}/{step.item.name}", step.due, today, summary, action, language)
    lapsing: dict[date, list[Message]] = defaultdict(list)
    for lapse in assessment.lapses:
        lapsing[lapse.on].append(lapse.cause)
    turning = {change.on: change for change in assessment.forecast}
    for day in sorted({*lapsing, *turning}):
        change, causes = turning.get(day), lapsing.get(day, [])
        summary = say("formats.ics.lapses", workload=workload.title, n=len(causes))
        if change is not None:
            summary = say("formats.ics.turns", workload=workload.title, verdict=change.verdict)
        told = [render(cause, language) for cause in causes or (change.because if change is not None else ())]
        yield _event(f"lapse/{workload.workload}/{day}", day, today, summary, told, language)


def _event(uid: str, day: date, today: date, summary: Message, told: list[str], language: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{uid}@orr")
    event.add("dtstamp", datetime.combine(today, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", one_line(render(summary, language)))
    event.add("transp", "TRANSPARENT")
    if told:
        event.add("description", "\n".join(map(one_line, told)))
    return event
