"""The gate: what passes it, and what does not."""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.gate_stage import FILES, IMAGE, OTHER, TODAY, decided, gate, orr, record, stage, vote

from orr.assessing import assess, named_release
from orr.history import History, Run
from orr.proof.gate import judged_by
from orr.workspace.workspace import Workspace

REVIEW = "workloads/shop/review.yaml"


def edited(root: Path, path: str, old: str, new: str) -> None:
    file = root / path
    text = file.read_text(encoding="utf-8")
    assert old in text, text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_decided_release_passes_in_a_line_and_as_json(tmp_path: Path, capsys: Any) -> None:
    decided(tmp_path)
    status, line, told = gate(tmp_path, capsys)
    assert status == 0
    assert line.startswith("shop passes: go, about image sha256:aaaaaaaaaaaa")
    assert told["passes"] is True
    assert (told["verdict"], told["decision"], told["says"]) == ("go", "go", line)


def test_unchanged_files_come_to_just_what_was_recorded(tmp_path: Path) -> None:
    recorded = record(decided(tmp_path))
    workspace = Workspace.open(tmp_path)
    release = named_release(None, IMAGE, None)
    found, changed = judged_by(workspace, workspace.case("shop", None, release), recorded)
    assert changed == ()
    assert found is not None
    assert found.digest == recorded["digest"] == assess(workspace, "shop", release=release).digest
    assert [(item.name, item.state.value) for item in found.items] == [
        (item["item"], item["state"]) for item in recorded["items"]
    ]


def _withdrawn(root: Path) -> None:
    text = (root / REVIEW).read_text(encoding="utf-8")
    (root / REVIEW).write_text(text[: text.index("sign_offs:")], encoding="utf-8")


@pytest.mark.parametrize(
    ("what", "status", "says"),
    [
        pytest.param(_withdrawn, 1, "waiting for the vote of service-owner, operations", id="votes withdrawn"),
        pytest.param(
            lambda root: vote(root, votes=[("operations", "no-go")]), 1, "no-go", id="a vote for no-go afterwards"
        ),
        pytest.param(
            lambda root: edited(root, REVIEW, "c/own:\n    answer: yes", "c/own:\n    answer: no"),
            1,
            "wei answered no",
            id="an answer taken back",
        ),
        pytest.param(
            lambda root: (root / "workloads/shop/proof.txt").unlink(), 1, "proof.txt", id="attached evidence gone"
        ),
        pytest.param(
            lambda root: (root / "workloads/shop/docs/rollback.md").write_text("# Rollback\n"),
            3,
            "docs/rollback.md",
            id="a document that a check read",
        ),
        pytest.param(
            lambda root: (root / "workloads/shop/drills/one.md").rename(root / "workloads/shop/drills/two.md"),
            3,
            "drills/*.md",
            id="a file that a check found",
        ),
        pytest.param(
            lambda root: edited(root, "checklists/c.yaml", "sections: [Steps]", "sections: [Steps, Owner]"),
            3,
            "checklist c",
            id="a stricter checklist",
        ),
        pytest.param(
            lambda root: edited(root, "checklists/c.yaml", "sections: [Steps]", "sections: []"),
            3,
            "checklist c",
            id="a laxer checklist",
        ),
        pytest.param(
            lambda root: edited(root, "workloads/shop/workload.yaml", "tier: 1", "tier: 4"),
            3,
            "workload tier",
            id="another tier",
        ),
        pytest.param(
            lambda root: edited(root, "orr.yaml", "policy:", "allow: [command]\npolicy:"),
            3,
            "allow",
            id="another allow",
        ),
        pytest.param(
            lambda root: edited(root, "orr.yaml", "[service-owner, operations]", "[service-owner, operations, legal]"),
            1,
            "vote of",
            id="a further role",
        ),
    ],
)
def test_what_changed_after_the_run_counts_now(
    what: Callable[[Path], object], status: int, says: str, tmp_path: Path, capsys: Any
) -> None:
    decided(tmp_path)
    what(tmp_path)
    found, line, told = gate(tmp_path, capsys)
    assert found == status
    assert says in line
    assert told["passes"] is False


MORE = """\
  - section: more
    items:
      - item: ran
        ask: Ran?
        risk: high
        checks: [{check: command, argv: [tools/look.sh, tools/asked.txt], folder: workspace}]
      - {item: thought, ask: Thought?, risk: high, checks: [{check: review, scenarios: 1}]}
"""
PRE_MORTEM = """\
pre_mortem:
- {scenario: The database fails over slowly, likelihood: medium, impact: high, detection: An alert, response: Fail over}
"""


@pytest.mark.parametrize(
    ("what", "names"),
    [
        pytest.param(lambda root: edited(root, "tools/look.sh", "exit 0", "exit 1"), "tools/look.sh", id="a script"),
        pytest.param(lambda root: edited(root, "tools/asked.txt", "all", "none"), "tools/asked.txt", id="its input"),
        pytest.param(
            lambda root: edited(root, REVIEW, "fails over slowly", "is gone"), "pre-mortem 1", id="the pre-mortem"
        ),
    ],
)
def test_a_file_that_a_finding_was_made_with_changed_after_the_run_lets_nothing_pass(
    what: Callable[[Path], object], names: str, tmp_path: Path, capsys: Any
) -> None:
    root = stage(
        tmp_path,
        voted=False,
        **{
            "orr.yaml": f"{FILES['orr.yaml']}allow: [command]\n",
            "checklists/c.yaml": FILES["checklists/c.yaml"] + MORE,
            REVIEW: FILES[REVIEW] + PRE_MORTEM,
            "tools/look.sh": "#!/bin/sh\nexit 0\n",
            "tools/asked.txt": "all\n",
        },
    )
    (root / "tools/look.sh").chmod(0o755)
    vote(root)
    record(root)
    assert gate(root, capsys)[0] == 0
    what(root)
    vote(root)
    status, line, _ = gate(root, capsys)
    assert (status, names in line) == (3, True), line


def test_the_line_holds_decision_verdict_and_each_reason_once(tmp_path: Path, capsys: Any) -> None:
    record(stage(tmp_path, voted=False))
    _, line, told = gate(tmp_path, capsys)
    assert line.startswith("shop does not pass: pending (verdict: go), about image")
    assert line.count("pending") == 1
    assert line.endswith("; " + "; ".join(told["because"]))


@pytest.mark.parametrize("role", ["ROLE", "operations"])
def test_the_line_says_how_to_give_the_votes_that_are_missing(role: str, tmp_path: Path, capsys: Any) -> None:
    where = ("--environment", "production")
    root = stage(tmp_path, voted=False)
    record(root, environment="production")
    if role == "operations":
        assert orr(root, "sign", "shop", "service-owner", "go", "--by", "ana", "--artifact", IMAGE, *where) == 0
    _, line, _ = gate(root, capsys, *where)
    found = re.search(r"\(`orr (sign shop .*)`\)", line)
    assert found is not None
    assert found[1] == f"sign shop {role} VOTE --artifact {IMAGE} --environment production"
    command = found[1].replace("ROLE", "operations").replace("VOTE", "go")
    assert orr(root, *shlex.split(command), "--by", "bo") == 0
    if role == "operations":
        assert gate(root, capsys, *where)[0] == 0


def test_a_swapped_artifact_has_no_run(tmp_path: Path, capsys: Any) -> None:
    decided(tmp_path)
    status, line, _ = gate(tmp_path, capsys, artifact=OTHER)
    assert status == 3
    assert "no run is about this release" in line


def test_naming_fewer_artifacts_than_the_run_was_about_passes_nothing_that_all_of_them_do_not(
    tmp_path: Path, capsys: Any
) -> None:
    bound = f"c/own: {{answer: yes, by: wei, on: {TODAY}, release: {{commit: 41ab0000}}}}"
    plain = f"c/own: {{answer: yes, by: wei, on: {TODAY}}}"
    review = FILES[REVIEW].replace(plain, bound)
    assert review != FILES[REVIEW]
    root = stage(tmp_path, **{REVIEW: review})
    commit = "git:42cd0000"
    told = record(root, artifact=f"{IMAGE} {commit}")
    assert told["verdict"] == "no-go"
    whole, fewer = (gate(root, capsys, *more) for more in (("--artifact", commit), ()))
    assert (whole[0], fewer[0]) == (1, 1)
    assert (whole[2]["verdict"], fewer[2]["verdict"]) == ("no-go", "no-go")


@pytest.mark.parametrize("environment", ["production", None], ids=str)
def test_a_run_for_another_environment_does_not_count(environment: str | None, tmp_path: Path, capsys: Any) -> None:
    record(stage(tmp_path), environment="staging" if environment else "production")
    more = ("--environment", environment) if environment else ()
    assert gate(tmp_path, capsys, *more)[0] == 3


def test_without_a_history_nothing_passes(tmp_path: Path, capsys: Any) -> None:
    status, line, _ = gate(stage(tmp_path), capsys)
    assert (status, "no run is recorded" in line) == (3, True)


def test_a_history_that_cannot_be_read_lets_nothing_pass(tmp_path: Path, capsys: Any) -> None:
    decided(tmp_path)
    (tmp_path / "reports/history.db").write_bytes(b"no database")
    status, line, _ = gate(tmp_path, capsys)
    assert (status, "the history cannot be read" in line) == (3, True)


def test_a_newer_run_that_failed_lets_nothing_pass(tmp_path: Path, capsys: Any) -> None:
    decided(tmp_path)
    workspace = Workspace.open(tmp_path)
    with closing(History(workspace.settings.history, workspace.root)) as history:
        history.record(Run("shop", workspace.today, datetime.now(UTC), None, "the kernel died"))
    status, line, _ = gate(tmp_path, capsys)
    assert (status, "could not be assessed" in line) == (3, True)


def test_a_record_of_an_earlier_version_lets_nothing_pass(tmp_path: Path, capsys: Any) -> None:
    decided(tmp_path)
    told = record(tmp_path)
    workspace = Workspace.open(tmp_path)
    with closing(History(workspace.settings.history, workspace.root)) as history:
        older = {key: value for key, value in told.items() if key != "collected"}
        history.record(Run("shop", workspace.today, datetime.now(UTC), older))
    status, line, _ = gate(tmp_path, capsys)
    assert (status, "earlier version" in line) == (3, True)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("recorded_at = '2030-01-01 00:00:00.000000' WHERE number = 2", id="moment"),
        pytest.param("document = (SELECT document FROM orr_runs WHERE number = 1) WHERE number = 2", id="document"),
        pytest.param("document = (SELECT document FROM orr_runs WHERE number = 1) WHERE number = 3", id="a newer one"),
        pytest.param("previous = x'00' WHERE number = 3", id="link"),
        pytest.param("verdict = 'conditional-go' WHERE number = 2", id="verdict"),
    ],
)
def test_a_run_that_was_altered_lets_nothing_pass(change: str, tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    record(root)
    record(root, artifact=OTHER)
    assert gate(root, capsys)[0] == 0
    with closing(sqlite3.connect(root / "reports/history.db", isolation_level=None)) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (trigger,) in triggers:
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute(f"UPDATE orr_runs SET {change}")
    status, line, _ = gate(root, capsys)
    assert (status, "was altered" in line) == (3, True)


@pytest.mark.parametrize("number", [1, 2])
def test_a_run_that_was_taken_out_of_the_history_lets_no_other_one_pass(
    number: int, tmp_path: Path, capsys: Any
) -> None:
    root = decided(tmp_path)
    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.start(["shop"], date.fromisoformat(TODAY), datetime.now(UTC))  # stands between the two runs
    record(root)
    with closing(sqlite3.connect(root / "reports/history.db", isolation_level=None)) as database:
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {trigger}")
        database.execute("DELETE FROM orr_runs WHERE number = ?", (number,))
    status, line, _ = gate(root, capsys)
    assert (status, "records were taken out of the history" in line) == (3, True)


def test_a_decision_binds_the_workload_unless_the_policy_says_the_artifact(tmp_path: Path, capsys: Any) -> None:
    free = tmp_path / "free"
    record(stage(free), artifact=OTHER)
    assert gate(free, capsys, artifact=OTHER)[0] == 0
    bound = tmp_path / "bound"
    record(stage(bound, **{"orr.yaml": FILES["orr.yaml"] + "  binds: artifact\n"}), artifact=OTHER)
    status, line, _ = gate(bound, capsys, artifact=OTHER)
    assert (status, "waiting for the vote" in line) == (1, True)
    record(bound)
    assert gate(bound, capsys)[0] == 0


def test_the_verdict_alone_is_printed_as_such_and_no_vote_for_no_go_is_passed_over(tmp_path: Path, capsys: Any) -> None:
    record(stage(tmp_path, voted=False))
    assert gate(tmp_path, capsys)[0] == 1
    status, line, told = gate(tmp_path, capsys, "--verdict-only")
    assert (status, "by the verdict alone" in line, told["verdict_only"]) == (0, True, True)
    vote(tmp_path, votes=[("operations", "no-go")])
    assert gate(tmp_path, capsys, "--verdict-only")[0] == 1


def test_a_run_is_as_old_as_it_likes_unless_a_limit_is_given(tmp_path: Path, capsys: Any) -> None:
    record(stage(tmp_path), at=datetime.now(UTC) - timedelta(hours=30))
    assert gate(tmp_path, capsys)[0] == 0
    assert gate(tmp_path, capsys, "--max-age", "2d")[0] == 0
    status, line, _ = gate(tmp_path, capsys, "--max-age", "24h")
    assert (status, "older than --max-age" in line) == (3, True)
    assert gate(tmp_path, capsys, "--max-age", "soon")[0] == 2


def test_what_may_be_another_each_day_is_not_known_on_another_day(tmp_path: Path, capsys: Any) -> None:
    files = '{check: files, paths: ["drills/*.md"]}'
    assert files in FILES["checklists/c.yaml"]
    calendar = FILES["checklists/c.yaml"].replace(files, "{check: calendar, path: freeze.ics}")
    day = TODAY.replace("-", "")
    event = f"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:{day}T000000Z\r\nDTSTART:20990101\r\nSUMMARY:Freeze\r\nEND:VEVENT\r\n"
    ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//b//EN\r\n{event}END:VCALENDAR\r\n"
    root = stage(tmp_path, voted=False, **{"checklists/c.yaml": calendar, "workloads/shop/freeze.ics": ics})
    yesterday = date.fromisoformat(TODAY) - timedelta(days=1)
    told = record(root)
    (drills,) = (item for item in told["items"] if item["item"] == "c/drills")
    assert told["collected"]["daily"] == ["c/drills"]
    workspace = Workspace.open(root)
    case = workspace.case("shop", None, named_release(None, IMAGE, None))
    found, _ = judged_by(workspace, case, told)
    then, _ = judged_by(workspace, case, {**told, "today": yesterday.isoformat()})
    assert found is not None
    assert then is not None
    states = [{item.name: item.state.value for item in one.items}["c/drills"] for one in (found, then)]
    assert states == [drills["state"], "not-met" if drills["state"] == "not-met" else "unknown"]


def test_a_vote_for_no_go_that_somebody_took_out_lets_nothing_pass(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    before = (root / REVIEW).read_text(encoding="utf-8")
    vote(root, votes=[("operations", "no-go")])
    record(root)
    (root / REVIEW).write_text(before, encoding="utf-8")
    status, line, _ = gate(root, capsys)
    assert (status, "no-go" in line) == (1, True)


def test_an_exception_that_a_run_holds_closed_stays_closed(tmp_path: Path, capsys: Any) -> None:
    root = stage(tmp_path, voted=False)
    moment = datetime.now(UTC).isoformat(timespec="seconds")
    exception = (
        f"emergencies:\n  - {{emergency: E-1, reason: down, requested_by: ana, requested_at: '{moment}', "
        f"approved_by: bo, approved_at: '{moment}'"
    )
    review = (root / REVIEW).read_text(encoding="utf-8")
    (root / REVIEW).write_text(f"{review}{exception}}}\n", encoding="utf-8")
    record(root)
    assert gate(root, capsys)[0] == 0
    (root / REVIEW).write_text(f"{review}{exception}, closed_by: cy, closed_on: {TODAY}}}\n", encoding="utf-8")
    record(root)
    (root / REVIEW).write_text(f"{review}{exception}}}\n", encoding="utf-8")
    status, line, _ = gate(root, capsys)
    assert (status, "the exception E-1 is closed" in line) == (1, True)


def test_the_verdict_alone_names_a_vote_for_no_go_that_became_void(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    vote(root, votes=[("operations", "no-go")])
    edited(root, "workloads/shop/proof.txt", "done", "done twice")
    record(root)
    status, line, _ = gate(root, capsys, "--verdict-only")
    assert (status, "; though " in line, "operations" in line) == (0, True, True), line


def test_a_void_vote_is_named_without_its_changes_once_the_role_has_voted_anew(tmp_path: Path, capsys: Any) -> None:
    root = decided(tmp_path)
    edited(root, "workloads/shop/proof.txt", "done", "done twice")
    for role, by in (("service-owner", "cy"), ("operations", "bo")):
        assert orr(root, "sign", "shop", role, "go", "--by", by, "--artifact", IMAGE) == 0
    record(root)
    status, line, _ = gate(root, capsys)
    assert (status, line.partition("; though ")[2]) == (
        0,
        "ana's earlier vote for service-owner is void, and cy has voted since",
    ), line
