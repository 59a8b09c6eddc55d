"""Who hears of drift, where, and in which language; through real channels to a server on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fleet_sample import TODAY, answer, assessed, make_workload, make_workspace
from support.receiver import Receiver

from orr.cli.announce import notify_all
from orr.fleet.pool import Result
from orr.fleet.recheck import Rechecked
from orr.history import Before, Run
from orr.history.comparison import drift
from orr.messages import say
from orr.workspace.workspace import Workspace


def rechecked(before: dict[str, Any], now: dict[str, Any] | None, *, failed: bool = False) -> Rechecked:
    run: Any = Run(before["workload"], TODAY, None, before)  # type: ignore[arg-type]
    failure = say("fleet.died") if now is None else None
    result = Result(before["workload"], assessment=now, failure=failure)
    return Rechecked(result, Before(run, failed), drift(before, now) if now is not None else None)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> Path:
    monkeypatch.setenv("SALES_CHANNEL", receiver.url.replace("http://", "json://"))
    settings = "notify: {sales: {to: 'env:SALES_CHANNEL', language: zh-CN}}\nreport_url: https://ready.example.com/r/\n"
    root = make_workspace(tmp_path, "shop", settings=settings)
    make_workload(root, "stock")
    return root


@pytest.fixture
def worse(root: Path) -> Rechecked:
    before = assessed(root, "shop")
    answer(root, "shop", owner="no")
    return rechecked(before, assessed(root, "shop"))


def told(root: Path, changed: list[Rechecked], to: str | None = None, *, only_worse: bool = False) -> list[str]:
    workspace = Workspace(root, TODAY)
    return [str(lost) for lost in notify_all(workspace, changed, to, root / "reports", "en", only_worse=only_worse)]


def test_the_owner_hears_through_apprise_in_their_language_with_the_link(
    root: Path, receiver: Receiver, worse: Rechecked
) -> None:
    assert told(root, [worse]) == []
    ((_, _, sent),) = receiver.received
    assert sent["title"] == "shop 由“可以上线”变为“不可上线：1 项已知缺失”"
    assert "basics/owner 新增未关闭" in sent["message"]
    assert "https://ready.example.com/r/shop/report.html" in sent["message"]


def test_nothing_that_drifted_is_nothing_told(root: Path, receiver: Receiver) -> None:
    assert told(root, [], receiver.url) == []
    assert receiver.received == []


def test_a_recovery_is_told_also_where_only_regressions_are(root: Path, receiver: Receiver) -> None:
    answer(root, "shop", owner="no")
    before = assessed(root, "shop")
    answer(root, "shop")
    good = rechecked(before, assessed(root, "shop"))
    answer(root, "stock", board="no")
    aside = assessed(root, "stock")
    answer(root, "stock", board="no", more="benefits: much\n")
    same = rechecked(aside, assessed(root, "stock"))
    assert told(root, [good, same], only_worse=True) == []
    ((_, _, sent),) = receiver.received
    assert sent["title"] == "shop 由“不可上线”变为“可以上线”"
    assert "stock" not in sent["message"]


def test_a_workload_that_is_lost_is_told(root: Path, receiver: Receiver) -> None:
    assert told(root, [rechecked(assessed(root, "shop"), None)]) == []
    assert receiver.received[0][2]["title"] == "shop 未能评估"


@pytest.mark.parametrize(
    ("channel", "says"),
    [
        pytest.param("", "$SALES_CHANNEL is not set.", id="no-secret"),
        pytest.param("nothing://of-this-kind/T0-secret", "Apprise knows no channel nothing://", id="unknown"),
        pytest.param("json://127.0.0.1:1/T0-secret", "json:// did not take it.", id="refused"),
        pytest.param("http://127.0.0.1:1/T0-secret", "refused", id="web"),
    ],
)
def test_a_channel_that_fails_is_told_without_its_address_and_stops_no_other(
    root: Path, receiver: Receiver, worse: Rechecked, monkeypatch: pytest.MonkeyPatch, channel: str, says: str
) -> None:
    monkeypatch.setenv("SALES_CHANNEL", channel)
    (lost,) = told(root, [worse], receiver.url)
    assert lost.startswith("The notification of team sales did not arrive: ")
    assert says in lost
    assert "T0-secret" not in lost
    ((_, _, sent),) = receiver.received
    assert sent["format"] == "orr.drift/1"
    assert sent["workloads"][0]["report"] == "https://ready.example.com/r/shop/report.html"


def test_a_file_of_a_workload_cannot_name_a_channel(root: Path) -> None:
    path = root / "workloads" / "shop" / "workload.yaml"
    path.write_text(path.read_text() + "notify: json://attacker.example.com\n")
    assert Workspace(root, TODAY).workload("shop") is None
