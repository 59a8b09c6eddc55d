"""Cleaning of other people's text."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.messages.cleaning import clean, json_text, one_line

STEERS = [
    pytest.param("\x1b[2J", id="an escape sequence"),
    pytest.param("\x9b2J", id="an escape sequence in one character"),
    pytest.param("\x1b]8;;https://evil.example\x07", id="a link of a terminal"),
    pytest.param("\x00", id="nul"),
    pytest.param("\x08", id="a backspace"),
    pytest.param("\x7f", id="a delete"),
    pytest.param("\u202e", id="an override of the direction"),
    pytest.param("\u2067", id="an isolate"),
    pytest.param("\ud800", id="half a pair"),
    pytest.param("\uffff", id="no character"),
]


def steers(text: str) -> bool:
    return any(
        (unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and sign not in "\t\n")
        or unicodedata.bidirectional(sign) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for sign in text
    )


@pytest.mark.parametrize("text", STEERS)
def test_what_steers_is_replaced(text: str) -> None:
    assert not steers(clean(text))
    assert "\N{REPLACEMENT CHARACTER}" in clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "二 行\n\t第二",
        "שלום\u200f!",
        "مرحبا",
        "👩\u200d💻",
        "e\u0301",
        "a\u00a0b",
        "\N{REPLACEMENT CHARACTER}",
    ],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_a_line_feed(end: str) -> None:
    assert clean(f"a{end}b") == "a\nb"
    assert one_line(f" a{end}\tb{end}") == "a b"


@given(st.text())
def test_cleaning_is_thorough_and_done_once(text: str) -> None:
    assert not steers(clean(text))
    assert clean(clean(text)) == clean(text)
    assert len(one_line(text).splitlines()) <= 1


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_json_for_a_terminal_means_what_it_meant(text: str) -> None:
    written = json_text({"key": [text]})
    assert json.loads(written) == {"key": [text]}
    assert not steers(written)
