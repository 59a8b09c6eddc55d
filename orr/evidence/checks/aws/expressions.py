"""Evaluate the JMESPath expressions of recipes."""

from __future__ import annotations

from functools import cache
from typing import Any

from orr.evidence.errors import Undetermined
from orr.evidence.live.functions import options
from orr.messages import say


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
        return _compiled(expression).search(data, options=options())
    except (JMESPathError, RecursionError, TypeError, ValueError) as error:
        says = " ".join(str(error).split())[:300]
        raise Undetermined(say("aws.expression", expression=expression, says=says)) from error
