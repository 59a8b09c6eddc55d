"""The caller's side of one job: what it says, how it ends, and how it is made to."""

from __future__ import annotations

import selectors
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from orr.execution.engines import wire
from orr.execution.engines.child import Job
from orr.execution.engines.parent import CANNOT_FORK, INTERRUPT, STATUS

GRACE = 5.0
"""How long, in seconds, what is asked to end may take."""
LOOK = 0.5
"""How often, in seconds, a deadline is looked at."""

Ends = tuple[socket.socket, socket.socket]
"""Our ends of the two sockets of a child: data and status."""


class Lost(Exception):
    """A job without an answer.

    Attributes
    ----------
    exitcode
        How its process ended; a signal is negative. None where nobody saw it.
    late
        Whether it was killed at its deadline.
    """

    def __init__(self, exitcode: int | None, late: bool = False) -> None:
        super().__init__(f"the process ended with {exitcode}")
        self.exitcode, self.late = exitcode, late


class CannotFork(Exception):
    """No process can be forked: not on this system, or not beside a thread that something begins in every Python."""

    def __init__(self) -> None:
        super().__init__("processes cannot be forked here; use --engine papermill")


class Crashed(Exception):
    """A job raised something that cannot travel; `kind` and `says` are its name and words."""

    def __init__(self, kind: str, says: str) -> None:
        super().__init__(kind, says)
        self.kind, self.says = kind, says


class Running:
    """A job that nobody waits for.

    Parameters
    ----------
    data, status
        Our ends of its sockets.
    """

    def __init__(self, data: socket.socket, status: socket.socket) -> None:
        self.data, self._status = data, status
        self._exitcode: int | None = None

    def fileno(self) -> int:
        """What becomes readable at its end."""
        return self._status.fileno()

    def exitcode(self) -> int | None:
        """How it ended; None while it runs."""
        if self._exitcode is None:
            try:
                told = self._status.recv(STATUS.size, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return None
            except OSError:
                told = b""
            # Where nobody saw its end, its parent died, and it with it.
            self._exitcode = int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else -signal.SIGKILL
        if self._exitcode == CANNOT_FORK:
            raise CannotFork
        return self._exitcode

    def interrupt(self) -> None:
        """Interrupt it."""
        with suppress(OSError):
            self._status.sendall(INTERRUPT)

    def kill(self) -> None:
        """Kill it."""
        with suppress(OSError):
            self._status.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Forget it, which kills it."""
        self.data.close()
        self._status.close()


class Waiting:
    """Waits for one job.

    Parameters
    ----------
    job
        What is to be done.
    data, status
        Our ends of the sockets of the child that shall do it.
    seconds
        How long it may take.
    on_event
        As `Warm.call` takes it.
    """

    def __init__(
        self,
        job: Job,
        data: socket.socket,
        status: socket.socket,
        seconds: float | None,
        on_event: Callable[[Any], float | None] | None,
    ) -> None:
        self._job = job
        self._data, self._status, self._on_event = data, status, on_event
        self._until = None if seconds is None else time.monotonic() + seconds
        self._until_event: float | None = None
        self._reader = wire.Reader(job.token)
        self._answer: tuple[str, Any] | None = None
        self._interrupted = self._late = False

    @property
    def stays(self) -> bool:
        """Whether its child waits for another job."""
        return self._answer is not None and self._answer[0] == "stays" and not (self._interrupted or self._late)

    def interrupt(self) -> None:
        """Let it clean up after itself; kill it if it takes too long."""
        self._interrupted = True
        self._ask_to_end()

    def _ask_to_end(self) -> None:
        self._until, self._until_event = time.monotonic() + GRACE, None
        with suppress(OSError):
            self._status.sendall(INTERRUPT)

    def outcome(self) -> Any:
        """Hand the job over, and give what becomes of it; it raises what `Warm.call` does."""
        try:
            with suppress(OSError):  # a process that is gone already tells so on the other socket
                wire.send(self._data, self._job)
            exitcode = self._ended()
        except KeyboardInterrupt:
            self.interrupt()
            self._ended()
            raise
        if self._interrupted:
            raise KeyboardInterrupt
        if exitcode == CANNOT_FORK:
            raise CannotFork
        if self._answer is None or self._late:
            raise Lost(exitcode, self._late)
        how, what = self._answer
        if how == "interrupted":
            raise KeyboardInterrupt
        if how == "crashed":
            raise Crashed(*what)
        if how == "raised":
            raise what
        return what

    def _ended(self) -> int | None:
        """Read what the child says until its parent has buried it; give its exit code."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._data, selectors.EVENT_READ)
            selector.register(self._status, selectors.EVENT_READ)
            while True:
                if self.stays:
                    return None
                ready = {key.fileobj for key, _ in selector.select(LOOK)}
                if self._data in ready and not self._read():
                    selector.unregister(self._data)
                elif self._status in ready and self._data not in ready:
                    # All that it said was there before its parent could tell of its end.
                    told = self._status.recv(STATUS.size)
                    return int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else None
                ends = [end for end in (self._until, self._until_event) if end is not None]
                if ends and time.monotonic() >= min(ends) and not ready:
                    if self._late or self._interrupted:
                        self._until = self._until_event = None
                        with suppress(OSError):
                            self._status.shutdown(socket.SHUT_WR)
                    else:
                        self._late = True
                        self._ask_to_end()

    def _read(self) -> bool:
        try:
            piece = self._data.recv(wire.CHUNK)
            said = self._reader.feed(piece)
        except (OSError, wire.Garbled):
            return False
        for how, what in said:
            if how == "event":
                more = self._on_event(what) if self._on_event is not None else None
                self._until_event = None if more is None else time.monotonic() + more
            else:
                self._answer = (how, what)
        return bool(piece)


def is_waiting(ends: Ends) -> bool:
    """Whether a child waits for another job at the far end: it says nothing, and has not ended."""
    try:
        ends[0].recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except BlockingIOError:
        return True
    except OSError:
        pass
    return False


def close(ends: Ends) -> None:
    """Forget a child, which kills it."""
    for end in ends:
        end.close()
