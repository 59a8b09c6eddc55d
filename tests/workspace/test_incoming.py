"""What a file brings into a review: never an older answer over a newer one, and no leave that was given elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, day, plan, sign_off, waiver

from orr.messages import render
from orr.model.review import Answer, Review
from orr.model.validation import read
from orr.workspace.incoming import GIVEN, Comparison, Fate, Incoming, compare

moments = st.sampled_from([day(-3), day(-2), f"{day(-2)}T09:00", f"{day(-2)}T09:00:00+08:00", f"{day(-2)}T10:00"])
challenges = st.sampled_from(
    [
        {},
        {"challenged": {"by": "mo", "on": day(-1), "why": "Really?"}},
        {
            "challenged": {
                "by": "mo",
                "on": day(-1),
                "why": "Really?",
                "lifted": {"by": "mo", "on": day(0), "why": "Yes."},
            }
        },
    ]
)
answers = st.builds(
    lambda reply, on, by, note, planned, challenge: answer(reply, on, by, note=note, plan=planned, **challenge),
    st.sampled_from(["yes", "no", "partial", "not-applicable"]),
    moments,
    st.sampled_from(["wei", "ana"]),
    st.sampled_from([None, "a", "b"]),
    st.sampled_from([None, plan()]),
    challenges,
)


def made(said: dict[str, Any], approved: int | None, vote: str | None, scenario: str | None) -> Review:
    return read(
        Review,
        {
            "review": "shop",
            "answers": {f"c/{name}": one for name, one in said.items()},
            "waivers": [waiver("c/a", approved=approved)] if approved else [],
            "sign_offs": [sign_off(vote=vote)] if vote else [],
            "pre_mortem": [{"scenario": "Flood", "detection": scenario}] if scenario else [],
        },
    )


reviews = st.builds(
    made,
    st.dictionaries(st.sampled_from(["a", "b"]), answers),
    st.sampled_from([None, -1, -2]),
    st.sampled_from([None, "go", "no-go"]),
    st.sampled_from([None, "gauge", "guard"]),
)


def moment(one: date | datetime) -> datetime:
    if not isinstance(one, datetime):
        return datetime(one.year, one.month, one.day, tzinfo=UTC)
    return one if one.tzinfo else one.replace(tzinfo=UTC)


@given(reviews, reviews)
def test_nothing_older_and_no_leave_from_elsewhere_ever_comes_in(here: Review, there: Review) -> None:
    found = compare(here, Incoming(there, whole=True), UTC)
    after = found.after
    for name, old in here.answers.items():
        new = after.answers[name]
        same = replace(old, **{key: getattr(new, key) for key in ("challenged", "approved_by")})
        assert new == same or moment(new.on) > moment(old.on)
        assert new.approved_by in (None, old.approved_by)
        if old.challenged is not None:
            assert new.challenged == old.challenged
        else:
            assert new.challenged is None or new.challenged.lifted is None
    for name in after.answers.keys() - here.answers.keys():
        assert after.answers[name].approved_by is None
    assert after.sign_offs == here.sign_offs
    assert [one.approved_by for one in after.waivers] == [
        *(one.approved_by for one in here.waivers),
        *([None] if len(after.waivers) > len(here.waivers) else []),
    ]


def overwritten(found: Comparison) -> list[str]:
    return [
        name
        for name, old in found.before.answers.items()
        if any(getattr(old, key) != getattr(found.after.answers[name], key) for key in GIVEN)
    ]


@given(reviews, reviews)
def test_whatever_differs_is_listed_and_what_is_overwritten_is_marked(here: Review, there: Review) -> None:
    found = compare(here, Incoming(there, whole=True), UTC)
    assert (found.after == here) == (not found.of(Fate.NEW) and not found.of(Fate.OTHER))
    scenarios = [one for one in here.pre_mortem if one not in found.after.pre_mortem]
    assert len(found.of(Fate.OTHER)) == len(overwritten(found)) + len(scenarios)
    assert set(found.absent) == here.answers.keys() - there.answers.keys()


@given(reviews, reviews)
def test_what_was_taken_is_taken_once(here: Review, there: Review) -> None:
    first = compare(here, Incoming(there, whole=True), UTC)
    again = compare(first.after, Incoming(there, whole=True), UTC)
    assert again.after == first.after
    assert compare(here, Incoming(here, whole=True), UTC).changes == ()


def test_an_answer_that_is_refused_for_another_reason_is_listed_with_it() -> None:
    there = made({"a": answer("yes", day(0))}, None, None, None)
    found = compare(made({}, None, None, None), Incoming(there, refused={"c/a": "so"}), UTC)  # type: ignore[dict-item]
    assert (found.after.answers, [change.fate for change in found.changes]) == ({}, [Fate.LEFT])


@pytest.mark.parametrize("whole", [True, False])
def test_only_a_whole_review_speaks_of_its_occasion(whole: bool) -> None:
    there = replace(made({}, None, None, None), occasion="change")  # type: ignore[arg-type]
    found = compare(made({}, None, None, None), Incoming(there, whole=whole), UTC)
    assert bool(found.changes) is whole


def test_a_withdrawn_answer_leaves_its_challenge_when_it_comes_in() -> None:
    challenge = {"by": "mo", "on": day(-1), "why": "Really?"}
    said = read(Answer, {"by": "wei", "on": day(-2), "challenged": challenge})
    there = replace(made({}, None, None, None), answers={"c/a": said})
    assert compare(made({}, None, None, None), Incoming(there, whole=True), UTC).after.answers == {"c/a": said}


def test_every_part_is_listed_in_the_words_of_each_language() -> None:
    drill = {"title": "Drill", "path": "a.md", "sha256": "0" * 64, "collected": day(-1), "expires": day(9)}
    said = {
        "answer": "no", "by": "bo", "on": day(-1), "note": "n", "evidence": [drill], "plan": plan(),
        "release": {"commit": "0" * 40},
    }  # fmt: skip
    whole = read(
        Review,
        {
            "review": "shop",
            "occasion": "change",
            "benefits": "b",
            "release": {"commit": "1" * 40, "images": ["sha256:" + "2" * 64], "version": "1", "environment": "prod"},
            "answers": {"c/a": said, "c/b": {**said, "answer": "not-applicable", "reason": "r", "approved_by": "mo"}},
            "assigned": {"c/a": {"to": "wei", "by": "bo", "due": day(3)}, "c/b": {"to": "wei", "by": "bo"}},
            "waivers": [{**waiver("c/a"), "compensating": "k", "revoked_on": day(0)}],
            "sign_offs": [sign_off()],
            "pre_mortem": [
                {
                    "scenario": "Flood", "likelihood": "low", "impact": "high", "detection": "d", "response": "x",
                    "tested_on": day(-1),
                }
            ],
        },
    )  # fmt: skip
    listed = [part for one in compare(made({}, None, None, None), Incoming(whole, whole=True), UTC).changes
              for part in (one.says, *one.details)]  # fmt: skip
    english = "\n".join(render(one, "en") for one in listed)
    for words in (
        "evidence: Drill <a.md> (SHA-256: 0", "plan: ", "assigned c/a: to wei until", "waiver W-1: asked for by",
        "pre-mortem “Flood”: likelihood: low, impact: high, detection: d", "occasion: launch → change",
    ):  # fmt: skip
        assert words in english
    assert not re.search(
        r"(?:^|：)[a-z_]+：|\bto wei\b", "\n".join(render(one, "zh-CN") for one in listed), re.MULTILINE
    )
