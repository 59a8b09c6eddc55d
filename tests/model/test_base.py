"""The words of a review are frozen, made by keywords, equal by what they say, and data again without loss."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, field, fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.model.base import Record, known_keys, record
from orr.model.checklist import Checklist, CheckSpec, Item, RiskRule
from orr.model.review import Answer, EvidenceEntry, Plan
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.model.workload import Layer, Workload

PLAN = Plan(action="rehearse", owner="wei", due=date(2026, 11, 28))


@record
class Box(Record):
    """A part with every sort of field."""

    name: str
    size: int = 1
    if_: str | None = None
    days: int = field(default=30, metadata={"written": lambda value: f"{value}d"})
    tags: dict[str, Any] = field(default_factory=dict)
    inside: tuple[Box, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("a size is no less than nothing")


def test_what_is_not_said_is_the_default() -> None:
    box = Box(name="a")
    assert [getattr(box, one.name) for one in fields(box)] == ["a", 1, None, 30, {}, ()]  # type: ignore[arg-type]


def test_a_default_that_can_change_is_each_ones_own() -> None:
    assert Box(name="a").tags is not Box(name="a").tags


@pytest.mark.parametrize(
    ("values", "told"), [({}, "missing .* 'name'"), ({"name": "a", "x": 1}, "unexpected .* 'x'")], ids=str
)
def test_what_is_missing_or_unknown_is_told(values: dict[str, Any], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        Box(**values)


@pytest.mark.parametrize("make", [lambda: Box(name="a", size=-1), lambda: replace(Box(name="a"), size=-1)])
def test_values_that_do_not_fit_together_are_refused_however_they_come(make: Any) -> None:
    with pytest.raises(ValueError, match="no less than nothing"):
        make()


def test_nothing_of_it_can_be_changed() -> None:
    box = Box(name="a")
    with pytest.raises(FrozenInstanceError):
        box.name = "b"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del box.name
    assert replace(box, name="b") == Box(name="b")
    assert box == Box(name="a")


def test_two_are_equal_where_they_say_the_same_and_are_of_one_kind() -> None:
    assert Layer(engineering="a") == Layer(engineering="a")
    assert Layer(engineering="a") != Layer(operations="a")
    assert Layer() != EvidenceEntry(title="x")
    assert len({PLAN, replace(PLAN), replace(PLAN, owner="ana")}) == 2
    assert repr(Layer(engineering="a")) == "Layer(engineering='a', operations=None)"


def test_only_what_departs_from_the_default_is_written() -> None:
    box = Box(name="a", if_="b", inside=(Box(name="c", days=90),))
    assert box.as_data() == {"name": "a", "if": "b", "inside": [{"name": "c", "days": "90d"}]}
    whole = {"name": "a", "size": 1, "if": None, "days": "30d", "tags": {}, "inside": []}
    assert Box(name="a").as_data(defaults=True) == whole
    assert PolicyRow().as_data(defaults=True)["recheck"] == "30d"


def test_what_is_left_out_is_left_out_of_it_alone() -> None:
    box = Box(name="a", inside=(Box(name="c"),))
    assert box.as_data(without={"name"}) == {"inside": [{"name": "c"}]}


def test_what_is_made_of_it_is_made_once_and_not_for_what_replaces_it() -> None:
    box = Box(name="a")
    assert [box.memoised("n", lambda: len(box.name)), box.memoised("n", lambda: 99)] == [1, 1]
    assert replace(box, name="abc").memoised("n", lambda: 99) == 99
    assert box == Box(name="a")


def test_days_and_times_are_written_as_a_file_has_them() -> None:
    at = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
    answer = Answer(plan=PLAN, by="wei", on=at)
    plan = {"action": "rehearse", "owner": "wei", "due": "2026-11-28"}
    assert answer.as_data() == {"plan": plan, "by": "wei", "on": "2026-11-20T09:30:00+00:00"}


def test_a_check_is_written_with_its_parameters_beside_its_kind() -> None:
    spec = CheckSpec.of({"paths": ["a"], "check": "files"})
    assert (spec.check, spec.parameters) == ("files", {"paths": ["a"]})
    assert spec.as_data() == {"check": "files", "paths": ["a"]}


def test_the_keys_of_every_file_are_known() -> None:
    assert {"checklist", "if", "recheck", "sign_offs", "check"} <= set(known_keys())


WORDS = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
ITEMS = st.fixed_dictionaries(
    {"item": st.from_regex(r"[a-z]{1,8}", fullmatch=True), "ask": WORDS | st.fixed_dictionaries({"en": WORDS})},
    optional={
        "risk": st.sampled_from(["high", "medium", "low"]),
        "practice": st.lists(WORDS, min_size=1, max_size=2),
        "valid_for": st.integers(1, 99999).filter(lambda n: n != 365).map(lambda n: f"{n}d"),
        "waivable": st.just(False),
        "when": st.fixed_dictionaries(
            {}, optional={"tier": st.lists(st.integers(1, 4), min_size=1), "live": st.booleans()}
        ),
        "core": st.just(True),
        "effort": st.integers(1, 999).map(lambda n: f"{n}m"),
        "role": st.lists(st.sampled_from(["security", "data"]), min_size=1, max_size=2),
        "phase": st.sampled_from(["design", "live"]),
        "enforce_from": st.dates().map(date.isoformat),
        "checks": st.lists(
            st.fixed_dictionaries({"check": WORDS, "x": st.none() | st.integers() | st.lists(WORDS, max_size=3)}),
            min_size=1,
            max_size=2,
        ),
    },
)
RULES = st.just([{"if": "default", "risk": "none"}])
SECTIONS = st.fixed_dictionaries(
    {"section": st.just("s"), "items": st.lists(ITEMS, min_size=1, max_size=2)}, optional={"risk_rules": RULES}
)
CHECKLISTS = st.fixed_dictionaries(
    {
        "checklist": st.just("c"),
        "version": st.integers(1),
        "title": WORDS,
        "sections": st.lists(SECTIONS, min_size=1, max_size=2),
    }
)


@given(CHECKLISTS)
def test_what_was_read_is_written_as_it_was(data: dict[str, Any]) -> None:
    checklist = read(Checklist, data)
    assert checklist.as_data() == data
    assert pickle.loads(pickle.dumps(checklist)) == checklist


@given(CHECKLISTS)
def test_what_is_written_whole_is_read_as_the_same(data: dict[str, Any]) -> None:
    checklist = read(Checklist, data)
    assert read(Checklist, checklist.as_data(defaults=True)) == checklist


def test_parts_in_data_stay_as_they_are() -> None:
    rule = RiskRule(if_="default", risk="none")
    item = Item(item="a", ask="A?")
    read_ = read(Checklist, {"checklist": "c", "version": 1, "title": "C", "sections": [
        {"section": "s", "items": [item], "risk_rules": [rule]}]})  # fmt: skip
    assert read_.sections[0].items[0] is item
    assert read_.sections[0].risk_rules[0] is rule


def test_a_workload_has_an_operating_model_even_where_none_is_said() -> None:
    workload = read(Workload, {"workload": "w", "title": "W", "tier": 1, "owner": {"team": "t"}})
    assert workload.operating_model.application == Layer()
