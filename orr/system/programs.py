"""A program run without a shell: bounded in time and output, none left behind."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

from orr.system import processes

MAX_BYTES = 2_000_000
_GRACE = 2.0


class NotRun(Exception):
    """A program did not run to its end.

    Attributes
    ----------
    kind
        It did not start, took too long, wrote too much, or left a process behind that holds its output.
    why
        What the system says where it did not start.
    """

    def __init__(self, kind: Literal["no-start", "late", "too-large", "left-behind"], why: str = "") -> None:
        self.kind, self.why = kind, why
        super().__init__(f"{kind} {why}".rstrip())


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


def run(
    argv: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    seconds: float,
    *,
    reads: Path | None = None,
    asks: bool = False,
) -> Done:
    """Run a program to its end.

    Parameters
    ----------
    reads
        The file that it reads as its input; nothing where none is given.
    asks
        Whether it may use the terminal, for a passphrase or to ask for a touch; its errors go there.

    Raises
    ------
    NotRun
        If it does not start, takes too long, or writes too much.
    """
    try:
        with open(reads or os.devnull, "rb") as given:  # noqa: PTH123 - the null device is no `Path`
            process = subprocess.Popen(  # noqa: S603 - no shell; callers say what it runs
                list(argv),
                cwd=folder,
                env=dict(environment),
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=None if asks else subprocess.PIPE,
                start_new_session=not asks,  # a new one has no terminal
            )
    except (OSError, ValueError) as error:
        raise NotRun("no-start", getattr(error, "strerror", None) or str(error)) from None
    processes.started.add(process)
    deadline = time.monotonic() + seconds
    try:
        readers = [_Reader(process, pipe) for pipe in (process.stdout, process.stderr) if pipe is not None]
        try:
            status = process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise NotRun("late") from None
        # What it started may still hold its output open.
        whole = all(reader.ended(max(_GRACE, deadline - time.monotonic())) for reader in readers)
        if any(reader.too_much for reader in readers):
            raise NotRun("too-large")
        if not whole:
            raise NotRun("left-behind")
        output, *errors = (bytes(reader.content) for reader in readers)
        return Done(status, output, b"".join(errors))
    finally:
        _end(process)


class _Reader:
    """Read a pipe to its end on a thread; end the program on excess."""

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
