"""The first screen of an assessment fits a terminal of 24 lines and 80 columns, and holds what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import ROOT
from support.builders import answer, assess, case, day, item, plan, waiver

from orr.assessing import assess as assess_workload
from orr.cli import main
from orr.evaluate import Evaluation
from orr.evaluate.milder import Earlier
from orr.evaluate.tier import TierRules
from orr.formats.lines import WIDTH, columns
from orr.formats.screen import HEIGHT, first_screen
from orr.messages import LANGUAGES
from orr.workspace.workspace import Workspace

ROW = {"no_go": ["high"], "conditional": ["medium"]}


def lines(assessment: Evaluation, language: str = "en") -> list[str]:
    return click.unstyle(first_screen(assessment, language)).split("\n")


def assert_fits(screen: list[str]) -> None:
    assert len(screen) <= HEIGHT == 24, "\n".join(screen)
    assert [line for line in screen if columns(line) > WIDTH == 80] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["checkout", "image-resizer", "loyalty-points", "orr"])
def test_the_examples_fit(name: str, language: str) -> None:
    assert_fits(lines(assess_workload(Workspace.open(ROOT, date(2026, 11, 23)), name), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_workspace_fits_and_names_five_steps(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "payments"]) == 0
    capsys.readouterr()
    assert main(["check", "payments", "--lang", language]) == 1
    screen = capsys.readouterr().out.rstrip("\n").split("\n")
    assert_fits(screen)
    assert [line.strip()[:2] for line in screen if line.strip()[:2] in {f"{n}." for n in range(1, 9)}] == [
        "1.", "2.", "3.", "4.", "5."
    ]  # fmt: skip
    assert screen[-1].endswith("orr check payments --all")


def many(n: int = 9, words: str = "words", release: dict[str, Any] | None = None, **workload: Any) -> Evaluation:
    """An assessment with something to say in every line."""
    title = {"en": words, "zh-CN": words}
    items = [item(f"{'long-name-' * 4}{number}", blocking=number % 2 == 0, ask=words, fix=words) for number in range(n)]
    made = case(
        *items,
        item("waived", ask=words),
        item("partly", risk="medium", ask=words),
        answers={"partly": answer("partial", plan=plan(9, action=words)), "waived": answer("no")},
        waivers=[waiver("c/waived", expires=9, reason=words)],
        workload={"title": title, "launch": day(5), **workload},
        release=release,
        policy=ROW,
    )
    return assess(made)


@given(st.integers(0, 12), st.text(max_size=400), st.sampled_from(LANGUAGES))
def test_no_words_and_no_number_of_items_make_it_larger(n: int, words: str, language: str) -> None:
    assert_fits(lines(many(n, words if any(map(str.isalnum, words)) else "x" + words), language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_with_all_to_say_at_once_it_still_names_five(language: str) -> None:
    made = many(release={"version": "2.0.0", "images": ["registry.example.com/x@sha256:" + "0" * 64]}, tier=4)
    was = {**made.requirements, "tags": [f"tag-{number}" for number in range(40)]}
    screen = lines(assess(replace(made.case, earlier=(Earlier("run", "2026-11-20", was),))), language)
    assert_fits(screen)
    assert sum(line.strip()[:2] in ("1.", "2.", "3.", "4.", "5.") for line in screen) == 5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["shop", "a-long-name-of-a-workload", "a-name-of-a-workload-that-fills-the-line"])
def test_the_command_that_shows_the_rest_stands_whole(name: str, language: str) -> None:
    asked = case(*(item(f"i{n}") for n in range(200)), answers={"i0": answer(by="wei")}, workload={"workload": name})
    assert lines(assess(asked), language)[-1].endswith(f"orr check {name} --all")


def test_what_nothing_covers_comes_first_then_blocking_risk_effort_and_name() -> None:
    made = case(
        item("z-covered", blocking=True),
        item("medium", risk="medium", effort="1m"),
        item("long", effort="120m"),
        item("short", effort="10m"),
        item("unknown-effort"),
        item("b-blocking", blocking=True),
        item("a-blocking", blocking=True),
        answers={"z-covered": answer("no"), "medium": answer("no", plan=plan(1))},
        waivers=[waiver("c/z-covered", expires=9)],
        policy=ROW,
    )
    assert [step.item.name for step in assess(made).next_steps] == [
        f"c/{name}" for name in ("a-blocking", "b-blocking", "short", "long", "unknown-effort", "medium", "z-covered")
    ]


def test_each_step_has_its_reason_and_what_to_do() -> None:
    made = case(
        item("drill", blocking=True, fix="Hold the drill."),
        answers={"drill": answer("no", plan=plan(9, action="Drill on Friday", owner="ana"))},
        workload={"launch": day(5)},
        policy=ROW,
    )
    screen = lines(assess(made))
    at = screen.index("Next (1 uncovered)")
    assert screen[at + 1] == "  1. c/drill is not met (blocking, high risk): wei answered no on 2026-11-22"
    assert screen[at + 2] == "     ana, by 2026-12-01 (after the launch): Drill on Friday"


def test_what_has_nothing_to_say_shares_a_line() -> None:
    made = case(item("a"), answers={"a": answer()}, policy=ROW)
    (line,) = [line for line in lines(assess(made)) if "no release named" in line]
    assert line.startswith("  1 of 1 checklist · ")
    assert line.endswith(" · no release named · no run of this name")
    assert "  Every item that applies is met." in lines(assess(made))


@pytest.mark.parametrize(
    ("earlier", "line"),
    [
        pytest.param({"tags": ["public"]}, "! Milder than before: the tag public is gone (compared with", id="milder"),
        pytest.param({}, "  Nothing is milder. Compared with the run of 2026-11-20; ", id="the same"),
        pytest.param(None, "Not compared with the run of 2026-11-20: it is torn", id="not known"),
    ],
)
def test_what_became_milder_has_a_line(earlier: dict[str, Any] | None, line: str) -> None:
    made = assess(case(item("a"), answers={"a": answer()}, policy=ROW))
    one = Earlier("run", "2026-11-20", None, "it is torn")
    if earlier is not None:
        one = Earlier("run", "2026-11-20", {**made.requirements, **earlier})
    assert line in "\n".join(lines(assess(replace(made.case, earlier=(one,)))))


@pytest.mark.parametrize(
    ("workload", "line"),
    [
        pytest.param({}, "  Tier 1, because workload.yaml has no impact; add `impact:` to it,", id="no impact"),
        pytest.param({"impact": {"users": 5}}, "  Tier 1, derived from impact: what it does not give", id="part"),
        pytest.param({"tier": 1}, " · tier from orr.yaml · ", id="assigned"),
    ],
)
def test_the_tier_has_a_line_where_it_needs_a_look(workload: dict[str, Any], line: str) -> None:
    rules = None if "tier" in workload else TierRules()
    made = case(item("a"), answers={"a": answer()}, workload=workload, rules=rules)
    assert line in "\n".join(lines(assess(made)))


@pytest.mark.parametrize(
    ("before", "again"), [({}, True), ({"tier": 2}, False), ({"claimed": 4}, False)], ids=["it", "a tier", "a claim"]
)
def test_why_the_most_critical_tier_counts_is_said_in_whole_until_a_run_holds_it(
    before: dict[str, Any], again: bool
) -> None:
    made = assess(case(item("a"), answers={"a": answer()}, rules=TierRules()))
    run = Earlier("run", "2026-11-20", {**made.requirements, **before})
    screen = "\n".join(lines(assess(replace(made.case, earlier=(run,)))))
    assert ("tier 1, which nothing gives (orr lint)" in screen) is again
    assert ("Tier 1, because workload.yaml has no impact" in screen) is not again


@pytest.mark.parametrize(("words", "width"), [("abc", 3), ("中文", 4), ("ａ", 2), ("，", 2), ("", 0)])
def test_a_wide_character_takes_two_columns(words: str, width: int) -> None:
    assert columns(words) == width
