"""The folding of content, and where two texts differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.model.content import Content, canonical, data_text, differing_words, folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.lists(st.text(alphabet="ab", min_size=1), min_size=1), st.sampled_from([" ", "\n", "\t  "]))
def test_white_space_never_changes_a_digest(words: list[str], space: str) -> None:
    assert Content.of("a", space.join(words)).digest == Content.of("a", f" {' '.join(words)}\n").digest


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, id="the order of keys"),
        pytest.param({"a": "x  y\n"}, {"a": "x y"}, id="white space"),
        pytest.param({"a": ["x "]}, {"a": ["x"]}, id="white space in a list"),
    ],
)
def test_canonical_text_leaves_out(one: Any, other: Any) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": "x\ny"}, "a: x y\nb: 1"),
        ({"labels": {"team": "media"}}, "labels:\n  team: media"),
        ({"rules": [{"b": 2, "a": 1}, "x"]}, "rules:\n  - a: 1\n    b: 2\n  - x"),
        ("x", "x"),
        ({"none": [], "empty": {}}, "empty:\nnone:"),
    ],
    ids=["keys in order", "nested", "a list", "a text", "nothing"],
)
def test_data_is_shown_in_lines(value: Any, text: str) -> None:
    assert data_text(value) == text


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("a b", " a\nb ", None),
        ("Yes", "No", ("Yes", "No")),
        (
            "one two three four five six yes",
            "one two three four five six no",
            ("three four five six yes", "three four five six no"),
        ),
        ("a b c", "a c", ("a b c", "a c")),
        ("", "new", ("", "new")),
        ("功能可以随时关闭，不影响数据", "功能不能随时关闭，不影响数据", ("功能可以随时关闭", "功能不能随时关闭")),
    ],
    ids=["white space", "a word", "with the words beside", "one word less", "from nothing", "without spaces"],
)
def test_where_texts_differ(old: str, new: str, words: tuple[str, str] | None) -> None:
    assert differing_words(old, new) == words


@given(st.text(alphabet="ab "), st.text(alphabet="ab "))
def test_texts_differ_where_their_folded_forms_do(old: str, new: str) -> None:
    assert (differing_words(old, new) is None) == (folded(old) == folded(new))
