"""Ballots of earlier votes, assessed again from the files in git."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date, datetime, time
from pathlib import Path, PurePosixPath

from orr.evaluate import Case, Evaluation, evaluate
from orr.evaluate.ballot import Ballot, Part, digest_of
from orr.evaluate.ballot_changes import Known, OldBallot, OldPart, of_fingerprint
from orr.evaluate.states import day_of
from orr.evidence.collect import collect
from orr.evidence.kinds.registry import set_up, traits_of_kind
from orr.evidence.masking import MAX_TEXT, masked
from orr.messages import say
from orr.model.digest import normal_digest
from orr.model.review import SignOff
from orr.model.settings import Settings
from orr.source.faults import FaultyInput
from orr.system.processes import temporary_folder
from orr.workspace.git import NoRevision, Revision
from orr.workspace.past import ORGANIZATION, Past
from orr.workspace.trust import SETTINGS
from orr.workspace.workspace import Workspace


def known_from_git(workspace: Workspace, assessment: Evaluation) -> Known:
    """What the commits of votes on other assessments hold of what those were given on.

    A vote's assessment is made again on its day, from the files of the commit that wrote it, or of the one before
    that; of a vote that is not committed, from those of the last commit. Nothing that acts is run for it. Where
    git cannot be asked, nothing is known.
    """
    earlier = {normal_digest(one.digest): one for one in assessment.case.review.sign_offs}
    earlier.pop(assessment.digest, None)
    known = {}
    with suppress(NoRevision), closing(Revision(workspace.root, "HEAD")) as head:
        for digest, sign_off in earlier.items():
            known[digest] = _known(head, workspace, assessment, sign_off)
    return {digest: old for digest, old in known.items() if old.parts}


def _known(head: Revision, workspace: Workspace, assessment: Evaluation, sign_off: SignOff) -> OldBallot:
    """Ballot of the commit that was voted on, else the parts known of it."""
    now = assessment.case
    review = PurePosixPath(workspace.review_path(now.workload.workload).relative_to(workspace.root))
    commit = head.wrote(sign_off.digest.rpartition(":")[2], review)
    day = day_of(sign_off.on, now.timezone)
    parts: dict[str, OldPart] = {}
    for rev in (commit, f"{commit}~1") if commit is not None else ("HEAD",):
        with suppress(NoRevision, FaultyInput):
            ballot = _ballot(head.at(rev), workspace, now, day)
            old = {name: OldPart(part.digest, _text(part, assessment.ballot)) for name, part in ballot.items()}
            if digest_of(ballot) == normal_digest(sign_off.digest):
                return OldBallot(old, is_whole=True)
            if sign_off.parts is not None:
                old = of_fingerprint(old, sign_off.parts)
            elif rev != commit:  # only its own list tells whether a part is one that was voted on
                old = {}
            parts = {**old, **parts}
    return OldBallot(parts)


def _text(part: Part, now: Ballot) -> str | None:
    """The words of a part that is not what it was, without secrets."""
    if part.name in now and now[part.name].digest == part.digest:
        return None
    lines = part.text.splitlines()
    # Of a long text only the beginning would be kept.
    return masked(part.text) if len(part.text) <= MAX_TEXT else "\n".join(map(masked, lines))


def _ballot(at: Revision, workspace: Workspace, now: Case, day: date) -> Ballot:
    """Ballot at a revision, without what only an acting check finds."""
    name = now.workload.workload
    past = Past(workspace, at)
    with temporary_folder() as folder:
        then = past.case(now)
        if then is None:
            return {}
        top = Path(folder).resolve()
        root = _mirrored(workspace.root, top)
        own = [*(past.old.settings.checklists or ("checklists",)), SETTINGS, ORGANIZATION, "teams", f"workloads/{name}"]
        if not at.check_out(own, _mirrored(at.top, top)):
            return {}
        there = Workspace(root, day)
        beside = {"workload": there.folder(name), "team": root / "teams", "organization": root}
        until = datetime.combine(day, time.max, now.timezone).isoformat(timespec="seconds")
        repositories = {"workload": then.workload.repository or ".", **then.shared_repositories}
        whole = all(_bring(workspace, at, beside[of] / path, top, until) for of, path in repositories.items())
        case = there.case(name, None, now.given)
        evidence = collect(
            case, there.places(case), there.settings, day, untrusted=say("evidence.not-allowed", kind="-")
        )
        found = evaluate(case, evidence, day)
    doubtful = {f"outcome:{item}" for item in _by_acting(found, there.settings)}
    kept = (part for part in found.ballot.values() if part.name not in doubtful)
    return {part.name: part for part in kept if whole or part.kind not in ("outcome", "content", "evidence")}


def _bring(workspace: Workspace, at: Revision, repository: Path, folder: Path, until: str) -> bool:
    """Write a repository as it was into its place of the folder; whether it could be."""
    place = Path(os.path.normpath(repository))
    if not place.resolve().is_relative_to(folder):  # by a link, or by its steps upwards
        return False
    real = Path(workspace.root.anchor, place.relative_to(folder))
    if real.is_relative_to(at.top):
        there = at.check_out([os.path.relpath(real, at.root)], _mirrored(at.top, folder))
    else:
        there = any(map(real.is_relative_to, workspace.files.allowed_roots)) and _bring_other(real, folder, until)
    place.mkdir(parents=True, exist_ok=True)
    return there


def _bring_other(repository: Path, folder: Path, until: str) -> bool:
    """Write what has a history of its own, as it was at a moment."""
    with suppress(NoRevision), closing(Revision(repository, "HEAD")) as head:
        commit = head.before(until)
        if commit is not None:
            with closing(Revision(repository, commit)) as at:
                return at.check_out(["."], _mirrored(at.top, folder))
    return False


def _mirrored(path: Path, folder: Path) -> Path:
    return folder / path.relative_to(path.anchor)


def _by_acting(found: Evaluation, settings: Settings) -> Iterator[str]:
    """The items that a check decides that does more than read files."""
    for part in (part for item in found.items for part in (item.choices or (item,))):
        sources = [one for spec in part.item.checks for one in set_up(spec, settings)[0]] if part.item else []
        if any(traits_of_kind(one.check).acts for one in sources):
            yield part.name
