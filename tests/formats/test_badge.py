"""The verdict as a badge, which reads without colour."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from support.outcomes import BROKEN, TODAY, conditional, fleet, open_in_every_way, ready

from orr.formats.badge import badge
from orr.formats.unread import Outcome, Unread

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*outcomes: Outcome, language: str = "en") -> ET.Element:
    return ET.fromstring(badge(outcomes, TODAY, language))


@pytest.mark.parametrize(
    ("outcomes", "label"),
    [
        ([ready()], "readiness: go until 2027-11-22"),
        ([conditional()], "readiness: conditional go until 2026-11-26"),
        ([open_in_every_way()], "readiness: no-go"),
        ([BROKEN], "readiness: error"),
        ([ready(), ready("other")], "readiness: go, 2 of 2 until 2027-11-22"),
        ([ready(), conditional()], "readiness: conditional go, 1 of 2 until 2026-11-26"),
        ([ready(), open_in_every_way()], "readiness: no-go, 1 of 2"),
        (fleet(), "readiness: error, 1 of 4"),
        ([], "readiness: error"),
    ],
)
def test_a_badge_says_the_worst_verdict_and_until_when(outcomes: list[Outcome], label: str) -> None:
    svg = drawn(*outcomes)
    assert svg.get("aria-label") == label
    assert ": ".join(str(one.text) for one in svg.iter(f"{SVG}text")) == label


def test_its_title_names_each_workload_with_its_verdict() -> None:
    title = drawn(*fleet()).findtext(f"{SVG}title")
    assert title == ("shop: no-go; legacy: It could not be read, because of one fault; till: conditional go; store: go")


def test_a_chinese_badge_is_wide_enough_for_its_signs() -> None:
    svg = drawn(ready(), language="zh-CN")
    assert svg.get("aria-label") == "上线就绪: 可以上线，有效至 2027-11-22"
    assert int(svg.get("width") or 0) > 200


def test_any_name_is_text_and_nothing_else() -> None:
    title = drawn(Unread("<script>&\x1b", BROKEN.faults)).findtext(f"{SVG}title")
    assert title is not None
    assert title.startswith("<script>&\N{REPLACEMENT CHARACTER}: ")


def test_no_id_clashes_where_several_badges_stand_in_one_page() -> None:
    assert " id=" not in badge([ready()], TODAY, "en")
