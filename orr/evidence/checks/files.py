"""The check `files`: how many files match, and how recent they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from orr.evidence.context import Context
from orr.evidence.documents.age import AgeFrom, Dated, file_date, without_date
from orr.evidence.documents.dates import after
from orr.evidence.kinds.parameters import Count, Globs
from orr.evidence.kinds.traits import Refusal, check
from orr.evidence.repository.globs import read_pattern
from orr.evidence.repository.tree import Found
from orr.messages import Message, say
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome, Table

MAX_NAMED = 3
MAX_ROWS = 200


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    if not given.get("paths") and not given.get("forbidden"):
        yield "check", say("evidence.files.nothing-asked"), say("evidence.files.nothing-asked.do")
    if not given.get("paths"):
        for key in ("at_least", "at_most", "none_older_than", "newest_within"):
            if key in given:
                yield key, say("evidence.files.needs-paths", key=key), say("evidence.files.needs-paths.do", key=key)
    if "age_from" in given and not {"none_older_than", "newest_within"} & set(given):
        yield "age_from", say("evidence.files.needs-age"), say("evidence.files.needs-age.do")
    most = given.get("at_most")
    if most is not None and most < given.get("at_least", 1):
        yield "at_most", say("evidence.files.bounds"), say("evidence.files.bounds.do")


@check(
    verify=_verify,
    day="until",
    ages=("none_older_than", "newest_within"),
    git=("forbidden", "none_older_than", "newest_within"),
)
def files(
    context: Context,
    paths: Globs | None = None,
    at_least: Count = 1,
    at_most: Count | None = None,
    none_older_than: Days | None = None,
    newest_within: Days | None = None,
    age_from: AgeFrom = "either",
    forbidden: Globs | None = None,
) -> Finding:
    """Look for files, their number and their age."""
    if forbidden:
        bad = _forbidden(context, forbidden)
        if bad is not None:
            return bad
    if not paths:
        return Finding("", Outcome.MET, say("evidence.files.none-forbidden", patterns=forbidden or []))
    found = context.find(paths)
    shortage = _count(found, paths, at_least, at_most)
    if shortage is not None:
        return shortage
    if none_older_than is None and newest_within is None:
        return Finding("", Outcome.MET, _counted(found, paths), table=_listed(found))
    return _fresh(context, found, paths, at_least, none_older_than, newest_within, age_from)


def _forbidden(context: Context, patterns: Sequence[str]) -> Finding | None:
    tracked = context.tracked()
    if tracked is not None:
        read = [read_pattern(pattern) for pattern in patterns]
        hits = sorted(path for path in tracked if any(pattern.matches(path) for pattern in read))
        hidden: Mapping[str, Message] = {}
    else:
        if not context.reader.tree.files:
            return Finding("", Outcome.UNKNOWN, say("evidence.files.empty"))
        found = context.find(patterns)
        read = [read_pattern(pattern) for pattern in patterns]
        named = [path for path in found.refused if any(pattern.matches(path) for pattern in read)]
        hits, hidden = sorted({*found.files, *named}), found.refused
    if hits:
        says = say("evidence.files.forbidden", n=len(hits), files=_some(hits), patterns=list(patterns))
        return Finding("", Outcome.NOT_MET, says)
    if hidden:
        path, why = next(iter(sorted(hidden.items())))
        return Finding("", Outcome.UNKNOWN, say("evidence.ground.refused", path=path, why=why))
    return None


def _count(found: Found, patterns: Sequence[str], at_least: int, at_most: int | None) -> Finding | None:
    number = len(found.files)
    if at_most is not None and number > at_most:
        says = say(
            "evidence.files.too-many", n=number, limit=at_most, files=_some(found.files), patterns=list(patterns)
        )
        return Finding("", Outcome.NOT_MET, says, table=_listed(found))
    # What must not be read may be one file or many: it matters where the number hangs on it.
    if found.refused and (number < at_least or at_most is not None):
        path, why = next(iter(sorted(found.refused.items())))
        return Finding("", Outcome.UNKNOWN, say("evidence.ground.refused", path=path, why=why))
    if number == 0:
        return Finding("", Outcome.NOT_MET, say("evidence.files.none", patterns=list(patterns)))
    if number < at_least:
        says = say(
            "evidence.files.too-few", n=number, limit=at_least, files=_some(found.files), patterns=list(patterns)
        )
        return Finding("", Outcome.NOT_MET, says, table=_listed(found))
    return None


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
            path, why = next(iter(sorted(found.refused.items())))
            return Finding("", Outcome.UNKNOWN, say("evidence.ground.refused", path=path, why=why), table=table)
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
        patterns=list(patterns),
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
    says = say("evidence.files.undated", n=len(paths), files=_some(paths))
    return Finding("", Outcome.UNKNOWN, without_date(context, says), table=table)


def _future(one: Dated, table: Table | None) -> Finding:
    says = say("evidence.files.future", file=one.path, day=one.day, source=one.source)
    return Finding("", Outcome.NOT_MET, says, table=table)


def _counted(found: Found, patterns: Sequence[str]) -> Message:
    return say("evidence.files.counted", n=len(found.files), files=_some(found.files), patterns=list(patterns))


def _some(paths: Sequence[str]) -> list[Any]:
    if len(paths) <= MAX_NAMED:
        return list(paths)
    return [*paths[:MAX_NAMED], say("evidence.more", n=len(paths) - MAX_NAMED)]


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
