"""Run every check of every applicable item, in parallel."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from orr.evaluate.asked import asked_items
from orr.evaluate.case import Case
from orr.evaluate.sources import combined
from orr.evaluate.states import day_of
from orr.evidence.attachments import Verified, Verifier, with_attached
from orr.evidence.context import Context
from orr.evidence.errors import Undetermined
from orr.evidence.held import Held
from orr.evidence.kinds.kind import Kind, UnknownKind, written
from orr.evidence.kinds.registry import kind_named, set_up, traits_of_kind
from orr.evidence.kinds.traits import SECONDS
from orr.evidence.masking import masked_finding
from orr.evidence.naming import named_file
from orr.evidence.pool import AT_ONCE, Done, Work, side_by_side
from orr.evidence.provenance import collected
from orr.evidence.recorded import Recorded, key_of
from orr.evidence.repository.places import EvidencePlaces
from orr.evidence.repository.repository import Repository
from orr.evidence.sentences import ELSEWHERE
from orr.messages import LANGUAGES, Message, Said, render, say
from orr.model.checklist import CheckSpec, Item, Scope
from orr.model.content import Content
from orr.model.finding import Evidence, Finding, Outcome, Where
from orr.model.picture import Picture
from orr.model.release import Subject
from orr.model.settings import Settings

__all__ = ["EvidencePlaces", "Prepared", "collect", "prepared", "run"]


def collect(
    case: Case,
    places: EvidencePlaces,
    settings: Settings,
    today: date,
    progress: Done | None = None,
    *,
    at_once: int = AT_ONCE,
    seconds: float | None = None,
    untrusted: Said | None = None,
) -> Evidence:
    """Collect the evidence for a case.

    Parameters
    ----------
    case, places, settings, today, seconds, untrusted
        See `prepared`.
    progress
        Called after each check with how many are done, and of how many.
    at_once
        How many checks run side by side.

    Returns
    -------
    Evidence
        Findings in the order of each item's checks, and the evidence entries of answers
        that do not hold. Nothing a check does raises here; it becomes an `unknown`.
    """
    with prepared(case, places, settings, today, seconds=seconds, untrusted=untrusted) as checks:
        return checks.evidence(side_by_side(checks.work, at_once, progress))


class Prepared(NamedTuple):
    """The checks of a case, ready to be run.

    Attributes
    ----------
    work
        One piece for each check; what is alike is run once.
    evidence
        Makes evidence of what they find, given in the same order.
    specs
        What they are, by `orr.evidence.recorded.key_of`.
    repositories
        Where they look.
    attached
        The files that the answers name as evidence.
    """

    work: Sequence[Work[Finding]]
    evidence: Callable[[Sequence[Finding]], Evidence]
    specs: Mapping[str, CheckSpec]
    repositories: Sequence[Repository]
    attached: Collection[Path]


@contextmanager
def prepared(
    case: Case,
    places: EvidencePlaces,
    settings: Settings,
    today: date,
    *,
    seconds: float | None = None,
    untrusted: Said | None = None,
    recorded: Recorded | None = None,
) -> Iterator[Prepared]:
    """Prepare the checks of a case; what they open is closed at the end.

    Parameters
    ----------
    case
        What people wrote down; its items name the checks.
    places
        Where the evidence may lie.
    settings
        `orr.yaml`; its `allow` names the kinds that may do more than read files.
    today
        The day of the review.
    seconds
        How long a check may take; None for what its kind says.
    untrusted
        Why nothing that `allow` names is run all the same; None where the user trusts it.
    recorded
        What stands in place of checks that cannot be run here; None where all can.
    """
    held, workload, root = Held.of(case), case.rated_workload, places.root or places.repository
    contexts: dict[Path, Context] = {}
    for of_scope in map(places.of_scope, Scope):
        if of_scope.repository not in contexts:
            history = recorded.history(of_scope.repository, root) if recorded is not None else None
            context = Context.of(workload, of_scope, today, case.timezone, settings, history)
            contexts[of_scope.repository] = replace(context, untrusted=untrusted, held=held)
    verifier = Verifier(places, case.launch_day, case.timezone)
    asked: dict[str, list[_Asked]] = {}
    specs: dict[_Key, CheckSpec] = {}
    attached: dict[str, Verified] = {}
    items = dict(asked_items(case, today))
    for name, item in items.items():
        where = places.of_scope(item.scope).repository
        asked[name] = [_Asked.of(where, spec, settings) for spec in item.checks]
        specs.update((check.key(one), one) for check in asked[name] for one in check.sources)
        answer, answer_from = case.answer(item.scope, name)
        if answer is not None and answer_from is not None and answer.evidence:
            attached[name] = verifier.verify(answer, answer_from)

    def evidence(findings: Sequence[Finding]) -> Evidence:
        found = dict(zip(specs, findings, strict=True))
        by_item = {
            name: tuple(lapsing(one.finding(found), one, items[name]) for one in checks)
            for name, checks in asked.items()
            if checks
        }
        daily = [name for name, checks in asked.items() if any(one.is_daily for one in checks)]
        made_from = collected((one.reader for one in contexts.values()), places, settings, daily)
        return with_attached(Evidence(by_item, collected=made_from), attached)

    def lapsing(finding: Finding, check: _Asked, item: Item) -> Finding:
        """What was recorded counts no longer than an answer of that moment would."""
        moments = [one.collected for one in map(given.get, map(check.key, check.sources)) if one and one.collected]
        if not moments:
            return finding
        last = day_of(min(moments), case.timezone) + timedelta(days=item.valid_for)
        return replace(finding, holds_until=min(finding.holds_until or last, last))

    keys = {key_of(where, root, spec): spec for (where, _, _), spec in specs.items()}
    known = [recorded.finding(key) if recorded is not None else None for key in keys]
    given = dict(zip(specs, known, strict=True))
    try:
        work = [
            _work(contexts[where], spec, seconds) if one is None else _given(one)
            for ((where, _, _), spec), one in zip(specs.items(), known, strict=True)
        ]
        repositories = [context.reader for context in contexts.values()]
        yield Prepared(work, evidence, keys, repositories, verifier.opened)
    finally:
        for context in contexts.values():
            context.reader.close()


def _given(finding: Finding) -> Work[Finding]:
    """In place of a check, what was found before."""
    return Work(finding.check, lambda: finding, lambda: finding, SECONDS)


_Key = tuple[Path, str, str]
"""Where a check looks, its kind and its parameters: what is alike is run once."""


class _Asked(NamedTuple):
    """Check of an item, with the checks run for it and its missing sources."""

    where: Path
    spec: CheckSpec
    sources: Sequence[CheckSpec]
    aside: Sequence[str]

    @classmethod
    def of(cls, where: Path, spec: CheckSpec, settings: Settings) -> _Asked:
        return cls(where, spec, *set_up(spec, settings))

    def finding(self, found: Mapping[_Key, Finding]) -> Finding:
        if not self.spec.any_of:
            return found[self.key(self.spec)]
        return combined([found[self.key(one)] for one in self.sources], self.aside)

    @property
    def is_daily(self) -> bool:
        return any(traits_of_kind(one.check).day_for(one.parameters) == "daily" for one in self.sources)

    def key(self, source: CheckSpec) -> _Key:
        return self.where, source.check, written(source)


def run(context: Context, spec: CheckSpec, kind: Kind | None = None) -> Finding:
    """Run one check here and now, without a time limit.

    Parameters
    ----------
    context
        What the check is given.
    spec
        Its kind and its parameters.
    kind
        The kind, where it is not to be looked up by its name.

    Returns
    -------
    Finding
        What it found; `unknown` with the cause if it could not tell, raised, does not
        exist, has faulty parameters, or is not allowed.
    """
    began = time.monotonic()
    try:
        finding = _checked(context, spec, kind or kind_named(spec.check))
    except Undetermined as cannot:
        finding = _unknown(cannot.why)
    except UnknownKind as unknown:
        finding = _unknown(say("evidence.cannot", wrong=unknown.wrong, remedy=unknown.remedy))
    except (Exception, SystemExit) as error:  # one check must not end the others
        finding = _unknown(say("evidence.crashed", error=type(error).__name__, says=str(error)))
    return _complete(context, spec, finding, time.monotonic() - began)


def _checked(context: Context, spec: CheckSpec, kind: Kind) -> Finding:
    if kind.traits.acts and kind.name not in context.settings.allow:
        return _unknown(say("evidence.not-allowed", kind=kind.name))
    if kind.traits.acts and context.untrusted is not None:
        return _unknown(context.untrusted)
    topics = kind.topics(spec)
    spec = kind.moved(spec, context.workload.paths)
    faults = kind.faults(spec)
    if faults:
        wrong = [say("evidence.cannot", wrong=fault[1], remedy=fault[2]) for fault in faults]
        return _unknown(say("evidence.parameters", wrong=wrong))
    finding = kind.find(context, spec, run)
    if not isinstance(finding, Finding):
        return _unknown(say("evidence.no-finding", type=type(finding).__name__))
    if topics and isinstance(finding.says, Message) and finding.says.key == ELSEWHERE:
        where = say("evidence.place-in-workload", topics=topics)
        finding = replace(finding, says=say(ELSEWHERE, says=finding.says.values["says"], where=where))
    if not kind.built_in:
        if finding.picture is not None and not isinstance(finding.picture, Picture):
            return _unknown(say("evidence.no-picture", type=type(finding.picture).__name__))
        _must_be_sound(finding)
    return finding


def _must_be_sound(finding: Finding) -> None:
    # What cannot be compared or put into words would otherwise end the report, not the check.
    if not all(isinstance(one, Content) and re.fullmatch("[0-9a-f]{64}", one.digest) for one in finding.content):
        raise TypeError("content holds what Content.of did not make")
    if finding.holds_until is not None and type(finding.holds_until) is not date:
        raise TypeError(f"holds_until is {finding.holds_until!r}, no day")
    if not all(isinstance(one, Subject) and isinstance(one.value, str) for one in finding.subjects):
        raise TypeError(f"subjects is {finding.subjects!r}, no tuple of Subject")
    if finding.where is not None and not isinstance(finding.where, Where):
        raise TypeError(f"where is {finding.where!r}, no Where")
    cells = [] if finding.table is None else [finding.table.columns, *finding.table.rows]
    for language in LANGUAGES:
        if not render(finding.says, language):
            raise ValueError("the finding says nothing")
        for cell in (*(cell for row in cells for cell in row), *(one.place for one in finding.subjects)):
            render(cell, language)
        if finding.picture is not None:
            finding.picture.changed(partial(render, language=language))


def _complete(context: Context, spec: CheckSpec, finding: Finding, seconds: float) -> Finding:
    now = datetime.now(context.timezone)
    try:
        outcome = Outcome(finding.outcome)
        told = masked_finding(finding)
        where = told.where or named_file(told.says, context.repository)
        return replace(told, outcome=outcome, check=spec.check, collected=now, seconds=seconds, where=where)
    except Exception as error:  # a finding of a plug-in may hold anything
        crashed = say("evidence.crashed", error=type(error).__name__, says=str(error))
        return replace(masked_finding(_unknown(crashed)), check=spec.check, collected=now, seconds=seconds)


def _work(context: Context, spec: CheckSpec, seconds: float | None) -> Work[Finding]:
    try:
        kind: Kind | None = kind_named(spec.check)
    except UnknownKind:
        kind = None
    limit = seconds or (kind.traits.seconds if kind else SECONDS)
    own = replace(context, seconds=limit)

    def late() -> Finding:
        return _complete(context, spec, _unknown(say("evidence.late", seconds=limit)), limit)

    return Work(spec.check, lambda: run(own, spec), late, limit, kind.traits.at_once if kind else None)


def _unknown(why: Said) -> Finding:
    return Finding("", Outcome.UNKNOWN, why)
