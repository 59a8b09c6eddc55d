"""Recognize documents that are out of use, or that only lead to another."""

from __future__ import annotations

import re

from orr.evidence.documents.claims import Claim
from orr.evidence.documents.outline import Document

HEAD = 6
"""How many lines of text below the title may hold the notice."""

_OUT = (
    r"moved|relocated|migrated|deprecated|obsoleted?|superseded|retired|archived|discontinued|outdated|out of date"
    r"|replaced|end of life"
    r"|no longer (?:used|in use|maintained|valid|current)"
)
_IT = r"(?:(?:this|the) )?(?:(?:run|play)book|page|document|doc|guide|procedure|article|content|file)"
_NOTICE = re.compile(
    rf"\W*(?:(?:note|warning|notice|important|attention|status|caution)\W+)?(?:{_IT}\W+)?"
    rf"(?:(?:it|this) )?(?:(?:has|have|is|was|been|now|being) ){{0,3}}(?:{_OUT})"
    r"(?:\W*$|[.:,;!—–-]|\s+(?:to|by|in favou?r|since|as of|and|see|in \d|on \d|page|document|runbook"
    r"|here|do not|don't|\d{4})\b)"
    r"|\W*(?:(?:note|warning|notice|important|attention|status|caution)\W+)?(?:do not|don't) use\b(?: this\b|\W*$)"
    rf"|\W*(?:{_IT}\W+)?now (?:lives?|found|kept|maintained) (?:at|in)\b|\W*redirecting to\b"
    r"|\W*historical (?:document|page|(?:run|play)book)\b"
    r"|\W*(?:please )?(?:use|see) the new (?:(?:run|play)book|page|document|doc|guide)\b"
    r"|\W*(?:注意|警告|状态)?\W*(?:(?:本|此|该)(?:文档|页面?|手册|文))?(?:内容)?(?:不再(?:维护|使用|更新)|(?:已经?|现已)"
    r"(?:废弃|弃用|作废|过时|过期|停用|归档|迁移|移至|移到|移动|迁至|搬到|被.{1,20}取代))",
    re.IGNORECASE,
)
_WORD = r"(?:deprecated|obsolete|archived|retired|已?(?:废弃|弃用|作废|归档))"
_TITLE = re.compile(
    rf"[\[(（【]?\s*{_WORD}\s*[\])）】:：-]|.*[\[(（【]\s*{_WORD}\s*[\])）】]\s*$",
    re.IGNORECASE,
)
_KEYS = ("deprecated", "obsolete", "archived", "retired", "废弃", "superseded_by", "replaced_by", "moved_to")
_STATUS = ("status", "state", "lifecycle", "状态")
_DONE = re.compile(r"deprecated|obsolete|archived|retired|superseded|废弃|弃用|作废|归档", re.IGNORECASE)


def retired(document: Document) -> Claim | None:
    """Notice that a document moved or is out of use.

    Its `line` is 0 for front matter.
    """
    flag = document.front.value(_KEYS)
    if flag is not None and str(flag[1]).casefold() not in ("false", "no", "0", "off", "否"):
        return Claim(f"{flag[0]}: {str(flag[1])[:40]}", 0)
    status = document.front.value(_STATUS)
    if status is not None and _DONE.fullmatch(str(status[1]).strip()):
        return Claim(f"{status[0]}: {status[1]}", 0)
    first = document.headings[0] if document.headings else None
    if first is not None and _TITLE.match(first.text):
        return Claim(first.text[:80], first.line)
    title = first.line if first is not None else 0
    second = next((one.line for one in document.headings if one.line > title and one.level <= 6), None)
    near = [line for line in document.prose if line.text.strip() and line.line != title][:HEAD]
    for line in near:
        if (second is None or line.line <= second) and _NOTICE.match(line.text):
            return Claim(line.text.strip()[:80], line.line)
    return None
