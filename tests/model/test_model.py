"""What stands in the files, checked for form; and nothing read as what it is not."""

from __future__ import annotations

import copy
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError
from support.builders import DIGEST

from orr.model.base import Record
from orr.model.checklist import Checklist, Item
from orr.model.fields import days
from orr.model.review import Answer, OrganizationAnswers, Review, TeamAnswers
from orr.model.settings import Settings
from orr.model.validation import read
from orr.model.workload import Workload
from orr.source.kept import from_plain, to_plain

CHECKLIST = {
    "checklist": "rollback-plan",
    "version": 3,
    "title": {"en": "Rollback plan", "zh-CN": "回滚方案"},
    "sections": [{"section": "plan", "items": [{"item": "rehearsed", "ask": "Was it?", "risk": "high"}]}],
}
WORKLOAD = {"workload": "checkout", "title": "Checkout", "tier": 1, "owner": {"team": "payments"}}
ANSWER = {"answer": "yes", "by": "wei.chen", "on": "2026-11-20"}
PLAN = {"action": "rehearse", "owner": "wei.chen", "due": "2026-11-28"}
WAIVER = {"waiver": "W-1", "items": ["a/b"], "reason": "later", "requested_by": "wei.chen", "expires": "2026-12-31"}
VOTE = {"role": "operations", "by": "ana.ruiz", "vote": "go", "on": "2026-11-21", "digest": DIGEST}
REVIEW = {
    "review": "checkout",
    "answers": {"a/b": ANSWER | {"plan": PLAN, "evidence": [{"title": "Drill"}]}},
    "waivers": [WAIVER],
    "sign_offs": [VOTE],
    "pre_mortem": [{"scenario": "The bank is down"}],
}
TEAM = {"team": "payments", "answers": {"a/b": ANSWER}}
ORGANIZATION = {"organization": "acme"}
SETTINGS = {"timezone": "Asia/Shanghai", "policy": [{"tiers": [1, 2]}]}

WHOLE: dict[type[Record], dict[str, Any]] = {
    Checklist: CHECKLIST,
    Workload: WORKLOAD,
    Review: REVIEW,
    TeamAnswers: TEAM,
    OrganizationAnswers: ORGANIZATION,
    Settings: SETTINGS,
}

Keys = tuple[str | int, ...]


def changed(data: Any, keys: Keys, value: Any) -> Any:
    """The data with one value put in, or taken out where it is Ellipsis."""
    data = copy.deepcopy(data)
    place = data
    for key in keys[:-1]:
        place = place[key]
    if value is ...:
        del place[keys[-1]]
    else:
        place[keys[-1]] = value
    return data


def refusals(kind: type[Record], keys: Keys, value: Any) -> list[tuple[Keys, str]]:
    try:
        read(kind, changed(WHOLE[kind], keys, value))
    except ValidationError as error:
        found = [(one["loc"], one["type"]) for one in error.errors()]
        # Where an entry of a list is refused, pydantic calls the list too short as well.
        return [one for one in found if one[1] != "too_short" or one[0] == max((loc for loc, _ in found), key=len)]
    return []


@pytest.mark.parametrize("kind", WHOLE)
def test_what_is_whole_is_read(kind: type[Record]) -> None:
    assert read(kind, WHOLE[kind])


# Mandatory keys

ITEM: Keys = ("sections", 0, "items", 0)
A: Keys = ("answers", "a/b")


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        *((Checklist, (key,)) for key in ("checklist", "version", "title", "sections")),
        *((Checklist, ("sections", 0, key)) for key in ("section", "items")),
        *((Checklist, (*ITEM, key)) for key in ("item", "ask")),
        *((Workload, (key,)) for key in ("workload", "title", "owner")),
        (Workload, ("owner", "team")),
        (Review, ("review",)),
        *((Review, (*A, key)) for key in ("by", "on")),
        *((Review, (*A, "plan", key)) for key in ("action", "owner", "due")),
        *((Review, ("waivers", 0, key)) for key in WAIVER),
        *((Review, ("sign_offs", 0, key)) for key in VOTE),
        (Review, ("pre_mortem", 0, "scenario")),
        (TeamAnswers, ("team",)),
        (OrganizationAnswers, ("organization",)),
    ],
    ids=str,
)
def test_a_mandatory_key_is_missed_by_its_name(kind: type[Record], keys: Keys) -> None:
    assert refusals(kind, keys, ...) == [(keys, "missing")]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({"answer": "yes"}, None),
        ({"plan": PLAN}, None),
        ({"answer": "no", "plan": PLAN}, None),
        ({}, "orr.neither-answer-nor-plan"),
        ({"note": "soon"}, "orr.neither-answer-nor-plan"),
        ({"answer": "not-applicable"}, "orr.no-reason"),
        ({"answer": "not-applicable", "reason": " "}, "string_too_short"),
        ({"answer": "not-applicable", "reason": "it has no users"}, None),
    ],
    ids=str,
)
def test_an_answer_says_something_or_promises_something(said: dict[str, Any], refused: str | None) -> None:
    found = refusals(Review, A, {"by": "wei.chen", "on": "2026-11-20", **said})
    assert [kind for _, kind in found] == ([refused] if refused else [])


# Unknown keys


@pytest.mark.parametrize(
    ("kind", "keys"),
    [
        (Checklist, ("sekctions",)),
        (Checklist, ("sections", 0, "x")),
        (Checklist, (*ITEM, "blockin")),
        (Workload, ("x",)),
        (Workload, ("owner", "x")),
        (Review, ("x",)),
        (Review, (*A, "x")),
        (Review, (*A, "plan", "x")),
        (Review, (*A, "evidence", 0, "x")),
        (Review, ("waivers", 0, "x")),
        (Review, ("sign_offs", 0, "x")),
        (Review, ("pre_mortem", 0, "x")),
        (TeamAnswers, ("x",)),
        (OrganizationAnswers, ("x",)),
        (Settings, ("x",)),
        (Settings, ("policy", 0, "x")),
    ],
    ids=str,
)
def test_an_unknown_key_is_refused(kind: type[Record], keys: Keys) -> None:
    assert refusals(kind, keys, "y") == [(keys, "unexpected_keyword_argument")]


def test_a_check_takes_any_parameters() -> None:
    data = changed(CHECKLIST, (*ITEM, "checks"), [{"check": "files", "paths": ["a"], "at_least": 2}])
    (check,) = read(Checklist, data).sections[0].items[0].checks
    assert (check.check, check.parameters) == ("files", {"paths": ["a"], "at_least": 2})


# Types: nothing is taken for what it is not


@pytest.mark.parametrize(
    ("kind", "keys", "value"),
    [
        *((Checklist, (*ITEM, "blocking"), value) for value in ("yes", "true", 1, 0, None.__class__.__name__)),
        *((Checklist, (*ITEM, key), "no") for key in ("waivable", "plan_accepted", "core")),
        *((Checklist, (*ITEM, "effort"), value) for value in ("5", "0m", "1000m", "05m", "5 m", "-5m", "٥m", "1h", 5)),
        (Checklist, (*ITEM, "role"), "service-owner"),
        (Checklist, (*ITEM, "role"), ["security", "everybody"]),
        (Checklist, (*ITEM, "phase"), ["design"]),
        (Checklist, (*ITEM, "when"), {"live": "yes"}),
        (Checklist, (*ITEM, "when"), {"provider": 1}),
        (Checklist, (*ITEM, "when"), {"tier": "1"}),
        (Checklist, (*ITEM, "when"), {"tier": [True]}),
        (Checklist, (*ITEM, "when"), {"tier": [5]}),
        (Checklist, (*ITEM, "when"), {"tags": [1]}),
        (Checklist, (*ITEM, "when"), {"governance": "central"}),
        (Checklist, (*ITEM, "risk"), "severe"),
        (Checklist, (*ITEM, "risk"), "High"),
        (Checklist, (*ITEM, "scope"), "company"),
        (Checklist, (*ITEM, "occasions"), ["launch", "party"]),
        (Checklist, (*ITEM, "evidence"), True),
        (Checklist, (*ITEM, "answered_by"), "robot"),
        (Checklist, (*ITEM, "practice"), [1]),
        (Checklist, (*ITEM, "ask"), 5),
        (Checklist, (*ITEM, "ask"), ""),
        (Checklist, (*ITEM, "ask"), {"en": "x", "de": "y"}),
        (Checklist, (*ITEM, "ask"), {"en": " "}),
        (Checklist, (*ITEM, "ask"), {}),
        (Checklist, (*ITEM, "ask"), ["x"]),
        (Checklist, (*ITEM, "item"), "two words"),
        (Checklist, (*ITEM, "item"), "a/b"),
        (Checklist, (*ITEM, "item"), "-a"),
        (Checklist, (*ITEM, "item"), "a\n"),
        (Checklist, (*ITEM, "item"), "a" * 129),
        (Checklist, ("checklist",), "Rollback"),
        (Checklist, ("checklist",), "a--b"),
        (Checklist, ("checklist",), "a_b"),
        (Checklist, ("version",), "3"),
        (Checklist, ("version",), True),
        (Checklist, ("version",), 1.0),
        (Checklist, ("version",), 0),
        (Checklist, ("sections",), []),
        (Checklist, ("sections",), {}),
        (Checklist, ("sections", 0, "items"), []),
        (Checklist, ("sections", 0, "risk_rules"), [{"if": "", "risk": "high"}]),
        (Checklist, ("sections", 0, "risk_rules"), [{"if": "a", "risk": "low"}]),
        (Workload, ("tier",), "1"),
        (Workload, ("tier",), True),
        (Workload, ("tier",), 1.0),
        (Workload, ("tier",), 0),
        (Workload, ("tier",), 5),
        (Workload, ("title",), 12),
        (Workload, ("workload",), "../x"),
        (Workload, ("workload",), "a/b"),
        (Workload, ("workload",), ".hidden"),
        (Workload, ("workload",), "a\x00"),
        (Workload, ("owner",), "payments"),
        (Workload, ("owner", "team"), "../../payments"),
        (Workload, ("owner", "team"), ".."),
        (Workload, ("owner", "team"), ""),
        (Workload, ("live_since",), "2026-11-20T10:00"),
        (Workload, ("live_since",), 20261120),
        (Workload, ("launch",), "soon"),
        (Workload, ("tags",), [True]),
        (Workload, ("tags",), {"a": 1}),
        (Workload, ("operating_model",), {"governance": "none"}),
        (Review, ("occasion",), "party"),
        (Review, (*A, "answer"), True),
        (Review, (*A, "answer"), "y"),
        (Review, (*A, "answer"), "Yes"),
        (Review, (*A, "by"), 7),
        (Review, (*A, "by"), "  "),
        (Review, (*A, "note"), ["x"]),
        (Review, (*A, "evidence"), "x"),
        (Review, (*A, "evidence"), [{}]),
        (Review, (*A, "evidence"), [{"collected": "2026-11-20"}]),
        (Review, (*A, "evidence"), [{"title": "x", "sha256": "0" * 64}]),
        (Review, (*A, "evidence"), [{"path": "x", "sha256": "0" * 63}]),
        (Review, (*A, "evidence"), [{"path": "x", "sha256": 1}]),
        (Review, (*A, "evidence"), [{"url": "javascript:alert(1)"}]),
        (Review, (*A, "evidence"), [{"url": "http://"}]),
        (Review, (*A, "evidence"), [{"url": "https://example.com/a b"}]),
        (Review, (*A, "evidence"), [{"url": "https://evil.example\\@example.com/a"}]),
        (Review, (*A, "evidence"), [{"url": "https://ex%61mple.com/a"}]),
        (Review, (*A, "evidence"), [{"url": "https://ann:hush@example.com/a"}]),
        (Settings, ("report_url",), "https://token@example.com/reports"),
        (Review, ("answers",), []),
        (Review, ("waivers", 0, "items"), []),
        (Review, ("waivers", 0, "items"), "a/b"),
        (Review, ("waivers", 0, "waiver"), "W 1"),
        (Review, ("sign_offs", 0, "vote"), "yes"),
        (Review, ("sign_offs", 0, "digest"), "sha1:00"),
        (Review, ("pre_mortem", 0, "impact"), "huge"),
        (Settings, ("language",), "de"),
        (Settings, ("repositories",), "../x"),
        (Settings, ("policy", 0, "tiers"), []),
        (Settings, ("policy", 0, "tiers"), ["1"]),
        (Settings, ("policy", 0, "no_go"), ["severe"]),
        (Settings, ("policy", 0, "waiver_max_days"), "90d"),
        (Settings, ("policy", 0, "waiver_max_days"), 0),
        (Settings, ("policy", 0, "waiver_max_days"), True),
    ],
    ids=lambda value: None if isinstance(value, type) else repr(value)[:40],
)
def test_what_is_of_another_type_or_form_is_refused(kind: type[Record], keys: Keys, value: Any) -> None:
    found = refusals(kind, keys, value)
    assert found
    assert all(place[: len(keys)] == keys for place, _ in found)


GROUP = {"any_of": [{"check": "files", "paths": "a"}, {"check": "aws", "recipe": "b"}]}


def test_a_group_of_checks_stands_in_the_place_of_one_and_is_written_as_it_was_read() -> None:
    of = read(Item, {"item": "a", "ask": "?", "risk": "high", "checks": [GROUP, {"check": "document", "path": "c"}]})
    assert [spec.check for spec in of.checks] == ["any_of", "document"]
    assert [spec.check for spec in of.sources] == ["files", "aws", "document"]
    assert of.as_data()["checks"] == [GROUP, {"check": "document", "path": "c"}]
    assert from_plain(to_plain(of)) == of


@pytest.mark.parametrize(
    ("group", "at", "kind"),
    [
        ({"any_of": []}, ("any_of",), "too_short"),
        ({"any_of": "files"}, ("any_of",), "tuple_type"),
        ({"any_of": [{"paths": "a"}]}, ("any_of", 0, "check"), "missing"),
        ({**GROUP, "check": "files"}, (), "orr.group-alone"),
        ({**GROUP, "parameters": {}}, (), "orr.group-alone"),
        ({"any_of": [GROUP]}, (), "orr.nested-group"),
    ],
    ids=["empty", "no list", "no kind", "beside a check", "beside another key", "nested"],
)
def test_a_group_of_checks_that_is_none_is_refused(group: dict[str, Any], at: Keys, kind: str) -> None:
    assert refusals(Checklist, (*ITEM, "checks"), [group]) == [((*ITEM, "checks", 0, *at), kind)]


@pytest.mark.parametrize("who", ["checks", "both"])
def test_an_item_without_checks_is_not_answered_by_them(who: str) -> None:
    assert refusals(Checklist, (*ITEM, "answered_by"), who) == [(ITEM, "orr.no-checks")]
    data = changed(
        CHECKLIST, ITEM, {**CHECKLIST["sections"][0]["items"][0], "checks": [{"check": "x"}], "answered_by": who}
    )
    assert read(Checklist, data)


@pytest.mark.parametrize(
    "value",
    [
        "2026-1-2",
        "2026-02-30",
        "20261120",
        "28.11.2026",
        "today",
        "",
        "２０２６-11-20",
        "2026-11-20 ",
        20261120,
        1.5,
        True,
        None,
        [],
    ],
)
def test_a_day_is_written_as_one(value: Any) -> None:
    assert refusals(Review, ("waivers", 0, "expires"), value)
    assert refusals(Review, (*A, "on"), value)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20", date(2026, 11, 20)),
        ("2026-11-20T09:00", datetime(2026, 11, 20, 9)),
        ("2026-11-20 09:00:30", datetime(2026, 11, 20, 9, 0, 30)),
        ("2026-11-20T09:00Z", datetime(2026, 11, 20, 9, tzinfo=UTC)),
        ("2026-11-20T09:00+08:00", datetime(2026, 11, 20, 9, tzinfo=timezone(timedelta(hours=8)))),
        ("2026-11-20T09:00:00.5-0330", datetime(2026, 11, 20, 9, 0, 0, 500000, timezone(-timedelta(hours=3.5)))),
    ],
)
def test_a_moment_is_a_day_or_a_day_with_a_time(text: str, moment: date) -> None:
    on = read(Answer, ANSWER | {"on": text}).on
    assert (on, type(on)) == (moment, type(moment))


@pytest.mark.parametrize(
    "text", ["2026-11-20T25:00", "2026-11-20T09", "09:00", "2026-11-20T09:00+25:00", "2026-11-20T09:00 CET"]
)
def test_no_other_time_is_one(text: str) -> None:
    assert refusals(Review, (*A, "on"), text) == [((*A, "on"), "orr.moment")]


@pytest.mark.parametrize(("text", "number"), [("1d", 1), ("90d", 90), ("99999d", 99999)])
def test_a_duration_is_days(text: str, number: int) -> None:
    data = changed(CHECKLIST, (*ITEM, "valid_for"), text)
    assert read(Checklist, data).sections[0].items[0].valid_for == number == days(text)


@pytest.mark.parametrize(
    "value", ["0d", "-1d", "90", 90, -5, 1.5, True, "3w", "90 d", "1.5d", "100000d", "09d", "９d", "", None]
)
def test_nothing_else_is_a_duration(value: Any) -> None:
    assert refusals(Checklist, (*ITEM, "valid_for"), value) == [((*ITEM, "valid_for"), "orr.days")]


def test_a_duration_that_is_none_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="9"):
        days("9")


# Lists that may be written as one, texts in one or two languages, defaults


@pytest.mark.parametrize(("key", "value"), [("practice", "x"), ("occasions", "launch"), ("role", "data")])
def test_one_value_may_stand_for_a_list_of_one(key: str, value: str) -> None:
    one, many = (read(Checklist, changed(CHECKLIST, (*ITEM, key), given)) for given in (value, [value]))
    assert one == many


@pytest.mark.parametrize("text", ["Plan", {"en": "Plan"}, {"zh-CN": "方案"}, {"en": "Plan", "zh-CN": "方案"}])
def test_a_text_is_words_or_words_per_language(text: Any) -> None:
    assert read(Checklist, changed(CHECKLIST, ("title",), text)).title == text


def test_the_defaults_are_those_of_the_formats() -> None:
    item = read(Checklist, CHECKLIST).sections[0].items[0]
    assert (item.waivable, item.scope, item.valid_for, item.plan_accepted) == (True, "workload", 365, False)
    assert (item.evidence, item.occasions, item.when, item.checks) == (
        "optional",
        ("launch", "change", "recurring"),
        None,
        (),
    )
    assert (item.core, item.effort, item.role, item.phase) == (False, None, (), None)
    assert Review(review="x").occasion == "launch"
    settings = Settings()
    assert (settings.timezone, settings.language, settings.repositories, settings.allow) == ("UTC", "en", (), ())
    row = read(Settings, {"policy": [{}]}).policy[0]
    assert (row.no_go, row.conditional, row.sign_offs, row.waiver_max_days) == (
        ("high",),
        ("medium",),
        ("service-owner",),
        90,
    )


def test_what_was_read_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        read(Workload, WORKLOAD).tier = 2  # type: ignore[misc]
