"""Workloads as the Code Quality report that GitLab's documentation describes."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
from support.builders import assess, case, item
from support.outcomes import BROKEN, TODAY, fleet, open_in_every_way

from orr.formats.codequality import codequality
from orr.formats.unread import Outcome

ENTRY = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": {"type": "string", "minLength": 1},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {
            "type": "object",
            "required": ["path", "lines"],
            "properties": {
                "path": {"type": "string", "pattern": "^[^./]"},
                "lines": {"type": "object", "properties": {"begin": {"type": "integer", "minimum": 1}}},
            },
        },
    },
}
"""What https://docs.gitlab.com/ci/testing/code_quality/ asks of an entry."""


def entries(*outcomes: Outcome, language: str = "en") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(codequality(outcomes, TODAY, language))
    return found


def test_every_entry_has_the_documented_form_and_a_fingerprint_of_its_own() -> None:
    found = entries(*fleet())
    jsonschema.validate(found, {"type": "array", "items": ENTRY})
    assert len({one["fingerprint"] for one in found}) == len(found)


def test_its_severity_is_that_of_what_an_item_means_for_the_verdict() -> None:
    assert {one["check_name"]: one["severity"] for one in entries(open_in_every_way(), BROKEN)} == {
        "c/open": "blocker",
        "c/waived": "minor",
        "c/unknown": "critical",
        "c/partly": "minor",
        "c/low": "info",
        "orr/unread": "blocker",
    }


def test_an_entry_is_the_same_in_every_language() -> None:
    one, other = (
        [had["fingerprint"] for had in entries(open_in_every_way(), language=language)] for language in ("en", "zh-CN")
    )
    assert one == other


def test_a_no_go_because_nothing_was_assessed_is_an_entry() -> None:
    (one,) = entries(assess(case(item("a", when={"tier": 4}))))
    assert (one["check_name"], one["severity"]) == ("orr/verdict", "blocker")
