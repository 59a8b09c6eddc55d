"""Time zones as people write them beside a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.evidence.calendars.zone_names import designation, zone_named

WINTER, SUMMER = datetime(2026, 12, 1, 9), datetime(2026, 7, 1, 9)


@pytest.mark.parametrize(
    ("after", "name"),
    [
        ("", ""), ("Z", "Z"), ("+01:00", "+01:00"), (" UTC - restored", "UTC"), (" (UTC+8)", "UTC+8"),
        (" GMT-0700 (PDT)", "GMT-0700"), ("+01:00[Europe/Berlin]", "+01:00"), (" [Europe/Berlin]", "Europe/Berlin"),
        (" CET", "CET"), (" cet", "cet"), (" CST, by failover", "CST"), ("（北京时间）", "北京时间"),
        (" local time", "local time"), (" Pacific Time", "Pacific Time"),
        (" Pacific", "Pacific"), (" server time", "server time"),
        (" 美东时间", "美东时间"), ("（太平洋夏令时）", "太平洋夏令时"), ("UTC时间", "UTC时间"), (" XYZ", "XYZ"),
        (" - restored", ""), (" API down", ""), (" by hand", ""), (" first time", ""), (" hrs", ""), (" west wing", ""),
    ],
)  # fmt: skip
def test_what_follows_a_time_names_a_zone_or_is_prose(after: str, name: str) -> None:
    assert designation(after) == name


@pytest.mark.parametrize(
    ("name", "wall", "hours"),
    [
        ("Z", WINTER, 0), ("utc", WINTER, 0), ("+08:00", WINTER, 8), ("UTC-3", WINTER, -3), ("−05:30", WINTER, -5.5),
        ("CET", WINTER, 1), ("CEST", SUMMER, 2), ("PST", WINTER, -8), ("pdt", SUMMER, -7), ("JST", SUMMER, 9),
        ("Europe/Berlin", SUMMER, 2), ("北京时间", WINTER, 8), ("UTC时间", WINTER, 0),
    ],
)  # fmt: skip
def test_a_zone_that_is_clear_gives_its_offset(name: str, wall: datetime, hours: float) -> None:
    zone = zone_named(name, wall)
    assert zone is not None
    assert wall.replace(tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("name", "wall"),
    [
        ("CST", WINTER), ("IST", WINTER), ("BST", SUMMER), ("AST", WINTER), ("ET", WINTER), ("XYZ", WINTER),
        ("local time", WINTER), ("Pacific Time", WINTER), ("美东时间", WINTER), ("Mars/Base", WINTER),
        ("+15:00", WINTER),
        ("CET", SUMMER), ("CEST", WINTER), ("EDT", WINTER), ("当地时间", WINTER), ("../etc/passwd", WINTER),
        ("", WINTER),
    ],
)  # fmt: skip
def test_a_zone_that_is_not_known_or_means_several_is_none(name: str, wall: datetime) -> None:
    assert zone_named(name, wall) is None


def test_an_abbreviation_tells_apart_what_the_clock_shows_twice() -> None:
    twice = datetime(2026, 10, 25, 2, 30)
    first, second = (zone_named(name, twice) for name in ("CEST", "CET"))
    assert twice.replace(tzinfo=second) - twice.replace(tzinfo=first) == timedelta(hours=1)


@given(st.text(max_size=30))
def test_any_text_names_a_zone_or_none(text: str) -> None:
    name = designation(text)
    assert name in text
    zone = zone_named(name, WINTER)
    assert zone is None or abs(zone.utcoffset(WINTER) or timedelta()) <= timedelta(hours=14)
