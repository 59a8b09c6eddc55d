"""Workloads as OpenMetrics, read back by Prometheus's own parser."""

from __future__ import annotations

from prometheus_client.openmetrics.parser import text_string_to_metric_families
from support.builders import assess, case, item
from support.outcomes import BROKEN, TODAY, fleet

from orr.formats.openmetrics import openmetrics
from orr.formats.unread import Outcome, Unread


def samples(*outcomes: Outcome, language: str = "en") -> dict[str, dict[tuple[str, ...], float]]:
    """By family, the values of its samples by their labels' values."""
    families = text_string_to_metric_families(openmetrics(outcomes, TODAY, language))
    return {one.name: {tuple(had.labels.values()): had.value for had in one.samples} for one in families}


def test_each_workload_is_in_one_state_and_the_broken_one_in_error() -> None:
    verdicts = samples(*fleet())["orr_verdict"]
    states = {workload: state for (workload, state), value in verdicts.items() if value}
    assert states == {"shop": "no-go", "legacy": "error", "till": "conditional-go", "store": "go"}
    assert len(verdicts) == 4 * len(states)


def test_items_are_counted_by_state() -> None:
    items = {key: value for key, value in samples(*fleet())["orr_items"].items() if key[0] == "shop" and value}
    assert items == {
        ("shop", "not-met"): 2,
        ("shop", "unknown"): 1,
        ("shop", "partial"): 1,
        ("shop", "unanswered"): 1,
        ("shop", "met"): 1,
        ("shop", "not-applicable"): 1,
    }


def test_days_are_counted_until_the_verdict_lapses_and_of_a_no_go_none() -> None:
    assert samples(*fleet())["orr_verdict_lapse_days"] == {("till",): 4, ("store",): 365}


def test_a_workload_that_could_not_be_read_has_no_count() -> None:
    assert not samples(BROKEN)["orr_items"]


def test_any_name_is_a_label_of_its_own() -> None:
    names = ['a"} 1\n# EOF', "\\", "back\\n"]
    read = samples(*(Unread(name, BROKEN.faults) for name in names))["orr_verdict"]
    assert {workload for workload, _ in read} == {'a"} 1 # EOF', "\\", "back\\n"}


def test_what_applies_to_nothing_is_no_go() -> None:
    assert samples(assess(case(item("a", when={"tier": 4}))))["orr_verdict"]["shop", "no-go"] == 1
