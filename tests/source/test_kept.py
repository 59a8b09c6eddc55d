"""Words of a review as plain data, and back."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT

from orr.model.base import Record
from orr.model.checklist import Checklist, CheckSpec, Risk
from orr.model.review import OrganizationAnswers, Review, TeamAnswers
from orr.model.settings import Settings
from orr.model.workload import Workload
from orr.source.file import InputFile
from orr.source.kept import from_plain, to_plain

KINDS: dict[str, type[Record]] = {
    "orr.yaml": Settings,
    "organization.yaml": OrganizationAnswers,
    "checklists/*.yaml": Checklist,
    "teams/*.yaml": TeamAnswers,
    "workloads/*/workload.yaml": Workload,
    "workloads/*/review.yaml": Review,
}
EXAMPLES = [(path, kind) for pattern, kind in KINDS.items() for path in sorted(ROOT.glob(pattern))]

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
    | st.datetimes(timezones=st.none() | st.just(UTC)).map(lambda moment: moment.replace(fold=0))
    | st.sampled_from(Risk),
    lambda below: st.lists(below, max_size=3) | st.lists(below, max_size=3).map(tuple)
    | st.dictionaries(st.text(), below, max_size=3)
    | st.builds(CheckSpec, check=st.text(), parameters=st.dictionaries(st.text(), below, max_size=2)),
)  # fmt: skip


def back(value: Any) -> Any:
    return from_plain(json.loads(json.dumps(to_plain(value))))


@pytest.mark.parametrize(("path", "kind"), EXAMPLES, ids=[path.relative_to(ROOT).as_posix() for path, _ in EXAMPLES])
def test_a_file_is_the_same_after_it_was_plain_data(path: Path, kind: type[Record]) -> None:
    model = InputFile(path, path.name, path.read_bytes()).read_as(kind)
    assert back(model) == model


@given(values)
def test_whatever_a_word_may_hold_comes_back_with_its_type(value: Any) -> None:
    assert repr(back(value)) == repr(value)


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", Path("x")], ids=lambda value: type(value).__name__)
def test_what_no_word_holds_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        to_plain(value)


@pytest.mark.parametrize(
    "data", [["eval", "1"], ["Record", {}], ["str", "x"], [], ["date", "x"], ["date", 1], ["Risk", "x"], ["dict", []]]
)
def test_nothing_else_is_made(data: object) -> None:
    with pytest.raises((LookupError, TypeError, ValueError, AttributeError)):
        from_plain(data)


def test_a_day_and_a_time_are_not_confused() -> None:
    assert [type(back(one)) for one in (date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC))] == [date, datetime]
