"""The check `incidents`: time to detect, time to recover, and follow-ups."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from orr.evidence.checks.incidents.build import measure
from orr.evidence.checks.incidents.documents import read_incident
from orr.evidence.checks.incidents.incident import FollowUp, Incident
from orr.evidence.checks.incidents.judge import Asked, holds_until, judge, overdue_of, span_in_words
from orr.evidence.checks.incidents.picture import spans_drawn
from orr.evidence.checks.incidents.severity import SEVERE, bare
from orr.evidence.checks.incidents.tables import Records, head_of, read_csv, read_json, read_yaml
from orr.evidence.checks.incidents.times import read_minutes
from orr.evidence.checks.incidents.tools import no_incident
from orr.evidence.context import Context
from orr.evidence.documents.formats import naming_others, other_format, seen_in
from orr.evidence.documents.pages import is_beside
from orr.evidence.documents.reading import markdown
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Expects, Globs, Refused, Texts
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.sentences import beside_unread, clauses, in_short, nothing_matches
from orr.messages import Message, Said, say
from orr.model.fields import Before, Days, Within
from orr.model.finding import Finding, Outcome, Table

MAX_BYTES = 5_000_000
MAX_FILES = 1_000
MAX_ROWS = 200

READS = ("Markdown", "CSV", "JSON", "YAML", "PagerDuty incidents", "Statuspage")
_TEMPLATE = re.compile(r"_*templates?[-_ .].*", re.IGNORECASE)
_FEED = re.compile(r"\s*(?:<\?xml.*?\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE | re.DOTALL)
_JSON = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[{\]])")
_BOUNDS = ("median_detect", "worst_detect", "median_recover", "worst_recover")
_ASKED = (*_BOUNDS, "overdue", "analysis_within", "same_cause")


def _minutes(value: object) -> float:
    # A limit is exact, whatever "about 4h" in a record may count as.
    minutes = read_minutes(value) if isinstance(value, str) and value[:1].isdigit() else None
    if minutes is None:
        raise Refused(say("incidents.expects.wrong", value=str(value)[:60]), say("incidents.expects.do"))
    return minutes


Span = Annotated[
    float,
    Before(_minutes, {"type": "string", "pattern": r"^(\d+(\.\d+)?\s*[a-z]+\s*)+$"}),
    Expects(say("incidents.expects.span")),
]
"""A span of time such as `30m` or `4h`, in minutes."""

Allowed = Annotated[int, Within(ge=0), Expects(say("results.expects.allowed"))]
"""A whole number from zero."""


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    if not any(key in given for key in _ASKED):
        yield "check", say("incidents.nothing-asked"), say("incidents.nothing-asked.do", keys=list(_ASKED))
    if "baseline" in given and not ("within" in given and any(key in given for key in _BOUNDS)):
        yield "baseline", say("incidents.needs-within"), say("incidents.needs-within.do")


@check(verify=_verify, day="until")
def incidents(
    context: Context,
    path: Globs,
    within: Days | None = None,
    at_least: Count = 1,
    none: bool = False,
    leave_out: Texts | None = None,
    median_detect: Span | None = None,
    worst_detect: Span | None = None,
    median_recover: Span | None = None,
    worst_recover: Span | None = None,
    baseline: Days | None = None,
    worse_by: Allowed = 0,
    overdue: Allowed | None = None,
    severe: Texts | None = None,
    analysis_within: Days | None = None,
    same_cause: Count | None = None,
) -> Finding:
    """Read incidents: times to detect and recover, follow-ups, analyses, causes."""
    found = context.find(path)
    if not found.files and not found.refused:
        return nothing_matches("incidents.no-file", path, found)
    if len(found.files) > MAX_FILES:
        raise Undetermined(
            say("incidents.too-many-files", n=len(found.files), limit=MAX_FILES, patterns=in_short(path))
        )
    read = context.cached(("incidents", tuple(path)), lambda: _read_all(context, found.files))
    refused = [say("evidence.ground.refused", path=one, why=why) for one, why in sorted(found.refused.items())]
    left_out = {bare(word) for word in leave_out or ()}
    every = [one for one in read.incidents if bare(one.severity) not in left_out]
    asked = Asked(
        within,
        at_least,
        none,
        (median_detect, median_recover),
        (worst_detect, worst_recover),
        baseline,
        worse_by,
        overdue,
        analysis_within,
        frozenset(bare(word) for word in severe or SEVERE),
        same_cause,
    )
    answer = judge(every, read.loose, asked, context.today, context.timezone)
    unread = [(Outcome.UNKNOWN, why) for why in (*refused, *read.faults)]
    answer.bad = [*unread, *answer.bad]
    if not every and not read.loose:
        if unread:  # how many there are is not known
            return Finding("", Outcome.UNKNOWN, beside_unread(None, [why for _, why in unread]))
        if read.aside:  # what it holds is not read, and may be incidents
            answer.bad = [(Outcome.UNKNOWN, read.aside[0])]
        elif not none:
            answer.bad = [(Outcome.UNKNOWN, say("incidents.nothing-recorded"))]
    files = say("incidents.files", n=len(found.files), path=found.files[0] if found.files else path[0])
    table = _table(answer.window, context)
    picture = spans_drawn(answer.window, every, asked, context.today)
    if answer.bad:
        says = say("incidents.bad", files=files, bad=clauses(answer.worst[:4]))
        return Finding("", answer.outcome, says, table=table, picture=picture)
    until = holds_until(every, read.loose, asked, context.today, context.timezone)
    says = say("incidents.good", files=files, n=len(answer.window), good=clauses(answer.good))
    return Finding("", Outcome.MET, says, until, table=table, picture=picture)


class _Read:
    """Content of the files: incidents, follow-ups, what is unreadable, and what is no incident."""

    def __init__(self) -> None:
        self.incidents: list[Incident] = []
        self.loose: list[FollowUp] = []
        self.faults: list[Message] = []
        self.aside: list[Message] = []


def _read_all(context: Context, paths: Sequence[str]) -> _Read:
    read = _Read()
    apart: list[tuple[str, FollowUp]] = []
    for path in (one for one in paths if not is_beside(one)):
        try:
            records = _read_one(context, path)
        except Undetermined as cannot:
            read.faults.append(say("evidence.said", words=cannot.why))
            continue
        if records.none:
            read.aside.append(say(f"incidents.only-{records.none}", path=path))
        if not (_TEMPLATE.fullmatch(posixpath.basename(path)) and all(_is_blank(one) for one in records.incidents)):
            _add(read, records)
        read.faults += records.faults
        apart += records.follow_ups
    by_id = {one.id.casefold(): one for one in read.incidents}
    for owner, follow_up in apart:
        incident = by_id.get(owner.casefold())
        (incident.follow_ups if incident else read.loose).append(follow_up)
    for one in read.incidents:
        one.analysis = _checked(context, one)
    return read


def _read_one(context: Context, path: str) -> Records:
    with naming_others(context, path, READS):
        text = context.text(path, MAX_BYTES)
        if _JSON.match(text[:1000]):
            return read_json(text, path, context.timezone)
        if _FEED.match(text[:1000]):
            return Records(none="feed")
        if path.lower().endswith((".yml", ".yaml")):
            return read_yaml(text, path, context.timezone)
        if path.lower().endswith((".csv", ".tsv")) or head_of(text) is not None:
            return read_csv(text, path, context.timezone)
        if none := no_incident(markdown(text, path).front.values):
            return Records(none=none)
        incident = read_incident(text, path, context.timezone)
    seen = seen_in(context, path, READS) if incident.day is None else None
    if seen is not None:
        raise other_format(path, seen, READS)
    return Records([incident])


def _is_blank(one: Incident) -> bool:
    """Whether nothing tells when it was, as in a template."""
    return one.day is None and one.to_recover is None


def _add(read: _Read, records: Records) -> None:
    """Add the content of a file, merging an incident listed twice."""
    known = {one.id.casefold(): one for one in read.incidents}
    for one in records.incidents:
        same = known.get(one.id.casefold())
        if same is None:
            read.incidents.append(one)
            continue
        for name in ("severity", "cause", "analysis", "started", "detected", "recovered", "to_detect", "to_recover"):
            if not getattr(same, name) and getattr(one, name):
                setattr(same, name, getattr(one, name))
        measure(same)
        same.day = same.day or one.day
        same.over |= one.over
        same.follow_ups += one.follow_ups
        same.doubts |= one.doubts


def _checked(context: Context, one: Incident) -> str:
    """Where the analysis is: an address, or a file that is there; else empty."""
    if re.match(r"https?://\S+$", one.analysis):
        return one.analysis
    for place in (one.analysis, posixpath.join(posixpath.dirname(one.path.partition("[")[0]), one.analysis)):
        normal = posixpath.normpath(place) if one.analysis else ""
        if normal and context.has(normal) and normal not in context.reader.tree.folders:
            return normal
    return ""


def _table(window: Sequence[Incident], context: Context) -> Table | None:
    if not window:
        return None
    newest = sorted(window, key=lambda one: (-(one.day or context.today).toordinal(), one.id))
    columns = ("incident", "day", "severity", "detect", "recover", "cause", "analysis", "overdue", "place")
    rows = tuple(_row(one, context) for one in newest[:MAX_ROWS])
    return Table(tuple(say(f"incidents.column.{name}") for name in columns), rows)


def _row(one: Incident, context: Context) -> tuple[Said, ...]:
    return (
        one.id,
        one.day.isoformat() if one.day else "",
        one.severity,
        "–" if one.to_detect is None else span_in_words(one.to_detect),
        "–" if one.to_recover is None else span_in_words(one.to_recover),
        one.cause,
        one.analysis or "–",
        str(len(overdue_of(one.follow_ups, context.today))),
        one.place,
    )
