"""Setting keys in files that people wrote."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.source.yaml import parse
from orr.source.yaml.inserting import with_keys

NEW = {"by": "ana", "on": "2026-11-20"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            "a:\n  b:  # why\n    x: 1\n    expires: z  # then\nc: 2\n",
            "a:\n  b:  # why\n    x: 1\n    by: ana\n    on: 2026-11-20\n    expires: z  # then\nc: 2\n",
            id="on lines of their own",
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
    assert with_keys(before, ("a", "b"), "expires", NEW) == after


@given(name=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=12))
@pytest.mark.parametrize("text", ["a:\n  b:\n    expires: z\n", "a: {b: {expires: z}}\n"], ids=["lines", "braces"])
def test_any_text_is_read_back_as_it_was_set(text: str, name: str) -> None:
    changed = with_keys(text, ("a", "b"), "expires", {"by": name})
    assert changed is not None
    assert parse(changed, "") == {"a": {"b": {"by": name, "expires": "z"}}}
