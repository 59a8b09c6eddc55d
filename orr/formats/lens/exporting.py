"""Export checklists as one custom lens, listing every loss."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orr.evaluate.riskrules import DEFAULT
from orr.formats.checklist import checklist_data
from orr.formats.lens.importing import HELP, PLAN, RISKS, SCHEMA_VERSION
from orr.formats.lens.names import LONGEST_PREFIX, kebab, lens_id, pillar_id, renamed, shortened, unique
from orr.formats.lens.resources import Resource, split
from orr.messages import Message, in_language, say
from orr.model.checklist import Checklist, Item, Risk, Section
from orr.model.fields import Text

_RISK_NAMES = {risk: name for name, risk in RISKS.items()}
_HELD = {"item", "ask", "why", "fix", "risk", "blocking"}
_SHORTEST_ID, _LONGEST = (
    3,
    {"id": 128, "name": 128, "title": 128, "description": 2048, "displayText": 2048, "url": 2048},
)
_MOST = {"pillars": 10, "questions": 20, "choices": 15, "content": 5}
_LARGEST = 500_000


@dataclass(frozen=True, slots=True)
class ExportedLens:
    """A lens as JSON, and what it could not hold or AWS would refuse."""

    text: str
    notes: tuple[Message, ...]


def export_lens(
    checklists: Sequence[Checklist], name: str | None = None, description: str | None = None, language: str = "en"
) -> ExportedLens:
    """Write checklists as a custom lens: each a pillar, its sections questions, its items choices.

    Parameters
    ----------
    checklists
        At least one.
    name, description
        Of the lens. By default what the checklists' titles share before a colon, else the
        titles; and what the checklists are about if they agree, else the name.
    language
        The language of a lens is one.
    """
    export = _Export(language)
    titles = [in_language(checklist.title, language) for checklist in checklists]
    name = name or _shared(titles)
    if description is None:
        abouts = {in_language(checklist.about, language) if checklist.about else "" for checklist in checklists}
        description = (abouts.pop() if len(abouts) == 1 else "") or name
    prefix = shortened(kebab(name), LONGEST_PREFIX) + "-"
    pillars: list[dict[str, Any]] = []
    for checklist, title in zip(checklists, titles, strict=True):
        pillar = unique(
            pillar_id(checklist.checklist.removeprefix(prefix)), (other["id"] for other in pillars), joint="_"
        )
        questions = [export.question(checklist, section) for section in checklist.sections]
        pillars.append({"id": pillar, "name": title.removeprefix(f"{name}: "), "questions": questions})
        export.losses(checklist)
    lens = {"schemaVersion": SCHEMA_VERSION, "name": name, "description": description, "pillars": pillars}
    export.limits(lens, ())
    text = json.dumps(lens, ensure_ascii=False, indent=2) + "\n"
    if len(text.encode()) > _LARGEST:
        export.notes.append(say("exchange.export.too-large", size=len(text.encode()), limit=_LARGEST))
    return ExportedLens(text, tuple(export.all_notes()))


def _shared(titles: Sequence[str]) -> str:
    parts = {title.partition(": ")[0] if ": " in title else None for title in titles}
    shared = parts.pop() if len(parts) == 1 else None
    return shared or "; ".join(titles)


class _Export:
    def __init__(self, language: str) -> None:
        self.language = language
        self.questions: set[str] = set()
        self.notes: list[Message] = []
        self.lost: Counter[str] = Counter()
        self.low = self.plain = 0

    def question(self, checklist: Checklist, section: Section) -> dict[str, Any]:
        name = lens_id(section.section)
        if name in self.questions:
            name = unique(lens_id(f"{checklist.checklist}_{name}"), self.questions, joint="_")
        self.questions.add(name)
        question: dict[str, Any] = {"id": name, "title": self._words(section.title) or section.section}
        question.update(self._about(section))
        names: dict[str, str] = {}
        for item in section.items:
            choice = lens_id(item.item.removeprefix(f"{section.section}."))
            names[item.item] = unique(choice, {*names.values(), DEFAULT}, joint="_")
        question["choices"] = [self._choice(item, names[item.item]) for item in section.items]
        question["riskRules"] = self._rules(section, names)
        return question

    def _about(self, section: Section) -> dict[str, Any]:
        about = self._words(section.about)
        main, more = split(about)
        if len(more) == 1 and not main.url:
            description = {"description": main.text} if main.text else {}
            return {**description, "helpfulResource": _resource(more[0])}
        return {"description": about} if about else {}

    def _choice(self, item: Item, name: str) -> dict[str, Any]:
        choice: dict[str, Any] = {"id": name, "title": self._words(item.ask)}
        additional = []
        for key, kind, text in (("helpfulResource", HELP, item.why), ("improvementPlan", PLAN, item.fix)):
            main, more = split(self._words(text))
            if main != Resource():
                choice[key] = _resource(main)
            if more:
                additional.append({"type": kind, "content": [_resource(resource) for resource in more]})
        if additional:
            choice["additionalResources"] = additional
        return choice

    def _rules(self, section: Section, names: Mapping[str, str]) -> list[dict[str, str]]:
        if section.risk_rules:
            return [
                {"condition": renamed(rule.if_, names), "risk": _RISK_NAMES[rule.risk]} for rule in section.risk_rules
            ]
        self.plain += 1
        # A lens knows neither "blocking" nor a low risk: both become the next more severe
        # that it knows, so that nothing looks better than it is here.
        high = [names[item.item] for item in section.items if item.blocking or item.risk in (Risk.HIGH, None)]
        self.low += sum(item.risk is Risk.LOW and not item.blocking for item in section.items)
        rules = [{"condition": " && ".join(names.values()), "risk": "NO_RISK"}]
        if high and len(high) < len(names):
            rules.append({"condition": " && ".join(high), "risk": "MEDIUM_RISK"})
        return [*rules, {"condition": DEFAULT, "risk": "HIGH_RISK" if high else "MEDIUM_RISK"}]

    def losses(self, checklist: Checklist) -> None:
        data = checklist_data(checklist)
        self.lost.update(key for key in ("owner",) if key in data)
        for section in data["sections"]:
            self.lost.update({"blocking"} & {key for key, value in section.items() if value})
            for item in section["items"]:
                self.lost.update(set(item) - _HELD)
                self.lost.update({"blocking"} & {key for key, value in item.items() if value})

    def limits(self, part: object, at: tuple[str, ...]) -> None:
        """Note what AWS does not accept."""
        if isinstance(part, list):
            for entry in part:
                self.limits(entry, at)
        elif isinstance(part, dict):
            here = (*at, part["id"]) if "id" in part else at
            for key, value in part.items():
                if isinstance(value, str) and len(value) > _LONGEST.get(key, len(value)):
                    where = "/".join(here) or part.get("name", "")
                    self.notes.append(
                        say("exchange.export.too-long", where=where, key=key, size=len(value), limit=_LONGEST[key])
                    )
                if isinstance(value, list) and len(value) > _MOST.get(key, len(value)):
                    where = "/".join(here) or part.get("name", "")
                    self.notes.append(
                        say("exchange.export.too-many", where=where, key=key, size=len(value), limit=_MOST[key])
                    )
                if key == "id" and len(value) < _SHORTEST_ID:
                    self.notes.append(say("exchange.export.too-short", where="/".join(here), limit=_SHORTEST_ID))
                self.limits(value, here)

    def all_notes(self) -> list[Message]:
        notes = list(self.notes)
        if self.plain:
            notes.append(say("exchange.export.plain", n=self.plain))
        if self.low:
            notes.append(say("exchange.export.low", n=self.low))
        notes.extend(say("exchange.export.lost", key=key, n=count) for key, count in sorted(self.lost.items()))
        return notes

    def _words(self, text: Text | None) -> str:
        return "" if text is None else in_language(text, self.language)


def _resource(resource: Resource) -> dict[str, str]:
    return {"displayText": resource.text, **({"url": resource.url} if resource.url else {})}
