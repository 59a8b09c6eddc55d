"""Take pictures of a card in JupyterLab on the example `checkout`: `python tests/support/notebook_picture.py [folder]`.

Without a folder only the picture of the docs is taken; with one, workload and fleet in every theme and language.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat

from support import ROOT
from support.browsing import CHROMIUM, FLAGS
from support.form_picture import copied
from support.lab_stage import Lab, Notebook, lab

PICTURE = ROOT / "docs" / "images" / "notebook.png"
KERNEL = {"kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}}
SIZE = {"width": 1280, "height": 720}
CALLS = {"workload": 'orr.assess("checkout", today="2026-11-23"%s)', "fleet": 'orr.assess_fleet(today="2026-11-23"%s)'}


def take(page: Any, server: Lab, target: Path, call: str, theme: str) -> None:
    cell = nbformat.v4.new_code_cell(f"import orr\n\n{call}")
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=KERNEL), server.folder / f"{target.stem}.ipynb")
    notebook = Notebook(page, server, f"{target.stem}.ipynb")
    page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    notebook.execute("application:toggle-left-area")
    notebook.run()
    page.locator(".jp-OutputArea .orr").wait_for(timeout=60_000)
    page.wait_for_timeout(1500)  # for the theme, and the panel that closes
    page.screenshot(path=target)


def main() -> None:
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        home, served = Path(temporary, "home"), Path(temporary, "served")
        for path in (home, served):
            path.mkdir()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        with lab(home, copied(served)) as server:
            if folder is None:
                page = browser.new_page(viewport=SIZE)
                take(page, server, PICTURE, CALLS["workload"] % "", "JupyterLab Light")
            else:
                for name, call in CALLS.items():
                    for theme in ("Light", "Dark"):
                        for language in ("en", "zh-CN"):
                            target = folder / f"{name}-{theme.lower()}-{language}.png"
                            asked = call % f', language="{language}"'
                            take(browser.new_page(viewport=SIZE), server, target, asked, f"JupyterLab {theme}")
        browser.close()


if __name__ == "__main__":
    main()
