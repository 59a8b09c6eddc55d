"""The JSON Schema of what is attested of a decision."""

from __future__ import annotations

from typing import Any

from orr.proof.statements import DECISION, STATEMENT

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
    digest = {
        "type": "object",
        "minProperties": 1,
        "properties": {
            "sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "gitCommit": {"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"},
        },
        "additionalProperties": False,
    }
    return {
        "$schema": DIALECT,
        "title": "orr decision",
        **_object(
            _type={"const": STATEMENT},
            subject={"type": "array", "minItems": 1, "items": _object(name=_TEXT, digest=digest)},
            predicateType={"const": DECISION},
            predicate=_object(**predicate),
        ),
    }


def _object(**keys: Any) -> dict[str, Any]:
    return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}
