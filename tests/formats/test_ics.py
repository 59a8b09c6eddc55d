"""What lies ahead as iCalendar, read back by icalendar and by orr's own reader of calendars."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
from support.builders import day
from support.outcomes import BROKEN, TODAY, conditional, fleet, open_in_every_way, ready

from orr.formats.ics import ics
from orr.formats.unread import Outcome, Unread
from orr.messages import LANGUAGES


def events(*outcomes: Outcome, language: str = "en") -> dict[str, tuple[date, str]]:
    """By UID, the day and the summary of each event."""
    calendar = icalendar.Calendar.from_ical(ics(outcomes, TODAY, language))
    found = calendar.walk("VEVENT")
    by_uid = {str(one["UID"]): (one["DTSTART"].dt, str(one["SUMMARY"])) for one in found}
    assert len(by_uid) == len(found)
    return by_uid


def test_launch_due_plans_and_lapses_are_days() -> None:
    assert events(conditional()) == {
        "launch/till@orr": (date.fromisoformat(day(20)), "Shop: launch"),
        "due/till/c/planned@orr": (date.fromisoformat(day(4)), "Shop: due, c/planned (payments)"),
        f"lapse/till/{day(5)}@orr": (date.fromisoformat(day(5)), "Shop: no-go from this day on"),
        f"lapse/till/{day(10)}@orr": (date.fromisoformat(day(10)), "Shop: one item lapses"),
    }


def test_a_workload_that_could_not_be_read_is_an_event_of_today_that_says_why() -> None:
    text = ics([BROKEN], TODAY, "en")
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert event["DTSTART"].dt == TODAY
    assert str(event["DESCRIPTION"]).startswith("workloads/legacy/workload.yaml:2:7: ")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_keeps_its_uid_in_each_language_and_each_run(language: str) -> None:
    assert events(*fleet(), language=language).keys() == events(*fleet()).keys()


def test_people_s_words_begin_no_property() -> None:
    hostile = "x\r\nATTACH:file:///etc/passwd\nBEGIN:VALARM"
    text = ics([open_in_every_way(hostile), Unread(hostile, BROKEN.faults)], TODAY, "en")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert not any(line.startswith(("ATTACH", "BEGIN:VALARM")) for line in lines)


def test_a_go_has_the_day_on_which_it_ends() -> None:
    assert events(ready())[f"lapse/store/{day(366)}@orr"][1] == "Shop: no-go from this day on"
