"""Registry of SQLite files this process holds open.

Opening and closing such a file once more would drop its POSIX locks (POSIX, fcntl, "File
Locking"), so code that reads files of which it knows nothing looks here first.
"""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

_BESIDE = ("", "-journal", "-shm", "-wal")
"""What the names of the files end with that SQLite has beside a database (https://sqlite.org/tempfiles.html)."""

_held: Counter[str] = Counter()
_lock = threading.Lock()


def hold(database: Path) -> None:
    """Register an open SQLite database by its real path."""
    with _lock:
        _held.update(f"{database}{end}" for end in _BESIDE)


def release(database: Path) -> None:
    """Say that it is closed; once for each `hold`."""
    with _lock:
        _held.subtract(f"{database}{end}" for end in _BESIDE)


def is_held(real: str) -> bool:
    """Return whether a file must not be opened now."""
    return _held[real] > 0
