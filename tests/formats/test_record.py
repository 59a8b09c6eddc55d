"""The form `orr.assessment/1`: its keys and types, the same in every language."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from support.builders import answer, assess, case, check, choices, day, evidence, found, item, plan, sign_off, waiver
from support.strategies import cases

from orr.evaluate import Case, Evaluation
from orr.formats.record import FORMAT, to_json, without_texts
from orr.messages import LANGUAGES
from orr.model.finding import Evidence
from orr.model.release import SubjectKind

STATE = {"enum": ["not-met", "unknown", "stale", "unanswered", "partial", "met", "not-applicable"]}
VERDICT = {"enum": ["no-go", "conditional-go", "go"]}
WORDS = {"type": "string", "minLength": 1}
SAID = {"type": "array", "items": WORDS}
NAME = {"type": "string", "pattern": "^[a-z0-9-]+/[A-Za-z0-9_.-]+$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
MAYBE_DAY = {"anyOf": [DAY, {"type": "null"}]}
MAYBE_WORDS = {"anyOf": [WORDS, {"type": "null"}]}


def mapping(**keys: Any) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


def many(**keys: Any) -> dict[str, Any]:
    return {"type": "array", "items": mapping(**keys)}


def by_folder(pattern: str) -> dict[str, Any]:
    of_file = {"type": "object", "additionalProperties": {"type": "string", "pattern": pattern}}
    return {"type": "object", "additionalProperties": of_file}


TERMS = many(
    waiver=WORDS, items=SAID, requested_by=WORDS, approved_by=WORDS, approved_on=DAY, expires=DAY,
    revoked_on=MAYBE_DAY,
    states={"type": "object", "additionalProperties": STATE},
    risks={"type": "object", "additionalProperties": {"enum": ["high", "medium", "low"]}},
)  # fmt: skip
LIFTS = {"type": "array", "items": {"type": "object", "required": ["by", "on"]}}

SCHEMA = mapping(
    format={"const": "orr.assessment/1"},
    workload=WORDS,
    title=WORDS,
    occasion={"enum": ["launch", "change", "recurring"]},
    tier={"enum": [1, 2, 3, 4]},
    tier_because=WORDS,
    tier_until=MAYBE_DAY,
    tags={"type": "array", "items": {"type": "string"}},
    release={
        "anyOf": [
            {"type": "null"},
            mapping(
                commit=MAYBE_WORDS,
                images={"type": "array", "items": WORDS},
                version=MAYBE_WORDS,
                environment=MAYBE_WORDS,
            ),
        ]
    },
    today=DAY,
    simulated={"type": "boolean"},
    launch=MAYBE_DAY,
    verdict=VERDICT,
    headline=WORDS,
    known_missing={"type": "array", "items": NAME},
    not_known={"type": "array", "items": NAME},
    asked=mapping(
        n={"type": "integer"},
        of={"type": "integer"},
        left_out={
            "type": "object",
            "additionalProperties": mapping(approved_by=WORDS, expires=DAY, reason=WORDS),
        },
        missing={"type": "array", "items": WORDS},
        spared={"type": "array", "items": WORDS},
    ),
    share_not_applicable=mapping(n={"type": "integer"}, of={"type": "integer"}),
    verdict_without_waivers=VERDICT,
    verdict_at_best=VERDICT,
    decision={"enum": ["no-go", "pending", "conditional-go", "go"]},
    valid_until=MAYBE_DAY,
    forecast=many(on=DAY, verdict=VERDICT, because=SAID),
    digest={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    counts={"type": "object", "propertyNames": STATE, "additionalProperties": {"type": "integer", "minimum": 1}},
    reasons=SAID,
    path_to_go=many(
        item=NAME,
        state=STATE,
        fix=MAYBE_WORDS,
        plan=MAYBE_WORDS,
        owner=WORDS,
        due=MAYBE_DAY,
        after_launch={"type": "boolean"},
        note=MAYBE_WORDS,
        links={"type": "array", "items": WORDS},
    ),
    lapses=many(on=DAY, item=NAME, state=STATE),
    waivers=many(
        waiver=WORDS,
        active={"type": "boolean"},
        why=WORDS,
        items={"type": "array", "items": WORDS, "minItems": 1},
        requested_by=WORDS,
        approved_by=MAYBE_WORDS,
        approved_on=MAYBE_DAY,
        states={"type": "object", "propertyNames": NAME, "additionalProperties": STATE},
        expires=DAY,
        revoked_on=MAYBE_DAY,
    ),
    sign_offs=many(
        role=WORDS,
        by=WORDS,
        vote={"enum": ["go", "no-go"]},
        on=WORDS,
        digest={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
        valid={"type": "boolean"},
        why=MAYBE_WORDS,
    ),
    emergencies=many(
        emergency=WORDS,
        reason=WORDS,
        environment=MAYBE_WORDS,
        requested_by=WORDS,
        requested_at=WORDS,
        hours={"type": "integer", "minimum": 1, "maximum": 24},
        approved_by=MAYBE_WORDS,
        approved_at=MAYBE_WORDS,
        closed_by=MAYBE_WORDS,
        closed_on=MAYBE_DAY,
        until=MAYBE_WORDS,
    ),
    flags=many(flag=WORDS, about=WORDS, says=WORDS),
    milder=many(change=WORDS, since={"type": "array", "items": WORDS, "minItems": 1}),
    terms=mapping(
        waivers=TERMS,
        approved=TERMS,
        plans={
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": {
                "type": "array",
                "items": {"type": "array", "items": DAY, "minItems": 2, "maxItems": 2},
            },
        },
        objections=mapping(
            challenges=many(source=WORDS, item=NAME, by=WORDS, on=WORDS, why=WORDS, answered_by=SAID, lifts=LIFTS),
            votes=many(role=WORDS, by=WORDS, vote={"enum": ["go", "no-go"]}, on=WORDS, digest=WORDS),
            emergencies={"type": "array", "items": {"type": "object", "required": ["emergency", "approved_by"]}},
            agreements={"type": "array", "items": {"type": "array", "items": WORDS, "minItems": 4, "maxItems": 4}},
        ),
    ),
    compared=MAYBE_WORDS,
    not_compared=SAID,
    requirements=mapping(
        tier={"enum": [1, 2, 3, 4]},
        claimed={"enum": [1, 2, 3, 4, None]},
        occasion={"enum": ["launch", "change", "recurring"]},
        team=WORDS,
        tags={"type": "array", "items": WORDS},
        workload={"type": "object"},
        timezone=WORDS,
        named={"type": "object", "propertyNames": NAME, "additionalProperties": SAID},
        sources={"type": "array", "items": WORDS},
        release={"type": "array", "items": {"enum": ["commit", "environment", "images", "version"]}},
        inherits={"type": "array", "items": {"type": "string", "pattern": "^(organization|team:.+)$"}},
        policy={"type": "object", "required": ["no_go", "conditional", "sign_offs", "waiver_max_days"]},
        checklists={"type": "object", "additionalProperties": {"type": "integer"}},
        items={
            "type": "object",
            "propertyNames": NAME,
            "additionalProperties": {"type": "object", "required": ["ask"]},
        },
    ),
    requirements_digest={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    checklists={"type": "object", "additionalProperties": {"type": "integer"}},
    ballot={
        "type": "object",
        "additionalProperties": {
            "type": "array",
            "prefixItems": [
                {"type": "string", "pattern": "^[0-9a-f]{16}([0-9a-f]{48})?$"},
                {"type": "string", "maxLength": 240},
            ],
            "items": False,
            "minItems": 1,
        },
    },
    collected={
        "anyOf": [
            {"type": "null"},
            mapping(
                read=by_folder(r"^[0-9a-f]{64}$"),
                found=by_folder(r"^([0-9a-f]{32})?$"),
                allowed={"type": "array", "items": WORDS},
                daily={"type": "array", "items": NAME},
            ),
        ]
    },
    practices_asked={"type": "array", "items": {"type": "string"}},
    checklists_digest={"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    items=many(
        item=NAME,
        checklist=WORDS,
        ask=WORDS,
        fix=MAYBE_WORDS,
        answer={"enum": ["yes", "partial", "no", "not-applicable", None]},
        by=MAYBE_WORDS,
        on=MAYBE_WORDS,
        asked={"type": "string", "pattern": "^[0-9a-f]{16}$"},
        state=STATE,
        risk={"enum": ["high", "medium", "low"]},
        blocking={"type": "boolean"},
        covered_by={"anyOf": [{"type": "null"}, {"type": "string", "pattern": "^(plan|waiver:.+)$"}]},
        contradicted={"type": "boolean"},
        answer_from={"anyOf": [{"type": "null"}, {"type": "string", "pattern": "^(workload|organization|team:.+)$"}]},
        challenged={
            "anyOf": [
                {"type": "null"},
                {"type": "object", "required": ["open", "item", "by", "on", "why", "lifted"]},
            ]
        },
        assigned={"anyOf": [{"type": "null"}, {"type": "object", "required": ["to", "due", "by"]}]},
        attested={
            "anyOf": [{"type": "null"}, {"type": "object", "required": ["answer", "by", "on", "note", "evidence"]}]
        },
        because=SAID,
        evidence=many(
            check=WORDS,
            outcome={"enum": ["met", "partial", "not-met", "unknown"]},
            says=WORDS,
            collected=MAYBE_WORDS,
            holds_until=MAYBE_DAY,
            nothing={"type": "boolean"},
            where={
                "type": ["object", "null"],
                "properties": {"path": {"type": "string"}, "line": {"type": ["integer", "null"]}},
                "required": ["path", "line"],
                "additionalProperties": False,
            },
            subjects=many(kind={"enum": [kind.value for kind in SubjectKind]}, value=WORDS, place=WORDS),
        ),
        choices={"type": "object", "propertyNames": NAME, "additionalProperties": {"type": "integer", "minimum": 0}},
    ),
)


def whole() -> Evaluation:
    """An assessment in which every part of the form has something in it."""
    made = case(
        item("ours", scope="team"),
        item("open", fix={"en": "write it", "zh-CN": "写出来"}, checks=[check()]),
        item("waived"),
        answers={
            "open": answer("yes", plan=plan(9)),
            "waived": answer("no", on=f"{day(0)}T09:00+08:00"),
        },
        team={"ours": answer()},
        sections=[choices("x", rules=[("x", "none"), ("default", "medium")])],
        waivers=[waiver("c/waived", expires=9)],
        sign_offs=[sign_off()],
        workload={"title": {"en": "Shop", "zh-CN": "商店"}, "launch": day(3)},
        policy={},
    )
    return assess(made, evidence(open=[found("not-met", holds=5, says={"en": "2 of 3", "zh-CN": "三分之二"})]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_has_exactly_its_keys(language: str) -> None:
    data = to_json(whole(), language)
    jsonschema.validate(data, SCHEMA)
    assert json.loads(json.dumps(data, allow_nan=False)) == data
    assert data["format"] == FORMAT
    assert all(data[key] for key in ("path_to_go", "waivers", "sign_offs", "flags", "items", "reasons", "counts"))


def test_what_the_form_says() -> None:
    data = to_json(whole(), "en")
    assert (data["workload"], data["verdict"], data["decision"], data["valid_until"]) == (
        "shop",
        "no-go",
        "pending",
        None,
    )
    assert data["counts"] == {"not-met": 2, "unanswered": 1, "met": 1}
    assert data["path_to_go"][0] == {
        "item": "c/open",
        "state": "not-met",
        "fix": "write it",
        "plan": "do it",
        "owner": "payments",
        "due": day(9),
        "after_launch": True,
        "note": None,
        "links": [],
    }
    by_name = {one["item"]: one for one in data["items"]}
    assert by_name["c/open"].pop("asked")
    assert by_name["c/open"] == {
        "item": "c/open",
        "checklist": "c",
        "ask": "Is open done?",
        "fix": "write it",
        "answer": "yes",
        "by": "wei",
        "on": "2026-11-22",
        "state": "not-met",
        "risk": "high",
        "blocking": False,
        "covered_by": None,
        "contradicted": True,
        "answer_from": "workload",
        "challenged": None,
        "assigned": None,
        "attested": {"answer": "yes", "by": "wei", "on": "2026-11-22", "note": None, "evidence": []},
        "because": ["files: 2 of 3"],
        "evidence": [
            {
                "check": "files",
                "outcome": "not-met",
                "says": "2 of 3",
                "collected": "2026-11-22T00:00:00+00:00",
                "holds_until": day(5),
                "nothing": False,
                "where": None,
                "subjects": [],
            }
        ],
        "choices": {},
    }
    assert (by_name["c/ours"]["answer_from"], by_name["c/waived"]["covered_by"]) == ("team:payments", "waiver:W-1")
    assert by_name["c/s"]["state"] == "unanswered"


def test_only_words_differ_between_the_languages() -> None:
    words = {
        "because",
        "change",
        "tier_because",
        "headline",
        "compared",
        "not_compared",
        "reasons",
        "says",
        "why",
        "fix",
        "title",
        "ask",
    }

    def bare(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: bare(inner) for key, inner in value.items() if key not in words}
        return [bare(inner) for inner in value] if isinstance(value, list) else value

    english, chinese = (to_json(whole(), language) for language in LANGUAGES)
    assert bare(english) == bare(chinese)
    assert (english["title"], chinese["title"]) == ("Shop", "商店")
    assert english["reasons"] != chinese["reasons"]


@given(cases())
def test_every_assessment_has_the_form(drawn: tuple[Case, Evidence]) -> None:
    for language in LANGUAGES:
        jsonschema.Draft202012Validator(SCHEMA).validate(to_json(assess(*drawn), language))


def test_a_history_keeps_a_record_without_what_the_checklists_say() -> None:
    record = to_json(whole(), "en")
    kept = without_texts(record)
    assert [{*one} - {*other} for one, other in zip(record["items"], kept["items"], strict=True)] == [
        {"ask", "fix"} for _ in record["items"]
    ]
    assert {**kept, "items": record["items"]} == record
