"""`orr trust`: checks act only in a workspace that the user trusted once, with what it allowed then."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from support.workspace_sample import put

import orr
from orr.cli import main
from orr.form.conversation import Conversation
from orr.form.session import Session

TODAY = "2026-11-22"


@pytest.fixture
def ran(tmp_path: Path) -> Path:
    """What the command of the checklist writes."""
    return tmp_path / "ran"


@pytest.fixture
def root(tmp_path: Path, ran: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace that allows a command and that nobody trusts yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("ORR_TRUST", raising=False)
    checklist = (
        "checklist: c\nversion: 1\ntitle: C\nsections:\n  - section: s\n    items:\n"
        f"      - {{item: own, ask: Q, risk: high, checks: [{{check: command, argv: [touch, {ran}]}}]}}\n"
    )
    made = put(tmp_path / "ws", {
        "orr.yaml": "allow: [command]\n", "checklists/c.yaml": checklist, "workloads/shop/review.yaml": None,
        "teams/payments.yaml": None, "organization.yaml": None,
    })  # fmt: skip
    monkeypatch.chdir(made)
    return made


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """State of the item, and why."""
    capsys.readouterr()
    main(["check", "shop", "--today", TODAY, "--format", "json"])
    (item,) = json.loads(capsys.readouterr().out)["items"]
    return item["state"], " ".join(evidence["says"] for evidence in item["evidence"])


def test_a_check_acts_only_after_the_line_that_it_names_was_run(
    root: Path, ran: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state, why = checked(capsys)
    assert state == "unknown"
    assert f"`orr trust {root}`" in why
    assert not ran.exists()
    assert main(["trust", str(root)]) == 0
    assert capsys.readouterr().out == (
        f"Trusted: {root}, with the kinds of check that its orr.yaml allows: command\n"
    )  # fmt: skip
    assert checked(capsys)[0] == "met"
    assert ran.exists()


def test_a_changed_allow_asks_again(root: Path, ran: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trust"]) == 0
    (root / "orr.yaml").write_text("allow: [http, command]\n")
    state, why = checked(capsys)
    assert (state, ran.exists()) == ("unknown", False)
    assert "allows more than when you trusted it (http)" in why


@pytest.mark.parametrize("name", ["{root}", "/elsewhere{sep}{root}", "{above}/*"])
def test_a_pipeline_names_the_folder_in_a_variable(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setenv("ORR_TRUST", name.format(root=root, sep=os.pathsep, above=root.parent))
    assert checked(capsys)[0] == "met"


def _by_api(root: Path) -> str:
    return str(orr.assess("shop", root, today=TODAY).to_frame().state.iloc[0])


def _by_form(root: Path) -> str:
    session = Session(root, "shop")
    list(Conversation(session, lambda _: None).jobs._check(None))
    return session.assessment.items[0].state.value


def _by_report(root: Path) -> str:
    main(["report", "shop", "--today", TODAY])
    return str(json.loads((root / "reports/shop/assessment.json").read_text())["items"][0]["state"])


def _by_recheck(root: Path) -> str:
    main(["recheck", "--today", TODAY])
    return str(json.loads((root / "reports/shop/assessment.json").read_text())["items"][0]["state"])


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(_by_api, id="orr.assess"),
        pytest.param(_by_form, id="form"),
        pytest.param(_by_report, id="report", marks=pytest.mark.kernel),
        pytest.param(_by_recheck, id="recheck", marks=pytest.mark.kernel),
    ],
)
def test_every_way_to_an_assessment_asks_for_the_same_trust(root: Path, ran: Path, way: Callable[[Path], str]) -> None:
    assert (way(root), ran.exists()) == ("unknown", False)
    assert main(["trust"]) == 0
    assert (way(root), ran.exists()) == ("met", True)


def test_a_lax_orr_yaml_in_the_folder_of_a_workload_changes_no_verdict_and_runs_nothing(
    root: Path, ran: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["trust"])
    (root / "orr.yaml").write_text("{}\n")
    put(root / "workloads/shop", {"orr.yaml": "allow: [command]\npolicy: [{tiers: [1, 2, 3, 4], no_go: []}]\n"})
    monkeypatch.chdir(root / "workloads/shop")
    main(["trust"])
    assert checked(capsys)[0] == "unknown"
    assert not ran.exists()
    assert main(["lint"]) == 2
    assert "orr.yaml:1:1: it is below the workspace " in capsys.readouterr().err


def test_the_list_is_printed_and_shortened(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trust"]) == 0
    capsys.readouterr()
    assert main(["trust", "--list"]) == 0
    assert capsys.readouterr().out == f"{root}: command\n"
    assert main(["trust", "--revoke", "workloads"]) == 0
    assert main(["trust", "--list"]) == 0
    assert capsys.readouterr().out == f"No longer trusted: {root}\n"
    assert main(["trust", "--revoke"]) == 2
    assert "orr trust --list shows" in capsys.readouterr().err
    assert checked(capsys)[0] == "unknown"


def test_a_workspace_that_is_deleted_can_be_taken_off(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["trust"])
    root.rename(root.with_name("gone"))
    os.chdir(root.parent)
    assert main(["trust", "--revoke", str(root)]) == 0
    assert "No longer trusted" in capsys.readouterr().out


def test_init_trusts_what_it_makes(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    new = tmp_path / "new"
    new.mkdir()
    monkeypatch.chdir(new)
    assert main(["init", "shop"]) == 0
    assert main(["trust", "--list"]) == 0
    assert capsys.readouterr().out.endswith(f"{new}: none\n")


def test_init_makes_a_workspace_of_its_own_in_a_repository_of_another(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "orr.yaml").write_text("repositories: [../services]\n")
    main(["trust"])
    repository = tmp_path / "services" / "shop"
    repository.mkdir(parents=True)
    monkeypatch.chdir(repository)
    assert main(["init", "shop"]) == 0
    assert main(["lint"]) == 0


def test_init_writes_nothing_where_anybody_may_write(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    monkeypatch.chdir(tmp_path / "open")
    assert main(["init", "shop"]) == 2
    assert capsys.readouterr().err.startswith(".:1:1: anybody may write to it; ")
    assert list((tmp_path / "open").iterdir()) == []


def test_init_makes_a_workspace_below_one_that_is_not_obeyed(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "mine").mkdir()
    monkeypatch.chdir(root / "mine")
    assert main(["init", "cart"]) == 0
    assert (root / "workloads" / "cart").is_dir()  # it stands in a workspace
    root.chmod(0o777)
    assert main(["init", "cart"]) == 0
    assert (root / "mine" / "workloads" / "cart").is_dir()


def test_a_form_that_is_open_sees_that_its_workspace_was_trusted(root: Path, ran: Path) -> None:
    session = Session(root, "shop")
    jobs = Conversation(session, lambda _: None).jobs
    for status, found in ((None, "unknown"), (0, "met")):
        assert status is None or main(["trust"]) == status
        list(jobs._check(None))
        assert session.assessment.items[0].state.value == found


@pytest.mark.parametrize(
    ("text", "wrong"), [(None, "there is no orr.yaml"), ("allow: 1\n", "orr.yaml:1:1: ")], ids=["none", "faulty"]
)
def test_nothing_is_trusted_that_is_no_workspace(
    root: Path, capsys: pytest.CaptureFixture[str], text: str | None, wrong: str
) -> None:
    (root / "orr.yaml").unlink()
    if text is not None:
        (root / "orr.yaml").write_text(text)
    assert main(["trust"]) == 2
    assert wrong in capsys.readouterr().err
    assert main(["trust", "--list"]) == 0
    assert capsys.readouterr().out == ""
