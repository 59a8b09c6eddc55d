"""Asking for, approving and closing an exception."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from orr.model.review import Review
from orr.workspace.editing import Refused
from orr.workspace.emergencies import approve, ask, close

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def asked() -> Review:
    return ask(Review(review="shop"), "payments are down", "ana", NOW, 4, None)[0]


def test_each_gets_the_next_number() -> None:
    review, second = ask(asked(), "again", "ana", NOW, 24, "production")
    assert [one.emergency for one in review.emergencies] == ["E-1", "E-2"]
    assert (second.hours, second.environment) == (24, "production")


def test_another_person_approves_and_anybody_closes_it() -> None:
    (one,) = close(approve(asked(), "E-1", "bo", NOW), "E-1", "ana", NOW).emergencies
    assert (one.approved_by, one.approved_at, one.closed_by, one.closed_on) == ("bo", NOW, "ana", NOW.date())


@pytest.mark.parametrize("by", ["ana", "Ana", "ana@example.com"])
def test_who_asked_for_it_cannot_approve_it(by: str) -> None:
    with pytest.raises(Refused, match="another person must approve it"):
        approve(asked(), "E-1", by, NOW)


def test_nothing_is_done_twice_or_to_none() -> None:
    approved = approve(asked(), "E-1", "bo", NOW)
    with pytest.raises(Refused, match="approved by bo already"):
        approve(approved, "E-1", "cy", NOW)
    closed = close(approved, "E-1", "cy", NOW)
    for again in (approve, close):
        with pytest.raises(Refused, match="was closed on"):
            again(closed, "E-1", "cy", NOW)
    with pytest.raises(Refused, match="There is no exception E-2"):
        close(approved, "E-2", "cy", NOW)
