"""The time zones of a calendar: those everybody knows, and those it brings along."""

from __future__ import annotations

import pytest
from support.calendars import OWN_ZONE, doubts, ics, spans
from support.lanes import package

package("icalendar")

LENGTH = "DURATION:PT1H"


def start(zone: str, wall: str = "20260601T080000") -> str:
    return f"DTSTART;TZID={zone}:{wall}"


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "W. Europe Standard Time", "/x.org/1/Europe/Berlin", "Office", '"Office"'],
    ids=["a known name", "a name of Windows", "a prefixed name", "its own", "in quotes"],
)  # fmt: skip
def test_a_zone_is_found_by_its_name(zone: str) -> None:
    assert spans(ics(start(zone), LENGTH, head=OWN_ZONE)) == ["06-01T06:00/06-01T07:00"]


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Office"])
@pytest.mark.parametrize(
    ("wall", "expected"),
    [("20261025T023000", "10-25T00:30"), ("20260329T023000", "03-29T01:30"), ("20261025T030000", "10-25T02:00")],
    ids=["twice: the first", "never: from before", "after"],
)
def test_a_time_in_the_hour_of_change_is_read_as_the_standard_says(zone: str, wall: str, expected: str) -> None:
    assert spans(ics(start(zone, wall), LENGTH, head=OWN_ZONE))[0].split("/")[0] == expected


def test_an_own_zone_reaches_as_far_as_what_is_looked_at() -> None:
    long = ("DTSTART;TZID=Office:20261201T080000", "DTEND;TZID=Office:20270701T080000")
    assert spans(ics(*long, head=OWN_ZONE)) == ["12-01T07:00/07-01T06:00"]


def test_a_zone_that_one_file_defines_does_not_hold_in_another() -> None:
    assert spans(ics(start("Office"), LENGTH, head=OWN_ZONE)) == ["06-01T06:00/06-01T07:00"]
    assert spans(ics(start("Office"), LENGTH, head=OWN_ZONE.replace("+0200", "+0500"))) == ["06-01T03:00/06-01T04:00"]
    assert "neither known nor defined" in doubts(ics(start("Office"), LENGTH))[0]


def test_a_zone_of_one_calendar_does_not_hold_in_the_next_of_the_same_file() -> None:
    raw = ics("SUMMARY:a", start("Office"), head=OWN_ZONE) + ics("SUMMARY:b", start("Office"))
    assert spans(raw) == ["06-01T06:00/06-01T06:00"]
    assert "“b”" in doubts(raw)[0]


@pytest.mark.parametrize(
    "name", ["Mars/Base", "CST", "IST", "BST", "EST", "UTC+1", "/etc/passwd", "../../etc/passwd", "../../../tmp/zone"]
)
def test_a_zone_that_is_not_known_or_means_several_makes_its_event_doubtful(name: str) -> None:
    (doubt,) = doubts(ics("SUMMARY:Freeze", start(name), LENGTH))
    # Whatever the zone is, the event lies within a day of what it says.
    assert doubt.startswith("05-31T08:00/06-02T09:00 “Freeze” (c.ics:3): it is in the time zone")
    assert "neither known nor defined" in doubt


def test_an_abbreviation_means_what_the_calendar_says_beside_it() -> None:
    for name in ("EST", "CST", "GMT"):
        own = OWN_ZONE.replace("TZID:Office", f"TZID:{name}")
        assert spans(ics(start(name), LENGTH, head=own)) == ["06-01T06:00/06-01T07:00"]


@pytest.mark.parametrize(
    ("name", "second", "clear"),
    [
        ("Mine", "+0200", True), ("Mine", "+0900", False), ("Europe/Berlin", "+0900", True),
    ],
    ids=["alike", "otherwise", "a known name"],
)  # fmt: skip
def test_a_zone_that_is_defined_in_two_ways_is_not_clear(name: str, second: str, clear: bool) -> None:
    one = OWN_ZONE.replace("TZID:Office", f"TZID:{name}")
    raw = ics(start(name), LENGTH, head=f"{one}\n{one.replace('+0200', second)}")
    assert spans(raw) == (["06-01T06:00/06-01T07:00"] if clear else [])
    assert clear or "which the file defines in two ways" in doubts(raw)[0]


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("TZOFFSETTO:+0200", "TZOFFSETTO:soon"),
        ("TZOFFSETTO:+0200", "X-NOTHING:1"),
        ("DTSTART:19700329T020000", "DTSTART:19700229T020000"),
        ("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU", "RRULE:FREQ=SOON"),
    ],
)
def test_a_zone_that_cannot_be_read_makes_the_events_in_it_doubtful(good: str, bad: str) -> None:
    broken = OWN_ZONE.replace(good, bad)
    (doubt,) = doubts(ics(start("Office"), LENGTH, head=broken))
    assert "whose definition in the file cannot be read" in doubt
    assert spans(ics(start("Europe/Berlin"), LENGTH, head=broken)) == ["06-01T06:00/06-01T07:00"]


def test_days_and_times_without_a_zone_are_in_that_of_the_calendar() -> None:
    head = "X-WR-TIMEZONE:Asia/Shanghai"
    assert spans(ics("DTSTART;VALUE=DATE:20260601", head=head)) == ["05-31T16:00/06-01T16:00"]
    assert spans(ics("DTSTART:20260601T080000", LENGTH, head=head)) == ["06-01T00:00/06-01T01:00"]
    assert spans(ics("DTSTART:20260601T080000", LENGTH)) == ["06-01T06:00/06-01T07:00"]


@pytest.mark.parametrize("head", ["X-WR-TIMEZONE:Mars/Base", "X-WR-TIMEZONE=Europe/Berlin"])
def test_a_zone_of_the_calendar_that_is_not_known_matters_only_where_it_is_needed(head: str) -> None:
    assert spans(ics("DTSTART:20260601T080000Z", LENGTH, head=head)) == ["06-01T08:00/06-01T09:00"]
    assert "time zone" in doubts(ics("DTSTART:20260601T080000", LENGTH, head=head))[0]
