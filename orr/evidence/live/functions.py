"""JMESPath with three more functions: `seconds` of a date, hours `later`, `lacking` entries."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any


@cache
def options() -> Any:
    """The options of a search that knows JMESPath's own functions and ours."""
    from jmespath import Options, functions

    class Functions(functions.Functions):
        """JMESPath's own functions and ours."""

        @functions.signature({"types": ["string", "number", "null"]})
        def _func_seconds(self, value: object) -> float | None:
            read = moment_of(value)
            return None if read is None else read.timestamp()

        @functions.signature({"types": ["string", "number", "null"]}, {"types": ["number"]})
        def _func_later(self, value: object, hours: float) -> float | None:
            read = moment_of(value)
            return None if read is None else read.timestamp() + 3600 * hours

        @functions.signature({"types": ["array"]}, {"types": ["array", "null"]})
        def _func_lacking(self, wanted: list[Any], there: list[Any] | None) -> list[Any]:
            return [one for one in wanted if one not in (there or [])]

    return Options(custom_functions=Functions())


def moment_of(value: object) -> datetime | None:
    """Read a date of an answer: ISO 8601, or seconds or milliseconds since 1970."""
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, (int, float)):
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip())
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    return None
