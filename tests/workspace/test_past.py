"""What the previous commit required of a workload, read from a real git repository."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from support.fleet_sample import BOARD, OWNER, TODAY, checklist, commit_all, git, make_workspace, write

from orr.assessing import assess
from orr.evaluate import Evaluation
from orr.messages import render
from orr.workspace.workspace import Workspace


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_workspace(tmp_path, "shop")
    commit_all(root)
    return root


def assessed(root: Path) -> Evaluation:
    return assess(Workspace(root, TODAY), "shop")


def changes(root: Path) -> list[str]:
    return [render(one.change, "en") for one in assessed(root).milder]


def rewrite(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


SHOP = "workloads/shop/workload.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        (SHOP, "20k EUR", "700 EUR", ["tier: 2 → 3", "policy, distinct: true → false"]),
        (SHOP, "launch: 2026-12-01\n", "", ["launch: 2026-12-01 → none"]),
        (SHOP, "team: sales", "team: stock", ["owner team: sales → stock"]),
        (
            "orr.yaml",
            "sign_offs: [lead]",
            "sign_offs: [lead], waiver_max_days: 200",
            ["policy, waiver_max_days: 90 → 200"],
        ),
        ("checklists/basics.yaml", "risk: high", "risk: low", ["risk of basics/owner: high → low"]),
        ("workloads/shop/review.yaml", "answer: yes", "answer: no", []),
    ],
    ids=["tier", "launch", "team", "policy", "checklist", "an answer is no requirement"],
)
def test_what_is_milder_than_the_commit_is_listed_before_and_after_it_is_committed(
    root: Path, path: str, old: str, new: str, says: list[str]
) -> None:
    rewrite(root, path, old, new)
    assert changes(root) == says
    commit_all(root)
    assert changes(root) == says
    for n in range(2):
        write(root / "notes.md", f"Something else, {n}.")
        commit_all(root)
        assert changes(root) == says


@pytest.mark.parametrize("target", ["good", "../services/good"], ids=["beside it", "by steps upwards"])
def test_a_repository_that_is_exchanged_for_a_link_to_another_folder_is_listed(root: Path, target: str) -> None:
    services = root / "services"
    write(services / "own" / "README.md", "Ours.")
    write(services / "good" / "README.md", "Another's.")
    rewrite(root, SHOP, "launch:", "repository: ../../services/own\nlaunch:")
    commit_all(root)
    write(services / "own" / "README.md", "Ours, again.")
    commit_all(root)
    (services / "own").rename(services / "before")
    (services / "own").symlink_to(target)
    leads = "repository leads elsewhere by a link: {} → {}"
    assert leads.format("none", "services/good") in changes(root)
    for n in range(3):  # the link itself, and what else requires nothing else
        rewrite(root, "checklists/basics.yaml", "version: 1", "# comment\nversion: 1")
        commit_all(root)
        assert leads.format("none", "services/good") in changes(root), n


def test_commits_of_answers_do_not_hide_what_became_milder(root: Path) -> None:
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: low")
    commit_all(root)
    for n in range(20):
        rewrite(
            root,
            "workloads/shop/review.yaml",
            "on: 2026-11-20" if not n else f"on: 2026-10-{n:02}",
            f"on: 2026-10-{n + 1:02}",
        )
        commit_all(root)
    assert changes(root) == ["risk of basics/owner: high → low"]


VOTE = "sign_offs:\n  - {role: lead, by: ana, vote: go, on: 2026-11-20, digest: '" + "0" * 64 + "'}\n"


def test_the_votes_are_found_where_the_folder_was_renamed_with_what_became_milder(root: Path) -> None:
    review = root / "workloads/shop/review.yaml"
    write(review, review.read_text(encoding="utf-8") + VOTE.replace("digest: ", "\n     digest: "))
    commit_all(root)
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: low")
    git(root, "mv", "workloads/shop", "workloads/store")
    rewrite(root, "workloads/store/workload.yaml", "workload: shop", "workload: store")
    rewrite(root, "workloads/store/review.yaml", "review: shop", "review: store")
    for n in range(2):
        rewrite(root, "orr.yaml", "sign_offs: [lead", f"sign_offs: [lead, role-{n}")
        commit_all(root)
        (one,) = assess(Workspace(root, TODAY), "store").milder
        assert "votes" in [since.kind for since in one.since]


def test_a_later_change_does_not_hide_what_became_milder_since_the_last_votes(root: Path) -> None:
    review = root / "workloads/shop/review.yaml"
    unvoted = review.read_text(encoding="utf-8")
    write(review, unvoted + VOTE.replace("digest: ", "\n     digest: "))
    commit_all(root)
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: low")
    write(review, unvoted)
    commit_all(root)
    rewrite(root, "orr.yaml", "sign_offs: [lead]", "sign_offs: [lead, security]")
    commit_all(root)
    (one,) = assessed(root).milder
    assert [since.kind for since in one.since] == ["votes"]
    assert re.search(
        r"\(compared with the votes of 20\d\d-\d\d-\d\d \(commit [0-9a-f]{10}\)\)$", render(one.says, "en")
    )


def test_a_team_whose_answers_come_to_be_inherited_is_listed(root: Path) -> None:
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: high, scope: team")
    rewrite(root, "workloads/shop/review.yaml", "basics/owner", "basics/owner")
    commit_all(root)
    write(
        root / "teams" / "sales.yaml", "team: sales\nanswers:\n  basics/owner: {answer: yes, by: a, on: 2026-11-01}\n"
    )
    assert "answers of team sales are inherited now" in changes(root)


def test_the_first_commit_is_compared_with_only_where_something_else_is_required_now(root: Path) -> None:
    assert [render(one, "en") for one in assessed(root).uncompared] == [
        "Whether less is asked than before is not known: there is no run of this name, no earlier commit."
    ]
    rewrite(root, SHOP, "20k EUR", "90k EUR")
    assert assessed(root).uncompared == ()


def test_without_git_and_runs_the_first_screen_says_that_there_is_nothing_to_compare_with(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, "shop")
    assert assessed(root).case.earlier == ()
    assert "no earlier commit" in render(assessed(root).uncompared[0], "en")


def test_a_workload_that_the_commit_does_not_hold_is_not_compared_with_it(root: Path) -> None:
    write(root / "notes.md", "Something else.")
    commit_all(root)
    shutil.copytree(root / "workloads/shop", root / "workloads/store")
    rewrite(root, "workloads/store/workload.yaml", "workload: shop", "workload: store")
    rewrite(root, "workloads/store/review.yaml", "review: shop", "review: store")
    assert assess(Workspace(root, TODAY), "store").case.earlier == ()


@pytest.mark.parametrize("path", [SHOP, "orr.yaml", "checklists/basics.yaml"])
def test_a_commit_with_a_faulty_file_is_told_to_be_not_compared(root: Path, path: str) -> None:
    good = (root / path).read_text(encoding="utf-8")
    write(root / path, "tier: [\n")
    commit_all(root)
    write(root / path, good)
    commit_all(root)
    (line,) = (render(one, "en") for one in assessed(root).uncompared)
    assert line.startswith("Not compared with the commit ")
    assert path in line


@pytest.mark.parametrize("lost", ["HEAD~1:checklists/basics.yaml", "HEAD~1:workloads/shop", "HEAD~1^{tree}"])
def test_what_a_repository_has_lost_is_not_taken_for_what_was_never_there(root: Path, lost: str) -> None:
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: low")
    rewrite(root, SHOP, "20k EUR", "700 EUR")
    commit_all(root)
    name = git(root, "rev-parse", lost)
    (root / ".git" / "objects" / name[:2] / name[2:]).unlink()
    (line,) = (render(one, "en") for one in assessed(root).uncompared)
    assert re.match("Not compared with the commit ([0-9a-f]{40}~1|HEAD): ", line)
    assert changes(root) == []


def test_a_repository_that_git_does_not_read_is_told_to_be_not_compared(root: Path) -> None:
    (root / ".git" / "config").write_text("[core\n", encoding="utf-8")
    (line,) = (render(one, "en") for one in assessed(root).uncompared)
    assert line.startswith("Not compared with the commit HEAD: ")


def test_checklists_outside_the_repository_are_told_to_be_not_compared(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", "shop", settings="checklists: [../lists]\n")
    write(tmp_path / "lists" / "basics.yaml", checklist(OWNER, BOARD))
    commit_all(root)
    rewrite(root, SHOP, "20k EUR", "700 EUR")
    assert "tier: 2 → 3" in changes(root)
    assert "../lists" in render(assessed(root).uncompared[0], "en")


def test_a_checklist_that_is_left_out_before_and_now_is_not_asked_in_either(root: Path) -> None:
    write(root / "checklists" / "more.yaml", checklist(OWNER, name="more"))
    leave = "{reason: later, requested_by: ann, approved_by: bo, on: 2026-11-20, expires: 2026-12-20}"
    rewrite(root, SHOP, "title: The shop", f"title: The shop\nleave_out: {{more: {leave}}}")
    commit_all(root)
    write(root / "notes.md", "Something else.")
    commit_all(root)
    assert changes(root) == ["leave_out.more: none → 2026-12-20"]


def test_items_that_became_one_are_listed_as_worded_otherwise_and_not_as_gone(root: Path) -> None:
    both = "- {item: both, ask: Both?, fix: Do., risk: high, replaces: [basics/owner, basics/dashboard]}"
    write(root / "checklists" / "basics.yaml", checklist(both, version=2))
    assert changes(root) == ["the question of basics/both is worded otherwise"]


def test_a_commit_after_another_day_that_is_asked_about_is_not_compared_with(root: Path) -> None:
    rewrite(root, SHOP, "20k EUR", "700 EUR")
    workspace = Workspace(root, TODAY - timedelta(days=3))
    assert assess(workspace, "shop").milder
    workspace.simulated = True
    found = assess(workspace, "shop")
    assert (found.milder, found.compared) == ((), None)


@pytest.mark.parametrize("comment", [True, False], ids=["that change nothing", "that are stricter"])
def test_many_commits_after_one_that_is_milder_do_not_hide_it(root: Path, comment: bool) -> None:
    rewrite(root, "checklists/basics.yaml", "risk: high", "risk: low")
    commit_all(root)
    laws = (root / "orr.yaml").read_text(encoding="utf-8")
    for n in range(10):
        stricter = laws.replace("sign_offs: [lead]", f"sign_offs: [lead], plan_max_days: {80 - n}")
        write(root / "orr.yaml", f"{laws}# {n}\n" if comment else stricter)
        commit_all(root)
    assert changes(root) == ["risk of basics/owner: high → low"]
