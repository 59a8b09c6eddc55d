"""What is milder than at a revision, and what changed without a new version of its checklist."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fleet_sample import BOARD, OWNER, TODAY, checklist, commit_all, make_workspace, write

from orr.assessing import assess
from orr.cli import main
from orr.messages import render
from orr.workspace.git import NoRevision
from orr.workspace.since import since
from orr.workspace.workspace import Workspace

RULED = """\
checklist: basics
version: 1
title: Basics
sections:
  - section: only
    risk_rules: [{if: owner, risk: none}, {if: default, risk: RISK}]
    items:
      - {item: owner, ask: Is there an owner?}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = make_workspace(tmp_path, "shop", "store")
    commit_all(root)
    monkeypatch.chdir(root)
    return root


def lint(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str], list[str]]:
    status = main(["lint", "--today", TODAY.isoformat(), *more])
    said = capsys.readouterr()
    return status, said.out.splitlines(), said.err.splitlines()


def basics(root: Path, *items: str, version: int = 1) -> None:
    write(root / "checklists" / "basics.yaml", checklist(*items, version=version))


def test_nothing_milder_is_said_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = lint(capsys, "--since", "HEAD")
    assert (status, err) == (0, [])
    assert out[0].startswith("Nothing is milder than HEAD (")
    assert out[1:] == ["No fault; 2 workloads."]


def test_each_change_is_listed_once_with_the_workloads_that_it_is_one_for_and_is_no_fault(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("20k EUR", "0 EUR"), encoding="utf-8")
    basics(root, OWNER.replace("high", "low"), BOARD, version=2)
    status, out, _ = lint(capsys, "--since", "HEAD")
    assert status == 0
    assert out[1:] == [
        "  - workloads/shop/workload.yaml:3: tier: 2 → 4 (shop)",
        "  - orr.yaml:1: policy, distinct: true → false (shop)",
        "  - checklists/basics.yaml:7: risk of basics/owner: high → low (shop, store)",
        "No fault; 2 workloads.",
    ]
    assert (
        lint(capsys, "--since", "HEAD", "--lang", "zh-CN")[1][1]
        == "  - workloads/shop/workload.yaml:3：级别：2 → 4（shop）"
    )


def test_a_workload_that_is_gone_is_listed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (root / "workloads" / "store").iterdir():
        path.unlink()
    (root / "workloads" / "store").rmdir()
    assert "  - the workload is gone (store)" in lint(capsys, "--since", "HEAD")[1]


@pytest.mark.parametrize(
    ("items", "says"),
    [
        (
            [OWNER.replace("risk: high", "risk: low"), BOARD],
            "7:64: basics/owner demands something else than before (risk)",
        ),
        (
            [OWNER.replace("risk", "blocking: true, risk"), BOARD],
            "basics/owner demands something else than before (blocking)",
        ),
        (
            [OWNER.replace("risk", "checks: [{check: files, paths: a}], risk"), BOARD],
            "demands something else than before (checks)",
        ),
        ([OWNER], "2:1: basics/dashboard is gone, and the version is still 1; write `version: 2`"),
    ],
    ids=["risk", "blocking", "checks", "removed"],
)
def test_an_item_that_changed_or_went_without_a_new_version_is_a_fault(
    root: Path, capsys: pytest.CaptureFixture[str], items: list[str], says: str
) -> None:
    if len(items) == 1:
        for name in ("shop", "store"):
            write(root / "workloads" / name / "review.yaml", f"review: {name}\n")
    basics(root, *items)
    status, _, err = lint(capsys, "--since", "HEAD")
    assert status == 2
    assert [line for line in err if says in line]
    basics(root, *items, version=2)
    assert lint(capsys, "--since", "HEAD")[0] == 0


def test_other_words_and_a_new_item_need_no_new_version(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    basics(root, OWNER.replace("Is there", "Has it got"), BOARD, "- {item: new, ask: Is it new?, risk: low}")
    assert lint(capsys, "--since", "HEAD")[0] == 0


def test_a_version_that_fell_is_a_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    basics(root, OWNER, BOARD, version=5)
    commit_all(root)
    basics(root, OWNER, BOARD, version=4)
    status, _, err = lint(capsys, "--since", "HEAD")
    assert status == 2
    assert err == ["checklists/basics.yaml:2:1: the version is 4, and was 5; write `version: 6`"]


def test_other_rules_of_a_section_without_a_new_version_are_a_fault(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("shop", "store"):
        write(root / "workloads" / name / "review.yaml", f"review: {name}\n")
    write(root / "checklists" / "basics.yaml", RULED.replace("RISK", "high"))
    commit_all(root)
    write(root / "checklists" / "basics.yaml", RULED.replace("RISK", "medium"))
    status, out, err = lint(capsys, "--since", "HEAD")
    assert status == 2
    assert "  - checklists/basics.yaml:6: basics/only is judged by other rules (shop, store)" in out
    assert "basics/only demands something else than before (risk_rules)" in err[0]


def test_a_workload_that_cannot_be_compared_is_named_and_never_passes(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    good = path.read_text(encoding="utf-8")
    write(path, "tier: [\n")
    commit_all(root)
    write(path, good)
    status, _, err = lint(capsys, "--since", "HEAD")
    assert status == 3
    assert len(err) == 1
    assert err[0].startswith("shop: not compared: ")


def test_a_revision_that_does_not_exist_is_refused(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert lint(capsys, "--since", "nowhere")[0] == 2
    with pytest.raises(NoRevision):
        since(Workspace(root, TODAY), "nowhere")


def test_what_is_milder_has_words_in_both_languages(root: Path) -> None:
    basics(root, BOARD, version=2)
    for name in ("shop", "store"):
        write(root / "workloads" / name / "review.yaml", f"review: {name}\n")
    ((change, names, _),) = since(Workspace(root, TODAY), "HEAD").changes
    assert names == ["shop", "store"]
    assert render(change, "en") == "basics/owner is no longer asked"
    assert render(change, "zh-CN") == "不再检查 basics/owner"


def test_workloads_with_one_repository_in_common_are_named_and_are_no_fault(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("shop", "store"):
        with (root / "workloads" / name / "workload.yaml").open("a", encoding="utf-8") as file:
            file.write("repository: ../../services/all\n")
    (root / "services" / "all").mkdir(parents=True)
    status, out, _ = lint(capsys)
    assert status == 0
    assert out[0].startswith("workloads/store/workload.yaml:6:1: the repository is also that of the workload shop")
    assert out[1:] == ["No fault; 2 workloads."]
    assert [flag.flag for flag in assess(Workspace(root, TODAY), "shop").flags] == ["shared-repository"]


@pytest.mark.parametrize("key", ["repository", '"repositor\\x79"', "? repository\n"])
def test_a_workload_whose_folder_another_takes_for_its_repository_shows_it(root: Path, key: str) -> None:
    with (root / "workloads" / "store" / "workload.yaml").open("a", encoding="utf-8") as file:
        file.write(f"{key}: ../shop\n")
    assert [flag.flag for flag in assess(Workspace(root, TODAY), "shop").flags] == ["shared-repository"]


def test_workloads_of_one_repository_that_say_where_their_files_lie_are_not_named(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("shop", "store"):
        with (root / "workloads" / name / "workload.yaml").open("a", encoding="utf-8") as file:
            file.write(f"repository: ../../services/all\npaths: {{runbooks: {name}/*.md}}\n")
    (root / "services" / "all").mkdir(parents=True)
    assert not [line for line in lint(capsys)[1] if "the repository is also that of" in line]
    assert assess(Workspace(root, TODAY), "shop").flags == ()


SETTINGS = """
sources: [aws]
allow: [http]
policy:
  - tiers: [1, 2, 3, 4]
    no_go: [high]
    sign_offs: [lead]
    waiver_max_days: 90
"""
MORE = """
checklist: more
version: 1
title: More
sections:
  - section: s
    items:
      - item: a
        ask: A?
        risk: medium
        blocking: true
        replaces: [basics/old]
        valid_for: 90d
        evidence: required
        occasions: [launch, change]
        checks:
          - check: files
            paths: a
            newest_within: 30d
"""


LIST, WORKLOAD = "checklists/more.yaml", "workloads/shop/workload.yaml"


@pytest.mark.parametrize(
    ("path", "old", "new", "says"),
    [
        ("orr.yaml", "[aws]", "[]", "orr.yaml:1: orr.yaml no longer sets up aws"),
        ("orr.yaml", "no_go: [high]", "no_go: []", "orr.yaml:5: policy, no_go: high → none"),
        ("orr.yaml", "days: 90", "days: 91", "orr.yaml:7: policy, waiver_max_days: 90 → 91"),
        ("orr.yaml", "sources", "tiers: {shop: 4}\nsources", "orr.yaml:1: tier: 2 → 4"),
        ("orr.yaml", "sources", "timezone: Asia/Shanghai\nsources", "orr.yaml:1: time zone: UTC → Asia/Shanghai"),
        (LIST, "risk: medium", "risk: low", "checklists/more.yaml:9: risk of more/a: medium → low"),
        (LIST, "blocking: true", "blocking: false", "more.yaml:10: more/a is no longer blocking"),
        (LIST, "        replaces: [basics/old]\n", "", "more/a no longer stands for basics/old"),
        (LIST, "valid_for: 90d", "valid_for: 91d", "more.yaml:12: more/a, valid_for: 90 → 91"),
        (LIST, "evidence: required", "evidence: optional", "more.yaml:13: more/a, evidence: "),
        (LIST, "[launch, change]", "[change]", "more.yaml:7: more/a is no longer asked"),
        (LIST, "30d", "31d", "more.yaml:15: more/a: of its checks files is gone"),
        (LIST, "version: 1", "version: 1\nrequired: false", "more.yaml:3: the checklist more is no longer asked"),
        (WORKLOAD, "tags: [public]", "tags: []", "workload.yaml:6: the tag public is gone"),
        (WORKLOAD, "team: sales", "team: stock", "workload.yaml:4: owner team: sales → stock"),
        (WORKLOAD, "2026-12-01", "2026-12-02", "launch: 2026-12-01 → 2026-12-02"),
        (WORKLOAD, "tags", "paths: {runbooks: [x]}\ntags", "paths.runbooks: none → x"),
        (WORKLOAD, "tags", "repository: ../store\ntags", "repository: none → ../store"),
        (
            "teams/sales.yaml",
            "team: sales",
            "team: sales\nrepository: x",
            "teams/sales.yaml:2: team.repository: none → x",
        ),
    ],
)
def test_each_milder_requirement_is_listed_with_its_place_and_its_contrary_is_not(
    root: Path, capsys: pytest.CaptureFixture[str], path: str, old: str, new: str, says: str
) -> None:
    write(root / "orr.yaml", SETTINGS.lstrip())
    write(root / "checklists/more.yaml", MORE.lstrip())
    write(root / "teams/sales.yaml", "team: sales\nanswers: {}\n")
    (root / "teams/x").mkdir()
    workload = root / "workloads/shop/workload.yaml"
    write(workload, workload.read_text(encoding="utf-8").rstrip() + "\ntags: [public]\n")
    commit_all(root)
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    write(root / path, text.replace(old, new, 1))
    assert [line for line in lint(capsys, "--since", "HEAD")[1] if says in line and line.startswith("  - ")]
    commit_all(root)
    write(root / path, text)
    harmless = {"team: sales", "2026-12-01", "tags", "sources", "30d", "        replaces: [basics/old]\n"}
    back = [line for line in lint(capsys, "--since", "HEAD")[1] if line.startswith("  - ")]
    assert old in harmless or path == "teams/sales.yaml" or not back


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (OWNER.replace("item: owner", "item: lead"), "basics/lead asks or checks what basics/owner did, which is gone"),
        (OWNER.replace("item: owner", "item: lead, replaces: basics/owner"), ""),
        (OWNER.replace("item: owner, ask: Is there an owner?", "item: lead, ask: Who leads?"), ""),
    ],
    ids=["renamed", "it says so", "another question"],
)
def test_a_new_item_that_asks_what_one_did_that_is_gone_is_to_say_that_it_replaces_it(
    root: Path, capsys: pytest.CaptureFixture[str], item: str, says: str
) -> None:
    basics(root, item, BOARD, version=2)
    for name in ("shop", "store"):
        write(root / "workloads" / name / "review.yaml", f"review: {name}\n")
    status, _, err = lint(capsys, "--since", "HEAD")
    assert (status, says in "\n".join(err), "`replaces: basics/owner`" in "\n".join(err)) == (
        (2, True, True) if says else (0, True, False)
    )
