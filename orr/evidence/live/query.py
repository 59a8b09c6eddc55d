"""Find a value in JSON from elsewhere by a JMESPath expression."""

from __future__ import annotations

import json
from typing import Any

from orr.evidence.errors import Undetermined
from orr.evidence.live.functions import options
from orr.messages import Message, Said, say

MAX_SHOWN = 120


class BadExpression(ValueError):
    """An expression that is no JMESPath, with what is wrong with it."""


def compiled(expression: str) -> Any:
    """An expression ready to search with.

    Raises
    ------
    BadExpression
        If it is no JMESPath.
    """
    import jmespath

    try:
        return jmespath.compile(expression)
    except jmespath.exceptions.JMESPathError as error:
        raise BadExpression(str(error).split("\n")[0]) from None
    except RecursionError:
        raise BadExpression("too deep") from None


def expression_fault(expression: str) -> Message | None:
    """Fault of an expression; None if it parses."""
    try:
        compiled(expression)
    except BadExpression as bad:
        return say("act.value.expression", expression=expression, why=str(bad))
    return None


def search(expression: str, data: Any, source: Said) -> Any:
    """What an expression finds; None where it finds nothing.

    Raises
    ------
    Undetermined
        If the expression does not fit the data.
    """
    try:
        return compiled(expression).search(data, options=options())
    except BadExpression as bad:
        raise Undetermined(say("act.value.expression", expression=expression, why=str(bad))) from None
    except (ValueError, TypeError, ArithmeticError, RecursionError, AttributeError) as error:
        why = str(error).split("\n")[0] or type(error).__name__
        raise Undetermined(say("act.value.unfit", expression=expression, source=source, why=shown(why))) from None


def shown(value: Any) -> str:
    """A value in one short line, without control characters."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    text = " ".join("".join(char if char.isprintable() else " " for char in text[: 4 * MAX_SHOWN]).split())
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
