"""The open items of a person or a role as lines for a terminal."""

from __future__ import annotations

from orr.evaluate import Evaluation
from orr.evaluate.tasks import person_of, tasks
from orr.formats.lines import WIDTH, wrap_at_most
from orr.formats.summary import weight_in_words
from orr.messages import render, say
from orr.model.checklist import Role


def tasks_text(assessment: Evaluation, person: str | None, role: Role | None, language: str) -> str:
    """Write tasks with person and date, earliest first, two lines each."""
    found = tasks(assessment, person, role)
    name = assessment.case.workload.workload
    lines = wrap_at_most(2, render(say("formats.tasks", name=name, n=len(found)), language), "", "  ", WIDTH)
    for item in found:
        due = say("formats.due", day=item.due) if item.due is not None else say("formats.no-due")
        who = person_of(item) or say("formats.nobody")
        head = say("formats.task", item=item.name, state=item.state, who=who, due=due)
        lines += wrap_at_most(2, render(head, language), "  ", "    ", WIDTH)
        lines += wrap_at_most(1, render(item.ask, language), "    ", "    ", WIDTH)
        if item.waived_by is not None:
            lines += wrap_at_most(1, render(weight_in_words(item, assessment), language), "    ", "    ", WIDTH)
        if item.challenge is not None:
            doubt = say("rule.cause.challenged", by=item.challenge.by, why=item.challenge.why)
            lines += wrap_at_most(2, render(doubt, language), "    ! ", "      ", WIDTH)
    return "\n".join(lines)
