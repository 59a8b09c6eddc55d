"""What an item demands, apart from how it is worded, ordered and grouped."""

from __future__ import annotations

from typing import Any

import pytest

from orr.model.checklist import Checklist
from orr.model.digest import demand_text
from orr.model.validation import read

ITEM: dict[str, Any] = {"item": "a", "ask": "A?"}


def demands(risk_rules: bool = False, **keys: Any) -> str:
    choice = ITEM | keys if risk_rules else {"risk": "high", **ITEM} | keys
    rules = {"risk_rules": [{"if": "default", "risk": "none"}]} if risk_rules else {}
    section = {"section": "s", "items": [choice], **rules}
    made = read(Checklist, {"checklist": "c", "version": 1, "title": "C", "sections": [section]}).sections[0]
    return demand_text((made, None if risk_rules else made.items[0]))


GUIDANCE: dict[str, Any] = {"core": True, "effort": "5m", "role": ["data", "security"], "phase": "design"}


@pytest.mark.parametrize("risk_rules", [False, True], ids=["an item", "a section with rules"])
@pytest.mark.parametrize("key", [*GUIDANCE, "ask", "why", "fix", "practice", "origin"])
def test_words_order_and_groups_demand_nothing(key: str, risk_rules: bool) -> None:
    assert demands(risk_rules, **{key: GUIDANCE.get(key, "x")}) == demands(risk_rules)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("valid_for", "30d"),
        ("evidence", "required"),
        ("waivable", False),
        ("plan_accepted", True),
        ("when", {"tier": 1}),
        ("checks", [{"check": "files"}]),
    ],
    ids=str,
)
@pytest.mark.parametrize("risk_rules", [False, True], ids=["an item", "a section with rules"])
def test_what_decides_is_demanded(key: str, value: Any, risk_rules: bool) -> None:
    assert demands(risk_rules, **{key: value}) != demands(risk_rules)
