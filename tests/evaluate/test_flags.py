"""What a reader should look at twice; none of it changes the verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.builders import DIGEST, answer, assess, case, check, choices, day, evidence, found, item, sign_off, waiver

from orr.evaluate import Evaluation
from orr.evaluate.objections import Agreement, Objections
from orr.evaluate.terms import Formerly
from orr.formats.screen import first_screen
from orr.messages import render
from orr.model.review import Answer
from orr.model.validation import read


def flags(assessed: Evaluation) -> list[tuple[str, str]]:
    return [(flag.flag, flag.about) for flag in assessed.flags]


def test_a_contradicted_answer_is_flagged_with_what_contradicts_it() -> None:
    made = case(item("a", checks=[check()]), answers={"a": answer()})
    assessed = assess(made, evidence(a=[found("not-met", says="2 of 3 are there")]))
    assert flags(assessed) == [("contradicted", "c/a")]
    assert render(assessed.flags[0].says, "en") == "wei answered yes to c/a, but files: 2 of 3 are there"
    assert render(assessed.flags[0].says, "zh-CN") == "wei 对 c/a 回答“是”，但 files：2 of 3 are there"


def test_an_answer_of_not_applicable_that_checks_overrule_is_flagged() -> None:
    told = answer("not-applicable", reason="none here", approved_by="ana")
    answers = {name: {**told, "agreed_to": read(Answer, told).mark} for name in ("a", "b")}
    made = case(item("a", checks=[check()]), item("b", checks=[check()]), answers=answers)
    assessed = assess(made, evidence(a=[found("not-met", says="2 of 3 are there")], b=[found("met")]))
    assert flags(assessed) == [("overruled", "c/a")]
    assert render(assessed.flags[0].says, "en") == (
        "wei answered not applicable to c/a, which has no effect, since checks decide: files: 2 of 3 are there"
    )
    assert render(assessed.flags[0].says, "zh-CN").endswith("该项由检查决定，此回答不起作用：files：2 of 3 are there")


@pytest.mark.parametrize("known", [False, True], ids=["nowhere", "by git or a run"])
@pytest.mark.parametrize("risk", ["high", "low"])
def test_an_agreement_is_flagged_where_nothing_tells_what_it_was_given_to(known: bool, risk: str) -> None:
    told = answer("not-applicable", reason="none here", approved_by="ana")
    made = case(item("a", risk=risk), item("b"), answers={"a": told, "b": answer()})
    if known:
        held = Objections(agreements=(Agreement("workload", "c/a", "ana", read(Answer, told).mark),))
        made = replace(made, formerly=Formerly(objections=held))
    assessed = assess(made)
    flagged = risk == "high" and not known
    assert flags(assessed) == ([("unknown-agreement", "c/a")] if flagged else [])
    said = "To which answer it was agreed that c/a does not apply, nothing tells"
    assert (said in " ".join(first_screen(assessed, "en").split())) is flagged


@pytest.mark.parametrize(
    ("own", "shared", "flagged"),
    [("yes", "no", True), ("yes", "partial", True), ("no", "no", False), ("yes", "yes", False), (None, "no", False)],
)
def test_an_answer_in_place_of_a_worse_inherited_one_is_flagged(own: str | None, shared: str, flagged: bool) -> None:
    answers = {"a": answer(own, note="ours differs")} if own is not None else {}
    assessed = assess(case(item("a", scope="team"), answers=answers, team={"a": answer(shared, by="li.na")}))
    assert ("departs" in [flag.flag for flag in assessed.flags]) is flagged
    if flagged:
        says = next(flag.says for flag in assessed.flags if flag.flag == "departs")
        assert render(says, "en") == (
            "wei answered c/a for the workload, in place of the worse answer of team:payments by li.na"
        )


def test_a_repository_that_another_workload_has_too_is_flagged() -> None:
    assessed = assess(replace(case(item("a"), answers={"a": answer()}), sharing=("store",)))
    assert flags(assessed) == [("shared-repository", "shop")]
    assert "also that of store" in render(assessed.flags[0].says, "en")


def test_a_contradicted_choice_is_flagged_by_its_own_name() -> None:
    section = choices("a", "b", rules=[("a", "none"), ("default", "high")])
    section["items"][0]["checks"] = [check()]
    assert flags(assess(case(answers={"a": answer()}, sections=[section]), evidence(a=[found("not-met")]))) == [
        ("contradicted", "c/a")
    ]


@pytest.mark.parametrize(
    ("by", "blocking", "voter", "valid", "flagged"),
    [
        ("wei", True, "wei", True, True),
        ("wei", True, "Wei ", True, True),
        ("wei", True, "wei@example.com", True, True),
        ("wei", True, "bo", True, False),
        ("wei", False, "wei", True, False),
        ("wei", True, "wei", False, False),
    ],
    ids=[
        "the same person",
        "in other letters",
        "by an address of that name",
        "another person",
        "not blocking",
        "a void vote",
    ],
)
def test_who_answered_an_item_that_stops_and_votes_on_it_is_flagged_where_the_vote_counts(
    by: str, blocking: bool, voter: str, valid: bool, flagged: bool
) -> None:
    def made(digest: str) -> Evaluation:
        votes = [sign_off(by=voter, digest=digest)]
        said = {"a": answer(by=by)}
        items = (item("a", blocking=blocking, risk="medium"),)
        return assess(case(*items, answers=said, sign_offs=votes, workload={"tier": 3}))

    zeros = "0" * 64
    assessed = made(made(zeros).digest if valid else zeros)
    assert (("self-review", "service-owner") in flags(assessed)) is flagged


def bulk(count: int, seconds: float, **keys: Any) -> Evaluation:
    names = [f"i{number}" for number in range(count)]
    said = {}
    for number, name in enumerate(names):
        at = number * seconds / (count - 1)
        said[name] = answer(on=f"{day(0)}T09:{int(at // 60):02}:{at % 60:09.6f}+08:00", **keys)
    return assess(case(*(item(name) for name in names), answers=said))


@pytest.mark.parametrize(
    ("count", "seconds", "flagged"),
    [(11, 60, True), (11, 61, False), (10, 1, False), (40, 600, False), (40, 100, True)],
)
def test_more_than_ten_answers_by_one_person_within_a_minute_are_flagged(
    count: int, seconds: float, flagged: bool
) -> None:
    assert (("bulk-answers", "wei") in flags(bulk(count, seconds))) is flagged


def test_a_minute_is_a_minute_where_the_clocks_are_put_forward() -> None:
    said = {f"i{n}": answer(on=f"2026-03-29T{'01:59:50' if n < 6 else '03:00:10'}") for n in range(11)}
    assessed = assess(case(*map(item, said), answers=said, timezone=ZoneInfo("Europe/Berlin")))
    assert ("bulk-answers", "wei") in flags(assessed)


def test_answers_in_bulk_are_counted_however_the_name_is_written() -> None:
    names = [f"i{number}" for number in range(12)]
    said = {
        name: answer(on=f"{day(0)}T09:00:{place:02}+08:00", by=("wei", "Wei", "wei@example.com")[place % 3])
        for place, name in enumerate(names)
    }
    assert flags(assess(case(*map(item, names), answers=said))) == [("bulk-answers", "wei")]


def test_answers_without_a_time_are_never_taken_for_bulk() -> None:
    names = [f"i{number}" for number in range(20)]
    assert flags(assess(case(*map(item, names), answers={name: answer() for name in names}))) == []


@pytest.mark.parametrize(
    ("waivers", "reply", "expected"),
    [
        ([waiver("c/a")], "no", []),
        ([waiver("c/a")], "yes", [("unused-waiver", "W-1")]),
        ([waiver("c/a", expires=30)], "no", [("ending-waiver", "W-1")]),
        ([waiver("c/a", expires=31)], "no", []),
        ([waiver("c/a", expires=0)], "no", [("ending-waiver", "W-1")]),
        ([waiver("c/a", expires=-1)], "no", [("ineffective-waiver", "W-1")]),
        ([waiver("c/a", approved=None)], "no", [("ineffective-waiver", "W-1")]),
        ([waiver("c/a", "c/b")], "no", [("not-waivable", "W-1")]),
        ([waiver("c/b")], "no", [("ineffective-waiver", "W-1")]),
        ([waiver("c/a", expires=9)], "yes", [("unused-waiver", "W-1"), ("ending-waiver", "W-1")]),
    ],
    ids=["good", "unused", "ends in 30 days", "ends in 31", "ends today", "ended", "not approved", "one not waivable",
         "none waivable", "unused and ending"],
)  # fmt: skip
def test_waivers_of_little_use_are_flagged(
    waivers: list[dict[str, Any]], reply: str, expected: list[tuple[str, str]]
) -> None:
    made = case(item("a"), item("b", waivable=False), answers={"a": answer(reply)}, waivers=waivers)
    assert flags(assess(made)) == expected


def test_void_votes_are_flagged() -> None:
    (flag,) = assess(case(item("a"), sign_offs=[sign_off()])).flags
    assert (flag.flag, flag.about) == ("void-vote", "service-owner")
    assert render(flag.says, "en") == (
        "the vote of service-owner was given on another assessment; vote again on this one"
    )


@pytest.mark.parametrize(
    ("waivers", "english"),
    [
        ([waiver("c/a", expires=-1)], "the waiver W-1 has no effect: it ended on 2026-11-21"),
        ([waiver("c/a", "c/b")], "the waiver W-1 cannot cover c/b, for which no waiver is allowed"),
        ([waiver("c/d")], "the waiver W-1 covers nothing that is open"),
        ([waiver("c/a", expires=30)], "the waiver W-1 ends on 2026-12-22, in 30 days"),
    ],
    ids=["no effect", "not waivable", "unused", "ending"],
)
def test_a_flag_of_a_waiver_says_what_is_wrong_with_it(waivers: list[dict[str, Any]], english: str) -> None:
    made = case(
        item("a"), item("b", waivable=False), item("d"), answers={"a": answer("no"), "d": answer()}, waivers=waivers
    )
    assert [render(flag.says, "en") for flag in assess(made).flags] == [english]


def test_every_waiver_is_looked_at_whatever_is_wrong_with_those_before() -> None:
    waivers = [
        waiver("c/a", name="gone", expires=-1),
        waiver("c/b", name="idle"),
        waiver("c/a", name="short", expires=3),
    ]
    made = case(item("a"), item("b"), answers={"a": answer("no"), "b": answer()}, waivers=waivers)
    assert flags(assess(made)) == [
        ("ineffective-waiver", "gone"),
        ("unused-waiver", "idle"),
        ("ending-waiver", "short"),
    ]


def test_a_self_review_names_who_voted_as_what_on_which_items() -> None:
    def made(digest: str) -> Evaluation:
        votes = [sign_off(role="operations", by="bo", digest="0" * 64), sign_off(by="wei", digest=digest)]
        section = choices("x", "y", rules=[("x", "none"), ("default", "high")], blocking=True)
        said = {"a": answer(by="wei"), "b": answer(by="wei"), "d": answer(by="bo"), "y": answer("no", by="WEI")}
        items = (item("a", blocking=True), item("b", risk="medium"), item("d", blocking=True))
        return assess(case(*items, answers=said, sign_offs=votes, sections=[section], workload={"tier": 3}))

    flagged = [flag for flag in made(made(DIGEST).digest).flags if flag.flag == "self-review"]
    assert [(flag.about, render(flag.says, "en")) for flag in flagged] == [
        ("service-owner", "wei votes as service-owner and answered 2 items that stop the launch: c/a, c/s")
    ]


def test_a_self_review_of_one_item_is_told_in_the_singular() -> None:
    def made(digest: str) -> Evaluation:
        return assess(
            case(
                item("a", blocking=True),
                answers={"a": answer()},
                sign_offs=[sign_off(by="wei", digest=digest)],
                workload={"tier": 3},
            )
        )

    (flag,) = made(made(DIGEST).digest).flags
    assert render(flag.says, "en") == "wei votes as service-owner and answered an item that stops the launch: c/a"


def test_answers_in_bulk_are_counted_by_person_in_the_fullest_minute() -> None:
    def at(minute: int, second: int = 0) -> str:
        return f"{day(0)}T09:{minute:02}:{second:02}Z"

    said = {f"w{n}": answer(on=at(30 - n)) for n in range(5)}  # written in no order
    said |= {f"x{n}": answer(on=at(40, n)) for n in range(12)}
    said |= {f"y{n}": answer(on=at(41, n), by="bo") for n in range(11)}
    said |= {f"z{n}": answer(on=at(41, n), by="ana") for n in range(10)}
    flagged = assess(case(*map(item, said), answers=said)).flags
    assert [(flag.flag, flag.about, render(flag.says, "en")) for flag in flagged] == [
        ("bulk-answers", "bo", "bo gave 11 answers within one minute"),
        ("bulk-answers", "wei", "wei gave 12 answers within one minute"),
    ]


def test_a_minute_is_a_minute_whatever_zone_an_answer_was_given_in() -> None:
    said = {f"i{n}": answer(on=f"{day(0)}T09:00:{n:02}{'Z' if n % 2 else '+08:00'}") for n in range(12)}
    assert flags(assess(case(*map(item, said), answers=said))) == []
    said = {
        f"i{n}": answer(on=f"{day(0)}T{'01' if n % 2 else '09'}:00:{n:02}{'Z' if n % 2 else '+08:00'}")
        for n in range(12)
    }
    assert flags(assess(case(*map(item, said), answers=said))) == [("bulk-answers", "wei")]


def test_answers_to_choices_count_for_bulk_as_those_to_items_do() -> None:
    names = [f"x{number}" for number in range(11)]
    said = {name: answer(on=f"{day(0)}T09:00:{place:02}") for place, name in enumerate(names)}
    section = choices(*names, rules=[("x0", "none"), ("default", "high")])
    assert ("bulk-answers", "wei") in flags(assess(case(answers=said, sections=[section])))


@pytest.mark.parametrize(("left", "words"), [(1, "in one day"), (2, "in 2 days")])
def test_the_words_go_by_the_number(left: int, words: str) -> None:
    assessed = assess(case(item("a"), answers={"a": answer("no")}, waivers=[waiver("c/a", expires=left)]))
    assert words in render(assessed.flags[0].says, "en")
