"""Relaxed requirements since a revision, and checklists changed without a new version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace

from orr.evaluate.milder import milder
from orr.evaluate.requirements import requirements
from orr.messages import Message, Said, render, say
from orr.model.checklist import Checklist, Item, Section, item_id
from orr.model.digest import TEXTS, asked
from orr.source.faults import Fault, FaultyInput
from orr.source.file import InputFile
from orr.workspace.formerly import formerly_in_git
from orr.workspace.git import Revision
from orr.workspace.milder_places import Keys, place_of, unit_places
from orr.workspace.past import Past
from orr.workspace.workspace import Workspace

_APART = {*TEXTS, "section", "items", "about"}


@dataclass
class Since:
    """What became milder since a revision.

    Attributes
    ----------
    commit
        The revision's commit.
    changes
        Each change with the workloads that it is one for, and where it stands for the first of them, where it does.
    faults
        Items that demand something else under the same version of their checklist.
    unknown
        Workloads that could not be compared, and why.
    """

    commit: str
    changes: list[tuple[Message, list[str], str | None]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unknown: list[tuple[str, Said]] = field(default_factory=list)


def since(workspace: Workspace, rev: str) -> Since:
    """Compare the working tree with a revision.

    Raises
    ------
    NoRevision
        If git is missing, this is no repository, or the revision does not exist.
    """
    with closing(Revision(workspace.root, rev)) as at:
        return _compared(workspace, Past(workspace, at))


def _compared(workspace: Workspace, past: Past) -> Since:
    found = Since(past.name)
    by_words: dict[str, tuple[Message, list[str], str | None]] = {}
    names = past.workloads
    gone = [name for name in names if name not in workspace.workloads]
    followed = set()
    for name in workspace.workloads:
        try:
            now = workspace.case(name)
        except FaultyInput:
            continue  # its faults are those of the workspace
        if gone and name not in names:
            now = replace(now, formerly=formerly_in_git(workspace, now))
            followed |= {*now.formerly.names}
        was = past.required(now, lambda one: one)
        if was is not None and was.why is not None:
            found.unknown.append((name, was.why))
        if was is not None and was.required is not None:
            for change in milder(was.required, requirements(now, workspace.today)):
                words = render(change, "en")
                if words not in by_words:
                    by_words[words] = (change, [], place_of(workspace, now, change))
                by_words[words][1].append(name)
    lost = [(say("rule.milder.workload"), [name], None) for name in gone if name not in followed]
    found.changes = [*lost, *by_words.values()]
    found.faults = [
        fault
        for read in workspace.checklist_files
        if read.model is not None and read.file is not None and read.model.checklist in past.old.checklists
        for fault in _unversioned(read.file, past.old.checklists[read.model.checklist], read.model)
    ] + list(_renamed(workspace, past))
    return found


def _renamed(workspace: Workspace, past: Past) -> Iterator[Fault]:
    """New items that ask or check what one did that is gone."""
    lists = [(read.file, read.model) for read in workspace.checklist_files if read.model is not None]
    was = {name: unit for old in past.old.checklists.values() for name, (_, unit) in _units(old).items()}
    now = {name: (file, *unit) for file, one in lists for name, unit in _units(one).items()}
    replaced = {old for _, _, unit in now.values() if isinstance(unit, Item) for old in unit.replaces}
    gone = {name: unit for name, unit in was.items() if name not in now and name not in replaced}
    for name, (file, place, unit) in now.items():
        if name in was or file is None or not isinstance(unit, Item) or unit.replaces:
            continue
        for old, before in gone.items():
            if isinstance(before, Item) and (
                _asks(before) & _asks(unit) or (unit.checks and before.checks == unit.checks)
            ):
                yield file.fault_at(place, "cross.renamed-item", item=name, old=old)
                break


def _asks(item: Item) -> set[str]:
    texts = [item.ask] if isinstance(item.ask, str) else item.ask.values()
    return {" ".join(text.casefold().split()) for text in texts}


def _unversioned(file: InputFile, old: Checklist, new: Checklist) -> Iterator[Fault]:
    """Each item that is gone or demands something else, where the version does not say so."""
    if new.version > old.version:
        return
    was, now = _units(old), _units(new)
    values = {"version": new.version, "next": old.version + 1}
    if new.version < old.version:
        yield file.fault_at(("version",), "cross.version-fell", before=old.version, **values)
    for name, (_, before) in was.items():
        if name not in now:
            yield file.fault_at(("version",), "cross.unversioned-gone", item=name, **values)
        elif _mark(before) != _mark(now[name][1]):
            place, after = now[name]
            keys = _differing(before, after)
            yield file.fault_at((*place, *keys[:1]), "cross.unversioned", item=name, keys=keys, **values)


def _units(checklist: Checklist) -> dict[str, tuple[Keys, Item | Section]]:
    found: dict[str, tuple[Keys, Item | Section]] = {}
    for name, place in unit_places(checklist).items():
        section = checklist.sections[int(place[1])]
        unit = section if len(place) == 2 else section.items[int(place[3])]
        found[item_id(checklist.checklist, name)] = place, unit
    return found


def _mark(unit: Item | Section) -> str:
    return asked((unit, None)) if isinstance(unit, Section) else asked((_NONE, unit))


def _differing(before: Item | Section, after: Item | Section) -> list[str]:
    """The keys that demand something else; of a section whose choices do, `items`."""
    was, now = (one.as_data(defaults=True, without=_APART) for one in (before, after))
    keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
    return keys or ["items"]


_NONE = Section(section="-", items=())
