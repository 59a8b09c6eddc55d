"""What became of workloads as OSCAL: assessment results, and a plan of action and milestones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.verdict import is_stopping
from orr.formats.markdown import escaped
from orr.formats.summary import weight_in_words
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render, say
from orr.messages.cleaning import json_text, one_line
from orr.model.finding import Finding
from orr.model.review import State
from orr.system.version import __version__

VERSION = "1.1.3"
NAMESPACE = "https://orr.readiness/ns/oscal"
"""Of our properties; a name, which nothing is fetched from."""

_ID = uuid5(NAMESPACE_URL, NAMESPACE)


def oscal(outcomes: Iterable[Outcome], today: date, language: str) -> str:
    """Write assessment results: result per workload, finding per item, observation per check.

    A workload that could not be read is a result with a finding that is not satisfied, for another reason than a
    failure.
    """
    plan = _uuid("plan", today)
    results = [_broken(one, today, language) if isinstance(one, Unread) else _result(one, language) for one in outcomes]
    named = render(say("formats.oscal.plan"), language)
    whole = {
        "uuid": _uuid("results", *(result["uuid"] for result in results)),
        "metadata": _metadata("formats.oscal.title", today, language),
        "import-ap": {"href": f"#{plan}"},
        "results": results or [_nothing(today, language)],
        "back-matter": {"resources": [{"uuid": plan, "title": named, "description": named}]},
    }
    return json_text({"assessment-results": whole}) + "\n"


def poam(outcomes: Iterable[Outcome], today: date, language: str) -> str:
    """Write a plan of action and milestones: item and risk per open item.

    A workload that could not be read is an item that names its faults.
    """
    names: list[str] = []
    risks: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for one in outcomes:
        if isinstance(one, Unread):
            names.append(one.workload)
            items.append(_unread_item(one, language))
            continue
        names.append(one.case.workload.workload)
        for item in one.items:
            if item.open:
                risk = _risk(item, one, language)
                risks.append(risk)
                items.append(_poam_item(risk, one))
    if not items:  # the format asks for one
        nothing = render(say("formats.oscal.nothing-open"), language)
        items = [{"uuid": _uuid("nothing", *names), "title": nothing, "description": nothing}]
    whole = {
        "uuid": _uuid("poam", today, *names),
        "metadata": _metadata("formats.oscal.poam", today, language),
        "system-id": {"id": ", ".join(map(one_line, names)) or "-"},
        **({"risks": risks} if risks else {}),
        "poam-items": items,
    }
    return json_text({"plan-of-action-and-milestones": whole}) + "\n"


# Assessment results


def _result(assessment: Evaluation, language: str) -> dict[str, Any]:
    case = assessment.case
    shown = [item for item in assessment.items if item.state is not State.NOT_APPLICABLE]
    observations = [one for item in shown for one in _observations(item, assessment, language)]
    findings = [_finding(item, assessment, language) for item in shown]
    reasons = "\n".join(f"- {escaped(render(reason, language))}" for reason in assessment.reasons)
    return {
        "uuid": _uuid(case.workload.workload, assessment.digest, assessment.today),
        "title": _line(in_language(case.workload.title, language)),
        "description": render(assessment.headline, language) + (f"\n\n{reasons}" if reasons else ""),
        "start": _moment(assessment.today, case.timezone),
        "props": [
            _property("workload", case.workload.workload),
            _property("verdict", assessment.verdict.value),
            _property("decision", assessment.decision.value),
            _property("digest", assessment.digest),
            *([_property("valid-until", assessment.valid_until.isoformat())] if assessment.valid_until else []),
        ],
        "reviewed-controls": _all_controls(),
        **({"observations": observations} if observations else {}),
        **({"findings": findings} if findings else {}),
    }


def _finding(item: ItemAssessment, assessment: Evaluation, language: str) -> dict[str, Any]:
    met = item.state is State.MET
    reason = "pass" if met else "other" if item.state in (State.UNKNOWN, State.STALE, State.UNANSWERED) else "fail"
    told = "; ".join(render(cause, language) for cause in item.causes) or render(item.state, language)
    covered = not met and not is_stopping(item, assessment.case.policy)
    observed = [{"observation-uuid": one["uuid"]} for one in _observations(item, assessment, language)]
    return {
        "uuid": _uuid(assessment.digest, "finding", item.name),
        "title": _line(in_language(item.ask, language)),
        "description": escaped(told),
        "props": [
            _property("item", item.name),
            _property("state", item.state.value),
            _property("risk", item.risk.value),
            _property("blocking", str(item.blocking).lower()),
        ],
        "target": {
            "type": "objective-id",
            "target-id": _token(item.name),
            "status": {"state": "satisfied" if met else "not-satisfied", "reason": reason},
        },
        **({"related-observations": observed} if observed else {}),
        **({"remarks": escaped(render(weight_in_words(item, assessment), language))} if covered else {}),
    }


def _observations(item: ItemAssessment, assessment: Evaluation, language: str) -> Iterator[dict[str, Any]]:
    """What the checks of an item found, and what a person said."""
    zone, today = assessment.case.timezone, assessment.today
    for number, finding in enumerate(item.findings):
        yield {
            "uuid": _uuid(assessment.digest, "check", item.name, number),
            "description": escaped(render(finding.says, language)),
            "props": [_property("check", finding.check), _property("outcome", finding.outcome.value)],
            "methods": ["TEST"],
            "collected": _collected(finding, today, zone),
            **({"expires": _moment(finding.holds_until, zone)} if finding.holds_until else {}),
        }
    answer = item.answer
    if answer is not None and answer.answer is not None:
        note = answer.note or answer.reason
        told = say("formats.oscal.answered", by=answer.by, answer=answer.answer)
        yield {
            "uuid": _uuid(assessment.digest, "answer", item.name),
            "description": escaped(render(told, language)) + (f": {escaped(note)}" if note else ""),
            "methods": ["INTERVIEW"],
            "collected": _moment(answer.on, zone),
        }


def _broken(unread: Unread, today: date, language: str) -> dict[str, Any]:
    told = "\n".join(f"- {escaped(line)}" for line in unread.lines(language))
    name = _line(unread.workload)
    finding = {
        "uuid": _uuid(unread.workload, today, "unread"),
        "title": unread.headline(language),
        "description": told,
        "target": {
            "type": "objective-id",
            "target-id": "orr.unread",
            "status": {"state": "not-satisfied", "reason": "other"},
        },
    }
    return {
        "uuid": _uuid(unread.workload, today),
        "title": name,
        "description": unread.headline(language),
        "start": _moment(today, UTC),
        "props": [_property("workload", name), _property("verdict", "error")],
        "reviewed-controls": _all_controls(),
        "findings": [finding],
    }


def _nothing(today: date, language: str) -> dict[str, Any]:
    nothing = render(say("formats.oscal.no-workload"), language)
    return {
        "uuid": _uuid("nothing", today),
        "title": nothing,
        "description": nothing,
        "start": _moment(today, UTC),
        "reviewed-controls": _all_controls(),
    }


# Plan of action and milestones


def _risk(item: ItemAssessment, assessment: Evaluation, language: str) -> dict[str, Any]:
    step, zone = assessment.step(item), assessment.case.timezone
    told = "; ".join(render(cause, language) for cause in item.causes) or render(item.state, language)
    action = _line(in_language(step.action, language)) if step.action else render(say("formats.no-fix"), language)
    title = _line(in_language(item.ask, language))
    status = "deviation-approved" if item.waived_by else "remediating" if step.plan is not None else "open"
    task = {
        "uuid": _uuid(assessment.digest, "task", item.name),
        "type": "milestone",
        "title": action,
        **({"timing": {"on-date": {"date": _moment(step.due, zone)}}} if step.due else {}),
    }
    response = {
        "uuid": _uuid(assessment.digest, "response", item.name),
        "lifecycle": "recommendation" if step.plan is None else "planned",
        "title": action,
        "description": escaped(render(say("formats.oscal.owner", owner=step.owner), language)),
        "props": [_property("owner", step.owner)],
        "tasks": [task],
    }
    covered = escaped(render(weight_in_words(item, assessment), language))
    factor = {"uuid": _uuid(assessment.digest, "covered", item.name), "description": covered}
    return {
        "uuid": _uuid(assessment.digest, "risk", item.name),
        "title": title,
        "description": escaped(told),
        "statement": escaped(in_language(item.item.why, language)) if item.item and item.item.why else escaped(title),
        "props": [
            _property("workload", assessment.case.workload.workload),
            _property("item", item.name),
            _property("state", item.state.value),
            _property("impact", item.risk.value),
        ],
        "status": status,
        **({"mitigating-factors": [factor]} if item.covered_by is not None else {}),
        **({"deadline": _moment(step.due, zone)} if step.due else {}),
        "remediations": [response],
    }


def _poam_item(risk: dict[str, Any], assessment: Evaluation) -> dict[str, Any]:
    return {
        "uuid": _uuid(assessment.digest, "item", risk["uuid"]),
        "title": risk["title"],
        "description": risk["description"],
        "props": [_property("workload", assessment.case.workload.workload)],
        "related-risks": [{"risk-uuid": risk["uuid"]}],
    }


def _unread_item(unread: Unread, language: str) -> dict[str, Any]:
    return {
        "uuid": _uuid("unread", unread.workload),
        "title": _line(render(say("formats.group", title=unread.workload, items=unread.headline(language)), language)),
        "description": "\n".join(f"- {escaped(line)}" for line in unread.lines(language)),
    }


# Both


def _metadata(key: str, today: date, language: str) -> dict[str, Any]:
    return {
        "title": render(say(key), language),
        "last-modified": _moment(today, UTC),
        "version": __version__,
        "oscal-version": VERSION,
    }


def _all_controls() -> dict[str, Any]:
    return {"control-selections": [{"include-all": {}}]}


def _property(name: str, value: str) -> dict[str, str]:
    return {"name": name, "ns": NAMESPACE, "value": _line(value)}


def _line(words: str) -> str:
    return one_line(words).strip() or "-"


def _token(name: str) -> str:
    token = name.replace("/", ".")
    return token if token[0].isalpha() else f"_{token}"


def _collected(finding: Finding, today: date, zone: tzinfo) -> str:
    return _moment(finding.collected or today, zone)


def _moment(moment: date, zone: tzinfo) -> str:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time())
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).isoformat(timespec="seconds")


def _uuid(*parts: object) -> str:
    """The same for the same parts, as version 5 of UUIDs is."""
    return str(uuid5(_ID, "\n".join(map(str, parts)).encode("utf-8", "replace").decode()))
