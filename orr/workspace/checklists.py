"""Checklists of a workspace, and which of them a workload needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path

from orr.model.checklist import Checklist, item_id
from orr.source.faults import Fault, FaultyInput, first
from orr.source.file import InputFile
from orr.system.paths import files_in, is_folder
from orr.system.resources import shipped
from orr.workspace import crosscheck
from orr.workspace.crosscheck import Catalogue
from orr.workspace.reading import Read, read_file, sound_part, unreadable


class ChecklistFiles:
    """Checklists of a workspace, each read on demand, once.

    Parameters
    ----------
    root
        The workspace's folder.
    named
        The files and folders that `orr.yaml` names; None for `checklists/`, or our own where
        there is no such folder.
    are_all
        Whether there are no others.
    """

    def __init__(self, root: Path, named: Sequence[str] | None, are_all: bool = True) -> None:
        self._root, self._named, self._are_all = root, named, are_all
        self._faulty: dict[str, Read[Checklist]] = {}

    @cached_property
    def checked(self) -> tuple[Read[Checklist], ...]:
        """Each file with all of its faults, by path."""
        return tuple(self._with_checks(read) for read in self._read)

    @cached_property
    def catalogue(self) -> Catalogue:
        """Items of all well-formed checklists; parameters of checks are not looked at."""
        known = tuple(read.model for read in self._read if read.model is not None)
        return Catalogue(known, self._are_all and len(known) == len(self._read))

    @cached_property
    def known(self) -> dict[str, Checklist]:
        """The checklists whose form is right, by name."""
        return {read.model.checklist: read.model for read in self._read if read.model is not None}

    def faults_for(self, asked: Sequence[str], required: Sequence[str] | None) -> Iterator[Fault]:
        """Faults of a workload's checklists; of all, where one it needs is missing.

        Parameters
        ----------
        asked
            The names of those that it is asked.
        required
            Those that the policy requires; None for all that do not say that they are not.
        """
        hidden = required is None and any(read.model is None and _may_be_required(read) for read in self._read)
        every = hidden or not self.known.keys() >= {*asked, *(required or ())}
        for read in self._read:
            if every or (read.model is not None and read.model.checklist in asked):
                yield from self._with_checks(read).faults

    @cached_property
    def _read(self) -> tuple[Read[Checklist], ...]:
        """Every checklist; what its checks take is looked at where it is needed."""
        where: dict[str, str] = {}
        replaced: dict[str, str] = {}
        unique: list[Read[Checklist]] = []
        for read in self._files():
            if read.model is not None and read.file is not None:
                name = read.model.checklist
                if name in where:
                    fault = read.file.fault_at(("checklist",), "cross.checklist-twice", name=name, other=where[name])
                    read = Read(read.file, None, (*read.faults, fault))
                where.setdefault(name, read.file.shown_as if read.file else name)
                faults = tuple(_replaced_elsewhere(read.file, read.model, replaced)) if read.file and read.model else ()
                if faults:
                    read = Read(read.file, None, (*read.faults, *faults))
            unique.append(read)
        return tuple(unique)

    def _files(self) -> Iterator[Read[Checklist]]:
        named = ("checklists",) if self._named is None else self._named
        for path in (self._root / name for name in named):
            try:
                if self._named is None and not is_folder(path):
                    path = shipped("checklists")
                yield from map(_read_checklist, files_in(path, ".yaml") if is_folder(path) else (path,))
            except OSError as error:
                yield Read(None, None, (unreadable(path, error),))

    def _with_checks(self, read: Read[Checklist]) -> Read[Checklist]:
        """The same with the faults of its checks."""
        if read.model is None or read.file is None or _has_sound_checks(read.file.raw):
            return read
        name = read.model.checklist
        if name not in self._faulty:
            faults = tuple(first(crosscheck.check_faults(read.file, read.model)))
            self._faulty[name] = Read(read.file, None if faults else read.model, faults)
        return self._faulty[name]


def _may_be_required(read: Read[Checklist]) -> bool:
    """Whether a faulty checklist does not say that it is optional."""
    with suppress(FaultyInput):
        data = read.file.data if read.file is not None else None
        return not isinstance(data, dict) or data.get("required") is not False
    return True


def _replaced_elsewhere(file: InputFile, checklist: Checklist, replaced: dict[str, str]) -> Iterator[Fault]:
    """Faults of ids that an item of another checklist replaces too."""
    for s, section in enumerate(checklist.sections):
        for i, item in enumerate(section.items):
            for r, name in enumerate(item.replaces):
                here = item_id(checklist.checklist, item.item)
                if replaced.setdefault(name, here) != here:
                    at = ("sections", s, "items", i, "replaces", r)
                    yield file.fault_at(at, "cross.replaces-twice", name=name, other=replaced[name])


def _read_checklist(path: Path) -> Read[Checklist]:
    read = read_file(path, Checklist, known=_sound)
    if read.file is None or (read.model is not None and _sound(read.file.raw) is not None):
        return read
    part = sound_part(read, Checklist, {"checklist": "unnamed", "version": 1, "title": "-"})
    more = (
        [*first(chain(crosscheck.checklist_faults(*part), crosscheck.check_faults(*part)))] if part is not None else []
    )
    return Read(read.file, None, (*read.faults, *more))


# All workloads have the same checklists, and a model does not change: a content is checked once in a process.


def forget() -> None:
    """Check every content anew."""
    _sound.cache_clear()
    _has_sound_checks.cache_clear()


@lru_cache(maxsize=64)
def _sound(content: bytes) -> Checklist | None:
    """The model of a checklist without a fault, those of its checks aside; else None."""
    file = InputFile(Path(), "", content)
    try:
        model = file.read_as(Checklist)
    except FaultyInput:
        return None
    return None if any(crosscheck.checklist_faults(file, model)) else model


@lru_cache(maxsize=64)
def _has_sound_checks(content: bytes) -> bool:
    """Whether a checklist is without any fault."""
    model = _sound(content)
    return model is not None and not any(crosscheck.check_faults(InputFile(Path(), "", content), model))
