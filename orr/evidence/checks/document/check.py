"""The check `document`: documents exist, are complete, owned and reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from orr.evaluate.states import severity_of
from orr.evidence.checks.document.demands import Has, Keys, Sections, demands
from orr.evidence.checks.document.judge import judge
from orr.evidence.checks.document.judged import Asked, Judged, unread
from orr.evidence.context import Context
from orr.evidence.documents.choosing import choose
from orr.evidence.kinds.parameters import Count, Globs, Texts
from orr.evidence.kinds.traits import check
from orr.evidence.sentences import in_short, nothing_matches, worst_or_alike
from orr.evidence.subjects.reading import subjects_of_files
from orr.messages import say
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome, Table

MAX_ROWS = 200


@check(
    day="until",
    ages=("reviewed_within", "changed_within", "sections", "front_matter"),
    git=("changed_within",),
    movable=("path",),
)
def document(
    context: Context,
    path: Globs,
    at_least: Count = 1,
    sections: Sections | None = None,
    has: Has | None = None,
    order: Texts | None = None,
    own_text: bool = False,
    front_matter: Keys | None = None,
    owner: bool = False,
    reviewed_within: Days | None = None,
    changed_within: Days | None = None,
    placeholders: bool = False,
    links: bool = True,
    alert_pages: bool = True,
    quote: bool = False,
) -> Finding:
    """Read documents: their sections, owner, last review and loose ends."""
    choice = choose(context, path, alert_pages)
    found = choice.found
    if not found.files and not found.refused:
        if choice.alerts:
            about = {"n": len(choice.alerts), "first": choice.alerts[0], "patterns": in_short(path)}
            return Finding("", Outcome.NOT_MET, say("evidence.document.only-alerts", **about), nothing=True)
        return nothing_matches("evidence.document.none", path, found)
    asked = Asked(
        demands(sections),
        has or (),
        order or (),
        own_text,
        demands(front_matter),
        owner,
        reviewed_within,
        changed_within,
        placeholders,
        links,
        quote,
    )
    judged = [judge(context, one, asked, choice.among) for one in found.files]
    for one, why in sorted(found.refused.items()):
        judged.append(unread(one, say("evidence.ground.refused", path=one, why=why)))
    return replace(
        _sum_up(judged, path, at_least),
        content=tuple(part for one in judged for part in one.content),
        subjects=subjects_of_files(context, found.files),
    )


def _sum_up(judged: Sequence[Judged], patterns: Sequence[str], at_least: int) -> Finding:
    ends = [one.holds_until for one in judged if one.holds_until is not None]
    holds_until = min(ends, default=None)
    worst = max(judged, key=lambda one: one.rank)
    outcome = max((one.outcome for one in judged), key=severity_of)
    if len(judged) < at_least:
        says = say("evidence.document.too-few", n=len(judged), limit=at_least, patterns=in_short(patterns))
        return Finding("", Outcome.NOT_MET, says, table=_table(judged))
    if len(judged) == 1:
        if worst.unread is not None:
            says = say("evidence.said", words=worst.unread)
        elif worst.why is not None:
            says = say("evidence.document.one-bad", path=worst.path, bad=worst.why)
        elif worst.good:
            says = say("evidence.document.one-good", path=worst.path, good=worst.good)
        else:
            says = say("evidence.document.one", path=worst.path)
        return Finding("", outcome, says, holds_until, table=_table(judged))
    bad = [one for one in judged if one.why is not None]
    if not bad:
        says = say("evidence.document.all-good", n=len(judged), patterns=in_short(patterns))
        if holds_until is not None and all("reviewed" in one.cells and "changed" not in one.cells for one in judged):
            oldest = next(one for one in judged if one.holds_until == holds_until)
            reviewed = oldest.cells["reviewed"]
            says = say(
                "evidence.document.all-reviewed",
                n=len(judged),
                patterns=in_short(patterns),
                path=oldest.path,
                day=reviewed,
            )
        return Finding("", outcome, says, holds_until, table=_table(judged))
    says = say(
        "evidence.document.some-bad",
        good=len(judged) - len(bad),
        n=len(judged),
        patterns=in_short(patterns),
        bad=worst.unread or worst_or_alike(worst.path, worst.why or "", [one.lacks for one in bad]),
    )
    return Finding("", outcome, says, holds_until, table=_table(judged))


def _table(judged: Sequence[Judged]) -> Table | None:
    quoted = tuple((one.path, section, text) for one in judged for section, text in one.quoted)
    if quoted:
        columns = tuple(say(f"evidence.column.{name}") for name in ("document", "sections", "text"))
        # Of one section its text is enough: what it is stands beside it.
        first = 2 if len(quoted) == 1 else 0
        return Table(columns[first:], tuple(row[first:] for row in quoted[:MAX_ROWS]))
    if len(judged) <= 1:
        return None
    names = [
        name
        for name in ("sections", "front", "owner", "reviewed", "changed", "placeholders", "links")
        if any(name in one.cells for one in judged)
    ]
    columns = tuple(say(f"evidence.column.{name}") for name in ("document", "state", *names))
    rows: list[tuple[Any, ...]] = [
        (one.path, say(f"words.state.{one.state.value}"), *(one.cells.get(name, "") for name in names))
        for one in sorted(judged, key=lambda one: (-severity_of(one.state), one.path))
    ]
    return Table(columns, tuple(rows[:MAX_ROWS]))
