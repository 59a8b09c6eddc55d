"""Import custom lenses as checklists, one for each pillar.

The format is that of
https://docs.aws.amazon.com/wellarchitected/latest/userguide/lenses-format-specification.html;
`docs/exchange.md` says what becomes of each part.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from orr.evaluate.riskrules import DEFAULT, RuleError, read_rule
from orr.formats.lens.differing import differences
from orr.formats.lens.exporting import export_lens
from orr.formats.lens.limits import not_accepted
from orr.formats.lens.names import HELP, LONGEST_PREFIX, PLAN, RISKS, SCHEMA_VERSION, kebab, renamed, shortened, unique
from orr.formats.lens.resources import Resource, join, split
from orr.formats.lens.walk import Shape
from orr.model.checklist import Checklist
from orr.model.validation import read
from orr.source.faults import Fault, FaultyInput, Path
from orr.source.json_text import parse_json

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class ImportedLens:
    """What a lens became.

    Attributes
    ----------
    name, description
        Of the lens.
    checklists
        One for each pillar, in its order.
    notes
        What was left out or changed, and where; nothing that stops the import.
    """

    name: str
    description: str
    checklists: tuple[Checklist, ...]
    notes: tuple[Fault, ...]


def import_lens(text: str, path: str, prefix: str | None = None) -> ImportedLens:
    """Read a custom lens.

    Parameters
    ----------
    text
        The lens, as JSON.
    path
        The file's name for faults.
    prefix
        What the checklists' names begin with, brought into kebab-case; by default the
        lens's name. Empty for none.

    Raises
    ------
    FaultyInput
        With every fault of the lens at once.
    """
    data, places = parse_json(text, path)
    lens = _Lens(Shape(path, places))
    found = lens.read(data)
    shape = lens.shape
    if shape.faults or found is None:
        raise FaultyInput(shape.faults)
    prefix = shortened(kebab(found.name if prefix is None else prefix), LONGEST_PREFIX)
    checklists: list[Checklist] = []
    for place, pillar in enumerate(found.pillars, 1):
        name = "-".join(part for part in (prefix, kebab(pillar.id)) if part)
        name = unique(shortened(name, _LONGEST_ID - 4) or "lens", (other.checklist for other in checklists))
        checklists.append(_checklist(name, found, pillar, place, shape))
    for at, message in not_accepted(data):
        shape.odd(at, "lens.not-accepted", why=message)
    _note_differences(shape, data, checklists)
    return ImportedLens(found.name, found.description, tuple(checklists), tuple(sorted(shape.notes, key=_by_place)))


def _note_differences(shape: Shape, data: Any, checklists: list[Checklist]) -> None:
    """Note places that an export would write differently, unless noted already."""
    said = {note.place for note in shape.notes}
    for at, back in differences(data, json.loads(export_lens(checklists).text)):
        if shape.place(at) not in said:
            shape.odd(at, "lens.differs", back=back)


def _by_place(note: Fault) -> Any:
    return note.place


@dataclass(slots=True)
class _Choice:
    at: Path
    id: str
    title: str
    why: str | None
    fix: str | None


@dataclass(slots=True)
class _Question:
    at: Path
    id: str
    title: str
    about: str | None
    choices: list[_Choice] = field(default_factory=list)
    rules: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Pillar:
    id: str
    name: str
    questions: list[_Question]


@dataclass(slots=True)
class _Found:
    name: str
    description: str
    pillars: list[_Pillar]


class _Lens:
    """Reads a lens as it is written, keeping its own ids."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.questions: set[str] = set()

    def read(self, data: object) -> _Found | None:
        shape = self.shape
        lens = shape.object(data, ())
        if lens is None:
            return None
        shape.only(lens, ("schemaVersion", "name", "description", "pillars"), ())
        version = shape.text(lens, "schemaVersion", ())
        if version and version != SCHEMA_VERSION:
            shape.wrong(("schemaVersion",), "lens.version", version=version, known=SCHEMA_VERSION)
        ids: set[str] = set()
        pillars = [self._pillar(at, pillar, ids) for at, pillar in shape.objects(lens, "pillars", ())]
        return _Found(shape.text(lens, "name", ()), shape.text(lens, "description", (), mandatory=False), pillars)

    def _pillar(self, at: Path, pillar: dict[str, Any], ids: set[str]) -> _Pillar:
        self.shape.only(pillar, ("id", "name", "questions"), at)
        questions = [self._question(*entry) for entry in self.shape.objects(pillar, "questions", at)]
        return _Pillar(self._id(pillar, at, ids), self.shape.text(pillar, "name", at), questions)

    def _question(self, at: Path, question: dict[str, Any]) -> _Question:
        shape = self.shape
        shape.only(question, ("id", "title", "description", "helpfulResource", "choices", "riskRules"), at)
        description = Resource(shape.text(question, "description", at, mandatory=False))
        resource = self._resource(question, "helpfulResource", at)
        about = self._text(at, description, [resource] if resource else [])
        name = self._id(question, at, self.questions)
        found = _Question(at, name, shape.text(question, "title", at), about)
        ids: set[str] = set()
        found.choices = [self._choice(*entry, ids) for entry in shape.objects(question, "choices", at)]
        found.rules = self._rules(question, at, ids)
        return found

    def _choice(self, at: Path, choice: dict[str, Any], ids: set[str]) -> _Choice:
        shape = self.shape
        known = ("id", "title", "description", "helpfulResource", "improvementPlan", "additionalResources")
        shape.only(choice, known, at)
        more: dict[str, list[Resource]] = {HELP: [], PLAN: []}
        for here, additional in shape.objects(choice, "additionalResources", at, mandatory=False):
            kind = shape.text(additional, "type", here)
            if kind and kind not in more:
                shape.wrong((*here, "type"), "lens.resource-type", type=kind)
            shape.only(additional, ("type", "content"), here)
            for place, content in shape.objects(additional, "content", here):
                more.setdefault(kind, []).append(self._read_resource(content, place))
        help_text = self._resource(choice, "helpfulResource", at) or Resource()
        description = shape.text(choice, "description", at, mandatory=False)
        if description:
            shape.odd((*at, "description"), "lens.merged")
            help_text = Resource("\n\n".join(part for part in (description, help_text.text) if part), help_text.url)
        name = self._id(choice, at, ids)
        if name == DEFAULT:
            shape.wrong((*at, "id"), "lens.reserved", id=name)
        return _Choice(
            at,
            name,
            shape.text(choice, "title", at),
            self._text((*at, "helpfulResource"), help_text, more[HELP]),
            self._text(
                (*at, "improvementPlan"), self._resource(choice, "improvementPlan", at) or Resource(), more[PLAN]
            ),
        )

    def _rules(self, question: dict[str, Any], at: Path, choices: set[str]) -> list[tuple[str, str]]:
        shape = self.shape
        rules: list[tuple[str, str]] = []
        defaults: list[Path] = []
        for here, rule in shape.objects(question, "riskRules", at):
            shape.only(rule, ("condition", "risk"), here)
            condition = shape.text(rule, "condition", here).strip()
            risk = shape.text(rule, "risk", here)
            if risk and risk not in RISKS:
                shape.wrong((*here, "risk"), "lens.risk", risk=risk)
            if condition:
                if defaults:
                    shape.wrong(here, "lens.after-default")
                if condition == DEFAULT:
                    defaults.append(here)
                self._condition(condition, (*here, "condition"), choices)
            rules.append((condition, RISKS.get(risk, "high")))
        if rules and not defaults:
            shape.odd((*at, "riskRules"), "lens.no-default", id=question.get("id"))
            return [*rules, (DEFAULT, "unknown")]
        if rules and all(risk == "none" for _, risk in rules):
            shape.odd((*at, "riskRules"), "lens.never-risk", id=question.get("id"))
        return rules

    def _condition(self, condition: str, at: Path, choices: set[str]) -> None:
        try:
            names = read_rule(condition).names
        except RuleError as error:
            self.shape.wrong(at, "lens.condition", condition=condition, column=error.column, found=error.found)
            return
        for name in sorted(names - choices):
            self.shape.wrong(at, "lens.no-choice", condition=condition, id=name)

    def _id(self, part: dict[str, Any], at: Path, taken: set[str]) -> str:
        name = self.shape.text(part, "id", at)
        if name in taken:
            self.shape.wrong((*at, "id"), "lens.twice", id=name)
        elif name and (not _ID.fullmatch(name) or len(name) > _LONGEST_ID):
            self.shape.wrong((*at, "id"), "lens.id", id=name)
        taken.add(name)
        return name

    def _resource(self, parent: dict[str, Any], key: str, at: Path) -> Resource | None:
        if parent.get(key) is None:
            return None
        found = self.shape.object(parent[key], (*at, key))
        return None if found is None else self._read_resource(found, (*at, key))

    def _read_resource(self, resource: dict[str, Any], at: Path) -> Resource:
        self.shape.only(resource, ("displayText", "url"), at)
        text = self.shape.text(resource, "displayText", at, mandatory=False)
        return Resource(text, self.shape.text(resource, "url", at, mandatory=False).strip())

    def _text(self, at: Path, main: Resource, more: list[Resource]) -> str | None:
        text = join(main, more)
        said = tuple(resource for resource in more if resource != Resource())
        if text is not None and split(text) != (main, said):
            self.shape.odd(at, "lens.merged")
        return text


def _checklist(name: str, lens: _Found, pillar: _Pillar, place: int, shape: Shape) -> Checklist:
    times = Counter(choice.id for question in pillar.questions for choice in question.choices)
    sections = {question.id for question in pillar.questions}
    data: dict[str, Any] = {"checklist": name, "version": 1, "title": f"{lens.name}: {pillar.name}"}
    if lens.description:
        data["about"] = lens.description
    data["lens"] = {"name": lens.name, "pillar": pillar.id, "place": place}
    data["sections"] = []
    for question in pillar.questions:
        names = {}
        for choice in question.choices:
            names[choice.id] = choice.id
            if times[choice.id] > 1 or choice.id in sections:
                names[choice.id] = f"{question.id}.{choice.id}"
                shape.odd((*choice.at, "id"), "lens.renamed", id=choice.id, name=names[choice.id])
            if len(names[choice.id]) > _LONGEST_ID:
                shape.wrong((*choice.at, "id"), "lens.id", id=names[choice.id])
        items = [
            {"item": names[choice.id], "ask": choice.title, "why": choice.why, "fix": choice.fix}
            for choice in question.choices
        ]
        rules = [{"if": renamed(condition, names), "risk": risk} for condition, risk in question.rules]
        section = {"section": question.id, "title": question.title, "about": question.about, "risk_rules": rules}
        data["sections"].append({**section, "items": items})
    if shape.faults:
        raise FaultyInput(shape.faults)
    return read(Checklist, data)
