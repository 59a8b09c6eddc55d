"""Read a roster from a table, by role, shift or week."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from orr.evidence.calendars.spans import Span, utc, wall
from orr.evidence.calendars.zone_names import zone_named
from orr.evidence.checks.roster import policies
from orr.evidence.checks.roster.grid import Grid, Row, heading
from orr.evidence.checks.roster.shifts import PRIMARY, Reading, Shift, vacancy, wrong
from orr.evidence.checks.roster.times import DAY, at, minutes_of, shift_time, weekdays_of, weekly
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.model.nobody import is_unfilled

START = (
    "start", "from", "begin", "starts", "start time", "start date", "shift start", "start at", "starts at", "since",
    "开始", "开始时间", "开始日期", "起始时间", "起始", "起",
)  # fmt: skip
END = (
    "end", "to", "until", "till", "ends", "end time", "end date", "shift end", "end at", "ends at", "finish",
    "结束", "结束时间", "结束日期", "截止时间", "止",
)  # fmt: skip
DATE = ("date", "day", "日期")
WEEK = ("week commencing", "week starting", "week beginning", "week of", "week", "w c", "周", "起始周", "周起始")
WEEKDAY = ("day of week", "weekday", "days", "星期", "周几")
PERSON = (
    "person", "user", "name", "engineer", "who", "assignee", "on call", "oncall", "user or team", "email", "member",
    "姓名", "人员", "值班人", "值班人员", "工程师",
)  # fmt: skip
ROLE = ("role", "level", "escalation level", "schedule", "schedule name", "layer name", "角色", "级别", "岗位", "班次")
KIND = ("type", "类型")
POLICY = ("escalation policy", "escalation policy name", "policy", "升级策略")
ZONE = ("timezone", "time zone", "tz", "时区")
STATUS = ("status", "state", "状态")
ROTATION = ("rotation type", "handoff day", "handoff time", "shift length", "rotation")


def shifts_of(grid: Grid, reading: Reading) -> Iterator[Shift]:
    """The shifts of a table.

    Raises
    ------
    Undetermined
        If its columns tell no shifts, or a row cannot be read.
    """
    columns = [column for column in grid.columns if column]
    person, role = grid.column(PERSON), grid.column(ROLE)
    policy = grid.column(POLICY)
    used = {policy, *(grid.column(names) for names in (START, END, DATE, WEEK, WEEKDAY, KIND, ROLE, ZONE, STATUS))}
    by_role = {column: found for column in columns if column not in used and (found := reading.role(column))}
    if not by_role and person is None:
        raise Undetermined(say("roster.no-people", path=grid.path, columns=columns[:20]))
    chosen = policies.chosen([(one, one) for row in grid.rows if (one := row.get(policy))], grid.path, reading)
    for row, spans in _spans(grid, reading):
        if chosen is not None and row.get(policy) not in chosen:
            continue
        if by_role:
            named = [(known, row.get(column)) for column, known in by_role.items()]
        else:
            known_role = _role(row, role, reading, grid.path)
            named = [(known_role, row.get(person))] if known_role else []
        of_team = row.get(grid.column(KIND)).casefold() in ("team", "团队")  # nobody in a team knows that it is them
        status = row.get(grid.column(STATUS))
        called_off = say("roster.vacant", text=status[:80]) if status and is_unfilled(status) else None
        for span in spans:
            for known, who in named:
                if who:
                    vacant = say("roster.vacant", text=who[:80]) if of_team else vacancy(who) or called_off
                    yield Shift(known, who, span, grid.path, row.number, vacant=vacant, policy=row.get(policy))


def _role(row: Row, column: str | None, reading: Reading, path: str) -> str | None:
    if column is None:
        return PRIMARY
    text = row.get(column)
    if not text:
        raise wrong(path, row.number, say("roster.no-role", column=column))
    return reading.role(text)


def _spans(grid: Grid, reading: Reading) -> Iterator[tuple[Row, list[Span]]]:
    start, end, day = grid.column(START), grid.column(END), grid.column(DATE)
    week, weekday = grid.column(WEEK), grid.column(WEEKDAY)
    if start and end and weekday:
        for row in grid.rows:
            yield row, _repeated(row, weekday, start, end, _in_its_zone(row, grid, reading), grid.path)
    elif start and end and day:
        for row in grid.rows:
            yield row, [_on_a_day(row, day, start, end, _in_its_zone(row, grid, reading), grid.path)]
    elif start and end:
        yield from _from_to(grid, start, end, reading)
    elif week or day:
        column, length = (week, 7) if week else (day, 1)
        assert column is not None
        for row in grid.rows:
            if row.get(column):
                first, zone = _day(row, column, grid.path), _in_its_zone(row, grid, reading).zone
                stop = at(first + timedelta(days=length), reading.handover, zone)
                yield row, [Span(at(first, reading.handover, zone), stop)]
    elif any(heading(column) in ROTATION for column in grid.columns):
        raise Undetermined(say("roster.rotation", path=grid.path))
    else:
        raise Undetermined(say("roster.no-times", path=grid.path, columns=[c for c in grid.columns if c][:20]))


def zone_of(row: Row, grid: Grid, default: tzinfo, at: datetime) -> tzinfo:
    """Return the time zone that a row names, as it is at a moment.

    Raises
    ------
    Undetermined
        If it is not known, or means several.
    """
    name = row.get(grid.column(ZONE))
    if not name:
        return default
    zone = zone_named(name, wall(at, UTC))
    if zone is None:
        raise wrong(grid.path, row.number, say("roster.zone", zone=name[:80]))
    return zone


def _in_its_zone(row: Row, grid: Grid, reading: Reading) -> Reading:
    return replace(reading, zone=zone_of(row, grid, reading.zone, reading.within.start))


def _repeated(row: Row, weekday: str, start: str, end: str, reading: Reading, path: str) -> list[Span]:
    days, begin, stop = weekdays_of(row.get(weekday)), minutes_of(row.get(start)), minutes_of(row.get(end))
    if days is None:
        raise wrong(path, row.number, say("roster.weekday", text=row.get(weekday)[:80]))
    if begin is None or stop is None:
        raise wrong(path, row.number, say("roster.time", text=row.get(start if begin is None else end)[:80]))
    return list(weekly(days, begin, stop, reading.within, reading.zone))


def _on_a_day(row: Row, day: str, start: str, end: str, reading: Reading, path: str) -> Span:
    first = _day(row, day, path)
    begin, stop = minutes_of(row.get(start)), minutes_of(row.get(end))
    if begin is None or stop is None:
        raise wrong(path, row.number, say("roster.time", text=row.get(start if begin is None else end)[:80]))
    return Span(at(first, begin, reading.zone), at(first, stop if stop > begin else stop + 24 * 60, reading.zone))


def _from_to(grid: Grid, start: str, end: str, reading: Reading) -> Iterator[tuple[Row, list[Span]]]:
    rows = [row for row in grid.rows if row.get(start) or row.get(end)]
    ends = [(_moment(row, start, grid.path), _moment(row, end, grid.path)) for row in rows]
    begins = {_plain_day(first) for first, _ in ends}
    of_days = all(_plain_day(one) is not None for pair in ends for one in pair)
    # Days that follow one another hand over on the day that both name. Else the last day is part of the shift;
    # a spreadsheet's midnights, which may be days, only where the next shift begins on the day after.
    hands_over = bool(reading.handover) or any(last in begins for first, last in _days(ends) if first != last)
    includes = of_days and not hands_over and any(last + DAY in begins for _, last in _days(ends))
    for row, (first, last) in zip(rows, ends, strict=True):
        own = _in_its_zone(row, grid, reading)
        begin, stop = _utc(first, own), _utc(last, own)
        if not hands_over and (includes or not isinstance(last, datetime)):
            day = last.date() if isinstance(last, datetime) else last
            stop = at(day + DAY, own.handover, own.zone)
        if stop <= begin:
            why = say("roster.ends-first", start=row.get(start)[:40], end=row.get(end)[:40])
            raise wrong(grid.path, row.number, why)
        yield row, [Span(begin, stop)]


def _days(ends: list[tuple[datetime | date, datetime | date]]) -> Iterator[tuple[date, date]]:
    for first, last in ends:
        one, other = _plain_day(first), _plain_day(last)
        if one is not None and other is not None:
            yield one, other


def _plain_day(found: datetime | date) -> date | None:
    """The day that a date, or midnight without an offset, is."""
    if not isinstance(found, datetime):
        return found
    return found.date() if found.tzinfo is None and found.time() == time() else None


def _utc(found: datetime | date, reading: Reading) -> datetime:
    return utc(found, reading.zone) if isinstance(found, datetime) else at(found, reading.handover, reading.zone)


def _moment(row: Row, column: str, path: str) -> datetime | date:
    found = shift_time(row.get(column))
    if found is None:
        raise wrong(path, row.number, say("roster.date", text=row.get(column)[:80], column=column))
    return found


def _day(row: Row, column: str, path: str) -> date:
    found = _moment(row, column, path)
    return found.date() if isinstance(found, datetime) else found
