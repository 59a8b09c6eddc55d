"""How fast the rule is, and what reading and evaluating a fleet from its files is spent on.

Run it as `python benchmarks/bench_evaluate.py [WORKLOADS]`. Times are CPU seconds of one core, the
least of several runs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

from orr.evaluate import Case, evaluate
from orr.messages import render
from orr.model.checklist import Checklist
from orr.model.finding import Evidence
from orr.model.review import Review
from orr.model.validation import read
from orr.model.workload import Workload
from orr.source.yaml import parse
from orr.workspace.saving import canonical
from orr.workspace.workspace import Workspace

TODAY = date(2026, 11, 22)
SECTIONS, ITEMS = 10, 10
RISKS = ("high", "medium", "low")
# Of ten items: how they are answered.
REPLIES = ("yes", "yes", "yes", "yes", "yes", "yes", "yes", "partial", "not-applicable", None)


def checklist() -> Checklist:
    sections = [
        {
            "section": f"s{s}",
            "items": [
                {"item": f"i{s}-{i}", "ask": {"en": "Is it done?", "zh-CN": "做了吗？"}, "risk": RISKS[(s + i) % 3],
                 "plan_accepted": not i % 4}
                for i in range(ITEMS)
            ],
        }
        for s in range(SECTIONS)
    ]  # fmt: skip
    return read(Checklist, {"checklist": "bench", "version": 1, "title": "Bench", "sections": sections})


def review(number: int) -> Review:
    answers: dict[str, Any] = {}
    for s in range(SECTIONS):
        for i in range(ITEMS):
            reply = REPLIES[(number + s + i) % len(REPLIES)]
            if reply is None:
                continue
            said = {"answer": reply, "by": "wei.chen", "on": str(TODAY - timedelta(days=(number + s * i) % 300))}
            if reply == "not-applicable":
                said["reason"] = "the workload has no such part"
            if reply == "partial":
                said["plan"] = {"action": "finish it", "owner": "payments", "due": str(TODAY + timedelta(days=9))}
            answers[f"bench/i{s}-{i}"] = said
    waiver = {"waiver": "W-1", "items": ["bench/i0-0", "bench/i3-1"], "reason": "later", "requested_by": "wei.chen",
              "approved_by": "ana.ruiz", "approved_on": "2026-11-01", "expires": "2026-12-31"}  # fmt: skip
    return read(Review, {"review": f"w{number}", "answers": answers, "waivers": [waiver]})


def workload(number: int) -> Workload:
    return read(
        Workload, {"workload": f"w{number}", "title": f"Workload {number}", "tier": 1, "owner": {"team": "payments"}}
    )


def cpu(work: Callable[[], object], runs: int) -> float:
    """The least CPU time of several runs."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def row(what: str, seconds: float, workloads: int, baseline: float | None = None) -> None:
    items = workloads * SECTIONS * ITEMS
    against = f"{seconds / baseline:8.1f} ×" if baseline else ""
    print(f"{what:52} {seconds:8.3f} s {seconds / workloads * 1000:9.3f} ms {items / seconds:12,.0f} {against}")


def head(title: str) -> None:
    print(f"\n{title}\n{'':52} {'CPU':>10} {'a workload':>12} {'items a s':>12} {'baseline':>10}")


def loaded(count: int) -> None:
    """The rule on data that is in memory."""
    one = checklist()
    distinct = [(workload(number), review(number)) for number in range(50)]
    cases = [
        Case(workload=distinct[number % 50][0], review=distinct[number % 50][1], checklists=(one,))
        for number in range(count)
    ]
    none = Evidence()

    def loop() -> None:
        for case in cases:
            for _ in case.units():
                pass

    def states() -> None:
        for case in cases:
            assert evaluate(case, none, TODAY).items

    def words() -> None:
        for case in cases[: count // 50]:
            assessed = evaluate(case, none, TODAY)
            assert assessed.digest
            assert (assessed.flags, assessed.decision, assessed.valid_until) != ()
            for reason in (*assessed.reasons, *(change.because for change in assessed.forecast)):
                render(reason, "en")

    head(f"{count} workloads × {SECTIONS * ITEMS} items, from loaded data")
    baseline = cpu(loop, 3)
    row("bare loop over the items", baseline, count)
    row("states and verdict", cpu(states, 3), count, baseline)
    row(f"and digest, forecast, flags, words (1 in {50})", cpu(words, 3), count // 50, baseline / 50)


def files(count: int) -> None:
    """A fleet from its files: what the time goes into."""
    texts = [canonical(review(number)) for number in range(count)]
    data = [parse(text, "review.yaml") for text in texts]
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "orr.yaml").write_text("language: en\n")
        (root / "checklists").mkdir()
        one = checklist().as_data()
        (root / "checklists" / "bench.yaml").write_text(yaml.safe_dump(one, sort_keys=False, allow_unicode=True))
        for number in range(count):
            home = root / "workloads" / f"w{number}"
            home.mkdir(parents=True)
            (home / "workload.yaml").write_text(
                f"workload: w{number}\ntitle: Workload {number}\ntier: 1\nowner: {{team: payments}}\n"
            )
            (home / "review.yaml").write_text(texts[number])

        def whole() -> None:
            workspace = Workspace.open(root, TODAY)
            for name in workspace.workloads:
                assert evaluate(workspace.case(name), Evidence(), TODAY).items

        cases = [Workspace.open(root, TODAY).case(f"w{number}") for number in range(min(count, 20))]
        head(f"{count} workloads × {SECTIONS * ITEMS} items, from YAML files")
        baseline = cpu(lambda: [yaml.load(text, loader) for text in texts], 3)
        row("plain yaml.CSafeLoader on the reviews", baseline, count)
        row("parse: our reader on the reviews", cpu(lambda: [parse(text, "r") for text in texts], 3), count, baseline)
        row(
            "model: from data to Review",
            cpu(lambda: [read(Review, one) for one in data], 3),
            count,
            baseline,
        )
        rule = cpu(lambda: [evaluate(case, Evidence(), TODAY) for case in cases], 3) * count / len(cases)
        row("rule: states and verdict", rule, count, baseline)
        row("all: open, read, check, evaluate", cpu(whole, 3), count, baseline)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    loaded(count)
    files(max(20, count // 50))
