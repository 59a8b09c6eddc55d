"""Show progress: a bar for people, lines for logs, JSON for programs."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import Any

from orr.cli.language import words

SHOWN_AFTER_SECONDS = 0.7
LINE_EVERY_SECONDS = 30.0
STYLES = ("auto", "bar", "lines", "json", "none")


class Progress:
    """Tells how far something is; a bar leaves nothing behind.

    Parameters
    ----------
    what
        What is being done, as the first words.
    style
        One of `STYLES`; `auto` is a bar on a terminal, and lines elsewhere. None is a bar
        on a terminal, and nothing elsewhere.
    """

    def __init__(self, what: str, style: str | None = None) -> None:
        watched = sys.stderr.isatty()
        if style == "auto":
            style = "bar" if watched else "lines"
        self.what, self.style = what, style or ("bar" if watched else "none")
        self.began = self.told = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        return self

    def __call__(
        self, done: int, of: int, *, failed: int = 0, workload: str | None = None, verdict: str | None = None
    ) -> None:
        """Report that `done` of `of` are done, `failed` of them without a result."""
        now = time.monotonic()
        rate = done / max(now - self.began, 1e-9)
        left = (of - done) / rate if rate else 0.0
        if self.style == "json":
            told = {
                "format": "orr.progress/1", "done": done, "of": of, "failed": failed, "workload": workload,
                "verdict": verdict, "per_second": round(rate, 3), "seconds_left": round(left, 1),
            }  # fmt: skip
            self._write(json.dumps(told) + "\n")
        elif self.style == "lines" and now - self.told >= LINE_EVERY_SECONDS:
            self.told = now
            self._write(self._words(done, of, failed, rate, left) + "\n")
        elif self.style == "bar" and now - self.began >= SHOWN_AFTER_SECONDS:
            self._draw(done, of, self._words(done, of, failed, rate, left))

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def clear(self) -> None:
        """Take the bar away, so that something else can be printed."""
        if self._bar is not None:
            self._bar.clear()

    def _words(self, done: int, of: int, failed: int, rate: float, left: float) -> str:
        line = words("progress", what=self.what, done=done, of=of)
        if failed:
            line += words("progress.failed", n=failed)
        if done < 2:
            return line
        # Fewer than one a second read better by the minute.
        speed = words("progress.second", n=f"{rate:.0f}" if rate >= 10 else f"{rate:.1f}")
        if rate < 1:
            speed = words("progress.minute", n=f"{rate * 60:.1f}")
        return line + speed + words("progress.left", time=_clock(left))

    def _draw(self, done: int, of: int, words: str) -> None:
        from tqdm import tqdm

        if self._bar is None:
            tqdm.monitor_interval = 0  # no thread of its own: others fork
            self._bar = tqdm(total=of, file=sys.stderr, leave=False, bar_format="{bar:24} {desc}", dynamic_ncols=True)
        self._bar.n = done
        self._bar.set_description_str(words, refresh=True)

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
