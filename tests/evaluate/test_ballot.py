"""What is voted on: what changes it, and what does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, assess, case, check, evidence, found, item, sign_off

from orr.evaluate import Evaluation
from orr.messages import say
from orr.model.content import Content
from orr.model.finding import Evidence, Finding
from orr.model.review import Review
from orr.model.validation import read

SECTION = "Can the feature be disabled? Yes, by the flag `checkout`."


def decided_on(*contents: tuple[str, str], outcome: str = "met") -> Finding:
    return replace(found(outcome), content=tuple(Content.of(*one) for one in contents))


def voted(finding: Finding | None = None, review: dict[str, Any] | None = None, **seen: Any) -> Evaluation:
    """An assessment of an item with a check and one with evidence."""
    made = case(
        item("a", checks=[check()]),
        item("b"),
        answers={
            "b": answer(note="Two  lines\nof it", evidence=[{"path": "drill.md"}, {"url": "https://e.example/1"}])
        },
    )
    if review:
        made = replace(made, review=read(Review, {**made.review.as_data(), **review}))
    collected = evidence(a=[finding or decided_on(("docs/rollback.md#Off", SECTION))])
    return assess(made, replace(collected, **seen))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(voted(decided_on(("docs/rollback.md#Off", "No, it corrupts the store."))), id="a section's words"),
        pytest.param(voted(decided_on(("docs/rollback.md#Steps", SECTION))), id="another section"),
        pytest.param(
            voted(decided_on(("docs/rollback.md#Off", SECTION), ("docs/rollback.md#More", "x"))), id="one section more"
        ),
        pytest.param(voted(decided_on(("docs/rollback.md#Off", SECTION), outcome="partial")), id="the outcome"),
        pytest.param(voted(sums={"c/b": {"drill.md": "0" * 64}}), id="a file of the evidence"),
        pytest.param(
            voted(missing={"c/b": (say("evidence.entry.gone", path="drill.md"),)}), id="evidence that is missing"
        ),
        pytest.param(
            voted(hollow={"c/b": (say("evidence.entry.empty", path="drill.md"),)}), id="evidence that is empty"
        ),
        pytest.param(voted(review={"benefits": "A great deal"}), id="the benefits"),
        pytest.param(voted(review={"pre_mortem": [{"scenario": "The store is full"}]}), id="the pre-mortem"),
        pytest.param(voted(review={"occasion": "change"}), id="the occasion"),
    ],
)
def test_a_vote_is_given_on(other: Evaluation) -> None:
    assert other.digest != voted().digest


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(voted(decided_on(("docs/rollback.md#Off", SECTION.replace(" ", "\n  ")))), id="white space"),
        pytest.param(
            voted(replace(decided_on(("docs/rollback.md#Off", SECTION)), says="12 of 12, in 0.3 s")), id="the numbers"
        ),
        pytest.param(
            voted(replace(decided_on(("docs/rollback.md#Off", SECTION)), collected=datetime(2026, 12, 1, tzinfo=UTC))),
            id="when it was collected",
        ),
        pytest.param(voted(review={"sign_offs": [sign_off()]}), id="who voted"),
    ],
)
def test_a_vote_is_not_given_on(other: Evaluation) -> None:
    assert other.digest == voted().digest


def test_what_two_checks_read_of_one_section_is_one_part() -> None:
    made = case(item("a", checks=[check(), check()]))
    part = ("docs/rollback.md#Off", SECTION)
    assessed = assess(made, evidence(a=[decided_on(part), decided_on(part)]))
    assert [name for name in assessed.ballot if name.startswith("content:")] == ["content:docs/rollback.md#Off"]


def shuffled(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return {name: shuffled(value[name], key) for name in sorted(value, key=key)}
    return [shuffled(one, key) for one in value] if isinstance(value, list) else value


@given(st.randoms(use_true_random=False), st.sampled_from([" ", "\n", "  \n "]))
def test_the_order_of_keys_and_white_space_never_change_what_is_voted_on(random: Any, space: str) -> None:
    review = voted(review={"benefits": "More of it", "pre_mortem": [{"scenario": "The store is full"}]}).case.review
    text = json.dumps(shuffled(review.as_data(), lambda _: random.random()))
    again = json.loads(text.replace("Two  lines\\nof it", "Two lines of it"))
    again["benefits"] = again["benefits"].replace(" ", space)
    made = case(item("a", checks=[check()]), item("b"))
    digests = {assess(replace(made, review=one)).digest for one in (review, read(Review, again))}
    assert len(digests) == 1


@given(st.lists(st.sampled_from(["met", "partial", "not-met", "unknown"]), min_size=1, max_size=3), st.text(min_size=1))
def test_results_of_the_same_outcome_never_change_what_is_voted_on(outcomes: list[str], says: str) -> None:
    made = case(*(item(f"i{number}", checks=[check()]) for number, _ in enumerate(outcomes)))

    def on(words: str, seconds: float) -> Evidence:
        pairs = enumerate(outcomes)
        return evidence(**{f"i{n}": [replace(found(one), says=words, seconds=seconds)] for n, one in pairs})

    assert assess(made, on("12", 1.0)).digest == assess(made, on(says, 2.0)).digest
