"""The digest that votes are bound to, and the decision that they make."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from support.builders import (
    DIGEST,
    TODAY,
    answer,
    assess,
    case,
    check,
    choices,
    day,
    evidence,
    found,
    item,
    plan,
    sign_off,
    waiver,
)

from orr.evaluate import Case, evaluate
from orr.messages import render, say
from orr.model.finding import Evidence
from orr.model.release import Release
from orr.model.review import SignOff
from orr.model.validation import read

ROW = {"sign_offs": ["service-owner", "operations"]}


def made(**changes: Any) -> Case:
    """A case in which everything that goes into the digest is there once."""
    told: dict[str, Any] = {
        "items": [item("a", checks=[check(paths=["a"])]), item("b")],
        "answers": {"b": answer("partial", plan=plan(), evidence=[{"title": "t", "collected": day(-3)}])},
        "waivers": [waiver("c/b"), waiver("c/a", name="W-2")],
        "policy": ROW,
    } | changes
    return case(*told.pop("items"), **told)


def digest(case: Case, *, met: Any = None, offset: int = 0) -> str:
    return assess(case, evidence(a=[met or found("met")]), offset).digest


def test_a_digest_is_a_sha_256() -> None:
    assert re.fullmatch("sha256:[0-9a-f]{64}", digest(made()))


@pytest.mark.parametrize("binds", ["workload", "artifact"])
@pytest.mark.parametrize("release", [Release(), Release(version="2.4", commit="42cd0e1")])
def test_a_digest_is_that_of_the_canonical_json_of_the_digests_of_what_is_voted_on(
    release: Release, binds: str
) -> None:
    voted = replace(made(workload={"title": "结算"}, policy={"binds": binds}), given=release)
    answered = voted.review.answers["c/b"].as_data()
    del answered["evidence"]
    content: dict[str, Any] = {f"workload:{key}": value for key, value in voted.workload.as_data().items()}
    policy, apart = voted.policy.as_data(defaults=True), ("recheck", "items", "binds", "signatures")
    content |= {f"policy:{key}": value for key, value in policy.items() if key not in apart}
    content |= {f"waiver:{one.waiver}": one.as_data() for one in voted.review.waivers}
    content |= {
        "review:occasion": "launch",
        "policy:tier": 1,
        "checklist:c": voted.checklists[0].as_data(),
        "answer:c/b": answered,
        "evidence:c/b: t": [[{"title": "t"}, "", ""]],
        "outcome:c/a": [["files", "met"]],
    }
    if binds == "artifact":
        content |= {"policy:binds": "artifact", **({"review:release": release.as_data()} if release else {})}
    assert digest(voted) == "sha256:" + sha256({name: sha256(value) for name, value in content.items()})


def sha256(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


B = answer("partial", plan=plan(), evidence=[{"title": "t", "collected": day(-3)}])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"workload": {"tier": 2}}, id="the tier"),
        pytest.param({"workload": {"launch": day(9)}}, id="the launch"),
        pytest.param({"workload": {"owner": {"team": "search"}}}, id="the owner"),
        pytest.param({"workload": {"tags": ["public"]}}, id="a tag"),
        pytest.param({"occasion": "change"}, id="the occasion"),
        pytest.param({"items": [item("a", checks=[check(paths=["a"])]), item("b", risk="low")]}, id="a risk"),
        pytest.param({"items": [item("a", checks=[check(paths=["b"])]), item("b")]}, id="a check's parameter"),
        pytest.param({"items": [item("a", checks=[check(paths=["a"])]), item("b"), item("d")]}, id="one more item"),
        pytest.param({"items": [item("a", checks=[check(paths=["a"])]), item("b", ask="Really?")]}, id="a question"),
        pytest.param({"answers": {"b": B | {"answer": "yes"}}}, id="an answer"),
        pytest.param({"answers": {"b": B | {"note": "x"}}}, id="a note"),
        pytest.param({"answers": {"b": B | {"by": "ana"}}}, id="who answered"),
        pytest.param({"answers": {"b": B | {"on": day(-1)}}}, id="when they answered"),
        pytest.param({"answers": {"b": B | {"plan": plan(6)}}}, id="a plan's day"),
        pytest.param({"answers": {"b": B | {"evidence": [{"title": "u", "collected": day(-3)}]}}}, id="the evidence"),
        pytest.param({"answers": {"b": B, "a": answer("yes")}}, id="one more answer"),
        pytest.param({"waivers": [waiver("c/b")]}, id="a waiver less"),
        pytest.param({"waivers": [waiver("c/b"), waiver("c/a", name="W-2", expires=41)]}, id="a waiver's end"),
        pytest.param({"waivers": [waiver("c/b"), waiver("c/a", name="W-2", revoked_on=day(0))]}, id="a waiver revoked"),
        pytest.param({"policy": ROW | {"no_go": []}}, id="the policy"),
        pytest.param({"policy": {"sign_offs": ["service-owner"]}}, id="who must vote"),
    ],
)
def test_what_is_voted_on_changes_the_digest(changes: dict[str, Any]) -> None:
    assert digest(made(**changes)) != digest(made())


@pytest.mark.parametrize("outcome", ["partial", "not-met", "unknown"])
def test_the_outcome_of_a_check_changes_the_digest(outcome: str) -> None:
    assert digest(made(), met=found(outcome)) != digest(made())


def test_evidence_that_proves_nothing_any_more_changes_the_digest() -> None:
    good = assess(made())
    hollow = replace(good.evidence, hollow={"c/b": (say("evidence.entry.empty", path="t.md"),)})
    assert assess(made(), hollow).digest != good.digest


def test_an_inherited_answer_changes_the_digest() -> None:
    items = [item("a", checks=[check()]), item("b", scope="team")]
    one, other = ({"b": answer(reply)} for reply in ("yes", "no"))
    assert digest(made(items=items, answers={}, team=one)) != digest(made(items=items, answers={}, team=other))


def test_a_finding_belongs_to_its_choice() -> None:
    section = choices("a", "b", rules=[("a && b", "none"), ("default", "high")])
    for choice in section["items"]:
        choice["checks"] = [check()]
    one, other = (
        assess(case(sections=[section]), evidence(a=first, b=second)).digest
        for first, second in (([found()], []), ([], [found()]))
    )
    assert one != other


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"sign_offs": [sign_off()]}, id="a sign-off"),
        pytest.param({"waivers": [waiver("c/a", name="W-2"), waiver("c/b")]}, id="the order of waivers"),
        pytest.param({"answers": {"b": dict(reversed(B.items()))}}, id="the order of keys"),
        pytest.param(
            {"answers": {"b": B | {"evidence": [{"collected": day(-2), "title": "t"}]}}}, id="a date of collection"
        ),
        pytest.param({"answers": {"b": B, "elsewhere/x": answer("no")}}, id="an answer that is not asked for"),
        pytest.param(
            {"items": [item("a", checks=[check(paths=["a"])], blocking=None), item("b", valid_for="365d")]},
            id="a default written out",
        ),
        pytest.param(
            {
                "items": [
                    item("a", checks=[check(paths=["a"])], core=True, effort="5m"),
                    item("b", role="security", phase="build"),
                ]
            },
            id="what orders and groups items",
        ),
        pytest.param({"team": {"b": answer("no")}}, id="an answer that does not count"),
    ],
)
def test_what_is_not_voted_on_leaves_the_digest(changes: dict[str, Any]) -> None:
    assert digest(made(**changes)) == digest(made())


def test_the_day_and_when_a_check_was_run_leave_the_digest() -> None:
    later = replace(found("met"), collected=datetime(2026, 11, 23, tzinfo=UTC), seconds=3.0)
    assert digest(made(), met=later, offset=1) == digest(made())


# The decision


def decide(votes: Callable[[str], list[dict[str, Any]]], reply: str = "yes") -> tuple[str, list[bool]]:
    """The decision and which votes count, on a case whose digest the votes may mention."""
    unsigned = case(item("a"), answers={"a": answer(reply)}, policy=ROW)
    its_digest = assess(unsigned).digest
    signed = case(item("a"), answers={"a": answer(reply)}, policy=ROW, sign_offs=votes(its_digest))
    assessed = assess(signed)
    assert assessed.digest == its_digest
    return str(assessed.decision), [vote.valid for vote in assessed.votes]


@pytest.mark.parametrize(
    ("votes", "reply", "decision", "valid"),
    [
        pytest.param(lambda d: [], "yes", "pending", [], id="nobody voted"),
        pytest.param(lambda d: [sign_off(digest=d)], "yes", "pending", [True], id="one of two voted"),
        pytest.param(
            lambda d: [sign_off(digest=d), sign_off("operations", digest=d)], "yes", "go", [True] * 2, id="all go"
        ),
        pytest.param(
            lambda d: [sign_off(digest=d), sign_off("operations", digest=d)],
            "no",
            "no-go",
            [True] * 2,
            id="all go, but the verdict is no-go",
        ),
        pytest.param(
            lambda d: [sign_off(digest=d, vote="no-go")], "yes", "no-go", [True], id="one no-go is enough at once"
        ),
        pytest.param(
            lambda d: [sign_off(digest=d, vote="no-go"), sign_off(digest=d)],
            "yes",
            "no-go",
            [True] * 2,
            id="a later go does not undo it",
        ),
        pytest.param(
            lambda d: [sign_off(), sign_off("operations", digest=d)],
            "yes",
            "pending",
            [False, True],
            id="another digest is void",
        ),
        pytest.param(lambda d: [sign_off(vote="no-go")], "yes", "pending", [False], id="a void no-go is void"),
        pytest.param(
            lambda d: [sign_off("security", "no-go", d)], "yes", "pending", [False], id="a role not asked is void"
        ),
        pytest.param(
            lambda d: [sign_off(digest=d[7:]), sign_off("operations", digest=d[7:].upper())],
            "yes",
            "go",
            [True] * 2,
            id="a digest without prefix",
        ),
        pytest.param(
            lambda d: [sign_off(digest=d) | {"on": day(1)}, sign_off("operations", digest=d)],
            "yes",
            "pending",
            [False, True],
            id="a go of tomorrow is void",
        ),
        pytest.param(
            lambda d: [sign_off(digest=d, vote="no-go") | {"on": day(1)}],
            "yes",
            "no-go",
            [True],
            id="a no-go of tomorrow counts",
        ),
    ],
)
def test_the_votes_decide(
    votes: Callable[[str], list[dict[str, Any]]], reply: str, decision: str, valid: list[bool]
) -> None:
    assert decide(votes, reply) == (decision, valid)


def by_one_person(digest: str) -> list[dict[str, Any]]:
    return [
        sign_off(digest=digest, by="wei.chen"),
        sign_off("operations", digest=digest, by="Wei Chen <wei.chen@example.com>"),
    ]


@pytest.mark.parametrize(
    ("tier", "distinct", "decision"),
    [(1, None, "pending"), (2, None, "pending"), (3, None, "go"), (1, False, "go"), (3, True, "pending")],
)
def test_nobody_votes_go_for_two_roles_where_voters_must_be_distinct(
    tier: int, distinct: bool | None, decision: str
) -> None:
    made = case(item("a"), answers={"a": answer()}, policy=ROW | {"distinct": distinct}, workload={"tier": tier})
    votes = by_one_person(assess(made).digest)
    assessed = assess(replace(made, review=replace(made.review, sign_offs=tuple(read(SignOff, one) for one in votes))))
    assert assessed.decision == decision
    if decision == "pending":
        assert "another person must vote for operations" in render(assessed.votes[1].why, "en")


ANA, WEI = "ana", "wei"
BOTH = [("service-owner", WEI), ("operations", ANA)]


@pytest.mark.parametrize(
    ("tier", "changes", "voters", "valid"),
    [
        pytest.param(1, {}, [("service-owner", WEI)], [False], id="who answered votes alone"),
        pytest.param(2, {}, [("service-owner", WEI)], [False], id="in tier 2"),
        pytest.param(3, {}, [("service-owner", WEI)], [True], id="in tier 3 it counts, and is flagged"),
        pytest.param(1, {}, [("service-owner", "Wei <wei@example.com>")], [False], id="under another spelling"),
        pytest.param(1, {}, BOTH, [True, True], id="beside somebody who answered nothing"),
        pytest.param(1, {}, list(reversed(BOTH)), [True, True], id="in whatever order"),
        pytest.param(1, {"answers": {"a": answer(by=WEI), "b": answer(by=ANA)}}, BOTH, [False] * 2, id="both answered"),
        pytest.param(1, {"blocking": False, "risk": "low"}, [("service-owner", WEI)], [True], id="nothing that stops"),
        pytest.param(1, {"blocking": True, "risk": "low"}, [("service-owner", WEI)], [False], id="a blocking item"),
        pytest.param(1, {"scope": "team"}, [("service-owner", WEI)], [False], id="for the whole team"),
    ],
)
def test_who_answered_what_stops_does_not_vote_it_through_alone(
    tier: int, changes: dict[str, Any], voters: list[tuple[str, str]], valid: list[bool]
) -> None:
    told = dict(changes)
    answers = told.pop("answers", {"a": answer(by=WEI)})
    given = {"team": answers} if told.get("scope") == "team" else {"answers": answers}
    made = case(item("a", **told), item("b", risk="low"), policy=ROW, workload={"tier": tier}, **given)
    if len(answers) > 1:
        made = case(item("a"), item("b"), policy=ROW, workload={"tier": tier}, **given)
    its_digest = assess(made).digest
    votes = tuple(read(SignOff, sign_off(role, digest=its_digest, by=by)) for role, by in voters)
    assessed = assess(replace(made, review=replace(made.review, sign_offs=votes)))
    assert [vote.valid for vote in assessed.votes] == valid
    if not all(valid):
        assert assessed.decision == "pending"
        assert "another person has to vote go as well" in render(assessed.votes[0].why, "en")


def test_who_answered_votes_no_go_alone() -> None:
    made = case(item("a"), answers={"a": answer(by=WEI)}, policy=ROW)
    vote = read(SignOff, sign_off(digest=assess(made).digest, by=WEI, vote="no-go"))
    assert assess(replace(made, review=replace(made.review, sign_offs=(vote,)))).decision == "no-go"


def test_one_person_may_vote_no_go_for_two_roles() -> None:
    made = case(item("a"), answers={"a": answer()}, policy=ROW)
    votes = [one | {"vote": "no-go"} for one in by_one_person(assess(made).digest)]
    assessed = assess(replace(made, review=replace(made.review, sign_offs=tuple(read(SignOff, one) for one in votes))))
    assert [vote.valid for vote in assessed.votes] == [True, True]


def test_evidence_that_appears_or_goes_is_another_assessment() -> None:
    made = case(item("a"), answers={"a": answer(evidence=[{"path": "e.md"}])}, policy=ROW)
    gone = Evidence({}, {"c/a": (say("evidence.entry.gone", path="e.md"),)})
    altered = Evidence({}, {"c/a": (say("evidence.entry.altered", path="e.md"),)})
    digests = {evaluate(made, seen, TODAY).digest for seen in (Evidence(), gone, altered)}
    assert len(digests) == 3


def test_where_no_role_is_asked_the_verdict_decides() -> None:
    assessed = assess(case(item("a"), answers={"a": answer()}, policy={"sign_offs": []}))
    assert assessed.decision == "go"


def test_a_void_vote_says_why() -> None:
    assessed = assess(case(item("a"), policy=ROW, sign_offs=[sign_off(), sign_off("janitor")]))
    assert [render(vote.why, "en") for vote in assessed.votes] == [
        "the vote of service-owner was given on another assessment; vote again on this one",
        "the role janitor is not asked for this tier",
    ]
    assert assessed.votes[0].sign_off == read(SignOff, sign_off(digest=DIGEST) | {"on": TODAY})
