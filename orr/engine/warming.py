"""What a warm process loads before its first fork: everything by use, and nothing of any user's."""

from __future__ import annotations

import os
import shutil
import time
from datetime import date
from pathlib import Path

from orr.engine import WORKER
from orr.engine.forking import threads

TODAY = date(2026, 1, 15)
SAMPLE = {
    "orr.yaml": "checklists: [checklists]\n",
    "workloads/sample/workload.yaml": """
workload: sample
title: {en: Sample, zh-CN: 示例}
tier: 1
owner: {team: sample, contact: sample@example.com}
launch: 2026-02-01T09:00+08:00
checklists: [staffing, runbooks, security-baseline, rollback-plan]
operating_model:
  application: {engineering: sample, operations: sample}
  infrastructure: {engineering: sample, operations: sample}
  governance: centralized
""",
    "workloads/sample/review.yaml": """
review: sample
answers:
  rollback-plan/rehearsed: {answer: yes, by: ana, on: 2026-01-10, evidence: [{title: Drill, path: review.yaml}]}
  runbooks/reviewed: {answer: partial, by: ana, on: 2026-01-10, plan: {action: Write it, owner: wei, due: 2026-01-20}}
waivers:
  - {waiver: W-1, items: [runbooks/reviewed], reason: Late, requested_by: ana, approved_by: wei,
     approved_on: 2026-01-11, expires: 2026-01-31}
pre_mortem:
  - {scenario: It fails, likelihood: medium, impact: high, detection: Alarm, response: Runbook, tested_on: 2026-01-10}
benefits: Sales
""",
}


def warm(purpose: str, folder: Path) -> None:
    """Load what a child needs, by doing once what children do.

    Parameters
    ----------
    purpose
        `worker`, `kernel`, or anything else for work that needs nothing.
    folder
        A private folder.
    """
    os.environ["IPYTHONDIR"] = str(folder / "ipython")
    if purpose == "worker":
        _report(folder / "sample")
    elif purpose == "kernel":
        import ipykernel.kernelapp  # noqa: F401


def _report(folder: Path) -> None:
    from orr.engine import cells, child
    from orr.messages import LANGUAGES
    from orr.report.engine import ReportFailed, run_report
    from orr.shipped import shipped

    for name, text in SAMPLE.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copytree(shipped("checklists"), folder / "checklists")
    child.enter()
    for language in LANGUAGES:
        cells.make_shell()
        try:
            run_report(folder, "sample", folder / "reports", TODAY, language, engine=WORKER)
        except ReportFailed as failed:
            # A child will say it of its own workload, with the cause.
            print(f"orr: warming up failed: {failed.cause}", flush=True)  # noqa: T201
    cells.make_shell()
    shutil.rmtree(folder)
    _wait_for_threads()


def _wait_for_threads(seconds: float = 10) -> None:
    """Checks run in threads; the last of them may still be about to end."""
    until = time.monotonic() + seconds
    while threads() > 1 and time.monotonic() < until:
        time.sleep(0.01)
