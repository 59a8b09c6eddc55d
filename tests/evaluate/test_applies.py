"""Why an item is left out, in words."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from support.builders import TODAY, answer, assess, case, day, item

from orr.evaluate.applies import is_live, was_left_out
from orr.messages import LANGUAGES, render, say
from orr.model.validation import read
from orr.model.workload import Workload


def workload(live_since: date | None) -> Workload:
    since = None if live_since is None else live_since.isoformat()
    return read(
        Workload, {"workload": "w", "title": "W", "tier": 1, "owner": {"team": "payments"}, "live_since": since}
    )


@pytest.mark.parametrize(
    ("since", "live"),
    [(None, False), (TODAY, True), (TODAY - timedelta(days=1), True), (TODAY + timedelta(days=1), False)],
    ids=["never", "today", "since yesterday", "tomorrow"],
)
def test_a_workload_is_live_from_its_first_day_on(since: date | None, live: bool) -> None:
    assert is_live(workload(since), TODAY) is live


@pytest.mark.parametrize(
    ("keys", "given", "english"),
    [
        ({"when": {"tier": [2, 3]}}, {}, "it is for tier 2, 3 and this workload is tier 1"),
        ({"when": {"tags": ["public", "paid"]}}, {}, "it is for workloads tagged public, paid"),
        ({"when": {"team": ["search"]}}, {}, "it is for the workloads of search, and payments owns this one"),
        ({"when": {"governance": "centralized"}}, {}, "it is for centralized governance"),
        ({"when": {"provider": True}}, {}, "it is for workloads with a service provider"),
        (
            {"when": {"provider": False}},
            {"operating_model": {"provider": "acme"}},
            "it is for workloads without a service provider",
        ),
        ({"when": {"live": True}}, {}, "it is for workloads that are already live"),
        ({"when": {"live": False}}, {"live_since": day(0)}, "it is for workloads that are not live yet"),
        (
            {"occasions": ["change", "recurring"]},
            {},
            "it is asked on change, recurring, and the occasion is launch",
        ),
    ],
    ids=str,
)
def test_an_item_that_is_left_out_says_why(keys: dict[str, Any], given: dict[str, Any], english: str) -> None:
    (only,) = assess(case(item("a", **keys), workload=given)).items
    assert render(only.causes, "en") == f"left out because {english}"
    assert was_left_out(only.causes)


def test_an_item_that_is_enforced_later_says_from_when_and_why() -> None:
    live = {"live_since": day(-9), "launch": day(-9)}
    (only,) = assess(case(item("a", enforce_from=day(1)), workload=live, occasion="recurring")).items
    assert render(only.causes, "en") == "left out until 2026-11-23, because the workload has been live since 2026-11-13"


@pytest.mark.parametrize(
    ("occasion", "workload", "spared"),
    [
        ("recurring", {"live_since": day(-9)}, True),
        ("change", {"live_since": day(-9), "launch": day(-9)}, True),
        ("recurring", {"live_since": day(-9), "launch": day(-30)}, True),
        ("recurring", {"live_since": day(1)}, False),
        ("recurring", {}, False),
        ("launch", {"live_since": day(-9), "launch": day(-9)}, True),
        ("launch", {"live_since": day(-9)}, False),
        ("recurring", {"live_since": day(-9), "launch": day(5)}, False),
        ("change", {"live_since": day(-9), "launch": day(-8)}, False),
    ],
    ids=[
        "live",
        "launched that day",
        "live later than planned",
        "live tomorrow",
        "never live",
        "after its launch",
        "a launch of no day",
        "another launch ahead",
        "launched again",
    ],
)
def test_an_item_that_is_enforced_later_never_spares_a_launch(
    occasion: str, workload: dict[str, Any], spared: bool
) -> None:
    (only,) = assess(case(item("a", enforce_from=day(1)), workload=workload, occasion=occasion)).items
    assert was_left_out(only.causes) is spared


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_governance_that_is_asked_for_is_named_in_the_language(language: str) -> None:
    (only,) = assess(case(item("a", when={"governance": ["centralized", "decentralized"]}))).items
    for kind in ("centralized", "decentralized"):
        assert render(say(f"rule.governance.{kind}"), language) in render(only.causes, language)


def test_who_answered_not_applicable_did_not_leave_it_out() -> None:
    (only,) = assess(case(item("a"), answers={"a": answer("not-applicable")})).items
    assert not was_left_out(only.causes)
    assert not was_left_out(())


def test_where_only_the_core_is_asked_the_rest_is_left_out_whatever_was_answered() -> None:
    core = {"items": "core"}
    made = case(item("a", core=True), item("b"), answers={"b": answer("yes")}, policy=core)
    assert [one.state for one in assess(made).items] == ["unanswered", "not-applicable"]
    assert render(assess(made).asked.in_words, "en") == "1 of 1 checklist; core questions only: 1 of 2"
    assert render(assess(made).asked.in_words, "zh-CN").endswith("只询问核心问题：2 项中的 1 项")
