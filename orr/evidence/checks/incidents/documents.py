"""Read an incident from a document: front matter, fields and follow-ups."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from datetime import tzinfo
from typing import Any

from orr.evidence.checks.incidents.build import follow_up_of, incident_of
from orr.evidence.checks.incidents.incident import FollowUp, Incident, day_of_text, knows, plain
from orr.evidence.documents.dates import first_date
from orr.evidence.documents.headings import is_any
from orr.evidence.documents.outline import BOLD, Document, Heading
from orr.evidence.documents.reading import markdown
from orr.evidence.errors import Undetermined

_ACTIONS = (
    "Actions|Action items|Review actions|Follow-ups|Follow up|Follow-up actions|Corrective actions|Preventive actions"
    "|Next steps|Remediation|改进措施|整改项|整改措施|行动项|后续行动"
)
_CAUSES = (
    "Causes|Cause|Root cause|Root causes|Contributing factors|Analysis|What happened|Why|Background|Context"
    "|原因|根因|成因|原因分析|根因分析|影响因素"
)
# "Impact: …" in a document is a sentence, and never one of few words for a severity.
_NOT_LABELS = frozenset({"impact", "urgency", "report", "review", "summary", "name"})
_LABEL = re.compile(
    r"(?P<name>[^\W\d][^\n:：|]{1,40}?)\s{0,3}(?:[:：]\s{0,3}|\s(?=\d{4}-\d\d-\d\d))(?P<value>\S.{0,200})"
)
_NOT_PARTS = frozenset({"title", "follow_ups", "status", "id", "analysis"})
_ITEM = re.compile(r"\[(?P<mark>[ xX])\]\s{0,3}(?P<what>.+)")
_LEAD = re.compile(r"[^\W\d][^\n:：]{1,40}[:：]\s{0,3}$")
_DUE = re.compile(
    r"(?:\bdue|\bby|\bdeadline|\buntil|截止(?:日期)?|期限)\s{0,3}(?:on|:|：)?\s{0,3}(?P<day>.{6,30})", re.IGNORECASE
)


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
    record: dict[str, Any] = dict(_labelled(document))
    # The front matter counts before the text.
    known = {knows(str(key)) for key in document.front.values}
    record = {key: value for key, value in record.items() if knows(key) not in known}
    record.update((key, value) for key, value in document.front.values.items() if knows(str(key)) != "title")
    name = posixpath.basename(path).split(".")[0]
    made = incident_of(record, path, 0, timezone, name)
    if made.day is None:
        texts = (line.text for line in document.prose)
        made.day = next((day for text in texts if (day := day_of_text(text, timezone))), None)
    made.follow_ups += _follow_ups(document, timezone)
    if _is_analysis(document):
        made.analysis = made.analysis or path
    return made


def _labelled(document: Document) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for line in document.prose:
        match = _LABEL.match(line.text[:300].strip())
        part = knows(match["name"]) if match else ""
        if match and part and part not in _NOT_PARTS and plain(match["name"]) not in (_NOT_LABELS | seen):
            seen.add(plain(match["name"]))
            yield match["name"], match["value"]


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


def _is_analysis(document: Document) -> bool:
    """Return whether causes and consequences are both written down."""
    return all(
        any(heading.line < line < end for heading, end in _sections(document, wanted) for line in document.substance)
        for wanted in (_CAUSES, _ACTIONS)
    )


def _follow_ups(document: Document, timezone: tzinfo) -> Iterator[FollowUp]:
    taken = set()
    for line, cells, head in document.rows:
        parts = {knows(name, actions=True) for name in head}
        if head and "what" in parts and parts & {"due", "state"}:
            taken.add(line)
            if any(cell.strip(" -–—") for cell in cells):
                yield follow_up_of(dict(zip(head, cells, strict=False)), document.path, line, timezone)
    spans = [(heading.line, end) for heading, end in _sections(document, _ACTIONS)]
    rows = {line for line, _, _ in document.rows}
    headed = {heading.line for heading in document.headings}
    for entry in document.prose:
        item = _ITEM.match(entry.text)
        inside = any(begin < entry.line < end for begin, end in spans)
        if not item and not (inside and entry.line not in rows and entry.line not in headed):
            continue
        what = (item["what"] if item else entry.text).strip(" -–—*")[:200]
        if what and (not item or inside or _DUE.search(what)):
            due = _DUE.search(what[:300])
            written = first_date(due["day"]) if due else None
            done = item["mark"] in "xX" if item else None
            yield FollowUp(what, document.path, entry.line, written.day if written else None, done)
