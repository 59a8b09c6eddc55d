"""Edits of what stands beside the review: answers given once for many workloads, and comments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from orr.evaluate.assessed import ItemAssessment
from orr.form.changes import BothChanged, Change, Maker
from orr.form.drafts import Lack, answer_of, draft_of, version_of
from orr.form.signing import lift_elsewhere
from orr.form.state import ReviewState
from orr.messages import Message, say
from orr.model.checklist import Scope
from orr.model.fields import Moment
from orr.model.review import Answer
from orr.source.faults import FaultyInput
from orr.workspace.challenges import challenged, lifted_in
from orr.workspace.discussion import add_comment, read_discussion
from orr.workspace.editing import Refused
from orr.workspace.shared_answers import ChangeAnswer, Home, edit_answer, home_in, inheriting

Edit = Mapping[str, Any]


def beside_review(held: ReviewState, edit: Edit, maker: Maker) -> Change | None:
    """What an edit makes of another file; None if it is one of the review.

    Raises
    ------
    Refused
        If the change may not be made.
    """
    what, name = edit.get("what"), str(edit.get("item"))
    if what not in ("answer-above", "challenge", "lift", "comment") or not maker.by.strip():
        return None
    item = next((item for item, _ in held.units() if item.name == name), None)
    if item is None:
        raise Refused(say("form.refused.item", item=name))
    if what == "comment":
        return _comment(held, item, edit, maker)
    if what == "answer-above":
        return _answer_above(held, item, edit, maker)
    if item.answer is None or item.answer_from == "workload":
        return None
    why = str(edit.get("why") or "").strip()
    if not why:
        return Change(held.base.review, [Lack("why", say("form.lack.why"))])
    source = item.answer_from or "workload"

    def change(old: Answer | None, on: Moment) -> Answer:
        if what == "lift":
            return lifted_in(held.case, source, old, name, maker.by, on, why)
        return challenged(old, name, maker.by, on, why)

    if what == "lift":
        lift_elsewhere(maker.assessment, held.case.holder(source), name, change(item.answer, maker.assessment.today))
    scope = Scope.ORGANIZATION if item.answer_from == "organization" else Scope.TEAM
    return _written(held, item, home_in(held.workspace, held.case, scope), lambda old: change(old, maker.on))


def heirs(held: ReviewState, name: str) -> Message:
    """Who inherits an answer that the team or the organization gives."""
    item = next(item for item, _ in held.units() if item.name == name)
    home = home_in(held.workspace, held.case, item.scope)
    names = inheriting(held.workspace, home, name)
    return say("form.above.heirs", home=home.in_words, n=len(names), names=names)


def _answer_above(held: ReviewState, item: ItemAssessment, edit: Edit, maker: Maker) -> Change:
    if item.scope is Scope.WORKLOAD:
        raise Refused(say("form.refused.item", item=item.name))
    home = home_in(held.workspace, held.case, item.scope)
    found = held.case.team_answers if item.scope is Scope.TEAM else held.case.organization_answers
    answer, lacks = answer_of(edit["draft"], found.get(item.name), maker.by, maker.on)
    if lacks:
        return Change(held.base.review, lacks)

    def change(old: Answer | None) -> Answer | None:
        if edit.get("base", "") != version_of(old):
            raise BothChanged(edit["draft"], draft_of(old), version_of(old))
        return answer

    return _written(held, item, home, change)


def _written(held: ReviewState, item: ItemAssessment, home: Home, change: ChangeAnswer) -> Change:
    def write() -> None:
        try:
            edit_answer(held.workspace, home, item.name, change)
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            raise Refused(say("form.refused.fault", wrong=fault.wrong, remedy=fault.remedy)) from None

    return Change(held.base.review, elsewhere=write)


def _comment(held: ReviewState, item: ItemAssessment, edit: Edit, maker: Maker) -> Change:
    text, reply_to = str(edit.get("text") or "").strip(), edit.get("reply_to")
    if not text:
        return Change(held.base.review, [Lack("text", say("form.lack.text"))])

    def write() -> None:
        own = [one for one in read_discussion(held.workspace, held.name).comments if one.by == maker.by]
        last = own[-1] if own else None
        if last is not None and (last.item, last.text, last.reply_to) == (item.name, text, reply_to):
            return  # sent again after a lost acknowledgement
        try:
            add_comment(held.workspace, held.name, item.name, maker.by, maker.on, text, reply_to)
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            raise Refused(say("form.refused.fault", wrong=fault.wrong, remedy=fault.remedy)) from None

    return Change(held.base.review, elsewhere=write)
