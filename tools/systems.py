"""The systems and mechanisms that the source names, and what in orr works with each."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from orr.model.fields import KebabId, Names, Text
from orr.model.validation import Form


class Service(Form):
    """What works with a system: kinds of check, recipes of the kinds `aws` and `service`, items, a feature."""

    checks: Names = ()
    aws: Names = ()
    service: Names = ()
    items: Names = ()
    feature: Text | None = None


class System(Form):
    """One system or mechanism; either something works with it, or it is said why not."""

    system: KebabId
    kind: Literal["aws-program", "aws-service", "aws-feature", "third-party", "standard-tool", "mechanism"]
    name: Text
    served_by: Service = Field(default=Service())
    why_not: Text | None = None

    @model_validator(mode="after")
    def _either(self) -> Self:
        if (self.served_by == Service()) is (self.why_not is None):
            raise ValueError(f"{self.system} needs served_by or why_not, and not both")
        return self


class _File(Form):
    systems: tuple[System, ...]


@cache
def systems() -> tuple[System, ...]:
    """Read all of them, in the order of the source."""
    from orr.source.yaml import parse

    text = Path(__file__).with_name("systems.yaml").read_text(encoding="utf-8")
    return _File.model_validate(parse(text, "systems.yaml")).systems
