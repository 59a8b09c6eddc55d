"""JSON Schemas of every kind of file."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from orr.messages import render, say, texts
from orr.model.base import Record
from orr.model.checklist import ANY_OF, Checklist
from orr.model.discussion import Comment
from orr.model.fields import Words, one_or_many
from orr.model.review import OrganizationAnswers, Review, TeamAnswers
from orr.model.settings import Settings, channel
from orr.model.validation import adapter
from orr.model.workload import Workload

DIALECT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, type[Record]] = {
    "orr": Settings,
    "checklist": Checklist,
    "workload": Workload,
    "review": Review,
    "team": TeamAnswers,
    "organization": OrganizationAnswers,
    "comment": Comment,
}
"""By kind of file, or of a line of it, its model."""


def schemas(language: str = "en") -> dict[str, dict[str, Any]]:
    """Make the JSON Schema (2020-12) of each kind of file.

    Parameters
    ----------
    language
        Of titles and descriptions.

    Returns
    -------
    dict
        By kind: `orr` (orr.yaml), `checklist`, `workload`, `review`, `team`, `organization`, and `comment`
        (a line of discussion.jsonl).
    """
    made = {}
    for kind, of in KINDS.items():
        schema = adapter(of).json_schema(schema_generator=_Generator)
        for name, record in {of.__name__: schema, **schema.get("$defs", {})}.items():
            _describe(name, record, language)
        if "Section" in schema.get("$defs", {}):
            _let_checks_have_any_key(schema["$defs"]["CheckSpec"])
            _ask_for_risk(schema["$defs"]["Section"])
        title = render(say(f"exchange.schema.{kind}"), language)
        made[kind] = {"$schema": DIALECT, **schema, "title": title}
    return made


class _Generator(GenerateJsonSchema):
    """Schema generator that also describes what validators accept before the model does."""

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        before = schema["function"]["function"]
        if before is one_or_many:
            return {"anyOf": [inner["items"], inner]}
        if before is channel:
            return {"anyOf": [self.generate_inner(TypeAdapter(Words).core_schema), inner]}
        return inner

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = super().str_schema(schema)
        if schema.get("strip_whitespace") and schema.get("min_length"):
            made["pattern"] = r"\S"  # the length counts without the blanks around it
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        made = super().dict_schema(schema)
        if "patternProperties" in made:
            made["additionalProperties"] = False
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default") is None:
            made.pop("default", None)
        elif made.get("type") == "string" and isinstance(made["default"], int):
            made["default"] = f"{made['default']}d"  # the model holds days as a number, a file as text
        return made


def _describe(name: str, record: dict[str, Any], language: str) -> None:
    """Put our words in place of what pydantic makes of the code's names."""
    known = texts("exchange", language)
    record.pop("title", None)
    record.pop("description", None)
    for key, entry in record.get("properties", {}).items():
        entry.pop("title", None)
        words = next((k for k in (f"field.{name}.{key}", f"field.{key}") if k in known), None)
        if words is not None:
            entry["description"] = render(say(f"exchange.{words}"), language)


def _let_checks_have_any_key(check: dict[str, Any]) -> None:
    """Allow a check's parameters beside its kind; a group stands alone."""
    check["properties"].pop("parameters")
    group = check["properties"].pop(ANY_OF)
    group.pop("default", None)
    alone = {"properties": {ANY_OF: group}, "required": [ANY_OF], "additionalProperties": False}
    of_one = {"properties": {**check.pop("properties"), ANY_OF: False}, "required": check.pop("required")}
    check.pop("additionalProperties", None)
    check["oneOf"] = [of_one, alone]


def _ask_for_risk(section: dict[str, Any]) -> None:
    """An item has a risk of its own, unless its section's rules give the risk."""
    choices = {"items": {"items": {"properties": {"risk": False, "blocking": False}}}}
    section["if"] = {"required": ["risk_rules"], "properties": {"risk_rules": {"minItems": 1}}}
    section["then"] = {"properties": choices}
    section["else"] = {"properties": {"items": {"items": {"required": ["risk"]}}}}
