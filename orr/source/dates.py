"""Parse dates in documents and file names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_GAP = r"[ \t\-,]{1,3}"


class Written(NamedTuple):
    """A date found in a text.

    Attributes
    ----------
    text
        As it is written.
    day
        The day; None where it could be two different days, or is none.
    """

    text: str
    day: date | None


def _by_number(match: re.Match[str]) -> date | None:
    return _day(int(match["year"]), int(match["m"]), int(match["d"]))


def _by_name(match: re.Match[str]) -> date | None:
    year = int(match["year"])
    return _day(year + 2000 if year < 100 else year, _MONTHS.index(match["month"][:3].lower()) + 1, int(match["day"]))


def _either_way(match: re.Match[str]) -> date | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["year"])
    if first == second or first > 12:
        return _day(year, second, first)
    return _day(year, first, second) if second > 12 else None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (re.compile(r"(?<!\d)(?P<year>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)"), _by_number),
    (re.compile(r"(?<!\d)(?P<year>\d{4}) ?年 ?(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2}) ?[日号]"), _by_number),
    (re.compile(rf"{_DAY}{_GAP}(?:of )?{_MONTH}{_GAP}?(?P<year>\d{{4}})(?!\d)", re.IGNORECASE), _by_name),
    (re.compile(rf"{_DAY}/{_MONTH}/(?P<year>\d{{4}}|\d\d)(?!\d)", re.IGNORECASE), _by_name),
    (re.compile(rf"\b{_MONTH}{_GAP}?{_DAY}{_GAP}(?P<year>\d{{4}})(?!\d)", re.IGNORECASE), _by_name),
    (re.compile(r"(?<!\d)(?P<a>\d{1,2})([-/.])(?P<b>\d{1,2})\2(?P<year>\d{4})(?!\d)"), _either_way),
)
_DOTTED = re.compile(r"^(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})(?!\d)")
_CLOCK = re.compile(
    r"[T\s,]*(?:\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?\s*(?:[ap]m)?\s*(?:Z|UTC|[+-]\d\d:?\d\d)?)?\s*", re.IGNORECASE
)
_IN_NAME = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)([-_.]?)(?P<m>\d\d)\2(?P<d>\d\d)(?!\d)")


def first_date(text: str) -> Written | None:
    """The first date in a text; None if there is nothing like one.

    Read are 2026-11-12, 2026/11/12, 2026.11.12, 2026年11月12日, 12 November 2026, 12th Nov
    2026, November 12, 2026, 12/Nov/26, and 25/12/2026. A form such as 03/04/2026 means two different
    days to different readers and has no `day`.
    """
    first: tuple[re.Match[str], Callable[[re.Match[str]], date | None]] | None = None
    for form, read in _FORMS:
        match = form.search(text)
        if match is not None and (first is None or match.start() < first[0].start()):
            first = match, read
            if match.start() == 0:
                break
    return None if first is None else Written(first[0].group(), first[1](first[0]))


def only_date(text: str) -> date | None:
    """The one certain day that a text is, with or without a time; else None.

    Between dots the day stands before the month, as wherever such dates are written.
    """
    text = _DOTTED.sub(r"\3-\2-\1", text.strip())
    written = first_date(text)
    around = "" if written is None else text.replace(written.text, "", 1)
    return written.day if written is not None and _CLOCK.fullmatch(around) else None


def dates_in(text: str) -> Iterator[Written]:
    """All dates in a text, in order; see `first_date`."""
    while (found := first_date(text)) is not None:
        yield found
        text = text.partition(found.text)[2]


def date_in_name(path: str) -> date | None:
    """The date in a file's name, else in that of the nearest folder that has one.

    Read are 2026-11-12, 2026_11_12, 2026.11.12 and 20261112; of several the earliest.
    """
    for name in reversed(path.split("/")):
        days = [day for match in _IN_NAME.finditer(name) if (day := _by_number(match)) is not None]
        if days:
            return min(days)
    return None


def after(day: date, days: int) -> date:
    """The day so many days later; the last one there is where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max


def day_in(moment: datetime, zone: tzinfo) -> date:
    """Day of a moment in a time zone; else in its own zone.

    The calendar ends: near that end some zones have no such day.
    """
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        return moment.date()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
