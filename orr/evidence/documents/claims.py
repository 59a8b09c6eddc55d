"""Owner, review date and date that a document states."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from orr.evidence.documents.headings import words
from orr.evidence.documents.outline import Document, Heading
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.stubs import is_stub
from orr.source.dates import Written, first_date

_OWNER_KEYS = (
    "owner", "owners", "owned_by", "owner_team", "owning_team", "team", "teams", "owner_slack", "service_owner",
    "document_owner", "doc_owner", "runbook_owner", "responsible", "maintainer", "maintainers", "maintained_by",
    "负责人", "责任人", "所有者", "维护人", "维护者", "负责团队",
)  # fmt: skip
_REVIEW_KEYS = (
    "reviewed", "last_reviewed", "last_reviewed_on", "reviewed_on", "last_review", "last_reviewed_at", "date_reviewed",
    "last_review_date", "最后评审", "评审日期", "最后评审日期", "最近评审", "上次评审",
)  # fmt: skip
_OWNER_LABEL = (
    r"(?:(?!(?:previous|former|past|old|original|file|table|bucket|schema|folder|directory|database|volume|lock)\b)"
    r"(?:[A-Za-z]{2,20} ){0,2}owners?(?: team| group)?|owning team|maintainers?|responsible(?: team| person)?"
    r"|(?:文档|服务|系统|手册|业务)?(?:负责人|责任人|所有者|维护人|维护者|负责团队))"
)
_OWNER_LINE = re.compile(
    rf"(?:{_OWNER_LABEL}\s{{0,3}}(?:[:：]|\s[-–—]\s)|(?:owned|maintained) by\b:?|由)\s{{0,3}}(?P<value>\S.{{0,200}})",
    re.IGNORECASE,
)
_OWNER_CELL = re.compile(rf"(?:{_OWNER_LABEL}|owned by|maintained by|owning team|team)\s*[:：]?", re.IGNORECASE)
_OWNER_HEADING = {"owner", "ownership", "owning team", "service owner", "system owner", "document owner", "maintainer"}
_OWNER_HEADING_ZH = {"负责人", "责任人", "所有者", "维护人", "负责团队"}

_REVIEW_LABEL = (
    r"(?:(?:last|latest|most recent|most recently|previous)\s{1,3}review(?:ed)?|date (?:of (?:last )?review|reviewed)"
    r"|reviewed|(?:最后|最近|上次|最近一次|上一次)(?:评审|复审|审阅|审核|复核|检视)|(?:评审|复审|审阅|审核|复核)(?=[日时于]|[:：]))"
)
_REVIEW_LINE = re.compile(
    rf"(?:^|[|·;,，；。.(（*_>]\s{{0,3}}){_REVIEW_LABEL}"
    r"(?:\s{0,3}(?:date|on|at|by|日期|时间|于))?(?P<colon>\s{0,3}[:：])?(?P<value>.{0,100})",
    re.IGNORECASE,
)
_REVIEW_CELL = re.compile(
    rf"{_REVIEW_LABEL}\s*(?:date|on|日期|时间|于)?\s*[:：]?|评审日期|审核日期|复核日期", re.IGNORECASE
)
_DATE_LINE = re.compile(
    r"(?:(?:drill|exercise|rehearsal|test|meeting|review) date|date|(?:last )?updated(?: on)?"
    r"|(?:演练|测试|会议|更新)?日期)"
    r"[\s*_]{0,3}[:：](?P<value>.{0,100})",
    re.IGNORECASE,
)
# What an owner's place may hold that owns nothing: a user of the operating system, a way of working, a prompt.
_NO_OWNER = re.compile(
    r"(?:the |an? )?(?:root|hand|humans?|cron|default|convention|design|law|script|kernel|system|automation|nobody"
    r"|www-data|nginx|postgres|mysql|helm|terraform|ansible|puppet|upstream|community|un(?:maintained|owned|clear)|foo|test)\b"
    r"(?!\W+(?:\S+\W+)?(?:team|group|squad)\b)|(?:the |an? )?(?:\S+ )?(?:process|pod|job|daemon|container)\W*$"
    r"|(?:the |your |our |a )?(?:example\W)?team(?: name| that\b.*)?$|see\b|.*[(（](?:tb[cda]|待定|待确认)[)）]"
    r"|(?:the |a |an )?(?:\S+ )?(?:unix |linux |system |service |superuser |same )*"
    r"(?:user|uid|gid|service account)\b(?! (?:\S+ )?(?:team|group|squad)\b)"
    r"|(?:an?other|a different|some other|several|multiple|many|various|different|someone|somebody|whoever|whichever"
    r"|each|every|one of)\b"
    r"|(?:which|who|whom|whose|what|where|state|name|list|enter|specify|describe|write|insert|give|provide|put|add)\s"
    r"|(?:手工|人工|手动|脚本|系统|谁|哪个|哪些|何人|请(?:填写|写明|注明|输入))"
    r"|[-rwxst]{9,10}$|0?[0-7]{3,4}$",
    re.IGNORECASE,
)
_MODE = re.compile(r"\b(?:mode|permissions?|chmod)\b.{0,20}\b0?[0-7]{3}\b|\bmode of\b|权限", re.IGNORECASE)
_PERMISSIONS = re.compile(r"\b(?:mode|permissions?|chmod|uid|gid)\b|权限", re.IGNORECASE)
_TASKS = re.compile(
    r"\b(?:actions?|follow-?ups?|due|deadline|target date|eta|gaps?|tickets?|priority)\b|行动|措施|截止|到期|改进|待办",
    re.IGNORECASE,
)
_DUTIES = re.compile(
    r"\b(?:responsibilit\w+|dut(?:y|ies)|tasks?|provides|description|why|when|involve\w*)\b|职责|说明|任务",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^[^\w(（]+")


class Claim(NamedTuple):
    """A statement in a document; `line` is 0 for front matter."""

    value: str
    line: int


class Review(NamedTuple):
    """Last review stated; `day` is None where its date is unreadable."""

    written: str
    day: date | None
    line: int


def text_beside_review(document: Document, heading: Heading | None) -> str:
    """Text under a heading, or of the whole document, without its review line.

    Front matter is left out of a whole document.
    """
    review = review_of(document)
    first = document.front.lines if heading is None else heading.line
    last = len(document.lines) + 1 if heading is None else document.end(heading)
    return document.text(first, last, None if review is None else review.line)


def owner_of(document: Document) -> Claim | None:
    """Owner stated in front matter, a line, a table or a heading."""
    named = document.front.value(_OWNER_KEYS)
    if named is not None and (value := _flat(named[1])) and _is_owner(value):
        return Claim(value, 0)
    for claim in (*_owner_lines(document), *_owner_cells(document), *_owner_sections(document)):
        if _is_owner(claim.value):
            return claim
    return None


def review_of(document: Document) -> Review | None:
    """When a document was last reviewed; its front matter counts before its text.

    Of several lines the first that has a date that can be read.
    """
    named = document.front.value(_REVIEW_KEYS)
    if named is not None:
        text = _flat(named[1])
        written = first_date(text)
        return Review(text, written.day if written else None, 0)
    reviews = list(_reviews(document))
    return next((review for review in reviews if review.day), reviews[0] if reviews else None)


def date_of(document: Document) -> date | None:
    """Date that a document gives for itself; None without one.

    From its last review, else from a line such as "Date: 2026-11-12".
    """
    review = review_of(document)
    if review is not None and review.day is not None:
        return review.day
    lines = (_DATE_LINE.match(_LEADING.sub("", line.text[:400])) for line in document.prose)
    days = (written.day for line in lines if line is not None and (written := first_date(line["value"])) is not None)
    return next((day for day in days if day is not None), None)


def _is_owner(value: str) -> bool:
    """Whether what stands in an owner's place can own a document."""
    bare = value.strip().strip(" `*_\"'“”")
    asks = bare.endswith(("?", "？")) or "? " in bare or "？" in bare
    return not (asks or is_placeholder(value) or is_stub(value) or _NO_OWNER.match(bare) or _MODE.search(bare))


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return ", ".join(_flat(one) for one in value[:10] if one is not None)
    return str(value)[:200].strip()


def _owner_lines(document: Document) -> Iterator[Claim]:
    for line in document.prose:
        match = _OWNER_LINE.match(_LEADING.sub("", line.text[:400]))
        if match is None:
            continue
        value = match["value"].strip()
        if match.group().startswith("由"):
            value, belongs, _ = value.partition("负责")
            if not belongs or len(value) > 40:
                continue
        yield Claim(value, line.line)


def _owner_cells(document: Document) -> Iterator[Claim]:
    for line, cells, head in document.rows:
        titles = head or cells
        if any(_PERMISSIONS.search(title) or (len(titles) > 2 and _TASKS.search(title)) for title in titles):
            continue  # of files or of tasks, not of documents
        for place, cell in enumerate(cells):
            if place + 1 < len(head) and _DUTIES.search(head[place + 1]):
                continue  # what an owner has to do, not who it is
            pairs = bool(head) or len(cells) == 2  # of a wider table the first row is its titles
            if pairs and place + 1 < len(cells) and _OWNER_CELL.fullmatch(cell.strip()):
                yield Claim(cells[place + 1].strip(), line)
            if place < len(head) and _OWNER_CELL.fullmatch(head[place].strip()):
                yield Claim(cell.strip(), line)


def _owner_sections(document: Document) -> Iterator[Claim]:
    for heading in document.headings:
        bare = " ".join(words(heading.text))
        if bare in _OWNER_HEADING or "".join(words(heading.text)) in _OWNER_HEADING_ZH:
            substance = set(document.substance)
            below = next(
                (line for line in document.below(heading) if line.text.strip() and line.line in substance), None
            )
            if below is not None:
                yield Claim(below.text.strip(), below.line)


def _reviews(document: Document) -> Iterator[Review]:
    for line in document.prose:
        match = _REVIEW_LINE.search(_LEADING.sub("", line.text[:600]))
        if match is None:
            continue
        written = first_date(match["value"])
        if written is not None:
            yield Review(written.text, written.day, line.line)
        elif match["colon"]:
            yield Review(match["value"].strip()[:60], None, line.line)
    for row, cells, head in document.rows:
        for place, cell in enumerate(cells):
            values = []
            if place + 1 < len(cells) and _REVIEW_CELL.fullmatch(cell.strip()):
                values.append(cells[place + 1])
            if place < len(head) and _REVIEW_CELL.fullmatch(head[place].strip()):
                values.append(cell)
            for value in values:
                found: Written | None = first_date(value)
                # "Reviewed" alone may be a status; with a date it is a review.
                if found is not None or words(cells[place]) != ("reviewed",):
                    yield Review(value.strip()[:60], found.day if found else None, row)
