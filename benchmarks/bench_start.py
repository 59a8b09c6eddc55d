"""What it costs to start: `import orr`, `orr --help` and `orr check`, against a bare Python.

Run it as `python benchmarks/bench_start.py`. Times are CPU seconds (user and system), the least of
several runs; every line is measured in the same rounds, so that a busy machine is busy for all.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

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
EXAMPLES = tuple(path.parent.name for path in sorted(ROOT.glob("workloads/*/workload.yaml")))

COMMANDS: dict[str, tuple[list[str], tuple[int, ...], float | None]] = {
    "python -c pass": (["-c", "pass"], (0,), None),
    "import orr": (["-c", "import orr"], (0,), 0.03),
    "orr --help": (["-c", RUN, "--help"], (0,), 0.12),
    "orr check --help": (["-c", RUN, "check", "--help"], (0,), None),
}
for example in EXAMPLES:
    limit = 0.3 if example == "orr" else None
    COMMANDS[f"orr check {example}"] = (["-c", RUN, "check", example, "--today", "2026-11-23"], (0, 1), limit)


def cpu(arguments: list[str], allowed: tuple[int, ...]) -> float:
    """User and system time of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.DEVNULL, check=False
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode in allowed, (arguments, done.returncode)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    code = f"import orr, sys; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    for arguments, allowed, _limit in COMMANDS.values():
        cpu(arguments, allowed)  # once before, so that no run has to compile
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not found.stdout.split(), f"import orr loads {found.stdout}"
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, (arguments, allowed, _limit) in COMMANDS.items():
            times[name].append(cpu(arguments, allowed))
    bare = min(times["python -c pass"])
    print(f"{'':34} {'CPU':>9} {'beyond Python':>15} {'at most':>9}")
    for name, (_, _, limit) in COMMANDS.items():
        best = min(times[name])
        # The import is held to what it adds; a command to all that it takes.
        over = limit is not None and (best - bare if name == "import orr" else best) > limit
        at_most = f"{limit:7.3f} s" if limit is not None else ""
        print(f"{name:34} {best:7.3f} s {best - bare:13.3f} s {at_most:>9} {'over' if over else ''}")


if __name__ == "__main__":
    main()
