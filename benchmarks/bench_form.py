"""How fast the form is, in a real JupyterLab: `python benchmarks/bench_form.py [items…]`.

For each number of items, each figure beside its limit: from running the cell of a fresh kernel (`cold`) and of one
that has imported its libraries (`warm`) until an item can be answered, and until the last item is there (`whole`);
from a click to the changed verdict; the longest frame while scrolling; comms, and the size of a patch beside that of
the whole state. Up to `PLAIN_AT_MOST` items the same form in plain ipywidgets is shown in the same run, from a kernel
that has imported its libraries; it is compared with our last item, not with our first.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))
from support.browsing import CHROMIUM, FLAGS
from support.form_stage import SETTINGS
from support.lab_stage import Lab, Notebook, lab

PLAIN_AT_MOST = 100
WAITED = 60_000
CLICKS = 20

# Every control that an item of our form has, and the words that it shows beside them.
PLAIN = """
import ipywidgets as w
def row(n):
    replies = w.ToggleButtons(options=["yes", "partial", "no", "not applicable"], value=None)
    shown = [w.HTML(f"<b>Is thing {n} done?</b>"), replies, w.HTML("unanswered"), w.HTML("high risk"),
             w.HTML("decides"), w.HTML("nobody answered"), w.Button(description="details")]
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

READY = """([selector, count]) => new Promise((done) => {
  const began = performance.now();
  const app = window.jupyterapp, w = app.shell.currentWidget;
  w.content.activeCellIndex = 0;
  app.commands.execute('notebook:run-cell');
  let first = null;
  const look = () => {
    const found = document.querySelectorAll(selector).length;
    const painted = (then) => requestAnimationFrame(() => setTimeout(() => then(performance.now() - began)));
    if (found && first === null) {
      first = 0;
      painted((moment) => { first = moment; });
    }
    if (found >= count) painted((moment) => done([first, moment]));
    else if (performance.now() - began > WAITED) done([first, null]);
    else setTimeout(look, 5);
  };
  look();
})""".replace("WAITED", str(WAITED))

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


HEAR = """() => { window.sizes = { all: 0, patch: 0 }; window.comms = 0;
  const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  kernel.iopubMessage.connect((_, message) => {
    // ipywidgets gives every widget a layout with a comm of its own, which then is silent.
    const opened = message.header.msg_type === 'comm_open' && message.content.data.state;
    if (opened && opened._model_name !== 'LayoutModel') window.comms += 1;
    const said = message.content?.data?.content;
    if (!(said?.kind in window.sizes)) return;
    window.sizes[said.kind] = Math.max(window.sizes[said.kind], JSON.stringify(said).length);
  }); }"""

FORM, WIDGETS = ".orr-form .item input[value=yes]", ".widget-toggle-buttons"
LIMITS = {"cold": 1000, "warm": 1000, "click": 60, "frame": 100, "comms": 1, "times": 15}
"""The most that a figure may be; of `times` the least, for `PLAIN_AT_MOST` items."""


def measure(page: Any, server: Lab, folder: str, count: int) -> dict[str, Any]:
    Notebook(page, server, f"{folder}/form.ipynb")
    page.evaluate("() => localStorage.setItem('orr:who', 'ana')")
    page.evaluate(HEAR)
    figures: dict[str, Any] = {}
    figures["cold"], _ = page.evaluate(READY, [FORM, count])
    page.wait_for_timeout(1500)
    page.evaluate("() => { window.sizes.patch = 0; }")  # what the checks found was one as well
    clicks = []
    for click in range(min(CLICKS, count - 1)):
        clicks.append(page.evaluate(CLICK, click * (count // CLICKS or 1)))
        page.wait_for_timeout(200)
    figures["click"], figures["slowest click"] = statistics.median(clicks), max(clicks)
    page.wait_for_timeout(500)
    figures["frame"] = page.evaluate(SCROLL)
    figures["comms"] = page.evaluate("() => window.comms")
    figures["patch"], figures["state"] = page.evaluate("() => [window.sizes.patch, window.sizes.all]")
    Notebook(page, server, f"{folder}/again.ipynb")
    page.evaluate(IMPORT)
    figures["warm"], figures["whole"] = page.evaluate(READY, [FORM, count])
    if count <= PLAIN_AT_MOST:
        Notebook(page, server, f"{folder}/plain.ipynb")
        page.evaluate(IMPORT)
        # Thousands of comms at once lose messages: some plain forms never are whole, and count as `WAITED`.
        figures["plain"] = page.evaluate(READY, [WIDGETS, count])[1] or WAITED
        figures["times"] = figures["plain"] / figures["whole"]
    return figures


def judged(count: int, figures: dict[str, Any]) -> list[str]:
    """A line for each figure, with its limit where it has one."""
    lines = [f"{count} items"]
    for name, figure in figures.items():
        limit = LIMITS.get(name)
        line = f"  {name:14}{figure:10.1f}" + (" (never whole)" if figure == WAITED else "")
        if limit is not None and (name != "times" or count == PLAIN_AT_MOST):
            held = figure >= limit if name == "times" else figure <= limit
            line += f"  {'at least' if name == 'times' else 'at most'} {limit}: {'held' if held else 'NOT HELD'}"
        lines.append(line)
    return lines


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
                print("\n".join(judged(count, measure(page, server, f"w{count}", count))), flush=True)
                page.close()
            browser.close()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [20, 100, 300, 1000])
