"""The check `incidents`: how fast a team detects and recovers, and what it learns from it."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.evidence.checks.incidents.documents import read_incident
from orr.evidence.checks.incidents.incident import is_done
from orr.evidence.checks.incidents.severity import bare
from orr.evidence.checks.incidents.tables import Records, read_csv, read_json
from orr.evidence.checks.incidents.times import UnclearMoment, read_day, read_minutes, read_moment
from orr.evidence.errors import Undetermined
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.picture import Bars
from orr.model.settings import Settings
from orr.testing import run_check

TODAY = date(2026, 11, 23)
BERLIN = ZoneInfo("Europe/Berlin")
EXAMPLES = examples(100)
HEAD = "incident,severity,started,detected,resolved,cause,analysis\n"


def incidents(folder: Path, today: date = TODAY, **parameters: Any) -> Finding:
    finding = run_check("incidents", folder, today=today, **{"path": "i*", **parameters})
    for language in LANGUAGES:
        assert render(finding.says, language)
        for row in finding.table.rows if finding.table else ():
            assert len(row) == len(finding.table.columns)
            assert all(isinstance(render(cell, language), str) for cell in row)
    assert "the check failed" not in says(finding)
    return finding


def says(finding: Finding) -> str:
    return render(finding.says, "en")


def row(name: str = "I-1", **parts: str) -> str:
    """An incident detected after 10 minutes and over after 60."""
    usual = {
        "severity": "2",
        "started": "2026-11-10 10:00",
        "detected": "2026-11-10 10:10",
        "resolved": "2026-11-10 11:00",
        "cause": "dns",
        "analysis": "https://wiki.example.com/1",
    }
    return ",".join([name, *{**usual, **parts}.values()]) + "\n"


def on(day: str, minutes: int = 60) -> dict[str, str]:
    """An incident of a day that was detected at once and over after so many minutes."""
    end = f"{day} {10 + minutes // 60}:{minutes % 60:02}"
    return {"started": f"{day} 10:00", "detected": f"{day} 10:00", "resolved": end}


BOUNDS: list[Any] = [
    ("a median within", row(), {"median_recover": "60m"}, Outcome.MET),
    ("a median beyond", row(), {"median_recover": "59m"}, Outcome.NOT_MET),
    ("a worst within", row(), {"worst_detect": "10m", "worst_recover": "1h"}, Outcome.MET),
    ("a worst beyond", row(), {"worst_detect": "9m"}, Outcome.NOT_MET),
    (
        "the median of several",
        row(**on("2026-11-10", 20)) + row("I-2") + row("I-3"),
        {"median_recover": "1h"},
        Outcome.MET,
    ),
    ("no time of detection", row(detected=""), {"median_detect": "1h"}, Outcome.UNKNOWN),
    ("no time of detection, nobody asks", row(detected=""), {"median_recover": "1h"}, Outcome.MET),
    ("not over yet", row(resolved=""), {"worst_recover": "99d"}, Outcome.UNKNOWN),
    ("not over yet and already too long", row(resolved=""), {"worst_recover": "10d"}, Outcome.NOT_MET),
    ("a bad one beside a gap", row(resolved="") + row("I-2"), {"worst_recover": "30m"}, Outcome.NOT_MET),
    ("reversed times", row(resolved="2026-11-10 09:00"), {"median_recover": "1h"}, Outcome.UNKNOWN),
    ("times without a time", row(started="2026-11-10"), {"median_recover": "1h"}, Outcome.UNKNOWN),
    ("in the future", row() + row("I-2", **on("2026-12-01")), {"median_recover": "1h"}, Outcome.UNKNOWN),
    ("no day at all", row(started="", detected="", resolved=""), {"same_cause": 9}, Outcome.UNKNOWN),
    ("out of the window", row(), {"median_recover": "1h", "within": "5d"}, Outcome.UNKNOWN),
    ("out of the window, none may be", row(), {"median_recover": "1m", "within": "5d", "none": True}, Outcome.MET),
    ("fewer than it takes to tell", row(), {"median_recover": "1h", "at_least": 2}, Outcome.UNKNOWN),
    ("no row", "", {"median_recover": "1h"}, Outcome.UNKNOWN),
    ("no row, none may be", "", {"median_recover": "1h", "none": True}, Outcome.MET),
    (
        "a severity left out",
        row(severity="Maintenance"),
        {"worst_recover": "1m", "leave_out": ["maintenance"]},
        Outcome.UNKNOWN,
    ),
    ("severe with an address", row(), {"analysis_within": "5d"}, Outcome.MET),
    ("severe without an analysis", row(analysis=""), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("severe with a word", row(analysis="done"), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("severe with a file that is not there", row(analysis="a.md"), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("severe with a path that leads out", row(analysis="../i.csv"), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("severe with a folder", row(analysis="."), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("severe with a file that is there", row(analysis="i.csv"), {"analysis_within": "5d"}, Outcome.MET),
    ("severe but still in time", row(analysis=""), {"analysis_within": "13d"}, Outcome.MET),
    ("not severe", row(severity="SEV-4", analysis=""), {"analysis_within": "5d"}, Outcome.MET),
    (
        "severe by other words",
        row(severity="sev-4", analysis=""),
        {"analysis_within": "5d", "severe": ["P4"]},
        Outcome.NOT_MET,
    ),
    ("no severity counts as severe", row(severity="", analysis=""), {"analysis_within": "5d"}, Outcome.NOT_MET),
    ("one cause twice", row() + row("I-2", cause="DNS"), {"same_cause": 1}, Outcome.NOT_MET),
    ("one cause twice, allowed", row() + row("I-2"), {"same_cause": 2}, Outcome.MET),
    ("a cause missing", row() + row("I-2", cause=""), {"same_cause": 1}, Outcome.UNKNOWN),
    ("no follow-up", row(), {"overdue": 0}, Outcome.UNKNOWN),
    ("nothing asked", row(), {}, Outcome.UNKNOWN),
    ("no span of time", row(), {"median_recover": "soon"}, Outcome.UNKNOWN),
    ("no exact span of time", row(), {"median_recover": "about 4h"}, Outcome.UNKNOWN),
    ("a baseline without a window", row(), {"median_recover": "1h", "baseline": "90d"}, Outcome.UNKNOWN),
]


@pytest.mark.parametrize(("rows", "parameters", "outcome"), [one[1:] for one in BOUNDS], ids=[one[0] for one in BOUNDS])
def test_incidents_are_held_to_what_is_asked(
    tmp_path: Path, write, rows: str, parameters: dict[str, Any], outcome: Outcome
) -> None:
    write("i.csv", HEAD + rows)
    finding = incidents(tmp_path, **parameters)
    assert finding.outcome is outcome, says(finding)


@pytest.mark.parametrize("end", ["00:30", "10:50", "0:45:00", "24:00"])
def test_a_clock_without_a_date_is_no_span_from_the_start(tmp_path: Path, write, end: str) -> None:
    write("i.csv", f"id,started,detected,resolved\nI-1,2026-11-01 10:00,,{end}\n")
    finding = incidents(tmp_path, worst_recover="1d")
    assert finding.outcome is Outcome.UNKNOWN
    assert f"has “{end}” in `resolved`" in says(finding)


def test_no_record_is_not_met(tmp_path: Path) -> None:
    assert incidents(tmp_path, overdue=0).outcome is Outcome.NOT_MET


def test_a_finding_names_the_figures_and_the_row(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + row() + row("I-2", **on("2026-11-11", 150)))
    assert says(incidents(tmp_path, worst_recover="2h")) == (
        "i.csv: one incident took longer than 2 h to recover: I-2 (i.csv:3), 2 h 30 min"
    )
    assert says(incidents(tmp_path, median_recover="2h")) == (
        "i.csv: 2 incidents; recovered after 1 h 45 min (median), at worst 2 h 30 min (I-2)"
    )


@pytest.mark.parametrize(
    ("now", "worse_by", "outcome"),
    [(60, 0, Outcome.MET), (61, 0, Outcome.PARTIAL), (72, 20, Outcome.MET), (73, 20, Outcome.PARTIAL)],
)
def test_medians_are_compared_with_the_time_before(
    tmp_path: Path, write, now: int, worse_by: int, outcome: Outcome
) -> None:
    write("i.csv", HEAD + row("I-1", **on("2026-11-10", now)) + row("I-2", **on("2026-08-10", 60)))
    asked = {"within": "30d", "baseline": "90d", "median_recover": "9h", "worse_by": worse_by}
    assert incidents(tmp_path, **asked).outcome is outcome
    assert incidents(tmp_path, **{**asked, "baseline": "10d"}).outcome is Outcome.UNKNOWN


DOCUMENT = """---
incident: I-1
severity: 1
started: 2026-11-10T10:00+08:00
resolved: 2026-11-10T03:00Z
---
# Orders lost

## Contributing factors
The pool was empty.

## Actions
{actions}
"""


@pytest.mark.parametrize(
    ("actions", "outcome"),
    [
        ("- [x] pool doubled", Outcome.MET),
        ("- [ ] pool doubled, due 2026-12-01", Outcome.MET),
        ("- [ ] pool doubled, due 2026-11-23", Outcome.MET),
        ("- [ ] pool doubled, due 2026-11-22", Outcome.NOT_MET),
        ("- [ ] pool doubled", Outcome.PARTIAL),
        ("- pool doubled", Outcome.UNKNOWN),
        ("- pool doubled by 2026-11-01", Outcome.NOT_MET),
        ("| Action | Due | State |\n|-|-|-|\n| a | 2026-11-01 | done, rc.3 |", Outcome.MET),
        ("| Action | Due | State |\n|-|-|-|\n| a | 2026-11-01 | not done |", Outcome.NOT_MET),
        ("| Action | Due | State |\n|-|-|-|\n| a | 2026-11-01 | |", Outcome.NOT_MET),
        ("| 措施 | 期限 | 状态 |\n|-|-|-|\n| 扩容 | 2026-11-01 | 已完成 |", Outcome.MET),
        ("| 措施 | 期限 | 状态 |\n|-|-|-|\n| 扩容 | 2026-11-01 | 进行中 |", Outcome.NOT_MET),
        ("None yet", Outcome.UNKNOWN),
        ("", Outcome.UNKNOWN),
    ],
)
def test_follow_ups_of_a_document_are_held_to_their_dates(
    tmp_path: Path, write, actions: str, outcome: Outcome
) -> None:
    write("i.md", DOCUMENT.format(actions=actions))
    finding = incidents(tmp_path, overdue=0)
    assert finding.outcome is outcome, says(finding)


def test_a_document_with_causes_and_actions_is_its_own_analysis(tmp_path: Path, write) -> None:
    write("i.md", DOCUMENT.format(actions="- [x] pool doubled"))
    finding = incidents(tmp_path, analysis_within="5d", median_recover="1h")
    assert finding.outcome is Outcome.MET, says(finding)
    write("i.md", DOCUMENT.format(actions=""))
    assert incidents(tmp_path, analysis_within="5d").outcome is Outcome.NOT_MET


def test_a_row_and_a_document_of_one_incident_are_one(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + row(analysis=""))
    write("i/I-1.md", DOCUMENT.format(actions="- [x] pool doubled"))
    finding = incidents(tmp_path, path=["i.csv", "i/*.md"], analysis_within="5d", overdue=0)
    assert finding.outcome is Outcome.MET, says(finding)
    assert finding.table is not None
    assert len(finding.table.rows) == 1


def test_follow_ups_may_stand_in_a_table_of_their_own(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + row())
    write("i-actions.csv", "incident,action,due,status\nI-1,pool,2026-11-01,open\nI-9,pool,2026-12-01,open\n")
    finding = incidents(tmp_path, overdue=0)
    assert finding.outcome is Outcome.NOT_MET
    assert "pool (i-actions.csv:2), due 2026-11-01" in says(finding)


def test_indexes_and_templates_are_no_incidents(tmp_path: Path, write) -> None:
    write("i/README.md", "# Incidents")
    write("i/index.html.md.erb", "# Incidents")
    write("i/template.md", DOCUMENT.format(actions="- TODO"))
    assert incidents(tmp_path, path="i/*", overdue=0).outcome is Outcome.UNKNOWN
    assert incidents(tmp_path, path="i/*", overdue=0, none=True).outcome is Outcome.MET
    write("i/2026-11-10.md", DOCUMENT.format(actions="- [x] pool doubled"))
    assert incidents(tmp_path, path="i/*", overdue=0).outcome is Outcome.MET


@pytest.mark.parametrize(
    "data",
    [
        [{"id": "1", "started_at": "2026-11-10T10:00:00Z", "resolved_at": "2026-11-10T11:00:00Z"}],
        {"incidents": [{"id": "1", "started_at": "2026-11-10T10:00:00Z", "time_to_recover": "1h"}]},
        {"id": "1", "date": "2026-11-10", "duration_minutes": 60, "severity": {"name": "SEV1"}},
    ],
    ids=["a list", "wrapped", "one"],
)
def test_json_is_read_in_the_forms_that_tools_write(tmp_path: Path, write, data: Any) -> None:
    write("i.json", json.dumps(data))
    assert incidents(tmp_path, worst_recover="1h").outcome is Outcome.MET
    assert incidents(tmp_path, worst_recover="59m").outcome is Outcome.NOT_MET


@pytest.mark.parametrize(
    ("rows", "asked", "until"),
    [
        (row(), {"analysis_within": "5d"}, None),
        (row(analysis=""), {"analysis_within": "20d"}, date(2026, 11, 30)),
        (row(), {"median_recover": "1h", "within": "30d"}, date(2026, 12, 9)),
        (row() + row("I-2", **on("2026-11-20", 90)), {"median_recover": "80m", "within": "30d"}, date(2026, 12, 9)),
    ],
    ids=["for good", "until the analysis is due", "until it leaves the window", "until only the slow one is left"],
)
def test_a_finding_holds_until_the_calendar_alone_ends_it(
    tmp_path: Path, write, rows: str, asked: dict[str, Any], until: date | None
) -> None:
    write("i.csv", HEAD + rows)
    finding = incidents(tmp_path, **asked)
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, until)
    if until is not None:
        assert incidents(tmp_path, today=until, **asked).outcome is Outcome.MET
        assert incidents(tmp_path, today=date.fromordinal(until.toordinal() + 1), **asked).outcome is not Outcome.MET


def test_an_open_follow_up_holds_until_its_date(tmp_path: Path, write) -> None:
    write("i.md", DOCUMENT.format(actions="- [ ] pool doubled, due 2026-12-01"))
    assert incidents(tmp_path, overdue=0).holds_until == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "name", "minutes"),
    [
        ("4h 12m", "", 252),
        ("371 minutes", "", 371),
        ("1:30", "", 90),
        ("0:00:30", "", 0.5),
        ("2d", "", 2880),
        ("2 小时 30 分钟", "", 150),
        ("1 hour and 5 mins", "", 65),
        ("90", "duration_minutes", 90),
        ("90", "duration", None),
        ("120", "recovery_seconds", 2),
        ("soon", "", None),
        ("-4h", "", None),
        (True, "minutes", None),
        (float("nan"), "minutes", None),
        (-5, "minutes", None),
    ],
)
def test_spans_of_time_are_read_as_people_write_them(text: Any, name: str, minutes: float | None) -> None:
    assert read_minutes(text, name) == minutes


@pytest.mark.parametrize(
    ("word", "bared"),
    [
        ("SEV-1", "1"),
        ("p2", "2"),
        ("1 (critical)", "1"),
        ("Severity 3", "3"),
        ("Major", "major"),
        ("12", "12"),
        ("", ""),
    ],
)
def test_severities_are_compared_without_what_surrounds_them(word: str, bared: str) -> None:
    assert bare(word) == bared


@pytest.mark.parametrize(
    ("state", "done"),
    [
        ("Done", True),
        ("done, rc.3", True),
        ("not done", False),
        ("Done?", None),
        ("done 50%", None),
        ("done, 100%", True),
        ("done by Q1", None),
        ("done by ana", True),
        ("open", False),
        ("", None),
        (True, True),
        ("未完成", False),
    ],
)
def test_a_state_is_done_open_or_unsaid(state: Any, done: bool | None) -> None:
    assert is_done(state) is done


# Hostile input


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("i.csv", HEAD + row(cause="a,b"), "i.csv:2 has 8 cells where there are 7 columns"),
        ("i.csv", HEAD + '"a"b,1\n', "i.csv:2 is no row of CSV"),
        ("i.csv", HEAD + "x" * 200_000 + "\n", "i.csv:2 is no row of CSV"),
        ("i.csv", "a,b\n1,2\n", "no columns that are known"),
        ("i.csv", ",".join(["started"] * 300) + "\n1\n", "more than the 200 columns"),
        ("i.csv", HEAD + "a\n" * 20_001, "more than the 20000 rows"),
        ("i.csv", HEAD + " " * 5_000_000, "more than the 5 MB"),
        ("i.json", "[" + "{}," * 3 + "{}]", "is no incident"),
        ("i.json", '[{"started": "x"}', "is not JSON"),
        ("i.json", '{"a": ' * 2_000, "nested more than 200"),
        ("i.md", "---\na: [\n---\n# x", "front matter"),
        ("i.md", b"\x89PNG\x00", "binary"),
        ("i.md", "# Nothing", "is not known"),
    ],
)
def test_hostile_files_are_unknown_with_the_cause(
    tmp_path: Path, write, name: str, content: str | bytes, told: str
) -> None:
    write(name, content)
    finding = incidents(tmp_path, median_recover="1h")
    assert finding.outcome is Outcome.UNKNOWN
    assert told in says(finding)


def test_a_formula_is_a_text_like_any_other(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + row("=cmd|' /C calc'!A0"))
    finding = incidents(tmp_path, median_recover="1h")
    assert finding.table is not None
    assert finding.table.rows[0][0] == "=cmd|' /C calc'!A0"


def test_follow_ups_of_a_thousand_dates_are_judged_soon(tmp_path: Path, write) -> None:
    days = [date.fromordinal(TODAY.toordinal() + number) for number in range(700)]
    write("i.csv", HEAD + row())
    write("i-actions.csv", "incident,action,due,status\n" + "".join(f"I-1,a,{day},open\n" for day in days))
    assert incidents(tmp_path, overdue=600).holds_until == date.fromordinal(TODAY.toordinal() + 99)


TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2026-11-10 10:00", "2026-11-10T25:99Z", "9999-12-31 23:59-12:00", "4h", "0001-01-01 00:00+14:00"]
    ),
    st.sampled_from(["done", "SEV-1", "=1+1", "https://e.org", "../../x", '"', "a,b", "\n", "\t"]),
)
NAMES = st.sampled_from(
    [
        *("incident", "started", "detected", "resolved", "duration_minutes", "cause", "analysis", "severity", "date"),
        *("due", "action", "status", "follow_ups", "title", "x"),
    ]
)


def told(cannot: Undetermined) -> None:
    assert all(render(cannot.why, language) for language in LANGUAGES)


def looked_at(records: Records) -> None:
    for one in records.incidents:
        assert one.id
        assert one.to_recover is None or one.to_recover >= 0
        assert all(render(words, "zh-CN") for words in one.doubts.values())


@settings(max_examples=EXAMPLES)
@given(
    st.one_of(
        st.text(max_size=120),
        st.lists(st.lists(TEXT, min_size=1, max_size=6).map(",".join), max_size=6).map(
            lambda rows: "incident,started,detected,resolved,action,due\n" + "\n".join(rows)
        ),
    )
)
def test_any_text_is_csv_or_told(text: str) -> None:
    try:
        looked_at(read_csv(text, "i.csv", UTC))
    except Undetermined as cannot:
        told(cannot)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=EXAMPLES)
@given(st.one_of(VALUES, st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=4)))
def test_any_json_is_incidents_or_told(data: Any) -> None:
    try:
        looked_at(read_json(json.dumps(data), "i.json", UTC))
    except Undetermined as cannot:
        told(cannot)


LINES = st.sampled_from(
    [
        *("---", "started: ", "severity: 1", "# A", "## Actions", "Actions:", "- [ ] a due ", "- [x] b", "|-|-|"),
        *("| Action | Due |", "| a | b |", "Resolved ", "First detected: ", "- **Time to repair**: 4h", "```"),
    ]
)


@settings(max_examples=EXAMPLES)
@given(st.lists(st.one_of(LINES, st.tuples(LINES, TEXT).map("".join), TEXT), max_size=14).map("\n".join))
def test_any_document_is_an_incident_or_told(text: str) -> None:
    try:
        looked_at(Records([read_incident(text, "i.md", UTC)]))
    except Undetermined as cannot:
        told(cannot)


@settings(max_examples=EXAMPLES)
@given(TEXT)
def test_any_text_is_a_time_or_none(text: str) -> None:
    with contextlib.suppress(UnclearMoment):
        read = read_moment(text, UTC)
        assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-11-01 23:00", "11-01 22:00"), ("2026-11-01T23:00Z", "11-01 23:00"),
        ("2026-11-01 23:00 CET", "11-01 22:00"),
        ("2026-11-01 10:00 PST", "11-01 18:00"), ("2026-11-01 11:00 PM", "11-01 22:00"),
        ("2026-11-01 12:05 a.m. UTC", "11-01 00:05"), ("2026-11-01 23:00 GMT+8", "11-01 15:00"),
        ("2026-11-01 23:00（北京时间）", "11-01 15:00"), ("2026-11-01 23:00 [America/New_York]", "11-02 04:00"),
        ("2026-11-01 23:00 - API restored", "11-01 22:00"), ("2026-10-25 02:30 CEST", "10-25 00:30"),
    ],
)  # fmt: skip
def test_a_time_is_read_in_its_own_zone_and_kept_in_utc(text: str, utc: str) -> None:
    read = read_moment(text, BERLIN)
    assert read is not None
    assert read.tzinfo is UTC
    assert f"{read:%m-%d %H:%M}" == utc


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2026-11-01 23:00 CST", "zone"), ("2026-11-01 23:00 IST", "zone"), ("2026-07-01 23:00 CET", "zone"),
        ("2026-11-01 23:00 XYZ", "zone"), ("2026-11-01 23:00 local time", "zone"), ("2026-11-01 23:00+15:00", "zone"),
        ("2026-10-25 02:30", "twice"), ("2026-03-29 02:30", "twice"),
    ],
)  # fmt: skip
def test_a_time_that_may_be_several_moments_is_none_of_them(text: str, why: str) -> None:
    with pytest.raises(UnclearMoment) as raised:
        read_moment(text, BERLIN)
    assert raised.value.why == why
    assert read_day(text, BERLIN) == date.fromisoformat(text[:10])


@pytest.mark.parametrize(
    ("started", "resolved", "outcome", "words"),
    [
        ("2026-10-25T01:30+02:00", "2026-10-25T05:00+01:00", Outcome.NOT_MET, "4 h 30 min"),
        ("2026-10-25 01:30", "2026-10-25 05:00", Outcome.NOT_MET, "4 h 30 min"),
        ("2026-03-29 01:30", "2026-03-29 06:00", Outcome.MET, "3 h 30 min"),
        ("2026-10-25T02:50+02:00", "2026-10-25T02:10+01:00", Outcome.MET, "20 min"),
        ("2026-11-01 23:00 CET", "2026-11-02 03:30 UTC", Outcome.NOT_MET, "5 h 30 min"),
        ("2026-11-01 10:00 PST", "2026-11-01 12:00 UTC", Outcome.UNKNOWN, "ends before it begins"),
        ("2026-11-01 10:00 CST", "2026-11-01 12:00", Outcome.UNKNOWN, "“CST”, which is not known or means several"),
        ("2026-10-25 02:30", "2026-10-25 04:00", Outcome.UNKNOWN, "showed twice or never"),
    ],
    ids=["back, with offsets", "back", "forward", "within the hour shown twice", "a named zone", "reversed by its zone",
         "a zone that means several", "shown twice"],
)  # fmt: skip
def test_an_hour_is_an_hour_whatever_the_clock_shows(
    tmp_path: Path, write, started: str, resolved: str, outcome: Outcome, words: str
) -> None:
    write("i.csv", HEAD + row(started=started, detected="", resolved=resolved))
    finding = incidents(tmp_path, worst_recover="4h", settings=Settings(timezone="Europe/Berlin"))
    assert finding.outcome is outcome, says(finding)
    assert words in says(finding)


@pytest.mark.parametrize(
    ("zone", "outcome"),
    [("America/New_York", Outcome.MET), ("UTC", Outcome.NOT_MET), ("", Outcome.NOT_MET), ("CST", Outcome.UNKNOWN)],
)
def test_a_record_may_name_the_zone_of_its_times(tmp_path: Path, write, zone: str, outcome: Outcome) -> None:
    head = "incident,started,resolved,timezone\n"
    write("i.csv", f"{head}I-1,2026-11-10 04:00,2026-11-10 10:00Z,{zone}\n")
    finding = incidents(tmp_path, worst_recover="5h")
    assert finding.outcome is outcome, says(finding)


def test_an_incident_that_is_not_over_has_lasted_real_hours(tmp_path: Path, write) -> None:
    write("i.csv", HEAD + row(started="2026-10-24 23:00", resolved=""))
    berlin = Settings(timezone="Europe/Berlin")
    finding = incidents(tmp_path, date(2026, 10, 26), worst_recover="25h", settings=berlin)
    assert "26 h" in says(finding)


# Whole records, in the forms that teams keep them in


def test_a_list_of_downtimes_is_measured_without_its_maintenance(tmp_path: Path, write) -> None:
    head = "incident_id,downtime_start,downtime_end,duration_minutes,source,title,impact\n"
    write(
        "i.csv",
        head
        + """\
9632825,2026-10-26T01:43:00Z,2026-10-26T03:35:00Z,112,updates,"Slow, for some",minor
9630129,2026-10-25T17:35:00Z,2026-10-28T15:02:00Z,4167,updates,Moving is paused,maintenance
9622130,2026-09-24T19:11:00Z,2026-09-25T01:11:00Z,360,updates,Nothing answers,major
9622131,2026-09-20T19:11:00Z,2026-09-20T19:41:00Z,30,updates,Pages fail,none
""",
    )
    asked = {"within": "365d", "leave_out": ["maintenance"], "median_recover": "4h"}
    assert incidents(tmp_path, **asked).outcome is Outcome.MET
    assert incidents(tmp_path, **{**asked, "leave_out": []}, worst_recover="12h").outcome is Outcome.NOT_MET
    assert incidents(tmp_path, **asked, worst_recover="12h").outcome is Outcome.MET
    assert incidents(tmp_path, **asked, worst_recover="4h").outcome is Outcome.NOT_MET
    assert incidents(tmp_path, **{**asked, "median_detect": "4h"}).outcome is Outcome.UNKNOWN


LOG = """\
---
title: Incident on 2026-10-18 - Disks ran full
weight: 5
---

# Incident on 2026-10-18 - Disks ran full

- **Key events**
  - First detected: 2026-10-18 13:42
  - Incident declared: 2026-10-18 15:12
  - Repaired: 2026-10-18 17:54
  - Resolved 2026-10-20 19:18

- **Time to repair**: 4h 12m

- **Time to resolve**: 35h 36m

- **Identified**: A person saw [errors](https://chat.example.com/p1) of pulling images

- **Impact**: Some pods did not start.

- **Context**:
  - 2026-10-18 13:42 An alarm rang
  - 2026-10-18 15.26 The new nodes turned out to have small disks

- **Resolution**:
  - Disks of the old size again

- **Review actions**:
  - Compare disks in every upgrade
"""


def test_a_log_of_pages_is_read_as_it_is(tmp_path: Path, write) -> None:
    write("log/2026-10-18-disks.html.md.erb", LOG)
    write("log/index.html.md.erb", "---\ntitle: Incidents\n---\n\n# Incidents\n\n- [Disks](2026-10-18-disks.html)\n")
    finding = incidents(tmp_path, path="log/*.md.erb", worst_recover="4h")
    assert finding.outcome is Outcome.NOT_MET
    assert finding.table is not None
    ((name, *figures),) = [[render(cell, "en") for cell in row] for row in finding.table.rows]  # the index is none
    assert name == "2026-10-18-disks"
    assert figures[:4] == ["2026-10-18", "", "–", "4 h 12 min"]
    assert incidents(tmp_path, path="log/*.md.erb", overdue=0).outcome is Outcome.UNKNOWN


ANALYSIS = """\
# A rule of the router caught requests of others

## Summary

A change to the page of the router also sent /api of every application to it.

## Timeline

All times in UTC.

| Time             | Event                   |
| :--------------- | ----------------------- |
| 2026-10-17 16:06 | A node was not ready |
| 2026-10-17 17:53 | The change took effect |
| 2026-10-18 00:22 | The cause was found |
| 2026-10-18 00:42 | A customer saw it work again |

## Contributing Factors

- Nobody tests that path

## Action Items

- Test that path

## Stats

- Category: Routing
- Time to detection: 371 minutes
- Time to recovery: 389 minutes
"""


def test_an_analysis_with_figures_of_its_own_is_read_as_it_is(tmp_path: Path, write) -> None:
    write("PM2026-002 - A rule of the router.md", ANALYSIS)
    finding = incidents(tmp_path, path="PM20*", analysis_within="14d")
    assert finding.outcome is Outcome.MET, says(finding)
    assert finding.table is not None
    ((name, *figures),) = [[render(cell, "en") for cell in row] for row in finding.table.rows]
    assert name.startswith("PM2026-002")
    assert figures[2:4] == ["6 h 11 min", "6 h 29 min"]


def test_times_are_drawn_beside_what_was_usual(tmp_path: Path) -> None:
    lines = [row("I-1", **on("2026-01-10", 30)), row("I-2", **on("2026-02-10", 50)), row("I-3", **on("2026-11-10", 90))]
    (tmp_path / "i.csv").write_text(HEAD + "".join(lines))
    picture = incidents(tmp_path, within="90d", baseline="365d", median_recover="4h", worse_by=500).picture
    assert isinstance(picture, Bars)
    assert [(label, value) for label, value, _ in picture.bars] == [("I-3", 90)]
    assert picture.bound is not None
    assert (render(picture.bound[0], "en"), picture.bound[1]) == ("usual before: 40 min", 40)
    bound = incidents(tmp_path, worst_detect="1h").picture
    assert isinstance(bound, Bars)
    assert (len(bound.bars), bound.bound and bound.bound[1]) == (3, 60)
    assert incidents(tmp_path, overdue=3, same_cause=9).picture is None
