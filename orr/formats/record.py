"""An assessment as plain data: the format `orr.assessment/1`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from orr.evaluate import Evaluation, Step, Verdict
from orr.evaluate.applies import practices_asked
from orr.evaluate.assessed import ItemAssessment, WaiverStatus
from orr.evaluate.ballot_changes import recorded_ballot
from orr.evaluate.emergencies import ends
from orr.evaluate.reasons import headline
from orr.evaluate.recorded_terms import recorded_terms
from orr.evaluate.requirements import requirements_digest
from orr.formats.unread import Outcome, Unread
from orr.messages import Message, in_language, render
from orr.model.digest import asked, combined_digest, normal_digest
from orr.model.finding import Collected, Finding
from orr.model.review import Answer, Waiver
from orr.model.workload import LeaveOut

FORMAT = "orr.assessment/1"
UNREAD = "orr.unread/1"

LAPSE_DAYS = 30
"""How many days ahead a lapse is told."""


def outcome_json(outcome: Outcome, language: str) -> dict[str, Any]:
    """Outcome of a workload as JSON data: its assessment, or why it is unreadable."""
    if isinstance(outcome, Unread):
        return {"format": UNREAD, "workload": outcome.workload, "faults": outcome.lines(language)}
    return to_json(outcome, language)


def to_json(assessment: Evaluation, language: str) -> dict[str, Any]:
    """Put an assessment into JSON types, its words in one language.

    Parameters
    ----------
    assessment
        What is written down.
    language
        The language of every sentence in it; keys, states and verdicts are the same in all.

    Returns
    -------
    dict
        As `docs/formats.md` describes it.
    """
    case = assessment.case
    written = {waiver.waiver: waiver for waiver in case.waivers}
    items = [_item(item, language) for item in assessment.items]
    return {
        "format": FORMAT,
        "workload": case.workload.workload,
        "title": in_language(case.workload.title, language),
        "occasion": case.review.occasion.value,
        "tier": case.tier,
        "tier_because": render(case.rating.says, language),
        "tier_until": _day(case.rating.until),
        "tags": sorted(case.workload.tags),
        "release": case.release.as_json(),
        "today": assessment.today.isoformat(),
        "simulated": assessment.simulated,
        "launch": _day(case.launch_day),
        "verdict": assessment.verdict.value,
        "headline": render(assessment.headline, language),
        "known_missing": [item.name for item in assessment.against.missing],
        "not_known": [item.name for item in assessment.against.not_known],
        "asked": {
            "n": assessment.asked.n,
            "of": assessment.asked.of,
            "left_out": {name: _left_out(leave) for name, leave in assessment.asked.left_out.items()},
            "missing": list(assessment.asked.missing),
            "spared": list(assessment.asked.spared),
        },
        "share_not_applicable": dict(zip(("n", "of"), assessment.not_applicable, strict=True)),
        "verdict_without_waivers": assessment.verdict_without_waivers.value,
        "verdict_at_best": assessment.verdict_at_best.value,
        "decision": assessment.decision.value,
        "valid_until": _day(assessment.valid_until),
        "forecast": [
            {
                "on": change.on.isoformat(),
                "verdict": change.verdict.value,
                "because": [render(cause, language) for cause in change.because],
            }
            for change in assessment.forecast
        ],
        "digest": assessment.digest,
        "ballot": recorded_ballot(assessment.ballot),
        "counts": {state.value: count for state, count in assessment.counts.items() if count},
        "reasons": [render(reason, language) for reason in assessment.reasons],
        "path_to_go": [_step(step, language) for step in assessment.path_to_go],
        "lapses": [
            {"on": lapse.on.isoformat(), "item": lapse.name, "state": lapse.state.value}
            for lapse in assessment.lapses
            if lapse.on <= assessment.today + timedelta(days=LAPSE_DAYS)
        ],
        "waivers": [_waiver(waiver, written[waiver.name], language) for waiver in assessment.waivers],
        "sign_offs": [
            {
                "role": vote.sign_off.role,
                "by": vote.sign_off.by,
                "vote": vote.sign_off.vote.value,
                "on": vote.sign_off.on.isoformat(),
                "digest": normal_digest(vote.sign_off.digest),
                "valid": vote.valid,
                "why": render(vote.why, language) if vote.why else None,
            }
            for vote in assessment.votes
        ],
        "emergencies": [
            {**one.as_data(defaults=True, without={"signature"}), "until": _moment(ends(one, case.timezone))}
            for one in case.review.emergencies
        ],
        **_signatures(assessment, language),
        "flags": [
            {"flag": flag.flag, "about": flag.about, "says": render(flag.says, language)} for flag in assessment.flags
        ],
        "milder": [
            {"change": render(one.change, language), "since": [f"{was.kind} {was.name}".rstrip() for was in one.since]}
            for one in assessment.milder
        ],
        "terms": recorded_terms(case, assessment.today),
        "compared": render(assessment.compared, language) if assessment.compared is not None else None,
        "not_compared": [render(one, language) for one in assessment.uncompared],
        "requirements": assessment.requirements,
        "requirements_digest": requirements_digest(assessment.requirements),
        "practices_asked": sorted(practices_asked(case, assessment.today)),
        "checklists": {checklist.checklist: checklist.version for checklist in case.asked},
        "checklists_digest": combined_digest((item["item"], item["asked"]) for item in items),
        "items": items,
        "collected": _collected(assessment.evidence.collected),
    }


def without_texts(record: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what the checklists hold anyway, questions and next steps: a history keeps many records."""
    items = [{key: value for key, value in item.items() if key not in ("ask", "fix")} for item in record["items"]]
    return {**record, "items": items}


def recorded_headline(record: Mapping[str, Any]) -> Message:
    """The headline of a record, for words in any language."""
    return headline(Verdict(record["verdict"]), len(record["known_missing"]), len(record["not_known"]))


def _waiver(status: WaiverStatus, waiver: Waiver, language: str) -> dict[str, Any]:
    return {
        "waiver": status.name,
        "active": status.active,
        "why": render(status.why, language),
        "items": list(waiver.items),
        "requested_by": waiver.requested_by,
        "approved_by": waiver.approved_by,
        "approved_on": _day(waiver.approved_on),
        "states": {name: state.value for name, state in waiver.states.items()},
        "expires": _day(waiver.expires),
        "revoked_on": _day(waiver.revoked_on),
    }


def _signatures(assessment: Evaluation, language: str) -> dict[str, Any]:
    """Results for signatures; empty where none exists and none is asked for."""
    case = assessment.case
    if not case.proofs.found and not case.policy.needs_signatures:
        return {}
    found = [
        {
            "statement": proof.statement.content.decode("utf-8", "replace"),
            "seal": proof.seal,
            "key": proof.key or None,
            "good": proof.unproven is None,
            "why": render(proof.unproven.why, language) if proof.unproven else None,
        }
        for proof in case.proofs.found.values()
    ]
    return {"signatures": {"required": case.policy.needs_signatures, "found": found}}


def _left_out(leave: LeaveOut) -> dict[str, Any]:
    return {"approved_by": leave.approved_by, "expires": _day(leave.expires), "reason": leave.reason}


def _step(step: Step, language: str) -> dict[str, Any]:
    return {
        "item": step.item.name,
        "state": step.item.state.value,
        "fix": in_language(step.item.fix, language) if step.item.fix else None,
        "plan": step.plan.action if step.plan else None,
        "owner": step.owner,
        "due": _day(step.due),
        "after_launch": step.after_launch,
        "note": step.note,
        "links": list(step.links),
    }


def _item(item: ItemAssessment, language: str) -> dict[str, Any]:
    answer = item.answer
    return {
        "item": item.name,
        "checklist": item.checklist.checklist,
        "ask": in_language(item.ask, language),
        "fix": in_language(item.fix, language) if item.fix else None,
        "asked": asked((item.section, item.item)),
        **({"replaces": list(item.item.replaces)} if item.item is not None and item.item.replaces else {}),
        "state": item.state.value,
        "risk": item.risk.value,
        "blocking": item.blocking,
        "covered_by": item.covered_by,
        "contradicted": item.contradicted,
        "answer": answer.answer.value if answer and answer.answer else None,
        "by": answer.by if answer else None,
        "on": answer.on.isoformat() if answer else None,
        "answer_from": item.answer_from,
        "challenged": _challenge(item),
        "assigned": item.assigned.as_data(defaults=True) if item.assigned is not None else None,
        "attested": _attested(item.attestation),
        "because": [render(cause, language) for cause in item.causes],
        "evidence": [_finding(finding, language) for finding in item.findings],
        "choices": {one.name: len(one.findings) for one in item.choices},
    }


def _challenge(item: ItemAssessment) -> dict[str, Any] | None:
    """Challenge of an answer, or a section's first open one, and whether open."""
    parts = sorted(item.choices or (item,), key=lambda part: part.challenge is None)
    found = next(((part, one) for part in parts if part.answer and (one := part.answer.challenged)), None)
    if found is None:
        return None
    part, challenge = found
    return {"open": part.challenge is not None, "item": part.name, **challenge.as_data(defaults=True)}


def _collected(made_from: Collected | None) -> dict[str, Any] | None:
    if made_from is None:
        return None
    read = {folder: dict(files) for folder, files in made_from.read.items()}
    found = {folder: dict(patterns) for folder, patterns in made_from.found.items()}
    return {"read": read, "found": found, "allowed": list(made_from.allowed), "daily": list(made_from.daily)}


def _attested(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None or answer.answer is None:
        return None
    return {
        "answer": answer.answer.value,
        "by": answer.by,
        "on": answer.on.isoformat(),
        "note": answer.note,
        "evidence": [entry.as_data() for entry in answer.evidence],
    }


def _finding(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "check": finding.check,
        "outcome": finding.outcome.value,
        "says": render(finding.says, language),
        "collected": _moment(finding.collected),
        "holds_until": _day(finding.holds_until),
        "nothing": finding.nothing,
        "where": finding.where and finding.where._asdict(),
        "subjects": [
            {"kind": one.kind.value, "value": one.value, "place": render(one.place, language)}
            for one in finding.subjects
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment is not None else None
