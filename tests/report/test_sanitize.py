"""Only markup of the form that we write is let in from the notebooks of others."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.links import SAFE, UNSAFE

from orr.report.html import coded, link, tag
from orr.report.sanitize import is_allowed


@given(st.text())
def test_whatever_text_our_own_markup_holds_it_is_let_in(text: str) -> None:
    assert is_allowed(tag("p", text, id=text))
    assert is_allowed(tag("p", coded(text)))


ALLOWED = {
    "nothing": "",
    "text": "a &lt; b",
    "elements in elements": "<section><h2>x</h2><p>y<b>z</b></p></section>",
    "a table": '<table class="t"><tbody><tr><th scope="row">x</th><td>y</td></tr></tbody></table>',
    "a link": '<a href="docs/a.md" rel="noreferrer">x</a>',
    "an address with signs": '<a href="https://example.com/?a=1&amp;b=2">x</a>',
    "a part that keys reach": '<div tabindex="0" role="group" aria-label="x">y</div>',
    "a drawing": '<svg viewBox="0 0 1.5 20"><title>x</title><rect x="-1" width="50%" fill="url(#orr-hatched)"/></svg>',
    "a closed part": "<details><summary>x</summary>y</details>",
}


@pytest.mark.parametrize("markup", ALLOWED.values(), ids=ALLOWED.keys())
def test_markup_of_our_form_is_let_in(markup: str) -> None:
    assert is_allowed(markup)


REFUSED = {
    "a script": "<script>alert(1)</script>",
    "a style": "<p>x</p><style>p{}</style>",
    "an event handler": '<p onclick="x">x</p>',
    "an event handler of a link": '<a href="docs/a.md" onclick="x">y</a>',
    "a link that reports whoever follows it": '<a href="docs/a.md" ping="docs/b.md">x</a>',
    "a style attribute": '<p style="color:red">x</p>',
    "a source": '<p src="x">x</p>',
    "an image": '<img src="https://example.com/x.png"/>',
    "a frame": '<iframe src="x"></iframe>',
    "a foreign object": "<svg><foreignobject><p>x</p></foreignobject></svg>",
    "a use of another file": '<svg><use href="https://example.com/x.svg#a"/></svg>',
    "a fill from elsewhere": '<svg><rect fill="url(https://example.com/a)"/></svg>',
    "a fill that only begins as ours": '<svg><rect fill="url(#orr-a) url(https://example.com)"/></svg>',
    "a measure that calls": '<svg><rect width="url(x)"/></svg>',
    "an element before others in the order of keys": '<p tabindex="1">x</p>',
    "a comment": "<p>x</p><!-- -->",
    "a doctype": "<!DOCTYPE html><p>x</p>",
    "an element left open": "<p>x",
    "an element closed twice": "<p>x</p></p>",
    "an end without a beginning": "</p>",
    "a wrong nesting": "<p><b>x</p></b>",
    "leaving the main part": "</main><p>x</p>",
    "upper case": "<P>x</P>",
    "unquoted attributes": "<p class=x>y</p>",
    "single quotes": "<p class='x'>y</p>",
    "an end with attributes": '<p>x</p class="y">',
    "an end that is void": "<p>x</p/>",
    "an element that is not void and closes itself": "<p/>",
    "a void element with an end": '<svg><rect width="1"></rect></svg>',
    "a tag cut short": "<p class=",
    "a tag within a tag": '<p class="<b>">x</p>',
    "a title of the page": "<title>x</title>",
    "a title after a drawing": "<svg></svg><title>x</title>",
    "a form": '<form action="https://example.com"></form>',
    "an encoded script address": '<a href="&#106;avascript:alert(1)">x</a>',
    "an address with a named colon": '<a href="javascript&colon;alert(1)">x</a>',
    "an address on an element that leads nowhere": '<p href="docs/a.md">x</p>',
    "an address on a drawing": '<svg href="https://example.com/x.svg"></svg>',
    "a base for all addresses": '<base href="https://example.com/"/>',
    "a bare greater-than sign": "<p>a > b</p>",
    "a bare less-than sign": "<p>a < b</p>",
}


@pytest.mark.parametrize("markup", REFUSED.values(), ids=REFUSED.keys())
def test_other_markup_is_refused(markup: str) -> None:
    assert not is_allowed(markup)


@pytest.mark.parametrize("address", SAFE)
def test_a_link_to_a_safe_address_is_let_in(address: str) -> None:
    assert is_allowed(link(address, "x"))


@pytest.mark.parametrize("address", UNSAFE)
def test_a_link_to_an_unsafe_address_is_refused(address: str) -> None:
    assert not is_allowed(f'<a href="{html.escape(address)}">x</a>')
