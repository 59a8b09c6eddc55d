"""The check `document`: documents exist, are complete, owned and reviewed."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from orr.evaluate.states import State, severity_of
from orr.evidence.context import Context
from orr.evidence.documents.age import file_date, without_date
from orr.evidence.documents.claims import Claim, Review, owner_of, review_of
from orr.evidence.documents.dates import after
from orr.evidence.documents.headings import is_any
from orr.evidence.documents.links import broken_links
from orr.evidence.documents.outline import Heading, Link
from orr.evidence.documents.placeholders import placeholder_in
from orr.evidence.documents.reading import document_at
from orr.evidence.documents.retired import retired
from orr.evidence.errors import Undetermined
from orr.evidence.kinds.parameters import Count, Globs, Texts
from orr.evidence.kinds.traits import check
from orr.evidence.repository.globs import read_pattern
from orr.evidence.repository.tree import Found
from orr.evidence.sentences import clauses, in_short, nothing_matches
from orr.messages import Message, Said, say
from orr.model.fields import Days
from orr.model.finding import Finding, Outcome, Table

MAX_ROWS = 200
MAX_NAMED = 3
_NOT_ITSELF = re.compile(r"(?:readme|_?index|(?:.*[-_ .])?templates?|_.*模板|.*模板)(?:\.[\w.]+)?", re.IGNORECASE)


class Reading:
    """A document with derived facts, each computed once."""

    def __init__(self, context: Context, path: str) -> None:
        self.document = document_at(context, path)
        self._has = context.has

    @cached_property
    def sections(self) -> list[Heading]:
        """Its headings that can name a section."""
        return list(self.document.sections())

    @cached_property
    def substance(self) -> list[int]:
        """Lines with more than stubs and pictures that are not there."""
        dead = {link.line for link in self.dead_links}
        broken = {line.line for line in self.document.prose if line.form == "picture" and line.line in dead}
        return [line for line in self.document.substance if line not in broken]

    @cached_property
    def own_text(self) -> list[int]:
        """Lines of its substance that are more than links."""
        form = {line.line: True for line in self.document.prose if line.form == "links"}
        form |= {line.line: False for line in self.document.prose if line.form != "links" and line.text.strip()}
        return [line for line in self.substance if not form.get(line, False)]

    @cached_property
    def owner(self) -> Claim | None:
        """Who owns it."""
        return owner_of(self.document)

    @cached_property
    def review(self) -> Review | None:
        """When it was last reviewed."""
        return review_of(self.document)

    @cached_property
    def placeholders(self) -> list[tuple[str, int]]:
        """What is left to be filled in, with the line."""
        return [(mark, line.line) for line in self.document.prose if (mark := placeholder_in(line.text))]

    @cached_property
    def dead_links(self) -> list[Link]:
        """Its local links that lead nowhere."""
        return list(broken_links(self.document, self._has))


@dataclass
class Judged:
    """Judgement of one document and its table row."""

    path: str
    good: list[Message] = field(default_factory=list)
    bad: list[tuple[Outcome, Said]] = field(default_factory=list)
    holds_until: date | None = None
    overdue: list[Message] = field(default_factory=list)
    cells: dict[str, Message | str] = field(default_factory=dict)
    unread: Said | None = None

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        return max(
            (outcome for outcome, _ in self.bad), key=lambda one: severity_of(State(one.value)), default=Outcome.MET
        )

    @property
    def state(self) -> State:
        """The state that this document alone would give an item."""
        state = State(self.outcome.value)
        return State.STALE if self.overdue and severity_of(state) < severity_of(State.STALE) else state

    @property
    def worst(self) -> list[Said]:
        """What is bad, worst first."""
        said = [(severity_of(State(outcome.value)), words) for outcome, words in self.bad]
        said += [(severity_of(State.STALE), words) for words in self.overdue]
        return [words for _, words in sorted(said, key=lambda one: -one[0])]


@check(day="until", ages=("reviewed_within", "changed_within"), git=("changed_within",))
def document(
    context: Context,
    path: Globs,
    at_least: Count = 1,
    sections: Texts | None = None,
    order: Texts | None = None,
    own_text: bool = False,
    front_matter: Texts | None = None,
    owner: bool = False,
    reviewed_within: Days | None = None,
    changed_within: Days | None = None,
    placeholders: bool = False,
    links: bool = True,
) -> Finding:
    """Read documents: their sections, owner, last review and loose ends."""
    found = _choose(context, path)
    if not found.files and not found.refused:
        return Finding("", Outcome.NOT_MET, nothing_matches("evidence.document.none", path, found))
    judged = [
        _judge(
            context,
            one,
            sections or [],
            order or [],
            own_text,
            front_matter or [],
            owner,
            reviewed_within,
            changed_within,
            placeholders,
            links,
        )
        for one in found.files
    ]
    for one, why in sorted(found.refused.items()):
        judged.append(_unread(one, say("evidence.ground.refused", path=one, why=why)))
    return _sum_up(judged, path, at_least)


def _choose(context: Context, patterns: Sequence[str]) -> Found:
    """Files of the first pattern that matches more than empty ones, without templates."""
    searched = [(text, context.find(text)) for text in patterns]
    matching = [(text, found) for text, found in searched if found.files or found.refused]
    filled = [one for one in matching if one[1].refused or not all(_is_empty(context, path) for path in one[1].files)]
    for text, found in filled or matching:
        named = read_pattern(text).segments[-1]
        if "*" in named or "?" in named or "[" in named:
            own = tuple(path for path in found.files if not _NOT_ITSELF.fullmatch(posixpath.basename(path)))
            in_use = tuple(path for path in own if not _is_retired(context, path))
            return Found(in_use or own or found.files, found.refused)
        return found
    passed = dict.fromkeys(path for _, found in searched for path in found.aside)
    return Found((), {}, tuple(passed))


def _is_empty(context: Context, path: str) -> bool:
    try:
        return not _reading(context, path).substance
    except Undetermined:
        return False


def _reading(context: Context, path: str) -> Reading:
    return context.cached(("document", path), lambda: Reading(context, path))


def _is_retired(context: Context, path: str) -> bool:
    try:
        return retired(_reading(context, path).document) is not None
    except Undetermined:
        return False


def _judge(
    context: Context,
    path: str,
    sections: Sequence[str],
    order: Sequence[str],
    own_text: bool,
    keys: Sequence[str],
    owner: bool,
    reviewed_within: int | None,
    changed_within: int | None,
    placeholders: bool,
    links: bool,
) -> Judged:
    judged = Judged(path)
    try:
        read = _reading(context, path)
    except Undetermined as cannot:
        return _unread(path, cannot.why)
    if read.document.is_empty:
        key = "empty" if read.document.headings or read.document.front.values else "blank"
        judged.bad.append((Outcome.NOT_MET, say(f"evidence.document.{key}")))
        return judged
    if not read.substance:
        judged.bad.append((Outcome.NOT_MET, say("evidence.document.stub")))
        return judged
    notice = retired(read.document)
    if notice is not None:
        where = read.document.where(max(notice.line, 1))
        judged.bad.append((Outcome.NOT_MET, say("evidence.document.retired", notice=notice.value, line=where)))
        return judged
    if sections:
        _judge_sections(judged, read, sections, own_text)
    if order:
        _judge_order(judged, read, order)
    if keys:
        _judge_keys(judged, read, keys)
    if owner:
        _judge_owner(judged, read)
    if reviewed_within is not None:
        _judge_review(judged, read, reviewed_within, context.today)
    if changed_within is not None:
        _judge_change(judged, context, changed_within)
    if not placeholders:
        _judge_placeholders(judged, read)
    if links:
        _judge_links(judged, read)
    return judged


def _unread(path: str, why: Said) -> Judged:
    """What cannot be read, with a cause that names the file."""
    return Judged(path, bad=[(Outcome.UNKNOWN, why)], unread=why)


def _judge_sections(judged: Judged, read: Reading, sections: Sequence[str], own_text: bool) -> None:
    lacking: list[str] = []
    poor: dict[str, list[Message]] = {"hollow": [], "stubs": [], "only-links": []}
    for wanted in sections:
        having = [heading for heading in read.sections if is_any(heading.text, wanted)]
        kinds = [_poverty(read, heading, own_text) for heading in having]
        if not having:
            lacking.append(wanted.split("|")[0])
        elif (kind := kinds[0]) and all(kinds):
            where = read.document.where(having[0].line)
            poor[kind].append(say("evidence.document.at-line", what=having[0].text, line=where))
    absent = [*lacking, *(one for some in poor.values() for one in some)]
    count = len(sections) - len(absent)
    figures = say("evidence.document.sections", n=count, of=len(sections))
    judged.cells["sections"] = say("evidence.document.lacking", figures=figures, lacking=absent) if absent else figures
    outcome = Outcome.PARTIAL if count else Outcome.NOT_MET
    if lacking:
        seen = [heading.text for heading in read.sections]
        words = say("evidence.document.no-sections", figures=figures, lacking=lacking)
        if seen:
            words = say("evidence.document.headings", says=words, headings=in_short(seen))
        judged.bad.append((outcome, words))
    judged.bad += [(outcome, say(f"evidence.document.{kind}", sections=some)) for kind, some in poor.items() if some]
    if not absent:
        judged.good.append(figures)


def _poverty(read: Reading, heading: Heading, own_text: bool) -> str:
    """What a section lacks: `hollow`, `stubs`, `only-links` or nothing."""
    end = read.document.end(heading)
    for kind, lines in (("hollow", read.document.content), ("stubs", read.substance), ("only-links", read.own_text)):
        if (own_text or kind != "only-links") and not any(heading.line < line < end for line in lines):
            return kind
    return ""


def _judge_order(judged: Judged, read: Reading, order: Sequence[str]) -> None:
    """Of sections that are there, each comes before those named after it."""
    first = [next((one for one in read.sections if is_any(one.text, wanted)), None) for wanted in order]
    there = [heading for heading in first if heading is not None]
    for before, after_it in pairwise(there):
        if before.line > after_it.line:
            shown = [
                say("evidence.document.at-line", what=one.text, line=read.document.where(one.line))
                for one in (after_it, before)
            ]
            judged.bad.append((Outcome.NOT_MET, say("evidence.document.out-of-order", first=shown[0], second=shown[1])))
            return


def _judge_keys(judged: Judged, read: Reading, keys: Sequence[str]) -> None:
    lacking = [key.split("|")[0] for key in keys if read.document.front.value(key.split("|")) is None]
    figures = say("evidence.document.keys", n=len(keys) - len(lacking), of=len(keys))
    judged.cells["front"] = say("evidence.document.lacking", figures=figures, lacking=lacking) if lacking else figures
    if not lacking:
        judged.good.append(figures)
    elif read.document.front.fault is not None:
        judged.bad.append((Outcome.UNKNOWN, read.document.front.fault))
    else:
        outcome = Outcome.PARTIAL if len(lacking) < len(keys) else Outcome.NOT_MET
        judged.bad.append((outcome, say("evidence.document.no-keys", lacking=lacking)))


def _judge_owner(judged: Judged, read: Reading) -> None:
    claim = read.owner
    if claim is not None:
        judged.cells["owner"] = claim.value
        key = "evidence.document.owner" if claim.line else "evidence.document.owner-front"
        judged.good.append(say(key, owner=claim.value, line=read.document.where(claim.line)))
        return
    judged.cells["owner"] = "—"
    judged.bad.append(
        (Outcome.UNKNOWN, read.document.front.fault)
        if read.document.front.fault
        else (Outcome.NOT_MET, say("evidence.document.no-owner"))
    )


def _judge_review(judged: Judged, read: Reading, days: int, today: date) -> None:
    review = read.review
    judged.cells["reviewed"] = "—"
    if review is None:
        fault = read.document.front.fault
        judged.bad.append((Outcome.UNKNOWN, fault) if fault else (Outcome.NOT_MET, say("evidence.document.no-review")))
    elif review.day is None:
        judged.cells["reviewed"] = review.written
        said = say(
            "evidence.document.unread-review", written=review.written, line=read.document.where(max(review.line, 1))
        )
        judged.bad.append((Outcome.NOT_MET, said))
    elif review.day > today:
        judged.cells["reviewed"] = review.day.isoformat()
        judged.bad.append((Outcome.NOT_MET, say("evidence.document.future-review", day=review.day)))
    else:
        judged.cells["reviewed"] = review.day.isoformat()
        _judge_age(judged, "evidence.document.reviewed", "evidence.document.overdue", review.day, days, today)


def _judge_change(judged: Judged, context: Context, days: int) -> None:
    # When it was changed, not of which day it is: a commit is a change, however old its review.
    _, day, source = file_date(context, judged.path, "git")
    judged.cells["changed"] = "—" if day is None else say("evidence.document.changed-on", day=day, source=source)
    if day is None:
        judged.bad.append((Outcome.UNKNOWN, without_date(context, say("evidence.document.undated"))))
    elif day > context.today:
        judged.bad.append((Outcome.NOT_MET, say("evidence.document.future-change", day=day, source=source)))
    else:
        _judge_age(judged, "evidence.document.changed", "evidence.document.unchanged", day, days, context.today)


def _judge_age(judged: Judged, young: str, old: str, day: date, days: int, today: date) -> None:
    end = after(day, days)
    judged.holds_until = end if judged.holds_until is None else min(end, judged.holds_until)
    age = say("evidence.days", n=(today - day).days)
    if end < today:
        judged.overdue.append(say(old, day=day, age=age, limit=say("evidence.days", n=days)))
    else:
        judged.good.append(say(young, day=day, age=age))


def _judge_placeholders(judged: Judged, read: Reading) -> None:
    found = read.placeholders
    judged.cells["placeholders"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=mark, line=read.document.where(line))
            for mark, line in found[:MAX_NAMED]
        ]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.placeholders", n=len(found), shown=shown)))


def _judge_links(judged: Judged, read: Reading) -> None:
    found = read.dead_links
    judged.cells["links"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=link.target[:120], line=read.document.where(link.line))
            for link in found[:MAX_NAMED]
        ]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.links", n=len(found), shown=shown)))


def _sum_up(judged: Sequence[Judged], patterns: Sequence[str], at_least: int) -> Finding:
    ends = [one.holds_until for one in judged if one.holds_until is not None]
    holds_until = min(ends, default=None)
    worst = max(judged, key=lambda one: (severity_of(one.state), len(one.worst)))
    outcome = max((one.outcome for one in judged), key=lambda one: severity_of(State(one.value)))
    if len(judged) < at_least:
        says = say("evidence.document.too-few", n=len(judged), limit=at_least, patterns=in_short(patterns))
        return Finding("", Outcome.NOT_MET, says, table=_table(judged))
    if len(judged) == 1:
        if worst.unread is not None:
            says = say("evidence.said", words=worst.unread)
        elif worst.worst:
            says = say("evidence.document.one-bad", path=worst.path, bad=clauses(worst.worst))
        elif worst.good:
            says = say("evidence.document.one-good", path=worst.path, good=worst.good)
        else:
            says = say("evidence.document.one", path=worst.path)
        return Finding("", outcome, says, holds_until)
    bad = [one for one in judged if one.worst]
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
        "evidence.document.some-bad" if worst.unread is None else "evidence.document.some-unread",
        good=len(judged) - len(bad),
        n=len(judged),
        patterns=in_short(patterns),
        path=worst.path,
        bad=clauses(worst.worst),
    )
    return Finding("", outcome, says, holds_until, table=_table(judged))


def _table(judged: Sequence[Judged]) -> Table | None:
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
