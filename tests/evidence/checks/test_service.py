"""The kind `service`: requests, secrets and bounds; what each recipe makes of answers is in `test_recipes`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import ROOT
from support.fuzzing import CHANGES, changed, examples
from support.local_server import Local, local_server
from support.service_cases import EXAMPLES, situation

from orr.evidence import faults_of
from orr.evidence.checks.service.recipes import all_names, services
from orr.evidence.live.query import compiled
from orr.messages import LANGUAGES, Message, in_language, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.workload import Owner, Workload
from orr.testing import run_check
from orr.workspace.practices import index

SHOP = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"))
REPOSITORY = {"owner": "acme", "repository": "shop"}
GITHUB = "/repos/acme/shop"


@pytest.fixture(scope="module")
def server() -> Iterator[Local]:
    with local_server() as local:
        yield local


@pytest.fixture(autouse=True)
def fresh(server: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    server.answers.clear()
    server.asked.clear()
    for service in services():
        for name in service.tokens:
            monkeypatch.setenv(name, f"secret-of-{name}")


def ask(server: Local, folder: Path, recipe: str, **more: Any) -> Finding:
    return run_check("service", folder, recipe=recipe, at=server.url, workload=SHOP, **more)


def words(finding: Finding) -> str:
    return render(finding.says, "en")


@settings(max_examples=examples(60))
@given(name=st.sampled_from(all_names()), number=st.integers(0, 9), place=st.integers(0, 3), changes=CHANGES)
def test_whatever_is_changed_in_an_answer_it_is_judged(
    server: Local, tmp_path: Path, name: str, number: int, place: int, changes: list[Any]
) -> None:
    cases = [one.answers for which in ("proves", "disproves") for one in situation(name, which)]
    answers = cases[number % len(cases)]
    server.answers.update(answers)
    path = list(answers)[place % len(answers)]
    server.answer(path, changed(json.dumps(answers[path][2]), changes).encode("utf-8", "surrogatepass"))
    finding = ask(server, tmp_path, name, values=EXAMPLES[name].get("values", {}))
    assert isinstance(finding.says, Message)
    assert finding.says.key != "evidence.crashed", words(finding)
    assert all(render(finding.says, language).encode() for language in LANGUAGES)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 204])
@pytest.mark.parametrize("recipe", ["github/severe-alerts-closed", "alertmanager/nothing-firing"])
def test_where_none_may_be_no_answer_is_not_none(server: Local, tmp_path: Path, recipe: str, status: int) -> None:
    path, values = EXAMPLES[recipe]["path"], EXAMPLES[recipe].get("values", {})
    server.answer(path, [] if status != 204 else "", status, Retry_After="0")
    assert ask(server, tmp_path, recipe, values=values).outcome == "unknown"


@pytest.mark.parametrize(("throttled", "outcome"), [(2, "met"), (3, "met"), (4, "unknown"), (99, "unknown")])
def test_a_service_that_asks_to_wait_is_asked_again_three_times(
    server: Local, tmp_path: Path, throttled: int, outcome: str
) -> None:
    refusals = iter([(429, {"Retry-After": "0"}, {"message": "rate limit"})] * throttled)
    server.answers[f"{GITHUB}/branches/main"] = lambda _: next(refusals, (200, {}, {"protected": True}))
    finding = ask(server, tmp_path, "github/branch-protected", values=REPOSITORY)
    assert (finding.outcome, len(server.asked)) == (outcome, min(throttled, 3) + 1)
    assert outcome == "met" or "429" in words(finding)


def test_nobody_waits_longer_than_the_item_allows(server: Local, tmp_path: Path) -> None:
    server.answer(f"{GITHUB}/branches/main", {}, 429, Retry_After="3600")
    finding = ask(server, tmp_path, "github/branch-protected", values=REPOSITORY, timeout=5)
    assert (finding.outcome, len(server.asked)) == ("unknown", 1)


@pytest.mark.parametrize(
    "recipe", ["pagerduty/escalation-levels", "logstash/events-flow", "sourceforge/project-active"]
)
def test_what_the_service_does_not_know_is_not_met_where_the_recipe_says_so(
    server: Local, tmp_path: Path, recipe: str
) -> None:
    values = EXAMPLES[recipe].get("values", {})
    assert ask(server, tmp_path, recipe, values=values).outcome == "not-met"


SENT = {
    "github": ("github/branch-protected", "Authorization", "Bearer secret-of-GITHUB_TOKEN"),
    "pagerduty": ("pagerduty/someone-on-call", "Authorization", "Token token=secret-of-PAGERDUTY_TOKEN"),
    "kibana": ("kibana/available", "Authorization", "ApiKey secret-of-KIBANA_API_KEY"),
    "datadog": ("datadog/monitors-quiet", "DD-APPLICATION-KEY", "secret-of-DD_APP_KEY"),
    "new relic": ("new-relic/entity-reporting", "API-Key", "secret-of-NEW_RELIC_API_KEY"),
    "sumo logic": (
        "sumo-logic/monitors-notify",
        "Authorization",
        "Basic c2VjcmV0LW9mLVNVTU9fQUNDRVNTX0lEOnNlY3JldC1vZi1TVU1PX0FDQ0VTU19LRVk=",
    ),
}


@pytest.mark.parametrize(("recipe", "header", "value"), SENT.values(), ids=SENT.keys())
def test_each_service_gets_its_secret_in_its_own_way(
    server: Local, tmp_path: Path, recipe: str, header: str, value: str
) -> None:
    path, values = EXAMPLES[recipe]["path"], EXAMPLES[recipe].get("values", {})
    server.answer(path, {})
    ask(server, tmp_path, recipe, values=values)
    assert server.asked[-1].headers[header] == value


def test_values_reach_the_query_the_path_and_the_body_as_data(server: Local, tmp_path: Path) -> None:
    server.answer("/oncalls", EXAMPLES["pagerduty/someone-on-call"]["met"])
    ask(server, tmp_path, "pagerduty/someone-on-call", values={"policy": "P1&x=y"})
    assert server.asked[-1].query == {"escalation_policy_ids[]": ["P1&x=y"], "limit": ["100"]}
    ask(server, tmp_path, "github/branch-protected", values={**REPOSITORY, "branch": "a/../b?c"})
    assert server.asked[-1].path == f"{GITHUB}/branches/a%2F..%2Fb%3Fc"
    ask(server, tmp_path, "new-relic/policies-present", values={"account": 123, "name": 'x"}'})
    assert server.asked[-1].body["variables"] == {"account": 123, "name": 'x"}'}
    rule = {"title": "down", "labels": {"service": "it's"}, "isPaused": False}
    server.answer("/api/v1/provisioning/alert-rules", [rule])
    finding = ask(server, tmp_path, "grafana/alert-rules-present", values={"service": "it's"})
    assert finding.outcome == "met", words(finding)


def test_a_value_that_leads_elsewhere_is_unknown(server: Local, tmp_path: Path) -> None:
    finding = ask(server, tmp_path, "github/branch-protected", values={**REPOSITORY, "branch": ".."})
    assert (finding.outcome, server.asked) == ("unknown", [])


def test_an_item_says_another_bound_and_other_headers(
    server: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELEASE_TOKEN", "another-secret")
    server.answer("/repositories/acme/shop/commit/abc/statuses", {"values": [{"state": "STOPPED"}]})
    finding = ask(
        server,
        tmp_path,
        "bitbucket/commit-builds-passed",
        values={"workspace": "acme", "repository": "shop", "commit": "abc"},
        all_in=["SUCCESSFUL", "STOPPED"],
        headers={"authorization": "Bearer $RELEASE_TOKEN"},
    )
    assert finding.outcome == "met", words(finding)
    sent = {name.lower(): value for name, value in server.asked[-1].headers.items()}
    assert sent["authorization"] == "Bearer another-secret"
    assert sent["accept"] == "application/json"


CHECKS = "github/commit-checks-passed"


@pytest.mark.parametrize(
    ("checks", "outcome"),
    [(["build"], "met"), (["build", "deploy"], "not-met"), ([], "unknown")],
    ids=["named and passed", "one named that did not run", "none named and none required"],
)
def test_checks_that_the_item_names_take_the_place_of_those_of_the_protection(
    server: Local, tmp_path: Path, checks: list[str], outcome: str
) -> None:
    (good, *_) = situation(CHECKS, "proves")
    server.answers.update(good.answers)
    server.answer(f"{GITHUB}/rules/branches/main", [])
    server.answer(f"{GITHUB}/branches/main", {"protected": False})
    finding = ask(server, tmp_path, CHECKS, values={**EXAMPLES[CHECKS]["values"], "checks": checks})
    assert finding.outcome == outcome, words(finding)


FAULTS = {
    "a list for a text": ({"recipe": CHECKS, "values": {**REPOSITORY, "ref": ["main"]}}, ("values",)),
    "a text for a list": ({"recipe": CHECKS, "values": {**REPOSITORY, "checks": "build"}}, ("values",)),
    "no such recipe": ({"recipe": "github/branch-protection"}, ("recipe",)),
    "no such service": ({"recipe": "../http/github"}, ("recipe",)),
    "no address": ({"recipe": "grafana/dashboards-present"}, ()),
    "a secret over http": ({"recipe": "grafana/dashboards-present", "at": "http://grafana.example.com"}, ("at",)),
    "values lacking": ({"recipe": "github/branch-protected", "values": {"repository": "shop"}}, ("values",)),
    "a value too many": (
        {"recipe": "github/branch-protected", "values": {**REPOSITORY, "tag": "x"}},
        ("values",),
    ),
    "bounds that cross": (
        {"recipe": "pagerduty/someone-on-call", "values": {"policy": "P"}, "at_least": 2, "at_most": 1},
        ("at_most",),
    ),
}


@pytest.mark.parametrize(("parameters", "where"), FAULTS.values(), ids=FAULTS.keys())
def test_a_wrong_parameter_is_a_fault_at_its_place(parameters: dict[str, Any], where: tuple[str, ...]) -> None:
    assert [keys for keys, _, _ in faults_of(CheckSpec("service", parameters))] == [where]


def test_the_recipes_are_whole() -> None:
    practices = {practice["practice"] for practice in index()["practices"]}
    for service in services():
        assert service.documented.startswith("https://")
        assert service.at is None or service.at.startswith("https://")
        for name, recipe in service.recipes.items():
            assert set(recipe.practice) <= practices, name
            for text in (recipe.title, recipe.proves, recipe.needs):
                assert isinstance(text, dict) or text.isascii()
                assert all(in_language(text, language) for language in LANGUAGES)
            for expression in filter(None, (recipe.value, recipe.complete)):
                assert compiled(expression)
            assert recipe.bound.asks


def test_the_guide_lists_every_recipe_with_its_values_and_secrets() -> None:
    guide = (ROOT / "docs/checks/service.md").read_text(encoding="utf-8")
    for service in services():
        assert all(f"`{name}`" in guide for name in service.tokens)
        for name, recipe in service.recipes.items():
            (row,) = [line for line in guide.splitlines() if line.startswith(f"| `{service.service}/{name}` |")]
            assert in_language(recipe.title, "en") in row
            for value, default in recipe.values.items():
                assert f"`{value}`" in row
                assert not default or f"`{default}`" in row
