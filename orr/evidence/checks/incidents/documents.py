"""Read an incident from a document: front matter, fields and follow-ups."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from orr.evidence.calendars.zone_names import designation
from orr.evidence.checks.incidents.build import follow_up_of, incident_of
from orr.evidence.checks.incidents.incident import FollowUp, Incident, is_done
from orr.evidence.checks.incidents.names import SPANS, TIMES, knows, plain
from orr.evidence.checks.incidents.times import (
    UnclearMoment,
    day_of_text,
    is_absent,
    moment_in,
    read_day,
    read_minutes,
    read_moment,
)
from orr.evidence.documents.headings import is_any
from orr.evidence.documents.outline import BOLD, Document, Heading, Line
from orr.evidence.documents.reading import markdown
from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.source.dates import first_date

_ACTIONS = (
    "Actions|Action items|Action plan|Review actions|Follow-ups|Follow up|Follow-up actions|Corrective actions"
    "|Preventive actions|Preventative actions|Preventive measures|Preventative measures|Next steps|Remediation"
    "|Recommendations|Improvements|Action points|Prevention|Preventing|How we will prevent|What we will do"
    "|Going forward|What are we doing|改进措施|整改项|整改措施|行动项|后续行动|后续措施|预防措施"
)
_CAUSES = (
    "Causes|Cause|Root cause|Root causes|Contributing factors|Analysis|What happened|What went wrong|Why|Five whys"
    "|Lessons learned|Lessons learnt|Lessons|Learnings|What we learned|Findings|Takeaways"
    "|What caused|Trigger|Background|Context|原因|根因|成因|原因分析|根因分析|影响因素|经验教训"
)
# Actions of others: advice to those who read it.
_READERS = r"(?:users?|customers?|clients?|readers?|consumers?|subscribers?)"
_OF_OTHERS = re.compile(
    rf"\b(?:for|of|from|by) (?:(?:all|affected|our|the|other) )*(?:{_READERS}|you)\b"
    rf"|^(?:{_READERS}|your?)\b(?!.*\bteams?\b)|\bwhat you\b"
    r"|(?:用户|客户|读者)(?:需要|应|侧|的)|(?:给|对)(?:用户|客户|读者)",
    re.IGNORECASE,
)
_SPOKEN_TO = re.compile(r"\b(?:you|readers?)\b|你们", re.IGNORECASE)
_TAKEN = re.compile(r"\b(?:taken|performed)\b|已采取", re.IGNORECASE)
_ADVICE = re.compile(
    r"\byour(?:self|selves)?\b|^(?:please|if you|you|we (?:\w+ )?(?:recommend|advise|suggest|encourage|ask))\b"
    rf"|\b{_READERS} (?:should|must|need to|can|may|are (?:asked|advised|encouraged|recommended))\b"
    r"|^请|您|(?:用户|客户|读者)(?:应|请|可以|需要)",
    re.IGNORECASE,
)
# "Impact: …" in a document is a sentence, and never one of few words for a severity.
_NOT_LABELS = frozenset({"impact", "urgency", "report", "review", "summary", "name"})
_NOT_PARTS = frozenset({"title", "follow_ups", "id", "analysis"})
_UNDER_HEADINGS = TIMES | SPANS | {"severity", "day"}
_LABEL = re.compile(
    r"(?P<name>[^\W\d][^\n:：|]{1,40}?)\s{0,3}(?:[:：]\s{0,3}|\s[-–—]\s|\s(?=\d{4}-\d\d-\d\d))(?P<value>\S.{0,200})"
)
_HAS_FIGURE = re.compile(r"\d")
_AROUND = " \t*_-–—:：,(（)）[]|@•"
_JOINING = re.compile(r"(?:\s+(?:at|on|by|um))?[\s\-–—:：,(（@|]*$", re.IGNORECASE)
_LASTED = re.compile(
    r"\b(?:lasted|lasting|persisted for|was down for|were down for|unavailable for|for a (?:total )?duration of)\s"
    r"(?:for )?(?P<span>[^.;\n]{3,60})|持续了?(?P<han>[^，。；\n]{2,20})",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:resolved|restored|recovered|mitigated|fixed|back (?:to normal|up|online)|operational again)\b|恢复|解决",
    re.IGNORECASE,
)
_TIMES_IN = re.compile(
    r"\btimes?\b(?: \w+){0,3}? in\s|\ball times (?=(?-i:[A-Z]{2,5})\b)|时间(?:均|都)?(?:为|是|采用)", re.IGNORECASE
)
_ITEM = re.compile(r"\[(?P<mark>[ xX])\]\s{0,3}(?P<what>.+)")
_LEAD = re.compile(r"[^\W\d][^\n:：]{1,40}[:：]\s{0,3}$")
_DUE = re.compile(
    r"(?:\bdue|\bby|\bdeadline|\buntil|截止(?:日期)?|期限)\s{0,3}(?:on|:|：)?\s{0,3}(?P<day>.{6,30})", re.IGNORECASE
)
_STATE = re.compile(r"[(（\[【](?P<state>[^()（）\[\]【】]{1,20})[)）\]】][\s.。]*$|^(?P<sign>[✅☑✔❌☐])")


def read_incident(text: str, path: str, timezone: tzinfo) -> Incident:
    """Read a document of one incident.

    Raises
    ------
    Undetermined
        If its front matter or the document cannot be read.
    """
    document = markdown(text, path)
    if document.front.fault is not None:
        raise Undetermined(document.front.fault)
    record: dict[str, Any] = {}
    twice: dict[str, str] = {}
    for name, value in _labelled(document):
        key = next((one for one in record if plain(one) == plain(name)), None)
        if key is None:
            record[name] = value
        elif knows(name) in TIMES | SPANS and _differ(record[key], value, timezone):
            twice[knows(name)] = key
    for key in twice.values():
        del record[key]
    # The front matter counts before the text.
    known = {knows(str(key)) for key in document.front.values}
    record = {key: value for key, value in record.items() if knows(key) not in known}
    record.update((key, value) for key, value in document.front.values.items() if knows(str(key)) != "title")
    name = posixpath.basename(path).split(".")[0]
    made = incident_of(record, path, 0, timezone, name)
    for part, label in twice.items():
        if part not in known:
            made.doubts.setdefault(part, say("incidents.twice", name=made.id, place=path, part=label))
    if made.day is None:
        title = read_day(document.headings[0].text, timezone) if document.headings else None
        days = (day_of_text(line.text, timezone) for line in document.prose)
        made.day = title or next((day for day in days if day is not None), None)
    made.follow_ups += _follow_ups(document, timezone)
    if _is_analysis(document):
        made.over = True
        made.analysis = made.analysis or path
    if made.to_recover is None and not made.doubts.keys() & {"started", "recovered", "to_recover"}:
        _note_sentence(made, document)
    return made


def _labelled(document: Document) -> Iterator[tuple[str, str]]:
    """Names and values of a document.

    They stand in lines, in tables of two columns or of one row, and in headings with a line below.
    """
    for line in document.prose:
        match = _LABEL.match(line.text[:300].strip())
        if match and _is_field(match["name"], match["value"]):
            yield match["name"], match["value"]
        elif not match or not knows(match["name"]):
            yield from _beside_time(line.text[:300])
    rows_under = Counter(tuple(head) for _, _, head in document.rows)
    for _, cells, head in document.rows:
        if (
            len(cells) == 2
            and _is_field(*cells)
            and (_HAS_FIGURE.search(cells[1]) or (head and knows(cells[0]) not in TIMES))
        ):
            yield cells[0], cells[1]
        elif len(cells) > 1 and moment_in(cells[0]) == 0 and knows(cells[1]) in TIMES:
            yield cells[1], cells[0]
        elif rows_under[tuple(head)] == 1 and {knows(name) for name in head} & (TIMES | SPANS):
            yield from ((name, value) for name, value in zip(head, cells, strict=False) if _is_field(name, value))
    for heading in document.headings:
        part, below = knows(heading.text), [line.text.strip() for line in document.below(heading)]
        alone = (
            part in _UNDER_HEADINGS and len(below) == 1 and len(below[0]) <= 40 and _is_field(heading.text, below[0])
        )
        if alone and (part not in TIMES or moment_in(below[0]) == 0):
            yield heading.text, below[0]
    named = (designation(line.text[match.end() :]) for line in document.prose if (match := _TIMES_IN.search(line.text)))
    zone = next(filter(None, named), "")
    if zone:
        yield "timezone", zone


def _is_field(name: str, value: str) -> bool:
    part = knows(name)
    if not part or part in _NOT_PARTS or plain(name) in _NOT_LABELS or not value.strip():
        return False
    # "Recovery: we rolled back" tells a story and no time.
    is_story = (
        part in TIMES and not _HAS_FIGURE.search(value) and len(value.split()) > 2 and read_minutes(value) is None
    )
    return not is_story or is_absent(value)


def _differ(one: str, other: str, timezone: tzinfo) -> bool:
    try:
        read = [read_moment(text, timezone) or read_minutes(text) for text in (one, other)]
    except UnclearMoment:
        read = [None]
    return one != other if None in read else read[0] != read[1]


def _beside_time(text: str) -> Iterator[tuple[str, str]]:
    """Names beside a time, as in "Resolved (2026-11-10 11:00 UTC)" or "Detected at 10:10"."""
    begin = moment_in(text)
    if begin < 0:
        return
    first = _HAS_FIGURE.search(text)
    begin = first.start() if first and text[: first.start()].strip(_AROUND) else begin
    name = _JOINING.sub("", text[:begin]).strip(_AROUND)
    if knows(name) in TIMES:
        yield name, text[begin:].rstrip(")） ")
        return
    behind = re.search(r"\d(?:\s?[ap]\.?m\b\.?)?(?P<name>\D{3,60})$", text[begin:], re.IGNORECASE)
    if not name and behind:
        zone = designation(behind["name"])
        event = behind["name"].replace(zone, "", 1).strip(_AROUND)
        if knows(event) in TIMES:
            yield event, f"{text[begin : begin + behind.start('name')]} {zone}".strip()


def _note_sentence(made: Incident, document: Document) -> None:
    """Note a span or an end given in a sentence only.

    It is not read: it may belong to something else.
    """
    for line in document.prose:
        lasted, ended = _LASTED.search(line.text), _ENDED.search(line.text)
        span = (lasted["span"] or lasted["han"]) if lasted else ""
        begin = lasted.start() if lasted and re.search(r"\d|hour|minute|day|week|小时|分钟|天", span) else -1
        if begin < 0 and ended and moment_in(line.text) >= 0:
            begin = 0
        if begin >= 0:
            where = f"{made.path}:{document.where(line.line)}"
            said = line.text[begin:].strip().rstrip(".。")[:60]
            made.doubts["to_recover"] = say("incidents.sentence", name=made.id, place=where, text=said)
            return


def _sections(document: Document, wanted: str) -> Iterator[tuple[Heading, int]]:
    """Sections of a name with their last lines; "Actions:" starts one too."""
    leads = (
        Heading(line.text.strip(" *:："), BOLD + 1, line.line) for line in document.prose if _LEAD.match(line.text)
    )
    headings = sorted(
        {heading.line: heading for heading in (*leads, *document.headings)}.values(), key=lambda one: one.line
    )
    for place, heading in enumerate(headings):
        if is_any(heading.text, wanted) and not (place == 0 and heading.level == 1):
            following = (one.line for one in headings[place + 1 :] if one.level <= heading.level)
            yield heading, next(following, 1 << 30)


def _actions(document: Document) -> list[tuple[Heading, int]]:
    """The sections of what its authors are to do."""
    return [one for one in _sections(document, _ACTIONS) if not _OF_OTHERS.search(one[0].text)]


def _is_analysis(document: Document) -> bool:
    """Return whether causes and consequences are both written down."""
    return all(
        any(heading.line < line < end for heading, end in sections for line in document.substance)
        for sections in (list(_sections(document, _CAUSES)), _actions(document))
    )


def _unwrapped(document: Document) -> list[Line]:
    """The prose, with an item of a list that goes on over several lines as one."""
    whole: list[Line] = []
    for line in document.prose:
        if line.continued and whole:
            whole[-1] = replace(whole[-1], text=f"{whole[-1].text} {line.text}")
        else:
            whole.append(line)
    return whole


def _follow_ups(document: Document, timezone: tzinfo) -> Iterator[FollowUp]:
    spans = [(one.line, end) for one, end in _actions(document) if not _TAKEN.search(one.text)]
    for line, cells, head in document.rows:
        parts = {knows(name, actions=True) for name in head}
        is_action = parts & {"due", "state"} or any(begin < line < end for begin, end in spans)
        if "what" in parts and is_action and any(cell.strip(" -–—") for cell in cells):
            yield follow_up_of(dict(zip(head, cells, strict=False)), document.path, line, timezone)
    advice = [(one.line, document.end(one)) for one in document.headings if _OF_OTHERS.search(one.text)]
    rows = {line for line, _, _ in document.rows}
    headed = {heading.line for heading in document.headings}
    for entry in _unwrapped(document):
        item = _ITEM.match(entry.text)
        inside = any(begin < entry.line < end for begin, end in spans)
        if not item and not (inside and entry.line not in rows and entry.line not in headed):
            continue
        what = (item["what"] if item else entry.text).strip(" -–—*")[:200]
        due = _DUE.search(what)
        written = first_date(due["day"]) if due else None
        is_advice = _ADVICE.search(what) or (not item and _SPOKEN_TO.search(what))
        if not written and (is_advice or any(begin < entry.line < end for begin, end in advice)):
            continue
        if what and ((item and due) or (inside and (item or not what.endswith((":", "："))))):
            state = _STATE.search(what)
            done = item["mark"] in "xX" if item else is_done(state["state"] or state["sign"]) if state else None
            yield FollowUp(what, document.path, entry.line, written.day if written else None, done)
