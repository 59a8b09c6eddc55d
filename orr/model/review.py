"""Reviews: answers, waivers, sign-offs and the pre-mortem."""

from __future__ import annotations

import hashlib
import json
from dataclasses import field
from enum import StrEnum
from typing import Annotated

from orr.model.base import Record, record
from orr.model.checklist import Occasion, Risk
from orr.model.fields import (
    Day,
    Id,
    Moment,
    Name,
    PathWords,
    Person,
    Sha256,
    WebAddress,
    Within,
    Words,
    unfit,
)
from orr.model.person import alike, same
from orr.model.release import Release


class Reply(StrEnum):
    """What a person may answer."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    NOT_APPLICABLE = "not-applicable"


class State(StrEnum):
    """The state of an item, worst first."""

    NOT_MET = "not-met"
    UNKNOWN = "unknown"
    STALE = "stale"
    UNANSWERED = "unanswered"
    PARTIAL = "partial"
    MET = "met"
    NOT_APPLICABLE = "not-applicable"


class Level(StrEnum):
    """A rough size, as a pre-mortem uses for likelihood and impact."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Vote(StrEnum):
    """A vote of a role."""

    GO = "go"
    NO_GO = "no-go"


@record
class EvidenceEntry(Record):
    """What a person offers as proof: a file of the repository or a link."""

    title: Words | None = None
    path: Words | None = None
    url: WebAddress | None = None
    sha256: Sha256 | None = None
    collected: Day | None = None
    expires: Day | None = None

    def __post_init__(self) -> None:
        if self.title is None and self.path is None and self.url is None:
            raise unfit("empty-evidence")
        if self.sha256 is not None and self.path is None:
            raise unfit("sha256-without-path")


@record
class Plan(Record):
    """What will be done, by whom, until when (the due day included)."""

    action: Words
    owner: Person
    due: Day


@record
class Lifted(Record):
    """Who found that a challenge is settled, and why."""

    by: Person
    on: Moment
    why: Words
    signature: Words | None = None


@record
class Challenge(Record):
    """A person's doubt about an answer, which does not count until it is lifted."""

    by: Person
    on: Moment
    why: Words
    lifted: Lifted | None = None

    @property
    def signature(self) -> str | None:
        """The signature of who lifted it."""
        return self.lifted.signature if self.lifted is not None else None

    def may_be_lifted(self, by: str, answered_by: str) -> bool:
        """Whether a person may lift it: who raised it, or anyone but the one who answered."""
        return same(by, self.by) or not alike(by, answered_by)


@record
class Answer(Record):
    """A person's answer to an item, given on a `release` where it is bound to one.

    `approved_by` is who else agrees that it is not applicable, and may sign that; `agreed_to` is the mark of the answer
    that they agreed to. A withdrawn answer that is challenged
    leaves its challenge.
    """

    answer: Reply | None = None
    note: Words | None = None
    reason: Words | None = None
    evidence: tuple[EvidenceEntry, ...] = ()
    plan: Plan | None = None
    by: Person
    on: Moment
    approved_by: Person | None = None
    agreed_to: Words | None = None
    signature: Words | None = None
    release: Release | None = None
    challenged: Challenge | None = None

    def __post_init__(self) -> None:
        if self.answer is None and self.plan is None and self.challenged is None:
            raise unfit("neither-answer-nor-plan")
        if self.answer is Reply.NOT_APPLICABLE and self.reason is None:
            raise unfit("no-reason")

    @property
    def mark(self) -> str:
        """A short digest of what somebody agrees to: the reason, and who gave the answer when."""
        told = [self.answer, " ".join((self.reason or "").split()), self.by, self.on.isoformat()]
        return hashlib.sha256(json.dumps(told).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    @property
    def disputed(self) -> bool:
        """Whether a challenge of it was not lifted, or not by somebody who may; days aside."""
        one = self.challenged
        return one is not None and (one.lifted is None or not one.may_be_lifted(one.lifted.by, self.by))


@record
class Assignment(Record):
    """Who is to answer an item, until when, and who asked for it; it decides nothing."""

    to: Person
    due: Day | None = None
    by: Person


@record
class Waiver(Record):
    """Leave to go on with items open, from its approval to `expires`, both included.

    `states` holds the state of each item when it was approved, `risks` the risk of each
    section with risk rules: it does not cover what is worse.
    """

    waiver: Id
    items: Annotated[tuple[Words, ...], Within(min_length=1)]
    reason: Words
    compensating: Words | None = None
    requested_by: Person
    approved_by: Person | None = None
    approved_on: Day | None = None
    states: dict[Words, State] = field(default_factory=dict)
    risks: dict[Words, Risk] = field(default_factory=dict)
    expires: Day
    revoked_on: Day | None = None
    signature: Words | None = None


@record
class SignOff(Record):
    """Vote of a role, bound to an assessment by digest; `parts` summarises that."""

    role: Words
    by: Person
    vote: Vote
    on: Moment
    digest: Sha256
    parts: Words | None = None
    signature: Words | None = None


@record
class Scenario(Record):
    """One way to fail, thought of before it happens."""

    scenario: Words
    likelihood: Level | None = None
    impact: Level | None = None
    detection: Words | None = None
    response: Words | None = None
    tested_on: Day | None = None


@record
class Emergency(Record):
    """Permission of two persons to release against the decision, for `hours` or until closed."""

    emergency: Id
    reason: Words
    environment: Words | None = None
    requested_by: Person
    requested_at: Moment
    hours: Annotated[int, Within(strict=True, ge=1, le=24)] = 24
    approved_by: Person | None = None
    approved_at: Moment | None = None
    closed_by: Person | None = None
    closed_on: Day | None = None
    signature: Words | None = None


@record
class Review(Record):
    """All answers, waivers and votes on a workload on an occasion."""

    review: Name
    occasion: Occasion = Occasion.LAUNCH
    release: Release = Release()
    answers: dict[str, Answer] = field(default_factory=dict)
    assigned: dict[str, Assignment] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    pre_mortem: tuple[Scenario, ...] = ()
    benefits: Words | None = None
    emergencies: tuple[Emergency, ...] = ()


@record
class TeamAnswers(Record):
    """`teams/<team>.yaml`: answers that all workloads of a team inherit."""

    team: Name
    repository: PathWords | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


@record
class OrganizationAnswers(Record):
    """`organization.yaml`: answers that all workloads inherit."""

    organization: Name
    repository: PathWords | None = None
    answers: dict[str, Answer] = field(default_factory=dict)


def named_repositories(
    team: TeamAnswers | OrganizationAnswers | None, organization: TeamAnswers | OrganizationAnswers | None
) -> dict[str, str]:
    """By scope, the repository that the file of a team and that of the organization name."""
    named = {"team": team and team.repository, "organization": organization and organization.repository}
    return {scope: path for scope, path in named.items() if path}
