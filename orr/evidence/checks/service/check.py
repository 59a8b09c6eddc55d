"""The check `service`: a recipe that queries a known product."""

from __future__ import annotations

import difflib
import time
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from orr.evidence.checks.service.recipes import Also, Service, ServiceRecipe, all_names, recipe_named
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Expects
from orr.evidence.kinds.traits import Refusal, check, passed
from orr.evidence.live.bounds import Bound, Judged, Number, Plain, bound_faults
from orr.evidence.live.client import Reply
from orr.evidence.live.credentials import Tokens
from orr.evidence.live.query import search
from orr.evidence.live.request import (
    MAX_SECONDS,
    SECONDS,
    Address,
    Headers,
    Seconds,
    address_and_secrets,
    data_of,
    has_more,
    patient,
    refuse_status,
    request_of,
)
from orr.evidence.live.templates import Filling
from orr.messages import Message, say
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome

Values = Annotated[dict[str, str | int | list[str]], Expects(say("act.expects.values"))]


def _verify(given: Mapping[str, Any]) -> Iterator[Refusal]:
    yield from bound_faults(given)
    found = recipe_named(given["recipe"])
    if found is None:
        near = difflib.get_close_matches(given["recipe"], all_names(), n=3, cutoff=0.3)
        remedy = say("act.service.near", near=near) if near else say("act.service.see")
        yield "recipe", say("act.service.unknown", recipe=given["recipe"]), remedy
        return
    service, recipe = found
    if not given.get("at") and service.at is None:
        yield "at", say("act.service.no-address", service=service.title), say("act.service.no-address.do")
    yield from address_and_secrets(given.get("at"), _together(service, given.get("headers")), "at")
    values = given.get("values") or {}
    for name in values:
        if name not in recipe.values:
            known = list(recipe.values)
            yield "values", say("act.service.no-value", name=name), say("act.service.values", names=known or "–")
        elif isinstance(values[name], list) is not isinstance(recipe.values[name], list):
            kind = "list" if isinstance(recipe.values[name], list) else "text"
            yield "values", say("act.service.value-kind", name=name), say(f"act.service.value-kind.{kind}", name=name)
    lacking = [name for name, default in recipe.values.items() if default is None and name not in values]
    if lacking:
        yield "values", say("act.service.lacking", names=lacking), say("act.service.lacking.do")


def _supplied(given: Mapping[str, Any], source: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """A check's parameters with what `orr.yaml` passes to its product; its own come first.

    What only some recipes of the product need may lack: then this one is not asked. What all need must not.
    """
    found = recipe_named(given["recipe"])
    if found is None:
        return given
    of, asks = found
    values = {**passed(source, asks.values), **given.get("values", {})}
    at = given.get("at") or source.get("at")
    lacking = {name for name, default in asks.values.items() if default is None and name not in values}
    if any(one.values.get(name, "") is not None for name in lacking for one in of.recipes.values()):
        return None
    return {**given, **({"values": values} if values else {}), **({"at": at} if at else {})}


@check(
    acts=True,
    seconds=MAX_SECONDS + 20,
    at_once=4,
    verify=_verify,
    product="recipe",
    supplied=_supplied,
    may_lack=("act.service.lacking", "act.service.no-address"),
)
def service(
    context: Context,
    recipe: str,
    at: Address | None = None,
    values: Values | None = None,
    headers: Headers | None = None,
    equals: Plain | None = None,
    at_least: Number | None = None,
    at_most: Number | None = None,
    all_in: list[Plain] | None = None,
    none: bool = False,
    younger_than: Days | None = None,
    timeout: Seconds = SECONDS,
) -> Finding:
    """Query a known product by a recipe: GitHub, Grafana, PagerDuty and others."""
    found = recipe_named(recipe)
    assert found is not None  # `_verify` has looked
    of, asks = found
    filling, secrets = Filling(context.workload), Tokens()
    own = Bound(equals, at_least, at_most, all_in, none, younger_than)
    bound = own if own.asks else asks.bound
    with secrets.guarded():
        given = {name: filling.data(value) for name, value in {**asks.values, **(values or {})}.items()}
        if any(part in (".", "..") for part in given.values() if isinstance(part, str)):
            raise Undetermined(say("act.address.dots"))
        filled = asks.filled(given)
        base = filling.address(at or of.at or "").rstrip("/")
        request = request_of(
            filling, secrets, base + filled.target, method=asks.method, headers=_together(of, headers), body=filled.body
        )
        until = time.monotonic() + timeout
        reply = patient(request, timeout)
        if reply.status in asks.absent:
            absent = _said(asks.title, reply.place, say("act.service.absent"))
            return Finding("", Outcome.NOT_MET, absent, nothing=True)
        data, more = _answer(reply, asks, secrets)
        if asks.also:
            data = {"answer": data, "values": given}
        for name, target in filled.also.items():
            further = request_of(filling, secrets, base + target, headers=_together(of, headers))
            data[name], lacks = _answer(patient(further, max(0.0, until - time.monotonic())), asks.also[name], secrets)
            if lacks:
                raise Undetermined(say("act.web.more-pages", place=reply.place))
        value = search(filled.value, data, reply.place)
        judged: Judged = bound.judge(value, context.today, context.timezone)
        # Enough on the first page is enough; too little there, or all good, says nothing of the next.
        if more and not asks.newest_first and (bound.needs_all or judged.outcome is not Outcome.MET):
            raise Undetermined(say("act.web.more-pages", place=reply.place))
    says = _said(asks.title, reply.place, judged.says)
    nothing = judged.outcome is not Outcome.MET and value in (None, [], {})
    return secrets.hidden_finding(Finding("", judged.outcome, says, judged.holds_until, nothing=nothing))


def _answer(reply: Reply, asks: ServiceRecipe | Also, secrets: Tokens) -> tuple[Any, bool]:
    """The JSON of a reply, and whether there is more than that."""
    refuse_status(reply)
    data = data_of(reply, secrets)
    whole = asks.complete is None or search(asks.complete, data, reply.place) is True
    return data, has_more(reply) or not whole


def _together(of: Service, headers: Mapping[str, str] | None) -> dict[str, str]:
    """The recipe's headers and the item's own, which win; names ignore case."""
    own = headers or {}
    named = {name.lower() for name in own}
    return {**{name: value for name, value in of.headers.items() if name.lower() not in named}, **own}


def _said(title: Any, place: str, words: Message) -> Message:
    return say("act.service.said", title=title, place=place, words=words)
