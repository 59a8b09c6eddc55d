"""An assessment as text for a terminal, in full."""

from __future__ import annotations

from collections.abc import Sequence

import click

from orr.evaluate import Evaluation
from orr.evaluate.assessed import ItemAssessment
from orr.evaluate.milder_groups import grouped
from orr.evaluate.states import STATES
from orr.evaluate.subjects import release_in_words
from orr.formats.lines import columns, wrap
from orr.formats.summary import (
    COLOURS,
    attested_in_words,
    challenge_in_words,
    covered_in_words,
    decision_in_words,
    head_in_words,
    headline_in_words,
    rows_by_checklist,
    validity_in_words,
)
from orr.messages import in_language, render, say
from orr.messages.cleaning import one_line

WIDTH = 100


def text(assessment: Evaluation, language: str) -> str:
    """Write an assessment as lines of at most `WIDTH` columns, coloured where a terminal reads them."""
    case = assessment.case

    def words(key: str, **values: object) -> str:
        return render(say(f"formats.{key}", **values), language)

    share = assessment.share_left_out
    lines = [
        one_line(render(head_in_words(assessment), language)),
        "",
        "  " + click.style(headline_in_words(assessment, language), fg=COLOURS[assessment.verdict], bold=True),
        *_wrap(render(release_in_words(case.release), language), "  ", "  "),
        *_wrap(render(assessment.asked.in_words, language), "  ", "    "),
        *([] if share is None else ["  " + render(share, language)]),
        "  " + render(decision_in_words(assessment), language),
        "  " + render(validity_in_words(assessment), language),
        *_wrap(render(case.rating.says, language), "  ", "  "),
        "  " + words("otherwise", without=assessment.verdict_without_waivers, best=assessment.verdict_at_best),
        *([] if assessment.compared is None else _wrap(render(assessment.compared, language), "  ", "  ")),
        *(
            line
            for said in (*assessment.uncompared, *assessment.unknown_agreements)
            for line in _wrap(render(said, language), "  ", "  ")
        ),
        "",
    ]
    if assessment.milder:
        lines += _heading(render(say("rule.milder.title"), language))
        for compared in grouped(assessment.milder):
            lines += _wrap(render(compared.says, language), "  ", "  ")
            lines += [line for one in compared.groups for line in _wrap(render(one.says(), language), "  ! ", "    ")]
        lines.append("")
    if assessment.challenged:
        lines += _heading(words("challenged", n=len(assessment.challenged)))
        for part in assessment.challenged:
            lines += _wrap(render(challenge_in_words(part), language), "  ! ", "    ")
        lines.append("")
    lines += _heading(words("why"))
    for group in assessment.reasons_apart(len(assessment.items)):
        lines += [] if group.title is None else ["  " + render(group.title, language)]
        lines += [line for reason in group.reasons for line in _wrap(render(reason, language), "  - ", "    ")]
    if assessment.path_to_go:
        lines += ["", *_heading(words("path"))]
        for number, step in enumerate(assessment.path_to_go, 1):
            state = render(step.item.state, language)
            if step.item.covered_by is not None:
                state = words("covered", state=state, by=covered_in_words(step.item))
            due = words("due", day=step.due) if step.due else words("no-due")
            late = words("after-launch") if step.after_launch else ""
            action = in_language(step.action, language) if step.action else words("no-fix")
            lines.append(f"  {number}. " + words("step", item=step.item.name, state=state))
            lines += _wrap(words("step.who", who=step.owner, due=due + late, action=action), "     ", "     ")
            lines += _attested(step.item, language)
    on_path = {step.item.name for step in assessment.path_to_go}
    # Where the verdict does not hang on them, what people say of their open items is still worth a look.
    apart = [item for item in assessment.items if item.open and item.name not in on_path and attested_in_words(item)]
    if apart:
        lines += ["", *_heading(words("attested-apart"))]
        for item in apart:
            lines.append("  - " + words("step", item=item.name, state=item.state))
            lines += _attested(item, language)
    lines += ["", *_heading(words("readiness"))]
    lines += _table(assessment, language, words("checklist"))
    if assessment.forecast:
        lines += ["", *_heading(words("forecast"))]
        for change in assessment.forecast:
            told = words("change", on=change.on, verdict=change.verdict, because=change.because)
            lines += _wrap(told, "  ", "    ")
    if assessment.flags:
        lines += ["", *_heading(words("flags"))]
        lines += [line for flag in assessment.flags for line in _wrap(render(flag.says, language), "  ! ", "    ")]
    return "\n".join([*lines, "", "  " + words("digest", digest=assessment.digest), ""])


def _attested(item: ItemAssessment, language: str) -> list[str]:
    return [line for said in attested_in_words(item) for line in _wrap(render(said, language), "     · ", "       ")]


def _heading(words: str) -> list[str]:
    return [click.style(words, bold=True)]


def _table(assessment: Evaluation, language: str, title: str) -> list[str]:
    rows = rows_by_checklist(assessment)
    used = [state for state in STATES if any(counts[state] for _, counts in rows)]
    heads = [title, *(render(state, language) for state in used)]
    cells = [[name, *(str(counts[state] or "·") for state in used)] for name, counts in rows]
    widths = [max(columns(row[place]) for row in [heads, *cells]) for place in range(len(heads))]
    return [_row(row, widths) for row in [heads, *cells]]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "  " + first[0] + " " * (first[1] - columns(first[0])) + "".join(
        "  " + " " * (width - columns(cell)) + cell for cell, width in others
    )  # fmt: skip


def _wrap(words: str, first: str, rest: str) -> list[str]:
    return wrap(words, first, rest, WIDTH)
