"""A database that is open here keeps its locks, whatever else is read in this process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.fleet_sample import TODAY, checklist, make_workload, make_workspace, write

from orr.evidence.collect import collect
from orr.evidence.errors import Undetermined
from orr.evidence.repository.repository import Repository
from orr.fleet.unchanged.fingerprints import Unkeyable, of_file, of_tree
from orr.fleet.unchanged.keys import Keys
from orr.history import History
from orr.system.open_files import hold, is_held, release
from orr.workspace.workspace import Workspace

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no locks that are lost by reading")

# SQLite has this byte of the -shm file locked as long as it has the database open (https://sqlite.org/wal.html).
TAKE = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 128)
    except OSError:
        sys.exit(1)
"""
READ_ALL = "- {item: all, ask: Is it?, risk: high, checks: [{check: document, path: 'reports/*'}]}"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with a workload whose repository is the workspace, reports and history included."""
    root = make_workspace(tmp_path / "ws")
    write(root / "checklists" / "basics.yaml", checklist(READ_ALL))
    make_workload(root, "shop", more="repository: ../..\n")
    write(root / "workloads" / "shop" / "review.yaml", "review: shop\n")
    return root


@pytest.fixture
def database(root: Path) -> Iterator[Path]:
    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.start(["shop"], TODAY, datetime.now(UTC))
        yield root / "reports" / "history.db"


def is_locked(database: Path) -> bool:
    command = [sys.executable, "-c", TAKE, f"{database}-shm"]
    return subprocess.run(command, check=False).returncode == 1


def look_at_all(root: Path) -> None:
    with suppress(Unkeyable):  # it is open
        of_tree(root)


def look_at_each(root: Path) -> None:
    for path in (root / "reports").iterdir():
        with suppress(Unkeyable):
            of_file(path)


def look_by_a_link(root: Path) -> None:
    (root / "linked").symlink_to(root / "reports")
    with pytest.raises(Unkeyable):
        of_file(root / "linked" / "history.db-shm")


def read_as_evidence(root: Path) -> None:
    for name in ("history.db", "history.db-shm", "history.db-wal"):
        with pytest.raises(Undetermined, match="which is open"):
            Repository(root).read(f"reports/{name}")


def check(root: Path) -> None:
    workspace = Workspace(root, TODAY)
    case = workspace.case("shop")
    (found,) = collect(case, workspace.places(case), workspace.settings, TODAY).findings["basics/all"]
    assert "which is open" in str(found.says)


def compare_as_evidence(root: Path) -> None:
    entry = f"{{path: reports/history.db-shm, sha256: '{'0' * 64}'}}"
    answered = f"  basics/all: {{answer: yes, by: ann, on: 2026-11-20, evidence: [{entry}]}}\n"
    write(root / "workloads" / "shop" / "review.yaml", f"review: shop\nanswers:\n{answered}")
    workspace = Workspace(root, TODAY)
    case = workspace.case("shop")
    (why,) = collect(case, workspace.places(case), workspace.settings, TODAY).missing["basics/all"]
    assert str(why) == "the evidence reports/history.db-shm is the database of the history, which is open"


def ask_what_changed(root: Path) -> None:
    with closing(History("sqlite:///reports/history.db", root)) as history:
        Keys(Workspace(root, TODAY), history, root / "reports", "en").held(["shop"], believe=False)


@pytest.mark.parametrize(
    "read",
    [
        look_at_all, look_at_each, look_by_a_link, read_as_evidence, check, compare_as_evidence, ask_what_changed,
    ],
)  # fmt: skip
def test_nothing_that_reads_files_takes_the_locks_from_the_history(
    root: Path, database: Path, read: Callable[[Path], None]
) -> None:
    assert is_locked(database)
    read(root)
    assert is_locked(database)


def test_a_history_that_is_closed_is_a_file_as_any_other(root: Path, database: Path) -> None:
    with closing(History("sqlite:///reports/history.db", root)):
        pass
    assert is_held(str(database)), "another one is open still"
    history = History("sqlite:///reports/other.db", root)
    history.start(["shop"], TODAY, datetime.now(UTC))
    other = root / "reports" / "other.db"
    assert is_held(str(other))
    history.close()
    history.close()
    assert not is_held(str(other))
    assert Repository(root).read("reports/other.db").startswith(b"SQLite format 3")


def test_each_that_holds_a_file_lets_go_of_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    hold(path)
    hold(path)
    release(path)
    assert is_held(f"{path}-wal")
    release(path)
    assert not is_held(f"{path}-wal")
