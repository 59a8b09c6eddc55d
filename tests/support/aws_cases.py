"""What AWS answers to a recipe in each situation: the examples, and what is made of them by botocore's model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from botocore.exceptions import UnknownServiceError

from orr.evidence.checks.aws.calls import TOKENS
from orr.evidence.checks.aws.recipes import Recipe, Step, library
from orr.model.finding import Finding
from orr.source.yaml import parse
from support import TESTS
from support.aws_stubs import CORE, REGION, Stubs, ask, context_for

EXAMPLES: dict[str, Any] = parse((TESTS / "support" / "aws_examples.yaml").read_text(), "aws_examples.yaml")
GLOBAL = "us-east-1"
NOT_MET = ("not-met", "unknown")
REFUSED = {"error": "AccessDeniedException"}


class Call(NamedTuple):
    """One call, in a region, and the answer to it; the step that makes it, unless it only lists regions."""

    service: str
    operation: str
    region: str
    answer: Mapping[str, Any]
    step: Step | None


class Played(NamedTuple):
    """Calls in order, the outcomes that may come of them, and after how many pages reading ends."""

    calls: tuple[Call, ...]
    outcomes: tuple[str, ...]
    pages: int = 50


@cache
def operation(service: str, name: str) -> Any:
    """An operation of botocore's model."""
    return CORE.get_service_model(service).operation_model(name)


@cache
def page_ends(service: str, name: str) -> Mapping[str, Any]:
    """What an answer of an operation carries where more follows; nothing where it comes in one page."""
    try:
        paging = CORE.get_paginator_model(service).get_paginator(name)
    except (UnknownServiceError, ValueError):  # botocore pages neither the service nor the operation
        members = operation(service, name).output_shape.members
        takes = getattr(operation(service, name).input_shape, "members", {})
        return {ours: "more" for ours, theirs in TOKENS if ours in members and theirs in takes}
    more = {paging["more_results"]: True} if "more_results" in paging else {}
    return {paging["output_token"]: "more", **more}


def pages(name: str) -> bool:
    """Whether a call of a recipe comes in pages."""
    recipe = library()[name]
    return any(page_ends(step.service, step.operation) for step in (*recipe.account, *recipe.steps))


def calls_of(recipe: Recipe, answers: Sequence[Mapping[str, Any]]) -> tuple[Call, ...]:
    """Which call each answer is for: its keys tell, or `of`; those of a refusal its place; and where: `at`."""
    usual = GLOBAL if recipe.home == "global" else REGION
    found: list[Call] = []
    at = 0
    for count, given in enumerate(answers):
        answer = {key: value for key, value in given.items() if key not in ("of", "at")}
        region = given.get("at", usual)
        if "of" in given:
            service, _, name = given["of"].partition(".")
            step = next((one for one in recipe.account if (one.service, one.operation) == (service, name)), None)
            found.append(Call(service, name, region, answer, step))
            continue
        if "error" in answer:
            at = min(count, len(recipe.steps) - 1)
        else:
            members = [set(operation(step.service, step.operation).output_shape.members) for step in recipe.steps]
            fitting = (number for number, names in enumerate(members) if number >= at and set(answer) <= names)
            at = next(fitting, 0 if "at" in given else at)
        step = recipe.steps[at]
        found.append(Call(step.service, step.operation, region, answer, step))
    return tuple(found)


def play(name: str, calls: Sequence[Call], folder: Path) -> tuple[Finding, dict[str, int]]:
    """What a recipe finds in some answers, and how many of them it did not ask for."""
    context = context_for(folder)
    stubs = Stubs(context)
    for call in calls:
        stubs.answer(call.service, call.operation, call.answer, call.region)
    limit = {"at_most": 0} if library()[name].findings else {}
    try:
        finding = ask(context, recipe=name, using=EXAMPLES[name].get("using", {}), **limit)
        return finding, stubs.left()
    finally:
        stubs.close()


def examples_of(name: str, *outcomes: str) -> Iterator[tuple[str, tuple[Call, ...]]]:
    """The calls that the data write out, with their outcomes."""
    for key, answers in EXAMPLES[name].items():
        outcome = key.partition(" ")[0]
        if outcome in outcomes:
            yield outcome, calls_of(library()[name], answers)


def situation(name: str, which: str) -> Iterator[Played]:
    """All cases of one recipe in one situation."""
    yield from _SITUATIONS[which](name)


def _proves(name: str) -> Iterator[Played]:
    for outcome, calls in examples_of(name, "met"):
        yield Played(calls, (outcome,))


def _disproves(name: str) -> Iterator[Played]:
    found = [Played(calls, (outcome,)) for outcome, calls in examples_of(name, "partial", "not-met", "unknown")]
    assert found, f"{name} has no contrary example"
    yield from found


def _empty(name: str) -> Iterator[Played]:
    outcomes = ("met",) if EXAMPLES[name].get("empty") == "met" else NOT_MET
    yield Played(tuple(call._replace(answer=_nothing(call)) for call in _good(name)), outcomes)


def _forbidden(name: str) -> Iterator[Played]:
    good = _good(name)
    for place, call in enumerate(good):
        yield Played((*good[:place], call._replace(answer=REFUSED), *good[place + 1 :]), ("unknown",))


def _partial_page(name: str) -> Iterator[Played]:
    good = _good(name)
    for place, call in enumerate(good):
        more = page_ends(call.service, call.operation)
        if not more:
            continue
        before, after = good[:place], good[place + 1 :]
        begun = call._replace(answer={**call.answer, **more})
        if call.step is not None and call.step.pages == 1:
            # The newest come first, so the first page suffices.
            yield Played((*before, begun, *after), ("met",))
            continue
        yield Played((*before, call._replace(answer=more), call, *after), ("met",))
        yield Played((*before, begun, call._replace(answer=REFUSED), *after), ("unknown",))
        yield Played((*before, begun, call._replace(answer={}), *after), ("unknown",), pages=1)


_SITUATIONS = {
    "proves": _proves,
    "disproves": _disproves,
    "empty": _empty,
    "forbidden": _forbidden,
    "partial page": _partial_page,
}


def _good(name: str) -> tuple[Call, ...]:
    return next(calls for _, calls in examples_of(name, "met"))


def _nothing(call: Call) -> Mapping[str, Any]:
    # That a region is enabled is no evidence; without one nothing would be asked at all.
    return call.answer if call.step is None else {}
