"""Discussion of a workload's items: comments in a file of JSON lines.

Lines are only ever added, so that git can merge two branches by keeping the lines of both, and what cannot be read
stays in the file.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from orr.messages.cleaning import clean
from orr.model.discussion import Comment
from orr.model.fields import Moment
from orr.source.faults import Fault, FaultyInput, Place, first
from orr.source.faults import Path as KeyPath
from orr.source.file import InputFile
from orr.source.json_text import parse_json
from orr.source.yaml import MAX_BYTES
from orr.system.atomic import refuse_link
from orr.system.inside import open_inside
from orr.system.paths import shown_as
from orr.workspace.crosscheck import future
from orr.workspace.reading import file_fault, unreadable
from orr.workspace.workspace import Workspace

NAME = "discussion.jsonl"
ATTRIBUTE = f"/workloads/*/{NAME} merge=union"
"""The line of `.gitattributes` by which git keeps the comments of both branches."""


class Discussion(NamedTuple):
    """The comments of a workload, oldest first, and what is wrong with lines that are none."""

    comments: tuple[Comment, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def by_item(self) -> Mapping[str, tuple[Comment, ...]]:
        """The comments on each item."""
        found: dict[str, list[Comment]] = {}
        for comment in self.comments:
            found.setdefault(comment.item, []).append(comment)
        return {item: tuple(comments) for item, comments in found.items()}


NOTHING_SAID = Discussion()


class _Line(InputFile):
    """A line of JSON as if it were a file."""

    @cached_property
    def data(self) -> Any:
        """Its data."""
        return parse_json(self.text, self.shown_as)[0]

    @cached_property
    def _places(self) -> Mapping[KeyPath, Place]:
        return parse_json(self.text, self.shown_as)[1]


def discussion_path(workspace: Workspace, name: str) -> Path:
    """The file of a workload's comments, whether it is there or not."""
    return workspace.folder(name) / NAME


def read_discussion(workspace: Workspace, name: str) -> Discussion:
    """Read a workload's comments; an invalid line is reported and skipped."""
    path = discussion_path(workspace, name)
    try:
        folder, file = os.path.split(path)
        with os.fdopen(open_inside(folder, file), "rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Discussion()
    except OSError as error:
        return Discussion(faults=(unreadable(path, error),))
    if len(raw) > MAX_BYTES:
        return Discussion(faults=(file_fault(path, "discussion.too-large", limit=MAX_BYTES // 1_000_000),))
    found: dict[str, Comment] = {}
    faults: list[Fault] = []
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            one = _Line(path, shown_as(path), line.rstrip(b"\r"))
            faults += (
                replace(fault, place=Place(number, fault.place.column)) for fault in _read(one, found, workspace)
            )
    ids = workspace.catalogue.renaming.ids
    named = (replace(one, item=ids.get(one.item, one.item)) for one in found.values())
    comments = sorted(named, key=lambda one: _seconds(one.at, workspace.timezone))
    return Discussion(tuple(comments), tuple(first(faults)))


def _read(line: _Line, found: dict[str, Comment], workspace: Workspace) -> Iterator[Fault]:
    """Read a line's comment to those that were found, and give what is wrong with it."""
    try:
        comment = line.read_as(Comment)
    except FaultyInput as faulty:
        yield from faulty.faults
        return
    if found.setdefault(comment.id, comment) != comment:  # twice the same is what a merge leaves
        yield line.fault_at(("id",), "discussion.id-twice", id=comment.id)
        found[f"{comment.id} {len(found)}"] = comment
    if workspace.catalogue.missing(comment.item):
        yield workspace.catalogue.unknown_item(line, ("item",), comment.item)
    yield from future(line, ("at",), comment.at, workspace.today, workspace.timezone)


def discussion_faults(workspace: Workspace) -> Iterator[Fault]:
    """What is wrong with the comments of all workloads."""
    for name in workspace.workloads:
        yield from read_discussion(workspace, name).faults


def add_comment(
    workspace: Workspace, name: str, item: str, by: str, at: date | datetime, text: str, reply_to: str | None = None
) -> Comment:
    """Add a comment at the end of a workload's discussion.

    Raises
    ------
    FaultyInput
        If the comment is none: without words, or too long.
    NotSaved
        If somebody else holds the file for too long.
    OSError
        If it cannot be written.
    """
    path = discussion_path(workspace, name)
    given = {"item": item, "by": by, "at": at.isoformat(), "text": clean(text), "reply_to": reply_to}
    data = {"id": secrets.token_hex(6), **{key: value for key, value in given.items() if value is not None}}
    line = json.dumps(data, ensure_ascii=False)
    comment = _Line(path, shown_as(path), line.encode()).read_as(Comment)
    refuse_link(path)
    from orr.workspace.saving import locked  # who only reads needs no pydantic

    with locked(path, shown_as(path)), path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else f"\n{line}"
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    return comment


def _seconds(moment: Moment, timezone: tzinfo) -> float:
    at = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return (at if at.tzinfo else at.replace(tzinfo=timezone)).timestamp()
