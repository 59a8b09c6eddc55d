"""Incoming answers that will not count by themselves, reported in advance."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orr.evaluate.asked import asked_items
from orr.evaluate.states import is_shown
from orr.evidence.attachments import Verifier
from orr.messages import Message, say
from orr.model.checklist import Item
from orr.model.review import Answer, Reply
from orr.workspace.incoming import Comparison
from orr.workspace.workspace import Workspace


def uncounted(workspace: Workspace, name: str, comparison: Comparison) -> Iterator[Message]:
    """Why incoming answers do not count, without running any check."""
    case = workspace.case(name)
    items = dict(asked_items(case, workspace.today))
    verifier = Verifier(workspace.places(case), case.launch_day, case.timezone)
    for id_, answer in sorted(comparison.after.answers.items()):
        if id_ not in items or answer == comparison.before.answers.get(id_):
            continue
        verified = verifier.verify(answer, "workload")
        whys = [*verified.missing, *_by_its_item(items[id_], answer, verified.hollow)]
        yield from (say("exchange.incoming.left", name=id_, why=why) for why in whys)


def _by_its_item(item: Item, answer: Answer, hollow: Sequence[Message]) -> Iterator[Message]:
    """What the item asks beside the answer."""
    if item.checks and answer.answer in (Reply.YES, Reply.NOT_APPLICABLE):
        yield say("exchange.incoming.checked")
    elif item.evidence == "required" and answer.answer is Reply.YES and not is_shown(answer, hollow):
        yield from hollow or (say("exchange.incoming.no-evidence"),)
