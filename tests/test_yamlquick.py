"""A quicker reading of YAML, which is taken only where it is the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fuzzing import CHANGES, changed, examples
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import plain

from orr import yamlquick
from orr.yamlquick import NOT_READ, quick
from orr.yamlreader import read, read_with_places
from orr.yamlschema import MAX_DEPTH
from orr.yamlwriter import dump

ROOT = Path(__file__).parents[1]
REVIEW = (ROOT / "workloads" / "checkout" / "review.yaml").read_text(encoding="utf-8")
SUITES = ["yaml-js-yaml", "yaml-pyyaml", "yaml-schema-1.1-vs-1.2", "yaml-test-suite"]
PIECES = st.sampled_from(
    (
        *("a", "b", "key", "- ", "? ", ": ", ":", ", ", ",", "{", "}", "[", "]", "'", '"', "|", "|-", ">", ">+", "\n"),
        *("\n  ", "\n    ", " ", "\t", "\r\n", "\x85", "\u2028", "\ufeff", "\x00", "\x7f", "\ud800", "😀", "\\x41"),
        *("# c", " # c", "---\n", "...", "%YAML 1.2\n", "&a ", "*a", "!x ", "<<", "~", "null", "true", "yes", "''"),
        *('""', "0", "010", "0x1", "0b1", "-1", "+1", "1_0", "1.5", "1e3", "1e999", ".5", ".inf", "9" * 30),
        "2026-11-20",
    )
)


def holds(text: str) -> bool:
    """Whether the text is read quickly; it must be read in full the same way then."""
    data = quick(text)
    if data is NOT_READ:
        return False
    in_full, _ = read_with_places(text, "f.yaml")
    assert repr(in_full) == repr(data)
    return True


@settings(max_examples=examples(1000))
@given(st.lists(PIECES, max_size=14).map("".join))
def test_what_is_read_quickly_of_any_pieces_is_what_is_read_in_full(text: str) -> None:
    holds(text)


@settings(max_examples=examples(300))
@given(plain)
def test_what_is_read_quickly_of_any_data_is_what_is_read_in_full(data: Any) -> None:
    holds(dump({"data": data}))


@settings(max_examples=examples(60))
@given(CHANGES)
def test_what_is_read_quickly_of_a_changed_review_is_what_is_read_in_full(
    changes: list[tuple[int, int, int, str]],
) -> None:
    holds(changed(REVIEW, changes))


@pytest.mark.parametrize("path", sorted(ROOT.glob("workloads/*/review.yaml")), ids=lambda path: path.parent.name)
def test_a_review_is_read_quickly(path: Path) -> None:
    assert holds(path.read_text(encoding="utf-8"))


def test_files_that_try_readers_are_read_quickly_only_as_in_full(shared_data: Path) -> None:
    quickly = 0
    for path in (file for suite in SUITES for file in (shared_data / suite / "data").rglob("*") if file.is_file()):
        try:
            quickly += holds(path.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
    assert quickly > 100


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "null\n",
        "a: 1\na: 2\n",
        "a: [1\n",
        "--- a\n--- b\n",
        "a: &here b\nc: *here\n",
        "a: !!str b\n",
        "\ufeffa: b\n",
        "1: a\n",
        "true: a\n",
        "'1': a\n",
        "a: 010\n",
        "a: '010'\n",
        "a: 'true'\n",
        "a: ''\n",
        "a: 0x10\n",
        "a: 0b10\n",
        "a: 1.50\n",
        "a: 1e999\n",
        "a: " + "9" * 30 + "\n",
        "? [a]\n: b\n",
        "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
        "[" * 100_000,
        "a: \ud800\n",
        "a: \x07\n",
        "a: " + "b" * 200_000 + "\n",
    ],
    ids=lambda text: repr(text[:24]),
)
def test_what_may_mean_something_else_or_is_faulty_is_left_to_be_read_in_full(text: str) -> None:
    assert quick(text) is NOT_READ


def test_without_the_package_everything_is_read_in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yamlquick, "ryaml", None)
    assert quick("a: b\n") is NOT_READ
    assert read("a: b\n", "f.yaml") == {"a": "b"}


def test_a_reader_that_fails_in_its_own_way_is_not_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    class Panics:
        def loads(self, _: str) -> Any:
            raise BaseException("it gave up")  # as a panic of Rust does

    monkeypatch.setattr(yamlquick, "ryaml", Panics())
    assert read("a: b\n", "f.yaml") == {"a": "b"}


def test_an_interrupt_is_not_taken_for_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted:
        def loads(self, _: str) -> Any:
            raise KeyboardInterrupt

    monkeypatch.setattr(yamlquick, "ryaml", Interrupted())
    with pytest.raises(KeyboardInterrupt):
        quick("a: b\n")
