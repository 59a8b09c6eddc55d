"""The forms in which incidents are recorded: their times, spans and severities, and the exports of tools."""

from __future__ import annotations

import json
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.checks.incidents.documents import read_incident
from orr.evidence.checks.incidents.incident import is_done
from orr.evidence.checks.incidents.names import knows, plain, unit_of
from orr.evidence.checks.incidents.severity import SEVERE, is_known, is_severe
from orr.evidence.checks.incidents.times import UnclearMoment, moment_in, read_minutes, read_moment
from orr.evidence.checks.incidents.tools import in_our_words, is_cut, no_incident
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
SEVERE_BY_DEFAULT = frozenset(SEVERE)


def incidents(folder: Path, **parameters: Any) -> Finding:
    finding = run_check("incidents", folder, today=TODAY, **{"path": "i*", **parameters})
    for language in LANGUAGES:
        assert render(finding.says, language)
    return finding


def says(finding: Finding) -> str:
    return render(finding.says, "en")


def figures(finding: Finding) -> list[str]:
    """Day, severity, time to detect and time to recover of the one incident."""
    assert finding.table is not None
    ((_, *cells),) = [[render(cell, "en") for cell in row] for row in finding.table.rows]
    return cells[:4]


# Spans and moments


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("20 hours 20 minutes.", 1220), ("279 minutes [^3]", 279), ("about 1 h 50 min", 110), ("~45min", 45),
        ("approximately nine hours", 540), ("4h or so", 240), ("9 hours (estimated)", 540), ("9h30", 570),
        ("1,200 minutes", 1200), ("1,5 h", 90), ("1.5 hours", 90), ("2 weeks", 20160), ("3 hrs. 5 mins.", 185),
        ("PT9H", 540), ("P1DT2H30M", 1590), ("PT0.5H", 30), ("pt45m", 45), ("P2W", 20160),
        ("1 day, 2:03:00", 1563), ("0 days 04:12:00", 252), ("673:34", 40414),
        ("half an hour", 30), ("an hour and a half", 90), ("two and a half hours", 150), ("forty-five minutes", 45),
        ("a day", 1440), ("半小时", 30), ("约 2 个小时", 120), ("一个半小时", 90), ("九小时左右", 540), ("两天", 2880),
    ],
)  # fmt: skip
def test_a_span_is_read_however_it_is_written(text: str, minutes: float) -> None:
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "a few hours", "over 4h", "more than 4 hours", "less than 4h", "4h, 9h", "4h (partial), 9h (full)", "2-3 hours",
        "P", "PT", "P1M", "P1Y2D", "4 months", "1.200 hours", "Xh Xm", "?", "N/A", "90", "十五分钟", "4h 1:30", "10 ms",
        "one hundred and five minutes", "9 lives",
    ],
)  # fmt: skip
def test_what_is_no_single_span_is_none(text: str) -> None:
    assert read_minutes(text) is None


@pytest.mark.parametrize(
    ("name", "value", "minutes"),
    [
        ("duration_minutes", "1,200", 1200), ("duration_minutes", "1.200", None), ("duration_minutes", 1.2, 1.2),
        ("Duration (min)", "90", 90), ("duration_hours", "1.5", 90), ("durationInSeconds", 120, 2),
        ("seconds_to_resolve", "3600", 60), ("Downtime [h]", 2, 120), ("时长（分钟）", "5", 5), ("ttr_days", 1, 1440),
        ("duration", 90, None), ("minutes", "4h", 240),
    ],
)  # fmt: skip
def test_a_bare_number_counts_in_the_unit_of_its_name(name: str, value: object, minutes: float | None) -> None:
    assert read_minutes(value, name) == minutes


@settings(max_examples=examples(200))
@given(st.text(max_size=40), st.text(max_size=20))
def test_any_text_is_a_span_of_no_less_than_nothing_or_none(text: str, name: str) -> None:
    minutes = read_minutes(text, name)
    assert minutes is None or minutes >= 0


@settings(max_examples=examples(100))
@given(st.integers(0, 400), st.integers(0, 23), st.integers(0, 59))
def test_a_span_is_the_same_in_every_form(days: int, hours: int, minutes: int) -> None:
    total = (days * 24 + hours) * 60 + minutes
    assert read_minutes(f"P{days}DT{hours}H{minutes}M") == total
    assert read_minutes(f"{days}d {hours}h {minutes}m") == total
    assert read_minutes(f"about {days} days, {hours} hours and {minutes} minutes.") == total
    assert read_minutes(f"{days} days, {hours}:{minutes:02}:00") == total


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-01 24:00", "11-02 00:00"),
        ("2026-11-01T24:00:00Z", "11-02 00:00"),
        ("20261101T160000Z", "11-01 16:00"),
        ("2026-11-01 1600", "11-01 16:00"),
        ("12 November 2026 14:30", "11-12 14:30"),
        ("November 12, 2026 at 2:30 PM", "11-12 14:30"),
        ("14:30 UTC on 2026-11-12", "11-12 14:30"),
        ("22:00 CET, 12 November 2026", "11-12 21:00"),
        ("2026/11/12 14:30", "11-12 14:30"),
        ("2026年11月12日 14:30", "11-12 14:30"),
        ("2026年11月12日14时30分", "11-12 14:30"),
        ("Thursday, 12 November 2026, 2pm", "11-12 14:00"),
        ("2026-11-12_14:30", "11-12 14:30"),
        ("~2026-11-12 14.30", "11-12 14:30"),
    ],
)
def test_a_moment_is_read_however_it_is_written(text: str, utc: str) -> None:
    read = read_moment(text, UTC)
    assert read is not None
    assert f"{read:%m-%d %H:%M}" == utc


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01",
        "22:00",
        "2026-11-01 24:30",
        "2026-11-01 25:00",
        "22026-11-01 09:00",
        "03/04/2026 10:00",
        "2026-11-01 13 pm",
        "2026-11-01 (time to be confirmed)",
        "2026-11-01 5000 users",
        "yesterday at 10:00",
    ],
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text, UTC) is None


@pytest.mark.parametrize(
    "text", ["2026-11-01 09:00 - 11:00", "2026-11-01 09:00 UTC to 11:00", "2026-11-01 09:00, again 2026-11-02 10:00"]
)
def test_several_moments_are_none_of_them(text: str) -> None:
    with pytest.raises(UnclearMoment) as raised:
        read_moment(text, UTC)
    assert raised.value.why == "several"


@pytest.mark.parametrize(
    ("text", "begin"),
    [("Resolved (2026-11-01 10:00)", 10), ("at 14:30 on 2026-11-12", 3), ("Resolved at 15:40", 12), ("no time", -1)],
)
def test_a_time_is_found_in_a_line(text: str, begin: int) -> None:
    assert moment_in(text) == begin


# Names, severities and states


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("resolvedAt", "recovered"),
        ("resolvedWhen", "recovered"),
        ("Incident start time (UTC)", "started"),
        ("Outage began", "started"),
        ("Service restored", "recovered"),
        ("Fault detected", "detected"),
        ("Date of incident", "day"),
        ("Duration (minutes)", "to_recover"),
        ("seconds_to_resolve", "to_recover"),
        ("impactStartDate", "started"),
        ("Detection", "detected"),
        ("Duration (hh:mm)", "to_recover"),
        ("Severity (1–4)", "severity"),
        ("Resolution", ""),
        ("Impact", "severity"),
        ("Service name", ""),
        ("Time in SEV-1", ""),
    ],
)
def test_a_field_is_known_by_what_its_name_says(name: str, part: str) -> None:
    assert knows(name) == part


def test_a_plain_name_divides_words_by_one_sign() -> None:
    assert plain(" **Resolved-At**:") == "resolved_at"
    assert unit_of("resolved") is None
    assert knows("started" + "_at" * 50_000) == ""


@pytest.mark.parametrize(
    ("severity", "severe"),
    [
        ("", True),
        ("SEV-1", True),
        ("Critical (P1)", True),
        ("P3 / high", True),
        ("severity::2", True),
        ("1级", True),
        ("SEV-3", False),
        ("P4", False),
        ("minor", False),
        ("Medium", False),
        ("none", False),
        ("3 (1 region)", False),
        ("一般", False),
        ("blocker", True),
        ("disrupted", True),
        ("SEV-A", True),
        ("notice", False),
        ("maintenance", False),
        ("Low, 20 % of users", False),
    ],
)
def test_a_severity_is_mild_only_where_it_is_known_to_be(severity: str, severe: bool) -> None:
    assert is_severe(severity, SEVERE_BY_DEFAULT) is severe


def test_a_team_names_its_own_severities() -> None:
    own = frozenset({"gold"})
    assert is_severe("gold", own)
    assert not is_severe("silver", own)
    assert is_severe("", own)
    assert not is_known("silver", own)


@pytest.mark.parametrize(
    ("state", "done"),
    [
        ("✅", True),
        ("☐ open", False),
        ("In progress", False),
        ("To do", False),
        ("deployed", True),
        ("erledigt", None),
        ("100 %", None),
    ],
)
def test_a_state_that_is_not_known_is_neither(state: str, done: bool | None) -> None:
    assert is_done(state) is done


# What is written and cannot be read is unknown, not absent


HEAD = "incident,severity,started,resolved,duration\n"


@pytest.mark.parametrize(
    ("cells", "outcome", "words"),
    [
        ("2026-11-01 22:00,2026-11-01 24:00,", Outcome.MET, "recovered after 2 h"),
        ("2026-11-01 22:00,,PT9H", Outcome.NOT_MET, "I-1 (i.csv:2), 9 h"),
        ("2026-11-01 22:00,at night,", Outcome.UNKNOWN, "has “at night” in `resolved`"),
        ("2026-11-01 22:00,yes,", Outcome.UNKNOWN, "has “yes” in `resolved`"),
        ("2026-11-01 22:00,,a while", Outcome.UNKNOWN, "has “a while” in `duration`"),
        ("2026-11-01 22:00,at night,3h", Outcome.MET, "recovered after 3 h"),
        ("2026-11-01 22:00,,", Outcome.NOT_MET, "21 d 2 h"),
        ("2026-11-01 22:00,ongoing,", Outcome.NOT_MET, "21 d 2 h"),
        ("2026-11-01 22:00,-,-", Outcome.NOT_MET, "21 d 2 h"),
        ("2026-11-01 22:00,N/A,", Outcome.UNKNOWN, "has “N/A” in `resolved`"),
        ("in the morning,2026-11-01 23:00,", Outcome.UNKNOWN, "has “in the morning” in `started`"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_unknown_and_quoted(
    tmp_path: Path, write, cells: str, outcome: Outcome, words: str
) -> None:
    write("i.csv", f"{HEAD}I-1,2,{cells}\n")
    finding = incidents(tmp_path, worst_recover="4h")
    assert finding.outcome is outcome, says(finding)
    assert words in says(finding)


def test_a_table_without_a_column_for_the_end_leaves_it_open(tmp_path: Path, write) -> None:
    write("i.csv", "incident,started,Dauer\nI-1,2026-11-01 22:00,120\n")
    finding = incidents(tmp_path, worst_recover="4h")
    assert finding.outcome is Outcome.UNKNOWN
    assert "does not record how long it took to recover" in says(finding)


def test_one_doubt_is_told_once(tmp_path: Path, write) -> None:
    write("i.csv", "incident,started,detected,resolved\nI-1,then,2026-11-01 22:00,2026-11-01 23:00\n")
    assert says(incidents(tmp_path, worst_recover="4h", worst_detect="1h")).count("“then”") == 1


def test_what_cannot_be_read_matters_only_where_it_is_asked_for(tmp_path: Path, write) -> None:
    write("i.csv", "incident,started,detected,resolved\n" + "I-1,2026-11-01 22:00,soon,2026-11-01 23:00\n" * 1)
    assert incidents(tmp_path, worst_recover="4h").outcome is Outcome.MET
    assert incidents(tmp_path, worst_detect="4h").outcome is Outcome.UNKNOWN


def test_many_times_that_cannot_be_read_are_counted(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + "".join(f"I-{n},2,2026-11-01 22:00,soon,\n" for n in range(9)))
    assert "6 more of them give times that cannot be read" in says(incidents(tmp_path, worst_recover="4h"))


@pytest.mark.parametrize(
    ("cells", "outcome", "words"),
    [
        ("next week,open", Outcome.UNKNOWN, "“next week” of one follow-up can be read neither"),
        ("2026-11-01,erledigt", Outcome.UNKNOWN, "“erledigt” of one follow-up can be read neither"),
        ("next week,done", Outcome.MET, ""),
        ("TBD,open", Outcome.PARTIAL, "has no due date"),
        ("2026-11-01,", Outcome.NOT_MET, "past due"),
    ],
)
def test_a_follow_up_that_cannot_be_read_is_unknown(
    tmp_path: Path, write, cells: str, outcome: Outcome, words: str
) -> None:
    write("i.csv", f"{HEAD}I-1,2,2026-11-01 22:00,2026-11-01 23:00,\n")
    write("i-actions.csv", f"incident,action,due,status\nI-1,pool,{cells}\n")
    finding = incidents(tmp_path, overdue=0)
    assert finding.outcome is outcome, says(finding)
    assert words in says(finding)


def test_a_report_without_severity_is_severe_and_the_finding_says_how_to_tell_it(tmp_path: Path, write) -> None:
    write("i.csv", f"{HEAD}I-1,,2026-11-01 22:00,2026-11-01 23:00,\nI-2,blocker,2026-11-01 22:00,2026-11-01 23:00,\n")
    finding = incidents(tmp_path, analysis_within="14d")
    assert finding.outcome is Outcome.NOT_MET
    assert "one of them records no severity and counts as severe: where it was not, write `severity: 3`" in says(
        finding
    )
    assert "the severity “blocker” is not known and counts as severe" in says(finding)


# Documents


@pytest.mark.parametrize(
    "lines",
    [
        "Started: 2026-11-01 10:00\n\nResolved: 2026-11-01 12:00",
        "**Start time**: 2026-11-01 10:00\n\n**End time**: 2026-11-01 12:00",
        "| Started | 2026-11-01 10:00 |\n|-|-|\n| Resolved | 2026-11-01 12:00 |",
        "| Field | Value |\n|-|-|\n| Incident start | 2026-11-01 10:00 |\n| Service restored | 2026-11-01 12:00 |",
        "| Started | Resolved |\n|-|-|\n| 2026-11-01 10:00 | 2026-11-01 12:00 |",
        "| Started (CET) | Resolved (UTC) |\n|-|-|\n| 2026-11-01 11:00 | 2026-11-01 12:00 |",
        "## Started (2026-11-01 10:00 UTC)\n\nDisks were full.\n\n## Resolved (2026-11-01 12:00 UTC)\n\nMore disks.",
        "## 2026-11-01 10:00 – Started\n\nDisks were full.\n\n## 2026-11-01 12:00 – Resolved\n\nMore disks.",
        "## Started at 10:00 on 2026-11-01\n\nDisks.\n\n## Resolved on 1 November 2026 at 12:00\n\nMore disks.",
        "## Start time\n\n2026-11-01 10:00\n\n## End time\n\n2026-11-01 12:00",
        "- 2026-11-01 10:00 – Started\n- 2026-11-01 11:00 – Cause found\n- 2026-11-01 12:00 – Resolved",
        "- 2026-11-01 10:00 UTC: Start of the incident\n- 2026-11-01 12:00 UTC Service restored",
        "| Time | Event |\n|-|-|\n| 2026-11-01 10:00 | Outage begins |\n| 2026-11-01 12:00 | Resolved |",
        "Date: 2026-11-01\n\nDuration: about two hours.",
        "Date: 2026-11-01\n\nDuration – 120 minutes [^1]\n\n[^1]: By the graph.",
        "## Date\n\n2026-11-01\n\n## Duration\n\nApproximately two hours",
        "## 2026-11-01 10:00\n\n| Duration | 2 h |\n|-|-|\n| Severity | Critical |",
    ],
)
def test_a_document_tells_its_times_in_many_forms(tmp_path: Path, write, lines: str) -> None:
    write("i/a.md", f"# An outage\n\n{lines}\n")
    finding = incidents(tmp_path, path="i/*.md", worst_recover="3h")
    assert finding.outcome is Outcome.MET, says(finding)
    assert figures(finding)[0] == "2026-11-01"
    assert figures(finding)[3] == "2 h"


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("## Resolved at 15:40 UTC\n\nMore disks.", "has “15:40 UTC” in `Resolved`"),
        ("- Resolved 22026-11-01 12:00", "has “22026-11-01 12:00” in `Resolved`"),
        ("The outage lasted approximately nine hours.", "says “lasted approximately nine hours” in a sentence"),
        ("故障持续了约九小时。", "says “持续了约九小时” in a sentence"),
        ("Resolved: 2026-11-01 11:00\n\nResolved: 2026-11-02 11:00", "gives `Resolved` twice, differently"),
        ("- 12:00 Issue resolved, all healthy", "says “12:00 Issue resolved, all healthy” in a sentence"),
        ("Resolved: 2026-11-01 10:30 - 11:00", "gives several times as `Resolved`"),
        ("Status: resolved", "does not record how long it took to recover"),
        ("## Root cause\n\nDisks.\n\n## Action items\n\n- Watch disks", "does not record how long it took to recover"),
    ],
)
def test_an_incident_that_is_over_is_not_taken_for_one_that_lasts(
    tmp_path: Path, write, lines: str, words: str
) -> None:
    write("i/a.md", f"# An outage\n\nStarted: 2026-11-01 10:00\n\n{lines}\n")
    finding = incidents(tmp_path, path="i/*.md", worst_recover="3h")
    assert finding.outcome is Outcome.UNKNOWN, says(finding)
    assert words in says(finding)


def test_an_incident_without_an_end_lasts(tmp_path: Path, write) -> None:
    write("i/a.md", "# An outage\n\nStarted: 2026-11-01 10:00\n\nRecovery: we roll back\n")
    assert incidents(tmp_path, path="i/*.md", worst_recover="3h").outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("All times in UTC.", 120), ("Some times in the graph were lost.\n\nAll times are given in CET.", 120), ("", 120)],
)
def test_a_document_may_name_the_zone_of_all_its_times(said: str, minutes: int) -> None:
    made = read_incident(f"# A\n\n{said}\n\nStarted: 2026-11-01 10:00\n\nResolved: 2026-11-01 12:00\n", "i.md", UTC)
    assert made.to_recover == minutes
    assert made.started is not None
    assert made.started.hour == (9 if "CET" in said else 10)


def test_a_table_of_many_rows_is_no_table_of_one(tmp_path: Path, write) -> None:
    rows = "".join(f"| 2026-11-01 10:{n % 60:02} | 2026-11-01 12:00 |\n" for n in range(1_500))
    write("i.md", f"# A\n\n| Started | Resolved |\n|-|-|\n{rows}")
    assert "does not record how long it took" in says(incidents(tmp_path, worst_recover="2h"))


def test_one_time_told_twice_alike_is_one(tmp_path: Path, write) -> None:
    write(
        "i.md", "# A\n\nStarted: 2026-11-01 10:00\n\nResolved: 2026-11-01 12:00\n\n- 2026-11-01 12:00 UTC – Resolved\n"
    )
    assert incidents(tmp_path, worst_recover="2h").outcome is Outcome.MET


REPORT = """\
# Bad image

Date: 2026-09-01

Severity: 2

## Timeline

## Lessons learnt

### What went well

We were fast.

### What went wrong

Nobody saw the alarm.

## {actions}

- Watch the alarm
"""


@pytest.mark.parametrize(
    "actions", ["Action items", "Follow-up actions", "Improvements", "Preventative measures", "Recommendations"]
)
def test_lessons_and_action_items_are_an_analysis(tmp_path: Path, write, actions: str) -> None:
    write("i.md", REPORT.format(actions=actions))
    assert incidents(tmp_path, analysis_within="14d").outcome is Outcome.MET


def test_advice_to_readers_is_no_analysis(tmp_path: Path, write) -> None:
    write("i.md", REPORT.format(actions="Recommendations for our customers"))
    assert incidents(tmp_path, analysis_within="14d").outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    "text",
    [
        "## Next steps for customers\n\n- Rotate all keys",
        "## What you should do\n\n- [ ] Rotate all keys",
        "## Next steps\n\nIf you still see errors, restart your client.",
        "## Next steps\n\n- Please upgrade to 2.1",
        "## Recommendations\n\n- [ ] Upgrade your agents",
        "## Recommendations\n\n- Users should clear their cache",
        "## Actions taken\n\n- Rolled back",
        "## Actions\n\nThe following was agreed:",
        "## 后续行动\n\n- 请您升级客户端",
    ],
)
def test_advice_to_readers_is_no_follow_up(text: str) -> None:
    assert read_incident(f"# A\n\n2026-11-01 10:00 all failed\n\n{text}\n", "i.md", UTC).follow_ups == []


def test_what_has_a_date_is_a_follow_up_however_it_is_put() -> None:
    text = "# A\n\n## Actions\n\n- [ ] Tell users what you know by 2026-11-01\n- Raise the limit (done)\n- Watch\n"
    text += "- [ ] Look at what you can see of it\n"
    made = read_incident(text, "i.md", UTC)
    assert [(one.due, one.done) for one in made.follow_ups] == [
        (date(2026, 11, 1), False),
        (None, True),
        (None, None),
        (None, False),
    ]


@pytest.mark.parametrize(
    ("head", "row", "outcome"),
    [
        ("Action item | Due by | Status", "Raise the limit | 2026-12-01 | open", Outcome.MET),
        ("Action item | ETA | Status", "Raise the limit | 2026-11-01 | open", Outcome.NOT_MET),
        ("Action item | Type | Owner", "Raise the limit | prevent | ana", Outcome.UNKNOWN),
    ],
)
def test_a_table_of_action_items_holds_follow_ups(tmp_path: Path, write, head: str, row: str, outcome: Outcome) -> None:
    write("i.md", f"# 2026-11-01: all failed\n\n## Action items\n\n| {head} |\n|-|-|-|\n| {row} |\n")
    finding = incidents(tmp_path, overdue=0)
    assert finding.outcome is outcome, says(finding)
    assert "no follow-up" not in says(finding)


def test_an_item_that_goes_on_over_several_lines_is_one_follow_up() -> None:
    text = "# A\n\n## Actions\n\n- [x] raise the limit\n  of the pool, due 2026-11-01\n- [ ] watch\n  it\n"
    made = read_incident(text, "i.md", UTC)
    assert [(one.what, one.due, one.done) for one in made.follow_ups] == [
        ("raise the limit of the pool, due 2026-11-01", date(2026, 11, 1), True),
        ("watch it", None, False),
    ]


# Tools


PAGERDUTY = {
    "id": "Q1", "incident_number": 7, "title": "down", "created_at": "2026-11-06T20:00:00Z", "status": "resolved",
    "resolved_at": "2026-11-06T21:00:00Z", "urgency": "high", "priority": {"id": "P", "summary": "P1"},
}  # fmt: skip
STATUSPAGE = {
    "id": "x", "name": "down", "created_at": "2026-11-06T20:30:00Z", "impact": "major", "status": "postmortem",
    "incident_updates": [
        {"status": "postmortem", "created_at": "2026-11-07T09:00:00Z"},
        {"status": "resolved", "created_at": "2026-11-06T21:00:00Z"},
        {"status": "investigating", "created_at": "2026-11-06T20:00:00Z"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("record", "recover", "severity"),
    [
        (PAGERDUTY, "1 h", "P1"),
        ({**PAGERDUTY, "resolved_at": None, "last_status_change_at": "2026-11-06T22:00:00Z"}, "2 h", "P1"),
        (
            {
                **PAGERDUTY,
                "resolved_at": None,
                "status": "acknowledged",
                "last_status_change_at": "2026-11-06T22:00:00Z",
            },
            "–",
            "P1",
        ),
        ({**PAGERDUTY, "priority": None}, "1 h", "high"),
        (STATUSPAGE, "1 h", "major"),
        ({**STATUSPAGE, "started_at": "2026-11-06T19:00:00Z"}, "2 h", "major"),
        ({**STATUSPAGE, "resolved_at": "2026-11-06T23:00:00Z"}, "3 h", "major"),
        ({**STATUSPAGE, "incident_updates": STATUSPAGE["incident_updates"][2:]}, "–", "major"),
        (
            {
                **STATUSPAGE,
                "incident_updates": [
                    {"status": "monitoring", "created_at": "2026-11-06T22:00:00Z"},
                    *STATUSPAGE["incident_updates"][1:],
                ],
            },
            "–",
            "major",
        ),
        (
            {
                "alias": "a",
                "id": "o",
                "impactStartDate": "2026-11-06T20:00:00Z",
                "impactEndDate": "2026-11-06T21:00:00Z",
                "priority": "P2",
            },
            "1 h",
            "P2",
        ),
    ],
    ids=[
        "PagerDuty",
        "PagerDuty without resolved_at",
        "PagerDuty, open",
        "PagerDuty without a priority",
        "Statuspage by its updates",
        "Statuspage with a start",
        "Statuspage with an end",
        "Statuspage, open",
        "Statuspage, opened again",
        "Opsgenie",
    ],
)
def test_the_exports_of_tools_are_read(
    tmp_path: Path, write, record: dict[str, Any], recover: str, severity: str
) -> None:
    write("i.json", json.dumps({"incidents": [record]}))
    assert figures(incidents(tmp_path, overdue=0)) == ["2026-11-06", severity, "–", recover]


CSTATE = """\
title: Delays
date: 2026-11-01 16:24:00
resolved: {resolved}
resolvedWhen: {when}
severity: {severity}
section: issue
"""


@pytest.mark.parametrize(
    ("resolved", "when", "recover", "outcome"),
    [
        ("true", "2026-11-01 16:58:00", "34 min", Outcome.MET),
        ("false", '""', "–", Outcome.NOT_MET),
        ("true", '""', "–", Outcome.UNKNOWN),
        ("true", "later", "–", Outcome.UNKNOWN),
    ],
    ids=["over", "open", "over, and not said when", "over, and not read when"],
)
def test_the_issues_of_cstate_are_read(
    tmp_path: Path, write, resolved: str, when: str, recover: str, outcome: Outcome
) -> None:
    write("i/a.md", "---\n" + CSTATE.format(resolved=resolved, when=when, severity="disrupted") + "---\n\nText.\n")
    finding = incidents(tmp_path, path="i/*.md", worst_recover="4h")
    assert finding.outcome is outcome, says(finding)
    assert figures(finding) == ["2026-11-01", "disrupted", "–", recover]


def test_dates_of_toml_are_read(tmp_path: Path, write) -> None:
    write(
        "i/a.md",
        "+++\nstarted = 2026-11-01T10:00:00Z\nresolved = 2026-11-01T12:00:00+01:00\ndate = 2026-11-01\n+++\n\n# A\n",
    )
    finding = incidents(tmp_path, path="i/*.md", worst_recover="1h")
    assert finding.outcome is Outcome.MET, says(finding)


def test_yaml_is_a_list_of_incidents(tmp_path: Path, write) -> None:
    one = "started: 2026-11-0{n} 10:00\n  resolved: 2026-11-0{n} 12:00\n  id: {n}"
    write("i.yml", "".join(f"- {one.format(n=n)}\n" for n in (1, 2, 3)))
    finding = incidents(tmp_path, worst_recover="1h")
    assert "3 incidents took longer" in says(finding)
    write(
        "i.yml",
        "---\nid: 1\nstarted: 2026-11-01 10:00\nduration: 2h\n---\nitems: [{id: 2, date: 2026-11-01, duration: 3h}]\n",
    )
    assert "2 incidents took longer" in says(incidents(tmp_path, worst_recover="1h"))
    write("i.yml", "a: [")
    assert incidents(tmp_path, worst_recover="1h").outcome is Outcome.UNKNOWN
    write("i.yml", "just words")
    assert "is no list" in says(incidents(tmp_path, worst_recover="1h"))


@pytest.mark.parametrize(
    "more", [{"more": True}, {"has_more": True}, {"pagination_meta": {"after": "x"}}, {"paging": {"next": "https://x"}}]
)
def test_one_page_of_an_export_is_not_the_whole(tmp_path: Path, write, more: dict[str, Any]) -> None:
    write("i.json", json.dumps({"incidents": [PAGERDUTY], "limit": 25, "offset": 0, "more": False}))
    assert incidents(tmp_path, worst_recover="1h").outcome is Outcome.MET
    write("i.json", json.dumps({"incidents": [PAGERDUTY], **more}))
    finding = incidents(tmp_path, worst_recover="1h")
    assert finding.outcome is Outcome.UNKNOWN
    assert "i.json is one page of several" in says(finding)
    assert incidents(tmp_path, worst_recover="59m").outcome is Outcome.NOT_MET


NONE = [
    (
        "i/vpn.yml",
        "url: vpn.example.com\nstatus: up\ncode: 200\nresponseTime: 131\nstartTime: 2026-03-12T08:58:06Z\n",
        "status of a service",
    ),
    ("i/vpn.json", '{"url": "x", "status": "down", "lastUpdated": "2026-11-17T23:13:31Z"}', "status of a service"),
    (
        "i/vpn.md",
        "---\nstatus: up\nurl: x\nstartTime: 2026-11-01 10:00\n---\n",
        "status of a service",
    ),
    (
        "i/feed.xml",
        "<?xml version='1.0'?>\n<feed><entry><updated>2026-11-01T10:00:00Z</updated></entry></feed>",
        "is a feed",
    ),
    (
        "i/feed.json",
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "date": "2026-11-01"}]}',
        "is a feed",
    ),
]


@pytest.mark.parametrize(("name", "content", "words"), NONE, ids=[one[0] for one in NONE])
def test_a_feed_or_the_status_of_a_service_is_no_incident(
    tmp_path: Path, write, name: str, content: str, words: str
) -> None:
    write(name, content)
    finding = incidents(tmp_path, path="i/*", worst_recover="1h", none=True)
    assert finding.outcome is Outcome.UNKNOWN
    assert words in says(finding)
    write("i/a.md", "# A\n\nStarted: 2026-11-01 10:00\n\nResolved: 2026-11-01 11:00\n")
    assert incidents(tmp_path, path="i/*", worst_recover="1h").outcome is Outcome.MET


@pytest.mark.parametrize(
    "name", ["template-incident-report.md", "Template.md", "incident-template.md", "_template_de.md"]
)
def test_a_template_is_no_incident(tmp_path: Path, write, name: str) -> None:
    write(f"i/{name}", "# {{ incident date: yyyy-mm-dd }}, {{ incident name }}\n\n## Summary\n\nA short sentence.\n")
    finding = incidents(tmp_path, path="i/*", overdue=0)
    assert finding.outcome is Outcome.UNKNOWN
    assert "no incident is recorded" in says(finding)


def test_an_incident_of_templates_is_one(tmp_path: Path, write) -> None:
    write("i/template-engine-down.md", "# A\n\nStarted: 2026-11-01 10:00\n\nResolved: 2026-11-01 15:00\n")
    assert incidents(tmp_path, path="i/*", worst_recover="1h", none=True).outcome is Outcome.NOT_MET


def test_what_no_tool_writes_stays_as_it_is() -> None:
    record = {"id": 1, "created_at": "2026-11-01T10:00:00Z"}
    assert in_our_words(record) == record
    assert not is_cut([record])
    assert no_incident([record]) == ""
