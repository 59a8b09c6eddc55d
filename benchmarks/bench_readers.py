"""What the worst file of a megabyte costs each reader, beside a harmless one of that size.

    python benchmarks/bench_readers.py [FORMAT …]

Each file is read in a process of its own: seconds of CPU, and the most memory that the process held, Python and orr
included. The worst may take five times as long as the harmless one of its format in the same run, or a quarter of a
second, and at most 10 s and 300 MB; what is refused says which file and which limit.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["ORR_CACHE"] = ""

from orr.evidence.checks.contents.secrets import secret_in
from orr.evidence.documents.formats import format_of
from orr.source.faults import FaultyInput
from orr.source.json_text import parse_json
from orr.source.table import read_cells
from orr.source.yaml import decode
from orr.source.yaml.go import read_as_go
from orr.source.yaml.reader import read_with_places
from orr.testing import run_check

SIZE = 1_000_000
TIMES, SECONDS, MEGABYTES, UNMEASURED = 5.0, 10.0, 300, 0.25
Unit = str | Callable[[int], str]


def filled(head: str, unit: Unit, tail: str = "", size: int = SIZE, lines: int = SIZE) -> str:
    """A text of about that size, of as many units as fit."""
    parts, left, number = [head], size - len(head) - len(tail), 0
    while left > 0 and lines > 0:
        part = unit(number) if callable(unit) else unit
        parts.append(part)
        left, number, lines = left - len(part), number + 1, lines - part.count("\n")
    return "".join(parts[:-1] if left < 0 else parts) + tail


def asks(check: str, where: str, **parameters: Any) -> tuple[str, Callable[[Path], str]]:
    def ask(folder: Path) -> str:
        found = run_check(check, folder, **parameters)
        return f"{found.outcome.value}: {found.says}"

    return where, ask


def reads(read: Callable[[bytes], object], path: str) -> tuple[str, Callable[[Path], str]]:
    def ask(folder: Path) -> str:
        try:
            return f"read: {read((folder / path).read_bytes())!s:.60}"
        except FaultyInput as faulty:
            return f"refused: {faulty.faults[0].in_words('en')}"

    return path, ask


DOCUMENT = {"sections": ["Steps"], "owner": True, "reviewed_within": "90d", "links": True}
HEAD = "# T\n\nOwner: ana\nReviewed: 2026-11-01\n\n## Steps\n\n"
RST = "Failover\n========\n\n:owner: ana\n:reviewed: 2026-11-01\n\nSteps\n-----\n\n"
RULES = "groups:\n- name: shop\n  labels: {team: payments}\n  rules:\n"
SLOTH = "version: prometheus/v1\nservice: shop\nlabels: {owner: payments}\nslos:\n"
SUITE, SUITE_END = '<testsuites><testsuite name="s" timestamp="2026-11-20T10:00:00">\n', "</testsuite></testsuites>"
CALENDAR, CALENDAR_END = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "END:VCALENDAR\r\n"
SHIFTS = "start,end,primary,secondary\n"
BOUNDS = {"at_most": {"critical": 3, "unrated": 3}, "none_older_than": "90d"}


def paragraphs(mark: str, times: int) -> str:
    return filled(HEAD, mark * times + "\n\n", size=min(SIZE, 140_000 * len(mark)))


def notebook(source: str, cells: int) -> str:
    made = [{"cell_type": "markdown", "metadata": {}, "source": f"{source} {number}"} for number in range(cells)]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made})


def sarif(rules: list[Any], results: list[Any]) -> str:
    tool = {"driver": {"name": "s", "rules": rules}}
    invocations = [{"executionSuccessful": True, "endTimeUtc": "2026-11-20T10:00:00Z"}]
    return json.dumps({"version": "2.1.0", "runs": [{"tool": tool, "invocations": invocations, "results": results}]})


def event(number: int, more: str = "") -> str:
    begin = f"202611{1 + number % 28:02d}T{number % 24:02d}"
    return (
        f"BEGIN:VEVENT\r\nUID:{number}\r\nSUMMARY:Ana {number % 9}\r\nDTSTART:{begin}0000Z\r\nDTEND:{begin}3000Z\r\n"
        f"{more}END:VEVENT\r\n"
    )


def rule(number: int) -> str:
    return (
        f'  - alert: Down{number}\n    expr: sum(rate(errors{{job="x{number}"}}[5m])) / 3 > 0.1\n    for: 5m\n'
        "    labels: {severity: page}\n    annotations: {runbook_url: runbook.md#down}\n"
    )


def expression(text: str) -> str:
    return f"{RULES}  - alert: Down\n    expr: {json.dumps(text)}\n    labels: {{severity: page}}\n"


def yaml_places(raw: bytes) -> object:
    return len(read_with_places(decode(raw, "a.yaml"), "a.yaml")[1])


YAML: dict[str, Callable[[], str]] = {
    "harmless": lambda: filled(
        "answers:\n", lambda n: f"  a/i{n}: {{answer: yes, by: ana, on: 2026-11-10, note: x y}}\n"
    ),
    "values": lambda: "[" + "1," * 480_000 + "1]",
    "values within 38 lists": lambda: "[" * 38 + "1," * 390_000 + "]" * 38,
    "lists within lists": lambda: "[" + filled("", "[" * 39 + "]" * 39 + ",") + "]",
    "keys of keys": lambda: "? " * 490_000,
    "open brackets": lambda: "{" * SIZE,
    "keys that are numbers": lambda: filled("", lambda n: f"{n}: 1\n"),
    "one key": lambda: filled("", "a: 1\n"),
    "aliases": lambda: "a: &a [" + "1," * 4_000 + "]\nb: [" + "*a," * 99 + "]\n" + filled("", lambda n: f"c{n}: 1\n"),
    "merges": lambda: "x: &x {" + ",".join(f"k{n}: 1" for n in range(4_000)) + "}\ny:\n" + filled("", "- {<<: *x}\n"),
    "empty lines": lambda: "\n" * SIZE,
    "quotes": lambda: "a: '" + "''" * 490_000 + "'",
}

FORMATS: dict[str, tuple[tuple[str, Callable[[Path], str]], dict[str, Callable[[], str]]]] = {
    "YAML": (reads(yaml_places, "a.yaml"), YAML),
    "YAML as Go reads it": (reads(lambda raw: len(read_as_go(decode(raw, "a.yaml"), "a.yaml").places), "a.yaml"), YAML),
    "JSON with places": (
        reads(lambda raw: len(parse_json(decode(raw, "a.json"), "a.json")[1]), "a.json"),
        {
            "harmless": lambda: json.dumps(
                [{"id": f"a{n}", "title": "some words", "selected": True} for n in range(18_000)]
            ),
            "numbers": lambda: "[" + "0," * 490_000 + "0]",
            "values within 38 lists": lambda: "[" * 38 + "1," * 390_000 + "1" + "]" * 38,
            "objects": lambda: "[" + "{}," * 330_000 + "{}]",
            "one key": lambda: "{" + '"a":0,' * 160_000 + '"a":0}',
            "digits": lambda: "9" * SIZE,
        },
    ),
    "secrets": (
        reads(lambda raw: secret_in(".env", raw), ".env"),
        {
            "harmless": lambda: filled("", lambda n: f"SETTING_{n}=some value of it\n"),
            "heads of keys": lambda: filled("", "-----BEGIN PRIVATE KEY-----\n"),
            "heads of PuTTY": lambda: filled("", "PuTTY-User-Key-File-2:\n"),
            "blanks": lambda: filled("", "A=" + "a " * 5_000 + "\n"),
        },
    ),
    "pipelines": (
        asks("files", "Jenkinsfile", paths="Jenkinsfile", content="pipeline"),
        {
            "harmless": lambda: filled("", lambda n: f"echo step {n} {'and so on ' * 10}\n", lines=9_000),
            "commands": lambda: filled("", "a\n"),
            "one command": lambda: "a " * 490_000,
        },
    ),
    "spreadsheets": (
        reads(lambda raw: len(read_cells(raw, "a.csv")), "a.csv"),
        {
            "harmless": lambda: filled("item,answer,note\n", lambda n: f"a/i{n},yes,as it was agreed\n"),
            "empty cells": lambda: "," * SIZE,
            "empty lines": lambda: "\n" * SIZE,
            "quotes": lambda: '"' * SIZE,
            "quoted ends of lines": lambda: filled("", '"\n",a\n'),
        },
    ),
    "formats by content": (
        reads(lambda raw: format_of(raw, "a.xml"), "a.xml"),
        {
            "harmless": lambda: filled("<a>", "<b>c</b>\n", "</a>"),
            "comments": lambda: "<!---->" * 140_000,
            "instructions": lambda: "<??>" * 240_000,
            "document types": lambda: "<!DOCTYPE a[]>" * 70_000,
        },
    ),
    "Markdown": (
        asks("document", "a.md", path="a.md", **DOCUMENT),
        {
            "harmless": lambda: filled(
                HEAD, lambda n: f"Look at [the plan {n}](a.md) and then `run it` *now*, {'and so on ' * 7}\n\n"
            ),
            **{
                f"many {mark}": lambda mark=mark: paragraphs(mark, 2_000 // len(mark))  # type: ignore[misc]
                for mark in ("[", "![", "*a", "*a_", "`", "[a](b", "<a", "![a](b", "<!--", "> ", "<http://")
            },
            "tables": lambda: filled(HEAD, ("|a" * 100 + "\n|" + "-|" * 100 + "\n" + ("|a" * 100 + "\n") * 400 + "\n")),
            "headings": lambda: filled(HEAD, "# A\n\n", lines=19_900),
            "lists in lists": lambda: filled(HEAD, "- " * 200 + "a\n\n", lines=19_900),
            "TOML with long keys": lambda: "+++\n" + ("a." * 9_900 + "b = 1\n") * 3 + "+++\n" + HEAD,
            "TOML with deep lists": lambda: "+++\na = " + "[" * 9_000 + "]" * 9_000 + "\n+++\n" + HEAD,
            "one line": lambda: HEAD + "a" * SIZE,
        },
    ),
    "reStructuredText": (
        asks("document", "a.rst", path="a.rst", **DOCUMENT),
        {
            # More than 200,000 characters are refused at once.
            "harmless": lambda: filled(
                RST,
                lambda n: f"Look at `the plan {n} <a.rst>`_ and then ``run it`` *now*, in that order and slowly.\n\n",
                size=190_000,
            ),
            **{
                name: lambda unit=unit: filled(RST, unit, size=190_000, lines=11_900)  # type: ignore[misc]
                for name, unit in {
                    "fields": lambda n: f":f{n}: x\n",
                    "targets": ".. _a: x\n",
                    "stars": "*a " * 25 + "\n",
                    "options": "-a  b\n",
                    "lists in lists": lambda n: " " * (2 * (n % 40)) + "- a\n\n",
                }.items()
            },
            "one line": lambda: RST + "*a `b " * 160_000,
        },
    ),
    "notebooks": (
        asks("document", "a.ipynb", path="a.ipynb", **DOCUMENT),
        {
            "harmless": lambda: notebook(
                "Look at [the plan](a.md) and then `run it` *now*, " + "and so on " * 9, 4_900
            ),
            "brackets": lambda: notebook("[" * 540, 270),
            "images": lambda: notebook("![" * 540, 130),
            "links": lambda: notebook("[a](b" * 90, 540),
            "cells": lambda: notebook("", 12_000),
            "open brackets": lambda: "[" * SIZE,
        },
    ),
    "Prometheus rules": (
        asks("alerts", "a.yaml", path="a*"),
        {
            "harmless": lambda: filled(RULES, rule),
            "rules of nothing": lambda: filled(RULES, "  - {alert: D}\n"),
            "parentheses": lambda: expression("(" * 400_000 + "a" + ")" * 400_000),
            "sums": lambda: expression("+".join(["a"] * 400_000)),
            "comparisons": lambda: expression(" > 1 or ".join(["up"] * 100_000)),
            "texts of YAML": lambda: filled("", lambda n: f"k{n}: |\n  groups:\n  - name: a\n    rules: []\n"),
            "merges": lambda: filled("x: &x {a: 1, b: 2}\n" + RULES, "  - {alert: D, expr: a > 1, labels: {<<: *x}}\n"),
        },
    ),
    "objectives": (
        asks("slo", "a.yaml", path="a*", owner=True),
        {
            "harmless": lambda: filled(
                SLOTH,
                lambda n: (
                    f"- name: a{n}\n  objective: 99.9\n"
                    '  sli: {events: {error_query: "e[{{.window}}]", total_query: "t[{{.window}}]"}}\n'
                ),
            ),
            "objectives of nothing": lambda: filled(SLOTH, "- {name: a}\n"),
        },
    ),
    "CODEOWNERS": (
        asks("ownership", "CODEOWNERS", aspects=["parts"]),
        {
            "harmless": lambda: filled("", lambda n: f"/src/part{n}/{'x' * 180}/*.md @acme/team{n}\n"),
            "stars": lambda: filled("", "*a" * 300 + " @b\n"),
            "thirty stars": lambda: filled("", "*-" * 30 + "x" * 150 + " @b\n"),
            "folders": lambda: filled("", "**/a/" * 15 + "x" * 150 + " @b\n"),
            "escapes": lambda: "\\ " * 490_000 + " @b\n",
            "owners": lambda: filled("", "* " + "@a " * 400 + "\n"),
        },
    ),
    "iCalendar": (
        asks("roster", "a.ics", path="a*"),
        {
            "harmless": lambda: filled(CALENDAR, event, CALENDAR_END),
            **{
                rule: lambda rule=rule: filled(CALENDAR, lambda n: event(n, f"RRULE:{rule}\r\n"), CALENDAR_END)  # type: ignore[misc]
                for rule in (
                    "FREQ=DAILY",
                    "FREQ=SECONDLY",
                    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
                    "FREQ=DAILY;BYSETPOS=5",
                    "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=31",
                    "FREQ=YEARLY;BYSECOND=" + ",".join(map(str, range(60))),
                )
            },
            "events in events": lambda: CALENDAR + "BEGIN:VEVENT\r\n" * 70_000,
            "folded lines": lambda: CALENDAR + "BEGIN:VEVENT\r\nSUMMARY:" + "a\r\n " * 240_000 + "\r\nEND:VEVENT\r\n",
            "dates of one event": lambda: (
                CALENDAR + event(1, "RDATE:" + ",".join(["20261101T000000Z"] * 58_000) + "\r\n") + CALENDAR_END
            ),
            "parameters": lambda: (
                CALENDAR + event(1, "X" + filled("", lambda n: f';P{n}="a:b"') + ":v\r\n") + CALENDAR_END
            ),
        },
    ),
    "rosters": (
        asks("roster", "a.csv", path="a*"),
        {
            "harmless": lambda: filled(
                SHIFTS,
                lambda n: (
                    f"2026-11-{1 + n % 28:02d},2026-12-{1 + n % 28:02d},Ana Ruiz {n % 9} <a{n % 9}@example.com>,wei\n"
                ),
            ),
            "names": lambda: filled(SHIFTS, lambda n: f"2026-11-01,2027-11-01,a{n},b{n}\n"),
            "parentheses": lambda: filled(SHIFTS, "2026-11-20,2026-12-01," + "(" * 2_000 + "," + "@" * 2_000 + "\n"),
            "people of a shift": lambda: filled(SHIFTS, "2026-11-20,2026-12-01," + "a/" * 200 + ",wei\n"),
        },
    ),
    "incidents": (
        asks("incidents", "a.csv", path="a*", worst_recover="1d", same_cause=3),
        {
            "harmless": lambda: filled(
                "incident,severity,started,detected,resolved,cause\n",
                lambda n: (
                    f"INC-{n},SEV-1,2026-11-{1 + n % 20:02d}T10:00Z,2026-11-{1 + n % 20:02d} 10:05,,disk of a machine\n"
                ),
            ),
            "incidents of nothing": lambda: filled(
                "incident,severity,started,detected,resolved,cause\n", lambda n: f"{n},1,,,,\n"
            ),
            "one incident": lambda: filled(
                "incident,severity,started,detected,resolved,cause\n", "INC-1,1,2026-11-01,,,\n"
            ),
        },
    ),
    "JUnit XML": (
        asks("results", "a.xml", path="a*", **BOUNDS),
        {
            "harmless": lambda: filled(
                SUITE, lambda n: f'<testcase name="good{n}" classname="com.example.Some" time="0.1"/>\n', SUITE_END
            ),
            "tests of nothing": lambda: filled(SUITE, "<testcase/>", SUITE_END),
            "attributes": lambda: (
                SUITE + "<testcase " + " ".join(f'a{n}="1"' for n in range(90_000)) + "/>" + SUITE_END
            ),
            "comments": lambda: filled(SUITE, "<!---->", SUITE_END),
            "tests in tests": lambda: SUITE + "<testcase>" * 90_000,
        },
    ),
    "SARIF": (
        asks("results", "a.json", path="a*", **BOUNDS),
        {
            "harmless": lambda: sarif(
                [{"id": f"R{n}"} for n in range(200)],
                [
                    {
                        "ruleId": f"R{n % 200}",
                        "level": "error",
                        "message": {"text": "no"},
                        "locations": [
                            {"physicalLocation": {"artifactLocation": {"uri": f"a{n}.py"}, "region": {"startLine": 3}}}
                        ],
                    }
                    for n in range(5_500)
                ],
            ),
            "rules by guid": lambda: sarif(
                [{"guid": f"{n}"} for n in range(25_000)], [{"rule": {"guid": f"{n}"}} for n in range(18_000)]
            ),
            "rules of one name": lambda: sarif([{"id": "R"}] * 40_000, [{"ruleId": "R"}] * 25_000),
            "parts of one name": lambda: sarif([{"id": "a"}], [{"ruleId": "a" + "/b" * 450_000}]),
            "results of nothing": lambda: sarif([], [{}] * 240_000),
        },
    ),
    "JSON of results": (
        asks("results", "a.json", path="a*", **BOUNDS),
        {
            "harmless": lambda: json.dumps(
                {
                    "check_type": "terraform",
                    "summary": {"failed": 1},
                    "results": {
                        "failed_checks": [
                            {"check_id": "B", "severity": "HIGH", "file_path": "/a.tf", "resource": f"r{n}"}
                            for n in range(12_000)
                        ]
                    },
                }
            ),
            "open brackets": lambda: "[" * SIZE,
            "objects": lambda: "[" + "{}," * 330_000 + "{}]",
            "numbers": lambda: "[" + "0," * 490_000 + "0]",
            "digits": lambda: "9" * SIZE,
            "quotes": lambda: '"' * SIZE,
        },
    ),
}


def main(wanted: list[str]) -> int:
    bad = 0
    for form, (_, files) in FORMATS.items():
        if wanted and form not in wanted:
            continue
        print(form)
        harmless = 0.0
        for name in files:
            seconds, megabytes, says = measured(form, name)
            harmless = harmless or seconds
            ok = seconds <= max(TIMES * harmless, UNMEASURED) and seconds <= SECONDS and megabytes <= MEGABYTES
            bad += not ok
            mark = "" if ok else "  TOO MUCH"
            print(
                f"  {seconds:6.2f} s {seconds / harmless:5.1f}x {megabytes:4d} MB  {name:24.24} {says:.90}{mark}",
                flush=True,
            )
    return int(bad > 0)


def measured(form: str, name: str) -> tuple[float, int, str]:
    command = [sys.executable, __file__, "--one", form, name]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    seconds, megabytes, says = done.stdout.split(" ", 2)
    return float(seconds), int(megabytes), says.strip()


def one(form: str, name: str) -> None:
    (path, ask), files = FORMATS[form]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "runbook.md").write_text("# Runbook\n\n## Down\n\nStart it again.\n", encoding="utf-8")
        Path(folder, path).write_bytes(files[name]().encode())
        began = time.process_time()
        says = ask(Path(folder))
        seconds = time.process_time() - began
    print(f"{seconds:.3f}", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, " ".join(says.split()))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        sys.exit(main(sys.argv[1:]))
