"""Progress on a terminal: shown only where somebody looks, and only after a moment."""

from __future__ import annotations

import sys
import time
from types import TracebackType

from orr.cli import frame

SHOWN_AFTER_SECONDS = 0.7


class Progress:
    """A line on standard error that says how far something is; it leaves nothing behind.

    Parameters
    ----------
    what
        What is being done, as the line's first words.
    """

    def __init__(self, what: str) -> None:
        self.what, self.began, self.shown = what, time.monotonic(), False

    def __enter__(self) -> Progress:
        return self

    def __call__(self, done: int, of: int) -> None:
        """Tell that `done` of `of` steps are done."""
        if not sys.stderr.isatty() or time.monotonic() - self.began < SHOWN_AFTER_SECONDS:
            return
        self.shown = True
        line = frame.words("progress", what=self.what, done=done, of=of)
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
