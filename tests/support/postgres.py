"""A PostgreSQL of one's own for a while: in a temporary folder, on a socket there, without a network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# It need not outlive the machine: nothing waits for a disk.
FORGETFUL = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


def programs() -> Path | None:
    """Where initdb and pg_ctl are; Debian keeps them off the path."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists() and (place / "initdb").exists()), None)


@contextmanager
def started() -> Iterator[str]:
    """Start one; the URL of its database."""
    place = programs()
    assert place is not None, "PostgreSQL is not installed: make tools"
    # Not below pytest's folder: only its owner may enter that, and PostgreSQL refuses to be root.
    with tempfile.TemporaryDirectory(prefix="orr-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        as_user = {}
        if os.geteuid() == 0:
            as_user = {"user": "nobody", "group": "nogroup", "extra_groups": []}
            shutil.chown(folder, "nobody", "nogroup")

        def run(program: str, *words: str) -> None:
            with (folder / "out").open("ab") as out:  # a pipe would stay open as long as the server
                subprocess.run(
                    [str(place / program), "-D", str(folder / "data"), *words],
                    check=True, stdout=out, stderr=out, cwd=folder, timeout=60, **as_user,
                )  # fmt: skip

        run("initdb", "-U", "orr", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
        settings = f"-c listen_addresses='' -c unix_socket_directories={folder} {FORGETFUL}"
        run("pg_ctl", "-w", "-o", settings, "start")
        try:
            yield f"postgresql+psycopg://orr@/postgres?host={quote(str(folder))}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
