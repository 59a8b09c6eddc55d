"""Read one file of a workspace: its model or its faults."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from orr.messages import say
from orr.model.base import Record
from orr.source.faults import Fault, FaultyInput, Place
from orr.source.file import InputFile
from orr.source.part import part_of
from orr.source.yaml import MAX_BYTES
from orr.system.inside import open_inside
from orr.system.paths import is_link, relative_to, shown_as

M = TypeVar("M", bound=Record, covariant=True)
Known = Callable[[bytes], M | None]


@dataclass(frozen=True)
class Read(Generic[M]):
    """A file that was read: its model, or its faults.

    Attributes
    ----------
    file
        The file, where it could be read.
    model
        Its content; None where it is faulty or not there.
    faults
        What is wrong with it by itself.
    """

    file: InputFile | None
    model: M | None
    faults: tuple[Fault, ...]


def read_file(path: Path, kind: type[M], within: Path | None = None, known: Known[M] | None = None) -> Read[M]:
    """Read a file; one that is not there has no model and no fault.

    Parameters
    ----------
    path, kind
        The file, and what is to be made of it.
    within
        The folder out of which it may not be a link; None for what is trusted as code is.
    known
        Gives the model of a content that was found without fault before.
    """
    try:
        real = os.path.realpath(path, strict=True)
    except FileNotFoundError:
        if is_link(path):
            return Read(None, None, (file_fault(path, "workspace.unreadable", problem="dangling link"),))
        return Read(None, None, ())
    except OSError as error:
        return Read(None, None, (unreadable(path, error),))
    folder, name = os.path.split(real)
    if within is not None:
        folder, below = str(within), relative_to(real, str(within))
        if below is None:
            return Read(None, None, (file_fault(path, "workspace.outside"),))
        name = below or os.curdir
    file: InputFile | None = None
    try:
        with os.fdopen(open_inside(folder, name), "rb") as stream:
            status = os.fstat(stream.fileno())
            if not stat.S_ISREG(status.st_mode):  # nor wait for a pipe that nobody writes to
                raise OSError(errno.EINVAL, "")
            raw = _content(stream, status.st_size)
        file = InputFile(path, shown_as(path), raw)
        model = known(raw) if known is not None else None
        return Read(file, model if model is not None else file.read_as(kind), ())
    except OSError as error:
        return Read(None, None, (unreadable(path, error),))
    except FaultyInput as faulty:
        return Read(file, None, tuple(faulty.faults))


def sound_part(read: Read[M], kind: type[M], instead: Mapping[str, Any]) -> tuple[InputFile, M] | None:
    """File and model; of a faulty file its faultless part, if any."""
    if read.file is None:
        return None
    return part_of(read.file, kind, instead) if read.model is None else (read.file, read.model)


def readable_part(read: Read[M], kind: type[M]) -> tuple[M, frozenset[str]]:
    """What of a file can be read, and which keys may have another value than that.

    With a key that is not known, any that is not given may be meant.
    """
    if read.model is not None:
        return read.model, frozenset()
    from orr.model.validation import ValidationError
    from orr.model.validation import read as validated

    data: Any = None
    with suppress(FaultyInput):
        data = read.file.data if read.file is not None else None
    sound = {}
    for key, value in data.items() if isinstance(data, dict) else ():
        with suppress(ValidationError):
            validated(kind, {key: value})
            sound[key] = value
    known = {field.name for field in fields(kind)}
    faulty = data.keys() - sound if isinstance(data, dict) else known
    return validated(kind, sound), frozenset(faulty if faulty <= known else known - sound.keys())


def file_fault(path: Path, key: str, /, **values: object) -> Fault:
    """A fault of a file as a whole, whose words are `file.<key>` and `file.<key>.do`."""
    return Fault(shown_as(path), Place(1, 1), say(f"file.{key}", **values), say(f"file.{key}.do", **values))


def unreadable(path: Path, error: OSError) -> Fault:
    """The fault of a file or a folder that the system refuses to read."""
    problem = os.strerror(error.errno) if error.errno else type(error).__name__
    return file_fault(path, "workspace.unreadable", problem=problem)


def _content(stream: BinaryIO, size: int) -> bytes:
    """A file's content, or enough of it to show that it is too large."""
    raw = stream.read(min(size, MAX_BYTES) + 1)  # to ask for more at once is to pay for the room
    if size < len(raw) <= MAX_BYTES:  # it has grown, or its size was not told
        raw += stream.read(MAX_BYTES + 1 - len(raw))
    return raw
