"""A conversation with a page: the same over threads and over timers."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import TODAY, saved, workspace

from orr.evidence.pool import Work, in_turn
from orr.form.beside import Beside, Threads, Timers
from orr.form.conversation import Conversation
from orr.form.session import Session
from orr.messages import say
from orr.messages.errors import OrrError

Messages = list[dict[str, Any]]
WAYS = [pytest.param(Threads, id="threads"), pytest.param(Timers, id="timers")]


async def until(found: Callable[[], object], seconds: float = 20.0) -> None:
    """Let go until something holds."""
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


def of_kind(told: Messages, kind: str, **holds: object) -> Messages:
    """The messages of a kind in which certain things hold."""
    return [one for one in told if one["kind"] == kind and holds.items() <= one.items()]


def talk(root: Path, beside: Beside, **more: Any) -> tuple[Conversation, Messages]:
    told: Messages = []
    return Conversation(Session(root, "shop", today=TODAY), told.append, beside=beside, **more), told


@pytest.mark.slow
@pytest.mark.parametrize("beside", WAYS)
def test_a_page_is_told_of_checks_and_of_what_others_wrote(tmp_path: Path, beside: Callable[[], Beside]) -> None:
    root = workspace(tmp_path)

    async def run() -> None:
        conversation, told = talk(root, beside(), suggested="lee")
        conversation.begin()
        conversation.receive({"kind": "hello", "client": "c", "who": "ana"}, [])
        (whole,) = of_kind(told, "all")
        assert (whole["to"], whole["suggested"]) == ("c", "lee")
        await until(lambda: of_kind(told, "job", job="checks", ended=True))
        assert any(one["items"].get("rollback/written") for one in of_kind(told, "patch") if "items" in one)
        await until(lambda: any(one["top"].get("digest") for one in of_kind(told, "patch") if "top" in one))
        (root / "workloads/shop/review.yaml").write_text("review: shop\nbenefits: The sale.\n", encoding="utf-8")
        await until(lambda: any(one.get("top", {}).get("benefits") == "The sale." for one in told))
        conversation.end()

    asyncio.run(run())


@pytest.mark.parametrize("beside", WAYS)
def test_the_report_of_now_is_made_by_whom_the_host_names(tmp_path: Path, beside: Callable[[], Beside]) -> None:
    root = workspace(tmp_path)

    def refused(_: Session) -> str:
        raise OrrError(say("form.refused.who"))

    async def run() -> None:
        for page_of, ends in ((lambda _: "<p>now</p>", "page"), (refused, "failed")):
            conversation, told = talk(root, beside(), page_of=page_of)
            conversation.receive({"kind": "report"}, [])
            await until(lambda told=told, ends=ends: any(ends in one for one in told))  # type: ignore[misc]

    asyncio.run(run())


def test_an_answer_goes_to_the_file_without_any_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", cannot)
    root = workspace(tmp_path)

    async def run() -> None:
        conversation, told = talk(root, Timers())
        conversation.begin()
        conversation.receive({"kind": "hello", "client": "c", "who": "ana"}, [])
        draft = {"what": "answer", "item": "rollback/owner", "draft": {"answer": "yes"}, "base": ""}
        conversation.session.held.fixed_day = None
        conversation.receive({"kind": "edit", "id": "1", "client": "c", "who": "ana", "edit": draft}, [])
        assert of_kind(told, "ack")
        await until(lambda: of_kind(told, "job", job="checks", ended=True))
        conversation.end()

    asyncio.run(run())
    assert saved(root)["answers"]["rollback/owner"]["answer"] == "yes"


def test_timers_let_others_in_between_the_steps() -> None:
    seen: list[str] = []

    def work() -> Iterator[None]:
        for number in range(3):
            seen.append(str(number))
            yield

    async def run() -> None:
        Timers().begin("work", work())
        asyncio.get_running_loop().call_later(0, seen.append, "other")
        await until(lambda: len(seen) == 4)

    asyncio.run(run())
    assert seen.index("other") < 3


@pytest.mark.parametrize("beside", WAYS)
def test_what_is_woken_waits_anew_and_what_has_ended_looks_no_more(beside: Callable[[], Beside]) -> None:
    async def run() -> None:
        looks: list[float] = []
        regular = beside().regular("look", lambda: 0.15, lambda: looks.append(time.monotonic()))
        regular.start()
        woken = 0.0
        for _ in range(3):
            await asyncio.sleep(0.08)
            woken = time.monotonic()
            regular.wake()
        await until(lambda: len(looks) >= 2)
        assert looks[0] >= woken + 0.1
        regular.end()
        count = len(looks)
        await asyncio.sleep(0.2)
        assert len(looks) <= count + 1

    asyncio.run(run())


def test_work_done_in_turn_gives_its_results_in_order_and_tells_of_each() -> None:
    told: list[tuple[int, int]] = []
    work = [Work("k", lambda n=n: time.sleep(0.03) or n, lambda: -1, 60.0) for n in range(4)]
    results: list[int] = []

    def worked_off() -> Iterator[None]:
        results.extend((yield from in_turn(work, lambda done, of: told.append((done, of)))))

    assert list(worked_off())  # it lets go after each 50 ms
    assert results == [0, 1, 2, 3]
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
