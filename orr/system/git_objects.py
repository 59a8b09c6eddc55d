"""Read a repository's objects one by one, from a running `git cat-file --batch`."""

from __future__ import annotations

import math
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

_FOUND = re.compile(rb"([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)\n")
_NOT_FOUND = (b" missing\n", b" ambiguous\n")
_KINDS = {b"40000": "tree", b"160000": "commit", b"120000": "link"}
"""What an entry of a tree is by its mode; a file where it is none of these."""


class Object(NamedTuple):
    """Hash, kind and content of an object; no content where too large."""

    name: str
    kind: str
    content: bytes | None

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """What a tree holds: of each entry its kind, its hash and its name."""
        rest, length = self.content or b"", len(self.name) // 2
        while rest:
            head, _, rest = rest.partition(b"\0")
            mode, _, name = head.partition(b" ")
            yield _KINDS.get(mode, "blob"), rest[:length].hex(), os.fsdecode(name)
            rest = rest[length:]


class Objects:
    """Reads objects with a process that is started at the first, and ended by `close`.

    Parameters
    ----------
    start
        Starts `git cat-file --batch`.
    seconds
        How long an object may take; git is ended before it took twice as long.
    """

    def __init__(self, start: Callable[[], subprocess.Popen[bytes]], seconds: float) -> None:
        self._start, self._seconds = start, seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._ended, self._until = threading.Event(), math.inf
        self._watch: threading.Thread | None = None

    def read(self, name: str, at_most: int) -> Object | None:
        """Object by a name such as `COMMIT:PATH`; None where git finds none.

        Raises
        ------
        OSError
            If git cannot be asked, ends, or takes too long.
        """
        if self._process is None:
            self._process = self._start()
            self._ended.clear()
            self._watch = threading.Thread(target=self._end_when_late, args=(self._process,), daemon=True)
            self._watch.start()
        self._until = time.monotonic() + self._seconds
        try:
            return self._answer(self._process, os.fsencode(name), at_most)
        except OSError:
            self.close()  # what it may still print would be taken for the next answer
            raise
        finally:
            self._until = math.inf

    def _end_when_late(self, process: subprocess.Popen[bytes]) -> None:
        # One thread for all objects: to start one takes longer than to read most.
        while not self._ended.wait(max(0, min(self._until - time.monotonic(), self._seconds))):
            if time.monotonic() >= self._until:
                process.kill()
                return

    def _answer(self, process: subprocess.Popen[bytes], name: bytes, at_most: int) -> Object | None:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(name + b"\n")
        process.stdin.flush()
        head = process.stdout.readline()
        found = _FOUND.fullmatch(head)
        if found is None:
            if head.endswith(_NOT_FOUND):
                return None
            raise OSError("git cat-file gave no answer")
        size = int(found[3])
        if size > at_most:
            self.close()  # what it would print need not be read
            return Object(found[1].decode(), found[2].decode(), None)
        content = process.stdout.read(size + 1)
        if len(content) <= size:
            raise OSError("git cat-file ended")
        return Object(found[1].decode(), found[2].decode(), content[:size])

    def close(self) -> None:
        """End the process."""
        if self._process is not None and self._watch is not None:
            self._ended.set()
            self._watch.join()
            self._process.kill()
            self._process.communicate()
            self._process = None
