"""What files that people wrote say is changed; all else of them stays as it is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.source.yaml import parse
from orr.source.yaml.changing import changed_text
from orr.source.yaml.writer import dump

NEW = {"by": "ana", "on": "2026-11-20"}
GONE = object()


def changed(text: str, *at: str, value: Any) -> str | None:
    """Set or remove one key, in the order of the names."""
    wanted = deepcopy(parse(text, ""))
    mapping = wanted
    for key in at[:-1]:
        mapping = mapping.setdefault(key, {})
    mapping.pop(at[-1], None)
    if value is not GONE:
        mapping[at[-1]] = value
        for key in sorted(mapping):
            mapping[key] = mapping.pop(key)
    return changed_text(text, wanted)


def with_new(text: str) -> str | None:
    """Set two keys of `a.b` before its `expires`."""
    data = parse(text, "")
    entry = {**data["a"]["b"], **NEW}
    entry["expires"] = entry.pop("expires")
    return changed_text(text, {**data, "a": {"b": entry}})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "a:\n  b:  # why\n    x: 1\n    expires: z  # then\nc: 2\n",
            "a:\n  b:  # why\n    x: 1\n    by: ana\n    on: 2026-11-20\n    expires: z  # then\nc: 2\n",
            id="on lines of their own",
        ),
        pytest.param(
            "a:\n  b:\n    x: 1  # one\n    # until\n    expires: z\n",
            "a:\n  b:\n    x: 1  # one\n    by: ana\n    on: 2026-11-20\n    # until\n    expires: z\n",
            id="before the comment of what follows",
        ),
        pytest.param(
            "a: {b: {x: 1, expires: z}}\n",
            "a: {b: {x: 1, by: ana, on: 2026-11-20, expires: z}}\n",
            id="between braces",
        ),
        pytest.param(
            "a:\n  b: {x: 1,\n    expires: z}\n",
            "a:\n  b: {x: 1,\n    by: ana, on: 2026-11-20, expires: z}\n",
            id="between braces over several lines",
        ),
        pytest.param(
            "a:\r\n  b:\r\n    expires: z\r\n",
            "a:\r\n  b:\r\n    by: ana\r\n    on: 2026-11-20\r\n    expires: z\r\n",
            id="with the ends of lines that are there",
        ),
        pytest.param(
            "a:\n  b:\n    on: null  # later\n    by: wei\n    expires: z\n",
            "a:\n  b:\n    on: 2026-11-20  # later\n    by: ana\n    expires: z\n",
            id="in the place of others",
        ),
        pytest.param("x: &x {expires: z}\na:\n  b: *x\n", None, id="not where it would change something else"),
    ],
)
def test_keys_are_set_and_all_else_stays(before: str, after: str | None) -> None:
    assert with_new(before) == after


TEXT = """\
# who answers what
team: payments
answers:
    # asked in May
    c/b: {answer: yes, note: "a, b"}  # since 2024

    # asked in March
    c/d:
        answer: no  # not yet
        note: |
            two
            lines
        list:
        - one
repository: ../x  # theirs
"""


@pytest.mark.parametrize(
    ("at", "value", "old", "new"),
    [
        pytest.param(("c/b", "answer"), "no", "answer: yes", "answer: no", id="a word between braces"),
        pytest.param(("c/b", "note"), "c, d", '"a, b"', '"c, d"', id="a text between braces"),
        pytest.param(("c/b", "note"), GONE, ', note: "a, b"', "", id="the last between braces gone"),
        pytest.param(("c/b", "answer"), GONE, "answer: yes, ", "", id="the first between braces gone"),
        pytest.param(("c/d", "answer"), "yes", "no  # not yet", "yes  # not yet", id="a word on a line"),
        pytest.param(
            ("c/d", "note"), "a\nb\n", f"{' ' * 12}two\n{' ' * 12}lines\n", f"{' ' * 10}a\n{' ' * 10}b\n", id="lines"
        ),
        pytest.param(("c/d", "note"), "one", "|\n            two\n            lines\n", "one\n", id="a line for lines"),
        pytest.param(("c/d", "list"), ["two"], "- one\n", "  - two\n", id="a list at the margin of its key"),
        pytest.param(("c/d", "list"), GONE, "        list:\n        - one\n", "", id="a list gone"),
        pytest.param(("c/d",), GONE, TEXT[TEXT.index("    c/d") : TEXT.index("repository")], "", id="an entry gone"),
        pytest.param(
            ("c/c",),
            {"answer": "yes"},
            "\n    # asked in March\n",
            "    c/c:\n      answer: yes\n\n    # asked in March\n",
            id="an entry between others",
        ),
        pytest.param(("c/e",), {"x": 1}, "repository", "    c/e:\n      x: 1\nrepository", id="an entry at the end"),
    ],
)
def test_all_other_lines_stay(at: tuple[str, ...], value: Any, old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert changed(TEXT, "answers", *at, value=value) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("team: a\n", id="no answers yet"),
        pytest.param("team: a\nanswers:\n", id="none"),
        pytest.param("team: a\nanswers: {}", id="an empty mapping, and no line end"),
        pytest.param("{team: a, answers: {c/b: {answer: no}}}\n", id="on one line"),
        pytest.param("{answers: {c/b: {answer: no}}, team: a}\n", id="on one line, and not last"),
        pytest.param("team: a\nanswers: {c/b: {answer: no}, c/c: {answer: no}}  # all\n", id="answers on one line"),
    ],
)
def test_an_entry_is_written_into_any_layout(text: str) -> None:
    read = parse(text, "")
    entries = {"c/a": {"answer": "yes", "by": "ana"}, **(read.pop("answers", None) or {})}
    for names in (list(entries), list(entries)[::-1]):
        wanted = {**read, "answers": {name: entries[name] for name in names}}
        found = changed_text(text, wanted)
        assert found is not None
        assert parse(found, "") == wanted


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12))
@pytest.mark.parametrize("text", ["a:\n  b:\n    expires: z\n", "a: {b: {expires: z}}\n"], ids=["lines", "braces"])
def test_any_text_is_read_back_as_it_was_set(text: str, name: str) -> None:
    wanted = {"a": {"b": {"by": name, "expires": "z"}}}
    found = changed_text(text, wanted)
    assert found is not None
    assert parse(found, "") == wanted


NAMES = st.sampled_from(["c/a", "c/b", "c/c", "c/d"])
WORDS = st.text(max_size=20)
VALUES = st.fixed_dictionaries(
    {"answer": st.sampled_from(["yes", "no"]), "note": WORDS},
    optional={"list": st.lists(WORDS, max_size=2), "plan": st.fixed_dictionaries({"by": WORDS, "due": st.integers()})},
)
ENTRIES = st.dictionaries(NAMES, VALUES)


@given(ENTRIES, ENTRIES)
def test_what_is_read_is_what_was_meant(before: dict[str, Any], after: dict[str, Any]) -> None:
    wanted = {"team": "a", **({"answers": after} if after else {})}
    found = changed_text(dump({"team": "a", **({"answers": before} if before else {})}), wanted)
    assert found is None or parse(found, "") == wanted
    assert found is not None or any(not value for one in (*before.values(), *after.values()) for value in one.values())
