"""Short ways to say what a test is about: items, answers, cases, findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from orr.evaluate import Case, Evaluation, evaluate
from orr.evaluate.asked import with_checklists
from orr.evaluate.tier import TierRules
from orr.messages import Message, say
from orr.model.checklist import Checklist
from orr.model.finding import Evidence, Finding, Outcome
from orr.model.release import Subject
from orr.model.review import Answer, Review, Waiver
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.model.workload import Workload

TODAY = date(2026, 11, 22)
DIGEST = "sha256:" + "0" * 64


def day(offset: int) -> str:
    """A day so many days after today, as a file would say it."""
    return (TODAY + timedelta(days=offset)).isoformat()


def item(name: str = "a", **keys: Any) -> dict[str, Any]:
    """An item as a checklist file says it."""
    return {"item": name, "ask": f"Is {name} done?", "risk": "high", **keys}


def check(kind: str = "files", **parameters: Any) -> dict[str, Any]:
    """A check as an item says it."""
    return {"check": kind, **parameters}


def choices(*names: str, rules: Iterable[tuple[str, str]], section: str = "s", **keys: Any) -> dict[str, Any]:
    """A section with risk rules, whose items are choices."""
    return {
        "section": section,
        "risk_rules": [{"if": condition, "risk": risk} for condition, risk in rules],
        "items": [{"item": name, "ask": f"Is {name} chosen?"} for name in names],
        **keys,
    }


def checklist(*items: dict[str, Any], name: str = "c", sections: Iterable[dict[str, Any]] = ()) -> Checklist:
    """A checklist of plain items in one section, and of further sections."""
    plain = [{"section": "plain", "items": list(items)}] if items else []
    return read(Checklist, {"checklist": name, "version": 1, "title": name, "sections": [*plain, *sections]})


def answer(reply: str | None = "yes", on: str | None = None, by: str = "wei", **keys: Any) -> dict[str, Any]:
    """An answer as a review file says it, given today; another person agrees that something is not applicable."""
    said = {} if reply is None else {"answer": reply}
    reason = {"reason": "it has none", "approved_by": "ana"} if reply == "not-applicable" else {}
    return {**said, **reason, "by": by, "on": on or day(0), **keys}


def plan(due: int = 5, **keys: Any) -> dict[str, Any]:
    """A plan that is due so many days after today."""
    return {"action": "do it", "owner": "payments", "due": day(due), **keys}


def waiver(*items: str, name: str = "W-1", approved: int | None = -1, expires: int = 40, **keys: Any) -> dict[str, Any]:
    """A waiver as a review file says it, approved by another person on the worst state."""
    approval: dict[str, Any] = {}
    if approved is not None:
        worst = {"states": dict.fromkeys(items, "not-met"), "risks": dict.fromkeys(items, "high")}
        approval = {"approved_by": "ana", "approved_on": day(approved), **worst}
    return {
        "waiver": name,
        "items": list(items),
        "reason": "later",
        "requested_by": "wei",
        "expires": day(expires),
        **approval,
        **keys,
    }


def leave(approved: int = -1, expires: int = 40, **keys: Any) -> dict[str, Any]:
    """A leave to go without a checklist as a workload file says it, approved by another person."""
    said = {"reason": "later", "requested_by": "wei", "approved_by": "ana"}
    return {**said, "on": day(approved), "expires": day(expires), **keys}


def held_to(case: Case, *checklists: Checklist) -> Case:
    """The case in a workspace of these checklists."""
    return with_checklists(case, {one.checklist: one for one in checklists})


VOTERS = {"operations": "li", "security": "mo"}


def sign_off(
    role: str = "service-owner", vote: str = "go", digest: str = DIGEST, by: str | None = None
) -> dict[str, Any]:
    """A vote as a review file says it."""
    return {"role": role, "by": by or VOTERS.get(role, "bo"), "vote": vote, "on": day(0), "digest": digest}


def case(
    *items: dict[str, Any],
    answers: Mapping[str, dict[str, Any]] | None = None,
    waivers: Iterable[dict[str, Any]] = (),
    sign_offs: Iterable[dict[str, Any]] = (),
    sections: Iterable[dict[str, Any]] = (),
    workload: Mapping[str, Any] | None = None,
    policy: Mapping[str, Any] | None = None,
    occasion: str = "launch",
    team: Mapping[str, dict[str, Any]] | None = None,
    organization: Mapping[str, dict[str, Any]] | None = None,
    timezone: tzinfo = UTC,
    checklists: Iterable[Checklist] | None = None,
    release: Mapping[str, Any] | None = None,
    rules: TierRules | None = None,
) -> Case:
    """A workload reviewed against the checklist `c`, in which answers go by an item's name.

    It is assigned the tier that it claims, and is of tier 1 where it claims none.
    """

    def named(said: Mapping[str, dict[str, Any]] | None) -> dict[str, Answer]:
        return {(name if "/" in name else f"c/{name}"): read(Answer, one) for name, one in (said or {}).items()}

    made = read(Workload, {"workload": "shop", "title": "Shop", "owner": {"team": "payments"}, **(workload or {})})
    rows = () if policy is None else (read(PolicyRow, {"tiers": [1, 2, 3, 4], **policy}),)
    return Case(
        workload=made,
        review=read(
            Review,
            {
                "review": "shop",
                "occasion": occasion,
                "release": release or {},
                "answers": named(answers),
                "waivers": [read(Waiver, one) for one in waivers],
                "sign_offs": list(sign_offs),
            },
        ),
        checklists=tuple(checklists) if checklists is not None else (checklist(*items, sections=sections),),
        team_answers=named(team),
        organization_answers=named(organization),
        organization="acme",
        rules=rules or TierRules(rows, assigned={} if made.tier is None else {"shop": made.tier}),
        timezone=timezone,
    )


def found(
    outcome: str = "met",
    holds: int | None = None,
    says: Any = "said so",
    kind: str = "files",
    subjects: Iterable[Subject] = (),
) -> Finding:
    """What a check found, holding so many days after today."""
    until, then = None if holds is None else TODAY + timedelta(days=holds), datetime(2026, 11, 22, tzinfo=UTC)
    return Finding(kind, Outcome(outcome), says, holds_until=until, collected=then, subjects=tuple(subjects))


def evidence(missing: Mapping[str, int] | None = None, **findings: Iterable[Finding]) -> Evidence:
    """Findings by an item's name in the checklist `c`, and how many evidence entries do not hold."""
    return Evidence(
        findings={f"c/{name.replace('_', '-')}": tuple(found) for name, found in findings.items()},
        missing={f"c/{name}": (gone(),) * count for name, count in (missing or {}).items()},
    )


def gone() -> Message:
    """Why an evidence entry does not hold; any message would do."""
    return say("rule.cause.expired-evidence", title="gone", last=TODAY)


def assess(case: Case, evidence: Evidence | None = None, offset: int = 0) -> Evaluation:
    """Evaluate a case so many days after today."""
    return evaluate(case, evidence or Evidence(), TODAY + timedelta(days=offset))


def state_of(case: Case, evidence: Evidence | None = None, offset: int = 0) -> str:
    """The state of a case's only item."""
    (only,) = assess(case, evidence, offset).items
    return str(only.state)
