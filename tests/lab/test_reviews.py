"""Open reviews of a server: one for all pages, and nothing acts because a page was opened."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from support.form_stage import saved, workspace

from orr.lab import reviews as module
from orr.lab.reviews import OpenReviews
from orr.source.faults import FaultyInput


class Page:
    """A page that keeps what it is sent."""

    def __init__(self, client: str) -> None:
        self.client, self.sent = client, list[dict[str, Any]]()

    def post(self, text: str) -> None:
        self.sent.append(json.loads(text))

    async def sees(self, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait for a message in which something holds."""
        end = time.monotonic() + 30
        while True:
            found = next((one for one in self.sent if holds(one)), None)
            if found is not None:
                return found
            assert time.monotonic() < end, [one["kind"] for one in self.sent]
            await asyncio.sleep(0.01)


def hello(page: Page, **more: Any) -> dict[str, Any]:
    return {"kind": "hello", "client": page.client, "who": page.client, **more}


def answer(page: Page, item: str, number: str) -> dict[str, Any]:
    edit = {"what": "answer", "item": item, "draft": {"answer": "yes"}, "base": ""}
    return {"kind": "edit", "id": number, "client": page.client, "who": page.client, "edit": edit}


def run(work: Callable[[OpenReviews], Awaitable[None]]) -> None:
    async def whole() -> None:
        reviews = OpenReviews()
        try:
            await work(reviews)
        finally:
            reviews.end()

    asyncio.run(whole())


def ended(message: dict[str, Any]) -> bool:
    return bool(message["kind"] == "job" and message.get("ended"))


@pytest.mark.slow
def test_two_pages_share_one_review_and_each_is_told_what_is_for_it(tmp_path: Path) -> None:
    root = workspace(tmp_path)

    async def work(reviews: OpenReviews) -> None:
        ana, wei = Page("ana"), Page("wei")
        first, second = await asyncio.gather(reviews.join((root, "shop"), ana), reviews.join((root, "shop"), wei))
        assert first is second
        first.receive(hello(ana), [])
        second.receive(hello(wei, by="wei"), [])
        whole = await wei.sees(lambda one: one["kind"] == "all")
        assert (whole["by"], whole["named"]) == ("wei", True)
        assert not (await ana.sees(lambda one: one["kind"] == "all"))["named"]
        second.receive(answer(wei, "rollback/owner", "1"), [])
        await wei.sees(lambda one: one["kind"] == "ack")
        await ana.sees(lambda one: one["kind"] == "patch" and "rollback/owner" in one.get("items", {}))
        assert not [one for one in ana.sent if one["kind"] == "ack"]
        assert saved(root)["answers"]["rollback/owner"]["by"] == "wei"

    run(work)


@pytest.mark.slow
def test_a_review_outlives_a_page_for_a_while_and_then_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = workspace(tmp_path)
    monkeypatch.setattr(module, "LINGER_SECONDS", 0.2)

    async def work(reviews: OpenReviews) -> None:
        page = Page("ana")
        review = await reviews.join((root, "shop"), page)
        review.leave(page)
        assert await reviews.join((root, "shop"), page) is review
        await asyncio.sleep(0.3)
        assert await reviews.join((root, "shop"), Page("wei")) is review
        for one in tuple(review.pages):
            review.leave(one)
        await asyncio.sleep(0.4)
        assert await reviews.join((root, "shop"), page) is not review

    run(work)


def test_only_the_first_page_is_led_to_the_item_that_was_asked_for(tmp_path: Path) -> None:
    root = workspace(tmp_path)

    async def work() -> None:
        reviews = OpenReviews("shop#team/cake")
        for at in ("team/cake", None):
            page = Page("ana")
            review = await reviews.join((root, "shop"), page)
            review.receive(hello(page), [])
            assert (await page.sees(lambda one: one["kind"] == "all"))["at"] == at
            review.end()

    asyncio.run(work())


def test_a_faulty_workspace_is_refused_each_time_until_it_is_mended(tmp_path: Path) -> None:
    root = workspace(tmp_path, **{"workloads/shop/workload.yaml": "workload: shop\n"})

    async def work(reviews: OpenReviews) -> None:
        for _ in range(2):
            with pytest.raises(FaultyInput, match=r"workload\.yaml"):
                await reviews.join((root, "shop"), Page("ana"))
        workspace(tmp_path)
        assert await reviews.join((root, "shop"), Page("ana"))

    run(work)


ACTS = """\
checklist: acts
version: 1
title: Acts
sections:
  - section: s
    items:
      - {item: run, ask: Does it run?, risk: high, checks: [{check: command, argv: [touch, RAN]}]}
      - {item: read, ask: Is it written?, risk: high, checks: [{check: files, paths: README.md}]}
"""


@pytest.mark.slow
def test_what_a_check_would_do_waits_until_somebody_asks_for_it(tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    checklist = ACTS.replace("RAN", str(ran))
    root = workspace(tmp_path / "ws", **{"orr.yaml": "allow: [command]\n", "checklists/acts.yaml": checklist})

    async def work(reviews: OpenReviews) -> None:
        page = Page("ana")
        review = await reviews.join((root, "shop"), page)
        review.receive(hello(page), [])
        asked = await page.sees(lambda one: one.get("top", {}).get("consent"))
        assert "command (1)" in asked["top"]["consent"]
        await page.sees(ended)
        assert not ran.exists()
        found = await page.sees(lambda one: one["kind"] == "patch" and "acts/read" in one.get("items", {}))
        assert found["items"]["acts/read"]["state"] == "not-met"
        review.receive({"kind": "report", "client": "ana", "who": "ana"}, [])
        await page.sees(lambda one: one.get("job") == "report" and "Run the checks first" in one.get("failed", ""))
        vote = {"what": "vote", "role": "service-owner", "vote": "go", "digest": "sha256:0"}
        review.receive({"kind": "edit", "id": "1", "client": "ana", "who": "ana", "edit": vote}, [])
        assert "checks" in (await page.sees(lambda one: one["kind"] == "refused"))["says"]
        assert not ran.exists()
        page.sent.clear()
        review.receive({"kind": "check", "items": None, "client": "ana", "who": "ana"}, [])
        await page.sees(ended)
        assert ran.exists()
        assert (await page.sees(lambda one: "consent" in one.get("top", {})))["top"]["consent"] is None
        # What comes to be asked later is asked for again.
        more = checklist.replace(str(ran), str(tmp_path / "more"))
        (root / "checklists/acts.yaml").write_text(more, encoding="utf-8")
        page.sent.clear()
        await page.sees(lambda one: one.get("top", {}).get("consent"))
        await page.sees(ended)
        assert not (tmp_path / "more").exists()

    run(work)
