"""Print reports to PDF, as Chromium prints the page.

Needs the extra `orr[pdf]`, which is Playwright, and a browser: that of the system where there is one, else
Playwright's own. WeasyPrint needs no browser, but stops at the grids of a report and leaves out what is folded.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.system.atomic import write_atomically
from orr.system.processes import find_program

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext

PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
"""Browsers that print the same, the lightest first."""


class CannotPrint(OrrError):
    """A report that could not be printed, and whether something has to be installed first."""

    def __init__(self, why: Message, *, by_choice: bool) -> None:
        super().__init__(why)
        self.why, self.by_choice = why, by_choice


class Printer(AbstractContextManager["Printer"]):
    """A browser that prints pages, which it gives neither scripts nor a network.

    Raises
    ------
    CannotPrint
        On entry, if Playwright or a browser is missing.
    """

    def __init__(self) -> None:
        self._held = ExitStack()
        self._context: BrowserContext

    def __enter__(self) -> Printer:
        try:
            from playwright.sync_api import Error, sync_playwright
        except ModuleNotFoundError:
            raise CannotPrint(say("report.pdf.no-playwright"), by_choice=True) from None
        found = next(filter(None, (find_program(name, os.environ.get("PATH", "")) for name in PROGRAMS)), None)
        with ExitStack() as opening:
            playwright = opening.enter_context(sync_playwright())
            try:
                browser = playwright.chromium.launch(executable_path=found, chromium_sandbox=_may_be_confined())
            except Error as error:
                if found is None:
                    raise CannotPrint(say("report.pdf.no-browser"), by_choice=True) from None
                why = say("report.pdf.not-begun", program=found, problem=_first_line(error))
                raise CannotPrint(why, by_choice=False) from None
            opening.callback(browser.close)
            self._context = browser.new_context(java_script_enabled=False, offline=True, color_scheme="light")
            self._held = opening.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def print(self, page: Path, out: Path) -> None:
        """Print a page, with its headings as bookmarks.

        Parameters
        ----------
        page
            The HTML file.
        out
            The PDF, which is written in one step.

        Raises
        ------
        CannotPrint
            If the browser fails, or the file cannot be written.
        """
        from playwright.sync_api import Error

        try:
            shown = self._context.new_page()
            shown.goto(page.absolute().as_uri())
            content = shown.pdf(format="A4", print_background=True, tagged=True, outline=True)
            shown.close()
            write_atomically(out, content)
        except (Error, OSError) as error:
            why = say("report.pdf.failed", path=str(out), problem=_first_line(error))
            raise CannotPrint(why, by_choice=False) from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def _may_be_confined() -> bool:
    """Whether Chromium's own sandbox works, which refuses to begin for root."""
    return not hasattr(os, "geteuid") or os.geteuid() != 0
