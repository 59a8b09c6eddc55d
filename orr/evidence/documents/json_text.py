"""JSON of others: bounded in size, depth and number of parts; a key that stands twice is a fault."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from orr.evidence.errors import Undetermined
from orr.messages import say

MAX_DEPTH = 1_000
MAX_PARTS = 1_000_000

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+\\?(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)


def parse_json(text: str, path: str) -> Any:
    """Read one JSON document.

    Raises
    ------
    Undetermined
        For what is not JSON, or over the bounds.
    """
    _bound(text, path)
    try:
        return json.loads(text, object_pairs_hook=_once)
    except _Twice as twice:
        raise Undetermined(say("results.json.twice", path=path, name=str(twice)[:100])) from None
    except json.JSONDecodeError as error:
        raise Undetermined(
            say("results.json.broken", path=path, line=error.lineno, column=error.colno, why=error.msg)
        ) from None
    except RecursionError:
        raise Undetermined(say("results.json.deep", path=path, limit=MAX_DEPTH)) from None
    except ValueError:  # a whole number of thousands of digits
        raise Undetermined(say("results.json.number", path=path)) from None


class _Twice(ValueError):  # noqa: N818
    pass


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = Counter(key for key, _ in pairs)
        raise _Twice(keys.most_common(1)[0][0])
    return found


def _bound(text: str, path: str) -> None:
    parts = text.count("{") + text.count("[")
    if parts <= MAX_DEPTH:
        return
    depth = parts = 0
    for token in _TOKEN.finditer(text):
        symbol = token.group()[0]
        if symbol in "[{":
            parts += 1
            depth += 1
            if depth > MAX_DEPTH:
                raise Undetermined(say("results.json.deep", path=path, limit=MAX_DEPTH))
            if parts > MAX_PARTS:
                raise Undetermined(say("results.json.parts", path=path, limit=MAX_PARTS))
        elif symbol in "]}":
            depth -= 1
