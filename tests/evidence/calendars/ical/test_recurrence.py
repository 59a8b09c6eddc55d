"""Recurrence rules: read, and worked out within bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.calendars import BERLIN, found, ics
from support.lanes import package

from orr.evidence.calendars.ical.recurrence import IN_VAIN, Budget, Refused, read_rule
from orr.evidence.errors import Undetermined
from orr.messages import render

package("icalendar")
rrule = package("dateutil.rrule")

FIRST = datetime(2026, 6, 1, 8)
END = datetime(2027, 1, 1)


@pytest.mark.parametrize(
    ("rule", "days"),
    [
        ("FREQ=DAILY;COUNT=3", [1, 2, 3]),
        ("freq=weekly; interval=2 ;byday=MO,WE;count=4;", [1, 3, 15, 17]),
        ("FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3;COUNT=1", [4]),
        ("FREQ=YEARLY;BYMONTH=6;BYMONTHDAY=-1;COUNT=1", [30]),
    ],
)
def test_a_rule_gives_its_starts(rule: str, days: list[int]) -> None:
    found = list(read_rule(rule).starts(FIRST, FIRST, END, Budget("c.ics")))
    assert [start.day for start in found] == days
    assert all(start.time() == FIRST.time() for start in found)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("", "the rule RRULE"), ("FREQ=SOON", "(FREQ)"), ("COUNT=3", "(FREQ)"), ("FREQ=DAILY;INTERVAL=0", "(INTERVAL)"),
        ("FREQ=DAILY;COUNT=-1", "(COUNT)"), ("FREQ=DAILY;UNTIL=soon", "(UNTIL)"),
        ("FREQ=DAILY;UNTIL=20260631", "(UNTIL)"),
        ("FREQ=DAILY;FREQ=DAILY", "(FREQ=DAILY)"), ("FREQ=DAILY;UNTL=20260701", "(UNTL=20260701)"),
        ("FREQ=DAILY;RSCALE=CHINESE", "RSCALE"), ("FREQ=SECONDLY", "too often"),
        ("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30", "too often"), ("FREQ=HOURLY;BYSETPOS=7;BYMINUTE=1", "too often"),
    ],
)  # fmt: skip
def test_a_rule_that_is_broken_or_has_no_bounds_is_refused(rule: str, words: str) -> None:
    with pytest.raises(Refused) as raised:
        read_rule(rule)
    assert words in render(raised.value.why, "en")


def test_what_only_the_library_can_see_is_refused_where_it_is_worked_out() -> None:
    with pytest.raises(Refused) as raised:
        list(read_rule("FREQ=WEEKLY;BYDAY=XX").starts(FIRST, FIRST, END, Budget("c.ics")))
    assert "BYDAY" in render(raised.value.why, "en")
    with pytest.raises(Refused, match="2400"):
        list(read_rule("FREQ=DAILY").starts(FIRST, FIRST, datetime(2400, 1, 1), Budget("c.ics")))


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "FREQ=DAILY;COUNT=3;BYSETPOS=5"])
def test_a_rule_that_never_comes_costs_as_much_as_many_starts(rule: str) -> None:
    budget = Budget("c.ics")
    assert list(read_rule(rule).starts(FIRST, FIRST, END, budget)) == []
    assert budget.left == budget.starts - IN_VAIN - 1


@pytest.mark.parametrize(
    ("until", "of_days", "narrow", "wide"),
    [
        ("20260602T060000Z", False, "06-02 08:00", "06-02 08:00"),
        ("20260602T080000", False, "06-02 08:00", "06-02 10:00"),
        ("20260602", False, "06-02 00:00", "06-02 23:59"),
        ("20260602", True, "06-02 00:00", "06-02 00:00"),
        ("20260602T220000Z", True, "06-02 00:00", "06-03 00:00"),
    ],
    ids=["a moment", "a time without offset", "a day, for times", "a day, for days", "a moment, for days"],
)
def test_an_end_that_does_not_fit_its_series_has_two_readings(
    until: str, of_days: bool, narrow: str, wide: str
) -> None:
    ends = read_rule(f"FREQ=DAILY;UNTIL={until}").ends(BERLIN, of_days)
    assert ends is not None
    assert [f"{end:%m-%d %H:%M}" for end in ends] == [narrow, wide]


def test_starts_are_counted_and_time_is_taken() -> None:
    often = "FREQ=HOURLY;BYHOUR=0,1,2,3;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9"
    raw = ics("DTSTART:20260101T000000Z", "DURATION:PT1S", f"RRULE:{often}")
    with pytest.raises(Undetermined) as raised:
        found(raw, starts=5_000)
    assert "more than 5000 times" in render(raised.value.why, "en")
    with pytest.raises(Undetermined) as raised:
        found(raw, seconds=-1.0)
    assert "took longer" in render(raised.value.why, "en")


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31"])
def test_a_rule_that_never_comes_to_pass_is_looked_at_for_four_centuries_at_most(
    rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = 0  # one a month
    look = rrule._iterinfo.rebuild

    def counted(*arguments: Any) -> None:
        nonlocal steps
        steps += 1
        assert steps <= 400 * 12, "up to the year 9999 there would be twenty times as many months"
        look(*arguments)

    monkeypatch.setattr(rrule._iterinfo, "rebuild", counted)
    assert len(found(ics("DTSTART:20260101T000000Z", "DURATION:PT1H", f"RRULE:{rule}"))) == 1
    assert steps > 300 * 12


def test_what_recurs_for_centuries_is_worked_out_where_it_is_looked_at() -> None:
    raw = ics("DTSTART:16010101T080000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;INTERVAL=2")
    assert len(found(raw, starts=400)) in (182, 183)


def test_starts_are_counted_from_the_first() -> None:
    assert found(ics("DTSTART:20250601T080000Z", "RRULE:FREQ=DAILY;COUNT=30")) == []


@given(
    st.sampled_from(["HOURLY", "DAILY", "WEEKLY"]), st.integers(1, 9), st.integers(0, 400),
    st.sampled_from(["", ";BYDAY=MO,FR", ";BYMONTH=6,11;WKST=SU"]),
)  # fmt: skip
def test_a_later_beginning_gives_the_same_starts(frequency: str, interval: int, days: int, more: str) -> None:
    rule = read_rule(f"FREQ={frequency};INTERVAL={interval}{more}")
    after = FIRST.replace(year=2025 + days // 366, month=1 + days % 12)
    last = after.replace(day=28)
    near, all_ = (
        {start for start in rule.starts(FIRST, begin, last, Budget("c.ics")) if start >= after}
        for begin in (after, FIRST)
    )
    assert near == all_


@given(st.text(max_size=40) | st.text("FREQ=DAILYUNT;,0123456789Z", max_size=40).map("FREQ=DAILY;{}".format))
def test_any_text_is_a_rule_or_refused(text: str) -> None:
    try:
        rule = read_rule(text)
    except Refused:
        return
    assert rule.interval > 0
    assert rule.ends(UTC, False) is None or rule.until is not None
