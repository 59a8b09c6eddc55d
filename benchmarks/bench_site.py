"""How large and how fast a review without a server is: `python benchmarks/bench_site.py [WORKLOAD]`.

Each figure beside its limit, of the folder on a host and of the single file: what goes over the line where the host
compresses; from opening the page until the form can be answered, the first time (`cold`) and from the browser's cache
(`warm`); until the first checks have ended; from a click to the changed verdict, while those checks run (`early`) and
after them (`click`, `slowest`). Of times the least of several runs, for the machine may be busy; of clicks the median.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import os
import statistics
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support import ROOT
from support.browsing import CHROMIUM, FLAGS
from support.site_stage import python_for_browsers

RUNS = 3
CLICKS = 20
LIMITS = {"MB over the line": 11, "cold": 8000, "warm": 4000, "early": 250, "click": 60}
"""The most that a figure may be; times in milliseconds."""

# The moments at which the form stands and at which the checks end, and how long the first click takes.
WATCH = """localStorage.setItem("orr:who", "ana"); window.moments = {};
const Plain = Worker;
window.Worker = class extends Plain { constructor(...all) { super(...all);
  this.addEventListener("message", ({ data }) => {
    if (JSON.parse(data).ended) moments.checked ??= performance.now();
  }); } };
window.clicked = (place) => new Promise((done) => {
  const counts = document.querySelector(".orr-form .progress");
  const inputs = [...document.querySelectorAll(".orr-form .item")][place].querySelectorAll("input[type=radio]");
  const before = counts.textContent;
  const began = performance.now();
  const seen = new MutationObserver(() => {
    if (counts.textContent === before) return;
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  seen.observe(counts, { childList: true, characterData: true, subtree: true });
  [...inputs].find(({ value, checked }) => !checked && (value === "no" || value === "yes")).click();
});
const look = setInterval(() => {
  if (!document.querySelector(".orr-form .item input[value=yes]")) return;
  clearInterval(look);
  requestAnimationFrame(async () => {
    moments.form = performance.now();
    if (EARLY) moments.early = await clicked(0);
  });
}, 5);"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A host whose files a browser may keep."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "max-age=3600")
        super().end_headers()

    def log_message(self, *_: Any) -> None: ...


def opened(context: Any, address: str, *, early: bool = False) -> tuple[Any, dict[str, float]]:
    """A page after its first checks, and its moments."""
    page = context.new_page()
    page.add_init_script(WATCH.replace("EARLY", str(early).lower()))
    page.goto(address)
    while True:
        moments: dict[str, float] = page.evaluate("() => moments")
        if {"form", "checked", *(("early",) if early else ())} <= moments.keys():
            return page, moments
        page.wait_for_timeout(20)


def measure(browser: Any, address: str) -> dict[str, float]:
    """The times of one form of the site."""
    cold, warm, early, checked = [], [], [], []
    for _ in range(RUNS):
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        for first, times in ((True, cold), (False, warm)):
            page, moments = opened(context, address)
            times.append(moments["form"])
            if not first:
                checked.append(moments["checked"])
            page.close()
        page, moments = opened(context, address, early=True)
        early.append(moments["early"])
        page.close()
        context.close()
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page, _ = opened(context, address)
    clicks = []
    for _ in range(CLICKS):
        clicks.append(page.evaluate("() => clicked(0)"))
        page.wait_for_timeout(300)
    context.close()
    return {
        "cold": min(cold), "warm": min(warm), "checked": min(checked), "early": min(early),
        "click": statistics.median(clicks), "slowest": max(clicks),
    }  # fmt: skip


def judged(title: str, figures: dict[str, float]) -> list[str]:
    """A line for each figure, with its limit where it has one."""
    lines = [title]
    for name, figure in figures.items():
        limit = LIMITS.get(name)
        held = "" if limit is None else f"  at most {limit}: {'held' if figure <= limit else 'NOT HELD'}"
        lines.append(f"  {name:18}{figure:10.1f}{held}")
    return lines


def main(workload: str) -> None:
    from playwright.sync_api import sync_playwright

    from orr.cli import main as orr

    os.chdir(ROOT)
    brought = str(python_for_browsers())
    with tempfile.TemporaryDirectory() as temporary, patch.dict("os.environ", ORR_TRUST=str(ROOT)):
        folder, file = Path(temporary) / "public", Path(temporary) / "review.html"
        for words in ([str(folder)], [str(file), "--single"]):
            assert orr(["site", *words, workload, "--pyodide", brought]) == 0
        sizes = [sum(len(gzip.compress(path.read_bytes(), 6)) for path in folder.rglob("*") if path.is_file())]
        sizes.append(len(gzip.compress(file.read_bytes(), 6)))
        handler = functools.partial(Quiet, directory=str(folder))
        with (
            http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
            sync_playwright() as playwright,
        ):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
            addresses = {"on a host": f"http://127.0.0.1:{server.server_port}/", "one file": file.as_uri()}
            for (title, address), size in zip(addresses.items(), sizes, strict=True):
                figures = {"MB over the line": size / 1e6, **measure(browser, address)}
                print("\n".join(judged(title, figures)), flush=True)
            browser.close()
            server.shutdown()


if __name__ == "__main__":
    main(*(sys.argv[1:] or ["checkout"]))
