"""Undo and redo of changes in the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from orr.messages import Message, say
from orr.model.checklist import Occasion
from orr.model.fields import Text
from orr.model.review import Reply, Review
from orr.workspace.editing import Refused
from orr.workspace.saving import Part, assembled, parts

STEPS_KEPT = 200
FIELDS = ("answer", "note", "reason", "evidence", "plan", "approved_by", "challenged")
"""What of an answer a person changes."""


def changed_answers(before: Review, after: Review) -> list[str]:
    """The items whose answer is not the same in two reviews."""
    names = [*before.answers, *(name for name in after.answers if name not in before.answers)]
    pairs = ((name, before.answers.get(name), after.answers.get(name)) for name in names)
    return [name for name, old, new in pairs if old is not new and old != new]


@dataclass(frozen=True)
class Step:
    """One change: each part that moved, with its value before and after."""

    moved: dict[Part, tuple[Any, Any]]

    @classmethod
    def between(cls, before: Review, after: Review) -> Step:
        """What moved from one review to the next."""
        names = changed_answers(before, after)
        old, new = (
            parts(replace(one, answers={name: one.answers[name] for name in names if name in one.answers}))
            for one in (before, after)
        )
        every = [*old, *(part for part in new if part not in old)]
        return cls({part: (old.get(part), new.get(part)) for part in every if old.get(part) != new.get(part)})

    @property
    def item(self) -> str | None:
        """The item whose answer it changes, where it is one."""
        names = [name for kind, name in self.moved if kind == "answers"]
        return names[0] if len(names) == 1 else None

    def described(self, asks: Mapping[str, Text]) -> Message:
        """What it changes, in words; `asks` has the questions by item."""
        if len(self.moved) != 1:
            return say("form.did.many", n=len(self.moved))
        (((kind, name), (before, after)),) = self.moved.items()
        if kind == "answers":
            return say("form.did.answer", ask=asks.get(name, name), fields=_fields(before or {}, after or {}))
        if kind == "assigned":
            return say("form.did.assigned", ask=asks.get(name, name))
        if kind == "occasion":
            return say("form.did.occasion", was=Occasion(before), becomes=Occasion(after))
        if kind == "benefits":
            return say("form.did.benefits")
        entry = after or before
        if kind == "sign_offs":
            return say("form.did.sign-off", name=f"{entry['role']} ({entry['by']})")
        return say(f"form.did.{'waiver' if kind == 'waivers' else 'scenario'}", name=name)

    def turned(self) -> Step:
        """The same step the other way."""
        return Step({name: (after, before) for name, (before, after) in self.moved.items()})

    def applied(self, review: Review) -> Review:
        """Take the step from a review.

        Raises
        ------
        Refused
            If a part is not any more what the step starts from.
        """
        found = parts(review)
        for name, (before, after) in self.moved.items():
            if found.get(name) != before:
                raise Refused(say("form.refused.undo", part=name[1] or name[0]))
            if after is None and name != ("benefits", ""):
                found.pop(name, None)
            else:
                found[name] = after
        return assembled(review.review, found)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Message]:
    """What differs between two answers; the reply with its values."""
    moved = [key for key in FIELDS if before.get(key) != after.get(key)]
    return [
        say("form.did.from-to", field=say("form.field.answer"), was=_reply(before), becomes=_reply(after))
        if key == "answer"
        else say(f"form.field.{key}")
        for key in moved
    ] or [say("form.field.on")]


def _reply(answer: Mapping[str, Any]) -> Reply | Message:
    return Reply(answer["answer"]) if answer.get("answer") else say("form.did.nothing")


@dataclass
class History:
    """The steps that can be undone and those that can be done again."""

    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)

    def record(self, before: Review, after: Review) -> None:
        """Remember a change; what was undone before it can no longer be done again."""
        step = Step.between(before, after)
        if step.moved:
            self.done = [*self.done, step][-STEPS_KEPT:]
            self.undone = []
