"""Any number of workloads fits a comment of GitHub, by folding what matters least."""

from __future__ import annotations

import pytest
from markdown_it import MarkdownIt
from support.builders import answer, assess, case, item
from support.outcomes import BROKEN, POLICY, conditional, fleet, open_in_every_way, ready

from orr.evaluate import Evaluation
from orr.formats.markdown import LIMIT, comment, markdown
from orr.formats.unread import Unread
from orr.messages import LANGUAGES


def large(name: str, items: int = 150) -> Evaluation:
    """A no-go that alone is almost as long as a comment may be."""
    asked = [item(f"i{number}", ask="w" * 100, fix="f" * 150) for number in range(items)]
    replies = {f"i{number}": answer("no", note="n" * 50) for number in range(items)}
    return assess(case(*asked, answers=replies, workload={"workload": name, "title": name}, policy=POLICY))


def test_what_fits_is_whole() -> None:
    assert comment(fleet(), "en") == "\n".join(markdown(one, "en") for one in fleet())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("limit", [LIMIT, 20_000, 2_000, 400])
def test_no_comment_is_longer_than_its_limit(limit: int, language: str) -> None:
    outcomes = [large("one"), BROKEN, ready(), large("two"), conditional()]
    assert len(comment(outcomes, language, limit)) <= limit


def test_thousands_of_workloads_fit_and_the_rest_is_counted_by_verdict() -> None:
    outcomes = [*(ready(f"fine-{number}") for number in range(310)), *([BROKEN] * 20), open_in_every_way(name="bad")]
    outcomes = [*outcomes, *(Unread(f"gone-{number}", BROKEN.faults) for number in range(300))]
    told = comment(outcomes, "en", 15_000)
    assert len(told) <= 15_000
    assert "- ■ bad: no-go" in told
    assert told.rstrip().split("\n")[-1].startswith("- and ")


def test_a_go_is_folded_before_a_no_go_and_one_that_could_not_be_read_last() -> None:
    outcomes = [open_in_every_way(), BROKEN, conditional(), ready()]
    whole = [markdown(one, "en") for one in outcomes]
    levels = []
    for limit in range(len(comment(outcomes, "en")), 500, -100):
        told = comment(outcomes, "en", limit)
        levels.append([one in told for one in whole])
    folded = [levels.index(next(row for row in levels if not row[place])) for place in range(4)]
    assert folded[3] <= folded[2] <= folded[0] <= folded[1]


def test_what_is_folded_says_where_all_of_it_is() -> None:
    told = comment([large("one", 400)], "en")
    assert "Folded to fit one comment; all of it: orr check one --all" in told
    assert told.startswith("## ■ one: no-go")


def test_folding_leaves_markdown_whole() -> None:
    told = comment([large("one", 400), large("two", 400), ready()], "en")
    html = MarkdownIt("gfm-like", {"linkify": False}).render(told)
    assert html.count("<h2>") == 3
    assert "</table>" in html
