"""Markup that we write is safe."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.links import SAFE, UNSAFE

from orr.report.html import Html, coded, escape, is_safe_link, join, lean, link, tag


@given(st.text())
def test_text_is_never_markup(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("<>\"'")


def test_markup_is_kept_and_everything_else_is_text() -> None:
    assert tag("p", "a < b", tag("b", "c"), None, ["&", [Html("<br>")]]) == "<p>a &lt; b<b>c</b>&amp;<br></p>"
    assert join("'") == "&#39;"


CODED = [
    pytest.param("run `orr lint` first", "run <code>orr lint</code> first", id="a span"),
    pytest.param("`<b>` and `&`", "<code>&lt;b&gt;</code> and <code>&amp;</code>", id="still text"),
    pytest.param("a ` alone", "a ` alone", id="alone"),
    pytest.param("`` and\n``", "`` and\n``", id="nothing between"),
    pytest.param("`two\nlines`", "`two\nlines`", id="two lines"),
]


@pytest.mark.parametrize(("text", "markup"), CODED)
def test_what_stands_between_backticks_is_code(text: str, markup: str) -> None:
    assert coded(text) == markup


@given(st.text())
def test_a_sentence_with_code_is_never_other_markup(text: str) -> None:
    assert html.unescape(coded(text).replace("<code>", "`").replace("</code>", "`")) == html.unescape(escape(text))


@pytest.mark.parametrize(
    ("markup", "short"),
    [
        pytest.param(tag("td", "a", class_="b"), "<td class=b>a", id="cell"),
        pytest.param(tag("td", "a", class_="b c"), '<td class="b c">a', id="two-classes"),
        pytest.param(tag("a", 'x="y"', href="a/b.html"), "<a href=a/b.html>x=&#34;y&#34;</a>", id="text"),
        pytest.param(tag("a", "x", href="a/"), '<a href="a/">x</a>', id="slash-before-the-end"),
        pytest.param(tag("p", "", id=""), '<p id=""></p>', id="no-value"),
        pytest.param(tag("rect", width="1", class_="b"), '<rect width=1 class="b"/>', id="drawing"),
        pytest.param(tag("a", "x", href="?a=b`c"), '<a href="?a=b`c">x</a>', id="signs-that-need-quotes"),
    ],
)
def test_lean_markup_leaves_out_what_nobody_needs_and_keeps_what_is_needed(markup: Html, short: str) -> None:
    assert lean(markup) == short


def test_attributes_are_left_out_where_they_say_nothing() -> None:
    assert tag("a", class_=None, href="#x", aria_label='"') == '<a href="#x" aria-label="&#34;"></a>'


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\ud800", "\ufffe"])
def test_what_html_cannot_hold_is_replaced(text: str) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in escape(text)
    escape(text).encode()


@pytest.mark.parametrize("address", SAFE)
def test_a_safe_address_becomes_a_link(address: str) -> None:
    assert is_safe_link(address)
    assert link(address, "x").startswith('<a href="')


@pytest.mark.parametrize("address", UNSAFE)
def test_an_unsafe_address_becomes_text(address: str) -> None:
    assert link(address, "x") == "x"
