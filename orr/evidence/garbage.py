"""Python's search for garbage, less often while much is made and kept.

Reading documents makes many small objects that stay until the end; to look through all
of them again and again took half of the time.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 100_000

_lock = threading.Lock()
_inside: list[tuple[int, int, int]] = []


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for garbage seldom until the end of the block, whoever else is in one."""
    with _lock:
        usual = gc.get_threshold()
        _inside.append(_inside[0] if _inside else usual)
        if 0 < usual[0] < SELDOM:
            gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield
    finally:
        with _lock:
            usual = _inside.pop()
            if not _inside:
                gc.set_threshold(*usual)
