"""Serialise an assessment for the page, in one language.

What never changes while a checklist stays as it is (`fixed`) is sent once; what moves with
the answers (`moving`) is sent again only for the items in which it moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.ballot_changes import MAX_NAMED, in_a_word
from orr.evaluate.case import Case
from orr.evaluate.effort import effort_left
from orr.evaluate.milder_groups import first_few, grouped
from orr.evaluate.plans import why_none_covers
from orr.evaluate.reasons import ReasonGroup
from orr.evaluate.states import CLOSED, decider, unapproved
from orr.evaluate.subjects import release_in_words
from orr.evaluate.verdict import conditions
from orr.evaluate.votes import CHANGED, Voided, changes_of, voided
from orr.form.drafts import draft_of, version_of
from orr.form.state import ReviewState
from orr.messages import LANGUAGES, Message, in_language, render, say, texts
from orr.messages.cleaning import clean
from orr.model.checklist import ASKED, AnsweredBy, Item, Occasion, Risk, Scope, item_id
from orr.model.fields import Moment
from orr.model.picture import Picture
from orr.model.review import Level, Reply, State, Vote, Waiver
from orr.report.parts.voted import measured, texts_by_file
from orr.report.pictures.findings import draw
from orr.workspace.discussion import Discussion
from orr.workspace.editing import last_day, too_long_in_a_row

REASONS_SHOWN = 2
"""How many reasons of each kind."""
FLAGS_SHOWN = 6
CHANGES_SHOWN = 30
MOVING = (
    "state",
    "open",
    "risk",
    "blocking",
    "decides",
    "covered",
    "contradicted",
    "because",
    "out",
    "findings",
    "draft",
    "v",
    "inherited",
    "owner",
    "unapproved",
    "challenge",
    "challengeable",
    "assigned",
)
"""The keys of an item that a patch replaces as a whole: one that it does not hold is gone."""


def whole(held: ReviewState, language: str) -> dict[str, Any]:
    """Initial message to a page: workload, checklists and items."""
    workload = held.case.workload
    no_plans = why_none_covers(held.case, held.today)
    return {
        "kind": "all",
        "workload": held.name,
        "home": str(held.workspace.root),
        "title": render(workload.title, language),
        "tier": render(held.case.rating.says, language),
        "launch": render(workload.launch, language) if workload.launch else None,
        "noPlans": render(no_plans, language) if no_plans is not None else None,
        "file": held.path.relative_to(held.workspace.root).as_posix(),
        "language": language,
        "languages": list(LANGUAGES),
        "words": words(language),
        "checklists": outline(held.case, language),
        "items": {
            item.name: {**fixed(item, language, choice_of), **moving(item, held.assessment, language, choice_of)}
            for item, choice_of in held.units()
        },
        "moving": MOVING,
    }


def words(language: str) -> dict[str, Any]:
    """Every text of the page by key."""
    said = dict(texts("form", language))
    for kind in (State, Reply, Risk, Level, Occasion, Vote):
        for member in kind:
            said[f"{kind.__name__.lower()}.{member.value}"] = render(member, language)
    for reply in Reply:  # they stand alone, as names of controls
        said[f"reply.{reply.value}"] = said[f"reply.{reply.value}"][:1].upper() + said[f"reply.{reply.value}"][1:]
    return said


def outline(case: Case, language: str) -> list[dict[str, Any]]:
    """The checklists with their sections and the names of their items, in order."""
    return [
        {
            "name": checklist.checklist,
            "title": in_language(checklist.title, language),
            "sections": [
                {
                    "name": section.section,
                    "title": in_language(section.title or section.section, language),
                    "unit": f"{checklist.checklist}/{section.section}" if section.risk_rules else None,
                    "items": [f"{checklist.checklist}/{item.item}" for item in section.items],
                }
                for section in checklist.sections
            ],
        }
        for checklist in case.asked
    ]


def fixed(item: ItemAssessment, language: str, choice_of: str | None = None) -> dict[str, Any]:
    """Unchanging part of an item: question and checklist texts."""
    shown: dict[str, Any] = {"ask": in_language(item.ask, language), "checklist": item.checklist.checklist}
    if choice_of is not None:
        shown["choiceOf"] = choice_of
    if item.item is None:
        shown["choices"] = [choice.name for choice in item.choices]
        asks = [choice.item for choice in item.choices if choice.item is not None]
        return {**shown, **_asked_of(asks), "waivable": item.waivable}
    asked = item.item
    for key in ("why", "fix"):
        text = getattr(asked, key)
        if text is not None:
            shown[key] = in_language(text, language)
    more = {
        "practice": list(asked.practice),
        "origin": asked.origin,
        "proof": asked.evidence == "required",
        "planCounts": asked.plan_accepted,
        "scope": asked.scope.value if asked.scope is not Scope.WORKLOAD else None,
        "checks": len(asked.checks),
        "byChecks": decider(asked) is AnsweredBy.CHECKS,
    }
    shown |= {key: value for key, value in more.items() if value} | _asked_of([asked])
    shown["waivable"] = item.waivable and choice_of is None
    return shown


def _asked_of(items: list[Item]) -> dict[str, Any]:
    """Whether one of some items is of the core, and who is asked."""
    roles = list(dict.fromkeys(role for item in items for role in item.role))
    core = any(item.core for item in items)
    return ({"core": True} if core else {}) | ({"roles": [role.value for role in roles]} if roles else {})


def moving(item: ItemAssessment, assessment: Evaluation, language: str, choice_of: str | None = None) -> dict[str, Any]:
    """What moves with answers, evidence and the calendar."""
    case = assessment.case
    own = case.review.answers.get(item.name)
    shown: dict[str, Any] = {"state": item.state.value, "open": item.open}
    if choice_of is None:
        shown["risk"] = item.risk.value
        if item.blocking:
            shown["blocking"] = True
        if item.open and conditions(item, case.policy):
            shown["decides"] = True
    if item.covered_by is not None:
        shown["covered"] = item.covered_by
    if item.contradicted:
        shown["contradicted"] = True
    if item.causes:
        shown["because"] = [render(cause, language) for cause in item.causes]
        if item.causes[0].key.startswith("rule.left-out."):
            shown["out"] = True
    if item.findings and item.item is not None:
        shown["findings"] = [
            {
                "check": finding.kind,
                "outcome": finding.outcome.value,
                **({"nothing": True} if finding.nothing else {}),
                "outcomeSays": render(finding.label, language),
                "says": render(finding.says, language),
                "collected": render(finding.collected, language) if finding.collected else None,
                "table": finding.table is not None,
                **({} if finding.picture is None else {"picture": _drawn(finding.picture, language)}),
            }
            for finding in item.findings
        ]
    if own is not None:
        shown["draft"], shown["v"] = draft_of(own), version_of(own)
        shown["draft"]["on"] = render(own.on, language)
        if item.state is State.UNANSWERED and unapproved(own):
            shown["unapproved"] = True
    if item.challenge is not None:
        shown["challenge"] = {
            "by": item.challenge.by,
            "why": item.challenge.why,
            "on": render(item.challenge.on, language),
        }
    elif item.answer is not None and item.answer.answer not in (None, Reply.NO):
        shown["challengeable"] = True
    if item.assigned is not None:
        shown["assigned"] = item.assigned.as_data()
    above, source = _inherited(case, item)
    if above is not None:
        shown["inherited"] = {
            "from": source,
            "name": case.workload.owner.team if source == "team" else case.organization,
            **draft_of(above),
            "v": version_of(above),
            "on": render(above.on, language),
        }
    answer = own or above
    if item.assigned is not None:
        shown["owner"] = item.assigned.to
    elif answer is not None and answer.plan is not None:
        shown["owner"] = answer.plan.owner
    return shown


def comments(said: Discussion, language: str, timezone: tzinfo) -> dict[str, list[dict[str, Any]]]:
    """What people said about each item, cleaned, with times in the workspace's zone."""
    return {
        item: [
            {
                "id": one.id,
                "by": clean(one.by),
                "at": render(_local(one.at, timezone), language),
                "text": clean(one.text),
                "to": next((clean(other.by) for other in found if other.id == one.reply_to), None),
            }
            for one in found
        ]
        for item, found in said.by_item.items()
    }


def _local(moment: Moment, timezone: tzinfo) -> Moment:
    if not isinstance(moment, datetime):
        return moment
    return (moment.astimezone(timezone) if moment.tzinfo else moment).replace(second=0, microsecond=0)


def _inherited(case: Case, item: ItemAssessment) -> tuple[Any, str | None]:
    if item.scope is Scope.TEAM and item.name in case.team_answers:
        return case.team_answers[item.name], "team"
    if item.scope is Scope.ORGANIZATION and item.name in case.organization_answers:
        return case.organization_answers[item.name], "organization"
    return None, None


def top(assessment: Evaluation, language: str) -> dict[str, Any]:
    """The verdict, its reasons and the progress: what is always in view."""
    not_asked = {item_id(name, ASKED) for name in assessment.case.not_asked}
    groups, share = assessment.reasons_apart(REASONS_SHOWN), assessment.share_left_out
    effort = effort_left(assessment.items)
    deciding = len(assessment.deciding)
    return {
        "verdict": assessment.verdict.value,
        "verdictSays": render(assessment.verdict, language),
        "headline": render(assessment.headline, language),
        "asked": render(assessment.asked.in_words, language),
        "share": render(share, language) if share is not None else None,
        "release": render(release_in_words(assessment.case.release), language),
        "effort": render(effort, language) if effort is not None else None,
        "milderTitle": render(say("rule.milder.title"), language),
        "milder": _milder(assessment, language),
        "uncompared": [
            render(one, language)
            for one in (assessment.compared, *assessment.uncompared, *assessment.unknown_agreements)
            if one is not None
        ],
        "today": assessment.today.isoformat(),
        "waiverLast": last_day(assessment.case.policy, assessment.today).isoformat(),
        "occasion": assessment.case.review.occasion.value,
        "counts": {state.value: count for state, count in assessment.counts.items() if count},
        "progress": _progress(assessment),
        "reasons": [_group(group, not_asked, language) for group in groups],
        "challenged": [_challenged(part, language) for part in assessment.challenged],
        "deciding": deciding,
        "digest": None,  # what is behind the verdict follows in a moment
        "benefits": assessment.case.review.benefits or "",
        "benefitsV": version_of(assessment.case.review.benefits),
        "scenarios": [
            {**scenario.as_data(), "v": version_of(scenario)} for scenario in assessment.case.review.pre_mortem
        ],
        "waivers": [
            _waiver(waiver, status, assessment, language)
            for waiver, status in zip(assessment.case.review.waivers, assessment.waivers, strict=False)
        ],
    }


def _milder(assessment: Evaluation, language: str) -> dict[str, Any]:
    """What is asked less than before: the first changes, and all where there are more."""
    found = grouped(assessment.milder)
    shown, is_all = first_few(found)
    whole = [] if is_all else [(one.says, [group.says() for group in one.groups]) for one in found]
    held = sum(one.required is not None for one in assessment.case.earlier)
    is_said = len(found) == 1 and len(found[0].since) == held  # beside the verdict

    def said(some: Sequence[tuple[Message, Sequence[Message]]]) -> list[dict[str, Any]]:
        return [
            {"since": "" if is_said else render(since, language), "changes": [render(one, language) for one in changes]}
            for since, changes in some
        ]

    return {"n": len(assessment.milder), "shown": said(shown), "all": said(whole)}


def _challenged(item: ItemAssessment, language: str) -> dict[str, Any]:
    assert item.challenge is not None
    says = say("rule.cause.challenged", by=item.challenge.by, why=item.challenge.why)
    return {"item": item.name, "ask": in_language(item.ask, language), "says": render(says, language)}


def behind(assessment: Evaluation, language: str) -> dict[str, Any]:
    """Slow part of the view, sent after the verdict."""
    void = [_voided(assessment, one, language) for one in voided(assessment.votes)]
    return {
        "decision": assessment.decision.value,
        "decisionSays": render(assessment.decision, language),
        "withoutWaivers": render(assessment.verdict_without_waivers, language),
        "atBest": render(assessment.verdict_at_best, language),
        "validUntil": _day(assessment.valid_until),
        "digest": assessment.digest,
        "roles": list(assessment.case.policy.sign_offs),
        "votes": [
            {
                "role": vote.sign_off.role,
                "by": vote.sign_off.by,
                "vote": vote.sign_off.vote.value,
                "on": render(vote.sign_off.on, language),
                "digest": vote.sign_off.digest,
                "valid": vote.valid,
            }
            for vote in assessment.votes
        ],
        "voided": void,
        "flags": [
            *(one["says"] for one in void),
            *(render(flag.says, language) for flag in assessment.flags if flag.flag != "void-vote"),
        ][:FLAGS_SHOWN],
    }


def _voided(assessment: Evaluation, voided: Voided, language: str) -> dict[str, Any]:
    """Why some votes are void, and what changed under them."""
    changed = changes_of(voided.sign_offs[0], assessment.ballot, assessment.known) if voided.why.key == CHANGED else ()
    said = [in_a_word(one) for one in changed[:CHANGES_SHOWN]]
    more = len(changed) - len(said)
    said += [say("evidence.more", n=more)] if more > 0 else []
    return {
        "says": render(_in_short(voided, len(changed)), language),
        "changes": [render(one, language) for one in said[:MAX_NAMED]],
        "more": render(say("evidence.more", n=len(changed) - MAX_NAMED), language) if len(said) > MAX_NAMED else None,
        "others": [render(one, language) for one in said[MAX_NAMED:]],
    }


def _in_short(voided: Voided, n: int) -> Message:
    return say("rule.vote.changed-in", role=voided.roles, n=n) if voided.why.key == CHANGED else voided.why


def voted_on(assessment: Evaluation, language: str) -> dict[str, Any]:
    """What a voter votes on: the texts that checks read, by file, and what they measured."""
    return {
        "texts": [
            {"file": file, "texts": [{"name": one.name, "text": one.shown, "more": one.is_cut} for one in texts]}
            for file, texts in texts_by_file(assessment)
        ],
        "measured": [
            {"item": item.name, "state": item.state.value, "says": render(says, language)}
            for item, says in measured(assessment)
        ],
    }


def _progress(assessment: Evaluation) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {
        checklist.checklist: {"name": checklist.checklist, "done": 0, "of": 0, "decides": 0, "states": {}}
        for checklist in assessment.case.asked
    }
    counted = Counter((item.checklist.checklist, item.state) for item in assessment.items)
    for (name, state), n in counted.items():
        if name in rows and state is not State.NOT_APPLICABLE:
            rows[name]["of"] += n
            rows[name]["done"] += n if state in CLOSED else 0
            rows[name]["states"][state.value] = n
    for name, n in Counter(item.checklist.checklist for item in assessment.deciding).items():
        if name in rows:
            rows[name]["decides"] = n
    return list(rows.values())


def _group(group: ReasonGroup, not_asked: set[str], language: str) -> dict[str, Any]:
    return {
        "title": render(group.title, language) if group.title is not None else None,
        "more": group.total - len(group.reasons),
        "reasons": [_reason(reason, not_asked, language) for reason in group.reasons],
    }


def _reason(reason: Message, not_asked: set[str], language: str) -> dict[str, Any]:
    if reason.key != "rule.reason.item" or reason.values["item"] in not_asked:  # the form holds no item to lead to
        return {"item": None, "says": render(reason, language)}
    values = reason.values
    return {
        "item": values["item"],
        "ask": render(values["ask"], language),
        "state": render(values["state"], language),
        "weight": render(values["weight"], language),
        "says": render(values["covered"], language) + " · " + render(values["causes"], language),
    }


def _waiver(waiver: Waiver, status: WaiverStatus, assessment: Evaluation, language: str) -> dict[str, Any]:
    long = too_long_in_a_row(waiver, assessment.case, assessment.today)
    return {
        **waiver.as_data(),
        "active": status.active,
        "why": render(status.why, language),
        "note": render(say("cli.waive.long", why=long), language) if long is not None else None,
        "stage": "revoked" if waiver.revoked_on else "approved" if waiver.approved_by else "asked",
    }


def _drawn(picture: Picture, language: str) -> list[Any]:
    return _tree(fromstring(draw(picture, language)))  # noqa: S314 - it is our own, and escaped


def _tree(element: Element) -> list[Any]:
    """A drawing as its elements: name, attributes, text and children; the form makes nothing of markup."""
    return [element.tag, dict(element.attrib), element.text or "", [_tree(child) for child in element]]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
