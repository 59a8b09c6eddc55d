"""A stage for the form: a small workspace, the real widget without a kernel, and an empty page that shows it."""

from __future__ import annotations

import json
import queue
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from orr.form.session import Session
from orr.form.widget import ReviewForm
from orr.source.yaml import parse

TODAY = date(2026, 11, 22)

SETTINGS = """\
timezone: Asia/Shanghai
checklists: [checklists]
tiers: {shop: 1}
policy:
  - tiers: [1, 2, 3, 4]
    no_go: [high]
    conditional: [medium]
    sign_offs: [service-owner, operations]
    distinct: false
    waiver_max_days: 90
"""
ROLLBACK = """\
checklist: rollback
version: 1
title: {en: Rollback, zh-CN: 回滚}
sections:
  - section: plan
    title: {en: The plan, zh-CN: 方案}
    items:
      - item: rehearsed
        ask: {en: Was the rollback rehearsed?, zh-CN: 演练过回滚吗？}
        why: {en: An untried way back is none., zh-CN: 没试过的退路不算退路。}
        fix: {en: "Rehearse it with `undo --all` or `<b>`.", zh-CN: 演练一次。}
        risk: high
        blocking: true
        evidence: required
      - item: owner
        ask: {en: Does one person decide?, zh-CN: 是否由一人决定？}
        core: true
        role: [operations, management]
        risk: medium
        plan_accepted: true
      - item: written
        ask: {en: Is the plan written down?, zh-CN: 方案写下来了吗？}
        risk: high
        checks:
          - {check: document, path: docs/rollback.md, sections: [Trigger, Steps]}
"""
TEAM = """\
checklist: team
version: 1
title: {en: The team, zh-CN: 团队}
sections:
  - section: people
    items:
      - {item: rota, ask: {en: Is there a rota?, zh-CN: 有值班表吗？}, risk: high, scope: team}
      - {item: cake, ask: {en: Is there cake?, zh-CN: 有蛋糕吗？}, risk: low, waivable: false}
  - section: shape
    title: {en: How the team is cut, zh-CN: 团队划分}
    risk_rules:
      - {if: one-team && on-call, risk: none}
      - {if: default, risk: medium}
    items:
      - {item: one-team, role: product, ask: {en: One team owns it, zh-CN: 由一个团队负责}}
      - {item: on-call, ask: {en: The team is on call, zh-CN: 团队自己值班}}
"""
WORKLOAD = """\
workload: shop
title: {en: Shop, zh-CN: 商店}
tier: 1
owner: {team: sales}
launch: 2026-12-01T09:00+08:00
"""
SALES = """\
team: sales
answers:
  team/rota: {answer: yes, note: In the calendar., by: lee, on: 2026-11-01}
"""


def workspace(root: Path, review: str | None = None, **files: str) -> Path:
    """Write a workspace with the workload `shop`."""
    texts = {
        "orr.yaml": SETTINGS,
        "checklists/rollback.yaml": ROLLBACK,
        "checklists/team.yaml": TEAM,
        "workloads/shop/workload.yaml": WORKLOAD,
        "workloads/shop/docs/rollback.md": "# Rollback\n\n## Trigger\n\nErrors.\n\n## Steps\n\n1. Back.\n",
        "teams/sales.yaml": SALES,
        **files,
    }
    if review is not None:
        texts["workloads/shop/review.yaml"] = review
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def saved(root: Path, name: str = "shop") -> dict[str, Any]:
    """What the review file says now; nothing where there is none."""
    path = root / "workloads" / name / "review.yaml"
    data = parse(path.read_text(encoding="utf-8"), "review.yaml") if path.exists() else {}
    assert isinstance(data, dict)
    return data


class Line:
    """Stands where a comm would: it keeps what Python sends."""

    comm_id = "line"

    def __init__(self) -> None:
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        self.opened = True
        self.buffers: Any = None

    def send(self, data: dict[str, Any], **_more: Any) -> None:
        if self.opened and data.get("method") == "custom":
            self.sent.put(json.loads(json.dumps(data["content"])))

    def on_msg(self, _callback: object) -> None: ...

    def close(self, *_arguments: object, **_more: object) -> None: ...

    def drain(self) -> list[dict[str, Any]]:
        found = []
        while not self.sent.empty():
            found.append(self.sent.get())
        return found


class Stage:
    """The real widget on a line of our own.

    Parameters
    ----------
    session
        The review that it shows.
    by
        Who is at the form; None lets the page ask.
    suggested
        Whose server it is, where that is known.
    at
        The item to which the page goes.
    """

    def __init__(
        self, session: Session, by: str | None = "ana", suggested: str | None = None, at: str | None = None
    ) -> None:
        self.session = session
        self.line = Line()
        with patch("ipywidgets.widgets.widget.comm.create_comm", lambda **_: self.line):
            self.form = ReviewForm(session, by, suggested, at)

    def receive(self, content: dict[str, Any], buffers: list[bytes] | None = None) -> list[dict[str, Any]]:
        """Let the page say something; returns what Python says to it."""
        self.form._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": buffers or []})
        return self.line.drain()

    def end(self) -> None:
        self.form.conversation.end()


PAGE = """<!doctype html><html lang="en"><head><title>Form</title><meta name="viewport" content="width=device-width">
<style>body{margin:8px;font-family:sans-serif}</style></head>
<body data-jp-theme-light="LIGHT"><main><h1 class="orr-outside" style="font-size:14px">Form</h1>
<div id="here"></div></main><script type="module">
import form from "/form.js";
const heard = {};
const model = {
  send(content, _callbacks, buffers) {
    const bytes = (buffers ?? []).map((one) => [...new Uint8Array(one)]);
    window.lineIsCut ? null : window.toPython(JSON.stringify(content), JSON.stringify(bytes)).then(pull);
  },
  on(name, callback) { (heard[name] ??= []).push(callback); },
  off(name, callback) { heard[name] = (heard[name] ?? []).filter((one) => one !== callback); },
};
async function pull() {
  const messages = JSON.parse(await window.fromPython());
  for (const message of messages) for (const one of heard["msg:custom"] ?? []) one(message, []);
}
setInterval(() => window.lineIsCut || pull(), 60);
window.dispatch = (name) => (heard[name] ?? []).forEach((one) => one());
window.model = model;
const style = document.head.appendChild(document.createElement("link"));
style.rel = "stylesheet"; style.href = "/form.css";
window.end = form.render({ model, el: document.getElementById("here") });
</script></body></html>"""


def show(page: Any, stage: Stage, *, light: bool = True, address: str = "http://form.test/") -> None:
    """Show the form on a page that asks nothing else of anybody."""
    from orr.form import bundle

    def answer(route: Any) -> None:
        path = route.request.url.split("/", 3)[3]
        bodies = {
            "": (PAGE.replace("LIGHT", str(light).lower()), "text/html"),
            "form.js": (bundle.program(), "text/javascript"),
            "form.css": (bundle.style(), "text/css"),
        }
        if path not in bodies:
            route.fulfill(status=404, body="")
            return
        body, kind = bodies[path]
        route.fulfill(body=body, content_type=f"{kind}; charset=utf-8")

    def receive(content: str, buffers: str) -> None:
        message = {"content": {"data": {"method": "custom", "content": json.loads(content)}}}
        stage.form._handle_msg({**message, "buffers": [bytes(one) for one in json.loads(buffers)]})

    page.route("**/*", answer)
    page.expose_function("toPython", receive)
    page.expose_function("fromPython", lambda: json.dumps(stage.line.drain()))
    page.goto(address)
    page.locator(".orr-form .verdict-word").wait_for()


Opener = Callable[..., Any]
