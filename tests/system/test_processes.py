"""How many processors a process may use, and when it may be interrupted."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT

from orr.system.processes import processors

pytestmark = pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="there are control groups on Linux only")


@pytest.mark.parametrize(
    ("groups", "files", "count"),
    [
        pytest.param(None, {}, 8, id="no-groups"),
        pytest.param("0::/", {}, 8, id="no-limit-told"),
        pytest.param("0::/", {"cpu.max": "max 100000"}, 8, id="no-limit"),
        pytest.param("0::/", {"cpu.max": "200000 100000"}, 2, id="two"),
        pytest.param("0::/", {"cpu.max": "150000 100000"}, 2, id="one-and-a-half"),
        pytest.param("0::/", {"cpu.max": "10000 100000"}, 1, id="a-tenth"),
        pytest.param("0::/", {"cpu.max": "1600000 100000"}, 8, id="more-than-there-are"),
        pytest.param("0::/a/b", {"a/cpu.max": "300000 100000", "a/b/cpu.max": "max 100000"}, 3, id="of-a-group-above"),
        pytest.param("0::/a", {"a/cpu.max": "nonsense\nand more"}, 8, id="what-nobody-understands"),
        pytest.param(
            "3:cpuset:/\n1:cpu,cpuacct:/docker/x",
            {"cpu,cpuacct/cpu.cfs_quota_us": "100000\n", "cpu,cpuacct/cpu.cfs_period_us": "50000\n"},
            2,
            id="of-a-container-by-version-1",
        ),
        pytest.param(
            "1:cpu:/x\n0::/",
            {"cpu/x/cpu.cfs_quota_us": "-1\n", "cpu/x/cpu.cfs_period_us": "50000\n"},
            8,
            id="no-limit-by-version-1",
        ),
    ],
)
def test_no_more_are_used_than_a_group_has_time_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, groups: str | None, files: dict[str, str], count: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    for name, text in files.items():
        path = tmp_path / "mounted" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if groups is not None:
        (tmp_path / "groups").write_text(groups, encoding="utf-8")
    assert processors(tmp_path / "groups", tmp_path / "mounted") == count


def test_here_there_is_one_at_least() -> None:
    assert 1 <= processors() <= len(os.sched_getaffinity(0))


# Interrupts

HALF = """\
import os, signal, time
try:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(0.05)
except KeyboardInterrupt:
    raise SyntaxError("half of it") from None
whole = True
"""
PROGRAM = """\
import signal, sys, time
from orr.system import processes
signal.signal(signal.SIGTERM, processes.interrupt_first_time)
try:
    import half
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit("interrupted, whole" if half.whole else "")
"""


def test_an_interrupt_waits_until_an_import_is_over(tmp_path: Path) -> None:
    (tmp_path / "half.py").write_text(HALF, encoding="utf-8")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ["PYTHONPATH"], str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "interrupted, whole\n")


SWALLOWED = """\
import os, signal, sys, time
from orr.system import processes
signal.signal(signal.SIGTERM, processes.interrupt_first_time)
sys.unraisablehook = processes.interrupt_again
class Deaf:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.05)
try:
    Deaf()
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit("interrupted")
"""


def test_an_interrupt_that_was_swallowed_comes_again() -> None:
    done = subprocess.run([sys.executable, "-c", SWALLOWED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "interrupted\n")


@pytest.mark.slow
def test_a_command_that_is_stopped_while_it_loads_ends_as_stopped() -> None:
    chance = random.Random(11)
    for _ in range(20):
        process = subprocess.Popen(
            [sys.executable, "-m", "orr", "schema"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        time.sleep(chance.uniform(0.02, 0.4))
        process.terminate()
        said = process.communicate()[1]
        assert process.returncode in (0, 130, -signal.SIGTERM), said
        assert "orr failed" not in said
        assert "Traceback" not in said
