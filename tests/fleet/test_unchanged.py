"""Only what changed: what is the same holds, and whatever is not surely the same is executed."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
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

from orr.evaluate import evaluate
from orr.evidence.collect import collect
from orr.evidence.kinds.registry import traits_of_kind
from orr.fleet.unchanged import fingerprints
from orr.fleet.unchanged import keys as unchanged
from orr.fleet.unchanged.keys import Keys
from orr.formats.record import to_json
from orr.history import History, HistoryUnavailable
from orr.messages import say
from orr.workspace.workspace import Workspace

NEXT = TODAY + timedelta(days=7)
RUNBOOK = (
    "- {item: runbook, ask: Is there a runbook?, risk: high,"
    " checks: [{check: document, path: runbook.md, reviewed_within: 90d}]}"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    make_workspace(tmp_path, "shop", "stock")
    write(tmp_path / "teams" / "sales.yaml", "team: sales\nanswers: {}\n")
    return tmp_path


HISTORY = "reports/history.db"


@contextmanager
def keys(root: Path, today: date = TODAY, language: str = "en") -> Iterator[Keys]:
    with closing(History(f"sqlite:///{HISTORY}", root)) as history:
        yield Keys(Workspace(root, today), history, root / "reports", language)


def execute(
    root: Path,
    name: str = "shop",
    today: date = TODAY,
    number: int = 1,
    between: Any = None,
    after: Any = None,
    reports: tuple[str, ...] = ("report.html", "report.ipynb", "assessment.json", "calendar.ics"),
) -> None:
    """Look, assess, write the reports and keep the key: what a re-check does."""
    with keys(root, today) as asked:
        asked.held([name], believe=False)
        if between is not None:
            between()
        workspace = Workspace(root, today)
        case = workspace.case(name)
        evidence = collect(case, workspace.places(case), workspace.settings, today)
        record = json.loads(json.dumps(to_json(evaluate(case, evidence, today), "en")))
        for file in reports:
            write(root / "reports" / name / file, json.dumps(record))
        if after is not None:
            after()
        asked.keep(name, record, number)
        asked.save()


def holds(root: Path, name: str = "shop", today: date = TODAY, language: str = "en") -> bool:
    with keys(root, today, language) as asked:
        return name in asked.held([name])


def test_what_is_the_same_holds_and_names_its_run(root: Path) -> None:
    execute(root, number=4)
    with keys(root, NEXT) as asked:
        found = asked.held(["shop", "stock"])
    assert list(found) == ["shop"]
    assert found["shop"].number == 4
    assert found["shop"].digest.startswith("sha256:")


def test_nothing_holds_that_was_never_executed(root: Path) -> None:
    assert not holds(root)


def _rewrite(path: str, text: str) -> Callable[[Path], None]:
    return lambda root: write(root / path, text) and None


CHANGES: list[Any] = [
    pytest.param(lambda root: answer(root, "shop", board="no"), id="review"),
    pytest.param(lambda root: make_workload(root, "shop", more="tags: [public]\n"), id="workload"),
    pytest.param(lambda root: (root / "workloads/shop/review.yaml").unlink(), id="review-gone"),
    pytest.param(_rewrite("workloads/shop/notes.md", "new"), id="file-more"),
    pytest.param(lambda root: (root / "workloads/shop/docs").mkdir(), id="folder-more"),
    pytest.param(_rewrite("teams/sales.yaml", "team: sales\nanswers: {}\n# x\n"), id="team"),
    pytest.param(lambda root: (root / "teams/sales.yaml").unlink(), id="team-gone"),
    pytest.param(_rewrite("teams/other.yaml", "team: other\nanswers: {}\n"), id="teams"),
    pytest.param(_rewrite("organization.yaml", "organization: acme\nanswers: {}\n"), id="organization"),
    pytest.param(_rewrite("checklists/basics.yaml", checklist(OWNER, BOARD, version=2)), id="checklist"),
    pytest.param(_rewrite("checklists/more.yaml", checklist(OWNER, name="more")), id="checklist-more"),
    pytest.param(_rewrite("checklists/more.yaml", "checklist: ["), id="checklist-faulty"),
    pytest.param(lambda root: make_workspace(root, settings="timezone: Asia/Shanghai\n"), id="settings"),
    pytest.param(lambda root: (root / "reports/shop/report.html").unlink(), id="report-gone"),
    pytest.param(_rewrite("reports/shop/assessment.json", "{}"), id="report-altered"),
]


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_executed(root: Path, change: Callable[[Path], object]) -> None:
    execute(root)
    assert holds(root)
    change(root)
    assert not holds(root)


def test_a_checklist_that_becomes_required_is_a_change_for_who_names_its_own(root: Path) -> None:
    make_workload(root, "shop", more="checklists: [basics]\n")
    optional = checklist(OWNER, name="more") + "required: false\n"
    write(root / "checklists/more.yaml", optional)
    execute(root)
    write(root / "checklists/more.yaml", optional + "# reworded\n")
    assert holds(root)
    write(root / "checklists/more.yaml", checklist(OWNER, name="more"))
    assert not holds(root)


def test_another_workloads_files_are_no_change(root: Path) -> None:
    execute(root)
    answer(root, "stock", board="no")
    assert holds(root)


def test_a_change_that_keeps_size_and_times_is_a_change(root: Path) -> None:
    path = write(root / "workloads" / "shop" / "notes.md", "old")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    execute(root)
    write(path, "new")
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert not holds(root)


def test_the_same_content_with_other_times_is_no_change(root: Path) -> None:
    execute(root)
    for path in (root / "workloads" / "shop").iterdir():
        content = path.read_bytes()
        path.unlink()
        path.write_bytes(content)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert holds(root)


def test_a_change_while_it_was_executed_is_executed_again(root: Path) -> None:
    execute(root, between=lambda: answer(root, "shop", board="no"))
    assert not holds(root)


def test_what_is_edited_before_it_is_kept_is_not_kept(root: Path) -> None:
    review = root / "workloads" / "shop" / "review.yaml"
    before = review.read_text()
    execute(root, after=lambda: answer(root, "shop", board="no"))
    write(review, before)
    assert not holds(root)


@pytest.mark.parametrize("language", ["zh-CN"])
def test_another_language_is_executed(root: Path, language: str) -> None:
    execute(root)
    assert not holds(root, language=language)


def test_other_versions_are_executed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    execute(root)
    monkeypatch.setattr(unchanged.metadata, "version", lambda name: "99")
    assert not holds(root)


# Days


def test_it_holds_until_a_leave_to_go_without_a_checklist_ends(root: Path) -> None:
    leave = "reason: later, requested_by: wei, approved_by: ana, on: 2026-11-20, expires: 2026-11-25"
    write(root / "checklists/more.yaml", checklist(OWNER, name="more"))
    make_workload(root, "shop", more=f"leave_out: {{more: {{{leave}}}}}\n")
    execute(root)
    assert holds(root, today=date(2026, 11, 25))
    assert not holds(root, today=date(2026, 11, 26))


@pytest.mark.parametrize(
    ("more", "until"),
    [
        # The launch is on 1 December: the day before it, it is another day.
        pytest.param("", date(2026, 11, 30), id="launch"),
        pytest.param(
            "waivers: [{waiver: W-1, items: [basics/dashboard], reason: r, requested_by: ann, approved_by: bo,"
            " approved_on: 2026-11-20, states: {basics/dashboard: not-met}, expires: 2026-12-29}]\n",
            date(2026, 11, 28),
            id="a-month-before-a-waiver-ends",
        ),
        pytest.param(
            "waivers: [{waiver: W-1, items: [basics/dashboard], reason: r, requested_by: ann, approved_by: bo,"
            " approved_on: 2026-11-20, states: {basics/dashboard: not-met}, expires: 2026-11-25}]\n",
            date(2026, 11, 25),
            id="a-waiver-ends",
        ),
    ],
)
def test_it_holds_until_the_calendar_changes_it(root: Path, more: str, until: date) -> None:
    answer(root, "shop", more=more)
    execute(root)
    assert holds(root, today=until)
    assert not holds(root, today=until + timedelta(days=1))
    assert not holds(root, today=TODAY - timedelta(days=1))


def test_it_holds_until_an_exception_to_the_tier_ends(root: Path) -> None:
    approved = "requested_by: ann, approved_by: bo, on: 2026-11-20, expires: 2026-11-25"
    more = f"tier_exception: {{tier: 3, instead_of: 2, reason: r, {approved}}}\n"
    make_workload(root, "shop", more=more)
    execute(root)
    assert holds(root, today=date(2026, 11, 25))
    assert not holds(root, today=date(2026, 11, 26))


@pytest.mark.parametrize(
    ("reviewed", "until"),
    [
        pytest.param("2026-09-01", date(2026, 11, 30), id="met-while-it-holds"),
        pytest.param("2026-08-28", date(2026, 11, 26), id="met-until-the-review-is-too-old"),
        pytest.param("2026-11-25", TODAY, id="reviewed-in-the-future"),
    ],
)
def test_what_a_check_found_bounds_how_long_it_holds(root: Path, reviewed: str, until: date) -> None:
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, RUNBOOK))
    write(
        root / "workloads" / "shop" / "runbook.md", f"---\nreviewed: {reviewed}\n---\n# Runbook\n\nCall the operator.\n"
    )
    execute(root)
    assert holds(root, today=until)
    assert not holds(root, today=until + timedelta(days=1))


def test_what_is_missing_holds_on_any_day_where_no_age_is_asked(root: Path) -> None:
    item = RUNBOOK.replace(", reviewed_within: 90d", "")
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, item))
    execute(root)
    assert holds(root, today=NEXT)
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, RUNBOOK))
    execute(root)
    assert holds(root)
    assert not holds(root, today=NEXT)


ACTING = [
    pytest.param("command", "{check: command, argv: ['true']}", id="command"),
    pytest.param("http", "{check: http, url: 'http://127.0.0.1:1/'}", id="http"),
    pytest.param("nosuch", "{check: document, path: runbook.md}", id="unknown-finding"),
]


@pytest.mark.parametrize(("kind", "spec"), ACTING)
def test_a_check_that_acts_or_could_not_tell_is_always_executed(root: Path, kind: str, spec: str) -> None:
    item = f"- {{item: extra, ask: Does it work?, risk: low, checks: [{spec}]}}"
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, item))
    if kind == "nosuch":
        write(root / "workloads" / "shop" / "runbook.md", "").write_bytes(b"\x00\xff")
    execute(root)
    assert not holds(root)


# Elsewhere


def test_a_repository_elsewhere_is_looked_at(root: Path) -> None:
    write(root / "services" / "shop" / "readme.md", "old")
    make_workload(root, "shop", more="repository: ../../services/shop\n")
    execute(root)
    assert holds(root)
    write(root / "services" / "shop" / "readme.md", "new")
    assert not holds(root)


def test_the_repository_that_a_team_names_is_looked_at(root: Path) -> None:
    write(root / "services" / "sales" / "rota.md", "old")
    write(root / "teams" / "sales.yaml", "team: sales\nrepository: ../services/sales\n")
    execute(root)
    assert holds(root)
    write(root / "services" / "sales" / "rota.md", "new")
    assert not holds(root)


def test_evidence_beside_another_file_is_looked_at(root: Path) -> None:
    write(root / "drill.md", "done")
    shared = "{item: shared, ask: Is it shared?, risk: low, scope: organization}"
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, f"- {shared}"))
    write(
        root / "organization.yaml",
        "organization: acme\nanswers:\n  basics/shared:\n    {answer: yes, by: ann, on: 2026-11-20,"
        " evidence: [{title: Drill, path: drill.md}]}\n",
    )
    execute(root)
    assert holds(root)
    (root / "drill.md").unlink()
    assert not holds(root)


def test_where_a_check_asks_git_a_commit_is_a_change(root: Path) -> None:
    files = "{check: files, paths: ['*.md'], newest_within: 90d}"
    item = f"- {{item: notes, ask: Are there notes?, risk: low, checks: [{files}]}}"
    write(root / "checklists" / "basics.yaml", checklist(OWNER, BOARD, item))
    write(root / "workloads" / "shop" / "2026-11-01.md", "notes")
    commit_all(root)
    execute(root)
    assert holds(root)
    git(root, "commit", "-q", "--allow-empty", "-m", "Again")
    assert not holds(root)


def test_where_no_check_asks_git_a_commit_is_none(root: Path) -> None:
    commit_all(root)
    execute(root)
    git(root, "commit", "-q", "--allow-empty", "-m", "Again")
    assert holds(root)


@pytest.mark.parametrize(
    ("path", "same"),
    [("workloads/shop/review.yaml", False), ("teams/sales.yaml", False), ("workloads/stock/review.yaml", True)],
)
def test_what_a_commit_said_and_the_next_took_back_is_a_change(root: Path, path: str, same: bool) -> None:
    commit_all(root)
    execute(root)
    before = (root / path).read_text(encoding="utf-8")
    for text in (f"{before}# doubted\n", before):
        write(root / path, text)
        git(root, "commit", "-q", "--all", "-m", "Change")
    assert holds(root) is same


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_what_cannot_be_read_surely_is_executed(root: Path) -> None:
    execute(root)
    os.mkfifo(root / "workloads" / "shop" / "pipe")
    assert not holds(root)
    execute(root)
    assert not holds(root)


@pytest.mark.parametrize(("touched", "is_same"), [("a", True), ("b", False)])
def test_what_lies_beyond_what_is_hashed_is_known_by_its_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, touched: str, is_same: bool
) -> None:
    monkeypatch.setattr(fingerprints, "HASHED_TOTAL", 6)
    monkeypatch.setattr(fingerprints, "_RACY_NS", 0)
    for name in ("a", "b"):
        (tmp_path / name).write_text("four")
    before = fingerprints.of_tree(tmp_path)
    os.utime(tmp_path / touched, (1, 1))
    assert fingerprints.same(before, fingerprints.of_tree(tmp_path)) is is_same


def test_without_a_report_nothing_is_remembered(root: Path) -> None:
    execute(root, reports=("report.html", "report.ipynb"))
    assert not holds(root)


# Where keys are kept


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE orr_keys SET body = 'no JSON'", id="no-json"),
        pytest.param("UPDATE orr_keys SET body = '[]'", id="no-key"),
        pytest.param("UPDATE orr_keys SET body = replace(body, 'until\":\"2', 'until\":\"x')", id="no-day"),
        pytest.param("UPDATE orr_keys SET body = replace(body, 'shared:', 'elsewhere:')", id="a-fact-of-no-kind"),
        pytest.param("UPDATE orr_keys SET place = 'another'", id="of-another-place"),
        pytest.param("DELETE FROM orr_keys", id="gone"),
    ],
)
def test_what_is_no_key_is_written_anew(root: Path, damage: str) -> None:
    execute(root)
    with closing(sqlite3.connect(root / HISTORY)) as connection, connection:
        connection.execute(damage)
    assert not holds(root)
    execute(root)
    assert holds(root)


def test_each_place_of_reports_has_keys_of_its_own(root: Path) -> None:
    execute(root)
    with closing(History(f"sqlite:///{HISTORY}", root)) as history:
        workspace = Workspace(root, TODAY)
        for out, language, sent_to in (("other", "en", None), ("reports", "zh-CN", None), ("reports", "en", "s3://x")):
            assert Keys(workspace, history, root / out, language, sent_to).held(["shop"]) == {}
    assert holds(root)


def test_a_history_that_cannot_be_written_only_has_all_executed_again(root: Path, monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise HistoryUnavailable(say("fleet.history.bad-url"), by_choice=False)

    monkeypatch.setattr(History, "keep_keys", fail)
    execute(root)
    assert not holds(root)


# What kinds declare


DECLARED = {
    "alerts": ("never", False),
    "calendar": ("daily", False),
    "command": (None, False),
    "document": ("until", True),
    "files": ("until", True),
    "ownership": ("never", True),
    "results": ("until", True),
}


@pytest.mark.parametrize("kind", DECLARED)
def test_a_kind_declares_how_it_depends_on_the_day_and_on_git(kind: str) -> None:
    traits = traits_of_kind(kind)
    ages = {"changed_within": "90d", "newest_within": "90d"}
    assert (traits.day_for(ages), traits.asks_git(ages)) == DECLARED[kind]


@pytest.mark.parametrize("kind", ["document", "files"])
def test_where_no_age_is_asked_for_the_day_does_not_matter(kind: str) -> None:
    traits = traits_of_kind(kind)
    assert (traits.day_for({"path": "a.md"}), traits.asks_git({"path": "a.md"})) == ("never", False)


def test_of_a_kind_that_is_not_there_nothing_is_known() -> None:
    assert (traits_of_kind("nosuch").day_for({}), traits_of_kind("nosuch").asks_git({})) == (None, False)
