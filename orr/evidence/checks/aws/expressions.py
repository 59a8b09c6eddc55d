"""JMESPath with three functions more: `seconds` of a date, the same some hours `later`, and what is `lacking`."""

from __future__ import annotations

from functools import cache
from typing import Any

from orr.evidence.checks.aws.scope import moment_of
from orr.evidence.errors import Undetermined
from orr.messages import say


@cache
def _options() -> Any:
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


@cache
def _compiled(expression: str) -> Any:
    import jmespath

    return jmespath.compile(expression)


def fault_in(expression: str) -> str | None:
    """Fault of an expression; None if it parses."""
    from jmespath.exceptions import JMESPathError

    try:
        _compiled(expression)
    except JMESPathError as error:
        return " ".join(str(error).split())[:200]
    return None


def value_of(expression: str, data: Any) -> Any:
    """The value of an expression.

    Raises
    ------
    Undetermined
        If it does not fit the data, such as the length of what is not there.
    """
    from jmespath.exceptions import JMESPathError

    try:
        return _compiled(expression).search(data, options=_options())
    except (JMESPathError, RecursionError, TypeError, ValueError) as error:
        says = " ".join(str(error).split())[:300]
        raise Undetermined(say("aws.expression", expression=expression, says=says)) from error
