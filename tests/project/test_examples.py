"""The workspace's own examples say what they are there to show, by the real checks and the real rule."""

from __future__ import annotations

import json
import re
import shutil
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from support import ROOT

from orr.evaluate import Decision, Evaluation, State, Verdict, evaluate
from orr.evaluate.assessed import ItemAssessment
from orr.evidence.collect import collect
from orr.model.review import Answer, Review, Vote
from orr.workspace.checklists import ChecklistFiles
from orr.workspace.saving import canonical
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 23)
EXAMPLES = ("checkout", "image-resizer", "loyalty-points")
ALL = (*EXAMPLES, "orr")


@cache
def workspace() -> Workspace:
    return Workspace.open(ROOT, TODAY)


@cache
def assessment(name: str) -> Evaluation:
    case = workspace().case(name)
    return evaluate(case, collect(case, workspace().places(case), workspace().settings, TODAY), TODAY)


def item(workload: str, name: str) -> ItemAssessment:
    return next(part for part in assessment(workload).items if part.name == name)


def flagged(workload: str) -> set[tuple[str, str]]:
    return {(flag.flag, flag.about) for flag in assessment(workload).flags}


@pytest.mark.parametrize(
    ("name", "verdict", "decision"),
    [
        ("checkout", Verdict.CONDITIONAL_GO, Decision.PENDING),
        ("image-resizer", Verdict.GO, Decision.GO),
        ("loyalty-points", Verdict.NO_GO, Decision.PENDING),
        ("orr", Verdict.NO_GO, Decision.PENDING),
    ],
)
def test_each_example_has_its_verdict_and_its_decision(name: str, verdict: Verdict, decision: Decision) -> None:
    assessed = assessment(name)
    why = f"{[str(reason) for reason in assessed.reasons]}; a vote on this assessment names {assessed.digest}"
    assert (assessed.verdict, assessed.decision) == (verdict, decision), why


def test_the_workspace_holds_these_workloads_and_no_fault() -> None:
    assert workspace().workloads == ALL
    assert [str(fault) for fault in workspace().faults()] == []


@pytest.mark.parametrize("name", ALL)
def test_every_review_stands_in_canonical_form(name: str) -> None:
    path = workspace().review_path(name)
    assert path.read_text(encoding="utf-8") == canonical(workspace().case(name).review)


@pytest.mark.parametrize("name", ALL)
def test_no_check_of_an_example_is_unable_to_run(name: str) -> None:
    unknown = [
        f"{part.name}: {finding.says}"
        for part in assessment(name).items
        for finding in part.findings
        if finding.outcome == "unknown"
    ]
    assert unknown == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_fact_of_an_example_lies_before_today(name: str) -> None:
    case = workspace().case(name)
    told = [*case.review.answers.values(), *case.team_answers.values(), *case.organization_answers.values()]
    assert max(_day(answer) for answer in told) < TODAY
    assert len({answer.by for answer in case.review.answers.values()}) >= 5


def _day(answer: Answer) -> date:
    return date.fromisoformat(answer.on.isoformat()[:10])


def test_checkout_goes_on_conditions_that_only_waivers_and_plans_make_possible() -> None:
    checkout = assessment("checkout")
    covers = {part.covered_by for part in checkout.items if part.open}
    assert {"waiver:W-1", "waiver:W-2", "plan", None} <= covers
    assert checkout.verdict_without_waivers is Verdict.NO_GO
    assert all(status.active for status in checkout.waivers)
    assert all(waiver.compensating for waiver in checkout.case.review.waivers)


def test_checkout_waits_for_the_vote_of_security_alone() -> None:
    valid = {vote.sign_off.role for vote in assessment("checkout").votes if vote.valid}
    assert set(assessment("checkout").case.policy.sign_offs) - valid == {"security"}


NIGHT = "2026-11-22"


def _last_night(text: str, kind: str) -> str:
    """A result file of another run with the same outcome: other times, ids, versions and numbers of passes."""
    text = re.sub(r"2026-11-\d\d(?=T)", NIGHT, text)
    if kind == ".xml":
        text = re.sub(r'time="[\d.]+"', 'time="7.7"', text)
        text = re.sub(r'(<testsuite [^>]*tests=")(\d+)', lambda found: f"{found[1]}{int(found[2]) + 1}", text)
        return text.replace("</testsuite>", '<testcase classname="night" name="more" time="1"/></testsuite>')
    if kind == ".sarif":
        data = json.loads(text)
        for run in data["runs"]:
            run["automationDetails"] = {"id": f"nightly/{NIGHT}", "guid": str(uuid.uuid4())}
            run["tool"]["driver"]["version"] = "9.9.9"
        return json.dumps(data)
    return json.dumps(json.loads(text), sort_keys=True)


def test_a_night_of_new_results_with_the_same_outcome_voids_no_vote_of_the_examples(tmp_path: Path) -> None:
    ignored = shutil.ignore_patterns(".git", ".venv", "__pycache__", "tests", "docs", "orr", "notebooks", "reports")
    root = tmp_path / "orr"
    shutil.copytree(ROOT, root, ignore=ignored, symlinks=True)
    for place in ("teams", *(f"workloads/{name}" for name in EXAMPLES)):
        shutil.copytree(ROOT / place, root / place, dirs_exist_ok=True)
    changed = 0
    for file in sorted(root.glob("workloads/*/*/**/*")):
        if file.suffix in (".sarif", ".xml") or (file.suffix == ".json" and "scans" in file.parts):
            text = file.read_text(encoding="utf-8")
            file.write_text(_last_night(text, file.suffix), encoding="utf-8")
            changed += file.read_text(encoding="utf-8") != text
            file.rename(file.with_name(re.sub(r"2026-11-\d\d", NIGHT, file.name)))
    assert changed >= 9
    assert sum(vote.valid for name in EXAMPLES for vote in assessment(name).votes) >= 3
    nightly = Workspace.open(root, TODAY)
    voided = []
    for name in EXAMPLES:
        case = nightly.case(name)
        found = evaluate(case, collect(case, nightly.places(case), nightly.settings, TODAY), TODAY)
        voided += [
            (name, after.sign_off.role, str(after.why))
            for before, after in zip(assessment(name).votes, found.votes, strict=True)
            if before.valid and not after.valid
        ]
    assert not voided


def test_checkout_holds_over_its_launch_and_lapses_soon_after() -> None:
    checkout = assessment("checkout")
    assert checkout.case.launch_day is not None
    assert checkout.valid_until is not None
    assert checkout.case.launch_day < checkout.valid_until < checkout.case.launch_day + timedelta(days=14)
    assert checkout.forecast[0].verdict is Verdict.NO_GO
    assert any(step.after_launch for step in checkout.path_to_go)


@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param("rollback-plan/rehearsed", State.STALE, id="the drill is from July"),
        pytest.param("runbooks/playbook-per-alert", State.NOT_MET, id="answered yes, and there is no playbook"),
        pytest.param("security-baseline/no-critical-findings", State.UNKNOWN, id="the evidence is gone"),
        pytest.param("staffing/paging-tested", State.UNKNOWN, id="yes without the evidence required"),
        pytest.param("security-baseline/restore-tested", State.NOT_MET, id="waived by the one who asked"),
        pytest.param("security-baseline/penetration-test", State.NOT_MET, id="the waiver has ended"),
    ],
)
def test_loyalty_points_is_stopped_for_the_reasons_that_it_shows(name: str, state: State) -> None:
    found = item("loyalty-points", name)
    assert (found.state, found.covered_by) == (state, None)


def test_loyalty_points_is_flagged_for_what_people_did() -> None:
    assert {
        ("contradicted", "runbooks/playbook-per-alert"),
        ("ineffective-waiver", "W-1"),
        ("ineffective-waiver", "W-2"),
        ("void-vote", "service-owner"),
    } <= flagged("loyalty-points")
    assert any(step.after_launch for step in assessment("loyalty-points").path_to_go)


def test_image_resizer_stays_go_for_weeks_after_its_launch() -> None:
    resizer = assessment("image-resizer")
    assert resizer.case.launch_day is not None
    assert resizer.valid_until is not None
    assert resizer.valid_until >= resizer.case.launch_day + timedelta(days=21)
    assert flagged("image-resizer") == set()


def _without_the_rollback_drill(review: Review) -> Review:
    answers = {name: answer for name, answer in review.answers.items() if name != "rollback-plan/rehearsed"}
    return replace(review, answers=answers)


def _with_a_vote_against(review: Review) -> Review:
    against = replace(review.sign_offs[0], vote=Vote.NO_GO)
    return replace(review, sign_offs=(against,))


@pytest.mark.parametrize(
    ("change", "verdict", "decision"),
    [
        pytest.param(_without_the_rollback_drill, Verdict.NO_GO, Decision.PENDING, id="an answer less"),
        pytest.param(_with_a_vote_against, Verdict.GO, Decision.NO_GO, id="a vote against"),
    ],
)
def test_the_go_of_image_resizer_hangs_on_its_answers_and_its_vote(
    change: Callable[[Review], Review], verdict: Verdict, decision: Decision
) -> None:
    resizer = assessment("image-resizer")
    changed = replace(resizer.case, review=change(resizer.case.review))
    assessed = evaluate(changed, resizer.evidence, TODAY)
    assert (assessed.verdict, assessed.decision) == (verdict, decision)


def test_the_image_resizer_says_which_checklists_it_leaves_out_and_who_approved_it() -> None:
    asked = assessment("image-resizer").asked
    assert set(asked.left_out) == {"evolve", "operate", "organization", "prepare"}
    assert (asked.n + len(asked.left_out), asked.missing) == (asked.of, ())
    assert assessment("image-resizer").verdict_without_waivers is Verdict.NO_GO


def test_only_optional_checklists_say_that_they_are_not_required() -> None:
    shipped = {path: ChecklistFiles(ROOT, [path]).known for path in ("checklists", "checklists/optional")}
    assert all(one.required for one in shipped["checklists"].values())
    assert not any(one.required for one in shipped["checklists/optional"].values())
    assert len(shipped["checklists/optional"]) == len(list((ROOT / "checklists/optional").glob("*.yaml")))
