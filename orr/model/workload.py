"""Workloads: what is reviewed, its owner and operating model."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from orr.model.base import Record, record
from orr.model.checklist import Governance
from orr.model.fields import (
    AwsAccount,
    AwsRegion,
    Before,
    Day,
    KebabId,
    Moment,
    Name,
    Names,
    Text,
    Tier,
    Words,
    one_or_many,
)


@record
class Owner(Record):
    """Who answers for a workload."""

    team: Name
    contact: Words | None = None


@record
class Layer(Record):
    """Who engineers and who operates one layer; team names."""

    engineering: Words | None = None
    operations: Words | None = None


@record
class OperatingModel(Record):
    """Who does what: two layers by two activities, their governance and provider."""

    application: Layer = Layer()
    infrastructure: Layer = Layer()
    governance: Governance | None = None
    provider: Words | None = None


@record
class InAws(Record):
    """Where in AWS a workload runs, and by which tags its resources are known."""

    account: AwsAccount | None = None
    accounts: Annotated[tuple[AwsAccount, ...], Before(one_or_many)] = ()
    regions: Annotated[tuple[AwsRegion, ...], Before(one_or_many)] = ()
    tags: dict[Words, Words] = field(default_factory=dict)


@record
class Workload(Record):
    """What is reviewed."""

    workload: Name
    title: Text
    tier: Tier
    owner: Owner
    launch: Moment | None = None
    live_since: Day | None = None
    repository: Words | None = None
    checklists: tuple[KebabId, ...] | None = None
    tags: Names = ()
    operating_model: OperatingModel = OperatingModel()
    aws: InAws | None = None
