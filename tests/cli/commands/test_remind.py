"""People are told what is due over the channels of `orr.yaml`, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.receiver import Receiver
from support.workspace_sample import FILES, put

from orr.cli import main
from orr.fleet.reminders import LINES, LONGEST
from orr.messages import say as message
from orr.system import clock

REVIEW = """\
review: shop
answers:
  c/own: {answer: partial, by: ana, on: 2026-11-20, challenged: {by: bo, on: 2026-11-21, why: "\\e[31mold drill"}}
  c/ours: {answer: partial, by: ana, on: 2026-11-20, note: ours, plan: {action: drill, owner: Li, due: 2026-11-24}}
assigned:
  c/all: {to: slack://evil, due: 2026-11-25, by: bo}
  c/x: {to: li, due: 2026-12-24, by: bo}
"""
ALL = "organization: acme\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> Path:
    url = receiver.url
    channels = (
        f"people: {{li: '{url}/li', ana: {{to: '{url}/ana', language: zh-CN}}}}\nnotify: {{payments: '{url}/team'}}\n"
    )
    settings = FILES["orr.yaml"] + channels
    put(tmp_path, {"orr.yaml": settings, "workloads/shop/review.yaml": REVIEW, "organization.yaml": ALL})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setattr(clock, "is_today", lambda *_: True)
    return tmp_path


def remind(*words: str) -> int:
    return main(["remind", *words, "--today", "2026-11-22"])


def test_each_is_told_what_is_theirs_in_their_language(
    root: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    assert remind() == 0
    sent = {content["due"][0]["who"]: content for _, _, content in receiver.received}
    assert [[one["item"] for one in content["due"]] for content in sent.values()] == [["c/own"], ["c/ours"], ["c/all"]]
    assert "质疑" in sent["ana"]["text"]
    assert "2026-11-24, Li: the plan for c/ours is due: drill" in sent["Li"]["text"]
    assert "\x1b" not in str(sent)
    # Nobody of that name has a channel: the owner team's is used, never what a review says.
    assert sent["slack://evil"]["text"].startswith("1 thing is due: payments")
    assert "c/x" not in capsys.readouterr().out


def test_what_is_late_is_called_overdue_and_a_plan_is_named_once(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remind", "--dry-run", "--within", "9", "--today", "2026-11-26"]) == 0
    out = capsys.readouterr().out
    assert "Li: the plan for c/ours is overdue: drill" in out
    assert "c/all is overdue, assigned by bo: All?" in out
    assert out.count("c/ours") == 1


def test_a_dry_run_and_another_day_send_nothing(
    root: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remind("--dry-run", "--within", "60") == 0
    assert "c/x is due, assigned by bo: X?" in capsys.readouterr().out
    monkeypatch.setattr(clock, "is_today", lambda *_: False)
    assert remind() == 0
    assert capsys.readouterr().out.endswith("Nothing was sent.\n")
    assert receiver.received == []


def test_who_cannot_be_told_is_named(root: Path, receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> None:
    text = (root / "orr.yaml").read_text(encoding="utf-8")
    (root / "orr.yaml").write_text(
        text.replace("/li'", "/500/secret'").replace("notify: {payments", "notify: {other"), encoding="utf-8"
    )
    assert remind() == 3
    out, err = capsys.readouterr()
    assert "payments: 1 thing; not sent" in out
    assert "li was not told" in err
    assert "secret" not in out + err


def test_what_is_sent_is_bounded() -> None:
    from datetime import date

    from orr.evaluate.tasks import Due
    from orr.fleet.reminders import notice_of, reminders
    from orr.model.settings import Channel, Settings

    on = date(2026, 11, 24)
    due = [
        ("shop", "payments", Due("li", f"c/i{n}", on, message("rule.due.plan", item="c", action="x" * 900)))
        for n in range(50)
    ]
    (one,) = reminders(Settings(people={"li": Channel(to="env:X")}), due)
    notice = notice_of(one, on, "en")
    assert len(notice.content["due"]) == LINES
    assert notice.content["more"] == 50 - LINES
    assert len(notice.body) < (LINES + 1) * (LONGEST + 10)


@pytest.mark.parametrize(
    ("words", "items"),
    [
        pytest.param(["--mine", "ANA"], ["c/own"], id="an answer that is challenged"),
        pytest.param(["--mine", "li"], ["c/ours", "c/x"], id="plans and assignments"),
        pytest.param(["--mine", "bo"], [], id="nothing"),
        pytest.param(["--role", "security"], [], id="a role without items"),
    ],
)
def test_the_open_items_of_a_person_are_listed_those_that_are_due_first(
    root: Path, capsys: pytest.CaptureFixture[str], words: list[str], items: list[str]
) -> None:
    main(["check", "shop", *words, "--today", "2026-11-22"])
    out = capsys.readouterr().out
    assert [line.split(" · ")[0].strip() for line in out.splitlines() if " · " in line] == items
    assert ("challenges the answer: " in out) is (items == ["c/own"])
    assert main(["check", "--format", "json", *words]) == 2


def test_a_channel_of_a_person_that_nothing_could_be_sent_to_is_a_fault(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root / "orr.yaml").write_text("people: {li: somewhere}\n", encoding="utf-8")
    assert main(["lint"]) == 2
    assert "orr.yaml:1:10: " in capsys.readouterr().err
