"""Where keys are kept between re-checks: a small SQLite file beside the reports.

It is a cache. What is missing, torn, of another version or does not carry its own hash is not
believed: the workload is executed, and its key written anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orr.system.paths import is_file

NAME = ".unchanged.db"
FORMAT = 1


class Store:
    """The keys of one folder of reports.

    Parameters
    ----------
    folder
        Where the reports are.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / NAME

    def read(self, names: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The keys of some workloads, as far as they can be believed."""
        wanted = set(names)
        if not is_file(self._path):
            return {}
        found = {}
        try:
            with contextlib.closing(self._connect()) as connection:
                rows = connection.execute("SELECT workload, body, hash FROM keys").fetchall()
            for name, body, digest in rows:
                if name in wanted and isinstance(body, bytes) and _hash(name, body) == digest:
                    found[name] = json.loads(body)
        except (sqlite3.Error, ValueError, TypeError):
            self._forget()
            return {}
        return found

    def write(self, keys: Mapping[str, Mapping[str, Any]]) -> None:
        """Keep keys. Where that fails they are not kept, and the workloads are executed next time."""
        if not keys:
            return
        rows = []
        for name, key in keys.items():
            body = json.dumps(key, separators=(",", ":")).encode()
            rows.append((name, body, _hash(name, body)))
        for _ in range(2):
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with contextlib.closing(self._connect()) as connection, connection:
                    connection.execute("CREATE TABLE IF NOT EXISTS keys (workload PRIMARY KEY, body, hash)")
                    connection.executemany("INSERT OR REPLACE INTO keys VALUES (?, ?, ?)", rows)
            except sqlite3.DatabaseError:
                self._forget()
                continue
            except OSError:
                pass
            return

    def _connect(self) -> sqlite3.Connection:
        return sqlite3.connect(self._path, timeout=10)

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink()


def _hash(name: str, body: bytes) -> str:
    return hashlib.sha256(f"orr {FORMAT} {name} ".encode() + body).hexdigest()
