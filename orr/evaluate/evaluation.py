"""Evaluate a case and its evidence on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from orr.evaluate.asked import Asked, asked_of, on_day
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.ballot import Ballot, ballot_of, digest_of
from orr.evaluate.ballot_changes import Known, few
from orr.evaluate.case import Case
from orr.evaluate.flags import Flag, flags_of, unknown_agreements
from orr.evaluate.forecast import Change, Lapse, forecast
from orr.evaluate.items import Assessor
from orr.evaluate.milder import SUBJECT, Milder, compared, milder_than, uncompared
from orr.evaluate.path import Step, next_order, path_order, step_of
from orr.evaluate.reasons import Against, ReasonGroup, against_of, headline, reason_groups, reasons_of, weight
from orr.evaluate.requirements import requirements, subjects_named
from orr.evaluate.states import CLOSED, STATES
from orr.evaluate.verdict import Verdict, verdict_of
from orr.evaluate.votes import Decision, VoteStatus, decide, vote_statuses
from orr.evaluate.withdrawn import Stood, stands_in
from orr.messages import Message, say
from orr.model.finding import Evidence, Where
from orr.model.review import State

__all__ = ["Case", "Decision", "Evaluation", "Step", "Verdict", "evaluate", "reassess"]


@dataclass(frozen=True, eq=False, repr=False)
class Evaluation:
    """What the rule makes of a case on a day.

    What takes long and is not always asked (forecast, digest, words) is worked out when
    it is first read.

    Attributes
    ----------
    case, evidence, today
        What was assessed, and for which day.
    items, waivers
        Every item and every waiver, assessed.
    verdict
        The verdict.
    simulated
        Whether the day was another than the one on which it was assessed.
    known
        What git and the history know of the assessments that earlier votes were given on.
    origin
        Finds where what decided an item stands; None where the assessment was made of no files.
    """

    case: Case
    evidence: Evidence
    today: date
    items: list[ItemAssessment]
    waivers: list[WaiverStatus]
    verdict: Verdict
    simulated: bool = False
    known: Known = field(default_factory=dict)
    origin: Callable[[ItemAssessment], Where] | None = None

    def knowing(self, known: Known) -> Evaluation:
        """The same, where this much is known of earlier votes; its ballot is made once."""
        knowing = replace(self, known=known)
        vars(knowing)["ballot"] = self.ballot
        return knowing

    def __repr__(self) -> str:
        return f"<Evaluation of {self.case.workload.workload} on {self.today}: {self.verdict}>"

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """How many items are in each state, worst first, zeros included."""
        counted = Counter(item.state for item in self.items)
        return {state: counted[state] for state in STATES}

    @cached_property
    def not_applicable(self) -> tuple[int, int]:
        """How many of the items that are asked do not apply, and of how many."""
        asked = [item.state for item in self.items if item.checklist.checklist not in self.case.not_asked]
        return asked.count(State.NOT_APPLICABLE), len(asked)

    @property
    def share_left_out(self) -> Message | None:
        """How many of the items do not apply, in words; None where all do."""
        n, of = self.not_applicable
        return say("rule.not-applicable", n=n, all=of) if n else None

    @cached_property
    def asked(self) -> Asked:
        """How many of the checklists are asked, and which are not."""
        return asked_of(self.case, self.items)

    @cached_property
    def verdict_without_waivers(self) -> Verdict:
        """The verdict if no waiver counted, and no leave to go without a checklist."""
        if self.asked.left_out:
            return Verdict.NO_GO
        return verdict_of(self.items, self.case.policy, waivers_count=False)

    @cached_property
    def verdict_at_best(self) -> Verdict:
        """The verdict if all that is unknown, stale or unanswered proved good."""
        return verdict_of(self.items, self.case.policy, unknown_is_good=True)

    @cached_property
    def _future(self) -> tuple[tuple[Change, ...], tuple[Lapse, ...]]:
        return forecast(self.case, self.evidence, self.today, self.items, self.verdict)

    @property
    def forecast(self) -> tuple[Change, ...]:
        """Every change of the verdict that is coming if nobody touches anything."""
        return self._future[0]

    @property
    def lapses(self) -> tuple[Lapse, ...]:
        """Every item that gets worse by the calendar alone, by date."""
        return self._future[1]

    @property
    def valid_until(self) -> date | None:
        """Last day on which the verdict holds; None for no-go or without end."""
        if self.verdict is Verdict.NO_GO or not self.forecast:
            return None
        return self.forecast[0].on - timedelta(days=1)

    @cached_property
    def requirements(self) -> Mapping[str, Any]:
        """What is required, and which subjects the evidence names; see `orr.evaluate.requirements`."""
        return requirements(self.case, self.today) | {"named": subjects_named(self.items, self.evidence)}

    @cached_property
    def milder(self) -> tuple[Milder, ...]:
        """Relaxed requirements, or changes not provably stricter, and vanished objections."""
        earlier = self.case.earlier
        stands = self.stands if any(one.stood is not None for one in earlier) else None
        changes = milder_than(earlier, self.requirements, stands, self.case.renaming.ids)
        if not any(one.change.key == SUBJECT for one in changes):
            return tuple(changes)
        parts = (part for item in self.items for part in (item.choices or (item,)))
        not_run = {part.name for part in parts if any(one.key == "rule.cause.not-collected" for one in part.causes)}
        return tuple(one for one in changes if one.change.key != SUBJECT or one.change.values["item"] not in not_run)

    @cached_property
    def stands(self) -> Stood:
        """Objections and exceptions that stand in the files."""
        answers = [answers for _, answers in self.case.answers_by_source()]
        return stands_in(self.case.review, answers, self.digest)

    @property
    def uncompared(self) -> tuple[Message, ...]:
        """What could not be compared, in words; that there was nothing to compare with, where so."""
        return (*uncompared(self.case.earlier), *self._unrecorded)

    @cached_property
    def unknown_agreements(self) -> tuple[Message, ...]:
        """That nothing tells to which answers of not applicable people agreed; empty where that is known."""
        names = [name for name, _ in unknown_agreements(self.case, self.items)]
        return (say("rule.agreement.unknown", n=len(names), items=few(names)),) if names else ()

    @property
    def _unrecorded(self) -> tuple[Message, ...]:
        """That a term covers something, and nothing records those before it."""
        plain = self.case.formerly.known or not (
            self.case.rating.until is not None
            or any(waiver.active for waiver in self.waivers)
            or any(item.planned and item.open for item in self.items)
        )
        return () if plain else (say("rule.terms.unrecorded"),)

    @property
    def compared(self) -> Message | None:
        """With what earlier requirements they were compared; None where with nothing."""
        return compared(self.case.earlier)

    @cached_property
    def ballot(self) -> Ballot:
        """What is voted on, part by part."""
        return ballot_of(self.case, self.evidence, self.items)

    @cached_property
    def digest(self) -> str:
        """What votes are bound to: the digest of the ballot."""
        return digest_of(self.ballot)

    @cached_property
    def votes(self) -> tuple[VoteStatus, ...]:
        """The review's sign-offs and whether they count."""
        if not (self.case.review.sign_offs or self.case.formerly.objections.votes):
            return ()
        return vote_statuses(self.case, self.items, self.ballot, self.digest, self.today, self.known)

    @property
    def names_are_claims(self) -> bool:
        """Whether a vote counts that no signature proves."""
        unsigned = self.case.proofs.signers is None
        return any(vote.valid and (unsigned or vote.sign_off.signature is None) for vote in self.votes)

    @cached_property
    def decision(self) -> Decision:
        """What the votes make of the verdict."""
        return decide(self.case, self.votes, self.verdict)

    @cached_property
    def flags(self) -> tuple[Flag, ...]:
        """What a reader should look at twice."""
        return flags_of(self.case, self.items, self.waivers, self.votes, self.today)

    @cached_property
    def path_to_go(self) -> tuple[Step, ...]:
        """The open items that keep the verdict from go.

        Uncovered first, then blocking, then risk, then soonest due (none last), then least effort, then name.
        """
        return tuple(self.step(item) for item in sorted(self.deciding, key=path_order))

    @cached_property
    def next_steps(self) -> tuple[Step, ...]:
        """The same steps, those first that do most soonest: uncovered, blocking, risk, least effort, name."""
        return tuple(sorted(self.path_to_go, key=lambda step: next_order(step.item)))

    @cached_property
    def challenged(self) -> tuple[ItemAssessment, ...]:
        """The items and choices with an answer that is challenged, in the order of the checklists."""
        parts = (part for item in self.items for part in (item.choices or (item,)))
        return tuple(part for part in parts if part.challenge is not None)

    @cached_property
    def deciding(self) -> tuple[ItemAssessment, ...]:
        """The open items that keep the verdict from go, in the order of the checklists."""
        risks = {*self.case.policy.no_go, *self.case.policy.conditional}
        return tuple(item for item in self.items if item.state not in CLOSED and (item.blocking or item.risk in risks))

    @cached_property
    def reasons(self) -> tuple[Message, ...]:
        """Why the verdict is what it is, most important first."""
        return reasons_of(self.case, self.verdict, self.deciding, self.items, self._weigh)

    def reasons_apart(self, at_most: int) -> tuple[ReasonGroup, ...]:
        """Reasons by whether something is known to be missing or not known, so many of each."""
        return reason_groups(self.case, self.verdict, self.against, self.items, self._weigh, at_most)

    @cached_property
    def _weights(self) -> dict[str, tuple[ItemAssessment, tuple[Any, ...]]]:
        """How much items matter, by name; shared with every reassessment."""
        return {}

    def _weigh(self, item: ItemAssessment) -> tuple[Any, ...]:
        known = self._weights.get(item.name)
        if known is None or known[0] is not item:
            known = self._weights[item.name] = (item, weight(item))
        return known[1]

    @cached_property
    def against(self) -> Against:
        """Open items that the verdict hangs on: known to be missing, and not known."""
        return against_of(self.verdict, self.deciding, self.case.policy)

    @property
    def headline(self) -> Message:
        """The verdict with how much is known to be missing, and how much is not known."""
        return headline(self.verdict, len(self.against.missing), len(self.against.not_known))

    def where(self, item: ItemAssessment) -> Where:
        """Where what decided an item stands: path and line, by default the review."""
        if self.origin is not None:
            return self.origin(item)
        return Where(f"workloads/{self.case.workload.workload}/review.yaml")

    def step(self, item: ItemAssessment) -> Step:
        """Who has to act on an item, and what is planned."""
        return step_of(self.case, item)


def evaluate(case: Case, evidence: Evidence, today: date) -> Evaluation:
    """Assess a workload on a day.

    Parameters
    ----------
    case
        What people wrote down.
    evidence
        What the checks found.
    today
        The day; every date is inclusive.

    Returns
    -------
    Evaluation
        The state of each item, the verdict and its reasons. Equal inputs give an equal
        assessment, whatever the order of answers and waivers.
    """
    case = on_day(case, today)
    assessor = Assessor(case, evidence)
    waivers, waived = assessor.waivers(today)
    items = assessor.all(today, waived)
    return Evaluation(case, evidence, today, items, waivers, verdict_of(items, case.policy))


def reassess(before: Evaluation, case: Case, evidence: Evidence) -> Evaluation:
    """Evaluate again on the same day, reusing every item that cannot have changed.

    Parameters
    ----------
    before
        An assessment of the same workload.
    case, evidence
        As for `evaluate`.

    Returns
    -------
    Evaluation
        What `evaluate` gives, sooner where only a few answers moved.
    """
    old, case = before.case, on_day(case, before.today)
    if (
        replace(case, review=old.review) != old
        or case.review.occasion is not old.review.occasion
        or case.release != old.release
        or case.review.waivers != old.review.waivers
        or evidence.findings is not before.evidence.findings
    ):
        return evaluate(case, evidence, before.today)
    moved = _differing(old.review.answers, case.review.answers)
    moved |= _differing(old.review.assigned, case.review.assigned)
    moved |= _differing(before.evidence.missing, evidence.missing)
    moved |= _differing(before.evidence.hollow, evidence.hollow)
    moved |= _differing(before.evidence.attached, evidence.attached)
    assessor = Assessor(case, evidence)
    waivers, waived = assessor.waivers(before.today)
    items = list(before.items)
    for place, item in enumerate(items):
        if item.name in moved or (item.choices and any(choice.name in moved for choice in item.choices)):
            items[place] = assessor.unit(place, before.today, waived)
    verdict = verdict_of(items, case.policy)
    after = Evaluation(case, evidence, before.today, items, waivers, verdict, known=before.known)
    after.__dict__["_weights"] = before._weights
    after.__dict__["requirements"] = before.requirements  # no answer, evidence or vote is among them
    return after


def _differing(one: Mapping[str, object], other: Mapping[str, object]) -> set[str]:
    """The names under which two mappings do not hold the same."""
    return {name for name in {**one, **other} if one.get(name) is not other.get(name)}
