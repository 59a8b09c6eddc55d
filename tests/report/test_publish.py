"""Writing a report: JSON in lines that can be compared."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orr.report.publish import in_lines

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(), JSON, max_size=4), st.booleans())
def test_what_is_written_reads_as_the_same_data(data: dict[str, Any], sort_keys: bool) -> None:
    assert json.loads(in_lines(data, sort_keys=sort_keys)) == data


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ({"a": 1, "b": {"c": [1, 2]}}, ["{", '"a": 1,', '"b": {"c": [1, 2]}', "}"]),
        ({"a": [{"b": 1}, "回滚"], "c": None}, ["{", '"a": [', '{"b": 1},', '"回滚"', "],", '"c": null', "}"]),
        ({"a": []}, ["{", '"a": []', "}"]),
        ({}, ["{}"]),
    ],
    ids=["a line for each value", "a line for each entry", "no entries", "nothing"],
)
def test_each_value_and_each_entry_has_its_line(data: dict[str, Any], lines: list[str]) -> None:
    assert in_lines(data) == "\n".join(lines) + "\n"
