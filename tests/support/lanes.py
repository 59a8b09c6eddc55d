"""The lanes of the tests: `make quick` leaves out whatever needs a browser, a kernel, a database or time.

The fixtures of a browser and of a database mark the tests that use them, and a test that starts one of `PROGRAMS`
without the marker fails. A test over a second is marked `slow` by hand, where no other marker keeps it out of the
quick lane: `make quick` ends with its slowest tests, and `pytest --durations` with those marked `slow` that are not.

What a browser or a kernel does hangs on how busy the machine is: a test with one that fails is run once more, and the
summary lists it as a rerun.
"""

from __future__ import annotations

import gc
import os
import re
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest

from support import postgres
from support.browsing import CHROMIUM

BY_FIXTURE = {"browser": "browser", "mozilla": "browser", "postgresql": "database"}
PROGRAMS = {
    "browser": re.compile("playwright|firefox"),
    "kernel": re.compile(
        r"ipykernel|papermill|engines\.preload|orr\.report\.warming|run_report|\borr['\" ,]+(report|recheck)\b"
    ),
    "database": re.compile("initdb"),
}
MISSING = {
    "browser": "" if CHROMIUM else "Chromium",
    "database": "" if postgres.programs() and find_spec("psycopg") else "PostgreSQL",
}
SLOW_SECONDS = 1
ONCE_MORE = {"browser", "kernel"}

_started: set[str] = set()


def _note(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "subprocess.Popen":
        command = repr(arguments[1])
        _started.update(need for need, pattern in PROGRAMS.items() if pattern.search(command))


sys.addaudithook(_note)
# All that is collected stays: to look through it for garbage, again and again, takes as long as to collect it.
gc.disable()


def pytest_collection_finish() -> None:
    """Leave what was collected out of the garbage collector's rounds."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what a test needs by its fixtures; skip it where that is missing, but never in CI."""
    for item in items:
        for fixture, need in BY_FIXTURE.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(need)
        if _marks(item) & ONCE_MORE:
            item.add_marker(pytest.mark.flaky(reruns=1))
        for need in _marks(item) & MISSING.keys() if os.environ.get("CI") != "true" else ():
            if MISSING[need]:
                item.add_marker(pytest.mark.skip(reason=f"{MISSING[need]} is not installed: make tools"))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Fail a test that started what its markers do not name."""
    forgotten = sorted(_started - _marks(item))
    _started.clear()
    assert not forgotten, f"it starts what only tests with these markers may: {', '.join(forgotten)}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Beside the slowest tests, list those that are marked slow and were not."""
    if terminalreporter.config.getoption("durations") is None:
        return
    seconds: dict[str, float] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports(""):
        if "slow" in report.keywords:
            seconds[report.nodeid] = seconds.get(report.nodeid, 0) + report.duration
    for name in sorted(name for name, taken in seconds.items() if taken < SLOW_SECONDS):
        terminalreporter.write_line(f"Marked slow, took {seconds[name]:.1f} s: {name}")


def needed(*programs: str) -> str:
    """Give the path of a program, of several the first that is there; without it skip the test, but never in CI."""
    found = next(filter(None, map(shutil.which, programs)), None)
    if found is None and os.environ.get("CI") != "true":
        pytest.skip(f"{programs[0]} is not installed: make tools")
    assert found is not None, f"{programs[0]} is not installed: make tools"
    return found


def package(name: str) -> Any:
    """Import a package that is not everywhere; without it skip the test, but never in CI."""
    return import_module(name) if os.environ.get("CI") == "true" else pytest.importorskip(name)


def _marks(item: pytest.Item) -> set[str]:
    return {mark.name for mark in item.iter_markers()}
