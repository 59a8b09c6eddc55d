"""Verify the files attached to answers: present, unchanged by SHA-256, and of some content."""

from __future__ import annotations

import hashlib
import os
import stat
from codecs import getincrementaldecoder
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, tzinfo
from pathlib import Path
from typing import TypeVar

from orr.evidence.errors import Undetermined
from orr.evidence.masking import masked
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.subjects.reading import MAX_BYTES as MAX_SUBJECT_BYTES
from orr.evidence.subjects.reading import subjects_of
from orr.messages import Message, say
from orr.model.content import digest_of_text
from orr.model.finding import Evidence
from orr.model.release import Subject
from orr.model.review import Answer, EvidenceEntry
from orr.system.inside import open_inside
from orr.system.open_files import is_held
from orr.system.paths import relative_to

T = TypeVar("T")

_CHUNK = 65_536
_RESULTS = (".json", ".sarif", ".xml")

BLANK_AT_MOST = 64_000_000
"""Up to how many bytes a file is looked through for anything but white space; what begins with more is blank."""

_BLANK = b" \t\r\n\v\f\0\xef\xbb\xbf\xff\xfe"
"""White space, and what marks the order of bytes."""

MAX_SHOWN = 20_000
"""Of how many bytes of a file it is kept what they say."""

MAX_BYTES = 512_000_000
MAX_TOTAL = 1_000_000_000
"""How much is read in all for the answers of one workload, each file once."""


@dataclass
class Verified:
    """What became of the evidence of an answer.

    Attributes
    ----------
    missing
        Why entries do not hold.
    hollow
        Why files prove nothing, though they are there.
    sums
        The SHA-256 of each file, by the path of its entry.
    texts
        What files say that are texts, from their beginning and without secrets, by the path of their entry.
    attached
        What the files say that they are about.
    """

    missing: list[Message] = field(default_factory=list)
    hollow: list[Message] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    attached: list[Subject] = field(default_factory=list)


class Verifier:
    """Looks at evidence entries within the folders that may be read.

    Parameters
    ----------
    places
        Where entries are looked for, and what may be read at all.
    launch, zone
        The day of the launch, if there is one, and where it is: of a roster its days alone are voted on.

    Attributes
    ----------
    opened
        The files that were looked at.
    """

    def __init__(self, places: EvidencePlaces, launch: date | None = None, zone: tzinfo = UTC) -> None:
        self.places, self.launch, self.zone = places, launch, zone
        self.roots = [os.path.realpath(root) for root in places.roots]
        self.opened: set[Path] = set()
        self._sums: dict[str, str] = {}
        self._about: dict[str, tuple[Subject, ...]] = {}
        self._read = 0

    def verify(self, answer: Answer, answer_from: str) -> Verified:
        """Check the files and links of an answer's evidence, and read what they are about."""
        beside = self.places.beside.get(answer_from.partition(":")[0])
        verified = Verified()
        for entry in answer.evidence:
            if entry.path is not None:
                self._look(verified, entry, entry.path, beside)
        return verified

    def locate(self, path: str, answer_from: str) -> str | None:
        """Real path of an entry's file.

        None where it is no file that may be read.
        """
        found = self._open(path, self.places.beside.get(answer_from.partition(":")[0]))
        if isinstance(found, Message):
            return None
        real, descriptor = found
        if descriptor is None:
            return None
        try:
            return real if stat.S_ISREG(os.fstat(descriptor).st_mode) else None
        finally:
            os.close(descriptor)

    def _look(self, verified: Verified, entry: EvidenceEntry, path: str, beside: Path | None) -> None:
        found = self._open(path, beside)
        if isinstance(found, Message):
            verified.missing.append(found)
            return
        real, descriptor = found
        self.opened.add(Path(real))
        if descriptor is None:
            (verified.missing if entry.sha256 else verified.hollow).append(say("evidence.entry.held", path=path))
            return
        try:
            why_not = self._differs(entry, path, real, descriptor)
            hollow = self._hollow(path, real, descriptor)
            if why_not is not None:
                verified.missing.append(why_not)
            elif hollow is not None:
                verified.hollow.append(hollow)
            if hollow is None:
                sum_ = self._sums.get(real) or f"{os.fstat(descriptor).st_size} bytes"
                verified.sums[path] = sum_ if entry.sha256 is not None else self._content(path, descriptor) or sum_
                verified.texts[path] = _text(descriptor)
            if why_not is None and hollow is None:
                verified.attached += self._subjects(path, real, descriptor)
        finally:
            os.close(descriptor)

    def _content(self, path: str, descriptor: int) -> str | None:
        """Digest of the part of a file that counts, where that is not all.

        Another export of the same results is the same evidence.
        """
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        content = _of_results(path, descriptor) if path.endswith(_RESULTS) else None
        if content is None and self.launch is not None:
            content = _of_roster(path, descriptor, self.launch, self.zone)
        return None if content is None else digest_of_text(content)

    def _subjects(self, path: str, real: str, descriptor: int) -> tuple[Subject, ...]:
        """What a file says that it is about; nothing where it cannot be read."""
        if os.fstat(descriptor).st_size > MAX_SUBJECT_BYTES:
            return ()
        if real not in self._about:
            try:
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    file.seek(0)
                    self._about[real] = subjects_of(file.read(MAX_SUBJECT_BYTES), path)
            except (OSError, Undetermined):
                self._about[real] = ()
        return self._about[real]

    def _open(self, path: str, beside: Path | None) -> Message | tuple[str, int | None]:
        """Open an entry's file: its real path and descriptor, or why not.

        The descriptor is None for a database that this process has open.
        """
        if Path(path).is_absolute() or path.startswith("~") or "\0" in path:
            return say("evidence.entry.absolute", path=path.replace("\0", ""))
        for folder in (self.places.repository, beside):
            if folder is None:
                continue
            real = os.path.realpath(folder / path)
            root = next((root for root in self.roots if relative_to(real, root) is not None), None)
            if root is None:
                # Said before it is looked for: nobody learns what lies outside.
                return say("evidence.entry.outside", path=path)
            try:
                descriptor = None if is_held(real) else open_inside(root, os.path.relpath(real, root))
            except FileNotFoundError:
                continue
            except OSError as error:
                return say("evidence.entry.no-access", path=path, why=error.strerror or "")
            return real, descriptor
        return say("evidence.entry.gone", path=path)

    def _hollow(self, path: str, real: str, descriptor: int) -> Message | None:
        """Why a file proves nothing, though it is there."""
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            return say("evidence.entry.folder", path=path)
        if status.st_size == 0 or _is_blank(descriptor):  # the size of whatever is no file is 0
            return say("evidence.entry.empty", path=path)
        return say("evidence.entry.own", path=path) if self.places.is_own(real) else None

    def _differs(self, entry: EvidenceEntry, path: str, real: str, descriptor: int) -> Message | None:
        status = os.fstat(descriptor)
        is_file = stat.S_ISREG(status.st_mode)
        if not is_file and (entry.sha256 is not None or not stat.S_ISDIR(status.st_mode) or self._is_all(real)):
            return say("evidence.entry.no-file", path=path)
        if not is_file:
            return None
        # A file without a digest of its own is bound as well: votes are given on what it holds.
        # One that is too large for that is bound by its size.
        if status.st_size > MAX_BYTES:
            return say("evidence.entry.too-large", path=path, limit=MAX_BYTES) if entry.sha256 is not None else None
        if real not in self._sums and self._read + status.st_size > MAX_TOTAL:
            return say("evidence.entry.too-much", path=path, limit=MAX_TOTAL) if entry.sha256 is not None else None
        try:
            if real not in self._sums:
                self._read += status.st_size
                with os.fdopen(descriptor, "rb", closefd=False) as file:
                    self._sums[real] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return say("evidence.entry.no-access", path=path, why=error.strerror or "")
        if entry.sha256 is not None and self._sums[real] != entry.sha256.lower().removeprefix("sha256:"):
            return say("evidence.entry.altered", path=path)
        return None

    def _is_all(self, real: str) -> bool:
        """Whether a folder is, or contains, the repository or the review's folder.

        Such a folder is no evidence of anything.
        """
        places = (self.places.repository, *self.places.beside.values())
        return any(relative_to(os.path.realpath(place), real) is not None for place in places if place is not None)


def _is_blank(descriptor: int) -> bool:
    """Whether a file holds nothing but white space."""
    return not any(
        os.pread(descriptor, _CHUNK, at).strip(_BLANK)
        for at in range(0, min(BLANK_AT_MOST, os.fstat(descriptor).st_size), _CHUNK)
    )


def _of_results(path: str, descriptor: int) -> str | None:
    """What a tool's result file names, whichever run wrote it."""
    from orr.evidence.checks.results.detect import MAX_BYTES as LIMIT  # most evidence is no such file
    from orr.evidence.checks.results.detect import content_of

    return content_of(_raw(descriptor, LIMIT), path)


def _of_roster(path: str, descriptor: int, launch: date, zone: tzinfo) -> str | None:
    """The shifts of a roster around the launch."""
    from orr.evidence.checks.roster.content import BEFORE, DAYS, MAX_BYTES, NAMES, content_of
    from orr.evidence.checks.roster.opening import Around

    if not path.lower().endswith(NAMES):
        return None
    return content_of(_raw(descriptor, MAX_BYTES), path, Around(launch, zone, DAYS, BEFORE))


def _raw(descriptor: int, limit: int) -> bytes:
    """A file up to a byte beyond a limit."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read(limit + 1)


def _text(descriptor: int) -> str:
    """The beginning of a file without secrets; nothing where it is no text."""
    try:
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            file.seek(0)
            text = getincrementaldecoder("utf-8")().decode(file.read(MAX_SHOWN))  # it may end within a character
    except (OSError, ValueError):
        return ""
    return "" if "\0" in text else masked(text)


def with_attached(evidence: Evidence, attached: Mapping[str, Verified]) -> Evidence:
    """The same evidence with what became of the entries of the answers to some items."""

    def moved(before: Mapping[str, T], now: Mapping[str, T]) -> dict[str, T]:
        kept = {name: one for name, one in before.items() if name not in attached}
        return kept | {name: one for name, one in now.items() if one}

    return replace(
        evidence,
        missing=moved(evidence.missing, {name: tuple(one.missing) for name, one in attached.items()}),
        hollow=moved(evidence.hollow, {name: tuple(one.hollow) for name, one in attached.items()}),
        sums=moved(evidence.sums, {name: one.sums for name, one in attached.items()}),
        texts=moved(evidence.texts, {name: one.texts for name, one in attached.items()}),
        attached=moved(evidence.attached, {name: tuple(one.attached) for name, one in attached.items()}),
    )
