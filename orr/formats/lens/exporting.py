"""Export checklists as one custom lens, listing every loss."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from orr.evaluate.riskproofs import NONE_OF_THESE, weaknesses
from orr.evaluate.riskrules import DEFAULT
from orr.formats.checklist import checklist_data
from orr.formats.lens.limits import LONGEST_NAME, MOST_CHOICES, MOST_QUESTIONS, not_accepted, too_large
from orr.formats.lens.names import (
    HELP,
    LONGEST_PREFIX,
    PLAN,
    RISKS,
    SCHEMA_VERSION,
    kebab,
    lens_id,
    pillar_id,
    renamed,
    shortened,
    unique,
)
from orr.formats.lens.resources import Resource, split
from orr.formats.lines import counted
from orr.messages import Message, in_language, render, say
from orr.model.checklist import Checklist, Item, Risk, RiskRule, Section
from orr.model.fields import Text

T = TypeVar("T")
_RISK_NAMES = {risk: name for name, risk in RISKS.items()}
_HELD = {"item", "ask", "why", "fix", "risk", "blocking"}


@dataclass(frozen=True, slots=True)
class ExportedLens:
    """A lens as JSON, and what it could not hold or AWS would refuse."""

    text: str
    notes: tuple[Message, ...]

    def weaknesses(self) -> Iterator[Message]:
        """What is questionable in the risk rules of its questions, a sentence each."""
        for question in (question for pillar in json.loads(self.text)["pillars"] for question in pillar["questions"]):
            rules = [RiskRule(if_=rule["condition"], risk=RISKS[rule["risk"]]) for rule in question["riskRules"]]
            yield from weaknesses(question["id"], [choice["id"] for choice in question["choices"]], rules)


def export_lens(
    checklists: Sequence[Checklist], name: str | None = None, description: str | None = None, language: str = "en"
) -> ExportedLens:
    """Write checklists as a custom lens: each a pillar, its sections questions, its items choices.

    Checklists that all came from one lens get its name back, its pillars' ids and their order. A section with more
    items than a question takes becomes several, a checklist with more questions several pillars.

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
    lenses = {checklist.lens.name if checklist.lens else None for checklist in checklists}
    if len(lenses) == 1 and None not in lenses:
        name = name or lenses.pop()
        checklists = sorted(checklists, key=lambda checklist: checklist.lens.place if checklist.lens else 0)
    titles = [in_language(checklist.title, language) for checklist in checklists]
    name = name or export.short(_shared(titles))
    if description is None:
        abouts = {in_language(checklist.about, language) if checklist.about else "" for checklist in checklists}
        description = (abouts.pop() if len(abouts) == 1 else "") or name
    prefix = shortened(kebab(name), LONGEST_PREFIX) + "-"
    pillars: list[dict[str, Any]] = []
    for checklist, title in zip(checklists, titles, strict=True):
        origin = checklist.lens
        pillar = origin.pillar if origin else pillar_id(checklist.checklist.removeprefix(prefix))
        questions = [question for section in checklist.sections for question in export.questions_of(checklist, section)]
        for part, some in enumerate(_parts(questions, MOST_QUESTIONS) if origin is None else [questions], 1):
            own = unique(pillar, (other["id"] for other in pillars), joint="_")
            pillars.append({"id": own, "name": _numbered(title.removeprefix(f"{name}: "), part), "questions": some})
            export.divided += part > 1
        export.losses(checklist)
    lens = {"schemaVersion": SCHEMA_VERSION, "name": name, "description": description, "pillars": pillars}
    export.notes += (message for _, message in not_accepted(lens))
    text = json.dumps(lens, ensure_ascii=False, indent=2) + "\n"
    if (large := too_large(text)) is not None:
        export.notes.append(large)
    return ExportedLens(text, tuple(export.all_notes()))


def _parts(them: Sequence[T], size: int) -> list[Sequence[T]]:
    """Divide a sequence into parts of at most a size; one part where it is empty."""
    return [them[at : at + size] for at in range(0, max(len(them), 1), size)]


def _numbered(title: str, part: int) -> str:
    return title if part == 1 else f"{title} ({part})"


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
        self.low = self.plain = self.divided = self.cut = 0

    def short(self, name: str) -> str:
        """A name that the tool accepts, noted where it is cut."""
        if len(name) <= LONGEST_NAME:
            return name
        self.notes.append(say("exchange.export.cut-name", size=len(name), limit=LONGEST_NAME))
        return name[: LONGEST_NAME - 1].rstrip(" ;") + "…"

    def questions_of(self, checklist: Checklist, section: Section) -> Iterator[dict[str, Any]]:
        """Questions of a section: several where too many items have their own risk."""
        if section.risk_rules:
            yield self.question(checklist, section)
            return
        self.plain += 1
        for part, items in enumerate(_parts(section.items, MOST_CHOICES - 1), 1):
            self.divided += part > 1
            question = self.question(checklist, replace(section, items=tuple(items)))
            question["title"] = _numbered(question["title"], part)
            for choice in question["choices"]:
                self._fit(choice)
            none = unique(question["id"] + NONE_OF_THESE, (choice["id"] for choice in question["choices"]))
            question["choices"].append({"id": none, "title": render(say("exchange.export.none"), self.language)})
            yield question

    def _fit(self, choice: dict[str, Any]) -> None:
        """Cut a title too long for the tool; the whole precedes the reason."""
        if len(choice["title"]) <= LONGEST_NAME:
            return
        self.cut += 1
        more = choice.get("helpfulResource", {})
        text = "\n\n".join(filter(None, (choice["title"], more.get("displayText"))))
        choice["helpfulResource"] = {**more, "displayText": text}
        choice["title"] = choice["title"][: LONGEST_NAME - 1].rstrip() + "…"

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
                {"condition": renamed(rule.if_, names), "risk": _RISK_NAMES[rule.risk]}
                for rule in section.risk_rules
                if rule.risk != "unknown"  # what a lens leaves undecided has no rule in it
            ]
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

    def all_notes(self) -> list[Message]:
        notes = list(self.notes)
        if self.plain:
            notes.append(say("exchange.export.plain", n=self.plain))
        if self.cut:
            notes.append(say("exchange.export.cut-title", n=self.cut, limit=LONGEST_NAME))
        if self.divided:
            notes.append(say("exchange.export.divided", n=self.divided))
        if self.low:
            notes.append(say("exchange.export.low", n=self.low))
        if self.lost:
            notes.append(say("exchange.export.lost", parts=counted(self.lost)))
        return notes

    def _words(self, text: Text | None) -> str:
        return "" if text is None else in_language(text, self.language)


def _resource(resource: Resource) -> dict[str, str]:
    return {"displayText": resource.text, **({"url": resource.url} if resource.url else {})}
