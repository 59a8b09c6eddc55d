"""Write a review in processes that are killed at any moment: `python -m support.killed_writers FILE`.

A program of its own, since a process of the tests is too large to be forked so often.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import NoReturn

from orr.model.review import Review
from orr.model.validation import read
from orr.workspace.saving import ReviewOnDisk, canonical, read_review, save_review
from support.builders import answer

KILLS = 100
WRITES_SECONDS = 0.008


def main(path: Path) -> int:
    """Kill so many writers; return how many were caught in the act."""
    note = "word " * 40
    # What a writer replaces by turns: two whole versions that differ all over.
    answers = [{f"c/i{n}": answer("yes", note=f"{turn} {n} {note}") for n in range(3)} for turn in "ab"]
    versions = [read(Review, {"review": "shop", "answers": given}) for given in answers]
    known = {canonical(version).encode(): number for number, version in enumerate(versions)}
    save_review(path, path.name, read_review(path, path.name), versions[0])

    def write_forever() -> NoReturn:
        raw = path.read_bytes()
        base = ReviewOnDisk(versions[known[raw]], raw)
        while True:
            base = save_review(path, path.name, base, versions[1 - versions.index(base.review)])

    chance, caught = random.Random(7), 0
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            try:
                write_forever()
            finally:
                os._exit(1)
        time.sleep(chance.uniform(0.0, WRITES_SECONDS))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1]), "a writer ended by itself"
        assert path.read_bytes() in known, "the file is neither the old one nor the new"
        caught += len(list(path.parent.glob(".*.tmp"))) > 0
    return caught


if __name__ == "__main__":
    sys.stdout.write(str(main(Path(sys.argv[1]))))
