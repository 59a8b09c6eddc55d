"""Find where two parsed JSON values differ."""

from __future__ import annotations

import json
from collections.abc import Iterator

from orr.messages import Message, say
from orr.source.faults import Path, shortened


def differences(before: object, after: object, at: Path = ()) -> Iterator[tuple[Path, Message]]:
    """Places at which a value changed, with the new one; additions by their parent."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield (*at, key), say("exchange.lens.gone", key=key)
            else:
                yield from differences(value, after[key], (*at, key))
        for key in after.keys() - before.keys():
            yield at, say("exchange.lens.added", key=key, value=_shown(after[key]))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, (*at, index))
    elif before != after or type(before) is not type(after):
        yield at, say("exchange.lens.becomes", value=_shown(after))


def _shown(value: object) -> str:
    return shortened(json.dumps(value, ensure_ascii=False))
