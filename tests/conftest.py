"""What several test files share."""

from __future__ import annotations

import atexit
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from support import TESTS
from support.browsing import CHROMIUM, FLAGS
from support.fuzzing import USUAL
from support.lanes import (  # noqa: F401 - hooks
    pytest_collection_finish,
    pytest_collection_modifyitems,
    pytest_runtest_teardown,
    pytest_terminal_summary,
)
from support.receiver import receiver  # noqa: F401 - a fixture

SPARED = TESTS / "support" / "spared"

# No example is too slow: the machine may be busy.
settings.register_profile("usual", max_examples=USUAL, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("quick", settings.get_profile("usual"), max_examples=USUAL // 7)
settings.register_profile("thorough", settings.get_profile("usual"), max_examples=USUAL * 20)
settings.load_profile("usual")


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background has them, and all they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


# What is compiled is kept: else each of the many processes that the tests start compiles all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


# The tests, and all that they start, go without a package that takes longer to load than all the rest.
sys.path.insert(0, str(SPARED))


# A day that a test asks about is the present one, there and in all that it starts, unless the test is about the clock.
os.environ["ORR_TEST_CLOCK"] = "any"
sys.modules.pop("sitecustomize", None)
importlib.import_module("sitecustomize")


if "PYTEST_XDIST_WORKER" not in os.environ:
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(SPARED), os.environ.get("PYTHONPATH")]))
    # The tests, and all that they start, remember what they read in a folder of their own.
    os.environ["ORR_CACHE"] = tempfile.mkdtemp(prefix="orr-cache-")
    # They trust the workspaces that they make, and write no list of them where the user has one.
    os.environ["ORR_TRUST"] = f"{Path(tempfile.gettempdir()).resolve()}/*"
    os.environ["XDG_CONFIG_HOME"] = os.environ["ORR_CACHE"]
    atexit.register(shutil.rmtree, os.environ["ORR_CACHE"], ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for the tests of a file; no longer, for its loop of events is in the way of others."""
    from playwright.sync_api import sync_playwright

    assert CHROMIUM is not None, "CI needs Chromium: make tools"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file below the test's folder: `write("docs/a.md", "text")`."""

    def to(path: str, content: str | bytes = "") -> Path:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    return to


@pytest.fixture
def git(tmp_path: Path) -> Callable[..., str]:
    """Run git in the test's folder: `git("commit", "-m", "x", on="2026-11-12")`."""

    def run(*arguments: str, on: str = "2026-11-01", folder: Path = tmp_path) -> str:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_DATE": f"{on}T12:00:00Z",
            "GIT_COMMITTER_DATE": f"{on}T12:00:00Z",
        }
        names = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main")
        done = subprocess.run(
            ["git", *names, *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True
        )
        return done.stdout

    return run
