"""A risk register becomes scenarios of a pre-mortem, and comes back as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.outcomes import TODAY, open_in_every_way

from orr.formats.register import register
from orr.formats.risks import Register, is_register, markdown_tables, read_register
from orr.messages import LANGUAGES
from orr.model.review import Level, Scenario
from orr.source.faults import FaultyInput
from orr.source.table import read_tables


def of_csv(text: str, workload: str = "shop") -> Register:
    return read_register(read_tables(text.encode(), "risks.csv"), "risks.csv", workload, TODAY)


def told(read: Register) -> list[str]:
    return [fault.in_words("en") for fault in read.notes]


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("High", Level.HIGH),
        ("very_high", Level.HIGH),
        ("Almost certain", Level.HIGH),
        ("moderate", Level.MEDIUM),
        ("低", Level.LOW),
        ("1", Level.LOW),
        ("2", Level.MEDIUM),
        ("3", Level.HIGH),
        ("", None),
    ],
)
def test_a_size_is_a_word_or_a_number_of_three(cell: str, level: Level | None) -> None:
    (scenario,) = of_csv(f"Risk,Likelihood\nThe queue fills,{cell}\n").scenarios
    assert scenario.likelihood is level


def test_a_number_is_of_five_where_the_column_has_a_four() -> None:
    read = of_csv("Risk,Impact\na,2\nb,3\nc,4 (major)\n")
    assert [one.impact for one in read.scenarios] == [Level.LOW, Level.MEDIUM, Level.HIGH]


def test_title_rows_and_columns_of_others_are_left_out_and_told() -> None:
    heads = "Ref,Risk description,Probability,Impact,Mitigation,Owner"
    read = of_csv(f"Risks of the shop\n\n{heads}\n7,The queue fills,low,high,Drain it,wei\n")
    assert read.scenarios == (
        Scenario(scenario="The queue fills", likelihood=Level.LOW, impact=Level.HIGH, response="Drain it"),
    )
    assert told(read) == [
        "risks.csv:3:1: 2 columns were left out: Ref, Owner; rename what should be read",
    ]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("x,gigantic,", "2:3: “gigantic” is no size that is known"),
        ("x,low,soon", "2:7: “soon” is not a day that is past"),
        ("x,low,2099-01-01", "2:7: “2099-01-01” is not a day that is past"),
        (",low,", "2:1: this row names no risk"),
    ],
)
def test_what_cannot_be_taken_is_told_with_its_place(row: str, says: str) -> None:
    read = of_csv(f"Risk,Likelihood,Tested on\n{row}\n")
    assert says in "\n".join(told(read))


def test_a_risk_that_stands_twice_and_a_row_of_another_workload_are_told() -> None:
    read = of_csv("Risk,Impact,Workload\na,low,shop\na,high,\nb,low,store\n")
    assert [one.scenario for one in read.scenarios] == ["a"]
    assert [line.split(": ")[0] for line in told(read)] == ["risks.csv:3:1", "risks.csv:4:1"]


def test_a_table_of_markdown_is_read_by_its_words_and_lines() -> None:
    text = "# Risks\n\n| Risk | Likelihood | **Impact** |\n|---|---|---|\n| The `queue` [fills](x) | low | huge |\n"
    tables = markdown_tables(text, "risks.md")
    read = read_register(tables, "risks.md", "shop", TODAY)
    assert [(one.scenario, one.likelihood) for one in read.scenarios] == [("The queue fills <x>", Level.LOW)]
    assert told(read)[0].startswith("risks.md:5:3: “huge”")


@pytest.mark.parametrize("text", ["Question,Risk,Impact\nIs it?,high,low\n", "Risk\nx\n", "a,b\n1,2\n"])
def test_another_table_is_no_register(text: str) -> None:
    assert not is_register(read_tables(text.encode(), "x.csv"))
    with pytest.raises(FaultyInput, match="no table has a column of risks"):
        of_csv(text)


@pytest.mark.parametrize(
    ("head", "rows", "levels"),
    [
        pytest.param("Likelihood,Impact", ["2,3", "1,1"], ["medium high", "low low"], id="of 3"),
        pytest.param("Likelihood,Impact", ["2,5", "3,1"], ["low high", "medium low"], id="of 5, for both columns"),
        pytest.param("Probability (1-5),Impact (1–5)", ["2,3"], ["low medium"], id="of 5 by the headings"),
        pytest.param("Likelihood,Impact", ["7,10", "2,3"], ["None None", "None None"], id="of 10, which is not known"),
        pytest.param(
            "Likelihood,Impact", ["🔴 High,Low (2)", "40%,严重"], ["high low", "None high"], id="words and signs"
        ),
    ],
)
def test_sizes_are_of_one_scale_and_what_is_of_none_is_left_empty(
    head: str, rows: list[str], levels: list[str]
) -> None:
    read = of_csv("\n".join([f"Risk,{head}", *(f"{n},{row}" for n, row in enumerate(rows))]))
    assert [f"{one.likelihood} {one.impact}" for one in read.scenarios] == levels


WORDS = st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=40).map(
    lambda text: " ".join(text.split())
)
SCENARIOS = st.builds(
    Scenario,
    scenario=WORDS.filter(bool),
    likelihood=st.none() | st.sampled_from(Level),
    impact=st.none() | st.sampled_from(Level),
    detection=st.none() | WORDS.filter(bool),
    response=st.none() | WORDS.filter(bool),
    tested_on=st.none() | st.dates(date(2020, 1, 1), TODAY),
)


@pytest.mark.parametrize("language", LANGUAGES)
@given(scenarios=st.lists(SCENARIOS, max_size=4, unique_by=lambda one: one.scenario))
def test_a_pre_mortem_comes_back_as_it_was(language: str, scenarios: list[Scenario]) -> None:
    made = open_in_every_way()
    made = replace(made, case=replace(made.case, review=replace(made.case.review, pre_mortem=tuple(scenarios))))
    tables = read_tables(register([made], TODAY, language).encode(), "risks.csv")
    read = read_register(tables, "risks.csv", made.case.workload.workload, TODAY, scenarios)
    assert list(read.scenarios) == scenarios
