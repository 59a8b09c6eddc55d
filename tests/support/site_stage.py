"""A stage for sites: a workspace whose checks need git and programs, Python for browsers, a page without a browser."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from orr.evidence.kinds import registry
from orr.site import packed, pyodide
from orr.site.browser import Page
from orr.site.facts import Facts
from orr.system import cache

ORR_YAML = """\
timezone: Asia/Shanghai
checklists: [checklists]
allow: [command, http]
policy:
  - {tiers: [1, 2, 3, 4], no_go: [high], conditional: [medium], sign_offs: [service-owner], waiver_max_days: 90}
"""
CHECKLIST = """\
checklist: ready
version: 1
title: {en: Ready, zh-CN: 就绪}
sections:
  - section: all
    title: All
    items:
      - item: written
        ask: Is the plan written down?
        risk: high
        checks: [{check: document, path: docs/plan.md, sections: [Trigger]}]
      - item: recent
        ask: Was it changed lately?
        risk: medium
        checks: [{check: files, paths: docs/*.md, newest_within: 90d, age_from: git}]
      - item: tidy
        ask: Is nothing there that must not be?
        risk: high
        checks: [{check: files, forbidden: ["*.key"]}]
      - item: tested
        ask: Do the tests pass?
        risk: high
        checks: [{check: command, argv: [git, --version]}]
      - item: up
        ask: Does it answer?
        risk: low
        checks: [{check: http, url: "http://127.0.0.1:9/"}]
      - item: later
        ask: Is it still so?
        risk: low
        occasions: [recurring]
        checks: [{check: files, paths: docs/plan.md}]
      - {item: owner, ask: Does one person decide?, risk: high, evidence: required}
      - {item: cake, ask: Is there cake?, risk: low}
"""
WORKLOAD = """\
workload: shop
title: {en: Shop, zh-CN: 商店}
tier: 1
owner: {team: sales}
live_since: 2025-01-01
"""
REVIEW = """\
review: shop
answers:
  ready/owner:
    answer: yes
    evidence: [{title: Minutes, path: docs/minutes.txt}]
    by: lee
    on: 2026-11-01
"""


PYODIDE = {
    "pyodide.mjs": b"async function dt(){}const U='1';export{dt as loadPyodide,U as version};",
    "pyodide.asm.mjs": b"function _createPyodideModule(){return import.meta.url}export default _createPyodideModule;",
    "pyodide.asm.wasm": b"\0asm",
    "python_stdlib.zip": b"PK",
    "pyodide-lock.json": b"{}",
}
"""Files in the place of Pyodide's, of the same form."""


def workspace_in(root: Path) -> Path:
    """A workspace in a git repository; one of its files git ignores, another was committed long ago."""
    texts = {
        "orr.yaml": ORR_YAML,
        "checklists/ready.yaml": CHECKLIST,
        "workloads/shop/workload.yaml": WORKLOAD,
        "workloads/shop/review.yaml": REVIEW,
        "workloads/shop/docs/plan.md": "# Plan\n\n## Trigger\n\nErrors of more than 2 % for five minutes.\n",
        "workloads/shop/docs/minutes.txt": "It is Lee.\n",
        "workloads/shop/docs/unread.txt": "Nobody reads this.\n",
        ".gitignore": "*.key\n",
    }
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    committed(root)
    (root / "workloads/shop/own.key").write_text("mine\n", encoding="utf-8")
    return root


def committed(root: Path) -> Path:
    """A workspace, now in a git repository whose one commit is of long ago."""
    date = "2026-01-05T10:00:00+00:00"
    environment = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date}
    who = ["-c", "user.name=Lee", "-c", "user.email=lee@example.com"]
    for words in (["init", "-q"], ["add", "-A"], [*who, "commit", "-qm", "Begin"]):
        subprocess.run(["git", *words], cwd=root, env=environment, check=True)
    return root


def python_for_browsers() -> Path:
    """The folder with Pyodide and pydantic's core; fetched from npm and PyPI where they are not there yet."""
    folder = Path(os.environ.get("ORR_PYODIDE") or Path.home() / ".cache" / "orr-pyodide")
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in zip((pyodide.ARCHIVE, pyodide.WHEEL), pyodide.COMMANDS, strict=True):
        if not (folder / name).is_file():
            words = [str(folder) if word == "FOLDER" else word for word in command.split()]
            words = [sys.executable if word == "python" else word for word in words]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode and os.environ.get("CI") != "true":
                pytest.skip(f"Python for browsers cannot be fetched: {' '.join(words)}")
            assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-500:]}"
    return folder


class Told:
    """A page's Python, here and not in a browser, and all that it says."""

    def __init__(self, folder: Path) -> None:
        self.messages: list[dict[str, Any]] = []
        self.page = Page(str(folder), lambda text: self.messages.append(json.loads(text)))

    def of(self, kind: str) -> list[dict[str, Any]]:
        """What it says to the page around the form."""
        return [one for one in self.messages if one.get("site") == kind]

    def say(self, kind: str, **more: Any) -> None:
        """What the form says."""
        self.page.receive(json.dumps({"kind": kind, "client": "c", "who": "ana", **more}), [])

    def answer(self, item: str, reply: str, base: str = "") -> dict[str, Any]:
        """Answer an item, and what comes back."""
        edit = {"what": "answer", "item": item, "draft": {"answer": reply}, "base": base}
        self.say("edit", id=f"{item} {len(self.messages)}", edit=edit)
        return next(
            one for one in reversed(self.messages) if one.get("kind") in ("ack", "refused", "conflict", "failed")
        )

    def review(self) -> str:
        """The review as the page was given it last."""
        told = next(one for one in reversed(self.of("file")) if one["name"].endswith("/review.yaml"))
        return base64.b64decode(told["content"]).decode()

    async def checked(self) -> dict[str, Any]:
        """Wait until the checks have run, and give what the page shows above all."""
        self.say("hello")
        end = time.monotonic() + 30
        while not any(one.get("ended") for one in self.messages) or not self._digests():
            assert time.monotonic() < end
            await asyncio.sleep(0.02)
        return self._digests()[-1]

    def _digests(self) -> list[dict[str, Any]]:
        ended = next((at for at, one in enumerate(self.messages) if one.get("ended")), len(self.messages))
        return [one["top"] for one in self.messages[ended:] if one.get("top", {}).get("digest")]


@contextmanager
def laid_out(facts: Facts, folder: Path) -> Iterator[Path]:
    """The files of a page as its Python finds them."""
    for name in facts.folders:
        (folder / packed.FILES / name).mkdir(parents=True, exist_ok=True)
    for name, raw in {packed.FACTS: packed.as_json(facts.page)}.items():
        (folder / name).write_bytes(raw)
    for name, raw in facts.files.items():
        (folder / packed.FILES / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / packed.FILES / name).write_bytes(raw)
    with patch.object(cache, "worked_out", None), patch.dict(registry.ELSEWHERE, {}):
        yield folder


def talk(folder: Path, work: Callable[[Told], Any]) -> Any:
    """Let something happen in a page."""

    async def run() -> Any:
        told = Told(folder)
        try:
            return await work(told)
        finally:
            if told.page.conversation is not None:
                told.page.conversation.end()

    return asyncio.run(run())
