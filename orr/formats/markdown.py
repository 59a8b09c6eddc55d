"""An assessment as Markdown for a pull request or issue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from orr.evaluate import Evaluation, Verdict
from orr.evaluate.milder_groups import grouped
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


LIMIT = 65_536
"""How many characters GitHub takes in a comment."""

_FEW, _MANY = 5, 300
_ORDER = {Verdict.GO: 0, Verdict.CONDITIONAL_GO: 1, Verdict.NO_GO: 2, None: 2}
"""Which workloads are folded first; None are those that could not be read."""


class _Entry(NamedTuple):
    """Texts of a workload in decreasing length, least important parts dropped first."""

    verdict: Verdict | None
    texts: tuple[str, ...]


def comment(outcomes: Iterable[Outcome], language: str, limit: int = LIMIT) -> str:
    """Write what became of workloads as Markdown for one comment, folded until it fits.

    First go the checks' tables and what to look at twice, then all but the first reasons and
    steps, then all but a line; of workloads that are go before those that are not. Where even
    the lines are too many, the last are counted.
    """
    entries: list[_Entry] = []
    for outcome in outcomes:
        entry = _entry(outcome, language)
        if len(entries) == _MANY:  # so many are never shown whole
            entries = [one._replace(texts=one.texts[-1:]) for one in entries]
        entries.append(entry._replace(texts=entry.texts[-1:]) if len(entries) > _MANY else entry)
    levels = [0] * len(entries)
    size = sum(_size(entry.texts[0]) for entry in entries)
    foldable = sorted(range(len(entries)), key=lambda place: (_ORDER[entries[place].verdict], -place))
    for level in range(1, max((len(entry.texts) for entry in entries), default=0)):
        for place in foldable:
            if size <= limit:
                break
            texts = entries[place].texts
            if level < len(texts):
                size += _size(texts[level]) - _size(texts[level - 1])
                levels[place] = level
    left_out: Counter[Verdict | None] = Counter()
    room = limit - (_size(_more(Counter(dict.fromkeys(_ORDER, 10**9)), language)) if size > limit else 0)
    kept = dict(zip(range(len(entries)), levels, strict=True))
    for place in foldable:
        if size <= room:
            break
        size -= _size(entries[place].texts[kept.pop(place)])
        left_out[entries[place].verdict] += 1
    shown = [entries[place].texts[level] for place, level in kept.items()]
    return "\n".join([*shown, *([_more(left_out, language)] if left_out else [])])


def _size(text: str) -> int:
    """Length of a line with its end, in UTF-16 code units."""
    return len(text.encode("utf-16-le", "replace")) // 2 + 1


def _more(counts: Counter[Verdict | None], language: str) -> str:
    told = [
        say("formats.count", n=n, state=say("formats.badge.error") if verdict is None else verdict)
        for verdict, n in counts.items()
    ]
    return f"- {render(say('formats.more-workloads', n=counts.total(), told=told), language)}\n"


def _entry(outcome: Outcome, language: str) -> _Entry:
    if isinstance(outcome, Unread):
        title = f"✖ {escaped(outcome.workload)}: {outcome.headline(language)}"
        return _Entry(None, (*[markdown(outcome, language)] * 3, f"- {title}\n"))
    name = escaped(outcome.case.workload.workload)
    line = f"- {SHAPES[outcome.verdict]} {name}: {render(outcome.headline, language)}\n"
    return _Entry(outcome.verdict, (*(_assessed(outcome, language, level) for level in range(3)), line))


def markdown(outcome: Outcome, language: str) -> str:
    """Write what became of a workload as Markdown; words of people are escaped."""
    if isinstance(outcome, Unread):
        faults = [f"- {escaped(line)}" for line in outcome.lines(language)]
        return "\n".join([f"## ✖ {escaped(outcome.workload)}: {outcome.headline(language)}", "", *faults, ""])
    return _assessed(outcome, language, 0)


def _assessed(assessment: Evaluation, language: str, level: int) -> str:
    """Assessment at a level of detail: 1 without tables, 2 with first reasons only."""
    few = _FEW if level > 1 else len(assessment.items)
    lines = _head(assessment, language)
    for group in assessment.reasons_apart(few):
        lines += [] if group.title is None else [f"**{render(group.title, language)}**", ""]
        lines += [f"- {escaped(render(reason, language))}" for reason in group.reasons]
        left = group.total - len(group.reasons)
        lines += [*([f"- {render(say('formats.more', n=left), language)}"] if left else []), ""]
    lines += _path(assessment, language, few)
    if level == 0:
        lines += _readiness(assessment, language)
    else:
        lines += [render(say("formats.folded", name=escaped(assessment.case.workload.workload)), language)]
    return "\n".join([*lines, "", f"`{assessment.digest}`", ""])


def _head(assessment: Evaluation, language: str) -> list[str]:
    case = assessment.case

    def words(key: str, **values: object) -> str:
        return render(say(f"formats.{key}", **values), language)

    share = assessment.share_left_out
    title = escaped(in_language(case.workload.title, language))
    return [
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
        *(f"- {escaped(render(said, language))}" for said in (*assessment.uncompared, *assessment.unknown_agreements)),
        "",
        *_milder(assessment, language),
        f"### {words('why')}",
        "",
    ]


def _path(assessment: Evaluation, language: str, at_most: int) -> list[str]:
    def words(key: str, **values: object) -> str:
        return render(say(f"formats.{key}", **values), language)

    if not assessment.path_to_go:
        return []
    heads = [words(f"column.{name}") for name in ("item", "state", "who", "due", "fix")]
    lines = [f"### {words('path')}", "", _row(heads), _row(["---"] * len(heads))]
    for step in assessment.path_to_go[:at_most]:
        due = str(step.due or "–") + (words("after-launch") if step.after_launch else "")
        state = render(step.item.state, language)
        if step.item.covered_by is not None:
            state = words("covered", state=state, by=covered_in_words(step.item))
        fix = in_language(step.action, language) if step.action else "–"
        lines.append(_row([f"`{step.item.name}`", state, escaped(step.owner), due, escaped(fix)]))
    left = len(assessment.path_to_go) - at_most
    return [*lines, "", *([f"- {words('more', n=left)}", ""] if left > 0 else [])]


def _readiness(assessment: Evaluation, language: str) -> list[str]:
    rows = rows_by_checklist(assessment)
    used = [state for state in STATES if any(counts[state] for _, counts in rows)]
    lines = [f"### {render(say('formats.readiness'), language)}", ""]
    lines += [_row([render(say("formats.checklist"), language), *(render(state, language) for state in used)])]
    lines += [_row(["---", *["---:"] * len(used)])]
    lines += [_row([name, *(str(counts[state] or "") for state in used)]) for name, counts in rows]
    if assessment.flags:
        lines += ["", f"### {render(say('formats.flags'), language)}", ""]
        lines += [f"- {escaped(render(flag.says, language))}" for flag in assessment.flags]
    return lines


def _milder(assessment: Evaluation, language: str) -> list[str]:
    if not assessment.milder:
        return []
    lines = [f"### {render(say('rule.milder.title'), language)}", ""]
    for compared in grouped(assessment.milder):
        lines += [f"{escaped(render(compared.says, language))}:", ""]
        lines += [*(f"- {escaped(render(one.says(), language))}" for one in compared.groups), ""]
    return lines


def _challenged(assessment: Evaluation, language: str) -> list[str]:
    if not assessment.challenged:
        return []
    lines = [f"- {escaped(render(challenge_in_words(part), language))}" for part in assessment.challenged]
    title = say("formats.challenged", n=len(assessment.challenged))
    return [f"### {render(title, language)}", "", *lines, ""]


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def escaped(words: str) -> str:
    """Escape people's words so that Markdown and HTML in them stay text.

    Links, mentions, references and line breaks too.
    """
    return _LINKS.sub("\\g<0>\u200b", _SIGNS.sub(r"\\\g<0>", one_line(words)))
