"""How long a re-check takes where nothing changed: `orr recheck` itself, on a fleet that was assessed before.

    python benchmarks/bench_unchanged.py [WORKLOADS [FOLDER]]

The fleet is assessed once without notebooks (its reports are stand-ins), and its keys are kept as a re-check
keeps them; in FOLDER, it stays for the next time. The baseline in the same run is reading and judging some
of the workloads again, without a notebook.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from support.fleet_sample import checklist, make_workspace, write

from orr.evaluate import evaluate
from orr.evidence.collect import collect
from orr.fleet.unchanged.keys import Keys
from orr.formats.record import to_json
from orr.history import History, Run
from orr.workspace.workspace import Workspace

TODAY = datetime.now(UTC).date() - timedelta(days=1)
ITEMS = [f"- {{item: i{number}, ask: Is it done?, risk: medium}}" for number in range(99)]
RUNBOOK = "- {item: book, ask: Is there one?, risk: low, checks: [{check: document, path: docs/runbook.md}]}"


@contextmanager
def assessed_fleet() -> Iterator[tuple[Path, int]]:
    """The fleet that the command line asks for, assessed once, and how many workloads it has."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as made:
        root = Path(sys.argv[2] if len(sys.argv) > 2 else made)
        if not (root / "reports").exists():
            assess_once(make(root, count))
        yield root, count


def main() -> None:
    with assessed_fleet() as (root, count):
        baseline(root, min(count, 200))
        for note, words in (("the first time, files just written", []), ("again", []), ("again", [])):
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-m", "orr", "recheck", *words],
                cwd=root, capture_output=True, text=True, check=False,
            )  # fmt: skip
            took = time.perf_counter() - began
            assert f"{count} as they were and not executed again" in done.stdout.replace(",", ""), (
                done.stdout + done.stderr
            )
            print(f"{took:8.1f} s  re-check of {count} unchanged workloads, {note}")


def make(root: Path, count: int) -> Path:
    make_workspace(root)
    write(root / "checklists" / "basics.yaml", checklist(*ITEMS, RUNBOOK))
    for number in range(count):
        name = f"w{number:05}"
        folder = root / "workloads" / name
        write(folder / "workload.yaml", f"workload: {name}\ntitle: {name}\ntier: 2\nowner: {{team: t{number % 300}}}\n")
        told = "".join(
            f"  basics/i{one}: {{answer: yes, by: ann, on: {TODAY - timedelta(days=3)}}}\n" for one in range(99)
        )
        write(folder / "review.yaml", f"review: {name}\nanswers:\n{told}")
        for file in ("runbook.md", "rollback.md", "dashboard.md"):
            write(folder / "docs" / file, f"# {file} of {name}\n\nCall the operator.\n")
    return root


def assess_once(root: Path) -> None:
    workspace = Workspace(root, TODAY)
    names = list(workspace.workloads)
    with closing(History(workspace.settings.history, root)) as history:
        keys = Keys(workspace, history, root / "reports", "en")
        began = time.perf_counter()
        keys.held(names)
        print(f"{time.perf_counter() - began:8.1f} s  a first look at {len(names)} workloads, before they are executed")
        for name in names:
            case = workspace.case(name)
            evidence = collect(case, workspace.places(case), workspace.settings, TODAY)
            record = to_json(evaluate(case, evidence, TODAY), "en")
            for file in ("report.html", "report.ipynb", "assessment.json"):
                write(root / "reports" / name / file, json.dumps(record))
            keys.keep(name, record, history.record(Run(name, TODAY, datetime.now(UTC), record)).number)
        keys.save()


def baseline(root: Path, some: int) -> None:
    workspace = Workspace(root, TODAY)
    names = list(workspace.workloads)
    began = time.perf_counter()
    for name in names[:some]:
        case = workspace.case(name)
        to_json(evaluate(case, collect(case, workspace.places(case), workspace.settings, TODAY), TODAY), "en")
    took = (time.perf_counter() - began) / some * len(names)
    print(f"{took:8.1f} s  baseline: reading and judging them again, without a notebook (from {some} of them)")


if __name__ == "__main__":
    main()
