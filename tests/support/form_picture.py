"""Take pictures of the form on the example `checkout`: `python tests/support/form_picture.py [folder]`.

Without a folder only the picture of the README is taken; with one, every width, theme and language.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from orr.form.session import Session
from support import ROOT
from support.browsing import CHROMIUM, FLAGS
from support.form_stage import Stage, show

PICTURE = ROOT / "docs" / "images" / "form.png"
PARTS = ("orr.yaml", "organization.yaml", "checklists", "teams", "workloads")
TODAY = date(2026, 11, 23)
CHECKED = """() => document.querySelector('.orr-form .top[data-verdict=conditional-go]')
  && document.querySelector('.orr-form .facts').childElementCount > 1
  && !document.querySelector('.orr-form .busy').textContent"""
HEIGHTS = {1280: 800, 1440: 900, 1024: 768, 375: 812}


def copied(target: Path) -> Path:
    """The workspace of the repository, where nothing that is clicked does harm."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, target / part)
        else:
            shutil.copy(source, target / part)
    return target


def opened(browser: Any, root: Path, language: str, light: bool, width: int) -> Any:
    """The form, after its checks have run."""
    stage = Stage(Session(root, "checkout", language, TODAY), "ana.ruiz")
    page = browser.new_page(viewport={"width": width, "height": HEIGHTS[width]}, has_touch=width < 500)
    show(page, stage, light=light)
    # The page around it is a test's; only the form is to be seen.
    page.add_style_tag(content=".orr-outside{display:none}body{margin:0!important}.orr-form{height:100vh!important}")
    stage.form.conversation.begin()
    page.wait_for_function(CHECKED, timeout=60_000)
    return page, stage


def take(browser: Any, root: Path, target: Path, language: str, light: bool, width: int, tab: int = 0) -> None:
    page, stage = opened(browser, root, language, light, width)
    if tab:
        page.get_by_role("tab").nth(tab).click()
    else:
        page.get_by_role("checkbox", name="only what decides", include_hidden=True).evaluate("one => one.click()")
        page.locator(".item.decides .toggle").nth(0).click()
        page.evaluate("() => document.activeElement?.blur()")
    page.wait_for_timeout(900)  # what is behind the verdict follows it
    page.locator(".scroll").evaluate("one => { one.scrollTop = 0; }")
    page.screenshot(path=str(target))
    page.close()
    stage.end()


def main(folder: str | None = None) -> None:
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        root = copied(Path(temporary))
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        if folder is None:
            take(browser, root, PICTURE, "en", True, 1280)
        else:
            for width in (1440, 1024, 375):
                for light in (True, False):
                    for language in ("en", "zh-CN"):
                        name = f"{width}-{'light' if light else 'dark'}-{language}.png"
                        take(browser, root, Path(folder) / name, language, light, width)
            for tab in (1, 2, 3):
                take(browser, root, Path(folder) / f"tab{tab}.png", "en", True, 1440, tab)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
