"""Registry of SQLite files this process holds open, and how one is only read.

Opening and closing such a file once more would drop its POSIX locks (POSIX, fcntl, "File
Locking"), so code that reads files of which it knows nothing looks here first.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from orr.system.paths import exists

_BESIDE = ("", "-journal", "-shm", "-wal")
"""What the names of the files end with that SQLite has beside a database (https://sqlite.org/tempfiles.html)."""

_held: Counter[str] = Counter()
_lock = threading.Lock()


def read_only(database: Path) -> str:
    """Name a database as SQLite opens it (https://sqlite.org/uri.html) to read it, writing nothing beside it.

    Where nothing may be written, SQLite reads a database that logs ahead only if it is told that nobody writes;
    so it is, unless there is a log: then somebody does.
    """
    still = not is_writable(database) and not exists(Path(f"{database}-wal"))
    return f"file:{quote(str(database))}?mode=ro{'&immutable=1' if still else ''}"


def is_writable(database: Path) -> bool:
    """Whether this process may write to a database, which takes its folder as well."""
    own = {"effective_ids": True} if os.access in os.supports_effective_ids else {}
    return all(os.access(path, os.W_OK, **own) for path in (database, database.parent))


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
