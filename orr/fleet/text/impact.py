"""Impact of changed checklists as text, Markdown and JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from orr.fleet.impact import Change, Impact, ItemImpact, PlanStep, Short, VerdictImpact
from orr.formats.markdown import escaped
from orr.formats.summary import SHAPES
from orr.messages import Message, in_language, render, say
from orr.messages.cleaning import one_line
from orr.workspace.revision import OldChecklists


def as_json(impact: Impact, old: OldChecklists, today: date, language: str) -> dict[str, Any]:
    """The form `orr.impact/1`."""
    return {
        "format": "orr.impact/1",
        "rev": old.rev,
        "commit": old.commit,
        "today": today.isoformat(),
        "live": list(impact.live),
        "items": [
            {
                "item": item.item,
                "change": item.change.value,
                "risk": item.risk.value if item.risk is not None else None,
                "blocking": item.blocking,
                "enforce_from": item.enforce_from.isoformat() if item.enforce_from is not None else None,
                "short": [
                    {
                        "workload": short.workload,
                        "team": short.team,
                        "state": short.state.value,
                        "covered_by": short.covered_by,
                        "already": short.already,
                    }
                    for short in item.short
                ],
            }
            for item in impact.items
        ],
        "verdicts": [
            {
                "workload": one.workload,
                "before": one.before.value,
                "after": one.after.value,
                "since": one.since.isoformat() if one.since is not None else None,
            }
            for one in impact.verdicts
        ],
        "plan": [
            {
                "until": step.until.isoformat() if step.until is not None else None,
                "team": step.team,
                "workload": step.workload,
                "item": step.item,
                "do": in_language(step.do, language),
            }
            for step in impact.plan
        ],
        "not_compared": sorted(old.faulty),
        "not_assessed": list(impact.unassessed),
        "faults": [fault.in_words(language) for fault in impact.faults],
    }


def as_text(impact: Impact, old: OldChecklists, today: date, language: str) -> str:
    """Lines for a terminal: the verdicts that change, then the items."""
    lines = [render(head, language) for head in (_head(old, today), *counted(impact, old))]
    lines += [*(f"  - {fault.in_words(language)}" for fault in impact.faults), ""]
    lines.append(click.style(render(say("fleet.impact.verdicts"), language), bold=True))
    lines += [f"  {SHAPES[one.after]} {render(_verdict(one), language)}" for one in impact.verdicts] or [
        "  " + render(no_verdicts(impact), language)
    ]
    lines.append("")
    for item in impact.items:
        lines.append(click.style(render(_item(item), language), bold=True))
        if item.change is not Change.REMOVED:
            nobody = render(say("fleet.impact.nobody"), language)
            lines += [f"  - {one_line(_short(short, language))}" for short in item.short] or [f"  {nobody}"]
    if not impact.items:
        lines.append(render(say("fleet.impact.no-change"), language))
    if impact.plan:
        lines += ["", click.style(render(say("fleet.impact.plan"), language), bold=True)]
        lines += [f"  - {one_line(render(plan_line(step), language))}" for step in impact.plan]
    return "\n".join(lines)


def plan_line(step: PlanStep) -> Message:
    """What one workload has to do until when."""
    key = "fleet.impact.step-now" if step.until is None else "fleet.impact.step"
    return say(key, until=step.until, team=step.team, workload=step.workload, item=step.item, do=step.do)


def as_markdown(impact: Impact, old: OldChecklists, today: date, language: str) -> str:
    """A comment for a pull request; words of people are escaped."""

    def words(key: str) -> str:
        return render(say(f"fleet.impact.{key}"), language)

    lines = [f"## {escaped(render(_head(old, today), language))}", ""]
    lines += [line for one in counted(impact, old) for line in (escaped(render(one, language)), "")]
    lines += [f"- {escaped(fault.in_words(language))}" for fault in impact.faults] + [""] * bool(impact.faults)
    lines += [f"### {words('verdicts')}", ""]
    if impact.verdicts:
        lines += _table_head([words(f"column.{key}") for key in ("workload", "before", "after", "deadline")])
        for one in impact.verdicts:
            after = f"{SHAPES[one.after]} {render(one.after, language)}"
            before = f"{SHAPES[one.before]} {render(one.before, language)}"
            lines.append(f"| {escaped(one.workload)} | {before} | {after} | {render(_when(one.since), language)} |")
    else:
        lines.append(render(no_verdicts(impact), language))
    lines.append("")
    if not impact.items:
        return "\n".join([*lines, words("no-change"), ""])
    lines += _table_head([words(f"column.{key}") for key in ("item", "change", "deadline", "short")])
    for item in impact.items:
        short = "<br>".join(escaped(_short(one, language)) for one in item.short) or "–"
        due = render(_when(item.enforce_from), language) if item.change is not Change.REMOVED else "–"
        lines.append(f"| `{item.item}` | {words(f'change.{item.change.value}')} | {due} | {short} |")
    if impact.plan:
        lines += ["", f"### {words('plan')}", ""]
        lines += [f"- [ ] {escaped(render(plan_line(step), language))}" for step in impact.plan]
    return "\n".join([*lines, ""])


def _table_head(titles: list[str]) -> list[str]:
    return ["| " + " | ".join(titles) + " |", "| " + " | ".join("---" for _ in titles) + " |"]


def _head(old: OldChecklists, today: date) -> Message:
    return say("fleet.impact.head", rev=old.rev, commit=old.commit[:10], today=today)


def counted(impact: Impact, old: OldChecklists) -> list[Message]:
    """How many were assessed, which could not be, and what was not compared."""
    found = []
    if impact.live or not impact.unassessed:
        found.append(say("fleet.impact.live", n=len(impact.live)) if impact.live else say("fleet.impact.no-live"))
    if impact.unassessed:
        found.append(say("fleet.impact.unassessed", names=list(impact.unassessed)))
    if old.faulty:
        found.append(say("fleet.impact.not-compared", names=sorted(old.faulty)))
    return found


def no_verdicts(impact: Impact) -> Message:
    """What is said where no verdict is known to change."""
    return say("fleet.impact.no-verdicts-known" if impact.unassessed else "fleet.impact.no-verdicts")


def _when(day: date | None) -> Message:
    return say("fleet.impact.at-once") if day is None else say("fleet.impact.from", day=day)


def _verdict(one: VerdictImpact) -> Message:
    return say("fleet.impact.verdict", workload=one.workload, before=one.before, after=one.after, when=_when(one.since))


def _item(item: ItemImpact) -> Message:
    if item.change is Change.REMOVED:
        return say("fleet.impact.item.removed", item=item.item)
    values = {"item": item.item, "deadline": _when(item.enforce_from)}
    if item.blocking:
        return say(f"fleet.impact.item.{item.change.value}-blocking", **values)
    if item.risk is None:
        return say(f"fleet.impact.item.{item.change.value}-ruled", **values)
    return say(f"fleet.impact.item.{item.change.value}", risk=item.risk, **values)


def _short(short: Short, language: str) -> str:
    key = "fleet.impact.short" if short.covered_by is None else "fleet.impact.short-covered"
    said = say(key, workload=short.workload, team=short.team, state=short.state, covered=short.covered_by)
    already = render(say("fleet.impact.already"), language) if short.already else ""
    return render(said, language) + already
