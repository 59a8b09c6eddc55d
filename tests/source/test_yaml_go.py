"""YAML as programs in Go read it: plain words as they are written, and merge keys."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fuzzing import examples

from orr.source.faults import FaultyInput
from orr.source.yaml.go import Plain, boolean, number, read_as_go, text


def data(written: str) -> Any:
    return read_as_go(written, "a.yaml").data


TRUE = "y Y yes Yes YES true True TRUE on On ON"
FALSE = "n N no No NO false False FALSE off Off OFF"


@pytest.mark.parametrize("word", TRUE.split())
def test_words_that_are_true_to_a_boolean_field(word: str) -> None:
    assert boolean(data(f"a: {word}")["a"]) is True
    assert boolean(data(f"a: '{word}'")["a"]) is None


@pytest.mark.parametrize("word", FALSE.split())
def test_words_that_are_false_to_a_boolean_field(word: str) -> None:
    assert boolean(data(f"a: {word}")["a"]) is False
    assert boolean(data(f'a: "{word}"')["a"]) is None


@pytest.mark.parametrize("word", ["1", "0", "yEs", "tRUE", "t", "enabled", "$X", "~", "[yes]", "{}", "!!str yes"])
def test_what_is_no_boolean_to_a_field_that_asks_for_one(word: str) -> None:
    assert boolean(data(f"a: {word}")["a"]) is None


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("99.9", 99.9), ("99", 99.0), ("-1", -1.0), ("+1", 1.0), (".5", 0.5), ("1e3", 1000.0), ("1_000", 1000.0),
        ("0", 0.0), ("0.999", 0.999), ("!!float 1", 1.0),
        ("'99'", None), ("012", None), ("0.1.2", None), ("0x1f", None), (".inf", None), (".nan", None), ("1:30", None),
        ("1e999", None), ("9" * 50, None), ("yes", None), ("~", None),
    ],
)  # fmt: skip
def test_numbers_are_those_on_which_all_versions_agree(word: str, value: float | None) -> None:
    assert number(data(f"a: {word}")["a"]) == value


@pytest.mark.parametrize(
    ("word", "written"),
    [("yes", "yes"), ("007", "007"), ("1.10", "1.10"), ("'a'", "a"), ("~", ""), ("", ""), ("null", ""), ("[a]", "")],
)
def test_a_text_is_what_is_written(word: str, written: str) -> None:
    assert text(data(f"a: {word}")["a"]) == written


BASE = "base: &b {x: 1, y: 2}\nother: &o {x: 3, z: 4}\n"


@pytest.mark.parametrize(
    ("mapping", "merged", "disputed"),
    [
        ("{<<: *b}", {"x": "1", "y": "2"}, []),
        ("{<<: *b, x: 5}", {"x": "5", "y": "2"}, []),
        ("{x: 5, <<: *b}", {"x": "5", "y": "2"}, ["x"]),
        ("{x: 1, <<: *b}", {"x": "1", "y": "2"}, []),
        ("{<<: [*b, *o]}", {"x": "1", "y": "2", "z": "4"}, []),
        ("{<<: [*o, *b], y: 9}", {"x": "3", "y": "9", "z": "4"}, []),
        ("{!!merge <<: *b}", {"x": "1", "y": "2"}, []),
        ("{'<<': *b}", {"<<": {"x": "1", "y": "2"}}, []),
        ("{<<: {}}", {}, []),
        ("{<<: []}", {}, []),
    ],
)
def test_a_mapping_takes_in_what_it_merges(mapping: str, merged: dict[str, Any], disputed: list[str]) -> None:
    read = read_as_go(f"{BASE}a: {mapping}\n", "a.yaml")
    assert read.data["a"] == merged
    assert read.disputed == tuple(("a", key) for key in disputed)


@pytest.mark.parametrize("given", ["1", "[1]", "~", "[*b, x]"])
def test_only_mappings_are_merged(given: str) -> None:
    with pytest.raises(FaultyInput, match=r"a.yaml:3:5: `<<` merges mappings"):
        read_as_go(f"{BASE}a: {{<<: {given}}}\n", "a.yaml")


def test_an_anchor_holds_what_its_mapping_merged() -> None:
    assert data(f"{BASE}a: &a {{<<: *b, z: 3}}\nc: {{<<: *a}}")["c"] == {"x": "1", "y": "2", "z": "3"}


def test_many_aliases_are_read_as_long_as_they_lead_to_little() -> None:
    assert len(data("a: &a {x: 1}\nb: [" + "{<<: *a}, " * 5_000 + "]")["b"]) == 5_000
    doubled = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))
    with pytest.raises(FaultyInput, match="more than 400000 values"):
        data(doubled)


def test_texts_that_stand_line_by_line_are_known() -> None:
    read = read_as_go("a: |\n  x\nb: >\n  x\nc: x\n", "a.yaml")
    assert read.blocks == {("a",)}


_piece = st.sampled_from(
    ["a: ", "- ", "<<: ", "*x", "&x ", "{", "}", "[", "]", ", ", "\n", "  ", "yes", "1", "'<<': ", "!!merge ", "~"]
)


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_piece, max_size=25).map("".join)))
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        read = read_as_go(written, "a.yaml")
    except FaultyInput:
        return
    waiting = [read.data]
    while waiting:
        one = waiting.pop()
        assert one is None or isinstance(one, (str, Plain, dict, list))
        waiting += one.values() if isinstance(one, dict) else one if isinstance(one, list) else []
