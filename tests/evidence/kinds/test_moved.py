"""What a workload says of where its files lie, and which checks go by it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.shipped_checks import specs

from orr.evaluate import Case, evaluate
from orr.evaluate.milder import milder
from orr.evaluate.requirements import requirements
from orr.evidence.kinds.kind import Kind
from orr.evidence.kinds.registry import all_kinds, kind_named
from orr.evidence.repository.conventions import PREFIX, conventions
from orr.messages import render
from orr.model.checklist import CheckSpec
from orr.model.finding import Evidence, Outcome
from orr.model.review import Review
from orr.model.workload import Owner, Workload
from orr.testing import run_check

TODAY = date(2026, 11, 23)
RULES = (
    "groups:\n- name: shop\n  rules:\n  - alert: Down\n    expr: up == 0\n    labels: {severity: page, team: shop}\n"
)


def workload(**paths: list[str]) -> Workload:
    named = {name.replace("_", "-"): tuple(patterns) for name, patterns in paths.items()}
    return Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="shop"), paths=named)


@pytest.mark.parametrize(
    ("kind", "given", "key"),
    [
        ("document", {"path": "convention:runbooks"}, "path"),
        ("document", {"path": ["convention:risks", "convention:runbooks"]}, "path"),
        ("files", {"paths": "convention:runbooks", "newest_within": "90d"}, "paths"),
        ("alerts", {"path": "convention:runbooks"}, "path"),
        ("slo", {"path": "slo.yaml", "rules": "convention:runbooks"}, "rules"),
        ("roster", {"path": "convention:runbooks"}, "path"),
        ("roster", {"path": "r.csv", "skills": "convention:runbooks"}, "skills"),
        ("roster", {"path": "r.csv", "training": "convention:runbooks"}, "training"),
        ("ownership", {"codeowners": "convention:runbooks"}, "codeowners"),
    ],
)
def test_a_check_that_looks_for_something_to_be_there_looks_where_the_workload_says(
    kind: str, given: dict[str, Any], key: str
) -> None:
    spec = CheckSpec(kind, given)
    moved = kind_named(kind).moved(spec, {"runbooks": ("ops/*.md",)})
    assert "ops/*.md" in moved.parameters[key]
    assert "convention:runbooks" not in moved.parameters[key]
    assert len(moved.parameters[key]) == (len(given[key]) if isinstance(given[key], list) else 1)
    assert {**moved.parameters, key: given[key]} == given
    assert kind_named(kind).moved(spec, {"risks-of-others": ("x",)}) == spec


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("files", {"paths": "convention:runbooks", "at_most": 3}),
        ("files", {"paths": "convention:runbooks", "none_older_than": "90d"}),
        ("files", {"paths": "convention:runbooks", "secrets": True}),
        ("files", {"paths": "convention:runbooks", "forbidden": "*.pem"}),
        ("files", {"forbidden": "convention:runbooks"}),
        ("results", {"path": "convention:runbooks", "at_most": {"high": 0}}),
        ("results", {"path": "convention:runbooks"}),
        ("incidents", {"path": "convention:runbooks", "within": "90d"}),
        ("calendar", {"path": "convention:runbooks"}),
        ("roster", {"path": "r.csv", "leave": "convention:runbooks"}),
        ("document", {"path": "docs/runbook.md"}),
    ],
)
def test_a_check_that_looks_for_something_to_be_absent_or_has_patterns_of_its_own_does_not(
    kind: str, given: dict[str, Any]
) -> None:
    spec = CheckSpec(kind, given)
    assert kind_named(kind).moved(spec, {"runbooks": ("ops/*.md",)}) == spec


def test_only_parameters_that_are_there_are_movable_and_nothing_that_acts_is() -> None:
    kinds = [kind for _, kind in all_kinds() if isinstance(kind, Kind) and kind.built_in]
    for kind in kinds:
        assert {*kind.traits.movable, *kind.traits.fixed_by} <= {one.name for one in kind.parameters}
        assert not (kind.traits.acts and kind.traits.movable)
    assert {kind.name for kind in kinds if kind.traits.movable} == {
        "alerts", "document", "files", "ownership", "roster", "slo", "value",
    }  # fmt: skip


def topics(spec: CheckSpec, keys: tuple[str, ...]) -> set[str]:
    values = [spec.parameters.get(key, []) for key in keys]
    patterns = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return {one.removeprefix(PREFIX) for one in patterns if isinstance(one, str) and one.startswith(PREFIX)}


def test_a_topic_is_fixed_where_the_shipped_checks_look_only_for_what_must_not_be() -> None:
    movable = {name for one in specs() for name in topics(one, kind_named(one.check).traits.movable_in(one.parameters))}
    asked = {name for one in specs() for name in topics(one, tuple(one.parameters))}
    assert {name for name, one in conventions().items() if one.fixed} == asked - movable


def test_a_check_finds_what_lies_where_the_workload_says(tmp_path: Path, write) -> None:
    write("ops/restore.md", "# Restore\n\nSay so.\n")
    asked = {"today": TODAY, "path": "convention:runbooks"}
    assert run_check("document", tmp_path, **asked).outcome is Outcome.NOT_MET
    found = run_check("document", tmp_path, workload=workload(runbooks=["ops/*.md"]), **asked)
    assert (found.outcome, render(found.says, "en")) == (Outcome.MET, "ops/restore.md is there")


def test_a_workload_may_keep_the_usual_places_beside_its_own(tmp_path: Path, write) -> None:
    write("alerts/a.yaml", RULES)
    write("deploy/b.yaml", RULES)
    both = workload(alert_rules=["convention:alert-rules", "deploy/*.yaml"])
    found = run_check("alerts", tmp_path, today=TODAY, workload=both, path="convention:alert-rules")
    assert found.table is not None
    assert {str(row[1]).split(":")[0] for row in found.table.rows} == {"alerts/a.yaml", "deploy/b.yaml"}


def test_owners_are_looked_up_where_the_workload_says_though_no_checklist_names_a_place(tmp_path: Path, write) -> None:
    write("meta/CODEOWNERS", "* @acme/shop\n")
    write("a.py", "")
    asked = {"today": TODAY, "aspects": ["parts"]}
    assert run_check("ownership", tmp_path, **asked).outcome is not Outcome.MET
    own = workload(codeowners=["meta/CODEOWNERS"])
    assert run_check("ownership", tmp_path, workload=own, **asked).outcome is Outcome.MET


def test_another_path_is_another_digest_and_told_as_milder() -> None:
    before, after = (
        Case(workload=one, review=Review(review="shop"), checklists=())
        for one in (workload(runbooks=["ops/**/*.md"]), workload(runbooks=["ops/a.md"]))
    )
    digests = {evaluate(one, Evidence(), TODAY).digest for one in (before, after)}
    assert len(digests) == 2
    (change,) = milder(requirements(before, TODAY), requirements(after, TODAY))
    assert render(change, "en") == "paths.runbooks: ops/**/*.md → ops/a.md"


@pytest.mark.parametrize(
    ("own", "others", "apart"),
    [
        ({"runbooks": ["a/*"]}, {"runbooks": ["b/*"]}, True),
        ({"runbooks": ["a/*"]}, {"risks": ["b/*"]}, True),
        ({"runbooks": ["a/*"]}, {"runbooks": ["a/*"]}, False),
        ({"runbooks": ["a/*", "c/*"]}, {"runbooks": ["b/*", "c/*"]}, False),
        ({"runbooks": ["a/*"]}, {}, False),
        ({}, {}, False),
    ],
)
def test_two_workloads_lie_apart_where_no_pattern_of_a_topic_is_shared(
    own: dict[str, list[str]], others: dict[str, list[str]], apart: bool
) -> None:
    one, other = workload(**own), workload(**others)
    assert (one.lies_apart_from(other), other.lies_apart_from(one)) == (apart, apart)
