"""What a value must be beside its type: annotations that pydantic reads, told without loading it.

pydantic takes longer to load than most commands take to run, and only a file that is new has to be checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Before:
    """A function through which a value goes before its type is looked at.

    Parameters
    ----------
    function
        Takes what stands in the file and returns what the type takes; raises a ValueError.
    schema
        The JSON Schema of what it takes; None where that is the type's own.
    """

    def __init__(self, function: Callable[[Any], Any], schema: Mapping[str, Any] | None = None) -> None:
        self.function, self.schema = function, schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic import BeforeValidator

        return BeforeValidator(self.function).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(core) if self.schema is None else dict(self.schema)


class After:
    """A function through which a value goes once it is of its type; raises a ValueError."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic import AfterValidator

        return AfterValidator(self.function).__get_pydantic_core_schema__(source, handler)


class Within:
    """Limits of the type right before it, named as in pydantic's core schemas: `ge`, `min_length`, `pattern`."""

    def __init__(self, **limits: Any) -> None:
        self.limits = limits

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema: Any = {**handler(source), **self.limits}
        return schema  # type: ignore[no-any-return]
