"""Tickets for open items: keys, titles, texts, and a CSV for Jira."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from orr.evaluate import Evaluation, Step
from orr.evaluate.verdict import conditions, is_stopping
from orr.formats.markdown import escaped
from orr.formats.summary import weight_in_words
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render, say
from orr.messages.cleaning import clean, one_line
from orr.source.table import write_csv

TITLE = 250
"""How many characters a title may have: a little below the limits of GitHub, GitLab and Jira."""


class Form(NamedTuple):
    """How a tracker takes texts.

    Attributes
    ----------
    escape
        Make people's words such as are no marks there.
    asked
        How a question stands before the name of its item.
    longest
        How many characters a text may have.
    """

    escape: Callable[[str], str]
    asked: str
    longest: int


def _in_jira(words: str) -> str:
    """Words that are neither links, mentions, images nor macros in Jira."""
    return re.sub(r"[\[{]|!(?=\S)", r"\\\g<0>", clean(words))


MARKDOWN = Form(escaped, "**{ask}** (`{name}`)", 60_000)
JIRA = Form(_in_jira, "{ask} ({name})", 32_767)

_BLOCK = re.compile(r"<!-- orr:begin (?P<key>\S+)(?P<closed> closed)? -->(?:.*?<!-- orr:end -->)?", re.DOTALL)
_JIRA = ("Summary", "Issue Type", "Priority", "Due Date", "Labels", "Description", "External issue ID")


@dataclass(frozen=True)
class Ticket:
    """What a ticket ought to say.

    Attributes
    ----------
    key
        What it is known by, in every run: workload and item, or workload and owner.
    workload
        Whose it is.
    title, text
        On one line, and in the form of the tracker.
    due
        The first day on which something of it is due.
    priority
        0 stops a launch, 1 makes a go conditional, 2 neither.
    lost
        How many characters its text was cut by.
    """

    key: str
    workload: str
    title: str
    text: str
    due: date | None
    priority: int
    lost: int = 0


def tickets_of(outcomes: Iterable[Outcome], per: str, language: str, form: Form = MARKDOWN) -> Iterator[Ticket]:
    """Tickets per open item or owner, and per workload that could not be read.

    Parameters
    ----------
    per
        `item` or `owner`.
    form
        Of their texts; what is longer than it allows is cut behind a line.
    """
    for one in outcomes:
        for ticket in _tickets(one, per, language, form):
            text = ticket.text
            if len(text) > form.longest:
                head = text[: form.longest - 2]
                text = head[: head.rfind("\n")] + "\n…" if "\n" in head else head + "…"
            yield replace(ticket, text=text, lost=max(len(ticket.text) - len(text), 0))


def _tickets(one: Outcome, per: str, language: str, form: Form) -> Iterator[Ticket]:
    if isinstance(one, Unread):
        text = "\n".join(f"- {form.escape(line)}" for line in one.lines(language))
        title = render(say("formats.group", title=one.workload, items=one.headline(language)), language)
        yield Ticket(_key(one.workload, "unread"), one.workload, _title(title), text, None, 0)
    else:
        yield from (_by_item if per == "item" else _by_owner)(one, language, form)


def _by_item(assessment: Evaluation, language: str, form: Form) -> Iterator[Ticket]:
    workload = assessment.case.workload.workload
    for step in _steps(assessment):
        ask = in_language(step.item.ask, language)
        title = _title(render(say("formats.group", title=workload, items=ask), language))
        text = "\n".join(_lines(step, assessment, language, form))
        yield Ticket(_key(workload, step.item.name), workload, title, text, step.due, _priority(assessment, [step]))


def _by_owner(assessment: Evaluation, language: str, form: Form) -> Iterator[Ticket]:
    workload = assessment.case.workload.workload
    owners: dict[str, list[Step]] = defaultdict(list)
    for step in _steps(assessment):
        owners[step.owner].append(step)
    for owner, steps in owners.items():
        title = _title(render(say("formats.ticket.owner", workload=workload, owner=owner, n=len(steps)), language))
        text = "\n\n".join("\n".join(_lines(step, assessment, language, form)) for step in steps)
        due = min((step.due for step in steps if step.due is not None), default=None)
        yield Ticket(_key(workload, f"owner/{owner}"), workload, title, text, due, _priority(assessment, steps))


def _steps(assessment: Evaluation) -> list[Step]:
    """The open items, those of the path to go first and in its order."""
    on_path = {step.item.name for step in assessment.path_to_go}
    others = [item for item in assessment.items if item.open and item.name not in on_path]
    return [*assessment.path_to_go, *(assessment.step(item) for item in others)]


def _lines(step: Step, assessment: Evaluation, language: str, form: Form) -> Iterator[str]:
    item = step.item

    def line(key: str, said: object) -> str:
        return f"- {render(say(f'formats.ticket.{key}', said=form.escape(render(said, language))), language)}"

    yield form.asked.format(ask=form.escape(in_language(item.ask, language)), name=item.name)
    yield ""
    yield line("state", say("formats.group", title=item.state, items=item.causes) if item.causes else item.state)
    yield line("risk", item.risk)
    if not is_stopping(item, assessment.case.policy):
        yield line("weight", weight_in_words(item, assessment))
    yield line("owner-is", step.owner)
    if step.due is not None:
        yield line("due", step.due)
    if step.action:
        yield line("action", in_language(step.action, language))


def _priority(assessment: Evaluation, steps: Sequence[Step]) -> int:
    policy = assessment.case.policy
    weights = [0 if is_stopping(one.item, policy) else 1 if conditions(one.item, policy) else 2 for one in steps]
    return min(weights)


def _key(workload: str, rest: str) -> str:
    return quote(f"{workload}/{rest}", safe="/.@+~")


def _title(words: str) -> str:
    words = one_line(words)
    return words if len(words) <= TITLE else words[: TITLE - 1] + "…"


# The block of a ticket's text that is ours


def with_block(text: str, ticket: Ticket, *, closed: bool = False) -> str:
    """Ticket text with our block replaced; text that people wrote around it stays."""
    mark = f"<!-- orr:begin {ticket.key}{' closed' if closed else ''} -->"
    block = f"{mark}\n{ticket.text}\n<!-- orr:end -->"
    if _BLOCK.search(text) is None:
        return f"{text}\n\n{block}".lstrip("\n")
    return _BLOCK.sub(lambda _: block, text, count=1)


def key_in(text: str) -> str | None:
    """The key in a ticket's text; None where it is none of ours."""
    found = _BLOCK.search(text)
    return None if found is None else found["key"]


def is_closed_by_us(text: str) -> bool:
    """Whether our block says that the ticket was closed because its item was."""
    found = _BLOCK.search(text)
    return found is not None and found["closed"] is not None


def as_closed(text: str) -> str:
    """A ticket's text whose block says that we closed it."""
    return _BLOCK.sub(lambda found: found[0].replace(f"{found['key']} -->", f"{found['key']} closed -->", 1), text, 1)


def tickets_csv(tickets: Iterable[Ticket], label: str) -> str:
    """Write tickets as CSV for Jira's importer, the key as external id."""
    priorities = ("Highest", "Medium", "Low")
    rows = [(one.title, "Task", priorities[one.priority], one.due, label, one.text, one.key) for one in tickets]
    return "\ufeff" + write_csv(_JIRA, rows)
