"""Record facts that a browser cannot find out, and pack the files it needs.

The checks run here first. Then they run once more on nothing but the files that are packed and
what was recorded; whatever comes out differently is recorded as well.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path

from orr.assessing import checks_of, with_known, with_surroundings, with_terms
from orr.evaluate import Case, Evaluation, evaluate
from orr.evidence.checks.contents.secrets import secret_in
from orr.evidence.kinds.registry import is_built_in, known_kinds, traits_of_kind
from orr.evidence.pool import AT_ONCE, side_by_side
from orr.evidence.recorded import Recorded, from_root
from orr.evidence.repository.git import GitTable
from orr.evidence.repository.repository import MAX_BYTES, Repository
from orr.messages import Message, say
from orr.messages.errors import OrrError
from orr.model.checklist import CheckSpec
from orr.model.finding import Finding
from orr.site.packed import PageFacts, sum_of
from orr.source.yaml import READER
from orr.system import cache
from orr.system.git import Git, GitRefused, work_tree
from orr.system.paths import is_file, is_folder
from orr.system.processes import temporary_folder
from orr.system.resources import shipped
from orr.workspace.checklists import forget
from orr.workspace.discussion import discussion_path
from orr.workspace.workspace import Workspace

PACKAGE = Path(__file__).parents[1]
"""orr itself, whose own files a page reads as JSON."""


class NotPacked(OrrError):
    """A site that was not made."""


@dataclass(frozen=True)
class Facts:
    """All that goes into a site beside orr itself.

    Attributes
    ----------
    page
        What its Python reads beside the files.
    files
        By path from the folder that holds the workspace and its repositories, the bytes.
    folders
        Those that have to be there, though nothing in them is packed.
    assessments
        By workload, how things stand.
    left_out
        Files that are needed and not packed, by path, and why.
    """

    page: PageFacts
    files: Mapping[str, bytes]
    folders: Sequence[str]
    assessments: Mapping[str, Evaluation]
    left_out: Mapping[str, Message]


@dataclass(frozen=True)
class _Seen:
    """A workload as it was seen here."""

    case: Case
    assessment: Evaluation
    specs: Mapping[str, CheckSpec]
    findings: Mapping[str, Finding]
    histories: Mapping[Path, GitTable]
    files: frozenset[Path]


def facts_of(workspace: Workspace, names: Sequence[str], moment: datetime) -> Facts:
    """See how things stand, and take what shows it.

    Raises
    ------
    FaultyInput
        If a file that a workload needs is faulty.
    NotPacked
        If a file of the review itself holds a secret.
    """
    seen = {name: _seen(workspace, name) for name in names}
    places = {place for one in seen.values() for place in one.histories}
    own = {path for name in names for path in _own_files(workspace, name, seen[name].case)}
    top = Path(os.path.commonpath([workspace.root, *places, *own]))
    files, left_out = _packed(top, own, {path for one in seen.values() for path in one.files})
    packed = frozenset(top / path for path in files)
    root = from_root(workspace.root, top)
    folders = [f"{root}/workloads/{name}" for name in workspace.settings.tiers if is_folder(workspace.folder(name))]
    looked_at = {path for one in seen.values() for path in one.files if is_folder(path)}
    folders += [from_root(place, top) for place in {*places, *looked_at}]
    recorded = {}
    forget()  # what this process knows already is worked out again, so that the page need not
    cache.worked_out = {}
    try:
        with temporary_folder() as folder:
            _write(Path(folder), files, folders)
            for name, one in seen.items():
                recorded[name] = _recorded(workspace, Path(folder, root), name, one, packed, moment)
        ours = {cache.named(READER, path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.yaml")}
        worked_out = {name: made for name, made in cache.worked_out.items() if name not in ours}
    finally:
        cache.worked_out = None
    kinds = {name: traits_of_kind(name) for name in sorted(_kinds_of_others(workspace))}
    assessments = {name: one.assessment for name, one in seen.items()}
    sums = {path: sum_of(raw) for path, raw in files.items()}
    page = PageFacts(root, recorded, kinds, worked_out, sums, _commit(workspace.root), moment)
    return Facts(page, files, sorted(set(folders)), assessments, left_out)


def _seen(workspace: Workspace, name: str) -> _Seen:
    """Run the checks of a workload, and note what they look at."""
    case = with_surroundings(workspace, with_terms(workspace, workspace.case(name)))
    with checks_of(workspace, case) as checks:
        found = side_by_side(checks.work, AT_ONCE)
        assessment = with_known(workspace, evaluate(case, checks.evidence(found), workspace.today))
        histories = {one.root: _table(one) for one in checks.repositories}
        looked_at = {one.root / path for one in checks.repositories for path in one.read_files} | set(checks.attached)
        findings = dict(zip(checks.specs, found, strict=True))
        return _Seen(case, assessment, checks.specs, findings, histories, frozenset(looked_at))


def _table(repository: Repository) -> GitTable:
    """What git knows of the files of a repository that were looked at."""
    history = repository.history
    tracked = history.tracked
    times = None
    if tracked is not None:
        real = {path: repository.tree.real.get(path, path) for path in repository.read_files}
        times = {path: history.committed(path) for path in sorted({*real.values()} & tracked)}
    return GitTable(times, history.is_shallow, history.refusal)


def _own_files(workspace: Workspace, name: str, case: Case) -> Iterator[Path]:
    root = workspace.root
    yield from (root / "orr.yaml", root / "organization.yaml", root / "teams" / f"{case.workload.owner.team}.yaml")
    yield from (workspace.folder(name) / "workload.yaml", workspace.folder(name) / "review.yaml")
    yield discussion_path(workspace, name)
    yield from (root / path for path in (workspace.settings.signers, workspace.settings.revoked) if path is not None)
    ours = shipped("checklists").resolve()
    for read in workspace.checklist_files:
        path = read.file.path.resolve() if read.file is not None else ours
        if path.is_relative_to(root) or not path.is_relative_to(ours):
            yield path


def _packed(top: Path, own: set[Path], others: set[Path]) -> tuple[dict[str, bytes], dict[str, Message]]:
    """Contents by path, and what is left out."""
    files: dict[str, bytes] = {}
    left_out: dict[str, Message] = {}
    for path in sorted(own | others):
        shown = from_root(path, top)
        with suppress(OSError):
            if not is_file(path) or ".git" in path.relative_to(top).parts:
                continue
            if path.stat().st_size > MAX_BYTES:
                left_out[shown] = say("site.left-out.large", limit=MAX_BYTES // 1_000_000)
                continue
            content = path.read_bytes()
            secret = secret_in(shown, content)
            if secret is None:
                files[shown] = content
            elif path in own:
                raise NotPacked(say("site.secret", path=shown, what=secret))
            else:
                left_out[shown] = say("site.left-out.secret", what=secret)
    return files, left_out


def _write(folder: Path, files: Mapping[str, bytes], folders: Sequence[str]) -> None:
    for name in folders:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def _recorded(
    workspace: Workspace, packed_root: Path, name: str, seen: _Seen, packed: frozenset[Path], moment: datetime
) -> Recorded:
    """What has to be recorded so that the packed files give the same."""
    kept = {key: replace(one, collected=moment, seconds=0.0) for key, one in seen.findings.items()}
    acting = {key for key, spec in seen.specs.items() if _acts(spec)}
    plain = workspace.case(name)
    case = {one.name: getattr(seen.case, one.name) for one in fields(Case) if one.init and one.compare}
    # What is packed holds no links.
    case = {key: value for key, value in case.items() if value != getattr(plain, key) or (key == "linked" and value)}
    histories = {from_root(place, workspace.root): _of(table, place, packed) for place, table in seen.histories.items()}
    recorded = Recorded(
        {key: kept[key] for key in kept if key in acting},
        frozenset(kept) - acting,
        histories,
        case,
        seen.assessment.known,
    )
    again, _ = _again(packed_root, workspace, name, recorded)
    others = {key for key in recorded.seen if _bare(again.get(key)) != _bare(kept[key])}
    recorded = replace(
        recorded,
        findings={key: kept[key] for key in kept if key in acting | others},
        seen=recorded.seen - others,
    )
    _, assessment = _again(packed_root, workspace, name, recorded)
    # No signature can be verified in a browser, and none given there.
    is_signed = workspace.judge.signers is not None
    return replace(recorded, is_whole=not is_signed and _stands(assessment) == _stands(seen.assessment))


def _again(root: Path, workspace: Workspace, name: str, recorded: Recorded) -> tuple[dict[str, Finding], Evaluation]:
    """Run the checks on what is packed alone."""
    packed = Workspace(root, workspace.today, recorded=recorded)
    case = with_surroundings(packed, packed.case(name))
    with checks_of(packed, case) as checks:
        found = side_by_side(checks.work, AT_ONCE)
        assessment = with_known(packed, evaluate(case, checks.evidence(found), packed.today))
        return dict(zip(checks.specs, found, strict=True)), assessment


def _acts(spec: CheckSpec) -> bool:
    return not is_built_in(spec.check) or traits_of_kind(spec.check).acts


def _bare(finding: Finding | None) -> Finding | None:
    return None if finding is None else replace(finding, collected=None, seconds=0.0, where=None)


def _stands(assessment: Evaluation) -> object:
    states = [(item.name, item.state) for item in assessment.items]
    return assessment.digest, assessment.verdict, assessment.decision, states


def _of(table: GitTable, place: Path, packed: frozenset[Path]) -> GitTable:
    """What git knows of the files of a repository that are packed."""
    if table.tracked is None:
        return table
    return table._replace(tracked={path: when for path, when in table.tracked.items() if place / path in packed})


def _kinds_of_others(workspace: Workspace) -> set[str]:
    """Kinds of other packages that the workspace names, installed or not."""
    sections = (section for one in workspace.checklists.values() for section in one.sections)
    named = {spec.check for section in sections for item in section.items for spec in item.sources}
    named |= {*workspace.settings.allow, *workspace.settings.sources}
    return {name for name in named if not is_built_in(name)} & set(known_kinds())


def _commit(root: Path) -> str | None:
    with suppress(GitRefused):
        if work_tree(root) is not None:
            with closing(Git(root)) as git:
                return git.head
    return None
