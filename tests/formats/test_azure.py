"""Azure's review checklists, filled in or not, and the results of their queries."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from support.strategies import texts
from support.workbooks import excel
from support.workspace_sample import put

from orr.cli import main
from orr.formats.azure import QueryResult, is_azure, read_list, read_results, read_workbook_list
from orr.formats.questions import Question, Terms, checklist_of
from orr.formats.sheet.rows import normal
from orr.source.faults import FaultyInput, Place
from orr.source.table import read_tables

FIRST, SECOND = "785c2fa5-5b56-4ad4-a408-fe72734c476b", "ab5351f6-383a-45ed-9c5e-b143b16db40a"
ITEM = {
    "category": "Network",
    "subcategory": "Ingress",
    "text": "Use a firewall",
    "description": "It stops what nobody asked for.",
    "severity": "High",
    "waf": "Security",
    "guid": FIRST,
    "link": "https://example.com/firewall",
    "graph": "resources | project id",
}
LIST: dict[str, Any] = {"items": [ITEM, {**ITEM, "guid": SECOND, "text": "Drill it", "severity": "Low"}],
                        "metadata": {"name": "Network review"}}  # fmt: skip
HEADINGS = ["Main Area", "Sub Area", "Checklist item", "Description (optional)", "Severity", "Status", "Comment",
            "More info", "Training", "Graph Query", "GUID", "Secure"]  # fmt: skip


def listed(**more: object) -> str:
    data = copy.deepcopy(LIST)
    data["items"][0] |= more
    return json.dumps(data)


def questions(**more: object) -> list[Question]:
    return read_list(listed(**more), "list.json", "en").found.questions


def workbook(status: str = "Not verified", comment: str | None = None, shifted: bool = True) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in ([], ["Azure Checklist"], [], ["Network review"], [], HEADINGS):
        sheet.append(row)
    shift = [None] if shifted else []
    sheet.append(
        ["Network", "Ingress", "Use a firewall", None, "High", status, comment, None, None, None, *shift, FIRST]
    )
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose workload is asked the list."""
    put(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    (tmp_path / "list.json").write_text(listed(), encoding="utf-8")
    assert main(["import", "list.json", "--checklist", "azure"]) == 0
    workload = tmp_path / "workloads" / "shop" / "workload.yaml"
    workload.write_text(workload.read_text().replace("checklists: [c]", "checklists: [c, azure]"), encoding="utf-8")
    return tmp_path


def review(root: Path) -> str:
    return (root / "workloads" / "shop" / "review.yaml").read_text(encoding="utf-8")


def results(*compliant: object, timestamp: str = "Fri Nov 20 09:14:09 CET 2026") -> str:
    checks = [{"guid": FIRST.upper(), "compliant": one, "id": f"/vm/{n}"} for n, one in enumerate(compliant)]
    return json.dumps({"metadata": {"timestamp": timestamp}, "checks": checks})


def test_a_check_becomes_a_question_named_by_its_id() -> None:
    first, second = questions()
    assert (first.name, first.ask, first.risk) == (FIRST, "Use a firewall", "High")
    assert first.section_title == "Network: Ingress"
    assert first.why == "It stops what nobody asked for.\n\nWell-Architected pillar: Security"
    assert first.fix == ("<https://example.com/firewall>\n\nQuery of Azure Resource Graph:\nresources | project id")
    assert first.place < second.place


@pytest.mark.parametrize("shifted", [True, False])
def test_a_workbook_says_the_same_wherever_its_ids_stand(shifted: bool) -> None:
    read = read_workbook_list(read_tables(workbook(shifted=shifted), "l.xlsx"), "l.xlsx", "en")
    (question,) = read.found.questions
    assert read.title == "Network review"
    assert (question.name, question.ask, question.risk, question.reply) == (FIRST, "Use a firewall", "High", "")


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        ("Fulfilled", "Yes"),
        ("open", "No"),
        ("Not required", "N/A"),
        ("N/A", "N/A"),
        ("Not verified", ""),
        ("undefined", ""),
        ("", ""),
        ("Yes", ""),
        ("Resolved", ""),
    ],
)
def test_only_what_azures_lists_know_as_answered_is_an_answer(status: str, reply: str) -> None:
    assert questions(status=status)[0].reply == reply


def test_an_unknown_status_and_what_a_checklist_cannot_hold_is_told_with_how_often() -> None:
    found = read_list(listed(status="Resolved", cost=1, ha=-1), "list.json", "en").found
    assert [note.wrong.key for note in found.notes] == ["exchange.azure.status"]
    (lost,) = found.answering  # of which an import of answers says nothing
    assert lost.wrong.values["parts"] == ["cost (1)", "ha (1)"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param('{"items": [\n{"guid": "a"}]}', 2, id="a check without text"),
        pytest.param('{"items": [\n{"guid": "a", "text": 7}]}', 2, id="a text that is a number"),
        pytest.param('{\n"items": []}', 2, id="no checks"),
    ],
)
def test_what_is_wrong_is_a_fault_in_its_line(text: str, line: int) -> None:
    faults = read_list(text, "list.json", "en").found.faults
    assert [fault.place.line for fault in faults][:1] == [line]


def test_a_list_is_imported_again_without_a_difference(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["import", "list.json", "--checklist", "azure"]) == 0
    assert "nothing differs" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("status", "comment", "answer"),
    [
        ("Fulfilled", "Since May.", "answer: yes"),
        ("Open", None, "answer: no"),
        ("Not required", "Nothing leaves the network.", "answer: not-applicable"),
        ("N/A", None, None),
        ("Not verified", "Will look.", None),
    ],
)
def test_a_filled_workbook_answers_by_its_states(
    root: Path, status: str, comment: str | None, answer: str | None
) -> None:
    before = review(root) if (root / "workloads/shop/review.yaml").exists() else ""
    (root / "filled.xlsx").write_bytes(workbook(status, comment))
    assert main(["import", "filled.xlsx", "--workload", "shop", "--by", "wei.chen", "--on", "2026-11-20"]) == 0
    if answer is None:
        after = review(root) if (root / "workloads/shop/review.yaml").exists() else ""
        assert after == before
    else:
        assert f"azure/{FIRST}:" in review(root)
        assert answer in review(root)


def test_results_of_queries_are_answers_of_their_day_with_the_file_as_evidence(root: Path) -> None:
    (root / "workloads" / "shop" / "graph.json").write_text(results("true", True), encoding="utf-8")
    assert main(["import", "workloads/shop/graph.json", "--workload", "shop", "--by", "wei.chen"]) == 0
    assert "answer: yes" in review(root)
    for part in ("path: graph.json", "sha256: ", "collected: 2026-11-20", "on: 2026-11-20", "2 of 2 resources comply"):
        assert part in review(root)


def test_one_resource_that_does_not_comply_is_a_no_that_names_it(root: Path) -> None:
    (root / "workloads" / "shop" / "graph.json").write_text(results("true", "false"), encoding="utf-8")
    assert main(["import", "workloads/shop/graph.json", "--workload", "shop", "--by", "wei.chen"]) == 0
    assert "answer: no" in review(root)
    assert "/vm/1" in review(root)


def test_results_without_a_day_or_from_elsewhere_are_taken_with_a_note(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "graph.json").write_text(results("true", timestamp="once"), encoding="utf-8")
    main(["import", "graph.json", "--workload", "shop", "--by", "wei.chen", "--on", "2026-11-20"])
    told = capsys.readouterr()
    assert "do not say when they were collected" in told.out + told.err
    assert "evidence of shop is not looked for" in told.out + told.err
    assert "path:" not in review(root).split(FIRST)[1]


@given(st.lists(st.sampled_from(["true", "false", "", "maybe", None, True, False]), min_size=1, max_size=6))
def test_a_yes_takes_every_resource_and_a_no_a_resource_that_certainly_fails(compliant: list[object]) -> None:
    (result,) = read_results(results(*compliant), "graph.json").by_guid.values()
    said = [{"true": True, "false": False}.get(str(one).lower()) for one in compliant]
    assert (result.reply == "yes") == all(one is True for one in said)
    assert (result.reply == "no") == any(one is False for one in said)


def test_only_some_resources_are_named() -> None:
    said = QueryResult(Place(1, 1), others=[f"/vm/{n}" for n in range(9)]).says("en")
    assert said.splitlines() == ["0 of 9 resources comply", *[f"/vm/{n}" for n in range(5)], "…"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (LIST, True),
        ({"checks": [{"guid": FIRST}]}, True),
        ({"pillars": []}, False),
        ({"items": [{"name": "x"}]}, False),
        ([], False),
    ],
)
def test_a_list_is_recognised_by_its_ids(data: object, expected: bool) -> None:
    assert is_azure(data) is expected


def test_results_that_are_no_json_are_a_fault() -> None:
    with pytest.raises(FaultyInput):
        read_results("{", "graph.json")


words = texts.map(normal).filter(lambda text: text.strip() and not text.startswith(("=", "'")))
checks = st.fixed_dictionaries(
    {"category": words, "text": words, "severity": st.sampled_from(["High", "Medium", "Low"])},
    optional={"subcategory": words, "description": words, "link": words, "graph": words, "comments": words,
              "status": st.sampled_from(["Fulfilled", "Open", "N/A", "Not verified"])},
)  # fmt: skip
IN_WORKBOOK = {"category": 0, "subcategory": 1, "text": 2, "description": 3, "severity": 4, "status": 5, "comments": 6,
               "link": 7, "graph": 9, "guid": 10}  # fmt: skip


@given(st.lists(checks, min_size=1, max_size=4))
def test_a_list_is_the_same_as_json_and_as_workbook_and_changes_nothing_when_it_comes_again(
    drawn: list[dict[str, str]],
) -> None:
    items = [{**one, "guid": f"785c2fa5-5b56-4ad4-a408-{at:012}"} for at, one in enumerate(drawn)]
    rows = [
        [
            next((one[key] for key, column in IN_WORKBOOK.items() if column == at and key in one), None)
            for at in range(11)
        ]
        for one in items
    ]
    raw = excel([HEADINGS, *rows])
    as_json = read_list(json.dumps({"items": items}), "a.json", "en").found
    as_workbook = read_workbook_list(read_tables(raw, "a.xlsx"), "a.xlsx", "en").found
    assert [replace(one, place=Place(1, 1)) for one in as_json.questions] == [
        replace(one, place=Place(1, 1)) for one in as_workbook.questions
    ]
    made = checklist_of(as_json, "a.json", Terms("azure")).checklist
    assert checklist_of(as_workbook, "a.xlsx", Terms("azure", base=made)).checklist == made
