"""Read dates with times, and spans of time, as people and tools write them."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from orr.evidence.calendars.spans import readings
from orr.evidence.calendars.zone_names import designation, zone_named
from orr.evidence.checks.incidents.names import MINUTES, cell, unit_of
from orr.source.dates import day_in, first_date

_TIME = (
    r"(?:(?P<packed>\d{4})(?![\d:.]*\d)|(?P<hour>\d{1,2})(?:[:.h时点](?P<minute>\d{2})(?!\d)分?"
    r"(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?)?)(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_AFTER_DAY = re.compile(rf"(?:[T_]|,?\s{{1,3}}(?:(?:at|@|um)\s{{1,3}})?|(?<=[日号]))T?{_TIME}", re.IGNORECASE)
_BEFORE_DAY = re.compile(
    rf"(?<![\d:.-]){_TIME}(?P<zone>[^\d:]{{0,12}}?)[\s,)）]{{0,3}}(?:\bon\b\s{{0,3}})?\Z", re.IGNORECASE
)
_BASIC = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:\d\d)?(?!\d)")
_RANGE = re.compile(r"\s{0,3}(?:[-–—~至到]|to\b|till\b|until\b)\s{0,3}\d{1,2}[:.h]\d{2}", re.IGNORECASE)
_LONE = re.compile(r"(?<![\d.:/-])\d{1,2}:\d{2}(?!\d)")

_NUMBER = r"\d{1,3}(?:,\d{3}){1,3}(?!\d)|\d{1,9}(?:[.,]\d{1,6})?"
_PIECE = re.compile(
    rf"({_NUMBER})\s{{0,3}}(weeks?|w|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s|周|天|个?小时|分钟|分|秒)(?![a-z])\.?",
    re.IGNORECASE,
)
_ISO = re.compile(
    r"P(?!$)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?!$)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_ISO_UNITS = (10080.0, 1440.0, 60.0, 1.0, 1 / 60)
_LETTERS = {"w": "week", "d": "day", "m": "minute", "分": "分钟"}
_JOINTS = re.compile(r"(?:[\s,，+&]|\band\b|和)+", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,4}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?")
_GROUPED = re.compile(r"\d{1,3}\.\d{3}")
_BESIDE = re.compile(
    r"\[\^[^\]\s]{1,40}\]|[(（][^()（）]*[)）]"
    r"|^(?:(?:about|approx(?:imately)?\.?|around|roughly|circa|ca?\.|some|nearly|almost|in total|a total of)\s|[~≈±]"
    r"|大约|约|大概|将近)\s*|\s*(?:or so|approx(?:imately)?\.?|in total|左右)?[\s.。;；,，]*$",
    re.IGNORECASE,
)
_ONES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
         "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_HAN = {"半": "0.5", "两": "2", **{sign: str(number) for number, sign in enumerate("一二三四五六七八九十", 1)}}
_WORDED = re.compile(
    rf"\b(?:({'|'.join(_TENS)})(?:[-\s]({'|'.join(_ONES[1:10])}))?|({'|'.join(_ONES)}))\b", re.IGNORECASE
)
_HALF = re.compile(r"\bhalf an? |(\d) and a half |\ban? (hour|day|minute|week) and a half\b", re.IGNORECASE)
_NOTHING = frozenset((
    "", "-", "--", "–", "—", "none", "null", "nil", "nan", "nat", "ongoing", "open", "unresolved", "not yet",
    "not resolved", "still open", "进行中", "处理中", "未恢复", "未解决", "无",
))  # fmt: skip


class UnclearMoment(ValueError):
    """A date with a time that may be one of several moments."""

    def __init__(self, why: str, text: str) -> None:
        self.why = why
        self.text = text
        super().__init__(why)


class _Written(NamedTuple):
    """Date and time found in a text, their position, and what follows.

    The text behind the time may hold its zone.
    """

    day: date
    time: re.Match[str]
    rest: str
    begin: int


def is_absent(value: object) -> bool:
    """Whether a value says that there is nothing to say yet, such as `-` or "ongoing"."""
    return value is None or value is False or (isinstance(value, str) and value.strip().casefold() in _NOTHING)


def read_moment(value: object, timezone: tzinfo, zone_name: str = "") -> datetime | None:
    """Read a date with a time, in UTC; None where there is none.

    Parameters
    ----------
    value
        A text, or anything else.
    timezone, zone_name
        The zone of times that name none, and what the record calls it.

    Raises
    ------
    UnclearMoment
        If its zone is not understood, the clock showed the time twice or never, or there are several times.
    """
    text = value.isoformat() if isinstance(value, datetime) else value[:200] if isinstance(value, str) else ""
    written = _find(text)
    if written is None:
        return None
    try:
        wall = _wall(written)
    except (ValueError, OverflowError):
        return None
    named = designation(written.rest)
    behind = written.rest.find(named) + len(named)
    if _RANGE.match(written.rest, behind) or _find(written.rest) is not None:
        raise UnclearMoment("several", cell(text))
    name = named or zone_name
    zone = zone_named(name, wall) if name else timezone
    if zone is None:
        raise UnclearMoment("zone", name)
    try:
        first, last = readings(wall, zone)
    except (ValueError, OverflowError):
        return None
    if first != last:
        raise UnclearMoment("twice", f"{wall:%Y-%m-%d %H:%M}")
    return first


def _find(text: str) -> _Written | None:
    """The first date of a text that has a time behind or before it."""
    text = _BASIC.sub(r"\1-\2-\3T\4:\5", text)
    written = first_date(text)
    if written is None or written.day is None:
        return None
    begin = text.find(written.text)
    end = begin + len(written.text)
    after = _AFTER_DAY.match(text, end)
    if after is not None and _is_time(after):
        return _Written(written.day, after, text[after.end() :], begin)
    before = _BEFORE_DAY.search(text[:begin])
    if before is not None and _is_time(before):
        return _Written(written.day, before, before["zone"], before.start())
    return None


def _is_time(match: re.Match[str]) -> bool:
    return bool(match["packed"] or match["minute"] or match["half"])


def _wall(written: _Written) -> datetime:
    match = written.time
    shown = match["packed"] or f"{int(match['hour']):02}{match['minute'] or '00'}"
    hour, minute, second = int(shown[:2]), int(shown[2:]), int(match["second"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(match[0])
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    begin = datetime.combine(written.day, datetime.min.time())
    if (hour, minute, second) == (24, 0, 0):  # the end of a day, as ISO 8601 has it
        return begin + timedelta(days=1)
    return begin.replace(hour=hour, minute=minute, second=second)


def read_day(value: object, timezone: tzinfo) -> date | None:
    """Read the day of a date with or without a time."""
    try:
        read = read_moment(value, timezone)
    except UnclearMoment:
        read = None
    if read is not None:
        return day_in(read, timezone)
    text = value.isoformat() if isinstance(value, date) else value[:100] if isinstance(value, str) else ""
    written = first_date(text)
    return written.day if written else None


def day_of_text(text: str, timezone: tzinfo) -> date | None:
    """Read the day of a text with a date and time; None without."""
    return read_day(text, timezone) if _find(text[:200]) else None


def read_minutes(value: object, name: str = "") -> float | None:
    """Read a span of time in minutes; None unless it is a single one.

    Parameters
    ----------
    value
        Such as `4h 12m`, `1:30:00`, `PT9H`, `about nine hours`, or a number.
    name
        Of its field, in whose unit a bare number counts: `duration_minutes`.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        value = f"{value:.6f}" if 0 <= value < 1e9 else ""
    text = _in_figures(cell(value))
    iso = _ISO.fullmatch(text)
    if iso is not None:
        return sum(float(number or 0) * unit for number, unit in zip(iso.groups(), _ISO_UNITS, strict=True))
    if re.fullmatch(_NUMBER, text):
        unit, number = unit_of(name), _number(text)
        return None if unit is None or number is None else number * unit
    clock = _CLOCK.fullmatch(_JOINTS.sub("", _PIECE.sub("", text)))
    pieces = [(_number(number), MINUTES[_unit(unit)]) for number, unit in _PIECE.findall(text)]
    units = [unit for _, unit in pieces]
    rest = "" if clock else _JOINTS.sub("", _PIECE.sub("", text))
    # Two of one unit are two spans; beside hours a clock is another.
    if (
        rest
        or not (pieces or clock)
        or units != sorted(set(units), reverse=True)
        or (clock and units and min(units) < 1440)
    ):
        return None
    total = int(clock[1]) * 60 + int(clock[2]) + int(clock[3] or 0) / 60 if clock else 0.0
    for number, unit in pieces:
        if number is None:
            return None
        total += number * unit
    return total


def _number(text: str) -> float | None:
    """A number with commas between thousands, or one as its decimal sign; `1.200` may be either."""
    if _GROUPED.fullmatch(text):
        return None
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+", text)
    return float(text.replace(",", "" if grouped else "."))


def _unit(word: str) -> str:
    """The unit that a word or letter stands for, as `MINUTES` names it."""
    bare = word.lower().removeprefix("个")
    return _LETTERS.get(bare) or (bare if bare in MINUTES else bare.rstrip("s"))


def _in_figures(text: str) -> str:
    """A span with its words as figures, and without footnotes, remarks in parentheses and "about"."""
    bare = _BESIDE.sub("", text.strip()).strip()
    bare = _WORDED.sub(_figure, bare)
    bare = _HALF.sub(lambda half: f"{half[1]}.5 " if half[1] else f"1.5 {half[2]}" if half[2] else "0.5 ", bare)
    bare = re.sub(r"\ban? (?=hour|minute|day|week)", "1 ", bare, flags=re.IGNORECASE)
    bare = re.sub(rf"([{''.join(_HAN)}])个半(?=小时)", lambda half: f"{_HAN[half[1]]}.5", bare)
    bare = re.sub(
        rf"(?<![{''.join(_HAN)}百])([{''.join(_HAN)}])(?=个?(?:小时|分钟|天|周))", lambda one: _HAN[one[1]], bare
    )
    return re.sub(r"(?<=\d)h(\d{2})\Z", r"h \1m", bare)


def _figure(worded: re.Match[str]) -> str:
    if worded[3]:
        return str(_ONES.index(worded[3].lower()))
    return str(_TENS[worded[1].lower()] + (_ONES.index(worded[2].lower()) if worded[2] else 0))


def moment_in(text: str) -> int:
    """Position of a date and time, else of a time alone, in a text; else -1."""
    written, alone = _find(text), _LONE.search(text)
    return written.begin if written else alone.start() if alone else -1


def minutes_between(begin: datetime, end: datetime) -> float:
    """Minutes from one moment to another, both in UTC; below zero where they are reversed."""
    return (end - begin) / timedelta(minutes=1)
