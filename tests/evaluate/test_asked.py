"""Which required checklists a workload is not asked, and what that means for its verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import answer, assess, case, checklist, day, held_to, item, leave, waiver

from orr.evaluate import Case, Evaluation
from orr.messages import render
from orr.model.checklist import Checklist

LISTS = [checklist(item(), name="a"), checklist(item(), name="b")]
ANSWERS = {"a/a": answer(), "b/a": answer(), "spare/a": answer()}
LACKS = "it is required, and neither asked nor left out with leave"


def optional(name: str) -> Checklist:
    return replace(checklist(item(), name=name), required=False)


def asked(*, lists: list[Checklist] | None = None, **keys: Any) -> Case:
    """A case of two required checklists and an optional one, with a yes to every item."""
    policy = keys.pop("policy", None)
    review = {name: keys.pop(name) for name in ("waivers", "answers", "occasion") if name in keys}
    made = case(checklists=(), workload=keys, policy=policy, **{"answers": ANSWERS, **review})
    known = [*LISTS, optional("spare")] if lists is None else lists
    return held_to(made, *known)


def states(found: Evaluation) -> dict[str, str]:
    return {one.name: str(one.state) for one in found.items}


def shown(found: Evaluation) -> str:
    return render(found.asked.in_words, "en")


@pytest.mark.parametrize(
    ("keys", "verdict", "words"),
    [
        pytest.param({}, "go", "2 of 2 checklists", id="nothing said: all that are required"),
        pytest.param({"checklists": ["a", "b"]}, "go", "2 of 2 checklists", id="all that are required"),
        pytest.param({"checklists": ["a", "b", "spare"]}, "go", "3 of 3 checklists", id="an optional one too"),
        pytest.param({"checklists": ["a"]}, "no-go", "1 of 2 checklists; not asked: b", id="one not asked"),
        pytest.param(
            {"checklists": ["spare"]}, "no-go", "1 of 3 checklists; not asked: a, b", id="an optional one alone"
        ),
        pytest.param({"checklists": []}, "no-go", "0 of 2 checklists; not asked: a, b", id="none at all"),
        pytest.param(
            {"leave_out": {"b": leave()}},
            "go",
            "1 of 2 checklists; left out until 2027-01-01 (approved by ana): b",
            id="one left out",
        ),
        pytest.param(
            {"checklists": ["a"], "leave_out": {"b": leave()}},
            "go",
            "1 of 2 checklists; left out until 2027-01-01 (approved by ana): b",
            id="one not asked and left out",
        ),
        pytest.param(
            {"leave_out": {"a": leave(), "b": leave(approved_by="bo")}},
            "no-go",
            "0 of 2 checklists; left out until 2027-01-01 (approved by ana): a; "
            "left out until 2027-01-01 (approved by bo): b",
            id="everything left out: nothing was assessed",
        ),
        pytest.param(
            {"checklists": ["a", "b"], "leave_out": {"b": leave()}}, "go", "2 of 2 checklists", id="left out and asked"
        ),
        pytest.param(
            {"policy": {"checklists": ["a"]}},
            "go",
            "1 of 2 checklists; the policy does not ask: b",
            id="the policy requires fewer",
        ),
        pytest.param(
            {"policy": {"checklists": ["a", "spare"]}, "checklists": ["a"]},
            "no-go",
            "1 of 3 checklists; not asked: spare; the policy does not ask: b",
            id="the policy requires an optional one",
        ),
        pytest.param(
            {"policy": {"checklists": []}},
            "no-go",
            "0 of 2 checklists; the policy does not ask: a, b",
            id="the policy requires none",
        ),
    ],
)
def test_a_required_checklist_is_asked_or_left_out_with_leave_or_stops(
    keys: dict[str, Any], verdict: str, words: str
) -> None:
    found = assess(asked(**keys))
    assert (str(found.verdict), shown(found)) == (verdict, words)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({}, None, id="approved by another person"),
        pytest.param({"on": day(0)}, None, id="from today"),
        pytest.param({"expires": 0}, None, id="until today"),
        pytest.param({"expires": -1}, "it ended on 2026-11-21", id="ended yesterday"),
        pytest.param({"on": day(1)}, "approved only from 2026-11-23", id="from tomorrow"),
        pytest.param({"expires": 89}, None, id="as long as the policy allows"),
        pytest.param({"expires": 90}, "it runs for 91 days, and the policy allows 90", id="a day too long"),
        pytest.param({"approved_by": "wei"}, "another person must approve it", id="approved by who asked"),
        pytest.param({"approved_by": " WEI"}, "another person must approve it", id="in another spelling"),
        pytest.param(
            {"requested_by": "Iris", "approved_by": "lris"}, "whom nobody can tell from Iris", id="by a name alike"
        ),
    ],
)
def test_a_leave_works_under_the_rules_of_waivers(changed: dict[str, Any], why: str | None) -> None:
    found = assess(asked(leave_out={"b": leave(**changed)}))
    (status,) = found.waivers
    assert (status.name, status.active) == ("leave_out/b", why is None)
    assert states(found)["b/asked"] == ("not-applicable" if why is None else "not-met")
    assert str(found.verdict) == ("go" if why is None else "no-go")
    said = [render(flag.says, "en") for flag in found.flags if flag.flag == "ineffective-waiver"]
    assert len(said) == (why is not None)
    assert all((why or "") in flag for flag in said)


def test_what_is_not_asked_is_known_to_be_missing_and_shows_the_line_to_add() -> None:
    found = assess(asked(checklists=["a"]))
    assert render(found.headline, "en") == "no-go: 1 known to be missing"
    assert render(found.reasons[0], "en") == f"b/asked is not met (blocking, high risk): {LACKS}"
    (step,) = found.path_to_go
    assert "leave_out: {b: {reason: …" in render(step.action, "en")
    assert "leave_out: {b: {reason: …" in render(step.action, "zh-CN")
    assert str(found.verdict_at_best) == "no-go"


@pytest.mark.parametrize(
    "review",
    [
        pytest.param({"waivers": [waiver("b/asked")]}, id="a waiver"),
        pytest.param({"answers": {**ANSWERS, "b/asked": answer()}}, id="a yes"),
        pytest.param({"answers": {**ANSWERS, "b/asked": answer("not-applicable")}}, id="not applicable"),
    ],
)
def test_nothing_that_a_review_says_stands_in_for_a_checklist(review: dict[str, Any]) -> None:
    found = assess(asked(checklists=["a"], **review))
    assert (str(found.verdict), states(found)["b/asked"]) == ("no-go", "not-met")


def test_without_waivers_and_leaves_the_verdict_is_no_go() -> None:
    found = assess(asked(leave_out={"b": leave()}))
    assert (str(found.verdict), str(found.verdict_without_waivers)) == ("go", "no-go")


def test_that_a_leave_ends_is_forecast() -> None:
    found = assess(asked(leave_out={"b": leave(expires=10)}))
    (change,) = found.forecast[:1]
    assert (str(change.verdict), str(change.on), str(found.valid_until)) == ("no-go", day(11), day(10))
    assert "b/asked becomes not met" in render(change.because, "en")
    assert [flag.flag for flag in found.flags] == ["ending-waiver"]
    assert str(assess(found.case, offset=10).verdict) == "go"
    assert str(assess(found.case, offset=11).verdict) == "no-go"


def test_a_leave_for_what_is_asked_or_not_required_is_flagged() -> None:
    found = assess(asked(checklists=["a", "b"], leave_out={"b": leave(), "spare": leave()}))
    assert [(flag.flag, flag.about) for flag in found.flags] == [
        ("ineffective-waiver", "leave_out/b"),
        ("ineffective-waiver", "leave_out/spare"),
    ]


@pytest.mark.parametrize(
    ("keys", "workload"),
    [
        pytest.param({"when": {"tags": ["public"]}}, {}, id="for other tags"),
        pytest.param({"when": {"tier": 4}}, {}, id="for another tier"),
        pytest.param({"occasions": "recurring"}, {}, id="on another occasion"),
        pytest.param({"enforce_from": day(9)}, {"live_since": day(-9), "launch": day(-9)}, id="from a later day"),
    ],
)
def test_nothing_is_left_out_where_no_item_applies(keys: dict[str, Any], workload: dict[str, Any]) -> None:
    lists = [LISTS[0], checklist(item(**keys), name="b")]
    found = assess(asked(lists=lists, checklists=["a"], **workload))
    assert (str(found.verdict), shown(found)) == ("go", "1 of 1 checklist")
    one_more = [LISTS[0], checklist(item(**keys), item("z"), name="b")]
    assert str(assess(asked(lists=one_more, checklists=["a"], **workload)).verdict) == "no-go"


def test_the_day_from_which_a_checklist_applies_is_forecast() -> None:
    lists = [LISTS[0], checklist(item(enforce_from=day(9)), name="b")]
    found = assess(asked(lists=lists, checklists=["a"], live_since=day(-9), launch=day(-9)))
    assert [(str(change.verdict), str(change.on)) for change in found.forecast[:1]] == [("no-go", day(9))]


def test_what_is_left_out_is_in_no_count() -> None:
    found = assess(asked(leave_out={"b": leave()}))
    assert found.not_applicable == (0, 1)
    assert render(found.reasons[0], "en") == "Every item that applies of the checklists that are asked is met."


def test_votes_are_bound_to_what_is_left_out() -> None:
    cases = [
        asked(),
        asked(checklists=["a"]),
        asked(checklists=["b"]),
        asked(leave_out={"b": leave()}),
        asked(leave_out={"b": leave(expires=41)}),
        asked(leave_out={"b": leave(reason="other")}),
    ]
    assert len({assess(one).digest for one in cases}) == len(cases)
    assert assess(cases[3]).digest == assess(cases[3], offset=41).digest


@given(
    st.sets(st.sampled_from(["a", "b", "spare"])),
    st.dictionaries(st.sampled_from(["a", "b", "spare"]), st.integers(-1, 1).map(lambda n: leave(expires=n))),
)
def test_to_ask_less_or_to_lose_a_leave_is_never_better(chosen: set[str], leaves: dict[str, Any]) -> None:
    given_up = str(assess(asked(checklists=sorted(chosen))).verdict)
    held = str(assess(asked(checklists=sorted(chosen), leave_out=leaves)).verdict)
    full = str(assess(asked(checklists=["a", "b", "spare"])).verdict)
    order = ["no-go", "conditional-go", "go"]
    assert order.index(given_up) <= order.index(held) <= order.index(full)
    assert (held == "go") == (
        bool(chosen) and {"a", "b"} <= chosen | {name for name in leaves if leaves[name]["expires"] >= day(0)}
    )
