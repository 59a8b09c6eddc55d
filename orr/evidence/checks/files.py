"""The check `files`: how many files match, and how recent they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Annotated, Any

from orr.evidence.checks.contents import Sort, lacking
from orr.evidence.checks.contents.forbidden import clean, forbidden_in
from orr.evidence.checks.contents.listing import MAX_ROWS, rows, some
from orr.evidence.checks.document.demands import Has, in_words
from orr.evidence.context import Context
from orr.evidence.documents.age import AgeFrom, Dated, file_date, without_date
from orr.evidence.documents.facts import facts_of
from orr.evidence.documents.reading import is_document
from orr.evidence.documents.substance import lacking as lacking_kinds
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Expects, Globs, Refused
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.repository.globs import BadPattern, read_pattern
from orr.evidence.repository.tree import Found
from orr.evidence.sentences import in_short, nothing_matches
from orr.evidence.subjects.reading import subjects_of_files
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.fields import After, Days
from orr.model.finding import Finding, Outcome, Table
from orr.source.dates import after

MAX_BLANK = 1_000


def _exemptions(given: list[dict[str, str]]) -> list[dict[str, str]]:
    for one in given:
        path, reason = one.get("path", ""), one.get("reason", "").strip()
        try:
            pattern = read_pattern(path)
        except BadPattern:
            pattern = None
        if set(one) != {"path", "reason"} or not reason or pattern is None or set(pattern.segments[0]) & set("*?["):
            raise Refused(say("evidence.files.except"), say("evidence.files.except.do"))
    return given


Exemptions = Annotated[list[dict[str, str]], After(_exemptions), Expects(say("evidence.expects.exemptions"))]
"""Files that are left out, each with `path` and `reason`."""


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    looks = given.get("forbidden") or given.get("secrets")
    if not given.get("paths") and not looks:
        yield "check", say("evidence.files.nothing-asked"), say("evidence.files.nothing-asked.do")
    if not given.get("paths"):
        for key in ("at_least", "at_most", "none_older_than", "newest_within", "content", "has"):
            if key in given:
                yield key, say("evidence.files.needs-paths", key=key), say("evidence.files.needs-paths.do", key=key)
    if "age_from" in given and not {"none_older_than", "newest_within"} & set(given):
        yield "age_from", say("evidence.files.needs-age"), say("evidence.files.needs-age.do")
    if given.get("except_") and not looks:
        yield "except", say("evidence.files.needs-forbidden"), say("evidence.files.needs-forbidden.do")
    most = given.get("at_most")
    if most is not None and most < given.get("at_least", 1):
        yield "at_most", say("evidence.files.bounds"), say("evidence.files.bounds.do")


@check(
    verify=_verify,
    day="until",
    ages=("none_older_than", "newest_within"),
    git=("forbidden", "none_older_than", "newest_within"),
    movable=("paths",),
    fixed_by=("at_most", "none_older_than", "forbidden", "secrets"),
)
def files(
    context: Context,
    paths: Globs | None = None,
    at_least: Count = 1,
    at_most: Count | None = None,
    none_older_than: Days | None = None,
    newest_within: Days | None = None,
    age_from: AgeFrom = "either",
    content: Sort | None = None,
    has: Has | None = None,
    forbidden: Globs | None = None,
    secrets: bool = False,
    except_: Exemptions | None = None,
) -> Finding:
    """Look for files, their number, their age and what they hold."""
    exempt = [(read_pattern(one["path"]), one["reason"]) for one in except_ or ()]
    if forbidden or secrets:
        bad = forbidden_in(context, forbidden or [], secrets, [pattern for pattern, _ in exempt])
        if bad is not None:
            return bad
    if not paths:
        return Finding("", Outcome.MET, clean(forbidden or [], secrets, exempt))
    matching = context.find(paths)
    if at_most is not None and len(matching.files) > at_most:
        return _too_many(matching, paths, at_most)
    found, hollow = _weigh(context, matching, content, has or ())
    shortage = _count(found, hollow, paths, at_least, at_most)
    if shortage is not None:
        return shortage
    # What is looked into is decided on; what is only counted, or asked for its age, is measured.
    held = tuple(Content.of(path, context.text(path)) for path in found.files) if content is not None else ()
    if none_older_than is None and newest_within is None:
        finding = Finding("", Outcome.MET, _counted(found, paths), table=_listed(found))
    else:
        finding = _fresh(context, found, paths, at_least, none_older_than, newest_within, age_from)
    # Where the newest are enough, older ones may well be of an earlier release.
    by = "document" if newest_within is None else age_from
    deciding = found.files if none_older_than is not None else _newest(context, found, at_least, by)
    return replace(finding, content=held, subjects=subjects_of_files(context, deciding))


def _newest(context: Context, found: Found, number: int, age_from: AgeFrom) -> Sequence[str]:
    """As many of the files as are asked for, the newest first."""
    if len(found.files) <= number:
        return found.files
    dated = sorted((file_date(context, path, age_from) for path in found.files), key=_newest_first)
    return [one.path for one in dated if one.day is None or one.day <= context.today][:number]


Hollow = Mapping[str, Said]
"""Files that match and prove nothing, with why."""


def _weigh(context: Context, found: Found, content: Sort | None, has: Sequence[str]) -> tuple[Found, Hollow]:
    """Drop empty files and files without the required content, with a sentence for each reason."""
    counted: list[str] = []
    refused = {path: say("evidence.ground.refused", path=path, why=why) for path, why in found.refused.items()}
    hollow: dict[str, Said] = {}
    for path in found.files:
        try:
            why = context.cached(("weighed", path, content, *has), partial(_hollow, context, path, content, has))
        except Undetermined as cannot:
            refused[path] = say("evidence.said", words=cannot.why)
            continue
        if why is None:
            counted.append(path)
        else:
            hollow[path] = why
    return Found(tuple(counted), refused, found.aside), hollow


def _hollow(context: Context, path: str, content: Sort | None, has: Sequence[str]) -> Message | None:
    try:
        size = (context.repository / path).stat().st_size
    except OSError:
        size = 0  # reading it says what is wrong
    if size <= MAX_BLANK and not context.read(path).strip():
        return say("contents.empty")
    if has and is_document(path) and (lacks := lacking_kinds(facts_of(context, path).part(), has)):
        return say("evidence.document.without", kinds=in_words(lacks))
    return None if content is None else lacking(context, path, content)


def _too_many(found: Found, patterns: Sequence[str], limit: int) -> Finding:
    says = say(
        "evidence.files.too-many", n=len(found.files), limit=limit, files=some(found.files), patterns=in_short(patterns)
    )
    return Finding("", Outcome.NOT_MET, says, table=_listed(found))


def _count(found: Found, hollow: Hollow, patterns: Sequence[str], at_least: int, at_most: int | None) -> Finding | None:
    number = len(found.files)
    # What must not be read may be one file or many: it matters where the number hangs on it.
    if found.refused and (number < at_least or at_most is not None):
        return Finding("", Outcome.UNKNOWN, found.refused[min(found.refused)])
    if number >= at_least:
        return None
    if number == 0 and not hollow:
        return nothing_matches("evidence.files.none", patterns, found, "paths")
    if number == 0:
        says = say("evidence.files.none", patterns=in_short(patterns))
    else:
        says = say(
            "evidence.files.too-few", n=number, limit=at_least, files=some(found.files), patterns=in_short(patterns)
        )
    if not hollow:
        return Finding("", Outcome.NOT_MET, says, table=_listed(found))
    listed: list[Said] = [say("contents.at", path=path, why=why) for path, why in hollow.items()]
    key = "evidence.files.hollow-only" if number == 0 else "evidence.files.hollow-too"
    says = say(key, says=says, n=len(hollow), files=some(listed))
    return Finding("", Outcome.NOT_MET, says, table=rows(list(hollow.items())))


def _fresh(
    context: Context,
    found: Found,
    patterns: Sequence[str],
    at_least: int,
    none_older_than: int | None,
    newest_within: int | None,
    age_from: AgeFrom,
) -> Finding:
    ages = [file_date(context, path, age_from) for path in found.files]
    known = sorted((one for one in ages if one.day is not None), key=_newest_first)
    table = _table(known, [one for one in ages if one.day is None], context.today)
    future = [one for one in known if one.day is not None and one.day > context.today]
    past = known[len(future) :]
    ageless = [one.path for one in ages if one.day is None]
    ends: list[tuple[date, Dated]] = []
    if none_older_than is not None:
        if future:
            return _future(future[0], table)
        if ageless:
            return _undated(context, ageless, table)
        if found.refused:
            return Finding("", Outcome.UNKNOWN, found.refused[min(found.refused)], table=table)
        ends.append(_end(past[-1], none_older_than))
    if newest_within is not None:
        deciding = past[at_least - 1] if len(past) >= at_least else None
        lapsed = deciding is None or _end(deciding, newest_within)[0] < context.today
        if lapsed and ageless:
            return _undated(context, ageless, table)
        if deciding is None:
            return _future(future[0], table)
        ends.append(_end(deciding, newest_within))
    holds_until, decides = min(ends, key=lambda end: end[0])
    assert decides.day is not None
    says = say(
        "evidence.files.fresh",
        n=len(found.files),
        patterns=in_short(patterns),
        file=decides.path,
        day=decides.day,
        source=decides.source,
        age=say("evidence.days", n=(context.today - decides.day).days),
    )
    return Finding("", Outcome.MET, says, holds_until, table=table)


def _newest_first(one: Dated) -> tuple[int, str]:
    return -(one.day or date.min).toordinal(), one.path


def _end(one: Dated, days: int) -> tuple[date, Dated]:
    assert one.day is not None
    return after(one.day, days), one


def _undated(context: Context, paths: Sequence[str], table: Table | None) -> Finding:
    says = without_date(context, paths, "evidence.files.undated", n=len(paths), files=some(paths))
    return Finding("", Outcome.UNKNOWN, says, table=table)


def _future(one: Dated, table: Table | None) -> Finding:
    says = say("evidence.files.future", file=one.path, day=one.day, source=one.source)
    return Finding("", Outcome.NOT_MET, says, table=table)


def _counted(found: Found, patterns: Sequence[str]) -> Message:
    return say("evidence.files.counted", n=len(found.files), files=some(found.files), patterns=in_short(patterns))


def _listed(found: Found) -> Table | None:
    if len(found.files) <= 1:
        return None
    return Table((say("evidence.column.file"),), tuple((path,) for path in found.files[:MAX_ROWS]))


def _table(known: Sequence[Dated], ageless: Sequence[Dated], today: date) -> Table | None:
    if len(known) + len(ageless) <= 1:
        return None
    rows: list[tuple[Any, ...]] = []
    for one in known:
        assert one.day is not None
        rows.append((one.path, one.day.isoformat(), say("evidence.days", n=(today - one.day).days), one.source))
    rows += [(one.path, "", "", one.source) for one in ageless]
    columns = tuple(say(f"evidence.column.{name}") for name in ("file", "date", "age", "source"))
    return Table(columns, tuple(rows[:MAX_ROWS]))
