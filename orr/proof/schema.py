"""The JSON Schema of what is attested, and whether something has its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from orr.proof.statements import DECISION, RESULT, STATEMENT

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TEXT = {"type": "string", "minLength": 1}
_MAYBE = {"type": ["string", "null"]}
_DIGEST = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"}
_MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
_VERDICT = {"enum": ["go", "conditional-go", "no-go"]}


def decision_schema() -> dict[str, Any]:
    """The schema of a statement whose predicate is a decision."""
    predicate = {
        "workload": _TEXT,
        "occasion": {"enum": ["launch", "change", "recurring"]},
        "environment": _MAYBE,
        "version": _MAYBE,
        "decision": {"enum": ["go", "conditional-go", "no-go", "pending"]},
        "verdict": _VERDICT,
        "verdictWithoutWaivers": _VERDICT,
        "reasons": {"type": "array", "items": _TEXT},
        "signOffs": {
            "type": "array",
            "items": _object(
                role=_TEXT,
                by=_TEXT,
                vote={"enum": ["go", "no-go"]},
                on=_TEXT,
                digest=_DIGEST,
                counts={"type": "boolean"},
            ),
        },
        "digest": _DIGEST,
        "requirements": _DIGEST,
        "run": _object(number={"type": "integer", "minimum": 1}, day=_TEXT, head=_DIGEST),
        "attestedBy": _TEXT,
        "madeAt": _MOMENT,
        "expires": {"anyOf": [_MOMENT, {"type": "null"}]},
    }
    return {"$schema": DIALECT, "title": "orr decision", **_statement(DECISION, _object(**predicate))}


def result_schema() -> dict[str, Any]:
    """The schema of a statement whose predicate is a verification result: more may stand in it."""
    keys = {
        "properties": {"type": "array", "minItems": 1, "maxItems": 1, "items": _TEXT},
        "timeCreated": _MOMENT,
        "attestedBy": {"type": "string"},
        "expires": _MOMENT,
    }
    required = [key for key in keys if key != "attestedBy"]
    return _statement(RESULT, {"type": "object", "properties": keys, "required": required})


def _statement(kind: str, predicate: dict[str, Any]) -> dict[str, Any]:
    digest = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "gitCommit": {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"},
        },
        "additionalProperties": False,
    }
    return _object(
        _type={"const": STATEMENT},
        subject={"type": "array", "minItems": 1, "items": _object(name=_TEXT, digest=digest)},
        predicateType={"const": kind},
        predicate=predicate,
    )


def _object(**keys: Any) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}


_TYPES: Mapping[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def misfit(value: object, schema: Mapping[str, Any], at: str = "$") -> str | None:
    """First place at which a value violates a schema; None where it conforms.

    Only the keywords that the schemas of this module use are known.
    """
    if "anyOf" in schema:
        return at if all(misfit(value, one, at) is not None for one in schema["anyOf"]) else None
    kinds = schema.get("type", ())
    if kinds and not any(_has_type(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        return at
    if value not in schema.get("enum", (value,)) or value != schema.get("const", value):
        return at
    if isinstance(value, str):
        fits = re.fullmatch(schema.get("pattern", "(?s:.*)"), value) is not None
        return None if fits and len(value) >= schema.get("minLength", 0) else at
    if isinstance(value, int):
        return None if value >= schema.get("minimum", value) else at
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            return at
        places = (misfit(one, schema["items"], f"{at}[{number}]") for number, one in enumerate(value))
        return next((place for place in places if place is not None), None)
    return _misfit_of_object(value, schema, at) if isinstance(value, dict) else None


def _misfit_of_object(value: dict[str, Any], schema: Mapping[str, Any], at: str) -> str | None:
    keys: Mapping[str, Any] = schema["properties"]
    lacking = [key for key in schema.get("required", ()) if key not in value]
    more = [key for key in value if key not in keys] if schema.get("additionalProperties") is False else []
    if lacking or more:
        return f"{at}.{(lacking or more)[0]}"[:200]
    if len(value) < schema.get("minProperties", 0):
        return at
    places = (misfit(value[key], form, f"{at}.{key}") for key, form in keys.items() if key in value)
    return next((place for place in places if place is not None), None)


def _has_type(value: object, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, _TYPES[kind])
