"""What was required of a workload at a git revision."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, time
from heapq import merge
from itertools import islice
from pathlib import Path
from typing import TypeVar

from orr.evaluate.asked import with_checklists
from orr.evaluate.case import Case
from orr.evaluate.milder import Earlier
from orr.evaluate.proofs import NO_PROOFS, Proofs, signed_in_workload
from orr.evaluate.requirements import requirements
from orr.evaluate.tier import TierRules
from orr.evidence.recorded import from_root
from orr.messages import Message, Said, say
from orr.model.base import Record
from orr.model.review import OrganizationAnswers, Review, TeamAnswers, named_repositories
from orr.model.workload import Workload
from orr.source.faults import FaultyInput
from orr.source.file import InputFile
from orr.system import clock
from orr.system.git import GitRefused, work_tree
from orr.workspace.git import NoRevision, Revision
from orr.workspace.revision import read_checklists
from orr.workspace.signers import mark_of, read_signers
from orr.workspace.trust import SETTINGS
from orr.workspace.versions import FILES, VERSIONS
from orr.workspace.workspace import Workspace

M = TypeVar("M", bound=Record)
As = Callable[[Case], Case]
"""What is done with a case before it is compared, such as putting it on another occasion."""

ORGANIZATION = "organization.yaml"
_BESIDE = {"team": "teams", "organization": "."}
_VOTE = "^ +digest:"
_OF_REVIEWS = "^(occasion|release|answers|repository):|^ +(commit|images|version|environment):"
"""The lines of reviews and of inherited answers that decide what is required."""

MAX_COMMITS = 8
"""How many commits are all looked at for the last one that changed what is required."""

SHORT = 10
"""How many digits of a commit are shown."""


class Past:
    """A workspace at a revision, as far as it decides what is required.

    Parameters
    ----------
    at
        The revision, which is open as long as this is used.

    Attributes
    ----------
    old
        Its checklists and settings.

    Raises
    ------
    NoRevision
        If git fails.
    """

    def __init__(self, workspace: Workspace, at: Revision) -> None:
        self._workspace, self.at = workspace, at
        self.old = read_checklists(workspace, at)

    @property
    def name(self) -> str:
        """The commit, as it is shown."""
        return self.at.commit[:SHORT]

    @property
    def workloads(self) -> list[str]:
        """The names of the workloads that there were."""
        return [name for name in self.at.folders("workloads") if name[0] not in "._"]

    def required(self, now: Case, by: As) -> Earlier | None:
        """What was required of a workload; None where it was not there."""
        try:
            case = self.case(now)
            if self.old.faults:
                raise FaultyInput(self.old.faults)
        except FaultyInput as faulty:
            fault = faulty.faults[0]
            return self._unknown(say("rule.milder.faulty", path=fault.path, wrong=fault.wrong))
        except NoRevision as none:
            return self._unknown(none.why)
        if case is None:
            return None
        why = self.old.notes[0] if self.old.notes else None
        return Earlier("commit", self.name, requirements(by(case), self._workspace.today), why, self.at.day)

    def _unknown(self, why: Said) -> Earlier:
        return Earlier("commit", self.name, None, why, self.at.day)

    def case(self, now: Case) -> Case | None:
        """Case with what decides requirements; None where the workload was not there.

        Raises
        ------
        FaultyInput
            If a file of it is faulty.
        """
        for name in (now.workload.workload, *now.formerly.names):
            own, review = (f"workloads/{name}/{file}.yaml" for file in FILES)
            there = self.at.files(own, review)
            if own in there:
                break
        else:
            return None
        workload = self._read(own, there[own], Workload)
        team = f"teams/{workload.owner.team}.yaml"
        shared = self.at.files(team, ORGANIZATION)
        settings = self.old.settings
        old = self._read(review, there[review], Review) if review in there else Review(review=name)
        of_team = self._read(team, shared[team], TeamAnswers) if team in shared else None
        of_all = self._read(ORGANIZATION, shared[ORGANIZATION], OrganizationAnswers) if ORGANIZATION in shared else None
        named = named_repositories(of_team, of_all)
        case = replace(
            now,
            workload=workload,
            review=replace(now.review, occasion=old.occasion, release=old.release),
            team_answers=of_team.answers if of_team else {},
            organization_answers=of_all.answers if of_all else {},
            shared_repositories=named,
            linked=self._linked(now, {"workload": workload.repository or ".", **named}, name),
            rules=TierRules.of(settings),
            timezone=clock.zone(settings.timezone) or now.timezone,
            sources=settings.asked,
            proofs=self._proofs(workload),
            earlier=(),
        )
        return with_checklists(case, self.old.checklists)

    def _linked(self, now: Case, named: Mapping[str, str], name: str) -> dict[str, str]:
        """Where links led from repositories; what git does not hold leads where it does now."""
        root, found = self._workspace.root, {}
        for scope, path in named.items():
            beside = _BESIDE.get(scope, f"workloads/{name}")
            there, plain = self.at.resolved(f"{beside}/{path}"), Path(os.path.normpath(root / beside / path))
            if there is not None and there != plain:
                found[scope] = from_root(there, root)
            elif there is None and scope in now.linked:
                found[scope] = now.linked[scope]
        return found

    def _proofs(self, workload: Workload) -> Proofs:
        """What its signatures are worth today, with the signers of then."""
        settings, judge = self.old.settings, self._workspace.judge
        if settings.signers is None:
            return NO_PROOFS
        now = judge.proofs(signed_in_workload(workload))
        held = self.at.files(*filter(None, (settings.signers, settings.revoked)))
        signers, revoked = now.signers, now.revoked
        if settings.signers in held:
            signers = read_signers(held[settings.signers]).marks
        if settings.revoked is None or settings.revoked in held:
            revoked = mark_of(held[settings.revoked]) if settings.revoked is not None else None
        return replace(now, signers=signers, revoked=revoked)

    def _read(self, path: str, raw: bytes, kind: type[M]) -> M:
        return InputFile(Path(path), f"{self.at.name}:{path}", raw).read_as(kind)


def _until(workspace: Workspace, head: Revision) -> Revision | None:
    """Latest commit to compare with; for another day none, where commits, and files, may be later."""
    if not workspace.simulated:
        return head
    commit = head.before(datetime.combine(workspace.today, time.max, workspace.timezone).isoformat(timespec="seconds"))
    return head if commit == head.commit else None


def required_by_commit(workspace: Workspace, case: Case, by: As) -> Earlier | None:
    """Requirements before the last commit that changed them; None for no such commit.

    Where none of the last commits did, it is what the first parent of what is checked out required. Where that has
    none, as in a shallow clone, it is what is checked out, if the working tree requires anything else. Where
    there are commits after another day that is asked about, there is none either.
    """
    try:
        if work_tree(workspace.root) is None:
            return None
        with closing(Revision(workspace.root, "HEAD")) as head:
            last = _until(workspace, head)
            found = _before_the_last_change(last, workspace, case, by) if last is not None else None
            if last is None or found is not None:
                return found
            for rev in (f"{last.name}~1", last.name):
                earlier = _required(head, workspace, case, by, rev)
                if earlier is not None:
                    same = earlier.required == requirements(by(case), workspace.today)
                    return None if rev == last.name and same else earlier
    except GitRefused:
        return None
    except NoRevision as none:
        return None if _is_no_commit(none) else Earlier("commit", "HEAD", None, none.why)
    return None


def required_by_votes(workspace: Workspace, case: Case, by: As) -> Earlier | None:
    """Requirements when the last vote was written into the review; else None."""
    review = workspace.review_path(case.workload.workload)
    with suppress(GitRefused, NoRevision, ValueError):
        if work_tree(workspace.root) is None:
            return None
        paths = [
            str(review.relative_to(workspace.root)),
            *(f"workloads/{name}/review.yaml" for name in case.formerly.names),
        ]
        with closing(Revision(workspace.root, "HEAD")) as head:
            last = _until(workspace, head)
            if last is None:
                return None
            with closing(last.touched(*paths, matching=_VOTE, at_most=1 + len(paths))) as lines:
                for commit in (line.split()[1] for line in lines):
                    written, before = (_votes(head, rev, paths) for rev in (commit, f"{commit}~1"))
                    if written != before:  # else it renamed the folder
                        rev = commit if written else f"{commit}~1"  # it may have taken away the last one
                        earlier = _required(head, workspace, case, by, rev)
                        return earlier._replace(kind="votes") if earlier is not None else None
    return None


def _votes(head: Revision, rev: str, paths: list[str]) -> list[bytes]:
    """The digests of the votes that some reviews held."""
    with suppress(NoRevision):
        texts = head.at(rev).files(*paths).values()
        return sorted(line for text in texts for line in re.findall(_VOTE.encode() + b".*", text, re.MULTILINE))
    return []


def required_at_first(workspace: Workspace, case: Case, by: As) -> Earlier | None:
    """What was required by the first commit that holds the workload; None where no commit does."""
    with suppress(GitRefused, NoRevision):
        if work_tree(workspace.root) is None:
            return None
        own = [f"workloads/{name}/{FILES[0]}.yaml" for name in (case.workload.workload, *case.formerly.names)]
        with closing(Revision(workspace.root, "HEAD")) as head:
            last = _until(workspace, head)
            lines = [*last.touched(*own, at_most=VERSIONS)] if last is not None else []
            return _required(head, workspace, case, by, lines[-1].split()[1]) if lines else None
    return None


@contextmanager
def _commits_that_may(head: Revision, workspace: Workspace, case: Case) -> Iterator[Iterator[str]]:
    """The last commits that may have changed what is required of a workload, the newest first."""
    team, names = case.workload.owner.team, (case.workload.workload, *case.formerly.names)
    lists = workspace.settings.checklists or ("checklists",)
    own, reviews = ([f"workloads/{name}/{file}.yaml" for name in names] for file in FILES)
    partly = (*reviews, f"teams/{team}.yaml", ORGANIZATION)
    places = [os.path.normpath(f"workloads/{case.workload.workload}/{case.workload.repository or '.'}")]
    places += [os.path.normpath(f"{_BESIDE[scope]}/{path}") for scope, path in case.shared_repositories.items()]
    steps = {
        str(step) for place in places for step in (Path(place), *Path(place).parents) if step.name not in ("", "..")
    }
    with (
        closing(head.touched(SETTINGS, *lists, *own, at_most=VERSIONS)) as wholly,
        closing(head.touched(*partly, matching=_OF_REVIEWS, at_most=VERSIONS)) as in_part,
        closing(head.touched(*sorted(steps), at_most=VERSIONS, themselves=True)) as links,
    ):
        lines = merge(wholly, in_part, links, key=lambda line: -int(line.split()[0]))
        yield islice(_once(line.split()[1] for line in lines), VERSIONS)


def _once(commits: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for commit in commits:
        if commit not in seen:
            seen.add(commit)
            yield commit


def _before_the_last_change(head: Revision, workspace: Workspace, case: Case, by: As) -> Earlier | None:
    """What was required before the last commit that required something else than what is checked out."""
    now: Earlier | None = None
    unknown: Earlier | None = None
    with _commits_that_may(head, workspace, case) as commits:
        for commit in _farther_apart(commits):
            now = now or _required(head, workspace, case, by, head.name)
            if now is None or now.required is None:
                return None
            earlier = _required(head, workspace, case, by, f"{commit}~1")
            if earlier is not None and earlier.required is not None and earlier.required != now.required:
                return earlier
            if earlier is not None and earlier.required is None:
                unknown = unknown or earlier
    return unknown


def _farther_apart(commits: Iterator[str]) -> Iterator[str]:
    """The last commits, and of those before them ever fewer, since many may change nothing."""
    known = list(islice(commits, MAX_COMMITS))
    yield from known
    if len(known) == MAX_COMMITS:
        known += commits
        places = {min(MAX_COMMITS * 2**step, len(known)) - 1 for step in range(1, len(known).bit_length())}
        yield from (known[place] for place in sorted(places - {MAX_COMMITS - 1}))


def _required(head: Revision, workspace: Workspace, case: Case, by: As, rev: str) -> Earlier | None:
    try:
        return Past(workspace, head.at(rev)).required(case, by)
    except NoRevision as none:
        return None if _is_no_commit(none) else Earlier("commit", rev, None, none.why)


def _is_no_commit(none: NoRevision) -> bool:
    return isinstance(none.why, Message) and none.why.key == "fleet.impact.bad-rev"
