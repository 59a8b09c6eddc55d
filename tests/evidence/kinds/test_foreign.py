"""Kinds of check of other packages: whatever their code does, it is done elsewhere, and counts as unknown."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support import ROOT

from orr.evidence import Context, EvidencePlaces, Undetermined, faults_of
from orr.evidence.collect import run
from orr.evidence.kinds import foreign, preload, registry
from orr.messages import render
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding, Outcome
from orr.model.workload import Owner, Workload
from orr.testing import TODAY, run_check

PLUG_IN = '''
import ctypes, os, signal, subprocess, sys, threading, time
from orr.evidence import Finding, Outcome, Undetermined, check

MET = Finding("", Outcome.MET, "seen")

class Own(str):
    pass

class Ours(Undetermined):
    pass

def prints(context):
    """Print in every way there is."""
    print("NOISE")
    print("NOISE", file=sys.stderr)
    os.write(1, b"NOISE")
    os.write(2, b"NOISE")
    subprocess.run(["echo", "NOISE"])
    return MET

def leaves(context):
    """Leave a thread, a folder, variables and a program behind."""
    threading.Thread(target=time.sleep, args=(600,)).start()
    os.chdir("/")
    os.environ["LEFT"] = "behind"
    subprocess.Popen(["sleep", "600"], start_new_session=True)
    return MET

def given(context, word: str = "x"):
    """Give back what it was given."""
    return Finding("", Outcome.MET, f"{context.workload.workload} {context.today} {context.text('a.md')} {word}")

def looks(context):
    return Finding("", Outcome.MET, str(context.find("*.md").files))

def ends(context):
    os._exit(0)

def ends_as_if_outdated(context):
    os._exit(71)

def faults(context):
    ctypes.string_at(0)

def exits(context):
    sys.exit(0)

def interrupts(context):
    raise KeyboardInterrupt

def own_base(context):
    raise type("Base", (BaseException,), {})("of its own")

def cannot(context):
    raise Ours("no network; ask again")

def own_words(context):
    return Finding("", Outcome.MET, Own("its own"))

def unwords(context):
    return Finding("", Outcome.MET, lambda: "words")

def truth(context):
    return True

def loops(context):
    while True:
        pass

def deaf(context):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    time.sleep(600)

def dated(context):
    return Finding("", Outcome.MET, "seen", "2027-01-01")

@check(seconds=None)
def timeless(context):
    return MET

@check(at_once=0)
def never(context):
    return MET

@check(day="sometimes")
def sometimes(context):
    return MET

def refuses(values):
    os._exit(0)

@check(verify=refuses)
def verifies(context, word: str = "x"):
    return MET
'''
NAMES = [line.split("(")[0].removeprefix("def ") for line in PLUG_IN.splitlines() if line.startswith("def ")]
BROKEN = {
    "loud": "print('NOISE', flush=True)\ndef loud(context):\n    ",
    "gone": "import os\nos._exit(0)",
    "stops": "raise KeyboardInterrupt",
    "leaving": "raise SystemExit(0)",
}


@pytest.fixture
def site(tmp_path: Path, write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder in which the packages lie, on the path of this process too."""
    write("site/acme_orr.py", PLUG_IN)
    for name, text in BROKEN.items():
        write(f"site/acme_{name}.py", text if name != "loud" else f"{text}return None\n")
    points = [*(f"{name} = acme_orr:{name}" for name in NAMES), *(f"{name} = acme_{name}:{name}" for name in BROKEN)]
    write("site/acme-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    write("site/acme-1.0.dist-info/entry_points.txt", "\n".join(["[orr.checks]", *points, ""]))
    write("repository/a.md", "text")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    forget()
    yield tmp_path
    forget()


def forget() -> None:
    registry._entry_points.cache_clear()
    registry.kind_named.cache_clear()
    foreign._described.cache_clear()


def says(finding: Finding) -> str:
    return render(finding.says, "en")


def test_a_check_is_given_what_it_would_be_given_here(site: Path) -> None:
    found = run_check("given", site / "repository", word="y")
    assert (found.check, found.outcome, says(found)) == ("given", Outcome.MET, "repository 2026-11-23 text y")
    assert "acme_orr" not in sys.modules


def test_what_a_check_of_another_package_read_and_looked_for_is_noted_as_that_of_orrs_own(site: Path) -> None:
    places = EvidencePlaces(site / "repository", (site / "repository",), {})
    shop = Workload(workload="shop", title="Shop", tier=1, owner=Owner(team="payments"))
    context = Context.of(shop, places, TODAY)
    assert run(context, CheckSpec("given")).outcome is Outcome.MET
    assert run(context, CheckSpec("looks")).outcome is Outcome.MET
    assert list(context.reader.read_files) == ["a.md"]
    assert dict(context.reader.listings()) == {"*.md": ("a.md",)}


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("ends", "the process of the check ended with status 0 before the check had answered"),
        ("ends_as_if_outdated", "ended with status 71 before the check had answered"),
        ("faults", "ended by a signal (Segmentation fault)"),
        ("exits", "failed with SystemExit: 0"),
        ("interrupts", "failed with KeyboardInterrupt: –"),
        ("own_base", "failed with Base: of its own"),
        ("cannot", "no network; ask again"),
        ("own_words", "the answer holds acme_orr.Own, which only its package knows"),
        ("unwords", "lambda"),
        ("dated", "holds_until is '2027-01-01', no day"),
        ("timeless", "cannot be loaded: TypeError: seconds is None"),
        ("never", "cannot be loaded: TypeError: at_once is 0"),
        ("sometimes", "cannot be loaded: TypeError: day is 'sometimes'"),
        ("truth", "returned bool instead of a finding"),
        ("verifies", "cannot be loaded: the process of the check ended with status 0"),
        ("gone", "cannot be loaded: the process of the check ended with status 0"),
        ("stops", "cannot be loaded: KeyboardInterrupt: "),
        ("leaving", "cannot be loaded: SystemExit: 0"),
    ],
)
def test_whatever_ends_a_check_is_unknown_with_its_cause(site: Path, kind: str, cause: str) -> None:
    found = run_check(kind, site / "repository")
    assert found.outcome is Outcome.UNKNOWN
    assert cause in says(found)


@pytest.mark.parametrize("kind", ["loops", pytest.param("deaf", marks=pytest.mark.slow)])
def test_a_check_that_does_not_end_is_ended_with_its_process(site: Path, kind: str) -> None:
    places = EvidencePlaces(site / "repository", (site,), {})
    workload = Workload(workload="shop", title="Shop", tier=3, owner=Owner(team="team"))
    context = replace(Context.of(workload, places, TODAY), seconds=0.5)
    with pytest.raises(Undetermined, match=r"longer than 0\.5 seconds"):
        registry.kind_named(kind).find(context, CheckSpec(kind, {}), run)


def test_nothing_that_a_check_changes_or_begins_is_left(site: Path) -> None:
    before, threads = (Path.cwd(), {**os.environ}), threading.active_count()
    assert run_check("leaves", site / "repository").outcome is Outcome.MET
    assert ((Path.cwd(), {**os.environ}), threading.active_count()) == (before, threads)


@pytest.mark.parametrize("kind", ["prints", "loud"])
def test_nothing_that_a_check_prints_is_ours(site: Path, capfd: pytest.CaptureFixture[str], kind: str) -> None:
    run_check(kind, site / "repository")
    assert capfd.readouterr() == ("", "")


def test_the_module_that_a_fork_server_loads_is_there() -> None:
    assert preload.__name__ == foreign.PRELOAD  # it would go on without


@pytest.mark.parametrize("kind", ["gone", "verifies"])
def test_what_cannot_be_loaded_is_a_fault_of_the_checklist(site: Path, kind: str) -> None:
    ((keys, wrong, _),) = faults_of(CheckSpec(kind, {}))
    assert keys == ("check",)
    assert "ended with status 0" in render(wrong, "en")


CHECKLIST = "checklist: c\nversion: 1\ntitle: C\nsections:\n  - section: s\n    items:\n"
ITEM = "      - {{item: {0}, ask: A?, risk: high, checks: [{{check: {0}}}]}}\n"


@pytest.fixture
def command(site: Path, write: Callable[..., Path]) -> Callable[..., subprocess.Popen[str]]:
    """Start a command in a workspace whose checklist names some kinds."""
    write("orr.yaml", "timezone: UTC\n")
    write("workloads/shop/workload.yaml", "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n")
    path = os.pathsep.join([str(site / "site"), str(ROOT), os.environ.get("PYTHONPATH", "")])

    def start(kinds: list[str], *words: str) -> subprocess.Popen[str]:
        write("checklists/c.yaml", CHECKLIST + "".join(ITEM.format(kind) for kind in kinds))
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "orr", *words],
            cwd=site,
            env={**os.environ, "PYTHONPATH": path},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


@pytest.mark.slow
def test_a_check_that_ends_its_process_is_no_go_for_a_pipeline(command: Callable[..., subprocess.Popen[str]]) -> None:
    process = command(["prints", "ends"], "check", "--format", "json")
    output, errors = process.communicate()
    record = json.loads(output)
    assert (process.returncode, record["verdict"], errors) == (1, "no-go", "")
    assert {one["item"]: one["state"] for one in record["items"]} == {"c/prints": "met", "c/ends": "unknown"}


@pytest.mark.slow
def test_a_kind_that_ends_its_process_when_loaded_is_a_fault(command: Callable[..., subprocess.Popen[str]]) -> None:
    process = command(["loud", "gone", "stops"], "lint")
    output, errors = process.communicate()
    lines = (output + errors).splitlines()
    assert process.returncode == 2
    assert [line.split(" ")[0] for line in lines[:2]] == ["checklists/c.yaml:8:53:", "checklists/c.yaml:9:54:"]
    assert "NOISE" not in output + errors


@pytest.mark.slow
def test_an_interrupt_ends_a_check_that_never_ends(command: Callable[..., subprocess.Popen[str]]) -> None:
    process = command(["loops", "leaves"], "check")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert (process.returncode, "Traceback" in errors) == (130, False)
