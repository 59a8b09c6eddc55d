"""Owners of the parts of a repository."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from orr.evidence.checks.ownership.aspects import OwnershipResult, share
from orr.evidence.checks.ownership.backstage import OWNED, Entity, entities_in, referred
from orr.evidence.checks.ownership.codeowners import MAX_RULES, CodeOwners, TooManyRules, read_codeowners
from orr.evidence.checks.ownership.folders import FolderOwners, owners_of_folders, read_aliases
from orr.evidence.context import Context
from orr.evidence.documents.placeholders import is_placeholder
from orr.evidence.documents.yamlstream import streams
from orr.evidence.errors import Undetermined
from orr.evidence.repository.globs import read_pattern
from orr.evidence.repository.repository import TEAMS
from orr.messages import Said, say
from orr.model.finding import Outcome
from orr.model.nobody import staffs_nobody
from orr.model.person import groups

MAX_MATCHES = 5_000_000
MAX_NAMED = 5


@dataclass
class Sources:
    """Sources of ownership: a CODEOWNERS file, the catalog, and files that own a folder."""

    codeowners: CodeOwners | None = None
    entities: list[Entity] = field(default_factory=list)
    folders: list[FolderOwners] = field(default_factory=list)
    unread: list[Said] = field(default_factory=list)

    def by_folder(self) -> dict[str, FolderOwners]:
        """The owners of each folder that has some; the catalog's before those of other files."""
        owned = {
            one.folder: FolderOwners(one.folder, (one.owner,), one.path, one.line)
            for one in self.entities
            if one.kind in OWNED and one.owner
        }
        for one in self.folders:
            owned.setdefault(one.folder, one)
        return owned


@dataclass
class Record:
    """A folder at the top of the repository, or the files there."""

    files: int = 0
    unowned: list[str] = field(default_factory=list)
    alone: dict[str, str] = field(default_factory=dict)
    """Files of one person, and that person."""
    owners: dict[str, None] = field(default_factory=dict)


def read_sources(context: Context, codeowners: Sequence[str], catalog: Sequence[str], owners: Sequence[str]) -> Sources:
    """Read the sources of ownership."""
    read = Sources()
    for pattern in codeowners:
        found = context.find(pattern)
        read.unread += [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
        if found.files:
            try:
                read.codeowners = read_codeowners(context.text(found.files[0]), found.files[0])
            except Undetermined as cannot:
                read.unread.append(cannot.why)
            except TooManyRules:
                read.unread.append(say("ownership.too-many-rules", path=found.files[0], limit=MAX_RULES))
            break
    found = context.find(catalog)
    read.unread += [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    for _, documents in streams(context, found.files):
        if isinstance(documents, list):
            read.entities += entities_in(documents)
        else:
            read.unread.append(documents.why)
    _read_folders(context, read, owners)
    return read


def _read_folders(context: Context, read: Sources, patterns: Sequence[str]) -> None:
    found = context.find(patterns)
    read.unread += [say("evidence.ground.refused", path=one, why=why) for one, why in found.refused.items()]
    try:
        aliases: dict[str, Sequence[str]] = {}
        for path in context.find(context.usual("owner-aliases")).files if found.files else ():
            aliases |= read_aliases(context.text(path), path)
        for path in found.files:
            read.folders += owners_of_folders(context.text(path), path, aliases)
    except Undetermined as cannot:
        read.unread.append(cannot.why)


def judge_parts(context: Context, read: Sources, known: Sequence[str]) -> OwnershipResult:
    """Whether every part of the repository has an owner, and more than a single person."""
    name = "parts"
    owned = read.by_folder()
    if read.unread:  # the part that cannot be read may take an owner away as well as give one
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.unread", why=read.unread[:MAX_NAMED]))
    if read.codeowners is None and not owned:
        return OwnershipResult(name, Outcome.NOT_MET, say("ownership.no-source"), nothing=True)
    files = context.reader.committed(read_pattern("**"))
    if not files:
        return OwnershipResult(name, Outcome.UNKNOWN, say("evidence.files.empty"))
    rules = len(read.codeowners.rules) if read.codeowners else 0
    if len(files) * rules > MAX_MATCHES:
        raise Undetermined(say("ownership.too-much", files=len(files), rules=rules))
    teams = teams_of(context) | {team_meant(one, ()) or one.lstrip("@").casefold() for one in known}
    parts = _parts(files, read.codeowners, owned, teams)
    rows: list[tuple[Said, Said, Said]] = []
    lacking: list[Said] = []
    for folder, record in sorted(parts.items(), key=lambda one: (not one[1].unowned, not one[1].alone, one[0])):
        shown: Said = f"{folder}/" if folder else say("ownership.top")
        wrong: Said = ""
        if record.unowned:
            wrong = say("ownership.without", n=len(record.unowned), of=record.files, files=_some(record.unowned))
            lacking.append(_first(record.unowned))
        elif record.alone:
            alone = list(record.alone)
            wrong = say("ownership.alone", n=len(alone), of=record.files, files=_some(alone))
            lacking.append(say("ownership.of-one", what=_first(alone), who=record.alone[alone[0]]))
        rows.append((shown, ", ".join(record.owners) or "—", wrong))
    nobody = [one for one in read.entities if one.kind in OWNED and not one.owner]
    named = [f"{one.kind} {one.name} ({one.path}:{one.line})" for one in nobody]
    rows += [(one, "—", say("ownership.no-owner")) for one in named]
    lacking += named
    source: Said = read.codeowners.path if read.codeowners else next(iter(owned.values())).path
    count = len(parts) + len(nobody)
    good = count - len(lacking)
    outcome = share(good, count)
    if outcome is Outcome.NOT_MET and any(not record.unowned for record in parts.values()):
        outcome = Outcome.PARTIAL
    if outcome is Outcome.MET:
        says = say("ownership.parts", n=count, source=source)
    else:
        says = say("ownership.parts-lacking", good=good, n=count, source=source, lacking=_some(lacking))
    return OwnershipResult(name, outcome, says, rows)


def judge_owners(context: Context, read: Sources, known: Sequence[str]) -> OwnershipResult:
    """Judge whether owning teams exist.

    People are in no teams file and are not looked up.
    """
    name = "owners"
    named: dict[str, list[str]] = {}
    for rule in read.codeowners.rules if read.codeowners else ():
        for owner in rule.owners:
            named.setdefault(owner, []).append(f"{read.codeowners.path}:{rule.line}" if read.codeowners else "")
    for entity in read.entities:
        if entity.kind in OWNED and entity.owner:
            named.setdefault(entity.owner, []).append(f"{entity.path}:{entity.line}")
    for folder in read.folders:
        for owner in folder.owners:
            named.setdefault(owner, []).append(f"{folder.path}:{folder.line}")
    if read.unread:
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.unread", why=read.unread[:MAX_NAMED]))
    if not named:
        return OwnershipResult(name, Outcome.NOT_MET, say("ownership.no-source"), nothing=True)
    teams = teams_of(context)
    known_names = {one.casefold() for one in known}
    if not teams and not known:
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.no-teams"))
    rows: list[tuple[Said, Said, Said]] = []
    judged = good = 0
    lacking: list[Said] = []
    for owner, where in named.items():
        team = team_meant(owner, teams)
        if team is None and owner.casefold() not in known_names:
            continue
        judged += 1
        if team in teams or owner.casefold() in known_names or (team or "") in known_names:
            good += 1
        else:
            rows.append((where[0], owner, say("ownership.unknown-team", team=team or owner)))
            lacking.append(say("ownership.at", what=owner, where=where[0]))
    if not judged:
        return OwnershipResult(name, Outcome.UNKNOWN, say("ownership.only-people", owners=_some(list(named))))
    if not lacking:
        return OwnershipResult(name, Outcome.MET, say("ownership.owners", n=judged))
    says = say("ownership.owners-lacking", good=good, n=judged, lacking=_some(lacking))
    return OwnershipResult(name, share(good, judged), says, rows)


def teams_of(context: Context) -> frozenset[str]:
    """The names of the workspace's teams files, in lower case."""
    teams = context.places.teams
    context.reader.note(TEAMS, sorted(teams))
    return teams


def team_meant(owner: str, teams: Iterable[str]) -> str | None:
    """Team that an owner's name means, in lower case; None for a person or role."""
    if owner.startswith("@@"):
        return None
    if owner.startswith("@"):
        bare = owner[1:].casefold()
        if "/" in bare:
            return bare.rpartition("/")[2]
        return bare if bare in teams else None
    if "@" in owner:
        return None
    kind, name = referred(owner)
    return name if kind == "group" else None


def _is_person(owner: str, teams: Collection[str]) -> bool:
    """Whether an owner is one person: no team, host's role or shared mailbox."""
    if "@" in owner.lstrip("@"):
        return not staffs_nobody(owner)
    if owner.startswith("@"):
        return not owner.startswith("@@") and team_meant(owner, teams) is None
    return referred(owner)[0] == "user"


def _first(files: Sequence[str]) -> Said:
    return files[0] if len(files) == 1 else say("ownership.first", file=files[0], n=len(files) - 1)


def _parts(
    files: Iterable[str], codeowners: CodeOwners | None, owned: Mapping[str, FolderOwners], teams: Collection[str]
) -> dict[str, Record]:
    parts: dict[str, Record] = {}
    people: dict[tuple[str, ...], bool] = {}
    for file in files:
        folder, divided, _ = file.partition("/")
        record = parts.setdefault(folder if divided else "", Record())
        record.files += 1
        owners = _filled(codeowners.owners(file)) if codeowners else ()
        if not owners and owned:
            owners = _by_folder(file, owned)
        if owners not in people:
            people[owners] = len(set(groups(owners).values())) == 1 and all(_is_person(one, teams) for one in owners)
        record.owners |= dict.fromkeys(owners)
        if not owners:
            record.unowned.append(file)
        elif people[owners]:
            record.alone[file] = owners[0]
    return parts


@lru_cache(maxsize=1024)
def _filled(owners: tuple[str, ...]) -> tuple[str, ...]:
    """Owners without those that a template left to fill in, such as `@your-org/your-team`."""
    return tuple(one for one in owners if not is_placeholder(one.lstrip("@").rpartition("/")[2]))


def _by_folder(file: str, owned: Mapping[str, FolderOwners]) -> tuple[str, ...]:
    folder = file
    while folder:
        folder = folder.rpartition("/")[0]
        if folder in owned:
            return owned[folder].owners
    return ()


def _some(what: Sequence[Said]) -> list[Said]:
    if len(what) <= MAX_NAMED:
        return list(what)
    return [*what[:MAX_NAMED], say("evidence.more", n=len(what) - MAX_NAMED)]
