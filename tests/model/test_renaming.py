"""Answers and waivers under ids that other items have replaced."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, day, plan, waiver

from orr.model.renaming import Renaming
from orr.model.review import Answer, Review
from orr.model.validation import read

RENAMING = Renaming({"a/one": "c/both", "b/two": "c/both"})
FILE = {"title": "Log", "path": "log.md"}
LINK = {"title": "Page", "url": "https://example.com/page"}


def merged(*answers: dict[str, Any]) -> Answer:
    """What two answers under old ids, and a third under the new one, become."""
    written = {name: read(Answer, one) for name, one in zip(("a/one", "b/two", "c/both"), answers, strict=False)}
    found = RENAMING.answers(written)
    assert list(found) == ["c/both"]
    return found["c/both"]


def n_a(**keys: Any) -> dict[str, Any]:
    return answer("not-applicable", reason="none here", **keys)


def test_one_answer_is_read_as_it_stands_under_the_new_id() -> None:
    assert merged(answer("partial", note="half")) == read(Answer, answer("partial", note="half"))


def test_answers_to_other_items_stay_as_they_are() -> None:
    written = {"x/y": read(Answer, answer("yes"))}
    assert RENAMING.answers(written) is written


@pytest.mark.parametrize(
    ("answers", "worst"),
    [
        pytest.param((answer("yes"), answer("no")), "no", id="no before yes"),
        pytest.param((answer("partial"), answer("yes")), "partial", id="partial before yes"),
        pytest.param((answer("no"), answer("yes"), answer("partial")), "no", id="no of three"),
        pytest.param((answer("yes"), n_a(approved_by="bo")), "yes", id="yes before what does not apply"),
        pytest.param((answer("yes"), n_a(approved_by=None)), "partial", id="nobody agreed that one does not apply"),
        pytest.param((n_a(), n_a(approved_by="bo")), "not-applicable", id="neither applies"),
        pytest.param((answer("yes"), answer(None, plan=plan())), None, id="one only planned"),
    ],
)
def test_of_several_answers_the_worst_counts(answers: tuple[dict[str, Any], ...], worst: str | None) -> None:
    assert merged(*answers).answer == worst


def test_a_merged_yes_is_as_old_as_the_oldest_and_a_no_keeps_its_day() -> None:
    assert merged(answer("yes", on=day(-2)), answer("yes", on=day(-9))).on.isoformat() == day(-9)
    assert merged(answer("no", on=day(-2)), answer("yes", on=day(-9))).on.isoformat() == day(-2)


def test_the_evidence_of_all_has_to_hold() -> None:
    found = merged(answer("yes", evidence=[FILE]), answer("yes", evidence=[LINK]))
    assert [entry.title for entry in found.evidence] == ["Log", "Page"]


def test_a_plan_stands_only_where_all_that_is_open_is_planned() -> None:
    soon, later = plan(3), plan(9)
    assert merged(answer("no", plan=later), answer("no", plan=soon)).plan == merged(answer("no", plan=soon)).plan
    assert merged(answer("no", plan=soon), answer("no")).plan is None
    assert merged(answer("no", plan=soon), answer("yes")).plan is not None


def test_the_note_keeps_what_was_said_under_each_id() -> None:
    note = merged(answer("yes", note="in the rota", by="ann"), answer("no", by="bo")).note
    assert note == f"a/one: yes, ann, {day(0)} · in the rota\nb/two: no, bo, {day(0)}"


@given(st.permutations([("a/one", "yes"), ("b/two", "no"), ("c/both", "partial")]))
def test_the_order_in_which_answers_stand_changes_no_state(order: list[tuple[str, str]]) -> None:
    found = RENAMING.answers({name: read(Answer, answer(reply)) for name, reply in order})
    assert found["c/both"].answer == "no"


def review(*waivers: dict[str, Any], **answers: str) -> Review:
    ids = {"one": "a/one", "two": "b/two", "both": "c/both"}
    said = {ids[name]: answer(reply) for name, reply in answers.items()}
    return RENAMING.review(read(Review, {"review": "shop", "answers": said, "waivers": list(waivers)}))


def test_a_waiver_names_the_new_id_once() -> None:
    (found,) = review(waiver("a/one", "b/two", states={"a/one": "not-met", "b/two": "partial"}), one="no").waivers
    assert found.items == ("c/both",)


@pytest.mark.parametrize(
    ("states", "answers", "carried"),
    [
        pytest.param({"a/one": "not-met"}, {"one": "no", "two": "yes"}, "not-met", id="all that is open is waived"),
        pytest.param({"a/one": "not-met"}, {"one": "no", "two": "no"}, None, id="one that is open is not"),
        pytest.param({"a/one": "not-met"}, {"one": "no", "both": "no"}, None, id="nor what stands under the new id"),
        pytest.param({"a/one": "not-met", "b/two": "partial"}, {"one": "no", "two": "no"}, "partial", id="mildest"),
        pytest.param({"a/one": "unanswered"}, {}, "unanswered", id="nothing was answered"),
    ],
)
def test_a_waiver_covers_no_more_than_what_it_was_approved_on(
    states: dict[str, str], answers: dict[str, str], carried: str | None
) -> None:
    (found,) = review(waiver(*states, states=states), **answers).waivers
    assert found.states == ({} if carried is None else {"c/both": carried})
