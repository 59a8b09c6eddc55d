"""The check `review`: what the review holds decides, never votes, the decision or states."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.builders import TODAY, answer, case, day, item, sign_off, waiver

from orr.evaluate import Case
from orr.evidence import CheckSpec, Context, EvidencePlaces, faults_of
from orr.evidence.collect import run
from orr.evidence.held import Held
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding, Outcome
from orr.model.review import Scenario
from orr.model.validation import read

MET, NOT_MET = Outcome.MET, Outcome.NOT_MET
SEVERE = {"likelihood": "medium", "impact": "high"}
AWAY = {"scenario": "Northpay is away for an hour", **SEVERE, "response": "docs/away.md", "tested_on": day(-10)}
TWICE = {
    "scenario": "Cards are charged twice",
    **SEVERE,
    "response": "Stop the worker, then refund",
    "tested_on": day(-40),
}
FULL = {"scenario": "The queue is full of old jobs", "likelihood": "low", "impact": "high"}
HOLLOW = [{"scenario": word} for word in ("ok", "TBD", "-", "ok ok ok", "todo")]


@pytest.fixture
def folder(tmp_path: Path, write) -> Path:
    write("docs/away.md", "# Away\n\nSwitch to the second provider.\n")
    write("docs/empty.md", "\n")
    return tmp_path


def of(folder: Path, what: Case, **asked: Any) -> Finding:
    places = EvidencePlaces(folder, (folder,), {"workload": folder})
    context = replace(Context.of(what.workload, places, TODAY), held=Held.of(what))
    finding = run(context, CheckSpec("review", asked))
    assert finding.outcome is not Outcome.UNKNOWN, render(finding.says, "en")
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


def reviewed(*scenarios: dict[str, Any], waivers: tuple[dict[str, Any], ...] = (), **more: Any) -> Case:
    made = case(item("a"), item("b"), waivers=waivers, **more)
    return replace(made, review=replace(made.review, pre_mortem=tuple(read(Scenario, one) for one in scenarios)))


# Nothing of what depends on checks is at hand


def test_a_check_sees_no_vote_no_decision_and_no_state() -> None:
    assert {one.name for one in fields(Held)} == {"asked", "pre_mortem", "waivers", "answers", "policy"}


def test_a_vote_changes_nothing_that_it_sees() -> None:
    assert Held.of(reviewed(AWAY)) == Held.of(reviewed(AWAY, sign_offs=[sign_off()]))


# What is good, beside what is hollow and what is contrary


@pytest.mark.parametrize(
    ("asked", "good", "hollow", "contrary"),
    [
        ({"scenarios": 3}, [AWAY, TWICE, FULL], HOLLOW, [AWAY, TWICE]),
        ({"scenarios": 2}, [AWAY, TWICE], [AWAY, {**AWAY, "scenario": "Northpay is away for an HOUR."}], [AWAY]),
        ({"responses": True}, [AWAY, TWICE, FULL], [{**AWAY, "response": "TBD"}], [AWAY, {**TWICE, "response": None}]),
        ({"responses": True}, [AWAY], [{**AWAY, "response": "docs/empty.md"}], [{**AWAY, "response": "docs/gone.md"}]),
        ({"responses": True}, [TWICE], [{**AWAY, "response": "https://example.com/a"}], [{**AWAY, "likelihood": None,
                                                                                        "response": None}]),
        ({"drilled_within": "30d"}, [AWAY], [{**AWAY, "tested_on": None}], []),
        ({"drilled_within": "90d", "drills": 2}, [AWAY, TWICE], [AWAY, FULL], [AWAY]),
    ],
    ids=["scenarios", "the same one twice", "responses", "files of responses", "links", "a drill", "drills"],
)  # fmt: skip
def test_a_pre_mortem_counts_by_what_it_says(
    folder: Path, asked: dict[str, Any], good: list[Any], hollow: list[Any], contrary: list[Any]
) -> None:
    assert of(folder, reviewed(*good), **asked).outcome is MET
    assert of(folder, reviewed(*hollow), **asked).outcome is NOT_MET
    assert of(folder, reviewed(*contrary), **asked).outcome is NOT_MET


def test_no_pre_mortem_is_nothing_found(folder: Path) -> None:
    for asked in ({"scenarios": 1}, {"responses": True}, {"drilled_within": "30d"}):
        finding = of(folder, reviewed(), **asked)
        assert (finding.outcome, finding.nothing) == (NOT_MET, True)


def test_drills_and_answers_hold_until_the_one_that_counts_is_too_old(folder: Path) -> None:
    drilled = of(folder, reviewed(AWAY, TWICE), drilled_within="90d", drills=2)
    assert drilled.holds_until == TODAY + timedelta(days=50)
    answers = {"a": answer("yes", on=day(-20)), "b": answer("no", on=day(-3))}
    answered = of(folder, reviewed(AWAY, answers=answers), answered_within="30d", drilled_within="15d")
    assert (answered.outcome, answered.holds_until) == (MET, TODAY + timedelta(days=5))
    assert of(folder, reviewed(answers=answers), answered_within="30d").holds_until == TODAY + timedelta(days=10)


def test_without_any_answer_none_is_fresh(folder: Path) -> None:
    finding = of(folder, reviewed(), answered_within="30d")
    assert (finding.outcome, finding.nothing) == (NOT_MET, True)


@pytest.mark.parametrize(
    ("change", "outcome"),
    [
        ({}, MET),
        ({"compensating": None}, NOT_MET),
        ({"compensating": "ok"}, NOT_MET),
        ({"approved_by": None}, NOT_MET),
        ({"expires": day(61)}, NOT_MET),
        ({"expires": day(-1), "compensating": None}, MET),
        ({"revoked_on": day(-1), "compensating": None}, MET),
    ],
    ids=["sound", "nothing limits the risk", "a word", "not approved", "too long", "ended", "revoked"],
)
def test_a_waiver_that_stands_ends_in_time_and_names_what_limits_the_risk(
    folder: Path, change: dict[str, Any], outcome: Outcome
) -> None:
    sound = {**waiver("a"), "compensating": "The gateway limits the rate", "expires": day(30), **change}
    given = {name: value for name, value in sound.items() if value is not None}
    assert of(folder, reviewed(waivers=(given,)), waivers_within="60d").outcome is outcome


def test_what_is_left_out_is_not_asked(folder: Path) -> None:
    assert of(folder, reviewed(), checklists=["c"]).outcome is MET
    finding = of(folder, reviewed(), checklists=["c", "rollback-plan"])
    assert (finding.outcome, render(finding.says, "en")) == (NOT_MET, "the workload is not asked rollback-plan")


def test_the_worst_of_what_is_asked_decides(folder: Path) -> None:
    assert of(folder, reviewed(AWAY), scenarios=1, checklists=["gone"]).outcome is NOT_MET


def test_without_a_review_it_cannot_tell(tmp_path: Path) -> None:
    places = EvidencePlaces(tmp_path, (tmp_path,), {"workload": tmp_path})
    context = Context.of(reviewed().workload, places, date(2026, 11, 23))
    assert run(context, CheckSpec("review", {"scenarios": 1})).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("asked", "at"),
    [
        ({}, ()),
        ({"responses": False}, ()),
        ({"drills": 2, "scenarios": 1}, ("drills",)),
        ({"scenarios": 0}, ("scenarios",)),
    ],
)
def test_a_check_that_asks_nothing_is_a_fault(asked: dict[str, Any], at: tuple[str, ...]) -> None:
    faults = faults_of(CheckSpec("review", asked))
    assert [keys for keys, _, _ in faults] == [at]
