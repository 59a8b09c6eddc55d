"""What is told of progress: to people, to logs, to programs."""

from __future__ import annotations

import io
import json
import sys

import pytest

from orr.cli import language
from orr.cli import progress as module
from orr.cli.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(module.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(language, "_asked", "en")  # whatever language a command spoke before
    return now


def test_programs_get_an_object_for_every_workload(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    with Progress("recheck", "json") as progress:
        clock[0] += 2
        progress(1, 3, workload="a", verdict="go")
        clock[0] += 2
        progress(2, 3, failed=1, workload="b")
    first, second = (json.loads(line) for line in capsys.readouterr().err.splitlines())
    assert first == {
        "format": "orr.progress/1", "done": 1, "of": 3, "failed": 0, "workload": "a", "verdict": "go",
        "per_second": 0.5, "seconds_left": 4.0,
    }  # fmt: skip
    assert (second["done"], second["failed"], second["verdict"]) == (2, 1, None)


def test_a_log_gets_a_line_now_and_then(capsys: pytest.CaptureFixture[str], clock: list[float]) -> None:
    with Progress("recheck", "auto") as progress:
        for done in range(1, 101):
            clock[0] += 1
            progress(done, 100, failed=done // 50)
    assert capsys.readouterr().err.splitlines() == [
        "recheck: 30 of 100, 1.0/s, 1:10 left",
        "recheck: 60 of 100, 1 failed, 1.0/s, 0:40 left",
        "recheck: 90 of 100, 1 failed, 1.0/s, 0:10 left",
    ]


def test_people_get_a_bar_that_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, clock: list[float]) -> None:
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with Progress("recheck", "auto") as progress:
        clock[0] += 30
        progress(2, 4, failed=1)
        progress.clear()
    shown = [part for part in terminal.getvalue().split("\r") if part.strip(" \n\x1b[A")]
    assert "recheck: 2 of 4, 1 failed, 4.0/min, 0:30 left" in shown[-1]
    assert "█" in shown[-1] or "#" in shown[-1]
    assert terminal.getvalue().endswith("\r")


@pytest.mark.parametrize("style", [None, "none"])
def test_where_nobody_looks_nothing_is_told(
    capsys: pytest.CaptureFixture[str], clock: list[float], style: str | None
) -> None:
    with Progress("checkout", style) as progress:
        clock[0] += 100
        progress(1, 2)
    assert capsys.readouterr().err == ""
