"""What the checklists that come with orr ask, of whom, and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support import ROOT

from orr.evaluate import Case, Evaluation, State, Verdict, evaluate
from orr.evaluate.applies import left_out
from orr.evaluate.states import decider
from orr.evaluate.tier import TierRules
from orr.evidence.collect import collect
from orr.model.checklist import AnsweredBy, Checklist, CheckSpec, Item, Risk, Scope, item_id
from orr.model.review import Answer, Review, Waiver
from orr.model.validation import read
from orr.model.workload import Workload
from orr.workspace.crosscheck import Catalogue
from orr.workspace.practices import practice_ids
from orr.workspace.workspace import Workspace
from tools.coverage_page import shipped_checklists

TODAY = date(2026, 11, 23)
DEFAULT = shipped_checklists()
OPTIONAL = shipped_checklists("optional")


def items(checklist: Checklist) -> list[Item]:
    return [item for section in checklist.sections for item in section.items]


def test_no_item_is_worded_as_another() -> None:
    asked = [item.ask[language] for one in (*DEFAULT, *OPTIONAL) for item in items(one) if isinstance(item.ask, dict)
             for language in item.ask]  # fmt: skip
    assert sorted({ask for ask in asked if asked.count(ask) > 1}) == []


ITEMS = {item_id(one.checklist, item.item): item for one in (*DEFAULT, *OPTIONAL) for item in items(one)}


def test_an_item_says_how_long_it_takes_who_is_asked_and_when() -> None:
    for name, item in ITEMS.items():
        assert item.effort is not None, name
        assert item.role, name
        assert len(set(item.role)) == len(item.role), name
        assert item.phase is not None, name


def test_the_core_is_what_a_team_answers_in_a_meeting_of_ninety_minutes() -> None:
    core = [item for one in DEFAULT for item in items(one) if item.core]
    assert 18 <= len(core) <= 22
    assert sum(item.effort or 0 for item in core) <= 90
    assert {item.risk for item in core} == {Risk.HIGH}
    assert {one.checklist for one in DEFAULT if not any(item.core for item in items(one))} == {"evolve"}


def test_an_optional_checklist_has_no_core() -> None:
    assert [item.item for one in OPTIONAL for item in items(one) if item.core] == []


@pytest.fixture(scope="module")
def tier_3() -> Evaluation:
    """A workload of tier 3 of which every item is met."""
    workspace = Workspace.open(ROOT, TODAY)
    case = workspace.case("image-resizer")
    assert case.tier == 3
    return evaluate(case, collect(case, workspace.places(case), workspace.settings, TODAY), TODAY)


LOST_DATA = ("data-protection/backed-up", "security-baseline/restore-tested", "security-baseline/backup-out-of-reach",
             "security-baseline/encrypted")  # fmt: skip


@pytest.mark.parametrize("answer", ["no", "partial", None])
@pytest.mark.parametrize("name", LOST_DATA)
def test_what_loses_data_stops_tier_3_without_a_waiver(tier_3: Evaluation, name: str, answer: str | None) -> None:
    review = tier_3.case.review
    state = {"no": "not-met", "partial": "partial", None: "unanswered"}[answer]
    said = {name: read(Answer, {"answer": answer, "by": "liu.fang", "on": "2026-11-20"})} if answer else {}
    without = replace(review, answers={key: one for key, one in review.answers.items() if key != name} | said)
    waiver = {"waiver": "W-1", "items": [name], "reason": "x", "requested_by": "liu.fang", "approved_by": "ana.ruiz",
              "approved_on": "2026-11-20", "expires": "2026-12-20", "states": {name: state}}  # fmt: skip
    waived = replace(without, waivers=(read(Waiver, waiver),))
    verdicts = [
        evaluate(replace(tier_3.case, review=one), tier_3.evidence, TODAY).verdict for one in (review, without, waived)
    ]
    assert verdicts == [Verdict.GO, Verdict.NO_GO, Verdict.CONDITIONAL_GO]


# The questions of Kubernetes' production readiness review

KUBERNETES = next(one for one in OPTIONAL if one.checklist == "kubernetes-readiness")


def reviewed(folder: Path, stage: str, document: str) -> dict[str, State]:
    """The states of a feature's items, at a stage, by its document."""
    (folder / "workloads" / "feature").mkdir(parents=True)
    (folder / "orr.yaml").write_text("checklists: [checklists/optional/kubernetes-readiness.yaml]\n")
    (folder / "checklists").symlink_to(ROOT / "checklists")
    workload = folder / "workloads" / "feature"
    (workload / "workload.yaml").write_text(
        f"workload: feature\ntitle: Feature\ntier: 4\nowner: {{team: sig-node}}\ntags: [{stage}]\n"
        "checklists: [kubernetes-readiness]\n"
    )
    (workload / "README.md").write_text(document, encoding="utf-8")
    workspace = Workspace.open(folder, TODAY)
    case = workspace.case("feature")
    assessed = evaluate(case, collect(case, workspace.places(case), workspace.settings, TODAY), TODAY)
    return {one.name.partition("/")[2]: one.state for one in assessed.items}


def section_of(check: CheckSpec, heading: int) -> str:
    (section,) = check.parameters["sections"]
    return str(section["heading"].split("|")[heading])


ANSWER = "What test {} found in a cluster."


def document(heading: int) -> str:
    checks = [check for item in items(KUBERNETES) for check in item.checks]
    return "# Feature\n\n" + "".join(
        f"###### {section_of(one, heading)}\n\n{ANSWER.format(number)}\n\n" for number, one in enumerate(checks)
    )


@pytest.mark.parametrize(("stage", "asked"), [("alpha", 5), ("beta", 25), ("stable", 25)])
def test_a_stage_is_asked_its_questions(tmp_path: Path, stage: str, asked: int) -> None:
    states = reviewed(tmp_path, stage, "# Feature\n\nWords.\n")
    assert [state for state in states.values() if state is not State.NOT_APPLICABLE] == [State.NOT_MET] * asked


@pytest.mark.parametrize("heading", [0, -1], ids=["Kubernetes' own words", "Chinese"])
def test_a_heading_with_an_answer_meets_its_question_and_no_other(tmp_path: Path, heading: int) -> None:
    whole = document(heading)
    assert set(reviewed(tmp_path / "whole", "beta", whole).values()) == {State.MET}
    for number, item in enumerate(items(KUBERNETES)):
        words = section_of(item.checks[0], heading)
        states = reviewed(tmp_path / item.item, "beta", whole.replace(f"{words}\n\n{ANSWER.format(number)}", words))
        assert [name for name, state in states.items() if state is not State.MET] == [item.item]


# How much is asked, of whom

BOUNDS = {"launch": {4: 25, 3: 50, 2: 95, 1: 120}, "change": dict.fromkeys((4, 3, 2, 1), 30),
          "recurring": dict.fromkeys((4, 3, 2, 1), 60)}  # fmt: skip
LIVE = {"launch": None, "change": "2026-01-05", "recurring": "2026-01-05"}


def of_tier(tier: int, occasion: str, *tags: str) -> Case:
    """A workload with nothing answered; live unless it is launched."""
    about = {"workload": "shop", "title": "Shop", "owner": {"team": "sales"}, "tags": list(tags)}
    workload = read(Workload, {**about, "live_since": LIVE[occasion]})
    review = read(Review, {"review": "shop", "occasion": occasion})
    return Case(workload, review, DEFAULT, rules=TierRules(assigned={"shop": tier}))


def asked_on(case: Case) -> dict[str, Item]:
    """The items that apply, whoever answers them."""
    names = {item_id(one.checklist, item.item): item for one in case.checklists for item in items(one)}
    return {name: item for name, item in names.items() if left_out(item, case, TODAY) is None}


@pytest.mark.parametrize("tags", [(), ("public",)], ids=["internal", "public"])
@pytest.mark.parametrize(("occasion", "tier"), [(one, tier) for one in BOUNDS for tier in BOUNDS[one]])
def test_people_of_a_workload_are_asked_no_more_than_they_can_answer(
    occasion: str, tier: int, tags: tuple[str, ...]
) -> None:
    own = [
        name
        for name, item in asked_on(of_tier(tier, occasion, *tags)).items()
        if item.scope is Scope.WORKLOAD and decider(item) is not AnsweredBy.CHECKS
    ]
    assert len(own) <= BOUNDS[occasion][tier]


PROVIDED = "provider", "governance"


def test_each_practice_is_asked_whole_of_tier_1_over_the_occasions() -> None:
    asked = {name for occasion in BOUNDS for name in asked_on(of_tier(1, occasion, "public"))}
    for practice in practice_ids():
        serving = {item_id(one.checklist, item.item): item for one in DEFAULT for item in items(one)
                   if practice in item.practice}  # fmt: skip
        assert serving, practice
        elsewhere = {name for name, item in serving.items() if any(getattr(item.when, key, None) for key in PROVIDED)}
        assert serving.keys() - asked <= elsewhere, practice


def test_the_core_is_asked_of_every_tier_at_a_launch() -> None:
    core = {name for name, item in ITEMS.items() if item.core}
    assert core - asked_on(of_tier(4, "launch")).keys() == {"security-baseline/backup-out-of-reach"}
    assert core <= asked_on(of_tier(3, "launch")).keys()


# What was asked twice

TWICE = [
    "organization/provider-reached",
    "operate/escalation-answered",
    "organization/authority-to-act",
    "operate/alerts-lead-to-steps",
    "runbooks/alert-owner",
    "operate/decisions-taken-ahead",
    "operate/manual-fallback-kept",
    "operate/user-notices-drafted",
    "organization/procedures-owned",
    "prepare/compared-before-rollout",
    "prepare/roll-back-or-repair",
    "rollback-plan/automatic-rollback",
    "organization/two-people-per-skill",
    "organization/own-platform-staffed",
    "organization/team-has-room",
    "prepare/capacity-confirmed",
    "operate/events-anticipated",
    "prepare/playbooks-for-new-failures",
    "operate/replaced-before-repaired",
    "staffing/drilled-by-on-call",
    "security-baseline/scan-results-kept",
    "evolve/incident-records-settled",
    "prepare/calendar-enforced",
]


# What an optional checklist asked of a product, which stands beside the file now.
MOVED = [
    *(f"aws/{one}" for one in ("log-groups-receive", "alarms-ready", "alarms-owned", "anomalies-trained",
      "dashboard-exists", "responses-on", "stacks-in-sync", "stacks-roll-back", "deployments-gradual",
      "deployment-succeeded", "patches-installed", "limits-leave-room")),
    *(f"github/{one}" for one in ("branch-protected", "reviews-required", "checks-passed", "owners-valid",
      "dependencies-safe", "deployed-lately")),
    "live/targets-scraped",
    "live/dashboards-tagged",
]  # fmt: skip


def test_an_item_that_was_asked_twice_is_read_under_the_one_that_replaced_it() -> None:
    renamed = Catalogue(DEFAULT, complete=True).renaming.ids
    for old in (*TWICE, *MOVED):
        assert old not in ITEMS
        assert renamed[old] in ITEMS, old


def test_an_escalation_contact_that_nobody_called_stops_no_launch() -> None:
    item = ITEMS["staffing/escalation-tested"]
    assert (item.risk, item.blocking) == (Risk.MEDIUM, None)
