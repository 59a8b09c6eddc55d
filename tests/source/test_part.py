"""The part of a faulty file that is without faults."""

from __future__ import annotations

from pathlib import Path

import pytest

from orr.model.review import Review
from orr.source.faults import Place
from orr.source.file import InputFile
from orr.source.part import part_of

GOOD = "{answer: yes, by: wei, on: 2026-11-20}"


def review(text: str) -> InputFile:
    return InputFile(Path("r.yaml"), "r.yaml", text.encode())


@pytest.mark.parametrize(
    ("text", "answers", "roles"),
    [
        (f"review: a\nanswers:\n  c/x: 3\n  c/y: {GOOD}\n", ["c/y"], []),
        (f"review: a\nansers: 3\nanswers:\n  c/y: {GOOD}\n", ["c/y"], []),
        (f"review: a\nanswers:\n  c/y: {GOOD[:-1]}, colour: red}}\n", ["c/y"], []),
        (f"review: [a]\nanswers:\n  c/y: {GOOD}\n", ["c/y"], []),
        (f"answers:\n  c/y: {GOOD}\nsign_offs: [3, {{role: ops}}]\n", ["c/y"], []),
        ("review: a\nanswers: 3\n", [], []),
    ],
    ids=["an answer", "a key", "a key of an answer", "a wrong name", "no name, votes", "all answers"],
)
def test_what_is_faulty_is_left_out_with_no_more_around_it_than_must_be(
    text: str, answers: list[str], roles: list[str]
) -> None:
    made = part_of(review(text), Review, {"review": "b"})
    assert made is not None
    assert list(made[1].answers) == answers
    assert [vote.role for vote in made[1].sign_offs] == roles


@pytest.mark.parametrize("text", ["review: [", "- a\n", "", "3"], ids=["syntax", "list", "empty", "number"])
def test_what_is_no_mapping_has_no_part(text: str) -> None:
    assert part_of(review(text), Review, {"review": "b"}) is None


def test_what_cannot_be_left_out_leaves_no_part() -> None:
    assert part_of(review("answers: 3\n"), Review, {}) is None


def test_places_are_those_of_the_whole_file() -> None:
    waiver = "  - {waiver: W, items: [c/x], reason: r, requested_by: wei, expires: 2026-12-01}\n"
    made = part_of(review("review: a\nwaivers:\n  - 3\n" + waiver + "  - {}\n" + waiver), Review, {"review": "b"})
    assert made is not None
    part, model = made
    assert len(model.waivers) == 2
    assert [part.place(("waivers", n, "items", 0)) for n in (0, 1)] == [Place(4, 25), Place(6, 25)]
    assert part.place(("review",)) == Place(1, 1)
