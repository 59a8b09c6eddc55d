"""Run tasks in daemon threads with time limits, or in turn without threads.

`concurrent.futures` waits at exit for threads that hang; these threads are daemons.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

AT_ONCE = 8

Done = Callable[[int, int], None]
"""Called after each piece of work with how many are done, and of how many."""

STEP = 0.05
"""In seconds: how long work done in turn goes on before something else may come in between."""

PATIENCE = 0.02
"""In seconds: work that takes longer is taken to wait for something, and other work begins beside it.

Threads that compute side by side take turns at Python's lock, which costs more than all that most
checks do.
"""


@dataclass(frozen=True, slots=True)
class Work(Generic[T]):
    """One piece of work.

    Attributes
    ----------
    kind
        What `at_once` counts.
    do
        The work; it must not raise.
    late
        What stands for its result when the time is up.
    seconds
        How long it may take.
    at_once
        How many of its kind may run side by side; None for any number.
    """

    kind: str
    do: Callable[[], T]
    late: Callable[[], T]
    seconds: float
    at_once: int | None = None


def in_turn(work: Sequence[Work[T]], done: Done | None = None) -> Generator[None, None, list[T]]:
    """Do all of the work on this thread, in steps that others may interleave.

    No piece is given up when its time is up: nothing could end it.

    Returns
    -------
    list
        The results in the order of the work.
    """
    results = []
    begun = time.monotonic()
    for one in work:
        results.append(one.do())
        if done is not None:
            done(len(results), len(work))
        if time.monotonic() - begun >= STEP:
            yield
            begun = time.monotonic()
    return results


def side_by_side(work: Sequence[Work[T]], at_once: int, done: Done | None = None) -> list[T]:
    """Do all of the work, at most `at_once` pieces at a time.

    Parameters
    ----------
    work
        What there is to do.
    at_once
        How many pieces may run side by side.
    done
        Called on this thread after each piece with how many are done, and of how many.

    Returns
    -------
    list
        The results in the order of the work.
    """
    results: dict[int, T] = {}
    waiting = list(range(len(work)))
    running: dict[int, float] = {}
    begun = 0.0
    lock = threading.Lock()
    finished: queue.SimpleQueue[int] = queue.SimpleQueue()

    def take() -> int | None:
        """Begin what may begin now."""
        nonlocal begun
        now = time.monotonic()
        if len(running) >= at_once or (running and now < begun + PATIENCE):
            return None
        busy = Counter(work[index].kind for index in running)
        for index in waiting:
            limit = work[index].at_once
            if limit is None or busy[work[index].kind] < limit:
                waiting.remove(index)
                begun = now
                running[index] = now + work[index].seconds
                return index
        return None

    def end(index: int, result: T) -> None:
        del running[index]
        results[index] = result
        if done is not None or len(results) == len(work):  # to wake that thread takes time
            finished.put(len(results))

    def lend_a_hand(index: int | None) -> None:
        while index is not None:
            try:
                result = work[index].do()
            except KeyboardInterrupt:  # it waited for a process that was told to end, with all the rest
                return
            with lock:
                if index not in running:
                    return  # it was given up already
                end(index, result)
                index = take()

    count = 0
    try:
        while count < len(work):
            with lock:
                now = time.monotonic()
                for index in [index for index, until in running.items() if until <= now]:
                    end(index, work[index].late())
                following = take()
                look = min(running.values(), default=now)
                if waiting and len(running) < at_once and now < begun + PATIENCE:
                    look = min(look, begun + PATIENCE)
            if following is not None:
                threading.Thread(target=lend_a_hand, args=(following,), daemon=True).start()
            with suppress(queue.Empty):
                count = finished.get(timeout=max(0.0, look - now))
                if done is not None:
                    done(count, len(work))
    finally:
        with lock:
            waiting.clear()  # after an interrupt nothing else begins
    return [results[index] for index in range(len(work))]
