"""What it costs to load and judge a fleet from its YAML, and to know again what was known before.

    python benchmarks/bench_load.py [WORKLOADS [FOLDER]]

Workloads of 100 items. Cold, every file is read, validated and judged anew (nothing remembered from one run to
the next); the forecast, which finds until when the verdict holds, is a line of its own. Warm, every workload is
looked up by the content of its files, the versions and the last day on which its assessment stays the same, as
`orr recheck` does. The baseline in the same run is PyYAML's C loader, which only parses. Seconds of CPU.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
os.environ["ORR_CACHE"] = ""

import yaml
from bench_unchanged import TODAY, assessed_fleet

from orr.evaluate import Evidence, evaluate
from orr.fleet.unchanged.keys import Keys
from orr.history import History
from orr.workspace.workspace import Workspace

COLD_LIMIT, WARM_LIMIT = 15.0, 2.0
RARELY = (100_000, 50, 100)


def main() -> None:
    with assessed_fleet() as (root, count):
        took = parsed(root)
        tell("baseline: parse the reviews with PyYAML's C loader (from a tenth of them)", took)
        judged, lasting = cold(root)
        tell("cold: from YAML to the verdict", judged, COLD_LIMIT * count / 10_000)
        tell("besides: until when it holds", lasting)
        began = time.process_time()
        workspace = Workspace(root, TODAY)
        with closing(History(workspace.settings.history, root)) as history:
            held = Keys(workspace, history, root / "reports", "en").held(workspace.workloads)
        tell("warm: what is known of each still holds", time.process_time() - began, WARM_LIMIT * count / 10_000)
        assert len(held) == count, f"{count - len(held)} of {count} are not known"


def parsed(root: Path) -> float:
    began = time.process_time()
    for path in sorted(root.glob("workloads/*/review.yaml"))[::10]:
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return (time.process_time() - began) * 10


def cold(root: Path) -> tuple[float, float]:
    began, lasting = time.process_time(), 0.0
    workspace = Workspace(root, TODAY)
    for name in workspace.workloads:
        assessment = evaluate(workspace.case(name), Evidence(), TODAY)
        assert assessment.verdict
        before = time.process_time()
        assert assessment.forecast is not None
        lasting += time.process_time() - before
    return time.process_time() - began - lasting, lasting


def tell(says: str, seconds: float, limit: float | None = None) -> None:
    print(f"{seconds:8.2f} s  {says}" + (f" (at most {limit:g} s)" if limit is not None else ""), flush=True)


if __name__ == "__main__":
    main()
