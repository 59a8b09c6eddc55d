"""`orr import`: what it recognises, lists and refuses to overwrite."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.workbooks import saved_again
from support.workspace_sample import put

from orr.cli import main
from orr.cli.commands.import_ import FORMATS
from orr.workspace import importing

TODAY = "2026-11-22"
HERE = "review: shop\nanswers:\n  c/own: {answer: no, note: Not yet., by: wei, on: 2026-11-20}\n"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = put(tmp_path / "ws", {"workloads/shop/review.yaml": HERE})
    monkeypatch.chdir(made)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return made


@pytest.fixture
def run(root: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        status = main(["import", *words, "--today", TODAY])
        return status, *capsys.readouterr()

    return call


def elsewhere(root: Path, text: str, name: str = "review.yaml") -> str:
    file = root.parent / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def review(root: Path) -> str:
    return (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")


def test_every_format_can_be_named() -> None:
    assert tuple(importing.FORMATS) == FORMATS


def test_a_review_without_a_difference_is_not_written(root: Path, run: Run) -> None:
    assert run(elsewhere(root, HERE)) == (0, "shop: nothing differs from what is here.\n", "")
    assert review(root) == HERE


def test_a_new_answer_is_listed_and_taken_at_once_with_who_gave_it_and_when(root: Path, run: Run) -> None:
    other = HERE + "  c/x: {answer: yes, by: ana, on: 2026-11-21T09:00:00+08:00}\n"
    status, out, err = run(elsewhere(root, other))
    assert (status, err) == (0, "")
    assert "  + c/x: yes, by ana on 2026-11-21 09:00\n" in out
    assert "c/x:\n    answer: yes\n    by: ana\n    on: 2026-11-21T09:00:00+08:00" in review(root)


def test_a_newer_answer_replaces_another_only_with_force_after_both_were_listed(root: Path, run: Run) -> None:
    file = elsewhere(root, "review: shop\nanswers:\n  c/own: {answer: yes, by: ana, on: 2026-11-21}\n")
    status, out, err = run(file)
    assert status == 2
    assert "  ~ c/own: no, by wei on 2026-11-20 → yes, by ana on 2026-11-21\n      note: Not yet. → –\n" in out
    assert "Use --force" in err
    assert review(root) == HERE
    assert run(file, "--force")[0] == 0
    assert "answer: yes\n    by: ana" in review(root)


@pytest.mark.parametrize("on", ["2026-11-19", "2026-11-20", "2026-11-20T23:59:00+08:00"])
def test_an_older_answer_or_one_of_the_same_day_is_never_taken(root: Path, run: Run, on: str) -> None:
    file = elsewhere(root, f"review: shop\nanswers:\n  c/own: {{answer: yes, by: ana, on: {on}}}\n")
    status, out, _ = run(file, "--force")
    assert status == 2
    assert "  = c/own: yes, by ana" in out
    assert review(root) == HERE


def test_no_approval_vote_or_agreement_comes_in(root: Path, run: Run) -> None:
    other = HERE + """\
  c/x: {answer: not-applicable, reason: No., by: ana, on: 2026-11-21, approved_by: bo}
waivers:
  - waiver: W-1
    items: [c/own]
    reason: Later.
    requested_by: ana
    approved_by: bo
    approved_on: 2026-11-21
    expires: 2026-12-01
sign_offs:
  - {role: service-owner, by: bo, vote: go, on: 2026-11-21, digest: "sha256:%s"}
""" % ("0" * 64)  # fmt: skip
    status, out, _ = run(elsewhere(root, other))
    assert status == 2
    assert all(words in out for words in ("that bo agreed", "that bo approved", "the vote go by bo is not taken"))
    assert "requested_by: ana" in review(root)
    assert "bo" not in review(root)


def test_a_waiver_may_be_ended_elsewhere_but_not_changed(root: Path, run: Run) -> None:
    waiver = "waivers:\n  - {{waiver: W-1, items: [c/own], reason: {}, requested_by: ana, expires: 2026-12-01{}}}\n"
    (root / "workloads/shop/review.yaml").write_text(HERE + waiver.format("Later.", ""), encoding="utf-8")
    assert run(elsewhere(root, HERE + waiver.format("Never.", "")), "--force")[0] == 2
    assert "Later." in review(root)
    assert run(elsewhere(root, HERE + waiver.format("Later.", ", revoked_on: 2026-11-21")), "--force")[0] == 0
    assert "revoked_on: 2026-11-21" in review(root)


def test_what_is_not_in_the_file_stays_and_is_counted(root: Path, run: Run) -> None:
    status, out, _ = run(elsewhere(root, "review: shop\noccasion: change\nbenefits: Much.\n"), "--force")
    assert status == 0
    assert "occasion: launch → change" in out
    assert "One answer here is not in the file; it stays: c/own" in out


def test_every_fault_of_every_file_is_told_at_its_place_and_nothing_is_written(root: Path, run: Run) -> None:
    one = elsewhere(root, "review: shop\nanswers:\n  c/nothing: {answer: yes, by: ana, on: 2026-11-21}\n", "a.yaml")
    two = elsewhere(root, "review: shop\nanswers:\n  c/x: {answer: yes, by: ana, on: 2026-11-23}\n", "b.yaml")
    status, out, err = run(one, two)
    assert (status, out) == (2, "")
    assert "a.yaml:3:3: " in err
    assert "b.yaml:3:" in err
    assert review(root) == HERE


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        pytest.param("a.yaml", "checklist: c\n", "of no format that can be imported", id="another file of orr"),
        pytest.param("a.txt", "words", "of no format that can be imported", id="words"),
        pytest.param("a.md", "words", "nothing here can be taken for a question", id="a document without questions"),
        pytest.param("a.json", "{", "this is not JSON", id="broken JSON"),
        pytest.param(
            "a.json", '{"Answer": {}}', "name the workload with --workload", id="answers of nobody knows whom"
        ),
        pytest.param("a.json", '{"questions": []}', "of no format that can be imported", id="JSON of something else"),
        pytest.param("a.yaml", "review: nothing\n", "there is no workload nothing", id="review of no workload"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(root: Path, run: Run, name: str, text: str, says: str) -> None:
    status, out, err = run(elsewhere(root, text, name))
    assert (status, out) == (2, "")
    assert says in err


def test_a_review_goes_into_no_other_workload(root: Path, run: Run) -> None:
    status, _, err = run(elsewhere(root, HERE), "--workload", "stock")
    assert status == 2
    assert "is the review of shop, not of stock" in err


def test_answers_of_a_lens_take_their_day_from_on_and_overwrite_only_with_force(root: Path, run: Run) -> None:
    answers = {"questionResponses": [{"questionId": "ruled", "choices": ["x"]}]}
    file = elsewhere(root, json.dumps(answers), "answers.json")
    words = (file, "--workload", "shop", "--by", "ana")
    assert run(*words, "--on", "2026-12-24")[0] == 2
    assert run(*words, "--on", "2026-11-10")[0] == 0
    assert "c/x:\n    answer: yes\n    by: ana\n    on: 2026-11-10\n" in review(root)
    elsewhere(root, json.dumps({"questionResponses": [{"questionId": "ruled", "choices": ["y"]}]}), "answers.json")
    assert run(*words, "--on", "2026-11-11")[0] == 2
    assert run(*words, "--on", "2026-11-11", "--force")[0] == 0
    assert "c/x:\n    answer: no\n" in review(root)


def test_checklists_are_written_and_over_an_existing_one_only_with_force_and_what_it_alone_holds_stays(
    root: Path, run: Run
) -> None:
    file = elsewhere(root, "item,ask,risk\na,Is it there?,high\n", "more.csv")
    assert run(file) == (0, "wrote checklists/more.yaml\n", "")
    made = root / "checklists/more.yaml"
    made.write_text(made.read_text(encoding="utf-8") + "        valid_for: 90d # a quarter\n", encoding="utf-8")
    assert run(file) == (0, "more: nothing differs from what is here.\n", "")
    assert "# a quarter" in made.read_text(encoding="utf-8")
    elsewhere(root, "item,ask,risk\na,Is it there now?,high\nb,And this?,low\n", "more.csv")
    status, out, err = run(file)
    assert (status, out) == (2, "more: 1 new, 1 changed, 0 gone\n  + b: And this?\n  ~ a: Is it there now?\n")
    assert "Use --force" in err
    assert run(file, "--force")[0] == 0
    text = made.read_text(encoding="utf-8")
    assert all(words in text for words in ("version: 2", "ask: Is it there now?", "valid_for: 90d", "item: b"))


def test_a_document_with_a_reworded_question_lists_one_as_new_and_one_as_gone_and_is_taken_with_force(
    root: Path, run: Run
) -> None:
    file = elsewhere(root, "- [ ] First thing\n- [ ] Second thing\n", "mini.md")
    words = (file, "--risk", "medium")
    assert run(*words) == (0, "wrote checklists/mini.yaml\n", "")
    elsewhere(root, "- [ ] First thing\n- [ ] Second thing, reworded\n- [ ] Third thing\n", "mini.md")
    status, out, _ = run(*words)
    assert (status, out) == (
        2,
        """\
mini: 2 new, 0 changed, 1 gone
  + second-thing-reworded: Second thing, reworded
  + third-thing: Third thing
  - second-thing: Second thing
""",
    )
    assert run(*words, "--force")[0] == 0
    text = (root / "checklists/mini.yaml").read_text(encoding="utf-8")
    assert all(words in text for words in ("version: 2", "item: third-thing", "item: second-thing-reworded"))
    assert "item: second-thing\n" not in text
    assert run(*words) == (0, "mini: nothing differs from what is here.\n", "")


def test_a_document_brings_answers_people_and_links_at_once_and_nothing_again(root: Path, run: Run) -> None:
    text = "- [x] X? @wei\n  - [a](https://example.com/a), [b](https://example.com/b)\n"
    words = (elsewhere(root, text, "done.md"), "--workload", "shop", "--by", "ana")
    status, out, err = run(*words)
    assert (status, err) == (0, "")
    assert "+ c/x: yes, by ana" in out
    assert "+ assigned c/x: to wei, by ana" in out
    assert run(*words) == (0, "shop: nothing differs from what is here.\n", "")


def test_a_document_is_a_checklist_and_with_a_workload_answers_to_it(root: Path, run: Run) -> None:
    text = "## Ready?\n\nYes: since March.\n\n## X?\n\nWe think so.\n\n## Own?\n\nYes, by hand\n"
    file = elsewhere(root, text, "questions.md")
    status, out, err = run(file, "--risk", "low")
    assert (status, out, err) == (0, "wrote checklists/questions.yaml\n", "")
    status, out, err = run(file, "--workload", "shop", "--by", "ana")
    assert status == 2  # the answer here is overwritten only with --force
    assert "~ c/own: no, by wei on 2026-11-20 → yes, by ana" in out
    assert "questions.md:5:1: “We think so.” is no answer to c/x" in err
    status, out, err = run(file, "--workload", "shop", "--by", "ana", "--force")
    assert status == 0, err
    assert "answer: yes\n    note: by hand\n    by: ana" in review(root)


@pytest.mark.parametrize("risk", ["huge", "p1=", "p1=worst"])
def test_a_risk_is_one_that_there_is(root: Path, run: Run, risk: str) -> None:
    status, _, err = run(elsewhere(root, "- a\n", "a.md"), "--risk", risk)
    assert status == 2
    assert "is not one of high, medium, low" in err


@pytest.mark.parametrize("suffix", ["md", "csv", "xlsx"])
def test_an_answer_sheet_comes_back_and_only_what_was_edited_changes(
    root: Path, run: Run, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root.parent / f"sheet.{suffix}"
    assert main(["export", "sheet", "shop", "--out", str(file), "--today", TODAY]) == 0
    status, out, err = run(str(file))
    assert (status, out.splitlines()[-1], err) == (0, "shop: nothing differs from what is here.", "")
    assert review(root) == HERE
    if suffix == "xlsx":
        file.write_bytes(saved_again(file.read_bytes(), lambda book: _choose(book.worksheets[1], "X?", "Yes")))
    else:
        text = file.read_bytes().decode()
        old, new = ("- [ ] X?", "- [x] X?") if suffix == "md" else ('"X?","",""', '"X?","","Yes"')
        assert text.count(old) == 1
        file.write_bytes(text.replace(old, new).encode())
    filled = file.read_bytes()
    assert main(["export", "sheet", "shop", "--out", str(file), "--today", TODAY]) == 2  # what was filled in stays
    assert "may hold answers; nothing was written" in capsys.readouterr().err
    assert file.read_bytes() == filled
    status, out, err = run(str(file), "--by", "ana", "--on", "2026-11-21")
    assert (status, err) == (0, "")
    assert "  + c/x: yes, by ana on 2026-11-21\n" in out
    assert review(root) == HERE.replace("{answer: no, note: Not yet., by: wei, on: 2026-11-20}\n", """
    answer: no
    note: Not yet.
    by: wei
    on: 2026-11-20
  c/x:
    answer: yes
    by: ana
    on: 2026-11-21
""").replace("own: \n", "own:\n").replace("answers:", "occasion: launch\nanswers:")  # fmt: skip


def _choose(sheet: Any, question: str, answer: str) -> None:
    columns = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, columns["Question"]).value == question:
            sheet.cell(row, columns["Answer"]).value = answer


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["shop", "--out", "a.pdf"], "an answer sheet is written as .md, .csv or .xlsx"),
        (["--out", "a.md"], "An answer sheet is of one workload; name one of: shop"),
        (["shpo"], "did you mean shop?"),
    ],
)
def test_a_sheet_is_of_one_workload_in_a_form_that_there_is(
    root: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "sheet", *words]) == 2
    assert says in capsys.readouterr().err


NEEDY = """\
        evidence: required
      - {item: checked, ask: Checked?, risk: low, checks: [{check: files, paths: a}]}
      - {item: both, ask: Both?, risk: low, answered_by: both, checks: [{check: files, paths: a}]}
      - item: ours
"""


def test_what_of_answers_will_not_count_stands_in_the_sheet_before_and_behind_the_list_after(
    root: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    file = root / "checklists/c.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("      - item: ours\n", NEEDY), encoding="utf-8")
    assert main(["export", "sheet", "shop", "--out", str(root.parent / "s.md"), "--today", TODAY]) == 0
    sheet = (root.parent / "s.md").read_text(encoding="utf-8")
    for facts in (
        "high risk, evidence required, answered by wei",
        "low risk, a check decides*",
        "a check counts as well",
    ):
        assert facts in sheet
    answers = """\
- **Own?** Yes
- **Checked?** Yes. [the file](nowhere.md)
- **Both?** No
"""
    status, out, _ = run(elsewhere(root, answers, "a.md"),
                         "--workload", "shop", "--by", "ana", "--force")  # fmt: skip
    assert status == 0
    assert [line for line in out.splitlines() if line.startswith(("  !", "    "))][-4:] == [
        "  ! c/checked: the evidence nowhere.md is not there",
        "  ! c/checked: its check overrules this answer where it finds otherwise; see orr",
        "    check",
        "  ! c/own: this yes needs evidence, and none stands beside it",
    ]


# Risk registers

REGISTER = "Risk,Likelihood,Impact,Mitigation\nThe queue fills,low,high,Drain it\n"
MARKDOWN = """\
# Risks

| Risk | Likelihood | Impact | Mitigation |
|---|---|---|---|
| The queue fills | low | high | Drain it |
"""


@pytest.mark.parametrize(("name", "text"), [("risks.csv", REGISTER), ("risks.md", MARKDOWN)])
def test_a_risk_register_fills_the_pre_mortem_and_overwrites_only_by_force(
    root: Path, run: Run, name: str, text: str
) -> None:
    file = elsewhere(root, text, name)
    status, out, _ = run(file, "--workload", "shop")
    assert (status, "+ pre-mortem “The queue fills”: likelihood: low, impact: high" in " ".join(out.split())) == (
        0,
        True,
    )
    review = (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")
    assert "scenario: The queue fills" in review
    assert "likelihood: low" in review
    assert run(file, "--workload", "shop")[0] == 0
    assert (root / "workloads/shop/review.yaml").read_text(encoding="utf-8") == review
    other = elsewhere(root, text.replace("low", "high", 1), name)
    assert run(other, "--workload", "shop")[0] == 2
    assert (root / "workloads/shop/review.yaml").read_text(encoding="utf-8") == review
    assert run(other, "--workload", "shop", "--force")[0] == 0
    assert "likelihood: high" in (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")


def test_an_unedited_register_changes_nothing(root: Path, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    run(elsewhere(root, REGISTER, "risks.csv"), "--workload", "shop")
    before = (root / "workloads/shop/review.yaml").read_bytes()
    assert main(["export", "register", "shop", "--out", "out.csv", "--today", TODAY]) == 0
    capsys.readouterr()
    status, out, _ = run("out.csv", "--workload", "shop")
    assert (status, "shop" in out) == (0, True)
    assert (root / "workloads/shop/review.yaml").read_bytes() == before


def test_a_register_asks_for_its_workload(root: Path, run: Run) -> None:
    status, _, err = run(elsewhere(root, REGISTER, "risks.csv"))
    assert status == 2
    assert "--workload" in err


def test_on_a_terminal_the_risk_of_questions_without_one_is_asked(
    root: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.StringIO("medium\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdin", terminal)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    status, _, err = run(elsewhere(root, "- Is it there?\n", "a.md"))
    assert status == 0
    assert "What is the risk of the questions that have none?" in err
    assert "risk: medium" in (root / "checklists/a.yaml").read_text(encoding="utf-8")


def test_a_file_elsewhere_is_compared_with_nothing_and_overwritten_only_with_force(root: Path, run: Run) -> None:
    file = elsewhere(root, "item,ask,risk\nown,Own?,high\n", "c.csv")
    other = root.parent / "other"
    other.mkdir()
    (other / "c.yaml").write_text("mine", encoding="utf-8")
    assert run(file, "--out", str(other))[0] == 2
    assert (other / "c.yaml").read_text(encoding="utf-8") == "mine"
    assert run(file, "--out", str(other), "--force")[0] == 0
    assert "checklist: c" in (other / "c.yaml").read_text(encoding="utf-8")


def test_what_is_to_say_of_several_places_is_said_once_with_all_of_them(root: Path, run: Run) -> None:
    table = "| Check | Risk | Level |\n| --- | --- | --- |\n| {} | low | A |\n\n"
    status, _, err = run(elsewhere(root, table.format("One") + table.format("Two") + table.format("Three"), "a.md"))
    assert status == 0
    assert err.rpartition("/")[2].splitlines() == [
        "a.md:1:1: the column Level was left out; rename what should be read",
        "  so also at 5:1, 9:1",
    ]
