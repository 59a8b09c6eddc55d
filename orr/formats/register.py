"""What became of workloads as a risk register: open items and pre-mortem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render, say
from orr.source.table import write_csv

COLUMNS = (
    "id", "workload", "kind", "risk", "likelihood", "impact", "state", "owner", "due",
    "detection", "response", "tested", "covered",
)  # fmt: skip


def register(outcomes: Iterable[Outcome], _today: date, language: str) -> str:
    """Write a row per open item, pre-mortem scenario and unreadable workload.

    How likely an open item is to do harm is not known, so that cell is empty.
    """
    rows: list[dict[str, object]] = []
    for one in outcomes:
        rows += [_broken(one, language)] if isinstance(one, Unread) else _rows(one, language)
    heads = [render(say(f"exchange.register.{name}"), language) for name in COLUMNS]
    return "\ufeff" + write_csv(heads, ([row.get(name) for name in COLUMNS] for row in rows))


def _broken(unread: Unread, language: str) -> dict[str, object]:
    faults = "; ".join(unread.lines(language))
    words = render(say("formats.group", title=unread.headline(language), items=faults), language)
    kind = render(say("exchange.register.kind.unread"), language)
    return {"id": unread.workload, "workload": unread.workload, "kind": kind, "risk": words}


def _rows(assessment: Evaluation, language: str) -> Iterator[dict[str, object]]:
    workload = assessment.case.workload.workload
    kinds = {one: render(say(f"exchange.register.kind.{one}"), language) for one in ("item", "scenario")}
    for item in assessment.items:
        if item.open:
            step = assessment.step(item)
            yield {
                "id": f"{workload}/{item.name}",
                "workload": workload,
                "kind": kinds["item"],
                "risk": _risk(item, language),
                "impact": render(item.risk, language),
                "state": render(item.state, language),
                "owner": step.owner,
                "due": step.due,
                "response": in_language(step.action, language) if step.action else "",
                "covered": item.covered_by,
            }
    for number, scenario in enumerate(assessment.case.review.pre_mortem, 1):
        yield {
            "id": f"{workload}/pre-mortem-{number}",
            "workload": workload,
            "kind": kinds["scenario"],
            "risk": scenario.scenario,
            "likelihood": render(scenario.likelihood, language) if scenario.likelihood else "",
            "impact": render(scenario.impact, language) if scenario.impact else "",
            "owner": assessment.case.workload.owner.team,
            "detection": scenario.detection,
            "response": scenario.response,
            "tested": scenario.tested_on,
        }


def _risk(item: ItemAssessment, language: str) -> str:
    return " ".join([in_language(item.ask, language), *(render(cause, language) for cause in item.causes)])
