"""Judge one document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from orr.evaluate.states import severity_of
from orr.evidence.context import Context
from orr.evidence.documents.age import file_date, without_date
from orr.evidence.documents.claims import text_beside_review
from orr.evidence.documents.dates import after
from orr.evidence.documents.facts import Facts, facts_of
from orr.evidence.documents.headings import is_any, place_in
from orr.evidence.documents.outline import Heading
from orr.evidence.documents.pages import kind_of
from orr.evidence.documents.retired import retired
from orr.evidence.errors import Undetermined
from orr.evidence.sentences import clauses, in_short
from orr.messages import Message, Said, say
from orr.model.content import Content
from orr.model.finding import Outcome
from orr.model.review import State

MAX_NAMED = 3
_A_DAY = re.compile(r"\d{4}-\d\d-\d\d.{0,20}")


@dataclass(frozen=True)
class Asked:
    """What is asked of each document; see the parameters of the check."""

    sections: Sequence[str] = ()
    order: Sequence[str] = ()
    own_text: bool = False
    front_matter: Sequence[str] = ()
    owner: bool = False
    reviewed_within: int | None = None
    changed_within: int | None = None
    placeholders: bool = False
    links: bool = True


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
    lacks: list[str] = field(default_factory=list)
    """A word for each thing that is wrong with it, the same in every document."""
    seen: list[str] = field(default_factory=list)
    """Its headings, where it lacks some."""
    is_useless: bool = False
    days_over: int = 0
    content: list[Content] = field(default_factory=list)
    """What it was judged by."""

    @property
    def outcome(self) -> Outcome:
        """The worst that was found."""
        return max((outcome for outcome, _ in self.bad), key=severity_of, default=Outcome.MET)

    @property
    def state(self) -> State:
        """The state that this document alone would give an item."""
        state = State(self.outcome.value)
        return State.STALE if self.overdue and severity_of(state) < severity_of(State.STALE) else state

    @property
    def rank(self) -> tuple[int, bool, int, int]:
        """How bad it is: its state, whether it is of use at all, how much it lacks, and how old it is."""
        return severity_of(self.state), self.is_useless, len(self.lacks), self.days_over

    @property
    def why(self) -> Message | None:
        """What is bad, worst first; None where nothing is."""
        said = [(severity_of(outcome), words) for outcome, words in self.bad]
        said += [(severity_of(State.STALE), words) for words in self.overdue]
        if not said:
            return None
        words = clauses([words for _, words in sorted(said, key=lambda one: -one[0])])
        return say("evidence.document.headings", says=words, headings=in_short(self.seen)) if self.seen else words


def judge(context: Context, path: str, asked: Asked, among: bool = False) -> Judged:
    """Judge one document by what is asked; pages beside documents count as none where it is `among` others."""
    judged = Judged(path)
    try:
        read = facts_of(context, path)
    except Undetermined as cannot:
        return unread(path, cannot.why)
    judged.content = list(_decided_on(path, read, asked))
    useless = _uselessness(read, among)
    if useless is not None:
        judged.bad.append((Outcome.NOT_MET, useless))
        judged.is_useless, judged.lacks = True, [str(useless)]
        return judged
    if asked.sections:
        _judge_sections(judged, read, asked.sections, asked.own_text)
    if asked.order:
        _judge_order(judged, read, asked.order)
    if asked.front_matter:
        _judge_keys(judged, read, asked.front_matter)
    if asked.owner:
        _judge_owner(judged, read)
    if asked.reviewed_within is not None:
        _judge_review(judged, read, asked.reviewed_within, context.today)
    if asked.changed_within is not None:
        _judge_change(judged, context, asked.changed_within)
    if not asked.placeholders:
        _judge_placeholders(judged, read)
    if asked.links:
        _judge_links(judged, read)
    return judged


def _decided_on(path: str, read: Facts, asked: Asked) -> Iterator[Content]:
    """The demanded sections and keys, or the whole text where no section is demanded; dates are measured, not read."""
    for wanted in asked.sections:
        for heading in read.sections:
            if is_any(heading.text, wanted):
                yield Content.of(f"{path}#{heading.text}", text_beside_review(read.document, heading))
    if not asked.sections:
        yield Content.of(path, text_beside_review(read.document, None))
    claims = ((one.split("|")[0], read.document.front.value(one.split("|"))) for one in asked.front_matter)
    told = {name: str(claim[1]) for name, claim in claims if claim is not None}
    if asked.owner and read.owner is not None:
        told["owner"] = read.owner.value
    for name, value in told.items():
        if not _A_DAY.fullmatch(value):
            yield Content.of(f"{path}: {name}", value)


def unread(path: str, why: Said) -> Judged:
    """What cannot be read, with a cause that names the file."""
    return Judged(path, bad=[(Outcome.UNKNOWN, why)], unread=why, lacks=[str(why)])


def _uselessness(read: Facts, among: bool) -> Message | None:
    """Why there is nothing to judge in a document; None where there is."""
    if read.document.is_empty:
        headed = read.document.headings or read.document.front.values
        return say("evidence.document.empty" if headed else "evidence.document.blank")
    if not read.substance:
        return say("evidence.document.stub")
    if among and (kind := kind_of(read.document)):
        return say(f"evidence.document.beside-{kind}")
    notice = retired(read.document)
    if notice is None:
        return None
    return say("evidence.document.retired", notice=notice.value, line=read.document.where(max(notice.line, 1)))


def _judge_sections(judged: Judged, read: Facts, sections: Sequence[str], own_text: bool) -> None:
    lacking: list[str] = []
    poor: dict[str, list[Message]] = {"hollow": [], "stubs": [], "only-links": []}
    for wanted in sections:
        having = [heading for heading in read.sections if is_any(heading.text, wanted)]
        kinds = [_poverty(read, heading, own_text) for heading in having]
        if not having:
            lacking.append(wanted.split("|")[0])
            judged.lacks.append(wanted)
        elif (kind := kinds[0]) and all(kinds):
            where = read.document.where(having[0].line)
            poor[kind].append(say("evidence.document.at-line", what=having[0].text, line=where))
            judged.lacks.append(f"{kind}: {wanted}")
    absent = [*lacking, *(one for some in poor.values() for one in some)]
    count = len(sections) - len(absent)
    figures = say("evidence.document.sections", n=count, of=len(sections))
    judged.cells["sections"] = say("evidence.document.lacking", figures=figures, lacking=absent) if absent else figures
    outcome = Outcome.PARTIAL if count else Outcome.NOT_MET
    if lacking:
        judged.seen = [heading.text for heading in read.sections]
        judged.bad.append((outcome, say("evidence.document.no-sections", figures=figures, lacking=lacking)))
    judged.bad += [(outcome, say(f"evidence.document.{kind}", sections=some)) for kind, some in poor.items() if some]
    if not absent:
        judged.good.append(figures)


def _poverty(read: Facts, heading: Heading, own_text: bool) -> str:
    """What a section lacks: `hollow`, `stubs`, `only-links` or nothing."""
    end = read.document.end(heading)
    for kind, lines in (("hollow", read.document.content), ("stubs", read.substance), ("only-links", read.own_text)):
        if (own_text or kind != "only-links") and not any(heading.line < line < end for line in lines):
            return kind
    return ""


def _judge_order(judged: Judged, read: Facts, order: Sequence[str]) -> None:
    """Of sections that are there, each comes before those named after it."""
    first = [next((one for one in read.sections if is_any(one.text, wanted)), None) for wanted in order]
    there = [
        ((one.line, place_in(one.text, wanted)), one.text, wanted.partition("|")[0])
        for one, wanted in zip(first, order, strict=True)
        if one is not None
    ]
    for before, after_it in pairwise(there):
        if before[0] > after_it[0]:
            in_one = before[0][0] == after_it[0][0]  # a heading such as "Diagnosis and mitigation"
            shown = [
                say("evidence.document.at-line", what=name if in_one else text, line=read.document.where(line))
                for (line, _), text, name in (after_it, before)
            ]
            judged.bad.append((Outcome.NOT_MET, say("evidence.document.out-of-order", first=shown[0], second=shown[1])))
            judged.lacks.append("order")
            return


def _judge_keys(judged: Judged, read: Facts, keys: Sequence[str]) -> None:
    lacking = [key.split("|")[0] for key in keys if read.document.front.value(key.split("|")) is None]
    figures = say("evidence.document.keys", n=len(keys) - len(lacking), of=len(keys))
    judged.cells["front"] = say("evidence.document.lacking", figures=figures, lacking=lacking) if lacking else figures
    judged.lacks += lacking
    if not lacking:
        judged.good.append(figures)
    elif read.document.front.fault is not None:
        judged.bad.append((Outcome.UNKNOWN, read.document.front.fault))
    else:
        outcome = Outcome.PARTIAL if len(lacking) < len(keys) else Outcome.NOT_MET
        judged.bad.append((outcome, say("evidence.document.no-keys", lacking=lacking)))


def _judge_owner(judged: Judged, read: Facts) -> None:
    claim = read.owner
    if claim is not None:
        judged.cells["owner"] = claim.value
        key = "evidence.document.owner" if claim.line else "evidence.document.owner-front"
        judged.good.append(say(key, owner=claim.value, line=read.document.where(claim.line)))
        return
    judged.cells["owner"] = "—"
    judged.lacks.append("owner")
    judged.bad.append(
        (Outcome.UNKNOWN, read.document.front.fault)
        if read.document.front.fault
        else (Outcome.NOT_MET, say("evidence.document.no-owner"))
    )


def _judge_review(judged: Judged, read: Facts, days: int, today: date) -> None:
    review = read.review
    judged.cells["reviewed"] = "—"
    if review is None or review.day is None or review.day > today:
        judged.lacks.append("review")
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
    if day is None or day > context.today:
        judged.lacks.append("change")
    judged.cells["changed"] = "—" if day is None else say("evidence.document.changed-on", day=day, source=source)
    if day is None:
        judged.bad.append((Outcome.UNKNOWN, without_date(context, [judged.path], "evidence.document.undated")))
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
        judged.lacks.append(f"{old} {day}")
        judged.days_over = max(judged.days_over, (today - end).days)
    else:
        judged.good.append(say(young, day=day, age=age))


def _judge_placeholders(judged: Judged, read: Facts) -> None:
    found = read.placeholders
    judged.cells["placeholders"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=mark, line=read.document.where(line))
            for mark, line in found[:MAX_NAMED]
        ]
        judged.lacks += [mark for mark, _ in found]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.placeholders", n=len(found), shown=shown)))


def _judge_links(judged: Judged, read: Facts) -> None:
    found = read.dead_links
    judged.cells["links"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=link.target[:120], line=read.document.where(link.line))
            for link in found[:MAX_NAMED]
        ]
        judged.lacks += [link.target for link in found]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.links", n=len(found), shown=shown)))
