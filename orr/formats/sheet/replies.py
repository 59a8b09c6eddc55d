"""Answers in people's words, by how they begin: yes, partly, no, not applicable."""

from __future__ import annotations

import re

from orr.model.review import Reply

_WORDS = {
    Reply.YES: ("yes", "y", "true", "x", "✓", "✔", "✅", "☑", "√", ":white_check_mark:", "是", "已完成", "满足"),
    Reply.PARTIAL: ("partly", "partial", "partially", "部分", "部分满足"),
    Reply.NO: ("no", "n", "false", "✗", "✘", "❌", ":x:", "否", "不满足"),
    Reply.NOT_APPLICABLE: ("not applicable", "not-applicable", "n/a", "na", "不适用"),
}
_ANY = "|".join(re.escape(word) for words in _WORDS.values() for word in sorted(words, key=len, reverse=True))
# What follows must be set off: “No new calls are made” may well be good news.
_LEADING = re.compile(
    rf"\W{{0,3}}?(?P<word>{_ANY})[*_]{{0,3}}(?:\s*[.,;:!(（，。；：、–—-]+\s*|\s*\n+\s*|\s*$)", re.IGNORECASE
)
_DOUBT = re.compile(r"(?:but|except|although|mostly|almost|partly|not|only|no|yes)\b|但|除|仅|不", re.IGNORECASE)
_OF_WORD = {word: reply for reply, words in _WORDS.items() for word in words}


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
    reply = _OF_WORD[found["word"].lower()]
    closes = reply in (Reply.YES, Reply.NOT_APPLICABLE)
    return (None, text) if closes and _DOUBT.match(rest) else (reply, rest)
