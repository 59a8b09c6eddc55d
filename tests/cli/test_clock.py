"""Another day than the clock's: what is written bears the clock's, and what is assessed for it judges nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from support import ROOT
from support.fleet_sample import answer, make_workspace

import orr
from orr.assessing import assess
from orr.cli import COMMANDS, main
from orr.fleet.page.gather import gather
from orr.form.session import Session
from orr.history import open_history
from orr.system import clock
from orr.workspace.saving import read_review
from orr.workspace.workspace import Workspace

NOW, LAST_WEEK = "2026-11-30", "2026-11-23"
Call = Callable[..., tuple[int, str, str]]
EXPIRED = """\
waivers:
  - waiver: W-1
    items: [basics/owner]
    reason: nobody yet
    requested_by: wei
    approved_by: ana
    approved_on: 2026-11-20
    expires: 2026-11-25
    states: {basics/owner: not-met}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workload whose only waiver has ended: no-go now, and conditional go last week."""
    make_workspace(tmp_path, "shop")
    answer(tmp_path, "shop", owner="no", more=EXPIRED)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORR_TEST_CLOCK", NOW)
    return tmp_path


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        out, err = capsys.readouterr()
        return status, out, err

    return run


def test_without_a_test_about_it_the_clock_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")
    assert abs(clock.today(UTC) - datetime.now(UTC).date()).days <= 1
    assert not clock.is_today(date(2026, 1, 1), UTC)


# What is assessed for another day


@pytest.mark.kernel
def test_a_run_for_another_day_is_simulated_and_judges_nothing(root: Path, call: Call) -> None:
    assert call("recheck", "--progress", "none")[0] == 1

    status, out, _ = call("recheck", "--progress", "none", "--today", LAST_WEEK)
    assert status == 0
    assert "Simulated: as of 2026-11-23, which is not today." in out
    page = (root / "reports/shop/report.html").read_text(encoding="utf-8")
    assert "Simulation: operational readiness review as of 2026-11-23" in page

    with open_history(root) as history:
        assert history.trends(9) == {
            "shop": [(date(2026, 11, 30), "no-go")],
            "shop/@simulated": [(date(2026, 11, 23), "conditional-go")],
        }
    (standing,) = gather(Workspace(root), root / "reports").standings
    assert standing.trend == [(date(2026, 11, 30), "no-go")]
    assert list(orr.runs("shop")["verdict"]) == ["no-go"]
    out = call("history", "shop")[1]
    assert "2026-11-23" not in out
    assert "Beside these, one simulated run" in out
    (run,) = json.loads(call("history", "shop/@simulated", "--format", "json")[1])["runs"]
    assert (run["today"], run["verdict"]) == (LAST_WEEK, "conditional-go")

    status, out, _ = call("recheck", "--progress", "none")
    assert (status, "verdict" in out) == (1, False)
    assert "Simulation" not in (root / "reports/shop/report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("day", "simulated"), [(NOW, False), (LAST_WEEK, True), ("2026-12-24", True)])
def test_a_page_for_another_day_says_so(root: Path, call: Call, day: str, simulated: bool) -> None:
    call("fleet", "--progress", "none", "--today", day)
    page = (root / "reports/fleet.html").read_text(encoding="utf-8")
    assert (f"Simulation: operational readiness review as of {day}" in page) is simulated
    assert json.loads(call("check", "--format", "json", "--today", day)[1])["simulated"] is simulated
    shown = orr.assess("shop", today=day).report()
    shown.save(root / "page.html")
    assert (f"review as of {day}, which is not" in (root / "page.html").read_text(encoding="utf-8")) is simulated


EVERY_COMMAND = [
    *(
        ["check", "shop"],
        ["lint"],
        ["fleet", "--progress", "none"],
        ["recheck", "--progress", "none"],
        ["impact", "HEAD"],
    ),
    *(["report", "shop"], ["history", "shop"], ["history", "--verify"], ["review", "shop"], ["init", "more"]),
    *(["waive", "shop", "--approve", "W-1"], ["revoke", "shop", "W-1"], ["sign", "shop", "lead", "go"]),
    *(["assign", "shop", "c/a", "--nobody"], ["challenge", "shop", "c/a", "why"], ["comment", "shop", "c/a", "text"]),
    *(["approve", "shop", "tier-exception"], ["remind"], ["gate", "shop"], ["emergency", "shop", "--close", "E-1"]),
    *(["attest", "shop"], ["verify", "orr.yaml"], ["tickets", "shop"]),
    *(["site", "out", "shop"], ["audit", "shop", "--out", "pack.zip"]),
    *(["import", "orr.yaml"], ["export", "lens"], ["schema"], ["checks"], ["trust"]),
]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9001-01-01", "9999-12-31"])
@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_a_day_at_the_end_of_the_calendar_is_refused_by_every_command(
    root: Path, call: Call, words: list[str], day: str
) -> None:
    status, out, err = call(*words, "--today", day)
    assert (status, out) == (2, "")
    assert f"--today: {day} is too far from the present; give a day of the years 1900 to 9000" in err
    assert {words[0] for words in EVERY_COMMAND} == set(COMMANDS)


@pytest.mark.parametrize("day", ["1900-01-01", "9000-12-31"])
@pytest.mark.parametrize(
    "words", [["check", "checkout"], ["fleet", "--progress", "none"], ["lint"], ["history", "checkout"]]
)
def test_far_days_are_days_like_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, call: Call, words: list[str], day: str
) -> None:
    monkeypatch.chdir(ROOT)
    out = ["--out", str(tmp_path)] if "fleet" in words else []
    status, *printed = call(*words, *out, "--today", day)
    assert status in (0, 1, 2)
    assert not re.search("Overflow|orr failed", "".join(printed))


# What is written


def written(root: Path) -> str:
    return (root / "workloads/shop/review.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("day", [LAST_WEEK, "2026-12-24", "1900-01-01", "9000-12-31"])
def test_what_is_written_bears_the_day_of_the_clock(root: Path, call: Call, day: str) -> None:
    waive = ("waive", "shop", "basics/owner", "--reason", "x", "--expires", "2026-12-20", "--by", "wei")
    for words in (
        waive,
        ("waive", "shop", "--approve", "W-2", "--by", "ana"),
        ("revoke", "shop", "W-1"),
        ("sign", "shop", "lead", "no-go", "--by", "ana"),
    ):
        status, _, err = call(*words, "--today", day)
        assert (status, err) == (
            0,
            f"What is written bears the day on which it is written, 2026-11-30; --today {day} changes nothing here.\n",
        )
    review = read_review(root / "workloads/shop/review.yaml", "review.yaml").review
    assert review.waivers[1].approved_on == review.waivers[0].revoked_on == review.sign_offs[0].on == date(2026, 11, 30)
    assert review.sign_offs[0].digest == assess(Workspace(root), "shop").digest
    assert call("check", "shop")[0] in (0, 1)


def test_a_form_for_another_day_only_shows(root: Path) -> None:
    before, sent = written(root), []
    session = Session(root, "shop", today=date(2026, 11, 23))
    edit = {"what": "answer", "item": "basics/owner", "draft": {"answer": "yes"}}
    session.edit({"id": "1", "client": "c", "who": "ana", "edit": edit}, sent.append)
    assert [message["kind"] for message in sent] == ["refused"]
    assert "The form shows 2026-11-23, which is not today" in sent[0]["says"]
    assert written(root) == before


def test_a_form_without_a_day_writes_the_clocks(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")
    sent: list[dict[str, object]] = []
    edit = {"what": "answer", "item": "basics/owner", "draft": {"answer": "yes"}}
    Session(root, "shop").edit({"id": "1", "client": "c", "who": "eve", "edit": edit}, sent.append)
    assert sent[-1]["kind"] == "ack"
    assert re.search(rf"by: eve\n +on: {clock.today(UTC)}T", written(root))


# Dates that have not come, in files


def test_a_date_of_the_future_is_a_fault_that_names_its_line(root: Path, call: Call) -> None:
    path = root / "workloads/shop/review.yaml"
    digest = "sha256:" + "0" * 64
    vote = f"sign_offs:\n  - {{role: lead, by: bo, vote: go, on: 9999-12-31, digest: '{digest}'}}\n"
    path.write_text(written(root) + vote, encoding="utf-8")
    status, _, err = call("check", "shop")
    line = next(number for number, text in enumerate(written(root).splitlines(), 1) if "9999-12-31" in text)
    assert status == 2
    assert re.search(
        rf"review\.yaml:{line}:\d+: on is 9999-12-31, which is in the future; .* correct the date in this line", err
    )
    path.write_text(written(root).replace("9999-12-31", NOW), encoding="utf-8")
    assert call("check", "shop")[0] == 1
