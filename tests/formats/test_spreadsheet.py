from datetime import date

import pytest
from support.builders import checklist, item
from support.workbooks import excel, saved_again

from orr.formats.questions import Terms, checklist_of
from orr.formats.spreadsheet import import_sheet, read_questions
from orr.source.faults import FaultyInput
from orr.source.table import read_tables


def read(text, **more):
    return import_sheet(text.encode(), "a.csv", "ours", **more)


def items(text):
    return [
        (section.section, item.item, item.ask, str(item.risk), bool(item.blocking))
        for section in read(text).checklist.sections
        for item in section.items
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("section,item,ask,risk,blocking\nplan,rehearsed,Was it?,high,yes", id="English"),
        pytest.param("Blocking,RISK,Question,Item ID,Section_ID\nTRUE,High,Was it?,rehearsed,plan", id="another order"),
        pytest.param("小节,检查项,问题,风险,阻断\nplan,rehearsed,Was it?,高,是", id="Chinese"),
    ],
)
def test_columns_stand_in_any_order_and_in_either_language(text):
    assert items(text) == [("plan", "rehearsed", "Was it?", "high", True)]


def test_why_and_fix_come_along_and_the_caller_names_the_checklist():
    imported = read("ask,why,fix,risk\nWas it?,It breaks.,Do it.,low", title="Our list")

    (item,) = imported.checklist.sections[0].items
    assert (item.why, item.fix, imported.checklist.title, imported.checklist.checklist) == (
        "It breaks.",
        "Do it.",
        "Our list",
        "ours",
    )
    assert imported.notes == ()


def test_only_the_questions_are_mandatory_and_an_item_without_risk_is_high():
    imported = read("ask\nWas the rollback rehearsed?\n演练过回滚吗？")

    (section,) = imported.checklist.sections
    assert [(item.item, str(item.risk)) for item in section.items] == [
        ("was-the-rollback-rehearsed", "high"),
        ("item-2", "high"),
    ]
    assert [(note.wrong.key, note.wrong.values["n"]) for note in imported.notes] == [("exchange.table.no-risk", 2)]


def test_a_row_without_a_section_belongs_to_the_one_above():
    text = "section,item,ask,risk\nplan,a,A?,low\n,b,B?,low\nreach,c,C?,low\nplan,d,D?,low"

    assert [row[:2] for row in items(text)] == [("plan", "a"), ("plan", "b"), ("plan", "d"), ("reach", "c")]


def test_a_section_that_is_no_name_becomes_a_title():
    sections = read("section,ask,risk\nThe plan,A?,low\n回滚,B?,low\nThe plan,C?,low").checklist.sections

    assert [(section.section, section.title, len(section.items)) for section in sections] == [
        ("the-plan", "The plan", 2),
        ("section-2", "回滚", 1),
    ]


def test_a_made_name_never_takes_one_that_is_given_further_down():
    assert [row[1] for row in items("item,ask,risk\n,Was it?,low\nwas-it,Really?,low")] == ["was-it-2", "was-it"]


@pytest.mark.parametrize(
    ("text", "key", "place"),
    [
        pytest.param("", "table.empty", (1, 1), id="nothing"),
        pytest.param("ask,risk", "table.empty", (1, 1), id="only headings"),
        pytest.param("item,risk\na,low", "table.no-ask", (1, 1), id="no questions"),
        pytest.param("ask,question\nA?,B?", "table.twice", (1, 5), id="a column twice"),
        pytest.param("ask,risk\nA?,huge", "table.risk", (2, 4), id="an unknown risk"),
        pytest.param("ask,risk,blocking\nA?,low,maybe", "table.blocking", (2, 8), id="neither yes nor no"),
        pytest.param("item,ask,risk\na,A?,low\na,B?,low", "lens.twice", (3, 1), id="an item twice"),
        pytest.param("item,ask,risk\nok,A?,low\na b,B?,low", "table.id", (3, 1), id="a name with a space"),
        pytest.param("item,ask,risk\na,,low", "table.no-question", (2, 3), id="no question"),
        pytest.param("ask,risk\nA, really?,low", "table.too-wide", (2, 12), id="a comma without quotes"),
    ],
)
def test_a_cell_that_cannot_be_used_is_a_fault_where_it_stands(text, key, place):
    with pytest.raises(FaultyInput) as caught:
        read(text)

    found = {(fault.wrong.key, (fault.place.line, fault.place.column)) for fault in caught.value.faults}
    assert (f"exchange.{key}", place) in found


@pytest.mark.parametrize(("given", "name"), [("Launch list", "launch-list"), ("上线检查", "checklist")])
def test_a_name_that_is_not_kebab_case_becomes_the_title(given, name):
    made = import_sheet(b"ask,risk\nA?,low", "a.csv", given).checklist

    assert (made.checklist, made.title) == (name, given)


def test_every_fault_is_told_at_once():
    with pytest.raises(FaultyInput) as caught:
        read("ask,risk,blocking\nA?,huge,no\n,low,no\nB?,low,perhaps")

    assert len(caught.value.faults) == 3


def test_a_column_that_is_not_read_or_holds_answers_is_told():
    imported = read("ask,risk,Colour,Comment\nA?,low,red,hm")

    told = [(note.wrong.key.removeprefix("exchange.table."), note.wrong.values["headings"]) for note in imported.notes]
    assert sorted(told) == [("answers", ["Comment"]), ("unknown-column", ["Colour"])]


def test_signs_that_steer_or_are_not_seen_come_in_as_such_that_are():
    (made,) = items("section,ask,why,risk\nA\u202e,B\0?,\x1b[31m,low")
    assert made[2] == "B\ufffd?"
    checklist = read("section title,ask,why,risk\nA\u202e,B?,\x1b[31m,low").checklist
    assert (checklist.sections[0].title, checklist.sections[0].items[0].why) == ("A\ufffd", "\ufffd[31m")


def test_two_columns_of_answers_are_a_fault_and_two_of_comments_none():
    with pytest.raises(FaultyInput, match="the column Answer stands twice"):
        read("ask,risk,Answer,Answer\nA?,low,yes,no")
    assert [item[1] for item in items("ask,risk,Comment,Comment\nA?,low,x,y")] == ["a"]  # as Jira writes several


def test_headings_that_are_named_where_there_are_no_questions_are_read():
    with pytest.raises(FaultyInput) as caught:
        read("Foo,Bar\nx,y")
    headings = caught.value.faults[0].remedy.values["headings"]
    assert [len(items(f"{heading}\nA?")) for heading in headings] == [1] * len(headings)


# Tables of others


OTHERS = {
    "Jira": (
        "Issue key,Summary,Issue Type,Status,Priority\nOPS-1,Runbook exists?,Task,Done,High",
        [("OPS-1", "Runbook exists?", "high")],
    ),
    "Notion": (
        "Name,Status,Assign,Priority\nRunbook exists?,Done,Ana,Low",
        [("runbook-exists", "Runbook exists?", "low")],
    ),
    "Azure DevOps": (
        "ID,Work Item Type,Title,State,Assigned To,Tags\n7,Task,Runbook exists?,New,Ana,ops",
        [("7", "Runbook exists?", "high")],
    ),
    "Google Sheets": (
        "Category,Item,Status,Owner\nAlerts,Alerts have runbooks,Done,Ana\n,SLO is defined,,Bo",
        [("alerts-have-runbooks", "Alerts have runbooks", "high"), ("slo-is-defined", "SLO is defined", "high")],
    ),
    "titles and totals": ("Readiness 2026,\n,\nQuestion,Risk\nA?,low\nTotal,1", [("a", "A?", "low")]),
    "GitHub's projects": ("Title\tURL\tAssignees\tStatus\nA?\thttps://x.example\tana\tDone", [("a", "A?", "high")]),
    "Trello": ("Card ID,Card Name,Card Description\n7f,A?,why", [("a", "A?", "high")]),
    "Jira's own fields": ("Issue key,Summary,Custom field (Risk)\nOPS-1,A?,Low", [("OPS-1", "A?", "low")]),
    "merged headings above": ("Check,,Result\nArea,Question,Risk\nNet,A?,low", [("a", "A?", "low")]),
    "headings again": ("Question,Risk\nA?,low\nOps,\nQuestion,Risk\nB?,low", [("a", "A?", "low"), ("b", "B?", "low")]),
    "marks at headings": ("No.,Question: *,Met?\n1,A?,x", [("a", "A?", "high")]),
    "items that are topics": ("检查项,检查内容\n备份,有吗？\n演练,做过吗？", [
        ("item-1", "有吗？", "high"), ("item-2", "做过吗？", "high"),
    ]),
    "a heading of a section": ("Section,Question,Risk\nAlerts,,\n,A?,low", [("a", "A?", "low")]),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_tables_of_other_programs_are_read(name):
    text, expected = OTHERS[name]
    assert [(item, ask, risk) for _, item, ask, risk, _ in items(text)] == expected


def test_a_section_is_what_stands_above_headings_again_or_what_items_are_about():
    for text in ("Question,Risk\nA?,low\nOps 2,\nQuestion,Risk\nB?,low", "Item,Ask,Risk\nNet 1,A?,low\nOps 2,B?,low"):
        assert read(text).checklist.sections[-1].title == "Ops 2"


@pytest.mark.parametrize(
    ("row", "reply"),
    [("x,,", "Yes"), (",✓,", "No"), (",,since May", "N/A"), ("☐,-,", ""), ("x,x,", "Yes / No")],
)
def test_columns_of_answers_are_ticked(row, reply):
    (question,) = read_questions(
        read_tables(f"Item,Yes,No,N/A\nIt is there,{row}".encode(), "a.csv"), "a.csv"
    ).questions
    assert question.reply == reply


def test_an_address_behind_a_cell_comes_along():
    raw = excel([["Question", "Evidence", "Owner"], ["A?", "Drill", "Ana"], ["B?", "http://b.example", ""]])

    def link(book):
        sheet = book.worksheets[0]
        for cell, address in (("B2", "http://a.example"), ("B3", "http://b.example"), ("C2", "mailto:a@b.example")):
            sheet[cell].hyperlink = address

    found = read_questions(read_tables(saved_again(raw, link), "a.xlsx"), "a.xlsx").questions
    assert [one.links for one in found] == [("Drill <http://a.example>",), ("http://b.example",)]


def test_a_workbook_is_read_in_all_its_sheets_but_covers_and_its_days_are_days():
    raw = excel(
        [["Readiness", date(2026, 11, 1)]],
        [["Section", "Question", "Risk"], ["a", "Ready by", "low"], [None, date(2026, 11, 20), "low"]],
        [["Question"], ["And this?"]],
    )
    made = import_sheet(raw, "a.xlsx", "ours")
    asks = [item.ask for section in made.checklist.sections for item in section.items]
    assert asks == ["Ready by", "2026-11-20", "And this?"]
    assert "exchange.table.left-out" in [note.wrong.key for note in made.notes]


def test_an_error_in_place_of_a_question_is_a_fault():
    with pytest.raises(FaultyInput, match="this row asks nothing"):
        read("ask,risk\n#N/A,low")


BASE = checklist(
    item(
        "a", ask={"en": "Is it there?", "zh-CN": "有吗？"}, scope="team", waivable=False, valid_for="90d", blocking=True
    ),
    item("b", ask="And this?", risk="low"),
)


def over(text):
    found = read_questions(read_tables(text.encode(), "a.csv"), "a.csv")
    return checklist_of(found, "a.csv", Terms("c", base=BASE))


@pytest.mark.parametrize("text", ["ask\nIs it there?\nAnd this?", "item,ask,risk\na,有吗？,high\nb,And this?,low"])
def test_a_checklist_without_a_difference_is_that_which_is_there(text):
    assert over(text).checklist == BASE


def test_what_has_no_column_stays_with_an_item_and_the_version_rises():
    made = over("item,ask,risk\na,Is it here?,low\nc,New?,low")
    first, second = made.checklist.sections[0].items
    assert (first.ask, first.scope, first.waivable, first.valid_for, first.blocking) == (
        "Is it here?",
        "team",
        False,
        90,
        True,
    )
    assert (second.item, made.checklist.version) == ("c", 2)
    assert [note.wrong.key for note in made.notes] == ["exchange.table.languages", "exchange.table.gone"]


def test_a_deleted_column_of_names_makes_no_new_items():
    with pytest.raises(FaultyInput, match=r"no question “Is it here\?”, and no column gives it a name"):
        over("ask\nIs it here?\nAnd this?")
