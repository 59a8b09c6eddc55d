"""Kill the kernel at random moments while answers are given: `python benchmarks/kill_form.py [times] [seed]`.

After each kill, every answer that the form showed as saved must be in the file; after the cell is run
again, every answer that was given must be.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from bench_form import notebook, workspace_of
from support.browsing import CHROMIUM, FLAGS
from support.form_stage import saved
from support.lab_stage import Lab, Notebook, lab

ITEMS = 40

CLICKING = """([reply, pause]) => {
  clearInterval(window.clicking);
  window.given = {};
  const items = [...document.querySelectorAll('.orr-form [data-item]')];
  let place = 0;
  window.clicking = setInterval(() => {
    const item = items[place++ % items.length];
    if (!item?.isConnected) return;
    item.querySelector(`input[value=${reply}]`).click();
    window.given[item.dataset.item] = reply;
    if (place >= items.length) clearInterval(window.clicking);
  }, pause);
}"""

STOPPED = """() => {
  clearInterval(window.clicking);
  const kept = Object.keys(localStorage).filter((key) => key.startsWith('orr|'));
  const unsaved = kept.map((key) => key.split('|answer:')[1]);
  return { given: window.given, unsaved, says: document.querySelector('.orr-form .saved').textContent };
}"""


STATUS = "() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel?.status"


def answers(root: Path) -> dict[str, Any]:
    return {name: answer["answer"] for name, answer in saved(root).get("answers", {}).items()}


def is_new(server: Lab, killed: int) -> bool:
    try:
        return server.kernel_process() != killed
    except AssertionError:
        return False


def run_again(book: Notebook, server: Lab, killed: int) -> None:
    """Dismiss what JupyterLab says about the kernel, wait for the new one, and run the cell."""
    page = book.page
    end = time.monotonic() + 60
    while time.monotonic() < end:
        for button in page.locator(".jp-Dialog button.jp-mod-accept").all():
            button.click()
        if is_new(server, killed) and page.evaluate(STATUS) == "idle":
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(300)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    book.form()


def rounds(book: Notebook, server: Lab, root: Path, times: int, seed: int) -> dict[str, int]:
    chance = random.Random(seed)
    counts = {"kills": 0, "given": 0, "shown as saved": 0, "shown as saved and lost": 0, "lost for good": 0}
    for turn in range(times):
        reply = ("yes", "no")[turn % 2]
        process = server.kernel_process()
        book.page.evaluate(CLICKING, [reply, chance.choice([5, 15, 40])])
        book.page.wait_for_timeout(chance.uniform(20, 900))
        os.kill(process, signal.SIGKILL)
        book.page.wait_for_timeout(chance.uniform(0, 200))
        said = book.page.evaluate(STOPPED)
        on_disk = answers(root)
        shown = set(said["given"]) - set(said["unsaved"])
        counts["kills"] += 1
        counts["given"] += len(said["given"])
        counts["shown as saved"] += len(shown)
        counts["shown as saved and lost"] += sum(on_disk.get(name) != reply for name in shown)
        run_again(book, server, process)
        end = time.monotonic() + 20
        while time.monotonic() < end and any(answers(root).get(name) != reply for name in said["given"]):
            book.page.wait_for_timeout(50)
        counts["lost for good"] += sum(answers(root).get(name) != reply for name in said["given"])
        print(f"{turn + 1}/{times}", counts, flush=True)
    return counts


def main(times: int = 100, seed: int = 1) -> int:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as temporary:
        home, served = Path(temporary) / "home", Path(temporary) / "served"
        home.mkdir()
        workspace_of(served / "w", ITEMS)
        notebook(served / "w/form.ipynb", 'import orr\n\norr.review("shop", by="ana")')
        with lab(home, served) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            book = Notebook(page, server, "w/form.ipynb")
            book.form()
            began = time.monotonic()
            counts = rounds(book, server, served / "w", times, seed)
            print(counts, f"{time.monotonic() - began:.0f} s")
            browser.close()
    return 1 if counts["shown as saved and lost"] or counts["lost for good"] else 0


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
