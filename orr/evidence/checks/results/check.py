"""The check `results`: what other tools found, bounded by severity and age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any, Literal

from orr.evidence.checks.results.detect import TITLES, Name, read_report
from orr.evidence.checks.results.model import UNDECIDED, Report, Result, Severity, Status, earliest, named
from orr.evidence.context import Context
from orr.evidence.documents.age import file_date, without_date
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Expects, Globs
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.repository.tree import Found
from orr.evidence.sentences import clauses, in_short, nothing_matches
from orr.evidence.subjects.reading import subjects_of_files
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.fields import Days, Within
from orr.model.finding import Finding, Outcome, Table
from orr.model.picture import Bars
from orr.source.dates import after

MAX_NAMED = 3
MAX_ROWS = 200
MAX_FILES = 200

Bounds = Annotated[
    dict[Literal["critical", "high", "medium", "low", "info", "unrated"], Annotated[int, Within(ge=0)]],
    Expects(say("results.expects.bounds")),
]
"""How many findings of each severity there may be."""

Allowed = Annotated[int, Within(ge=0), Expects(say("results.expects.allowed"))]
"""A whole number from zero."""

Score = Annotated[int, Within(ge=1, le=10), Expects(say("results.expects.score"))]
"""A score of OpenSSF Scorecard."""

Names = Annotated[list[Name], Within(min_length=1), Expects(say("results.expects.formats", formats=list(TITLES)))]
"""Formats of result files."""


@dataclass
class _Read:
    """A file that was read: its report, or why it cannot be."""

    path: str
    report: Report | None = None
    why: Message | None = None
    ran: date | None = None
    source: Said = ""
    doubts: list[Message] = field(default_factory=list)

    @property
    def results(self) -> tuple[Result, ...]:
        return self.report.results if self.report else ()


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    if given.get("at_most") == {}:
        yield "at_most", say("results.no-bounds"), say("results.no-bounds.do")


@check(at_once=2, verify=_verify, day="until", git=True)
def results(
    context: Context,
    path: Globs,
    at_most: Bounds | None = None,
    undecided: Allowed = 0,
    at_least: Count = 1,
    none_older_than: Days | None = None,
    formats: Names | None = None,
    score: Score = 10,
    empty: bool = False,
    attested: bool = False,
) -> Finding:
    """Read other tools' results: findings by severity, what was left undecided, and age."""
    found = context.find(path)
    finding = _judged(
        context, found, path, at_most, undecided, at_least, none_older_than, formats, score, empty, attested
    )
    return replace(finding, subjects=subjects_of_files(context, found.files[:MAX_FILES]))


def _judged(
    context: Context,
    found: Found,
    path: list[str],
    at_most: Mapping[Any, int] | None,
    undecided: int,
    at_least: int,
    none_older_than: int | None,
    formats: list[Name] | None,
    score: int,
    empty: bool,
    attested: bool,
) -> Finding:
    if not found.files and not found.refused:
        return nothing_matches("results.none", path, found)
    if len(found.files) > MAX_FILES:
        raise Undetermined(say("results.too-many-files", n=len(found.files), limit=MAX_FILES, patterns=in_short(path)))
    read = [_read(context, one, score, formats or [], empty, none_older_than is not None) for one in found.files]
    for one, why in sorted(found.refused.items()):
        read.append(_Read(one, why=say("evidence.ground.refused", path=one, why=why)))
    made = _finding(read, _bounds(at_most), context.today, undecided, at_least, none_older_than, attested=attested)
    texts = named(one for part in read for one in part.results)
    return replace(made, content=tuple(Content.of(*text) for text in texts.items()))


def _finding(
    read: list[_Read],
    bounds: Mapping[Severity, int | None],
    today: date,
    undecided: int,
    at_least: int,
    none_older_than: int | None,
    *,
    attested: bool,
) -> Finding:
    table = _table(read, today)
    figures = _figures(read, today)
    over = _over(read, bounds, today)
    if over:
        says = say("results.over", files=_files(read), over=clauses(over), figures=figures)
        return Finding("", Outcome.NOT_MET, says, table=table, picture=_picture(read, bounds))
    bad = next((one for one in read if one.ran is not None and one.ran > today), None)
    if none_older_than is not None and bad is not None:
        says = say("results.future", path=bad.path, day=bad.ran, source=bad.source)
        return Finding("", Outcome.NOT_MET, says, table=table)
    decided = sum(one.is_finding or one.status is Status.PASSED for part in read for one in part.results)
    decided += sum(part.report.more_passed for part in read if part.report)
    words = [(part, one) for part in read for one in part.results if one.attestation and one.status is Status.PASSED]
    left = [(part, one) for part in read for one in part.results if one.status in UNDECIDED and not one.is_finding]
    inconclusive = sum(one.status is Status.INCONCLUSIVE for _, one in left)
    unread = _unread(read)
    doubts = [*unread, *_errors(read)]
    # What a tool left out is known to be left out; what it could not decide may be anything.
    if len(left) > undecided and (not decided or inconclusive > undecided):
        doubts.append(_undecided(left, undecided))
    if doubts:
        # What cannot be read names its file itself.
        key = "results.unread" if unread else "results.doubt"
        says = say(key, files=_files(read), doubts=clauses(doubts[:MAX_NAMED]), figures=figures)
        return Finding("", Outcome.UNKNOWN, says, table=table)
    # Files that list nothing prove as much as one result, where the item says that they may be empty.
    if decided < at_least and (
        decided or at_least > 1 or not all(part.report and part.report.is_bare for part in read)
    ):
        outcome = Outcome.NOT_MET if decided else Outcome.UNKNOWN
        says = say("results.too-few", files=_files(read), n=decided, limit=at_least, figures=figures)
        return Finding("", outcome, says, table=table)
    lacking = [_undecided(left, undecided)] if len(left) > undecided else []
    lacking += [_attested(words)] if words and not attested else []
    if lacking:
        says = say("results.partly", files=_files(read), left=clauses(lacking), figures=figures)
        return Finding("", Outcome.PARTIAL, says, table=table, picture=_picture(read, bounds))
    return _good(read, figures, none_older_than, table, _picture(read, bounds))


def _read(context: Context, path: str, least: int, formats: list[Name], empty: bool, with_age: bool) -> _Read:
    read = _Read(path)
    try:
        read.report = report = read_report(context, path, least, formats).as_of(context.today)
    except Undetermined as cannot:
        read.why = cannot.why if isinstance(cannot.why, Message) else say("evidence.said", words=cannot.why)
        return read
    if formats and report.format not in formats:
        wanted = [TITLES[name] for name in formats]
        read.doubts.append(say("results.other-format", path=path, format=TITLES[report.format], formats=wanted))
    read.doubts += [say("results.trouble", path=path, why=one) for one in report.trouble]
    if not empty:
        read.doubts += [say("results.trouble", path=path, why=one) for one in report.bare]
        if report.is_bare and not report.bare:
            read.doubts.append(say("results.no-result", path=path, format=TITLES[report.format]))
    read.ran, read.source = report.ran, say("results.age.own")
    if with_age and read.ran is None:
        other = file_date(context, path)
        read.ran, read.source = other.day, other.source
        if read.ran is None:
            read.doubts.append(without_date(context, [path], "results.undated", path=path))
    return read


def _bounds(at_most: Mapping[Any, int] | None) -> dict[Severity, int | None]:
    """The bound of every severity; None where there is none.

    What is worse than a severity that has a bound is bounded by zero unless it is named,
    and so is what nobody rated.
    """
    if at_most is None:
        return dict.fromkeys(Severity, 0)
    bounds: dict[Severity, int | None] = {}
    below = False
    for severity in reversed(Severity):
        below = below or severity.value in at_most
        bounds[severity] = at_most.get(severity.value, 0 if below or severity is Severity.UNRATED else None)
    return bounds


def _over(read: Iterable[_Read], bounds: Mapping[Severity, int | None], today: date) -> list[Message]:
    over = []
    for severity in Severity:
        limit = bounds[severity]
        hits = [(part, one) for part in read for one in part.results if one.is_finding and one.severity is severity]
        if limit is not None and len(hits) > limit:
            shown: list[Said] = [_named(part.path, one, today) for part, one in hits[:MAX_NAMED]]
            if len(hits) > MAX_NAMED:
                shown.append(say("evidence.more", n=len(hits) - MAX_NAMED))
            over.append(say(f"results.over.{severity.value}", n=len(hits), limit=limit, shown=shown))
    return over


def _named(path: str, one: Result, today: date | None = None) -> Message:
    place = f"{path}:{one.line}" if one.line else one.where or path
    words = say("results.named", id=one.id if len(one.id) <= 80 else one.id[:79] + "…", place=place)
    if one.attestation is not None and one.status is Status.NOT_REVIEWED:
        by, until = one.attestation.by, one.attestation.until
        return (
            say("results.named.word", named=words, by=by)
            if until is None
            else say("results.named.word-over", named=words, by=by, day=until)
        )
    if one.waiver is None or today is None:
        return words
    if one.waiver.in_force(today):
        return say("results.named.waived", named=words)
    if one.waiver.expires is not None and one.waiver.expires < today:
        return say("results.named.waiver-over", named=words, day=one.waiver.expires)
    return say("results.named.not-waived", named=words)


def _unread(read: Iterable[_Read]) -> list[Message]:
    return [why for one in read for why in ([one.why] if one.why else one.doubts)]


def _errors(read: Iterable[_Read]) -> list[Message]:
    errors = [(part, one) for part in read for one in part.results if one.status is Status.ERROR]
    return [say("results.errors", n=len(errors), first=_named(errors[0][0].path, errors[0][1]))] if errors else []


def _undecided(left: list[tuple[_Read, Result]], allowed: int) -> Message:
    part, one = left[0]
    return say("results.undecided", n=len(left), limit=allowed, first=_named(part.path, one))


def _attested(words: list[tuple[_Read, Result]]) -> Message:
    part, one = words[0]
    assert one.attestation is not None
    by, until = one.attestation.by, one.attestation.until
    return say("results.attested", n=len(words), first=_named(part.path, one), by=by, day=until)


def _good(
    read: list[_Read], figures: list[Message], none_older_than: int | None, table: Table | None, picture: Bars | None
) -> Finding:
    ends = [part.report.expires for part in read if part.report]
    ends += [one.attestation.until for part in read for one in part.results if one.attestation]
    figures = figures or [say("results.count.nothing")]
    says = say("results.good", files=_files(read), figures=figures)
    if none_older_than is not None:
        oldest = min((part for part in read if part.ran is not None), key=lambda part: part.ran or date.max)
        assert oldest.ran is not None
        ends.append(after(oldest.ran, none_older_than))
        key = "results.good-dated" if len(read) == 1 else "results.good-of"
        says = say(key, good=says, path=oldest.path, day=oldest.ran, source=oldest.source)
    return Finding("", Outcome.MET, says, earliest(ends), table=table, picture=picture)


def _files(read: list[_Read]) -> Message:
    named = {TITLES[part.report.format]: True for part in read if part.report}
    tools = {part.report.tool: True for part in read if part.report and part.report.tool}
    shown = list(tools or named)[:MAX_NAMED]
    if len(read) > 1:
        return say("results.files", n=len(read), path=read[0].path, tools=shown or ["?"])
    return say("results.file", path=read[0].path, tools=shown) if shown else say("results.file-only", path=read[0].path)


def _figures(read: Iterable[_Read], today: date) -> list[Message]:
    counts: dict[str, int] = {}
    waived = 0
    for part in read:
        if part.report and part.report.more_passed:
            counts["passed"] = counts.get("passed", 0) + part.report.more_passed
        for one in part.results:
            name = one.severity.value if one.is_finding else one.status.value
            name = "attested" if name == "passed" and one.attestation else name
            counts[name] = counts.get(name, 0) + 1
            waived += one.is_finding and one.waiver is not None and one.waiver.in_force(today)
    order = [
        "passed",
        "attested",
        *(one.value for one in Severity),
        *(one.value for one in Status if one is not Status.PASSED),
    ]
    figures = [say(f"results.count.{name}", n=counts[name]) for name in order if name in counts]
    if waived:
        figures.append(say("results.count.waived", n=waived))
    return figures


def _picture(read: list[_Read], bounds: Mapping[Severity, int | None]) -> Bars | None:
    """How many findings of each severity; a single one needs no picture."""
    bars: list[tuple[Said, float, Said]] = []
    for severity in Severity:
        n = sum(one.is_finding and one.severity is severity for part in read for one in part.results)
        limit = bounds[severity]
        if n:
            words = say("results.bar", n=n) if limit is None else say("results.bar-of", count=n, limit=limit)
            bars.append((say(f"results.severity.{severity.value}"), n, words))
    return Bars(say("results.picture"), tuple(bars)) if len(bars) > 1 else None


def _table(read: list[_Read], today: date) -> Table | None:
    severities, statuses = list(Severity), list(Status)
    shown = [
        (part, one)
        for part in read
        for one in part.results
        if one.status is not Status.PASSED or one.waiver or one.attestation
    ]
    shown.sort(
        key=lambda row: (
            not row[1].is_finding,
            severities.index(row[1].severity),
            statuses.index(row[1].status),
            row[0].path,
            row[1].id,
        )
    )
    if not shown:
        return None
    rows = tuple(_row(part.path, one, today) for part, one in shown[:MAX_ROWS])
    columns = ("finding", "severity", "status", "where", "waiver", "file")
    return Table(tuple(say(f"results.column.{name}") for name in columns), rows)


def _row(path: str, one: Result, today: date) -> tuple[Said, ...]:
    waiver: Said = ""
    if one.waiver is not None:
        waiver = one.waiver.reason
        if not one.waiver.in_force(today):
            waiver = say("results.waiver-void", reason=waiver)
        elif one.waiver.expires is not None:
            waiver = say("results.waiver-until", reason=waiver, day=one.waiver.expires)
    elif one.attestation is not None:
        by, until = one.attestation.by, one.attestation.until
        waiver = say("results.attested-by", by=by) if until is None else say("results.attested-until", by=by, day=until)
    return (
        one.id,
        say(f"results.severity.{one.severity.value}"),
        say(f"results.status.{one.status.value}"),
        one.where,
        waiver,
        f"{path}:{one.line}" if one.line else path,
    )
