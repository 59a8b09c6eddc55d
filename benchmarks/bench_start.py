"""What it costs to start: `import orr`, `orr --help` and `orr check`, against a bare Python.

Run it as `python benchmarks/bench_start.py`. Times are CPU seconds (user and system), the least of
several runs; every line is measured in the same rounds, so that a busy machine is busy for all. What orr
remembers of the files is there, as it is for whoever runs a command again; the last line is without it.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
HEAVY = (
    "pandas",
    "numpy",
    "papermill",
    "nbconvert",
    "nbformat",
    "ipywidgets",
    "pydantic",
    "sqlalchemy",
    "yaml",
    "click",
)
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""Every installation compiles once; where nothing may be written, each start would compile all anew."""
RUN = "from orr.cli import run; run()"
LIMITS = {"image-resizer": 0.3, "orr": 0.3}
EXAMPLES = tuple(path.parent.name for path in sorted(ROOT.glob("workloads/*/workload.yaml")))


class Command(NamedTuple):
    """A command, the exit statuses that are good, the most it may take, and whether nothing is remembered for it."""

    arguments: list[str]
    allowed: tuple[int, ...] = (0,)
    limit: float | None = None
    forgetful: bool = False

    def cpu(self) -> float:
        """User and system time of one run."""
        environment = ENVIRONMENT | ({"ORR_CACHE": ""} if self.forgetful else {})
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, *self.arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode in self.allowed, (self.arguments, done.returncode)
        return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def check(example: str, limit: float | None = None, *, forgetful: bool = False) -> Command:
    return Command(["-c", RUN, "check", example, "--today", "2026-11-23"], (0, 1), limit, forgetful)


COMMANDS = {
    "python -c pass": Command(["-c", "pass"]),
    "import orr": Command(["-c", "import orr"], limit=0.03),
    "orr --help": Command(["-c", RUN, "--help"], limit=0.12),
    "orr check --help": Command(["-c", RUN, "check", "--help"]),
    **{f"orr check {example}": check(example, LIMITS.get(example)) for example in EXAMPLES},
    "the same of image-resizer, anew": check("image-resizer", forgetful=True),
}


def main() -> None:
    code = f"import orr, sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    for command in COMMANDS.values():
        command.cpu()  # once before, so that no run has to compile
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not found.stdout.split(), f"import orr loads {found.stdout}"
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            times[name].append(command.cpu())
    bare = min(times["python -c pass"])
    print(f"{'':34} {'CPU':>9} {'beyond Python':>15} {'at most':>9}")
    for name, command in COMMANDS.items():
        best, limit = min(times[name]), command.limit
        # The import is held to what it adds; a command to all that it takes.
        over = limit is not None and (best - bare if name == "import orr" else best) > limit
        at_most = f"{limit:7.3f} s" if limit is not None else ""
        print(f"{name:34} {best:7.3f} s {best - bare:13.3f} s {at_most:>9} {'over' if over else ''}")


if __name__ == "__main__":
    main()
