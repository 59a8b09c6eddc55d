"""`orr recheck`, `orr fleet` and `orr history`, from reports and databases to what is printed."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import html5lib
import pytest
from support.fleet_sample import BOARD, answer, checklist, make_workload, make_workspace, write
from support.processes import children, runs_still, wait_for
from support.receiver import Receiver

import orr
from orr.cli import main
from orr.formats.lines import WIDTH, columns
from orr.history import History
from orr.messages import LANGUAGES

TODAY, NEXT_DAY = "2026-11-23", "2026-11-24"
FILES = {"report.html", "report.ipynb", "assessment.json", "calendar.ics"}
Said = tuple[int, str, str]


def run(capsys: pytest.CaptureFixture[str], *words: str, today: str = TODAY) -> Said:
    status = main([*words, "--today", today])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(make_workspace(tmp_path, "shop"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


def runs(root: Path, capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, object]]:
    status, out, err = run(capsys, "history", name, "--format", "json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert (found["format"], found["workload"]) == ("orr.history/1", name)
    return list(found["runs"])


# Re-check


@pytest.mark.kernel
def test_a_recheck_reports_records_and_says_only_what_drifted(
    root: Path, capsys: pytest.CaptureFixture[str], receiver: Receiver
) -> None:
    make_workload(root, "stock")
    words = ["recheck", "--jobs", "2", "--progress", "none", "--notify", receiver.url]

    first = run(capsys, *words)
    *verdicts, summary = first[1].splitlines()
    assert sorted(verdicts) == ["shop: go", "stock: go"]
    assert (first[0], summary, first[2]) == (0, "2 workloads re-checked, 2 for the first time; nothing changed.", "")
    for name in ("shop", "stock"):
        assert {path.name for path in (root / "reports" / name).iterdir()} >= FILES
        assert [one["verdict"] for one in runs(root, capsys, name)] == ["go"]
    assert receiver.received == []

    answer(root, "stock", owner="no")
    make_workload(root, "young")
    write(root / "workloads" / "young" / "review.yaml", "review: [")
    status, out, err = run(capsys, *words, today=NEXT_DAY)
    assert status == 2
    assert out.splitlines() == [
        "stock: no-go: 1 known to be missing",
        "  - the verdict went from go to no-go",
        "  - basics/owner is newly open: not met, was met",
        "3 workloads re-checked, one for the first time, one as it was and not executed again,"
        " one could not be assessed; one changed.",
    ]
    assert err.startswith("workloads/young/review.yaml:2:1: ")
    ((_, _, sent),) = receiver.received
    assert sent["format"] == "orr.drift/1"
    assert sent["workloads"] == [
        {
            "workload": "stock",
            "headline": "no-go: 1 known to be missing",
            "verdict": "no-go",
            "decision": "pending",
            "valid_until": None,
            "verdict_before": "go",
            "changes": ["the verdict went from go to no-go", "basics/owner is newly open: not met, was met"],
            "report": str(root / "reports" / "stock" / "report.html"),
        }
    ]
    (failed,) = runs(root, capsys, "young")
    assert failed["verdict"] is None
    assert "workloads/young/review.yaml:2:1" in str(failed["failure"])


@pytest.mark.kernel
def test_what_is_as_it_was_is_recorded_and_not_executed_unless_asked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = root / "reports" / "shop" / "report.html"
    assert run(capsys, "recheck", "--jobs", "1", "--decided")[0] == 1
    before = page.stat().st_mtime_ns
    status, out, _ = run(capsys, "recheck", "--jobs", "1", "--decided", today=NEXT_DAY)
    assert status == 1
    assert out == "One workload re-checked, one as it was and not executed again; nothing changed.\n"
    assert page.stat().st_mtime_ns == before
    assert [one["unchanged_since"] for one in runs(root, capsys, "shop")] == [None, 1]
    assert run(capsys, "recheck", "--jobs", "1", "--fresh", today=NEXT_DAY)[0] == 0
    assert page.stat().st_mtime_ns > before
    assert run(capsys, "recheck", "--jobs", "1", today=NEXT_DAY)[0] == 0
    found = runs(root, capsys, "shop")
    assert [(one["today"], one["unchanged_since"]) for one in found] == [
        (TODAY, None), (NEXT_DAY, 1), (NEXT_DAY, None), (NEXT_DAY, 3)
    ]  # fmt: skip
    assert run(capsys, "history", "--verify")[0] == 0


@pytest.mark.kernel
def test_a_workload_that_can_no_longer_be_assessed_is_drift_and_so_is_its_return(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = (root / "workloads" / "shop" / "review.yaml").read_text()
    assert run(capsys, "recheck", "--jobs", "1")[0] == 0
    write(root / "workloads" / "shop" / "review.yaml", "review: [")
    status, out, _ = run(capsys, "recheck", "--jobs", "1")
    assert status == 2
    assert out.startswith("shop: not assessed\n  - could not be assessed this time: workloads/shop/review.yaml:2:1: ")
    still = run(capsys, "recheck", "--jobs", "1")[1]
    assert still == "One workload re-checked, one could not be assessed; nothing changed.\n"
    write(root / "workloads" / "shop" / "review.yaml", good)
    status, out, _ = run(capsys, "recheck", "--jobs", "1", "--lang", "zh-CN")
    assert status == 0
    assert out == "shop：可以上线\n  - 已恢复评估\n复查了 1 个工作负载；1 个有变化。\n"
    verdicts = [one["verdict"] for one in runs(root, capsys, "shop")]
    assert verdicts == ["go", None, None, "go"]


@pytest.mark.kernel
def test_a_notification_that_does_not_arrive_is_told_and_fails_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], receiver: Receiver
) -> None:
    write(root / "workloads" / "shop" / "review.yaml", "review: [")
    assert run(capsys, "recheck")[0] == 2
    answer(root, "shop")
    status, out, err = run(capsys, "recheck", "--progress", "none", "--notify", f"{receiver.url}/503/secret")
    assert status == 0
    assert "shop: go\n  - it can be assessed again\n" in out
    assert err == "The notification did not arrive: 127.0.0.1 answered with status 503\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(["--notify", "file:///etc/passwd"], "http or https", id="notify-no-web-address"),
        pytest.param(["--jobs", "2", "--scheduler", "tcp://x:1"], "not both", id="jobs-and-scheduler"),
        pytest.param(["--jobs", "0"], "--jobs", id="no-jobs"),
        pytest.param(["--occasion", "change"], "--release NAME", id="change-without-release"),
        pytest.param(["--occasion", "change", "--release", "../up"], "--release NAME", id="release-is-a-path"),
        *(
            pytest.param(["--occasion", "change", "--release", name], "No release can have this name", id=name)
            for name in (*sorted(FILES), "Report.HTML", "report.pdf", "failed.html", "evidence")
        ),
        pytest.param(["--notify", "https://u:p@x/y"], "write jsons://user", id="notify-with-who-signs-in"),
        pytest.param(["--release", "2.4"], "goes with", id="release-without-change"),
        pytest.param(["--since", "--output=x"], "--output=x", id="since-an-option"),
        pytest.param(["nobody"], "nobody", id="unknown-workload"),
    ],
)
def test_what_cannot_be_done_is_status_2_and_leaves_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    status, _, err = run(capsys, "recheck", *words)
    assert status == 2
    assert says in err
    assert run(capsys, "history", "shop")[1].startswith("shop has no runs yet")


def test_a_history_that_cannot_be_written_is_known_before_the_work(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (root / "orr.yaml").open("a") as file:
        file.write("history: sqlite:///orr.yaml/history.db\n")
    status, _, err = run(capsys, "recheck")
    assert status == 3
    assert "cannot be used" in err
    assert not (root / "reports").exists()


def test_no_page_names_the_database(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (root / "orr.yaml").open("a") as file:
        file.write("history: mysql+nodriver://db.example/readiness?user=orr&password=T0-secret\n")
    _, _, err = run(capsys, "fleet")
    page = (root / "reports" / "fleet.html").read_text(encoding="utf-8")
    assert "The history cannot be read" in page
    assert "T0-secret" not in page + err
    assert "db.example" not in page


@pytest.fixture
def running(root: Path) -> Iterator[subprocess.Popen[str]]:
    """A re-check of twelve workloads, once its first report is there and others are under way."""
    for number in range(11):
        make_workload(root, f"w{number}")
    words = [sys.executable, "-m", "orr", "recheck", "--jobs", "2", "--today", TODAY]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        reports = root / "reports"
        wait_for("a first report", lambda: any(reports.glob("*/report.html")) or process.poll() is not None)
        assert process.poll() is None
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.mark.kernel
def test_an_interrupt_leaves_nothing_half_written_and_no_process(
    root: Path, running: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    below = children(running.pid)
    assert below
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    recorded = [path.name for path in (root / "workloads").iterdir() if runs(root, capsys, path.name)]
    said = f"Interrupted: {len(recorded)} of 12 workloads are done and recorded, nothing was left half-written."
    if not recorded:
        said = "Interrupted before the first of 12 workloads was done; nothing was left half-written."
    assert err.startswith(said)
    wait_for("the end of all processes", lambda: not any(map(runs_still, below)))
    for folder in (path for path in (root / "reports").iterdir() if path.is_dir()):
        names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
        assert names in (set(), FILES), folder.name
        assert not list(folder.glob("*.tmp"))
    for name in recorded:
        assert (root / "reports" / name / "assessment.json").exists()
    assert len(recorded) < 12


@pytest.mark.kernel
def test_an_interrupt_between_recording_and_counting_counts_what_is_recorded(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_workload(root, "stock")
    record = History.record

    def interrupted(self: History, run: Any) -> None:
        record(self, run)
        raise KeyboardInterrupt

    monkeypatch.setattr(History, "record", interrupted)
    status, _, err = run(capsys, "recheck", "--jobs", "1", "--progress", "none")
    assert status == 130
    assert err.startswith("Interrupted: 1 of 2 workloads are done and recorded, nothing was left half-written.")


@pytest.mark.kernel
def test_a_workload_that_takes_too_long_is_given_up_and_the_others_are_not(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("quick", "slow"):
        make_workload(root, name)
    sleeps = f'{{check: command, argv: [{sys.executable}, -c, "import time; time.sleep(60)"]}}'
    item = f"- {{item: drill, ask: Is there a drill?, fix: Hold one., risk: low, checks: [{sleeps}]}}"
    write(root / "checklists" / "slow.yaml", checklist(item, name="slow"))
    write(root / "orr.yaml", (root / "orr.yaml").read_text() + "allow: [command]\n")
    for name, lists in (("shop", "basics"), ("quick", "basics"), ("slow", "slow")):
        workload = root / "workloads" / name / "workload.yaml"
        write(workload, workload.read_text() + f"checklists: [{lists}]\n")
    write(root / "workloads" / "slow" / "review.yaml", "review: slow\n")
    status, out, err = run(capsys, "recheck", "--timeout", "5", "--jobs", "2", "--progress", "none")
    assert status == 3
    assert "3 for the first time, one could not be assessed" in out
    assert err.startswith("slow: ")
    assert "5 seconds" in err
    assert [path.name for path in (root / "reports" / "slow").glob("[!.]*")] == ["failed.html"]
    assert {path.name for path in (root / "reports" / "quick").iterdir()} >= FILES


@pytest.mark.kernel
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills a process as POSIX does")
def test_a_killed_re_check_is_told_of_every_workload_that_it_left(
    root: Path, running: subprocess.Popen[str], capsys: pytest.CaptureFixture[str]
) -> None:
    running.kill()
    running.communicate(timeout=60)
    names = sorted(path.name for path in (root / "workloads").iterdir())
    left = [name for name in names if not runs(root, capsys, name)]
    assert left
    for name in names:
        said = "the re-check that began on 20" in run(capsys, "history", name)[1]
        assert said == (name in left), name
    unended = json.loads(run(capsys, "history", left[0], "--format", "json")[1])["unended"]
    assert [start["today"] for start in unended] == [TODAY]

    assert run(capsys, "fleet", "--csv", str(root / "tables"))[0] == 0
    with (root / "tables" / "unchecked.csv").open(encoding="utf-8") as file:
        told = {row["workload"]: row["problem"] for row in csv.DictReader(file)}
    assert sorted(told) == left
    assert all("has not ended: it was killed, or is still under way" in problem for problem in told.values())
    assert "has not ended" in (root / "reports" / "fleet.html").read_text(encoding="utf-8")

    status, _, err = run(capsys, "recheck", "--rest")
    assert status == 0
    assert f"has not ended, and left {'one' if len(left) == 1 else len(left)} of these workloads" in err
    assert "had not ended by then" in run(capsys, "history", left[0])[1]
    assert run(capsys, "recheck")[2] == ""
    assert run(capsys, "history", "--verify")[0] == 0


# Fleet


def test_the_fleet_is_shown_worst_first_and_not_recorded(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_workload(root, "worse", board="no")
    make_workload(root, "worst", owner="no", more="live_since: 2026-01-05\n")
    make_workload(root, "unread")
    write(root / "workloads" / "unread" / "review.yaml", "review: [")
    status, out, err = run(capsys, "fleet")
    assert status == 2
    rows = [line.split()[0] for line in out.splitlines() if line.startswith("  ") and not line.startswith("      ")]
    assert rows[1:] == ["unread", "worst", "worse", "shop"]
    assert max(map(columns, out.splitlines())) <= WIDTH
    assert "      → sales: Name one." in out
    assert "      → vote of lead" in out
    assert "workloads/unread/review.yaml:2:1" in err
    assert not (root / "reports" / "history.db").exists()
    assert run(capsys, "history", "shop")[1].startswith("shop has no runs yet")


def test_the_fleet_counts_the_checklists_where_not_all_are_asked(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root / "checklists" / "more.yaml", checklist(BOARD, name="more"))
    make_workload(root, "less", more="checklists: [basics]\n")
    _, out, _ = run(capsys, "fleet")
    shown = {part.split()[0]: " ".join(part.split()) for part in re.split(r"\n(?=  \w)", out)[1:]}
    assert "1 of 2 checklists" in shown["less"]
    assert "checklists" not in shown["shop"]
    page = (root / "reports" / "fleet.html").read_text(encoding="utf-8")
    assert page.count("1 of 2 checklists") == 1
    frame = orr.assess_fleet(root, today=TODAY).to_frame().set_index("workload")
    assert (frame.loc["less", "asked"], frame.loc["less", "asked_of"]) == (1, 2)
    assert (frame.loc["shop", "asked"], frame.loc["shop", "asked_of"]) == (2, 2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_one_valid_document_that_asks_for_nothing(
    root: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text().replace("title: The shop", "title: '<script>alert(1)</script> & \"co\"'"))
    make_workload(root, "unread")
    write(root / "workloads" / "unread" / "review.yaml", "review: '<img src=x onerror=alert(1)>'\n")
    run(capsys, "fleet", "--lang", language, "--out", "elsewhere")
    text = (root / "elsewhere" / "fleet.html").read_text(encoding="utf-8")
    document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    names = {str(element.tag) for element in document.iter()}
    assert not {"script", "img", "link", "iframe", "object"} & names
    attributes = {name for element in document.iter() for name in element.attrib}
    assert not {name for name in attributes if str(name).startswith("on")} | ({"src"} & attributes)
    assert document.get("lang") == language
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;co&#34;" in text
    assert "url(http" not in text


@pytest.mark.kernel
def test_every_picture_of_the_page_has_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "recheck")[0] == 0
    answer(root, "shop", owner="no")
    assert run(capsys, "recheck", today=NEXT_DAY)[0] == 1
    assert run(capsys, "fleet", today=NEXT_DAY)[0] == 1
    document = html5lib.parse((root / "reports" / "fleet.html").read_bytes(), namespaceHTMLElements=False)
    pictures = [svg for svg in document.iter() if str(svg.tag).endswith("svg") and svg.get("aria-hidden") != "true"]
    titles = ["".join(title.itertext()) for svg in pictures for title in svg if str(title.tag).endswith("title")]
    assert titles == [
        "Verdicts: No-go 1",
        "Verdicts in 1 columns, 2026-11-24 to 2026-11-24. First: No-go 1. Now: No-go 1.",
    ]
    assert all(svg.get("role") == "img" for svg in pictures)


# History


@pytest.mark.kernel
def test_the_history_shows_runs_trend_and_drift(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, "recheck")
    answer(root, "shop", board="no")
    run(capsys, "recheck", today=NEXT_DAY)
    status, out, err = run(capsys, "history", "shop")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "shop: 2 runs  ●▲"
    assert "2026-11-23  launch    ● go              pending   2027-11-20" in lines[4]
    assert lines[6:] == [
        "    - the verdict went from go to conditional go",
        "    - basics/dashboard is newly open: not met, was met",
    ]
    last = run(capsys, "history", "shop", "--last", "1", "--lang", "zh-CN")[1]
    assert last.startswith("shop：1 次评估  ▲\n")
    assert "结论由“可以上线”变为“有条件上线”" in last


def test_the_history_of_nobody_is_a_fault(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = run(capsys, "history", "nobody")
    assert (status, out) == (2, "")
    assert "nobody" in err


# A release, and the rest


@pytest.mark.kernel
def test_a_change_is_reviewed_for_a_release_beside_the_workloads_own_runs(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checklist = root / "checklists" / "basics.yaml"
    checklist.write_text(checklist.read_text().replace("risk: high}", "risk: high, occasions: [launch]}"))
    make_workload(root, "shop", owner="no", more="live_since: 2026-01-01\nlaunch: 2026-01-01\n")
    make_workload(root, "stock")
    words = ["recheck", "shop", "--occasion", "change", "--release", "2.4.1", "--progress", "none"]
    status, out, err = run(capsys, *words)
    assert (status, err) == (0, "")
    assert out == "shop: go\nOne workload re-checked, one for the first time; nothing changed.\n"
    record = json.loads((root / "reports" / "shop" / "2.4.1" / "assessment.json").read_text())
    assert (record["verdict"], record["occasion"], record["release"]["version"]) == ("go", "change", "2.4.1")
    assert {item["item"]: item["state"] for item in record["items"]} == {
        "basics/owner": "not-applicable",
        "basics/dashboard": "met",
    }
    assert "2.4.1" in (root / "reports" / "shop" / "2.4.1" / "report.html").read_text()
    assert len(runs(root, capsys, "shop/2.4.1")) == 1
    assert runs(root, capsys, "shop") == []
    status, out, err = run(capsys, "recheck", "shop", "--progress", "none")
    assert (status, err) == (1, "")
    assert out.splitlines() == [
        "shop: no-go: 1 known to be missing",
        "One workload re-checked, one for the first time; nothing changed.",
        "One workload was not re-checked within its cadence:",
        "  - stock: never, to be re-checked every 30 days",
    ]
    status, out, err = run(capsys, "recheck", "--rest", "--progress", "json")
    assert (status, out) == (0, "stock: go\nOne workload re-checked, one for the first time; nothing changed.\n")
    assert [json.loads(line)["workload"] for line in err.splitlines()] == ["stock"]
    assert run(capsys, "recheck", "--rest")[2] == f"Every workload was assessed for {TODAY} already.\n"


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "shop"], "shop: no report: the report cannot be written: Not a directory: "),
        (["fleet"], "The system refuses something: File exists: reports. Nothing was left half-written."),
    ],
    ids=["report", "fleet"],
)
def test_what_the_system_refuses_is_no_mistake_of_ours(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    write(root / "reports", "in the way")
    status, _, err = run(capsys, *words)
    assert status == 3
    assert says in err
    assert "mistake" not in err


# The head of the history


@pytest.mark.kernel
def test_a_history_that_lost_its_end_is_refused_where_the_head_was_kept(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["recheck", "--progress", "none", "--head-file", "kept/head"]
    assert run(capsys, *words)[0] == 0
    before = (root / "reports/history.db").read_bytes()
    assert run(capsys, *words, "--fresh")[0] == 0
    kept = (root / "kept/head").read_text(encoding="utf-8")
    assert kept == run(capsys, "history", "--head")[1]

    (root / "reports/history.db").write_bytes(before)  # whole in itself: its last records were never there
    assert run(capsys, "history", "--verify")[0] == 0
    status, out, err = run(capsys, *words)
    assert (status, out) == (3, "")
    assert "The head that is kept in kept/head" in err
    assert (root / "kept/head").read_text(encoding="utf-8") == kept
    assert run(capsys, "history", "--verify", "--head", kept.strip())[0] == 1
