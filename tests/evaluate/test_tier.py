"""The tier that counts: derived, assigned or excepted, and never made laxer by what is left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import TODAY, answer, assess, case, check, day, evidence, found, item, waiver

from orr.evaluate.tier import Rating, TierRules, rate
from orr.messages import render
from orr.model.impact import DEFAULT_TABLE, LEAST_CRITICAL, ImpactRow
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.model.workload import Workload

HARMLESS: dict[str, Any] = {
    "outage_cost": "0 EUR",
    "users": 0,
    "teams": 0,
    "data": "public",
    "safety": False,
    "legal": False,
    "availability": "90%",
    "rto": "7d",
    "rpo": "7d",
}
SECOND = HARMLESS | {"outage_cost": "20k EUR"}
POLICY = tuple(
    read(PolicyRow, row)
    for row in (
        {"tiers": [1, 2], "no_go": ["high"], "sign_offs": ["a", "b"], "waiver_max_days": 60},
        {"tiers": [3, 4], "no_go": [], "conditional": ["high"], "sign_offs": ["a"], "waiver_max_days": 180},
    )
)
RULES = TierRules(POLICY)


def exception(**changes: Any) -> dict[str, Any]:
    """An exception of tier 3 in place of tier 2 that ends in 30 days."""
    said = {"tier": 3, "instead_of": 2, "reason": "it moves", "requested_by": "wei", "expires": day(30)}
    return {**said, "approved_by": "ana", "on": day(-1), **changes}


def rated(rules: TierRules = RULES, today: date | None = TODAY, **said: Any) -> Rating:
    return rate(read(Workload, {"workload": "shop", "title": "S", "owner": {"team": "t"}, **said}), rules, today)


def says(rating: Rating) -> str:
    return render(rating.says, "en")


@pytest.mark.parametrize(
    ("changes", "tier", "because"),
    [
        ({}, 4, "nothing in it asks for a more critical one"),
        ({"outage_cost": "499.99 USD"}, 4, "nothing"),
        ({"outage_cost": "500 USD"}, 3, "an hour of outage costs 500 USD"),
        ({"outage_cost": "40k CNY"}, 2, "an hour of outage costs 40,000 CNY"),
        ({"outage_cost": "50k EUR"}, 1, "an hour of outage costs 50,000 EUR"),
        ({"outage_cost": "1 XTS"}, 1, "an hour of outage costs 1 XTS, and the table has no bounds in XTS"),
        ({"outage_cost": None}, 1, "what it does not give counts as the most critical, so add outage_cost"),
        ({"users": 100_000}, 1, "an outage stops 100,000 users"),
        ({"teams": 5}, 2, "an outage stops 5 teams"),
        ({"data": "confidential"}, 2, "its data are confidential"),
        ({"safety": True}, 1, "people's safety depends on it"),
        ({"safety": None}, 1, "so add safety"),
        ({"legal": True}, 2, "a law or a contract demands it"),
        ({"legal": None}, 2, "so add legal"),
        ({"availability": "99.99%"}, 1, "99.99% availability is promised"),
        ({"rto": "15m"}, 1, "it must be back within 15m"),
        ({"rpo": "0s"}, 1, "it may lose data of 0m"),
        ({"legal": True, "users": 10_000, "teams": 5}, 2, "10,000 users, an outage stops 5 teams, one more"),
        (
            {"users": 100_000, "rto": None, "rpo": None},
            1,
            "so add rto, rpo, an outage stops 100,000 users",
        ),
    ],
)
def test_the_worst_field_of_an_impact_gives_the_tier_and_is_named(
    changes: dict[str, Any], tier: int, because: str
) -> None:
    rating = rated(impact=HARMLESS | changes)
    assert (rating.tier, rating.required, rating.founded) == (tier, tier, True)
    assert f"Tier {tier}, derived from impact: " in says(rating)
    assert because in says(rating)


def test_what_the_table_does_not_look_at_decides_nothing_and_need_not_be_given() -> None:
    table = (read(ImpactRow, {"tier": 2, "users": 10}),)
    assert rated(TierRules(table=table), impact={"users": 9}).tier == LEAST_CRITICAL
    assert rated(TierRules(table=table), impact={"users": 10}).tier == 2
    assert rated(TierRules(table=table), impact={}).tier == 2
    assert rated(TierRules(table=table)).tier == 2


@pytest.mark.parametrize(
    ("said", "tier", "words"),
    [
        pytest.param({}, 1, "because workload.yaml has no impact; add `impact:`", id="nothing"),
        pytest.param({"tier": 4}, 1, "Tier 4, which workload.yaml says, does not count: a laxer", id="a claim"),
        pytest.param({"tier": 4, "live_since": day(-9)}, 1, "`tiers: {shop: …}` to orr.yaml", id="a claim, live"),
        pytest.param({"impact": SECOND}, 2, "derived from impact: an hour of outage costs 20,000 EUR", id="an impact"),
        pytest.param({"impact": SECOND, "tier": 2}, 2, "derived from impact", id="the same claim"),
        pytest.param({"impact": SECOND, "tier": 1}, 1, "as workload.yaml says; tier 2 would be", id="a stricter claim"),
        pytest.param({"impact": SECOND, "tier": 3}, 2, "Tier 3, which workload.yaml says", id="a laxer claim"),
        pytest.param(
            {"impact": SECOND, "tier_exception": exception()},
            3,
            f"Tier 3 until {day(30)}, by an exception that ana approved; without it tier 2",
            id="an exception",
        ),
        pytest.param(
            {"impact": SECOND, "tier": 3, "tier_exception": exception()}, 3, "by an exc", id="claim and exception"
        ),
        pytest.param(
            {"impact": SECOND, "tier": 4, "tier_exception": exception()}, 3, "by an exc", id="beyond the exception"
        ),
        pytest.param(
            {"impact": SECOND, "tier": 3, "tier_exception": exception(tier=4)},
            3,
            "by an exc",
            id="within the exception",
        ),
        pytest.param(
            {"impact": SECOND, "tier": 1, "tier_exception": exception()}, 1, "as workload", id="strict anyway"
        ),
        pytest.param(
            {"impact": SECOND, "tier": 2, "tier_exception": exception()}, 2, "derived", id="as derived anyway"
        ),
    ],
)
def test_a_laxer_tier_than_the_derived_one_takes_an_exception(said: dict[str, Any], tier: int, words: str) -> None:
    rating = rated(**said)
    assert rating.tier == tier
    assert words in says(rating)
    assert rating.policy is POLICY[0 if tier < 3 else 1]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"approved_by": None}, "asked for by wei and not approved yet"),
        ({"on": None}, "asked for by wei and not approved yet"),
        ({"approved_by": "wei"}, "wei asked for it and approved it; another person must approve it"),
        ({"approved_by": "Wei "}, "another person must approve it"),
        ({"on": day(1)}, f"approved only from {day(1)}"),
        ({"expires": day(-1), "on": day(-9)}, f"it ended on {day(-1)}"),
        ({"expires": day(60)}, "it runs for 61 days, and the policy allows 60"),
        ({"instead_of": 3, "tier": 4}, "it was approved in place of tier 3, and tier 2 is derived now"),
        ({"tier": 2}, "tier 2 is allowed without it"),
    ],
)
def test_an_exception_that_does_not_hold_leaves_the_derived_tier(changes: dict[str, Any], why: str) -> None:
    for claim in ({}, {"tier": 4}):
        rating = rated(impact=SECOND, tier_exception=exception(**changes), **claim)
        assert (rating.tier, rating.until) == (2, None)
        assert why in render(rating.ineffective, "en")
        assert ("Tier 4, which workload.yaml says" in says(rating)) is bool(claim)


def test_an_exception_is_bounded_by_the_policy_of_the_tier_that_it_departs_from() -> None:
    assert rated(impact=SECOND, tier_exception=exception(on=day(0), expires=day(60))).tier == 3
    assert (
        rated(impact=SECOND, tier_exception=exception(on=day(0), expires=day(61))).tier == 2
    )  # tier 3 allows 180 days


@pytest.mark.parametrize(("today", "tier"), [(-2, 2), (-1, 3), (30, 3), (31, 2), (None, 2)])
def test_an_exception_counts_from_its_approval_to_its_end_both_included(today: int | None, tier: int) -> None:
    on = None if today is None else TODAY + timedelta(days=today)
    assert rated(today=on, impact=SECOND, tier_exception=exception()).tier == tier


# Laws

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "outage_cost": st.builds("{} {}".format, st.integers(0, 10**6), st.sampled_from(["EUR", "CNY", "XTS"])),
    "users": st.integers(0, 10**6),
    "teams": st.integers(0, 50),
    "data": st.sampled_from(["public", "internal", "confidential", "restricted"]),
    "safety": st.booleans(),
    "legal": st.booleans(),
    "availability": st.integers(9000, 10_000).map(lambda share: f"{share / 100}%"),
    "rto": st.builds("{}{}".format, st.integers(0, 99), st.sampled_from("smhd")),
    "rpo": st.builds("{}{}".format, st.integers(0, 99), st.sampled_from("smhd")),
}
IMPACTS = st.fixed_dictionaries({}, optional=VALUES)
TABLES = st.lists(st.sampled_from(DEFAULT_TABLE), min_size=1, unique=True).map(tuple)
SAID = st.fixed_dictionaries(
    {},
    optional={
        "impact": IMPACTS,
        "tier": st.integers(1, 4),
        "tier_exception": st.builds(
            exception,
            tier=st.integers(1, 4),
            instead_of=st.integers(1, 4),
            approved_by=st.sampled_from(["ana", "wei", None]),
            on=st.sampled_from([day(-40), day(-1), day(0), None]),
            expires=st.sampled_from([day(-2), day(0), day(30), day(400)]),
        ),
    },
)


def without(said: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != key}


@given(IMPACTS, TABLES)
def test_leaving_out_a_line_of_an_impact_or_all_of_it_never_gives_a_laxer_tier(
    impact: dict[str, Any], table: tuple[ImpactRow, ...]
) -> None:
    rules = TierRules(table=table)
    tier = rated(rules, impact=impact).tier
    assert 1 <= rated(rules).tier <= tier <= LEAST_CRITICAL
    for name in impact:
        assert rated(rules, impact=without(impact, name)).tier <= tier
        assert rated(rules, impact=impact | {name: None}).tier <= tier


@given(IMPACTS, st.sampled_from(["users", "teams"]), st.integers(1, 10**6), TABLES)
def test_more_of_what_stops_never_gives_a_laxer_tier(
    impact: dict[str, Any], field: str, more: int, table: tuple[ImpactRow, ...]
) -> None:
    rules = TierRules(table=table)
    greater = impact | {field: impact.get(field, 0) + more}
    assert rated(rules, impact=greater).tier <= rated(rules, impact=impact | {field: impact.get(field, 0)}).tier


@given(SAID)
def test_a_tier_is_no_laxer_than_required_but_by_an_exception_that_counts(said: dict[str, Any]) -> None:
    rating = rated(**said)
    assert rating.tier <= rating.required or rating.until is not None
    assert rated(**without(said, "tier_exception")).tier <= max(rating.tier, rating.required)
    assert rating.required == rated(**without(without(said, "tier_exception"), "tier")).tier


@given(SAID)
def test_leaving_out_or_ageing_an_exception_or_its_approval_never_gives_a_laxer_tier(said: dict[str, Any]) -> None:
    tier = rated(**said).tier
    late = rated(today=TODAY + timedelta(days=500), **said).tier
    assert late <= tier
    assert rated(**without(said, "tier_exception")).tier <= tier
    if "tier_exception" in said:
        for key in ("approved_by", "on"):
            assert rated(**said | {"tier_exception": without(said["tier_exception"], key)}).tier <= tier


# Where it counts

STEP = {"workload": {"impact": SECOND, "tier_exception": exception()}, "rules": RULES}


def test_policy_when_votes_and_the_words_follow_the_tier_that_counts() -> None:
    items = (item("a"), item("b", when={"tier": 3}), item("c", when={"tier": [1, 2]}))
    excepted, later = assess(case(*items, **STEP)), assess(case(*items, **STEP), offset=31)
    assert [str(one.verdict) for one in (excepted, later)] == ["conditional-go", "no-go"]
    assert [[str(part.state) for part in one.items] for one in (excepted, later)] == [
        ["unanswered", "unanswered", "not-applicable"],
        ["unanswered", "not-applicable", "unanswered"],
    ]
    assert [one.case.policy.sign_offs for one in (excepted, later)] == [("a",), ("a", "b")]
    assert render(later.items[1].causes[0], "en") == "left out because it is for tier 3 and this workload is tier 2"
    assert excepted.digest != later.digest


def test_the_forecast_judges_the_days_after_an_exception_with_the_derived_tier() -> None:
    said = {"a": answer("partial"), "c": answer(on=day(-340))}
    made = case(item("a"), item("b", when={"tier": 3}, risk="low"), item("c", when={"tier": 2}), answers=said, **STEP)
    (change,) = assess(made).forecast
    assert (change.on.isoformat(), str(change.verdict)) == (day(31), "no-go")
    assert render(change.because[0], "en") == f"the exception of tier 3 ends on {day(30)}, and tier 2 counts"
    for offset in range(40):
        then = assess(made, offset=offset)
        assert str(then.verdict) == ("conditional-go" if offset <= 30 else "no-go")
    lapses = [(lapse.on.isoformat(), lapse.name, str(lapse.state)) for lapse in assess(made).lapses]
    assert (day(31), "c/c", "stale") in lapses


def test_what_has_not_been_collected_under_the_laxer_tier_is_unknown_after_it() -> None:
    made = case(item("a", checks=[check()]), item("b", checks=[check()], when={"tier": 2}), **STEP)
    lapses = assess(made, evidence(a=[found("met")])).lapses
    assert [(lapse.on.isoformat(), lapse.name, str(lapse.state)) for lapse in lapses] == [(day(31), "c/b", "unknown")]


def test_a_waiver_that_the_laxer_policy_allowed_ends_with_the_exception() -> None:
    long = waiver("c/a", approved=-1, expires=100)
    made = case(item("a"), answers={"a": answer("no")}, waivers=[long], **STEP)
    assert [str(assess(made, offset=offset).verdict) for offset in (0, 30, 31)] == ["conditional-go"] * 2 + ["no-go"]
    assert [change.on.isoformat() for change in assess(made).forecast] == [day(31)]


def test_an_exception_that_ends_soon_or_does_not_count_is_flagged() -> None:
    flags = assess(case(item("a"), **STEP)).flags
    assert [(flag.flag, render(flag.says, "en")) for flag in flags] == [
        ("ending-exception", f"the exception to the tier ends on {day(30)}, in 30 days; tier 2 counts then")
    ]
    own = STEP | {"workload": {"impact": SECOND, "tier_exception": exception(approved_by="wei")}}
    (flag,) = assess(case(item("a"), **own)).flags
    assert flag.flag == "ineffective-exception"
    assert "another person must approve it" in render(flag.says, "en")
