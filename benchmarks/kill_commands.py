"""Kill commands at random moments: `python benchmarks/kill_commands.py [KILLS [SEED [sqlite|postgresql]]]`.

`waive`, `sign`, `history` (which also puts triggers back), the form's save and `recheck` are begun by turns, each in a
process that is killed somewhere within the time that it usually takes. After each kill the review and the
history must be whole, all that was acknowledged must be there, and nothing twice. It prints how far the
killed ones had come, and ends with status 1 at the first that was lost, doubled or torn.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support import postgres
from support.fleet_sample import checklist, write

from orr.cli import main as orr
from orr.form.session import Session
from orr.history import History
from orr.system.processes import PR_SET_CHILD_SUBREAPER, prctl
from orr.workspace.saving import read_review

TODAY = datetime.now(UTC).date()
ITEMS = [f"- {{item: i{number}, ask: Is it done?, risk: medium}}" for number in range(20)]
NAMES = ("shop", "stock")
Work = Callable[[Path, int], Iterator[str]]
"""Works in a workspace, as the attempt of a number; gives each mark when it is acknowledged."""


def waive(_root: Path, number: int) -> Iterator[str]:
    words = [
        "waive",
        "shop",
        "basics/i0",
        "--reason",
        f"waiver {number}.",
        "--expires",
        str(TODAY + timedelta(days=30)),
    ]
    if orr([*words, "--by", "wei"]) == 0:
        yield f"waiver {number}."


def sign(_root: Path, number: int) -> Iterator[str]:
    if orr(["sign", "shop", "lead", "go", "--by", f"voter {number}."]) == 0:
        yield f"voter {number}."


def save(root: Path, number: int) -> Iterator[str]:
    session = Session(root, "shop")
    for place in range(len(ITEMS)):
        name, mark = f"basics/i{place}", f"note {number}-{place}."
        base = session.everything()["items"][name].get("v", "")
        sent: list[str] = []
        edit = {"what": "answer", "item": name, "draft": {"answer": "yes", "note": mark}, "base": base}
        message = {"id": mark, "client": "c", "who": "ann", "edit": edit}
        session.edit(message, lambda reply, sent=sent: sent.append(reply["kind"]))
        if sent[-1] == "ack":
            yield mark


def recheck(_root: Path, number: int) -> Iterator[str]:
    if orr(["recheck", "--fresh", "--progress", "none", "--jobs", "2", "--head-file", "head"]) in (0, 1):
        yield f"recheck {number}."


def history(_root: Path, number: int) -> Iterator[str]:
    words = (["shop"], ["--verify"], ["--migrate"], ["--head"])[number // 4 % 4]
    if orr(["history", *words]) == 0:
        yield f"history {number}."


KINDS: tuple[Work, ...] = (waive, sign, save, history, recheck)
TURNS = (*KINDS[:4], *KINDS[:4], save, recheck)
"""In which order they are begun; a re-check takes as long as all others together."""


class Attempt(NamedTuple):
    """What came of one: whether it was killed before it ended, and the marks that it acknowledged."""

    killed: bool
    marks: list[str]
    seconds: float


def attempt(work: Work, root: Path, number: int, delay: float | None) -> Attempt:
    """Do the work in a process of its own and kill it after a while; wait for all that it began."""
    read, told = os.pipe()
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(read)
        quiet = os.open(os.devnull, os.O_RDWR)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        try:
            for mark in work(root, number):
                os.write(told, f"{mark}\n".encode())
        finally:
            os._exit(0)
    os.close(told)
    if delay is not None:
        time.sleep(delay)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    seconds = time.monotonic() - began
    with suppress(ChildProcessError):
        while True:  # what it began ends by itself, and may write until then
            os.waitpid(-1, 0)
    with os.fdopen(read, encoding="utf-8") as marks:
        return Attempt(killed, marks.read().split("\n")[:-1], seconds)


class State(NamedTuple):
    """What is there: how often each mark is in the review, and the runs and starts of the history."""

    marks: Counter[str]
    runs: int
    starts: int


def state(root: Path, url: str) -> State:
    """Read all of it; whatever is torn fails here."""
    path = root / "workloads/shop/review.yaml"
    review = read_review(path, path.name).review
    said = [waiver.reason for waiver in review.waivers] + [vote.by for vote in review.sign_offs]
    said += [answer.note for answer in review.answers.values() if answer.note]
    names = [waiver.waiver for waiver in review.waivers]
    assert len(set(names)) == len(names), "two waivers have one number"
    with closing(History(url, root)) as kept:
        found = kept.verify((root / "head").read_text(encoding="utf-8").strip() if (root / "head").exists() else None)
        assert not found.findings, [str(one.what) for one in found.findings]
        runs, starts = kept.summaries(), kept.starts()
        begun = Counter((run.workload, run.record) for run in runs)
        assert not begun or max(begun.values()) == 1, "a run is there twice"
        for name in NAMES:
            record = root / "reports" / name / "assessment.json"
            if record.exists():
                digest = json.loads(record.read_text(encoding="utf-8"))["digest"]
                page = (record.parent / "report.html").read_text(encoding="utf-8")
                assert digest in page, "a report is of two assessments"
                assert page.rstrip().endswith("</html>"), "a report is torn"
    return State(Counter(said), len(runs), len(starts))


def main() -> None:
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with database(sys.argv[3] if len(sys.argv) > 3 else "sqlite") as url, tempfile.TemporaryDirectory() as made:
        root = workspace(Path(made), url)
        os.chdir(root)
        assert prctl(PR_SET_CHILD_SUBREAPER, 1), "only Linux tells when the last process has ended"
        chance = random.Random(seed)
        for place, work in enumerate(KINDS[:-1]):
            list(work(root, -9 - place))  # so that what is killed is the work, and not the loading of modules
        usual = {work: attempt(work, root, -1 - place, None).seconds for place, work in enumerate(KINDS)}
        told: Counter[tuple[str, str]] = Counter()
        expected: dict[str, str] = {}
        before, number = state(root, url), 0
        while sum(n for (_, what), n in told.items() if what == "killed") < kills:
            work = TURNS[number % len(TURNS)]
            made_of = attempt(work, root, number, chance.uniform(0, 1.6 * usual[work]))
            if not made_of.killed:
                usual[work] = (usual[work] + made_of.seconds) / 2
            now = state(root, url)
            for mark in made_of.marks:
                expected[place_of(mark)] = mark
            check(work, made_of, before, now, expected)
            told[work.__name__, "killed" if made_of.killed else "ended before"] += 1
            told[work.__name__, "acknowledged"] += len(made_of.marks)
            told[work.__name__, "killed and written"] += made_of.killed and now != before
            before, number = now, number + 1
        for work in KINDS:
            counts = {what: n for (name, what), n in sorted(told.items()) if name == work.__name__}
            print(f"{work.__name__:8} {counts}")
        print(
            f"{kills} kills on {url.partition(':')[0]}: nothing lost, doubled or torn;"
            f" {now.runs} runs, {now.starts} starts"
        )


def place_of(mark: str) -> str:
    """What a mark is overwritten by: a later note on the same item; nothing takes away a waiver, a vote or a run."""
    return f"note {mark.partition('-')[2]}" if mark.startswith("note") else mark


def check(work: Work, made_of: Attempt, before: State, now: State, expected: dict[str, str]) -> None:
    """Hold what is there after an attempt against what was there before it, and what was ever acknowledged."""
    assert max(now.marks.values(), default=1) == 1, "doubled"
    new = now.marks - before.marks
    if work is save:
        # The last one may be written and not acknowledged yet.
        assert len(set(new) - set(made_of.marks)) <= 1, "more than one answer of which nobody was told"
        for mark in set(new) - set(made_of.marks):
            expected[place_of(mark)] = mark
    lost = [mark for mark in expected.values() if not mark.startswith(("recheck", "history")) and mark not in now.marks]
    assert not lost, f"lost: {lost}"
    added = now.runs - before.runs
    if work is recheck:
        assert 0 <= added <= len(NAMES), "doubled runs"
        assert made_of.killed or not made_of.marks or added == len(NAMES), "lost runs"
        assert now.starts - before.starts in (0, len(NAMES)), "half a start"
    else:
        assert (added, now.starts) == (0, before.starts), "runs of nothing"
        assert len(new) <= (1 if work in (waive, sign) else len(ITEMS) if work is save else 0), "doubled"


@contextmanager
def database(kind: str) -> Iterator[str]:
    if kind == "sqlite":
        yield "sqlite:///reports/history.db"
        return
    with postgres.started() as url:
        yield url


def workspace(root: Path, url: str) -> Path:
    write(root / "checklists/basics.yaml", checklist(*ITEMS))
    write(root / "orr.yaml", f"history: {json.dumps(url)}\npolicy: [{{tiers: [1, 2, 3, 4], sign_offs: [lead]}}]\n")
    for name in NAMES:
        write(
            root / f"workloads/{name}/workload.yaml", f"workload: {name}\ntitle: {name}\ntier: 2\nowner: {{team: a}}\n"
        )
        write(root / f"workloads/{name}/review.yaml", f"review: {name}\n")
    return root


if __name__ == "__main__":
    main()
