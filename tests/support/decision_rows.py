"""Situations and what the rule makes of them: the rows of the decision-safety table.

Every item is named and of high risk unless the situation says otherwise; the policy is the default one, the workload
has not been launched and is of tier 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, NamedTuple

from orr.evaluate import Case, Evaluation
from orr.evaluate.approvals import signed_in
from orr.evaluate.asked import recalling
from orr.evaluate.objections import Agreement, Doubt, Objections
from orr.evaluate.proofs import Proof, Proofs, Unproven
from orr.evaluate.sources import combined
from orr.evaluate.terms import Formerly, Planned
from orr.evaluate.tier import TierRules
from orr.formats.record import to_json
from orr.messages import render, say
from orr.model.checklist import Risk
from orr.model.finding import Evidence, Finding
from orr.model.release import Release, Subject, SubjectKind
from orr.model.review import Challenge, Lifted, Vote, Waiver
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.proof.recorded import evidence_of
from support.builders import (
    TODAY,
    answer,
    assess,
    case,
    check,
    checklist,
    choices,
    day,
    evidence,
    found,
    gone,
    held_to,
    item,
    leave,
    plan,
    sign_off,
    waiver,
)


class Row(NamedTuple):
    """One situation.

    Attributes
    ----------
    group
        The rule that it shows.
    situation
        In words.
    assessed
        Assesses it.
    headline
        The verdict and what is said beside it.
    decision
        What the votes make of it, where the row is about votes.
    """

    group: str
    situation: str
    assessed: Callable[[], Evaluation]
    headline: str
    decision: str | None = None


GO = "go"
CONDITIONAL = "conditional go"
MISSING = "1 known to be missing"
NOT_KNOWN = "1 not known"


def headline(assessed: Evaluation) -> str:
    """Verdict and headline as a reader sees them."""
    return render(assessed.headline, "en")


def _rows(group: str, *rows: tuple[Any, ...]) -> Iterator[Row]:
    for situation, what, *expected in rows:
        assessed = what if callable(what) else partial(assess, what)
        yield Row(group, situation, assessed, *expected)


def one(reply: str | None = "yes", *, keys: dict[str, Any] | None = None, **answered: Any) -> Case:
    """A case of one item that was answered so, beside one that is met."""
    return case(item(**(keys or {})), item("b"), answers={"a": answer(reply, **answered), "b": answer()})


def open_one(*waivers: dict[str, Any], **more: Any) -> Case:
    """A case of one item answered no, with waivers."""
    return case(item(**more.pop("keys", {})), answers={"a": answer("no")}, waivers=waivers, **more)


def nothing() -> Finding:
    """What a source found that has nothing of what is asked for."""
    return replace(found("not-met"), nothing=True)


def any_of(*findings: Finding) -> Callable[[], Evaluation]:
    """A case of one item with a group of checks, each of another source."""
    group = {"any_of": [check(paths=[str(number)]) for number in range(len(findings))]}
    return lambda: assess(case(item(checks=[group])), evidence(a=[combined(findings)]))


def checked(finding: Any, *, reply: str | None = "yes", offset: int = 0) -> Callable[[], Evaluation]:
    """A case of one checked item."""
    answers = {} if reply is None else {"a": answer(reply, on=day(-1))}
    what = case(item(checks=[check(paths=["a"])]), item("b"), answers={**answers, "b": answer()})
    return lambda: assess(what, evidence(a=[finding]) if finding else Evidence(), offset)


def planned(due: int = 5, *, keys: dict[str, Any] | None = None, **workload: Any) -> Case:
    """A case of one item answered no, with a plan."""
    asked = item(**{"plan_accepted": True, **(keys or {})})
    return case(asked, answers={"a": answer("no", plan=plan(due))}, workload=workload)


def before(what: Case, *waivers: dict[str, Any], plans: tuple[tuple[int, int], ...] = ()) -> Case:
    """The same where git or a run holds earlier waivers, and plans by the days on which they were made and due."""
    terms = tuple(read(Waiver, one) for one in waivers)
    made = tuple(Planned(TODAY + timedelta(days=on), TODAY + timedelta(days=due)) for on, due in plans)
    return recalling(what, Formerly(terms, {"c/a": made}, terms, known=True))


def at(offset: int, what: Case) -> Callable[[], Evaluation]:
    """The same, so many days later."""
    return lambda: assess(what, offset=offset)


VOTED = case(
    item(evidence="optional", checks=[check(paths=["a"])]),
    item("b", risk="medium"),
    answers={"a": answer(evidence=[{"title": "drill", "url": "https://example.com/drill"}]), "b": answer()},
    policy={"sign_offs": ["service-owner", "operations"]},
)
BOUND = case(
    item(evidence="optional", checks=[check(paths=["a"])]),
    item("b", risk="medium"),
    answers={"a": answer(evidence=[{"title": "drill", "url": "https://example.com/drill"}]), "b": answer()},
    policy={"sign_offs": ["service-owner", "operations"], "binds": "artifact"},
)
MET = evidence(a=[found("met")])


def voted(
    *votes: tuple[str, ...],
    then: Callable[[Case], Case] = lambda case: case,
    found: Evidence = MET,
    of: Case = VOTED,
    by: dict[str, str] | None = None,
    **keys: Any,
) -> Callable[[], Evaluation]:
    """Votes on an assessment, and the assessment after something happened to it."""

    def assessed() -> Evaluation:
        digest = assess(of, MET).digest
        sign_offs = [{**sign_off(role, vote, digest, (by or {}).get(role)), **keys} for role, vote in votes]
        review = case(item(), sign_offs=sign_offs).review.sign_offs
        return assess(then(replace(of, review=replace(of.review, sign_offs=review))), found)

    return assessed


BOTH = (("service-owner", "go"), ("operations", "go"))


def answered(name: str, **changes: Any) -> Callable[[Case], Case]:
    """Change an answer."""

    def change(before: Case) -> Case:
        answers = dict(before.review.answers)
        answers[f"c/{name}"] = case(item(), answers={name: answer(**changes)}).review.answers[f"c/{name}"]
        return replace(before, review=replace(before.review, answers=answers))

    return change


def policy(**changes: Any) -> Callable[[Case], Case]:
    """Change the policy."""
    return lambda before: replace(before, rules=replace(before.rules, policy=(replace(before.policy, **changes),)))


def agreed_to(mark: str | None, known: str | None, **answered: Any) -> Case:
    """A case of one item that does not apply, where git or a run holds to which answer somebody agreed."""
    held = (Agreement("workload", "c/a", "ana", known),) if known else ()
    what = one("not-applicable", **({"agreed_to": mark} if mark else {}), **answered)
    return recalling(what, Formerly(known=True, objections=Objections(agreements=held)))


_AGREED = one("not-applicable").review.answers["c/a"].mark

_ANSWERS = _rows(
    "What people answer",
    ("Everything that applies is met", one(), GO),
    ("Nobody answered", case(item()), f"no-go: {NOT_KNOWN}"),
    (
        "Nobody answered an item of medium risk",
        case(item(risk="medium"), item("b"), answers={"b": answer()}),
        f"{CONDITIONAL}: {NOT_KNOWN}",
    ),
    ("Nobody answered an item of low risk", case(item(risk="low"), item("b"), answers={"b": answer()}), GO),
    ("Answered no", one("no"), f"no-go: {MISSING}"),
    ("Answered no, medium risk", one("no", keys={"risk": "medium"}), f"{CONDITIONAL}: {MISSING}"),
    ("Answered no, low risk and blocking", one("no", keys={"risk": "low", "blocking": True}), f"no-go: {MISSING}"),
    ("Answered partial", one("partial"), f"no-go: {MISSING}"),
    (
        "Three answered no, five not at all",
        case(*(item(f"i{n}") for n in range(8)), answers={f"i{n}": answer("no") for n in range(3)}),
        "no-go: 3 known to be missing, 5 not known",
    ),
    ("Answered yes for a day that has not come", one(on=day(1)), f"no-go: {NOT_KNOWN}"),
    ("Answered not applicable, and another person agrees", one("not-applicable"), GO),
    (
        "Another person agreed that it does not apply, for another reason",
        agreed_to("0" * 12, None),
        f"no-go: {NOT_KNOWN}",
    ),
    ("Another person agreed, and nothing tells to which answer", agreed_to(None, None), GO),
    (
        "Another person agreed to another answer, as git or a run holds it",
        agreed_to(None, "0" * 12),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "Another person agreed for another reason, as git or a run holds it, and anew since",
        agreed_to(_AGREED, "0" * 12),
        GO,
    ),
    ("Answered not applicable, and nobody else agrees", one("not-applicable", approved_by=None), f"no-go: {NOT_KNOWN}"),
    (
        "Answered not applicable, and the same person agrees",
        one("not-applicable", approved_by="WEI"),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "Answered not applicable, low risk, and nobody else agrees",
        one("not-applicable", approved_by=None, keys={"risk": "low"}),
        GO,
    ),
    (
        "Everything was answered not applicable",
        case(item(), answers={"a": answer("not-applicable")}),
        "no-go: nothing was assessed",
    ),
    (
        "An item that only the owner team can answer was answered by the team",
        case(item(scope="team"), team={"a": answer()}),
        GO,
    ),
    (
        "An item that the workload has to answer was answered by the team only",
        case(item(), team={"a": answer()}),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "The team answered yes and the workload no",
        case(item(scope="team"), team={"a": answer()}, answers={"a": answer("no")}),
        f"no-go: {MISSING}",
    ),
    (
        "The team answered no and the workload yes, which is flagged",
        case(item(scope="team"), team={"a": answer("no")}, answers={"a": answer()}),
        GO,
    ),
)

_DOUBT = {"by": "bo", "on": day(0), "why": "it was another system"}


def doubted(reply: str = "yes", *, keys: dict[str, Any] | None = None, **lift: Any) -> Case:
    """A case of one item with a challenged answer, beside one that is met."""
    lifted = {"lifted": {"on": day(0), "why": "seen", **lift}} if lift else {}
    return one(reply, keys=keys, challenged={**_DOUBT, **lifted}, **({"plan": plan()} if keys else {}))


def former_doubts(what: Case, lift: dict[str, Any] | None = None) -> Case:
    """The same where git or a run holds a challenge of the answer of an item."""
    lifts = (read(Lifted, lift),) if lift else ()
    doubt = Doubt("workload", "c/a", read(Challenge, _DOUBT), ("wei",), lifts)
    return recalling(what, Formerly(known=True, objections=Objections((doubt,))))


def unlike(lift: dict[str, Any] | None = None, **answered: Any) -> Case:
    """A case of one item whose answer was challenged once, beside one that is met."""
    return former_doubts(one(**answered), lift)


_CHALLENGES = _rows(
    "Challenged answers",
    ("A yes is challenged", doubted(), f"no-go: {NOT_KNOWN}"),
    ("A partial is challenged", doubted("partial"), f"no-go: {NOT_KNOWN}"),
    (
        "A partial with a plan that covers it is challenged",
        doubted("partial", keys={"plan_accepted": True}),
        f"no-go: {NOT_KNOWN}",
    ),
    ("A not applicable is challenged", doubted("not-applicable"), f"no-go: {NOT_KNOWN}"),
    ("A no is challenged", doubted("no"), f"no-go: {MISSING}"),
    ("The challenger lifted the challenge", doubted(by="bo"), GO),
    ("Another person lifted the challenge", doubted(by="ana"), GO),
    ("Who answered lifted the challenge", doubted(by="wei"), f"no-go: {NOT_KNOWN}"),
    ("The challenge was lifted for tomorrow", doubted(by="ana", on=day(1)), f"no-go: {NOT_KNOWN}"),
    ("The challenge was lifted the day before it was raised", doubted(by="ana", on=day(-1)), f"no-go: {NOT_KNOWN}"),
    (
        "A challenge bears a day that has not come",
        one(challenged={**_DOUBT, "on": day(5)}),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "A challenged answer was withdrawn, and checks decide",
        lambda: assess(
            case(
                item(checks=[check(paths=["a"])]),
                item("b"),
                answers={"a": answer(None, challenged=_DOUBT), "b": answer()},
            ),
            evidence(a=[found("met")]),
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "The answer that a workload inherits from its team is challenged",
        case(item(scope="team"), item("b"), team={"a": answer(challenged=_DOUBT)}, answers={"b": answer()}),
        f"no-go: {NOT_KNOWN}",
    ),
    ("A challenge was taken out of the answer, and git or a run holds it", unlike(), f"no-go: {NOT_KNOWN}"),
    ("The same, and another person answers by now", unlike(by="li"), f"no-go: {NOT_KNOWN}"),
    (
        "A challenged answer was taken out, checks decide, and git or a run holds the challenge",
        lambda: assess(
            former_doubts(case(item(checks=[check(paths=["a"])]), item("b"), answers={"b": answer()})),
            evidence(a=[found("met")]),
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "The workload's own challenged answer was taken out, so that it inherits another",
        former_doubts(case(item(scope="team"), item("b"), team={"a": answer()}, answers={"b": answer()})),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "A challenge was taken out of the answer after it was lifted, as git or a run holds it",
        unlike(lift={"by": "ana", "on": day(0), "why": "seen"}),
        GO,
    ),
    (
        "Who answered before somebody else did lifted the challenge, as git or a run holds it",
        former_doubts(one(by="li", challenged={**_DOUBT, "lifted": {"by": "wei", "on": day(0), "why": "seen"}})),
        f"no-go: {NOT_KNOWN}",
    ),
)

_CHECKS = _rows(
    "What checks find",
    ("A check is met", checked(found("met")), GO),
    ("A check is met, and nobody answered", checked(found("met"), reply=None), GO),
    ("A check is not met beside a yes", checked(found("not-met")), f"no-go: {MISSING}"),
    ("A check is partial beside a yes", checked(found("partial")), f"no-go: {MISSING}"),
    ("A check is unknown: no data, no permission, or it crashed", checked(found("unknown")), f"no-go: {NOT_KNOWN}"),
    ("A check did not run", checked(None, reply=None), f"no-go: {NOT_KNOWN}"),
    ("A check is met beside a no", checked(found("met"), reply="no"), f"no-go: {MISSING}"),
    ("What a check found holds until today", checked(found("met", holds=0)), GO),
    ("What a check found held until yesterday", checked(found("met", holds=0), offset=1), f"no-go: {NOT_KNOWN}"),
    (
        "A check is not met beside not applicable",
        checked(found("not-met"), reply="not-applicable"),
        f"no-go: {MISSING}",
    ),
    (
        "One of two checks is unknown",
        lambda: assess(
            case(item(checks=[check(paths=["a"]), check(paths=["b"])])), evidence(a=[found("met"), found("unknown")])
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    ("Of several sources one proves, the other finds nothing", any_of(found("met"), nothing()), GO),
    (
        "Of several sources one proves, the other finds something wrong",
        any_of(found("met"), found("not-met")),
        f"no-go: {MISSING}",
    ),
    (
        "Of several sources one proves, the other fails though it is set up",
        any_of(found("met"), found("unknown")),
        f"no-go: {NOT_KNOWN}",
    ),
    ("Of several sources one finds nothing, the other fails", any_of(nothing(), found("unknown")), f"no-go: {MISSING}"),
    ("Of several sources none finds anything", any_of(nothing(), nothing()), f"no-go: {MISSING}"),
)

_LINK = {"title": "drill", "url": "https://example.com/drill"}
_PROOF = {"evidence": "required"}
_EVIDENCE = _rows(
    "Evidence and age",
    ("The evidence that is asked for is missing", one(keys=_PROOF), f"no-go: {NOT_KNOWN}"),
    ("The evidence that is asked for is a link", one(keys=_PROOF, evidence=[_LINK]), GO),
    (
        "The evidence that is asked for is a title alone",
        one(keys=_PROOF, evidence=[{"title": "drill"}]),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "A file of evidence is gone, or not what it was",
        lambda: assess(one(keys=_PROOF, evidence=[_LINK]), evidence(missing={"a": 1})),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "A file of evidence is empty, a folder, or a file of the review itself",
        lambda: assess(
            one(keys=_PROOF, evidence=[{"title": "drill", "path": "drill.md"}]), Evidence(hollow={"c/a": (gone(),)})
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    ("Evidence expires today", one(evidence=[{**_LINK, "expires": day(0)}]), GO),
    ("Evidence expired yesterday", one(evidence=[{**_LINK, "expires": day(-1)}]), f"no-go: {NOT_KNOWN}"),
    ("An answer is as old as the item allows", one(on=day(-10), keys={"valid_for": "10d"}), GO),
    (
        "An answer is a day older than the item allows",
        one(on=day(-11), keys={"valid_for": "10d"}),
        f"no-go: {NOT_KNOWN}",
    ),
)

_PLANS = _rows(
    "What a plan covers",
    ("A plan is due before the launch", planned(launch=day(30)), f"{CONDITIONAL}: {MISSING}"),
    ("A plan is due after the launch", planned(40, launch=day(30)), f"{CONDITIONAL}: {MISSING}"),
    ("A plan is due today", planned(0), f"{CONDITIONAL}: {MISSING}"),
    ("A plan was due yesterday", at(6, planned(5)), f"no-go: {MISSING}"),
    ("The item accepts no plan", planned(keys={"plan_accepted": False}), f"no-go: {MISSING}"),
    ("A plan is due later than `plan_max_days`", planned(91), f"no-go: {MISSING}"),
    (
        "A plan covers an item that nobody answered",
        case(item(plan_accepted=True), answers={"a": answer(None, plan=plan())}),
        f"{CONDITIONAL}: {NOT_KNOWN}",
    ),
    ("The workload is live", planned(live_since=day(-3)), f"no-go: {MISSING}"),
    ("The launch is past, and `live_since` was not written", planned(launch=day(-1)), f"no-go: {MISSING}"),
    ("The launch is today", planned(launch=day(0)), f"{CONDITIONAL}: {MISSING}"),
    (
        "A plan took the place of others, and is due within `plan_max_days` of the day on which the first was made",
        before(planned(5), plans=((-80, -40), (-40, 0))),
        f"{CONDITIONAL}: {MISSING}",
    ),
    (
        "A plan took the place of others, and is due later than that",
        before(planned(11), plans=((-80, -40), (-40, 0))),
        f"no-go: {MISSING}",
    ),
    (
        "A plan is the first for longer than `plan_max_days`",
        before(planned(11), plans=((-180, -91),)),
        f"{CONDITIONAL}: {MISSING}",
    ),
)

_WAIVERS = _rows(
    "What a waiver covers",
    ("A waiver is active", open_one(waiver("c/a")), f"{CONDITIONAL}: {MISSING}"),
    ("A waiver ends today", open_one(waiver("c/a", expires=0)), f"{CONDITIONAL}: {MISSING}"),
    ("A waiver ended yesterday", open_one(waiver("c/a", approved=-9, expires=-1)), f"no-go: {MISSING}"),
    ("Nobody approved a waiver", open_one(waiver("c/a", approved=None)), f"no-go: {MISSING}"),
    ("Who asked for a waiver approved it", open_one(waiver("c/a", approved_by="wei")), f"no-go: {MISSING}"),
    (
        "Somebody of an alike name approved it: Núñez and Nunez",
        open_one(waiver("c/a", requested_by="Eva Núñez", approved_by="eva.nunez@example.com")),
        f"no-go: {MISSING}",
    ),
    (
        "Who asked for a waiver approved it, family name first: Wei Chen and Chen Wei",
        open_one(waiver("c/a", requested_by="wei.chen", approved_by="Chen Wei")),
        f"no-go: {MISSING}",
    ),
    ("A waiver was approved for tomorrow", open_one(waiver("c/a", approved=1)), f"no-go: {MISSING}"),
    ("A waiver is longer than `waiver_max_days`", open_one(waiver("c/a", expires=90)), f"no-go: {MISSING}"),
    ("A waiver was revoked", open_one(waiver("c/a", revoked_on=day(0))), f"no-go: {MISSING}"),
    ("The item cannot be waived", open_one(waiver("c/a"), keys={"waivable": False}), f"no-go: {MISSING}"),
    ("A waiver names another item", open_one(waiver("c/b")), f"no-go: {MISSING}"),
    (
        "A waiver was approved while the item was unanswered, and then came a no",
        open_one(waiver("c/a", states={"c/a": "unanswered"})),
        f"no-go: {MISSING}",
    ),
    (
        "A waiver was approved on a no, and then came a partial",
        case(item(), answers={"a": answer("partial")}, waivers=[waiver("c/a")]),
        f"{CONDITIONAL}: {MISSING}",
    ),
    ("A waiver does not say on which state it was approved", open_one(waiver("c/a", states={})), f"no-go: {MISSING}"),
    (
        "Two waivers in a row by one approver are longer than `waiver_max_days`, and the first still runs",
        open_one(
            waiver("c/a", approved=-80, expires=0),
            waiver("c/a", name="W-2", expires=80),
        ),
        f"{CONDITIONAL}: {MISSING}",
    ),
    (
        "Two waivers in a row by one approver are longer than `waiver_max_days`, and the first ended yesterday",
        at(1, open_one(waiver("c/a", approved=-80, expires=0), waiver("c/a", name="W-2", expires=80))),
        f"no-go: {MISSING}",
    ),
    (
        "The first of two such waivers was revoked on its last day",
        open_one(
            waiver("c/a", approved=-80, expires=-1, revoked_on=day(-1)),
            waiver("c/a", name="W-2", approved=0, expires=80),
        ),
        f"no-go: {MISSING}",
    ),
    (
        "Two waivers in a row are longer than `waiver_max_days`, and another person approved the second",
        at(
            1, open_one(waiver("c/a", approved=-80, expires=0), waiver("c/a", name="W-2", expires=80, approved_by="bo"))
        ),
        f"{CONDITIONAL}: {MISSING}",
    ),
    (
        "The first of two such waivers was taken out of the review, and git or a run holds it",
        before(
            open_one(waiver("c/a", name="W-2", expires=80)),
            waiver("c/a", approved=-80, expires=-1),
        ),
        f"no-go: {MISSING}",
    ),
    (
        "The first was taken out, and another person approved the second",
        before(
            open_one(waiver("c/a", name="W-2", expires=80, approved_by="bo")),
            waiver("c/a", approved=-80, expires=-1),
        ),
        f"{CONDITIONAL}: {MISSING}",
    ),
    (
        "A waiver ends later than it did when it was approved, as git or a run holds it",
        before(open_one(waiver("c/a", expires=80)), waiver("c/a", expires=40)),
        f"no-go: {MISSING}",
    ),
    (
        "A waiver was revoked, as git or a run holds it, and the review says so no more",
        before(open_one(waiver("c/a")), waiver("c/a", revoked_on=day(-1))),
        f"no-go: {MISSING}",
    ),
    (
        "A waiver was approved on a milder state than it says now, as git or a run holds it",
        before(open_one(waiver("c/a")), waiver("c/a", states={"c/a": "unanswered"})),
        f"no-go: {MISSING}",
    ),
    (
        "A waiver names an item that it did not name when it was approved",
        before(open_one(waiver("c/a", "c/b")), waiver("c/b")),
        f"no-go: {MISSING}",
    ),
    (
        "Git holds the waiver itself, with a later end",
        before(open_one(waiver("c/a", expires=80)), waiver("c/a", expires=85)),
        f"{CONDITIONAL}: {MISSING}",
    ),
    (
        "The first of two waivers in a row was longer than the policy allows by now",
        open_one(waiver("c/a", approved=-200, expires=-1), waiver("c/a", name="W-2", expires=9)),
        f"no-go: {MISSING}",
    ),
)

_SECTION = choices("x", "y", rules=[("x && y", "none"), ("default", "high")])
_APPLIES = _rows(
    "What applies",
    ("An item is for other tags", case(item(when={"tags": ["public"]}), item("b"), answers={"b": answer()}), GO),
    (
        "The policy asks core questions only, and an item is none",
        case(item(), item("b", core=True), answers={"b": answer()}, policy={"items": "core"}),
        GO,
    ),
    (
        "The policy asks core questions only, and one is open",
        case(item(core=True), item("b"), answers={"b": answer()}, policy={"items": "core"}),
        "no-go: 1 not known",
    ),
    ("An item is for another occasion", case(item(occasions=["recurring"]), item("b"), answers={"b": answer()}), GO),
    (
        "`enforce_from` has not come, and the workload is live",
        case(
            item(enforce_from=day(9)),
            item("b"),
            answers={"b": answer()},
            workload={"live_since": day(-9)},
            occasion="recurring",
        ),
        GO,
    ),
    (
        "`enforce_from` has not come, before the launch",
        case(item(enforce_from=day(9)), item("b"), answers={"b": answer()}),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "`enforce_from` has not come, and a live workload launches anew",
        case(
            item(enforce_from=day(9)),
            item("b"),
            answers={"b": answer()},
            workload={"live_since": day(-9), "launch": day(9)},
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    (
        "`enforce_from` is today, and the workload is live",
        case(
            item(enforce_from=day(0)),
            item("b"),
            answers={"b": answer()},
            workload={"live_since": day(-9)},
            occasion="recurring",
        ),
        f"no-go: {NOT_KNOWN}",
    ),
    ("Every item was left out", case(item(when={"tags": ["public"]})), "no-go: nothing was assessed"),
    (
        "A section whose rule says high",
        case(sections=[_SECTION], answers={"x": answer(), "y": answer("no")}),
        f"no-go: {MISSING}",
    ),
    ("A section whose rule says none", case(sections=[_SECTION], answers={"x": answer(), "y": answer()}), GO),
    (
        "A section whose rule hangs on a choice that nobody answered",
        case(sections=[_SECTION], answers={"x": answer()}),
        f"no-go: {MISSING}",
    ),
)

# What an outage of it means, of which an hour costs 20000 EUR: tier 2.
IMPACT: dict[str, Any] = {
    "outage_cost": "20k EUR",
    "users": 0,
    "teams": 0,
    "data": "public",
    "safety": False,
    "legal": False,
    "availability": "90%",
    "rto": "7d",
    "rpo": "7d",
}


def excepted(**changes: Any) -> dict[str, Any]:
    """A workload of tier 2 with an exception that lets it count as tier 3 from yesterday on for 31 days."""
    said = {"tier": 3, "instead_of": 2, "reason": "it moves", "requested_by": "wei", "expires": day(30)}
    return {"impact": IMPACT, "tier_exception": {**said, "approved_by": "ana", "on": day(-1), **changes}}


def tiered(workload: dict[str, Any], **assigned: int) -> Case:
    """A case of one item answered no, which stops tiers 1 and 2 and conditions 3 and 4."""
    policy = (
        PolicyRow(tiers=(1, 2), no_go=(Risk.HIGH,), waiver_max_days=90),
        PolicyRow(tiers=(3, 4), no_go=(), conditional=(Risk.HIGH,), waiver_max_days=180),
    )
    rules = TierRules(policy, assigned=assigned)
    return case(item(), answers={"a": answer("no")}, workload=workload, rules=rules)


def former_exception() -> dict[str, Any]:
    """An exception that ended yesterday, as a waiver."""
    return waiver("tier_exception", name="tier_exception", approved=-80, expires=-1)


def spared() -> Case:
    """A case of tier 2 whose exception spares it one of two checklists; the other is answered yes."""
    policy = (
        PolicyRow(tiers=(1, 2), checklists=("c", "d")),
        PolicyRow(tiers=(3, 4), checklists=("c",)),
    )
    made = case(item(), answers={"a": answer()}, workload={**excepted(), "checklists": ["c"]}, rules=TierRules(policy))
    return held_to(replace(made, day=TODAY), checklist(item()), checklist(item(), name="d"))


_TIERS = _rows(
    "What tier counts",
    ("A no, which no-go follows for tiers 1 and 2 only, and nothing gives a tier", tiered({}), f"no-go: {MISSING}"),
    ("The same, and workload.yaml claims tier 4", tiered({"tier": 4}), f"no-go: {MISSING}"),
    ("The same of a live workload", tiered({"tier": 4, "live_since": day(-9)}), f"no-go: {MISSING}"),
    ("The same, and orr.yaml assigns tier 4", tiered({}, shop=4), f"{CONDITIONAL}: {MISSING}"),
    ("orr.yaml assigns tier 4, and workload.yaml claims tier 1", tiered({"tier": 1}, shop=4), f"no-go: {MISSING}"),
    ("orr.yaml assigns tier 1, and workload.yaml claims tier 4", tiered({"tier": 4}, shop=1), f"no-go: {MISSING}"),
    ("The impact gives tier 4", tiered({"impact": IMPACT | {"outage_cost": "0 EUR"}}), f"{CONDITIONAL}: {MISSING}"),
    ("The impact gives tier 4, and a line of it is left out", tiered({"impact": IMPACT | {"outage_cost": None}}),
     f"no-go: {MISSING}"),
    ("The impact is in a currency that the table does not have", tiered({"impact": IMPACT | {"outage_cost": "0 XTS"}}),
     f"no-go: {MISSING}"),
    ("The impact gives tier 2, and workload.yaml claims tier 3", tiered({"impact": IMPACT, "tier": 3}),
     f"no-go: {MISSING}"),
    ("An exception of tier 3 is approved", tiered(excepted()), f"{CONDITIONAL}: {MISSING}"),
    ("An exception ends today", at(30, tiered(excepted())), f"{CONDITIONAL}: {MISSING}"),
    ("An exception ended yesterday", at(31, tiered(excepted())), f"no-go: {MISSING}"),
    ("Nobody approved an exception", tiered(excepted(approved_by=None)), f"no-go: {MISSING}"),
    ("Who asked for an exception approved it", tiered(excepted(approved_by="wei")), f"no-go: {MISSING}"),
    ("An exception is longer than the derived tier's `waiver_max_days`", tiered(excepted(expires=day(100))),
     f"no-go: {MISSING}"),
    ("An exception was approved in place of tier 3, and tier 2 is derived",
     tiered(excepted(instead_of=3, tier=4)), f"no-go: {MISSING}"),
    ("An exception took the place of another by the same approver, together longer than that",
     before(tiered(excepted()), former_exception()), f"no-go: {MISSING}"),
    ("The same, and another person approved the second exception",
     before(tiered(excepted(approved_by="bo")), former_exception()), f"{CONDITIONAL}: {MISSING}"),
    ("An exception spares a checklist that the derived tier requires", spared(), GO),
    ("The same on the day after its end", at(31, spared()), f"no-go: {MISSING}"),
)  # fmt: skip


def objected(digest: str | None = None, by: str = "li") -> Callable[[Case], Case]:
    """Let git or a run hold a vote for no-go of one of the roles."""

    def change(before: Case) -> Case:
        last = before.review.sign_offs[0]
        vote = replace(last, by=by, vote=Vote.NO_GO, digest=digest or last.digest)
        return recalling(before, Formerly(known=True, objections=Objections(votes=(vote,))))

    return change


_VOTES = _rows(
    "What votes count",
    ("Nobody voted", voted(), GO, "pending"),
    ("Every role voted go", voted(*BOTH), GO, "go"),
    ("One of two roles voted go", voted(BOTH[0]), GO, "pending"),
    ("One role voted no-go", voted(BOTH[0], ("operations", "no-go")), GO, "no-go"),
    ("A role that is not asked voted go", voted(BOTH[0], ("sales", "go")), GO, "pending"),
    ("A vote for go names a day that has not come", voted(*BOTH, on=day(1)), GO, "pending"),
    ("A vote for no-go names a day that has not come", voted(("operations", "no-go"), on=day(1)), GO, "no-go"),
    ("A vote for no-go was taken out, and git or a run holds it", voted(*BOTH, then=objected()), GO, "no-go"),
    ("The same, on another assessment", voted(*BOTH, then=objected("sha256:" + "1" * 64)), GO, "go"),
    ("The same, and its voter voted go since", voted(*BOTH, then=objected(by="bo")), GO, "go"),
    ("One person voted go for both roles", voted(*BOTH, by={"operations": "bo"}), GO, "pending"),
    ("One person voted go for both roles, in two spellings",
     voted(*BOTH, by={"service-owner": "Jürgen Müller", "operations": "juergen.mueller"}), GO, "pending"),
    ("One person voted go for both roles where the policy allows it",
     voted(*BOTH, by={"operations": "bo"}, of=policy(distinct=False)(VOTED)), GO, "go"),
    ("A vote is on another assessment", voted(*BOTH, digest="sha256:" + "1" * 64), GO, "pending"),
    ("An answer became worse after the votes", voted(*BOTH, then=answered("b", reply="partial")),
     f"{CONDITIONAL}: {MISSING}", "pending"),
    ("An answer's note was rewritten after the votes", voted(*BOTH, then=answered("b", note="it corrupts the store")),
     GO, "pending"),
    ("An answer was given anew by another person after the votes", voted(*BOTH, then=answered("b", by="li")),
     GO, "pending"),
    ("A check came out otherwise after the votes", voted(*BOTH, found=evidence(a=[found("partial")])),
     f"no-go: {MISSING}", "pending"),
    ("A check ran again with the same outcome after the votes", voted(*BOTH, found=evidence(a=[found("met")])),
     GO, "go"),
    ("A file of evidence went missing after the votes",
     voted(*BOTH, found=replace(MET, missing={"c/a": (gone(),)})), f"no-go: {NOT_KNOWN}", "pending"),
    ("The policy became milder after the votes", voted(*BOTH, then=policy(waiver_max_days=400)), GO, "pending"),
    ("Every role voted go on a no-go",
     voted(*BOTH, of=case(item(), policy={"sign_offs": ["service-owner", "operations"]})), f"no-go: {NOT_KNOWN}",
     "no-go"),
)  # fmt: skip


def asked(*, waivers: Any = (), answers: Any = (), policy: Any = None, second: Any = None, **workload: Any) -> Case:
    """A case in a workspace of two required checklists and an optional one, all of which are answered yes."""
    said = {"a/a": answer(), "b/a": answer(), "spare/a": answer(), **dict(answers)}
    made = case(answers=said, waivers=waivers, workload=workload, policy=policy, checklists=())
    optional = replace(checklist(item(), name="spare"), required=False)
    return held_to(made, checklist(item(), name="a"), checklist(second or item(), name="b"), optional)


def former_leave() -> dict[str, Any]:
    """A leave to go without the second checklist that ended yesterday, as a waiver."""
    return waiver("b/asked", name="L-1", approved=-80, expires=-1)


_REQUIRED = _rows(
    "Required checklists",
    ("The workload names no checklists", asked(), GO),
    ("A required checklist is not asked", asked(checklists=["a"]), f"no-go: {MISSING}"),
    ("A required checklist is not asked, and a waiver names it",
     asked(checklists=["a"], waivers=[waiver("b/asked")]), f"no-go: {MISSING}"),
    ("A required checklist is not asked, and somebody answered that it is",
     asked(checklists=["a"], answers={"b/asked": answer()}), f"no-go: {MISSING}"),
    ("A required checklist is not asked, and somebody answered that it does not apply",
     asked(checklists=["a"], answers={"b/asked": answer("not-applicable")}), f"no-go: {MISSING}"),
    ("Only an optional checklist is asked", asked(checklists=["spare"]), "no-go: 2 known to be missing"),
    ("No checklist is asked", asked(checklists=[]), "no-go: 2 known to be missing"),
    ("No item of the required checklist that is not asked applies",
     asked(checklists=["a"], second=item(when={"tier": 4})), GO),
    ("The policy requires a checklist that calls itself optional",
     asked(checklists=["a", "b"], policy={"checklists": ["spare"]}), f"no-go: {MISSING}"),
    ("The policy does not require the checklist that is not asked",
     asked(checklists=["a"], policy={"checklists": ["a"]}), GO),
    ("A required checklist is left out with leave", asked(leave_out={"b": leave()}), GO),
    ("A leave that its requester approved", asked(leave_out={"b": leave(approved_by="WEI")}), f"no-go: {MISSING}"),
    ("A leave that begins tomorrow", asked(leave_out={"b": leave(approved=1)}), f"no-go: {MISSING}"),
    ("A leave on its last day", asked(leave_out={"b": leave(expires=0)}), GO),
    ("A leave the day after its last", at(1, asked(leave_out={"b": leave(expires=0)})), f"no-go: {MISSING}"),
    ("A leave as long as the policy allows", asked(leave_out={"b": leave(expires=89)}), GO),
    ("A leave a day too long", asked(leave_out={"b": leave(expires=90)}), f"no-go: {MISSING}"),
    ("A leave took the place of another by the same approver, together longer than the policy allows",
     before(asked(leave_out={"b": leave()}), former_leave()), f"no-go: {MISSING}"),
    ("A leave took the place of another, and another person approved the second",
     before(asked(leave_out={"b": leave(approved_by="bo")}), former_leave()), GO),
    ("Every required checklist is left out with leave", asked(leave_out={"a": leave(), "b": leave()}),
     "no-go: nothing was assessed"),
)  # fmt: skip

SHOP = {"commit": "42cd0e1f", "images": ["shop@sha256:" + "1" * 64], "version": "2.4.1", "environment": "production"}


def released(
    *subjects: tuple[str, str],
    outcome: str = "met",
    demand: Any = (),
    to: Any = SHOP,
    **answered: Any,
) -> Callable[[], Evaluation]:
    """A case of one checked item about a release, whose evidence names subjects."""
    named = [Subject(SubjectKind(kind), value, "scan.sarif") for kind, value in subjects]
    asked = item(checks=[check(paths=["a"])], subject=demand)
    answers = {"a": answer(**answered)} if answered else {}
    return lambda: assess(case(asked, answers=answers, release=to), evidence(a=[found(outcome, subjects=named)]))


def soft(*subjects: tuple[str, str], to: Any) -> Callable[[], Evaluation]:
    """A case of an item that demands an artifact where the release gives one, as shipped checklists do."""
    named = [Subject(SubjectKind(kind), value, "scan.sarif") for kind, value in subjects]
    asked = item(checks=[check(paths=["a"])], subject_if_released="artifact", answered_by="both")
    made = case(asked, answers={"a": answer()}, release=to)
    return lambda: assess(made, evidence(a=[found("met", subjects=named)]))


def said(**keys: Any) -> Case:
    """A case about a release of one item that a person answered."""
    return case(item(**keys.pop("keys", {})), answers={"a": answer(**keys)}, release=SHOP)


_OTHER, _OURS = ("commit", "41ab0e1"), ("commit", "42cd0e1")
_STAGING = ("environment", "staging")
_RELEASES = _rows(
    "What a release binds",
    ("Evidence names the commit of the release", released(_OURS), GO),
    ("Evidence names another commit", released(_OTHER), f"no-go: {NOT_KNOWN}"),
    ("Evidence names another commit, and a person answered yes", released(_OTHER, reply="yes"), f"no-go: {NOT_KNOWN}"),
    ("Evidence names another commit, and two people agree that it does not apply",
     released(_OTHER, reply="not-applicable"), f"no-go: {NOT_KNOWN}"),
    ("Evidence of another commit is not met", released(_OTHER, outcome="not-met"), f"no-go: {MISSING}"),
    ("Evidence names another commit, and no release is given", released(_OTHER, to=None), GO),
    ("Evidence names another commit, and the release gives a version only", released(_OTHER, to={"version": "2"}), GO),
    ("Evidence names a branch as its commit", released(("commit", "main")), f"no-go: {NOT_KNOWN}"),
    ("Evidence names another image", released(("image", "shop@sha256:" + "2" * 64)), f"no-go: {NOT_KNOWN}"),
    ("Evidence names another environment", released(_STAGING), f"no-go: {NOT_KNOWN}"),
    ("Evidence names no subject", released(), GO),
    ("Evidence names no artifact where the item demands one", released(demand="artifact"), f"no-go: {NOT_KNOWN}"),
    ("Evidence names the version alone where the item demands an artifact",
     released(("version", "2.4.1"), demand="artifact"), f"no-go: {NOT_KNOWN}"),
    ("Evidence names the commit where the item demands an artifact", released(_OURS, demand="artifact"), GO),
    ("An item demands an artifact, and no release is given", released(_OURS, demand="artifact", to=None),
     f"no-go: {NOT_KNOWN}"),
    ("An item demands an environment that the release does not give",
     released(("environment", "production"), demand="environment", to={"commit": "42cd0e1"}), f"no-go: {NOT_KNOWN}"),
    ("An item demands the artifact of a release, and no release is given", soft(to=None), GO),
    ("An item demands the artifact of a release, which gives a version only", soft(to={"version": "2"}), GO),
    ("An item demands the artifact of a release, and evidence names none", soft(to=SHOP), f"no-go: {NOT_KNOWN}"),
    ("An item demands the artifact of a release, and evidence names the commit", soft(_OURS, to=SHOP), GO),
    ("Answered yes on another commit", said(release={"commit": "41ab0e1"}), f"no-go: {NOT_KNOWN}"),
    ("Answered no on another commit", said(reply="no", release={"commit": "41ab0e1"}), f"no-go: {MISSING}"),
    ("Answered yes without a release where the item demands an artifact", said(keys={"subject": "artifact"}),
     f"no-go: {NOT_KNOWN}"),
    ("A plan was made for another commit",
     case(item(plan_accepted=True), answers={"a": answer(None, plan=plan(), release={"commit": "41ab0e1"})},
          release=SHOP), f"no-go: {NOT_KNOWN}"),
    ("Another commit is released after the votes",
     voted(*BOTH, then=lambda case: replace(case, given=Release(commit="41ab0e1"))), GO, GO),
    ("Another commit is released after the votes, and the policy `binds: artifact`",
     voted(*BOTH, of=BOUND, then=lambda case: replace(case, given=Release(commit="41ab0e1"))), GO, "pending"),
    ("The policy said `binds: artifact` when the votes were given, and does no more",
     voted(*BOTH, of=BOUND, then=lambda case: replace(VOTED, review=case.review)), GO, "pending"),
)  # fmt: skip


def required(what: Case) -> Case:
    """The same where the policy asks for signatures."""
    rows = what.rules.policy or (PolicyRow(),)
    rules = replace(what.rules, policy=tuple(replace(row, signatures="required") for row in rows))
    return replace(what, rules=rules)


def proven(what: Case, *, known: bool = True, good: bool = True) -> Case:
    """The same where each signature that stands there was judged: it is good, it is not, or that is not known."""
    why = None if good else Unproven(say("rule.signature.revoked", by="ana", key="SHA256:"), known)
    found = {one.mark: Proof(one.statement, "", "SHA256:", why) for one in signed_in(what)}
    return replace(what, proofs=Proofs(found, {"mark": "ana"}))


BAD, UNKNOWN = partial(proven, good=False), partial(proven, good=False, known=False)
SIGNED = required(VOTED)


def lifted(**keys: Any) -> Case:
    return required(doubted(by="ana", **keys))


def agreed(**keys: Any) -> Case:
    return required(one("not-applicable", approved_by="ana", **keys))


def lenient(**keys: Any) -> Case:
    return required(tiered(excepted(**keys)))


def spared_list(**keys: Any) -> Case:
    return required(asked(leave_out={"b": leave(**keys)}))


_SIGNATURES = _rows(
    "What signatures prove, where the policy requires them",
    ("Every role voted go, and signed", voted(*BOTH, of=SIGNED, then=proven, signature="S"), GO, "go"),
    ("Every role voted go, and nobody signed", voted(*BOTH, of=SIGNED), GO, "pending"),
    ("The votes are signed with a revoked key", voted(*BOTH, of=SIGNED, then=BAD, signature="S"), GO, "pending"),
    ("Whether the votes are signed cannot be told", voted(*BOTH, of=SIGNED, then=UNKNOWN, signature="S"), GO,
     "pending"),
    ("No file says whose keys count", voted(*BOTH, of=SIGNED, signature="S"), GO, "pending"),
    ("A vote for no-go is not signed", voted(BOTH[0], ("operations", "no-go"), of=SIGNED), GO, "no-go"),
    ("A signature does not count, and the policy requires none", voted(*BOTH, then=BAD, signature="S"), GO, "pending"),
    ("The policy required no signatures at the time of the votes", voted(*BOTH, then=required), GO, "pending"),
    ("A waiver's approval is signed", proven(required(open_one(waiver("c/a", signature="S")))),
     f"{CONDITIONAL}: {MISSING}"),
    ("A waiver's approval is not signed", proven(required(open_one(waiver("c/a")))), f"no-go: {MISSING}"),
    ("A waiver was altered after it was signed", BAD(required(open_one(waiver("c/a", signature="S")))),
     f"no-go: {MISSING}"),
    ("A leave is signed", proven(spared_list(signature="S")), GO),
    ("A leave is not signed", proven(spared_list()), f"no-go: {MISSING}"),
    ("Whether a leave is signed cannot be told", UNKNOWN(spared_list(signature="S")), f"no-go: {NOT_KNOWN}"),
    ("An exception of the tier is signed", proven(lenient(signature="S")), f"{CONDITIONAL}: {MISSING}"),
    ("An exception of the tier is not signed", proven(lenient()), f"no-go: {MISSING}"),
    ("The agreement that an item does not apply is signed", proven(agreed(signature="S")), GO),
    ("The agreement that an item does not apply is not signed", proven(agreed()), f"no-go: {NOT_KNOWN}"),
    ("The end of a challenge is signed", proven(lifted(signature="S")), GO),
    ("The end of a challenge is not signed", proven(lifted()), f"no-go: {NOT_KNOWN}"),
)  # fmt: skip


def recorded(days: int, now: Case, found_then: Evidence = MET, then: Case | None = None) -> Callable[[], Evaluation]:
    """The gate's look at a case, so many days after a run recorded what its checks found."""

    def assessed() -> Evaluation:
        run = to_json(assess(then or now, found_then), "en")
        return assess(now, evidence_of(run, TODAY + timedelta(days=days)), days)

    return assessed


def went(reply: str = "yes", **answered: Any) -> Case:
    """A case of one checked item and one that was answered so."""
    return case(item(checks=[check(paths=["a"])]), item("b", valid_for="30d"), answers={"b": answer(reply, **answered)})


_GATE = _rows(
    "What the gate lets pass",
    ("What was found at the run still holds", recorded(20, went()), GO),
    ("What was found at the run held until yesterday", recorded(6, went(), evidence(a=[found("met", holds=5)])),
     f"no-go: {NOT_KNOWN}"),
    ("What was found at the run holds until today", recorded(5, went(), evidence(a=[found("met", holds=5)])), GO),
    ("An answer lapsed after the run", recorded(31, went()), f"no-go: {NOT_KNOWN}"),
    ("An answer was taken back after the run", recorded(0, went("no"), then=went()), f"no-go: {MISSING}"),
    ("A waiver ended after the run",
     recorded(6, case(item(checks=[check(paths=["a"])]), item("b"), answers={"b": answer("no")},
                      waivers=[waiver("c/b", expires=5)])), f"no-go: {MISSING}"),
    ("A check was added to an item after the run",
     recorded(0, case(item(checks=[check(paths=["a"]), check(paths=["b"])]), item("b"), answers={"b": answer()}),
              then=went()), f"no-go: {NOT_KNOWN}"),
)  # fmt: skip


ROWS = (
    *_ANSWERS,
    *_CHALLENGES,
    *_CHECKS,
    *_EVIDENCE,
    *_PLANS,
    *_WAIVERS,
    *_APPLIES,
    *_REQUIRED,
    *_TIERS,
    *_RELEASES,
    *_VOTES,
    *_SIGNATURES,
    *_GATE,
)
"""All situations, by group."""
