"""What changed since the last decision and the last run, in the report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from support import report_sample

from orr.formats.record import to_json
from orr.history.past_runs import Unreadable
from orr.messages import LANGUAGES
from orr.report.parts.changes import SHOWN, Before
from orr.report.report import Report
from orr.report.sanitize import is_allowed


def earlier(states: int = 1, **changes: Any) -> Mapping[str, Any]:
    """The present assessment as it might have been: so many open items were met then."""
    record = to_json(report_sample.assessment(), "en")
    for item in [item for item in record["items"] if item["state"] == "not-met"][:states]:
        item["state"] = "met"
    return {**record, "today": "2026-11-01", **changes}


def part(before: Before | None, language: str = "en") -> str:
    def read() -> Before:
        if before is None:
            raise Unreadable("a cosmic ray")
        return before

    html = Report(report_sample.assessment(), language, before=read).changes().html
    assert is_allowed(html)
    return html


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", html)).split())


def test_the_decision_comes_first_and_an_item_is_named_by_its_question() -> None:
    says = text_of(part((("run", earlier(0)), ("decision", earlier(verdict="go", decision="go")))))
    assert says.index("Since the last decision, on 2026-11-01 (go)") < says.index("Since the last run, on 2026-11-01")
    assert "the verdict went from go to no-go" in says
    opened = next(item for item in report_sample.assessment().items if item.state == "not-met")
    assert f"“{opened.ask['en']}” is newly open: not met, was met" in says  # type: ignore[index]
    assert opened.name not in says
    assert says.endswith("Nothing changed.")


def test_of_many_changes_the_first_are_seen_and_the_others_unfold() -> None:
    html = part((("run", earlier(SHOWN + 3)),))
    seen, _, folded = html.partition("<details>")
    assert (seen.count("<li>"), folded.count("<li>")) == (SHOWN, 3)
    assert "3 more changes" in folded


@pytest.mark.parametrize(
    ("before", "says"),
    [
        pytest.param((), {"en": "No earlier run is recorded", "zh-CN": "没有可供比较"}, id="none"),
        pytest.param(None, {"en": "could not be read", "zh-CN": "无法读取"}, id="unreadable"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_without_an_earlier_run_the_part_says_so(before: Before | None, says: dict[str, str], language: str) -> None:
    assert says[language] in part(before, language)
