"""The path to go: who must do what by when."""

from __future__ import annotations

from collections.abc import Sequence

from orr.evaluate import Evaluation, Step, Verdict
from orr.report.html import Content, Html, join, link, tag
from orr.report.marks import dotted, section, state_mark, weight, word_of
from orr.report.words import Words

SHOWN = 10
"""How many steps are seen before the others unfold."""


def path_to_go(assessment: Evaluation, words: Words) -> Html:
    """Every open item that keeps the verdict from go, uncovered ones first."""
    bare, covered = by_cover(assessment.path_to_go)
    first = bare[:SHOWN], covered[: max(0, SHOWN - len(bare))]
    return section(
        "path-to-go",
        words("path.title"),
        _introduction(assessment, bare, covered, words),
        _steps(assessment, "path.bare", bare, len(first[0]), words),
        _steps(assessment, "path.covered", covered, len(first[1]), words),
    )


def by_cover(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """Steps apart: those that nothing covers, and the others."""
    bare = [step for step in steps if step.item.covered_by is None]
    return bare, [step for step in steps if step.item.covered_by is not None]


def _introduction(assessment: Evaluation, bare: Sequence[Step], covered: Sequence[Step], words: Words) -> Html:
    if not bare and not covered:
        done = "path.none" if assessment.verdict is Verdict.GO else "path.nothing-applies"
        return tag("p", words(done), class_="lead")
    late = sum(step.after_launch for step in (*bare, *covered))
    undated = sum(step.due is None for step in bare)
    says: list[Content] = [words("path.lead", n=len(bare) + len(covered))]
    if late:
        says.append(tag("strong", words("path.late", n=late), class_="warn"))
    if undated:
        says.append(tag("strong", words("path.undated", n=undated), class_="warn"))
    at_best = join(words("path.at-best"), " ", word_of(assessment.verdict_at_best, words))
    return join(
        tag("p", (join(said, " ") for said in says), class_="lead"),
        tag("p", at_best, class_="note") if assessment.verdict is not Verdict.GO else None,
    )


def _steps(assessment: Evaluation, title: str, steps: Sequence[Step], shown: int, words: Words) -> Html | None:
    if not steps:
        return None
    listed = [_step(assessment, step, words) for step in steps]
    rest = tag("ol", listed[shown:], class_="steps on" if shown else "steps")
    return join(
        tag("h3", words(title), " ", tag("span", str(len(steps)), class_="n")),
        tag("ol", listed[:shown], class_="steps") if shown else None,
        tag("details", tag("summary", words("path.rest", n=len(steps) - shown)), rest) if steps[shown:] else None,
    )


def _step(assessment: Evaluation, step: Step, words: Words) -> Html:
    item = step.item
    what: list[Content] = [
        tag("p", link(f"#{item.name}", words.prose(item.ask)), class_="ask"),
        tag(
            "p",
            dotted(
                state_mark(item.state, words),
                weight(item, assessment.case.policy, words),
                tag("span", words.causes(item.causes), class_="why") if item.causes else None,
            ),
            class_="cause",
        ),
    ]
    if step.action:
        label = words("path.plan" if step.plan is not None else "path.next")
        what.append(tag("p", tag("b", label), " ", words.prose(step.action), class_="do"))
    if item.covered_by is not None:
        said = words("path.waived", waiver=item.waived_by) if item.waived_by else words("path.planned")
        what.append(tag("p", said, class_="note"))
    due: Content = words.day(step.due) if step.due is not None else tag("span", words("path.no-date"), class_="warn")
    if step.due is not None and step.due < assessment.today:
        due = join(due, " ", tag("span", words("path.overdue"), class_="flag"))
    if step.after_launch:
        due = join(due, " ", tag("span", words("path.after-launch"), class_="flag"))
    return tag(
        "li",
        tag("div", what, class_="what"),
        tag(
            "dl",
            tag("div", tag("dt", words("path.who")), tag("dd", step.owner)),
            tag("div", tag("dt", words("path.by")), tag("dd", due)),
            class_="who",
        ),
        class_="late" if step.after_launch else None,
    )


def flags(assessment: Evaluation, words: Words) -> Html:
    """What a reader should look at twice; nothing where there is nothing."""
    found = assessment.flags
    content: Content = (
        tag("ul", (tag("li", tag("b", words(f"flag.{flag.flag}")), " ", words.of(flag.says)) for flag in found))
        if found
        else tag("p", words("flags.none"), class_="note")
    )
    return section("flags", words("flags.title"), tag("div", content, class_="flags"))
