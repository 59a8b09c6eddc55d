"""Markup that we write is safe, and only markup of that form is let in."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.report.allowed import is_allowed
from orr.report.html import Html, escape, is_safe_link, join, link, tag


@given(st.text())
def test_text_is_never_markup(text: str) -> None:
    escaped = escape(text)
    assert not set(escaped) & set("<>\"'")
    assert is_allowed(tag("p", text, id=text))


def test_markup_is_kept_and_everything_else_is_text() -> None:
    assert tag("p", "a < b", tag("b", "c"), None, ["&", [Html("<br>")]]) == "<p>a &lt; b<b>c</b>&amp;<br></p>"
    assert join("'") == "&#39;"


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
