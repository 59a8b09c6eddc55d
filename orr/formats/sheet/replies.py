"""Answers in people's words, by how they begin: yes, partly, no, not applicable."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from orr.model.review import Reply

_WORDS = {
    Reply.YES: ("yes", "y", "true", "x", "是", "是的", "已完成", "满足", "符合"),
    Reply.PARTIAL: ("partly", "partial", "partially", "部分", "部分满足", "部分符合", "部分完成"),
    Reply.NO: ("no", "n", "false", "否", "不满足", "不符合", "未完成"),
    Reply.NOT_APPLICABLE: ("not applicable", "not-applicable", "n/a", "n.a.", "n.a", "na", "不适用", "不涉及"),
}
SIGNS = {
    Reply.YES: ("✓", "✔", "✅", "☑", "√", ":white_check_mark:"),
    Reply.NO: ("✗", "✘", "✕", "×", "❌", ":x:"),
}
_OF_WORD = {word: reply for words in (_WORDS, SIGNS) for reply, them in words.items() for word in them}


def _any(words: Mapping[Reply, Sequence[str]]) -> str:
    return "|".join(map(re.escape, sorted((one for them in words.values() for one in them), key=len, reverse=True)))


# What follows must be set off: “No new calls are made” may well be good news. Behind a sign a blank does that; an
# empty box before a word (“☐ Yes”) takes it back.
_LEADING = re.compile(
    rf"[\s*_~\"'“”‘’<>(（\[【#•·–—-]{{0,3}}?(?:(?P<sign>{_any(SIGNS)})\ufe0f?(?=\W|$)\s*|(?P<word>{_any(_WORDS)}))"
    r"[*_]{0,3}(?:\s*[.,;:!(（，。；：、–—-]+\s*|\s*\n+\s*|\s*$|(?(sign)|(?!)))",
    re.IGNORECASE,
)
_DOUBT = re.compile(r"(?:but|except|although|mostly|almost|partly|not|only|no|yes)\b|但|除|仅|不", re.IGNORECASE)


def leading_reply(text: str) -> tuple[Reply | None, str]:
    """The answer that a text begins with, and the rest of it.

    None where it begins with none, or goes on in a way that takes it back (“Yes, but …”).
    """
    text = text.strip()
    found = _LEADING.match(text)
    if found is None:
        return None, text
    rest = text[found.end() :].strip()
    if "(" in found[0] or "（" in found[0]:
        rest = re.sub(r"[)）]", "", rest, count=1).strip()
    reply = _OF_WORD[(found["sign"] or found["word"]).lower()]
    closes = reply in (Reply.YES, Reply.NOT_APPLICABLE)
    return (None, text) if closes and _DOUBT.match(rest) else (reply, rest)
