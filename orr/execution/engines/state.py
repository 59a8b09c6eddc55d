"""What a worker process knows of its job."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from orr.execution.engines import wire

current: Here | None = None
_inside = False


@dataclass
class Here:
    """The child that this process is.

    Attributes
    ----------
    token
        That of its job.
    interrupted
        Whether the caller was interrupted.
    left_nothing
        Whether the work says that whatever is done here next will not notice it.
    """

    token: bytes
    answer: socket.socket
    interrupted: bool = False
    left_nothing: bool = False

    def tell(self, event: object) -> None:
        """Tell the caller something before the answer."""
        wire.send(self.answer, ("event", event), self.token)


def enter() -> None:
    """Say that this process, and every child of it, executes cells in itself."""
    global _inside
    _inside = True


def inside() -> bool:
    """Whether this process executes cells in itself."""
    return _inside


def here() -> Here | None:
    """The child that this process is; None where it is none."""
    return current
