"""The commands that people call: what they print, change and exit with."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

import orr.assessing
from orr.cli import COMMANDS, app, main
from orr.evaluate import Evaluation
from orr.messages import render, say
from orr.workspace.workspace import Workspace

TODAY = "2026-11-23"
CHECKLIST = """\
checklist: basics
version: 1
title: {en: Basics, zh-CN: 基础}
sections:
  - section: only
    items:
      - {item: owner, ask: Is there an owner?, fix: Name one., risk: high}
      - {item: dashboard, ask: Is there a dashboard?, fix: Draw one., risk: medium}
"""
POLICY = "policy: [{tiers: [1, 2, 3, 4], sign_offs: [lead]}]\n"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / "basics.yaml").write_text(CHECKLIST, encoding="utf-8")
    (tmp_path / "orr.yaml").write_text(POLICY, encoding="utf-8")
    for name in ("shop", "stock"):
        (tmp_path / "workloads" / name).mkdir(parents=True)
        text = f"workload: {name}\ntitle: The {name}\ntier: 2\nowner: {{team: sales}}\nlaunch: 2026-12-01\n"
        (tmp_path / "workloads" / name / "workload.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str) -> tuple[int, str, str]:
        status = main([*words, "--today", TODAY] if words and words[0] in COMMANDS else list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return run


def review(workspace: Path, name: str, owner: str, dashboard: str) -> Path:
    path = workspace / "workloads" / name / "review.yaml"
    answers = "".join(
        f"  basics/{item}: {{answer: {answer}, by: ann, on: 2026-11-20}}\n"
        for item, answer in (("owner", owner), ("dashboard", dashboard))
    )
    path.write_text(f"review: {name}\nanswers:\n{answers}", encoding="utf-8")
    return path


# check


@pytest.mark.parametrize(
    ("owner", "dashboard", "words", "status"),
    [
        pytest.param("yes", "yes", [], 0, id="go"),
        pytest.param("yes", "no", [], 0, id="conditional go"),
        pytest.param("yes", "no", ["--strict"], 1, id="conditional go, strict"),
        pytest.param("no", "yes", [], 1, id="no-go"),
        pytest.param("yes", "yes", ["--decided"], 1, id="go, but nobody voted"),
    ],
)
def test_the_exit_status_follows_the_verdict(
    workspace: Path, call: Call, owner: str, dashboard: str, words: list[str], status: int
) -> None:
    review(workspace, "shop", owner, dashboard)
    assert call("check", "shop", *words)[0] == status


def test_of_several_workloads_the_worst_status_counts(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    review(workspace, "stock", "no", "yes")
    assert call("check")[0] == 1


def test_a_faulty_workload_is_told_and_the_others_are_still_assessed(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    (workspace / "workloads" / "stock" / "workload.yaml").write_text("workload: stock\ntier: 9\n", encoding="utf-8")
    status, out, err = call("check")
    assert status == 2
    assert "shop: The shop" in out
    assert {line.split(" ", 1)[0] for line in err.splitlines()} == {
        "workloads/stock/workload.yaml:1:1:",
        "workloads/stock/workload.yaml:2:1:",
    }


# What is released


COMMIT = "git:42cd0e1f5b7a9c3d8e2f4a6b1c0d9e8f7a6b5c4d"


def test_what_is_released_is_named_on_the_first_screen(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    assert "no release named" in call("check", "shop")[1]
    assert "about no release" in call("check", "shop", "--all")[1]
    out = call("check", "shop", "--artifact", COMMIT, "--environment", "production")[1]
    assert "  about commit 42cd0e1f5b7a, in production\n" in out
    out = call("check", "shop", "--artifact", COMMIT, "--format", "markdown")[1]
    assert "- about commit 42cd0e1f5b7a; no environment is named, so none is compared\n" in out


def test_evidence_of_another_commit_is_unknown_from_the_command_line(workspace: Path, call: Call) -> None:
    basics = workspace / "checklists" / "basics.yaml"
    basics.write_text(CHECKLIST.replace("risk: high}", "risk: high, checks: [{check: document, path: drill.md}]}"))
    (workspace / "workloads/shop/drill.md").write_text("---\ncommit: 41ab0e1\n---\n# Drill\n\nWe rolled back.\n")
    review(workspace, "shop", "yes", "yes")
    assert call("check", "shop")[0] == call("check", "shop", "--artifact", "git:41ab0e1")[0] == 0
    status, out, _ = call("check", "shop", "--artifact", COMMIT)
    assert status == 1
    assert "drill.md proves commit 41ab0e1, not 42cd0e1f5b7a" in " ".join(out.split())


@pytest.mark.parametrize(
    "command", [["check", "shop"], ["report", "shop"], ["recheck", "shop"], ["sign", "shop", "lead", "go"]]
)
@pytest.mark.parametrize(
    ("words", "wrong"),
    [
        (["--artifact", "shop:2.4.1"], "'shop:2.4.1' is no artifact; give sha256:…"),
        (["--artifact", "git:42cd"], "'git:42cd' is no artifact"),
        (["--artifact", COMMIT, "--artifact", "git:41ab0e1"], "'git:41ab0e1' is no artifact"),
        (["--environment", " "], "the environment is empty; give its name"),
    ],
)
def test_what_names_no_release_is_refused(
    workspace: Path, call: Call, command: list[str], words: list[str], wrong: str
) -> None:
    status, out, err = call(*command, *words)
    assert (status, out) == (2, "")
    assert err.startswith(wrong)


def test_a_vote_is_on_what_is_released_where_the_policy_binds_the_artifact(workspace: Path, call: Call) -> None:
    (workspace / "orr.yaml").write_text(POLICY.replace("[lead]", "[lead], binds: artifact"), encoding="utf-8")
    review(workspace, "shop", "yes", "yes")
    assert call("sign", "shop", "lead", "go", "--artifact", COMMIT, "--by", "bea")[0] == 0
    assert call("check", "shop", "--decided", "--artifact", COMMIT)[0] == 0
    assert call("check", "shop", "--decided", "--artifact", "git:41ab0e1")[0] == 1
    assert call("check", "shop", "--decided")[0] == 1


def test_a_faulty_release_is_a_fault_of_its_line(workspace: Path, call: Call) -> None:
    path = review(workspace, "shop", "yes", "yes")
    path.write_text(
        "release: {commit: main, images: ['shop:2'], tag: x}\n" + path.read_text(encoding="utf-8"), encoding="utf-8"
    )
    status, _, err = call("lint")
    assert status == 2
    assert [line.split(": ")[1].split(";")[0] for line in err.splitlines()] == [
        "commit is no commit",
        "images is no image by its digest",
        "the key tag is not known here",
    ]


def test_json_is_one_object_for_one_workload_and_a_list_for_several(workspace: Path, call: Call) -> None:
    assert json.loads(call("check", "shop", "--format", "json")[1])["workload"] == "shop"
    assert [one["workload"] for one in json.loads(call("check", "--format", "json")[1])] == ["shop", "stock"]


def test_the_other_forms_are_well_formed(workspace: Path, call: Call) -> None:
    root = ET.fromstring(call("check", "--format", "junit")[1].encode())
    assert [suite.get("name") for suite in root] == ["shop", "stock"]
    assert "### Path to go" in call("check", "shop", "--format", "markdown")[1]


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk", "ascii", "utf-8"])
def test_a_sign_that_a_terminal_does_not_have_stops_nothing_and_programs_get_utf8(
    workspace: Path, encoding: str
) -> None:
    path = workspace / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("The shop", "The shop 🚀"), encoding="utf-8")
    environment = os.environ | {"PYTHONIOENCODING": encoding}

    def printed(*words: str) -> tuple[int, bytes]:
        command = [sys.executable, "-m", "orr", "check", "shop", "--today", TODAY, *words]
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        return done.returncode, done.stdout

    status, text = printed()
    assert status == 1
    assert b"The shop" in text
    status, text = printed("--format", "json")
    assert (status, json.loads(text)["title"]) == (1, "The shop 🚀")


def test_where_nothing_can_be_printed_nothing_is_good(workspace: Path) -> None:
    command = ["sh", "-c", 'exec "$0" -m orr lint >&-', sys.executable]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr.split(",")[0]) == (3, "Standard output is closed")


def test_the_output_speaks_chinese_when_asked_on_either_side_of_the_command(workspace: Path, call: Call) -> None:
    assert "不可上线" in call("check", "shop", "--lang", "zh-CN")[1]
    assert "不可上线" in call("--lang", "zh-CN", "check", "shop")[1]


def test_the_language_of_orr_yaml_is_the_default(workspace: Path, call: Call) -> None:
    (workspace / "orr.yaml").write_text(POLICY + "language: zh-CN\n", encoding="utf-8")
    assert "不可上线" in call("check", "shop")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(
            ["check", "nowhere"], "there is no workload nowhere; the workloads are: shop, stock", id="workload"
        ),
        pytest.param(["check", "--bogus"], "There is no option --bogus.", id="option"),
        pytest.param(["bogus"], "There is no command bogus.\n", id="command"),
        pytest.param(["chekc"], "There is no command chekc. Did you mean check?\n", id="command, nearly"),
        pytest.param(["check", "--formt"], "There is no option --formt. Did you mean --format?\n", id="option, nearly"),
        pytest.param(["check", "shpo"], "the workloads are: shop, stock (did you mean shop?)", id="workload, nearly"),
        pytest.param(
            ["export", "csv", "basic"], "the checklists are: basics (did you mean basics?).", id="checklist, nearly"
        ),
        pytest.param(["checks", "documnt"], "(did you mean document?).", id="kind of check, nearly"),
        pytest.param(
            ["waive", "shop", "basics/ownr", "--reason", "r", "--expires", "2026-12-31", "--by", "ann"],
            "ITEM: there is no item basics/ownr; did you mean basics/owner?",
            id="item, nearly",
        ),
        pytest.param(["sign", "shop", "leed", "go", "--by", "ann"], "(did you mean lead?)", id="role, nearly"),
        pytest.param(["check", "--format", "pdf"], "--format must be one of text, json", id="choice"),
        pytest.param(["sign", "shop"], "ROLE is missing.", id="argument"),
        pytest.param(["--today", "x", "check"], "There is no option --today.", id="option in the wrong place"),
    ],
)
def test_a_mistake_in_the_call_is_told_in_a_line_with_status_2(
    workspace: Path, call: Call, words: list[str], says: str
) -> None:
    status, out, err = call(*words)
    assert (status, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


NOT_GIVEN = [
    pytest.param(["recheck", "--jobs", "0"], "--jobs: “0” is not a whole number from 1 on", id="zero"),
    pytest.param(["recheck", "--jobs", "two"], "--jobs: “two” is not a whole number from 1 on", id="no-number"),
    pytest.param(["recheck", "--timeout", "nan"], "--timeout: “nan” is not a number of seconds", id="nan"),
    pytest.param(["recheck", "--timeout", "inf"], "--timeout: “inf” is not a number of seconds", id="endless"),
    pytest.param(["recheck", "--jobs"], "--jobs needs a value.", id="no-value"),
    pytest.param(["recheck", "--strict=1"], "--strict takes no value.", id="a-value"),
    pytest.param(["history", "a", "b"], "That is more than this command takes: b.", id="too-much"),
    pytest.param(["recheck", "--out", ""], "--out: “” is not a folder", id="empty"),
    pytest.param(["fleet", "--csv", "orr.yaml"], "--csv: “orr.yaml” is not a folder", id="no-folder"),
    pytest.param(["init", "x", "--repository", "nowhere"], "--repository: “nowhere” is not there", id="absent-folder"),
    pytest.param(["impact", "HEAD", "--out", "checklists"], "--out: “checklists” is not a file", id="no-file"),
    pytest.param(["import", "nowhere.json"], "FILE…|wa ID: “nowhere.json” is not there", id="absent-file"),
]


@pytest.mark.parametrize(("words", "says"), NOT_GIVEN)
def test_what_cannot_be_given_is_refused_in_either_language_and_nothing_is_done(
    workspace: Path, words: list[str], says: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(workspace.rglob("*"))
    assert main(words) == 2
    assert says in capsys.readouterr().err
    monkeypatch.setattr("orr.cli.choose_language", lambda _: None)
    monkeypatch.setattr("orr.cli.language._asked", "zh-CN")
    assert main(words) == 2
    assert re.search(r"不是|不存在|需要一个值|不接受", capsys.readouterr().err)
    assert sorted(workspace.rglob("*")) == before


@pytest.mark.parametrize("length", [300, 5_000])
@pytest.mark.parametrize(
    "words",
    [
        ["check", "NAME"],
        ["init", "NAME"],
        ["init", "new", "--repository", "NAME"],
        ["history", "NAME"],
        ["lint", "NAME"],
        ["export", "csv", "NAME"],
        ["export", "items", "--out", "NAME"],
        ["fleet", "--out", "NAME"],
        ["recheck", "--out", "NAME"],
        ["import", "NAME"],
        ["waive", "NAME", "c/i", "--reason", "r", "--expires", "2026-12-20"],
    ],
    ids=" ".join,
)
def test_a_name_that_is_too_long_is_refused_with_the_reason(
    workspace: Path, words: list[str], length: int, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(workspace.rglob("*"))
    assert main([word.replace("NAME", "x" * length) for word in words]) == 2
    assert "x" * 50 in capsys.readouterr().err
    assert sorted(workspace.rglob("*")) == before


def test_a_path_of_a_checklist_that_is_too_long_is_a_fault_of_its_line(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (workspace / "orr.yaml").write_text(f"checklists: [checklists, {'x' * 5_000}]\n", encoding="utf-8")
    assert main(["lint"]) == 2
    assert "orr.yaml:1:26: it cannot be read: File name too long" in capsys.readouterr().err


def test_a_review_that_is_a_link_within_the_workspace_is_written_through(workspace: Path) -> None:
    review = workspace / "workloads" / "shop" / "review.yaml"
    real = review.with_name("real.yaml")
    real.write_text("review: shop\n", encoding="utf-8")
    review.symlink_to("real.yaml")
    ask = ["waive", "shop", "basics/owner", "--reason", "hiring", "--expires", "2026-12-20", "--by", "ana"]
    assert main([*ask, "--today", TODAY]) == 0
    assert review.is_symlink()
    assert "basics/owner" in real.read_text(encoding="utf-8")


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "20261123", "2026-11-23T00:00"])
def test_today_must_be_a_date(workspace: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    assert main(["check", "--today", day]) == 2
    assert "is not a date" in capsys.readouterr().err


def test_outside_a_workspace_every_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    status, _, err = call("check")
    assert status == 2
    assert "there is no orr.yaml in this folder or above it; run `orr init NAME` here" in err


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_assessment_is_printed_before_the_next_workload_is_looked_at(
    workspace: Path, form: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    printed: list[str] = []
    assess = orr.assessing.assess

    def noting(workspace: Workspace, name: str, **how: Any) -> Evaluation:
        printed.append(capsys.readouterr().out)
        return assess(workspace, name, **how)

    monkeypatch.setattr("orr.cli.statuses.assess", noting)
    main(["check", "--format", form])
    before, after_the_first = printed
    assert before == ""
    assert "shop" in after_the_first


def test_a_mistake_of_ours_is_no_traceback_and_status_3(
    workspace: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("orr.cli.commands.check.assess_all", broken)
    status, _, err = call("check")
    assert status == 3
    assert "RuntimeError: boom" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_command_has_help_in_both_languages(
    command: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", language, command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert ("--today" in shown) is (command not in ("gate", "schema", "trust", "verify"))
    assert "--lang" in shown
    assert ("用法：" in shown) == (language == "zh-CN")
    assert ".help" not in shown
    assert "argument." not in shown
    found = app.get_command(click.Context(app), command)
    assert found is not None
    takes = any(isinstance(param, click.Argument) for param in found.params)
    assert takes is (render(say("cli.arguments"), language) in shown)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_examples_that_the_command_understands(
    command: str, language: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("services/checkout", "readiness"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "readiness")
    for name in ("lens.json", "answers.json", "review.yaml", "decision.dsse.json", "key.pub.pem"):
        Path(name).write_text("{}", encoding="utf-8")
    assert main(["--lang", language, command, "--help"]) == 0
    shown = capsys.readouterr().out.split({"en": "Examples:", "zh-CN": "示例："}[language])[1]
    examples = [line.strip() for line in shown.split("\n") if line.startswith("  orr ")]
    assert examples
    for example in examples:
        _, name, *given = shlex.split(re.split(r"\s{2,}", example)[0])
        assert name == command
        found = app.get_command(click.Context(app), name)
        assert found is not None
        assert found.make_context(name, given).params


def test_help_of_all_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert [line.split()[0] for line in shown.split("Commands:")[1].strip().splitlines()] == list(COMMANDS)


# waive, revoke, sign


def ask(call: Call, by: str = "ann") -> tuple[int, str, str]:
    return call(
        "waive", "shop", "basics/owner", "--reason", "hiring", "--compensating", "the lead steps in",
        "--expires", "2026-12-31", "--by", by,
    )  # fmt: skip


def test_a_waiver_counts_once_another_person_approved_it(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "no", "yes")
    assert ask(call)[0] == 0
    assert call("check", "shop")[0] == 1
    assert call("waive", "shop", "--approve", "W-1", "--by", "bob")[0] == 0
    status, out, err = call("waive", "shop", "--approve", "W-1", "--by", "bob")
    assert (status, out) == (2, "")
    assert "W-1 is approved by bob already." in err
    assert "states:\n      basics/owner: not-met\n" in (workspace / "workloads/shop/review.yaml").read_text()
    assert call("check", "shop")[0] == 0
    assert call("revoke", "shop", "W-1")[0] == 0
    assert call("check", "shop")[0] == 1


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--approve", "W-1", "--by", "Ann"], "another person must approve it", id="own waiver"),
        pytest.param(["--approve", "W-1", "--by", "ann@example.com"], "Nobody can tell ann@example.com", id="alike"),
        pytest.param(
            ["--approve", "W-1", "--by", "bo\u200bb"], "“bob” with an invisible character, U+200B", id="hidden"
        ),
        pytest.param(["--approve", "W-1", "--by", "b\u043eb"], "U+043E CYRILLIC SMALL LETTER O", id="two scripts"),
        pytest.param(["--approve", "W-1", "--by", "TBD"], "--by is “TBD”, which names nobody", id="nobody"),
        pytest.param(["--approve", "W-9", "--by", "bob"], "There is no waiver W-9; the waivers are: W-1", id="unknown"),
        pytest.param(
            ["basics/nothing", "--reason", "x", "--expires", "2026-12-31"], "no item basics/nothing", id="item"
        ),
        pytest.param(["basics/owner", "--reason", "x"], "--expires", id="incomplete"),
        pytest.param(
            ["basics/owner", "--reason", "x", "--expires", "2027-12-31"], "allows a waiver for 90 days", id="too long"
        ),
        pytest.param(["basics/owner", "--reason", "x", "--expires", "2026-01-31"], "lies in the past", id="past"),
        pytest.param(["basics/owner", "--approve", "W-1"], "not both", id="both"),
    ],
)
def test_a_waiver_that_may_not_be_is_refused_and_nothing_is_written(
    workspace: Path, call: Call, words: list[str], says: str
) -> None:
    path = review(workspace, "shop", "no", "yes")
    ask(call)
    before = path.read_bytes()
    status, _, err = call("waive", "shop", *words)
    assert status == 2
    assert says in err
    assert path.read_bytes() == before


def test_a_name_in_the_environment_is_refused_as_one_that_is_given(
    workspace: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORR_BY", "b\u043eb")
    status, _, err = call("--lang", "zh-CN", "sign", "shop", "lead", "go")
    assert status == 2
    assert "U+043E CYRILLIC SMALL LETTER O" in err
    assert "请只用一种文字书写姓名" in err


def test_a_vote_is_bound_to_the_assessment_that_it_was_given_on(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    assert call("check", "shop", "--decided")[0] == 1
    assert call("sign", "shop", "lead", "go", "--by", "bob")[0] == 0
    assert call("check", "shop", "--decided")[0] == 0
    review_path = workspace / "workloads" / "shop" / "review.yaml"
    text = review_path.read_text(encoding="utf-8").replace("by: ann", "by: eve", 1)
    review_path.write_text(text, encoding="utf-8")
    status, out, _ = call("check", "shop", "--decided", "--all")
    assert status == 1
    assert "lead voted before this changed: the answer to basics/dashboard; vote again" in " ".join(out.split())
    status, out, _ = call("sign", "shop", "lead", "go", "--by", "bob")
    assert status == 0
    assert "Changed since lead voted on" in out
    assert out.endswith("  - the answer to basics/dashboard\n")
    assert "Nothing that is voted on has changed" in call("sign", "shop", "lead", "go", "--by", "bob")[1]


def test_who_votes_on_own_answers_alone_learns_that_the_vote_does_not_count(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    file = workspace / "workloads" / "shop" / "workload.yaml"
    file.write_text(re.sub(r"tier: \d", "tier: 1", file.read_text(encoding="utf-8")), encoding="utf-8")
    status, out, _ = call("sign", "shop", "lead", "go", "--by", "ann")
    assert status == 0
    assert "The vote does not count as it stands: ann answered basics/owner and votes as lead" in out


def test_a_vote_on_a_digest_that_is_no_longer_right_is_refused(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "yes")
    status, _, err = call("sign", "shop", "lead", "go", "--digest", "sha256:" + "0" * 64)
    assert status == 2
    assert "The assessment has changed" in err


def test_a_role_that_is_not_asked_cannot_vote(workspace: Path, call: Call) -> None:
    status, _, err = call("sign", "shop", "nobody", "go")
    assert status == 2
    assert "The role nobody is not asked for this tier; the roles are: lead." in err


# lint


def test_a_process_of_nobody_by_name_has_to_say_who_acts(
    workspace: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found: 12345")  # as of a container that runs as a number

    monkeypatch.setattr("getpass.getuser", nobody)
    monkeypatch.delenv("ORR_BY", raising=False)
    status, _, err = call("sign", "shop", "owner", "go")
    assert (status, "--by" in err) == (2, True)
    assert "role" in call("sign", "shop", "owner", "go", "--by", "ann")[2]


def test_lint_lists_what_stands_under_replaced_ids_and_finds_no_fault_in_it(workspace: Path, call: Call) -> None:
    with (workspace / "checklists" / "basics.yaml").open("a", encoding="utf-8") as checklist:
        checklist.write("      - {item: renamed, ask: Renamed?, risk: low, replaces: gone/before}\n")
    review = "review: shop\nanswers:\n  gone/before: {answer: yes, by: ann, on: 2026-11-20}\n"
    (workspace / "workloads" / "shop" / "review.yaml").write_text(review, encoding="utf-8")
    place, does = "workloads/shop/review.yaml:3:3", "gone/before is asked as basics/renamed now; write basics/renamed"
    status, out, err = call("lint")
    assert (status, err) == (0, "")
    *_, found, last = out.splitlines()
    assert found.startswith(f"{place}: {does}")
    assert last == "No fault; 2 workloads."


def test_lint_lists_what_is_questionable_in_risk_rules_and_finds_no_fault_in_it(workspace: Path, call: Call) -> None:
    with (workspace / "checklists" / "basics.yaml").open("a", encoding="utf-8") as checklist:
        checklist.write(
            "  - section: backups\n    risk_rules:\n      - {if: taken, risk: none}\n"
            "      - {if: default, risk: high}\n    items:\n"
            "      - {item: taken, ask: Taken?}\n      - {item: spare, ask: Spare?}\n"
        )
    status, out, err = call("lint")
    assert (status, err) == (0, "")
    assert "spare of backups changes the risk in no combination; name it in a rule, or leave it out" in out
    assert out.splitlines()[-2].startswith("checklists/basics.yaml:")


def test_lint_tells_every_fault_of_every_file_at_once(workspace: Path, call: Call) -> None:
    (workspace / "checklists" / "more.yaml").write_text("checklist: More\nversion: one\n", encoding="utf-8")
    (workspace / "workloads" / "shop" / "review.yaml").write_text("review: shop\nx: 1\n", encoding="utf-8")
    status, out, err = call("lint")
    assert (status, out) == (2, "")
    assert {line.split(": ")[0] for line in err.splitlines()} >= {
        "checklists/more.yaml:1:1",
        "checklists/more.yaml:2:1",
        "workloads/shop/review.yaml:2:1",
    }


def test_lint_tells_the_faults_of_other_files_beside_those_of_orr_yaml(workspace: Path, call: Call) -> None:
    (workspace / "orr.yaml").write_text("timezone: Mars/Olympus\nlanguage: zh-CN\n", encoding="utf-8")
    (workspace / "checklists" / "more.yaml").write_text("checklist: More\nversion: one\n", encoding="utf-8")
    status, out, err = call("lint")
    assert (status, out) == (2, "")
    assert [line.split(": ")[0] for line in err.splitlines()][:1] == ["checklists/more.yaml:1:1"]
    assert [line for line in err.splitlines() if line.startswith("orr.yaml:1:1: ") and "时区" in line]
    assert [line.split(": ")[0] for line in call("lint", "workloads/stock")[2].splitlines()] == ["orr.yaml:1:1"]


def test_lint_of_a_path_tells_only_of_that_path(workspace: Path, call: Call) -> None:
    (workspace / "workloads" / "shop" / "review.yaml").write_text("review: shop\nx: 1\n", encoding="utf-8")
    assert call("lint", "workloads/stock")[0] == 0
    assert call("lint", "workloads/shop")[0] == 2
    assert call("lint", "nowhere")[0] == 2


def test_lint_shows_where_an_address_stands_that_nothing_could_be_sent_to_and_not_the_address(
    workspace: Path, call: Call
) -> None:
    with (workspace / "orr.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "notify:\n  sales: slack://T0-secret\n  media: {language: en, to: T0-secret}\n  web: https://a.example\n"
        )
    line = (workspace / "orr.yaml").read_text(encoding="utf-8").splitlines().index("notify:") + 1
    status, _, err = call("lint", "orr.yaml")
    assert status == 2
    places = [said.split(": ")[0] for said in err.splitlines()]
    assert places == [f"orr.yaml:{line + 1}:3", f"orr.yaml:{line + 2}:25"]
    assert "T0-secret" not in err
    assert call("check", "stock")[0] != 2


def test_lint_of_a_clean_workspace_says_so_with_what_became_stricter(workspace: Path, call: Call) -> None:
    status, out, err = call("lint")
    assert (status, err) == (0, "")
    assert out.splitlines() == [
        *(
            f"workloads/{name}/workload.yaml:3:1: tier 1 counts, since nothing gives another; "
            f"add `impact:` to it, or `tiers: {{{name}: …}}` to orr.yaml"
            for name in ("shop", "stock")
        ),
        "No fault; 2 workloads.",
    ]


# checks


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_checks_lists_every_kind_with_its_parameters(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", language, "checks"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    for kind in ("alerts", "aws", "calendar", "command", "document", "files", "http", "incidents", "metric", "notebook",
                 "ownership", "results", "review", "roster", "service", "slo", "value"):  # fmt: skip
        assert f"\n{kind}: " in f"\n{out}"
    assert "reviewed_within" in out


def test_an_unknown_kind_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["checks", "nothing"]) == 2
    assert "There is no kind of check nothing; the kinds are: alerts, aws" in capsys.readouterr().err


# init


def test_init_makes_a_workspace_that_has_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    (tmp_path / "README.md").write_text("# The [shop](https://example.com)\n", encoding="utf-8")
    (tmp_path / "CODEOWNERS").write_text("* @acme/sales\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert call("init", "shop")[0] == 0
    text = (tmp_path / "workloads" / "shop" / "workload.yaml").read_text(encoding="utf-8")
    assert "title: The shop  # from README.md:1" in text
    assert "team: sales  # from CODEOWNERS:1" in text
    assert "repository: ../.." in text
    assert call("lint")[0] == 0
    assert call("check", "shop")[0] == 1


def test_init_allows_a_repository_outside_only_in_a_workspace_that_it_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert call("init", "shop", "--repository", "../there")[0] == 0
    assert "repositories: [../there]" in (tmp_path / "here" / "orr.yaml").read_text(encoding="utf-8")
    (tmp_path / "elsewhere").mkdir()
    status, _, err = call("init", "stock", "--repository", "../elsewhere")
    assert status == 2
    assert "lies outside what orr.yaml allows" in err


def test_init_leaves_a_workload_that_exists_alone(workspace: Path, call: Call) -> None:
    status, _, err = call("init", "shop")
    assert status == 2
    assert "There is a workload shop already." in err


@pytest.mark.parametrize(
    ("preset", "first_screen"),
    [
        ("full", "10 of 10 checklists"),
        ("launch", "6 of 10 checklists; the policy does not ask: "),
        ("core", "10 of 10 checklists; core questions only: 22 of "),
    ],
)
def test_a_preset_is_what_the_policy_of_a_new_workspace_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call, preset: str, first_screen: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call("init", "shop", "--preset", preset)[0] == 0
    with (tmp_path / "orr.yaml").open("a", encoding="utf-8") as settings:
        settings.write("tiers: {shop: 4}\n")
    status, out, _ = call("check", "shop")
    assert (status, first_screen in out) == (1, True), out
    assert call("init", "other", "--preset", preset)[0] == 2


def test_update_brings_the_copies_of_checklists_to_what_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: Call
) -> None:
    monkeypatch.chdir(tmp_path)
    call("init", "shop")
    copy = tmp_path / "checklists" / "staffing.yaml"
    whole = copy.read_text(encoding="utf-8")
    copy.write_text(whole.replace("effort: 3m", "effort: 4m", 1), encoding="utf-8")
    (tmp_path / "checklists" / "cost.yaml").write_text("checklist: [", encoding="utf-8")
    status, out, _ = call("init", "--update")
    assert (status, out.splitlines()) == (
        0,
        [
            "checklists/staffing.yaml: edited here, and left as they are: primary-on-every-shift",
            "19 checklists are as they are shipped.",
        ],
    )


@pytest.mark.parametrize("words", [["init", "x", "--update"], ["init", "--update", "--preset", "core"]])
def test_init_takes_either_a_name_or_update(workspace: Path, call: Call, words: list[str]) -> None:
    status, _, err = call(*words)
    assert (status, "Give the name of a workload, or --update alone." in err) == (2, True)


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", ""])
def test_init_takes_only_a_folders_name(workspace: Path, call: Call, name: str) -> None:
    assert call("init", name)[0] == 2


# the process


def test_the_process_ends_with_the_status_and_survives_a_closed_pipe(workspace: Path) -> None:
    review(workspace, "shop", "no", "yes")
    done = subprocess.run(
        [sys.executable, "-m", "orr", "check", "shop", "--today", TODAY], capture_output=True, check=False
    )
    assert done.returncode == 1
    piped = subprocess.run(
        f"{sys.executable} -m orr check --today {TODAY} | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in piped.stderr


# Colours


@pytest.mark.parametrize(("value", "coloured"), [("1", False), ("", True)])
def test_no_color_leaves_colours_out_even_on_a_terminal(
    workspace: Path, value: str, coloured: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NO_COLOR", value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["check", "shop", "--today", TODAY]) == 1
    assert ("\x1b[" in capsys.readouterr().out) is coloured


# assign and challenge


def test_an_item_is_assigned_and_an_answer_challenged(workspace: Path, call: Call) -> None:
    review(workspace, "shop", "yes", "no")
    assert call("assign", "shop", "basics/dashboard", "--to", "li", "--due", "2026-11-25", "--by", "bo")[0] == 0
    steps = json.loads(call("check", "shop", "--format", "json")[1])["path_to_go"]
    assert [(step["item"], step["owner"], step["due"]) for step in steps] == [("basics/dashboard", "li", "2026-11-25")]
    status, out, _ = call("challenge", "shop", "basics/owner", "she left", "--by", "bo")
    assert (status, out) == (
        0, "bo challenges the answer to basics/owner; it does not count until the challenge is lifted.\n",
    )  # fmt: skip
    status, out, _ = call("check", "shop")
    assert status == 1
    assert "! 1 answer is challenged: basics/owner" in out
    for form in (["--all"], ["--format", "markdown"]):
        assert "she left" in call("check", "shop", *form)[1]
    assert call("challenge", "shop", "basics/owner", "li now", "--lift", "--by", "ann")[0] == 2
    assert call("challenge", "shop", "basics/owner", "li now", "--lift", "--by", "li")[0] == 0
    assert call("assign", "shop", "basics/dashboard", "--nobody", "--by", "bo")[0] == 0
    assert call("check", "shop")[0] == 0
    text = (workspace / "workloads/shop/review.yaml").read_text(encoding="utf-8")
    assert "assigned" not in text
    assert "lifted" in text


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["assign", "shop", "basics/owner"], id="to nobody and anybody"),
        pytest.param(["assign", "shop", "basics/owner", "--to", "li", "--nobody"], id="to both"),
        pytest.param(["assign", "shop", "basics/owner", "--to", "TBD"], id="to a name of nobody"),
        pytest.param(["assign", "shop", "basics/ownr", "--to", "li"], id="an item that is not there"),
        pytest.param(["assign", "shop", "basics/owner", "--to", "li", "--due", "2026-01-01"], id="until a day gone by"),
        pytest.param(["challenge", "shop", "basics/owner", "why"], id="nothing to challenge"),
    ],
)
def test_an_assignment_or_a_challenge_that_makes_no_sense_is_refused(
    workspace: Path, call: Call, words: list[str]
) -> None:
    status, out, err = call(*words, "--by", "bo")
    assert (status, out) == (2, "")
    assert err
    assert "Traceback" not in err


def test_a_comment_and_its_reply_are_added(workspace: Path, call: Call) -> None:
    status, out, _ = call("comment", "shop", "basics/owner", "who?", "--by", "ann")
    assert status == 0
    assert call("comment", "shop", "basics/owner", "ana", "--reply-to", out.split()[1], "--by", "bo")[0] == 0
    path = workspace / "workloads/shop/discussion.jsonl"
    assert [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()] == ["who?", "ana"]
    status, _, err = call("comment", "shop", "basics/owner", "x", "--reply-to", "zz", "--by", "bo")
    assert status == 2
    assert "There is no comment zz" in err
    status, _, err = call("comment", "shop", "basics/owner", " ", "--by", "bo")
    assert (status, "The comment holds no words." in err, "jsonl" in err) == (2, True, False)
    with path.open("a", encoding="utf-8") as file:
        file.write("no JSON\n")
    status, _, err = call("lint")
    assert status == 2
    assert "discussion.jsonl:3:1: this is not JSON" in err
    assert call("check", "shop")[0] == 1
