"""What a fleet of 100 workloads costs with each way to run the shipped notebook.

Run it as `python benchmarks/bench_fleet.py [WORKLOADS]`; `--thousand` runs 1,000 small notebooks instead and
looks for what they leave behind. There are two fleets: of workloads with 100 answers and next to no files, and of
workloads like `image-resizer`, whose checks every side has to make alike. The sides take turns, each in
processes of its own, so that a busy machine is busy for all. The slow sides do a few workloads and are
extrapolated: their start once, and for each workload what those after the first took; the few as they were, in
which the start weighs more, have a line too. The quick ones do all.
Every side collects the evidence, evaluates, executes every cell and writes the notebook and the page. Their
notebooks and pages must be equal, apart from times and ids, else this fails.

CPU is user and system time of all processes, start-up included; memory is the proportional share (PSS), so that
pages which processes share count once.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TODAY = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
EXAMPLE = "image-resizer"
ROUNDS = 5
FEW = 4
TEMPLATE = ROOT / "notebooks" / "report.ipynb"
VARIES = {"start_time", "end_time", "duration", "id", "input_path", "output_path", "iopub.status.busy"}
VARIES |= {"iopub.status.idle", "iopub.execute_input", "shell.execute_reply"}

CALLS = """
import json, sys, time, resource
from pathlib import Path
root, out, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
import papermill
from nbconvert import HTMLExporter
from orr.report.exporter import OrrExporter
def used():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)
marks = []
for name in names:
    (out / name).mkdir(parents=True, exist_ok=True)
    path = out / name / "report.ipynb"
    given = {"workload": name, "workspace": str(root), "today": "DAY", "language": "en"}
    for again in (True, True, False):
        try:
            papermill.execute_notebook("TEMPLATE", path, given, kernel_name="python3", progress_bar=False)
            break
        except RuntimeError:  # its kernel has died: the process beside this one took its port
            if not again:
                raise
    html, _ = OrrExporter().from_filename(str(path))
    (path.parent / "report.html").write_text(html, encoding="utf-8")
    marks.append((used(), time.time()))
(out / f"marks-{names[0]}.json").write_text(json.dumps(marks))
""".replace("DAY", TODAY)

FLEET = """
import sys
from datetime import date
from pathlib import Path
from orr.fleet import pool as fleet
root, out, engine, jobs, names = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.argv[5:]
calls = fleet.calls_for(root, names, out, date.fromisoformat("DAY"), "en", engine)
for result in fleet.over(fleet.report_on, calls, fleet.pool_for(engine), jobs):
    assert result.assessment is not None, (result.workload, str(result.failure), [str(f) for f in result.faults])
""".replace("DAY", TODAY)


@dataclass
class Cost:
    """What one side took: seconds of CPU and of wall, and the memory at its highest."""

    cpu: float
    wall: float
    memory: float = 0.0


@dataclass
class Side:
    """One way to do it, and what it cost in each round."""

    says: str
    done: int
    costs: list[Cost] = field(default_factory=list)

    def best(self) -> Cost:
        return Cost(
            min(cost.cpu for cost in self.costs),
            min(cost.wall for cost in self.costs),
            max(cost.memory for cost in self.costs),
        )


def make_answered(root: Path, count: int) -> list[str]:
    """Make workloads with answers alone, but for a document."""
    from bench_unchanged import make

    return sorted(path.name for path in (make(root, count) / "workloads").iterdir())


def make_fleet(root: Path, count: int) -> list[str]:
    """Make workloads with evidence: copies of one of the examples."""
    for name in ("orr.yaml", "organization.yaml"):
        shutil.copy(ROOT / name, root)
    for folder in ("checklists", "teams"):
        shutil.copytree(ROOT / folder, root / folder)
    names = [f"w{number:03}" for number in range(count)]
    for name in names:
        shutil.copytree(ROOT / "workloads" / EXAMPLE, root / "workloads" / name)
        for file, key in (("workload.yaml", "workload"), ("review.yaml", "review")):
            path = root / "workloads" / name / file
            path.write_text(
                path.read_text(encoding="utf-8").replace(f"{key}: {EXAMPLE}", f"{key}: {name}", 1), encoding="utf-8"
            )
    return names


def spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of(pid: int) -> float:
    """The PSS of a process and all below it, in megabytes."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
            total += next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
            for thread in Path(f"/proc/{one}/task").iterdir():  # each has the children that it began
                waiting += map(int, (thread / "children").read_text(encoding="ascii").split())
        except (OSError, StopIteration, ValueError):
            continue
    return total / 1000


def adopt() -> None:
    """Become the parent of what a process leaves behind."""
    from orr.system.processes import PR_SET_CHILD_SUBREAPER, prctl

    prctl(PR_SET_CHILD_SUBREAPER, 1)


def run(*commands: list[str], out: Path, watch: bool = False) -> Cost:
    """Run commands side by side to their end."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    before, began, most = spent(), time.monotonic(), 0.0
    with (out / "said").open("ab") as said:
        started = [
            subprocess.Popen(command, cwd=out, stdout=said, stderr=subprocess.STDOUT, env=environment)
            for command in commands
        ]
        ended = threading.Event()

        def look() -> None:
            nonlocal most
            while not ended.wait(0.25):
                most = max(most, sum(memory_of(one.pid) for one in started))

        if watch:
            threading.Thread(target=look, daemon=True).start()
        codes = [one.wait() for one in started]
        with suppress(ChildProcessError):  # what they left to end by itself counts too
            while True:
                os.waitpid(-1, 0)
        ended.set()
    if any(codes):
        sys.exit(f"a side failed; it said:\n{(out / 'said').read_text(encoding='utf-8', errors='replace')[-3000:]}")
    return Cost(spent() - before, time.monotonic() - began, most)


def by_commands(root: Path, out: Path, names: list[str]) -> Cost:
    """The shell loop: `papermill` and `jupyter nbconvert`, a command each for each workload."""
    total = Cost(0, 0)
    for name in names:
        (out / name).mkdir(parents=True, exist_ok=True)
        given = {"workload": name, "workspace": str(root), "today": TODAY, "language": "en"}
        words = [word for key, value in given.items() for word in ("-r", key, value)]
        path = str(out / name / "report.ipynb")
        for command in (
            ["-m", "papermill", "--no-progress-bar", "-k", "python3", *words, str(TEMPLATE), path],
            ["-m", "nbconvert", "--to", "orr", path],
        ):
            cost = run([sys.executable, *command], out=out)
            total = Cost(total.cpu + cost.cpu, total.wall + cost.wall)
    return total


def by_calls(root: Path, out: Path, names: list[str]) -> list[str]:
    return [sys.executable, "-c", CALLS.replace("TEMPLATE", str(TEMPLATE)), str(root), str(out), *names]


def by_fleet(root: Path, out: Path, engine: str, jobs: int, names: list[str]) -> list[str]:
    return [sys.executable, "-c", FLEET, str(root), str(out), engine, str(jobs), *names]


def extrapolated(out: Path, parts: list[list[str]], began: float, count: int) -> Cost:
    """What calls in one process for each part would take for `count` workloads, by what they noted."""
    cpu = wall = 0.0
    for names in parts:
        marks = json.loads((out / f"marks-{names[0]}.json").read_text(encoding="ascii"))
        (first_cpu, first_at), (last_cpu, last_at) = marks[0], marks[-1]
        more = (count / len(parts) - 1) / (len(marks) - 1)
        cpu += first_cpu + (last_cpu - first_cpu) * more
        wall = max(wall, first_at - began + (last_at - first_at) * more)
    return Cost(cpu, wall)


BESIDE = re.compile(' <a href="calendar.ics">[^<]*</a>')  # only orr's own commands write that file beside the page
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?([+-]\d\d:\d\d|Z)?")


def without_times(value: Any) -> Any:
    if isinstance(value, str):
        return MOMENT.sub("(a moment)", value)
    if isinstance(value, dict):
        return {key: without_times(one) for key, one in value.items() if key not in VARIES}
    if isinstance(value, list):
        # One file keeps a text as lines, another in one: both are the format.
        whole = all(isinstance(one, str) for one in value) and value
        return without_times("".join(value)) if whole else [without_times(one) for one in value]
    return value


def compare(outs: dict[str, Path], name: str) -> int:
    """Fail unless every side that did a workload left the same notebook and the same page; say how many did."""
    notebooks, pages = {}, {}
    for side, out in outs.items():
        if not (out / name).exists():
            continue
        told = json.loads((out / name / "report.ipynb").read_text(encoding="utf-8"))
        notebooks[side] = json.dumps(without_times(told), sort_keys=True)
        page = (out / name / "report.html").read_text(encoding="utf-8")
        pages[side] = without_times(BESIDE.sub("", page))
    for kind, left in (("notebook", notebooks), ("page", pages)):
        first, *others = left
        for other in others:
            if left[other] != left[first]:
                sys.exit(f"the {kind} of {other!r} differs from that of {first!r}")
    return len(notebooks)


def measure(count: int, make: Callable[[Path, int], list[str]]) -> None:
    from orr.execution.engines import STOCK, WORKER

    with tempfile.TemporaryDirectory(prefix="orr-bench-") as folder:
        root = Path(folder) / "workspace"
        root.mkdir()
        names = make(root, count)
        outs = {side: Path(folder) / side for side in ("loop", "calls", "pair", "worker", "stock")}
        for out in outs.values():
            out.mkdir()
        sides = {
            "loop": Side("a shell loop of two commands", 1),
            "calls": Side("both called in one process", count),
            "pair": Side("both called in two processes", count),
            "calls, few": Side(f"one process, {FEW} workloads only", FEW),
            "pair, few": Side(f"two processes, {FEW} workloads each", 2 * FEW),
            "worker": Side(f"{WORKER}, two at a time", count),
            "stock": Side(f"{STOCK}, two at a time", 2 * FEW),
        }
        for number in range(ROUNDS):
            sides["loop"].costs.append(by_commands(root, outs["loop"], names[:1]))
            for side, parts in (("calls", [names[:FEW]]), ("pair", [names[:FEW], names[FEW : 2 * FEW]])):
                began = time.time()
                few = run(*(by_calls(root, outs[side], part) for part in parts), out=outs[side])
                sides[f"{side}, few"].costs.append(few)
                sides[side].costs.append(extrapolated(outs[side], parts, began, count))
            # To look at its memory takes time of the same processors: one round is without.
            sides["worker"].costs.append(
                run(by_fleet(root, outs["worker"], WORKER, 2, names), out=outs["worker"], watch=number == 0)
            )
            sides["stock"].costs.append(
                run(by_fleet(root, outs["stock"], STOCK, 2, names[: 2 * FEW]), out=outs["stock"])
            )
        compared = [compare(outs, name) for name in names[: 2 * FEW]]
        print(f"notebooks and pages are equal apart from times and ids, of so many sides by workload: {compared}")
    tell(sides)


def tell(sides: dict[str, Side]) -> None:
    best = {name: side.best() for name, side in sides.items()}
    each = {name: Cost(cost.cpu / sides[name].done, cost.wall / sides[name].done) for name, cost in best.items()}
    print(f"{'':34} {'CPU each':>10} {'wall each':>10}")
    for name, side in sides.items():
        print(f"{side.says:34} {each[name].cpu * 1000:7.0f} ms {each[name].wall * 1000:7.0f} ms")
    print(f"memory of the worker and all its processes: {best['worker'].memory:.0f} MB at most")
    for what, than, aim in (("cpu", "loop", 60), ("cpu", "calls", 15), ("wall", "loop", 100), ("wall", "pair", 10)):
        for side in (than, f"{than}, few"):
            if side in each:
                times = getattr(each[side], what) / getattr(each["worker"], what)
                print(f"{what:4} {times:5.1f} times less than {sides[side].says} (aim {aim})")


def thousand() -> None:
    """Run 1,000 small notebooks, and look for what they leave behind."""
    import papermill
    from nbformat.v4 import new_code_cell, new_notebook

    from orr.execution.engines import WORKER
    from orr.execution.engines.workers import shared

    def small(number: int) -> Any:
        cells = [new_code_cell("import tempfile"), new_code_cell(f"open('left', 'w').write('x'); {number} * 2")]
        about = {"kernelspec": {"name": "python3", "language": "python", "display_name": ""}}
        return new_notebook(cells=cells, metadata=about)

    def left() -> tuple[int, int, int]:
        supervisor = shared()._supervisor
        assert supervisor is not None
        lists = Path(f"/proc/{supervisor.pid}/task").glob("*/children")
        children = [int(child) for one in lists for child in one.read_text(encoding="ascii").split()]
        grandchildren = [Path(f"/proc/{child}/task/{child}/children").read_text(encoding="ascii") for child in children]
        files = sum(len(list(Path(f"/proc/{process}/fd").iterdir())) for process in ("self", supervisor.pid, *children))
        folders = len([path for path in Path(folder).iterdir() if path.name.startswith("orr-")])
        return len(children) + sum(len(one.split()) for one in grandchildren), files, folders

    with tempfile.TemporaryDirectory() as folder:
        os.environ["TMPDIR"] = tempfile.tempdir = folder  # others make folders where these would be made
        began = None
        for number in range(1001):
            done = papermill.execute_notebook(small(number), None, engine_name=WORKER, progress_bar=False, cwd=folder)
            assert done.cells[1].outputs[0]["data"]["text/plain"] == str(number * 2)
            if began is None:
                time.sleep(0.2)
                began, start = left(), time.monotonic()
        took = time.monotonic() - start
        time.sleep(0.2)
        ended = left()
        shared().close()
    print(f"1,000 notebooks in {took:.1f} s; processes, open files, folders: {began} before, {ended} after")
    if began != ended:
        sys.exit("something was left behind")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("workloads", type=int, nargs="?", default=100)
    parser.add_argument("--thousand", action="store_true")
    asked = parser.parse_args()
    if asked.thousand:
        thousand()
        return
    adopt()
    for says, make in (
        ("100 answers each", make_answered),
        (f"copies of {EXAMPLE}, with its evidence", make_fleet),
    ):
        print(f"{asked.workloads} workloads, {says}\n")
        measure(asked.workloads, make)
        print()


if __name__ == "__main__":
    main()
