"""A realistic review of our own checklists, built without files."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from orr.evaluate import Case, Evaluation, evaluate
from orr.evaluate.tier import TierRules
from orr.model.checklist import Checklist, Item, Risk
from orr.model.finding import Evidence, Finding, Outcome, Table
from orr.model.review import Review
from orr.model.settings import PolicyRow
from orr.model.validation import read
from orr.model.workload import Workload
from orr.source.yaml import parse
from support import ROOT

TODAY = date(2026, 11, 22)
FOUR = ("staffing", "runbooks", "security-baseline", "rollback-plan")
HOSTILE = """<script>alert(1)</script>"'><img src=x onerror=alert(2)>&amp;</title></style>"""
POLICY = PolicyRow(
    tiers=(1, 2),
    no_go=(Risk.HIGH,),
    conditional=(Risk.MEDIUM,),
    sign_offs=("service-owner", "operations", "security"),
    waiver_max_days=90,
)


def checklists(names: tuple[str, ...] = FOUR) -> tuple[Checklist, ...]:
    """Checklists of this repository."""
    files = [ROOT / "checklists" / f"{name}.yaml" for name in names]
    return tuple(read(Checklist, parse(file.read_text(encoding="utf-8"), file.name)) for file in files)


def workload(**changes: object) -> Workload:
    """Checkout, ten days before its launch."""
    data: dict[str, object] = {
        "workload": "checkout",
        "title": {"en": "Checkout", "zh-CN": "结账服务"},
        "tier": 1,
        "owner": {"team": "payments", "contact": "payments-oncall@example.com"},
        "launch": "2026-12-01T09:00+08:00",
        "tags": ["public"],
        "operating_model": {
            "application": {"engineering": "payments", "operations": "payments"},
            "infrastructure": {"engineering": "platform"},
            "governance": "centralized",
        },
    }
    return read(Workload, data | changes)


def _answer(place: int, on: date, *, proven: bool) -> dict[str, object]:
    answer: dict[str, object] = {
        "answer": "yes",
        "by": ("wei.chen", "ana.ruiz", "li.na")[place % 3],
        "on": on.isoformat(),
    }
    if place % 3 == 0:
        answer["note"] = "Gone through with the whole shift; the record of it lies beside the plan."
    if proven:
        answer["evidence"] = [
            {
                "title": "Record of the drill",
                "path": f"drills/{on}.md",
                "url": "https://wiki.example.com/drill",
                "collected": on.isoformat(),
                "expires": (on + timedelta(days=120 + place)).isoformat(),
            }
        ]
    return answer


def _good_answers(items: list[tuple[str, Item]], waived: str | None) -> dict[str, object]:
    """Fresh and proven answers; with something waived, some of medium risk are partial too."""
    answers = {
        name: _answer(place, TODAY - timedelta(days=1 + place % 9), proven=True)
        for place, (name, _) in enumerate(items)
    }
    if waived is not None:
        partial = [name for name, item in items if item.risk is Risk.MEDIUM and not item.blocking][::4]
        for name in partial:
            answers[name] |= {
                "answer": "partial",
                "plan": {"action": "Finish the second half", "owner": "li.na", "due": "2026-12-04"},
            }
        answers[waived] |= {"answer": "no"}
    return dict(answers)


def _bad_answers(items: list[tuple[str, Item]]) -> dict[str, object]:
    """Everything that can be wrong with answers: missing, old, unproven, partial, no."""
    answers: dict[str, object] = {}
    for place, (name, _) in enumerate(items):
        if place % 9 == 2:
            continue
        answer = _answer(place, TODAY - timedelta(days=3 + 9 * (place % 8)), proven=place % 2 == 0)
        if place % 11 == 4:
            plan = {"action": "Finish the second half", "owner": "li.na", "due": "2026-12-04"}
            answer |= {"answer": "partial", "plan": plan}
        if place % 13 == 7:
            answer |= {"answer": "not-applicable", "reason": "There is no such part in this workload."}
        if place % 17 == 5:
            plan = {"action": "Rehearse on staging with the real data size", "owner": "wei.chen", "due": "2026-11-28"}
            answer = {"answer": "no", "by": "wei.chen", "on": "2026-11-20", "plan": plan}
        answers[name] = answer
    return answers


def case(verdict: str = "no-go", names: tuple[str, ...] = FOUR, **changes: object) -> Case:
    """A review that comes out as the verdict asked for, once its evidence is collected."""
    lists = checklists(names)
    items = [
        (f"{checklist.checklist}/{item.item}", item)
        for checklist in lists
        for section in checklist.sections
        for item in section.items
    ]
    ids = [name for name, _ in items]
    waived = next(name for name, item in items if item.risk is Risk.HIGH and item.waivable and not item.blocking)
    if verdict == "no-go":
        answers = _bad_answers(items)
    else:
        answers = _good_answers(items, waived if verdict == "conditional-go" else None)
    data: dict[str, object] = {
        "review": "checkout",
        "answers": answers,
        "waivers": [
            {
                "waiver": "W-1",
                "items": [waived, ids[5], ids[22 % len(ids)]],
                "reason": "The tester is booked for the second week of December.",
                "compensating": "The web application firewall blocks what the last test found.",
                "requested_by": "wei.chen",
                "approved_by": "ana.ruiz",
                "approved_on": "2026-11-19",
                "states": dict.fromkeys([waived, ids[5], ids[22 % len(ids)]], "not-met"),
                "expires": "2026-12-31",
            },
            {
                "waiver": "W-2",
                "items": [ids[3]],
                "reason": "No time.",
                "requested_by": "li.na",
                "expires": "2026-12-10",
            },
        ],
        "sign_offs": [
            {"role": "operations", "by": "ana.ruiz", "vote": "go", "on": "2026-11-21", "digest": "sha256:" + "0" * 64}
        ],
        "pre_mortem": [
            {
                "scenario": "The payment provider answers slowly and every worker waits for it",
                "likelihood": "medium",
                "impact": "high",
                "detection": "Latency objective burns for five minutes",
                "response": "runbooks/provider-slow.md",
                "tested_on": "2026-11-10",
            },
            {"scenario": "The new schema locks the orders table", "likelihood": "low", "impact": "high"},
            {
                "scenario": "A campaign brings four times the load",
                "likelihood": "high",
                "impact": "medium",
                "response": "https://wiki.example.com/shed",
            },
            {"scenario": "The certificate of the partner runs out"},
        ],
        "benefits": "Two thirds of the abandoned baskets are lost at the step that this replaces.",
    }
    defaults: dict[str, object] = {
        "workload": workload(),
        "review": read(Review, data),
        "checklists": lists,
        "organization": "Example",
        "rules": TierRules((POLICY,)),
        "timezone": ZoneInfo("Asia/Shanghai"),
    }
    return Case(**(defaults | changes))  # type: ignore[arg-type]


def evidence(of: Case, verdict: str = "no-go") -> Evidence:
    """Findings for every check, a few of them bad where the verdict is to be bad."""
    findings: dict[str, tuple[Finding, ...]] = {}
    place = 0
    for checklist, _, item in of.units():
        if item is None or not item.checks:
            continue
        place += 1
        outcome = Outcome.MET
        if verdict == "no-go" and place % 5 == 3:
            outcome = Outcome.NOT_MET
        if verdict == "no-go" and place % 7 == 2:
            outcome = Outcome.UNKNOWN
        says = {"en": "docs/rollback.md has every heading asked for", "zh-CN": "docs/rollback.md 包含全部要求的标题"}
        if outcome is not Outcome.MET:
            says = {"en": "docs/rollback.md has no section “Trigger”", "zh-CN": "docs/rollback.md 缺少“触发条件”一节"}
        table = Table(("Heading", "Line"), tuple((f"Heading {row}", str(row)) for row in range(12)))
        findings[f"{checklist.checklist}/{item.item}"] = tuple(
            Finding(
                check.check,
                outcome,
                says,
                holds_until=TODAY + timedelta(days=20 + 15 * place),
                collected=datetime(2026, 11, 22, 1, 30, tzinfo=UTC),
                table=table if place == 1 else None,
            )
            for check in item.checks
        )
    return Evidence(findings)


def assessment(verdict: str = "no-go", names: tuple[str, ...] = FOUR, **changes: object) -> Evaluation:
    """The review of `case`, assessed."""
    made = case(verdict, names, **changes)
    return evaluate(made, evidence(made, verdict), TODAY)
