"""When a waiver is active, and for which of its items."""

from __future__ import annotations

from typing import Any

import pytest
from support.builders import answer, assess, case, item, waiver

from orr.evaluate.case import WaiverStatus
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
