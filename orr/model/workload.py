"""Workloads: what is reviewed, its owner and operating model."""

from __future__ import annotations

from dataclasses import field
from typing import Annotated

from orr.model.base import Record, record
from orr.model.checklist import ASKED, Governance, item_id
from orr.model.fields import (
    AwsAccount,
    AwsRegion,
    Before,
    Day,
    KebabId,
    Moment,
    Name,
    Names,
    Person,
    Text,
    Tier,
    Words,
    one_or_many,
)
from orr.model.impact import Impact, TierException
from orr.model.review import State, Waiver


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
class LeaveOut(Record):
    """Permission to omit a required checklist, from `on` to `expires`, both inclusive."""

    reason: Words
    requested_by: Person
    approved_by: Person | None = None
    on: Day | None = None
    expires: Day
    signature: Words | None = None

    def as_waiver(self, checklist: str) -> Waiver:
        """The same as a waiver of the question whether the checklist is asked."""
        item = item_id(checklist, ASKED)
        return Waiver(
            waiver=f"leave_out/{checklist}",
            items=(item,),
            reason=self.reason,
            requested_by=self.requested_by,
            approved_by=self.approved_by,
            approved_on=self.on,
            states={item: State.NOT_MET},
            expires=self.expires,
        )


@record
class Workload(Record):
    """What is reviewed."""

    workload: Name
    title: Text
    tier: Tier | None = None
    impact: Impact | None = None
    tier_exception: TierException | None = None
    owner: Owner
    launch: Moment | None = None
    live_since: Day | None = None
    repository: Words | None = None
    checklists: tuple[KebabId, ...] | None = None
    leave_out: dict[KebabId, LeaveOut] = field(default_factory=dict)
    tags: Names = ()
    operating_model: OperatingModel = OperatingModel()
    aws: InAws | None = None
    paths: dict[Words, Names] = field(default_factory=dict)

    def lies_apart_from(self, other: Workload) -> bool:
        """Whether both topics name locations, and no pattern is shared."""
        topics = {*self.paths, *other.paths}
        return bool(self.paths and other.paths) and all(
            set(self.paths.get(topic, ())).isdisjoint(other.paths.get(topic, ())) for topic in topics
        )
