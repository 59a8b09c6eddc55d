"""Run the steps of a recipe in one region."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orr.evidence.checks.aws.calls import Answer, ask
from orr.evidence.checks.aws.expressions import value_of
from orr.evidence.checks.aws.recipes import Recipe, Step
from orr.evidence.checks.aws.scope import Scope
from orr.evidence.checks.aws.session import Asker
from orr.evidence.errors import Undetermined
from orr.evidence.live.functions import moment_of
from orr.messages import say

MAX_CALLS = 400
MAX_ROWS = 5_000

Row = dict[str, Any]


@dataclass
class Seen:
    """What one region of an account showed.

    Attributes
    ----------
    account, region
        Their names.
    using
        What expressions over its rows see as `using`.
    rows
        The rows at the end; one with `absent` stands for what was asked for and is not there, one with `empty` for
        what there is nothing to judge of.
    cut
        Whether there is more that was not read.
    nothing
        Whether there was nothing to look at, which is not the same as finding nothing.
    """

    account: str
    region: str
    using: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    cut: bool = False
    nothing: bool = False


def run_steps(recipe: Recipe, steps: Sequence[Step], asker: Asker, scope: Scope, deadline: float) -> Seen:
    """Run steps of a recipe in order, in the account and region filled in.

    Raises
    ------
    Undetermined
        If AWS does not answer one of the calls, or there would be too many of them.
    """
    account, region = scope.values["account"], scope.values["region"]
    using = scope.using()
    seen = Seen(account, region, using)
    rows = _beginning(recipe, scope)
    calls = 0
    for number, step in enumerate(steps):
        following: list[Row] = []
        asked = list(rows[:1] if step.probe else rows)
        for row in asked:
            if row.get("absent") or row.get("empty"):
                following.append(row)
                continue
            calls += 1
            if calls > MAX_CALLS:
                raise Undetermined(say("aws.too-many-calls", limit=MAX_CALLS))
            answer = ask(asker, region, step, _parameters(step, scope, row), deadline)
            seen.cut = seen.cut or answer.cut
            found = _rows(step, answer, row, using)
            if row and not (found or step.probe or step.may_be_none or recipe.findings):
                found = [{**row, "empty": True}]  # what is asked about must not vanish behind others
            following += found
            if step.follow is not None:  # what is found is asked about in turn
                asked += [one for one in found if value_of(step.follow, one)]
        if len(following) > MAX_ROWS:
            seen.cut = True
            del following[MAX_ROWS:]
        if step.probe:
            if not following:
                seen.nothing = True
                return seen
            continue
        rows = following
        if not rows:
            seen.nothing = number < len(steps) - 1 and not step.may_be_none
            return seen
    seen.rows = rows
    return seen


def tagged(row: Mapping[str, Any], where: str, tags: Mapping[str, str]) -> bool:
    """Whether a row has all tags.

    The tags are a mapping, a list of keys and values, or one of several mappings.
    """
    found = value_of(where, row)
    several = [one for one in found if isinstance(one, dict)] if isinstance(found, list) else [found]
    pairs = {one.get("Key", one.get("key")): one.get("Value", one.get("value")) for one in several if one}
    return any(
        all(one.get(key) == value for key, value in tags.items()) for one in [*several, pairs] if isinstance(one, dict)
    )


def _beginning(recipe: Recipe, scope: Scope) -> list[Row]:
    if recipe.over:
        ((name, need),) = recipe.over.items()
        return [{name: value} for value in scope.values[need]]
    return [scope.fill(row, {}) for row in recipe.begin] or [{}]


def _parameters(step: Step, scope: Scope, row: Row) -> Row:
    return without_empty(scope.fill(step.parameters, row))


def without_empty(parameters: Mapping[str, Any]) -> Row:
    """Drop optional filters that the item leaves open; they are not sent."""
    return {
        name: without_empty(value) if isinstance(value, Mapping) else value
        for name, value in parameters.items()
        if value not in ("", [])
    }


def _rows(step: Step, answer: Answer, parent: Row, using: Mapping[str, Any]) -> list[Row]:
    if answer.absent:
        return [{**parent, "absent": True}]
    found = value_of(step.rows, answer.data)
    listed = found if isinstance(found, list) else [] if found is None else [found]
    rows = [{**parent, **(one if isinstance(one, dict) else {"value": one})} for one in listed]
    if step.keep is not None:
        keep = step.keep
        rows = [row for row in rows if value_of(keep, {**row, "using": using})]
    if step.tagged is not None:
        where = step.tagged
        rows = [row for row in rows if tagged(row, where, using["tags"])]
    if step.latest is not None and rows:
        rows = [_latest(rows, step.latest)]
    rows = rows[: step.first]
    return rows or ([{**parent, "absent": True}] if step.none_is_absent else [])


def _latest(rows: list[Row], when: str) -> Row:
    def moment(row: Row) -> float:
        read = moment_of(value_of(when, row))
        return read.timestamp() if read is not None else 0.0

    return max(rows, key=moment)
