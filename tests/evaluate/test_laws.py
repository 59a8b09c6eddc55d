"""Laws of the rule that hold for every case, whatever stands in it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support.builders import TODAY, answer, check, evidence, gone, item
from support.builders import case as make_case
from support.fuzzing import examples
from support.names import NAMES, respelled
from support.strategies import answers, around, cases, findings, past, waivers

from orr.evaluate import Case, Evaluation, Verdict, evaluate, reassess
from orr.evaluate.applies import was_left_out
from orr.evaluate.asked import recalling
from orr.evaluate.forecast import HORIZON_DAYS
from orr.evaluate.items import Assessor
from orr.evaluate.states import CLOSED, NOT_KNOWN, severity_of
from orr.evaluate.terms import Formerly, Planned
from orr.messages import LANGUAGES, Message, render
from orr.model.finding import Evidence, Finding, Outcome
from orr.model.review import Answer, Reply, Review, State, Waiver
from orr.model.validation import read

WORST_FIRST = tuple(Verdict)
# Not-applicable is apart: it leaves the counts. None is a plan without an answer, or no answer at all.
WORSE: dict[Reply | None, tuple[Reply | None, ...]] = {
    Reply.YES: (Reply.PARTIAL, Reply.NO, None),
    Reply.PARTIAL: (Reply.NO,),
    Reply.NO: (Reply.NO,),
    None: (Reply.NO,),
}
WORSE_OUTCOME = {
    Outcome.MET: (Outcome.PARTIAL, Outcome.UNKNOWN, Outcome.NOT_MET),
    Outcome.PARTIAL: (Outcome.UNKNOWN, Outcome.NOT_MET),
    Outcome.UNKNOWN: (Outcome.NOT_MET,),
    Outcome.NOT_MET: (Outcome.NOT_MET,),
}


def rank(verdict: Verdict) -> int:
    return WORST_FIRST.index(verdict)


def assess(case: Case, evidence: Evidence, offset: int = 0) -> Evaluation:
    return evaluate(case, evidence, TODAY + timedelta(days=offset))


def reviewed(case: Case, **changes: Any) -> Case:
    return replace(case, review=replace(case.review, **changes))


def answered(case: Case, name: str, answer: Answer | None) -> Case:
    answers = {key: value for key, value in case.review.answers.items() if key != name}
    return reviewed(case, answers=answers | ({name: answer} if answer is not None else {}))


def found(evidence: Evidence, name: str, findings: tuple[Finding, ...]) -> Evidence:
    return replace(evidence, findings={**evidence.findings, name: findings})


def never_better(worse: Evaluation, before: Evaluation) -> None:
    assert rank(worse.verdict) <= rank(before.verdict)


# Nothing worse makes it better. The worse fact is always one about the item `a`.


@given(cases(), answers(("yes", "partial", "yes", "no", None)), st.data())
def test_a_worse_answer_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], said: dict[str, Any], data: st.DataObject
) -> None:
    case, evidence = drawn
    before = read(Answer, said)
    worse = data.draw(st.sampled_from(WORSE[before.answer]))
    # None: nothing is said any more, nothing promised and nothing shown.
    after = None if worse is None else replace(before, answer=worse)
    # What is shown beside an answer may be bad itself, and go away with it.
    assume(after is not None or not before.evidence)
    never_better(assess(answered(case, "c/a", after), evidence), assess(answered(case, "c/a", before), evidence))


@given(cases(), answers(), st.integers(1, 500))
def test_an_older_answer_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], said: dict[str, Any], days: int
) -> None:
    case, evidence = drawn
    before = read(Answer, said)
    after = replace(before, on=before.on - timedelta(days=days))
    never_better(assess(answered(case, "c/a", after), evidence), assess(answered(case, "c/a", before), evidence))


@given(cases(), answers())
def test_a_plan_taken_back_never_improves_the_verdict(drawn: tuple[Case, Evidence], said: dict[str, Any]) -> None:
    case, evidence = drawn
    before = read(Answer, said)
    after = None if before.answer is None else replace(before, plan=None)
    assume(after is not None or not before.evidence)
    never_better(assess(answered(case, "c/a", after), evidence), assess(answered(case, "c/a", before), evidence))


@given(cases(), answers(), st.data())
def test_less_evidence_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], said: dict[str, Any], data: st.DataObject
) -> None:
    case, evidence = drawn
    shown = [data.draw(st.sampled_from([{"title": "the report"}, {"path": "report.md"}])), *said.get("evidence", ())]
    before = read(Answer, {**said, "evidence": shown})
    then = assess(answered(case, "c/a", before), evidence)
    if data.draw(st.booleans(), "whether an entry ceases to hold, or is removed"):
        worse = replace(evidence, missing={**evidence.missing, "c/a": (*evidence.missing.get("c/a", ()), gone())})
        never_better(assess(answered(case, "c/a", before), worse), then)
    else:
        after = read(Answer, {**said, "evidence": shown[1:]})
        never_better(assess(answered(case, "c/a", after), evidence), then)


@given(cases(checked=True), findings, st.data())
def test_a_worse_finding_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], first: Finding, data: st.DataObject
) -> None:
    case, evidence = drawn
    others = evidence.findings.get("c/a", ())[1:]
    then = assess(case, found(evidence, "c/a", (first, *others)))
    worse = replace(first, outcome=data.draw(st.sampled_from(WORSE_OUTCOME[first.outcome])))
    never_better(assess(case, found(evidence, "c/a", (worse, *others))), then)


@given(cases(checked=True), st.integers(0, 800))
def test_a_met_finding_that_is_missing_never_improves_the_verdict(drawn: tuple[Case, Evidence], holds: int) -> None:
    case, evidence = drawn
    others = evidence.findings.get("c/a", ())[1:]
    last = Finding("files", Outcome.MET, "all there", holds_until=TODAY + timedelta(days=holds))
    then = assess(case, found(evidence, "c/a", (*others, last)))
    never_better(assess(case, found(evidence, "c/a", others)), then)


@given(cases(), waivers(["c/a", "c/b", "c/s"], 9), st.sampled_from(NAMES), st.data())
def test_who_asked_for_a_waiver_cannot_approve_it_in_any_spelling(
    drawn: tuple[Case, Evidence], waiver: dict[str, Any], name: str, data: st.DataObject
) -> None:
    case, evidence = drawn
    own = replace(
        read(Waiver, waiver),
        requested_by=data.draw(respelled(name)),
        approved_by=name,
        approved_on=TODAY,
        revoked_on=None,
    )
    then = assess(case, evidence)
    after = assess(reviewed(case, waivers=(*case.review.waivers, own)), evidence)
    assert not after.waivers[-1].active
    assert after.verdict is then.verdict


@given(cases(), waivers(["c/a", "c/b", "c/s"], 9))
def test_a_waiver_that_is_removed_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], waiver: dict[str, Any]
) -> None:
    case, evidence = drawn
    one = read(Waiver, waiver)
    # Of the waivers of one item in a row a later one may be the better one alone.
    others = tuple(other for other in case.review.waivers if not set(other.items) & set(one.items))
    more = reviewed(case, waivers=(*others, one))
    never_better(assess(reviewed(case, waivers=others), evidence), assess(more, evidence))
    never_better(assess(reviewed(case, waivers=()), evidence), assess(case, evidence))


@given(cases(), waivers(["c/a", "c/b", "c/s"], 9), st.data())
def test_an_approval_that_is_left_out_or_was_given_on_less_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], waiver: dict[str, Any], data: st.DataObject
) -> None:
    case, evidence = drawn
    one = read(Waiver, waiver)
    others = tuple(other for other in case.review.waivers if not set(other.items) & set(one.items))
    without = {name: state for name, state in one.states.items() if data.draw(st.booleans())}
    milder = {name: data.draw(st.sampled_from([*State][[*State].index(state) :])) for name, state in one.states.items()}
    worse = data.draw(
        st.sampled_from(
            [
                {"approved_by": None},
                {"approved_on": None},
                {"approved_by": one.requested_by},
                {"states": without},
                {"states": milder},
                {"risks": {}},
            ]
        )
    )
    then = assess(reviewed(case, waivers=(*others, one)), evidence)
    never_better(assess(reviewed(case, waivers=(*others, replace(one, **worse))), evidence), then)


recorded = st.tuples(
    st.lists(waivers(["c/a", "c/b", "c/s"], 8), max_size=3), st.lists(st.tuples(past, around), max_size=3)
)


@given(cases(), recorded, recorded)
def test_more_that_git_or_runs_hold_of_earlier_terms_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], some: Any, more: Any
) -> None:
    case, found = drawn

    def knowing(*held: Any) -> Case:
        terms = tuple(read(Waiver, one) for waivers, _ in held for one in waivers if one.get("approved_on"))
        plans = [Planned(TODAY + timedelta(made), TODAY + timedelta(due)) for _, plans in held for made, due in plans]
        return recalling(case, Formerly(terms, {"c/a": tuple(plans)}, terms, known=True))

    verdicts = [assess(known, found).verdict for known in (knowing(some, more), knowing(some), case)]
    assert verdicts == sorted(verdicts, key=rank)


@given(cases(), st.integers(0, 900), st.integers(0, 900))
def test_a_later_day_without_new_facts_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], one: int, other: int
) -> None:
    case, evidence = drawn
    sooner, later = (assess(case, evidence, offset) for offset in sorted((one, other)))
    # One corner is excused: where nothing applies, nothing was assessed, which is no-go. The day on
    # which `enforce_from` brings in a first item gives something to assess, and that may be good.
    if any(item.applies for item in sooner.items):
        never_better(later, sooner)
    for before, after in zip(sooner.items, later.items, strict=True):
        if before.applies and before.item is not None:
            assert severity_of(after.state) >= severity_of(before.state)


@given(cases(), answers(("not-applicable",)))
def test_an_agreement_that_is_left_out_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], said: dict[str, Any]
) -> None:
    case, evidence = drawn
    agreed = replace(read(Answer, said), approved_by="ana")
    then = assess(answered(case, "c/a", agreed), evidence)
    for nobody in (None, agreed.by):
        never_better(assess(answered(case, "c/a", replace(agreed, approved_by=nobody)), evidence), then)


@given(cases(), answers(), st.sampled_from([{"path": None, "title": "t"}, {"expires": TODAY - timedelta(days=1)}]))
def test_evidence_that_ages_or_is_only_named_never_improves_the_verdict(
    drawn: tuple[Case, Evidence], said: dict[str, Any], worse: dict[str, Any]
) -> None:
    case, evidence = drawn
    before = read(Answer, {**said, "evidence": [{"path": "proof.md"}]})
    after = replace(before, evidence=(replace(before.evidence[0], **worse),))
    never_better(assess(answered(case, "c/a", after), evidence), assess(answered(case, "c/a", before), evidence))


# Not-applicable


@given(cases())
def test_answering_not_applicable_changes_no_other_item(drawn: tuple[Case, Evidence]) -> None:
    case, evidence = drawn
    changed = answered(case, "c/a", read(Answer, answer("not-applicable")))
    before, after = assess(case, evidence), assess(changed, evidence)
    assert [one for one in before.items if one.name != "c/a"] == [one for one in after.items if one.name != "c/a"]


@given(cases(checked=True), st.sampled_from([Outcome.NOT_MET, Outcome.UNKNOWN, Outcome.PARTIAL]))
def test_not_applicable_never_hides_a_bad_check(drawn: tuple[Case, Evidence], outcome: Outcome) -> None:
    case, evidence = drawn
    bad = found(evidence, "c/a", (Finding("files", outcome, "see there"), *evidence.findings.get("c/a", ())[1:]))
    then = assess(answered(case, "c/a", read(Answer, answer("no"))), bad)
    now = assess(answered(case, "c/a", read(Answer, answer("not-applicable"))), bad)
    for before, after in zip(then.items, now.items, strict=True):
        assert after.open is before.open


@given(cases(checked=True), answers(), st.lists(findings, min_size=1, max_size=2))
def test_no_answer_makes_an_item_better_than_what_its_checks_found(
    drawn: tuple[Case, Evidence], said: dict[str, Any], seen: list[Finding]
) -> None:
    case, evidence = drawn
    item = next(one for one in assess(case, evidence).items if one.name == "c/a")
    assume(not was_left_out(item.causes))
    after = assess(answered(case, "c/a", read(Answer, said)), found(evidence, "c/a", tuple(seen)))
    state = next(one.state for one in after.items if one.name == "c/a")
    bad = [State(one.outcome) for one in seen if one.outcome is not Outcome.MET]
    assert all(severity_of(state) >= severity_of(one) for one in bad)
    assert not bad or state not in CLOSED


@given(cases(section=True), st.integers(0, 400))
def test_a_section_is_not_applicable_exactly_where_all_its_choices_are(
    drawn: tuple[Case, Evidence], offset: int
) -> None:
    section = assess(*drawn, offset).items[-1]
    assert section.choices
    none_applies = all(choice.state is State.NOT_APPLICABLE for choice in section.choices)
    assert (section.state is State.NOT_APPLICABLE) is none_applies


# Order


@settings(max_examples=examples(60))
@given(cases(), st.randoms(use_true_random=False))
def test_the_order_of_what_people_and_checks_said_never_matters(
    drawn: tuple[Case, Evidence], chance: random.Random
) -> None:
    case, evidence = drawn

    def shuffled(things: Any) -> list[Any]:
        things = list(things)
        chance.shuffle(things)
        return things

    other = reviewed(
        case,
        answers=dict(shuffled(case.review.answers.items())),
        waivers=tuple(shuffled(case.review.waivers)),
        sign_offs=tuple(shuffled(case.review.sign_offs)),
    )
    moved = Evidence(*(dict(shuffled(part.items())) for part in (evidence.findings, evidence.missing, evidence.hollow)))
    one, two = assess(case, evidence), assess(other, moved)
    assert (one.verdict, one.digest, one.forecast, one.valid_until) == (
        two.verdict, two.digest, two.forecast, two.valid_until,
    )  # fmt: skip
    assert one.items == two.items
    assert (one.reasons, one.path_to_go, one.decision) == (two.reasons, two.path_to_go, two.decision)


# Between the best and the worst


@given(cases(), st.integers(0, 400))
def test_the_verdict_lies_between_without_waivers_and_at_best(drawn: tuple[Case, Evidence], offset: int) -> None:
    assessed = assess(*drawn, offset)
    assert rank(assessed.verdict_without_waivers) <= rank(assessed.verdict) <= rank(assessed.verdict_at_best)


@given(cases())
def test_what_is_not_known_never_counts_as_good(drawn: tuple[Case, Evidence]) -> None:
    assessed = assess(*drawn)
    policy = assessed.case.policy
    for one in assessed.items:
        weighs = one.blocking or one.risk in policy.no_go
        if one.state in NOT_KNOWN and weighs:
            assert assessed.verdict is not Verdict.GO
            assert assessed.verdict is Verdict.NO_GO or one.covered_by is not None


# Words


@given(cases())
def test_all_that_is_said_has_words_in_every_language(drawn: tuple[Case, Evidence]) -> None:
    assessed = assess(*drawn)
    said: list[Message] = [*assessed.reasons, *(flag.says for flag in assessed.flags)]
    said += [status.why for status in assessed.waivers]
    said += [vote.why for vote in assessed.votes if vote.why is not None]
    said += [cause for one in assessed.items for part in (one, *one.choices) for cause in part.causes]
    said += [cause for change in assessed.forecast for cause in change.because]
    said += [lapse.cause for lapse in assessed.lapses]
    for message in said:
        assert all(render(message, language) for language in LANGUAGES)


# The forecast


@settings(max_examples=examples(40))
@given(cases())
def test_the_forecast_agrees_with_evaluating_every_later_day(drawn: tuple[Case, Evidence]) -> None:
    case, evidence = drawn
    today = assess(case, evidence)
    changes, verdict = [], today.verdict
    for offset in range(1, HORIZON_DAYS + 1):
        then = assess(case, evidence, offset).verdict
        if then is not verdict:
            changes.append((TODAY + timedelta(days=offset), then))
            verdict = then
    assert [(change.on, change.verdict) for change in today.forecast] == changes
    assert all(change.because for change in today.forecast)
    if today.verdict is Verdict.NO_GO or not changes:
        assert today.valid_until is None
    else:
        assert today.valid_until == changes[0][0] - timedelta(days=1)


@settings(max_examples=examples(40))
@given(cases())
def test_every_lapse_is_a_day_on_which_its_item_changed(drawn: tuple[Case, Evidence]) -> None:
    case, evidence = drawn
    for lapse in assess(case, evidence).lapses:
        offset = (lapse.on - TODAY).days
        before, after = (
            next(one for one in assess(case, evidence, day).items if one.name == lapse.name)
            for day in (offset - 1, offset)
        )
        assert after.state is lapse.state
        assert (before.state, before.covered_by) != (after.state, after.covered_by)


def test_the_laws_speak_of_cases_that_differ() -> None:
    """The cases drawn are no empty ones: both ends of the rule are among them."""
    good = make_case(item("a"), answers={"a": answer()}, policy={})
    assert assess(good, evidence()).verdict is Verdict.GO
    assert assess(reviewed(good, answers={}), evidence()).verdict is Verdict.NO_GO
    assert isinstance(good.review, Review)


@given(cases(), answers(), st.data())
def test_assessing_again_what_moved_gives_what_assessing_everything_gives(
    drawn: tuple[Case, Evidence], said: dict[str, Any], data: st.DataObject
) -> None:
    case, evidence = drawn
    before = assess(case, evidence)
    names = [part.name for item in before.items for part in (item.choices or (item,))]
    after = answered(case, data.draw(st.sampled_from(names)), data.draw(st.sampled_from([None, read(Answer, said)])))
    if data.draw(st.booleans(), "whether a waiver goes away as well"):
        after = reviewed(after, waivers=after.review.waivers[:-1])
    later = replace(evidence, missing={data.draw(st.sampled_from(names)): (gone(),)})
    again, anew = reassess(before, after, later), assess(after, later)
    assert (again.items, again.waivers, again.verdict) == (anew.items, anew.waivers, anew.verdict)
    assert (again.digest, again.reasons) == (anew.digest, anew.reasons)
    assert again.reasons_apart(1) == anew.reasons_apart(1)


@given(cases(), st.integers(-400, 800))
def test_the_short_way_for_a_plain_yes_gives_what_the_whole_rule_gives(
    drawn: tuple[Case, Evidence], offset: int
) -> None:
    short, whole = Assessor(*drawn), Assessor(*drawn)
    whole.units = [unit._replace(plain=False) for unit in whole.units]
    day = TODAY + timedelta(days=offset)
    _, waived = short.waivers(day)
    assert short.all(day, waived) == whole.all(day, waived)


@pytest.mark.parametrize(
    "more",
    [
        {"when": {"tier": [1]}},
        {"enforce_from": "2026-12-01"},
        {"occasions": ["launch"]},
        {"plan_accepted": True},
        {"evidence": "required"},
        {"checks": [check()]},
    ],
    ids=lambda more: next(iter(more)),
)
def test_the_short_way_is_only_for_items_that_an_answer_alone_decides(more: dict[str, Any]) -> None:
    of = make_case(item("a"), item("b", **more))
    assert [unit.plain for unit in Assessor(of, evidence()).units] == [True, False]
