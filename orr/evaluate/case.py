"""What the rule assesses: all that people wrote down about a workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, tzinfo

from orr.evaluate.milder import Earlier
from orr.evaluate.proofs import NO_PROOFS, Proofs, Signable, Unproven, exception_unproven, holder_of, unproven
from orr.evaluate.states import launch_day
from orr.evaluate.terms import NOTHING_RECORDED, Formerly
from orr.evaluate.tier import Rating, TierRules, rate
from orr.model.checklist import Checklist, Item, Occasion, Scope, Section, item_id
from orr.model.release import Release
from orr.model.renaming import NO_RENAMING, Renaming, worst
from orr.model.review import Answer, Emergency, Review, SignOff, Waiver
from orr.model.settings import PolicyRow
from orr.model.statement import Holder, Kind
from orr.model.workload import Workload


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """Everything that people have written down about one workload.

    Attributes
    ----------
    workload, review
        The workload, and its review; an empty review where there is none yet.
    checklists
        Those that the workload is reviewed against; of one that is not asked, only that it is not.
    not_asked
        The required checklists that it is not asked, by name; see `orr.evaluate.asked`.
    team_answers, organization_answers
        What the owner team and the organization answered once for all, by item.
    shared_repositories
        By `team` and `organization`, the repository that its file names for the checks of items of that scope.
    linked
        By `workload`, `team` and `organization`, where links lead from the repository that its file names.
    organization
        The organization's name, if it has a file.
    rules
        What the workspace says of tiers.
    day
        The day whose tier counts; None takes no exception into account.
    timezone
        Where a day ends.
    sources
        What orr.yaml lets a group of checks ask beside files.
    given
        The release that a command named, whose parts go before those of the review.
    earlier
        What was required before, to compare with; nothing depends on it.
    sharing
        Other workloads whose evidence lies in the same repository.
    formerly
        What git and the recorded runs hold of earlier waivers, leave, exceptions and plans.
    known
        Every checklist of the workspace, by name.
    proofs
        What the signatures of votes and approvals are worth.
    renaming
        Which items have replaced which.
    renamed
        New ids of items that the team or the organization answered under an old one.
    as_written
        The same with every answer and waiver under the id that it was written under.
    rating
        The tier that counts on the day, what it demands, and why it is this one.
    """

    workload: Workload
    review: Review
    checklists: tuple[Checklist, ...]
    team_answers: Mapping[str, Answer] = field(default_factory=dict)
    organization_answers: Mapping[str, Answer] = field(default_factory=dict)
    shared_repositories: Mapping[str, str] = field(default_factory=dict)
    linked: Mapping[str, str] = field(default_factory=dict)
    organization: str | None = None
    rules: TierRules = field(default_factory=TierRules)
    day: date | None = None
    timezone: tzinfo = UTC
    sources: tuple[str, ...] = ()
    given: Release = field(default_factory=Release)
    earlier: tuple[Earlier, ...] = ()
    sharing: tuple[str, ...] = ()
    not_asked: Mapping[str, Checklist] = field(default_factory=dict)
    known: Mapping[str, Checklist] = field(default_factory=dict)
    formerly: Formerly = NOTHING_RECORDED
    proofs: Proofs = NO_PROOFS
    renaming: Renaming = NO_RENAMING
    renamed: frozenset[str] = frozenset()
    as_written: Case | None = field(default=None, compare=False)
    rating: Rating = field(init=False, compare=False)

    def __post_init__(self) -> None:
        rating = rate(self.workload, self.rules, self.day, self.formerly, self.proofs)
        object.__setattr__(self, "rating", rating)

    def __repr__(self) -> str:
        return f"<Case of {self.workload.workload}: {self.review.occasion}>"

    def on(self, occasion: Occasion | None, given: Release | None) -> Case:
        """The same on another occasion, for a release; unchanged where neither is given."""
        if occasion is None and not given:
            return self
        review = self.review if occasion is None else replace(self.review, occasion=occasion)
        return replace(self, review=review, given=given or Release())

    @property
    def release(self) -> Release:
        """What the verdict is about."""
        return self.given.over(self.review.release) if self.given else self.review.release

    @property
    def tier(self) -> int:
        """The tier that counts."""
        return self.rating.tier

    @property
    def policy(self) -> PolicyRow:
        """What the tier demands."""
        return self.rating.policy

    @property
    def rated_workload(self) -> Workload:
        """The workload with the tier that counts in the place of the one that it claims."""
        return replace(self.workload, tier=self.tier)

    @property
    def asked(self) -> tuple[Checklist, ...]:
        """The checklists whose items are asked."""
        return tuple(one for one in self.checklists if one.checklist not in self.not_asked)

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers of the review, and those that leave out required checklists."""
        return (*self.review.waivers, *(leave.as_waiver(name) for name, leave in self.workload.leave_out.items()))

    @property
    def launch_day(self) -> date | None:
        """The day of the launch in the workspace's time zone."""
        return launch_day(self.workload, self.timezone)

    def answer(self, scope: Scope, name: str) -> tuple[Answer | None, str | None]:
        """The answer that counts for an item, and whose it is.

        Returns
        -------
        tuple
            The workload's own answer before an inherited one, and `workload`,
            `team:<team>` or `organization`; None twice where nobody answered. Of answers to
            items that became one the worst, wherever they stand. A challenge of it that was taken out of the files
            stands, unless somebody lifted it who may.
        """
        answer, source = self._found(scope, name)
        if answer is not None and source is not None:
            return self.as_known(name, answer, source), source
        gone = self.formerly.objections.removed(name, None, ())
        return (None, None) if gone is None else (gone.answer, gone.source)

    def as_known(self, name: str, answer: Answer, source: str) -> Answer:
        """Answer of a source, with any challenge that git or a run holds.

        What somebody agreed to another answer than this does not count.
        """
        answer = self.formerly.objections.agreed(name, source, answer)
        if not self.formerly.objections.doubts:
            return answer
        held = (answers[name] for _, answers in self.answers_by_source() if name in answers)
        return self.formerly.objections.challenged(name, source, answer, held)

    def _found(self, scope: Scope, name: str) -> tuple[Answer | None, str | None]:
        if name in self.renamed:
            return self._worst(name)
        own = self.review.answers.get(name)
        if own is not None:
            return own, "workload"
        if scope is Scope.TEAM:
            answer = self.team_answers.get(name)
            return (answer, f"team:{self.workload.owner.team}") if answer else (None, None)
        if scope is Scope.ORGANIZATION:
            answer = self.organization_answers.get(name)
            return (answer, "organization") if answer else (None, None)
        return None, None

    def votes_on(self, digest: str) -> tuple[SignOff, ...]:
        """Votes of the review, and removed ones for no-go on what is assessed."""
        given = self.review.sign_offs
        return (*given, *self.formerly.objections.no_go(given, digest))

    @property
    def emergencies(self) -> tuple[Emergency, ...]:
        """Exceptions that git and the runs know, including those removed from the review."""
        return self.formerly.objections.exceptions(self.review.emergencies)

    def answers_by_source(self) -> Iterator[tuple[str, Mapping[str, Answer]]]:
        """Answers of workload, owning team and organization, each with its source."""
        yield "workload", self.review.answers
        yield f"team:{self.workload.owner.team}", self.team_answers
        yield "organization", self.organization_answers

    def holder(self, source: str) -> Holder:
        """Whose file an answer from a source stands in."""
        return holder_of(source, self.workload.workload, self.organization)

    def unproven(
        self, kind: Kind, name: str, what: Signable, by: str | None, source: str = "workload"
    ) -> Unproven | None:
        """Why a vote or approval lacks proof by signature; None where fine."""
        return unproven(self.proofs, self.policy, kind, self.holder(source), name, what, by)

    @property
    def exception_unproven(self) -> Unproven | None:
        """Why the tier exception lacks proof, under the policy of its original tier."""
        return exception_unproven(self.workload, self.rules.row(self.rating.required)[0], self.proofs)

    def by_new_ids(self, renaming: Renaming) -> Case:
        """The same with what stands under ids that items have replaced under those of the items."""
        inherited = self.team_answers.keys() | self.organization_answers.keys()
        return replace(
            self,
            review=renaming.review(self.review),
            team_answers=renaming.answers(self.team_answers),
            organization_answers=renaming.answers(self.organization_answers),
            renaming=renaming,
            renamed=frozenset(renaming.ids[name] for name in inherited & renaming.ids.keys()),
            as_written=self,
        )

    def by_old_ids(self, ids: Mapping[str, str]) -> Case:
        """Same case for items that still bear replaced ids; maps old to new."""
        case = self.as_written or self

        def turned(answers: Mapping[str, Answer]) -> dict[str, Answer]:
            return {**{old: answers[new] for old, new in ids.items() if new in answers}, **answers}

        def widened(waiver: Waiver) -> Waiver:
            old = {was: new for was, new in ids.items() if new in waiver.items and was not in waiver.items}
            states = {was: waiver.states[new] for was, new in old.items() if new in waiver.states}
            return replace(waiver, items=(*waiver.items, *old), states={**waiver.states, **states})

        waivers = tuple(map(widened, case.review.waivers))
        return replace(
            self,
            review=replace(case.review, answers=turned(case.review.answers), waivers=waivers),
            team_answers=turned(case.team_answers),
            organization_answers=turned(case.organization_answers),
            renamed=frozenset(),
        )

    def _worst(self, name: str) -> tuple[Answer | None, str | None]:
        found = {place: answers[name] for place, answers in self.answers_by_source() if name in answers}
        return (worst(found), next(iter(found))) if found else (None, None)

    def units(self) -> Iterator[tuple[Checklist, Section, Item | None]]:
        """What is assessed as one, of all checklists; see `units_of`."""
        for checklist in self.checklists:
            for section, item in units_of(checklist):
                yield checklist, section, item


def units_of(checklist: Checklist) -> Iterator[tuple[Section, Item | None]]:
    """Units of assessment: each item, or a section with risk rules (item None)."""
    for section in checklist.sections:
        if section.risk_rules:
            yield section, None
        else:
            for item in section.items:
                yield section, item


def unit_name(checklist: Checklist, section: Section, item: Item | None) -> str:
    """The name of a unit of assessment, `checklist/item`; of a section with risk rules, `checklist/section`."""
    return item_id(checklist.checklist, item.item if item is not None else section.section)
