"""What cells write outside of displays: their two streams, down to the file descriptors."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable

Said = Callable[[str, str], None]


class Stream(io.TextIOBase):
    """A standard stream of cells, which tells what was written when it is flushed.

    Parameters
    ----------
    name
        `stdout` or `stderr`.
    number
        Its file descriptor, into which programs and C libraries write; it leads to a file
        of this process, so that what they wrote is told too.
    said
        Called with the name and the text.
    """

    encoding = "utf-8"
    errors = "strict"

    def __init__(self, name: str, number: int, said: Said) -> None:
        super().__init__()
        self.name, self._number, self._said = name, number, said
        self._parts: list[str] = []
        file = os.memfd_create(name)
        os.dup2(file, number)
        os.close(file)
        self._told = 0

    def write(self, text: str) -> int:
        """Keep a text until the next flush."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._parts += (self._by_others(), text)  # in the order in which they came
        return len(text)

    def flush(self) -> None:
        """Tell what was written."""
        text = "".join(self._parts) + self._by_others()
        self._parts.clear()
        if text:
            self._said(self.name, text)

    def fileno(self) -> int:
        """The file descriptor under it."""
        return self._number

    def writable(self) -> bool:
        """It is."""
        return True

    def isatty(self) -> bool:
        """It is none."""
        return False

    def _by_others(self) -> str:
        size = os.fstat(self._number).st_size
        if size <= self._told:
            return ""
        piece = os.pread(self._number, size - self._told, self._told)
        self._told = size
        return piece.decode("utf-8", "replace")


def replace(said: Said) -> None:
    """Make both standard streams of this process tell what is written to them."""
    sys.stdout = Stream("stdout", 1, said)
    sys.stderr = Stream("stderr", 2, said)
