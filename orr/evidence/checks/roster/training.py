"""Read training, skills and leave of the people on a roster."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from orr.evidence.calendars.ical.occurring import occurrences
from orr.evidence.calendars.ical.reading import read_calendars
from orr.evidence.calendars.ical.recurrence import Budget
from orr.evidence.calendars.spans import Span, utc
from orr.evidence.checks.roster.grid import READS, Row, heading, read_grid
from orr.evidence.checks.roster.shifts import wrong
from orr.evidence.checks.roster.table import DATE, END, PERSON, START, zone_of
from orr.evidence.checks.roster.times import DAY, at, moment_or_day, shift_time
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.person import alike, mentioned, same
from orr.source.dates import after

SUBJECT = (
    "subject", "training", "course", "skill", "topic", "module", "component", "technology",
    "主题", "科目", "课程", "培训", "培训内容", "技能", "组件",
)  # fmt: skip
TRAINED = (
    "trained on", "trained", "completed", "completed on", "date", "on", "passed on",
    "日期", "完成日期", "培训日期", "完成时间",
)  # fmt: skip
EXPIRES = (
    "expires", "expires on", "expiry", "expiry date", "valid until", "valid to",
    "有效期至", "到期", "到期日", "失效日期",
)  # fmt: skip
RESULT = ("result", "status", "outcome", "state", "attended", "attendance", "结果", "状态", "出勤", "是否通过")
LEVEL = (*RESULT, "level", "proficiency", "等级", "水平", "掌握程度")
ReadTime = Callable[[str], datetime | date | None]
_NOTE = re.compile(r"\s*[()（）]\s*|\s[-–—]\s")  # "Wei Chen (annual leave)"
_BESIDE = {"trainer", "team", "note", "notes", "email", "role", "备注", "团队", "培训人", "讲师"}
_YES = {"✓", "✔", "√", "●", "★"}
_NO = {"", "n", "0", "-", "–", "—", "x", "×", "✗", "✘"}
_NOT_YET = re.compile(
    r"(?:no|not|non|none|never|nil|false|failed|fails?|absent|missed|incomplete|cancell?ed|withdrawn|expired|lapsed|revoked"
    r"|overdue|due|required|needed|missing|planned|plans?|planning|booked|scheduled|registered|enrolled|invited|assigned|started"
    r"|pending|open|in progress|ongoing|learning|learner|trainee|in training|shadow\w*|wants?|interested|to do|todo)\b"
    r"|未|不|无|否|没|计划|待|进行中|学习|培训中|见习|缺席|缺考|取消|过期|失效|失败|预约|已报名",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """What somebody has learned: until when it holds, and where it stands."""

    person: str
    subject: str
    since: date | None
    until: date | None
    path: str
    row: int

    def holds(self, today: date, on: date) -> bool:
        """Whether it was learned by today and still holds on a day."""
        return (self.since is None or self.since <= today) and (self.until is None or self.until >= on)


@dataclass(frozen=True, slots=True)
class Leave:
    """An absence; `says` names the person where it is a whole sentence."""

    person: str
    span: Span
    path: str
    row: int
    says: str = ""
    doubt: Message | None = None

    def is_of(self, person: str) -> bool:
        """Whether it could be the leave of a person."""
        if self.says:
            return mentioned(person, self.says)
        return any(alike(part, person) for part in _NOTE.split(self.person))


def training(raw: bytes, path: str, valid: int) -> list[Certificate]:
    """The rows of a training record.

    Raises
    ------
    Undetermined
        If it cannot be read, or a row does not say how long it holds.
    """
    grid = read_grid(raw, path)
    person, subject = grid.column(PERSON), grid.column(SUBJECT)
    trained, expires, result = grid.column(TRAINED), grid.column(EXPIRES), grid.column(RESULT)
    if person is None or (trained is None and expires is None):
        columns = [column for column in grid.columns if column][:20]
        raise Undetermined(say("roster.no-training-columns", path=path, columns=columns))
    found = []
    for row in grid.rows:
        if is_placeholder(row.get(person)) or not _learned(row, result):
            continue
        since = _day(row, trained, path)
        until = _day(row, expires, path)
        if until is None and since is not None:
            until = after(since, valid)
        if until is None:
            continue  # booked, perhaps, but neither done nor valid
        found.append(Certificate(row.get(person), row.get(subject), since, until, path, row.number))
    return found


def skills(raw: bytes, path: str) -> list[Certificate]:
    """The rows of a skills matrix: a person and a skill, or a column a skill.

    Raises
    ------
    Undetermined
        If it cannot be read.
    """
    grid = read_grid(raw, path)
    person, subject, expires = grid.column(PERSON), grid.column(SUBJECT), grid.column(EXPIRES)
    level = grid.column(LEVEL)
    if person is None:
        raise Undetermined(
            say("roster.no-people", path=path, columns=[column for column in grid.columns if column][:20])
        )
    beside = {heading(one) for one in (*TRAINED, *EXPIRES)} | _BESIDE
    wide = [column for column in grid.columns if column and column != person and heading(column) not in beside]
    found = []
    for row in grid.rows:
        who = row.get(person)
        until = _day(row, expires, path)
        if subject is not None:
            if row.get(subject):
                learned = not is_placeholder(who) and _learned(row, level)
                found.append(Certificate(who if learned else "", row.get(subject), None, until, path, row.number))
            continue
        for column in wide:
            mark = row.get(column)
            who_has = who if _has(mark) and not is_placeholder(who) else ""
            found.append(Certificate(who_has, column, None, until, path, row.number))
    return found


def _learned(row: Row, result: str | None) -> bool:
    return not row.get(result) or _has(row.get(result))


def _has(mark: str) -> bool:
    """Whether a mark, level or result says that somebody has learned something."""
    return mark in _YES or not (mark.casefold() in _NO or _NOT_YET.match(mark) or is_placeholder(mark))


def leave(raw: bytes, path: str, window: Span, zone: tzinfo) -> list[Leave]:
    """Absences from a table of starts and ends, both inclusive, or a calendar.

    Raises
    ------
    Undetermined
        If it cannot be read.
    """
    if raw.lstrip(b"\xef\xbb\xbf \r\n\t")[:15].upper() == b"BEGIN:VCALENDAR":
        return list(_from_calendar(raw, path, window, zone))
    grid = read_grid(raw, path, (*READS, "iCalendar"))
    person, start, end = grid.column(PERSON), grid.column(START) or grid.column(DATE), grid.column(END)
    if person is None or start is None:
        raise Undetermined(
            say("roster.no-leave-columns", path=path, columns=[column for column in grid.columns if column][:20])
        )
    found = []
    for row in grid.rows:
        if is_placeholder(row.get(person)):
            continue
        first = _moment(row, start, path, shift_time)
        last = _moment(row, end, path, shift_time) if end is not None and row.get(end) else first
        own = zone_of(row, grid, zone, window.start)
        begin = utc(first, own) if isinstance(first, datetime) else at(first, 0, own)
        stop = utc(last, own) if isinstance(last, datetime) else at(last + DAY, 0, own)
        if stop < begin:
            why = say("roster.ends-first", start=row.get(start)[:40], end=row.get(end)[:40])
            raise wrong(path, row.number, why)
        found.append(Leave(row.get(person), Span(begin, stop), path, row.number))
    return found


def lacking(
    held: Sequence[Certificate], person: str, subjects: Sequence[str] | None, today: date, on: date
) -> tuple[str, Certificate | None] | None:
    """First subject that a person lacks on a day, and the lapsed certificate.

    None where nothing is lacking.
    """
    own = [one for one in held if same(one.person, person)]
    for wanted in subjects or [""]:
        fitting = [one for one in own if _matches(one.subject, wanted)]
        if not any(one.holds(today, on) for one in fitting):
            latest = max(fitting, key=lambda one: one.until or date.max, default=None)
            return wanted.split("|")[0], latest
    return None


def _matches(subject: str, wanted: str) -> bool:
    parts = [part.strip().casefold() for part in wanted.split("|") if part.strip()]
    return not parts or any(part in subject.casefold() for part in parts)


def _from_calendar(raw: bytes, path: str, window: Span, zone: tzinfo) -> Iterator[Leave]:
    for one in occurrences(read_calendars(raw, path), window, zone, Budget(path)):
        for attendee in one.event.attendees:
            if attendee.answer != "DECLINED":
                who = f"{attendee.name} <{attendee.address}>"
                yield Leave(who, one.span, path, one.event.line, doubt=one.doubt)
        yield Leave("", one.span, path, one.event.line, one.event.summary or "—", one.doubt)


def _day(row: Row, column: str | None, path: str) -> date | None:
    if column is None or is_placeholder(row.get(column)):
        return None
    found = _moment(row, column, path)
    return found.date() if isinstance(found, datetime) else found


def _moment(row: Row, column: str, path: str, read: ReadTime = moment_or_day) -> datetime | date:
    found = read(row.get(column))
    if found is None:
        raise wrong(path, row.number, say("roster.date", text=row.get(column)[:80], column=column))
    return found
