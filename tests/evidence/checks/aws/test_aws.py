"""The check `aws` against a real moto server over HTTP, and where AWS refuses, against botocore's stubs."""

from __future__ import annotations

import contextlib
import json
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import boto3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
from support.aws_stubs import ACCOUNT, REGION, TODAY, WORKLOAD, Stubs, ask, context_for
from support.fuzzing import examples

from orr.cli import main
from orr.evidence import CheckSpec, Context, Undetermined, faults_of
from orr.evidence.checks.aws import calls
from orr.evidence.checks.aws.expressions import value_of
from orr.evidence.checks.aws.policy import policy
from orr.evidence.checks.aws.reads import only_reads
from orr.evidence.checks.aws.recipes import library
from orr.evidence.checks.aws.scope import Scope
from orr.evidence.checks.aws.steps import Seen
from orr.evidence.checks.aws.verdicts import Bound, judge
from orr.evidence.live.functions import moment_of
from orr.messages import LANGUAGES, render
from orr.model.finding import Finding
from orr.model.validation import read
from orr.model.workload import InAws, Owner

TAGS = [{"Key": "workload", "Value": "checkout"}]


@pytest.fixture(autouse=True)
def fake_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_ENDPOINT_URL",
        "ORR_AWS_ROLE",
        "AWS_DEFAULT_REGION",
        "AWS_REGION",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    # Whatever is not told where moto is must not reach out.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto(server: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An empty account: `moto("ec2")` is a client to fill it with."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", server)
    import urllib.request

    urllib.request.urlopen(urllib.request.Request(f"{server}/moto-api/reset", method="POST"), timeout=10).read()

    def client(service: str, region: str = REGION) -> Any:
        return boto3.client(service, region_name=region)

    return client


@pytest.fixture
def context(tmp_path: Path) -> Context:
    return context_for(tmp_path)


def says(finding: Finding) -> str:
    for language in LANGUAGES:
        assert render(finding.says, language)
    return str(finding.says)


# A real server


def alarm(name: str, actions: list[str]) -> dict[str, Any]:
    return {
        "AlarmName": name, "MetricName": "Errors", "Namespace": "Checkout", "Statistic": "Sum", "Period": 60,
        "EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold",
        "ActionsEnabled": True, "AlarmActions": actions,
    }  # fmt: skip


def test_alarms_that_act_and_have_data_are_met(moto: Any, context: Context) -> None:
    cloudwatch = moto("cloudwatch")
    for name in ("checkout-errors", "checkout-slow", "other-errors"):
        cloudwatch.put_metric_alarm(**alarm(name, ["arn:aws:sns:eu-west-1:123456789012:pages"]))
        cloudwatch.set_alarm_state(AlarmName=name, StateValue="OK", StateReason="tried")
    finding = ask(context, recipe="alarms-ready")
    assert finding.outcome == "met", says(finding)
    assert "all 2" in says(finding)
    assert "checkout-slow" in says(finding)
    assert f"account {ACCOUNT}, {REGION}" in says(finding)
    assert finding.table is not None
    assert len(finding.table.rows) == 2


def test_an_alarm_without_data_is_unknown(moto: Any, context: Context) -> None:
    moto("cloudwatch").put_metric_alarm(**alarm("checkout-errors", ["arn:aws:sns:eu-west-1:123456789012:pages"]))
    moto("cloudwatch").set_alarm_state(AlarmName="checkout-errors", StateValue="INSUFFICIENT_DATA", StateReason="new")
    assert ask(context, recipe="alarms-ready").outcome == "unknown"


def test_an_alarm_that_notifies_nobody_is_not_met(moto: Any, context: Context) -> None:
    moto("cloudwatch").put_metric_alarm(**alarm("checkout-errors", []))
    moto("cloudwatch").set_alarm_state(AlarmName="checkout-errors", StateValue="OK", StateReason="tried")
    finding = ask(context, recipe="alarms-ready")
    assert finding.outcome == "not-met"
    assert "checkout-errors" in says(finding)


@pytest.mark.slow
def test_pages_are_taken_together(moto: Any, context: Context) -> None:
    logs = moto("logs")
    for number in range(120):
        logs.create_log_group(logGroupName=f"/checkout/{number:03}")
        if number != 77:
            logs.put_retention_policy(logGroupName=f"/checkout/{number:03}", retentionInDays=30)
    finding = ask(context, recipe="log-groups-kept")
    assert finding.outcome == "partial"
    assert "one of 120" in says(finding)
    assert "/checkout/077" in says(finding)


def test_each_region_is_asked_and_an_empty_one_is_unknown(moto: Any, context: Context) -> None:
    moto("logs").create_log_group(logGroupName="/checkout/app")
    moto("logs").put_retention_policy(logGroupName="/checkout/app", retentionInDays=30)
    both = ["eu-west-1", "us-east-1"]
    assert ask(context, recipe="log-groups-kept", regions=both).outcome == "unknown"
    moto("logs", "us-east-1").create_log_group(logGroupName="/checkout/app")
    moto("logs", "us-east-1").put_retention_policy(logGroupName="/checkout/app", retentionInDays=7)
    fresh = context_for(context.repository)
    finding = ask(fresh, recipe="log-groups-kept", regions=both)
    assert finding.outcome == "met"
    assert "eu-west-1, us-east-1" in says(finding)


def test_an_answer_is_asked_for_once_in_a_run(moto: Any, context: Context) -> None:
    moto("logs").create_log_group(logGroupName="/checkout/app")
    assert ask(context, recipe="log-groups-kept").outcome == "not-met"
    moto("logs").put_retention_policy(logGroupName="/checkout/app", retentionInDays=30)
    assert ask(context, recipe="log-groups-kept").outcome == "not-met"
    assert ask(context_for(context.repository), recipe="log-groups-kept").outcome == "met"


def test_a_topic_with_a_confirmed_subscription_reaches_somebody(moto: Any, context: Context) -> None:
    sns = moto("sns")
    topics = [sns.create_topic(Name=name)["TopicArn"] for name in ("pages", "silent")]
    sns.subscribe(TopicArn=topics[0], Protocol="email", Endpoint="on-call@example.com")
    finding = ask(context, recipe="topics-reach-someone", using={"topics": topics})
    assert finding.outcome == "partial"
    assert "silent" in says(finding)
    assert ask(context, recipe="topics-reach-someone", using={"topics": topics[:1]}).outcome == "met"


def test_dashboards_that_are_not_there_are_not_met(moto: Any, context: Context) -> None:
    body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "orders"}}]})
    moto("cloudwatch").put_dashboard(DashboardName="checkout", DashboardBody=body)
    assert ask(context, recipe="dashboards-exist", using={"dashboards": "checkout"}).outcome == "met"
    assert ask(context, recipe="dashboards-exist", using={"dashboards": ["gone"]}).outcome == "not-met"


def test_a_trail_that_logs_is_met_and_a_stopped_one_is_not(moto: Any, context: Context) -> None:
    moto("s3").create_bucket(Bucket="trail", CreateBucketConfiguration={"LocationConstraint": REGION})
    trail = moto("cloudtrail")
    trail.create_trail(Name="all", S3BucketName="trail", IsMultiRegionTrail=True)
    assert ask(context, recipe="trail-logging").outcome == "not-met"
    trail.start_logging(Name="all")
    assert ask(context_for(context.repository), recipe="trail-logging").outcome == "met"


def test_buckets_without_a_lifecycle_are_not_met(moto: Any, context: Context) -> None:
    moto("s3").create_bucket(Bucket="logs", CreateBucketConfiguration={"LocationConstraint": REGION})
    assert ask(context, recipe="buckets-expire", using={"buckets": "logs"}).outcome == "not-met"
    rules = [{"ID": "go", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 90}}]
    moto("s3").put_bucket_lifecycle_configuration(Bucket="logs", LifecycleConfiguration={"Rules": rules})
    assert ask(context_for(context.repository), recipe="buckets-expire", using={"buckets": "logs"}).outcome == "met"


def test_event_rules_need_a_target(moto: Any, context: Context) -> None:
    moto("events").put_rule(Name="checkout-failover", ScheduleExpression="rate(1 day)", State="ENABLED")
    assert ask(context, recipe="event-rules-on").outcome == "not-met"
    target = {"Id": "1", "Arn": "arn:aws:lambda:eu-west-1:123456789012:function:failover"}
    moto("events").put_targets(Rule="checkout-failover", Targets=[target])
    assert ask(context_for(context.repository), recipe="event-rules-on").outcome == "met"


@pytest.mark.slow
def test_only_resources_with_the_tags_of_the_workload_count(moto: Any, context: Context) -> None:
    scaling = moto("autoscaling")
    scaling.create_launch_configuration(LaunchConfigurationName="lc", ImageId="ami-12345678", InstanceType="t3.micro")
    for name, size, tag in (("web", 8, "checkout"), ("other", 2, "search")):
        tags = [{"Key": "workload", "Value": tag, "PropagateAtLaunch": True}]
        scaling.create_auto_scaling_group(
            AutoScalingGroupName=name, LaunchConfigurationName="lc", MinSize=0, MaxSize=size, DesiredCapacity=0,
            AvailabilityZones=["eu-west-1a"], Tags=tags,
        )  # fmt: skip
    finding = ask(context, recipe="scaling-room", using={"peak": 8})
    assert finding.outcome == "met", says(finding)
    assert "other" not in says(finding)
    assert ask(context, recipe="scaling-room", using={"peak": 9}).outcome == "not-met"


def test_the_resources_that_lack_a_tag_are_named(moto: Any, context: Context) -> None:
    moto("s3").create_bucket(Bucket="orders", CreateBucketConfiguration={"LocationConstraint": REGION})
    moto("s3").put_bucket_tagging(Bucket="orders", Tagging={"TagSet": [*TAGS, {"Key": "owner", "Value": "payments"}]})
    finding = ask(context, recipe="resources-tagged")
    assert finding.outcome == "not-met"
    assert finding.table is not None
    assert finding.table.rows[0][1] == "environment"


def test_a_role_of_the_account_is_taken_where_one_is_named(moto: Any, context: Context) -> None:
    moto("logs").create_log_group(logGroupName="/checkout/app")
    moto("logs").put_retention_policy(logGroupName="/checkout/app", retentionInDays=30)
    assert ask(context, recipe="log-groups-kept", role="orr-reads").outcome == "met"


def test_credentials_of_another_account_say_nothing_of_the_workload(moto: Any, tmp_path: Path) -> None:
    elsewhere = replace(WORKLOAD, aws=InAws(account="999999999999", regions=(REGION,)))
    finding = ask(context_for(tmp_path, elsewhere), recipe="log-groups-kept")
    assert finding.outcome == "unknown"
    assert "ORR_AWS_ROLE" in says(finding)


OTHER = "999999999999"
BOTH = replace(WORKLOAD, aws=InAws(accounts=(ACCOUNT, OTHER), regions=(REGION, "us-east-1")))


def in_account(server: str, account: str, service: str, region: str) -> Any:
    """A client with the credentials of a role of another account."""
    role = boto3.client("sts", region_name=REGION, endpoint_url=server).assume_role(
        RoleArn=f"arn:aws:iam::{account}:role/orr-reads", RoleSessionName="test"
    )["Credentials"]
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=server,
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )


def log_groups(server: str, *kept: tuple[str, str, bool]) -> None:
    for account, region, is_kept in kept:
        logs = in_account(server, account, "logs", region)
        logs.create_log_group(logGroupName=f"/checkout/{account}/{region}")
        if is_kept:
            logs.put_retention_policy(logGroupName=f"/checkout/{account}/{region}", retentionInDays=30)


@pytest.mark.usefixtures("moto")
def test_every_region_of_every_account_is_asked(server: str, tmp_path: Path) -> None:
    places = [(account, region) for account in (ACCOUNT, OTHER) for region in (REGION, "us-east-1")]
    log_groups(server, *((account, region, True) for account, region in places))
    finding = ask(context_for(tmp_path, BOTH), recipe="log-groups-kept", role="orr-reads")
    assert finding.outcome == "met", says(finding)
    assert f"accounts {ACCOUNT}, {OTHER}, {REGION}, us-east-1" in says(finding)
    assert finding.table is not None
    assert {tuple(row[-3:-1]) for row in finding.table.rows} == set(places)


@pytest.mark.usefixtures("moto")
@pytest.mark.parametrize(
    ("kept", "outcome", "told"),
    [
        ([(ACCOUNT, REGION, True), (OTHER, REGION, False)], "partial", f"/checkout/{OTHER}/{REGION}"),
        ([(ACCOUNT, REGION, False), (OTHER, REGION, False)], "not-met", ""),
        ([(ACCOUNT, REGION, True)], "unknown", ""),
    ],
    ids=["one is bad", "both are bad", "one is empty"],
)
def test_an_account_is_not_excused_by_another(
    server: str, tmp_path: Path, kept: list[tuple[str, str, bool]], outcome: str, told: str
) -> None:
    log_groups(server, *kept)
    finding = ask(context_for(tmp_path, BOTH), recipe="log-groups-kept", role="orr-reads", regions=REGION)
    assert finding.outcome == outcome, says(finding)
    assert told in says(finding)


@pytest.mark.usefixtures("moto")
def test_an_account_that_the_credentials_are_not_of_is_unknown_by_name(server: str, tmp_path: Path) -> None:
    log_groups(server, (ACCOUNT, REGION, True), (OTHER, REGION, True))
    finding = ask(context_for(tmp_path, BOTH), recipe="log-groups-kept", regions=REGION)
    assert finding.outcome == "unknown"
    assert f"{OTHER}: the credentials belong to account {ACCOUNT}" in says(finding)


@pytest.mark.usefixtures("moto")
def test_what_is_bad_stays_bad_where_another_account_is_silent(server: str, tmp_path: Path) -> None:
    log_groups(server, (ACCOUNT, REGION, False))
    assert ask(context_for(tmp_path, BOTH), recipe="log-groups-kept", regions=REGION).outcome == "not-met"


@pytest.mark.usefixtures("moto")
def test_an_account_is_filled_in_where_it_is_asked(server: str, tmp_path: Path) -> None:
    log_groups(server, (ACCOUNT, REGION, True), (OTHER, REGION, True))
    own = {"service": "logs", "operation": "DescribeLogGroups", "rows": "logGroups", "regions": REGION}
    finding = ask(
        context_for(tmp_path, BOTH), **own, role="orr-reads",
        parameters={"logGroupNamePrefix": "/checkout/{account}"}, good="contains(logGroupName, using.account)",
    )  # fmt: skip
    assert finding.outcome == "met", says(finding)


@pytest.mark.usefixtures("moto")
def test_an_account_that_is_named_twice_is_asked_once(server: str, tmp_path: Path) -> None:
    log_groups(server, (ACCOUNT, REGION, True))
    once = replace(WORKLOAD, aws=InAws(account=ACCOUNT, accounts=(ACCOUNT,), regions=(REGION,)))
    finding = ask(context_for(tmp_path, once), recipe="log-groups-kept", at_least=1)
    assert finding.outcome == "met", says(finding)
    assert f"account {ACCOUNT}, {REGION}" in says(finding)


NEEDS: dict[str, Any] = {"text": "checkout", "list": ["checkout"], "number": 1}


# Those that moto starts quickly; what it lacks it refuses, which is no answer either.
QUICK = {
    "cloudwatch", "logs", "ssm", "sns", "events", "scheduler", "cloudtrail", "s3", "iam", "organizations", "config",
    "resourcegroupstaggingapi", "stepfunctions", "support", "codepipeline", "codebuild", "securityhub", "inspector2",
}  # fmt: skip


@pytest.mark.slow
def test_no_recipe_is_met_by_an_empty_account(moto: Any, context: Context) -> None:
    outcomes = {}
    for name, recipe in library().items():
        if {step.service for step in recipe.steps} <= QUICK:
            using = {need: NEEDS[one.kind] for need, one in recipe.needs.items() if one.default is None}
            limit = {"at_most": 0} if recipe.findings else {}
            finding = ask(context, recipe=name, using=using, **limit)
            assert says(finding)
            outcomes[name] = finding.outcome
    assert len(outcomes) > 50
    assert set(outcomes.values()) == {"unknown", "not-met"}, outcomes


# Refusals


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("AccessDeniedException", "logs:DescribeLogGroups"),
        ("SubscriptionRequiredException", "support plan"),
        ("ThrottlingException", "run it again later"),
        ("ExpiredTokenException", "renew them"),
        ("InvalidAccessException", "not in use"),
        ("InvalidParameterException", "names and parameters"),
    ],
)
def test_a_refusal_is_unknown_with_its_remedy(code: str, told: str, context: Context) -> None:
    stubs = Stubs(context)
    stubs.answer("logs", "DescribeLogGroups", {"error": code, "says": "no"})
    finding = ask(context, recipe="log-groups-kept")
    stubs.close()
    assert finding.outcome == "unknown"
    assert told in says(finding)


def test_a_secret_in_a_refusal_is_not_shown(context: Context) -> None:
    stubs = Stubs(context)
    stubs.answer("logs", "DescribeLogGroups", {"error": "AccessDeniedException", "says": "key AKIAABCDEFGHIJKLMNOP"})
    finding = ask(context, recipe="log-groups-kept")
    stubs.close()
    assert "AKIAABCDEFGHIJKLMNOP" not in says(finding)


def test_no_credentials_are_unknown(context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    finding = ask(context, recipe="log-groups-kept")
    assert finding.outcome == "unknown"
    assert "credentials" in says(finding)


def test_no_answer_at_all_is_unknown(context: Context) -> None:
    finding = ask(context, recipe="log-groups-kept")
    assert finding.outcome == "unknown"
    assert "no answer" in says(finding)


class Throttling(BaseHTTPRequestHandler):
    """CloudWatch Logs, which throttles the first calls."""

    throttled = calls = 0

    def do_POST(self) -> None:
        type(self).calls += 1
        slow = type(self).calls <= self.throttled
        refusal = {"__type": "ThrottlingException", "message": "Rate exceeded"}
        body = json.dumps(refusal if slow else {"logGroups": [{"logGroupName": "/checkout", "retentionInDays": 7}]})
        self.send_response(400 if slow else 200)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("throttled", "outcome", "calls"), [(2, "met", 3), (99, "unknown", 3)], ids=["for a while", "for ever"]
)
def test_throttling_is_waited_out_or_told(
    throttled: int, outcome: str, calls: int, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    Throttling.throttled, Throttling.calls = throttled, 0
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    service = HTTPServer(("127.0.0.1", 0), Throttling)
    threading.Thread(target=service.serve_forever, daemon=True).start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{service.server_port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "3")
    stubs = Stubs(context)
    finding = ask(context, recipe="log-groups-kept")
    stubs.close()
    service.shutdown()
    service.server_close()
    assert (finding.outcome, Throttling.calls) == (outcome, calls), says(finding)
    assert outcome == "met" or "still throttled logs DescribeLogGroups" in says(finding), says(finding)


def test_no_region_is_unknown_until_the_variable_that_the_remedy_names_is_set(
    moto: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = replace(WORKLOAD, aws=None)
    finding = ask(context_for(tmp_path, nowhere), recipe="log-groups-kept")
    assert finding.outcome == "unknown"
    (variable,) = re.findall(r"set (AWS_\w+)", says(finding))
    monkeypatch.setenv(variable, REGION)
    moto("logs").create_log_group(logGroupName="/checkout/app")
    assert ask(context_for(tmp_path, nowhere), recipe="log-groups-kept").outcome == "not-met"


def test_a_region_that_does_not_answer_is_not_excused_by_one_that_does(context: Context) -> None:
    stubs = Stubs(context)
    stubs.answer("logs", "DescribeLogGroups", {"logGroups": [{"logGroupName": "/checkout", "retentionInDays": 1}]})
    stubs.answer("logs", "DescribeLogGroups", {"error": "AccessDeniedException"}, region="us-east-1")
    finding = ask(context, recipe="log-groups-kept", regions=["eu-west-1", "us-east-1"])
    stubs.close()
    assert finding.outcome == "unknown"
    assert "us-east-1" in says(finding)


def test_what_is_bad_stays_bad_where_another_region_is_silent(context: Context) -> None:
    stubs = Stubs(context)
    stubs.answer("logs", "DescribeLogGroups", {"logGroups": [{"logGroupName": "/checkout"}]})
    stubs.answer("logs", "DescribeLogGroups", {"error": "AccessDeniedException"}, region="us-east-1")
    finding = ask(context, recipe="log-groups-kept", regions=["eu-west-1", "us-east-1"])
    stubs.close()
    assert finding.outcome == "not-met"


@pytest.mark.parametrize(
    ("launch", "told"),
    [(None, "no launch"), (date(2026, 12, 1), "no hour")],
)
def test_a_calendar_cannot_be_asked_without_an_hour(launch: object, told: str, tmp_path: Path) -> None:
    context = context_for(tmp_path, replace(WORKLOAD, launch=launch))
    stubs = Stubs(context)
    finding = ask(context, recipe="change-calendar-open", using={"calendars": "freeze"})
    stubs.close()
    assert finding.outcome == "unknown"
    assert told in says(finding)


# Where a recipe is asked


@pytest.mark.parametrize(
    ("region", "home"),
    [
        ("eu-west-1", "us-east-1"),
        ("ap-northeast-1", "us-east-1"),
        ("cn-north-1", "cn-northwest-1"),
        ("us-gov-east-1", "us-gov-west-1"),
    ],
)
@pytest.mark.parametrize(
    ("recipe", "service", "operation", "answer"),
    [
        ("support-plan", "support", "DescribeSeverityLevels", {"severityLevels": [{"code": "urgent"}]}),
        ("audit-reports", "artifact", "ListReports", {"reports": [{"name": "SOC 2", "state": "PUBLISHED"}]}),
        ("account-tagged", "organizations", "ListTagsForResource", {"Tags": [{"Key": "owner", "Value": "payments"}]}),
    ],
)
def test_what_belongs_to_no_region_is_asked_in_the_global_region_of_the_partition(
    recipe: str, service: str, operation: str, answer: dict[str, Any], region: str, home: str, tmp_path: Path
) -> None:
    context = context_for(tmp_path, replace(WORKLOAD, aws=InAws(account=ACCOUNT, regions=(region,))))
    stubs = Stubs(context)
    stubs.answer(service, operation, answer, region=home)
    finding = ask(context, recipe=recipe)
    stubs.close()
    assert finding.outcome == "met", says(finding)


def test_the_root_user_is_looked_for_in_every_enabled_region_of_the_partition(tmp_path: Path) -> None:
    context = context_for(tmp_path, replace(WORKLOAD, aws=InAws(account=ACCOUNT, regions=("cn-north-1",))))
    stubs = Stubs(context)
    report = b"user,password_last_used,access_key_1_active,access_key_1_last_used_date,access_key_2_active," + (
        b"access_key_2_last_used_date\n<root_account>,no_information,false,N/A,false,N/A\n"
    )
    regions = [{"RegionName": "cn-north-1"}, {"RegionName": "cn-northwest-1"}]
    stubs.answer("ec2", "DescribeRegions", {"Regions": regions}, region="cn-northwest-1")
    stubs.answer("iam", "GetCredentialReport", {"Content": report.decode()}, region="cn-northwest-1")
    stubs.answer("cloudtrail", "LookupEvents", {"Events": []}, region="cn-north-1")
    stubs.answer("cloudtrail", "LookupEvents", {"error": "AccessDeniedException"}, region="cn-northwest-1")
    finding = ask(context, recipe="root-used", at_most=0)
    stubs.close()
    assert finding.outcome == "unknown"
    assert "cn-northwest-1" in says(finding)


def test_a_region_that_nobody_knows_is_unknown(tmp_path: Path) -> None:
    context = context_for(tmp_path, replace(WORKLOAD, aws=InAws(account=ACCOUNT, regions=("xx-nowhere-1",))))
    stubs = Stubs(context)
    finding = ask(context, recipe="support-plan")
    stubs.close()
    assert finding.outcome == "unknown"
    assert "xx-nowhere-1" in says(finding)


@pytest.mark.parametrize(
    ("using", "services"), [({}, None), ({"services": ["EC2", "RDS"]}, ["EC2", "RDS"])], ids=["all", "named"]
)
def test_events_are_asked_for_in_the_regions_of_the_workload(
    using: dict[str, Any], services: list[str] | None, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Mapping[str, Any]] = []

    def noted(*given: Any) -> calls.Answer:
        asked.append(given[3])
        return calls.Answer({"events": []})

    monkeypatch.setattr(calls, "_ask", noted)
    stubs = Stubs(context)
    ask(context, recipe="health-events-open", using=using, at_most=0)
    stubs.close()
    (parameters,) = asked
    assert parameters["filter"]["regions"] == ["eu-west-1", "global"]
    assert parameters["filter"].get("services") == services


def test_an_account_whose_units_are_all_others_is_not_excused_by_another_account(context: Context) -> None:
    recipe = library()["account-in-unit"]
    using = {"units": ["ou-1"]}
    inside = Seen(ACCOUNT, "us-east-1", using, [{"Id": "ou-1"}, {"Id": "r-1"}])
    outside = Seen(OTHER, "us-east-1", using, [{"Id": "ou-2"}, {"Id": "r-1"}])
    outcomes = [judge(recipe, "", seen, [], Bound(), context).outcome for seen in ([inside], [inside, outside])]
    assert outcomes == ["met", "not-met"]


def test_what_there_is_nothing_to_judge_of_does_not_vanish_behind_others(context: Context) -> None:
    stubs = Stubs(context)
    stubs.answer("ecs", "ListServices", {"serviceArns": ["s"]})
    stubs.answer("ecs", "ListServices", {"serviceArns": []})
    stubs.answer(
        "ecs", "DescribeServices", {"services": [{"serviceName": "web", "runningCount": 3, "desiredCount": 3}]}
    )
    finding = ask(context, recipe="services-running", using={"clusters": ["web", "batch"]})
    stubs.close()
    assert finding.outcome == "unknown"
    assert "batch" in says(finding)


def test_a_loop_of_units_ends(context: Context) -> None:
    stubs = Stubs(context)
    for _ in range(2):
        stubs.answer(
            "organizations", "ListParents", {"Parents": [{"Id": "ou-2", "Type": "ORGANIZATIONAL_UNIT"}]}, "us-east-1"
        )
    finding = ask(context, recipe="account-in-unit", using={"units": "ou-1"})
    stubs.close()
    assert finding.outcome == "unknown"


# Own calls


def own(context: Context, answer: dict[str, Any], **parameters: Any) -> Finding:
    stubs = Stubs(context)
    stubs.answer("ec2", "DescribeImages", answer)
    finding = ask(context, service="ec2", operation="DescribeImages", rows="Images", **parameters)
    stubs.close()
    return finding


YOUNG = {"Name": "web-2", "State": "available", "CreationDate": "2026-11-03T00:00:00.000Z"}
OLD = {"Name": "web-1", "State": "deregistered", "CreationDate": "2025-01-03T00:00:00.000Z"}


@pytest.mark.parametrize(
    ("rows", "bound", "outcome"),
    [
        ([YOUNG, OLD], {"at_least": 2}, "met"),
        ([YOUNG], {"at_least": 2}, "not-met"),
        ([], {"at_least": 1}, "unknown"),
        ([], {"at_most": 0}, "met"),
        ([], {"at_least": 1, "at_most": 3}, "unknown"),
        ([YOUNG, OLD], {"at_most": 1}, "not-met"),
        ([YOUNG, OLD], {"all_in": {"State": ["available"]}}, "not-met"),
        ([YOUNG, OLD], {"all_in": {"State": ["available"]}, "at_most": 1}, "met"),
        ([YOUNG], {"all_in": {"State": ["available"]}}, "met"),
        ([], {"all_in": {"State": ["available"]}}, "unknown"),
        ([YOUNG], {"good": "Missing == 'there'"}, "not-met"),
        ([YOUNG], {"good": "length(Missing) > `0`"}, "unknown"),
        ([{"Name": "web-3"}], {"dated": "CreationDate", "newest_within": "30d"}, "unknown"),
    ],
)
def test_a_bound(rows: list[dict[str, Any]], bound: dict[str, Any], outcome: str, context: Context) -> None:
    assert faults_of(CheckSpec("aws", dict(service="ec2", operation="DescribeImages", rows="Images", **bound))) == []
    finding = own(context, {"Images": rows}, **bound)
    assert finding.outcome == outcome, says(finding)


def test_the_newest_row_decides_how_long_the_finding_holds(context: Context) -> None:
    finding = own(context, {"Images": [OLD, YOUNG]}, dated="CreationDate", newest_within="30d")
    assert finding.outcome == "met"
    assert finding.holds_until == date(2026, 12, 3)
    assert "web-2" in says(finding)


def test_the_oldest_row_decides_where_none_may_be_older(context: Context) -> None:
    finding = own(context, {"Images": [OLD, YOUNG]}, dated="CreationDate", none_older_than="30d")
    assert finding.holds_until == date(2025, 2, 2)


def test_a_row_of_tomorrow_is_unknown(context: Context) -> None:
    rows = [{"Name": "web-4", "CreationDate": "2026-12-24T00:00:00Z"}]
    assert own(context, {"Images": rows}, dated="CreationDate", newest_within="30d").outcome == "unknown"


def test_more_than_is_read_is_unknown(context: Context) -> None:
    stubs = Stubs(context)
    for _ in range(51):
        stubs.answer("ssm", "ListDocuments", {"DocumentIdentifiers": [{"Name": "a"}], "NextToken": f"n{_}"})
    finding = ask(context, service="ssm", operation="ListDocuments", rows="DocumentIdentifiers", at_least=1)
    stubs.close()
    assert finding.outcome == "unknown"
    assert "50" in says(finding)


# Checklists


@pytest.mark.parametrize(
    "operation",
    ["PutMetricAlarm", "DeleteStack", "StartQuery", "GetSecretValue", "BatchGetSecretValue", "GetSessionToken",
     "GetParameter", "GetParametersByPath", "GetObject", "GetItem", "GetFunction", "GetAuthorizationToken", "Describer",
     "describe_alarms", "GetPasswordData", "GetDashboardEmbedUrl", "GetRoleCredentials", "Describe\n", "Listen", ""],
)  # fmt: skip
def test_what_writes_or_gives_secrets_away_cannot_be_named(operation: str) -> None:
    assert not only_reads(operation)
    spec = CheckSpec("aws", {"service": "s3", "operation": operation, "rows": "@", "at_least": 1})
    assert faults_of(spec)


@pytest.mark.parametrize(
    "operation",
    ["DescribeAlarms", "ListTagsForResource", "GetOpsItem", "BatchGetBuilds", "LookupEvents", "GetCredentialReport"],
)
def test_what_reads_can_be_named(operation: str) -> None:
    assert only_reads(operation)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"recipe": "alarm-ready"}, "alarms-ready"),
        ({"recipe": "alarms-ready", "service": "s3"}, "service"),
        ({"recipe": "ops-items-open"}, "at_most: 0"),
        ({"recipe": "dashboards-exist"}, "dashboards"),
        ({"recipe": "dashboards-exist", "using": {"dashboards": 3}}, "list"),
        ({"recipe": "dashboards-exist", "using": {"dashboards": []}}, "list"),
        ({"recipe": "alarms-ready", "using": {"prefixx": "a"}}, "prefix"),
        ({"recipe": "alarms-ready", "newest_within": "3d"}, "no date"),
        ({"service": "ec2"}, "operation"),
        ({"service": "ec2", "operation": "DescribeImages", "rows": "Images["}, "JMESPath"),
        ({"service": "ec2", "operation": "DescribeImages", "rows": "Images"}, "at_least"),
        ({"service": "ec2", "operation": "DescribeImages", "rows": "Images", "all_in": {"State[": ["a"]}}, "JMESPath"),
        ({"service": "ec2", "operation": "DescribeImages", "rows": "Images", "newest_within": "3d"}, "dated"),
        ({"service": "ec2", "operation": "DescribeImages", "rows": "Images", "at_most": -1}, "from 0"),
    ],
)
def test_a_check_that_cannot_work_is_a_fault(parameters: dict[str, Any], told: str) -> None:
    faults = faults_of(CheckSpec("aws", parameters))
    assert faults
    assert any(told in f"{wrong}; {remedy}" for _, wrong, remedy in faults), [str(one) for one in faults]


def test_the_kind_must_be_allowed(tmp_path: Path) -> None:
    from orr.model.settings import Settings
    from orr.testing import run_check

    finding = run_check("aws", tmp_path, settings=Settings(), recipe="alarms-ready")
    assert finding.outcome == "unknown"
    assert "allow" in says(finding)


def test_the_policy_holds_what_the_checks_need_and_only_reads() -> None:
    specs = [CheckSpec("aws", {"recipe": name}) for name in library()]
    written = policy(specs)
    (statement,) = written["Statement"]
    assert len(statement["Action"]) > 90
    assert all(only_reads(action.partition(":")[2]) for action in statement["Action"])
    assert not any("*" in action for action in statement["Action"])


def test_orr_checks_prints_the_policy_of_the_checklists_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "orr.yaml").write_text("checklists: [c.yaml]\nallow: [aws]\n")
    (tmp_path / "c.yaml").write_text(
        "checklist: c\nversion: 1\ntitle: C\nsections:\n- section: s\n  items:\n"
        "  - item: i\n    ask: A?\n    risk: low\n"
        "    checks:\n    - {check: aws, recipe: trail-logging, role: orr-reads}\n"
        "    - {check: aws, service: elbv2, operation: DescribeLoadBalancers, rows: LoadBalancers, at_least: 1}\n"
    )
    monkeypatch.chdir(tmp_path)
    assert main(["checks", "--policy"]) == 0
    reads, assumes = json.loads(capsys.readouterr().out)["Statement"]
    assert reads["Action"] == [
        "cloudtrail:DescribeTrails", "cloudtrail:GetTrailStatus", "elasticloadbalancing:DescribeLoadBalancers",
    ]  # fmt: skip
    assert assumes["Resource"] == ["arn:*:iam::*:role/orr-reads"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_orr_checks_tells_of_every_parameter(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "aws", "--lang", language]) == 0
    output = capsys.readouterr().out
    assert "{workload}" in output
    assert "none_older_than" in output


@pytest.mark.parametrize("language", LANGUAGES)
def test_orr_checks_lists_the_recipes(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "--recipes", "--lang", language]) == 0
    output = capsys.readouterr().out
    for name, recipe in library().items():
        assert f"{name}: {render(recipe.title, language)}" in output


@pytest.mark.parametrize(
    "wrong", ["12345678901", "1234567890123", 123456789012, "１２３４５６７８９０１２", "12345678901a"]
)
def test_an_account_has_twelve_digits(wrong: object) -> None:
    for data in ({"account": wrong}, {"accounts": [ACCOUNT, wrong]}, {"accounts": wrong}):
        with pytest.raises(ValueError, match="aws-account"):
            read(InAws, data)


@pytest.mark.parametrize(
    "wrong", ["", "eu-west", "eu-west-1.evil.example", "eu-west-1/", "EU-WEST-1", "../eu-west-1", "a@b-1"]
)
def test_a_region_is_nothing_but_a_region(wrong: str) -> None:
    with pytest.raises(ValueError, match="aws-region"):
        read(InAws, {"regions": [wrong]})


# Values are data


@pytest.mark.parametrize("value", ["{account}", "*", "check?ut", "a' OR 'b", "`x`", 'a"b', "a\nb", "a" * 257])
@pytest.mark.parametrize("where", ["workload", "team", "key", "tag"])
def test_a_workload_cannot_say_what_a_query_would_read_as_its_own(where: str, value: str, tmp_path: Path) -> None:
    given = {"workload": "w", "team": "t", "key": "k", "tag": "v", where: value}
    workload = replace(
        WORKLOAD,
        workload=given["workload"],
        owner=Owner(team=given["team"]),
        aws=InAws(tags={given["key"]: given["tag"]}),
    )
    with pytest.raises(Undetermined):
        Scope(context_for(tmp_path, workload), {}, ACCOUNT, REGION)


def test_what_is_filled_in_is_not_filled_in_again(tmp_path: Path) -> None:
    scope = Scope(context_for(tmp_path), {"prefix": "{account}"}, ACCOUNT, REGION)
    template = {"a": "x-{prefix}", "b": [{"each": "tags", "Key": "{key}", "Value": "{value}-{row.name}"}]}
    assert scope.fill(template, {"name": "{region}"}) == {
        "a": "x-{account}",
        "b": [{"Key": "workload", "Value": "checkout-{region}"}],
    }


def test_a_number_or_a_list_stays_one(tmp_path: Path) -> None:
    scope = Scope(context_for(tmp_path), {"peak": 3, "names": ["a", "b"]}, ACCOUNT, REGION)
    assert scope.fill({"a": "{peak}", "b": "{names}", "c": "{launch+2h}"}, {}) == {
        "a": 3, "b": ["a", "b"], "c": "2026-12-01T03:00:00+00:00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-20T00:00:00Z", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:00:00+08:00", datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, tzinfo=UTC)),
        (1795305600, datetime(2026, 11, 22, tzinfo=UTC)),
        (1795305600000, datetime(2026, 11, 22, tzinfo=UTC)),
        (True, None),
        (0, None),
        ("soon", None),
        (None, None),
        ([], None),
        (float("inf"), None),
    ],
)
def test_dates_are_read_in_the_forms_that_aws_has(value: object, moment: datetime | None) -> None:
    assert moment_of(value) == moment


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=examples(200))
@given(ANYTHING)
def test_a_date_of_anything_is_a_moment_or_none(value: object) -> None:
    assert moment_of(value) is None or isinstance(moment_of(value), datetime)


@settings(max_examples=examples(200))
@given(ANYTHING, st.sampled_from([e for r in library().values() for e in (r.good, r.unknown, r.dated) if e]))
def test_an_expression_over_anything_gives_a_value_or_cannot_tell(data: object, expression: str) -> None:
    with contextlib.suppress(Undetermined):
        value_of(expression, data)


@settings(max_examples=examples(200))
@given(st.text() | st.from_regex(r"\{(now|launch|row|tags|workload)[.+\-a-z0-9]*\}"))
def test_a_template_of_anything_is_filled_or_cannot_tell(template: str) -> None:
    scope = Scope(context_for(Path(__file__).parent), {}, ACCOUNT, REGION)
    with contextlib.suppress(Undetermined):
        scope.fill({"a": [template]}, {"key": "k"})


def test_today_is_what_the_examples_are_written_for() -> None:
    assert date(2026, 11, 23) == TODAY
