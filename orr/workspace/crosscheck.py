"""Faults that no single file shows: unknown names, duplicates, future dates."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, tzinfo
from itertools import chain
from typing import Any

from orr.evaluate.applies import is_too_early
from orr.evaluate.riskrules import DEFAULT, RuleError, read_rule
from orr.evaluate.states import day_of
from orr.evidence import all_right, faults_of
from orr.messages import Message, say
from orr.model.checklist import ASKED, Checklist, Item, Occasion, Scope, Section, item_id
from orr.model.renaming import Renaming
from orr.model.review import Answer, Review
from orr.model.workload import Workload
from orr.source.faults import Fault, nearest, with_nearest
from orr.source.file import InputFile
from orr.system import clock
from orr.workspace.practices import practice_ids

Keys = tuple[str | int, ...]

_OURS = re.compile(r"fleet\.html|history\.db(-.*)?", re.IGNORECASE)
"""What orr itself writes into `reports/`, where each workload has a folder of its name."""

_ITEM_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*/[A-Za-z0-9][A-Za-z0-9_.-]*")


class Catalogue:
    """All items of all checklists by name, with where their answers live.

    Parameters
    ----------
    checklists
        Those that could be read.
    complete
        False where some could not: then a name that is not found may be in one of them,
        and is not held against the file that mentions it.
    """

    def __init__(self, checklists: Sequence[Checklist], complete: bool) -> None:
        self.complete = complete
        self.checklists = frozenset(checklist.checklist for checklist in checklists)
        self.items: dict[str, Item] = {}
        self.ruled: dict[str, Section] = {}
        self.choices: set[str] = set()
        for checklist in checklists:
            for section in checklist.sections:
                if section.risk_rules:
                    self.ruled[item_id(checklist.checklist, section.section)] = section
                for item in section.items:
                    name = item_id(checklist.checklist, item.item)
                    self.items[name] = item
                    if section.risk_rules:
                        self.choices.add(name)
        new_ids = {old: name for name, item in self.items.items() for old in item.replaces}
        known = self.items.keys() | self.ruled.keys()
        self.renaming = Renaming({old: name for old, name in new_ids.items() if old not in known})

    def missing(self, name: str) -> bool:
        """Whether a name is certainly neither among them, nor replaced by one of them."""
        known = name in self.items or name in self.ruled or name in self.renaming.ids
        return not known and (self.complete or name.split("/", 1)[0] in self.checklists)

    def unknown_item(self, file: InputFile, keys: Keys, name: str) -> Fault:
        """The fault of naming an item that does not exist, with the nearest that does."""
        return file.fault_at(keys, "cross.unknown-item", name=name, hint=self.hint(name))

    def unknown_checklist(self, file: InputFile, keys: Keys, name: str) -> Iterator[Fault]:
        """The fault of naming a checklist that certainly does not exist, with the nearest that does."""
        if self.complete and name not in self.checklists:
            known = with_nearest(name, sorted(self.checklists))
            yield file.fault_at(keys, "cross.unknown-checklist", name=name, known=known)

    def hint(self, name: str) -> Message:
        """Which item is meant by a name that none bears."""
        near = nearest(name, chain(self.items, self.ruled))
        return say("file.cross.item.near", name=near) if near is not None else say("file.cross.item.list")


def checklist_faults(file: InputFile, checklist: Checklist) -> Iterator[Fault]:
    """Faults of a checklist whose form is right, but for what its checks take."""
    names: set[str] = set()
    sections: set[str] = set()
    for s, section in enumerate(checklist.sections):
        at: Keys = ("sections", s)
        if section.section in sections:
            yield file.fault_at((*at, "section"), "cross.section-twice", name=section.section)
        sections.add(section.section)
        for i, item in enumerate(section.items):
            here = (*at, "items", i)
            if item.item in names:
                yield file.fault_at((*here, "item"), "cross.item-twice", name=item.item)
            names.add(item.item)
            yield from _item_faults(file, here, section, item)
            if item.item == ASKED:
                yield file.fault_at((*here, "item"), "cross.name-of-ours", name=ASKED)
        if section.risk_rules and section.section == ASKED:
            yield file.fault_at((*at, "section"), "cross.name-of-ours", name=ASKED)
        if section.risk_rules:
            yield from _rule_faults(file, at, section)
        elif section.blocking is not None:
            yield file.fault_at((*at, "blocking"), "cross.section-blocking")
    for s, section in enumerate(checklist.sections):
        if section.risk_rules and section.section in names:
            yield file.fault_at(("sections", s, "section"), "cross.section-and-item", name=section.section)


def _item_faults(file: InputFile, at: Keys, section: Section, item: Item) -> Iterator[Fault]:
    if section.risk_rules:
        for key in ("risk", "blocking"):
            if getattr(item, key) is not None:
                yield file.fault_at((*at, key), "cross.choice-risk", key=key, name=item.item)
    elif item.risk is None:
        yield file.fault_at((*at, "item"), "cross.no-risk", name=item.item)
    for r, name in enumerate(item.replaces):
        if not _ITEM_ID.fullmatch(name):
            yield file.fault_at((*at, "replaces", r), "cross.replaces-id", name=name)
    for name in item.practice:
        if name not in practice_ids():
            near = nearest(name, practice_ids())
            hint = say("file.cross.practice.near", name=near) if near is not None else say("file.cross.practice.list")
            yield file.fault_at((*at, "practice"), "cross.practice", name=name, hint=hint)


def check_faults(file: InputFile, checklist: Checklist) -> Iterator[Fault]:
    """Faults of the checks of a checklist: unknown kinds and parameters.

    Apart from the others because it loads the kinds: only who needs the checklist pays for that.
    """
    if all_right(file.text, [spec for section in checklist.sections for item in section.items for spec in item.checks]):
        return
    for s, section in enumerate(checklist.sections):
        for i, item in enumerate(section.items):
            for c, spec in enumerate(item.checks):
                for keys, wrong, remedy in faults_of(spec):
                    yield file.fault(("sections", s, "items", i, "checks", c, *keys), wrong, remedy)


def workload_faults(
    file: InputFile, workload: Workload, name: str, catalogue: Catalogue, today: date, timezone: tzinfo
) -> Iterator[Fault]:
    """Faults of a `workload.yaml` in a folder of a name, its repository aside."""
    if _OURS.fullmatch(name):
        yield file.fault_at(("workload",), "workspace.name-of-ours", name=name)
    if workload.workload != name:
        yield file.fault_at(("workload",), "workspace.name", key="workload", value=workload.workload, name=name)
    yield from future(file, ("live_since",), workload.live_since, today, timezone)
    if workload.tier_exception is not None:
        yield from future(file, ("tier_exception", "on"), workload.tier_exception.on, today, timezone)
    yield from path_faults(file, workload)
    seen: set[str] = set()
    for c, checklist in enumerate(workload.checklists or ()):
        if checklist in seen:
            yield file.fault_at(("checklists", c), "cross.listed-twice", name=checklist)
        seen.add(checklist)
        yield from catalogue.unknown_checklist(file, ("checklists", c), checklist)
    for checklist, leave in workload.leave_out.items():
        at = ("leave_out", checklist)
        yield from catalogue.unknown_checklist(file, at, checklist)
        yield from future(file, (*at, "on"), leave.on, today, timezone)


def path_faults(file: InputFile, workload: Workload) -> Iterator[Fault]:
    """Faults of a workload's `paths`: unknown or fixed topics, and patterns that leave the repository."""
    if not workload.paths:
        return
    from orr.evidence.kinds.parameters import Refused, inside_repository
    from orr.evidence.repository.conventions import conventions

    for name, patterns in workload.paths.items():
        at: Keys = ("paths", name)
        topic = conventions().get(name)
        if topic is None:
            near = next(iter(difflib.get_close_matches(name, conventions(), 1)), None)
            hint = say("file.cross.topic.near", name=near) if near is not None else say("file.cross.topic.list")
            yield file.fault_at(at, "cross.topic", name=name, hint=hint)
        elif topic.fixed:
            yield file.fault_at(at, "cross.topic-fixed", name=name, title=topic.title)
        elif not patterns:
            yield file.fault_at(at, "cross.topic-empty", name=name)
        for number, pattern in enumerate(patterns):
            try:
                inside_repository([pattern])
            except Refused as refused:
                yield file.fault((*at, number), refused.wrong, refused.remedy)


def _rule_faults(file: InputFile, at: Keys, section: Section) -> Iterator[Fault]:
    choices = {item.item for item in section.items}
    last = len(section.risk_rules) - 1
    for r, rule in enumerate(section.risk_rules):
        here = (*at, "risk_rules", r, "if")
        try:
            names = read_rule(rule.if_).names
        except RuleError as error:
            yield file.fault_at(here, "cross.rule", column=error.column, found=error.found)
            continue
        for name in sorted(names - choices):
            yield file.fault_at(here, "cross.rule-name", name=name)
        is_default = rule.if_.strip() == DEFAULT
        if r == last and not is_default:
            yield file.fault_at(here, "cross.no-default")
        if r < last and is_default:
            yield file.fault_at(here, "cross.early-default")
        if rule.risk == "unknown" and not is_default:
            yield file.fault_at((*at, "risk_rules", r, "risk"), "cross.unknown-risk")


def occasion_faults(
    file: InputFile, occasion: Occasion, workload: Workload, today: date, timezone: tzinfo
) -> Iterator[Fault]:
    """That a review is held on another occasion than the launch while one lies ahead."""
    if is_too_early(occasion, workload, today, timezone):
        yield file.fault_at(("occasion",), "cross.too-early", occasion=occasion)


def review_faults(
    file: InputFile,
    review: Review,
    catalogue: Catalogue,
    inherited: Mapping[str, Answer],
    today: date,
    timezone: tzinfo,
) -> Iterator[Fault]:
    """Faults of a review whose form is right.

    Parameters
    ----------
    inherited
        The answers of team and organization, from which a workload may depart only
        with a note.
    """
    for name, answer in review.answers.items():
        if name in catalogue.ruled or name not in catalogue.items:
            yield from _answered_item(file, catalogue, name)
        above = inherited.get(name)
        if above is not None and above.answer != answer.answer and answer.note is None:
            yield file.fault_at(("answers", name), "cross.departs", name=name)
    yield from answer_dates(file, review.answers, today, timezone)
    for name in review.assigned:
        if catalogue.missing(name):
            yield catalogue.unknown_item(file, ("assigned", name), name)
    seen: set[str] = set()
    for w, waiver in enumerate(review.waivers):
        at: Keys = ("waivers", w)
        if waiver.waiver in seen:
            yield file.fault_at((*at, "waiver"), "cross.waiver-twice", name=waiver.waiver)
        seen.add(waiver.waiver)
        for i, name in enumerate(waiver.items):
            if catalogue.missing(name):
                yield catalogue.unknown_item(file, (*at, "items", i), name)
        for key in ("approved_on", "revoked_on"):
            yield from future(file, (*at, key), getattr(waiver, key), today, timezone)
    for v, vote in enumerate(review.sign_offs):
        yield from future(file, ("sign_offs", v, "on"), vote.on, today, timezone)
    names = [one.emergency for one in review.emergencies]
    for e, emergency in enumerate(review.emergencies):
        if emergency.emergency in names[:e]:
            yield file.fault_at(("emergencies", e, "emergency"), "cross.emergency-twice", name=emergency.emergency)
        for key in ("requested_at", "approved_at", "closed_on"):
            yield from future(file, ("emergencies", e, key), getattr(emergency, key), today, timezone)
    for s, scenario in enumerate(review.pre_mortem):
        yield from future(file, ("pre_mortem", s, "tested_on"), scenario.tested_on, today, timezone)


def inherited_faults(
    file: InputFile, answers: Mapping[str, Answer], scope: Scope, catalogue: Catalogue, today: date, timezone: tzinfo
) -> Iterator[Fault]:
    """Faults of `teams/<team>.yaml` (scope team) or `organization.yaml` (scope organization).

    What stands under an id that another item has replaced may be of another scope now.
    """
    homes = {
        Scope.WORKLOAD: "workloads/…/review.yaml",
        Scope.TEAM: "teams/….yaml",
        Scope.ORGANIZATION: "organization.yaml",
    }
    for name in answers:
        yield from _answered_item(file, catalogue, name)
        item = catalogue.items.get(name)
        if item is not None and item.scope is not scope:
            yield file.fault_at(("answers", name), "cross.scope", name=name, scope=item.scope, file=homes[item.scope])
    yield from answer_dates(file, answers, today, timezone)


def answer_dates(file: InputFile, answers: Mapping[str, Answer], today: date, timezone: tzinfo) -> Iterator[Fault]:
    """Facts of answers that are dated in the future."""
    for name, answer in answers.items():
        keys = ("answers", name)
        if type(answer.on) is not date or answer.on > today:
            yield from future(file, (*keys, "on"), answer.on, today, timezone)
        for e, entry in enumerate(answer.evidence):
            yield from future(file, (*keys, "evidence", e, "collected"), entry.collected, today, timezone)
        if answer.challenged is not None:
            at = (*keys, "challenged")
            yield from future(file, (*at, "on"), answer.challenged.on, today, timezone)
            if answer.challenged.lifted is not None:
                yield from future(file, (*at, "lifted", "on"), answer.challenged.lifted.on, today, timezone)


def _answered_item(file: InputFile, catalogue: Catalogue, name: str) -> Iterator[Fault]:
    keys = ("answers", name)
    if name in catalogue.ruled:
        choices = [f"{name.split('/', 1)[0]}/{item.item}" for item in catalogue.ruled[name].items]
        yield file.fault_at(keys, "cross.answers-section", name=name, choices=choices)
    elif catalogue.missing(name):
        yield catalogue.unknown_item(file, keys, name)


def future(file: InputFile, keys: Keys, day: Any, today: date, timezone: tzinfo) -> Iterator[Fault]:
    """The fault of a fact that is dated after the day that is asked about."""
    if day is not None and day_of(day, timezone) > today:
        key = "future" if day_of(day, timezone) > clock.today(timezone) else "after-asked"
        yield file.fault_at(keys, f"cross.{key}", key=keys[-1], day=day, today=today)
