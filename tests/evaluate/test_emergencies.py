"""Exceptions in an emergency: who, for how long, and where."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evaluate.emergencies import LONGEST, ends, in_words, passing, unclosed, why_not
from orr.messages import render
from orr.model.release import Release
from orr.model.review import Emergency
from orr.model.validation import read

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HERE = ZoneInfo("Asia/Shanghai")


def emergency(**keys: Any) -> Emergency:
    told = {"emergency": "E-1", "reason": "payments are down", "requested_by": "ana"}
    approved = {"requested_at": "2026-11-22T11:00Z", "approved_by": "bo", "approved_at": "2026-11-22T11:30Z"}
    return read(Emergency, {key: value for key, value in {**told, **approved, **keys}.items() if value is not None})


def test_an_approved_one_lets_a_release_pass() -> None:
    assert passing([emergency()], NOW, UTC, Release()) == (emergency(), ())


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        pytest.param({"approved_by": None}, "not approved", id="nobody"),
        pytest.param({"approved_at": None}, "not approved", id="never"),
        pytest.param({"approved_by": "ana"}, "two persons", id="the same person"),
        pytest.param({"approved_by": "ana@example.com"}, "two persons", id="one who looks alike"),
        pytest.param({"closed_on": "2026-11-22", "closed_by": "cy"}, "closed", id="closed"),
        pytest.param({"closed_by": "cy"}, "closed", id="closed without a day"),
        pytest.param({"approved_at": "2026-11-22T12:30Z"}, "only from", id="ahead"),
        pytest.param({"approved_at": "2026-11-21T12:00Z"}, "ended", id="after a day"),
        pytest.param({"hours": 1, "approved_at": "2026-11-22T11:00Z"}, "ended", id="after its hours"),
        pytest.param({"environment": "staging"}, "staging alone", id="elsewhere"),
        pytest.param({"approved_at": "2026-11-22T12:30"}, None, id="local time, which has come"),
    ],
)
def test_one_that_holds_not_is_told(keys: dict[str, Any], says: str | None) -> None:
    why = why_not(emergency(**keys), NOW, HERE, Release(environment="production"))
    assert (why is None) if says is None else (why is not None and says in render(why, "en"))


@pytest.mark.parametrize(
    ("keys", "holds"),
    [
        pytest.param({"approved_by": "bo"}, False, id="the same approver"),
        pytest.param({"approved_by": "cy"}, True, id="another approver"),
        pytest.param({"approved_by": "bo", "approved_at": "2026-11-20T11:00Z"}, True, id="more than a day between"),
        pytest.param({"approved_by": "bo", "closed_by": "cy", "closed_on": "2026-11-22"}, False, id="closed meanwhile"),
    ],
)
def test_exceptions_of_one_approver_last_a_day_together(keys: dict[str, Any], holds: bool) -> None:
    before = emergency(**{"approved_at": "2026-11-21T11:00Z", **keys})
    second = emergency(emergency="E-2")
    found, refused = passing([before, second], NOW, UTC, Release())
    assert (found == second) is holds
    assert holds or "more than a day takes another approver" in render(refused[-1], "en")


@given(st.integers(1, 24), st.timedeltas(timedelta(0), timedelta(days=4)), st.booleans())
def test_none_holds_longer_than_its_hours_or_a_day(hours: int, later: timedelta, closed: bool) -> None:
    approved = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    one = emergency(hours=hours, **({"closed_on": "2026-11-22"} if closed else {}))
    holds = why_not(one, approved + later, UTC, Release()) is None
    assert holds is (not closed and later < min(timedelta(hours=hours), LONGEST))


def test_one_stays_to_be_looked_at_until_it_is_closed() -> None:
    asked, closed = emergency(approved_by=None, approved_at=None), emergency(closed_on="2026-11-22")
    old = emergency(approved_at="2026-01-01")
    assert unclosed([asked, closed, old]) == (old,)
    assert ends(asked, UTC) is None
    assert render(in_words(old, UTC), "en") == (
        "E-1 (payments are down), asked for by ana, approved by bo, until 2026-01-02 00:00 (UTC)"
    )
    assert render(in_words(old, HERE), "en").endswith("until 2026-01-02 00:00 (Asia/Shanghai)")
