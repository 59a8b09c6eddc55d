"""Parse times as rosters write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from orr.evidence.calendars.spans import Span, utc
from orr.evidence.calendars.zone_names import zone_named
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.source.dates import first_date

DAY = timedelta(days=1)
_MOMENT = re.compile(r"(\d{4}[-/.]\d{1,2}[-/.]\d{1,2})[T ]+(\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?)\s*(\S.{0,40})?", re.I)
_TIME = re.compile(r"(\d{1,2})[:.：h](\d\d)(?::\d\d)?\s*(am|pm)?", re.I)
_RANGE = re.compile(r"(.*?)(\d{1,2}[:：]\d\d)\s*(?:-|–|—|~|to|至|到)\s*(\d{1,2}[:：]\d\d)\s*", re.I)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS_ZH = "一二三四五六日"
_GROUPS = {
    "weekday": range(5), "weekdays": range(5), "workdays": range(5), "工作日": range(5),
    "weekend": range(5, 7), "weekends": range(5, 7), "周末": range(5, 7),
    "all": range(7), "daily": range(7), "every day": range(7), "每天": range(7), "每日": range(7),
}  # fmt: skip


def shift_time(text: str) -> datetime | date | None:
    """Parse a time or day within plausible years of a roster; None for any other."""
    found = moment_or_day(text)
    return found if found is not None and 1970 <= found.year <= 2200 else None


def moment_or_day(text: str) -> datetime | date | None:
    """Parse a time, with or without offset, or a day.

    None where it is neither, or could be two days.
    """
    bare = text.strip()
    match = _MOMENT.fullmatch(bare)
    if match is not None:
        day = first_date(match[1])
        clock = match[2] if len(match[2].split(":")[0]) == 2 else f"0{match[2]}"
        if day is None or day.day is None:
            return None
        try:
            wall = datetime.fromisoformat(f"{day.day.isoformat()}T{clock}")
        except ValueError:
            return None
        if match[3] is None:
            return wall
        zone = zone_named(match[3].strip("()（）[] "), wall)
        return None if zone is None else wall.replace(tzinfo=zone)
    written = first_date(bare)
    # The date must be all that stands there, but for the name of its weekday.
    if written is None or re.search(r"\d", bare.replace(written.text, "", 1)):
        return None
    return written.day


def minutes_of(text: str) -> int | None:
    """Minutes after midnight of a time of day, 24:00 being its end; else None."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return None
    hour, minute, half = int(match[1]), int(match[2]), (match[3] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    total = 60 * hour + minute
    return total if minute < 60 and total <= 24 * 60 else None


def weekdays_of(text: str) -> list[int] | None:
    """Weekdays that a text names, Monday being 0; None where it names none."""
    found: set[int] = set()
    for part in re.split(r"[,;、，]|\band\b", text.strip().casefold()):
        part = part.strip()
        if not part:
            continue
        if part in _GROUPS:
            found.update(_GROUPS[part])
            continue
        ends = [_weekday(one) for one in re.split(r"\s*(?:-|–|—|~|\bto\b|至|到)\s*", part)]
        if len(ends) > 2 or None in ends:
            return None
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        found.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return sorted(found) or None


def weekly(days: Sequence[int], begin: int, end: int, within: Span, zone: tzinfo) -> Iterator[Span]:
    """Weekly spans between two times of day.

    An end that is not later than the start is on the next day.
    """
    day = within.start.astimezone(zone).date() - DAY
    last = within.end.astimezone(zone).date() + DAY
    while day <= last:
        if day.weekday() in days:
            yield Span(at(day, begin, zone), at(day, end if end > begin else end + 24 * 60, zone))
        day += DAY


def at(day: date, minutes: int, zone: tzinfo) -> datetime:
    """Moment of a time of day; 24:00 and later fall on the next day."""
    whole, rest = divmod(minutes, 24 * 60)
    return utc(datetime.combine(day + whole * DAY, time(rest // 60, rest % 60)), zone)


def support(hours: Sequence[str] | None, within: Span, zone: tzinfo) -> list[Span]:
    """The hours that have to be covered, such as ``Mon-Fri 09:00-17:30``; by default all.

    Raises
    ------
    Undetermined
        If hours cannot be read.
    """
    if hours is None:
        return [within]
    found = []
    for text in hours:
        match = _RANGE.fullmatch(text.strip())
        days = weekdays_of(match[1].strip(" :：") or "daily") if match else None
        begin, end = (minutes_of(match[2]), minutes_of(match[3])) if match else (None, None)
        if days is None or begin is None or end is None:
            raise Undetermined(say("roster.hours", text=text[:100]))
        found += [cut for span in weekly(days, begin, end, within, zone) if (cut := span.cut(within))]
    return found


def _weekday(word: str) -> int | None:
    bare = re.sub(r"^(?:周|星期|礼拜)", "", word)
    if bare != word:
        bare = bare.replace("天", "日")
        return _DAYS_ZH.index(bare) if len(bare) == 1 and bare in _DAYS_ZH else None
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    if len(word) < 3 or not any(name.startswith(word.rstrip(".")) for name in names):
        return None
    return _DAYS.index(word[:3])
