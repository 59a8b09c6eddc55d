"""The first screen of an assessment: what decides and what comes next, in few short lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

import click

from orr.evaluate import Case, Evaluation, Step, Verdict
from orr.evaluate.emergencies import in_words, unclosed
from orr.evaluate.milder_groups import FEW, grouped
from orr.evaluate.reasons import ReasonGroup, reason_for
from orr.evaluate.subjects import release_in_words
from orr.formats.lines import WIDTH, columns, wrap_at_most
from orr.formats.summary import COLOURS, decision_in_words, head_in_words, headline_in_words
from orr.messages import Message, render, say

HEIGHT = 24
STEPS = 5
NAMED = 10
"""How many items of a group of reasons are named, as far as a line holds them."""

Quiet = tuple[Message, bool]
"""A fact that stands beside the verdict, and whether it has something to say: others share a line."""


def _line(words: object, language: str, first: str = "  ", rest: str = "    ", n: int = 1) -> list[str]:
    return wrap_at_most(n, render(words, language), first, rest, WIDTH)


def first_screen(assessment: Evaluation, language: str) -> str:
    """Write what a reader needs first, in at most `HEIGHT` lines of `WIDTH` columns.

    The most important steps are shown with their reasons; where there is little room, the others without.
    """
    line = partial(_line, language=language)

    def heading(words: Message) -> str:
        return click.style(line(words, first="")[0], bold=True)

    verdict = line(headline_in_words(assessment, language))[0].strip()
    top = [
        *line(head_in_words(assessment), first="", n=2),
        "  " + click.style(verdict, fg=COLOURS[assessment.verdict], bold=True),
        *line(_dotted(say("formats.count", n=n, state=state) for state, n in assessment.counts.items() if n), n=2),
        *line(_dotted(_otherwise(assessment)), n=2),
        *line(decision_in_words(assessment)),
    ]
    loud, quiet = ([said for said, tells in _facts(assessment) if tells is such] for such in (True, False))
    top += [one for said in loud for one in line(said, n=2 if len(loud) <= 2 else 1)]
    top += line(_dotted(quiet)) if quiet else []
    compared = _compared(assessment)
    top += line(compared, n=2) if compared is not None else []
    why = [heading(say("formats.why"))]
    why += [one for group in assessment.reasons_apart(NAMED) for said in _reasons(group) for one in line(said)]
    blocks, path = [top, why], assessment.next_steps
    room = HEIGHT - len(top) - len(why) - 2
    steps = path[: min(STEPS, room)]
    if steps:
        uncovered = sum(step.item.covered_by is None for step in path)
        covered = len(path) - uncovered
        title = "formats.next-covered" if covered else "formats.next"
        each, over = divmod(room, len(steps))
        listed = [
            one
            for number, step in enumerate(steps, 1)
            for one in _step(step, number, each + (number <= over), language)
        ]
        blocks.append([heading(say(title, n=uncovered, covered=covered)), *listed])
    blocks.append(line(_rest(assessment, len(path) - len(steps), language)))
    roomy = sum(map(len, blocks)) + len(blocks) - 1 <= HEIGHT
    return ("\n\n" if roomy else "\n").join("\n".join(block) for block in blocks)


def _dotted(said: Iterable[Message]) -> Message:
    first, *others = said
    for one in others:
        first = say("formats.dotted", one=first, other=one)
    return first


def _otherwise(assessment: Evaluation) -> Iterator[Message]:
    """The verdict otherwise, and until when it holds."""
    if assessment.valid_until is not None:
        yield say("formats.until", day=assessment.valid_until)
    yield say("formats.otherwise", without=assessment.verdict_without_waivers, best=assessment.verdict_at_best)
    if assessment.valid_until is None and assessment.verdict is not Verdict.NO_GO:
        yield say("formats.valid-no-end")


def _facts(assessment: Evaluation) -> Iterator[Quiet]:
    """What stands beside the verdict: lists asked, tier, release, what is milder than before."""
    asked, case = assessment.asked, assessment.case
    if assessment.challenged:
        yield (
            say(
                "formats.challenges",
                n=len(assessment.challenged),
                items=[part.name for part in assessment.challenged[:NAMED]],
            ),
            True,
        )
    yield asked.in_words if asked.rest else asked.how_many, bool(asked.rest)
    plain = case.rating.plain
    if plain is not None or _is_said(case):
        yield say(f"formats.tier.{plain or 'again'}", tier=case.tier), False
    else:
        yield case.rating.says, True
    yield (release_in_words(case.release), True) if case.release else (say("formats.no-release"), False)
    for one in unclosed(case.emergencies):
        yield say("formats.emergency", says=in_words(one, case.timezone)), True
    yield from ((said, True) for said in assessment.unknown_agreements)
    if assessment.milder:
        compared, first = max(
            ((one, group) for one in grouped(assessment.milder) for group in one.groups),
            key=lambda both: len(both[1].changes),
        )
        change = say("rule.milder.since", change=first.says(FEW), since=compared.names)
        yield say("formats.milder", n=len(assessment.milder), first=change), True
    elif case.earlier and assessment.uncompared:
        yield from ((said, True) for said in assessment.uncompared)
    elif assessment.compared is None:
        yield say("formats.nothing-earlier"), False


def _is_said(case: Case) -> bool:
    """Whether a recorded run gave this tier already for want of anything that gives another."""
    now = (case.tier, case.workload.tier)
    held = (one.required for one in case.earlier if one.kind in ("run", "decision") and one.required is not None)
    return not case.rating.founded and any((one["tier"], one.get("claimed")) == now for one in held)


def _compared(assessment: Evaluation) -> Message | None:
    """With what earlier requirements they were compared, and that none is milder where all could be."""
    compared = assessment.compared
    if compared is None or assessment.milder or assessment.uncompared:
        return compared
    return say("formats.nothing-milder", compared=compared)


def _reasons(group: ReasonGroup) -> Sequence[Message]:
    """A line of a group's items, whose reasons follow; general reasons as they are."""
    if group.title is None:
        return group.reasons
    return [say("formats.group", title=group.title, items=[reason.values["item"] for reason in group.reasons])]


def _step(step: Step, number: int, lines: int, language: str) -> list[str]:
    """Step in at most some lines: reason, person, task and date."""
    due = render(say("formats.due", day=step.due) if step.due else say("formats.no-due"), language)
    due += render(say("formats.after-launch"), language) if step.after_launch else ""
    todo = say("formats.step.who", who=step.owner, due=due, action=step.action or say("formats.no-fix"))
    first, rest = f"  {number}. ", "     "
    if lines == 1:
        return _line(say("formats.in-short", item=step.item.name, todo=todo), language, first)
    why = _line(reason_for(step.item), language, first, rest, n=1 if lines <= 3 else 2)
    return why + _line(todo, language, rest, rest, n=min(lines - len(why), 3))


def _rest(assessment: Evaluation, steps: int, language: str) -> Message:
    """How to see the rest, and its size as far as there is room."""
    more = [say("formats.rest.steps", n=steps)] if steps else []
    more += [say("formats.rest.flags", n=len(assessment.flags))] if assessment.flags else []
    said = [
        say("formats.rest", name=assessment.case.workload.workload, more=[*more[:n], say("formats.rest.always")])
        for n in range(len(more), -1, -1)
    ]
    return next((one for one in said if columns(render(one, language)) <= WIDTH - 2), said[-1])
