"""Judge one document."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date

from orr.evidence.checks.document.demands import in_words
from orr.evidence.checks.document.judged import Asked, Judged, judge_age, unread
from orr.evidence.checks.document.sections import judge_keys, judge_order, judge_sections
from orr.evidence.context import Context
from orr.evidence.documents.age import file_date, without_date
from orr.evidence.documents.claims import text_beside_review
from orr.evidence.documents.facts import Facts, facts_of
from orr.evidence.documents.headings import is_any
from orr.evidence.documents.pages import kind_of
from orr.evidence.documents.retired import retired
from orr.evidence.documents.substance import Part, lacking
from orr.evidence.errors import Undetermined
from orr.messages import Message, say
from orr.model.content import Content
from orr.model.finding import Outcome

MAX_NAMED = 3
MAX_QUOTE = 3_000
_BEFORE_MARK = re.compile(r" ([.,;:!?)\]])")
"""A space that stands where a mark of code stood."""
_A_DAY = re.compile(r"\d{4}-\d\d-\d\d.{0,20}")


def judge(context: Context, path: str, asked: Asked, among: bool = False) -> Judged:
    """Judge one document by what is asked.

    Among other documents (`among`), a page that is no document of its own counts as none.
    """
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
        judge_sections(judged, read, asked, context.today)
        judged.quoted = [*_quoted(read, asked)] if asked.quote else []
    if asked.has and (lacks := lacking(read.part(), asked.has)):
        judged.lacks += lacks
        outcome = Outcome.PARTIAL if len(lacks) < len(asked.has) else Outcome.NOT_MET
        judged.bad.append((outcome, say("evidence.document.without", kinds=in_words(lacks))))
    if asked.order:
        judge_order(judged, read, asked.order)
    if asked.front_matter:
        judge_keys(judged, read, asked.front_matter, context.today)
    if asked.owner:
        _judge_owner(judged, read)
    if asked.reviewed_within is not None:
        _judge_review(judged, read, asked.reviewed_within, context.today)
    if asked.changed_within is not None:
        _judge_change(judged, context, asked.changed_within)
    asks = _lines_asked(read, asked)
    if asks and not asked.placeholders:
        _judge_placeholders(judged, read, asks)
    if asks and asked.links:
        _judge_links(judged, read, asks)
    return judged


def _lines_asked(read: Facts, asked: Asked) -> Sequence[range]:
    """Where loose ends matter: in the sections asked for, or everywhere where nothing narrower is asked."""
    if asked.is_whole:
        return [range(sys.maxsize)]
    return [
        range(heading.line, read.document.end(heading))
        for heading in read.sections
        if any(is_any(heading.text, wanted.name) for wanted in asked.sections)
    ]


def _decided_on(path: str, read: Facts, asked: Asked) -> Iterator[Content]:
    """Demanded sections and keys, or the whole text where no section is demanded.

    Dates are left out: they are measured, not read.
    """
    for wanted in asked.sections:
        for heading in read.sections:
            if is_any(heading.text, wanted.name):
                yield Content.of(f"{path}#{heading.text}", text_beside_review(read.document, heading))
    if not asked.sections:
        yield Content.of(path, text_beside_review(read.document, None))
    claims = ((one.title, read.document.front.value(one.name.split("|"))) for one in asked.front_matter)
    told = {name: str(claim[1]) for name, claim in claims if claim is not None}
    if asked.owner and read.owner is not None:
        told["owner"] = read.owner.value
    for name, value in told.items():
        if not _A_DAY.fullmatch(value):
            yield Content.of(f"{path}: {name}", value)


def _quoted(read: Facts, asked: Asked) -> Iterator[tuple[str, str]]:
    for heading in read.sections:
        if any(is_any(heading.text, wanted.name) for wanted in asked.sections):
            end, content = read.document.end(heading), read.document.content
            whole = Part(read.document, heading.line, end, content, (), stubs=True)
            text = "\n".join(_BEFORE_MARK.sub(r"\1", " ".join(text.split())) for _, text in whole.answers)
            yield heading.text, text if len(text) <= MAX_QUOTE else f"{text[:MAX_QUOTE]}…"


def _uselessness(read: Facts, among: bool) -> Message | None:
    """Why there is nothing to judge in a document; None where there is."""
    if read.document.is_empty:
        headed = read.document.headings or read.document.front.values
        return say("evidence.document.empty" if headed else "evidence.document.blank")
    if not read.substance:
        return say("evidence.document.only-pasted" if read.pasted else "evidence.document.stub")
    if among and (kind := kind_of(read.document)):
        return say(f"evidence.document.beside-{kind}")
    notice = retired(read.document)
    if notice is None:
        return None
    return say("evidence.document.retired", notice=notice.value, line=read.document.where(max(notice.line, 1)))


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
        judge_age(judged, "evidence.document.reviewed", "evidence.document.overdue", review.day, days, today)


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
        judge_age(judged, "evidence.document.changed", "evidence.document.unchanged", day, days, context.today)


def _judge_placeholders(judged: Judged, read: Facts, asks: Sequence[range]) -> None:
    found = [(mark, line) for mark, line in read.placeholders if any(line in lines for lines in asks)]
    judged.cells["placeholders"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=mark, line=read.document.where(line))
            for mark, line in found[:MAX_NAMED]
        ]
        judged.lacks += [mark for mark, _ in found]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.placeholders", n=len(found), shown=shown)))


def _judge_links(judged: Judged, read: Facts, asks: Sequence[range]) -> None:
    found = [link for link in read.dead_links if any(link.line in lines for lines in asks)]
    judged.cells["links"] = str(len(found))
    if found:
        shown = [
            say("evidence.document.at-line", what=link.target[:120], line=read.document.where(link.line))
            for link in found[:MAX_NAMED]
        ]
        judged.lacks += [link.target for link in found]
        judged.bad.append((Outcome.PARTIAL, say("evidence.document.links", n=len(found), shown=shown)))
