"""What other products answer in each situation: examples as they document them, and what is made of those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from orr.evidence.checks.service.recipes import recipe_named
from orr.source.yaml import parse
from support import TESTS

EXAMPLES: dict[str, Any] = parse((TESTS / "support" / "service_examples.yaml").read_text(), "service_examples.yaml")
NOT_MET = ("not-met", "unknown")
_SIZES = {"per_page", "pagelen", "page_size", "limit", "count", "size"}


class Served(NamedTuple):
    """What a server answers by path, with a status and headers, and the outcomes that may come of it."""

    answers: dict[str, tuple[int, dict[str, str], Any]]
    outcomes: tuple[str, ...]


def pages(name: str) -> bool:
    """Whether a recipe's answer may be one page of several."""
    _, recipe = recipe_named(name) or (None, None)
    assert recipe is not None
    return recipe.complete is not None or bool(_SIZES & set(recipe.query)) or "more" in EXAMPLES.get(name, ())


def situation(name: str, which: str) -> Iterator[Served]:
    """All cases of one recipe in one situation."""
    example = EXAMPLES[name]
    assert example["documented"].startswith("https://")
    yield from _SITUATIONS[which](name, example)


def examples_of(example: Mapping[str, Any], *outcomes: str) -> Iterator[tuple[str, Any]]:
    """The answers that the data write out, with their outcomes."""
    for key, value in example.items():
        outcome = key.partition(" ")[0]
        if outcome in outcomes:
            yield from ((outcome, one) for one in (value if outcome != "met" else [value]))


def _proves(name: str, example: Any) -> Iterator[Served]:
    for outcome, body in examples_of(example, "met"):
        yield _served(example, body, outcome)


def _disproves(name: str, example: Any) -> Iterator[Served]:
    found = [_served(example, body, outcome) for outcome, body in examples_of(example, "not-met", "unknown", "stale")]
    assert found, f"{name} has no contrary example"
    yield from found


def _empty(name: str, example: Any) -> Iterator[Served]:
    outcomes = ("met",) if example.get("empty") == "met" else NOT_MET
    emptied = _emptied(example["met"])
    if _lists(example["met"]):
        yield _served(example, emptied, *outcomes)
    yield _served(example, {}, "not-met", "unknown")
    if not isinstance(example["met"], list):
        yield _served(example, [], "not-met", "unknown")


def _forbidden(name: str, example: Any) -> Iterator[Served]:
    usual = _served(example, example["met"], "unknown")
    for path in usual.answers:
        for status in (401, 403):
            refused = (status, {}, {"message": "Resource not accessible"})
            yield Served({**usual.answers, path: refused}, ("unknown",))


def _partial_page(name: str, example: Any) -> Iterator[Served]:
    _, recipe = recipe_named(name) or (None, None)
    assert recipe is not None
    more = example["more"]
    bad = next((body for _, body in examples_of(example, "not-met")), None)
    enough = "unknown" if recipe.bound.needs_all else "met"
    if more.get("counted"):
        yield _served(example, example["met"], "met")
        yield _served(example, bad, "not-met")
    elif more.get("first"):
        yield _served(example, example["met"], "met", Link='<https://api.example.com/x?page=2>; rel="next"')
    else:
        yield _served(example, *_page(example["met"], more), enough, **more.get("headers", {}))
        if bad is not None:
            yield _served(example, *_page(bad, more), "unknown", **more.get("headers", {}))
    for path in (also["path"] for also in example.get("also", {}).values()):
        usual = _served(example, example["met"], "unknown")
        status, _, body = usual.answers[path]
        yield Served({**usual.answers, path: (status, {"Link": '<https://x/?page=2>; rel="next"'}, body)}, ("unknown",))


_SITUATIONS = {
    "proves": _proves,
    "disproves": _disproves,
    "empty": _empty,
    "forbidden": _forbidden,
    "partial page": _partial_page,
}


def _served(example: Mapping[str, Any], body: Any, *outcomes: str, **headers: str) -> Served:
    also = example.get("also", {})
    given = body if isinstance(body, dict) and "answer" in body else {"answer": body}
    answers = {example["path"]: (200, headers, given["answer"])}
    answers |= {one["path"]: (200, {}, given.get(name, one["usual"])) for name, one in also.items()}
    return Served(answers, outcomes)


def _page(body: Any, more: Mapping[str, Any]) -> tuple[Any]:
    """The answer as one page of several."""
    if "length" in more:
        full = _full(body[more["of"]] if "of" in more else body, more["length"])
        return ({**body, more["of"]: full} if "of" in more else full,)
    return (_laid_over(body, more.get("body", {})),)


def _full(entries: list[Any], length: int) -> list[Any]:
    return (entries * length)[:length] if entries else [{}] * length


def _laid_over(body: Any, patch: Mapping[str, Any]) -> Any:
    if not patch:
        return body
    return {**body, **{k: _laid_over(body.get(k, {}), v) if isinstance(v, dict) else v for k, v in patch.items()}}


def _lists(body: Any) -> bool:
    """Whether there is a list or a count in it that may be empty."""
    if isinstance(body, dict):
        return any(_lists(value) for value in body.values())
    return isinstance(body, (list, int)) and not isinstance(body, bool)


def _emptied(body: Any) -> Any:
    """The same with every list emptied and every count zero."""
    if isinstance(body, dict):
        return {key: _emptied(value) for key, value in body.items()}
    if isinstance(body, list):
        return []
    return 0 if isinstance(body, int) and not isinstance(body, bool) else body
