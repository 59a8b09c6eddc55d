"""A fleet as a company has it, of any size and the same every time: for the tests and the pictures of its page.

    python tests/support/fleet_of_many.py FOLDER [WORKLOADS]

makes a workspace. The checklists are those of this repository without their checks; a few workloads are live, some
are about to launch, some lie in a freeze of the change calendar, some are late, silent, faulty or carried by waivers.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from orr.history import History, Run
from support.fleet_sample import TODAY, write
from support.history_sample import assessment

CHECKLISTS = Path(__file__).parents[2] / "checklists"
SETTINGS = """\
timezone: Asia/Shanghai
policy:
  - {tiers: [1, 2], no_go: [high], conditional: [medium], sign_offs: [service-owner, operations], recheck: 7d}
  - {tiers: [3, 4], no_go: [], conditional: [high, medium], sign_offs: [service-owner], recheck: 30d}
"""
FREEZE = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//freeze//EN
BEGIN:VEVENT
UID:1
DTSTAMP:20261101T000000Z
DTSTART;VALUE=DATE:20261210
DTEND;VALUE=DATE:20261214
SUMMARY:Freeze for the year-end promotion
END:VEVENT
END:VCALENDAR
"""
TEAMS = (
    "payments",
    "growth",
    "media",
    "search",
    "logistics",
    "identity",
    "data-platform",
    "storefront",
    "risk-control",
)
FIRST = ("order", "invoice", "image", "loyalty", "session", "catalogue", "delivery", "fraud", "mail", "price", "stock")
SECOND = ("gateway", "ledger", "resizer", "scheduler", "api", "search-index", "notifier", "importer", "store", "router")
PEOPLE = ("wei.chen", "ana.ruiz", "li.na", "tom.berg", "zhang.min", "ines.costa", "wang.fang", "ola.nilsson")
WEEKS = 30


def make(root: Path, count: int) -> Path:
    """A workspace with so many workloads and what the history knows of them."""
    chance = random.Random(7)
    items = dict(_checklists(root))
    names = [f"{FIRST[n % 11]}-{SECOND[n // 11 % 10]}" + (f"-{n // 110}" if n >= 110 else "") for n in range(count)]
    assigned = "".join(f"  {name}: {number % 4 + 1}\n" for number, name in enumerate(names))
    write(root / "orr.yaml", f"{SETTINGS}tiers:\n{assigned}")
    runs: list[Run] = []
    for number, name in enumerate(names):
        verdict = _workload(root, name, number, items, chance)
        runs += _runs(name, number, verdict, chance)
        if number % 3:
            write(root / "reports" / name / "report.html", "a report")
    _record(root, sorted(runs, key=lambda run: run.recorded_at))
    return root


def _checklists(root: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    for path in sorted(CHECKLISTS.glob("*.yaml")):
        data = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        items = [item for section in data["sections"] for item in section["items"]]
        for item in items:
            kept = [one for one in item.pop("checks", []) if one.get("check") == "calendar"]
            item |= {"checks": kept} if kept else {}
            item["answered_by"] = "both" if kept else "person"
            item.pop("evidence", None)
            item["scope"] = "workload"
            item["valid_for"] = "365d"
        text = yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        write(root / "checklists" / path.name, text)
        yield data["checklist"], items


def _workload(root: Path, name: str, number: int, items: dict[str, list[dict[str, Any]]], chance: random.Random) -> str:
    folder, team = root / "workloads" / name, TEAMS[number % 9]
    title = f"{{en: {name.replace('-', ' ').title()} of {team}, zh-CN: {team} 的 {name} 服务}}"
    live, tier = number % 5 < 3, number % 4 + 1
    when = f"live_since: 2026-0{1 + number % 9}-15" if live else f"launch: {TODAY + timedelta(days=number % 60 - 5)}"
    asked = list(items)[number % 3 :]
    write(
        folder / "workload.yaml",
        f"workload: {name}\ntitle: {title}\nowner: {{team: {team}}}\n{when}\nchecklists: {asked}\n",
    )
    write(folder / "change-calendar.ics", FREEZE.replace("\n", "\r\n"))
    kind = number % 7  # 0 and 1 lag behind, 2 waits for a waiver to end, the others are well
    told, open_, waived = [], [], []
    for checklist in asked:
        for item in items[checklist]:
            key = f"{checklist}/{item['item']}"
            lag = chance.random() < {0: 0.12, 1: 0.04}.get(kind, 0.004)
            if kind == 2 and item["risk"] == "high" and not waived and item.get("waivable", True):
                waived.append(key)
                lag = True
            plan = ""
            if lag:
                open_.append(key)
                due = TODAY + timedelta(days=chance.randrange(-25, 40))
                who = chance.choice(PEOPLE)
                plan = f", plan: {{action: Finish what is missing and show it, owner: {who}, due: {due}}}"
            said = chance.choice(("no", "partial")) if lag else "yes"
            told.append(
                f"  {key}: {{answer: {said}, by: {chance.choice(PEOPLE)}, on: 2026-11-{1 + number % 20:02}{plan}}}"
            )
    text = f"review: {name}\noccasion: {'recurring' if live else 'launch'}\nanswers:\n" + "\n".join(told) + "\n"
    if waived:
        ends = TODAY + timedelta(days=number % 50 - 2)
        text += (
            f"waivers:\n  - {{waiver: W-{number}, items: {waived}, reason: moving, requested_by: wei.chen,"
            f" approved_by: ana.ruiz, approved_on: 2026-11-02, states: {{{waived[0]}: not-met}}, expires: {ends}}}\n"
        )
    write(folder / "review.yaml", "review: [" if number % 97 == 13 else text)
    return {0: "no-go", 1: "conditional-go", 2: "conditional-go"}.get(kind, "go") if tier < 3 else "conditional-go"


def _runs(name: str, number: int, verdict: str, chance: random.Random) -> Iterator[Run]:
    """A run a week, of some a run a day; some began late, some fell silent, and of some the last one crashed."""
    every = 1 if number % 20 == 3 else 7
    began = 7 * (WEEKS if number % 4 else number % WEEKS)
    until = 40 if number % 29 == 5 else 0
    days = list(range(began, until - 1, -every))
    turns = began * chance.random()
    for ago in days:
        day = TODAY - timedelta(days=ago)
        at = datetime.combine(day, time(3, number % 60), UTC)
        if ago == days[-1] and number % 41 == 7:
            yield Run(name, day, at, None, "the notebook did not end within 600 seconds and was stopped")
            continue
        was = verdict if ago < turns else chance.choice(("no-go", "conditional-go", verdict))
        yield Run(name, day, at, assessment({}, workload=name, today=day, verdict=was))


def _record(root: Path, runs: list[Run]) -> None:
    from orr.history.writing import Writer

    with closing(History("sqlite:///reports/history.db", root)) as history:
        history.prepare()
        with history._database.writing() as connection:
            writer = Writer(connection, history._tables)
            for run in runs:
                writer.add(run)
            writer.finish()


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 30)
