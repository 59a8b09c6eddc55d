"""What a void vote says of what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evaluate.ballot import Part
from orr.evaluate.ballot_changes import Changed, OldBallot, OldPart, changes_between, fingerprint, in_words, together
from orr.messages import LANGUAGES, render
from orr.model.content import digest_of_text
from orr.model.settings import PolicyRow
from orr.model.workload import Workload

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
        pytest.param(BASE | {"workload:tier": "3"}, ["the tier that the workload claims"], id="a key of the workload"),
        pytest.param(BASE | {"waiver:W-1": "x"}, ["the waiver W-1 (new): “x”"], id="something new"),
        pytest.param(
            {name: BASE[name] for name in BASE if name != "content:docs/rollback.md#Off"},
            ["one more part, which is gone"],
            id="gone, and nobody knows its name",
        ),
        pytest.param(
            BASE | {"policy:no_go": "x", "content:docs/rollback.md#Off": "No"},
            ["the risks that the policy lets stop a launch (new): “x”", "docs/rollback.md#Off"],
            id="what decides most first",
        ),
        pytest.param(
            BASE | {f"content:{number}": "x" for number in range(6)},
            ["0 (new): “x”", "1 (new): “x”", "2 (new): “x”", "3 (new): “x”", "and 2 more"],
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
    assert said(BASE, after, {"answer:c/a": OldPart(text="yes")}) == ["the answer to c/a (gone): “yes”"]


@pytest.mark.parametrize("name", ["answer:c/a", "waiver:W-7", "pre-mortem:3", "review:benefits", "workload:live_since"])
def test_what_is_gone_is_named_where_it_had_a_usual_name(name: str) -> None:
    before = BASE | {"outcome:c/a": "x", name: "x"}
    (one,) = changes_between(
        ballot({key: text for key, text in before.items() if key != name}), fingerprint(ballot(before))
    )
    assert (f"{one.kind}:{one.about}", one.how) == (name, "gone")


KEYS = [
    *(("workload", one.name) for one in fields(Workload)),
    *(("workload", f"{scope}.repository") for scope in ("team", "organization")),
    *(("policy", one.name) for one in fields(PolicyRow) if one.name != "recheck"),
    *(("policy", "tier"), ("review", "occasion"), ("review", "release"), ("review", "benefits")),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_has_a_name_in_plain_words(language: str) -> None:
    said = [render(in_words([Changed(kind, key, "changed")])[0], language) for kind, key in KEYS]
    assert len(set(said)) == len(said)
    assert not [one for one in said if "_" in one or "ballot." in one]


def test_a_ballot_of_git_is_held_against_the_recorded_one() -> None:
    was, other = (OldPart(digest_of_text(text), text) for text in ("yes, and more", "no"))
    recorded = {"x": OldBallot({"answer:c/a": OldPart(was.digest[:16], "yes…"), "answer:c/b": was}, is_whole=True)}
    of_git = {"x": OldBallot({"answer:c/a": was, "answer:c/b": other, "answer:c/c": other})}
    assert together(of_git, recorded) == {"x": OldBallot({"answer:c/a": was, "answer:c/b": was}, is_whole=True)}


def test_a_recorded_ballot_stands_in_for_a_fingerprint() -> None:
    recorded = {name: OldPart(part.digest[:16], part.text) for name, part in ballot(BASE).items()}
    changed = changes_between(ballot(BASE | {"answer:c/a": "no"}), None, OldBallot(recorded, is_whole=True))
    assert changed == (Changed("answer", "c/a", "changed", (("", "yes", "no"),)),)


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
