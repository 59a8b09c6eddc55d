"""A program run for a check: no shell, no input, bounded in time and output, none left behind."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from orr.evidence.errors import Undetermined
from orr.messages import say
from orr.system import processes

MAX_BYTES = 2_000_000
_GRACE = 2.0


@dataclass(frozen=True)
class Done:
    """How a program ended.

    Attributes
    ----------
    status
        Its exit status; negative for the signal that ended it.
    output, errors
        What it wrote.
    """

    status: int
    output: bytes
    errors: bytes


def run(argv: Sequence[str], folder: Path, environment: Mapping[str, str], seconds: float) -> Done:
    """Run a program to its end.

    Raises
    ------
    Undetermined
        If it does not start, takes too long, or writes too much.
    """
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell; what it runs comes from a checklist
            list(argv),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise Undetermined(say("act.command.no-start", program=argv[0], why=why)) from None
    processes.started.add(process)
    deadline = time.monotonic() + seconds
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        output, errors = _Reader(process, process.stdout), _Reader(process, process.stderr)
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Undetermined(say("act.command.late", program=argv[0], seconds=seconds)) from None
        # What it started may still hold its output open.
        whole = all(reader.ended(max(_GRACE, deadline - time.monotonic())) for reader in (output, errors))
        if output.too_much or errors.too_much:
            raise Undetermined(say("act.command.too-large", program=argv[0], limit=MAX_BYTES))
        if not whole:
            raise Undetermined(say("act.command.left-behind", program=argv[0]))
        return Done(status, bytes(output.content), bytes(errors.content))
    finally:
        _end(process)


class _Reader:
    """Reads a pipe to its end on a thread of its own, and ends the program if it is too much."""

    def __init__(self, process: subprocess.Popen[bytes], pipe: IO[bytes]) -> None:
        self.content = bytearray()
        self.too_much = False
        self._process, self._pipe = process, pipe
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def ended(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError), self._pipe:
            while piece := os.read(self._pipe.fileno(), 65_536):
                self.content += piece
                if len(self.content) > MAX_BYTES:
                    self.too_much = True
                    processes.kill(self._process)
                    return


def _end(process: subprocess.Popen[bytes]) -> None:
    processes.kill(process)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    processes.started.discard(process)
