"""What a void vote says of what changed."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evaluate.ballot import Part
from orr.evaluate.ballot_changes import Changed, OldBallot, OldPart, changes_between, fingerprint, in_words
from orr.messages import render
from orr.model.content import digest_of_text

Texts = Mapping[str, str]


def ballot(texts: Texts) -> dict[str, Part]:
    return {name: Part(*name.split(":", 1), digest_of_text(text), text) for name, text in texts.items()}


def said(before: Texts, after: Texts, old: Mapping[str, OldPart] | None = None) -> list[str]:
    changed = changes_between(ballot(after), fingerprint(ballot(before)), OldBallot(old or {}))
    return [render(one, "en") for one in in_words(changed)]


BASE = {"content:docs/rollback.md#Off": "Yes, by the flag", "answer:c/a": "yes", "workload:tier": "1"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        pytest.param(BASE, [], id="nothing"),
        pytest.param(BASE | {"content:docs/rollback.md#Off": "No"}, ["docs/rollback.md#Off"], id="a section"),
        pytest.param(BASE | {"answer:c/a": "no"}, ["the answer to c/a"], id="an answer"),
        pytest.param(BASE | {"workload:tier": "3"}, ["`tier` of the workload"], id="a key of the workload"),
        pytest.param(BASE | {"waiver:W-1": "x"}, ["the waiver W-1 (new)"], id="something new"),
        pytest.param(
            {name: BASE[name] for name in BASE if name != "answer:c/a"}, ["one more part, which is gone"], id="gone"
        ),
        pytest.param(
            BASE | {"policy:no_go": "x", "content:docs/rollback.md#Off": "No"},
            ["docs/rollback.md#Off", "`no_go` of the policy (new)"],
            id="what decides most first",
        ),
        pytest.param(
            BASE | {f"content:{number}": "x" for number in range(6)},
            ["0 (new)", "1 (new)", "2 (new)", "3 (new)", "and 2 more"],
            id="no more than a few",
        ),
    ],
)
def test_a_fingerprint_tells_what_changed(after: Texts, expected: list[str]) -> None:
    assert said(BASE, after) == expected


def test_the_old_words_are_told_where_they_are_known() -> None:
    old = {"content:docs/rollback.md#Off": OldPart(text="Yes, by the flag")}
    assert said(BASE, BASE | {"content:docs/rollback.md#Off": "No, it corrupts the store"}, old) == [
        "docs/rollback.md#Off: “Yes, by the flag” became “No, it corrupts the store”"
    ]


def test_what_is_gone_is_named_where_its_name_is_known() -> None:
    after = {name: BASE[name] for name in BASE if name != "answer:c/a"}
    assert said(BASE, after, {"answer:c/a": OldPart(text="yes")}) == ["the answer to c/a (gone)"]


def test_a_recorded_ballot_stands_in_for_a_fingerprint() -> None:
    recorded = {name: OldPart(part.digest[:16], part.text) for name, part in ballot(BASE).items()}
    changed = changes_between(ballot(BASE | {"answer:c/a": "no"}), None, OldBallot(recorded, is_whole=True))
    assert changed == (Changed("answer", "c/a", "changed", ("yes", "no")),)


def test_of_a_ballot_known_in_part_nothing_counts_as_new() -> None:
    known = {"answer:c/a": OldPart(digest_of_text("yes"), "yes")}
    assert changes_between(ballot(BASE), None, OldBallot(known)) == ()


@pytest.mark.parametrize("parts", [None, "", "not a fingerprint", "AAAA", "é"])
def test_without_a_fingerprint_nothing_is_named(parts: str | None) -> None:
    assert isinstance(changes_between(ballot(BASE), parts), tuple)


NAMES = st.sampled_from(["content:x", "answer:x", "policy:x"])


@given(st.dictionaries(NAMES, st.text()), st.dictionaries(NAMES, st.text()))
def test_the_same_parts_have_no_change_and_others_have_one(before: Texts, after: Texts) -> None:
    changed = changes_between(ballot(after), fingerprint(ballot(before)))
    assert bool(changed) == (bool(before) and before != after)
