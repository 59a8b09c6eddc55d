"""Derive the state of one item from its answer and findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo

from orr.evaluate.proofs import Unproven
from orr.messages import Message, say
from orr.model.checklist import ANY_OF, AnsweredBy, Item
from orr.model.fields import Moment
from orr.model.finding import Finding, Outcome
from orr.model.person import alike
from orr.model.review import Answer, Challenge, Reply, State
from orr.model.workload import Workload

STATES = tuple(State)
_BADNESS: dict[str, int] = {state: len(STATES) - place for place, state in enumerate(STATES)}
CLOSED = frozenset({State.MET, State.NOT_APPLICABLE})
NOT_KNOWN = frozenset({State.UNKNOWN, State.STALE, State.UNANSWERED})
_BEATS_NOT_APPLICABLE = frozenset({State.NOT_MET, State.UNKNOWN, State.STALE, State.PARTIAL})
"""What a check may say against a person's not applicable: half of a thing is not nothing."""

CAUSES_OF_CHECKS = frozenset({"rule.cause.check", "rule.cause.old-finding"})
"""What a state is caused by where a check that was run decides."""

Causes = tuple[Message, ...]
Judgement = tuple[State, Causes]

_MET: Judgement = (State.MET, ())


def severity_of(found: State | Outcome) -> int:
    """Badness of a state or outcome of the same name; higher is worse."""
    return _BADNESS[found]


def day_of(moment: Moment, timezone: tzinfo) -> date:
    """Date of a moment in a time zone; without offset it is local already."""
    if not isinstance(moment, datetime):
        return moment
    try:
        return (moment.astimezone(timezone) if moment.tzinfo else moment).date()
    except OverflowError:  # on the calendar's first or last day
        return moment.date()


def launch_day(workload: Workload, timezone: tzinfo) -> date | None:
    """The day of a workload's launch in a time zone."""
    return None if workload.launch is None else day_of(workload.launch, timezone)


def is_ahead(answer: Answer, today: date, timezone: tzinfo) -> bool:
    """Whether an answer bears a day that has not come; only a no is believed then."""
    return day_of(answer.on, timezone) > today


def open_challenge(answer: Answer | None, today: date, timezone: tzinfo) -> Challenge | None:
    """Challenge that keeps an answer from counting; None without, or where lifted.

    One that bears a day to come stands all the same; a lift that bears one, or a day before the challenge, does not
    help.
    """
    challenge = answer.challenged if answer is not None else None
    if answer is None or challenge is None or challenge.lifted is None or answer.disputed:
        return challenge
    day = day_of(challenge.lifted.on, timezone)
    return None if day_of(challenge.on, timezone) <= day <= today else challenge


def decider(item: Item) -> AnsweredBy:
    """Who decides an item: as declared, else its checks, else a person."""
    return item.answered_by or (AnsweredBy.CHECKS if item.checks else AnsweredBy.PERSON)


def judge(
    item: Item,
    answer: Answer | None,
    findings: Sequence[Finding],
    missing: Sequence[Message],
    today: date,
    timezone: tzinfo,
    *,
    hollow: Sequence[Message] = (),
    stops: bool = False,
    unproven: Unproven | None = None,
) -> Judgement:
    """The state of an item that applies, and its causes.

    Parameters
    ----------
    item
        What is asked.
    answer
        What a person said, if anyone did.
    findings
        What its checks found, in the order of `item.checks`. A check without a finding
        counts as not collected: unknown.
    missing
        Why entries of the answer's evidence do not hold.
    today
        The day for which the state is asked.
    timezone
        Where a day ends.
    hollow
        Why files of the answer's evidence prove nothing, though they are there.
    stops
        Whether the item, open, means no-go: then another person has to agree that it is
        not applicable.
    unproven
        Why the signature of that person does not count.

    Returns
    -------
    tuple
        The worst state that applies, and the causes of just that state; none where the
        item is met.
    """
    checks = item.checks
    by_checks = bool(checks) and (item.answered_by is None or item.answered_by is AnsweredBy.CHECKS)
    found = [_judge_finding(finding, today) for finding in findings]
    found += [(State.UNKNOWN, (say("rule.cause.not-collected", check=spec.check),)) for spec in checks[len(findings) :]]
    judged = _judge_answer(item, answer, found, missing, hollow, by_checks, stops, unproven, today, timezone)
    if answer is not None and answer.answer is Reply.NOT_APPLICABLE and not is_ahead(answer, today, timezone):
        found = [judgement for judgement in found if judgement[0] in _BEATS_NOT_APPLICABLE]
    return _worst(judged + found)


def judge_yes(item: Item, answer: Answer, today: date, timezone: tzinfo) -> Judgement:
    """Judge a yes that nothing else can outweigh: fresh, stale or not yet given."""
    given = answer.on
    if type(given) is date and 0 <= today.toordinal() - given.toordinal() <= item.valid_for:
        return _MET
    if is_ahead(answer, today, timezone):
        return State.UNANSWERED, (say("rule.cause.ahead", by=answer.by, on=given),)
    last = _last_day(item, answer, timezone)
    return _MET if today <= last else (State.STALE, (say("rule.cause.old-answer", on=given, last=last),))


def _cause(finding: Finding) -> Message:
    """What a check found, by its name; a group names its sources itself."""
    if finding.check == ANY_OF and isinstance(finding.says, Message):
        return finding.says
    return say("rule.cause.check", check=finding.check, says=finding.says)


def _judge_finding(finding: Finding, today: date) -> Judgement:
    if finding.outcome is Outcome.NOT_MET or finding.outcome is Outcome.UNKNOWN:
        state = State.NOT_MET if finding.outcome is Outcome.NOT_MET else State.UNKNOWN
        return state, (_cause(finding),)
    if finding.holds_until is not None and finding.holds_until < today:
        return State.STALE, (say("rule.cause.old-finding", says=_cause(finding), last=finding.holds_until),)
    if finding.outcome is Outcome.PARTIAL:
        return State.PARTIAL, (_cause(finding),)
    return _MET


def _judge_answer(
    item: Item,
    answer: Answer | None,
    found: list[Judgement],
    missing: Sequence[Message],
    hollow: Sequence[Message],
    by_checks: bool,
    stops: bool,
    unproven: Unproven | None,
    today: date,
    timezone: tzinfo,
) -> list[Judgement]:
    unanswered: list[Judgement] = [] if by_checks else [(State.UNANSWERED, (say("rule.cause.unanswered"),))]
    if answer is None:
        return unanswered
    said = answer.answer
    judged: list[Judgement] = [(State.UNKNOWN, (cause,)) for cause in missing]
    judged += [
        (
            State.STALE,
            (say("rule.cause.expired-evidence", title=entry.title or entry.path or entry.url, last=entry.expires),),
        )
        for entry in answer.evidence
        if entry.expires is not None and entry.expires < today
    ]
    if said is Reply.NO:
        return [*judged, (State.NOT_MET, (say("rule.cause.no", by=answer.by, on=answer.on),))]
    challenge = open_challenge(answer, today, timezone)
    if challenge is not None:
        judged.append((State.UNANSWERED, (say("rule.cause.challenged", by=challenge.by, why=challenge.why),)))
    if said is None:
        return judged + unanswered
    if is_ahead(answer, today, timezone):
        ahead = (State.UNANSWERED, (say("rule.cause.ahead", by=answer.by, on=answer.on),))
        return judged if by_checks else [*judged, ahead]
    last = _last_day(item, answer, timezone)
    if last < today and not (by_checks and said is Reply.YES):
        judged.append((State.STALE, (say("rule.cause.old-answer", on=answer.on, last=last),)))
    if said is Reply.PARTIAL:
        judged.append((State.PARTIAL, (say("rule.cause.partial", by=answer.by, on=answer.on),)))
    elif unapproved(answer) and stops:
        judged.append((State.UNANSWERED, (say("rule.cause.not-approved", by=answer.by, reason=answer.reason),)))
    elif said is Reply.NOT_APPLICABLE and stops and unproven is not None:
        state = State.UNANSWERED if unproven.known else State.UNKNOWN
        judged.append((state, (say("rule.cause.unproven", by=answer.approved_by, why=unproven.why),)))
    elif said is Reply.NOT_APPLICABLE:
        judged.append((State.NOT_APPLICABLE, (say("rule.cause.not-applicable", by=answer.by, reason=answer.reason),)))
    elif item.evidence == "required" and not is_shown(answer, hollow) and not any(one is State.MET for one, _ in found):
        kind = "title-only" if answer.evidence else "no-evidence"
        judged.append((State.UNKNOWN, tuple(hollow) or (say(f"rule.cause.{kind}"),)))
    else:
        judged.append(_MET)
    return judged


def unapproved(answer: Answer | None) -> bool:
    """Whether an answer is not applicable, and nobody else agreed."""
    if answer is None or answer.answer is not Reply.NOT_APPLICABLE:
        return False
    return answer.approved_by is None or alike(answer.approved_by, answer.by)


def disagreed(state: State, answer: Answer | None, causes: Causes) -> bool:
    """Whether "not applicable" does not count, for lack of agreement or a valid signature."""
    unproven = any(cause.key == "rule.cause.unproven" for cause in causes)
    return state is State.UNANSWERED and (unproven or unapproved(answer))


def is_shown(answer: Answer, hollow: Sequence[Message]) -> bool:
    """Whether an entry is a link, or a file with content beyond a title."""
    return sum(entry.path is not None or entry.url is not None for entry in answer.evidence) > len(hollow)


def _worst(judgements: list[Judgement]) -> Judgement:
    if len(judgements) == 1:
        return judgements[0]
    worst = max((state for state, _ in judgements), key=severity_of)
    return worst, tuple(cause for state, causes in judgements if state is worst for cause in causes)


def _last_day(item: Item, answer: Answer, timezone: tzinfo) -> date:
    try:
        return day_of(answer.on, timezone) + timedelta(days=item.valid_for)
    except OverflowError:  # beyond the calendar
        return date.max


def lapses(item: Item, answer: Answer | None, findings: Sequence[Finding], timezone: tzinfo) -> Iterator[date]:
    """Last days on which an item's supports hold, unordered; the first of evidence."""
    for finding in findings:
        if finding.holds_until is not None:
            yield finding.holds_until
    if answer is None:
        return
    yield _last_day(item, answer, timezone)
    expires = [entry.expires for entry in answer.evidence if entry.expires is not None]
    if expires:
        yield min(expires)  # from then on it is stale, whatever else expires
    if answer.plan is not None:
        yield answer.plan.due
