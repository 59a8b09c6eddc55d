"""AWS for tests: botocore's stubs, which hold every answer to the service's model, in the place of clients."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.stub import Stubber

from orr.evidence.checks.aws.session import client_key
from orr.evidence.collect import run
from orr.evidence.context import Context
from orr.evidence.repository.places import EvidencePlaces
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.model.settings import Settings
from orr.model.workload import InAws, Owner, Workload

TODAY = date(2026, 11, 23)
ACCOUNT = "123456789012"
REGION = "eu-west-1"
WORKLOAD = Workload(
    workload="checkout",
    title="Checkout",
    tier=1,
    owner=Owner(team="payments"),
    launch=datetime.fromisoformat("2026-12-01T09:00+08:00"),
    aws=InAws(account=ACCOUNT, regions=(REGION,), tags={"workload": "checkout"}),
)


def context_for(folder: Path, workload: Workload = WORKLOAD, today: date = TODAY) -> Context:
    """What a check is given, with `aws` allowed."""
    places = EvidencePlaces(folder, (folder,), {"workload": folder})
    return Context.of(workload, places, today, settings=Settings(allow=("aws",)))


CORE = botocore.session.Session()  # one for all, since the models of services take long to read
SESSION = boto3.Session(botocore_session=CORE)


@cache
def _client(service: str, region: str) -> Any:
    return SESSION.client(service, region_name=region, aws_access_key_id="fake", aws_secret_access_key="fake")


class Stubs:
    """Clients that answer what they are told to, in order, for one context."""

    def __init__(self, context: Context, account: str = ACCOUNT) -> None:
        self.context = context
        self._stubbers: dict[tuple[str, str], Stubber] = {}
        self.answer("sts", "GetCallerIdentity", {"Account": account}, region=context.workload.aws.regions[0])

    def answer(self, service: str, operation: str, answer: Mapping[str, Any], region: str = REGION) -> None:
        """The next answer of an operation; `{"error": code}` for a refusal."""
        key = (service, region)
        if key not in self._stubbers:
            client = _client(service, region)
            self._stubbers[key] = Stubber(client)
            self._stubbers[key].activate()
            in_aws = self.context.workload.aws
            self.context.cached(client_key(service, region, None, in_aws.account if in_aws else None), lambda: client)
        stubber = self._stubbers[key]
        method = next(n for n, api in stubber.client.meta.method_to_api_mapping.items() if api == operation)
        if "error" in answer:
            stubber.add_client_error(method, answer["error"], answer.get("says", "refused"))
        else:
            shape = stubber.client.meta.service_model.operation_model(operation).output_shape
            stubber.add_response(method, completed(shape, answer))

    def close(self) -> None:
        """Give the clients back for the next test."""
        for stubber in self._stubbers.values():
            stubber.deactivate()

    def left(self) -> dict[str, int]:
        """How many answers were not asked for, by service."""
        found: dict[str, int] = defaultdict(int)
        for (service, _), stubber in self._stubbers.items():
            found[service] += len(stubber._queue)
        return {service: count for service, count in found.items() if count and service != "sts"}


def ask(context: Context, **parameters: Any) -> Finding:
    """Run the check as a review would."""
    return run(context, CheckSpec("aws", parameters))


def completed(shape: Any, data: Any) -> Any:
    """An answer with every member that the model calls mandatory, and dates as dates."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        given = {name: completed(shape.members[name], value) for name, value in data.items()}
        return {**{name: _example(shape.members[name]) for name in shape.required_members}, **given}
    if shape.type_name == "list":
        return [completed(shape.member, one) for one in data]
    if shape.type_name == "map":
        return {name: completed(shape.value, value) for name, value in data.items()}
    if shape.type_name == "timestamp":
        return datetime.fromisoformat(data)
    if shape.type_name == "blob":
        return data.encode()
    if shape.type_name == "string" and not shape.enum:
        return data.ljust(shape.metadata.get("min", 0), "x")
    return data


def _example(shape: Any) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return {} if getattr(shape, "is_document_type", False) else completed(shape, {})
    if kind == "timestamp":
        return datetime(2026, 11, 1, tzinfo=UTC)
    if kind == "string":
        return shape.enum[0] if shape.enum else "x" * max(1, shape.metadata.get("min", 1))
    if kind == "list":
        return [_example(shape.member)] * shape.metadata.get("min", 0)
    plain: dict[str, Any] = {"map": {}, "boolean": False, "double": 0.0, "float": 0.0}
    return plain.get(kind, shape.metadata.get("min", 0))
