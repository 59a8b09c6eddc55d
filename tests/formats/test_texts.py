"""An assessment as text, Markdown and JUnit XML."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import click
import pytest
from junitparser import JUnitXml
from markdown_it import MarkdownIt
from support.builders import (
    answer,
    assess,
    case,
    check,
    checklist,
    day,
    evidence,
    found,
    held_to,
    item,
    leave,
    plan,
    sign_off,
    waiver,
)

from orr.cli.statuses import status_of
from orr.evaluate import Evaluation
from orr.evaluate.milder import Earlier
from orr.evaluate.tier import TierRules
from orr.formats.junit import junit
from orr.formats.lines import columns
from orr.formats.markdown import escaped, markdown
from orr.formats.text import WIDTH, text
from orr.messages import LANGUAGES

ROW = {"no_go": ["high"], "conditional": ["medium"]}
HOSTILE = "<script>alert(1)</script> [x](javascript:y) | **b** `c` \x1b[31m\x07\u202e {item} & &lt; # \\ ![i](//e)"


def mixed(words: str = "plain words", **workload: Any) -> Evaluation:
    """An assessment in which every form has something to say; people's words are all the same."""
    title = {"en": words, "zh-CN": words}
    name = "".join(sign for sign in words if sign.isprintable())[:200]  # a name with any other is refused
    name = name if any(sign.isalnum() for sign in name) else f"wei {name}"
    made = case(
        item("met", ask=words),
        item("open", blocking=True, ask=words, fix=words),
        item("waived", ask=words),
        item("unknown", ask=words, checks=[check()]),
        item("partly", risk="medium", ask=words),
        item("low", risk="low", ask=words),
        item("out", when={"tier": 4}),
        answers={
            "met": answer(),
            "open": answer("no", by=name, note=words, plan=plan(9, action=words, owner=name)),
            "waived": answer("no", by=name),
            "partly": answer("partial", by=name),
        },
        waivers=[waiver("c/waived", expires=9, reason=words)],
        sign_offs=[sign_off(by=name)],
        workload={"title": title, "launch": day(5), **workload},
        policy=ROW,
    )
    return assess(made, evidence(unknown=[found("unknown", says=words)]))


def good() -> Evaluation:
    return assess(case(item("a"), answers={"a": answer()}, policy=ROW))


def of_tier(**workload: Any) -> Evaluation:
    """A workload that claims tier 3, and what else stands in its file."""
    return assess(case(item("a"), answers={"a": answer()}, workload={"tier": 3, **workload}, rules=TierRules()))


@pytest.mark.parametrize(
    ("workload", "says"),
    [
        ({}, "Tier 1, because workload.yaml has no impact; add `impact:` to it"),
        (
            {"impact": {"users": 5}},
            "Tier 1, derived from impact: what it does not give counts as the most critical, so",
        ),
        ({}, "Tier 3, which workload.yaml says, does not count: a laxer tier needs an approved `tier_exception`"),
    ],
)
def test_the_tier_that_counts_stands_at_the_top_with_its_reason(workload: dict[str, Any], says: str) -> None:
    made = of_tier(**workload)
    assert says in " ".join(" ".join(lines(made)).split("Why")[0].split())
    assert escaped(says) in markdown(made, "en").split("###")[0]


# Text


def lines(assessment: Evaluation, language: str = "en") -> list[str]:
    return click.unstyle(text(assessment, language)).split("\n")


def test_a_reader_of_the_terminal_sees_verdict_reasons_and_path() -> None:
    told = "\n".join(lines(mixed()))
    for words in (
        "shop: plain words · tier 1 · launch review · launch on 2026-11-27, in 5 days · as of 2026-11-22",
        "■ NO-GO: 1 known to be missing, 1 not known",
        "decision: pending, waiting for the vote of service-owner",
        "Known to be missing (1)",
        "Not known (1)",
        "Open besides, covered or a condition only (2)",
        "it stays no-go until the path below is walked",
        "without waivers: no-go · at best: no-go",
        "- c/open is not met (blocking, high risk): plain words answered no on 2026-11-22",
        "1. c/open (not met)",
        "plain words, by 2026-12-01 (after the launch): plain words",
        "4. c/waived (not met, waived by W-1)",
        "payments, no date yet: the checklist names no next step",
        "! the waiver W-1 ends on 2026-12-01, in 9 days",
        "digest for votes: sha256:",
    ):
        assert words in told


def short_of_checklists() -> Evaluation:
    """An assessment that is asked one checklist of three: one is left out, one just not asked."""
    said = {"checklists": ["c"], "leave_out": {"left": leave()}}
    made = case(answers={"a": answer()}, workload=said, policy=ROW, checklists=())
    return assess(held_to(made, *(checklist(item(), name=name) for name in ("c", "left", "lacking"))))


@pytest.mark.parametrize(
    ("write", "count", "line"),
    [
        pytest.param(text, "1 of 3 checklists; ", "- lacking/asked is not met (blocking, high risk)", id="text"),
        pytest.param(markdown, "1 of 3 checklists; ", "`lacking/asked`", id="markdown"),
        pytest.param(junit, 'tests="3"', 'name="lacking/asked"', id="junit"),
    ],
)
def test_how_many_checklists_are_asked_stands_beside_the_verdict(write: Any, count: str, line: str) -> None:
    found = short_of_checklists()
    told = click.unstyle(write(found, "en") if write is not junit else junit([found], "en"))
    assert count in told
    assert line in told
    if write is not junit:
        joined = " ".join(told.replace("\\", "").split())
        assert "left out until 2027-01-01 (approved by ana): left; not asked: lacking" in joined
        assert "3 份检查表中询问了 1 份；经 ana 批准不纳入，有效期至 2027-01-01：left；未询问：lacking" in write(
            found, "zh-CN"
        )


def test_all_checklists_asked_is_said_too() -> None:
    found = assess(held_to(case(answers={"a": answer()}, policy=ROW, checklists=()), checklist(item())))
    assert "  1 of 1 checklist" in lines(found)


def test_the_whole_assessment_leaves_out_no_reason() -> None:
    names = [f"a{number}" for number in range(12)]
    shown = lines(assess(case(*map(item, names), policy=ROW)))
    why = shown[shown.index("Why") : shown.index("Path to go")]
    assert [name for name in names if not any(f"/{name} " in line for line in why)] == []


def test_a_chinese_reader_sees_the_same_in_chinese() -> None:
    told = "\n".join(lines(mixed(), "zh-CN"))
    for words in (
        "■ 不可上线",
        "上线评审",
        "c/open 未满足（阻断项，高风险）",
        "最迟 2026-12-01（晚于上线日）",
        "请再看一眼",
    ):
        assert words in told


def test_a_go_says_until_when() -> None:
    told = "\n".join(lines(good()))
    assert "● GO" in told
    assert "the verdict holds until 2027-11-22" in told
    assert "2027-11-23: no-go. c/a becomes stale" in told


@pytest.mark.parametrize(
    ("launch", "words"),
    [
        (day(1), "tomorrow"),
        (day(2), "in 2 days"),
        (day(0), "launch today"),
        (day(-1), "yesterday"),
        (day(-3), "3 days ago"),
        (None, "no launch date"),
    ],
)
def test_the_launch_is_told_in_words(launch: str | None, words: str) -> None:
    assert words in lines(mixed(launch=launch))[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "words",
    ["short", "a long sentence that goes on " * 20, "一个很长的句子，没有空格，" * 30, "混合 mixed 文字 words " * 20],
)
def test_no_line_is_wider_than_the_page(words: str, language: str) -> None:
    for line in lines(mixed(words), language)[1:]:
        assert columns(line) <= WIDTH, line


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_columns_of_the_table_line_up(language: str) -> None:
    told = lines(mixed(), language)
    start = next(number for number, line in enumerate(told) if line in ("Readiness", "就绪情况"))
    head, row = told[start + 1], told[start + 2]
    assert columns(head) == columns(row)
    assert row.split() == ["c", "2", "1", "1", "1", "1", "1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_s_words_never_steer_the_terminal(language: str) -> None:
    told = text(mixed(HOSTILE), language)
    ours = re.sub(r"\x1b\[(0|1|31|32|33)(;?1)?m", "", told)
    assert "\x07" not in told
    assert "\u202e" not in told
    assert "\x1b" not in ours
    assert "{item}" in told
    for line in told.split("\n"):
        assert "alert" not in line or "\x1b[31m" not in line


# Markdown


def test_markdown_holds_verdict_reasons_path_and_table() -> None:
    told = markdown(mixed(), "en")
    assert told.startswith("## ■ plain words: no-go: 1 known to be missing, 1 not known\n")
    assert told.index("**Known to be missing (1)**") < told.index("**Not known (1)**")
    assert "| `c/open` | not met | plain words | 2026-12-01 (after the launch) | plain words |" in told
    assert "| `c/waived` | not met, waived by W-1 | payments | – | – |" in told
    assert "| checklist | not met | unknown | unanswered | partial | met | not applicable |" in told
    assert "| c | 2 | 1 | 1 | 1 | 1 | 1 |" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_s_words_are_no_markdown_and_no_html(language: str) -> None:
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})

    def shape(words: str) -> list[str]:
        tokens = parser.parse(markdown(mixed(words), language))
        inner = [child.type for token in tokens for child in token.children or () if child.type != "text_special"]
        return [token.type for token in tokens] + [kind for kind in inner if kind not in ("text", "softbreak")]

    assert shape(HOSTILE) == shape("plain words")
    assert shape("- 1. x\n\n# y\n\n> z\n\n| a | b |") == shape("plain words")


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_s_words_read_the_same_through_markdown(language: str) -> None:
    words = "<b> a_b *c* `d` [e](f) | g & h &lt; # i ~j~ !k \\ $l$ @m"
    html = MarkdownIt("gfm-like", {"linkify": False}).renderInline(escaped(words))
    assert html.replace("\u200b", "") == words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    "words",
    [
        *("https://example.com", "ftp://example.com", "www.example.com", "see (WWW.example.com)", "a@example.com"),
        *("mailto:a@example.com", "xmpp:a@example.com", "@ana", "#12", "GH-12", "org/name#12"),
    ],
)
def test_people_s_words_make_no_link_mention_or_reference(words: str) -> None:
    live = re.compile(r"://|\bwww\.|@\w|#\d|\bGH-\d", re.IGNORECASE)  # as GitHub Flavored Markdown 0.29, section 6.9
    assert live.search(words)
    assert not live.search(escaped(words))
    assert escaped(words).replace("\u200b", "").replace("\\", "") == words


# JUnit


def parsed(*assessments: Evaluation, language: str = "en") -> ET.Element:
    return ET.fromstring(junit(assessments, language))


def test_junit_counts_what_stands_between_a_workload_and_go() -> None:
    (suite,) = parsed(mixed()).findall("testsuite")
    assert {key: suite.get(key) for key in ("name", "tests", "failures", "errors", "skipped")} == {
        "name": "shop",
        "tests": "7",
        "failures": "1",
        "errors": "1",
        "skipped": "4",
    }
    results = {one.get("name"): [kind.tag for kind in one] for one in suite.findall("testcase")}
    assert results == {
        "c/met": [],
        "c/open": ["failure"],
        "c/waived": ["skipped"],
        "c/unknown": ["error"],
        "c/partly": ["skipped"],
        "c/low": ["skipped"],
        "c/out": ["skipped"],
    }


def test_junit_says_the_verdict_and_why() -> None:
    suite = parsed(mixed())[0]
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert (properties["verdict"], properties["decision"]) == ("no-go", "pending")
    assert re.fullmatch("sha256:[0-9a-f]{64}", properties["digest"] or "")
    failure = suite.find("testcase[@name='c/open']/failure")
    assert failure is not None
    assert failure.get("message") == "not met: plain words answered no on 2026-11-22"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", [HOSTILE, "]]> <!-- \ufffe \x00 \x85 '\"", "\n\n"])
def test_junit_is_well_formed_whatever_people_wrote(words: str, language: str) -> None:
    told = mixed(words if words.strip() else "x" + words + "y", workload="shop\ufffe")
    assert len(parsed(told, good(), language=language)) == 2


@pytest.mark.parametrize("how", [{}, {"strict": True}, {"decided": True}], ids=str)
@pytest.mark.parametrize("verdict", ["go", "conditional-go", "no-go", "no-go: nothing applies"])
def test_junit_fails_just_where_the_exit_status_is_not_0(verdict: str, how: dict[str, bool]) -> None:
    replies = {"go": "yes", "conditional-go": "partial", "no-go": "no"}
    risk = "high" if verdict == "no-go" else "medium"
    asked = item("a", risk=risk, **({} if verdict in replies else {"when": {"tier": 4}}))
    made = assess(case(asked, answers={"a": answer(replies.get(verdict, "yes"))}, policy=ROW))
    assert made.verdict == verdict.partition(":")[0]
    (suite,) = ET.fromstring(junit([made], "en", **how))
    fails = suite.get("failures") != "0" or suite.get("errors") != "0"
    assert fails == (status_of(made, **how) != 0)
    assert suite.get("tests") == str(len(suite.findall("testcase")))


def test_junit_says_why_something_is_skipped() -> None:
    skipped = {one.get("name"): str(one[0].get("message")) for one in parsed(mixed()).iter("testcase") if len(one)}
    assert skipped["c/waived"].endswith(" · waived by W-1 until 2026-12-01: plain words")
    assert skipped["c/partly"].endswith(" · open, a condition only")
    assert skipped["c/low"] == "unanswered: nobody has answered · open, of no weight for the verdict"


def test_junit_is_read_by_others_with_the_same_counts() -> None:
    read = JUnitXml.fromstring(junit([mixed(), good()], "en").encode())
    assert [(one.name, one.tests, one.failures, one.errors, one.skipped) for one in read] == [
        ("shop", 7, 1, 1, 4),
        ("shop", 1, 0, 0, 0),
    ]
    results = [type(result).__name__ for case in next(iter(read)) for result in case.result]
    assert sorted(results) == ["Error", "Failure", "Skipped", "Skipped", "Skipped", "Skipped"]


def test_junit_of_nothing_is_well_formed() -> None:
    assert len(parsed()) == 0


# What is milder than before


def laxer(*earlier: Earlier) -> Evaluation:
    return replace(good(), case=replace(good().case, earlier=earlier))


def test_what_is_milder_stands_before_the_reasons_with_what_it_was_compared_with() -> None:
    was = {**good().requirements, "tier": 0, "tags": ["public"]}
    made = laxer(Earlier("run", "2026-11-20", was), Earlier("decision", "2026-11-10", was))
    said = lines(made)
    at = said.index("Milder than before")
    assert said[at + 1 : at + 5] == [
        "  Compared with the run of 2026-11-20, the decision of 2026-11-10",
        f"  ! tier: 0 → {made.case.tier}",
        "  ! the tag public is gone",
        "",
    ]
    assert said[at + 5] == "Why"
    assert "要求比以前宽松" in lines(made, "zh-CN")
    assert "### Milder than before\n\nCompared with the run" in markdown(made, "en")
    assert "2026-11-10:\n\n- tier: 0" in markdown(made, "en")
    assert not any("not there yet: a recorded run" in line for line in said)


def test_every_change_is_listed() -> None:
    was = {**good().requirements, "tags": [f"tag-{n:02}" for n in range(33)]}
    said = lines(laxer(Earlier("commit", "abc", was, day=day(-3))))
    at = said.index("Milder than before")
    assert said[at + 34] == "  ! the tag tag-32 is gone"
    assert said[at + 35] == ""


@pytest.mark.parametrize(
    ("kinds", "line"),
    [
        (["run", "decision", "commit"], "Compared with the run of x, the decision of x, the commit x"),
        (["decision", "commit"], "Compared with the decision of x, the commit x"),
        (["votes"], "Compared with the votes in commit x; not there yet: a recorded run"),
        (["commit"], "Compared with the commit x; not there yet: a recorded run, an earlier decision"),
        ([], None),
    ],
    ids=["all", "a decided run", "votes", "a commit", "nothing"],
)
def test_it_is_said_with_what_was_compared_and_what_there_is_none_of(kinds: list[str], line: str | None) -> None:
    made = laxer(*(Earlier(kind, "x", good().requirements) for kind in kinds))
    assert [one for one in lines(made) if "Compared" in one] == ([] if line is None else [f"  {line}"])
    assert (f"- {line}" in markdown(made, "en")) == (line is not None)


def test_with_nothing_to_compare_with_a_quiet_line_says_so() -> None:
    line = "Whether less is asked than before is not known: there is no run of this name, no earlier commit."
    assert "  " + line in lines(good())
    assert f"- {line}" in markdown(good(), "en")
    same = laxer(Earlier("run", "2026-11-20", good().requirements))
    assert not {"Milder than before", "  " + line} & {*lines(same)}
