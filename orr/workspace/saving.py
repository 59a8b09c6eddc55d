"""Save a review: locked, atomic, merging independent changes.

A file is replaced in one step, under a lock, and only if it still is what was read; two
people's changes of different answers merge, of the same answer are refused with both
sides kept.
"""

from __future__ import annotations

import secrets
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.model.renaming import NO_RENAMING, Renaming
from orr.model.review import Answer, Review
from orr.model.validation import read
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.source.yaml.writer import dump
from orr.system.atomic import write_atomically
from orr.system.paths import exists

LOCK_SECONDS = 10.0

Part = tuple[str, str]
"""What merges as one: the key of the review, and the answer, waiver … in it."""


@dataclass(frozen=True)
class ReviewOnDisk:
    """Review under new ids and its bytes; None where no file exists."""

    review: Review
    raw: bytes | None
    renaming: Renaming = NO_RENAMING


class NotSaved(OrrError):
    """A review that was not written.

    Attributes
    ----------
    why
        The reason, in words.
    kept
        The file that holds what was to be written; what is on disk was left alone.
    conflicts
        By part, this side and the other side of it; empty unless both changed it.
    """

    def __init__(self, why: Message, kept: Path | None, conflicts: Mapping[Part, tuple[Any, Any]]) -> None:
        super().__init__(why)
        self.kept, self.conflicts = kept, conflicts


def canonical(review: Review) -> str:
    """The one text of a review: fixed key order, answers and waivers by name."""
    data = review.as_data(without={"answers"})
    about = {"release": data["release"]} if review.release else {}
    parts = [dump({"review": review.review, "occasion": review.occasion.value, **about})]
    if review.answers:
        # Of thousands mostly one has changed since the last time.
        parts += ["answers:\n", *(_written(name, answer) for name, answer in sorted(review.answers.items()))]
    rest: dict[str, Any] = {}
    if review.assigned:
        rest["assigned"] = dict(sorted(data["assigned"].items()))
    if review.waivers:
        rest["waivers"] = sorted(data["waivers"], key=lambda waiver: str(waiver["waiver"]))
    rest |= {key: data[key] for key in ("sign_offs", "pre_mortem", "benefits", "emergencies") if data.get(key)}
    return "".join([*parts, dump(rest) if rest else ""])


def _written(name: str, answer: Answer) -> str:
    def write() -> str:
        lines = dump({name: answer.as_data()}).split("\n")
        return "\n".join(f"  {line}" if line else line for line in lines)

    return answer.memoised(f"written as {name}", write)


def read_review(path: Path, shown_as: str, renaming: Renaming = NO_RENAMING) -> ReviewOnDisk:
    """Read a review file to change it; a missing file is an empty review.

    What stands under an id that another item has replaced stands under that one's id.

    Raises
    ------
    FaultyInput
        If it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ReviewOnDisk(Review(review=path.parent.name), None, renaming)
    return ReviewOnDisk(renaming.review(InputFile(path, shown_as, raw).read_as(Review)), raw, renaming)


class _NoLock:
    """In a browser there is one process, which holds all of its files."""

    def acquire(self) -> None: ...

    def release(self) -> None: ...

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@contextmanager
def locked(path: Path, shown_as: str) -> Iterator[None]:
    """Hold the lock of a review, so that what is read within is what is replaced.

    Raises
    ------
    NotSaved
        If somebody holds it for longer than `LOCK_SECONDS`.
    """
    lock = _lock(path)
    try:
        lock.acquire()
    except Timeout:
        raise NotSaved(say("file.save.locked", path=shown_as), None, {}) from None
    try:
        yield
    finally:
        lock.release()


def _lock(path: Path) -> BaseFileLock | _NoLock:
    """The lock of a review; within a thread it may be taken again."""
    if sys.platform == "emscripten":
        return _NoLock()
    return FileLock(path.with_name(path.name + ".lock"), timeout=LOCK_SECONDS, is_singleton=True)


def save_review(path: Path, shown_as: str, base: ReviewOnDisk, mine: Review) -> ReviewOnDisk:
    """Write a changed review.

    Parameters
    ----------
    path, shown_as
        The file, and how the user would name it.
    base
        The review as it was read before it was changed.
    mine
        The review as it should be.

    Returns
    -------
    ReviewOnDisk
        What is on disk now: `mine`, with what others changed elsewhere meanwhile.

    Raises
    ------
    NotSaved
        If others changed the same parts, if the file on disk became unreadable, or if
        somebody holds the lock for longer than `LOCK_SECONDS`.
    """
    try:
        with _lock(path):
            _sweep(path)
            return _save_locked(path, shown_as, base, mine)
    except Timeout:
        raise NotSaved(say("file.save.locked", path=shown_as), _keep(path, mine), {}) from None


def _save_locked(path: Path, shown_as: str, base: ReviewOnDisk, mine: Review) -> ReviewOnDisk:
    raw = path.read_bytes() if exists(path) else None
    if raw != base.raw:
        try:
            theirs = read_review(path, shown_as, base.renaming).review
        except FaultyInput as faulty:
            why = say("file.save.unreadable", path=shown_as, fault=str(faulty))
            raise NotSaved(why, _keep(path, mine), {}) from None
        mine = _merge(path, shown_as, base.review, mine, theirs)
    new = canonical(mine).encode()
    if new != raw:
        write_atomically(path, new)
    return ReviewOnDisk(mine, new, base.renaming)


def parts(review: Review) -> dict[Part, Any]:
    """Take a review apart into what merges as one, in JSON types."""
    data = review.as_data()
    found: dict[Part, Any] = {("occasion", ""): review.occasion.value, ("benefits", ""): review.benefits}
    found["release", ""] = data.get("release")
    found |= {("answers", name): answer for name, answer in data.get("answers", {}).items()}
    found |= {("assigned", name): one for name, one in data.get("assigned", {}).items()}
    found |= {("waivers", waiver["waiver"]): waiver for waiver in data.get("waivers", ())}
    found |= {("emergencies", one["emergency"]): one for one in data.get("emergencies", ())}
    found |= _without_ids("pre_mortem", data, "scenario")
    found |= _without_ids("sign_offs", data, "role", "by", "on", "vote", "digest")
    return found


def _without_ids(kind: str, data: Mapping[str, Any], *keys: str) -> dict[Part, Any]:
    """Entries without an id, by content; equal ones are numbered."""
    seen: Counter[str] = Counter()
    parts: dict[Part, Any] = {}
    for entry in data.get(kind, ()):
        name = " ".join(str(entry[key]) for key in keys)
        seen[name] += 1
        parts[kind, name if seen[name] == 1 else f"{name} ({seen[name]})"] = entry
    return parts


def _merge(path: Path, shown_as: str, base: Review, mine: Review, theirs: Review) -> Review:
    before, here, there = parts(base), parts(mine), parts(theirs)
    merged = dict(there)
    conflicts: dict[Part, tuple[Any, Any]] = {}
    for part in {**before, **here}:
        ours, original, others = here.get(part), before.get(part), there.get(part)
        if ours in (original, others):
            continue
        if others != original:
            conflicts[part] = (ours, others)
        elif ours is None:
            merged.pop(part, None)
        else:
            merged[part] = ours
    if conflicts:
        names = sorted(name or key for key, name in conflicts)
        raise NotSaved(say("file.save.conflict", path=shown_as, parts=names), _keep(path, mine), conflicts)
    return assembled(theirs.review, merged)


def assembled(name: str, found: Mapping[Part, Any]) -> Review:
    """Put a review together again from its parts."""
    lists = {
        key: [value for (kind, _), value in found.items() if kind == key]
        for key in ("waivers", "sign_offs", "pre_mortem", "emergencies")
    }
    return read(
        Review,
        {
            "review": name,
            "occasion": found["occasion", ""],
            "release": found.get(("release", "")) or {},
            "benefits": found.get(("benefits", "")),
            **{
                key: {part: value for (kind, part), value in found.items() if kind == key}
                for key in ("answers", "assigned")
            },
            **lists,
        },
    )


def _keep(path: Path, mine: Review) -> Path:
    kept = path.with_name(f"{path.stem}.not-saved-{secrets.token_hex(3)}{path.suffix}")
    write_atomically(kept, canonical(mine).encode())
    return kept


def _sweep(path: Path) -> None:
    """Delete leftovers of killed writers, under the lock that excludes live ones."""
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        left.unlink(missing_ok=True)
