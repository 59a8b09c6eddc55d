"""The check `calendar`: whether a change calendar is open at the launch."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from support.lanes import package

from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.picture import Stretches
from orr.model.settings import Settings
from orr.model.workload import Owner, Workload
from orr.testing import run_check

package("icalendar")

TODAY = date(2026, 11, 23)


def workload(launch: str | None) -> Workload:
    when = None if launch is None else datetime.fromisoformat(launch) if "T" in launch else date.fromisoformat(launch)
    return Workload(workload="x", title="X", tier=1, owner=Owner(team="t"), launch=when)


def calendar(
    folder: Path, launch: str | None = "2026-12-01T09:00+00:00", today: date = TODAY, **parameters: object
) -> Finding:
    given = {"path": "*.ics", **parameters}
    finding = run_check("calendar", folder, today=today, workload=workload(launch), **given)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


def ics(*events: str, kind: str = "DEFAULT_OPEN") -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    if kind:
        lines.append(f"X-CALENDAR-TYPE:{kind}")
    for event in events:
        title, start, end, *more = event.split()
        lines += ["BEGIN:VEVENT", f"SUMMARY:{title}", f"DTSTART:{start}", f"DTEND:{end}", *more, "END:VEVENT"]
    return "\n".join([*lines, "END:VCALENDAR", ""])


LATER = "Freeze 20261220T000000Z 20270103T000000Z"
NOW = "Freeze 20261130T000000Z 20261202T000000Z"
SOON = "Freeze 20261201T110000Z 20261202T000000Z"
WINDOW = "Window 20261201T080000Z 20261201T120000Z"


@pytest.mark.parametrize(
    ("text", "parameters", "outcome", "words"),
    [
        (ics(LATER), {}, Outcome.MET, "open at the launch (2026-12-01 09:00+00:00) until 2026-12-20 00:00+00:00"),
        (ics(NOW), {}, Outcome.NOT_MET, "closed by “Freeze” (c.ics:4) until 2026-12-02 00:00+00:00; next open from"),
        (ics(SOON), {"open_hours": 2}, Outcome.MET, "for 2 hours"),
        (ics(SOON), {"open_hours": 4}, Outcome.PARTIAL, "only until 2026-12-01 11:00+00:00, for 2 hours, and 4 hours"),
        (ics(WINDOW, kind="DEFAULT_CLOSED"), {}, Outcome.MET, "opened by “Window” (c.ics:4)"),
        (ics(LATER, kind="DEFAULT_CLOSED"), {}, Outcome.NOT_MET, "no event of c.ics opens it; next open from 2026"),
        (ics(kind="DEFAULT_CLOSED"), {}, Outcome.NOT_MET, "not open long enough within the next 366 days"),
        (ics(LATER, kind=""), {"meaning": "default_open"}, Outcome.MET, "no event closes it"),
        (ics(LATER, kind=""), {}, Outcome.UNKNOWN, "it is not known whether the events"),
        (ics(LATER), {"meaning": "default_closed"}, Outcome.MET, "no event closes it"),
        (ics(LATER, kind=""), {"meaning": "default_closed"}, Outcome.NOT_MET, "no event of c.ics opens it"),
        (ics(LATER, kind="HALF_OPEN"), {}, Outcome.UNKNOWN, "HALF_OPEN"),
        (ics(), {}, Outcome.UNKNOWN, "no event within a year"),
        (ics(), {"may_be_empty": True}, Outcome.MET, "beyond 2027-12-02"),
        (ics("Freeze 20260101T000000Z 20260102T000000Z"), {}, Outcome.UNKNOWN, "ended on 2026-01-02"),
        (ics(NOW.replace("Freeze", "Party"), LATER), {"events": "freeze|封网"}, Outcome.MET, "no event closes it"),
        (ics(NOW), {"events": "party"}, Outcome.UNKNOWN, "no event that matches party"),
        (ics(NOW + " X-EVENT-TYPE:ADVISORY", LATER), {}, Outcome.MET, "no event closes it"),
        (ics(NOW + " STATUS:CANCELLED", LATER), {}, Outcome.MET, "no event closes it"),
        (ics(NOW + " TRANSP:TRANSPARENT"), {}, Outcome.NOT_MET, "closed by"),
        (ics(NOW + " STATUS:TENTATIVE"), {}, Outcome.NOT_MET, "closed by"),
        (ics(WINDOW + " STATUS:TENTATIVE", kind="DEFAULT_CLOSED"), {}, Outcome.NOT_MET, "opens it"),
        (ics("Freeze 20260106T080000Z 20260106T120000Z RRULE:FREQ=WEEKLY"), {}, Outcome.NOT_MET, "closed by"),
        (ics("Point 20261201T093000Z 20261201T093000Z", LATER), {}, Outcome.UNKNOWN, "“Point” (c.ics:4) begins on"),
        (ics("Point 20261201T193000Z 20261201T193000Z", LATER), {}, Outcome.MET, "until 2026-12-20"),
        ("BEGIN:VCALENDAR\n", {}, Outcome.UNKNOWN, "breaks off"),
        (ics(LATER), {"path": "none.ics"}, Outcome.NOT_MET, "no change calendar matches none.ics"),
        (ics(LATER), {"timezone": "Mars/Base"}, Outcome.UNKNOWN, "no time zone is named Mars/Base"),
    ],
)  # fmt: skip
def test_a_calendar_is_open_or_closed_at_the_launch(
    tmp_path: Path, write, text: str, parameters: dict, outcome: Outcome, words: str
) -> None:
    write("c.ics", text)
    finding = calendar(tmp_path, **parameters)
    assert finding.outcome is outcome
    assert words in render(finding.says, "en")


def test_every_calendar_must_be_open(tmp_path: Path, write) -> None:
    write("a.ics", ics(LATER))
    write("b.ics", ics(SOON, kind="DEFAULT_CLOSED"))
    assert calendar(tmp_path).outcome is Outcome.NOT_MET
    assert calendar(tmp_path, "2026-12-01T12:00+00:00").outcome is Outcome.MET


def test_a_launch_without_an_hour_needs_the_whole_day_open(tmp_path: Path, write) -> None:
    write("c.ics", ics(SOON))
    assert calendar(tmp_path, "2026-12-01").outcome is Outcome.PARTIAL
    assert calendar(tmp_path, "2026-12-03", may_be_empty=True).outcome is Outcome.MET


def test_without_a_launch_nothing_can_be_told(tmp_path: Path, write) -> None:
    write("c.ics", ics(LATER))
    finding = calendar(tmp_path, None)
    assert finding.outcome is Outcome.UNKNOWN
    assert "launch" in render(finding.says, "en")


@pytest.mark.parametrize("launch", ["9999-12-31T23:00-05:00", "9999-12-31", "0001-01-01T00:00+08:00", "0001-01-01"])
def test_a_launch_at_the_end_of_the_calendar_is_told_as_such(tmp_path: Path, write, launch: str) -> None:
    write("freeze.ics", ics(LATER))
    finding = calendar(tmp_path, launch, path="freeze.ics")
    assert finding.outcome is Outcome.UNKNOWN
    assert "too far off" in render(finding.says, "en")


def test_a_finding_holds_as_long_as_the_launch_may_slip(tmp_path: Path, write) -> None:
    write("c.ics", ics(LATER))
    assert calendar(tmp_path).holds_until == date(2026, 12, 19)
    write("c.ics", ics(SOON))
    assert calendar(tmp_path).holds_until == date(2026, 12, 1)
    write("c.ics", ics())
    assert calendar(tmp_path, may_be_empty=True).holds_until is None


def test_all_day_events_are_in_the_zone_of_the_check(tmp_path: Path, write) -> None:
    write("c.ics", ics(LATER, "Freeze 20261202 20261203").replace("DTSTART:20261202", "DTSTART;VALUE=DATE:20261202")
          .replace("DTEND:20261203", "DTEND;VALUE=DATE:20261203"))  # fmt: skip
    late = "2026-12-01T20:00+00:00"
    assert calendar(tmp_path, late).outcome is Outcome.MET
    assert calendar(tmp_path, late, timezone="Asia/Shanghai").outcome is Outcome.NOT_MET


def test_the_events_around_the_launch_are_listed(tmp_path: Path, write) -> None:
    write("c.ics", ics(NOW, LATER, "Far 20270601T000000Z 20270602T000000Z"))
    table = calendar(tmp_path).table
    assert table is not None
    assert [row[2] for row in table.rows] == ["Freeze", "Freeze"]
    assert table.rows[0][4] == "c.ics:4"


def beside(text: str, *lines: str) -> str:
    """A calendar with one more event."""
    return text.replace("END:VCALENDAR", "\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"]))


PAST, SINCE = "DTSTART:20261101T000000Z", ("SUMMARY:Freeze", "DTSTART:20261101T000000Z")


@pytest.mark.parametrize("line", ["RRULE:", "RRULE:FREQ=SOON", "DTEND:", "DTEND:soon", "DURATION:", "DURATION:P"])
def test_an_event_that_cannot_be_placed_may_be_the_freeze(tmp_path: Path, write, line: str) -> None:
    write("c.ics", beside(ics(LATER), *SINCE, line))
    finding = calendar(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    said = render(finding.says, "en")
    assert (
        "it is not known whether the calendar is open at the launch (2026-12-01 09:00+00:00): “Freeze” (c.ics:9)"
        in said
    )


SHUT = {"kind": "DEFAULT_CLOSED"}


@pytest.mark.parametrize(
    ("text", "parameters", "outcome", "words"),
    [
        (beside(ics(LATER), "DTSTART:20261202T000000Z", "DTEND:"), {}, Outcome.MET, "until 2026-12-02 00:00+00:00"),
        (beside(ics(LATER), "SUMMARY:Party", PAST, "DTEND:"), {"events": "freeze"}, Outcome.MET, "until 2026-12-20"),
        (beside(ics(LATER), "SUMMARY=Freeze", PAST, "DTEND:20261202T000000Z"), {"events": "freeze"}, Outcome.UNKNOWN,
         "SUMMARY of this event cannot be read"),
        (beside(ics(NOW), *SINCE, "DTEND:"), {}, Outcome.NOT_MET, "closed by “Freeze” (c.ics:4)"),
        (beside(ics(LATER, **SHUT), *SINCE, "DTEND:"), {}, Outcome.UNKNOWN, "DTEND"),
        (beside(ics(WINDOW, **SHUT), "SUMMARY:x"), {}, Outcome.MET, "opened by “Window”"),
        (beside(ics(LATER), "DTSTART:20261201T100000Z", "DTEND:"), {"open_hours": 4}, Outcome.UNKNOWN, "DTEND"),
        (beside(ics(SOON), "DTSTART:20261201T110000Z", "DTEND:"), {"open_hours": 4}, Outcome.PARTIAL, "only until"),
        (beside(ics(), "DTSTART:20261202T000000Z", "RRULE:"), {}, Outcome.MET, "until 2026-12-02 00:00+00:00"),
        (beside(ics(LATER), "DTSTART;TZID=CST:20261201T060000", "DURATION:PT1H"), {}, Outcome.UNKNOWN, "zone “CST”"),
        (beside(ics(LATER), "DTSTART:20261202T000000Z", "DURATION:-P2D"), {}, Outcome.UNKNOWN, "ends before it starts"),
        (beside(ics(LATER), PAST, "DTEND:20261102T000000Z", "LOCATION", "X-RADIUS=4", "GEO;VALUE=:x"), {}, Outcome.MET,
         "until 2026-12-20"),
    ],
    ids=["begins later", "is another event", "has no name", "beside a freeze", "may be the window",
         "beside a window", "within the hours", "closed anyway", "is all there is", "an unknown zone", "runs backwards",
         "properties of no use"],
)  # fmt: skip
def test_what_cannot_be_placed_matters_only_where_it_may_decide(
    tmp_path: Path, write, text: str, parameters: dict, outcome: Outcome, words: str
) -> None:
    write("c.ics", text)
    finding = calendar(tmp_path, **parameters)
    assert words in render(finding.says, "en")
    assert finding.outcome is outcome


def test_a_window_of_which_two_revisions_contradict_each_other_is_neither_open_nor_closed(
    tmp_path: Path, write
) -> None:
    window = "Window 20261201T080000Z 20261201T{}0000Z UID:1"
    write("c.ics", ics(window.format(10), window.format(11), kind="DEFAULT_CLOSED"))
    finding = calendar(tmp_path, open_hours=4)
    assert finding.outcome is Outcome.UNKNOWN
    assert "nothing says which is the latest" in render(finding.says, "en")


def test_a_title_that_is_folded_within_a_character_is_read(tmp_path: Path) -> None:
    title = "封网".encode()
    raw = ics(NOW).encode().replace(b"Freeze", title[:1] + b"\r\n " + title[1:])
    (tmp_path / "c.ics").write_bytes(raw)
    finding = calendar(tmp_path, events=["封网"])
    assert finding.outcome is Outcome.NOT_MET
    assert "closed by “封网” (c.ics:4)" in render(finding.says, "en")


def test_a_freeze_that_was_moved_twice_closes_only_the_last_of_its_days(tmp_path: Path, write) -> None:
    moved = [
        f"Freeze 202611{day}T000000Z 202612{end}T000000Z RECURRENCE-ID:20261130T000000Z UID:1 SEQUENCE:{number}"
        for number, (day, end) in enumerate([("30", "02"), ("29", "01")], 1)
    ]
    write("c.ics", ics("Freeze 20261130T000000Z 20261201T000000Z UID:1 RRULE:FREQ=YEARLY;COUNT=2", *moved))
    assert calendar(tmp_path).outcome is Outcome.MET
    assert calendar(tmp_path, "2026-11-30T09:00+00:00").outcome is Outcome.NOT_MET


def test_a_launch_at_a_time_that_the_clock_shows_twice_may_be_either(tmp_path: Path, write) -> None:
    write("c.ics", ics("Freeze 20271031T013000Z 20271101T000000Z"))
    berlin = Settings(timezone="Europe/Berlin")
    assert calendar(tmp_path, "2027-10-31T01:30", settings=berlin).outcome is Outcome.MET
    assert calendar(tmp_path, "2027-10-31T02:15", settings=berlin).outcome is Outcome.PARTIAL


def test_the_calendar_of_a_release_closes_on_its_freezes(tmp_path: Path, write) -> None:
    write(
        "release.ics",
        """\
BEGIN:VCALENDAR
VERSION:2.0
X-WR-TIMEZONE:UTC
BEGIN:VEVENT
SUMMARY:Freeze of features: exceptions only
DTSTART;VALUE=DATE:20261201
DTEND;VALUE=DATE:20261203
END:VEVENT
BEGIN:VEVENT
SUMMARY:Weekly meeting of the release team
DTSTART;TZID=America/New_York:20261102T113000
DTEND;TZID=America/New_York:20261102T120000
RRULE:FREQ=WEEKLY;BYDAY=MO
END:VEVENT
BEGIN:VEVENT
SUMMARY:Freeze of the code begins
DTSTART:20261215T170000Z
END:VEVENT
END:VCALENDAR
""",
    )
    given = {"meaning": "default_open", "events": ["Freeze"]}
    closed = calendar(tmp_path, "2026-12-02T09:00+00:00", **given)  # type: ignore[arg-type]
    assert closed.outcome is Outcome.NOT_MET
    assert "exceptions only" in render(closed.says, "en")
    assert calendar(tmp_path, "2026-12-07T17:00+00:00", **given).outcome is Outcome.MET  # type: ignore[arg-type]
    # A deadline that is a moment says when a freeze begins, and not when it ends.
    assert calendar(tmp_path, "2026-12-15T16:30+00:00", **given).outcome is Outcome.UNKNOWN  # type: ignore[arg-type]


def test_closed_times_are_drawn_around_the_launch(tmp_path: Path, write) -> None:
    write("c.ics", ics("Freeze 20261202T000000Z 20261203T120000Z", LATER))
    picture = calendar(tmp_path).picture
    assert isinstance(picture, Stretches)
    ((label, stretches),) = picture.rows
    assert label == "c.ics"
    assert [last - first for first, last, _ in stretches] == [36.0]
    assert picture.marked is not None
    assert picture.ticks[0][1] <= picture.marked[1] < stretches[0][0] < picture.ticks[-1][1]
