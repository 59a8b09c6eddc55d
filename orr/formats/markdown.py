"""An assessment as Markdown for a pull request or issue."""

from __future__ import annotations

import re

from orr.evaluate import Evaluation
from orr.evaluate.states import STATES
from orr.evaluate.subjects import release_in_words
from orr.formats.summary import (
    SHAPES,
    challenge_in_words,
    covered_in_words,
    decision_in_words,
    launch_in_words,
    rows_by_checklist,
    validity_in_words,
)
from orr.formats.unread import Outcome, Unread
from orr.messages import in_language, render, say
from orr.messages.cleaning import one_line

_SIGNS = re.compile(r"[\\`*_{}\[\]()<>#+!|~@&$]")
# What GitHub and others make a link of, escaped or not; a space without width ends it before it begins.
_LINKS = re.compile(r":(?=//)|\bwww(?=\.)|@(?=\w)|#(?=\d)|\bGH(?=-\d)", re.IGNORECASE)


def markdown(outcome: Outcome, language: str) -> str:
    """Write what became of a workload as Markdown; words of people are escaped."""
    if isinstance(outcome, Unread):
        faults = [f"- {escaped(line)}" for line in outcome.lines(language)]
        return "\n".join([f"## ✖ {escaped(outcome.workload)}: {outcome.headline(language)}", "", *faults, ""])
    return _assessed(outcome, language)


def _assessed(assessment: Evaluation, language: str) -> str:
    case = assessment.case

    def words(key: str, **values: object) -> str:
        return render(say(f"formats.{key}", **values), language)

    share = assessment.share_left_out
    title = escaped(in_language(case.workload.title, language))
    lines = [
        f"## {SHAPES[assessment.verdict]} {words('group', title=title, items=assessment.headline)}",
        "",
        f"- {escaped(render(release_in_words(case.release), language))}",
        f"- {escaped(render(assessment.asked.in_words, language))}",
        *([] if share is None else [f"- {render(share, language)}"]),
        f"- {render(decision_in_words(assessment), language)}",
        f"- {render(launch_in_words(assessment), language)}",
        f"- {render(validity_in_words(assessment), language)}",
        f"- {escaped(render(case.rating.says, language))}",
        f"- {words('otherwise', without=assessment.verdict_without_waivers, best=assessment.verdict_at_best)}",
        *([] if assessment.compared is None else [f"- {escaped(render(assessment.compared, language))}"]),
        *(f"- {escaped(render(said, language))}" for said in assessment.uncompared),
        "",
        *_milder(assessment, language),
        *_challenged(assessment, language),
        f"### {words('why')}",
        "",
    ]
    for group in assessment.reasons_apart(len(assessment.items)):
        lines += [] if group.title is None else [f"**{render(group.title, language)}**", ""]
        lines += [*(f"- {escaped(render(reason, language))}" for reason in group.reasons), ""]
    if assessment.path_to_go:
        heads = [words(f"column.{name}") for name in ("item", "state", "who", "due", "fix")]
        lines += [f"### {words('path')}", "", _row(heads), _row(["---"] * len(heads))]
        for step in assessment.path_to_go:
            due = str(step.due or "–") + (words("after-launch") if step.after_launch else "")
            state = render(step.item.state, language)
            if step.item.covered_by is not None:
                state = words("covered", state=state, by=covered_in_words(step.item))
            fix = in_language(step.action, language) if step.action else "–"
            lines.append(_row([f"`{step.item.name}`", state, escaped(step.owner), due, escaped(fix)]))
        lines.append("")
    rows = rows_by_checklist(assessment)
    used = [state for state in STATES if any(counts[state] for _, counts in rows)]
    lines += [f"### {words('readiness')}", ""]
    lines += [_row([words("checklist"), *(render(state, language) for state in used)])]
    lines += [_row(["---", *["---:"] * len(used)])]
    lines += [_row([name, *(str(counts[state] or "") for state in used)]) for name, counts in rows]
    if assessment.flags:
        lines += ["", f"### {words('flags')}", ""]
        lines += [f"- {escaped(render(flag.says, language))}" for flag in assessment.flags]
    return "\n".join([*lines, "", f"`{assessment.digest}`", ""])


def _milder(assessment: Evaluation, language: str) -> list[str]:
    if not assessment.milder:
        return []
    lines = [f"- {escaped(render(one.says, language))}" for one in assessment.milder]
    return [f"### {render(say('rule.milder.title'), language)}", "", *lines, ""]


def _challenged(assessment: Evaluation, language: str) -> list[str]:
    if not assessment.challenged:
        return []
    lines = [f"- {escaped(render(challenge_in_words(part), language))}" for part in assessment.challenged]
    title = say("formats.challenged", n=len(assessment.challenged))
    return [f"### {render(title, language)}", "", *lines, ""]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def escaped(words: str) -> str:
    """Keep people's words from being read as Markdown or HTML, or made links, mentions or references; on one line."""
    return _LINKS.sub("\\g<0>\u200b", _SIGNS.sub(r"\\\g<0>", one_line(words)))
