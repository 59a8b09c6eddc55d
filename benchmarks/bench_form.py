"""How fast the form is, in a real JupyterLab: `python benchmarks/bench_form.py [items…]`.

For each number of items: from running the cell of a fresh kernel (`cold`) and of one that has imported its
libraries (`ready`) until a radio of the form answers to a click, from a
click to the changed verdict, the longest frame while scrolling, comms and size of a patch; and, side by side in the
same run, the same form in plain ipywidgets (up to `PLAIN_AT_MOST` items).
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from form_stage import CHROMIUM, FLAGS, SETTINGS
from lab_stage import Lab, Notebook, lab

PLAIN_AT_MOST = 100
CLICKS = 20

# Every control that an item of our form has, and the words that it shows beside them.
PLAIN = """
import ipywidgets as w
def row(n):
    shown = [w.HTML(f"<b>Is thing {n} done?</b>"), w.ToggleButtons(options=["yes", "partial", "no", "not applicable"], value=None),
             w.HTML("unanswered"), w.HTML("high risk"), w.HTML("decides"), w.HTML("nobody answered"),
             w.Button(description="details")]
    behind = [w.HTML("why: " + "It matters a lot. " * 6), w.HTML("fix: " + "Do it step by step. " * 6),
              w.Textarea(description="note"), w.Textarea(description="reason")]
    evidence = [w.Text(description="where"), w.Text(description="title"), w.DatePicker(description="collected"),
                w.DatePicker(description="expires"), w.FileUpload(), w.Button(description="add"),
                w.Button(description="remove")]
    plan = [w.Text(description="action"), w.Text(description="owner"), w.DatePicker(description="due")]
    buttons = [w.Button(description="ask for a waiver"), w.Button(description="clear")]
    return w.VBox([w.HBox(shown), w.VBox(behind), w.HBox(evidence), w.HBox(plan), w.HBox(buttons)])
verdict = w.HTML("no-go")
w.VBox([verdict, *[row(n) for n in range(COUNT)]])
"""

IMPORT = """() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
  .requestExecute({ code: 'import ipywidgets, orr.form.widget' }).done.then(() => null)"""

READY = """(kind) => new Promise((done) => {
  const began = performance.now();
  const app = window.jupyterapp, w = app.shell.currentWidget;
  w.content.activeCellIndex = 0;
  app.commands.execute('notebook:run-cell');
  const wanted = kind === 'form' ? ['.orr-form .item input[type=radio]', COUNT * 4] : ['.widget-toggle-buttons', COUNT];
  const look = () => document.querySelectorAll(wanted[0]).length >= wanted[1]
    ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
    : performance.now() - began > 120000 ? done(null) : setTimeout(look, 5);
  look();
})"""

CLICK = """(place) => new Promise((done) => {
  const items = document.querySelectorAll('.orr-form .item');
  const count = document.querySelector('.orr-form .progress .count');
  const before = count.textContent;
  const began = performance.now();
  const seen = new MutationObserver(() => {
    if (count.textContent === before) return;
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - began));
  });
  seen.observe(count, { childList: true, characterData: true, subtree: true });
  items[place].querySelector('input[value=yes]').click();
})"""

SCROLL = """() => new Promise((done) => {
  const box = document.querySelector('.orr-form .scroll');
  const frames = [];
  let last = null;
  const step = (now) => {
    if (last !== null) frames.push(now - last);
    last = now;
    box.scrollTop += 400;
    if (frames.length < 120 && box.scrollTop + box.clientHeight < box.scrollHeight - 1) requestAnimationFrame(step);
    else done(Math.max(...frames));
  };
  requestAnimationFrame(step);
})"""


def workspace_of(root: Path, count: int) -> None:
    """A workspace whose one checklist has so many items."""
    items = "\n".join(
        f"      - {{item: i{n}, ask: Is thing {n} done?, "
        f"why: {'It matters a lot. ' * 6}, fix: {'Do it step by step. ' * 6}, risk: high}}"
        for n in range(count)
    )
    (root / "checklists").mkdir(parents=True)
    (root / "workloads/shop").mkdir(parents=True)
    (root / "orr.yaml").write_text(SETTINGS)
    (root / "checklists/big.yaml").write_text(
        f"checklist: big\nversion: 1\ntitle: Big\nsections:\n  - section: all\n    items:\n{items}\n"
    )
    (root / "workloads/shop/workload.yaml").write_text("workload: shop\ntitle: Shop\ntier: 1\nowner: {team: sales}\n")


def notebook(path: Path, code: str) -> None:
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [], "source": code}
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.write_text(json.dumps({"cells": [cell], "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}))


def measure(page: Any, server: Lab, folder: str, count: int) -> dict[str, Any]:
    Notebook(page, server, f"{folder}/form.ipynb")
    page.evaluate("() => localStorage.setItem('orr:who', 'ana')")
    page.evaluate("""() => { window.got = []; window.comms = 0;
        const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
        kernel.iopubMessage.connect((_, m) => { if (m.header.msg_type === 'comm_open') window.comms += 1;
        if (m.content?.data?.content?.kind === 'patch') window.got.push(JSON.stringify(m.content).length); }); }""")
    result: dict[str, Any] = {"items": count, "cold": page.evaluate(READY.replace("COUNT", str(count)), "form")}
    page.wait_for_timeout(1500)
    page.evaluate("() => { window.got = []; }")
    clicks = []
    for click in range(min(CLICKS, count - 1)):
        clicks.append(page.evaluate(CLICK, click * (count // CLICKS or 1)))
        page.wait_for_timeout(120)
    result["click"], result["clicks"] = statistics.median(clicks), [round(one) for one in clicks]
    result["patch"] = max(page.evaluate("() => window.got"))
    result["comms"] = page.evaluate("() => window.comms")
    page.wait_for_timeout(500)
    result["frame"] = page.evaluate(SCROLL)
    Notebook(page, server, f"{folder}/again.ipynb")
    page.evaluate(IMPORT)
    result["ready"] = page.evaluate(READY.replace("COUNT", str(count)), "form")
    if count <= PLAIN_AT_MOST:
        Notebook(page, server, f"{folder}/plain.ipynb")
        page.evaluate(IMPORT)
        result["plain"] = page.evaluate(READY.replace("COUNT", str(count)), "plain")
        result["times"] = result["plain"] / result["ready"]
    return result


def main(counts: list[int]) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as temporary:
        home, served = Path(temporary) / "home", Path(temporary) / "served"
        home.mkdir()
        served.mkdir()
        for count in counts:
            workspace_of(served / f"w{count}", count)
            notebook(served / f"w{count}/form.ipynb", 'import orr\n\norr.review("shop")')
            notebook(served / f"w{count}/again.ipynb", 'import orr\n\norr.review("shop")')
            notebook(served / f"w{count}/plain.ipynb", PLAIN.replace("COUNT", str(count)))
        with lab(home, served) as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
            for count in counts:
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                began = time.monotonic()
                figures = measure(page, server, f"w{count}", count)
                shown = {key: round(one, 1) if isinstance(one, float) else one for key, one in figures.items()}
                print(json.dumps(shown), f"{time.monotonic() - began:.0f} s")
                page.close()
            browser.close()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [20, 100, 300, 1000])
