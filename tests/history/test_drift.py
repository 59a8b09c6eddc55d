"""What differs between two recorded assessments."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.fleet_sample import BOARD, OWNER, TODAY, answer, assessed, checklist, make_workspace, write

from orr.evaluate import State, Verdict
from orr.history.comparison import alike, drift, like_with_like
from orr.history.drift import Course, StateChange
from orr.messages import LANGUAGES, render

WAIVER = """\
waivers:
  - {waiver: W-1, items: [basics/owner], reason: moving, requested_by: ann, approved_by: bo, approved_on: 2026-11-20,
     states: {basics/owner: not-met}, expires: 2026-11-30}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_workspace(tmp_path, "shop")


def said(before: dict[str, Any], after: dict[str, Any], language: str = "en") -> list[str]:
    return [render(line, language) for line in drift(before, after).says]


def test_a_run_does_not_drift_from_itself(root: Path) -> None:
    run = assessed(root, "shop")
    assert not drift(run, run)
    assert drift(run, run).says == ()


def test_the_language_of_the_words_is_no_drift(root: Path) -> None:
    assert not drift(assessed(root, "shop", language="en"), assessed(root, "shop", language="zh-CN"))


def test_the_order_of_items_is_no_drift(root: Path) -> None:
    run = assessed(root, "shop")
    turned = copy.deepcopy(run)
    turned["items"].reverse()
    assert not drift(run, turned)


def test_a_changed_verdict_comes_first(root: Path) -> None:
    before = assessed(root, "shop")
    answer(root, "shop", owner="no")
    found = drift(before, assessed(root, "shop"))
    assert found.verdict == (Verdict.GO, Verdict.NO_GO)
    assert found.went(Course.WORSE) == (StateChange("basics/owner", State.MET, State.NOT_MET),)
    assert [render(line, "en") for line in found.says] == [
        "the verdict went from go to no-go",
        "basics/owner is newly open: not met, was met",
    ]
    assert [render(line, "zh-CN") for line in found.says] == [
        "结论由“可以上线”变为“不可上线”",
        "basics/owner 新增未关闭：由“已满足”变为“未满足”",
    ]


@pytest.mark.parametrize(
    ("line", "other", "english", "chinese"),
    [
        ("20k EUR", "0 EUR", "tier: 2 → 4", "级别：2 → 4"),
        ("launch: 2026-12-01", "launch: 2026-12-20", "launch: 2026-12-01 → 2026-12-20", None),
        ("launch: 2026-12-01\n", "", "launch: 2026-12-01 → none", "launch：2026-12-01 → 无"),
        ("team: sales", "team: stock", "owner team: sales → stock", "负责团队：sales → stock"),
        ("title: The shop\n", "title: The shop\nrepository: docs\n", "repository: none → docs", None),
    ],
    ids=["a lower tier", "a later launch", "no launch", "another team", "another repository"],
)
def test_what_a_workload_says_of_itself_is_told_where_it_is_milder_also_among_what_got_worse(
    root: Path, line: str, other: str, english: str, chinese: str | None
) -> None:
    (root / "workloads" / "shop" / "docs").mkdir()
    before = assessed(root, "shop")
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(line, other), encoding="utf-8")
    after = assessed(root, "shop")
    assert f"milder than before: {english}" in said(before, after)
    assert f"milder than before: {english}" in [render(one, "en") for one in drift(before, after).regressions]
    if chinese is not None:
        assert f"要求比以前宽松：{chinese}" in said(before, after, "zh-CN")


def test_a_higher_tier_alone_is_no_drift(root: Path) -> None:
    before = assessed(root, "shop")
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("20k EUR", "90k EUR"), encoding="utf-8")
    assert not drift(before, assessed(root, "shop"))


def test_a_tag_that_is_gone_is_drift_and_one_that_comes_is_none(root: Path) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    plain = path.read_text(encoding="utf-8")
    path.write_text(plain + "tags: [internal, public]\n", encoding="utf-8")
    before = assessed(root, "shop")
    path.write_text(plain + "tags: [internal]\n", encoding="utf-8")
    after = assessed(root, "shop")
    assert said(before, after) == ["milder than before: the tag public is gone"]
    assert not drift(after, before)


def test_an_open_item_that_a_change_of_requirements_takes_away_is_no_recovery(root: Path) -> None:
    write(root / "checklists" / "basics.yaml", checklist(OWNER.replace("risk", "when: {tags: public}, risk"), BOARD))
    path = root / "workloads" / "shop" / "workload.yaml"
    plain = path.read_text(encoding="utf-8")
    path.write_text(plain + "tags: [public]\n", encoding="utf-8")
    answer(root, "shop", owner="no")
    before = assessed(root, "shop")
    path.write_text(plain, encoding="utf-8")
    found = drift(before, assessed(root, "shop"))
    assert found.verdict == (Verdict.NO_GO, Verdict.GO)
    assert not found.recovers
    assert not any(change.closed for change in found.states)
    assert [render(line, "en") for line in found.says] == [
        "the verdict went from no-go to go",
        "milder than before: the tag public is gone",
        "milder than before: basics/owner is no longer asked",
        "basics/owner is not applicable now, was not met",
    ]


def test_an_open_item_that_is_taken_out_of_its_checklist_is_told_with_its_state_and_is_no_recovery(root: Path) -> None:
    answer(root, "shop", owner="no")
    before = assessed(root, "shop")
    write(root / "checklists" / "basics.yaml", checklist(BOARD, version=2))
    write(
        root / "workloads" / "shop" / "review.yaml",
        "review: shop\nanswers:\n  basics/dashboard: {answer: yes, by: ann, on: 2026-11-20}\n",
    )
    found = drift(before, assessed(root, "shop"))
    assert not found.recovers
    assert [render(line, "en") for line in found.says] == [
        "the verdict went from no-go to go",
        "basics/owner is no longer asked; it was not met",
        "for comparison: checklist basics is version 2 now, was 1",
    ]
    assert [render(line, "en") for line in found.regressions] == ["milder than before: basics/owner is no longer asked"]


def test_a_waiver_that_is_taken_out_of_the_review_is_told(root: Path) -> None:
    answer(root, "shop", owner="no", more=WAIVER)
    before = assessed(root, "shop")
    answer(root, "shop", owner="no")
    gone = "waiver W-1 was taken out of the review; its days add up with later ones no more"
    assert gone in said(before, assessed(root, "shop"))


@pytest.mark.parametrize(
    ("before", "after", "course"),
    [
        pytest.param("met", "stale", Course.WORSE, id="opens"),
        pytest.param("unanswered", "met", Course.BETTER, id="closes"),
        pytest.param("stale", "unknown", Course.WORSE, id="stays-open-and-worse"),
        pytest.param("not-met", "partial", Course.BETTER, id="stays-open-and-better"),
        pytest.param("not-met", "not-applicable", Course.ASIDE, id="not-applicable-is-no-progress"),
        pytest.param("met", "not-applicable", Course.ASIDE, id="left-out"),
        pytest.param("not-applicable", "met", Course.ASIDE, id="asked-and-met"),
        pytest.param("not-applicable", "unanswered", Course.WORSE, id="asked-and-open"),
    ],
)
def test_a_state_goes_one_way(before: str, after: str, course: Course) -> None:
    assert StateChange("a/b", State(before), State(after)).course is course


def test_time_alone_makes_an_answer_drift(root: Path) -> None:
    later = TODAY + timedelta(days=400)
    found = drift(assessed(root, "shop"), assessed(root, "shop", later))
    assert [change.after for change in found.states] == [State.STALE, State.STALE]


def test_new_and_removed_items_are_told_with_the_version_that_explains_them(root: Path) -> None:
    before = assessed(root, "shop")
    board = BOARD.replace("dashboard", "graph")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, board, version=2))
    write(
        root / "workloads" / "shop" / "review.yaml",
        "review: shop\nanswers:\n  basics/owner: {answer: yes, by: a, on: 2026-11-20}\n",
    )
    assert said(before, assessed(root, "shop")) == [
        "the verdict went from go to conditional go",
        "basics/graph is asked now: unanswered",
        "basics/dashboard is no longer asked; it was met",
        "for comparison: checklist basics is version 2 now, was 1",
    ]


def test_a_raised_version_alone_is_no_drift(root: Path) -> None:
    before = assessed(root, "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, version=2))
    assert not drift(before, assessed(root, "shop"))


def test_a_waiver_begins_and_ends(root: Path) -> None:
    answer(root, "shop", owner="no")
    without = assessed(root, "shop")
    answer(root, "shop", owner="no", more=WAIVER)
    with_it = assessed(root, "shop")
    expired = assessed(root, "shop", date(2026, 12, 1))
    assert said(without, with_it) == [
        "the verdict went from no-go to conditional go",
        "waiver W-1 works now",
        "what covers basics/owner ends; it is not met and uncovered from 2026-12-01",
    ]
    assert said(with_it, expired) == ["the verdict went from conditional go to no-go", "waiver W-1 no longer works"]


def test_a_due_day_that_went_by_is_told_once(root: Path) -> None:
    plan = "plan: {action: hire, owner: bo, due: 2026-11-25}"
    text = f"review: shop\nanswers:\n  basics/owner: {{answer: no, {plan}, by: ann, on: 2026-11-20}}\n"
    write(root / "workloads" / "shop" / "review.yaml", text)
    on_time, late, later = (assessed(root, "shop", date(2026, 11, day)) for day in (25, 26, 27))
    assert said(assessed(root, "shop"), on_time) == []
    assert said(on_time, late) == ["basics/owner was due on 2026-11-25 and is still open; bo has to act"]
    assert said(late, later) == []


def test_a_vote_is_drift(root: Path) -> None:
    before = assessed(root, "shop")
    vote = f"sign_offs:\n  - {{role: lead, by: bo, vote: go, on: 2026-11-22, digest: '{before['digest']}'}}\n"
    answer(root, "shop", more=vote)
    assert said(before, assessed(root, "shop")) == ["the decision went from pending to go"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_drift_has_words(root: Path, language: str) -> None:
    before = assessed(root, "shop")
    after = copy.deepcopy(before)
    after["occasion"], after["checklists"] = "change", {"others": 1}
    after["items"][0]["state"] = "not-applicable"
    lines = said(before, after, language)
    assert len(lines) == 4
    assert all(lines)


def test_an_item_that_is_about_to_lapse_is_told_once(root: Path) -> None:
    text = "review: shop\nanswers:\n  basics/owner: {answer: yes, by: a, on: 2025-12-28}\n"
    write(root / "workloads" / "shop" / "review.yaml", text)
    before, near, nearer = (assessed(root, "shop", date(2026, *day)) for day in ((11, 27), (11, 29), (11, 30)))
    assert said(before, near) == ["basics/owner lapses on 2026-12-29: stale from then on"]
    assert said(near, nearer) == []


@pytest.mark.parametrize(
    ("weight", "says"),
    [
        ("risk: high", "basics/dashboard (not met) has risk high now, had medium"),
        ("risk: medium, blocking: true", "basics/dashboard (not met) is blocking now"),
    ],
)
def test_an_open_item_that_counts_for_more_explains_the_verdict(root: Path, weight: str, says: str) -> None:
    answer(root, "shop", board="no")
    before = assessed(root, "shop")
    heavier = BOARD.replace("risk: medium", weight)
    assert heavier != BOARD
    write(root / "checklists" / "basics.yaml", checklist(OWNER, heavier))
    after = assessed(root, "shop")
    assert said(before, after) == ["the verdict went from conditional go to no-go", says]
    assert [render(line, "en") for line in drift(before, after).regressions] == said(before, after)
    milder = [line for line in said(after, before) if "dashboard" in line]
    assert milder == [render(line, "en") for line in drift(after, before).regressions]
    assert milder


def test_a_raised_risk_that_moves_no_verdict_is_no_drift(root: Path) -> None:
    before = assessed(root, "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD.replace("risk: medium", "risk: high")))
    assert not drift(before, assessed(root, "shop"))


# Like with like


def changed_checklist(root: Path) -> None:
    write(
        root / "checklists" / "basics.yaml", checklist(OWNER.replace("risk", "valid_for: 1d, risk"), BOARD, version=2)
    )


def test_a_changed_checklist_is_told_apart_from_a_changed_workload(root: Path) -> None:
    before = assessed(root, "shop")
    changed_checklist(root)
    answer(root, "shop", board="no")
    found = drift(before, assessed(root, "shop"))
    assert [change.item for change in found.asked_otherwise] == ["basics/owner"]
    assert [change.item for change in found.states] == ["basics/dashboard"]
    assert [render(line, "en") for line in found.says] == [
        "the verdict went from go to no-go",
        "basics/dashboard is newly open: not met, was met",
        "basics/owner is asked otherwise now: stale, was met",
        "for comparison: checklist basics is version 2 now, was 1",
    ]


def test_changed_words_of_an_item_leave_like_with_like(root: Path) -> None:
    before = assessed(root, "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER.replace("Is there", "Has it got"), BOARD, version=2))
    assert alike(before, assessed(root, "shop"))


def test_items_are_compared_with_the_last_run_on_the_same_checklists_and_verdicts_with_the_last(root: Path) -> None:
    first = assessed(root, "shop")
    changed_checklist(root)
    middle = assessed(root, "shop")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, version=3))
    answer(root, "shop", board="no")
    now = assessed(root, "shop")
    assert not alike(middle, now)
    assert alike(first, now)
    assert [render(line, "en") for line in like_with_like(middle, now, first).says] == [
        "the verdict went from no-go to conditional go",
        "milder than before: basics/owner, valid_for: 1 → 365",
        "basics/dashboard is newly open: not met, was met",
    ]


def test_regressions_leave_out_what_got_better(root: Path) -> None:
    answer(root, "shop", owner="no")
    before = assessed(root, "shop")
    answer(root, "shop", board="no")
    found = drift(before, assessed(root, "shop"))
    assert found.recovers
    assert [render(line, "en") for line in found.regressions] == ["basics/dashboard is newly open: not met, was met"]
    back = drift(assessed(root, "shop"), before)
    assert not back.recovers
    assert render(back.regressions[0], "en") == "the verdict went from conditional go to no-go"


def lacking(now: dict[str, Any], what: str) -> dict[str, Any]:
    """A run as it was before one thing was taken out of the files."""
    before = copy.deepcopy(now)
    if what == "challenge":
        one = next(one for one in before["items"] if one["item"] == "basics/owner")
        doubt = {"open": True, "item": "basics/owner", "by": "bo", "on": "2026-11-20"}
        one |= {"state": "unanswered", "challenged": doubt}
    elif what == "vote":
        vote = {"role": "sre", "by": "bo", "vote": "no-go", "on": "2026-11-20", "digest": now["digest"], "valid": True}
        before["sign_offs"] = [vote]
    else:
        closed = {"closed_by": "wei", "closed_on": "2026-11-21"}
        one = {"emergency": "E-1", "approved_by": "bo", "approved_at": "2026-11-20T10:00:00+00:00"}
        now["emergencies"] = [{**one, "closed_by": None, "closed_on": None}] if what == "close" else []
        before["emergencies"] = [{**one, **closed}]
    return before


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("challenge", "the challenge of basics/owner by bo of 2026-11-20 is gone without being lifted"),
        ("vote", "the no-go vote of bo (sre) of 2026-11-20 is gone"),
        ("emergency", "the exception E-1, which bo approved, is gone"),
        ("close", "the exception E-1, which wei closed on 2026-11-21, stands open again"),
    ],
)
def test_what_stood_and_is_gone_is_told_by_name_and_resolves_nothing(root: Path, what: str, words: str) -> None:
    now = assessed(root, "shop")
    before = lacking(now, what)
    told = said(before, now)
    assert any(words in line for line in told)
    assert not any("closed now" in line for line in told)
    assert words in " ".join(render(line, "en") for line in drift(before, now).regressions)
    assert not any(words in line for line in said(before, before))


def test_a_no_go_vote_on_another_assessment_or_a_challenge_that_was_lifted_is_not_missed(root: Path) -> None:
    now = assessed(root, "shop")
    voted, doubted = lacking(now, "vote"), lacking(now, "challenge")
    voted["sign_offs"][0]["digest"] = "sha256:" + "0" * 64
    lifted = copy.deepcopy(now)
    one = next(one for one in doubted["items"] if one["item"] == "basics/owner")["challenged"]
    next(one for one in lifted["items"] if one["item"] == "basics/owner")["challenged"] = {**one, "open": False}
    assert drift(voted, now).milder == drift(doubted, lifted).milder == ()
    assert any("closed now" in line for line in said(doubted, lifted))


def test_a_run_that_does_not_hold_what_was_required_is_not_compared_by_it(root: Path) -> None:
    now = assessed(root, "shop")
    assert not drift({key: value for key, value in now.items() if key != "requirements"}, now)


# Ids that other items have replaced


def merged(root: Path) -> None:
    both = "- {item: both, ask: Owner and dashboard?, risk: high, replaces: [basics/owner, basics/dashboard]}"
    write(root / "checklists" / "basics.yaml", checklist(both, version=2))


def test_items_that_became_one_are_neither_new_nor_removed(root: Path) -> None:
    before = assessed(root, "shop")
    merged(root)
    after = assessed(root, "shop")
    assert after["items"][0]["replaces"] == ["basics/owner", "basics/dashboard"]
    found = drift(before, after)
    assert (found.new, found.removed, found.states, found.asked_otherwise) == ((), (), (), ())
    assert [(change.key, change.values["item"]) for change in found.milder] == [("rule.milder.reworded", "basics/both")]


def test_what_became_one_is_compared_with_the_worst_of_what_it_was(root: Path) -> None:
    answer(root, "shop", board="no")
    before = assessed(root, "shop")
    merged(root)
    answer(root, "shop")
    found = drift(before, assessed(root, "shop"))
    assert (found.new, found.removed) == ((), ())
    assert found.asked_otherwise == (StateChange("basics/both", State.NOT_MET, State.MET),)
