"""Check `aws`: read AWS once, or by a recipe, and compare with a bound."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from orr.evidence.checks.aws.expressions import fault_in
from orr.evidence.checks.aws.reads import only_reads
from orr.evidence.checks.aws.recipes import Need, Recipe, Step, library
from orr.evidence.checks.aws.regions import regions_of
from orr.evidence.checks.aws.scope import Scope
from orr.evidence.checks.aws.session import Asker, askers
from orr.evidence.checks.aws.steps import Seen, run_steps
from orr.evidence.checks.aws.verdicts import Bound, Place, judge
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Expects, Texts
from orr.evidence.kinds.traits import Refusal, check, passed
from orr.messages import Said, say
from orr.model.fields import Days, Within
from orr.model.finding import Finding

Keys = Annotated[dict[str, Any], Expects(say("aws.expects.mapping"))]
Limit = Annotated[int, Within(ge=0), Expects(say("aws.expects.limit"))]

_RAW = ("service", "operation", "parameters", "rows", "good", "all_in", "dated")


def refusals(given: Mapping[str, Any]) -> Iterator[Refusal]:
    """What does not fit together."""
    raw = [name for name in _RAW if name in given]
    if "recipe" in given:
        if raw:
            yield raw[0], say("aws.both", key=raw[0]), say("aws.both.do", key=raw[0])
        recipe = library().get(given["recipe"])
        if recipe is None:
            yield (
                "recipe",
                say("aws.no-recipe", recipe=given["recipe"]),
                say("aws.no-recipe.do", near=_near(given["recipe"])),
            )
            return
        yield from _using_refusals(recipe, given.get("using", {}))
        if recipe.findings and "at_most" not in given:
            yield "recipe", say("aws.no-limit", recipe=recipe.recipe), say("aws.no-limit.do")
        if recipe.dated is None:
            yield from (
                (name, say("aws.no-dates", key=name), say("aws.no-dates.do", key=name))
                for name in ("newest_within", "none_older_than")
                if name in given
            )
        return
    for name in ("service", "operation", "rows"):
        if name not in given:
            yield name, say("aws.incomplete", key=name), say("aws.incomplete.do", key=name)
    if "using" in given:
        yield "using", say("aws.needs-recipe"), say("aws.needs-recipe.do")
    if "operation" in given and not only_reads(given["operation"]):
        yield "operation", say("aws.writes", operation=given["operation"]), say("aws.writes.do")
    for name in ("rows", "good", "dated"):
        if name in given and (fault := fault_in(given[name])) is not None:
            yield name, say("aws.no-expression", key=name, says=fault), say("aws.no-expression.do")
    for expression in given.get("all_in", {}):
        if (fault := fault_in(expression)) is not None:
            yield "all_in", say("aws.no-expression", key=expression, says=fault), say("aws.no-expression.do")
    if not {"good", "all_in", "at_least", "at_most", "newest_within", "none_older_than"} & set(given):
        yield "service", say("aws.no-bound"), say("aws.no-bound.do")
    if {"newest_within", "none_older_than"} & set(given) and "dated" not in given:
        yield "newest_within", say("aws.needs-dated"), say("aws.needs-dated.do")


def _supplied(given: Mapping[str, Any], source: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A check's parameters with what `orr.yaml` passes to recipes; its own come first."""
    recipe = library().get(given.get("recipe", ""))
    if recipe is None:
        return given
    using = {**passed(source, recipe.needs), **given.get("using", {})}
    if any(need.default is None and name not in using for name, need in recipe.needs.items()):
        return None
    return {**given, "using": using} if using else given


@check(acts=True, seconds=180, at_once=4, verify=refusals, supplied=_supplied, may_lack=("aws.need",))
def aws(
    context: Context,
    recipe: str | None = None,
    using: Keys | None = None,
    service: str | None = None,
    operation: str | None = None,
    parameters: Keys | None = None,
    rows: str | None = None,
    good: str | None = None,
    all_in: Keys | None = None,
    dated: str | None = None,
    at_least: Count | None = None,
    at_most: Limit | None = None,
    newest_within: Days | None = None,
    none_older_than: Days | None = None,
    regions: Texts | None = None,
    role: str | None = None,
) -> Finding:
    """Query AWS by a recipe or a read-only operation, and apply a bound."""
    deadline = time.monotonic() + 0.9 * context.seconds
    if recipe is not None:
        chosen = library()[recipe]
        title: Said = chosen.title
    else:
        chosen = _own(service or "", operation or "", parameters or {}, rows or "", good, all_in or {}, dated)
        title = f"{service} {operation}"
    most = at_most if at_most is not None else chosen.at_most
    # Where the item sets a limit to what is only counted, it says that none may be there.
    none_may_be = chosen.findings or (chosen.good is None and most is not None)
    bound = Bound(
        at_least or chosen.at_least or (None if none_may_be else 1),
        most,
        newest_within or (chosen.newest_within if none_older_than is None else None),
        none_older_than or (chosen.none_older_than if newest_within is None else None),
    )
    asking = askers(context, regions, role)
    seen: list[Seen] = []
    silent: list[tuple[Place, Said]] = []
    for one in asking:
        try:
            found, unanswered = _ask(context, chosen, one, using or {}, deadline)
        except Undetermined as cannot:
            if len(asking) == 1:
                raise
            silent.append((Place(one.wanted or "", ""), cannot.why))
        else:
            seen += found
            silent += unanswered
    return judge(chosen, title, seen, silent, bound, context)


def _ask(
    context: Context, recipe: Recipe, asking: Asker, using: Mapping[str, Any], deadline: float
) -> tuple[list[Seen], list[tuple[Place, Said]]]:
    """Rows of the regions of one account, and causes of those that fail."""
    account = asking.account()
    given = _given(recipe, using, Scope(context, {}, account, "", asking.regions))
    seen: list[Seen] = []
    silent: list[tuple[Place, Said]] = []
    asked = [(region, recipe.steps) for region in regions_of(recipe, asking, deadline)]
    if recipe.account:
        asked.insert(0, (asking.global_region(), recipe.account))
    for region, steps in asked:
        try:
            found = run_steps(recipe, steps, asking, Scope(context, given, account, region), deadline)
        except Undetermined as cannot:
            silent.append((Place(account, region), cannot.why))
            continue
        # The global region is asked beside the workload's own: that nothing is there proves and spoils nothing.
        beside = recipe.home == "with-global" and region not in asking.regions
        if not beside or found.rows or found.cut or found.nothing:
            seen.append(found)
    return seen, silent


def _own(
    service: str,
    operation: str,
    parameters: dict[str, Any],
    rows: str,
    good: str | None,
    all_in: Mapping[str, Any],
    dated: str | None,
) -> Recipe:
    """The recipe that an item writes out itself."""
    import json

    tests = [f"({good})"] if good else []
    for name, values in all_in.items():
        listed = json.dumps(values if isinstance(values, list) else [values]).replace("`", "\\`")
        tests.append(f"contains(`{listed}`, {name})")
    step = Step(service=service, operation=operation, parameters=parameters, rows=rows)
    columns = {"Row": "value || Name || name || Id || id || Arn || arn", **{key: key for key in all_in}}
    return Recipe(
        recipe="own", title=operation, proves=operation, practice=(), steps=(step,), columns=columns,
        good=" && ".join(tests) or None, dated=dated,
    )  # fmt: skip


def _given(recipe: Recipe, using: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, need in recipe.needs.items():
        value = scope.fill(using.get(name, need.default), {})
        given[name] = [value] if need.kind == "list" and isinstance(value, str) else value
    return given


def _using_refusals(recipe: Recipe, using: Mapping[str, Any]) -> Iterator[Refusal]:
    for name, need in recipe.needs.items():
        if name not in using and need.default is None:
            yield "using", say("aws.need", name=name, says=need.says), say("aws.need.do", name=name)
        elif name in using and not _fits(need, using[name]):
            yield "using", say("aws.need-kind", name=name), say(f"aws.need-kind.{need.kind}", name=name)
    for name in using:
        if name not in recipe.needs:
            yield "using", say("aws.no-need", name=name), say("aws.no-need.do", known=list(recipe.needs) or ["—"])


def _fits(need: Need, value: object) -> bool:
    if need.kind == "number":
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if need.kind == "list":
        many = isinstance(value, list) and bool(value) and all(isinstance(one, str) and one for one in value)
        return many or (isinstance(value, str) and bool(value))
    return isinstance(value, str)


def _near(name: str) -> list[str]:
    import difflib

    return difflib.get_close_matches(name, list(library()), n=3, cutoff=0.3) or ["orr checks aws"]
