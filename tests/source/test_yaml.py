"""YAML 1.2 in, plain data out; and every fault at its place."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.strategies import plain

from orr.source.faults import MAX_FAULTS, FaultyInput
from orr.source.yaml import MAX_BYTES, decode, parse, places
from orr.source.yaml.writer import dump


def faults(text: str) -> list[str]:
    with pytest.raises(FaultyInput) as caught:
        parse(text, "f.yaml")
    return [fault.in_words("en") for fault in caught.value.faults]


def the_fault(text: str) -> str:
    (only,) = faults(text)
    return only


# Words and numbers


@pytest.mark.parametrize(
    "word",
    [
        "yes",
        "Yes",
        "no",
        "NO",
        "on",
        "off",
        "y",
        "n",
        "tRUE",
        "nULL",
        "none",
        "2026-11-28",
        "2026-11-28T09:00+08:00",
        "12:30",
        "1_000",
        "0b101",
        "0O17",
        "0X1F",
        "0xg",
        "-0x1",
        "+0o7",
        "1e",
        ".",
        "+",
        "e3",
        "+.nan",
        ".Nan",
        "inf",
        "=",
        "<<",
    ],
)
def test_what_only_yaml_1_1_took_for_something_else_is_a_word(word: str) -> None:
    assert parse(f"a: {word}", "f") == {"a": word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("FALSE", False),
        ("null", None),
        ("Null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-12", -12),
        ("+12", 12),
        ("012", 12),
        ("0o17", 15),
        ("0x1F", 31),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("-1.5E-2", -0.015),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("+.Inf", math.inf),
        ("'12'", "12"),
        ('"true"', "true"),
        ("! 12", "12"),
        ('! "12"', "12"),
        ("!!str 12", "12"),
        ('!!int "12"', 12),
        ("!!float 1", 1.0),
        ("|\n  12\n", "12\n"),
        ("[]", []),
        ("{}", {}),
    ],
)
def test_the_core_schema_decides_what_a_value_is(text: str, value: object) -> None:
    read = parse(f"a: {text}", "f")["a"]
    assert (read, type(read)) == (value, type(value))


def test_a_nan_is_a_number() -> None:
    assert math.isnan(parse("a: .NaN", "f")["a"])


@pytest.mark.parametrize("digits", ["9" * 5000, "0x" + "f" * 90, "-" + "9" * 100])
def test_a_number_of_more_digits_than_anyone_counts_stays_text(digits: str) -> None:
    assert parse(f"a: {digits}", "f") == {"a": digits}


# Documents as a whole


@pytest.mark.parametrize(
    "text", ["a: 1\r\nb: 2\r\n", "\ufeffa: 1\nb: 2", "---\na: 1\nb: 2\n...\n", "%YAML 1.2\n---\n{a: 1, b: 2}"]
)
def test_a_mark_line_ends_and_document_marks_make_no_difference(text: str) -> None:
    assert parse(text, "f") == {"a": 1, "b": 2}


def test_the_bytes_may_begin_with_a_byte_order_mark() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", "f") == "a: 1"


@pytest.mark.parametrize("text", ["", "  \n", "# only a comment\n", "---", "--- ~\n", "null", "\ufeff"])
def test_an_empty_document_is_a_fault(text: str) -> None:
    assert the_fault(text).startswith("f.yaml:1:1: the file holds no data; ")


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        pytest.param("a: 1\n---\nb: 2\n", "2:1", "second document", id="two documents"),
        pytest.param("a: 1\nb: 2\na: 3\n", "3:1", "the key a stands twice", id="equal keys"),
        pytest.param('a: 1\n"a": 2\n', "2:1", "the key a stands twice", id="equal keys in other quotes"),
        pytest.param("a:\n  - {b: 1, b: 2}\n", "2:12", "the key b stands twice", id="equal keys below"),
        pytest.param("a: 1\n\tb: 2\n", "2:1", "a tab is used as indentation", id="tab"),
        pytest.param("a:\n  b: 1\n  \tc: 2\n", "3:3", "a tab is used as indentation", id="tab after spaces"),
        pytest.param("1: a\n", "1:1", "the key 1 is not a string", id="number as key"),
        pytest.param("a:\n  true: x\n", "2:3", "the key true is not a string", id="boolean as key"),
        pytest.param("? [a]\n: 1\n", "1:3", "the key […] is not a string", id="list as key"),
        pytest.param("{a: 1}: 1\n", "1:1", "the key {…} is not a string", id="mapping as key"),
        pytest.param(
            "{?a: 1}\n", "1:3", "the key a stands right after a question mark", id="question mark before a key"
        ),
        pytest.param("a: &b:c d\n", "1:4", "the name b is followed by a colon", id="colon in an anchor"),
        pytest.param("a: !x y\n", "1:4", "the tag !x is not read", id="own tag"),
        pytest.param("a: !!python/object/apply:os.system [ls]\n", "1:4", "is not read", id="tag of a language"),
        pytest.param("a: !!int many\n", "1:4", "int is not read", id="tag that its value does not fit"),
        pytest.param("a: !!bool yes\n", "1:4", "bool is not read", id="yes is no boolean, whatever its tag"),
        pytest.param("a: !!seq {}\n", "1:4", "seq is not read", id="mapping tagged as a list"),
        pytest.param("a: *b\n", "1:4", "the alias *b has no anchor", id="alias of nothing"),
        pytest.param("a: &a [*a]\n", "1:8", "the alias *a has no anchor", id="alias of itself"),
        pytest.param("a: b\x85c\n", "1:5", "the control character U+0085", id="next line, an end of line to libyaml"),
        pytest.param("a: 1\nb: c\u2028d\n", "2:5", "the control character U+2028", id="line separator likewise"),
        pytest.param("# x\n\ufeff# a\n", "2:1", "the control character U+FEFF", id="byte-order mark within"),
        pytest.param("a: b\x07\n", "1:5", "the control character U+0007", id="control character"),
        pytest.param("a: 1\nb: \ud800\n", "2:4", "the control character U+D800", id="half a surrogate pair"),
        pytest.param("a: [1, 2\n", "2:1", "this is not YAML", id="open bracket"),
        pytest.param("a: b: c\n", "1:5", "this is not YAML", id="two colons"),
        pytest.param("中文: 「x」\n值: b: c\n", "2:5", "this is not YAML", id="columns are characters, not bytes"),
    ],
)
def test_a_fault_names_its_place_and_what_is_wrong(text: str, place: str, words: str) -> None:
    said = the_fault(text)
    assert said.startswith(f"f.yaml:{place}: ")
    assert words in said


def test_keys_within_keys_are_refused_in_few_words() -> None:
    said = faults("? " * 30 + "a\n")
    assert len(said) == 29
    assert max(len(one) for one in said) < 100


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    told = faults("a: 1\n2: b\na: !x y\nc: *d\n")
    assert [said.split(": ")[0] for said in told] == ["f.yaml:2:1", "f.yaml:3:1", "f.yaml:3:4", "f.yaml:4:4"]


def test_a_fault_is_one_line_that_steers_no_terminal() -> None:
    (said,) = faults('"\\e[2J\\nx\\u2028": 1\n"\\e[2J\\nx\\u2028": 2\n')
    assert said.isprintable()


def test_a_fault_quotes_no_more_of_the_file_than_a_line() -> None:
    assert len(the_fault("? " + "k" * 100_000 + "\n: 1\n? " + "k" * 100_000 + "\n: 2\n")) < 200


@pytest.mark.parametrize(
    ("raw", "place", "words"),
    [
        pytest.param(b"a: 1\nb: \xff\n", "2:4", "byte 0xff is not UTF-8", id="latin-1"),
        pytest.param("a: ü".encode("utf-16"), "1:1", "is not UTF-8", id="utf-16"),
        pytest.param("é: ".encode() + b"\xc3", "1:4", "byte 0xc3 is not UTF-8", id="cut in a character"),
        pytest.param(b"\xed\xa0\x80", "1:1", "is not UTF-8", id="surrogate"),
        pytest.param(b"a" * (MAX_BYTES + 1), "1:1", f"more than the {MAX_BYTES}", id="too large"),
    ],
)
def test_bytes_that_are_no_text_are_a_fault(raw: bytes, place: str, words: str) -> None:
    with pytest.raises(FaultyInput) as caught:
        decode(raw, "f.yaml")
    assert str(caught.value).startswith(f"f.yaml:{place}: ")
    assert words in str(caught.value)


# Bounds


def laughs(width: int, levels: int) -> str:
    lines = ["a0: &a0 [" + ",".join("x" * width) + "]"]
    lines += [f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[" * 10_000 + "]" * 10_000, "nested more than 40 deep", id="deep lists on one line"),
        pytest.param("{a: " * 10_000 + "1" + "}" * 10_000, "nested more than 40 deep", id="deep mappings on one line"),
        pytest.param("- " * 10_000 + "x", "nested more than 40 deep", id="deep lists in a block"),
        pytest.param(
            "\n".join(" " * n + "a:" for n in range(2000)), "nested more than 40 deep", id="deep mappings in a block"
        ),
        pytest.param("? " * 10_000 + "x", "nested more than 40 deep", id="deep keys"),
        pytest.param(laughs(9, 10), "more than 400000 values", id="a billion laughs"),
        pytest.param("a: &a x\nb: [" + ",".join(["*a"] * 101) + "]", "more than 100 aliases", id="many aliases"),
        pytest.param("[" + "1," * 500_000 + "]", "more than 400000 values", id="many values"),
        pytest.param("? " + laughs(9, 5).replace("\n", "\n  ") + "\n: 1", "is not a string", id="laughs in a key"),
    ],
)
def test_what_is_out_of_bounds_is_refused_soon(text: str, words: str) -> None:
    assert words in "\n".join(faults(text))


def test_of_very_many_faults_the_first_are_named_and_that_there_are_more() -> None:
    said = faults("1: a\n" * 5_000)
    assert len(said) == MAX_FAULTS + 1
    assert said[-1].startswith("f.yaml:1001:1: more than 1000 faults; the others are not named; ")


def test_deep_values_count_as_several() -> None:
    assert "more than 400000 values" in the_fault("[" * 38 + "1," * 140_000 + "]" * 38)
    assert parse("[" * 15 + "1," * 140_000 + "]" * 15, "f")


def test_aliases_within_bounds_stand_for_their_value() -> None:
    assert parse("a: &x {b: [1]}\nc: *x\n&k d: *k\n", "f") == {"a": {"b": [1]}, "c": {"b": [1]}, "d": "d"}


def test_nesting_up_to_the_bound_is_read() -> None:
    assert parse("[" * 40 + "]" * 40, "f")


# Places


def test_every_key_and_entry_has_its_place() -> None:
    found = places("a: 1\nb:\n  - x\n  - {c: 1, d: [2, 3]}\n'e f':\n    g: |\n      text\n")
    at = {"/".join(map(str, path)): (place.line, place.column) for path, place in found.items()}
    assert at == {
        "a": (1, 1),
        "b": (2, 1),
        "b/0": (3, 5),
        "b/1": (4, 5),
        "b/1/c": (4, 6),
        "b/1/d": (4, 12),
        "b/1/d/0": (4, 16),
        "b/1/d/1": (4, 19),
        "e f": (5, 1),
        "e f/g": (6, 5),
    }


@given(plain)
def test_a_place_points_at_the_key_that_stands_there(data: Any) -> None:
    text = dump({"root": data})
    lines = text.split("\n")
    for path, place in places(text).items():
        key = path[-1]
        if isinstance(key, str) and key.isalnum() and key.isascii():
            assert lines[place.line - 1][place.column - 1 :].strip("'\"? ").startswith(key)


# Writing


@given(plain)
def test_what_is_written_reads_back_the_same(data: Any) -> None:
    read = parse(dump({"data": data}), "f")["data"]
    assert repr(read) == repr(data)


def test_writing_keeps_the_order_and_a_line_per_text() -> None:
    text = dump({"b": ["x", {"c": "no"}], "a": "two\nlines\n", "long": "word " * 60})
    assert text == "b:\n  - x\n  - c: no\na: |\n  two\n  lines\nlong: '" + "word " * 60 + "'\n"


# What the language offers, and where libyaml and its specification part


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("one two\n  three\n\n  four\n", "one two three\nfour", id="plain text over lines"),
        pytest.param("'it''s\n  here'\n", "it's here", id="single quotes"),
        pytest.param('"tab\\t, \\u4e0a and \\\n  on"\n', "tab\t, 上 and on", id="double quotes"),
        pytest.param("|\n  one\n   two\n\n  three\n\n", "one\n two\n\nthree\n", id="kept lines"),
        pytest.param("|-\n  one\n", "one", id="kept lines without the last break"),
        pytest.param("|+\n  one\n\n", "one\n\n", id="kept lines with all breaks"),
        pytest.param("|2\n   one\n", " one\n", id="kept lines that begin with a space"),
        pytest.param(">\n  one\n  two\n\n  three\n    four\n", "one two\nthree\n  four\n", id="folded lines"),
        pytest.param("|\n  # no comment\n  a: b\n", "# no comment\na: b\n", id="text that looks like YAML"),
        pytest.param("- a\n-\n  - b\n- - c\n", ["a", ["b"], ["c"]], id="lists in lists"),
        pytest.param(
            "- a: 1\n  b: 2\n- {c: 3,\n  d: [4,\n  5]}\n", [{"a": 1, "b": 2}, {"c": 3, "d": [4, 5]}], id="mix"
        ),
        pytest.param("a:\n- 1\nb:\n", {"a": [1], "b": None}, id="a list that stands no deeper than its key"),
        pytest.param("? a\n: 1\n? b\n", {"a": 1, "b": None}, id="keys with question marks"),
        pytest.param("{a, b: , 'c':1}", {"a": None, "b": None, "c": 1}, id="keys without values"),
        pytest.param("[a: 1, b]", [{"a": 1}, "b"], id="a pair in a list"),
        pytest.param("&x a: &y [1]\nb: *y\n", {"a": [1], "b": [1]}, id="anchors"),
        pytest.param("a: 1 # one\n# two\nb: x#y\n", {"a": 1, "b": "x#y"}, id="comments"),
        pytest.param("a:b: http://x/#y\n", {"a:b": "http://x/#y"}, id="colons within words"),
        pytest.param("!!map {a: !!seq [!!null '']}\n", {"a": [None]}, id="tags of the core schema"),
        pytest.param("%TAG ! tag:yaml.org,2002:\n---\n- !int '1'\n", [1], id="a handle of one's own for them"),
        pytest.param("- 中文: 「引号」\n- é\n", [{"中文": "「引号」"}, "é"], id="text of any script"),
    ],
)
def test_all_that_yaml_offers_for_plain_data_is_read(text: str, value: object) -> None:
    assert parse(text, "f") == value


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: 'x\n", id="an open quote"),
        pytest.param('a: "\\q"\n', id="an escape that is none"),
        pytest.param('a: "x" y\n', id="words after a quote"),
        pytest.param("a: |x\n  b\n", id="a sign of a text that is none"),
        pytest.param("a: {b: 1}}\n", id="a bracket too many"),
        pytest.param("a: [b,, c]\n", id="an entry of nothing"),
        pytest.param("a:\n  - b\n - c\n", id="a list that comes back half way"),
        pytest.param("a: - b\n", id="a list beside its key"),
        pytest.param("a: &x &y b\n", id="two anchors"),
        pytest.param("a: @b\n", id="a reserved sign"),
        pytest.param("a: %b\n", id="a sign of directives"),
        pytest.param("%YAML 1.2\n%YAML 1.2\n---\na: 1\n", id="a directive twice"),
        pytest.param("%YAML 1.2\na: 1\n", id="a directive without a document"),
        pytest.param("a: !h!x b\n", id="a handle that nobody declared"),
        pytest.param("- a\nb: 1\n", id="a key in a list"),
        pytest.param("a: 1\n- b\n", id="an entry in a mapping"),
    ],
)
def test_what_is_no_yaml_is_a_fault(text: str) -> None:
    assert "this is not YAML" in the_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("%ORR 1\n---\na: 1\n", id="a directive kept for later versions"),
        pytest.param("&x: a: 1\n", id="a colon in an anchor"),
        pytest.param(
            "%TAG !! tag:example.com,2026:\n---\na: !!int 1\n", id="a tag of somebody else that looks like ours"
        ),
    ],
)
def test_what_libyaml_refuses_and_the_specification_does_not_is_a_fault_and_never_misread(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("a: [1,\n2\n]\n", [1, 2], id="a list that goes on at the margin"),
        pytest.param("a: [1, 2,#none\n]\n", [1, 2], id="a comment right after a comma"),
        pytest.param('a: "x"# none\n', "x", id="a comment right after a quote"),
        pytest.param("a: [-]\n", ["-"], id="a dash in brackets"),
        pytest.param('a: "x\n\ty"\n', "x y", id="a tab before quoted text that goes on"),
    ],
)
def test_what_libyaml_reads_and_the_specification_refuses_is_read_as_it_was_meant(text: str, value: object) -> None:
    assert parse(text, "f") == {"a": value}


PIECES = st.sampled_from(
    ["a", ": ", "- ", "? ", "\n", "  ", "\t", "[", "]", "{", "}", ", ", "&a ", "*a", "!", "!!", "|", ">", "'", '"', "#",
     "%YAML 1.2\n", "---\n", "...\n", "\\", "0x", "\x00", "\ufeff", "é", "🚀"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join).map(str.encode) | st.binary(max_size=30))
def test_any_file_is_read_or_is_a_fault_that_can_be_shown(raw: bytes) -> None:
    try:
        parse(decode(raw, "f"), "f")
    except FaultyInput as faulty:
        told = [fault.in_words(language) for fault in faulty.faults for language in ("en", "zh-CN")]
        assert told
        assert all(said.isprintable() for said in told)
