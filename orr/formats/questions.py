"""Make a checklist of questions that were found in somebody's table or document."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from orr.formats.lens.names import kebab, shortened, unique
from orr.messages import say
from orr.messages.cleaning import clean
from orr.model.checklist import Checklist, Item, Section
from orr.model.fields import Text
from orr.model.validation import read
from orr.source.faults import Fault, FaultyInput, Place
from orr.source.faults import shortened as quoted
from orr.source.table import neutral, plain

_RISKS = {"high": "high", "medium": "medium", "low": "low", "高": "high", "中": "medium", "低": "low"}
_TRUE = ("yes", "y", "true", "1", "x", "✓", "✔", "是", "√")
_FALSE = ("no", "n", "false", "0", "", "-", "否", "×")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_LONGEST_ID = 128


@dataclass(frozen=True, slots=True)
class Question:
    """A question as somebody wrote it; texts are empty where nothing is said.

    Attributes
    ----------
    place
        Where it stands.
    ask, why, fix
        The question, what goes wrong without it, and how to get there.
    section, section_title
        The name or the title of its section.
    name, risk, blocking
        As written.
    places
        Where these stand, by their names.
    also
        Other words for the question by which it may be known.
    below
        What stands below it: how it is meant, or a note to its answer.
    reply, note, links, person, due
        An answer to it, what was noted, `title <address>`, who is to answer, and until when.
    """

    place: Place
    ask: str
    why: str = ""
    fix: str = ""
    section: str = ""
    section_title: str = ""
    name: str = ""
    risk: str = ""
    blocking: str = ""
    places: Mapping[str, Place] = field(default_factory=dict)
    below: str = ""
    also: tuple[str, ...] = ()
    reply: str = ""
    note: str = ""
    links: tuple[str, ...] = ()
    person: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A checklist, and what was added to it or left out."""

    checklist: Checklist
    notes: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """How a checklist is made.

    Attributes
    ----------
    name, title
        Of the checklist; the name is brought into kebab-case, and is the title as well where there is none.
    risks
        What words of risk or priority mean beside high, medium and low; the empty one is for items without any.
    base
        The checklist that it takes the place of: what no table can carry stays with the items of the same name.
    """

    name: str
    title: str | None = None
    risks: Mapping[str, str] = field(default_factory=dict)
    base: Checklist | None = None


@dataclass(slots=True)
class Found:
    """The questions of a file.

    Attributes
    ----------
    questions
        In their order.
    named
        Whether there is a place for their names, so that one without is new.
    title, checklist
        What the document is called, and the checklist whose items it names.
    faults, notes, answering
        What was found wrong, what was left out, and what of that only a checklist lacks.
    """

    questions: list[Question] = field(default_factory=list)
    named: bool = False
    title: str = ""
    checklist: str = ""
    faults: list[Fault] = field(default_factory=list)
    notes: list[Fault] = field(default_factory=list)
    answering: list[Fault] = field(default_factory=list)


def checklist_of(found: Found, path: str, terms: Terms) -> Made:
    """Make a checklist.

    Raises
    ------
    FaultyInput
        With every fault at once.
    """
    maker = _Maker(path, terms, found.named)
    maker.notes += [*found.notes, *found.answering]
    sections = maker.sections(found.questions)
    maker.faults += found.faults
    if maker.faults:
        raise FaultyInput(maker.faults)
    name = shortened(kebab(terms.name), _LONGEST_ID) or "checklist"
    data: dict[str, Any] = {"checklist": name, "version": 1, "title": terms.title or terms.name, "sections": sections}
    if terms.base is None:
        return Made(read(Checklist, data), tuple(maker.notes))
    data = {**terms.base.as_data(), "sections": sections}
    made = read(Checklist, data)
    if made != terms.base:
        made = read(Checklist, {**data, "version": terms.base.version + 1})
    return Made(made, tuple(maker.notes))


class _Maker:
    def __init__(self, path: str, terms: Terms, named: bool) -> None:
        self.path, self.terms, self.named = path, terms, named
        self.faults: list[Fault] = []
        self.notes: list[Fault] = []
        self.names: set[str] = set()
        self.known: dict[str, tuple[Section, Item]] = {}
        for section in terms.base.sections if terms.base is not None else ():
            self.known |= {item.item: (section, item) for item in section.items}
        self.base_sections = {
            _words(text): section
            for section in (terms.base.sections if terms.base is not None else ())
            for text in (*_texts(section.title or ""), section.section)
            if text
        }
        self.by_ask = {_words(text): name for name, (_, item) in self.known.items() for text in _texts(item.ask)}

    def sections(self, questions: Sequence[Question]) -> list[dict[str, Any]]:
        """The sections with their items, in the order of the questions."""
        sections: dict[str, dict[str, Any]] = {}
        current, taken = "", {question.name for question in questions} | self.known.keys()
        unrated = [question for question in questions if not question.risk]
        for question in questions:
            current = self._section(question, sections, current)
            sections[current]["items"].append(self._item(question, sections[current], taken))
        unrated = [one for one in unrated if "" not in self.terms.risks and not self._is_known(one)]
        if unrated:
            self._odd(unrated[0].places.get("risk", unrated[0].place), "table.no-risk", n=len(unrated))
        gone = sorted(self.known.keys() - self.names)
        if gone:
            self._odd(Place(1, 1), "table.gone", n=len(gone), items=gone)
        return [section for section in sections.values() if section["items"]]

    def _is_known(self, question: Question) -> bool:
        return (question.name or self.by_ask.get(_words(question.ask))) in self.known

    def _section(self, question: Question, sections: dict[str, dict[str, Any]], current: str) -> str:
        words, title = question.section, question.section_title
        base = self._base_section(question)
        if not words and not title and base is None:
            if not current:
                current = "items"
                sections[current] = {"section": current, "items": []}
            return current
        if base is not None and base.section in sections:
            return base.section
        for name, section in sections.items() if base is None else ():
            if words in (name, section.get("title")) or (not words and title == section.get("title")):
                return name
        name = words if base is None else base.section
        if base is None and (not _ID.fullmatch(words) or len(words) > _LONGEST_ID):
            title = title or words
            name = unique(shortened(kebab(words or title), 60) or f"section-{len(sections) + 1}", sections)
        data: dict[str, Any] = base.as_data(without={"items"}) if base is not None else {"section": name}
        if title and not (base is not None and _words(title) in map(_words, (base.section, *_texts(base.title or "")))):
            data["title"] = clean(title)
        sections[name] = {**data, "items": []}
        return name

    def _base_section(self, question: Question) -> Section | None:
        """Section of the replaced checklist that a question names by id or title."""
        said = _words(question.section or question.section_title)
        own = self.known.get(question.name or self.by_ask.get(_words(question.ask), ""))
        if own is not None and (not said or said in map(_words, (own[0].section, *_texts(own[0].title or "")))):
            return own[0]
        return self.base_sections.get(said)

    def _item(self, question: Question, section: Mapping[str, Any], taken: set[str]) -> dict[str, Any]:
        name = question.name or self.by_ask.get(_words(question.ask), "")
        base = self.known.get(name, (None, None))[1]
        if not name and self.known and not self.named:
            self._wrong(question.place, "table.new-without-name", ask=quoted(question.ask))
        if not name:
            name = unique(shortened(kebab(question.ask), 50) or f"item-{len(self.names) + 1}", self.names | taken)
        elif not is_item_name(name):
            self._wrong(question.places.get("item", question.place), "table.id", id=name)
        elif name in self.names:
            self._wrong(question.places.get("item", question.place), "lens.twice", id=name)
        self.names.add(name)
        item: dict[str, Any] = base.as_data() if base is not None else {"item": name}
        for key in ("ask", "why", "fix"):
            text, was = getattr(question, key), getattr(base, key, None)
            if text and not (was is not None and _is_one_of(text, was)):
                item[key] = clean(text)
                if was is not None and not isinstance(was, str) and len(was) > 1:
                    self._odd(question.place, "table.languages", item=name, part=key)
        if not section.get("risk_rules"):
            item["risk"] = self._risk(question, base)
            item |= self._blocking(question, base)
        return item

    def _risk(self, question: Question, base: Item | None) -> str:
        words = question.risk.lower()
        if not words and base is not None and base.risk:
            return base.risk.value
        known = {**_RISKS, "": "high", **self.terms.risks}
        if words not in known:
            self._wrong(question.places.get("risk", question.place), "table.risk", risk=question.risk)
        return known.get(words, "high")

    def _blocking(self, question: Question, base: Item | None) -> dict[str, bool]:
        words = question.blocking.lower()
        if words not in (*_TRUE, *_FALSE):
            self._wrong(question.places.get("blocking", question.place), "table.blocking", value=words)
        if "blocking" not in question.places or (words in _TRUE) == bool(base and base.blocking):
            return {}
        return {"blocking": words in _TRUE}

    def _wrong(self, place: Place, key: str, **values: object) -> None:
        self.faults.append(fault(self.path, place, key, **values))

    def _odd(self, place: Place, key: str, **values: object) -> None:
        self.notes.append(fault(self.path, place, key, **values))


def is_item_name(text: str) -> bool:
    """Return whether an item can be called so."""
    return _ID.fullmatch(text) is not None and len(text) <= _LONGEST_ID


def fault(path: str, place: Place, key: str, /, **values: object) -> Fault:
    """A fault whose words are `exchange.<key>` and `exchange.<key>.do`."""
    return Fault(path, place, say(f"exchange.{key}", **values), say(f"exchange.{key}.do", **values))


def _texts(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else list(text.values())


def _words(text: str) -> str:
    """A text as one that passed through a table is compared: without its blanks."""
    return " ".join(plain(neutral(text)).split())


def _is_one_of(text: str, known: Text) -> bool:
    """Whether a text that passed through a table is another in one of its languages."""
    return _words(text) in map(_words, _texts(known))
