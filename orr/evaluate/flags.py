"""Flags for a second look; none changes the verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import NamedTuple

from orr.evaluate.approvals import approvals_of
from orr.evaluate.asked import is_left_out
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.ballot_changes import few
from orr.evaluate.case import Case
from orr.evaluate.items import stops_launch
from orr.evaluate.plans import row_of, why_not_covering
from orr.evaluate.states import CAUSES_OF_CHECKS
from orr.evaluate.votes import VoteStatus, answered_by, voided, vote_unproven
from orr.evaluate.waivers import covers
from orr.messages import Message, say
from orr.model.person import groups, likenesses
from orr.model.review import Answer, Reply, State, Waiver
from orr.model.statement import Kind

BULK_MORE_THAN = 10
BULK_WITHIN = timedelta(minutes=1)
ENDING_WITHIN_DAYS = 30


class Flag(NamedTuple):
    """Something to look at: kind, subject (item, waiver, role or person) and text."""

    flag: str
    about: str
    says: Message


def flags_of(
    case: Case,
    items: Sequence[ItemAssessment],
    waivers: Sequence[WaiverStatus],
    votes: Sequence[VoteStatus],
    today: date,
) -> tuple[Flag, ...]:
    """Contradictions, self-review, answers in bulk, void votes, and plans and waivers of little use."""
    return (
        *_shared(case),
        *_contradictions(items),
        *_departures(case, items),
        *_lifts(case, items),
        *_agreements(case, items),
        *_self_reviews(case, items, votes),
        *_bulk(items, case.timezone),
        *_plans(case, items, today),
        *_waivers(case, items, waivers, today),
        *_exception(case, today),
        *(Flag("void-vote", ", ".join(one.roles), one.why) for one in voided(votes)),
        *_unproven(case, votes),
        *_removed_votes(case, votes),
    )


def _unproven(case: Case, votes: Sequence[VoteStatus]) -> Iterator[Flag]:
    """Unsigned votes for no-go, which count all the same; and challenges lifted without effect."""
    for one in approvals_of(case):
        if one.kind is Kind.CHALLENGE_LIFTED and one.unproven is not None:
            says = say("rule.flag.unproven-lift", item=one.name, by=one.by, why=one.unproven.why)
            yield Flag("ineffective-lift", one.name, says)
    for vote in votes:
        if vote.valid and (unproven := vote_unproven(case, vote.sign_off)) is not None:
            role = vote.sign_off.role
            yield Flag("unproven-vote", role, say("rule.flag.unproven-vote", role=role, why=unproven.why))


def _agreements(case: Case, items: Sequence[ItemAssessment]) -> Iterator[Flag]:
    """Agreements to another answer of not applicable than the one that stands there now."""
    written = dict(case.answers_by_source())
    for part in (part for item in items for part in (item.choices or (item,))):
        there = written[part.answer_from].get(part.name) if part.answer_from is not None else None
        if there is not None and part.answer is not None and there.approved_by != part.answer.approved_by:
            yield Flag(
                "void-agreement", part.name, say("rule.flag.void-agreement", item=part.name, by=there.approved_by)
            )
    for name, answer in unknown_agreements(case, items):
        told = {"item": name, "by": answer.approved_by, "workload": case.workload.workload}
        yield Flag("unknown-agreement", name, say("rule.flag.unknown-agreement", **told))


def unknown_agreements(case: Case, items: Sequence[ItemAssessment]) -> Iterator[tuple[str, Answer]]:
    """Items that do not apply by an agreement to nobody knows what answer."""
    parts = (part for item in items for part in (item.choices or (item,)))
    agreed = [part for part in parts if part.state is State.NOT_APPLICABLE and part.answer is not None]
    needed = stops_launch(case) if agreed else frozenset()
    for part in agreed:
        answer, source = part.answer, part.answer_from
        if part.name not in needed or answer is None or source is None:
            continue
        if case.formerly.objections.is_unknown(part.name, source, answer):
            yield part.name, answer


def _removed_votes(case: Case, votes: Sequence[VoteStatus]) -> Iterator[Flag]:
    for one in (vote.sign_off for vote in votes if vote.sign_off not in case.review.sign_offs):
        says = say("rule.flag.removed-vote", role=one.role, by=one.by, on=one.on)
        yield Flag("removed-vote", one.role, says)


def _shared(case: Case) -> Iterator[Flag]:
    if case.sharing:
        says = say("rule.flag.shared-repository", others=case.sharing)
        yield Flag("shared-repository", case.workload.workload, says)


def _contradictions(items: Sequence[ItemAssessment]) -> Iterator[Flag]:
    for item in items:
        for part in item.choices or (item,):
            if part.contradicted and part.answer is not None:
                says = say("rule.flag.contradicted", item=part.name, by=part.answer.by, causes=part.causes)
                yield Flag("contradicted", part.name, says)
            elif part.open and part.answer is not None and part.answer.answer is Reply.NOT_APPLICABLE:
                causes = [cause for cause in part.causes if cause.key in CAUSES_OF_CHECKS]
                if causes:
                    says = say("rule.flag.overruled", item=part.name, by=part.answer.by, causes=causes)
                    yield Flag("overruled", part.name, says)


def _departures(case: Case, items: Sequence[ItemAssessment]) -> Iterator[Flag]:
    """Answers of the workload in place of a worse one that it would inherit."""
    shared = [(source, answers) for source, answers in case.answers_by_source() if source != "workload"]
    for part in (part for item in items for part in (item.choices or (item,)) if part.answer_from == "workload"):
        for source, other in ((source, answers[part.name]) for source, answers in shared if part.name in answers):
            worse = other.answer in (Reply.NO, Reply.PARTIAL) or other.disputed
            if worse and part.answer is not None and part.answer.answer in (Reply.YES, Reply.NOT_APPLICABLE):
                told = {"item": part.name, "by": part.answer.by, "whose": source, "other": other.by}
                yield Flag("departs", part.name, say("rule.flag.departs", **told))


def _lifts(case: Case, items: Sequence[ItemAssessment]) -> Iterator[Flag]:
    """Challenges that were lifted in vain, or taken out of the file."""
    written = dict(case.answers_by_source())
    for part in (part for item in items for part in (item.choices or (item,))):
        stands, source = part.challenge, part.answer_from
        if stands is None or part.answer is None or source is None:
            continue
        answer = written[source].get(part.name)
        there = answer.challenged if answer is not None else None
        if there is None or (there.by, there.on) != (stands.by, stands.on):
            says = say("rule.flag.removed-challenge", item=part.name, by=stands.by, on=stands.on)
            yield Flag("removed-challenge", part.name, says)
        elif (lifted := there.lifted) is not None and case.unproven(
            Kind.CHALLENGE_LIFTED, part.name, there, lifted.by, source
        ) is None:
            own = part.answer.disputed
            says = say(f"rule.flag.{'own' if own else 'dated'}-lift", item=part.name, by=lifted.by, on=lifted.on)
            yield Flag("ineffective-lift", part.name, says)


def _self_reviews(case: Case, items: Sequence[ItemAssessment], votes: Sequence[VoteStatus]) -> Iterator[Flag]:
    answered = answered_by(items, case.policy)
    for vote in {(vote.sign_off.role, likenesses(vote.sign_off.by)): vote for vote in votes if vote.valid}.values():
        own = answered.of(vote.sign_off.by)
        if own:
            says = say(
                "rule.flag.self-review", by=vote.sign_off.by, role=vote.sign_off.role, n=len(own), items=few(own)
            )
            yield Flag("self-review", vote.sign_off.role, says)


def _bulk(items: Sequence[ItemAssessment], timezone: tzinfo) -> Iterator[Flag]:
    times: dict[str, list[float]] = {}
    for item in items:
        for part in item.choices or (item,):
            if part.answer is not None and isinstance(part.answer.on, datetime):
                on = part.answer.on if part.answer.on.tzinfo else part.answer.on.replace(tzinfo=timezone)
                # As seconds: two times of one zone differ by what the clock shows, which is wrong where it changes.
                times.setdefault(part.answer.by, []).append(on.timestamp())
    person_of = groups(times)
    by_person: dict[str, list[float]] = {}
    for name, own in times.items():
        by_person.setdefault(person_of[name], []).extend(own)
    for by, moments in sorted(by_person.items()):
        moments.sort()
        most, first = 0, 0
        for last, moment in enumerate(moments):
            while moment - moments[first] > BULK_WITHIN.total_seconds():
                first += 1
            most = max(most, last - first + 1)
        if most > BULK_MORE_THAN:
            yield Flag("bulk-answers", by, say("rule.flag.bulk", by=by, n=most))


def _plans(case: Case, items: Sequence[ItemAssessment], today: date) -> Iterator[Flag]:
    for item in items:
        name, answer = item.name, item.answer
        if not item.open or item.item is None or not item.item.plan_accepted or answer is None or answer.plan is None:
            continue
        since, moved = row_of(case, name, answer, answer.plan, today)
        why = why_not_covering(case, name, answer, answer.plan, today)
        if not item.planned and why is not None:  # else the state says why the answer itself does not count
            yield Flag("ineffective-plan", name, say("rule.flag.ineffective-plan", item=name, why=why))
        elif item.planned and moved:
            yield Flag("moved-plan", name, say("rule.flag.moved-plan", item=name, since=since, n=moved))


def _waivers(
    case: Case, items: Sequence[ItemAssessment], statuses: Sequence[WaiverStatus], today: date
) -> Iterator[Flag]:
    open_items = {item.name for item in items if item.open or is_left_out(item)}
    for waiver, status in zip(case.waivers, statuses, strict=True):
        name = waiver.waiver
        if not status.active:
            yield Flag("ineffective-waiver", name, say("rule.flag.ineffective-waiver", waiver=name, why=status.why))
            continue
        if status.refused:
            yield Flag("not-waivable", name, say("rule.flag.not-waivable", waiver=name, items=status.refused))
        for why in status.exceeding:
            yield Flag("exceeding-waiver", name, say("rule.flag.ineffective-waiver", waiver=name, why=why))
        outgrown = [item for item in items if item.name in status.items and _outgrown(waiver, item)]
        for item in outgrown:
            was = waiver.states.get(item.name)
            key = "no-state" if was is None else "outgrown-waiver"
            yield Flag(
                "outgrown-waiver", name, say(f"rule.flag.{key}", waiver=name, item=item.name, was=was, now=item.state)
            )
        if not outgrown and not status.items & open_items:
            yield Flag("unused-waiver", name, say("rule.flag.unused-waiver", waiver=name))
        left = (waiver.expires - today).days
        if left <= ENDING_WITHIN_DAYS:
            yield Flag("ending-waiver", name, say("rule.flag.ending-waiver", waiver=name, until=waiver.expires, n=left))


def _exception(case: Case, today: date) -> Iterator[Flag]:
    rating, name = case.rating, case.workload.workload
    if rating.ineffective is not None:
        yield Flag("ineffective-exception", name, say("rule.flag.ineffective-exception", why=rating.ineffective))
    if rating.until is not None and (left := (rating.until - today).days) <= ENDING_WITHIN_DAYS:
        says = say("rule.flag.ending-exception", until=rating.until, n=left, required=rating.required)
        yield Flag("ending-exception", name, says)


def _outgrown(waiver: Waiver, item: ItemAssessment) -> bool:
    return item.open and not covers(waiver, item.name, item.state, item.risk if item.choices else None)
