"""The check `document`: what sections, keys and whole documents must hold."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from orr.evidence.kinds.registry import kind_named
from orr.messages import LANGUAGES, render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding, Outcome
from orr.testing import run_check

TODAY = date(2026, 11, 23)
MET, PARTIAL, NOT_MET = Outcome.MET, Outcome.PARTIAL, Outcome.NOT_MET


def document(folder: Path, text: str, **parameters: object) -> Finding:
    (folder / "page.md").write_text(text, encoding="utf-8")
    finding = run_check("document", folder, today=TODAY, path="page.md", **parameters)
    assert all(render(finding.says, language) for language in LANGUAGES)
    return finding


STEPS = {"heading": "Steps|步骤", "has": ["command", "two-steps"]}
SECTIONS = [
    ("all", "1. `make stop`\n2. `make start`", MET, "page.md: 1 of 1 sections"),
    ("some", "Run `make rollback`.", PARTIAL, "page.md: Steps (line 3) does not hold at least two steps"),
    ("none", "We know how.", NOT_MET, "page.md: Steps (line 3) does not hold a command, at least two steps"),
    ("nothing", "", NOT_MET, "page.md: nothing stands in it beside headings"),
]  # fmt: skip


ANSWER = "By hand:\n\n1. `make stop`\n2. `make start`\n\nIs that all?\n\n- [ ] Metrics\n\nNobody wakes.\n"
SHOWN = "By hand:\nmake stop\nmake start\nNobody wakes."


@pytest.mark.parametrize(("quote", "shown"), [(True, [(SHOWN,)]), (False, [])], ids=["shown", "not shown"])
def test_the_text_of_a_section_is_shown_where_that_is_asked(
    tmp_path: Path, quote: bool, shown: list[tuple[str, ...]]
) -> None:
    text = f"# Page\n\n## Steps\n\n{ANSWER}\n## More\n\nNot asked for.\n"
    finding = document(tmp_path, text, sections=[STEPS], quote=quote)
    assert [*(finding.table.rows if finding.table is not None else ())] == shown


def test_of_several_sections_each_is_named_beside_its_text(tmp_path: Path) -> None:
    finding = document(tmp_path, "# Page\n\n## A\n\nOne two.\n\n## B\n\nThree.\n", sections=["A", "B"], quote=True)
    assert finding.table is not None
    assert finding.table.rows == (("page.md", "A", "One two."), ("page.md", "B", "Three."))


@pytest.mark.parametrize(("text", "outcome", "says"), [one[1:] for one in SECTIONS], ids=[one[0] for one in SECTIONS])
def test_a_section_is_judged_by_what_it_must_hold(tmp_path: Path, text: str, outcome: Outcome, says: str) -> None:
    finding = document(tmp_path, f"# Page\n\n## Steps\n\n{text}\n", sections=[STEPS])
    assert (finding.outcome, render(finding.says, "en")) == (outcome, says)


def test_of_several_sections_of_a_name_together_all_must_be_held(tmp_path: Path) -> None:
    text = "# Page\n\n## Steps\n\nRun `make x`.\n\n## 步骤\n\n1. 停止队列。\n2. 启动旧版本。\n"
    assert document(tmp_path, text, sections=STEPS).outcome is MET


def test_the_words_of_another_section_prove_nothing(tmp_path: Path) -> None:
    text = "# Page\n\n## Steps\n\nThe lead runs `make x`.\n\n## Check\n\nThe lead runs `make x`.\n"
    finding = document(tmp_path, text, sections=[{"heading": "Steps", "has": "command"}])
    assert finding.outcome is NOT_MET
    assert "the same words stand under all its headings" in render(finding.says, "en")
    other = document(tmp_path, text + "\n## More\n\nAsk before.\n", sections=[{"heading": "Steps", "has": "command"}])
    assert other.outcome is NOT_MET
    assert "the same words stand under Steps (line 3) as under other headings" in render(other.says, "en")


def test_few_words_may_stand_under_several_headings(tmp_path: Path) -> None:
    text = "# Page\n\n## Data\n\nNone.\n\n## Flags\n\nNone.\n"
    assert document(tmp_path, text, sections=["Data", "Flags"]).outcome is MET


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("Ask Ana Ruiz within 5 minutes.", MET), ("Ask Ana Ruiz.", PARTIAL), ("Ask somebody.", NOT_MET)],
)
def test_a_whole_document_is_judged_by_what_it_must_hold(tmp_path: Path, text: str, outcome: Outcome) -> None:
    assert document(tmp_path, f"# Page\n\n{text}\n", has=["person", "duration"]).outcome is outcome


def test_a_yes_or_no_may_answer_several_questions_in_the_same_words(tmp_path: Path) -> None:
    text = "# Page\n\n## New calls?\n\nNo, nothing of this kind.\n\n## New types?\n\nNo, nothing of this kind.\n"
    asked = [{"heading": name, "has": "answer"} for name in ("New calls", "New types")]
    assert document(tmp_path, text, sections=asked).outcome is MET
    assert document(tmp_path, text.replace("?", ""), sections=asked).outcome is NOT_MET


DATES = [
    ("2026-11-12", MET, date(2027, 2, 10)),
    ("2026-08-01", MET, date(2026, 10, 30)),
    ("never", NOT_MET, None),
    ("2027-01-01", NOT_MET, None),
    ("03/04/2026", NOT_MET, None),
]


@pytest.mark.parametrize(("day", "outcome", "holds_until"), DATES, ids=[one[0] for one in DATES])
@pytest.mark.parametrize("place", ["key", "heading"])
def test_the_newest_day_that_is_past_must_be_young_enough(
    tmp_path: Path, day: str, outcome: Outcome, holds_until: date | None, place: str
) -> None:
    asked = {place: "tested", "has": "date", "within": "90d"}
    parameters = {"front_matter": [asked]} if place == "key" else {"sections": [asked]}
    text = f"---\ntested: {day}\n---\n# Page\n\n## Tested\n\nIt was tried: {day}.\n\n## More\n\nWords.\n"
    finding = document(tmp_path, text, **parameters)
    assert (finding.outcome, finding.holds_until) == (outcome, holds_until)


def test_a_key_lacks_what_its_value_must_hold(tmp_path: Path) -> None:
    asked = [{"key": "tested", "has": "date"}, "owner"]
    finding = document(tmp_path, "---\ntested: never\nowner: media\n---\n# Page\n\nWords.\n", front_matter=asked)
    assert (finding.outcome, render(finding.says, "en")) == (PARTIAL, "page.md: tested does not hold a date")


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        ({"sections": ["Steps"]}, MET),
        ({"sections": ["Check"]}, PARTIAL),
        ({"owner": True}, MET),
        ({"has": ["command"]}, MET),
        ({"reviewed_within": "90d"}, MET),
        ({}, PARTIAL),
    ],
    ids=str,
)
@pytest.mark.parametrize("loose", ["TBD by whom", "[there](gone.md)"])
def test_loose_ends_count_where_they_are_asked_for(tmp_path: Path, asked: Any, outcome: Outcome, loose: str) -> None:
    head = "---\nowner: media\nreviewed: 2026-11-12\n---\n"
    text = f"{head}# Page\n\n## Steps\n\nRun `make x`.\n\n## Check\n\nLook at the board, {loose}.\n"
    assert document(tmp_path, text, **asked).outcome is outcome


FAULTS = [
    ({"sections": [{"heading": "Steps", "has": "comand"}]}, "there is no kind of content “comand”"),
    ({"has": ["person|nobody"]}, "there is no kind of content “nobody”"),
    (
        {"sections": [{"heading": "Steps", "holds": "command"}]},
        "`heading` stands beside nothing but `has` and `within`",
    ),
    ({"sections": [{"heading": "Steps", "within": "soon"}]}, "`heading` stands beside nothing but `has` and `within`"),
    ({"front_matter": [{"heading": "tested"}]}, "`key` stands beside nothing but `has` and `within`"),
    ({"sections": [3]}, "`heading` stands beside nothing but `has` and `within`"),
]


@pytest.mark.parametrize(("given", "says"), FAULTS, ids=[str(number) for number in range(len(FAULTS))])
def test_a_demand_that_is_none_is_a_fault_of_the_checklist(given: dict[str, Any], says: str) -> None:
    faults = kind_named("document").faults(CheckSpec("document", {"path": "a.md", **given}))
    assert [render(wrong, "en") for _, wrong, _ in faults] == [says]
    assert all(render(remedy, language) for _, _, remedy in faults for language in LANGUAGES)
