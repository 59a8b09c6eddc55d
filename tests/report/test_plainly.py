"""Causes in a manager's words."""

from __future__ import annotations

import string

import pytest

from orr.messages import LANGUAGES, Message, render, say, template
from orr.report.plainly import PLAIN, plainly

PATTERNS = ["docs/dashboards.md", "dashboards/**/*.md"]


def mentions(key: str, language: str) -> set[str]:
    """The values that a text speaks of, whatever their number."""
    text = template(key, language)
    every = text.values() if isinstance(text, dict) else [text]
    return {name for one in every for _, name, _, _ in string.Formatter().parse(one) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", PLAIN)
def test_a_plain_text_speaks_of_nothing_that_the_whole_one_does_not(key: str, language: str) -> None:
    assert mentions(PLAIN[key], language) <= mentions(key, language) | {"n"}
    assert "patterns" not in mentions(PLAIN[key], language)


@pytest.mark.parametrize(
    ("cause", "says"),
    [
        pytest.param(
            say("evidence.elsewhere", says=say("evidence.document.none", patterns=PATTERNS), where=""),
            {"en": "there is no document about it", "zh-CN": "没有相关文档"},
            id="nothing-found",
        ),
        pytest.param(
            say("evidence.document.all-good", n=2, patterns=PATTERNS),
            {
                "en": "all 2 documents that match the usual names are in order",
                "zh-CN": "匹配 惯用名称 的 2 份文档全部合格",
            },
            id="patterns-within-a-text-of-its-own",
        ),
        pytest.param(
            say("rule.cause.no", by="wei", on="2026-11-20"),
            {"en": "wei answered no on 2026-11-20", "zh-CN": "wei 于 2026-11-20 回答“否”"},
            id="an-answer-is-as-plain-as-it-can-be",
        ),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_reads_no_patterns(cause: Message, says: dict[str, str], language: str) -> None:
    causes = (say("rule.cause.check", check="document", says=cause),)
    assert render(plainly(causes), language) == says[language]
