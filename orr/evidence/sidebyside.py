"""Pieces of work side by side, each with a time limit, none able to hold up the end.

`concurrent.futures` waits at exit for threads that hang; these threads are daemons.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

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


def side_by_side(work: Sequence[Work[T]], at_once: int, done: Callable[[int, int], None] | None = None) -> list[T]:
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
    finished: queue.SimpleQueue[tuple[int, T]] = queue.SimpleQueue()
    waiting = list(range(len(work)))
    running: dict[int, float] = {}
    begun = -PATIENCE
    # Each thread has a queue of what it is to do next; None ends it.
    idle: list[queue.SimpleQueue[int | None]] = []
    hands: dict[int, queue.SimpleQueue[int | None]] = {}

    def lend_a_hand(tasks: queue.SimpleQueue[int | None]) -> None:
        while (index := tasks.get()) is not None:
            finished.put((index, work[index].do()))

    def begin(index: int) -> None:
        nonlocal begun
        if idle:
            tasks = idle.pop()
        else:
            tasks = queue.SimpleQueue()
            threading.Thread(target=lend_a_hand, args=(tasks,), daemon=True).start()
        hands[index] = tasks
        begun = time.monotonic()
        running[index] = begun + work[index].seconds
        tasks.put(index)

    def end(index: int, result: T) -> None:
        del running[index]
        results[index] = result
        if done is not None:
            done(len(results), len(work))

    def next_to_begin() -> int | None:
        if len(running) >= at_once or (running and time.monotonic() < begun + PATIENCE):
            return None
        busy = Counter(work[index].kind for index in running)
        for index in waiting:
            limit = work[index].at_once
            if limit is None or busy[work[index].kind] < limit:
                return index
        return None

    try:
        while len(results) < len(work):
            following = next_to_begin()
            if following is not None:
                waiting.remove(following)
                begin(following)
            now = time.monotonic()
            until = min(running.values())
            if waiting and len(running) < at_once and now < begun + PATIENCE:
                until = min(until, begun + PATIENCE)
            try:
                index, result = finished.get(timeout=max(0.0, until - now))
            except queue.Empty:
                now = time.monotonic()
                for index in [index for index, deadline in running.items() if deadline <= now]:
                    hands.pop(index).put(None)  # should it come back, nobody waits for it
                    end(index, work[index].late())
            else:
                if index in running:  # else it was given up already
                    idle.append(hands.pop(index))
                    end(index, result)
    finally:
        for tasks in (*idle, *hands.values()):
            tasks.put(None)
    return [results[index] for index in range(len(work))]
