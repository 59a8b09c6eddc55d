"""Every recipe names what exists, only reads, and tells good from bad."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore import xform_name
from botocore.endpoint_provider import EndpointProvider
from botocore.validate import ParamValidator
from support import ROOT
from support.aws_cases import EXAMPLES, examples_of, operation, play
from support.aws_shapes import ANY, SCALAR, Misfit, merged, of_shape, walk
from support.aws_stubs import CORE, context_for

from orr.cli import main
from orr.evidence.checks.aws import calls
from orr.evidence.checks.aws.reads import action, only_reads
from orr.evidence.checks.aws.recipes import Recipe, Step, library
from orr.evidence.checks.aws.scope import Scope
from orr.evidence.checks.aws.steps import without_empty
from orr.messages import LANGUAGES, render
from orr.workspace.practices import index, practice_ids
from tools.systems import systems

RECIPES = library()
each = pytest.mark.parametrize("recipe", RECIPES.values(), ids=list(RECIPES))


@cache
def answer_of(service: str, name: str) -> Any:
    return of_shape(operation(service, name).output_shape)


def rows_after(recipe: Recipe, steps: tuple[Step, ...]) -> tuple[list[tuple[Step, Any]], Any]:
    """What each step's rows look like, and those at the end."""
    row: Any = dict.fromkeys((*recipe.over, *(recipe.begin[0] if recipe.begin else ())), (SCALAR, ()))
    seen = []
    for step in steps:
        answer = answer_of(step.service, step.operation)
        found = walk(step.rows, answer if step.csv is None else {**answer, step.csv: ANY})
        new = merged(row, found[0] if isinstance(found, list) else found)
        seen.append((step, new))
        row = row if step.probe else new
    return seen, row


def scope_of(recipe: Recipe, row: Any) -> Any:
    using = dict.fromkeys((*recipe.needs, "workload", "team", "account", "region", "tags", "today", "launch"), ANY)
    return ANY if row is ANY else {**row, "using": using}


def test_its_operations_exist_and_only_read() -> None:
    for recipe in RECIPES.values():
        for step in (*recipe.account, *recipe.steps):
            model = operation(step.service, step.operation)
            assert only_reads(step.operation)
            assert not model.has_streaming_output


@each
def test_its_expressions_fit_what_the_service_answers(recipe: Recipe) -> None:
    for steps in filter(None, (recipe.account, recipe.steps)):
        seen, row = rows_after(recipe, steps)
        for step, found in seen:
            for expression in filter(None, (step.keep, step.tagged, step.latest, step.follow)):
                walk(expression, scope_of(recipe, found))
        if recipe.account:  # whose rows have what no answer of a service has
            row = ANY
        for expression in filter(
            None, (recipe.good, recipe.unknown, recipe.dated, *recipe.columns.values(), *recipe.subjects.values())
        ):
            walk(expression, scope_of(recipe, row))


@each
def test_its_parameters_are_valid(recipe: Recipe, tmp_path: Path) -> None:
    using = {
        name: EXAMPLES[recipe.recipe].get("using", {}).get(name, need.default) for name, need in recipe.needs.items()
    }
    scope = Scope(context_for(tmp_path), using, "123456789012", "eu-west-1", ("eu-west-1",))
    using = {name: scope.fill(value, {}) for name, value in using.items()}
    scope = Scope(context_for(tmp_path), using, "123456789012", "eu-west-1", ("eu-west-1",))
    seen, _ = rows_after(recipe, recipe.steps)
    row: dict[str, Any] = dict.fromkeys((*recipe.over, *(recipe.begin[0] if recipe.begin else ())), "x" * 32)
    for step, after in seen:
        parameters = without_empty(scope.fill(step.parameters, row))
        report = ParamValidator().validate(parameters, operation(step.service, step.operation).input_shape)
        assert not report.has_errors(), report.generate_report()
        if isinstance(after, dict) and not step.probe:
            row = {**dict.fromkeys(after, "x" * 32), **row}


def test_the_codes_that_mean_absent_belong_to_the_operation() -> None:
    for recipe in RECIPES.values():
        # What a service does not model, checked by hand against its reference.
        by_hand = {
            "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable", "NoSuchLifecycleConfiguration", "NoSuchBucket",
            "NoSuchPublicAccessBlockConfiguration", "ResourceNotFound", "DashboardNotFoundError", "NotFound",
            "ResourceNotFoundException",
        }  # fmt: skip
        for step in recipe.steps:
            shapes = operation(step.service, step.operation).error_shapes
            known = {shape.error_code or shape.name for shape in shapes} | {shape.name for shape in shapes}
            assert set(step.absent) <= known | by_hand, known


def endpoint(service: str, region: str) -> str:
    """Where botocore asks a service in a region."""
    loader = CORE.get_component("data_loader")
    rules = loader.load_service_model(service, "endpoint-rule-set-1")
    given = {"Region": region, "UseDualStack": False, "UseFIPS": False}
    return str(EndpointProvider(rules, loader.load_data("partitions")).resolve_endpoint(**given).url)


def test_a_service_without_regions_is_asked_in_the_global_region() -> None:
    # Those two have several endpoints, of which one answers for all regions.
    known = {"health": True, "trustedadvisor": True}
    for recipe in RECIPES.values():
        for service in {step.service for step in recipe.steps}:
            known.setdefault(service, len({endpoint(service, one) for one in ("eu-west-1", "us-east-2")}) == 1)
            if known[service]:
                assert recipe.home in ("global", "with-global"), recipe.recipe
        assert all(known.get(step.service, step.service == "iam") for step in recipe.account)
    assert {service for service, alone in known.items() if alone} > {"iam", "organizations", "support", "artifact"}


def test_it_says_what_it_proves_in_both_languages() -> None:
    for recipe in RECIPES.values():
        texts = [recipe.title, recipe.proves, *(need.says for need in recipe.needs.values())]
        for text in texts:
            assert isinstance(text, dict)
            assert set(text) == set(LANGUAGES)
            assert any("\u4e00" <= sign <= "\u9fff" for sign in text["zh-CN"])
        known = {practice["practice"] for practice in index()["practices"]}
        assert recipe.practice
        assert set(recipe.practice) <= known


def test_every_placeholder_has_a_value() -> None:
    for recipe in RECIPES.values():
        names = set(re.findall(r"\{([a-z][a-z_]*)(?:[.+-]|\})", str([step.parameters for step in recipe.steps])))
        given = {
            *recipe.needs,
            "workload",
            "team",
            "account",
            "region",
            "tags",
            "today",
            "now",
            "launch",
            "row",
            "key",
            "value",
        }
        assert names <= given
        assert set(recipe.over.values()) <= set(recipe.needs)
        used = str(recipe.model_dump(exclude={"needs"}))
        assert [name for name in recipe.needs if name not in used] == []


def test_its_permissions_are_those_of_its_operations() -> None:
    for recipe in RECIPES.values():
        unlike = {
            "access-analyzer", "applicationinsights", "elasticloadbalancing", "es", "tag", "servicequotas", "states",
            "cloudwatch",
        }  # fmt: skip
        for step in (*recipe.account, *recipe.steps):
            prefix, _, name = action(step.service, step.operation).partition(":")
            model = operation(step.service, step.operation).service_model
            assert prefix in {model.signing_name, model.endpoint_prefix} | unlike
            assert name == step.operation or prefix == "s3"
        assert recipe.permissions


def test_the_policy_of_the_optional_checklist_allows_what_its_recipes_call_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    checklist = ROOT / "checklists/optional/aws.yaml"
    used = re.findall(r"recipe: ([a-z-]+)", checklist.read_text(encoding="utf-8"))
    names = {name: ["{workload}"] for recipe in used for name in RECIPES[recipe].needs}
    settings = {"checklists": ["aws.yaml"], "allow": ["aws"], "sources": {"aws": names}}
    (tmp_path / "orr.yaml").write_text(json.dumps(settings))
    (tmp_path / "aws.yaml").write_text(checklist.read_text(encoding="utf-8"), encoding="utf-8")
    called: set[str] = set()
    asks = calls._ask

    def noted(asker: Any, region: str, step: Step, *rest: Any) -> Any:
        called.add(action(step.service, step.operation))
        return asks(asker, region, step, *rest)

    monkeypatch.setattr(calls, "_ask", noted)
    assert len(used) > 20
    for name in used:
        for _, asked in examples_of(name, "met", "partial", "not-met", "unknown"):
            play(name, asked, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert main(["checks", "--policy"]) == 0
    (statement,) = json.loads(capsys.readouterr().out)["Statement"]
    assert statement["Action"] == sorted(called)


@pytest.mark.parametrize(
    ("expression", "why"),
    [("MetricAlarms[].Nmae", "Nmae"), ("MetricAlarms[?StateValue == 'FINE']", "FINE"), ("Alarms", "Alarms")],
)
def test_the_validation_itself_notices_a_wrong_key(expression: str, why: str) -> None:
    with pytest.raises(Misfit, match=why):
        walk(expression, of_shape(operation("cloudwatch", "DescribeAlarms").output_shape))


def test_operations_are_named_as_boto3_has_them() -> None:
    names = {(step.service, step.operation) for recipe in RECIPES.values() for step in recipe.steps}
    assert len(names) > 90
    assert all(xform_name(name) for _, name in names)


# The services and features of AWS that the source names and that can be read as evidence.
READABLE = [
    "well-architected-tool",
    "trusted-advisor",
    "organizations",
    "control-tower",
    "service-catalog",
    "iam",
    "systems-manager",
    "ssm-change-calendar",
    "ssm-maintenance-windows",
    "ssm-run-command",
    "ssm-automation",
    "ssm-patch-manager",
    "ssm-opscenter",
    "cloudwatch",
    "cloudwatch-logs",
    "cloudwatch-agent",
    "cloudwatch-logs-insights",
    "cloudwatch-alarms",
    "cloudwatch-dashboards",
    "cloudwatch-anomaly-detection",
    "cloudwatch-application-insights",
    "container-insights",
    "cloudwatch-events",
    "eventbridge",
    "sns",
    "lambda",
    "step-functions",
    "ec2",
    "auto-scaling",
    "ec2-image-builder",
    "ecr",
    "ecs",
    "eks",
    "x-ray",
    "cloudtrail",
    "vpc-flow-logs",
    "s3",
    "athena",
    "quicksight",
    "kinesis-firehose",
    "elasticsearch-service",
    "personal-health-dashboard",
    "health-api",
    "aws-config",
    "config-rules",
    "security-hub",
    "inspector",
    "cloudformation",
    "codecommit",
    "codebuild",
    "codepipeline",
    "codedeploy",
    "tags-tag-policy",
    "resource-groups",
]
# What the library must be able to ask, whatever its recipes are called.
TOPICS = {
    "Config rules": "config-rules",
    "Security Hub": "security-findings",
    "Trusted Advisor": "trusted-advisor-checks",
    "Change Calendar at the launch hour": "change-calendar-open",
    "maintenance windows": "maintenance-windows",
    "patch compliance": "patches-installed",
    "OpsItems": "ops-items-open",
    "alarms with actions and data": "alarms-ready",
    "dashboards": "dashboards-exist",
    "anomaly detectors": "anomaly-detectors-trained",
    "log groups": "log-groups-kept",
    "X-Ray": "traces-of-components",
    "CloudTrail": "trail-logging",
    "flow logs": "flow-logs-delivered",
    "Health": "health-events-open",
    "Backup": "backups-recent",
    "tags": "resources-tagged",
    "Organizations": "account-in-unit",
    "Control Tower": "control-tower-controls",
    "Service Catalog": "service-catalog-products",
    "Image Builder": "images-built",
    "ECR scans": "image-without-critical",
    "ECS circuit breaker": "services-break-circuit",
    "CodePipeline": "pipeline-stages-passed",
    "CodeDeploy rollback": "deployments-roll-back",
    "drift": "stacks-in-sync",
    "quotas": "quota-room",
}


@pytest.mark.parametrize("name", READABLE)
def test_what_can_be_read_of_aws_has_a_recipe(name: str) -> None:
    (system,) = (one for one in systems() if one.system == name)
    assert system.served_by.aws
    assert set(system.served_by.aws) <= set(library())


@pytest.mark.parametrize(("topic", "recipe"), TOPICS.items())
def test_a_topic_has_its_recipe_with_permissions_and_a_practice(topic: str, recipe: str) -> None:
    found = library()[recipe]
    assert found.permissions
    assert set(found.practice) <= practice_ids()


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("image-without-critical", [("image", "sha256:" + "0" * 64)]),
        ("deployment-succeeded", [("commit", "42cd0e1f5b7a9c3d8e2f4a6b1c0d9e8f7a6b5c4d")]),
        pytest.param("builds-succeed", [], id="a version of a source that is no commit"),
    ],
)
def test_it_names_the_image_or_the_commit_that_it_is_about(
    name: str, named: list[tuple[str, str]], tmp_path: Path
) -> None:
    _, asked = next(examples_of(name, "met"))
    finding, _ = play(name, asked, tmp_path)
    assert [(one.kind, one.value) for one in finding.subjects] == named
    assert all(render(one.place, language) for one in finding.subjects for language in LANGUAGES)
