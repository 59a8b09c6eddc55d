"""How long 120 checks on a repository of 5,000 files take, beside doing the same without sharing.

Run it as `python benchmarks/bench_collect.py [FILES]`. Two baselines in the same run: only walking the
repository and reading every document once, below which nothing can fall; and every check by itself,
sharing nothing with the others. Times are seconds of the clock, the least of several runs; the limit is
3 s on two cores.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from orr.evaluate import Case
from orr.evidence import EvidencePlaces
from orr.evidence.collect import collect, run
from orr.evidence.context import Context
from orr.model.checklist import Checklist
from orr.model.review import Review
from orr.model.settings import Settings
from orr.model.validation import read
from orr.model.workload import Workload

TODAY = date(2026, 11, 22)
CHECKS = 120
LIMIT = 3.0


def main(files: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        repository(root, files)
        specs = [spec for spec, _ in zip(checks(), range(CHECKS), strict=False)]
        assert len(specs) == CHECKS == len({json.dumps(spec) for spec in specs})
        case, places = made(specs), EvidencePlaces(root, (root,), {"workload": root})
        evidence: list[Any] = []
        together = least(lambda: evidence.append(collect(case, places, Settings(), TODAY)), 3)
        found = Counter(finding.outcome.value for one in evidence[-1].findings.values() for finding in one)
        floor = least(lambda: walked(root), 3)
        alone = least(lambda: apart(case, places, specs[:: CHECKS // 12]), 1) * CHECKS / len(specs[:: CHECKS // 12])
    print(f"{files} files, {CHECKS} checks on {os.cpu_count()} cores: {dict(found)}")
    print(f"collected together           {together:6.2f} s  (limit {LIMIT:.0f} s)")
    print(f"a walk, documents read once  {floor:6.2f} s  ({together / floor:.1f} times as long)")
    print(f"each check by itself         {alone:6.2f} s  ({alone / together:.1f} times as long)")
    return int(together > LIMIT)


def least(work: Callable[[], object], runs: int) -> float:
    best = float("inf")
    for _ in range(runs):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def walked(root: Path) -> int:
    read = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name != ".git"]
        read += sum(len((Path(folder) / name).read_text()) for name in names if name.endswith((".md", ".yaml")))
    return read


def apart(case: Case, places: EvidencePlaces, specs: list[dict[str, Any]]) -> None:
    for number in range(len(specs)):
        context = Context.of(case.workload, places, TODAY)
        spec = case.checklists[0].sections[0].items[number * CHECKS // len(specs)].checks[0]
        run(context, spec)
        context.reader.close()


def made(specs: list[dict[str, Any]]) -> Case:
    items = [{"item": f"i{n}", "ask": "?", "risk": "low", "checks": [spec]} for n, spec in enumerate(specs)]
    sections = [{"section": "s", "items": items}]
    checklist = {"checklist": "bench", "version": 1, "title": "Bench", "sections": sections}
    workload = {"workload": "shop", "title": "Shop", "tier": 1, "owner": {"team": "payments"}, "launch": "2026-12-01"}
    return Case(
        workload=read(Workload, workload),
        review=read(Review, {"review": "shop"}),
        checklists=(read(Checklist, checklist),),
    )


def checks() -> Any:
    """The kinds that are in use most, each over another part of the repository or with other bounds."""
    parts = [f"services/s{n:02}" for n in range(20)]
    for part in parts:
        yield {"check": "document", "path": f"{part}/docs/*.md", "sections": ["Purpose", "Steps"], "owner": True,
               "reviewed_within": "180d"}  # fmt: skip
        yield {"check": "files", "paths": f"{part}/src/**/*.py", "at_least": 10}
        yield {"check": "alerts", "path": f"{part}/monitoring/*.yaml"}
        yield {"check": "files", "paths": f"{part}/drills/*.md", "newest_within": "180d"}
    for section in ("Purpose", "Steps", "Escalation", "Rollback", "Owner", "Verification", "Symptoms", "Decision"):
        yield {"check": "document", "path": "**/docs/*.md", "sections": [section], "links": True}
    for pattern in ("**/*.pem", "**/id_rsa", "**/.env", "**/*.key", "**/*.p12", "**/*.pfx", "**/*.jks", "**/secrets*"):
        yield {"check": "files", "forbidden": [pattern]}
    for low in range(90, 98):
        yield {"check": "slo", "path": "services/*/slo/*.yaml", "lowest": low}
    for aspect in (["parts"], ["quadrants"], ["parts", "quadrants"]):
        yield {"check": "ownership", "aspects": aspect}
    for days in range(30, 38):
        yield {"check": "roster", "path": "oncall/roster.csv", "days": f"{days}d", "secondary": True}
    for bound in range(8):
        yield {"check": "results", "path": "scans/*.json", "at_most": {"high": bound}, "none_older_than": "90d"}


def repository(root: Path, files: int) -> None:
    random.seed(7)
    written = 0

    def write(path: str, text: str) -> None:
        nonlocal written
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
        written += 1

    write("CODEOWNERS", "* @example/payments\n/services/ @example/payments\n")
    start = date(2026, 11, 16)
    shifts = [(start + timedelta(days=7 * n), start + timedelta(days=7 * n + 7)) for n in range(20)]
    write("oncall/roster.csv", "start,end,primary,secondary\n" + "".join(
        f"{begin}T09:00Z,{end}T09:00Z,p{n % 5},p{(n + 1) % 5}\n" for n, (begin, end) in enumerate(shifts)))  # fmt: skip
    found = [{"class_uid": 2003, "metadata": {"event_code": f"c{n}", "product": {"name": "Prowler"}}, "severity_id": 3,
              "status_code": "PASS", "time": 1_795_000_000, "resources": [{"uid": f"r{n}"}]}
             for n in range(500)]  # fmt: skip
    write("scans/config.json", json.dumps(found))
    sli = "{events: {error_query: e, total_query: t}}"
    for n in range(20):
        part = f"services/s{n:02}"
        for d in range(30):
            links = "".join(f"- see [other](d{random.randrange(30):02}.md)\n" for _ in range(5))
            steps = "".join(f"{s}. run `shopctl step {s}` and look at the board\n" for s in range(1, 25))
            write(f"{part}/docs/d{d:02}.md", f"---\nowner: payments\nlast_reviewed: 2026-10-01\n---\n# Alert{n}x{d}\n\n"
                  f"## Purpose\n\nTo keep it running.\n\n## Steps\n\n{steps}\n## Escalation\n\n{links}")  # fmt: skip
        rules = "".join(
            f"      - alert: Alert{n}x{a}\n        expr: up == 0\n        labels: {{severity: page, team: payments}}\n"
            f"        annotations: {{runbook_url: {part}/docs/d{a:02}.md}}\n"
            for a in range(20)
        )
        write(f"{part}/monitoring/rules.yaml", f"groups:\n  - name: g\n    rules:\n{rules}")
        slo = f"version: prometheus/v1\nservice: s{n}\nslos:\n  - name: a\n    objective: 99.9\n"
        write(f"{part}/slo/slo.yaml", f"{slo}"
              f"    sli: {sli}\n    alerting: {{name: A}}\n")  # fmt: skip
        write(f"{part}/drills/2026-10-0{1 + n % 9}-drill.md", "# Drill\n\nIt worked.\n")
    n = 0
    while written < files:
        write(f"services/s{n % 20:02}/src/m{n // 20 % 12}/f{n:04}.py", f"VALUE = {n}\n" * 20)
        n += 1
    git = ["git", "-C", str(root), "-c", "user.name=b", "-c", "user.email=b@example.com"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "All"], check=True)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000))
