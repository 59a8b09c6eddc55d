"""Read foreign JSON, bounded in depth and size; duplicate keys are faults."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NoReturn

from orr.evidence.errors import Undetermined
from orr.messages import Said, say

MAX_DEPTH = 200
MAX_PARTS = 1_000_000

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


def parse_json(given: str | bytes, source: Said, *, strict: bool = False) -> Any:
    """Read one JSON document.

    Parameters
    ----------
    given
        Its text, or that in UTF-8.
    source
        What it is of, for the words of a fault.
    strict
        Whether NaN and Infinity, which some tools write, are refused.

    Raises
    ------
    Undetermined
        For what is not JSON, or over the bounds.
    """
    try:
        text = given if isinstance(given, str) else given.decode("utf-8-sig")
        _bound(text, source)
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant if strict else None)
    except _Twice as twice:
        raise Undetermined(say("evidence.json.twice", path=source, name=str(twice)[:100])) from None
    except RecursionError:
        raise Undetermined(say("evidence.json.deep", path=source, limit=MAX_DEPTH)) from None
    except json.JSONDecodeError as error:
        raise _broken(source, error.lineno, error.colno, error.msg) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start)
        raise _broken(source, line + 1, error.start - error.object.rfind(b"\n", 0, error.start), error.reason) from None
    except _NoNumber as none:
        raise Undetermined(say("evidence.json.constant", path=source, name=str(none))) from None
    except ValueError:  # a whole number of thousands of digits
        raise Undetermined(say("evidence.json.number", path=source)) from None


class _Twice(ValueError):
    pass


class _NoNumber(ValueError):
    pass


def _broken(source: Said, line: int, column: int, why: str) -> Undetermined:
    return Undetermined(say("evidence.json.broken", path=source, line=line, column=column, why=why))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = Counter(key for key, _ in pairs)
        raise _Twice(keys.most_common(1)[0][0])
    return found


def _no_constant(name: str) -> NoReturn:
    raise _NoNumber(name)


def _bound(text: str, source: Said) -> None:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return
    depth = parts = 0
    for token in _TOKEN.finditer(text):
        symbol = token.group()[0]
        if symbol in "[{":
            parts += 1
            depth += 1
            if depth > MAX_DEPTH:
                raise Undetermined(say("evidence.json.deep", path=source, limit=MAX_DEPTH))
            if parts > MAX_PARTS:
                raise Undetermined(say("evidence.json.parts", path=source, limit=MAX_PARTS))
        elif symbol in "]}":
            depth -= 1
