"""The base of all errors: words in every language, and a way from one process to another."""

from __future__ import annotations

import pickle

import pytest

from orr.history import HistoryUnavailable
from orr.messages import say
from orr.messages.errors import BadArgument, OrrError
from orr.source.faults import Fault, FaultyInput, Place
from orr.workspace.saving import NotSaved

WHY = say("argument.day", name="today", value="'soon'")
FAULTY = FaultyInput([Fault("a.yaml", Place(line, 1), say("file.workspace.none"), WHY) for line in (2, 1)])


def test_an_error_reads_in_english_and_in_any_language() -> None:
    assert (
        str(OrrError(WHY))
        == OrrError(WHY).in_words("en")
        == "today is 'soon'; write a day of the years 1900 to 9000 as YYYY-MM-DD"
    )
    assert OrrError(WHY).in_words("zh-CN") == "today 是 'soon'；请按 YYYY-MM-DD 写 1900 年至 9000 年间的日期"
    assert OrrError("as it is").in_words("zh-CN") == "as it is"
    assert OrrError({"en": "one", "zh-CN": "一"}).in_words("zh-CN") == "一"


def test_faults_are_a_line_each_in_order_of_place() -> None:
    assert [line.split(":")[1] for line in str(FAULTY).splitlines()] == ["1", "2"]
    assert all("请按" in line for line in FAULTY.in_words("zh-CN").splitlines())


def test_a_bad_argument_is_a_value_error_too() -> None:
    with pytest.raises(ValueError, match="today is 'soon'"):
        raise BadArgument(WHY)


@pytest.mark.parametrize(
    ("error", "attributes"),
    [
        (BadArgument(WHY), {"why": WHY}),
        (HistoryUnavailable(WHY, by_choice=True), {"why": WHY, "by_choice": True}),
        (NotSaved(WHY, None, {("answers", "a/b"): (1, 2)}), {"conflicts": {("answers", "a/b"): (1, 2)}}),
        (FAULTY, {"faults": FAULTY.faults}),
    ],
    ids=["reason", "keyword", "three", "faults"],
)
def test_an_error_travels_between_processes_with_all_that_it_knows(
    error: OrrError, attributes: dict[str, object]
) -> None:
    there = pickle.loads(pickle.dumps(error))
    assert type(there) is type(error)
    assert str(there) == str(error)
    assert {name: getattr(there, name) for name in attributes} == attributes
