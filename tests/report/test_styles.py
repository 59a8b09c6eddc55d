"""The style of a part: all that can meet something in it, and little else."""

from __future__ import annotations

import pytest

from orr.report import styles
from orr.report.styles import fleet_style, style, style_for, weighty

SHEET = """
/* .gone{} */
.orr a{color:red}
.orr .one,.orr .two .three{color:green}
.orr :is(.four,.five):not(.six){color:blue}
@media print{.orr .one{color:gray}.orr .two{color:black}}
@media (max-width:760px){.orr .seven{color:white}}
"""


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(styles, "weighty", lambda extra: SHEET + extra)


def kept(*classes: str, extra: str = "") -> list[str]:
    return style_for("".join(f'<p class="{names}">x</p>' for names in classes), extra).splitlines()


LINK, FOUR = ".orr a{color:red}", ".orr :is(.four,.five):not(.six){color:blue}"
GREEN = ".orr .one,.orr .two .three{color:green}"


@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        pytest.param((), [LINK, FOUR], id="nothing"),
        pytest.param(
            ("one",), [LINK, GREEN, FOUR, "@media print{.orr .one{color:gray}", "}"], id="one of several selectors"
        ),
        pytest.param(("three",), [LINK, FOUR], id="a selector in part"),
        pytest.param(
            ("two other", "three"),
            [LINK, GREEN, FOUR, "@media print{.orr .two{color:black}", "}"],
            id="a selector whole",
        ),
        pytest.param(
            ("seven",),
            [LINK, FOUR, "@media (max-width:760px){.orr .seven{color:white}", "}"],
            id="rules for some media",
        ),
    ],
)
def test_a_rule_is_kept_where_one_of_its_selectors_can_meet_something(
    classes: tuple[str, ...], expected: list[str]
) -> None:
    assert kept(*classes) == expected


@pytest.mark.usefixtures("sheet")
def test_what_a_part_needs_besides_is_kept_in_the_same_way() -> None:
    assert kept("eight", extra=".fleet .eight{top:0}.fleet .nine{top:1px}")[-1] == ".fleet .eight{top:0}"


def test_the_style_of_a_part_with_every_class_is_the_whole_of_it() -> None:
    whole = weighty(fleet_style())
    everything = style_for(f'<p class="{" ".join(styles._CLASS.findall(whole))}"></p>', fleet_style())
    assert "".join(everything.split()) == "".join(styles._COMMENT.sub("", whole).split())


def test_no_text_of_the_style_holds_what_its_rules_are_divided_by() -> None:
    for sheet in (style(), fleet_style()):
        texts = [text for text in sheet.split('"')[1::2] if "{" in text or "}" in text or "/*" in text]
        assert texts == []
