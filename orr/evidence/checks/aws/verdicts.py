"""Turn the rows of a recipe and a bound into a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple

from orr.evidence.checks.aws.expressions import value_of
from orr.evidence.checks.aws.recipes import Recipe
from orr.evidence.checks.aws.steps import Row, Seen
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.live.functions import moment_of
from orr.messages import Message, Said, say
from orr.model.finding import Finding, Outcome, Table
from orr.model.release import Subject, SubjectKind, is_commit
from orr.source.dates import after, day_in

MAX_NAMED = 5
MAX_CELL = 120


@dataclass(frozen=True)
class Bound:
    """Bound of the item, else that of the recipe.

    Attributes
    ----------
    at_least
        How many good rows there must be in each region of each account; None where there may be none at all.
    at_most
        How many rows may not be good, all of them together; None if nothing says so.
    newest_within, none_older_than
        How old the newest row, or any, may be.
    """

    at_least: int | None = 1
    at_most: int | None = None
    newest_within: int | None = None
    none_older_than: int | None = None


class Place(NamedTuple):
    """Account and region that was queried; no region for a whole account."""

    account: str
    region: str


@dataclass
class _Judged:
    place: Place
    outcome: Outcome
    cells: list[str]
    day: date | None = None
    undated: bool = False
    why: Said | None = None
    subjects: tuple[Subject, ...] = ()

    @property
    def name(self) -> str:
        return self.cells[0]


@dataclass
class _Sum:
    judged: list[_Judged] = field(default_factory=list)

    def of(self, outcome: Outcome) -> list[_Judged]:
        return [one for one in self.judged if one.outcome is outcome]


def judge(
    recipe: Recipe,
    title: Said,
    seen: Sequence[Seen],
    silent: Sequence[tuple[Place, Said]],
    bound: Bound,
    context: Context,
) -> Finding:
    """Judge all rows.

    Parameters
    ----------
    recipe, title
        What was asked, and its name.
    seen
        What each region of each account showed.
    silent
        Those that did not tell, with the cause.
    bound
        How many, and how old.
    context
        What the check was given.
    """
    total = _Sum([_judge(recipe, row, one, context) for one in seen for row in one.rows])
    finding = _finding(recipe, title, seen, silent, bound, context, total)
    subjects = tuple(subject for one in total.judged for subject in one.subjects)
    return replace(finding, table=_table(recipe, total), subjects=subjects)


def _where(recipe: Recipe, places: Sequence[Place]) -> Message:
    """The accounts and the regions, in words."""
    accounts = list(dict.fromkeys(one.account for one in places))
    regions = list(dict.fromkeys(one.region for one in places if one.region))
    once = recipe.home in ("any", "global")
    key = "aws.where-global" if once or not regions else "aws.where"
    return say(key, n=len(accounts), accounts=accounts, regions=regions)


def _judge(recipe: Recipe, row: Row, seen: Seen, context: Context) -> _Judged:
    scope = {**row, "using": seen.using}
    cells = [_cell(expression, scope) for expression in recipe.columns.values()]
    cells[0] = cells[0] or _first_text(row)
    judged = _Judged(Place(seen.account, seen.region), Outcome.MET, cells)
    judged.subjects = tuple(_subjects(recipe, scope, judged))
    if row.get("absent"):
        judged.outcome, judged.why = Outcome.NOT_MET, say("aws.absent")
        return judged
    if row.get("empty"):
        judged.outcome, judged.why = Outcome.UNKNOWN, say("aws.empty")
        return judged
    try:
        if recipe.unknown is not None and value_of(recipe.unknown, scope):
            judged.outcome, judged.why = Outcome.UNKNOWN, say("aws.no-data")
        elif recipe.findings or (recipe.good is not None and not value_of(recipe.good, scope)):
            judged.outcome = Outcome.NOT_MET
        if recipe.dated is not None:
            moment = moment_of(value_of(recipe.dated, scope))
            judged.undated = moment is None
            judged.day = day_in(moment, context.timezone) if moment is not None else None
    except Undetermined as cannot:
        judged.outcome, judged.why = Outcome.UNKNOWN, cannot.why
    return judged


def _subjects(recipe: Recipe, scope: Row, judged: _Judged) -> Iterator[Subject]:
    """Subjects of a row.

    A version of a source that is no commit, such as that of a file in S3, is none.
    """
    for kind, expression in recipe.subjects.items():
        value = _cell(expression, scope)
        if value and (kind is not SubjectKind.COMMIT or is_commit(value)):
            yield Subject(kind, value, say("aws.row", title=recipe.title, name=judged.name))


def _finding(
    recipe: Recipe,
    title: Said,
    seen: Sequence[Seen],
    silent: Sequence[tuple[Place, Said]],
    bound: Bound,
    context: Context,
    total: _Sum,
) -> Finding:
    places = [Place(one.account, one.region) for one in seen] + [place for place, _ in silent]
    several = len({place.account for place in places}) > 1
    counted = recipe.good is None and not recipe.findings
    bad = total.judged if counted and bound.at_most is not None else total.of(Outcome.NOT_MET)
    good, open_ = total.of(Outcome.MET), total.of(Outcome.UNKNOWN)
    free = counted or recipe.mixed == "met"
    limit = bound.at_most if bound.at_most is not None else None if free else 0
    base = {"title": title, "where": _where(recipe, places)}
    if limit is not None and len(bad) > limit:
        outcome = Outcome.PARTIAL if recipe.mixed == "partial" and good and not counted else Outcome.NOT_MET
        key = "aws.found" if recipe.findings or counted else "aws.bad"
        says = say(key, n=len(bad), of=len(total.judged), limit=limit, names=_names(bad), **base)
        return Finding("", outcome, says)
    if silent:
        causes = [say("aws.region-cause", region=_named(place, several), why=why) for place, why in silent]
        return _unknown(say("aws.untold", why=causes if len(seen) + len(silent) > 1 else silent[0][1], **base))
    if any(one.cut for one in seen):
        return _unknown(say("aws.cut", n=len(total.judged), **base))
    if open_:
        why = open_[0].why or say("aws.no-data")
        return _unknown(say("aws.open", n=len(open_), of=len(total.judged), names=_names(open_), why=why, **base))
    if any(one.nothing or (not one.rows and bound.at_least is not None) for one in seen):
        return Finding("", Outcome.UNKNOWN, say("aws.nothing", **base), nothing=True)
    fewest = min(sum(row.place == (one.account, one.region) for row in good) for one in seen)
    if bound.at_least is not None and fewest < bound.at_least:
        return Finding("", Outcome.NOT_MET, say("aws.too-few", n=fewest, limit=bound.at_least, **base))
    return _aged(recipe, base, bound, context, total, good)


def _aged(
    recipe: Recipe, base: dict[str, Any], bound: Bound, context: Context, total: _Sum, good: Sequence[_Judged]
) -> Finding:
    none = recipe.findings or not good
    figures = say("aws.none", **base) if none else say("aws.good", n=len(good), names=_names(good), **base)
    if recipe.findings and total.judged:
        figures = say("aws.few", n=len(total.judged), limit=bound.at_most, names=_names(total.judged), **base)
    if bound.newest_within is None and bound.none_older_than is None:
        return Finding("", Outcome.MET, figures)
    undated = [one for one in good if one.day is None]
    if bound.none_older_than is not None and undated:
        return _unknown(say("aws.undated", names=_names(undated), **base))
    dated = sorted((one for one in good if one.day is not None), key=lambda one: one.day or date.min)
    if not dated:
        return _unknown(say("aws.undated", names=_names(good), **base))
    ends = []
    if bound.newest_within is not None:
        # A region where the newest is old is not excused by another.
        newest = {one.place: one for one in dated}
        ends += [(after(one.day, bound.newest_within), one) for one in newest.values() if one.day is not None]
    if bound.none_older_than is not None and dated[0].day is not None:
        ends.append((after(dated[0].day, bound.none_older_than), dated[0]))
    holds_until, decides = min(ends, key=lambda end: end[0])
    assert decides.day is not None
    if decides.day > context.today:
        return _unknown(say("aws.future", name=decides.name, day=decides.day, **base))
    age = say("evidence.days", n=(context.today - decides.day).days)
    says = say("aws.dated", figures=figures, name=decides.name, day=decides.day, age=age)
    return Finding("", Outcome.MET, says, holds_until)


def _named(place: Place, several: bool) -> Said:
    """A region, with its account where there are several."""
    if not several:
        return place.region
    return say("aws.place", account=place.account, region=place.region) if place.region else place.account


def _unknown(says: Message) -> Finding:
    return Finding("", Outcome.UNKNOWN, says)


def _names(rows: Sequence[_Judged]) -> list[Said]:
    named: list[Said] = [row.name or "—" for row in rows[:MAX_NAMED]]
    return [*named, say("evidence.more", n=len(rows) - MAX_NAMED)] if len(rows) > MAX_NAMED else named


def _cell(expression: str, scope: Row) -> str:
    try:
        value = value_of(expression, scope)
    except Undetermined:
        return ""
    if isinstance(value, list):
        value = ", ".join(str(one) for one in value if isinstance(one, (str, int, float)))
    if value is None or isinstance(value, dict):
        return ""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"


def _first_text(row: Row) -> str:
    return next((value for value in row.values() if isinstance(value, str)), "")


def _table(recipe: Recipe, total: _Sum) -> Table | None:
    if not total.judged:
        return None
    which = [name for name in Place._fields if len({getattr(one.place, name) for one in total.judged}) > 1]
    order = {Outcome.NOT_MET: 0, Outcome.UNKNOWN: 1, Outcome.PARTIAL: 2, Outcome.MET: 3}
    columns: list[Said] = [*recipe.columns, *(say(f"aws.column.{name}") for name in which), say("aws.column.outcome")]
    rows = [
        (*one.cells, *(getattr(one.place, name) for name in which), _judgement(recipe, one))
        for one in sorted(total.judged, key=lambda one: order[one.outcome])
    ]
    return Table(tuple(columns), tuple(rows[:200]))


def _judgement(recipe: Recipe, one: _Judged) -> Said:
    if one.why is not None:
        return one.why
    if recipe.good is None:
        return say("aws.cell.found")
    if recipe.mixed == "met" and one.outcome is Outcome.NOT_MET:
        return say("aws.cell.other")
    return say(f"aws.cell.{one.outcome.value}")
