"""The folding of content, and where two texts differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.model.content import Content, by_key, canonical, data_text, differences, differing_words, folded


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


@pytest.mark.parametrize(
    ("value", "keys"),
    [
        (
            {"note": "so: it is", "plan": {"due": "d", "who": ["a", "b"]}},
            {"note": "so: it is", "plan.due": "d", "plan.who": "a, b"},
        ),
        (
            {"checks": [{"check": "files", "paths": ["x", "y"]}, {"check": "http"}]},
            {"checks.check": "files, http", "checks.paths": "x, y"},
        ),
        ({"a": {"b": {"c": 1}}, "d": 2}, {"a.b.c": "1", "d": "2"}),
        (["internal", "public"], {}),
        ("Stop the traffic.", {}),
    ],
    ids=["an answer", "a list of mappings", "depths", "a list", "a text"],
)
def test_data_is_read_again_by_its_keys(value: object, keys: dict[str, str]) -> None:
    assert by_key(data_text(value)) == keys


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("answer: yes\nnote: Yes", "answer: no\nnote: Yes", (("answer", "yes", "no"),)),
        ("answer: yes", "answer: yes\nnote: So", (("note", "", "So"),)),
        ("answer: yes\nnote: It is th…", "answer: yes\nby: wei\nnote: It is there", ()),
        (
            "answer: yes\nnote: It is th…",
            "answer: no\nnote: It was there",
            (("answer", "yes", "no"), ("note", "It is th", "It was t")),
        ),
        ("Stop it, then…", "Stop it, and hope", (("", "Stop it, then", "Stop it, and"),)),
        ("a: 1\nb: 2", "b: 2\n\na:   1", ()),
    ],
    ids=["a value", "a key more", "only what is left", "the last one is cut", "a text that is cut", "in another form"],
)
def test_what_differs_is_named_by_its_key(old: str, new: str, found: object) -> None:
    assert differences(old, new) == found
