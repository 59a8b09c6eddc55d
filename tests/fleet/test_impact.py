"""What changed checklists mean for live workloads, read from a real git repository."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.fleet_sample import (
    BOARD,
    OWNER,
    TODAY,
    answer,
    checklist,
    commit_all,
    git,
    make_workload,
    make_workspace,
    write,
)

from orr.cli import main

LIVE = "live_since: 2026-01-05\nlaunch: 2026-01-05\n"
PAGER = "- {item: pager, ask: Is there a pager?, fix: Buy one., risk: high}"
LATER = "- {item: pager, ask: Is there a pager?, risk: high, enforce_from: 2027-01-15}"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two live workloads and one that is not, committed with the checklist as it was."""
    root = make_workspace(tmp_path / "ws")
    make_workload(root, "ledger", more=LIVE)
    make_workload(root, "search", more=LIVE)
    make_workload(root, "young")
    commit_all(root)
    monkeypatch.chdir(root)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return root


def change(root: Path, *items: str) -> None:
    write(root / "checklists" / "basics.yaml", checklist(*items, version=2))


def asked(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["impact", *words, "--today", TODAY.isoformat()])
    out, err = capsys.readouterr()
    return status, out, err


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    status, out, err = asked(capsys, *words, "--format", "json")
    assert err == ""
    return status, json.loads(out)


def test_without_a_change_nobody_falls_short(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = told(capsys, "HEAD")
    assert status == 0
    assert found["live"] == ["ledger", "search"]
    assert found["items"] == found["verdicts"] == []
    assert found["commit"] == git(root, "rev-parse", "HEAD")


def test_a_new_item_names_the_live_workloads_that_would_be_open(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, OWNER, BOARD, PAGER)
    write(
        root / "workloads" / "search" / "review.yaml",
        (root / "workloads" / "search" / "review.yaml").read_text()
        + "  basics/pager: {answer: yes, by: ann, on: 2026-11-20}\n",
    )
    status, found = told(capsys, "HEAD")
    assert status == 1
    short = {"workload": "ledger", "team": "sales", "state": "unanswered", "covered_by": None, "already": False}
    assert found["items"] == [
        {
            "item": "basics/pager",
            "change": "new",
            "risk": "high",
            "blocking": False,
            "enforce_from": None,
            "short": [short],
        }
    ]
    assert found["verdicts"] == [{"workload": "ledger", "before": "go", "after": "no-go", "since": None}]


def test_an_item_with_a_deadline_is_told_before_it_is_in_force(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, OWNER, BOARD, LATER)
    status, found = told(capsys, "HEAD", "ledger")
    assert status == 1
    (item,) = found["items"]
    assert item["enforce_from"] == "2027-01-15"
    assert [short["workload"] for short in item["short"]] == ["ledger"]
    assert found["verdicts"] == [{"workload": "ledger", "before": "go", "after": "no-go", "since": "2027-01-15"}]
    assert main(["check", "ledger", "--today", TODAY.isoformat()]) == 0


def test_each_verdict_has_its_own_day(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    low = LATER.replace("pager", "sign").replace("high", "low").replace("2027-01-15", "2026-12-01")
    medium = LATER.replace("pager", "bell").replace("high", "medium").replace("2027-01-15", "2026-12-24")
    change(root, OWNER, BOARD, low, medium, LATER)
    _, found = told(capsys, "HEAD", "ledger")
    assert found["verdicts"] == [
        {"workload": "ledger", "before": "go", "after": "conditional-go", "since": "2026-12-24"},
        {"workload": "ledger", "before": "conditional-go", "after": "no-go", "since": "2027-01-15"},
    ]


def test_a_verdict_that_is_better_for_a_while_is_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("ledger", "search"):
        write(root / "workloads" / name / "review.yaml", f"review: {name}\n")
    change(root, BOARD.replace("medium", "low"), LATER)
    _, found = told(capsys, "HEAD", "ledger")
    assert [(one["before"], one["after"], one["since"]) for one in found["verdicts"]] == [
        ("no-go", "go", None),
        ("go", "no-go", "2027-01-15"),
    ]


def test_a_raised_risk_is_a_change_and_says_who_was_open_before(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer(root, "ledger", board="no")
    change(root, OWNER, BOARD.replace("medium", "high"))
    status, found = told(capsys, "HEAD")
    assert status == 1
    assert [(item["item"], item["change"]) for item in found["items"]] == [("basics/dashboard", "changed")]
    assert [(short["workload"], short["already"]) for short in found["items"][0]["short"]] == [("ledger", True)]
    assert found["verdicts"] == [{"workload": "ledger", "before": "conditional-go", "after": "no-go", "since": None}]


def test_other_words_are_no_change(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, OWNER.replace("Is there an owner?", "Who owns it?"), BOARD.replace("Draw one.", "Draw two."))
    assert told(capsys, "HEAD")[1]["items"] == []


def test_a_removed_item_may_help(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer(root, "ledger", owner="nothing")
    write(root / "workloads" / "search" / "review.yaml", "review: search\n")
    change(root, BOARD)
    status, found = told(capsys, "HEAD", "ledger")
    assert status == 0
    assert [(item["item"], item["change"]) for item in found["items"]] == [("basics/owner", "removed")]
    assert found["verdicts"] == [{"workload": "ledger", "before": "no-go", "after": "go", "since": None}]


def test_a_new_checklist_is_asked_of_workloads_that_name_none_and_lacks_to_the_others(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "workloads" / "search" / "workload.yaml"
    path.write_text(path.read_text() + "checklists: [basics]\n")
    write(root / "checklists" / "more.yaml", checklist(PAGER, name="more"))
    _, found = told(capsys, "HEAD")
    short = {item["item"]: [one["workload"] for one in item["short"]] for item in found["items"]}
    assert short == {"more/pager": ["ledger"], "more/asked": ["search"]}
    assert ("search", "no-go") in [(one["workload"], one["after"]) for one in found["verdicts"]]


def test_a_changed_rule_of_a_section_is_one_item(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ruled = (
        "checklist: basics\nversion: 1\ntitle: Basics\nsections:\n  - section: only\n    risk_rules:\n"
        "      - {{if: owner, risk: none}}\n      - {{if: default, risk: {risk}}}\n    items:\n"
        "      - {{item: owner, ask: Is there an owner?}}\n      - {{item: dashboard, ask: Is there a dashboard?}}\n"
    )
    for name in ("ledger", "search", "young"):
        answer(root, name, owner="no")
    write(root / "checklists" / "basics.yaml", ruled.format(risk="medium"))
    commit_all(root)
    write(root / "checklists" / "basics.yaml", ruled.format(risk="high"))
    _, found = told(capsys, "HEAD", "ledger")
    assert [(item["item"], item["change"], item["risk"]) for item in found["items"]] == [
        ("basics/only", "changed", None)
    ]
    assert [(one["before"], one["after"]) for one in found["verdicts"]] == [("conditional-go", "no-go")]


def test_a_workload_that_is_not_live_is_left_out_and_told(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, OWNER, BOARD, PAGER)
    status, out, err = asked(capsys, "HEAD", "young")
    assert (status, err) == (0, "young is not live and left out.\n")
    assert "No workload is live." in out


def test_older_revisions_are_read_as_they_were(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "tag", "before")
    git(root, "mv", "checklists/basics.yaml", "checklists/renamed.yaml")
    write(root / "checklists" / "renamed.yaml", checklist(OWNER, BOARD, PAGER, version=2))
    commit_all(root)
    for rev in ("before", "HEAD~1", "main@{1}"):
        assert [item["item"] for item in told(capsys, rev)[1]["items"]] == ["basics/pager"]
    assert told(capsys, "HEAD")[1]["items"] == []


def test_the_folders_that_were_configured_then_count(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    git(root, "mv", "checklists", "lists")
    settings = (root / "orr.yaml").read_text()
    write(root / "orr.yaml", settings + "checklists: [lists]\n")
    assert told(capsys, "HEAD")[1]["items"] == []
    commit_all(root)
    git(root, "mv", "lists", "checklists")
    write(root / "orr.yaml", settings + "checklists: [checklists/basics.yaml]\n")
    assert told(capsys, "HEAD")[1]["items"] == []


def test_a_workspace_may_be_a_folder_of_a_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = make_workspace(tmp_path / "repository" / "a b" / "ws", settings="checklists: [checklists, ../shared]\n")
    write(root.parent / "shared" / "more.yaml", checklist(OWNER, name="more"))
    make_workload(root, "ledger", more=LIVE)
    git(tmp_path / "repository", "init", "-q", "-b", "main")
    commit_all(tmp_path / "repository")
    monkeypatch.chdir(root)
    write(root.parent / "shared" / "more.yaml", checklist(OWNER, PAGER, name="more"))
    assert [item["item"] for item in told(capsys, "main")[1]["items"]] == ["more/pager"]


def test_checklists_outside_the_repository_are_told_as_unchanged(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root.parent / "elsewhere" / "more.yaml", checklist(OWNER, name="more"))
    write(root / "orr.yaml", (root / "orr.yaml").read_text() + "checklists: [checklists, ../elsewhere]\n")
    commit_all(root)
    _, out, err = asked(capsys, "HEAD")
    assert "../elsewhere lies outside the repository" in err
    assert "No item that is assessed differs." in out


def test_a_faulty_old_checklist_is_named_and_left_out(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "checklists" / "basics.yaml", "checklist: basics\nversion: one\n")
    write(root / "checklists" / "more.yaml", checklist(PAGER, name="more"))
    commit_all(root)
    change(root, OWNER, BOARD)
    status, out, err = asked(capsys, "HEAD", "--format", "json")
    assert status == 2
    assert "HEAD:checklists/basics.yaml:2:1:" in err
    found = json.loads(out)
    assert found["items"] == []
    assert found["not_compared"] == ["basics"]


def test_a_faulty_workload_stops_no_other(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "workloads" / "ledger" / "review.yaml", "review: [")
    change(root, OWNER, BOARD, PAGER)
    status, out, err = asked(capsys, "HEAD")
    assert status == 2
    assert "workloads/ledger/review.yaml:2:1:" in err
    assert "search (sales): unanswered" in out


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_faulty_new_checklist_stands_in_the_output(root: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    change(root, OWNER, "  bad: [")
    status, out, err = asked(capsys, "HEAD", "--format", form)
    assert status == 2
    assert "checklists/basics.yaml:" in out.replace("\\", "").replace("<wbr>", "")
    assert "These cannot be assessed for faults in files: ledger, search" in out
    assert "These checklists were not compared for faults in files: basics" in out
    assert "removed" not in out
    assert "No workload is live" not in out
    assert "checklists/basics.yaml:" in err


@pytest.mark.parametrize("moved", [False, True], ids=["in place", "in another file"])
def test_what_a_faulty_new_checklist_asked_is_not_said_to_be_removed(
    root: Path, capsys: pytest.CaptureFixture[str], moved: bool
) -> None:
    if moved:
        git(root, "mv", "checklists/basics.yaml", "checklists/renamed.yaml")
    write(root / "checklists" / ("renamed.yaml" if moved else "basics.yaml"), "checklist: basics\n  bad: [\n")
    write(root / "checklists" / "more.yaml", checklist(PAGER, name="more"))
    status, out, _ = asked(capsys, "HEAD", "--format", "json")
    found = json.loads(out)
    assert (status, found["live"], found["not_assessed"]) == (2, [], ["ledger", "search"])
    assert (found["not_compared"], [item["item"] for item in found["items"]]) == (["basics"], ["more/pager"])
    assert len(found["faults"]) == 1


def test_a_workload_whose_own_files_are_faulty_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "workloads" / "ledger" / "review.yaml", "review: [")
    write(root / "workloads" / "young" / "review.yaml", "review: [")
    _, out, _ = asked(capsys, "HEAD")
    assert "one live workload was assessed\nThese cannot be assessed for faults in files: ledger\n" in out
    assert "No verdict changes of those that were assessed." in out


FILES = "- {item: runbook, ask: Is there a runbook?, risk: high, checks: [{check: files, paths: RUNBOOK.md}]}"


@pytest.mark.parametrize("enforced", ["", ", enforce_from: 2027-01-15"], ids=["at-once", "later"])
def test_evidence_is_collected_for_items_that_are_not_in_force_yet(
    root: Path, capsys: pytest.CaptureFixture[str], enforced: str
) -> None:
    write(root / "workloads" / "search" / "RUNBOOK.md", "# Runbook\n")
    change(root, OWNER, BOARD, FILES.replace(", checks", f"{enforced}, checks"))
    _, found = told(capsys, "HEAD")
    assert [(short["workload"], short["state"]) for short in found["items"][0]["short"]] == [("ledger", "not-met")]
    assert [one["workload"] for one in found["verdicts"]] == ["ledger"]


def test_evidence_of_old_checks_counts_for_the_old_verdict(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(root / "workloads" / "search" / "RUNBOOK.md", "# Runbook\n")
    change(root, OWNER, BOARD, FILES)
    commit_all(root)
    change(root, OWNER, BOARD, FILES.replace("RUNBOOK.md", "BOOK.md"))
    _, found = told(capsys, "HEAD")
    assert [(short["workload"], short["already"]) for short in found["items"][0]["short"]] == [
        ("ledger", True),
        ("search", False),
    ]
    assert [(one["workload"], one["before"], one["after"]) for one in found["verdicts"]] == [("search", "go", "no-go")]


@pytest.mark.parametrize(
    "rev",
    [
        "--upload-pack=touch x",
        "-h",
        "--help-me",
        "HEAD:orr.yaml",
        "no-such-branch",
        "HEAD --all",
        "$(touch x)",
        "a\nb",
        "HEAD..HEAD",
        "",
    ],
)
def test_what_is_no_revision_is_refused_and_runs_nothing(
    root: Path, rev: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["impact", "--today", TODAY.isoformat(), "--", rev])
    assert status == 2
    assert "is not a revision" in capsys.readouterr().err
    assert not (root / "x").exists()


def test_outside_a_repository_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_workspace(tmp_path, "shop"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    status, _, err = asked(capsys, "HEAD")
    assert status == 2
    assert "not a git repository" in err


def test_the_text_speaks_both_languages(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(root, OWNER, BOARD, LATER)
    english, chinese = asked(capsys, "HEAD")[1], asked(capsys, "HEAD", "--lang", "zh-CN")[1]
    assert "ledger: no-go, was go (from 2027-01-15)" in english
    assert "basics/pager (new, risk high, from 2027-01-15)\n  - ledger (sales): unanswered\n" in english
    assert "ledger：由“可以上线”变为“不可上线”（2027-01-15 起生效）" in chinese
    assert "basics/pager（新增，风险高，2027-01-15 起生效）\n  - ledger（sales）：未回答\n" in chinese


def test_markdown_escapes_what_people_wrote(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = root / "workloads" / "ledger" / "workload.yaml"
    path.write_text(path.read_text().replace("team: sales", "team: 'a|b <script>'"))
    change(root, OWNER, BOARD, PAGER)
    _, out, _ = asked(capsys, "HEAD", "--format", "markdown")
    assert "<script>" not in out
    assert r"a\|b \<script\>" in out
    assert "| `basics/pager` | new | at once |" in out


def test_an_item_that_replaces_others_is_changed_and_they_are_not_removed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(root, "ledger", board="no")
    change(root, "- {item: both, ask: Both?, fix: Do., risk: high, replaces: [basics/owner, basics/dashboard]}")
    status, found = told(capsys, "HEAD")
    (item,) = found["items"]
    assert (item["item"], item["change"]) == ("basics/both", "changed")
    assert [(one["workload"], one["state"], one["already"]) for one in item["short"]] == [("ledger", "not-met", True)]
    assert (status, [(one["before"], one["after"]) for one in found["verdicts"]]) == (1, [("conditional-go", "no-go")])
