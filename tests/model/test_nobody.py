"""Texts in place of a name that name nobody, or no single person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.names import NAMES, respelled

from orr.model.nobody import is_unfilled, names_nobody, staffs_nobody, unfit_name

NOBODY = (
    "TBD", "tbc.", "TBA", "VACANT", "Vacancy", "EMPTY", "#N/A", "#REF!", "#DIV/0!", "null", "none", "n/a", "N.A.",
    "-", "—", "?", "not staffed", "needs cover", "NEEDS COVER", "To be confirmed", "to be decided", "Placeholder",
    "[name]", "<name>", "{{primary}}", "$PRIMARY", "Nobody", "no one yet", "unassigned", "No coverage", "(vacant)",
    "VACANT - needs cover", "TBD / TBC", "空缺", "待定", "待 定", "（待定）", "【空缺】", "无人", "无", "未排班",
    "待确认", "占位", "ＶＡＣＡＮＴ", "VAC\u200bANT", "T.B.D.", "TBD 1", "TBD by Friday",
    "To be decided (Q3)", "${PRIMARY}", "blank", "待入职", "没有人",
)  # fmt: skip
UNFILLED = (
    "holiday", "Bank holiday", "public holidays", "Out of office", "OOO", "on leave", "annual leave", "Weekend",
    "节假日", "法定节假日", "国庆节", "休假", "cancelled", "vacant until March", "Primary: TBD", "Position vacant",
    "Wei Chen TBC", "Wei Chen (on leave)", "OOO: Wei", "Holiday - Wei Chen", "Wei/TBD", "主值待定", "陈伟（休假）",
    "open", "Wei Chen OOO", "Wei Chen on leave", "Wei Chen [cancelled]", "Declined: Wei Chen", "陈伟 请假",
    "春节放假", "Wei Chen?", "maybe Wei Chen", "swap needed", "Backfill for Wei", "Hiring in progress", "Handover",
    "交接班", "Busy", "(No title)", "Not on call: Wei Chen", "Wei Chen is not on call", "Ana's birthday",
    "Cancelled event: Wei", "轮空", "休",
)  # fmt: skip
SEVERAL = (
    "on-call team", "Payments Team", "Team Payments", "@example/payments", "group:payments", "#payments-oncall",
    "SRE", "Support", "Platform Operations", "everybody", "payments-oncall@example.com", "on.call@example.com",
    "Payments <payments-team@example.com>", "5551234567@sms.example.com", "renovate[bot]", "deploy-bot", "Alert Bot",
    "+44 20 7946 0958", "tel: 13800138000", "ext. 4432", "duty phone", "https://example.com/oncall", "555-1234",
    "运维团队", "技术部", "值班电话", "电话 13800138000", "全员", "值班人员", "Engineer 1", "SRE #2", "someone else",
)  # fmt: skip
PEOPLE = (
    *NAMES, "Chris Holiday", "Anna Vacanti", "Weekend: Wei Chen", "Bank holiday: Wei Chen", "节假日：陈伟", "张群",
    "王部长", "Payments Team: Wei Chen", "Wei Chen +44 7700 900123", "wei+oncall@example.com",
    "dev.patel@example.com", "john.call@example.com", "Robert Crew", "Christopher Null", "Tim Teamer", "user:wei",
    "E1023", "12345", "安娜", "w2", "J. R. Smith", "[SRE] Wei Chen", "Wei Chen (SRE 2)",
)  # fmt: skip


@pytest.mark.parametrize("text", NOBODY)
def test_a_placeholder_names_nobody_wherever_a_name_is_asked_for(text: str) -> None:
    assert names_nobody(text)
    assert is_unfilled(text)
    assert staffs_nobody(text)
    assert unfit_name(text) is not None


@pytest.mark.parametrize("text", UNFILLED)
def test_who_is_away_or_not_certain_is_nobody_in_a_roster(text: str) -> None:
    assert is_unfilled(text)
    assert staffs_nobody(text)


@pytest.mark.parametrize("text", SEVERAL)
def test_a_team_a_mailbox_a_bot_and_a_telephone_staff_nothing_but_may_own(text: str) -> None:
    assert staffs_nobody(text)
    assert not is_unfilled(text) or not any(character.isalpha() for character in text)
    assert not names_nobody(text)


@pytest.mark.parametrize("text", PEOPLE)
def test_a_name_that_only_holds_such_a_word_is_a_person(text: str) -> None:
    assert not staffs_nobody(text)


@given(st.data())
def test_a_placeholder_is_one_however_it_is_written(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from(["TBD", "vacant", "to be confirmed", "not staffed", "待定", "null", "nobody yet"]))
    assert names_nobody(data.draw(respelled(text)))
