"""Answers of the Well-Architected Tool, every call held by botocore's stubs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from botocore.stub import Stubber
from support.aws_stubs import SESSION
from support.workspace_sample import put

from orr.cli import main
from orr.workspace import well_architected
from orr.workspace.practices import practice_ids, wa_choices

ID = "0123456789abcdef0123456789abcdef"
LENS = {
    "schemaVersion": "2021-11-01",
    "name": "Rescue",
    "description": "Would a rescue succeed?",
    "pillars": [
        {
            "id": "SEA",
            "name": "At sea",
            "questions": [
                {
                    "id": name,
                    "title": name,
                    "choices": [
                        {"id": f"{name}_{end}", "title": end, "improvementPlan": {"displayText": "Do it."}}
                        for end in ("first", "second")
                    ],
                    "riskRules": [
                        {"condition": f"{name}_first && {name}_second", "risk": "NO_RISK"},
                        {"condition": "default", "risk": "HIGH_RISK"},
                    ],
                }
                for name in ("boats", "vests", "radio")
            ],
        }
    ],
}
QUESTION, CHOICE = wa_choices()["plan-for-unsuccessful-changes"]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose workload is asked the lens, and an item of a practice."""
    put(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    Path("lens.json").write_text(json.dumps(LENS), encoding="utf-8")
    assert main(["import", "lens.json"]) == 0
    Path("checklists/own.yaml").write_text(
        "checklist: own\nversion: 1\ntitle: Own\nsections:\n  - section: s\n    items:\n"
        "      - {item: rollback, ask: Rehearsed?, risk: high, practice: plan-for-unsuccessful-changes}\n"
    )
    workload = Path("workloads/shop/workload.yaml")
    workload.write_text(workload.read_text().replace("checklists: [c]", "checklists: [c, rescue-sea, own]"))
    return tmp_path


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The tool's client, which answers what it is told to, in order, to those very questions."""
    client = SESSION.client(
        "wellarchitected", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    monkeypatch.setattr(well_architected, "client_of", lambda *_: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def lens_review(alias: str = "arn:aws:wellarchitected:eu-west-1:123456789012:lens/0", **more: Any) -> dict[str, Any]:
    given = {"LensName": "Rescue", "LensStatus": "CURRENT", "UpdatedAt": datetime(2026, 11, 20, 12, tzinfo=UTC)}
    return {"LensAlias": alias, **given, **more}


def answer(
    name: str, selected: list[str], offered: tuple[str, ...] = ("first", "second"), **more: Any
) -> dict[str, Any]:
    choices = [{"ChoiceId": f"{name}_{end}", "Title": end} for end in offered]
    return {"QuestionId": name, "PillarId": "SEA", "Choices": choices, "SelectedChoices": selected, **more}


def will_answer(tool: Stubber, reviews: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    """Tell the tool its reviews, and for the first of them its answers, a page each."""

    def page(call: str, n: int, of: int, found: dict[str, Any], **asked: str) -> None:
        more = {"NextToken": f"page {n + 1}"} if n + 1 < of else {}
        before = {"NextToken": f"page {n}"} if n else {}
        tool.add_response(call, {**found, **more}, {"WorkloadId": ID, **asked, "MaxResults": 50, **before})

    for n, one in enumerate(reviews):
        page("list_lens_reviews", n, len(reviews), {"LensReviewSummaries": [one]})
    of_lens = {"WorkloadId": ID, "LensAlias": reviews[0]["LensAlias"]}
    for n, one in enumerate(answers):
        summaries = {"AnswerSummaries": [{"QuestionId": one["QuestionId"]}]}
        page("list_answers", n, len(answers), summaries, LensAlias=of_lens["LensAlias"])
        tool.add_response("get_answer", {"Answer": one}, {**of_lens, "QuestionId": one["QuestionId"]})


def bring(*more: str) -> int:
    return main(["import", "wa", ID, "--workload", "shop", "--by", "wei.chen", *more])


def review() -> str:
    path = Path("workloads/shop/review.yaml")
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_answers_of_all_pages_go_to_the_lens_with_notes_reasons_and_the_day_of_the_review(
    root: Path, tool: Stubber
) -> None:
    choices = [
        {"ChoiceId": "vests_first", "Status": "SELECTED", "Notes": "Counted."},
        {"ChoiceId": "vests_second", "Status": "NOT_APPLICABLE", "Reason": "BUSINESS_PRIORITIES"},
    ]
    will_answer(tool, [lens_review()], [
        answer("boats", ["boats_first"], IsApplicable=True, Notes="Seen in May."),
        answer("vests", ["vests_first"], IsApplicable=True, ChoiceAnswers=choices),
        answer("radio", [], IsApplicable=False, Reason="OUT_OF_SCOPE", Notes="There is none."),
    ])  # fmt: skip
    assert bring() == 0
    said = review()
    for item, reply in (("boats_first", "yes"), ("boats_second", "no"), ("vests_first", "yes")):
        assert f"rescue-sea/{item}:\n    answer: {reply}" in said or f"rescue-sea/{item}: {{answer: {reply}" in said
    for text in ("Seen in May.", "Counted.", "The business has other priorities", "Out of scope: There is none."):
        assert text in said
    assert said.count("by: wei.chen") == 6


def test_choices_of_another_version_of_the_lens_are_told_and_answer_nothing(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    will_answer(tool, [lens_review(LensStatus="NOT_CURRENT")], [
        answer("boats", ["boats_first", "boats_old"], ("first", "third")),
        answer("vests", ["vests_old"]),
        answer("floats", ["floats_first"]),
    ])  # fmt: skip
    assert bring() == 0
    told = capsys.readouterr()
    for text in (
        "boats_old of boats are of an older version",
        "offers boats_third in boats",
        "does not offer boats_second",
        "no checklist has the question floats",
        "the lens Rescue is not current in the tool, but NOT_CURRENT",
    ):
        assert text in told.out + told.err
    assert review().count("by: wei.chen") == 1
    assert "boats_first" in review()


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"IsApplicable": False, "Reason": "NONE"}, id="a question"),
        pytest.param({"IsApplicable": False}, id="a question that gives none at all"),
    ],
)
def test_what_is_not_applicable_without_a_reason_is_told_and_left_out(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str], more: dict[str, Any]
) -> None:
    before = review()
    will_answer(tool, [lens_review()], [answer("boats", [], **more)])
    assert bring() == 0
    assert "boats is not applicable without a reason" in "".join(capsys.readouterr())
    assert review() == before


def test_a_newer_answer_stays_and_an_older_one_is_overwritten_only_after_it_was_shown(
    root: Path, tool: Stubber
) -> None:
    mine = "review: shop\nanswers:\n  rescue-sea/boats_first: {answer: no, by: ann, on: DAY}\n"
    for day, force, status, kept in (("2026-11-22", ["--force"], 2, True), ("2026-11-01", [], 2, True),
                                     ("2026-11-01", ["--force"], 0, False)):  # fmt: skip
        Path("workloads/shop/review.yaml").write_text(mine.replace("DAY", day), encoding="utf-8")
        will_answer(tool, [lens_review()], [answer("boats", ["boats_first"])])
        assert bring(*force) == status
        assert ("by: ann" in review()) is kept


def test_what_the_framework_says_of_a_practice_is_a_remark_once_and_never_an_answer(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    before = review()
    given = {
        "QuestionId": QUESTION,
        "Choices": [{"ChoiceId": CHOICE, "Title": "Plan for failure"}],
        "SelectedChoices": [CHOICE],
        "ChoiceAnswers": [{"ChoiceId": CHOICE, "Status": "SELECTED", "Notes": "Twice."}],
    }
    for _ in range(2):
        will_answer(tool, [lens_review("wellarchitected", LensName="Framework")], [given])
        assert bring() == 0
    assert review() == before
    (line,) = Path("workloads/shop/discussion.jsonl").read_text(encoding="utf-8").splitlines()
    said = json.loads(line)
    assert said["item"] == "own/rollback"
    assert said["text"] == "AWS Well-Architected Tool, Framework, 2026-11-20: “Plan for failure” is selected. Twice."
    assert capsys.readouterr().out.count("Noted beside own/rollback") == 1


def test_practices_whose_choice_the_tool_does_not_offer_are_told(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"QuestionId": QUESTION, "Choices": [], "SelectedChoices": []}
    will_answer(tool, [lens_review("wellarchitected", LensName="Framework")], [given])
    assert bring() == 0
    assert "no choice for one practice, plan-for-unsuccessful-changes" in "".join(capsys.readouterr())
    assert not Path("workloads/shop/discussion.jsonl").exists()


def test_a_lens_that_is_not_asked_or_not_known_by_its_name_alone_is_told_and_not_read(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    will_answer(tool, [lens_review("serverless", LensName="Serverless"), lens_review(), lens_review("another")], [])
    assert bring() == 0
    told = "".join(capsys.readouterr())
    assert "asked no checklist of the lens Serverless" in told
    assert told.count("several lenses of the workload are called Rescue") == 2


def test_a_refusal_of_the_tool_writes_nothing_and_names_the_permission(
    root: Path, tool: Stubber, capsys: pytest.CaptureFixture[str]
) -> None:
    before = review()
    tool.add_client_error("list_lens_reviews", "AccessDeniedException", "no")
    assert bring() == 3
    assert "wellarchitected:ListLensReviews" in capsys.readouterr().err
    assert review() == before


def test_a_workload_has_to_be_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "wa", ID]) == 2
    assert "--workload" in capsys.readouterr().err


def test_every_practice_has_its_question_and_choice() -> None:
    assert wa_choices().keys() == practice_ids()
    assert len(set(wa_choices().values())) == len(practice_ids())
