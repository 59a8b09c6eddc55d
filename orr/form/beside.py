"""Begin work beside a conversation: in threads, or by timers where there are none.

Work is an iterator that does a step each time it is asked for the next. A thread runs it to its
end; timers do one step after another and let messages in between.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Protocol, TypeVar

from orr.evidence.pool import AT_ONCE, Done, Work, in_turn, side_by_side

T = TypeVar("T")

Steps = Iterator[None]


class Regular(Protocol):
    """A look that is taken again and again."""

    def start(self) -> None:
        """Begin."""

    def wake(self) -> None:
        """Wait anew before the next look."""

    def end(self) -> None:
        """Look no more."""


class Beside(Protocol):
    """How work is done beside a conversation."""

    def begin(self, name: str, work: Steps) -> None:
        """Begin work."""

    def regular(self, name: str, wait: Callable[[], float], look: Callable[[], None]) -> Regular:
        """Look again and again, each time after so many seconds."""

    def work_off(self, work: Sequence[Work[T]], done: Done) -> Generator[None, None, list[T]]:
        """Do all of the work; steps, and then the results in its order."""


class Threads:
    """Work in threads of its own."""

    def begin(self, name: str, work: Steps) -> None:
        """Begin work in a thread."""
        threading.Thread(target=deque, args=(work, 0), name=name, daemon=True).start()

    def regular(self, name: str, wait: Callable[[], float], look: Callable[[], None]) -> Regular:
        """Look again and again in a thread."""
        return _RegularThread(name, wait, look)

    def work_off(self, work: Sequence[Work[T]], done: Done) -> Generator[None, None, list[T]]:
        """Do all of the work side by side, in one step."""
        yield
        return side_by_side(work, AT_ONCE, done)


class _RegularThread:
    def __init__(self, name: str, wait: Callable[[], float], look: Callable[[], None]) -> None:
        self._wait, self._look = wait, look
        self._wake, self._ended = threading.Event(), False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def wake(self) -> None:
        self._wake.set()

    def end(self) -> None:
        self._ended = True
        self._wake.set()

    def _run(self) -> None:
        while not self._ended:
            if self._wake.wait(self._wait()):
                self._wake.clear()
            else:
                self._look()


class Timers:
    """Work on this thread's event loop, a step at a time."""

    def begin(self, name: str, work: Steps) -> None:
        """Begin work with the next turn of the loop."""
        del name

        def step() -> None:
            for _ in work:
                loop.call_later(0, step)
                return

        loop = asyncio.get_running_loop()
        loop.call_later(0, step)

    def regular(self, name: str, wait: Callable[[], float], look: Callable[[], None]) -> Regular:
        """Look again and again by a timer."""
        del name
        return _RegularTimer(wait, look)

    def work_off(self, work: Sequence[Work[T]], done: Done) -> Generator[None, None, list[T]]:
        """Do the work piece by piece."""
        return in_turn(work, done)


class _RegularTimer:
    def __init__(self, wait: Callable[[], float], look: Callable[[], None]) -> None:
        self._wait, self._look = wait, look
        self._due: asyncio.TimerHandle | None = None
        self._ended = False

    def start(self) -> None:
        if not self._ended:
            self._due = asyncio.get_running_loop().call_later(self._wait(), self._fire)

    def wake(self) -> None:
        if self._due is not None:  # what has not begun is not woken
            self._due.cancel()
            self.start()

    def end(self) -> None:
        self._ended = True
        if self._due is not None:
            self._due.cancel()

    def _fire(self) -> None:
        self._look()
        self.start()
