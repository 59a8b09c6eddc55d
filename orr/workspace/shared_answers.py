"""Answers that are given once: where they stand, who inherits them, and how they are changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from orr.evaluate.case import Case
from orr.messages import Message, say
from orr.model.checklist import Scope
from orr.model.review import Answer, OrganizationAnswers, TeamAnswers
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.source.yaml import parse
from orr.source.yaml.changing import changed_text
from orr.source.yaml.writer import dump
from orr.system.atomic import write_atomically
from orr.system.paths import exists, shown_as
from orr.workspace import crosscheck
from orr.workspace.editing import edit_review
from orr.workspace.saving import locked
from orr.workspace.workspace import Workspace

ChangeAnswer = Callable[[Answer | None], Answer | None]
"""From an answer as it is to the answer as it should be; None where there is none."""


class Home(NamedTuple):
    """Whose answers a file holds.

    Attributes
    ----------
    scope
        Whether they are of a workload, a team or the organization.
    name
        Its name.
    path
        The file, whether it is there or not.
    """

    scope: Scope
    name: str
    path: Path

    @property
    def source(self) -> str:
        """The same as an assessment names it: `workload`, `team:<team>` or `organization`."""
        return f"team:{self.name}" if self.scope is Scope.TEAM else self.scope.value

    @property
    def in_words(self) -> Message:
        """Whose answers these are."""
        return say(f"file.home.{self.scope.value}", name=self.name)


def home_of(workspace: Workspace, case: Case, item: str) -> Home:
    """Where an item's effective answer stands; unanswered, where its scope puts it."""
    asked = workspace.catalogue.items.get(item)
    scope = asked.scope if asked is not None else Scope.WORKLOAD
    origin = case.answer(scope, item)[1]
    if origin == "workload":
        scope = Scope.WORKLOAD
    elif origin is not None:
        scope = Scope.ORGANIZATION if origin == "organization" else Scope.TEAM
    return home_in(workspace, case, scope)


def home_in(workspace: Workspace, case: Case, scope: Scope) -> Home:
    """The file of a workload, of its owner team, or of the organization."""
    name = case.workload.workload
    if scope is Scope.WORKLOAD:
        return Home(scope, name, workspace.review_path(name))
    team = case.workload.owner.team
    path = workspace.root / ("organization.yaml" if scope is Scope.ORGANIZATION else f"teams/{team}.yaml")
    found = case.organization or workspace.root.name if scope is Scope.ORGANIZATION else team
    real = path.resolve()
    return Home(scope, found, real if real.is_relative_to(workspace.root) else path)  # no other link is written through


def inheriting(workspace: Workspace, home: Home, item: str) -> tuple[str, ...]:
    """The workloads that inherit an answer; one whose files are faulty is taken to do so."""
    found = []
    for name in workspace.workloads:
        workload = workspace.workload(name)
        if home.scope is Scope.TEAM and workload is not None and workload.owner.team != home.name:
            continue
        try:
            case = workspace.case(name)
        except FaultyInput:
            found.append(name)
            continue
        asked = item.split("/", 1)[0] in {one.checklist for one in case.asked}
        if asked and item not in case.review.answers:
            found.append(name)
    return tuple(found)


def edit_answer(workspace: Workspace, home: Home, item: str, change: ChangeAnswer) -> Answer | None:
    """Change one answer in place, and keep the rest of a hand-written file.

    Parameters
    ----------
    workspace, home
        The file; that of a team or of the organization is made where it is missing.
    item
        Whose answer.
    change
        What to make of it; called with the file locked.

    Raises
    ------
    FaultyInput
        If the file has faults, or would have them after the change; nothing is written then.
    NotSaved
        If somebody else holds the file for too long.
    """
    if home.scope is Scope.WORKLOAD:
        review = edit_review(
            workspace,
            home.name,
            lambda old: replace(old, answers=_with(old.answers, item, change(old.answers.get(item)))),
        )
        return review.answers.get(item)
    of_team = home.scope is Scope.TEAM
    kind: type[TeamAnswers] | type[OrganizationAnswers] = TeamAnswers if of_team else OrganizationAnswers
    shown = shown_as(home.path)
    home.path.parent.mkdir(exist_ok=True)
    with locked(home.path, shown):
        raw = home.path.read_bytes() if exists(home.path) else dump({home.scope.value: home.name}).encode()
        file = InputFile(home.path, shown, raw)
        answers = file.read_as(kind).answers
        renaming = workspace.catalogue.renaming
        before = renaming.answers(answers).get(item)
        after = change(before)
        if after is before:
            return before
        data = parse(file.text, shown)
        told = {name: one for name, one in (data.pop("answers", None) or {}).items()
                if item not in (name, renaming.ids.get(name))}  # fmt: skip
        told |= {} if after is None else {item: after.as_data()}
        wanted = {**data, "answers": dict(sorted(told.items()))} if told else data
        text = changed_text(file.text, wanted) or dump(wanted)
        new = InputFile(home.path, shown, text.encode())
        checked = new.read_as(kind).answers
        faults = crosscheck.inherited_faults(
            new, checked, home.scope, workspace.catalogue, workspace.today, workspace.timezone
        )
        if found := list(faults):
            raise FaultyInput(found)
        write_atomically(home.path, text.encode())
        return checked.get(item)


def _with(answers: dict[str, Answer], item: str, answer: Answer | None) -> dict[str, Answer]:
    others = {name: one for name, one in answers.items() if name != item}
    return others if answer is None else {**others, item: answer}
