"""What each workload adds to `orr fleet` and to a re-check, at several sizes of the fleet.

    python benchmarks/bench_scale.py [--against PYTHON] [WORKLOADS…]

For each size: CPU and memory of `orr fleet`, how long its page takes to its load event in Chromium, and with
`--recheck` CPU and wall of a first `orr recheck` and of one where nothing changed. `--against` names the interpreter of
an environment with another version of orr, which does the same in turns with this one. Memory is what the largest
process held at most; what a workload adds is the difference between the sizes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from bench_fleet import adopt
from playwright.sync_api import sync_playwright
from support.browsing import CHROMIUM, FLAGS
from support.fleet_of_many import make

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()
"""The fleet's own day: a run of another is simulated, and nothing is compared with it."""


def run(python: str, root: Path, *words: str) -> tuple[float, float, float]:
    """Run a command to its end, with all that it leaves: seconds of CPU and of wall, and megabytes."""
    cpu, most, began = 0.0, 0, time.monotonic()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"ORR_CACHE": ""}
    if python == sys.executable:
        environment["PYTHONPATH"] = str(Path(__file__).resolve().parent.parent)
    pid = os.fork()
    if pid == 0:
        os.chdir(root)
        for descriptor in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
        os.execve(python, [python, "-m", "orr", *words, "--today", TODAY, "--progress", "none"], environment)
    while True:
        try:
            _, _, used = os.wait3(0)
        except ChildProcessError:
            return cpu, time.monotonic() - began, most / 1024
        cpu += used.ru_utime + used.ru_stime
        most = max(most, used.ru_maxrss)


def load(page: Path) -> float:
    """Milliseconds to the load event of a page, the best of three."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        took = []
        for _ in range(3):
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            tab.goto(page.as_uri(), wait_until="load", timeout=120_000)
            took.append(float(tab.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")))
            tab.close()
        return min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("workloads", nargs="*", type=int, default=[300, 3_000])
    parser.add_argument("--against", metavar="PYTHON")
    parser.add_argument("--recheck", action="store_true")
    asked = parser.parse_args()
    adopt()
    pythons = {"this": sys.executable, **({"other": asked.against} if asked.against else {})}
    before: dict[str, tuple[int, float, float]] = {}
    for count in asked.workloads:
        with tempfile.TemporaryDirectory(prefix="orr-bench-") as folder:
            root = Path(folder) / "fleet"
            make(root, count)
            for name, python in pythons.items():
                cpu, wall, most = run(python, root, "fleet")
                line = f"{count:6} workloads  {name:5}  fleet {cpu:7.1f} s CPU {most:6.0f} MB"
                if name in before:
                    more, cpu_more, most_more = (
                        now - then for now, then in zip((count, cpu, most), before[name], strict=True)
                    )
                    line += f", for each more {1024 * most_more / more:6.1f} KB {1000 * cpu_more / more:5.1f} ms"
                before[name] = count, cpu, most
                print(f"{line}; page {load(root / 'reports' / 'fleet.html'):6.0f} ms", flush=True)
                if asked.recheck:
                    copy = Path(folder) / name
                    shutil.copytree(root, copy, ignore=shutil.ignore_patterns("reports"))
                    for what in ("first", "again"):
                        cpu, wall, _ = run(python, copy, "recheck")
                        print(
                            f"{count:6} workloads  {name:5}  {what} re-check {cpu:7.1f} s CPU {wall:7.1f} s wall",
                            flush=True,
                        )


if __name__ == "__main__":
    main()
