"""The check `results`: what other tools found, bounded by severity and age."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support import SAMPLES
from support.fuzzing import examples

from orr.evidence.checks.results.detect import _FORMATS, read_report
from orr.evidence.checks.results.junit import read_junit
from orr.evidence.checks.results.model import Severity, scored, severity_of, worst
from orr.evidence.checks.results.scorecard import is_scorecard, read_scorecard
from orr.evidence.checks.results.shape import Misshapen
from orr.evidence.context import Context
from orr.evidence.documents.json_text import parse_json
from orr.evidence.errors import Undetermined
from orr.evidence.repository.places import EvidencePlaces
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.picture import Bars
from orr.model.workload import Owner, Workload
from orr.testing import run_check

TODAY = date(2026, 11, 23)
EXAMPLES = examples(150)


def results(folder: Path, **parameters: Any) -> Finding:
    finding = run_check("results", folder, today=TODAY, **{"path": "r.*", **parameters})
    for language in LANGUAGES:
        assert render(finding.says, language)
        for row in finding.table.rows if finding.table else ():
            assert len(row) == len(finding.table.columns)
            assert all(isinstance(render(cell, language), str) for cell in row)
    return finding


def says(finding: Finding) -> str:
    return render(finding.says, "en")


def cells(finding: Finding) -> list[tuple[str, ...]]:
    return [tuple(render(cell, "en") for cell in row) for row in finding.table.rows] if finding.table else []


def junit(*cases: str, attributes: str = "") -> str:
    return f"<testsuite name='s' {attributes}>{''.join(cases)}</testsuite>"


PASS = "<testcase name='good' classname='c'/>"
FAIL = "<testcase name='bad' classname='c'><failure message='no'/></testcase>"
ERROR = "<testcase name='worse' classname='c'><error message='no'/></testcase>"
SKIP = "<testcase name='left' classname='c'><skipped/></testcase>"


def sarif(*found: dict[str, Any], **run: Any) -> dict[str, Any]:
    rules = [
        {"id": "R1", "properties": {"security-severity": "9.8"}},
        {"id": "R2", "defaultConfiguration": {"level": "note"}},
    ]
    driver = {"name": "scanner", "rules": rules}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(found), **run}]}


def ocsf(code: str = "PASS", severity: int = 4, **more: Any) -> dict[str, Any]:
    return {
        "class_uid": 2004,
        "metadata": {"event_code": "e", "product": {"name": "P"}},
        "severity_id": severity,
        "status_code": code,
        "time": 1_795_000_000,
        "resources": [{"uid": "arn:r"}],
        **more,
    }


def asff(status: str | None = "PASSED", label: str = "HIGH", **more: Any) -> dict[str, Any]:
    compliance = {"Compliance": {"Status": status}} if status else {}
    common = {"SchemaVersion": "2018-10-08", "ProductArn": "p", "AwsAccountId": "1", "GeneratorId": "g"}
    return {**common, "Severity": {"Label": label}, "Resources": [{"Id": "arn:x"}], **compliance, **more}


def hdf(*statuses: str, impact: float = 0.7, **more: Any) -> dict[str, Any]:
    lines = [{"status": status, "start_time": "2026-11-20T10:00:00Z"} for status in statuses]
    control = {"id": "C-1", "impact": impact, "tags": {}, "results": lines, **more}
    return {"platform": {}, "statistics": {}, "version": "5", "profiles": [{"name": "p", "controls": [control]}]}


def checkov(**lists: Any) -> dict[str, Any]:
    summary = lists.pop("summary", {})
    return {"check_type": "terraform", "results": lists, "summary": summary}


def conftest(**lists: Any) -> list[dict[str, Any]]:
    return [{"filename": "a.yaml", **lists}]


def scorecard(*scores: tuple[str, int]) -> dict[str, Any]:
    checks = [{"name": name, "score": score} for name, score in scores]
    return {"date": "2026-11-20", "scorecard": {"version": "v5"}, "checks": checks}


def gx(*successes: bool, raised: bool = False, **more: Any) -> dict[str, Any]:
    info = {"raised_exception": raised}
    found = [{"success": one, "exception_info": info, "expectation_config": {"type": "e"}} for one in successes]
    return {"success": all(successes), "results": found, "statistics": {}, "meta": {}, **more}


def oscal(state: str, **more: Any) -> dict[str, Any]:
    finding = {"title": "f", "target": {"target-id": "ac-6", "status": {"state": state}}, **more.pop("finding", {})}
    result = {"title": "r", "start": "2026-11-01T00:00:00Z", "findings": [finding], **more}
    return {"assessment-results": {"metadata": {"title": "A"}, "results": [result]}}


VERDICTS: list[Any] = [
    ("junit, all passed", junit(PASS), {}, Outcome.MET),
    ("junit, one failed", junit(PASS, FAIL), {}, Outcome.NOT_MET),
    ("junit, an error is a failing test", junit(PASS, ERROR), {"at_most": {"critical": 0}}, Outcome.NOT_MET),
    ("junit, skipped is no pass", junit(PASS, SKIP), {}, Outcome.PARTIAL),
    ("junit, more skipped than may be", junit(PASS, SKIP, SKIP), {"undecided": 1}, Outcome.PARTIAL),
    ("junit, a failure beside what was skipped", junit(PASS, FAIL, SKIP), {}, Outcome.NOT_MET),
    ("junit, too few beside what was skipped", junit(PASS, SKIP), {"at_least": 2}, Outcome.NOT_MET),
    ("junit, skipped that may be", junit(PASS, SKIP), {"undecided": 1}, Outcome.MET),
    ("junit, all skipped", junit(SKIP), {"undecided": 9}, Outcome.UNKNOWN),
    ("junit, no test", junit(), {}, Outcome.UNKNOWN),
    ("junit, no test and empty allowed", junit(), {"empty": True}, Outcome.MET),
    ("junit, not run", junit("<testcase name='x' status='notrun'/>"), {}, Outcome.UNKNOWN),
    ("junit, failed by its status", junit("<testcase name='x' status='failed'/>"), {}, Outcome.NOT_MET),
    ("junit, more tests counted than listed", junit(PASS, attributes="tests='2'"), {}, Outcome.UNKNOWN),
    ("junit, more failures counted than listed", junit(PASS, attributes="failures='1'"), {}, Outcome.UNKNOWN),
    ("junit, failure of the suite", junit(PASS, "<error message='collect'/>"), {}, Outcome.NOT_MET),
    ("junit, nested", f"<testsuites tests='2'>{junit(PASS)}{junit(PASS)}</testsuites>", {}, Outcome.MET),
    ("junit, too few", junit(PASS), {"at_least": 2}, Outcome.NOT_MET),
    (
        "junit, of the future",
        junit(PASS, attributes="timestamp='2027-01-01T00:00:00'"),
        {"none_older_than": "9d"},
        Outcome.NOT_MET,
    ),
    ("junit, undated", junit(PASS), {"none_older_than": "9d"}, Outcome.UNKNOWN),
    ("junit, other format wanted", junit(PASS), {"formats": ["sarif", "ocsf"]}, Outcome.UNKNOWN),
    ("xml of another kind", "<html/>", {}, Outcome.UNKNOWN),
    ("sarif, clean", sarif(), {"empty": True}, Outcome.MET),
    ("sarif, clean but nobody said that it may be", sarif(), {}, Outcome.UNKNOWN),
    ("sarif, clean but too few", sarif(), {"empty": True, "at_least": 2}, Outcome.UNKNOWN),
    ("sarif, critical by its rule", sarif({"ruleId": "R1"}), {"at_most": {"critical": 0}}, Outcome.NOT_MET),
    ("sarif, note by its rule", sarif({"ruleId": "R2"}), {"at_most": {"medium": 0}}, Outcome.MET),
    ("sarif, note where none may be", sarif({"ruleId": "R2"}), {}, Outcome.NOT_MET),
    ("sarif, suppressed counts", sarif({"ruleId": "R1", "suppressions": [{"kind": "inSource"}]}), {}, Outcome.NOT_MET),
    ("sarif, gone since", sarif({"ruleId": "R1", "baselineState": "absent"}), {"empty": True}, Outcome.MET),
    ("sarif, passed", sarif({"ruleId": "R1", "kind": "pass"}), {}, Outcome.MET),
    ("sarif, open to review", sarif({"ruleId": "R1", "kind": "review"}), {}, Outcome.UNKNOWN),
    ("sarif, review alone, empty allowed", sarif({"ruleId": "R1", "kind": "review"}), {"empty": True}, Outcome.UNKNOWN),
    ("sarif, broke off", sarif(invocations=[{"executionSuccessful": False}]), {"empty": True}, Outcome.UNKNOWN),
    ("sarif, no results", sarif(results=None), {"empty": True}, Outcome.UNKNOWN),
    ("sarif, no run", {"version": "2.1.0", "runs": []}, {"empty": True}, Outcome.UNKNOWN),
    ("ocsf, passed", [ocsf()], {}, Outcome.MET),
    ("ocsf, failed", [ocsf(), ocsf("FAIL")], {}, Outcome.NOT_MET),
    ("ocsf, low is within", [ocsf(), ocsf("FAIL", 2)], {"at_most": {"high": 0}}, Outcome.MET),
    ("ocsf, worse than the worst that is named", [ocsf("FAIL", 5)], {"at_most": {"high": 3}}, Outcome.NOT_MET),
    ("ocsf, manual is no pass", [ocsf(), ocsf("MANUAL")], {}, Outcome.PARTIAL),
    ("ocsf, muted is a finding, not part of a pass", [ocsf(), ocsf("FAIL", 2, status_id=3)], {}, Outcome.NOT_MET),
    ("ocsf, muted within the bounds", [ocsf(), ocsf("FAIL", 2, status_id=3)], {"at_most": {"low": 1}}, Outcome.MET),
    ("ocsf, muted counts", [ocsf(), ocsf("FAIL", status_id=3)], {}, Outcome.NOT_MET),
    ("ocsf, compliance fails in words", [ocsf(compliance={"status": "Fail"})], {}, Outcome.NOT_MET),
    (
        "ocsf, the worst vulnerability counts",
        [ocsf("FAIL", 2, vulnerabilities=[{"severity": "Critical"}])],
        {"at_most": {"high": 0}},
        Outcome.NOT_MET,
    ),
    ("ocsf, a word that nobody knows", [ocsf("OKAY")], {}, Outcome.UNKNOWN),
    ("ocsf, an unknown word beside a pass", [ocsf(), ocsf("OKAY"), ocsf("MANUAL")], {"undecided": 0}, Outcome.UNKNOWN),
    ("ocsf, one such word may be", [ocsf(), ocsf("OKAY"), ocsf("MANUAL")], {"undecided": 1}, Outcome.PARTIAL),
    ("ocsf, both may be", [ocsf(), ocsf("OKAY"), ocsf("MANUAL")], {"undecided": 2}, Outcome.MET),
    ("asff, passed", [asff()], {}, Outcome.MET),
    ("asff, failed", {"Findings": [asff("FAILED")]}, {}, Outcome.NOT_MET),
    ("asff, warning is no verdict", [asff("WARNING")], {}, Outcome.UNKNOWN),
    ("asff, suppressed counts", [asff("FAILED", Workflow={"Status": "SUPPRESSED"})], {}, Outcome.NOT_MET),
    ("asff, without compliance it is a finding", [asff(None, "LOW")], {}, Outcome.NOT_MET),
    (
        "asff, its provider's severity counts where a person lowered it",
        [asff("FAILED", "LOW", FindingProviderFields={"Severity": {"Label": "CRITICAL"}})],
        {"at_most": {"high": 0}},
        Outcome.NOT_MET,
    ),
    ("asff, archived is none", [asff(), asff("FAILED", RecordState="ARCHIVED")], {}, Outcome.MET),
    ("asff, clean", {"Findings": []}, {"empty": True}, Outcome.MET),
    ("hdf, passed", hdf("passed"), {}, Outcome.MET),
    ("hdf, failed", hdf("passed", "failed"), {}, Outcome.NOT_MET),
    ("hdf, skipped is not reviewed", hdf("skipped"), {}, Outcome.UNKNOWN),
    ("hdf, a skipped part spoils a pass", hdf("passed", "skipped"), {}, Outcome.UNKNOWN),
    ("hdf, no impact is not applicable", hdf("skipped", impact=0), {}, Outcome.UNKNOWN),
    ("hdf, no impact but failed", hdf("failed", impact=0), {}, Outcome.NOT_MET),
    ("hdf, an error", hdf("error"), {"undecided": 9}, Outcome.UNKNOWN),
    ("hdf, an error beside a pass and a skip", hdf("passed", "skipped", "error"), {"undecided": 9}, Outcome.UNKNOWN),
    ("hdf, nothing ran", hdf(), {}, Outcome.UNKNOWN),
    (
        "inspec, waived, run and failed",
        hdf("failed", waiver_data={"run": True, "justification": "j"}),
        {},
        Outcome.NOT_MET,
    ),
    ("inspec, waived, run and passed", hdf("passed", waiver_data={"run": True, "justification": "j"}), {}, Outcome.MET),
    (
        "inspec, waived and not run",
        hdf("skipped", waiver_data={"run": False, "skipped_due_to_waiver": True}),
        {"undecided": 9},
        Outcome.NOT_MET,
    ),
    ("checkov, passed", checkov(passed_checks=[{"check_id": "A"}]), {}, Outcome.MET),
    ("checkov, passes only counted", checkov(passed_checks=[], summary={"passed": 7}), {}, Outcome.MET),
    (
        "checkov, failed",
        checkov(failed_checks=[{"check_id": "A", "severity": None}]),
        {"at_most": {"high": 0}},
        Outcome.NOT_MET,
    ),
    ("checkov, failures only counted", checkov(summary={"passed": 7, "failed": 1}), {}, Outcome.UNKNOWN),
    (
        "checkov, skipped by a comment counts",
        checkov(skipped_checks=[{"check_id": "A"}]),
        {"undecided": 9},
        Outcome.NOT_MET,
    ),
    (
        "checkov, a file not parsed",
        checkov(passed_checks=[{"check_id": "A"}], parsing_errors=["a.tf"]),
        {},
        Outcome.UNKNOWN,
    ),
    (
        "checkov, nothing found to check",
        {"passed": 0, "failed": 0, "checkov_version": "3"},
        {},
        Outcome.UNKNOWN,
    ),
    ("conftest, passed", conftest(successes=3), {}, Outcome.MET),
    (
        "conftest, failed",
        conftest(successes=3, failures=[{"msg": "no"}]),
        {"at_most": {"critical": 0}},
        Outcome.NOT_MET,
    ),
    ("conftest, warning within", conftest(successes=3, warnings=[{"msg": "hm"}]), {"at_most": {"low": 1}}, Outcome.MET),
    ("conftest, exception counts", conftest(successes=3, exceptions=[{"msg": "no"}]), {}, Outcome.NOT_MET),
    ("scorecard, full", scorecard(("License", 10)), {}, Outcome.MET),
    ("scorecard, not full", scorecard(("License", 9)), {}, Outcome.NOT_MET),
    ("scorecard, enough", scorecard(("License", 9)), {"score": 8}, Outcome.MET),
    ("scorecard, minus one is no pass", scorecard(("License", 10), ("CI-Tests", -1)), {"score": 1}, Outcome.UNKNOWN),
    ("gx, passed", gx(True, True), {}, Outcome.MET),
    ("gx, failed", gx(True, False), {}, Outcome.NOT_MET),
    ("gx, raised", gx(True, raised=True), {}, Outcome.UNKNOWN),
    ("gx, failures only counted", gx(True, statistics={"unsuccessful_expectations": 1}), {}, Outcome.UNKNOWN),
    ("gx, a checkpoint", {"success": True, "run_results": {"a": {"validation_result": gx(True)}}}, {}, Outcome.MET),
    ("oscal, satisfied", oscal("satisfied"), {}, Outcome.MET),
    ("oscal, not satisfied", oscal("not-satisfied"), {}, Outcome.NOT_MET),
    ("oscal, an open risk beside it", oscal("satisfied", risks=[{"uuid": "1", "status": "open"}]), {}, Outcome.NOT_MET),
    ("oscal, a closed risk beside it", oscal("satisfied", risks=[{"uuid": "1", "status": "closed"}]), {}, Outcome.MET),
    ("oscal, no finding", oscal("satisfied", findings=[]), {}, Outcome.UNKNOWN),
    ("an empty list is of no format", [], {"empty": True}, Outcome.UNKNOWN),
    ("not of any format", {"a": 1}, {}, Outcome.UNKNOWN),
    ("of the wrong shape", {"version": "2.1.0", "runs": [1]}, {}, Outcome.UNKNOWN),
    ("a key twice", '{"version": "2.1.0", "runs": [], "runs": []}', {}, Outcome.UNKNOWN),
    ("no bound at all", junit(PASS), {"at_most": {}}, Outcome.UNKNOWN),
]


@pytest.mark.parametrize(
    ("content", "parameters", "outcome"), [row[1:] for row in VERDICTS], ids=[row[0] for row in VERDICTS]
)
def test_each_format_is_judged_alike(
    tmp_path: Path, write, content: Any, parameters: dict[str, Any], outcome: Outcome
) -> None:
    write("r.out", content if isinstance(content, str) else json.dumps(content))
    finding = results(tmp_path, **parameters)
    assert finding.outcome is outcome, says(finding)
    assert "the check failed" not in says(finding)


def test_no_file_is_not_met(tmp_path: Path) -> None:
    assert results(tmp_path).outcome is Outcome.NOT_MET


def test_what_nobody_looked_at_is_named_beside_what_is_in_order(tmp_path: Path, write) -> None:
    write("r.json", json.dumps([ocsf(), ocsf(), ocsf("MANUAL")]))
    finding = results(tmp_path, none_older_than="30d")
    assert (finding.outcome, finding.holds_until) == (Outcome.PARTIAL, None)
    assert says(finding) == (
        "r.json (P): one was left without a verdict, 0 allowed: e (arn:r); "
        "what has a verdict is within the bounds: 2 passed, 1 not reviewed"
    )


def test_a_bad_file_is_not_hidden_by_a_good_one(tmp_path: Path, write) -> None:
    write("r.a.xml", junit(PASS))
    write("r.b.json", "{")
    finding = results(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "r.b.json:1:2" in says(finding)


def test_findings_of_all_files_count_together(tmp_path: Path, write) -> None:
    write("r.a.json", json.dumps([ocsf("FAIL", 2)]))
    write("r.b.json", json.dumps(sarif({"ruleId": "R2"})))
    assert results(tmp_path, at_most={"low": 2}).outcome is Outcome.MET
    assert results(tmp_path, at_most={"low": 1}).outcome is Outcome.NOT_MET


def test_results_hold_for_as_long_as_the_oldest_of_them(tmp_path: Path, write) -> None:
    write("r.a.xml", junit(PASS, attributes="timestamp='2026-11-20T23:30:00'"))
    write("r.b.json", json.dumps(hdf("passed")))
    write("r.2026-11-01.json", json.dumps(conftest(successes=1)))
    finding = results(tmp_path, none_older_than="30d")
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, date(2026, 12, 1))
    assert "r.2026-11-01.json, is of 2026-11-01 (by its name)" in says(finding)


def test_results_end_when_their_own_words_say(tmp_path: Path, write) -> None:
    observed = [{"collected": "2026-11-20T00:00:00Z", "expires": "2026-12-01T00:00:00Z"}]
    write("r.json", json.dumps(oscal("satisfied", observations=observed)))
    assert results(tmp_path).holds_until == date(2026, 11, 30)
    assert results(tmp_path, none_older_than="5d").holds_until == date(2026, 11, 6)


def test_a_finding_names_the_figures_and_the_object(tmp_path: Path, write) -> None:
    write("r.json", json.dumps([ocsf(), ocsf("FAIL", 5), ocsf("FAIL", 2)]))
    finding = results(tmp_path, at_most={"critical": 0})
    assert says(finding) == (
        "r.json (P): one critical finding, 0 allowed: e (arn:r); in all 1 passed, 1 critical, 1 low"
    )
    assert cells(finding)[0] == ("e", "critical", "failed", "arn:r", "", "r.json")


def test_a_test_is_named_by_its_line(tmp_path: Path, write) -> None:
    write("r.xml", "<testsuite>\n" + PASS + "\n" + FAIL + "\n</testsuite>")
    assert "bad (r.xml:3)" in says(results(tmp_path))


def test_waivers_in_the_file_are_shown(tmp_path: Path, write) -> None:
    waiver = {"run": True, "justification": "later", "expiration_date": "2027-01-01"}
    write("r.json", json.dumps(hdf("failed", waiver_data=waiver)))
    finding = results(tmp_path)
    assert "C-1 (p), waived in the file" in says(finding)
    assert cells(finding) == [("C-1", "high", "failed", "p", "later (until 2027-01-01)", "r.json")]


def test_an_overlay_does_not_count_a_control_twice(tmp_path: Path, write) -> None:
    data = hdf("passed")
    data["profiles"].insert(0, {"name": "overlay", "controls": [{"id": "C-1", "impact": 0.7, "results": []}]})
    write("r.json", json.dumps(data))
    assert results(tmp_path, at_least=2).outcome is Outcome.NOT_MET
    assert results(tmp_path).outcome is Outcome.MET


# SARIF: which rule a result means, and how severe it is

RULES = [
    {"id": "js/sql", "guid": "11111111-1111-1111-1111-111111111111", "properties": {"security-severity": "9.8"}},
    {"id": "note", "defaultConfiguration": {"level": "note"}},
    {"id": "plain"},
    {"id": "odd", "defaultConfiguration": {"level": "dreadful"}},
    {"id": "twice", "defaultConfiguration": {"level": "note"}},
    {"id": "twice", "defaultConfiguration": {"level": "error"}},
]
MORE = [
    {"id": "more", "properties": {"security-severity": "9.0"}},
    {"id": "x", "defaultConfiguration": {"level": "error"}},
]
GUID = RULES[0]["guid"]


def run_of(found: dict[str, Any], rules: list[dict[str, Any]] = RULES, **run: Any) -> dict[str, Any]:
    tool = {"driver": {"name": "t", "rules": rules}, "extensions": [{"name": "ext", "guid": "e-1", "rules": MORE}]}
    return {
        "version": "2.1.0",
        "runs": [{"tool": tool if rules else {"driver": {"name": "t"}}, "results": [found], **run}],
    }


def configures(level: str, **descriptor: Any) -> dict[str, Any]:
    return {"ruleConfigurationOverrides": [{"descriptor": descriptor, "configuration": {"level": level}}]}


@pytest.mark.parametrize(("many", "outcome"), [(100_000, Outcome.NOT_MET), (100_001, Outcome.UNKNOWN)])
@pytest.mark.slow
def test_of_a_list_no_more_is_read_than_a_limit(tmp_path: Path, many: int, outcome: Outcome) -> None:
    run = {"tool": {"driver": {"name": "t"}}, "results": [{}] * many}
    (tmp_path / "a.sarif").write_text(json.dumps({"version": "2.1.0", "runs": [run]}))
    finding = run_check("results", tmp_path, path="a.sarif", at_most={"unrated": 1})
    assert finding.outcome is outcome
    assert ("lists more than the 100000 that are read at `runs[0].results`" in str(finding.says)) is (many > 100_000)


@pytest.mark.parametrize("found", [
    {"ruleId": "same", "level": "note"}, {"rule": {"guid": "same"}, "level": "note"}, {"ruleId": "a" + "/b" * 400_000},
    {"rule": {"id": "note", "toolComponent": {"name": "same"}}, "level": "note"},
])  # fmt: skip
def test_what_may_mean_very_many_rules_may_be_as_severe_as_any(tmp_path: Path, found: dict[str, Any]) -> None:
    data = run_of(found, [*RULES, *[{"id": "same", "guid": "same"}] * 101])
    data["runs"][0]["tool"]["extensions"] += [{"name": "same", "rules": [{"id": "note"}]}] * 101
    (tmp_path / "a.sarif").write_text(json.dumps(data))
    finding = run_check("results", tmp_path, path="a.sarif", at_most={"unrated": 0})
    assert "without a severity" in str(finding.says)


WARNING = {"level": "warning"}
EXTENSION = {"toolComponent": {"index": 0}}


@pytest.mark.parametrize(
    ("found", "severity"),
    [
        ({"ruleId": "js/sql"}, "critical"),
        ({"ruleId": "js/sql/tainted", **WARNING}, "critical"),
        ({"ruleId": "js/sql/tainted/deep"}, "critical"),
        ({"ruleId": "js/sqlx"}, "unrated"),
        ({"ruleId": "js", **WARNING}, "unrated"),
        ({"ruleId": "nowhere"}, "unrated"),
        ({"ruleId": "nowhere", "level": "note"}, "unrated"),
        ({"ruleId": "nowhere", "properties": {"security-severity": "3"}}, "low"),
        ({"ruleIndex": 0, **WARNING}, "critical"),
        ({"ruleId": "js/sql/tainted", "ruleIndex": 0}, "critical"),
        ({"ruleId": "note", "ruleIndex": 0}, "unrated"),
        ({"ruleIndex": 99, **WARNING}, "unrated"),
        ({"ruleIndex": "0", **WARNING}, "unrated"),
        ({"ruleIndex": True, **WARNING}, "unrated"),
        ({"ruleIndex": -1, "level": "note"}, "low"),
        ({"rule": {"guid": GUID.upper()}, **WARNING}, "critical"),
        ({"rule": {"guid": "22222222-2222-2222-2222-222222222222"}, **WARNING}, "unrated"),
        ({"rule": {"id": "js/sql"}}, "critical"),
        ({"rule": {"index": 1}}, "low"),
        ({"ruleId": "more", **WARNING}, "critical"),
        ({"rule": {"index": 1, **EXTENSION}}, "high"),
        ({"ruleId": "x", "ruleIndex": 1, "rule": {"index": 1, **EXTENSION}}, "high"),
        ({"rule": {"id": "more", "toolComponent": {"guid": "E-1"}}}, "critical"),
        ({"rule": {"id": "more", "toolComponent": {"name": "ext"}}}, "critical"),
        ({"rule": {"id": "js/sql", **EXTENSION}, **WARNING}, "unrated"),
        ({"rule": {"index": 0, "toolComponent": {"index": 7}}, **WARNING}, "unrated"),
        ({"rule": {"id": "more", "toolComponent": {"name": "other"}}, **WARNING}, "unrated"),
        ({"ruleId": "note"}, "low"),
        ({"ruleId": "note", "level": "error"}, "high"),
        ({"ruleId": "note", "level": "dreadful"}, "unrated"),
        ({"ruleId": "plain"}, "medium"),
        ({"ruleId": "note", "properties": {"severity": "CRITICAL"}}, "critical"),
        ({"ruleId": "note", "properties": {"issue_severity": "High"}}, "high"),
        ({"ruleId": "js/sql", "properties": {"severity": "low"}}, "critical"),
        ({"ruleId": "note", "properties": {"severity": "so so"}}, "low"),
        ({"ruleId": "odd"}, "unrated"),
        ({"ruleId": "twice"}, "high"),
        ({"ruleId": "js/sql", "properties": {"security-severity": "bad"}}, "unrated"),
        ({"message": {"text": "m"}}, "unrated"),
        ({"message": {"text": "m"}, "level": "error"}, "high"),
    ],
    ids=str,
)
def test_a_finding_is_as_severe_as_the_rule_that_it_means(
    tmp_path: Path, write, found: dict[str, Any], severity: str
) -> None:
    write("r.json", json.dumps(run_of(found)))
    assert cells(results(tmp_path))[0][1] == severity.replace("unrated", "–")


def test_without_any_rule_the_level_is_all_that_is_said(tmp_path: Path, write) -> None:
    write("r.json", json.dumps(run_of({"ruleId": "x", "level": "note"}, rules=[])))
    assert cells(results(tmp_path))[0][1] == "low"
    write("r.json", json.dumps(run_of({"ruleId": "x"}, rules=[])))
    assert cells(results(tmp_path))[0][1] == "–"


@pytest.mark.parametrize(
    ("found", "invocations", "severity"),
    [
        ({"ruleId": "note"}, [configures("error", id="note")], "high"),
        ({"ruleId": "note"}, [configures("error", index=1)], "high"),
        ({"ruleId": "js/sql/x"}, [configures("error", guid=GUID)], "critical"),
        ({"ruleId": "note/part"}, [configures("error", id="note")], "high"),
        ({"ruleId": "twice"}, [configures("note", id="twice")], "low"),
        ({"ruleId": "plain"}, [configures("note", id="plain")], "low"),
        ({"ruleId": "plain"}, [configures("note", id="plain"), {}], "medium"),
        ({"ruleId": "plain"}, [configures("note", id="plain"), configures("error", id="plain")], "high"),
        ({"ruleId": "plain", "provenance": {"invocationIndex": 0}}, [configures("note", id="plain"), {}], "low"),
        ({"ruleId": "plain", "provenance": {"invocationIndex": 1}}, [configures("note", id="plain"), {}], "medium"),
        ({"ruleId": "note"}, [configures("awful", id="note")], "–"),
        ({"ruleId": "note"}, [configures("error", id="plain")], "low"),
        ({"ruleId": "note", "level": "warning"}, [configures("error", id="note")], "medium"),
        ({"rule": {"index": 0, **EXTENSION}}, [configures("note", index=0, **EXTENSION)], "critical"),
    ],
    ids=str,
)
def test_an_invocation_configures_how_severe_a_rule_is(
    tmp_path: Path, write, found: dict[str, Any], invocations: list[dict[str, Any]], severity: str
) -> None:
    whole = [{"executionSuccessful": True, **one} for one in invocations]
    write("r.json", json.dumps(run_of(found, invocations=whole)))
    assert cells(results(tmp_path))[0][1] == severity


@pytest.mark.parametrize(
    "run",
    [
        {"invocations": [{"executionSuccessful": "false"}]},
        {"invocations": [{"executionSuccessful": "true"}]},
        {"invocations": [{"executionSuccessful": 1}]},
        {"invocations": [{"executionSuccessful": None}]},
        {"invocations": [{"executionSuccessful": True, "exitSignalName": "SIGKILL"}]},
        {"invocations": [{"executionSuccessful": True, "processStartFailureMessage": "no"}]},
        {"invocations": [{"executionSuccessful": True, "toolExecutionNotifications": [{"level": "fatal"}]}]},
        {"externalPropertyFileReferences": {"results": [{"location": {}}]}},
    ],
    ids=str,
)
def test_a_run_that_may_have_broken_off_proves_nothing(tmp_path: Path, write, run: dict[str, Any]) -> None:
    write("r.json", json.dumps(run_of({"kind": "pass"}, **run)))
    assert results(tmp_path, empty=True).outcome is Outcome.UNKNOWN


def test_results_kept_outside_of_a_run_are_not_passed_over(tmp_path: Path, write) -> None:
    log = run_of({"kind": "pass"}) | {"inlineExternalProperties": [{"results": [{"ruleId": "js/sql"}]}]}
    write("r.json", json.dumps(log))
    assert results(tmp_path).outcome is Outcome.UNKNOWN


def test_what_passed_and_has_a_level_is_not_understood(tmp_path: Path, write) -> None:
    write("r.json", json.dumps(run_of({"kind": "pass", "level": "error"})))
    assert results(tmp_path).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("data", "seen"),
    [
        ({"version": "2.0.0", "runs": []}, "SARIF 2.0.0"),
        ({"version": "2.0.0-csd.2.beta.2018-10-10", "runs": []}, "SARIF 2.0.0-csd.2.beta"),
        ({"version": "1.0.0", "runs": []}, "SARIF 1.0.0"),
        ({"version": 2.1, "runs": []}, "SARIF 2.1,"),
        ({"$schema": "https://x/sarif-2.0.0.json", "runs": []}, "SARIF sarif-2.0.0.json"),
        ({"bomFormat": "CycloneDX", "components": []}, "CycloneDX"),
        ({"plan-of-action-and-milestones": {}}, "OSCAL plan-of-action-and-milestones"),
        ({"SchemaVersion": 2, "ArtifactName": "a", "Results": []}, "Trivy JSON"),
        ({"auditReportVersion": 2}, "npm audit"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_format_that_is_known_and_not_read_is_named(tmp_path: Path, write, data: dict[str, Any], seen: str) -> None:
    write("r.json", json.dumps(data))
    finding = results(tmp_path, empty=True)
    assert finding.outcome is Outcome.UNKNOWN
    assert f"r.json is {seen}" in says(finding)


@pytest.mark.parametrize("head", [{"version": "2.1.0-rtm.5"}, {"$schema": "https://x/sarif-schema-2.1.0.json"}])
def test_a_log_of_2_1_is_known_by_its_version_or_schema(tmp_path: Path, write, head: dict[str, Any]) -> None:
    log = {key: value for key, value in sarif({"kind": "pass"}).items() if key != "version"} | head
    write("r.json", json.dumps(log))
    assert results(tmp_path).outcome is Outcome.MET


# HDF: overlays


def profile(name: str, impact: Any, *statuses: str, parent: str | None = None, **control: Any) -> dict[str, Any]:
    lines = [{"status": status, "start_time": "2026-11-20T10:00:00Z"} for status in statuses]
    one = {"id": "C-1", "impact": impact, "tags": {}, "results": lines, **control}
    return {"name": name, "controls": [one], **({"parent_profile": parent} if parent else {})}


def hdf_of(*profiles: dict[str, Any], **more: Any) -> str:
    return json.dumps({"platform": {}, "statistics": {}, "version": "5", "profiles": list(profiles), **more})


@pytest.mark.parametrize(
    ("profiles", "severity", "count"),
    [
        pytest.param([profile("o", 0.9), profile("b", 0.3, "failed", parent="o")], "critical", 1, id="raised"),
        pytest.param([profile("o", 0.3), profile("b", 0.9, "failed", parent="o")], "low", 1, id="lowered"),
        pytest.param([profile("b", 0.3, "failed", parent="o"), profile("o", 0.9)], "critical", 1, id="the base first"),
        pytest.param(
            [profile("a", 0.9), profile("b", 0.5, parent="a"), profile("c", 0.3, "failed", parent="b")],
            "critical",
            1,
            id="three, the outermost counts",
        ),
        pytest.param(
            [profile("a", 0.9, "passed"), profile("b", 0.3, "failed", parent="a")], "critical", 1, id="results in both"
        ),
        pytest.param([profile("o", 0.9), profile("b", 0.3, "failed")], "critical", 1, id="no word of which is around"),
        pytest.param([profile("o", 0.3), profile("b", 0.9, "failed")], "critical", 1, id="nor which is milder"),
        pytest.param([profile("a", 0.9, "failed"), profile("b", 0.3, "failed")], "critical", 2, id="two controls"),
        pytest.param(
            [profile("a", 0.9, parent="b"), profile("b", 0.3, "failed", parent="a")],
            "critical",
            1,
            id="around each other",
        ),
        pytest.param([profile("o", 0), profile("b", 0.9, "failed", parent="o")], "informational", 1, id="no impact"),
        pytest.param([profile("b", None, "failed")], "–", 1, id="no impact said"),
        pytest.param([profile("b", "dire", "failed", tags={"severity": "low"})], "–", 1, id="an impact nobody knows"),
        pytest.param([profile("b", "high", "failed")], "high", 1, id="an impact in words"),
        pytest.param([profile("b", "0.95", "failed")], "critical", 1, id="an impact as a text"),
        pytest.param([profile("b", 0.3, "failed", tags={"severity": "high"})], "high", 1, id="a worse tag"),
        pytest.param([profile("b", 0.7, "failed", tags={"severity": "low"})], "high", 1, id="a milder tag"),
        pytest.param([profile("b", False, "failed")], "–", 1, id="false is no number"),
    ],
)
def test_of_a_control_the_outermost_overlay_counts(
    tmp_path: Path, write, profiles: list[dict[str, Any]], severity: str, count: int
) -> None:
    write("r.json", hdf_of(*profiles))
    rows = cells(results(tmp_path))
    assert (rows[0][1], len(rows)) == (severity, count)


def test_an_overlay_without_impact_makes_a_control_not_applicable(tmp_path: Path, write) -> None:
    write("r.json", hdf_of(profile("o", 0), profile("b", 0.9, "skipped", parent="o")))
    assert results(tmp_path).outcome is Outcome.UNKNOWN
    assert results(tmp_path, empty=True).outcome is Outcome.MET


@pytest.mark.parametrize(
    "controls", [{"total": 2}, {"failed": {"total": 1}}, {"total": "1"}, {"failed": {"total": "1"}}, {"failed": 1}]
)
def test_totals_of_controls_have_to_fit(tmp_path: Path, write, controls: dict[str, Any]) -> None:
    write("r.json", hdf_of(profile("b", 0.5, "passed"), statistics={"controls": controls}))
    assert results(tmp_path).outcome is Outcome.UNKNOWN


# HDF: a person's word


def word(status: str = "passed", updated: str = "2026-11-01", frequency: str = "1m", **more: str) -> dict[str, Any]:
    given = {"control_id": "C-1", "explanation": "looked", "status": status, "updated": updated, "frequency": frequency}
    return {"updated_by": "ana", **given, **more}


def said_in_a_line(data: dict[str, Any], expired: bool = False) -> dict[str, Any]:
    first = "Expired Status" if expired else "Status"
    message = (
        f"Attestation:\n{first}: {data['status']}\nExplanation: looked\n\nUpdated: {data['updated']}\n"
        f"Updated By: {data['updated_by']}\nFrequency: {data['frequency']}"
    )
    return {
        "code_desc": "Manually verified status provided through attestation",
        "status": "skipped" if expired else data["status"],
        "message": message,
        "start_time": "2026-11-20T10:00:00Z",
    }


@pytest.mark.parametrize(
    ("given", "own", "parameters", "outcome", "told"),
    [
        (word(), "skipped", {}, Outcome.PARTIAL, "one passed by a person's word alone: C-1 (p), attested by ana until"),
        (word(), "skipped", {"attested": True}, Outcome.MET, "1 attested"),
        (word(), "passed", {}, Outcome.MET, "1 passed"),
        (word(), "failed", {}, Outcome.NOT_MET, "1 high"),
        (word(), "error", {"attested": True}, Outcome.UNKNOWN, "one ended in an error"),
        (word("failed"), "skipped", {"attested": True}, Outcome.NOT_MET, "1 high"),
        (word("failed"), "passed", {}, Outcome.NOT_MET, "1 high"),
        (word("great"), "skipped", {"attested": True}, Outcome.UNKNOWN, "without a verdict"),
        (word(frequency="1d"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(frequency="22d"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(frequency="23 days"), "skipped", {"attested": True}, Outcome.MET, "1 attested"),
        (word(frequency="weekly"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(frequency="annually"), "skipped", {"attested": True}, Outcome.MET, "1 attested"),
        (word(frequency="now and then"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(updated="2026-12-01"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(updated="lately"), "skipped", {"attested": True}, Outcome.UNKNOWN, "C-1 (p), attested by ana"),
        (word(updated="2026-10-31", frequency="monthly"), "skipped", {"attested": True}, Outcome.MET, "1 attested"),
    ],
)
@pytest.mark.parametrize("how", ["data", "line", "both"])
def test_an_attestation_is_a_persons_word(
    tmp_path: Path,
    write,
    given: dict[str, Any],
    own: str,
    parameters: dict[str, Any],
    outcome: Outcome,
    told: str,
    how: str,
) -> None:
    one = profile("p", 0.7, own)
    if how != "line":
        one["controls"][0]["attestation_data"] = given
    if how != "data":
        one["controls"][0]["results"].append(said_in_a_line(given))
    write("r.json", hdf_of(one))
    finding = results(tmp_path, **parameters)
    assert finding.outcome is outcome, says(finding)
    assert told in says(finding)


def test_what_a_person_attests_holds_for_as_long_as_their_word(tmp_path: Path, write) -> None:
    write("r.json", hdf_of(profile("p", 0.7, "skipped", attestation_data=word(updated="2026-10-31"))))
    finding = results(tmp_path, attested=True)
    assert (finding.outcome, finding.holds_until) == (Outcome.MET, date(2026, 11, 29))
    assert cells(finding) == [("C-1", "high", "passed", "p", "attested by ana (until 2026-11-29)", "r.json")]


def test_a_word_that_is_over_counts_as_a_control_that_nobody_reviewed(tmp_path: Path, write) -> None:
    over = profile("p", 0.7, "skipped", attestation_data=word(updated="2025-01-01"))
    over["controls"][0]["results"].append(said_in_a_line(word(updated="2025-01-01"), expired=True))
    write("r.json", hdf_of(over, profile("q", 0.7, "passed", id="C-2")))
    finding = results(tmp_path, attested=True)
    assert finding.outcome is Outcome.PARTIAL
    assert "1 passed, 1 not reviewed" in says(finding)


# Waivers within a file


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"run": True, "justification": "j"}, "C-1 (p), waived in the file"),
        ({"run": True, "expiration_date": "2026-11-23"}, "C-1 (p), waived in the file"),
        ({"run": False, "skipped_due_to_waiver": True}, "C-1 (p), waived in the file"),
        ({"run": True, "expiration_date": "2026/11/22"}, "C-1 (p), whose waiver in the file ended on 2026-11-22"),
        (
            {
                "run": False,
                "expiration_date": "2015/10/21",
                "skipped_due_to_waiver": False,
                "message": "Waiver expired",
            },
            "C-1 (p), whose waiver in the file ended on 2015-10-21",
        ),
        ({"run": False, "skipped_due_to_waiver": False}, "C-1 (p), whose waiver in the file is not in force"),
        ({"run": True, "expiration_date": "one day"}, "C-1 (p), whose waiver in the file is not in force"),
        ({"run": True, "message": "Waiver expired on 2015-10-21"}, "whose waiver in the file is not in force"),
    ],
    ids=str,
)
def test_a_control_is_waived_only_as_long_as_its_waiver_is_in_force(
    tmp_path: Path, write, data: dict[str, Any], told: str
) -> None:
    write("r.json", hdf_of(profile("p", 0.7, "failed", waiver_data=data)))
    finding = results(tmp_path)
    assert told in says(finding)
    assert ("of the findings waived" in says(finding)) is told.endswith(", waived in the file")


@pytest.mark.parametrize(
    ("content", "waived"),
    [
        (sarif({"ruleId": "R1", "suppressions": [{"kind": "inSource"}]}), True),
        (sarif({"ruleId": "R1", "suppressions": [{"kind": "external", "status": "accepted"}]}), True),
        (sarif({"ruleId": "R1", "suppressions": [{"kind": "external", "status": "rejected"}]}), False),
        (sarif({"ruleId": "R1", "suppressions": [{"kind": "external", "status": "underReview"}]}), False),
        (asff("FAILED", Workflow={"Status": "SUPPRESSED"}), True),
        (asff("FAILED", Workflow={"Status": "RESOLVED"}), False),
        (oscal("satisfied", risks=[{"uuid": "1", "status": "deviation-approved"}]), True),
        (oscal("satisfied", risks=[{"uuid": "1", "status": "deviation-approved", "deadline": "2026-01-01"}]), False),
        (oscal("satisfied", risks=[{"uuid": "1", "status": "deviation-requested"}]), False),
        ([ocsf("FAIL", status_id=3)], True),
    ],
    ids=str,
)
def test_only_what_was_granted_is_told_as_waived(tmp_path: Path, write, content: Any, waived: bool) -> None:
    write("r.json", json.dumps([content] if isinstance(content, dict) and "ProductArn" in content else content))
    finding = results(tmp_path)
    assert finding.outcome is Outcome.NOT_MET
    assert ("waived in the file" in says(finding)) is waived
    assert ("waiver in the file" in says(finding)) is not waived


# What is not understood is never milder


@pytest.mark.parametrize(
    ("content", "severity"),
    [
        ([ocsf("FAIL", True)], "–"),
        ([ocsf("FAIL", 1) | {"severity": "Critical"}], "critical"),
        ([ocsf("FAIL", 5) | {"severity": "Low"}], "critical"),
        ([ocsf("FAIL", 99) | {"severity": "High"}], "high"),
        ([ocsf("FAIL", 0) | {"severity": "Unknown"}], "–"),
        ([ocsf("FAIL", 77)], "–"),
        ([asff("FAILED", "DREADFUL")], "–"),
        ([asff("FAILED", Severity={"Normalized": True})], "–"),
        ([asff("FAILED", Severity={"Normalized": 95, "Label": "LOW"})], "critical"),
        ([asff("FAILED", Severity={"Normalized": 0, "Label": "HIGH"})], "high"),
        (conftest(warnings=[{"msg": "m"}]), "low"),
        (conftest(warnings=[{"msg": "m", "metadata": {"severity": "catastrophic"}}]), "–"),
        (conftest(warnings=[{"msg": "m", "metadata": {"severity": 1}}]), "–"),
        (checkov(failed_checks=[{"check_id": "A", "severity": "AWFUL"}]), "–"),
        (checkov(passed_checks=[{"check_id": "A", "severity": "HIGH", "check_result": {"result": "FAILED"}}]), "high"),
        (scorecard(("Of-Tomorrow", 1)), "–"),
        (gx(False) | {"results": [{"success": "yes", "expectation_config": {"severity": "huge"}}]}, "–"),
    ],
    ids=str,
)
def test_a_severity_that_nobody_knows_is_none(tmp_path: Path, write, content: Any, severity: str) -> None:
    write("r.json", json.dumps(content))
    assert cells(results(tmp_path))[0][1] == severity


def facets(*values: str) -> dict[str, Any]:
    return {"characterizations": [{"facets": [{"name": "severity", "value": value} for value in values]}]}


@pytest.mark.parametrize(
    ("risks", "linked", "severity"),
    [
        ([facets("low")], 1, "low"),
        ([facets("low", "high")], 1, "high"),
        ([facets("low", "beyond words")], 1, "–"),
        ([facets("critical", "beyond words")], 1, "critical"),
        ([facets("low"), facets("high")], 2, "high"),
        ([facets("low"), {}], 2, "–"),
        ([facets("low")], 2, "–"),
    ],
    ids=str,
)
def test_a_control_is_as_severe_as_the_worst_of_its_risks(
    tmp_path: Path, write, risks: list[dict[str, Any]], linked: int, severity: str
) -> None:
    given = [{"uuid": str(number), "status": "open", **one} for number, one in enumerate(risks)]
    related = [{"risk-uuid": str(number)} for number in range(linked)]
    write("r.json", json.dumps(oscal("not-satisfied", risks=given, finding={"related-risks": related})))
    assert cells(results(tmp_path))[0][1] == severity


@pytest.mark.parametrize(
    ("content", "outcome"),
    [
        pytest.param([ocsf("PASS", compliance={"status_id": 3})], Outcome.NOT_MET, id="OCSF, two words that differ"),
        pytest.param([ocsf("PASS", compliance={"status_id": 1})], Outcome.MET, id="OCSF, two that agree"),
        pytest.param([ocsf("", compliance={"status_id": True})], Outcome.UNKNOWN, id="OCSF, true is no number"),
        pytest.param({"Findings": [asff()], "NextToken": "t"}, Outcome.UNKNOWN, id="ASFF, one page of several"),
        pytest.param(
            checkov(passed_checks=[{"check_id": "A", "check_result": {"result": "UNKNOWN"}}]),
            Outcome.UNKNOWN,
            id="Checkov, passed and not known",
        ),
        pytest.param(gx(True) | {"success": "true"}, Outcome.UNKNOWN, id="GX, a success that is a text"),
        pytest.param(gx(True, statistics={"evaluated_expectations": 9}), Outcome.UNKNOWN, id="GX, more were looked at"),
        pytest.param(gx(True, statistics={"evaluated_expectations": "1"}), Outcome.UNKNOWN, id="GX, no number"),
        pytest.param(
            {"success": False, "run_results": {"a": {"validation_result": gx(True)}}},
            Outcome.UNKNOWN,
            id="GX, a checkpoint that failed",
        ),
        pytest.param(
            gx(True) | {"results": [{"success": True, "exception_info": {"raised_exception": "true"}}]},
            Outcome.UNKNOWN,
            id="GX, raised as a text",
        ),
        pytest.param(checkov(summary={"passed": "7"}), Outcome.UNKNOWN, id="Checkov, a total in quotes"),
        pytest.param(checkov(summary={"passed": 7.5}), Outcome.UNKNOWN, id="Checkov, a broken total"),
        pytest.param(conftest(successes="3"), Outcome.UNKNOWN, id="Conftest, a total in quotes"),
        pytest.param(scorecard(("License", 11)), Outcome.UNKNOWN, id="Scorecard, beyond its scale"),
        pytest.param({"assessment-results": {"results": []}}, Outcome.UNKNOWN, id="OSCAL, no result at all"),
        pytest.param(hdf("odd"), Outcome.UNKNOWN, id="HDF, a status that nobody knows"),
        pytest.param(json.loads(hdf_of()), Outcome.UNKNOWN, id="HDF, no profile"),
        pytest.param(
            json.loads(hdf_of(profile("p", 0.5, "passed") | {"status": "half loaded"})),
            Outcome.UNKNOWN,
            id="HDF, a profile that did not load",
        ),
    ],
)
def test_what_is_not_understood_is_no_pass(tmp_path: Path, write, content: Any, outcome: Outcome) -> None:
    write("r.json", json.dumps(content))
    assert results(tmp_path, empty=True, attested=True).outcome is outcome


@pytest.mark.parametrize(
    "attributes",
    [
        "failures='2.0'",
        "failures='1234567890'",
        "failures=''",
        "errors='-1'",
        "tests='1e3'",
        "skipped='no'",
        "disabled='٣'",
    ],
)
def test_totals_that_cannot_be_read_are_unknown(tmp_path: Path, write, attributes: str) -> None:
    write("r.xml", junit(PASS, attributes=attributes))
    finding = results(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "which is no number that can be read" in says(finding)
    write("r.xml", f"<testsuites {attributes}>{junit(PASS)}</testsuites>")
    assert results(tmp_path).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize("attributes", ["skipped='1'", "disabled='2'"])
def test_tests_that_were_skipped_and_are_not_listed_make_a_report_unknown(tmp_path: Path, write, attributes) -> None:
    write("r.xml", junit(PASS, attributes=attributes))
    finding = results(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert "skipped tests, listed are 0" in says(finding)


@pytest.mark.parametrize(
    ("case", "outcome"),
    [
        ("status='run' result='completed'", Outcome.MET),
        ("status='Passed'", Outcome.MET),
        ("status=' ok '", Outcome.MET),
        ("result='suppressed'", Outcome.PARTIAL),
        ("status='pending'", Outcome.PARTIAL),
        ("status='FAIL'", Outcome.NOT_MET),
        ("status='run' result='broken'", Outcome.NOT_MET),
        ("status='inconclusive'", Outcome.UNKNOWN),
        ("status='aborted'", Outcome.UNKNOWN),
        ("result='who knows'", Outcome.UNKNOWN),
    ],
)
def test_a_test_passes_only_by_words_that_are_known(tmp_path: Path, write, case: str, outcome: Outcome) -> None:
    write("r.xml", junit(PASS, f"<testcase name='x' {case}/>"))
    assert results(tmp_path).outcome is outcome


@pytest.mark.parametrize(
    ("element", "outcome"),
    [
        ("system-out", Outcome.MET),
        ("properties", Outcome.MET),
        ("flakyFailure", Outcome.MET),
        ("rerunError", Outcome.MET),
        ("attachment", Outcome.MET),
        ("Failure", Outcome.NOT_MET),
        ("assertion-failed", Outcome.NOT_MET),
        ("timeout", Outcome.NOT_MET),
        ("crashed", Outcome.NOT_MET),
        ("Skipped", Outcome.PARTIAL),
        ("ignored", Outcome.PARTIAL),
        ("inconclusive", Outcome.PARTIAL),
    ],
)
def test_elements_that_runners_invent_are_not_taken_for_passes(
    tmp_path: Path, write, element: str, outcome: Outcome
) -> None:
    write("r.xml", junit(PASS, f"<testcase name='x'><{element}/></testcase>"))
    assert results(tmp_path).outcome is outcome


@given(st.lists(st.sampled_from(list(Severity)), max_size=5), st.sampled_from(list(Severity)))
def test_one_more_rating_never_makes_the_whole_milder(found: list[Severity], more: Severity) -> None:
    order = [Severity.CRITICAL, Severity.UNRATED, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO]
    assert order.index(worst([*found, more])) <= order.index(worst(found)) or not found
    assert worst([*found, Severity.UNRATED]) in (Severity.UNRATED, Severity.CRITICAL)


# A scan without a finding

BARE: list[Any] = [
    ("junit", junit(), []),
    ("sarif", sarif(), []),
    ("ocsf", [], ["ocsf"]),
    ("asff", {"Findings": []}, []),
    ("asff, an empty list", [], ["sarif", "asff"]),
    ("hdf", json.loads(hdf_of({"name": "p", "controls": []})), []),
    ("hdf, nothing applies", hdf("skipped", impact=0), []),
    ("json-min", {"controls": [], "statistics": {}, "version": "5"}, []),
    ("checkov", checkov(), []),
    ("checkov, no file to check", {"passed": 0, "failed": 0, "checkov_version": "3"}, []),
    ("conftest", conftest(successes=0), []),
    ("conftest, an empty list", [], ["conftest"]),
    ("scorecard", scorecard(), []),
    ("gx", gx(), []),
    ("oscal", oscal("satisfied", findings=[]), []),
]


@pytest.mark.parametrize(("content", "formats"), [row[1:] for row in BARE], ids=[row[0] for row in BARE])
def test_a_scan_without_findings_proves_where_the_item_says_so(
    tmp_path: Path, write, content: Any, formats: list[str]
) -> None:
    write("r.out", content if isinstance(content, str) else json.dumps(content))
    given = {"formats": formats} if formats else {}
    assert results(tmp_path, **given).outcome is Outcome.UNKNOWN
    assert results(tmp_path, **given, empty=True).outcome is Outcome.MET
    assert results(tmp_path, **given, empty=True, at_least=2).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "content",
    [junit(SKIP), json.dumps(hdf("skipped")), json.dumps([ocsf("MANUAL")]), json.dumps(scorecard(("SAST", -1)))],
)
def test_a_scan_that_left_everything_out_is_not_one_without_findings(tmp_path: Path, write, content: str) -> None:
    write("r.out", content)
    assert results(tmp_path, empty=True, undecided=9).outcome is Outcome.UNKNOWN


# Hostile input


def entities(count: int) -> str:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(count))
    return f"<!DOCTYPE t [{lines}]><testsuite>&e{count - 1};</testsuite>"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (entities(10), "document type"),
        ('<!DOCTYPE t SYSTEM "file:///etc/passwd"><testsuite/>', "document type"),
        ("<testsuite>" * 2_000, "nested more than 100"),
        ("<testsuite>" + "<a/>" * 500_001, "more than the 500000 elements"),
        ("<testsuite>", "not well-formed"),
        ("<?xml version='1.0' encoding='none-such'?><testsuite/>", "not well-formed"),
        ("[" * 100_000, "nested more than 200"),
        ("[" * 2_000 + "]" * 2_000, "nested more than 200"),
        pytest.param("[" + "[]," * 1_000_001 + "[]]", "more than the 1000000", marks=pytest.mark.slow),
        ('{"a": ' + "9" * 5_000 + "}", "number too long"),
        ('{"a": "' + '\\"' * 100_000, "is not JSON"),
        ("", "is empty"),
        ("plain words", "none of the formats"),
        ("{}\n{}", "is not JSON"),
        (b"\xff\xfe<\x00t\x00/\x00>\x00", "root is `t`"),
        (b"{\x00}", "binary"),
        ("{" + " " * 20_000_000 + "}", "more than the 20 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_hostile_files_are_unknown_with_the_cause(tmp_path: Path, write, content: str | bytes, told: str) -> None:
    write("r.x", content)
    finding = results(tmp_path)
    assert finding.outcome is Outcome.UNKNOWN
    assert told in says(finding)


def told(error: Undetermined | Misshapen) -> None:
    for language in LANGUAGES:
        assert render(error.why, language) if isinstance(error, Undetermined) else str(error)


WORDS = (
    "version runs results tool driver rules ruleId level suppressions invocations profiles controls status impact "
    "statistics waiver_data tags class_uid metadata severity_id status_code time resources finding_info Findings "
    "SchemaVersion ProductArn Severity Compliance Workflow Resources check_type passed_checks failed_checks "
    "skipped_checks parsing_errors summary checkov_version filename successes failures warnings exceptions checks "
    "scorecard score date success run_results meta exception_info expectation_config assessment-results findings "
    "risks observations target id profile_id platform name uid"
)
KEYS = st.sampled_from(WORDS.split())
LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 2**70), st.floats(), st.text(max_size=8), KEYS, st.just("2.1.0")
)
DATA = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=6)),
    max_leaves=40,
)


@settings(max_examples=EXAMPLES)
@given(DATA, st.sampled_from(range(len(_FORMATS))))
def test_data_of_any_shape_is_read_or_named_as_misshapen(data: Any, number: int) -> None:
    form = _FORMATS[number]
    try:
        if is_scorecard(data):
            read_scorecard(data, UTC, 10)
        if form.recognises(data):
            form.read(data, UTC)
    except Misshapen as misshapen:
        told(misshapen)


SEEDS = [json.dumps(row[1]) for row in VERDICTS if not isinstance(row[1], str)]


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(SEEDS), st.data())
def test_a_file_with_one_part_replaced_never_crashes(seed: str, data: st.DataObject) -> None:
    tree = json.loads(seed)
    parts: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else list(range(len(one)))
        for key in keys:
            parts.append((one, key))
            if isinstance(one[key], (dict, list)):
                waiting.append(one[key])
    if parts:
        holder, key = data.draw(st.sampled_from(parts))
        holder[key] = data.draw(DATA)
    for form in _FORMATS:
        try:
            if form.recognises(tree):
                report = form.read(tree, UTC)
                assert all(isinstance(one.id, str) and one.id for one in report.results)
                _ = report.ran
        except Misshapen as misshapen:
            told(misshapen)


@settings(max_examples=EXAMPLES)
@given(st.text(alphabet='[]{}":,\\ \n0aé\ud83d', max_size=60))
@example('{"\\')
def test_any_text_is_json_or_told(text: str) -> None:
    try:
        assert parse_json(text, "r") == json.loads(text)
    except Undetermined as cannot:
        told(cannot)


PIECES = st.sampled_from(
    [
        *("<testsuite>", "</testsuite>", PASS, FAIL, "<testcase>", "</testcase>", "<failure/>", "&a;", "<![CDATA["),
        *("<testsuites tests='3'>", "</testsuites>", "<a:skipped xmlns:a='b'/>", "<!DOCTYPE a>", "<!-- -->", "\0", "<"),
    ]
)


@settings(max_examples=EXAMPLES)
@given(st.one_of(st.lists(PIECES, max_size=12).map("".join).map(str.encode), st.binary(max_size=60)))
def test_any_bytes_are_junit_or_told(raw: bytes) -> None:
    try:
        report = read_junit(raw, "r", UTC)
        assert all(one.line > 0 for one in report.results)
    except Undetermined as cannot:
        told(cannot)


@pytest.mark.parametrize(
    ("score", "severity"),
    [
        (10, Severity.CRITICAL),
        ("9.0", Severity.CRITICAL),
        (8.9, Severity.HIGH),
        (4, Severity.MEDIUM),
        (0.1, Severity.LOW),
        (0, Severity.INFO),
        (-1, Severity.UNRATED),
        (float("nan"), Severity.UNRATED),
        ("high", Severity.UNRATED),
        (None, Severity.UNRATED),
        (True, Severity.UNRATED),
    ],
)
def test_a_number_has_the_severity_of_its_range(score: object, severity: Severity) -> None:
    assert scored(score, 9, 7, 4) is severity


def test_an_unknown_word_is_unrated_and_so_allowed_nowhere(tmp_path: Path, write) -> None:
    assert severity_of("urgent") is Severity.UNRATED
    write("r.json", json.dumps([asff("FAILED", "URGENT")]))
    assert results(tmp_path, at_most={"critical": 0}).outcome is Outcome.NOT_MET


# Whole files, with all that a tool writes beside its results

WHOLE = {
    "asff.json": ({"passed": 1, "failed": 2, "inconclusive": 1, "not-applicable": 1}, date(2026, 11, 19)),
    "checkov.json": ({"passed": 1, "failed": 2, "skipped": 1}, None),
    "conftest.json": ({"passed": 5, "failed": 3}, None),
    "conftest.sarif": ({"failed": 1}, None),
    "great-expectations.json": ({"passed": 2, "failed": 1, "error": 1}, date(2026, 11, 20)),
    "hdf.json": ({"passed": 1, "failed": 1, "not-reviewed": 1, "not-applicable": 1}, date(2026, 11, 19)),
    "inspec-waived.json": ({"passed": 1, "failed": 3, "not-reviewed": 1}, date(2026, 11, 19)),
    "oscal.json": ({"failed": 1}, date(2026, 11, 19)),
    "prowler.ocsf.json": ({"passed": 1, "failed": 2, "not-reviewed": 1}, date(2026, 11, 19)),
    "scorecard.json": ({"passed": 1, "failed": 2, "inconclusive": 1}, date(2026, 11, 18)),
    "surefire.xml": ({"passed": 1, "failed": 2}, None),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_file_of_a_tool_is_counted_and_dated(name: str) -> None:
    folder = SAMPLES / "results"
    workload = Workload(workload="w", title="W", tier=3, owner=Owner(team="t"))
    context = Context.of(workload, EvidencePlaces(folder, (folder,), {}), TODAY)
    report = read_report(context, name, 10)
    counts = Counter(one.status.value for one in report.results)
    counts["passed"] += report.more_passed
    assert (dict(+counts), report.ran) == WHOLE[name]
    assert report.trouble == ()
    assert results(folder, path=name).outcome is Outcome.NOT_MET


def test_every_format_recognises_its_own_whole_file_and_no_other() -> None:
    recognised = Counter()
    for path in sorted((SAMPLES / "results").iterdir()):
        if path.suffix != ".xml" and path.name != "scorecard.json":
            data = parse_json(path.read_text(encoding="utf-8"), path.name)
            (format_of_it,) = (number for number, one in enumerate(_FORMATS) if one.recognises(data))
            recognised[format_of_it] += 1
    assert set(recognised) == set(range(len(_FORMATS)))


def test_what_a_file_waives_and_has_not_expired_counts_beside_the_rest() -> None:
    finding = results(SAMPLES / "results", path="inspec-waived.json", undecided=9)
    assert says(finding).endswith("in all 1 passed, 2 critical, 1 high, 1 medium, 2 of the findings waived in the file")
    waived = [row for row in cells(finding) if row[0].startswith("SV-12")]
    assert [row[2] for row in waived] == ["passed"]


def test_findings_are_drawn_by_severity(tmp_path: Path, write) -> None:
    write("r.json", json.dumps([ocsf("FAIL"), ocsf("FAIL"), ocsf("FAIL", 2), ocsf()]))
    picture = results(tmp_path, at_most={"high": 5}).picture
    assert isinstance(picture, Bars)
    assert [(render(label, "en"), value, render(words, "en")) for label, value, words in picture.bars] == [
        ("high", 2, "2 (at most 5)"),
        ("low", 1, "1"),
    ]
    write("r.json", json.dumps([ocsf()]))
    assert results(tmp_path).picture is None
