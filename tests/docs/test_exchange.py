"""Every format that assessments are exported in has a page, whose example is what is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import ROOT
from support.builders import answer, case, day, item, plan
from support.outcomes import TODAY, documented

from orr.cli import main
from orr.cli.frame import Status
from orr.formats.markdown_questions import read_markdown
from orr.formats.outputs import OUTPUTS
from orr.formats.sheet.markdown import sheet_markdown
from orr.formats.sheet.rows import rows_of
from orr.formats.spreadsheet import COLUMNS, read_questions
from orr.formats.unread import readable
from orr.source.table import read_tables

PAGES = {"items": "tables", "path": "tables"}
"""The pages that are named otherwise than their format."""


def page(name: str) -> str:
    return (ROOT / "docs/exchange" / f"{PAGES.get(name, name)}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in OUTPUTS if name != "items"])
def test_the_example_of_a_format_is_what_is_written(name: str) -> None:
    output = OUTPUTS[name]
    outcomes = documented() if output.holds_unread else readable(documented())
    written = iter(output.write(outcomes, TODAY, "en").removeprefix("\ufeff").splitlines())
    (example,) = re.findall(r"^```(?:text|xml|json|yaml)\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)
    shown = [line for line in example.splitlines() if line != "…"]
    assert len(shown) > 1
    assert [line for line in shown if line not in written] == []  # in this order, "…" for what is left out


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_page_names_the_specification_and_what_is_lost(name: str) -> None:
    text = page(name)
    assert f"orr export {name}" in text
    assert "**Specification**" in text
    assert "**Lost**" in text


def test_the_example_of_an_answer_sheet_is_what_is_written() -> None:
    said = answer("partial", on=day(-2), by="wei.chen", note="Once, without the database.",
                  evidence=[{"title": "Drill", "path": "drills/2026-11-12.md"}],
                  plan=plan(6, action="Rehearse it whole.", owner="wei.chen"))  # fmt: skip
    asked = item("rehearsed", ask="Was the rollback rehearsed within 90 days?", blocking=True)
    made = case(asked, answers={"rehearsed": said}, workload={"workload": "checkout"})
    written = sheet_markdown(made, list(rows_of(made, TODAY)), "en")
    (example,) = re.findall(r"^```text\n(.*?)^```", page("sheet"), re.MULTILINE | re.DOTALL)
    assert written.endswith(example)


def example(name: str) -> str:
    return re.findall(r"^```text\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)[0]


def test_the_examples_of_documents_and_tables_are_read_as_their_pages_say() -> None:
    document = read_markdown(example("markdown"), "a.md")
    assert [(one.section_title, one.ask, one.reply[:4], one.person) for one in document.questions] == [
        ("Monitoring", "There are dashboards", "yes", "wei"),
        ("Monitoring", "Alerts page somebody", "", ""),
        ("Monitoring", "Alerts page somebody: outside office hours, too", "", ""),
        ("Rollback", "Can it be rolled back?", "Yes.", ""),
    ]
    table = read_questions(read_tables(example("spreadsheets").encode(), "a.csv"), "a.csv")
    assert [(one.section, one.ask, one.risk) for one in table.questions] == [
        ("Observability", "Alerts have runbooks", "P1"),
        ("Observability", "SLO defined", "low"),
    ]
    assert table.faults == document.faults == []


@pytest.mark.parametrize("column", COLUMNS)
def test_every_heading_that_is_read_is_on_the_page(column: str) -> None:
    text = page("spreadsheets").lower()
    assert [heading for heading in COLUMNS[column] if heading.removesuffix(" id") not in text] == []


ASKED = "checklist: {}\nversion: 1\ntitle: A\nsections: [{{section: s, items: [{{item: {}, ask: A?, risk: high}}]}}]\n"
WORKSPACE = {
    "orr.yaml": "checklists: [checklists]\ntimezone: UTC\n",
    "checklists/rollback-plan.yaml": ASKED.format("rollback-plan", "rehearsed"),
    "checklists/staffing.yaml": ASKED.format("staffing", "on-call"),
    "checklists/runbooks.yaml": ASKED.format("runbooks", "tested"),
    "workloads/checkout/workload.yaml": "workload: checkout\ntitle: Checkout\nowner: {team: payments}\n",
    "workloads/checkout/review.yaml": """\
review: checkout
answers:
  staffing/on-call: {answer: partial, by: ana.ruiz, on: 2026-11-10}
  runbooks/tested: {answer: yes, by: ana.ruiz, on: 2026-11-19}
""",
    "review.yaml": """\
review: checkout
answers:
  rollback-plan/rehearsed: {answer: yes, note: "NOTE", by: wei.chen, on: 2026-11-20 09:30}
  staffing/on-call: {answer: yes, by: wei.chen, on: 2026-11-20 09:31}
  runbooks/tested: {answer: yes, by: wei.chen, on: 2026-11-18}
""",
}


@pytest.mark.parametrize(
    ("language", "end", "note"), [("en", ".md", "Drill of 12 November."), ("zh-CN", ".zh-CN.md", "11 月 12 日演练。")]
)
def test_the_example_of_an_import_is_what_is_printed(
    language: str,
    end: str,
    note: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, text in WORKSPACE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text.replace("NOTE", note), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["import", "review.yaml", "--lang", language]) == Status.BAD_INPUT
    printed = "".join(capsys.readouterr())
    text = (ROOT / f"docs/exchange{end}").read_text(encoding="utf-8")
    (example,) = re.findall(r"^```console\n\$ [^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert printed == example
