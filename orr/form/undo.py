"""Undo and redo of changes in the form."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from orr.messages import say
from orr.model.review import Review
from orr.workspace.editing import Refused
from orr.workspace.saving import Part, assembled, parts

STEPS_KEPT = 200


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
