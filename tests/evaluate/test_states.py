"""From answers and findings to the state of an item, row by row of the table of states."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from support.builders import answer, assess, case, check, choices, day, evidence, found, item, plan, state_of

from orr.evaluate.states import STATES, decider, severity_of
from orr.messages import render, say
from orr.model.finding import Evidence, Finding

ONE = {"checks": [check()]}
LIVE = {"live_since": day(-9), "launch": day(-9)}
TWO = {"checks": [check(), check("document")]}
BOTH = ONE | {"answered_by": "both"}
PERSON = ONE | {"answered_by": "person"}
PROVEN = {"evidence": "required"}
SHOWN = [{"path": "drill.md"}]
EXPIRED = [{"path": "drill.md", "expires": day(-1)}]
OLD = day(-366)

MET, PARTIAL, NOT_MET, UNKNOWN = found("met"), found("partial"), found("not-met"), found("unknown")
RUN_OUT = found("met", holds=-1)


def one(*findings: Finding, gone: int = 0) -> Any:
    return evidence(missing={"a": gone} if gone else {}, a=findings)


@pytest.mark.parametrize(
    ("keys", "said", "findings", "gone", "state"),
    [
        # A person answers
        pytest.param({}, None, [], 0, "unanswered", id="nobody answered"),
        pytest.param({}, answer("yes"), [], 0, "met", id="yes"),
        pytest.param({}, answer("partial"), [], 0, "partial", id="partial"),
        pytest.param({}, answer("no"), [], 0, "not-met", id="no"),
        pytest.param({}, answer("not-applicable"), [], 0, "not-applicable", id="not applicable with a reason"),
        pytest.param({}, answer(None, plan=plan()), [], 0, "unanswered", id="a plan is no answer"),
        # Age
        pytest.param({}, answer("yes", on=day(-365)), [], 0, "met", id="yes on its last day"),
        pytest.param({}, answer("yes", on=OLD), [], 0, "stale", id="yes a day too old"),
        pytest.param({}, answer("partial", on=OLD), [], 0, "stale", id="an old partial is stale"),
        pytest.param({}, answer("not-applicable", on=OLD), [], 0, "stale", id="an old not-applicable is stale"),
        pytest.param({}, answer("no", on=OLD), [], 0, "not-met", id="an old no is still a no"),
        pytest.param({"valid_for": "1d"}, answer("yes", on=day(-1)), [], 0, "met", id="one day, on the day after"),
        pytest.param({"valid_for": "1d"}, answer("yes", on=day(-2)), [], 0, "stale", id="one day, two days after"),
        # A day that has not come
        pytest.param({}, answer("yes", on=day(1)), [], 0, "unanswered", id="a yes of tomorrow"),
        pytest.param({}, answer("partial", on=day(1)), [], 0, "unanswered", id="a partial of tomorrow"),
        pytest.param({}, answer("not-applicable", on=day(1)), [], 0, "unanswered", id="a not-applicable of tomorrow"),
        pytest.param({}, answer("no", on=day(1)), [], 0, "not-met", id="a no of tomorrow counts"),
        pytest.param({}, answer("yes", on=day(1), evidence=EXPIRED), [], 0, "stale", id="what is worse of it counts"),
        pytest.param(
            {"checks": [check()]},
            answer("not-applicable", on=day(1)),
            [found("met")],
            0,
            "met",
            id="checks decide alone",
        ),
        # Evidence of a person
        pytest.param(PROVEN, answer("yes"), [], 0, "unknown", id="yes without required evidence"),
        pytest.param(PROVEN, answer("yes", evidence=SHOWN), [], 0, "met", id="yes with required evidence"),
        pytest.param(PROVEN, answer("yes", evidence=EXPIRED), [], 0, "stale", id="required evidence has expired"),
        pytest.param(PROVEN, answer("yes", evidence=SHOWN), [], 1, "unknown", id="required evidence is gone"),
        pytest.param(PROVEN, answer("yes", on=OLD), [], 0, "unknown", id="old and without evidence: the worse wins"),
        pytest.param(PROVEN, answer("partial"), [], 0, "partial", id="only a yes needs evidence"),
        pytest.param(PROVEN, answer("not-applicable"), [], 0, "not-applicable", id="not applicable needs none"),
        pytest.param(
            {}, answer("yes", evidence=[{"title": "x", "expires": day(0)}]), [], 0, "met", id="evidence on its last day"
        ),
        pytest.param({}, answer("yes", evidence=[*SHOWN, *EXPIRED]), [], 0, "stale", id="every entry must hold"),
        pytest.param({}, answer("yes", evidence=SHOWN), [], 1, "unknown", id="optional evidence that is gone decides"),
        pytest.param({}, answer("yes", evidence=EXPIRED), [], 1, "unknown", id="gone beats expired"),
        pytest.param({}, answer("partial", evidence=EXPIRED), [], 0, "stale", id="expired evidence of a partial"),
        pytest.param(
            {}, answer("not-applicable", evidence=EXPIRED), [], 0, "stale", id="expired evidence of not-applicable"
        ),
        pytest.param(
            {}, answer("not-applicable", evidence=SHOWN), [], 1, "unknown", id="not-applicable with evidence gone"
        ),
        pytest.param({}, answer("no", evidence=EXPIRED), [], 1, "not-met", id="a no is worse than evidence gone"),
        pytest.param(
            {}, answer(None, plan=plan(), evidence=EXPIRED), [], 0, "stale", id="expired evidence beside a plan"
        ),
        # Checks answer
        pytest.param(ONE, None, [MET], 0, "met", id="the check is met"),
        pytest.param(ONE, None, [PARTIAL], 0, "partial", id="the check is partly met"),
        pytest.param(ONE, None, [NOT_MET], 0, "not-met", id="the check is not met"),
        pytest.param(ONE, None, [UNKNOWN], 0, "unknown", id="the check could not run"),
        pytest.param(ONE, None, [], 0, "unknown", id="the check was not run"),
        pytest.param(ONE, None, [found("met", holds=0)], 0, "met", id="a finding on its last day"),
        pytest.param(ONE, None, [RUN_OUT], 0, "stale", id="a finding a day later"),
        pytest.param(ONE, None, [found("partial", holds=-1)], 0, "stale", id="a partial finding that ran out"),
        pytest.param(
            ONE, None, [found("not-met", holds=-1)], 0, "not-met", id="a bad finding does not get better with age"
        ),
        pytest.param(TWO, None, [MET, MET], 0, "met", id="every check is met"),
        pytest.param(TWO, None, [MET, NOT_MET], 0, "not-met", id="one of two is not"),
        pytest.param(TWO, None, [UNKNOWN, NOT_MET], 0, "not-met", id="not met beats unknown"),
        pytest.param(TWO, None, [RUN_OUT, UNKNOWN], 0, "unknown", id="unknown beats stale"),
        pytest.param(TWO, None, [PARTIAL, RUN_OUT], 0, "stale", id="stale beats partial"),
        pytest.param(TWO, None, [MET], 0, "unknown", id="one of two was not run"),
        # A person beside checks that answer
        pytest.param(ONE, answer("yes"), [NOT_MET], 0, "not-met", id="a yes does not mend a check"),
        pytest.param(ONE, answer("yes"), [UNKNOWN], 0, "unknown", id="a yes does not stand in for a check"),
        pytest.param(ONE, answer("yes"), [PARTIAL], 0, "partial", id="a yes does not fill a check up"),
        pytest.param(ONE, answer("yes"), [RUN_OUT], 0, "stale", id="a yes does not renew a check"),
        pytest.param(ONE, answer("yes"), [MET], 0, "met", id="a yes beside a met check"),
        pytest.param(ONE, answer("yes", on=OLD), [MET], 0, "met", id="an old yes that checks make needless"),
        pytest.param(ONE, answer("no"), [MET], 0, "not-met", id="a no beside a met check"),
        pytest.param(ONE, answer("partial"), [MET], 0, "partial", id="a partial beside a met check"),
        pytest.param(ONE, answer("partial", on=OLD), [MET], 0, "stale", id="an old partial beside a met check"),
        pytest.param(ONE, answer("yes", evidence=EXPIRED), [MET], 0, "stale", id="expired evidence beside a met check"),
        pytest.param(ONE, answer("yes", evidence=SHOWN), [MET], 1, "unknown", id="evidence gone beside a met check"),
        pytest.param(ONE, answer(None, plan=plan()), [MET], 0, "met", id="a plan beside a met check"),
        pytest.param(
            ONE, answer(None, plan=plan(), evidence=SHOWN), [MET], 1, "unknown", id="a plan with evidence gone"
        ),
        pytest.param(ONE | PROVEN, answer("yes"), [MET], 0, "met", id="a met check is the evidence"),
        pytest.param(ONE | PROVEN, None, [MET], 0, "met", id="a met check alone is the evidence"),
        pytest.param(
            ONE | PROVEN, answer("yes"), [PARTIAL], 0, "unknown", id="a partial check is no evidence for a yes"
        ),
        # Both, and a person beside checks that do not answer
        pytest.param(BOTH, None, [MET], 0, "unanswered", id="both: the person is missing"),
        pytest.param(BOTH, None, [NOT_MET], 0, "not-met", id="both: a bad check needs no person"),
        pytest.param(BOTH, answer("yes"), [MET], 0, "met", id="both: yes and met"),
        pytest.param(BOTH, answer("yes"), [PARTIAL], 0, "partial", id="both: yes and partial"),
        pytest.param(BOTH, answer("yes"), [], 0, "unknown", id="both: yes, but the check was not run"),
        pytest.param(BOTH, answer("yes", on=OLD), [MET], 0, "stale", id="both: an old yes is stale"),
        pytest.param(BOTH, answer(None, plan=plan()), [MET], 0, "unanswered", id="both: a plan is no answer"),
        pytest.param(BOTH | PROVEN, answer("yes"), [MET], 0, "met", id="both: a met check is the evidence"),
        pytest.param(PERSON, answer("yes"), [NOT_MET], 0, "not-met", id="person: a bad check counts all the same"),
        pytest.param(PERSON, None, [MET], 0, "unanswered", id="person: a good check does not answer"),
        pytest.param(PERSON, answer("yes"), [UNKNOWN], 0, "unknown", id="person: a check that could not run"),
        # Not applicable beside checks
        pytest.param(ONE, answer("not-applicable"), [MET], 0, "not-applicable", id="not applicable beside met"),
        pytest.param(ONE, answer("not-applicable"), [PARTIAL], 0, "partial", id="not applicable never beats partial"),
        pytest.param(ONE, answer("not-applicable"), [NOT_MET], 0, "not-met", id="not applicable never beats not met"),
        pytest.param(ONE, answer("not-applicable"), [UNKNOWN], 0, "unknown", id="not applicable never beats unknown"),
        pytest.param(ONE, answer("not-applicable"), [RUN_OUT], 0, "stale", id="not applicable never beats stale"),
        pytest.param(ONE, answer("not-applicable"), [], 0, "unknown", id="not applicable never beats a check not run"),
        pytest.param(BOTH, answer("not-applicable"), [MET], 0, "not-applicable", id="both: not applicable beside met"),
        pytest.param(BOTH, answer("not-applicable"), [PARTIAL], 0, "partial", id="both: nor does it beat partial"),
        pytest.param(PERSON, answer("not-applicable"), [PARTIAL], 0, "partial", id="person: nor does it beat partial"),
        pytest.param(TWO, answer("not-applicable"), [MET, PARTIAL], 0, "partial", id="one of two found half"),
        # A finding that no check asked for cannot be good, but can be bad
        pytest.param({}, answer("yes"), [NOT_MET], 0, "not-met", id="a bad finding without a check"),
    ],
)
def test_the_worst_state_that_applies_wins(
    keys: dict[str, Any], said: dict[str, Any] | None, findings: list[Finding], gone: int, state: str
) -> None:
    made = case(item("a", **keys), answers={"a": said} if said else {})
    assert state_of(made, one(*findings, gone=gone)) == state


def test_the_states_go_from_the_worst_to_the_best() -> None:
    assert list(STATES) == ["not-met", "unknown", "stale", "unanswered", "partial", "met", "not-applicable"]
    assert sorted(STATES, key=severity_of, reverse=True) == list(STATES)


# Left out


@pytest.mark.parametrize(
    ("keys", "workload", "state"),
    [
        ({"when": {"tier": [1, 2]}}, {}, "unanswered"),
        ({"when": {"tier": 1}}, {}, "unanswered"),
        ({"when": {"tier": [2]}}, {}, "not-applicable"),
        ({"when": {"tags": ["public", "paid"]}}, {"tags": ["paid"]}, "unanswered"),
        ({"when": {"tags": "public"}}, {"tags": ["paid"]}, "not-applicable"),
        ({"when": {"tags": ["public"]}}, {}, "not-applicable"),
        ({"when": {"team": "payments"}}, {}, "unanswered"),
        ({"when": {"team": ["search"]}}, {}, "not-applicable"),
        ({"when": {"governance": "centralized"}}, {"operating_model": {"governance": "centralized"}}, "unanswered"),
        (
            {"when": {"governance": "centralized"}},
            {"operating_model": {"governance": "decentralized"}},
            "not-applicable",
        ),
        ({"when": {"governance": "centralized"}}, {}, "not-applicable"),
        ({"when": {"provider": True}}, {"operating_model": {"provider": "acme"}}, "unanswered"),
        ({"when": {"provider": True}}, {}, "not-applicable"),
        ({"when": {"provider": False}}, {}, "unanswered"),
        ({"when": {"provider": False}}, {"operating_model": {"provider": "acme"}}, "not-applicable"),
        ({"when": {"live": True}}, {"live_since": day(0)}, "unanswered"),
        ({"when": {"live": True}}, {"live_since": day(1)}, "not-applicable"),
        ({"when": {"live": True}}, {}, "not-applicable"),
        ({"when": {"live": False}}, {}, "unanswered"),
        ({"when": {"live": False}}, {"live_since": day(-1)}, "not-applicable"),
        ({"when": {"tier": 1, "tags": "public"}}, {"tags": ["paid"]}, "not-applicable"),
        ({"when": {}}, {}, "unanswered"),
        ({"occasions": ["change", "recurring"]}, {}, "not-applicable"),
        ({"occasions": "launch"}, {}, "unanswered"),
        ({"enforce_from": day(1)}, LIVE, "not-applicable"),
        ({"enforce_from": day(0)}, LIVE, "unanswered"),
        ({"enforce_from": day(1)}, {}, "unanswered"),
        ({"enforce_from": day(1)}, {"live_since": day(1)}, "unanswered"),
    ],
    ids=str,
)
def test_an_item_applies_where_every_key_of_the_workload_matches(
    keys: dict[str, Any], workload: dict[str, Any], state: str
) -> None:
    assert state_of(case(item("a", **keys), workload=workload)) == state


@pytest.mark.parametrize("keys", [{"when": {"tier": 4}}, {"occasions": ["change"]}, {"enforce_from": day(1)}], ids=str)
@pytest.mark.parametrize("reply", ["yes", "no", "partial", "not-applicable"])
def test_what_is_left_out_stays_out_whatever_was_answered_or_found(keys: dict[str, Any], reply: str) -> None:
    made = case(item("a", **ONE, **keys), answers={"a": answer(reply)}, workload=LIVE)
    (only,) = assess(made, one(NOT_MET)).items
    assert (only.state, only.applies, only.contradicted) == ("not-applicable", False, False)
    assert "left out" in render(only.causes, "en")


@pytest.mark.parametrize("occasion", ["launch", "change", "recurring"])
def test_an_item_is_asked_on_every_occasion_unless_it_says_which(occasion: str) -> None:
    assert state_of(case(item("a"), occasion=occasion)) == "unanswered"


# Contradictions


@pytest.mark.parametrize(
    ("reply", "finding", "contradicted"),
    [
        ("yes", NOT_MET, True),
        ("yes", MET, False),
        ("yes", UNKNOWN, False),
        ("no", NOT_MET, False),
        ("partial", NOT_MET, False),
    ],
)
def test_a_yes_beside_a_check_that_says_not_met_is_contradicted(
    reply: str, finding: Finding, contradicted: bool
) -> None:
    (only,) = assess(case(item("a", **ONE), answers={"a": answer(reply)}), one(finding)).items
    assert only.contradicted is contradicted


# Where the answer comes from


@pytest.mark.parametrize(
    ("scope", "own", "team", "organization", "state", "source"),
    [
        ("workload", "yes", None, None, "met", "workload"),
        ("workload", None, "yes", "yes", "unanswered", None),
        ("team", None, "yes", None, "met", "team:payments"),
        ("team", None, None, "yes", "unanswered", None),
        ("team", "no", "yes", None, "not-met", "workload"),
        ("organization", None, None, "yes", "met", "organization"),
        ("organization", None, "yes", None, "unanswered", None),
        ("organization", "partial", None, "yes", "partial", "workload"),
    ],
)
def test_an_answer_is_inherited_from_where_its_scope_says(
    scope: str, own: str | None, team: str | None, organization: str | None, state: str, source: str | None
) -> None:
    def said(reply: str | None) -> dict[str, Any]:
        return {"a": answer(reply)} if reply else {}

    made = case(item("a", scope=scope), answers=said(own), team=said(team), organization=said(organization))
    (only,) = assess(made).items
    assert (only.state, only.answer_from) == (state, source)


def test_an_inherited_answer_ages_like_any_other() -> None:
    made = case(item("a", scope="team"), team={"a": answer("yes", on=OLD)})
    assert state_of(made) == "stale"


# Times


@pytest.mark.parametrize(
    ("on", "zone", "state"),
    [
        pytest.param("2026-11-20T23:59+00:00", "UTC", "stale", id="the day before in UTC"),
        pytest.param("2026-11-20T23:59+00:00", "Asia/Shanghai", "met", id="which is the day itself in Shanghai"),
        pytest.param("2026-11-21T00:00+08:00", "UTC", "stale", id="the day in Shanghai, the day before in UTC"),
        pytest.param("2026-11-21T00:00", "Asia/Shanghai", "met", id="a time without offset is the workspace's"),
        pytest.param("2026-11-21 00:00Z", "America/New_York", "stale", id="the evening before in New York"),
    ],
)
def test_a_day_ends_in_the_time_zone_of_the_workspace(on: str, zone: str, state: str) -> None:
    made = case(item("a", valid_for="1d"), answers={"a": answer("yes", on=on)}, timezone=ZoneInfo(zone))
    assert state_of(made) == state


@pytest.mark.parametrize("on", ["0001-01-01T00:00+14:00", "0001-01-01", "9999-12-31T23:59-12:00", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(on: str) -> None:
    made = case(item("a", valid_for="99999d"), answers={"a": answer("yes", on=on)}, workload={"launch": on})
    assessed = assess(made)
    assert assessed.case.launch_day in (date.min, date.max)
    assert assessed.valid_until is None
    assert state_of(made) == ("stale" if on.startswith("0001") else "unanswered")


# Sections with risk rules

RULES = [("a && b", "none"), ("a || b", "medium"), ("default", "high")]


@pytest.mark.parametrize(
    ("said", "state", "risk"),
    [
        pytest.param({}, "unanswered", "high", id="no choice answered: the worst risk"),
        pytest.param({"a": answer(), "b": answer()}, "met", "high", id="both selected"),
        pytest.param({"a": answer(), "b": answer("no")}, "not-met", "medium", id="one selected"),
        pytest.param({"a": answer(), "b": answer("partial")}, "not-met", "medium", id="partial is not selected"),
        pytest.param({"a": answer()}, "not-met", "medium", id="the other not answered"),
        pytest.param({"a": answer("no")}, "not-met", "high", id="none selected"),
        pytest.param({"a": answer(on=OLD), "b": answer()}, "stale", "high", id="one stale"),
        pytest.param({"a": answer(on=OLD)}, "stale", "high", id="one stale, one not answered"),
        pytest.param({"a": answer("no"), "b": answer(on=OLD)}, "stale", "high", id="one stale, one not selected"),
        pytest.param({"a": answer(), "b": answer("not-applicable")}, "met", "high", id="one not applicable"),
        pytest.param({"b": answer("not-applicable")}, "unanswered", "high", id="one not applicable, one not answered"),
        pytest.param(
            {"a": answer("not-applicable"), "b": answer("not-applicable")},
            "not-applicable",
            "high",
            id="none applicable",
        ),
    ],
)
def test_a_section_with_risk_rules_is_one_item(said: dict[str, Any], state: str, risk: str) -> None:
    made = case(answers=said, sections=[choices("a", "b", rules=RULES)])
    (only,) = assess(made).items
    assert (only.name, only.state, only.risk) == ("c/s", state, risk)


def test_a_selection_that_the_rules_leave_undecided_is_unknown_at_the_worst_risk_that_they_know() -> None:
    section = choices("a", "b", rules=[("a && b", "none"), ("a", "medium"), ("default", "unknown")])
    (undecided,) = assess(case(answers={"a": answer("no"), "b": answer()}, sections=[section])).items
    assert (undecided.state, undecided.risk) == ("unknown", "medium")
    (decided,) = assess(case(answers={"a": answer(), "b": answer("no")}, sections=[section])).items
    assert (decided.state, decided.risk) == ("not-met", "medium")


def test_a_section_with_an_unknown_choice_is_unknown() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][0]["checks"] = [check()]
    made = case(answers={"b": answer()}, sections=[section])
    assert state_of(made, evidence(a=[UNKNOWN])) == "unknown"
    assert state_of(made, evidence(a=[MET])) == "met"


def test_a_section_whose_choices_are_all_left_out_is_left_out() -> None:
    section = choices("a", "b", rules=RULES)
    for one_choice in section["items"]:
        one_choice["when"] = {"tier": 4}
    (only,) = assess(case(answers={"a": answer()}, sections=[section])).items
    assert (only.state, only.applies) == ("not-applicable", False)
    assert "tier" in render(only.causes, "en")


def test_a_section_where_only_some_choices_are_left_out_goes_by_the_others() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][1]["when"] = {"tier": 4}
    assert state_of(case(answers={"a": answer()}, sections=[section])) == "met"


def test_all_choices_not_applicable_prove_nothing() -> None:
    said = {"a": answer("not-applicable"), "b": answer("not-applicable")}
    assessed = assess(case(answers=said, sections=[choices("a", "b", rules=RULES)]))
    (only,) = assessed.items
    assert (only.state, only.applies, assessed.verdict) == ("not-applicable", False, "no-go")
    assert render(only.causes, "en").count("it has none") == 2


def test_a_choice_left_out_beside_one_that_is_not_applicable_leaves_nothing_to_ask() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][1]["when"] = {"tier": 4}
    (only,) = assess(case(answers={"a": answer("not-applicable")}, sections=[section])).items
    assert (only.state, only.applies) == ("not-applicable", False)


def test_a_choice_of_which_a_check_found_half_applies_whatever_was_answered() -> None:
    section = choices("a", "b", rules=RULES)
    section["items"][0]["checks"] = [check()]
    said = {"a": answer("not-applicable"), "b": answer("not-applicable")}
    (only,) = assess(case(answers=said, sections=[section]), evidence(a=[PARTIAL])).items
    assert (only.state, only.risk) == ("not-met", "high")


# Causes


@pytest.mark.parametrize(
    ("keys", "said", "findings", "english", "chinese"),
    [
        ({}, None, [], "nobody has answered", "还没有人回答"),
        ({}, answer("no"), [], "wei answered no on 2026-11-22", "wei 于 2026-11-22 回答“否”"),
        ({}, answer("yes", on=OLD), [], "the answer of 2025-11-21 held until 2026-11-21", "2026-11-21"),
        (PROVEN, answer("yes"), [], "the evidence that it requires is missing", "缺少必需的证据"),
        (
            {},
            answer("yes", evidence=EXPIRED),
            [],
            "the evidence “drill.md” expired on 2026-11-21",
            "“drill.md”已于 2026-11-21 过期",
        ),
        (ONE, None, [found("not-met", says="2 of 3 are there")], "files: 2 of 3 are there", "files：2 of 3 are there"),
        (ONE, None, [], "the check files has not been run", "尚未运行"),
        ({}, answer("partial"), [], "wei answered partial on 2026-11-22", "wei 于 2026-11-22 回答“部分满足”"),
        ({}, answer("not-applicable"), [], "not applicable according to wei: it has none", "it has none"),
        (ONE, None, [RUN_OUT], "files: said so (held until 2026-11-21)", "2026-11-21"),
        (ONE, None, [PARTIAL], "files: said so", "files：said so"),
        ({}, answer("partial", on=OLD), [], "the answer of 2025-11-21 held until 2026-11-21", "2025-11-21"),
        ({}, answer(evidence=[{"path": "a.md", "expires": day(-1)}]), [], "the evidence “a.md” expired", "“a.md”"),
        (
            {},
            answer(evidence=[{"url": "https://a.example/", "expires": day(-1)}]),
            [],
            "the evidence “https://a.example/” expired",
            "https://a.example/",
        ),
        (TWO, None, [NOT_MET, NOT_MET], "files: said so, files: said so", "files：said so；files：said so"),
    ],
)
def test_a_state_says_why_it_is_so(
    keys: dict[str, Any], said: dict[str, Any] | None, findings: list[Finding], english: str, chinese: str
) -> None:
    (only,) = assess(case(item("a", **keys), answers={"a": said} if said else {}), one(*findings)).items
    assert english in render(only.causes, "en")
    assert chinese in render(only.causes, "zh-CN")


@pytest.mark.parametrize(
    ("keys", "who"),
    [
        ({}, "person"),
        ({"checks": [check()]}, "checks"),
        ({"checks": [check()], "answered_by": "both"}, "both"),
        ({"checks": [check()], "answered_by": "person"}, "person"),
    ],
    ids=str,
)
def test_checks_decide_where_there_are_some_and_nothing_else_is_said(keys: dict[str, Any], who: str) -> None:
    (only,) = assess(case(item("a", **keys))).items
    assert only.item is not None
    assert decider(only.item) == who


def test_a_met_item_needs_no_cause() -> None:
    (only,) = assess(case(item("a"), answers={"a": answer()})).items
    assert only.causes == ()


# Not applicable, where the item may mean no-go


NA = answer("not-applicable")


@pytest.mark.parametrize(
    ("keys", "said", "state"),
    [
        pytest.param({}, {}, "not-applicable", id="approved by another"),
        pytest.param({}, {"approved_by": None}, "unanswered", id="approved by nobody"),
        pytest.param({}, {"approved_by": "wei"}, "unanswered", id="by who answered"),
        pytest.param({}, {"approved_by": "wei@example.com"}, "unanswered", id="by a name that is alike"),
        pytest.param({"risk": "medium"}, {"approved_by": None}, "not-applicable", id="of a risk that does not stop"),
        pytest.param({"risk": "low", "blocking": True}, {"approved_by": None}, "unanswered", id="blocking"),
    ],
)
def test_not_applicable_needs_another_person_where_the_item_may_stop(
    keys: dict[str, Any], said: dict[str, Any], state: str
) -> None:
    made = case(item("a", **keys), answers={"a": NA | said}, policy={"no_go": ["high"]})
    (only,) = assess(made).items
    assert (only.state, only.applies) == (state, False)
    if state == "unanswered":
        assert "another person has to agree (approved_by)" in render(only.causes, "en")


@pytest.mark.parametrize("blocking", [True, False], ids=["blocking", "not blocking"])
@pytest.mark.parametrize("no_go", [["high"], []], ids=["a risk stops", "no risk stops"])
@pytest.mark.parametrize("approved_by", ["ana", None])
def test_a_choice_that_nobody_else_calls_not_applicable_leaves_its_section_unanswered(
    blocking: bool, no_go: list[str], approved_by: str | None
) -> None:
    section = choices("x", "y", rules=[("!y", "none"), ("default", "high")], blocking=blocking)
    said = {"x": answer(), "y": NA | {"approved_by": approved_by}}
    (only,) = assess(case(sections=[section], answers=said, policy={"no_go": no_go})).items
    alone = approved_by is None and (blocking or bool(no_go))
    assert (only.state == "unanswered") is alone
    assert (only.state, only.risk) == ("unanswered" if alone else "not-met", "high")


def test_an_inherited_not_applicable_needs_another_person_too() -> None:
    for approved_by, state in (("ana", "not-applicable"), (None, "unanswered")):
        (only,) = assess(case(item("a", scope="team"), team={"a": NA | {"approved_by": approved_by}})).items
        assert only.state == state


# What proves something


@pytest.mark.parametrize(
    ("shown", "hollow", "state", "why"),
    [
        ([], 0, "unknown", "the evidence that it requires is missing"),
        ([{"title": "the drill"}], 0, "unknown", "a title alone is not the evidence"),
        ([{"title": "the drill", "path": "drill.md"}], 0, "met", ""),
        ([{"url": "https://example.com/drill"}], 0, "met", ""),
        ([{"path": "drills"}], 1, "unknown", "drills is a folder"),
        ([{"path": "drills"}, {"path": "drill.md"}], 1, "met", ""),
        ([{"path": "drills"}, {"title": "the drill"}], 1, "unknown", "drills is a folder"),
    ],
    ids=["nothing", "a title", "a file", "a link", "a folder", "a folder and a file", "a folder and a title"],
)
def test_evidence_that_is_required_is_a_link_or_a_file_with_content(
    shown: list[dict[str, Any]], hollow: int, state: str, why: str
) -> None:
    beside = Evidence(hollow={"c/a": (say("evidence.entry.folder", path="drills"),) * hollow})
    (only,) = assess(case(item("a", evidence="required"), answers={"a": answer(evidence=shown)}), beside).items
    assert only.state == state
    assert why in render(only.causes, "en")
    (other,) = assess(case(item("a"), answers={"a": answer(evidence=shown)}), beside).items
    assert other.state == "met"


def test_a_check_that_is_met_proves_what_a_title_does_not() -> None:
    asked = item("a", evidence="required", answered_by="both", **ONE)
    made = case(asked, answers={"a": answer(evidence=[{"title": "t"}])})
    assert assess(made, one(MET)).items[0].state == "met"
