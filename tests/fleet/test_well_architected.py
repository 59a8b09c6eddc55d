"""What is written to the Well-Architected Tool: shown first, held by botocore's stubs, and no more than is met."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import ANY, Stubber
from support.aws_stubs import SESSION
from support.workspace_sample import TODAY, put

from orr.cli import main
from orr.fleet.well_architected import LONGEST_NOTE, MOST_MILESTONES
from orr.workspace import well_architected
from orr.workspace.practices import wa_choices

ID = "0123456789abcdef0123456789abcdef"
QUESTION, CHOICE = wa_choices()["plan-for-unsuccessful-changes"]
ITEMS = """checklist: own
version: 1
title: Own
sections:
  - section: s
    items:
      - {item: planned, ask: Planned?, risk: high, practice: plan-for-unsuccessful-changes}
      - {item: rehearsed, ask: Rehearsed?, risk: high, practice: plan-for-unsuccessful-changes}
"""
BOTH = "orr: own/planned met; own/rehearsed met"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with two items of one practice."""
    put(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    Path("checklists/own.yaml").write_text(ITEMS)
    workload = Path("workloads/shop/workload.yaml")
    workload.write_text(workload.read_text().replace("checklists: [c]", "checklists: [own]"))
    return tmp_path


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The tool's client, which answers what it is told to, in order, to those very questions."""
    keys = {"aws_access_key_id": "fake", "aws_secret_access_key": "fake"}
    client = SESSION.client("wellarchitected", region_name="eu-west-1", **keys)
    monkeypatch.setattr(well_architected, "client_of", lambda *_: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def answered(planned: str, rehearsed: str, sign_off: str = "") -> None:
    said = f"review: shop\nanswers:\n  own/planned: {{answer: {planned}, by: wei, on: {TODAY}{{}}}}\n"
    said += f"  own/rehearsed: {{answer: {rehearsed}, by: wei, on: {TODAY}{{}}}}\n"
    Path("workloads/shop/review.yaml").write_text(said.replace("{}", "") + sign_off, encoding="utf-8")


def will_tell(tool: Stubber, selected: list[str], note: str = "", **more: Any) -> None:
    """Tell the tool the answer that it has to the question of the practice."""
    review = {"LensAlias": "wellarchitected", "LensName": "Framework", "LensStatus": "CURRENT"}
    tool.add_response("list_lens_reviews", {"LensReviewSummaries": [review]}, {"WorkloadId": ID, "MaxResults": 50})
    given = {"WorkloadId": ID, "LensAlias": "wellarchitected"}
    summary = {"AnswerSummaries": [{"QuestionId": QUESTION}]}
    tool.add_response("list_answers", summary, {**given, "MaxResults": 50})
    choices = [{"ChoiceId": name, "Title": name} for name in (CHOICE, f"{QUESTION}_no", "another")]
    answers = [{"ChoiceId": CHOICE, "Status": "SELECTED", "Notes": note}] if note else []
    answer = {"QuestionId": QUESTION, "Choices": choices, "SelectedChoices": selected, "ChoiceAnswers": answers, **more}
    tool.add_response("get_answer", {"Answer": answer}, {**given, "QuestionId": QUESTION})


def will_take(tool: Stubber, choices: dict[str, dict[str, str]]) -> None:
    given = {"WorkloadId": ID, "LensAlias": "wellarchitected", "QuestionId": QUESTION, "ChoiceUpdates": choices}
    tool.add_response("update_answer", {}, given)


def send(*more: str) -> int:
    return main(["export", "wa", "shop", "--id", ID, *more])


def test_without_apply_the_difference_is_shown_and_nothing_is_written_to_the_tool(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    answered("yes", "yes")
    will_tell(tool, [])
    assert send() == 0
    out = capsys.readouterr().out
    assert "what --apply would do" in out
    assert f"{QUESTION}: select “{CHOICE}” ({BOTH})" in out


@pytest.mark.parametrize(
    ("replies", "selected", "status"),
    [
        pytest.param(("yes", "yes"), [], "SELECTED", id="every item is met"),
        pytest.param(("yes", "no"), [CHOICE], "UNSELECTED", id="one is not"),
        pytest.param(("yes", "partial"), [], "UNSELECTED", id="one is partly"),
    ],
)
def test_a_choice_is_selected_only_if_every_item_of_its_practice_is_met(
    root: Path, tool: Stubber, replies: tuple[str, str], selected: list[str], status: str
) -> None:
    answered(*replies)
    will_tell(tool, selected)
    will_take(tool, {CHOICE: {"Status": status, "Notes": ANY}})
    assert send("--apply") == 0


def test_selecting_a_choice_takes_back_that_there_is_none_and_leaves_the_others(root: Path, tool: Stubber) -> None:
    answered("yes", "yes")
    will_tell(tool, [f"{QUESTION}_no", "another"])
    none = {"Status": "UNSELECTED", "Notes": ""}
    will_take(tool, {CHOICE: {"Status": "SELECTED", "Notes": BOTH}, f"{QUESTION}_no": none})
    assert send("--apply") == 0


def test_a_second_run_writes_nothing(root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    answered("yes", "yes")
    will_tell(tool, [CHOICE], BOTH)
    assert send("--apply") == 0
    assert "Nothing differs" in capsys.readouterr().out


def test_somebodys_note_stays(root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    answered("yes", "no")
    will_tell(tool, [CHOICE], "Seen in May.")
    will_take(tool, {CHOICE: {"Status": "UNSELECTED", "Notes": "Seen in May."}})
    assert send("--apply") == 0
    assert "was left as it is" in capsys.readouterr().err


def test_a_note_is_cut_at_the_limit_of_the_service_and_told(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    more = "".join(
        f"      - {{item: {'long' * 20}-{n}, ask: 'Q{n}?', risk: low, practice: plan-for-unsuccessful-changes}}\n"
        for n in range(4)
    )
    Path("checklists/own.yaml").write_text(ITEMS + more)
    answered("yes", "yes")
    will_tell(tool, [CHOICE])
    seen: list[str] = []

    class Cut:
        def __eq__(self, other: object) -> bool:
            seen.append(str(other))
            return True

        __hash__ = object.__hash__

    will_take(tool, {CHOICE: {"Status": "UNSELECTED", "Notes": Cut()}})  # type: ignore[dict-item]
    assert send("--apply") == 0
    assert len(seen[0]) == LONGEST_NOTE
    assert seen[0].endswith("…")
    assert f"was cut to {LONGEST_NOTE} characters" in capsys.readouterr().err


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"IsApplicable": False}, id="a question"),
        pytest.param({"ChoiceAnswers": [{"ChoiceId": CHOICE, "Status": "NOT_APPLICABLE"}]}, id="a choice"),
    ],
)
def test_what_is_not_applicable_there_is_left_so(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str], more: dict[str, Any]
) -> None:
    answered("yes", "yes")
    will_tell(tool, [], **more)
    assert send("--apply") == 0
    assert "was left so" in capsys.readouterr().err


def will_list(tool: Stubber, names: list[str]) -> None:
    for at in range(0, len(names) or 1, 50):
        page = {"MilestoneSummaries": [{"MilestoneNumber": at + n + 1, "MilestoneName": name}
                                       for n, name in enumerate(names[at : at + 50])]}  # fmt: skip
        more = {"NextToken": str(at + 50)} if at + 50 < len(names) else {}
        before = {"NextToken": str(at)} if at else {}
        tool.add_response("list_milestones", {**page, **more}, {"WorkloadId": ID, "MaxResults": 50, **before})


def decided(capsys: pytest.CaptureFixture[str]) -> str:
    """Answer and vote no-go, which decides alone; the milestone's name."""
    answered("yes", "yes")
    assert main(["check", "shop", "--format", "json"]) in (0, 1)
    digest = json.loads(capsys.readouterr().out)["digest"]
    vote = f"sign_offs:\n  - {{role: service-owner, by: ann, vote: no-go, on: {TODAY}, digest: '{digest}'}}\n"
    answered("yes", "yes", vote)
    return f"orr no-go {digest.removeprefix('sha256:')[:12]}"


def test_a_decision_is_a_milestone_once(root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]) -> None:
    name = decided(capsys)
    will_tell(tool, [CHOICE], BOTH)
    will_list(tool, ["before"])
    given = {"WorkloadId": ID, "MilestoneName": name, "ClientRequestToken": ANY}
    tool.add_response("create_milestone", {"WorkloadId": ID, "MilestoneNumber": 2}, given)
    assert send("--apply") == 0
    will_tell(tool, [CHOICE], BOTH)
    will_list(tool, ["before", name])
    assert send("--apply") == 0


def test_no_room_for_another_milestone_is_a_refusal_before_anything_is_written(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(capsys)
    will_tell(tool, [])
    will_list(tool, [f"milestone {n}" for n in range(MOST_MILESTONES)])
    assert send("--apply") == 2
    assert "has 100 milestones" in capsys.readouterr().err


def test_a_refusal_of_the_tool_names_the_permission(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    answered("yes", "yes")
    will_tell(tool, [])
    tool.add_client_error("update_answer", "AccessDeniedException", "no")
    assert send("--apply") == 3
    assert "wellarchitected:UpdateAnswer" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["export", "wa", "shop"],
        ["export", "wa", "--id", ID],
        ["export", "csv", "own", "--apply"],
        ["export", "wa", "shop", "--id", ID, "--apply", "--today", "2026-11-01"],
    ],
)
def test_one_workload_its_id_and_the_present_day_are_needed(root: Path, given: list[str]) -> None:
    assert main(given) == 2


def test_aws_has_to_be_allowed(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert send() == 2
    assert "add `aws` to its `allow`" in capsys.readouterr().err
