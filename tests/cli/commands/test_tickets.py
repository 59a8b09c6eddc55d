"""`orr tickets`: what is open becomes tickets, once, and only with `--apply`."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.local_server import Asked, local_server
from support.trackers import Answer, FakeGitHub, FakeGitLab, FakeTracker

from orr.cli import main

CHECKLIST = """\
checklist: c
version: 1
title: C
sections:
  - section: plain
    items:
      - {item: own, ask: Is it owned?, fix: Name one., risk: high, blocking: true}
      - {item: drilled, ask: Was it drilled?, risk: medium}
      - {item: drawn, ask: Is it drawn?, risk: low}
"""
WORKLOAD = "workload: shop\ntitle: Shop\ntier: 1\nowner: {team: payments}\n"
OPEN = "review: shop\nanswers:\n  c/drawn: {answer: yes, by: wei, on: 2026-11-20}\n"
OWNED = OPEN + "  c/own: {answer: yes, by: wei, on: 2026-11-20}\n"
PLANNED = OPEN + (
    "  c/own: {answer: no, by: wei, on: 2026-11-20, plan: {action: Name @wei <b>, owner: wei, due: 2027-11-28}}\n"
)
TOKEN = "ghp" + "_16C7e42F292c6912E7710c838347Ae178B4a"  # apart, so that no search for secrets finds it


def put(root: Path, settings: str) -> None:
    files = {"orr.yaml": settings, "checklists/c.yaml": CHECKLIST, "workloads/shop/workload.yaml": WORKLOAD}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


@pytest.fixture(params=["github", "gitlab"])
def tracker(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeTracker]:
    with local_server() as local:
        kind = FakeGitHub if request.param == "github" else FakeGitLab
        base = local.url + ("" if request.param == "github" else "/api/v4")
        place = "repository" if request.param == "github" else "project"
        settings = (
            f"allow: [tickets]\ntickets:\n  {request.param}: {{{place}: acme/shop, token: TRACKER, url: '{base}'}}\n"
        )
        put(tmp_path, settings)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("ORR_TRUST", str(tmp_path))
        monkeypatch.setenv("TRACKER", TOKEN)
        answer(OPEN)
        yield kind(local, TOKEN)


def answer(review: str) -> None:
    Path("workloads/shop/review.yaml").write_text(review, encoding="utf-8")


def run(tracker: FakeTracker, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, str, str]:
    target = "github" if isinstance(tracker, FakeGitHub) else "gitlab"
    status = main(["tickets", "shop", "--to", target, *more])
    out, err = capsys.readouterr()
    assert TOKEN not in out + err
    return status, out, err


def test_without_apply_nothing_is_written_and_what_would_be_is_printed(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(tracker, capsys)
    assert (status, tracker.writes) == (0, 0)
    assert out == (
        "acme/shop: what --apply would do\n  + shop: Is it owned?\n  + shop: Was it drilled?\n  = 0 tickets unchanged\n"
    )


def test_a_second_run_changes_nothing_and_never_doubles(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(tracker, capsys, "--apply")
    assert status == 0
    assert "+ shop: Is it owned?: https://" in out
    assert tracker.states == [("shop: Is it owned?", "open"), ("shop: Was it drilled?", "open")]
    before = tracker.writes
    assert "= 2 tickets unchanged" in run(tracker, capsys, "--apply")[1]
    assert tracker.writes == before


def test_what_is_open_no_longer_is_closed_and_opens_again_where_it_is(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tracker, capsys, "--apply")
    answer(OWNED)
    assert "x #1 shop/c/own: closes" in run(tracker, capsys, "--apply")[1]
    assert tracker.states == [("shop: Is it owned?", "closed"), ("shop: Was it drilled?", "open")]
    answer(OPEN)
    assert "~ #1 shop/c/own: opens again" in run(tracker, capsys, "--apply")[1]
    assert tracker.states[0] == ("shop: Is it owned?", "open")
    assert "= 2 tickets unchanged" in run(tracker, capsys, "--apply")[1]


def test_what_people_closed_or_wrote_there_stays_and_proves_nothing(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tracker, capsys, "--apply")
    tracker.close(1)
    issue = tracker.issues[2]
    issue["title"] = "Drill on Friday"
    issue[tracker.body] = "See the wiki.\r\n\r\n" + issue[tracker.body].replace("\n", "\r\n")
    status, out, _ = run(tracker, capsys, "--apply")
    assert "! #1 shop/c/own was closed there, and is open here all the same" in out
    assert status == 0
    assert tracker.states == [("shop: Is it owned?", "closed"), ("Drill on Friday", "open")]
    assert "= one ticket unchanged" in out
    assert main(["check", "shop"]) == 1  # no-go, whatever a ticket says


def test_a_plan_changes_the_text_and_people_s_words_are_no_markup(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tracker, capsys, "--apply")
    answer(PLANNED)
    assert "~ #1 shop/c/own: its text changes" in run(tracker, capsys, "--apply")[1]
    text = tracker.issues[1][tracker.body]
    assert "- Due: 2027-11-28" in text
    assert "@wei" not in text
    assert "<b>" not in text
    if isinstance(tracker, FakeGitLab):
        assert tracker.issues[1]["due_date"] == "2027-11-28"
        tracker.issues[1]["due_date"] = "2027-12-24"
        out = run(tracker, capsys)[1]
        assert "! #1 shop/c/own is due on 2027-12-24 there, and on 2027-11-28 here" in out


def test_a_ticket_per_owner_holds_all_that_is_theirs(tracker: FakeTracker, capsys: pytest.CaptureFixture[str]) -> None:
    run(tracker, capsys, "--per", "owner", "--apply")
    assert tracker.states == [("shop: 2 open items of payments", "open")]
    assert "c/own" in tracker.issues[1][tracker.body]
    assert "c/drilled" in tracker.issues[1][tracker.body]


def test_a_workload_that_could_not_be_read_closes_nothing_and_has_a_ticket(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tracker, capsys, "--apply")
    answer("review: shop\nanswers: 7\n")
    status, _, err = run(tracker, capsys, "--apply")
    assert status == 2
    assert "workloads/shop/review.yaml:2:1:" in err
    assert [state for _, state in tracker.states] == ["open", "open", "open"]
    assert tracker.states[2][0] == "shop: It could not be read, because of one fault"
    answer(OPEN)
    assert "x #3 shop/unread: closes" in run(tracker, capsys, "--apply")[1]


def test_a_tracker_that_refuses_or_answers_otherwise_is_status_3_and_nothing_is_written(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER", TOKEN[::-1])
    status, _, err = run(tracker, capsys, "--apply")
    assert (status, tracker.writes) == (3, 0)
    assert "401" in err
    monkeypatch.setenv("TRACKER", TOKEN)
    tracker.local.answers[tracker.path] = (200, {}, {"message": "what you asked for"})
    assert run(tracker, capsys, "--apply")[0] == 3
    assert tracker.writes == 0


@pytest.mark.parametrize(
    ("status", "headers", "writes"),
    [
        pytest.param(429, {"Retry-After": "0"}, 2, id="too many requests"),
        pytest.param(403, {"Retry-After": "0"}, 2, id="GitHub's secondary limit"),
        pytest.param(403, {"X-RateLimit-Remaining": "0", "Retry-After": "3600"}, 0, id="GitHub's limit of an hour"),
        pytest.param(403, {}, 0, id="no permission"),
    ],
)
def test_a_limit_is_waited_for_if_it_is_near_and_else_leaves_the_rest_for_the_next_run(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str], status: int, headers: dict[str, str], writes: int
) -> None:
    limits = [(status, headers, {"message": "Wait."})]
    collection = tracker.collection
    tracker.local.answers[tracker.path] = lambda asked: (
        limits.pop() if limits and asked.method == "POST" else collection(asked)
    )
    given, _, err = run(tracker, capsys, "--apply")
    assert (given, tracker.writes) == ((0, writes) if writes else (3, 0))
    assert ("too many requests" in err) == ("3600" in headers.values())
    assert run(tracker, capsys, "--apply")[0] == 0
    assert tracker.states == [("shop: Is it owned?", "open"), ("shop: Was it drilled?", "open")]


def test_of_two_runs_at_once_the_later_ticket_is_closed_again(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tracker, capsys, "--apply")
    seen = [{**one} for one in tracker.issues.values()]
    tracker.issues.clear()
    collection, others = tracker.collection, [*seen]

    def late(asked: Asked) -> Answer:
        """What another run writes between this run's list and its first ticket."""
        if asked.method == "POST" and others:
            tracker.issues.update({number: others.pop(0) for number in (1, 2)})
        return collection(asked)

    tracker.local.answers[tracker.path] = late
    out = run(tracker, capsys, "--apply")[1]
    assert "x #3 shop/c/own: closes, another run created one before it" in out
    assert [state for _, state in tracker.states] == ["open", "open", "closed", "closed"]
    assert "= 2 tickets unchanged" in run(tracker, capsys, "--apply")[1]


def test_a_ticket_that_would_not_be_found_again_ends_the_run(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tracker.made
    monkeypatch.setattr(tracker, "made", lambda number, data: {**made(number, data), "labels": []})
    status, _, err = run(tracker, capsys, "--apply")
    assert (status, tracker.writes) == (3, 1)
    assert "did not take the label orr" in err


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("language: en\n", "add `tickets` to its `allow`"),
        ("allow: [tickets]\n", "orr.yaml does not say where"),
        ("tickets: {github: {repository: acme/shop, token: TRACKER}}\n", "add `tickets` to its `allow`"),
        ("allow: [tickets]\ntickets: {github: {repository: ../x, token: TRACKER}}\n", "orr.yaml:2:"),
        ("allow: [tickets]\ntickets: {github: {repository: acme/shop, token: $TRACKER}}\n", "orr.yaml:2:"),
        (
            "allow: [tickets]\ntickets: {github: {repository: a/b, token: TRACKER, url: 'http://tracker.example'}}\n",
            "https",
        ),
        (
            "allow: [tickets]\ntickets: {github: {repository: a/b, token: T, url: 'http://u:p@x'}}\n",
            "orr.yaml:2:",
        ),
    ],
)
def test_a_target_comes_from_orr_yaml_alone_and_a_token_travels_safely(
    settings: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, settings)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ORR_TRUST", str(tmp_path))
    monkeypatch.setenv("TRACKER", TOKEN)
    assert main(["tickets", "shop", "--to", "github", "--apply"]) in (2, 3)
    assert says in capsys.readouterr().err


def test_an_untrusted_folder_sends_no_token_anywhere(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ORR_TRUST")
    status, _, err = run(tracker, capsys)
    assert status == 2
    assert "orr trust" in err
    assert tracker.local.asked == []


def test_nothing_is_written_for_another_day(
    tracker: FakeTracker, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORR_TEST_CLOCK", "system")
    status, _, err = run(tracker, capsys, "--apply", "--today", "2026-01-01")
    assert (status, tracker.writes) == (2, 0)
    assert "present day" in err


def test_a_csv_has_the_columns_of_jira_and_no_formula(tracker: FakeTracker, capsys: pytest.CaptureFixture[str]) -> None:
    answer(PLANNED.replace("Name @wei <b>", "'=1+1'"))
    assert main(["tickets", "shop", "--to", "csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out.removeprefix("\ufeff"), newline="")))
    assert list(rows[0]) == [
        "Summary",
        "Issue Type",
        "Priority",
        "Due Date",
        "Labels",
        "Description",
        "External issue ID",
    ]
    said = [(row["Priority"], row["Due Date"], row["External issue ID"]) for row in rows]
    assert said == [("Highest", "2027-11-28", "shop/c/own"), ("Medium", "", "shop/c/drilled")]
    assert not any(cell.startswith("=") for row in rows for cell in row.values())
    assert tracker.local.asked == []


def test_a_text_that_was_cut_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tmp_path, "language: en\n")
    (tmp_path / "workloads/shop/review.yaml").write_text(PLANNED.replace("Name @wei <b>", "x" * 40_000))
    monkeypatch.chdir(tmp_path)
    assert main(["tickets", "shop", "--to", "csv"]) == 0
    assert "shop/c/own: the text was cut by 4" in capsys.readouterr().err
