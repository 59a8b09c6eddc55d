"""Markup that we write is safe, and only markup of that form is let in."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.report.html import Html, coded, escape, is_safe_link, join, lean, link, tag
from orr.report.sanitize import is_allowed


@given(st.text())
def test_text_is_never_markup(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("<>\"'")
    assert is_allowed(tag("p", text, id=text))


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
    assert is_allowed(tag("p", coded(text)))
    assert html.unescape(coded(text).replace("<code>", "`").replace("</code>", "`")) == html.unescape(escape(text))


@pytest.mark.parametrize(
    ("markup", "short"),
    [
        pytest.param(tag("td", "a", class_="b"), "<td class=b>a", id="cell"),
        pytest.param(tag("td", "a", class_="b c"), '<td class="b c">a', id="two-classes"),
        pytest.param(tag("a", 'x="y"', href="a/b.html"), "<a href=a/b.html>x=&quot;y&quot;</a>", id="text"),
        pytest.param(tag("a", "x", href="a/"), '<a href="a/">x</a>', id="slash-before-the-end"),
        pytest.param(tag("p", "", id=""), '<p id=""></p>', id="no-value"),
        pytest.param(tag("rect", width="1", class_="b"), '<rect width=1 class="b"/>', id="drawing"),
        pytest.param(tag("a", "x", href="?a=b`c"), '<a href="?a=b`c">x</a>', id="signs-that-need-quotes"),
    ],
)
def test_lean_markup_leaves_out_what_nobody_needs_and_keeps_what_is_needed(markup: Html, short: str) -> None:
    assert lean(markup) == short


def test_attributes_are_left_out_where_they_say_nothing() -> None:
    assert tag("a", class_=None, href="#x", aria_label='"') == '<a href="#x" aria-label="&quot;"></a>'


@pytest.mark.parametrize("text", ["\x00", "\x1b[31m", "\ud800", "\ufffe"])
def test_what_html_cannot_hold_is_replaced(text: str) -> None:
    assert "\N{REPLACEMENT CHARACTER}" in escape(text)
    escape(text).encode()


SAFE = [
    "https://example.com/a?b=c",
    "HTTP://example.com",
    "mailto:a@example.com",
    "https://bücher.example/ä?q=\\",
    "http://[::1]:8080/",
    "#part",
    "docs/a.md",
    "../a.md",
    "?q",
]
UNSAFE = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "//evil.example.com",
    "\\\\evil",
    "/\\evil",
    "https:evil",
    "https://a b",
    "https://evil.example\\@example.com/",
    "https://example.com\\.evil.example/",
    "https://ex%61mple.com/",
    "https://example。com/",
    "https://0x7f.1/",
    "docs\\..\\a.md",
    ".\\\\evil",
    "",
]


@pytest.mark.parametrize("address", SAFE)
def test_a_safe_address_becomes_a_link(address: str) -> None:
    assert is_safe_link(address)
    assert link(address, "x").startswith('<a href="')
    assert is_allowed(link(address, "x"))


@pytest.mark.parametrize("address", UNSAFE)
def test_an_unsafe_address_becomes_text(address: str) -> None:
    assert link(address, "x") == "x"
    assert not is_allowed(f'<a href="{html.escape(address)}">x</a>')


REFUSED = {
    "a script": "<script>alert(1)</script>",
    "a style": "<p>x</p><style>p{}</style>",
    "an event handler": '<p onclick="x">x</p>',
    "a style attribute": '<p style="color:red">x</p>',
    "an image": '<img src="https://example.com/x.png"/>',
    "a frame": '<iframe src="x"></iframe>',
    "a foreign object": "<svg><foreignobject><p>x</p></foreignobject></svg>",
    "a use of another file": '<svg><use href="https://example.com/x.svg#a"/></svg>',
    "a fill from elsewhere": '<svg><rect fill="url(https://example.com/a)"/></svg>',
    "a comment": "<p>x</p><!-- -->",
    "a doctype": "<!DOCTYPE html><p>x</p>",
    "an element left open": "<p>x",
    "an element closed twice": "<p>x</p></p>",
    "a wrong nesting": "<p><b>x</p></b>",
    "leaving the main part": "</main><p>x</p>",
    "upper case": "<P>x</P>",
    "unquoted attributes": "<p class=x>y</p>",
    "single quotes": "<p class='x'>y</p>",
    "a tag cut short": "<p class=",
    "a title of the page": "<title>x</title>",
    "a form": '<form action="https://example.com"></form>',
    "an encoded script address": '<a href="&#106;avascript:alert(1)">x</a>',
    "an address with a named colon": '<a href="javascript&colon;alert(1)">x</a>',
    "a bare greater-than sign": "<p>a > b</p>",
}


@pytest.mark.parametrize("markup", REFUSED.values(), ids=REFUSED.keys())
def test_other_markup_is_refused(markup: str) -> None:
    assert not is_allowed(markup)
