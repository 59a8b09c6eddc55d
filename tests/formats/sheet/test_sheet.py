"""Answer sheets: what is written comes back, and what is edited is all that changes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.builders import TODAY, answer, assess, case, choices, day, item, plan
from support.strategies import texts
from support.workbooks import excel, open_document, saved_again

from orr.evaluate import Case
from orr.formats.sheet.filled import FilledSheet, fill
from orr.formats.sheet.markdown import read_markdown_sheet, sheet_markdown
from orr.formats.sheet.rows import CELLS, rows_of
from orr.formats.sheet.table import COLUMNS, headings, read_table_sheet, sheet_csv
from orr.formats.sheet.table import texts as cells_of_row
from orr.formats.sheet.workbook import sheet_workbook
from orr.source.faults import FaultyInput
from orr.source.table import read_tables

FULL = {
    "own": answer("partial", note="Half.\nTwo lines", plan=plan(9), on=day(-3)),
    "yes": answer("yes", on=day(-3), evidence=[{"title": "Drill", "path": "drills/a.md", "sha256": "0" * 64}]),
    "none": answer("not-applicable", on=day(-3)),
}
ITEMS = (item("own"), item("yes"), item("none"), item("open", blocking=True), item("ours", scope="team"))
TEAM = {"ours": answer("no", by="ana")}


def full() -> Case:
    return case(*ITEMS, answers=FULL, team=TEAM, sections=[choices("x", rules=[("x", "none"), ("default", "high")])])


def as_markdown(made: Case, language: str) -> bytes:
    return sheet_markdown(made, list(rows_of(made, TODAY)), language).encode()


def as_csv(made: Case, language: str) -> bytes:
    return sheet_csv(rows_of(made, TODAY), language).encode()


def as_excel(made: Case, language: str) -> bytes:
    return sheet_workbook(assess(made), list(rows_of(made, TODAY)), language)


def as_open_document(made: Case, language: str) -> bytes:
    rows = [headings(language), *(cells_of_row(row, language) for row in rows_of(made, TODAY))]
    due = COLUMNS.index("due")
    for row in rows[1:]:
        row[due : due + 1] = [date.fromisoformat(row[due])] if row[due] else [""]  # type: ignore[list-item]
    return open_document({"Cover": [["Shop", 3]], "c": rows})


WAYS: dict[str, Callable[[Case, str], bytes]] = {
    "md": as_markdown,
    "csv": as_csv,
    "xlsx": as_excel,
    "ods": as_open_document,
}


def back(raw: bytes, made: Case, way: str) -> FilledSheet:
    name = f"sheet.{way}"
    rows, faults = (
        read_markdown_sheet(raw.decode(), name) if way == "md" else read_table_sheet(read_tables(raw, name), name)
    )
    return fill(rows, name, made, TODAY, "bo", TODAY, faults)


def edited(way: str, change: Callable[[list[dict[str, str]]], object], made: Case | None = None) -> FilledSheet:
    """The sheet in CSV, its rows changed by their headings."""
    made = made or full()
    rows = list(csv.DictReader(io.StringIO(as_csv(made, "en").decode("utf-8-sig"))))
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, dict.fromkeys(name for row in rows for name in row))
    writer.writeheader()
    writer.writerows(rows)
    return back(out.getvalue().encode(), made, "csv")


def put(name: str, **cells: str) -> Callable[[list[dict[str, str]]], None]:
    def change(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if f":c/{name}:" in row["Row (leave as it is)"])
        row |= cells

    return change


def keys(sheet: FilledSheet) -> list[str]:
    return [note.wrong.key.removeprefix("exchange.sheet.") for note in sheet.notes]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("way", WAYS)
def test_a_sheet_that_nobody_edited_changes_nothing(way: str, language: str) -> None:
    made = full()
    sheet = back(WAYS[way](made, language), made, way)
    assert (sheet.answers, sheet.refused, sheet.notes) == ({}, {}, [])


words = texts.filter(str.strip)
entries = st.one_of(
    st.builds(lambda title: {"title": title}, words),
    st.builds(lambda title, path: {"title": title, "path": path}, words, words.filter(lambda one: "\0" not in one)),
    st.just({"url": "https://example.com/a_b?c=1#d", "collected": day(-3)}),
)
answers = st.builds(
    lambda reply, note, reason, found, planned: answer(
        reply, note=note, evidence=found, **({"reason": reason} if reply == "not-applicable" else {}), plan=planned
    ),
    st.sampled_from(["yes", "partial", "no", "not-applicable"]),
    st.none() | words,
    words,
    st.lists(entries, max_size=2),
    st.none() | st.builds(lambda action: plan(action=action), words),
)


@pytest.mark.slow
@given(st.sampled_from(["md", "csv", "xlsx"]), st.dictionaries(st.sampled_from(["own", "yes"]), answers), words)
def test_whatever_was_answered_comes_back_unedited(way: str, given_answers: dict[str, Any], ask: str) -> None:
    made = case(item("own", ask=ask), item("yes"), answers=given_answers)
    sheet = back(WAYS[way](made, "en"), made, way)
    assert (sheet.answers, sheet.notes) == ({}, [])


@pytest.mark.parametrize(
    ("said", "reply", "beside"),
    [
        ("Yes", "yes", None),
        ("yes: since March", "yes", "since March"),
        ("Partly, two of three", "partial", "two of three"),
        ("No.", "no", None),
        ("否", "no", None),
        ("N/A (it has no users)", "not-applicable", "it has no users"),
    ],
)
def test_a_leading_word_is_the_answer_and_the_rest_its_note_or_reason(
    said: str, reply: str, beside: str | None
) -> None:
    (made,) = edited("csv", put("open", Answer=said)).answers.values()
    assert (made.answer, made.by, made.on) == (reply, "bo", TODAY)
    assert (made.reason if reply == "not-applicable" else made.note) == beside


@pytest.mark.parametrize(
    "said", ["Yes, but only in staging", "No new calls are made", "We tested it", "Yes and no", "Not yet"]
)
def test_prose_without_a_clear_answer_is_a_draft(said: str) -> None:
    sheet = edited("csv", put("open", Answer=said))
    assert sheet.answers == {}
    assert keys(sheet) == ["draft"]


def test_an_edited_row_keeps_what_no_sheet_can_carry() -> None:
    (made,) = edited(
        "csv", put("yes", Note="Seen.", Evidence="Drill <drills/a.md>\nhttps://example.com/b")
    ).answers.values()
    assert [entry.as_data() for entry in made.evidence] == [
        {"title": "Drill", "path": "drills/a.md", "sha256": "0" * 64},
        {"url": "https://example.com/b"},
    ]
    assert (made.answer, made.note) == ("yes", "Seen.")


@pytest.mark.parametrize("due", ["2026-12-01", "2026/12/1", "1.12.2026", "2026-12-01 00:00:00"])
def test_a_plan_takes_a_day_however_a_spreadsheet_writes_it(due: str) -> None:
    change = put("open", **{"Next step": "Build it", "Owner": "ana", "Due": due})
    (made,) = edited("csv", change).answers.values()
    assert made.plan is not None
    assert (made.answer, made.plan.due) == (None, date(2026, 12, 1))


@pytest.mark.parametrize("due", ["12/1/2026", "01/12/2026"])
def test_a_day_that_excel_rewrote_in_csv_is_no_edit_and_as_an_edit_a_fault(due: str) -> None:
    assert edited("csv", put("own", Due=due)).answers == {}
    with pytest.raises(FaultyInput, match="is not a day"):
        edited("csv", put("own", Due="5/6/2026"))


def test_an_emptied_answer_stays_and_is_told() -> None:
    sheet = edited("csv", put("yes", Answer="", Evidence=""))
    assert (sheet.answers, keys(sheet)) == ({}, ["emptied"])


@pytest.mark.parametrize(("by", "refused"), [("wei", {"c/own"}), ("bo", set())], ids=["by another", "by the same"])
def test_an_edit_of_what_another_person_changed_here_meanwhile_is_refused(by: str, refused: set[str]) -> None:
    before = as_csv(full(), "en").decode("utf-8-sig")
    after = case(*ITEMS, answers={**FULL, "own": answer("no", by=by, on=day(-1))}, team=TEAM)
    rows = list(csv.DictReader(io.StringIO(before)))[:5]
    put("own", Answer="Yes")(rows)
    put("open", Answer="No")(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    sheet = back(out.getvalue().encode(), after, "csv")
    assert set(sheet.answers) == {"c/own", "c/open"}
    assert set(sheet.refused) == refused


def turn(rows: list[dict[str, str]]) -> None:
    rows.reverse()


def widen(rows: list[dict[str, str]]) -> None:
    rows[:] = [{"Ours": "x", **row, "More": "y"} for row in rows]
    rows.insert(0, dict.fromkeys(rows[0], "Total"))
    rows.append({**dict.fromkeys(rows[0], ""), "Question": "One more?", "Answer": "Yes"})


def double(rows: list[dict[str, str]]) -> None:
    rows.append(dict(rows[1]))


def narrow(rows: list[dict[str, str]]) -> None:
    rows[:] = [{name: text for name, text in row.items() if name not in ("Owner", "Section")} for row in rows]


@pytest.mark.parametrize("change", [turn, widen, double, narrow])
def test_rows_may_be_sorted_doubled_and_added_and_columns_come_and_go(change: Callable[..., None]) -> None:
    def both(rows: list[dict[str, str]]) -> None:
        put("open", Answer="No")(rows)
        change(rows)

    sheet = edited("csv", both)
    assert (list(sheet.answers), sheet.notes) == (["c/open"], [])


FAULTY = [
    (put("open", Answer="N/A"), "no-reason"),
    (put("open", Answer="No", Owner="ana"), "half-plan"),
    (put("open", **{"Next step": "x", "Owner": "ana", "Due": "soon"}), "due"),
    (put("open", **{"Next step": "x", "Owner": "TBD", "Due": "2026-12-01"}), None),
    (put("open", Answer="Yes", Evidence="javascript:alert(1)"), "address"),
    (put("open", Question="Another?"), "other-question"),
    (put("ours", Answer="Yes"), "departs"),
    (lambda rows: rows.append({**rows[3], "Answer": "No"}) or put("open", Answer="Yes")(rows), "twice"),
]


@pytest.mark.parametrize(("change", "key"), FAULTY, ids=[key or "nobody" for _, key in FAULTY])
def test_what_cannot_be_an_answer_is_a_fault_of_its_row(change: Callable[..., None], key: str | None) -> None:
    with pytest.raises(FaultyInput) as caught:
        edited("csv", change)
    (fault,) = caught.value.faults
    assert key is None or fault.wrong.key == f"exchange.sheet.{key}"
    assert fault.place.line > 1


def test_keys_sorted_away_from_their_questions_answer_nothing() -> None:
    def shift(rows: list[dict[str, str]]) -> None:
        found = [row["Row (leave as it is)"] for row in rows]
        for row, key in zip(rows, found[1:] + found[:1], strict=True):
            row["Row (leave as it is)"] = key

    with pytest.raises(FaultyInput) as caught:
        edited("csv", shift)
    assert {fault.wrong.key for fault in caught.value.faults} == {"exchange.sheet.other-question"}


def test_rows_without_headings_or_of_another_workload_are_faults() -> None:
    made = full()
    without = as_csv(made, "en").split(b"\r\n", 1)[1]
    with pytest.raises(FaultyInput, match="no headings stand above this row"):
        back(without, made, "csv")
    other = case(*ITEMS, workload={"workload": "stock"})
    with pytest.raises(FaultyInput, match="of the workload shop, not of stock"):
        back(as_csv(made, "en"), other, "csv")


# Markdown


def in_markdown(old: str, new: str) -> FilledSheet:
    text = as_markdown(full(), "en").decode()
    assert text.count(old) == 1, text
    return back(text.replace(old, new).encode(), full(), "md")


def test_a_box_that_was_ticked_is_a_yes_and_one_without_stays_unanswered() -> None:
    (made,) = in_markdown("- [ ] Is open done?", "* [X] Is open done?").answers.values()
    assert made.answer == "yes"
    sheet = in_markdown("- [x] Is yes done?", "- [ ] Is yes done?")
    assert (sheet.answers, keys(sheet)) == ({}, ["draft"])


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("- [ ] Is own done?", "- [x] Is own done?", "another answer than yes"),
        ("- [ ] Is open done? ", "Is open done? ", "behind no box"),
    ],
)
def test_a_box_in_doubt_is_a_fault(old: str, new: str, says: str) -> None:
    with pytest.raises(FaultyInput, match=says):
        in_markdown(old, new)


def test_faults_of_boxes_and_of_answers_are_told_at_once_each_at_its_cell() -> None:
    text = as_markdown(full(), "en").decode().replace("- [ ] Is open done?", "- [x] Is open done?")
    head, _, tail = text.partition("Is open done?")
    filled = tail.replace("- Answer:\n", "- Answer: N/A\n", 1).replace("- Due:\n", "- Due: soon\n", 1)
    filled = filled.replace("- Owner:\n", "- Owner: TBD\n", 1).replace("- Next step:\n", "- Next step: x\n", 1)
    with pytest.raises(FaultyInput) as caught:
        back((head + "Is open done?" + filled).encode(), full(), "md")
    at = head.count("\n") + 1
    assert [(fault.wrong.key.split(".", 1)[1], fault.place.line - at) for fault in caught.value.faults] == [
        ("sheet.box", 2),
        ("sheet.no-reason", 3),
        ("model.name-nobody", 7),
        ("sheet.due", 8),
    ]


def test_a_fault_of_a_table_stands_at_its_cell() -> None:
    with pytest.raises(FaultyInput) as caught:
        edited("csv", put("open", Answer="Yes", Evidence="javascript:alert(1)", Owner="TBD"))
    made = headings("en")
    assert [fault.wrong.key.split(".", 1)[1] for fault in caught.value.faults] == [
        "sheet.address",
        "sheet.half-plan",
        "model.name-nobody",
    ]
    assert made.index("Evidence") < made.index("Next step") < made.index("Owner")


# Workbooks


def test_only_the_cover_of_a_workbook_is_protected_and_answers_are_chosen_from_a_list() -> None:
    found: list[Any] = []
    saved_again(as_excel(full(), "en"), found.append)
    (book,) = found
    cover, sheet = book.worksheets
    assert (cover.protection.sheet, sheet.protection.sheet) == (True, False)
    assert cover["A2"].value == "no-go"
    assert {one.formula1 for one in sheet.data_validations.dataValidation} == {'"Yes,Partly,No,N/A"', "36526"}
    hidden = [letter for letter, about in sheet.column_dimensions.items() if about.hidden]
    assert [sheet[f"{letter}1"].value for letter in hidden] == ["Row (leave as it is)"]


def test_a_workbook_comes_back_with_edits_of_every_kind() -> None:
    def change(book: Any) -> None:
        sheet = book.worksheets[1]
        columns = {cell.value: cell.column for cell in sheet[1]}
        rows = {sheet.cell(row, columns["Question"]).value: row for row in range(2, sheet.max_row + 1)}
        at = rows["Is open done?"]
        sheet.cell(at, columns["Next step"]).value = "=see the plan"
        sheet.cell(at, columns["Owner"]).value = "ana"
        sheet.cell(at, columns["Due"]).value = date(2026, 12, 24)
        sheet.insert_cols(2)
        sheet.insert_rows(1, 3)
        sheet["A1"] = "Review of the shop"
        sheet.merge_cells("A1:F2")

    (made,) = back(saved_again(as_excel(full(), "en"), change), full(), "xlsx").answers.values()
    assert made.plan is not None
    assert (made.plan.action, made.plan.due) == ("=see the plan", date(2026, 12, 24))


def test_a_text_is_no_formula_in_a_workbook() -> None:
    made = case(item("own", ask="=1+1"), answers={"own": answer(note="=HYPERLINK(1)")})
    found: list[Any] = []
    saved_again(as_excel(made, "en"), found.append)
    kinds = {cell.data_type for row in found[0].worksheets[1].iter_rows() for cell in row}
    assert "f" not in kinds


def test_only_columns_that_a_sheet_has_are_compared() -> None:
    made = full()
    rows = [headings("en"), *(cells_of_row(row, "en") for row in rows_of(made, TODAY))]
    assert set(CELLS) < set(COLUMNS)
    kept = [[text for at, text in enumerate(row) if COLUMNS[at] != "evidence"] for row in rows]
    assert back(excel(kept), made, "xlsx").answers == {}
