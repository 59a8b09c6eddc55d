"""Content lines of an iCalendar file, unfolded and nested.

Only those on which occurrences depend are looked at: what is wrong with another makes no difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from orr.evidence.errors import Undetermined
from orr.messages import say

MAX_EVENTS = 20_000
MAX_DEPTH = 8
MAX_LINES = 200_000
NEEDED = frozenset((
    "UID", "SUMMARY", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "STATUS",
    "SEQUENCE", "CATEGORIES", "X-EVENT-TYPE", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "METHOD", "X-WR-TIMEZONE",
    "X-CALENDAR-TYPE",
))  # fmt: skip
"""The properties on which it depends whether, when and which event there is."""

HELPFUL = frozenset(("DTSTAMP", "LAST-MODIFIED", "ATTENDEE", "NAME", "X-WR-CALNAME", "X-MICROSOFT-CDO-BUSYSTATUS"))
"""Those that say more about it; one that cannot be read is as good as none."""

_BOM = b"\xef\xbb\xbf"
_NAME = re.compile(rb"([A-Za-z0-9-]+)\s*([;:=])")
_FRAME = re.compile(r"(BEGIN|END)\s*:\s*([A-Z0-9-]{1,60})\s*", re.IGNORECASE)


class Property(NamedTuple):
    """One property: its name, parameters and value, and its line in the file."""

    name: str
    parameters: Mapping[str, Any]
    value: str
    line: int


@dataclass
class Component:
    """What stands between BEGIN and END.

    Attributes
    ----------
    broken
        The lines of needed properties that are no properties, by their names.
    """

    name: str
    line: int
    properties: list[Property] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)
    broken: dict[str, str] = field(default_factory=dict)

    def all(self, name: str) -> list[Property]:
        """The properties of a name."""
        return [one for one in self.properties if one.name == name]

    def one(self, name: str) -> Property | None:
        """The property of a name; None where there is none.

        Raises
        ------
        ValueError
            If there are several that say different things, or it is no property.
        """
        if name in self.broken:
            raise ValueError(self.broken[name])
        found = self.all(name)
        if any((one.value, dict(one.parameters)) != (found[0].value, dict(found[0].parameters)) for one in found[1:]):
            raise ValueError("more than one value")
        return found[0] if found else None

    def text(self, name: str) -> str:
        """The first value of a name."""
        return next((one.value.strip() for one in self.properties if one.name == name), "")


def read_components(raw: bytes, path: str) -> list[Component]:
    """Read the outermost components of a file.

    Raises
    ------
    Undetermined
        If the file is not whole, no text, or too large.
    """
    from icalendar.parser import Contentline

    if b"\0" in raw:
        raise Undetermined(say("evidence.ground.binary", path=path))
    outermost = Component("", 0)
    open_parts = [outermost]
    events = 0
    before = ""
    for number, line in _unfolded(raw, path):
        found = _NAME.match(line)
        if found is None and before == "SUMMARY" and line.strip():
            open_parts[-1].broken[before] = "its next line is no property"  # but the rest of it, perhaps
        before = name = found[1].decode().upper() if found else ""
        if name not in NEEDED and name not in HELPFUL and name not in ("BEGIN", "END"):
            continue
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise Undetermined(say("evidence.ground.not-utf8", path=path, line=number)) from None
        frame = _FRAME.fullmatch(text)
        if frame is None:
            _add(open_parts[-1], Contentline(text), name, number)
        elif frame[1].upper() == "BEGIN":
            part = Component(frame[2].upper(), number)
            open_parts[-1].parts.append(part)
            open_parts.append(part)
            events += part.name == "VEVENT"
            if len(open_parts) > MAX_DEPTH + 1 or events > MAX_EVENTS:
                raise Undetermined(say("calendar.ics.too-large", path=path, limit=MAX_EVENTS))
        elif len(open_parts) == 1 or open_parts.pop().name != frame[2].upper():
            raise Undetermined(say("calendar.ics.broken", path=path, line=number, why=text.strip()[:80]))
    if len(open_parts) > 1:
        last = open_parts[-1]
        raise Undetermined(say("calendar.ics.open", path=path, line=last.line, part=last.name))
    return outermost.parts


def _unfolded(raw: bytes, path: str) -> Iterator[tuple[int, bytes]]:
    """Whole lines with their numbers; as bytes, since a line may be folded within a character."""
    lines = raw.removeprefix(_BOM).splitlines()
    if len(lines) > MAX_LINES:
        raise Undetermined(say("calendar.ics.too-large", path=path, limit=MAX_LINES))
    began, whole = 0, [b""]
    for number, line in enumerate(lines, 1):
        if began and line[:1] in (b" ", b"\t"):
            whole.append(line[1:])
            continue
        yield began, b"".join(whole)
        began, whole = number, [line]
    yield began, b"".join(whole)


def _add(part: Component, line: Any, name: str, number: int) -> None:
    try:
        whole, parameters, value = line.parts()
    except ValueError as error:
        if name in NEEDED:
            part.broken[name] = str(error)
        return
    if whole.upper() == name:
        part.properties.append(Property(name, parameters, value, number))
