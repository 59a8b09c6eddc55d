"""The kind `service`: every recipe against a server that answers as the product documents it."""

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

from orr.evidence import faults_of
from orr.evidence.checks.service.recipes import all_names, recipe_named, services
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
BITBUCKET = {"workspace": "acme", "repository": "shop"}


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


def rules(*parameters: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": kind, "ruleset_id": 42, "parameters": given} for kind, given in parameters]


def runs(*ends: tuple[str, str | None], total: int | None = None) -> dict[str, Any]:
    found = [{"id": n, "name": f"check {n}", "status": s, "conclusion": c} for n, (s, c) in enumerate(ends)]
    return {"total_count": len(found) if total is None else total, "check_runs": found}


def grafana_rule(title: str, service: str, paused: bool = False) -> dict[str, Any]:
    return {"uid": title, "title": title, "labels": {"service": service}, "isPaused": paused, "folderUID": "f"}


def kibana_rules(*given: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    data = [{"enabled": True, "mute_all": False, "execution_status": {"status": "ok"}, **one} for one in given]
    return {"page": 1, "per_page": 100, "total": len(data) if total is None else total, "data": data}


def monitor(**more: Any) -> dict[str, Any]:
    usual = {"id": 1, "name": "errors", "message": "see @pagerduty", "overall_state": "OK", "options": {"silenced": {}}}
    return {**usual, "matching_downtimes": [], **more}


def entities(*found: dict[str, Any], cursor: str | None = None) -> dict[str, Any]:
    results = {"nextCursor": cursor, "entities": list(found)}
    return {"data": {"actor": {"entitySearch": {"results": results}}}}


def saved(name: str, disabled: Any = False, scheduled: Any = True, actions: str = "email") -> dict[str, Any]:
    return {"name": name, "content": {"disabled": disabled, "is_scheduled": scheduled, "actions": actions}}


def sumo(name: str, disabled: bool = False, notifications: int = 1, kind: str = "Monitor") -> dict[str, Any]:
    item = {"name": name, "contentType": kind, "isDisabled": disabled, "notifications": [{}] * notifications}
    return {"item": item if kind == "Monitor" else {"name": name, "contentType": kind}, "path": f"/Monitor/{name}"}


def on_call(*levels: int, **user: str) -> dict[str, Any]:
    found = [
        {"escalation_level": one, "user": {"summary": f"Person {one}", **user}, "schedule": None} for one in levels
    ]
    return {"oncalls": found, "limit": 100, "offset": 0, "more": False, "total": None}


def rule_groups(*states: tuple[str, str], group: str = "shop") -> dict[str, Any]:
    found = [{"name": "Down", "type": "alerting", "state": state, "health": health} for state, health in states]
    return {"status": "success", "data": {"groups": [{"name": group, "file": "a.yml", "rules": found}]}}


def targets(*health: str) -> dict[str, Any]:
    found = [{"labels": {"job": "shop"}, "health": one, "lastError": ""} for one in health]
    other = {"labels": {"job": "other"}, "health": "down"}
    return {"status": "success", "data": {"activeTargets": [*found, other], "droppedTargets": []}}


def silence(state: str, matcher: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": "s1", "status": {"state": state}, "comment": "planned", "matchers": [matcher], **more}


MATCH = {"name": "service", "value": "shop", "isRegex": False, "isEqual": True}
REVIEWS = {"required_approving_review_count": 2}
STATUS_CHECKS = {"required_status_checks": [{"context": "ci"}]}
TOOLS = [{"name": "git", "mount_point": "code"}, {"name": "wiki", "mount_point": "wiki"}]
POINT = {"uid": "a", "name": "pager", "type": "pagerduty", "settings": {"integrationKey": "[REDACTED]"}}
EMAIL = {"uid": "b", "name": "grafana-default-email", "type": "email", "settings": {"addresses": "<example@email.com>"}}
SEARCH = {"workspace": "acme", "repository": "shop", "commit": "abc"}
PIPELINE = {"events": {"in": 9, "out": 7}, "queue": {"type": "memory", "events_count": 2}}
STUCK = {"events": {"in": 9, "out": 0}, "queue": {"type": "persisted", "events": 90_000}}
FORCED = {"values": [{"kind": "force"}, {"kind": "delete"}], "pagelen": 100}

# Recipe, values, path, what a good service answers, and what others answer, with their outcomes.
CASES: list[tuple[str, dict[str, Any], str, Any, list[tuple[Any, str]]]] = [
    (
        "github/branch-protected",
        REPOSITORY,
        f"{GITHUB}/branches/main",
        {"name": "main", "protected": True},
        [({"name": "main", "protected": False}, "not-met"), ({"name": "main"}, "unknown")],
    ),
    (
        "github/reviews-required",
        REPOSITORY,
        f"{GITHUB}/rules/branches/main",
        rules(("deletion", {}), ("pull_request", REVIEWS)),
        [([], "not-met"), (rules(("pull_request", {"required_approving_review_count": 0})), "not-met")],
    ),
    (
        "github/protection-reviews",
        REPOSITORY,
        f"{GITHUB}/branches/main/protection",
        {"required_pull_request_reviews": REVIEWS},
        [({"enforce_admins": {"enabled": True}}, "not-met")],
    ),
    (
        "github/checks-required",
        REPOSITORY,
        f"{GITHUB}/rules/branches/main",
        rules(("required_status_checks", STATUS_CHECKS)),
        [([], "not-met"), (rules(("required_status_checks", {"required_status_checks": []})), "not-met")],
    ),
    (
        "github/commit-checks-passed",
        {**REPOSITORY, "ref": "release/1"},
        f"{GITHUB}/commits/release%2F1/check-runs",
        runs(("completed", "success"), ("completed", "success")),
        [
            (runs(("completed", "success"), ("in_progress", None)), "not-met"),
            (runs(("completed", "success"), ("completed", "skipped")), "not-met"),
            (runs(("completed", "success"), total=101), "unknown"),
            (runs(), "unknown"),
        ],
    ),
    (
        "github/codeowners-valid",
        REPOSITORY,
        f"{GITHUB}/codeowners/errors",
        {"errors": []},
        [({"errors": [{"line": 3, "kind": "Unknown owner", "message": "x"}]}, "not-met"), ({}, "unknown")],
    ),
    (
        "github/environment-guarded",
        REPOSITORY,
        f"{GITHUB}/environments/production",
        {"protection_rules": [{"type": "required_reviewers", "reviewers": [{"type": "User", "reviewer": {}}]}]},
        [({"protection_rules": []}, "not-met"), ({"protection_rules": [{"type": "wait_timer"}]}, "not-met")],
    ),
    (
        "github/severe-alerts-closed",
        REPOSITORY,
        f"{GITHUB}/dependabot/alerts",
        [],
        [([{"number": 1, "security_advisory": {}}], "not-met"), ({"message": "x"}, "unknown")],
    ),
    (
        "github/deployed-lately",
        REPOSITORY,
        f"{GITHUB}/deployments",
        [{"id": 1, "created_at": "2026-11-20T10:00:00Z"}],
        [([], "unknown")],
    ),
    (
        "bitbucket/approvals-required",
        BITBUCKET,
        "/repositories/acme/shop/branch-restrictions",
        {"values": [{"kind": "require_approvals_to_merge", "pattern": "main", "value": 2}], "pagelen": 100},
        [({"values": [], "pagelen": 100}, "not-met"), ({"values": [{"value": None}]}, "not-met")],
    ),
    (
        "bitbucket/push-restricted",
        BITBUCKET,
        "/repositories/acme/shop/branch-restrictions",
        FORCED,
        [({"values": [{"kind": "force"}]}, "not-met"), ({**FORCED, "next": "https://x/?page=2"}, "unknown")],
    ),
    (
        "bitbucket/commit-builds-passed",
        SEARCH,
        "/repositories/acme/shop/commit/abc/statuses",
        {"values": [{"state": "SUCCESSFUL", "key": "ci"}]},
        [
            ({"values": [{"state": "SUCCESSFUL"}, {"state": "INPROGRESS"}]}, "not-met"),
            ({"values": [{"state": "SUCCESSFUL"}, {}]}, "not-met"),
            ({"values": []}, "unknown"),
        ],
    ),
    (
        "sourceforge/project-active",
        {"project": "shop"},
        "/p/shop/",
        {"shortname": "shop", "status": "active", "tools": TOOLS},
        [({"shortname": "shop", "status": "abandoned"}, "not-met")],
    ),
    (
        "sourceforge/repository-there",
        {"project": "shop"},
        "/p/shop/",
        {"shortname": "shop", "tools": TOOLS},
        [({"shortname": "shop", "tools": TOOLS[1:]}, "not-met")],
    ),
    (
        "sourceforge/tickets-few",
        {"project": "shop"},
        "/p/shop/tickets/search",
        {"count": 0, "tickets": []},
        [({"count": 2, "tickets": [{}]}, "not-met"), ({"tickets": []}, "unknown")],
    ),
    (
        "grafana/dashboards-present",
        {},
        "/api/search",
        [{"uid": "a", "title": "Shop", "type": "dash-db"}],
        [([], "not-met")],
    ),
    (
        "grafana/alert-rules-present",
        {},
        "/api/v1/provisioning/alert-rules",
        [grafana_rule("down", "shop")],
        [([], "not-met"), ([grafana_rule("down", "shop", True), grafana_rule("down", "other")], "not-met")],
    ),
    (
        "grafana/alert-rules-running",
        {},
        "/api/v1/provisioning/alert-rules",
        [grafana_rule("down", "shop"), grafana_rule("down", "other", True)],
        [([grafana_rule("a", "shop"), grafana_rule("b", "shop", True)], "not-met"), ([], "unknown")],
    ),
    (
        "grafana/contact-points-present",
        {},
        "/api/v1/provisioning/contact-points",
        [EMAIL, POINT],
        [([EMAIL], "not-met"), ([], "not-met")],
    ),
    (
        "kibana/available",
        {},
        "/api/status",
        {"status": {"overall": {"level": "available"}}},
        [({"status": {"overall": {"level": "degraded"}}}, "not-met")],
    ),
    (
        "kibana/dashboards-present",
        {},
        "/api/saved_objects/_find",
        {"page": 1, "total": 3, "saved_objects": []},
        [({"page": 1, "total": 0, "saved_objects": []}, "not-met")],
    ),
    (
        "kibana/rules-running",
        {},
        "/api/alerting/rules/_find",
        kibana_rules({}, {}),
        [
            (kibana_rules({}, {"mute_all": True}), "not-met"),
            (kibana_rules({}, {"enabled": False}), "not-met"),
            (kibana_rules({"execution_status": {"status": "error"}}), "not-met"),
            (kibana_rules({}, total=200), "unknown"),
            (kibana_rules(), "unknown"),
        ],
    ),
    ("logstash/healthy", {}, "/", {"host": "a", "status": "green"}, [({"status": "yellow"}, "not-met")]),
    (
        "logstash/events-flow",
        {},
        "/_node/stats/pipelines/main",
        {"status": "green", "pipelines": {"main": PIPELINE}},
        [({"pipelines": {"main": STUCK}}, "not-met"), ({"pipelines": {}}, "unknown")],
    ),
    (
        "logstash/nothing-stuck",
        {},
        "/_node/stats/pipelines/main",
        {"pipelines": {"main": PIPELINE}},
        [({"pipelines": {"main": STUCK}}, "not-met"), ({"pipelines": {"main": {}}}, "unknown")],
    ),
    (
        "datadog/monitors-notify",
        {},
        "/api/v1/monitor",
        [monitor()],
        [([monitor(), monitor(message="call someone")], "not-met"), ([monitor()] * 1000, "unknown"), ([], "unknown")],
    ),
    (
        "datadog/monitors-not-muted",
        {},
        "/api/v1/monitor",
        [monitor()],
        [
            ([monitor(), monitor(options={"silenced": {"*": None}})], "not-met"),
            ([monitor(matching_downtimes=[{"id": 1, "scope": ["*"]}])], "not-met"),
        ],
    ),
    (
        "datadog/monitors-quiet",
        {},
        "/api/v1/monitor",
        [monitor()],
        [([monitor(), monitor(overall_state="No Data")], "not-met"), ([monitor(overall_state=None)], "not-met")],
    ),
    (
        "datadog/objectives-defined",
        {},
        "/api/v1/slo",
        {"data": [{"name": "availability", "thresholds": [{"target": 99.9, "timeframe": "30d"}]}], "errors": []},
        [({"data": [{"name": "availability", "thresholds": []}]}, "not-met"), ({"data": []}, "not-met")],
    ),
    (
        "new-relic/entity-reporting",
        {},
        "/graphql",
        entities({"name": "shop", "reporting": True}, {"name": "shop-old", "reporting": False}),
        [
            (entities({"name": "shop", "reporting": False}), "not-met"),
            (entities(), "unknown"),
            (entities({"name": "shop", "reporting": True}, cursor="next"), "unknown"),
            ({"errors": [{"message": "bad key"}], **entities({"name": "shop", "reporting": True})}, "unknown"),
        ],
    ),
    (
        "new-relic/entity-alerted",
        {},
        "/graphql",
        entities({"name": "shop", "alertSeverity": "NOT_ALERTING"}),
        [
            (entities({"name": "shop", "alertSeverity": "NOT_CONFIGURED"}), "not-met"),
            (entities({"name": "shop", "alertSeverity": None}), "not-met"),
        ],
    ),
    (
        "new-relic/policies-present",
        {"account": 123},
        "/graphql",
        {"data": {"actor": {"account": {"alerts": {"policiesSearch": {"totalCount": 1, "policies": [{}]}}}}}},
        [
            ({"data": {"actor": {"account": {"alerts": {"policiesSearch": {"totalCount": 0}}}}}}, "not-met"),
            ({"data": {"actor": {"account": None}}, "errors": [{}]}, "unknown"),
        ],
    ),
    (
        "splunk/alerts-scheduled",
        {},
        "/servicesNS/-/search/saved/searches",
        {"entry": [saved("errors")], "paging": {"total": 1, "perPage": 0, "offset": 0}},
        [
            ({"entry": [saved("errors", disabled=True), saved("x", scheduled="0"), saved("y", actions="")]}, "not-met"),
            ({"entry": [], "paging": {"total": 0}}, "not-met"),
        ],
    ),
    (
        "splunk/alerts-enabled",
        {},
        "/servicesNS/-/search/saved/searches",
        {"entry": [saved("errors"), saved("slow", "0")], "paging": {"total": 2}},
        [
            ({"entry": [saved("errors"), saved("slow", True)], "paging": {"total": 2}}, "not-met"),
            ({"entry": [saved("errors")], "paging": {"total": 31}}, "unknown"),
            ({"entry": [], "paging": {"total": 0}}, "unknown"),
        ],
    ),
    (
        "sumo-logic/monitors-enabled",
        {},
        "/v1/monitors/search",
        [sumo("errors"), sumo("folder", kind="Folder")],
        [([sumo("errors"), sumo("slow", True)], "not-met"), ([sumo("folder", kind="Folder")], "unknown")],
    ),
    (
        "sumo-logic/monitors-notify",
        {},
        "/v1/monitors/search",
        [sumo("errors")],
        [([sumo("errors"), sumo("slow", notifications=0)], "not-met"), ([], "unknown")],
    ),
    (
        "loggly/events-arrive",
        {},
        "/apiv2/events/iterate",
        {"events": [{"id": "a", "timestamp": 1795400000000, "tags": ["shop"]}]},
        [({"events": []}, "not-met"), ({}, "unknown")],
    ),
    (
        "pagerduty/someone-on-call",
        {"policy": "P1"},
        "/oncalls",
        on_call(1, 2),
        [
            (on_call(2), "not-met"),
            (on_call(), "not-met"),
            (on_call(1, deleted_at="2026-10-01T00:00:00Z"), "not-met"),
        ],
    ),
    ("pagerduty/second-level-on-call", {"policy": "P1"}, "/oncalls", on_call(1, 2), [(on_call(1), "not-met")]),
    (
        "pagerduty/escalation-levels",
        {"policy": "P1"},
        "/escalation_policies/P1",
        {"escalation_policy": {"escalation_rules": [{"id": "a", "targets": [{}]}, {"id": "b", "targets": [{}]}]}},
        [
            (
                {"escalation_policy": {"escalation_rules": [{"id": "a", "targets": [{}]}, {"id": "b", "targets": []}]}},
                "not-met",
            ),
        ],
    ),
    (
        "pagerduty/service-active",
        {},
        "/services",
        {"services": [{"name": "shop", "status": "active"}, {"name": "shop-2", "status": "disabled"}], "more": False},
        [
            ({"services": [{"name": "shop", "status": "maintenance"}], "more": False}, "not-met"),
            ({"services": [{"name": "shop", "status": "active"}], "more": True}, "unknown"),
            ({"services": [], "more": False}, "unknown"),
        ],
    ),
    (
        "prometheus/targets-up",
        {},
        "/api/v1/targets",
        targets("up", "up"),
        [(targets("up", "down"), "not-met"), (targets("unknown"), "not-met"), (targets(), "unknown")],
    ),
    (
        "prometheus/rules-healthy",
        {},
        "/api/v1/rules",
        rule_groups(("inactive", "ok"), ("firing", "ok")),
        [(rule_groups(("inactive", "err")), "not-met"), (rule_groups(("inactive", "ok"), group="x"), "unknown")],
    ),
    (
        "prometheus/nothing-firing",
        {},
        "/api/v1/rules",
        rule_groups(("inactive", "ok")),
        [
            (rule_groups(("inactive", "ok"), ("pending", "ok")), "not-met"),
            (rule_groups(("inactive", "ok"), group="x"), "unknown"),
        ],
    ),
    (
        "prometheus/alertmanager-known",
        {},
        "/api/v1/alertmanagers",
        {"status": "success", "data": {"activeAlertmanagers": [{"url": "http://a:9093/api/v2/alerts"}]}},
        [({"status": "success", "data": {"activeAlertmanagers": []}}, "not-met")],
    ),
    (
        "alertmanager/ready",
        {},
        "/api/v2/status",
        {"cluster": {"status": "ready", "peers": []}, "uptime": "x"},
        [({"cluster": {"status": "settling"}}, "not-met")],
    ),
    (
        "alertmanager/receiver-present",
        {},
        "/api/v2/receivers",
        [{"name": "default"}, {"name": "payments"}],
        [([{"name": "default"}], "not-met")],
    ),
    (
        "alertmanager/nothing-silenced",
        {},
        "/api/v2/silences",
        [silence("expired", MATCH), silence("active", {**MATCH, "value": "other"}), silence("active", {"name": "job"})],
        [
            ([silence("active", MATCH)], "not-met"),
            ([silence("pending", MATCH, comment="")], "not-met"),
            ([silence("active", {**MATCH, "value": "s.*", "isRegex": True})], "not-met"),
            ([silence("active", {**MATCH, "value": "x", "isEqual": False})], "not-met"),
        ],
    ),
    (
        "alertmanager/nothing-firing",
        {},
        "/api/v2/alerts",
        [],
        [([{"labels": {"alertname": "Down"}}], "not-met"), ([{"labels": {}}], "not-met")],
    ),
]
ANSWERS = [
    pytest.param(recipe, values, path, body, outcome, id=f"{recipe} {outcome} {number}")
    for recipe, values, path, good, others in CASES
    for number, (body, outcome) in enumerate([(good, "met"), *others])
]


@pytest.mark.parametrize(("recipe", "values", "path", "body", "outcome"), ANSWERS)
def test_a_recipe_judges_what_the_service_answers(
    server: Local, tmp_path: Path, recipe: str, values: dict[str, Any], path: str, body: Any, outcome: str
) -> None:
    server.answer(path, body)
    finding = ask(server, tmp_path, recipe, values=values)
    assert finding.outcome == outcome, words(finding)
    assert [asked.path for asked in server.asked] == [path]
    found = recipe_named(recipe)
    assert found is not None
    if outcome != "unknown":
        assert in_language(found[1].title, "en") in words(finding)
    assert all(render(finding.says, language) for language in LANGUAGES)
    assert "secret-of" not in words(finding)


@settings(max_examples=examples(60))
@given(case=st.sampled_from(ANSWERS), changes=CHANGES)
def test_whatever_is_changed_in_an_answer_it_is_judged(
    server: Local, tmp_path: Path, case: Any, changes: list[Any]
) -> None:
    recipe, values, path, body, _ = case.values
    server.answer(path, changed(json.dumps(body), changes).encode("utf-8", "surrogatepass"))
    finding = ask(server, tmp_path, recipe, values=values)
    assert isinstance(finding.says, Message)
    assert finding.says.key != "evidence.crashed", words(finding)
    assert all(render(finding.says, language).encode() for language in LANGUAGES)


def test_every_recipe_has_its_case() -> None:
    assert sorted(recipe for recipe, *_ in CASES) == sorted(all_names())


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 204])
@pytest.mark.parametrize("recipe", ["github/severe-alerts-closed", "alertmanager/nothing-firing"])
def test_where_none_may_be_no_answer_is_not_none(server: Local, tmp_path: Path, recipe: str, status: int) -> None:
    path, values = next((path, values) for name, values, path, *_ in CASES if name == recipe)
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
    values = next(values for name, values, *_ in CASES if name == recipe)
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
    path, values = next((path, values) for name, values, path, *_ in CASES if name == recipe)
    server.answer(path, {})
    ask(server, tmp_path, recipe, values=values)
    assert server.asked[-1].headers[header] == value


def test_values_reach_the_query_the_path_and_the_body_as_data(server: Local, tmp_path: Path) -> None:
    server.answer("/oncalls", on_call(1))
    ask(server, tmp_path, "pagerduty/someone-on-call", values={"policy": "P1&x=y"})
    assert server.asked[-1].query == {"escalation_policy_ids[]": ["P1&x=y"], "limit": ["100"]}
    ask(server, tmp_path, "github/branch-protected", values={**REPOSITORY, "branch": "a/../b?c"})
    assert server.asked[-1].path == f"{GITHUB}/branches/a%2F..%2Fb%3Fc"
    ask(server, tmp_path, "new-relic/policies-present", values={"account": 123, "name": 'x"}'})
    assert server.asked[-1].body["variables"] == {"account": 123, "name": 'x"}'}
    server.answer("/api/v1/provisioning/alert-rules", [grafana_rule("down", "it's")])
    finding = ask(server, tmp_path, "grafana/alert-rules-present", values={"service": "it's"})
    assert finding.outcome == "met", words(finding)


def test_a_value_that_leads_elsewhere_is_unknown(server: Local, tmp_path: Path) -> None:
    finding = ask(server, tmp_path, "github/branch-protected", values={**REPOSITORY, "branch": ".."})
    assert (finding.outcome, server.asked) == ("unknown", [])


def test_an_item_says_another_bound_and_other_headers(
    server: Local, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELEASE_TOKEN", "another-secret")
    server.answer(f"{GITHUB}/commits/main/check-runs", runs(("completed", "success"), ("completed", "skipped")))
    finding = ask(
        server,
        tmp_path,
        "github/commit-checks-passed",
        values=REPOSITORY,
        all_in=["success", "skipped"],
        headers={"authorization": "Bearer $RELEASE_TOKEN"},
    )
    assert finding.outcome == "met", words(finding)
    sent = {name.lower(): value for name, value in server.asked[-1].headers.items()}
    assert sent["authorization"] == "Bearer another-secret"
    assert sent["accept"] == "application/vnd.github+json"


FAULTS = {
    "no such recipe": ({"recipe": "github/branch-protection"}, ("recipe",)),
    "no such service": ({"recipe": "../http/github"}, ("recipe",)),
    "no address": ({"recipe": "grafana/dashboards-present"}, ()),
    "a secret over http": ({"recipe": "grafana/dashboards-present", "at": "http://grafana.example.com"}, ("at",)),
    "values lacking": ({"recipe": "github/branch-protected", "values": {"owner": "acme"}}, ("values",)),
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
                assert default is None or f"`{default}`" in row
