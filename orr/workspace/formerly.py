"""What git holds of earlier waivers, leave, exceptions, plans and challenges of a workload."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from orr.evaluate.case import Case
from orr.evaluate.objections import Agreement, Objections, as_json, challenge_of_json, doubt_of, of_json, together
from orr.evaluate.proofs import of_lift
from orr.evaluate.recorded_terms import lifts_of, waiver_as_json, waiver_of_json
from orr.evaluate.terms import Formerly, Planned, approval
from orr.model.base import Record
from orr.model.impact import TIER_EXCEPTION, TierException
from orr.model.renaming import Renaming
from orr.model.review import Answer, Emergency, Reply, Review, SignOff, Waiver
from orr.model.workload import LeaveOut
from orr.source.faults import FaultyInput
from orr.source.yaml import parse
from orr.system.cache import remembered
from orr.system.git import GitRefused, opened
from orr.system.paths import exists
from orr.workspace.versions import Version, contents, versions_of
from orr.workspace.workspace import Workspace

M = TypeVar("M", bound=Record)

_MAKERS = (
    *("orr.workspace.formerly", "orr.evaluate.recorded_terms", "orr.evaluate.objections", "orr.model.*"),
    *("orr.source.yaml.reader", "pydantic"),
)
_ORGANIZATION = "organization.yaml"


def formerly_in_git(workspace: Workspace, case: Case) -> Formerly:
    """Earlier terms by the commits behind the checked-out one, merges included.

    Nothing is known where git cannot be asked, or holds but the last commits or not every version of the files.
    """
    name, team = case.workload.workload, case.workload.owner.team
    try:
        with opened(workspace.root) as git:
            if git.head is None or exists(git.common / "shallow"):
                return Formerly()
            others = (f"teams/{team}.yaml", _ORGANIZATION)
            held = versions_of(git, name, others, workspace.today, case.timezone)
            versions = [*held.plainly, *held.every]
            texts = contents(git, {one.blob for one in versions})
    except GitRefused:
        return Formerly()
    if texts is None:
        return Formerly()
    waivers: list[Waiver] = []
    approved: dict[tuple[object, ...], Waiver] = {}
    plans: dict[str, set[Planned]] = {}
    objections: list[Objections] = []
    for version in versions:
        found = _terms(texts.get(version.blob, ""))
        written = _renamed(found["waivers"], case.renaming)
        waivers += (replace(one, expires=min(one.expires, version.until)) for one in written)
        approved |= {approval(one): one for one in written}  # the oldest comes last
        for item, answers in found["plans"].items():
            made = {Planned(date.fromisoformat(on), date.fromisoformat(due)) for on, due in answers}
            plans.setdefault(case.renaming.ids.get(item, item), set()).update(made)
        objections += [_objections(workspace, case, version.path, found)] if found["objections"] else []
    made_then = {item: tuple(sorted(made)) for item, made in plans.items()}
    agreed = Objections(agreements=tuple(_agreements(case, held.plainly, texts)))
    known = together(agreed, *objections)
    return Formerly(tuple(waivers), made_then, tuple(approved.values()), bool(versions), known, tuple(held.names))


def _agreements(case: Case, versions: list[Version], texts: Mapping[str, str]) -> Iterator[Agreement]:
    """Agreements in the last version, with the answer present when each was given."""
    standing: dict[str, dict[str, Agreement]] = {}
    for version in reversed(versions):
        before, now = standing.get(version.path, {}), {}
        for item, (by, mark, is_marked) in _terms(texts.get(version.blob, ""))["agreed"].items():
            was, name = before.get(item), case.renaming.ids.get(item, item)
            goes_on = was is not None and was.by == by and not is_marked
            now[item] = was if was and goes_on else Agreement(_source(case, version.path), name, by, mark)
        standing[version.path] = now
    yield from (one for some in standing.values() for one in some.values())


def _source(case: Case, path: str) -> str:
    """Whose answers a file holds."""
    team = case.workload.owner.team
    return {f"teams/{team}.yaml": f"team:{team}", _ORGANIZATION: "organization"}.get(path, "workload")


def _objections(workspace: Workspace, case: Case, path: str, found: Mapping[str, Any]) -> Objections:
    """Challenges, votes and exceptions of a version; of those who lifted a challenge, whose signature counts."""
    source, doubts = _source(case, path), []
    for item, data in found["challenges"].items():
        answer = Answer(by=data["by"], on=date.min, challenged=challenge_of_json(data["challenged"]))
        lifts = lifts_of(answer, workspace.today, case.timezone)
        if lifts and case.policy.needs_signatures:
            signed = of_lift(case.holder(source), item, answer)
            proof = workspace.judge.proofs([signed]).found.get(signed.mark)
            lifts = lifts if proof is not None and proof.unproven is None else ()
        doubts.append(doubt_of(source, case.renaming.ids.get(item, item), answer, lifts))
    return of_json(found["objections"])._replace(doubts=tuple(doubts))


def _renamed(waivers: list[dict[str, Any]], renaming: Renaming) -> tuple[Waiver, ...]:
    """Waivers of a version under the present ids of their items."""
    return renaming.review(Review(review="-", waivers=tuple(map(waiver_of_json, waivers)))).waivers


def _terms(text: str) -> Mapping[str, Any]:
    """What of a file is approved or planned until a day, as plain data."""
    found: Mapping[str, Any] = remembered(_MAKERS, text, lambda: _terms_anew(text))
    return found


def _terms_anew(text: str) -> dict[str, Any]:
    try:
        data = parse(text, "")
    except FaultyInput:
        data = None
    data = data if isinstance(data, dict) else {}
    waivers = [waiver for one in _list(data, "waivers") if (waiver := _as(Waiver, one)) is not None]
    exception = _as(TierException, data.get(TIER_EXCEPTION))
    waivers += [exception.as_waiver()] if exception is not None else []
    for name, one in _mapping(data, "leave_out").items():
        leave = _as(LeaveOut, one)
        waivers += [leave.as_waiver(name)] if leave is not None else []
    plans: dict[str, list[tuple[str, str]]] = {}
    for name, one in _mapping(data, "answers").items():
        answer = _as(Answer, one) if isinstance(one, dict) and one.get("plan") else None
        if answer is not None and answer.plan is not None:
            plans[name] = [(str(answer.on)[: len("2026-01-31")], answer.plan.due.isoformat())]
    approved = [waiver_as_json(one) for one in waivers if one.approved_on is not None]
    return {"waivers": approved, "plans": plans, **_objected(data)}


def _objected(data: Mapping[str, Any]) -> dict[str, Any]:
    """Challenges with whose answers they are of, votes and exceptions, as data."""
    challenges: dict[str, Any] = {}
    agreed: dict[str, Any] = {}
    for name, one in _mapping(data, "answers").items():
        given = _as(Answer, one) if isinstance(one, dict) and one.get("approved_by") else None
        if given is not None and given.answer is Reply.NOT_APPLICABLE:
            agreed[name] = [given.approved_by, given.agreed_to or given.mark, given.agreed_to is not None]
        answer = _as(Answer, one) if isinstance(one, dict) and one.get("challenged") else None
        if answer is not None and answer.challenged is not None:
            challenges[name] = {"by": answer.by, "challenged": answer.challenged.as_data()}
    votes = tuple(vote for one in _list(data, "sign_offs") if (vote := _as(SignOff, one)) is not None)
    exceptions = tuple(one for data in _list(data, "emergencies") if (one := _as(Emergency, data)) is not None)
    approved = tuple(one for one in exceptions if one.approved_at is not None)
    some = bool(challenges or votes or approved)
    objected = as_json(Objections((), votes, approved)) if some else None
    return {"challenges": challenges, "objections": objected, "agreed": agreed}


def _as(kind: type[M], data: Any) -> M | None:
    """A part of an old file; None where it is no such thing."""
    from orr.model.validation import ValidationError, read  # what was read before needs no pydantic

    try:
        return read(kind, data)
    except ValidationError:
        return None


def _list(data: Mapping[str, Any], key: str) -> list[Any]:
    return data[key] if isinstance(data.get(key), list) else []


def _mapping(data: Mapping[str, Any], key: str) -> dict[str, Any]:
    return data[key] if isinstance(data.get(key), dict) else {}
