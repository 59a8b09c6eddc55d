"""Many milder changes are few lines: a baseline is named once, and like changes of items are one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from orr.evaluate.milder import Earlier, Milder
from orr.evaluate.milder_groups import FEW, first_few, grouped
from orr.messages import LANGUAGES, Message, render, say, texts

RUN, COMMIT = Earlier("run", "2026-11-20", {}), Earlier("commit", "abc", {})


def milder(*kinds: tuple[str, dict[str, Any]], since: tuple[Earlier, ...] = (RUN,)) -> list[Milder]:
    return [Milder(say(f"rule.milder.{kind}", **values), since) for kind, values in kinds]


def gone(n: int) -> list[tuple[str, dict[str, Any]]]:
    return [("gone", {"item": f"c/{number}"}) for number in range(n)]


def risk(item: str, before: str, after: str) -> tuple[str, dict[str, Any]]:
    return "risk", {"item": item, "before": before, "after": after}


def said(changes: list[Milder]) -> list[str]:
    shown, _ = first_few(grouped(changes))
    return [line for since, lines in shown for line in (render(since, "en"), *(render(one, "en") for one in lines))]


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        (gone(1), ["c/0 is no longer asked"]),
        (gone(2), ["2 items are no longer asked: c/0, c/1"]),
        (gone(152), ["152 items are no longer asked: c/0, c/1, c/2, c/3, c/4, and 147 more"]),
        (
            [risk("c/a", "high", "low"), risk("c/b", "high", "medium"), risk("c/c", "high", "low")],
            ["risk of 2 items: high → low: c/a, c/c", "risk of c/b: high → medium"],
        ),
        (
            [("checks", {"item": "c/a", "checks": ["files"]}), ("checks", {"item": "c/b", "checks": ["http"]})],
            ["of 2 items checks are gone, or have other parameters: c/a, c/b"],
        ),
        (
            [("replaces", {"item": "c/a", "old": "c/x"}), ("replaces", {"item": "c/a", "old": "c/y"})],
            ["c/a no longer stands for c/x", "c/a no longer stands for c/y"],
        ),
    ],
    ids=["one", "two", "many", "the same change alone", "whatever checks", "each its own"],
)
def test_changes_of_one_kind_are_one_line(changes: list[tuple[str, dict[str, Any]]], lines: list[str]) -> None:
    assert said(milder(*changes)) == ["Compared with the run of 2026-11-20", *lines]


def test_each_baseline_stands_once_above_its_changes() -> None:
    both = [*milder(*gone(2)), *milder(("tag", {"tag": "x"}), since=(RUN, COMMIT)), *milder(("tag", {"tag": "y"}))]
    assert said(both) == [
        "Compared with the run of 2026-11-20",
        "2 items are no longer asked: c/0, c/1",
        "the tag y is gone",
        "Compared with the run of 2026-11-20, the commit abc",
        "the tag x is gone",
    ]


@pytest.mark.parametrize(
    ("changes", "lines", "is_all"),
    [
        (milder(*gone(FEW)), 1, True),
        (milder(*gone(FEW + 1)), 1, False),
        (milder(*(("tag", {"tag": str(n)}) for n in range(FEW))), FEW, True),
        (milder(*(("tag", {"tag": str(n)}) for n in range(FEW + 2))), FEW, False),
        (milder(*(("tag", {"tag": str(n)}) for n in range(9))) + milder(*gone(3), since=(COMMIT,)), FEW, False),
        ([], 0, True),
    ],
    ids=["few items", "an item more", "few changes", "more changes", "more than one baseline", "none"],
)
def test_a_first_screen_shows_a_few_and_knows_whether_those_are_all(
    changes: list[Milder], lines: int, is_all: bool
) -> None:
    shown, whole = first_few(grouped(changes))
    assert (sum(len(some) for _, some in shown), whole) == (lines, is_all)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_change_of_an_item_that_is_told_together_has_words_for_many(language: str) -> None:
    rule = texts("rule", language)
    kinds = {
        key.removeprefix("milder.") for key, text in rule.items() if key.startswith("milder.") and "{item}" in str(text)
    }
    each = {"challenge-gone", "replaces"}
    many = {key.removeprefix("milder.many.") for key in rule if key.startswith("milder.many.")}
    assert kinds - each == many
    for kind in many:
        names = set(re.findall(r"{(\w+)}", rule[f"milder.{kind}"])) - {"checks"} | {"n", "items"}
        assert set(re.findall(r"{(\w+)}", rule[f"milder.many.{kind}"])) == names - {"item"}


def test_a_group_names_all_where_it_is_not_cut() -> None:
    (one,) = grouped(milder(*gone(7)))[0].groups
    assert isinstance(one.says(), Message)
    assert render(one.says(), "en").endswith("c/4, c/5, c/6")
