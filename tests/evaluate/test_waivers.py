"""When a waiver is active, and for which of its items."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, choices, day, item, waiver

from orr.evaluate.assessed import WaiverStatus
from orr.messages import render

ROW = {"waiver_max_days": 30}


def status(*waivers: dict[str, Any], offset: int = 0) -> WaiverStatus:
    made = case(item("a"), item("b", waivable=False), answers={"a": answer("no")}, waivers=waivers, policy=ROW)
    return assess(made, offset=offset).waivers[0]


@pytest.mark.parametrize(
    ("given", "active", "why"),
    [
        pytest.param(waiver("c/a", approved=-5, expires=10), True, "approved by ana", id="approved and running"),
        pytest.param(waiver("c/a", approved=0, expires=10), True, "approved by ana", id="approved today"),
        pytest.param(waiver("c/a", approved=-5, expires=0), True, "until 2026-11-22", id="on its last day"),
        pytest.param(waiver("c/a", approved=-5, expires=-1), False, "it ended on 2026-11-21", id="a day later"),
        pytest.param(waiver("c/a", approved=1, expires=10), False, "only from 2026-11-23", id="approved from tomorrow"),
        pytest.param(waiver("c/a", approved=None, expires=10), False, "not approved yet", id="not approved"),
        pytest.param(
            waiver("c/a", approved=None, expires=10, approved_by="ana"),
            False,
            "not approved yet",
            id="approved on no day",
        ),
        pytest.param(
            waiver("c/a", approved=-1, expires=29), True, "approved by ana", id="as long as the policy allows"
        ),
        pytest.param(
            waiver("c/a", approved=-1, expires=30),
            False,
            "it runs for 31 days, and the policy allows 30",
            id="a day longer",
        ),
        pytest.param(
            waiver("c/a", expires=9, approved_by="wei"),
            False,
            "another person must approve it",
            id="approved by who asked",
        ),
        pytest.param(
            waiver("c/a", expires=9, approved_by=" Wei "), False, "another person", id="the same name in other letters"
        ),
        pytest.param(
            waiver("c/a", expires=9, requested_by="José", approved_by="Jose\u0301"),
            False,
            "asked for it and approved it",
            id="the same name in another normal form",
        ),
        pytest.param(
            waiver("c/a", expires=9, requested_by="ace", approved_by="\u0430\u0441\u0435"),
            False,
            "whom nobody can tell from ace, who asked for it",
            id="a name that looks alike",
        ),
        pytest.param(
            waiver("c/a", expires=9, approved_by="wei@example.com"),
            False,
            "wei@example.com approved it, whom nobody can tell from wei",
            id="an address of that name",
        ),
        pytest.param(
            waiver("c/a", expires=9, revoked_on="2026-11-22"), False, "revoked on 2026-11-22", id="revoked today"
        ),
        pytest.param(
            waiver("c/a", expires=9, revoked_on="2026-11-23"),
            False,
            "revoked on 2026-11-23",
            id="revoked from tomorrow",
        ),
        pytest.param(waiver("c/b", expires=9), False, "no waiver is allowed for c/b", id="not waivable"),
        pytest.param(waiver("c/b", "c/a", expires=9), True, "approved by ana", id="one of its items is"),
        pytest.param(waiver("d/x", expires=9), False, "not reviewed on d/x", id="an item of another checklist"),
        pytest.param(waiver("d/x", "c/b", expires=9), False, "no waiver is allowed", id="neither of both"),
        pytest.param(waiver("d/x", "c/a", expires=9), True, "approved by ana", id="one of them is reviewed"),
    ],
)
def test_a_waiver_is_active_or_says_why_not(given: dict[str, Any], active: bool, why: str) -> None:
    told = status(given)
    assert told.active is active
    assert why in render(told.why, "en")


def test_a_waiver_works_for_those_of_its_items_that_may_be_waived() -> None:
    told = status(waiver("c/b", "c/a", expires=9))
    assert (told.items, told.refused) == ({"c/a"}, ("c/b",))


def test_an_inactive_waiver_works_for_nothing() -> None:
    assert status(waiver("c/a", approved=None)).items == frozenset()


def test_of_two_waivers_the_one_that_lasts_longer_covers() -> None:
    shorter, longer = waiver("c/a", name="A", expires=5), waiver("c/a", name="B", expires=9)
    for order in ([shorter, longer], [longer, shorter]):
        assessed = assess(case(item("a"), answers={"a": answer("no")}, waivers=order))
        assert assessed.items[0].covered_by == "waiver:B"
        assert [(str(change.on), str(change.verdict)) for change in assessed.forecast] == [("2026-12-02", "no-go")]


def test_waivers_are_told_in_the_order_of_the_review() -> None:
    made = case(item("a"), waivers=[waiver("c/a", name="Z"), waiver("c/a", name="A", approved=None)])
    assert [(one.name, one.active) for one in assess(made).waivers] == [("Z", True), ("A", False)]


# One after another


def row(*spans: tuple[int, int, str], **revoked: str) -> list[dict[str, Any]]:
    """Waivers of one item with first day, last day and approver, the policy allowing 30 days."""
    return [
        waiver("c/a", name=f"W-{place}", approved=first, expires=last, approved_by=by, **revoked)
        for place, (first, last, by) in enumerate(spans, 1)
    ]


@pytest.mark.parametrize(
    ("spans", "why"),
    [
        pytest.param([(-20, -1, "ana"), (0, 11, "ana")], None, id="together as long as allowed"),
        pytest.param(
            [(-20, -1, "ana"), (0, 12, "ana")],
            "with W-1 it covers c/a for 31 days, and the policy allows 30; longer needs an approver who approved none",
            id="together longer",
        ),
        pytest.param([(-20, -1, "ana"), (0, 12, "bo")], None, id="longer, by another approver"),
        pytest.param([(-20, -1, "ana"), (0, 12, "@Ana")], "not ana", id="by the same approver in other letters"),
        pytest.param([(-60, -30, "ana"), (0, 12, "ana")], "with W-1", id="a gap as long as the limit"),
        pytest.param([(-61, -31, "ana"), (0, 12, "ana")], None, id="a gap beyond the limit"),
        pytest.param([(-20, 12, "ana"), (-5, 10, "ana")], "for 32 days", id="after one too long by itself"),
        pytest.param([(-20, 5, "ana"), (-10, 10, "ana")], None, id="what overlaps counts once"),
        pytest.param([(-50, -30, "ana"), (-20, -1, "bo"), (0, 9, "ana")], "with W-1, W-2", id="in turns"),
        pytest.param([(-50, -30, "ana"), (-20, -1, "bo"), (0, 9, "cy")], None, id="by a third approver"),
        pytest.param([(-50, -30, "ana"), (-20, -1, "ana"), (0, 9, "ana")], "with W-1, W-2", id="after one in vain"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "last first"])
def test_waivers_of_one_item_add_up_and_longer_needs_another_approver(
    spans: list[tuple[int, int, str]], why: str | None, turned: bool
) -> None:
    given = row(*spans)
    made = case(item("a"), answers={"a": answer("no")}, waivers=given[::-1] if turned else given, policy=ROW)
    last = next(one for one in assess(made).waivers if one.name == given[-1]["waiver"])
    assert last.active is (why is None)
    assert (why or "approved by") in render(last.why, "en")


def test_a_waiver_that_was_revoked_counts_until_then() -> None:
    first = waiver("c/a", name="W-1", approved=-20, expires=9, revoked_on=day(-15))
    second = waiver("c/a", name="W-2", approved=-10, expires=15)
    assert status(first, second).active is False
    assert assess(case(item("a"), waivers=[first, second], policy=ROW)).waivers[1].active


def test_a_waiver_that_exceeds_for_one_item_covers_its_others() -> None:
    given = [*row((-30, -1, "ana")), waiver("c/a", "c/b", name="W-9", approved=0, expires=9)]
    made = case(item("a"), item("b"), answers={"a": answer("no"), "b": answer("no")}, waivers=given, policy=ROW)
    found = assess(made)
    assert (found.waivers[1].active, found.waivers[1].items) == (True, {"c/b"})
    assert [one.covered_by for one in found.items] == [None, "waiver:W-9"]
    assert "exceeding-waiver" in [flag.flag for flag in found.flags]


# The state that it was approved on


@pytest.mark.parametrize(
    ("states", "reply", "covered"),
    [
        ({"c/a": "not-met"}, "no", True),
        ({"c/a": "not-met"}, "partial", True),
        ({"c/a": "not-met"}, None, True),
        ({"c/a": "partial"}, "partial", True),
        ({"c/a": "partial"}, "no", False),
        ({"c/a": "unanswered"}, None, True),
        ({"c/a": "unanswered"}, "no", False),
        ({"c/a": "unknown"}, "no", False),
        ({"c/a": "met"}, "partial", False),
        ({"c/b": "not-met"}, "no", False),
        ({}, "no", False),
    ],
    ids=str,
)
def test_a_waiver_does_not_cover_a_worse_state(states: dict[str, str], reply: str | None, covered: bool) -> None:
    said = {} if reply is None else {"a": answer(reply)}
    found = assess(
        case(item("a"), answers=said, waivers=[waiver("c/a", states=states)], policy=ROW | {"waiver_max_days": 90})
    )
    assert found.items[0].covered_by == ("waiver:W-1" if covered else None)
    assert ("outgrown-waiver" in [flag.flag for flag in found.flags]) is not covered


@pytest.mark.parametrize(("risk", "covered"), [("high", True), ("medium", False), (None, False)], ids=str)
def test_a_waiver_of_a_section_does_not_cover_a_higher_risk(risk: str | None, covered: bool) -> None:
    section = choices("x", "y", rules=[("x && y", "none"), ("x || y", "medium"), ("default", "high")])
    risks = {} if risk is None else {"c/s": risk}
    said = {"x": answer("no"), "y": answer("no")}
    (only,) = assess(case(sections=[section], answers=said, waivers=[waiver("c/s", risks=risks)])).items
    assert only.covered_by == ("waiver:W-1" if covered else None)


def test_of_two_waivers_the_one_that_was_approved_on_the_state_covers() -> None:
    longer, shorter = waiver("c/a", name="A", expires=9, states={}), waiver("c/a", name="B", expires=5)
    assert assess(case(item("a"), answers={"a": answer("no")}, waivers=[longer, shorter])).items[0].waived_by == "B"
