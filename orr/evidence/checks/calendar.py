"""The check `calendar`: whether the change calendar is open at the launch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, Literal

from orr.evidence.calendars.clock import clock, span_words, within_reach, zone_or
from orr.evidence.calendars.ical.occurring import Occurrence, occurrences
from orr.evidence.calendars.ical.parts import Calendar, Event
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.calendars.ical.recurrence import Budget
from orr.evidence.calendars.spans import HOUR, Span, common, day_span, merged, midnight, readings, without
from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Globs, Texts
from orr.evidence.kinds.traits import check
from orr.evidence.sentences import nothing_matches
from orr.messages import Message, say
from orr.model.content import Content
from orr.model.finding import Finding, Outcome, Table
from orr.model.person import name_key
from orr.model.picture import Stretches

OPEN, CLOSED = "DEFAULT_OPEN", "DEFAULT_CLOSED"
AHEAD = timedelta(days=366)
SHOWN_BEFORE, SHOWN_AFTER = timedelta(days=7), timedelta(days=30)
MAX_ROWS, MAX_NAMED = 60, 3
MAX_DRAWN, MAX_STRETCHES = 12, 30


@dataclass(frozen=True)
class Judged:
    """One calendar over the time that is looked at.

    Attributes
    ----------
    events, doubts
        What counts, and what may.
    open, perhaps
        When it is open for sure, and when it is or may be.
    """

    calendar: Calendar
    kind: str
    events: list[Occurrence]
    doubts: list[Occurrence]
    open: list[Span]
    perhaps: list[Span]

    def deciding(self, at: datetime) -> Occurrence | None:
        """Event that decides the calendar's state at a moment."""
        here = [one for one in self.events if one.span.start <= at < one.span.end]
        return max(here, key=lambda one: one.span.end, default=None)


@check(day="daily")
def calendar(
    context: Context,
    path: Globs,
    meaning: Literal["default_open", "default_closed"] | None = None,
    events: Texts | None = None,
    open_hours: Count = 1,
    may_be_empty: bool = False,
    timezone: str | None = None,
) -> Finding:
    """Report whether a change calendar is open at the launch."""
    zone = zone_or(timezone, context.timezone)
    if context.workload.launch is None:
        raise Undetermined(say("calendar.no-launch"))
    within_reach(context.workload.launch)
    launch = _launch(context.workload.launch, context.timezone, open_hours)
    window = Span(launch.start - AHEAD, launch.end + AHEAD)
    found = context.find(path)
    if found.refused:
        one, why = next(iter(sorted(found.refused.items())))
        raise Undetermined(say("evidence.ground.refused", path=one, why=why))
    if not found.files:
        return nothing_matches("calendar.none", path, found)
    judged: list[Judged] = []
    for file in found.files:
        judged += _judge(context, file, meaning, events, window, zone)
    for each in judged:
        if each.kind == OPEN:
            _refuse_a_point(each, launch, zone)
        if each.kind == OPEN and not may_be_empty:
            _refuse_a_blank(each, events, min(launch.start, midnight(context.today, context.timezone)), zone)
    made = _finding(judged, launch, window, zone, context.timezone)
    return replace(made, content=tuple(_at_launch(judged, launch, zone)))


def _judge(
    context: Context, file: str, meaning: str | None, events: Sequence[str] | None, window: Span, zone: tzinfo
) -> Iterator[Judged]:
    with naming_others(context, file, ["iCalendar"]):
        read = context.cached(("ical", file), lambda: read_calendars(context.read(file), file))
    found = occurrences(read, window, zone, Budget(file))
    for one in read.calendars:
        kind = _kind(one, meaning)
        mine = [each for each in found if each.event.calendar is one and _counts(each.event, kind, events)]
        taken, doubts = [[each for each in mine if bool(each.doubt) is doubtful] for doubtful in (False, True)]
        sure = merged(each.span for each in taken if each.span.hours > 0)
        perhaps = merged([*sure, *(each.span for each in doubts)])
        if kind == OPEN:
            sure, perhaps = without([window], perhaps), without([window], sure)
        yield Judged(one, kind, taken, doubts, sure, perhaps)


def _launch(launch: date | datetime, zone: tzinfo, open_hours: int) -> Span:
    """Time that must be open: some hours from the launch, or its whole day."""
    if not isinstance(launch, datetime):
        return day_span(launch, zone)
    if launch.tzinfo is not None:
        return Span(launch.astimezone(UTC), launch.astimezone(UTC) + open_hours * HOUR)
    # A time that the clock shows twice may be either.
    first, last = readings(launch, zone)
    return Span(first, last + open_hours * HOUR)


def _kind(one: Calendar, meaning: str | None) -> str:
    said = one.kind if one.kind in (OPEN, CLOSED) else ""
    if one.kind and not said:
        raise Undetermined(say("calendar.kind-unknown", path=one.path, kind=one.kind[:80]))
    if not said and meaning is None:
        raise Undetermined(say("calendar.no-kind", path=one.path))
    return said or str(meaning).upper()


def _counts(event: Event, kind: str, wanted: Sequence[str] | None) -> bool:
    if event.kind == "ADVISORY" or (kind == CLOSED and event.status == "TENTATIVE"):
        return False
    if wanted is None or event.nameless:
        return True
    words = " ".join(form for text in (event.summary, *event.categories) for form in (text.casefold(), name_key(text)))
    return any(form in words for text in wanted for part in text.split("|") for form in _forms(part))


def _forms(part: str) -> Iterator[str]:
    yield from filter(None, (part.strip().casefold(), name_key(part)))


def _refuse_a_blank(each: Judged, events: Sequence[str] | None, since: datetime, zone: tzinfo) -> None:
    """Refuse an empty calendar: it would always read as open."""
    path = each.calendar.path
    if each.doubts:
        return
    if not each.events:
        if events:
            raise Undetermined(say("calendar.no-such-events", path=path, events=list(events)))
        raise Undetermined(say("calendar.empty", path=path))
    last = max(each.events, key=lambda one: one.span.end)
    if last.span.end <= since:
        raise Undetermined(
            say("calendar.abandoned", path=path, event=last.event.title, day=last.span.end.astimezone(zone).date())
        )


def _refuse_a_point(each: Judged, launch: Span, zone: tzinfo) -> None:
    """Refuse an event without length: its closing has no end."""
    before = [one for one in each.events if one.span.start < launch.end]
    last = max(before, key=lambda one: one.span.end, default=None)
    if last is not None and not last.span.hours > 0:
        day = last.span.start.astimezone(zone).date()
        raise Undetermined(say("calendar.point", event=_placed(last), day=day))


def _at_launch(judged: Sequence[Judged], launch: Span, zone: tzinfo) -> Iterator[Content]:
    """The events of the launch's hours, clipped to them, by calendar."""
    by_file: dict[str, set[str]] = {}
    for each in judged:
        events = by_file.setdefault(each.calendar.path, set())
        for one in (*each.events, *each.doubts):
            span = one.span.cut(launch)
            if span is not None:
                events.add(f"{each.kind}: {clock(span.start, zone)} – {clock(span.end, zone)} {one.event.title}")
    return (Content.of(path, "\n".join(sorted(events))) for path, events in by_file.items())


def _finding(judged: Sequence[Judged], launch: Span, window: Span, zone: tzinfo, days: tzinfo) -> Finding:
    opening, perhaps = [window], [window]
    for each in judged:
        opening, perhaps = common(opening, each.open), common(perhaps, each.perhaps)
    here, at_best = _around(opening, launch.start), _around(perhaps, launch.start)
    at, paths = clock(launch.start, zone), sorted({each.calendar.path for each in judged})
    table, picture = _table(judged, launch, zone), _picture(judged, launch, zone)
    following = _next(opening, launch, here, zone)
    if at_best is None:
        says = say("calendar.closed", at=at, paths=paths, because=_because(judged, launch.start, zone), next=following)
        return Finding("", Outcome.NOT_MET, says, table=table, picture=picture)
    if here is not None and at_best.end < launch.end:
        says = say(
            "calendar.short", at=at, paths=paths, end=_end(at_best, launch, window, zone), wanted=span_words(launch),
            because=_because(judged, at_best.end, zone), next=following,
        )  # fmt: skip
        return Finding("", Outcome.PARTIAL, says, table=table, picture=picture)
    if here is None or here.end < launch.end:
        # What cannot be placed may be the freeze, or the window.
        doubts = {repr(one.doubt): one.doubt for each in judged for one in each.doubts if one.span.meets(launch)}
        says = say("calendar.doubt", at=at, doubts=list(doubts.values())[:MAX_NAMED])
        return Finding("", Outcome.UNKNOWN, says, table=table, picture=picture)
    by = [one for each in judged if each.kind == CLOSED and (one := each.deciding(launch.start))]
    opened = say("calendar.opened-by", events=[_placed(one) for one in by[:MAX_NAMED]]) if by else say("calendar.free")
    says = say("calendar.open", at=at, paths=paths, end=_end(here, launch, window, zone), opened=opened)
    # A launch that slips stays within the same opening up to this day.
    latest = None if here.end == window.end else (here.end - (launch.end - launch.start)).astimezone(days).date()
    return Finding("", Outcome.MET, says, latest, table=table, picture=picture)


def _around(spans: Sequence[Span], at: datetime) -> Span | None:
    return next((span for span in spans if span.start <= at < span.end), None)


def _end(here: Span, launch: Span, window: Span, zone: tzinfo) -> Message:
    if here.end < window.end:
        return say("calendar.end", at=clock(here.end, zone), length=span_words(Span(launch.start, here.end)))
    return say("calendar.no-end", day=window.end.astimezone(zone).date())


def _next(opening: Sequence[Span], launch: Span, here: Span | None, zone: tzinfo) -> Message:
    after = here.end if here is not None else launch.start
    wanted = launch.end - launch.start
    later = next((span for span in opening if span.start >= after and span.end - span.start >= wanted), None)
    if later is None:
        return say("calendar.never", days=AHEAD.days)
    return say("calendar.next", at=clock(later.start, zone), length=span_words(later))


def _because(judged: Sequence[Judged], at: datetime, zone: tzinfo) -> Message:
    for each in judged:
        if _around(each.perhaps, at) is not None:
            continue
        event = each.deciding(at)
        if event is None:
            return say("calendar.nothing-opens", path=each.calendar.path)
        return say("calendar.closed-by", event=_placed(event), until=clock(event.span.end, zone))
    return say("calendar.nothing-opens", path=judged[0].calendar.path)


def _placed(one: Occurrence) -> Message:
    return say("calendar.placed", event=one.event.title, path=one.event.calendar.path, line=one.event.line)


def _picture(judged: Sequence[Judged], launch: Span, zone: tzinfo) -> Stretches:
    """When each calendar is closed, in the days around the launch."""
    first = launch.start.astimezone(zone).date() - timedelta(days=3)
    days = [first + timedelta(days=step) for step in range(11)]
    shown = Span(day_span(days[0], zone).start, day_span(days[-1], zone).start)

    def at(moment: datetime) -> float:
        return (moment - shown.start) / HOUR

    rows = []
    for each in judged[:MAX_DRAWN]:
        closed = without([shown], each.open)[:MAX_STRETCHES]
        stretches = tuple(
            (at(span.start), at(span.end), f"{clock(span.start, zone)} – {clock(span.end, zone)}") for span in closed
        )
        rows.append((each.calendar.path, stretches))
    ticks = tuple((f"{day:%m-%d}", at(day_span(day, zone).start)) for day in days)
    marked = (say("calendar.picture.launch"), at(launch.start), at(launch.end))
    return Stretches(say("calendar.picture"), tuple(rows), ticks, marked)


def _table(judged: Sequence[Judged], launch: Span, zone: tzinfo) -> Table | None:
    shown = Span(launch.start - SHOWN_BEFORE, launch.end + SHOWN_AFTER)
    near = [(one, each) for each in judged for one in each.events if one.span.cut(shown) is not None]
    near.sort(key=lambda pair: pair[0].span)
    rows: list[tuple[Any, ...]] = []
    for one, each in near[:MAX_ROWS]:
        effect = say("calendar.effect.closes" if each.kind == OPEN else "calendar.effect.opens")
        place = f"{one.event.calendar.path}:{one.event.line}"
        rows.append((clock(one.span.start, zone), clock(one.span.end, zone), one.event.title, effect, place))
    if not rows:
        return None
    return Table(
        tuple(say(f"calendar.column.{name}") for name in ("from", "to", "event", "effect", "file")), tuple(rows)
    )
